/* entity_fresh: observations that are on disk as notes (entity_log.h) and not all rows yet. The
 * writer fills it and makes rows of it; snapshots look at it beside the rows.
 *
 *   portions   [gone ...]  [sealed]  [active]
 *                             │         └─ where observations are put
 *                             └─ becomes rows, some series with each commit
 *
 *   series (entity, attribute, dataset) ──► newest ──► older ──► ...
 *
 * All that happens has a number, `at`, which rises: an observation, and a mark "what came before is
 * rows now" of an entity, or of all. The notes on disk bear them, so a snapshot knows how far it
 * sees (memory_view.until), and is shown what came up to there and behind the last mark up to
 * there. Rows may have some of that already: to be shown it twice changes nothing.
 *
 * A portion that is rows as a whole stays while a snapshot may need it, as long as all that stay
 * have no more than FRESH_KEPT_BYTES: a snapshot that is so old gets E_BUSY.
 *
 * One thread writes; snapshots read in any thread: the lock within guards what they see. */
#ifndef TAIHU_ENTITY_ENTITY_FRESH_H
#define TAIHU_ENTITY_ENTITY_FRESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity.h"
#include "store/memory.h"

enum {
    FRESH_PORTIONS = 64, /* at most */
    FRESH_KEPT_BYTES = 48 << 20,
    FRESH_PORTION_BYTES = 16 << 20, /* 300,000 observations; then it is sealed, */
    FRESH_PORTION_SERIES = 50000,   /* or has so many series: how long a start may take at most, */
    FRESH_PORTION_MS = 5000,        /* or when it is so old, and not many are there */
};

struct fresh;
struct fresh_series;

/* Numbers of names (entity_int.h). */
struct fresh_key {
    int64_t entity, name, dataset;
};

/* An observation. Texts lie with it. */
struct fresh_seen {
    int64_t at;
    int64_t observed_ms, modified_ms;
    enum entity_kind kind;
    uint32_t quality;
    bool zeros;   /* as struct entity_attribute has it */
    bool is_late; /* it is history: the state stays as it is */
    bool settles; /* what was observed at before_ms has the flags `before` now */
    int64_t before_ms;
    uint32_t before;
    const char *value, *unit; /* unit NULL: none */
    const char *json, *extra; /* of an attribute with attributes: as rows have it; else NULL */
};

/* How far a series is: its state's moment, and that of its tests of quality (model.h). */
struct fresh_state {
    int64_t observed_ms;
    const void *series;
    size_t series_len;
};

struct fresh *fresh_new(void);
void fresh_free(struct fresh *f); /* takes NULL */

/* ---- the writer ---- */

/* The series in the active portion; where it is not there it begins with that state. `dataset` is
 * the name of key->dataset, NULL for 0. It lives until fresh_end() of a transaction that seals. */
struct fresh_series *fresh_open(struct fresh *f, const struct fresh_key *key, const char *dataset,
                                const struct fresh_state *state);

/* Which portion is active: series of another are not to be added to. */
int64_t fresh_portion(const struct fresh *f);

/* Adds one; seen->at is set here. `state`: of the series from now on; NULL: as it was. */
void fresh_add(struct fresh *f, struct fresh_series *s, const struct fresh_seen *seen,
               const struct fresh_state *state);

/* What waits of a series: its state behind all that was added; false: nothing waits. */
bool fresh_latest(const struct fresh *f, const struct fresh_key *key, struct fresh_state *out);

/* Whether anything of the entity waits. */
bool fresh_has(const struct fresh *f, int64_t entity);

/* All that waits of the entity, or of all entities (0), is rows now. */
void fresh_mark(struct fresh *f, int64_t entity);

/* How many observations this job added; and whether this transaction has anything to note. */
size_t fresh_added(const struct fresh *f);
bool fresh_changed(const struct fresh *f);

/* Calls `each` with the series of the entity (0: of all) that may have something that waits. */
typedef enum code fresh_each(void *data, struct fresh_series *s, struct err *err);
enum code fresh_walk(struct fresh *f, int64_t entity, fresh_each *each, void *data,
                     struct err *err);

const struct fresh_key *fresh_key_of(const struct fresh_series *s);
const char *fresh_dataset_of(const struct fresh_series *s);
struct fresh_state fresh_state_of(const struct fresh_series *s);

/* What waits of the series in its portion, the newest first; false: nothing. *last: the newest that
 * is not late is its state, where `has_last`. The list is the caller's, cleared first. */
struct fresh_list {
    struct fresh_seen *all;
    size_t count, cap;
};
void fresh_waiting(const struct fresh *f, const struct fresh_series *s, struct fresh_list *out);

/* ---- notes of a transaction, in their order ---- */

enum fresh_what { FRESH_SEEN, FRESH_MARK, FRESH_MARK_ALL };

struct fresh_note {
    enum fresh_what what;
    struct fresh_key key;     /* of a mark the entity alone */
    struct fresh_seen seen;   /* of an observation */
    struct fresh_state state; /* the same */
};

/* Number i of them; false: there is none. An observation that is rows already is left out: then
 * *skip. */
bool fresh_note(const struct fresh *f, size_t i, struct fresh_note *out, bool *skip);

/* The number of the last that happened; and of one more, which is the sealed portion's end. */
int64_t fresh_at(const struct fresh *f);
void fresh_set_at(struct fresh *f, int64_t at); /* while nothing waits */

/* ---- the sealed portion ---- */

/* The next of its series to become rows; NULL: none is due. At rest all are; else as many of them
 * as the active portion is full, and a little more, so that it is rows before that is full. */
struct fresh_series *fresh_next(struct fresh *f, bool at_rest);

/* Whether all of it are rows and it was not said yet: then it ends with the number *end, and notes
 * up to *last are not needed any more. */
bool fresh_complete(struct fresh *f, int64_t *end, int64_t *last);

/* The active portion is sealed, where none is; only between transactions. */
void fresh_seal(struct fresh *f);

bool fresh_waits(const struct fresh *f);

/* ---- jobs and transactions (memory.h) ---- */

void fresh_keep(struct fresh *f);
void fresh_undo(struct fresh *f);
void fresh_end(struct fresh *f, bool on_disk);

/* ---- snapshots ---- */

void fresh_enter(struct fresh *f, struct memory_view *view);
void fresh_leave(struct fresh *f, struct memory_view *view);

/* The newest value of a series that the snapshot sees beside its rows, its texts in `a`; *there
 * says whether there is one. E_BUSY: the snapshot is too old. */
enum code fresh_find(struct fresh *f, const struct memory_view *view, const struct fresh_key *key,
                     struct arena *a, struct fresh_seen *out, bool *there, struct err *err);

/* All observations of the entity that it sees so, in the order in which they came. */
struct fresh_found {
    struct fresh_key key;
    struct fresh_seen seen;
};
enum code fresh_list(struct fresh *f, const struct memory_view *view, int64_t entity,
                     struct arena *a, struct fresh_found **out, size_t *count, struct err *err);

/* Whether there is nothing beside the rows for this snapshot; takes no lock. */
bool fresh_is_empty(const struct fresh *f, const struct memory_view *view);

#endif
