/* entity_stage: what the writer remembers of entities, and how observations come in without a look
 * at rows. Most of what comes in is a new value of an attribute that is there: of a hundred values
 * of one attribute only the last needs to become its state, and all of them one piece of history.
 *
 *   job        known? ──► checked, judged ──► entity_fresh            (no row is touched)
 *   commit     the transaction's notes ──► entity_log, one row
 *   later      entity_fresh, by series ──► entity_chunk, and the last ──► entity_attribute
 *
 * What comes in so adds no line to the journal (docs/decisions/0020-ingest.md). Whoever looks at
 * rows of an entity within a job has what waits of it made rows first: entity_stage_fold(), or
 * memory_flush() for all; whoever changes an entity otherwise has it forgotten:
 * entity_stage_leave(). All of it is of one store's writer (memory.h); snapshots see what waits
 * through entity_fresh_of(). */
#ifndef TAIHU_ENTITY_ENTITY_STAGE_INT_H
#define TAIHU_ENTITY_ENTITY_STAGE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "entity/entity_fresh.h"
#include "entity/entity_store.h"
#include "ngsi/entity.h"
#include "ngsi/model.h"
#include "store/memory.h"
#include "store/tx.h"

extern const struct memory_kind entity_memory;

/* ---- what is remembered: rows as of this transaction ---- */

struct known_attribute {
    const char *name;
    const char *dataset; /* NULL: the default instance */
    int64_t name_number, dataset_number;
    enum entity_kind kind;
    struct model_claim claim; /* of `models` of its entity */
    bool observed;
    int64_t observed_ms;   /* the state's */
    unsigned char *series; /* how far the tests of quality are */
    size_t series_len, series_cap;
    struct fresh_series *fresh; /* of `portion`; else it is to be opened */
    int64_t portion;
};

struct known {
    const char *id;
    uint64_t hash;
    int64_t number;
    const char **types;
    size_t type_count;
    struct known_attribute *attributes;
    size_t count;
    const struct model_set *models; /* whose claims the attributes have */
    struct known *next;             /* in its bucket */
};

/* ---- jobs ---- */

/* Puts `e` on the stage where it brings nothing but observations, and the job's listener wants none
 * of them: it is there, has the types and all attributes, of the same kinds, and each has a moment;
 * *number is its number then, else 0 and
 * nothing was done. E_INPUT: a declared type refuses it; nothing was done. E_LIMIT: an attribute is
 * too large. */
enum code entity_stage_put(const struct entity_job *job, const struct entity *e, int64_t *number,
                           struct err *err);

/* This job changes rows of the entity by itself. */
void entity_stage_leave(struct tx *tx, const char *id);

/* What waits of the entity becomes rows, for a job that looks at them; does nothing in a snapshot.
 */
enum code entity_stage_fold(struct tx *tx, int64_t entity, struct err *err);

/* ---- snapshots ---- */

/* What is seen beside the rows, and how far; NULL: there is nothing, or it is a job, whose rows are
 * folded. */
enum code entity_fresh_of(struct tx *tx, struct fresh **out, const struct memory_view **view,
                          struct err *err);

/* ---- entity_stage_db.c ---- */

/* `to` has its id; its number is 0 where there is no such entity. Names come through `keep`, which
 * keeps one copy of each. */
struct known_names {
    struct arena *arena;
    const char *(*keep)(void *data, const char *name, size_t n);
    void *data;
};

/* The state of its series is these bytes from now on. */
void entity_stage_set_series(struct arena *a, struct known_attribute *of, const void *series,
                             size_t n);

enum code entity_stage_db_load(struct tx *tx, const struct known_names *names, struct known *to,
                               struct err *err);

#endif
