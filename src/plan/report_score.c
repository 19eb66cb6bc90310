/* report_score: the scoreboard: totals by verdict as a bar and tiles, and a table by area. Where no
 * outcome was given the table counts targets by area and kind.
 *
 * Bars are SVG with whole numbers of targets as their units, so they need neither inline style,
 * which the page's policy refuses, nor arithmetic. */
#include "plan/report_int.h"

void report_row_name(const struct report *r, size_t row) {
    if (row == ROW_OVERALL) {
        report_label(r->to, LABEL_OVERALL);
    } else if (row == r->row_count) {
        report_label(r->to, LABEL_ALL);
    } else if (row == r->row_count - 1) {
        report_label(r->to, LABEL_REST);
    } else {
        const struct area *area = &r->plan->areas[row - ROW_AREAS];
        buf_addf(r->to, "<span class=\"no\">%d</span> <span lang=\"zh\">", area->no);
        report_span(r->to, &r->plan->doc, area->title);
        buf_adds(r->to, "</span>");
    }
}

/* A bar in proportion to the tally's verdicts; nothing for a tally of nothing. */
static void put_bar(struct buf *to, const struct tally *t) {
    if (t->total == 0) {
        return;
    }
    buf_addf(to,
             "<svg class=\"bar\" viewBox=\"0 0 %u 1\" preserveAspectRatio=\"none\" "
             "aria-hidden=\"true\" focusable=\"false\">",
             t->total);
    uint32_t x = 0;
    for (int v = 0; v <= VERDICTS; v++) {
        if (t->by_verdict[v] > 0) {
            buf_addf(to, "<rect class=\"%s\" x=\"%u\" width=\"%u\" height=\"1\"/>",
                     report_verdict_class(v), x, t->by_verdict[v]);
            x += t->by_verdict[v];
        }
    }
    buf_adds(to, "</svg>");
}

/* The verdicts that stand in tiles and columns: the four, and none where there are such targets. */
static int verdict_end(const struct report *r) {
    return r->tally[r->row_count].by_verdict[NO_VERDICT] > 0 ? VERDICTS + 1 : VERDICTS;
}

static void write_tiles(const struct report *r) {
    const struct tally *all = &r->tally[r->row_count];
    buf_adds(r->to, "<ul class=\"tiles\">\n");
    for (int v = 0; v < verdict_end(r); v++) {
        buf_addf(r->to, "<li class=\"%s\"><b>%u</b> ", report_verdict_class(v), all->by_verdict[v]);
        buf_addf(r->to, "<i aria-hidden=\"true\">%s</i> ", report_verdict_sign(v));
        report_verdict_label(r->to, v);
        buf_adds(r->to, "</li>\n");
    }
    buf_adds(r->to, "</ul>\n");
}

static void write_count(struct buf *to, uint32_t n) {
    buf_addf(to, n == 0 ? "<td class=\"zero\">%u</td>" : "<td>%u</td>", n);
}

static void write_head_cell(struct buf *to, const char *class, const char *sign) {
    buf_addf(to, "<th scope=\"col\" class=\"%s\">", class);
    if (sign[0] != '\0') {
        buf_addf(to, "<i aria-hidden=\"true\">%s</i> ", sign);
    }
}

static void write_head(const struct report *r) {
    buf_adds(r->to, "<thead><tr><th scope=\"col\">");
    report_label(r->to, LABEL_AREA);
    buf_adds(r->to, "</th><th scope=\"col\">");
    report_label(r->to, LABEL_ALL);
    buf_adds(r->to, "</th>");
    for (int v = 0; r->has_verdicts && v < verdict_end(r); v++) {
        write_head_cell(r->to, report_verdict_class(v), report_verdict_sign(v));
        report_verdict_label(r->to, v);
        buf_adds(r->to, "</th>");
    }
    for (int k = 0; !r->has_verdicts && k < KINDS; k++) {
        if (r->tally[r->row_count].by_kind[k] > 0) {
            write_head_cell(r->to, "kind", "");
            report_kind_label(r->to, (enum figure_kind)k);
            buf_adds(r->to, "</th>");
        }
    }
    if (r->has_verdicts) {
        buf_adds(r->to, "<th scope=\"col\" class=\"share\">");
        report_label(r->to, LABEL_SHARE);
        buf_adds(r->to, "</th>");
    }
    buf_adds(r->to, "</tr></thead>\n");
}

static void write_row(const struct report *r, size_t row) {
    const struct tally *t = &r->tally[row];
    bool is_sum = row == r->row_count;
    buf_adds(r->to, "<tr><th scope=\"row\">");
    if (!is_sum) {
        buf_addf(r->to, "<a href=\"#a%zu\">", row);
    }
    report_row_name(r, row);
    buf_adds(r->to, is_sum ? "</th>" : "</a></th>");
    write_count(r->to, t->total);
    for (int v = 0; r->has_verdicts && v < verdict_end(r); v++) {
        write_count(r->to, t->by_verdict[v]);
    }
    for (int k = 0; !r->has_verdicts && k < KINDS; k++) {
        if (r->tally[r->row_count].by_kind[k] > 0) {
            write_count(r->to, t->by_kind[k]);
        }
    }
    if (r->has_verdicts) {
        buf_adds(r->to, "<td class=\"share\">");
        put_bar(r->to, t);
        buf_adds(r->to, "</td>");
    }
    buf_adds(r->to, "</tr>\n");
}

static void write_table(const struct report *r) {
    buf_adds(r->to, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                    "aria-labelledby=\"by-area\">\n"
                    "<table class=\"score\"><caption id=\"by-area\">");
    report_label(r->to, r->has_verdicts ? LABEL_BY_AREA : LABEL_BY_KIND);
    buf_adds(r->to, "</caption>\n");
    write_head(r);
    buf_adds(r->to, "<tbody>\n");
    for (size_t row = 0; row < r->row_count; row++) {
        bool is_area = row >= ROW_AREAS && row < r->row_count - 1;
        if (is_area || r->tally[row].total > 0) {
            write_row(r, row);
        }
    }
    buf_adds(r->to, "</tbody>\n<tfoot>\n");
    write_row(r, r->row_count);
    buf_adds(r->to, "</tfoot></table></div>\n");
}

void report_scoreboard(const struct report *r) {
    buf_adds(r->to, "<section class=\"scoreboard\" aria-labelledby=\"scoreboard\">\n"
                    "<h2 id=\"scoreboard\">");
    report_label(r->to, LABEL_SCOREBOARD);
    buf_adds(r->to, "</h2>\n");
    if (r->plan->target_count == 0) {
        buf_adds(r->to, "<p>");
        report_label(r->to, LABEL_NO_TARGETS);
        buf_adds(r->to, "</p>\n");
    } else {
        if (r->has_verdicts) {
            put_bar(r->to, &r->tally[r->row_count]);
            write_tiles(r);
        }
        write_table(r);
    }
    buf_adds(r->to, "</section>\n");
}
