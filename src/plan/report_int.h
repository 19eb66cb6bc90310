/* report_int: what the files that write the page share.
 *
 *   report.c           the page's frame: head, policy, banner, columns, footer
 *   report_frame.c     where each target stands, and the tallies
 *   report_score.c     the scoreboard: bars and the table by area
 *   report_targets.c   the left column: targets, areas, measures, tasks
 *   report_document.c  the right column: the documents' own text, marked
 *   report_label.c     the words of the page, Chinese and English
 *   report_text.c      bytes of a document or a record as HTML
 *
 * Names in the page, for links and for the script in web/report/report.js:
 *
 *   #t12      the target t12 in the left column      #s-t12    its sentence in the plan
 *   #e-t12    the outcome it was judged by           #w-3.1.2  the words of task 3.1.2
 *   #a3       area 3 in the left column              #doc-0    the plan; #doc-1 ... the outcomes */
#ifndef TAIHU_PLAN_REPORT_INT_H
#define TAIHU_PLAN_REPORT_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "plan/reading.h"
#include "plan/verdict.h"

/* ---- report_frame.c ---- */

enum { NO_VERDICT = VERDICTS, NO_TARGET = -1, NO_AREA = -1 };

/* How many targets, and of what sort. */
struct tally {
    uint32_t total;
    uint32_t by_verdict[VERDICTS + 1]; /* the last: targets that no judgement speaks of */
    uint32_t by_kind[KINDS];
};

/* Targets stand in rows: the year's main targets, those of each area, and the rest. Within a row
 * they hang in chains, in document order: one for the row itself, one for each of its tasks. */
enum { ROW_OVERALL, ROW_AREAS }; /* area i has the row ROW_AREAS + i; the last row is the rest */

struct report {
    const struct reading *plan;
    const struct reading *outcomes;
    size_t outcome_count;
    const struct judgement **judged; /* for each target its judgement, or NULL */
    bool has_verdicts;
    size_t row_count;
    uint32_t *row;       /* for each target */
    int32_t *next;       /* for each target the next in its chain, or NO_TARGET */
    int32_t *row_first;  /* for each row the first target outside any task, or NO_TARGET */
    int32_t *task_first; /* for each task its first target, or NO_TARGET */
    struct tally *tally; /* for each row; one more for all of them */
    struct buf *to;
};

void report_init(struct report *r, const struct reading *plan, const struct reading *outcomes,
                 size_t outcome_count, struct buf *to);
/* Each judgement must point into plan->targets, and at one of `outcomes` or none. */
void report_place(struct report *r, const struct judgement *judgements, size_t count);
void report_fini(struct report *r);

/* The verdict on target `i`, or NO_VERDICT. */
int report_verdict(const struct report *r, size_t i);
void report_count(const struct report *r, size_t target, struct tally *t);
struct tally report_measure_tally(const struct report *r, const struct measure *m);

/* ---- report_text.c ---- */

/* Adds bytes so that they mean themselves, in text and in quoted attributes alike. */
void report_text(struct buf *to, const char *s, size_t n);
void report_string(struct buf *to, const char *s); /* NULL adds nothing */
void report_span(struct buf *to, const struct document *doc, struct span span);
/* The last part of a file's name, which is any bytes: a report is the same wherever it is made. */
void report_file_name(struct buf *to, const char *name);
void report_title(struct buf *to, const struct reading *reading);
void report_decimal(struct buf *to, struct decimal d);

/* ---- report_label.c ---- */

enum label {
    LABEL_SKIP_PLAN,
    LABEL_SKIP_DOCUMENT,
    LABEL_LANGUAGE,
    LABEL_PLAN_PANE,
    LABEL_DOCUMENT_PANE,
    LABEL_ISSUER,
    LABEL_YEAR,
    LABEL_ISSUED,
    LABEL_INDEX_NO,
    LABEL_SOURCE,
    LABEL_OUTCOME_SOURCE,
    LABEL_CONTENTS,
    LABEL_AREAS,
    LABEL_AREAS_ONE, /* stands behind the word for many: see report_counted() */
    LABEL_MEASURES,
    LABEL_MEASURES_ONE,
    LABEL_TASKS,
    LABEL_TASKS_ONE,
    LABEL_TARGETS,
    LABEL_TARGETS_ONE,
    LABEL_SCOREBOARD,
    LABEL_BY_AREA,
    LABEL_BY_KIND,
    LABEL_AREA,
    LABEL_ALL,
    LABEL_ALL_AREAS,
    LABEL_SHARE,
    LABEL_OVERALL,
    LABEL_REST,
    LABEL_NO_TARGETS,
    LABEL_NO_AREAS,
    LABEL_FILTER,
    LABEL_SEARCH,
    LABEL_CLEAR,
    LABEL_SHOWN,
    LABEL_NOTHING_MATCHES,
    LABEL_OPEN_ALL,
    LABEL_CLOSE_ALL,
    LABEL_LEAD,
    LABEL_SUPPORT,
    LABEL_RESPONSIBLE,
    LABEL_PROPOSED,
    LABEL_CONFIDENCE,
    LABEL_DEADLINE,
    LABEL_AS_WRITTEN,
    LABEL_HORIZON,
    LABEL_REPORTED,
    LABEL_PLAN_DOCUMENT,
    LABEL_OUTCOME_DOCUMENT,
    LABEL_NOTES,
    LABEL_NOTE_LINKS,
    LABEL_NOTE_MET,
    LABEL_NOTE_MISSED,
    LABEL_NOTE_NOT_COMPARABLE,
    LABEL_NOTE_NOT_REPORTED,
    LABEL_NOTE_NO_VERDICT,
    LABEL_NOTE_PROPOSED,
    LABELS,
};

/* Both languages, each in an element with its lang; the style shows one of them. */
void report_label(struct buf *to, enum label l);
/* "3 targets", "1 target": for LABEL_AREAS, _MEASURES, _TASKS, _TARGETS. */
void report_counted(struct buf *to, size_t n, enum label l);
void report_verdict_label(struct buf *to, int verdict); /* NO_VERDICT too */
void report_kind_label(struct buf *to, enum figure_kind kind);
void report_comparator_label(struct buf *to, enum comparator c); /* nothing where it says none */
/* Words known in both languages already, as a judgement's reason. */
void report_bilingual(struct buf *to, const char *zh, const char *en);

const char *report_label_zh(enum label l);
const char *report_label_en(enum label l);
/* What a class or a data attribute calls the verdict: verdict_name(), and "none". */
const char *report_verdict_class(int verdict);
const char *report_verdict_sign(int verdict);          /* "✓"; "" for NO_VERDICT */
const char *report_comparator_sign(enum comparator c); /* "≥" or "" */

/* ---- report_score.c, report_targets.c, report_document.c ---- */

void report_scoreboard(const struct report *r);
void report_row_name(const struct report *r, size_t row);

void report_targets(const struct report *r);
void report_documents(const struct report *r);

/* ---- web/report/, as tools/gen_asset wrote it ---- */

extern const char report_css[];
extern const size_t report_css_len;
extern const char report_css_source[]; /* "sha256-...": what the page's policy calls it */
extern const char report_js[];
extern const size_t report_js_len;
extern const char report_js_source[];

#endif
