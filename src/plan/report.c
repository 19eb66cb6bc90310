/* report: see report.h. The page's frame: its head and policy, the banner, the filter, the columns.
 *
 *     bar        name, title, language
 *     plan       banner, scoreboard, filter, targets, notes     (report_score.c, report_targets.c)
 *     documents  tabs and the documents' text                  (report_document.c)
 *
 * The page holds text that others wrote. Should a fault ever let it out of its place, the policy is
 * what stops it: nothing loads from anywhere, and of style and script only the two that were built
 * in run, named by their digests. 'unsafe-inline' would run whatever got in.
 *
 * The page says nothing of when, where or how it was made: the same readings give the same bytes.
 */
#include "plan/report.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "plan/report_int.h"
#include "text/fold.h"

static void write_head(const struct report *r) {
    buf_adds(r->to, "<!doctype html>\n<html lang=\"zh-Hans\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    buf_addf(r->to, "style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'\">\n",
             report_css_source, report_js_source);
    buf_adds(r->to, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    report_title(r->to, r->plan);
    buf_adds(r->to, " · 太湖 Taihu</title>\n<style>");
    buf_add(r->to, report_css, report_css_len);
    buf_adds(r->to, "</style>\n</head>\n");
}

static void write_button(struct buf *to, const char *attributes, enum label label) {
    buf_addf(to, "<button type=\"button\" %s>", attributes);
    report_label(to, label);
    buf_adds(to, "</button>\n");
}

static void write_bar(const struct report *r) {
    buf_adds(r->to, "<a class=\"skip\" href=\"#targets\">");
    report_label(r->to, LABEL_SKIP_PLAN);
    buf_adds(r->to, "</a>\n<a class=\"skip\" href=\"#documents\">");
    report_label(r->to, LABEL_SKIP_DOCUMENT);
    buf_adds(r->to,
             "</a>\n<header class=\"bar\">\n<span class=\"brand\"><b lang=\"zh-Hans\">太湖</b> "
             "<bdi>Taihu</bdi></span>\n"
             "<span class=\"running\" lang=\"zh\" aria-hidden=\"true\">");
    report_title(r->to, r->plan);
    buf_adds(r->to, "</span>\n<div class=\"language script\" role=\"group\" "
                    "aria-labelledby=\"language\"><span id=\"language\" class=\"unseen\">");
    report_label(r->to, LABEL_LANGUAGE);
    buf_adds(r->to,
             "</span>\n<button type=\"button\" data-language=\"zh-Hans\" aria-pressed=\"true\">"
             "<bdi lang=\"zh-Hans\">中文</bdi></button>\n"
             "<button type=\"button\" data-language=\"en\" aria-pressed=\"false\">"
             "<bdi lang=\"en\">English</bdi></button></div>\n</header>\n");
}

static void write_fact_start(struct buf *to, enum label key) {
    buf_adds(to, "<div><dt>");
    report_label(to, key);
    buf_adds(to, "</dt><dd>");
}

static void write_fact(struct buf *to, enum label key, const char *value) {
    if (value != NULL && value[0] != '\0') {
        write_fact_start(to, key);
        buf_adds(to, "<span lang=\"zh\">");
        report_string(to, value);
        buf_adds(to, "</span></dd></div>\n");
    }
}

static void write_counts(const struct report *r) {
    const struct {
        size_t n;
        enum label label;
    } counts[] = {
        {r->plan->area_count, LABEL_AREAS},
        {r->plan->measure_count, LABEL_MEASURES},
        {r->plan->task_count, LABEL_TASKS},
        {r->plan->target_count, LABEL_TARGETS},
    };
    write_fact_start(r->to, LABEL_CONTENTS);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        buf_addf(r->to, "%s<span class=\"count\">", i > 0 ? " · " : "");
        report_counted(r->to, counts[i].n, counts[i].label);
        buf_adds(r->to, "</span>");
    }
    buf_adds(r->to, "</dd></div>\n");
}

static void write_files(const struct report *r) {
    write_fact_start(r->to, LABEL_SOURCE);
    report_file_name(r->to, r->plan->doc.name);
    buf_adds(r->to, "</dd></div>\n");
    if (r->outcome_count > 0) {
        write_fact_start(r->to, LABEL_OUTCOME_SOURCE);
        for (size_t i = 0; i < r->outcome_count; i++) {
            buf_adds(r->to, i > 0 ? ", " : "");
            report_file_name(r->to, r->outcomes[i].doc.name);
        }
        buf_adds(r->to, "</dd></div>\n");
    }
}

static void write_banner(const struct report *r) {
    buf_adds(r->to, "<div class=\"banner\">\n<h1 lang=\"zh\">");
    report_title(r->to, r->plan);
    buf_adds(r->to, "</h1>\n<dl>\n");
    write_fact(r->to, LABEL_ISSUER, r->plan->issuer);
    if (r->plan->year > 0) {
        write_fact_start(r->to, LABEL_YEAR);
        buf_addf(r->to, "%d</dd></div>\n", r->plan->year);
    }
    write_fact(r->to, LABEL_ISSUED, r->plan->issued);
    write_fact(r->to, LABEL_INDEX_NO, r->plan->index_no);
    write_files(r);
    write_counts(r);
    buf_adds(r->to, "</dl>\n</div>\n");
}

/* ---- the filter ---- */

enum { BASIC_PLANE = 0x10000 };

/* Adds what stands in the text once for each character that reads as another: 無无錫锡. With it the
 * search finds traditional words by simplified ones. Short: a document has some hundreds of them.
 */
static void write_folds(struct buf *to, const struct document *doc, unsigned char *seen) {
    uint32_t c = 0;
    size_t step = 0;
    for (size_t i = 0; i < doc->len; i += step) {
        step = utf8_decode(doc->text + i, doc->len - i, &c);
        assert(step > 0);
        if (c < 0x80 || c >= BASIC_PLANE || seen[c] || fold_table[c] == c || fold_table[c] <= ' ') {
            continue;
        }
        seen[c] = 1;
        char folded[UTF8_MAX];
        report_text(to, doc->text + i, step);
        report_text(to, folded, utf8_encode(fold_table[c], folded));
    }
}

static void write_search(const struct report *r) {
    buf_adds(r->to, "<label class=\"search\"><span>");
    report_label(r->to, LABEL_SEARCH);
    buf_adds(r->to, "</span><input type=\"search\" id=\"search\" lang=\"zh\" autocomplete=\"off\" "
                    "data-folds=\"");
    unsigned char *seen = mem_alloc(BASIC_PLANE);
    for (size_t i = 0; i < BASIC_PLANE; i++) {
        seen[i] = 0;
    }
    write_folds(r->to, &r->plan->doc, seen);
    for (size_t i = 0; i < r->outcome_count; i++) {
        write_folds(r->to, &r->outcomes[i].doc, seen);
    }
    free(seen);
    buf_adds(r->to, "\"></label>\n");
}

/* An option holds text alone, so its English waits in an attribute. */
static void write_option(struct buf *to, const char *value, enum label label) {
    buf_addf(to, "<option value=\"%s\" data-zh=\"%s\" data-en=\"%s\">%s</option>\n", value,
             report_label_zh(label), report_label_en(label), report_label_zh(label));
}

static void write_row_option(const struct report *r, size_t row) {
    char value[24];
    snprintf(value, sizeof value, "%zu", row);
    if (row == ROW_OVERALL || row == r->row_count - 1) {
        write_option(r->to, value, row == ROW_OVERALL ? LABEL_OVERALL : LABEL_REST);
        return;
    }
    const struct area *area = &r->plan->areas[row - ROW_AREAS];
    buf_addf(r->to, "<option lang=\"zh\" value=\"%s\">%d ", value, area->no);
    report_span(r->to, &r->plan->doc, area->title);
    buf_adds(r->to, "</option>\n");
}

static void write_area_choice(const struct report *r) {
    buf_adds(r->to, "<label class=\"choice\"><span>");
    report_label(r->to, LABEL_AREA);
    buf_adds(r->to, "</span><select id=\"area\">\n");
    write_option(r->to, "", LABEL_ALL_AREAS);
    for (size_t row = 0; row < r->row_count; row++) {
        bool is_area = row >= ROW_AREAS && row < r->row_count - 1;
        if (is_area || r->tally[row].total > 0) {
            write_row_option(r, row);
        }
    }
    buf_adds(r->to, "</select></label>\n");
}

static void write_chips(const struct report *r) {
    buf_adds(r->to, "<div class=\"chips\" role=\"group\" aria-labelledby=\"filter\">\n");
    for (int v = 0; v <= VERDICTS; v++) {
        uint32_t n = r->tally[r->row_count].by_verdict[v];
        if (n > 0) {
            buf_addf(r->to,
                     "<button type=\"button\" class=\"%s\" data-verdict=\"%s\" "
                     "aria-pressed=\"false\"><i aria-hidden=\"true\">%s</i> ",
                     report_verdict_class(v), report_verdict_class(v), report_verdict_sign(v));
            report_verdict_label(r->to, v);
            buf_addf(r->to, " <b>%u</b></button>\n", n);
        }
    }
    buf_adds(r->to, "</div>\n");
}

static void write_filter(const struct report *r) {
    buf_adds(r->to, "<div class=\"filter script\" role=\"search\" aria-labelledby=\"filter\">\n"
                    "<h2 id=\"filter\" class=\"unseen\">");
    report_label(r->to, LABEL_FILTER);
    buf_adds(r->to, "</h2>\n");
    if (r->has_verdicts) {
        write_chips(r);
    }
    write_area_choice(r);
    write_search(r);
    buf_adds(r->to, "<p class=\"shown\" role=\"status\"><span>");
    report_label(r->to, LABEL_SHOWN);
    buf_addf(r->to, " <b id=\"shown\">%zu</b> / ", r->plan->target_count);
    report_counted(r->to, r->plan->target_count, LABEL_TARGETS);
    buf_adds(r->to, "</span></p>\n<div class=\"actions\">\n");
    write_button(r->to, "id=\"clear\" hidden", LABEL_CLEAR);
    write_button(r->to, "id=\"open-all\"", LABEL_OPEN_ALL);
    write_button(r->to, "id=\"close-all\"", LABEL_CLOSE_ALL);
    buf_adds(r->to, "</div>\n</div>\n<p class=\"none script\" id=\"nothing\" hidden>");
    report_label(r->to, LABEL_NOTHING_MATCHES);
    buf_adds(r->to, "</p>\n");
}

/* ---- the rest ---- */

static void write_note(struct buf *to, int verdict, enum label note) {
    buf_addf(to, "<div><dt class=\"%s\"><i aria-hidden=\"true\">%s</i> ",
             report_verdict_class(verdict), report_verdict_sign(verdict));
    report_verdict_label(to, verdict);
    buf_adds(to, "</dt><dd>");
    report_label(to, note);
    buf_adds(to, "</dd></div>\n");
}

static void write_notes(const struct report *r) {
    static const enum label notes[] = {
        [VERDICT_MET] = LABEL_NOTE_MET,
        [VERDICT_MISSED] = LABEL_NOTE_MISSED,
        [VERDICT_NOT_COMPARABLE] = LABEL_NOTE_NOT_COMPARABLE,
        [VERDICT_NOT_REPORTED] = LABEL_NOTE_NOT_REPORTED,
        [NO_VERDICT] = LABEL_NOTE_NO_VERDICT,
    };
    buf_adds(r->to, "<footer class=\"notes\">\n<h2>");
    report_label(r->to, LABEL_NOTES);
    buf_adds(r->to, "</h2>\n");
    if (r->has_verdicts) {
        buf_adds(r->to, "<dl>\n");
        for (int v = 0; v <= VERDICTS; v++) {
            if (v < VERDICTS || r->tally[r->row_count].by_verdict[v] > 0) {
                write_note(r->to, v, notes[v]);
            }
        }
        buf_adds(r->to, "</dl>\n");
    }
    buf_adds(r->to, "<p>");
    report_label(r->to, LABEL_NOTE_LINKS);
    buf_adds(r->to, "</p>\n<p>");
    report_label(r->to, LABEL_NOTE_PROPOSED);
    buf_adds(r->to, "</p>\n</footer>\n");
}

static void write_switch(struct buf *to) {
    buf_adds(to, "<div class=\"switch script\">\n"
                 "<button type=\"button\" data-pane=\"plan\" aria-pressed=\"true\">");
    report_label(to, LABEL_PLAN_PANE);
    buf_adds(to, "</button>\n<button type=\"button\" data-pane=\"documents\" "
                 "aria-pressed=\"false\">");
    report_label(to, LABEL_DOCUMENT_PANE);
    buf_adds(to, "</button>\n</div>\n");
}

void report_write(const struct reading *plan, const struct reading *outcomes, size_t outcome_count,
                  const struct judgement *judgements, size_t judgement_count, struct buf *to) {
    struct report r;
    report_init(&r, plan, outcomes, outcome_count, to);
    report_place(&r, judgements, judgement_count);
    write_head(&r);
    buf_adds(to, "<body data-pane=\"plan\">\n");
    write_bar(&r);
    buf_adds(to, "<div class=\"panes\">\n<main class=\"pane\" id=\"plan\">\n");
    write_banner(&r);
    report_scoreboard(&r);
    write_filter(&r);
    report_targets(&r);
    write_notes(&r);
    buf_adds(to, "</main>\n<aside class=\"pane\" id=\"source\" aria-labelledby=\"documents\">\n");
    report_documents(&r);
    buf_adds(to, "</aside>\n</div>\n");
    write_switch(to);
    buf_adds(to, "<script>");
    buf_add(to, report_js, report_js_len);
    buf_adds(to, "</script>\n</body>\n</html>\n");
    report_fini(&r);
}
