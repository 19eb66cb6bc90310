/* kept: plans that the store holds: each item with a number that stays its own through every
 * correction of the document, and every earlier state of it.
 *
 *   reading ──► set ──► one job: find the plan ─┬─ none ─────────► line plan.loaded, rows
 *                                               ├─ same digest ──► nothing
 *                                               └─ other text ───► changes ─ confirmed? ─► line
 *                                                                  plan.revised, rows
 *
 * A plan is told from others by who issued it (where the document does not say: by its title) and
 * its year. Its text is told by the SHA-256 of the document's UTF-8 text.
 *
 * Always holds: a row is valid for journal lines [valid_from, valid_to); a correction ends the
 * rows of the text before it and adds those of its own, and no row is changed otherwise. All of a
 * plan is there, with its line, or nothing of it.
 *
 * What is an item before and after a correction: the same verbatim text, else, for a target, the
 * same indicator and kind, for the others the same text but for its digits. Where several are
 * alike, they go in document order. Such a pair keeps its number; a number is never used again.
 *
 * Lines: subject "plan/ID", kind and payload (the digests are lower-case hex):
 *
 *   plan.loaded   {"title", "issuer", "year", "sha256", "bytes", "areas", "measures", "tasks",
 *                  "targets"}: the last four are counts
 *   plan.revised  the same, and {"before": sha256, "changes": [{"change": "added" | "removed" |
 *                  "changed", "of": "document" | "area" | "measure" | "task" | "target", "number",
 *                  "old": {"id", "text", "facts"} or null, "now": likewise}], "left_out": changes
 *                  that did not fit the line}
 *
 * Left out: results that a document reports (figures of reading.outcomes), sections; reading a kept
 * text again with a newer grammar. */
#ifndef TAIHU_TRACK_KEPT_H
#define TAIHU_TRACK_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "plan/reading.h"
#include "store/schema.h"
#include "store/sha256.h"
#include "store/store.h"

/* For store_config.schemas. */
extern const struct schema kept_schema;

/* ---- a plan as it is kept ----
 * `number` is the item's own, 1, 2 ... for each sort of item of a plan. Spans count bytes of the
 * document's text. */

struct kept_document {
    int64_t from; /* the journal line as of which it is so */
    int64_t time_ms;
    const char *name; /* of the file */
    const char *title;
    const char *issuer; /* NULL where it does not say, as the next two */
    const char *index_no;
    const char *issued; /* "2021-02-18" */
    int year;
    unsigned char sha256[SHA256_BYTES];
    const char *text; /* NULL in a list */
    size_t len;
};

struct kept_area {
    int64_t number;
    int no; /* in the document: 1, 2 ... */
    const char *title;
    struct span span;
};

struct kept_measure {
    int64_t number;
    int64_t area; /* its number */
    const char *title;
    struct span span;
};

struct kept_task {
    int64_t number;
    int64_t measure;
    const char *id; /* "3.1.2", its place in this text */
    const char *text;
    struct span span;
    const struct span *actions;
    size_t action_count;
    const struct responsible *responsible;
    size_t responsible_count;
    const char *deadline; /* "2021-06-30", or NULL */
};

/* As struct figure; the numbers are exact, as decimal text. NULL stands for none. */
struct kept_target {
    int64_t number;
    const char *id; /* "t1", its place in this text */
    const char *text;
    struct span span;
    const char *indicator;
    struct span indicator_span;
    struct span number_span;
    const char *value;
    const char *value_max;
    const char *unit;
    const char *base_value;
    const char *base_unit;
    const char *comparator; /* "ge", as comparator_name() */
    const char *kind;       /* "growth_rate", as figure_kind_name() */
    bool overall;
    bool spelled;
    const char *horizon;
    int64_t area; /* 0 for none, as task */
    int64_t task;
};

struct kept_set {
    struct kept_area *areas;
    size_t area_count;
    struct kept_measure *measures;
    size_t measure_count;
    struct kept_task *tasks;
    size_t task_count;
    struct kept_target *targets;
    size_t target_count;
};

/* ---- keeping one ---- */

enum kept_sort { KEPT_DOCUMENT, KEPT_AREA, KEPT_MEASURE, KEPT_TASK, KEPT_TARGET, KEPT_SORTS };

/* "document", "area", "measure", "task", "target". */
const char *kept_sort_name(enum kept_sort sort);

/* An item as a diff shows it. */
struct kept_item {
    enum kept_sort sort;
    int64_t number;
    const char *id;    /* "3.1.2", "t1", an area's "2"; "" for a measure and the document */
    const char *text;  /* verbatim; the document's is its title */
    const char *facts; /* what else was read: "eq 7 %, growth_rate"; may be "" */
};

/* Added where `old` is NULL, removed where `now` is; else both. */
struct kept_change {
    const struct kept_item *old;
    const struct kept_item *now;
};

/* "added", "removed", "changed". */
const char *kept_change_name(const struct kept_change *c);

/* Writes {"change", "of", "number", "old", "now"}, as in the line above. */
void kept_put_change(struct json_out *j, const struct kept_change *c);

struct kept_request {
    const struct reading *reading;
    const char *actor; /* of the journal line */
    bool confirmed;    /* a correction is to be written */
    int64_t against;   /* where not 0: only if it corrects the text of this line, as was shown */
};

enum kept_result {
    KEPT_LOADED,    /* it is new */
    KEPT_SAME,      /* it was there: nothing was written */
    KEPT_CORRECTED, /* the text is another, and not confirmed: nothing was written */
    KEPT_REVISED,   /* it is, and confirmed */
};

struct kept_answer {
    enum kept_result result;
    int64_t plan;                      /* its ID */
    int64_t line;                      /* as of which the plan is as it is kept now */
    struct kept_set set;               /* what was read, with numbers; without them for KEPT_SAME */
    const struct kept_change *changes; /* in document order, the removed behind the others */
    size_t change_count;
};

/* Loads the reading, within a write job. All of *out lives in `a` and borrows the reading's
 * strings. E_INPUT: the document says no year, or neither issuer nor title; E_CONFLICT: `against`
 * is no longer the line of the text that is kept. */
enum code kept_add(struct tx *tx, const struct kept_request *request, struct arena *a,
                   struct kept_answer *out, struct err *err);

/* The same as a job of its own; also E_... as store_write(). */
enum code kept_load(struct store *s, const struct kept_request *request, struct arena *a,
                    struct kept_answer *out, struct err *err);

/* ---- reading back, in a snapshot or job; what comes out lives in `a` ---- */

struct kept_plan {
    int64_t plan;
    struct kept_document document; /* the text that is valid now */
    size_t areas, measures, tasks, targets;
};

/* All plans by year, then issuer. A database where none was ever kept has none. */
enum code kept_list(struct tx *tx, struct arena *a, struct kept_plan **out, size_t *count,
                    struct err *err);

/* The document and items of plan `plan` as they were just after journal line `as_of`; INT64_MAX is
 * now. E_ABSENT: there was no such plan. */
enum code kept_find(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                    struct kept_document *document, struct kept_set *set, struct err *err);

/* Its document alone, with the text. */
enum code kept_find_document(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                             struct kept_document *out, struct err *err);

/* One task or target as it is now, a task without its actions; the year of a plan. E_ABSENT: there
 * is none such. */
enum code kept_find_task(struct tx *tx, int64_t plan, int64_t number, struct arena *a,
                         struct kept_task *out, struct err *err);
enum code kept_find_target(struct tx *tx, int64_t plan, int64_t number, struct arena *a,
                           struct kept_target *out, struct err *err);
enum code kept_find_year(struct tx *tx, int64_t plan, int *year, struct err *err);

#endif
