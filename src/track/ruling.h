/* ruling: what became of a plan's targets: proposed by what later documents report, decided by a
 * person.
 *
 *   kept texts ─► read again ─► plan_reconcile() ─► proposals ──┐
 *                                   (ruling_cache)              ├─► a person confirms ─► row, line
 *   the item at the version the person saw ─────────────────────┘
 *
 * A proposal is never stored: it follows from texts that are. What is stored is the decision, with
 * the proposal and the outcome as they were when it was made. A later decision supersedes it: a row
 * is valid for journal lines [valid_from, valid_to).
 *
 * Lines: the item's subject, "plan/1/target/5"; "verdict.confirmed" for its first decision,
 * "verdict.changed" for each later one:
 *
 *   {"verdict", "note", "before": the verdict that is superseded or null,
 *    "proposed": {"verdict", "why", "why_en"} or null where nothing was,
 *    "outcome": {"plan", "sha256": of its text, "text": the clause, "span": [from, to], "value",
 *                "unit"} or null where no document reports any} */
#ifndef TAIHU_TRACK_RULING_H
#define TAIHU_TRACK_RULING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "plan/reader.h"
#include "plan/verdict.h"
#include "store/schema.h"
#include "store/sha256.h"
#include "store/tx.h"
#include "track/item.h"

/* For store_config.schemas, behind kept_schema. */
extern const struct schema ruling_schema;

enum {
    RULING_CACHE_MAX = 8,     /* comparisons: the boards that people look at in one hour */
    RULING_OUTCOMES_MAX = 16, /* documents that a plan is held against at once */
};

/* The comparisons made last, each found again by the texts it was made of; so a corrected text is
 * another comparison. Of one store; any threads may share it. `reader` is borrowed. */
struct ruling_cache;

struct ruling_cache *ruling_cache_new(const struct reader *reader);
void ruling_cache_free(struct ruling_cache *cache); /* takes NULL */

/* ---- what is proposed; in a snapshot or job, out of `a` ---- */

/* The kept plans that report on plan `plan`: those of its city (place_int.h) for the year after it,
 * by ID. None is no error. */
enum code ruling_outcomes(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                          int64_t **out, size_t *count, struct err *err);

struct ruling_question {
    int64_t plan;
    const int64_t *outcomes; /* IDs of kept plans, as of ruling_outcomes() */
    size_t outcome_count;
    int64_t as_of; /* with the texts that were kept just after this line; INT64_MAX is now */
};

/* Where an outcome is reported. */
struct ruling_outcome {
    int64_t plan; /* 0: nowhere, and nothing of the rest is set */
    unsigned char sha256[SHA256_BYTES];
    const char *text; /* the clause */
    struct span span;
    const char *value; /* decimal text, NULL where the outcome has no number, as the unit */
    const char *unit;
};

struct ruling_proposal {
    int64_t target; /* its number */
    enum verdict verdict;
    const char *why;
    const char *why_en;
    struct ruling_outcome outcome;
};

/* One for each target of the plan's own year, in document order; none where there is no outcome
 * document, and none for a target that this version of the program reads otherwise than the one
 * that kept the plan. Costs about as much as reading the documents when it is not in the cache.
 * E_ABSENT: there was no such plan; E_LIMIT: too many outcomes. */
enum code ruling_propose(struct tx *tx, struct ruling_cache *cache,
                         const struct ruling_question *question, struct arena *a,
                         struct ruling_proposal **out, size_t *count, struct err *err);

/* ---- what is decided ---- */

struct ruling_request {
    const char *actor; /* of the journal line */
    struct item item;  /* a target */
    int64_t seen;      /* its version, item_version(), as the actor saw it */
    enum verdict verdict;
    const char *note;        /* up to 2,000 characters; may be empty or NULL */
    const int64_t *outcomes; /* as ruling_question: what the actor was shown */
    size_t outcome_count;
};

/* Decides, within a write job; *line is the item's new version. To have the comparison made before
 * the job, which holds up all others, ask ruling_propose() in a snapshot first. E_ABSENT,
 * E_CONFLICT as item_check(); E_LIMIT: the note is too long; also as ruling_propose(). */
enum code ruling_confirm(struct tx *tx, struct ruling_cache *cache,
                         const struct ruling_request *request, int64_t *line, struct err *err);

struct ruling {
    int64_t target;
    int64_t line; /* that decided it */
    int64_t time_ms;
    const char *actor;
    enum verdict verdict;
    const char *note;                /* "" for none */
    bool had_proposal;               /* else nothing of `proposed` but the target is set */
    struct ruling_proposal proposed; /* as it was then */
};

/* The decisions of a plan that were valid just after line `as_of`, by target. */
enum code ruling_list(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                      struct ruling **out, size_t *count, struct err *err);

#endif
