/* progress: how far an item is, as reported: a number as of a day. A report is never changed or
 * taken back: a correction is a report that supersedes an earlier one, and both stay to be seen.
 *
 * Two days belong to a report: `as_of`, the day the number is true for, and the journal line, when
 * it became known. So "as of day D, as known at line L" always has one answer.
 *
 * Always holds: of one item's reports that are not superseded, no two have the same as_of day; a
 * report is superseded at most once.
 *
 * Lines, with the item's subject: "progress.reported", or "progress.corrected" where it supersedes;
 * payload {"report": id, "value": "6.8", "unit", "as_of": "2021-06-28", "note", "files": [sha256],
 * "supersedes": id or null}. */
#ifndef TAIHU_TRACK_PROGRESS_H
#define TAIHU_TRACK_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/sha256.h"
#include "store/tx.h"
#include "track/item.h"

/* Needs kept_schema and evidence_schema before it. */
extern const struct schema progress_schema;

enum {
    PROGRESS_NOTE_MAX = 2000, /* characters */
    PROGRESS_FILES_MAX = 10,
    PROGRESS_YEARS_MAX = 10, /* how long ago as_of may lie */
};

struct progress_request {
    struct item item;
    int64_t seen; /* the item's version that was looked at */
    const char *actor;
    struct decimal value;
    const char *unit; /* the item's: goal.h */
    int32_t as_of;
    const char *note;                           /* or NULL */
    const unsigned char (*files)[SHA256_BYTES]; /* that are kept (evidence.h) */
    size_t file_count;
    int64_t supersedes; /* a report of the same item, or 0 */
};

struct progress_report {
    int64_t id;
    struct item item;
    int64_t line;
    int64_t time_ms;
    const char *actor;
    struct decimal value;
    const char *unit;
    int32_t as_of;
    const char *note;                           /* or NULL */
    const unsigned char (*files)[SHA256_BYTES]; /* progress_list() only */
    size_t file_count;
    int64_t supersedes;    /* 0: none */
    int64_t superseded_by; /* as known then; 0: none */
};

/* Adds a report, within a write job; its ID and line go to *out. E_INPUT, E_LIMIT: another unit, a
 * value the goal cannot have, a day after today (in Beijing) or too long ago, a file that is not
 * kept, `supersedes` names no report of the item or one that is superseded already, or a report of
 * the same day stands and is not superseded by this one; E_ABSENT, E_CONFLICT as item_check(). */
struct progress_added {
    int64_t id;
    int64_t line;
};

enum code progress_add(struct tx *tx, const struct progress_request *request,
                       struct progress_added *out, struct err *err);

/* All reports of an item as known at journal line `as_of` (INT64_MAX is now), newest first. */
enum code progress_list(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                        struct progress_report **out, size_t *count, struct err *err);

/* The items that a file was given for, as evidence of a report. */
enum code progress_items_of_file(struct tx *tx, const unsigned char sha256[SHA256_BYTES],
                                 struct arena *a, struct item **out, size_t *count,
                                 struct err *err);

/* The current report of every item of a plan that has one, targets first, by number: of those up to
 * `day` that were not superseded as known at line `as_of`, the one for the latest day. Without
 * `files`, but with their count. */
enum code progress_current(struct tx *tx, int64_t plan, int32_t day, int64_t as_of, struct arena *a,
                           struct progress_report **out, size_t *count, struct err *err);

#endif
