/* entity_stage: where observations wait until the transaction ends, and what the writer remembers
 * of the entities they are of. Most of what comes in is a new value of an attribute that is there:
 * it needs no look at the rows, and of a hundred values of one attribute in one transaction only
 * the last becomes its state.
 *
 *   job      known? ──► a sight: entity, attribute, moment, value        (no row is touched)
 *   flush    sights by entity and moment ──► chunks (entity_chunk.h), the last ──► entity_attribute
 *
 * What waits here adds no line to the journal (docs/decisions/0020-ingest.md). Whoever looks at
 * rows within a job has them flushed first: memory_flush(); whoever changes an entity otherwise has
 * it forgotten: entity_stage_leave(). All of it is of one store's writer (memory.h). */
#ifndef TAIHU_ENTITY_ENTITY_STAGE_INT_H
#define TAIHU_ENTITY_ENTITY_STAGE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "entity/entity.h"
#include "entity/entity_store.h"
#include "entity/model.h"
#include "store/tx.h"

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

/* ---- what waits ---- */

struct sight {
    int64_t entity, name, dataset; /* their numbers */
    int64_t modified_ms;
    struct entity_attribute x; /* without `sub` */
    const char *json, *extra;  /* of an attribute that has some: as the rows have it; else NULL */
    bool is_late;              /* it is history: the state stays as it is */
    bool settles;              /* what was observed at before_ms has the flags `before` now */
    int64_t before_ms;
    uint32_t before;
    const void *series; /* NULL: as it is */
    size_t series_len;
};

/* Puts `e` on the stage where it brings nothing but observations, and the job's listener wants none
 * of them: it is there, has the types and all attributes, of the same kinds, and each has a moment;
 * *number is its number then, else 0 and
 * nothing was done. E_INPUT: a declared type refuses it; nothing was done. E_LIMIT: an attribute is
 * too large. */
enum code entity_stage_put(const struct entity_job *job, const struct entity *e, int64_t *number,
                           struct err *err);

/* This job changes rows of the entity by itself. */
void entity_stage_leave(struct tx *tx, const char *id);

/* ---- entity_stage_db.c ---- */

/* `to` has its id; its number is 0 where there is no such entity. Names come through `name_of`,
 * which keeps one copy of each. */
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

/* The attribute's state is this now. */
enum code entity_stage_db_put(struct tx *tx, const struct sight *s, struct err *err);

#endif
