/* report_targets: the left column: the year's main targets, then areas, measures and tasks with the
 * targets under them. Areas and measures are <details>: they fold without a script. */
#include "plan/report_int.h"

#include <assert.h>

static bool is_empty(struct span s) {
    return s.to <= s.from;
}

/* ≥ 4000 个 以上 */
static void write_value(struct buf *to, const struct figure *f) {
    if (!f->has_value) {
        return;
    }
    const char *sign = report_comparator_sign(f->comparator);
    if (sign[0] != '\0') {
        buf_addf(to, "<span class=\"sign\" aria-hidden=\"true\">%s</span>", sign);
    }
    buf_adds(to, "<b>");
    report_decimal(to, f->value);
    if (f->has_max) {
        buf_adds(to, "–");
        report_decimal(to, f->value_max);
    }
    buf_adds(to, "</b><span lang=\"zh\">");
    report_string(to, f->unit);
    buf_adds(to, "</span>");
    if (sign[0] != '\0') {
        buf_adds(to, " <small>");
        report_comparator_label(to, f->comparator);
        buf_adds(to, "</small>");
    }
}

static void write_badge(struct buf *to, int verdict) {
    buf_addf(to, "<span class=\"badge %s\">", report_verdict_class(verdict));
    if (report_verdict_sign(verdict)[0] != '\0') {
        buf_addf(to, "<i aria-hidden=\"true\">%s</i> ", report_verdict_sign(verdict));
    }
    report_verdict_label(to, verdict);
    buf_adds(to, "</span>\n");
}

/* What is measured, as the link to its sentence. */
static void write_subject(const struct report *r, const struct figure *f) {
    bool by_name = f->has_value && !is_empty(f->indicator);
    buf_adds(r->to, "<a class=\"what\" href=\"#s-");
    report_string(r->to, f->id);
    buf_adds(r->to, "\" lang=\"zh\">");
    if (!by_name && is_empty(f->text)) {
        report_string(r->to, f->id);
    }
    report_span(r->to, &r->plan->doc, by_name ? f->indicator : f->text);
    buf_adds(r->to, "</a>\n");
}

static void write_facts(const struct report *r, const struct figure *f) {
    buf_adds(r->to, "<span class=\"id\">");
    report_string(r->to, f->id);
    buf_adds(r->to, "</span> <span>");
    report_kind_label(r->to, f->kind);
    buf_adds(r->to, "</span>");
    if (f->horizon != NULL) {
        buf_adds(r->to, " <span class=\"horizon\">");
        report_label(r->to, LABEL_HORIZON);
        buf_adds(r->to, " <span lang=\"zh\">");
        report_string(r->to, f->horizon);
        buf_adds(r->to, "</span></span>");
    }
    if (f->spelled && !is_empty(f->number)) {
        buf_adds(r->to, " <span>");
        report_label(r->to, LABEL_AS_WRITTEN);
        buf_adds(r->to, " “<span lang=\"zh\">");
        report_span(r->to, &r->plan->doc, f->number);
        buf_adds(r->to, "</span>”</span>");
    }
}

static void write_evidence(const struct report *r, const struct figure *f,
                           const struct judgement *j) {
    buf_adds(r->to, "<p class=\"evidence\"><span class=\"key\">");
    report_label(r->to, LABEL_REPORTED);
    buf_adds(r->to, "</span> <span class=\"value\">");
    write_value(r->to, j->outcome);
    buf_adds(r->to, "</span> <q lang=\"zh\"><a href=\"#e-");
    report_string(r->to, f->id);
    buf_adds(r->to, "\">");
    report_span(r->to, &j->where->doc, j->outcome->text);
    buf_adds(r->to, "</a></q> <cite>");
    report_file_name(r->to, j->where->doc.name);
    buf_adds(r->to, "</cite></p>\n");
}

static void write_target(const struct report *r, size_t i) {
    const struct figure *f = &r->plan->targets[i];
    const struct judgement *j = r->judged[i];
    int verdict = report_verdict(r, i);
    buf_adds(r->to, "<li class=\"target\" id=\"");
    report_string(r->to, f->id);
    buf_addf(r->to, "\" data-verdict=\"%s\" data-row=\"%u\">\n", report_verdict_class(verdict),
             r->row[i]);
    write_subject(r, f);
    buf_adds(r->to, "<span class=\"value\">");
    write_value(r->to, f);
    buf_adds(r->to, "</span>\n");
    if (r->has_verdicts) {
        write_badge(r->to, verdict);
    }
    buf_adds(r->to, "<p class=\"facts\">");
    write_facts(r, f);
    if (j != NULL && j->why != NULL && j->why_en != NULL) {
        buf_adds(r->to, " <span class=\"why\">");
        report_bilingual(r->to, j->why, j->why_en);
        buf_adds(r->to, "</span>");
    }
    buf_adds(r->to, "</p>\n");
    if (j != NULL && j->outcome != NULL) {
        write_evidence(r, f, j);
    }
    buf_adds(r->to, "</li>\n");
}

/* A chain of targets (see report_int.h) as a list; nothing where it is empty. */
static void write_chain(const struct report *r, int32_t first) {
    if (first == NO_TARGET) {
        return;
    }
    buf_adds(r->to, "<ul class=\"targets\">\n");
    for (int32_t i = first; i != NO_TARGET; i = r->next[i]) {
        write_target(r, (size_t)i);
    }
    buf_adds(r->to, "</ul>\n");
}

static enum label role_label(const struct responsible *who) {
    switch (who->role) {
    case PART_LEAD:
        return LABEL_LEAD;
    case PART_SUPPORT:
        return LABEL_SUPPORT;
    case PART_NONE:
        break;
    }
    return LABEL_RESPONSIBLE;
}

/* 市科技局 牵头, or with a dashed border: 市科技局 建议 62% */
static void write_body(struct buf *to, const struct responsible *who) {
    bool proposed = who->source == OWNER_PROPOSED;
    buf_addf(to, "<li class=\"%s\">", proposed ? "body proposed" : "body");
    report_label(to, proposed ? LABEL_PROPOSED : role_label(who));
    buf_adds(to, " <b lang=\"zh\">");
    report_string(to, who->name);
    buf_adds(to, "</b>");
    struct decimal percent = decimal_of(0);
    if (proposed && decimal_mul(who->confidence, decimal_of(100), &percent) &&
        decimal_div(percent, decimal_of(1), 0, &percent)) {
        buf_adds(to, " <small>");
        report_label(to, LABEL_CONFIDENCE);
        buf_adds(to, " ");
        report_decimal(to, percent);
        buf_adds(to, "%</small>");
    }
    buf_adds(to, "</li>\n");
}

static void write_duties(struct buf *to, const struct task *t) {
    if (t->responsible_count == 0 && t->deadline[0] == '\0') {
        return;
    }
    buf_adds(to, "<ul class=\"duties\">\n");
    if (t->deadline[0] != '\0') {
        buf_adds(to, "<li class=\"deadline\">");
        report_label(to, LABEL_DEADLINE);
        buf_adds(to, " <b>");
        report_string(to, t->deadline);
        buf_adds(to, "</b></li>\n");
    }
    for (uint32_t i = 0; i < t->responsible_count; i++) {
        write_body(to, &t->responsible[i]);
    }
    buf_adds(to, "</ul>\n");
}

static void write_task(const struct report *r, uint32_t index) {
    const struct task *t = &r->plan->tasks[index];
    buf_adds(r->to, "<li class=\"task\"><p><a class=\"no\" href=\"#w-");
    report_string(r->to, t->id);
    buf_adds(r->to, "\">");
    report_string(r->to, t->id);
    buf_adds(r->to, "</a> <span lang=\"zh\">");
    report_span(r->to, &r->plan->doc, t->text);
    buf_adds(r->to, "</span></p>\n");
    write_duties(r->to, t);
    write_chain(r, r->task_first[index]);
    buf_adds(r->to, "</li>\n");
}

/* How many targets, and with what verdicts: ✓ 3 ✗ 1 */
static void write_tally(const struct report *r, const struct tally *t) {
    buf_adds(r->to, " <span class=\"tally\">");
    for (int v = 0; r->has_verdicts && v < VERDICTS; v++) {
        if (t->by_verdict[v] > 0) {
            buf_addf(r->to, "<span class=\"%s\"><i aria-hidden=\"true\">%s</i>",
                     report_verdict_class(v), report_verdict_sign(v));
            buf_adds(r->to, "<span class=\"unseen\">");
            report_verdict_label(r->to, v);
            buf_addf(r->to, " </span>%u</span> ", t->by_verdict[v]);
        }
    }
    if (t->total > 0) {
        buf_adds(r->to, "<span class=\"sum\">");
        report_counted(r->to, t->total, LABEL_TARGETS);
        buf_adds(r->to, "</span>");
    }
    buf_adds(r->to, "</span>");
}

static void write_measure(const struct report *r, const struct measure *m) {
    struct tally t = report_measure_tally(r, m);
    buf_addf(r->to, "<details class=\"measure\"%s><summary><h4 lang=\"zh\">",
             t.total > 0 ? " open" : "");
    report_span(r->to, &r->plan->doc, m->title);
    buf_adds(r->to, "</h4>");
    write_tally(r, &t);
    buf_adds(r->to, "</summary>\n<ul class=\"tasks\">\n");
    for (uint32_t i = m->task_from; i < m->task_to; i++) {
        write_task(r, i);
    }
    buf_adds(r->to, "</ul></details>\n");
}

static void write_row_start(const struct report *r, size_t row) {
    buf_addf(r->to, "<details class=\"area\" id=\"a%zu\" open><summary><h3>", row);
    report_row_name(r, row);
    buf_adds(r->to, "</h3>");
    write_tally(r, &r->tally[row]);
    buf_adds(r->to, "</summary>\n");
    write_chain(r, r->row_first[row]);
}

static void write_area(const struct report *r, size_t index) {
    const struct area *area = &r->plan->areas[index];
    write_row_start(r, ROW_AREAS + index);
    for (uint32_t m = area->measure_from; m < area->measure_to; m++) {
        write_measure(r, &r->plan->measures[m]);
    }
    buf_adds(r->to, "</details>\n");
}

static void write_plain_row(const struct report *r, size_t row) {
    if (r->tally[row].total > 0) {
        write_row_start(r, row);
        buf_adds(r->to, "</details>\n");
    }
}

void report_targets(const struct report *r) {
    buf_addf(r->to, "<section class=\"%s\" aria-labelledby=\"targets\">\n",
             r->has_verdicts ? "work" : "work plain");
    buf_adds(r->to, "<h2 id=\"targets\" tabindex=\"-1\">");
    report_label(r->to, LABEL_PLAN_PANE);
    buf_adds(r->to, "</h2>\n");
    write_plain_row(r, ROW_OVERALL);
    for (size_t i = 0; i < r->plan->area_count; i++) {
        write_area(r, i);
    }
    write_plain_row(r, r->row_count - 1);
    if (r->plan->area_count == 0) {
        buf_adds(r->to, "<p class=\"none\">");
        report_label(r->to, LABEL_NO_AREAS);
        buf_adds(r->to, "</p>\n");
    }
    buf_adds(r->to, "</section>\n");
}
