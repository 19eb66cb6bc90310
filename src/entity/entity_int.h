/* entity_int: what the files of this room share: the rows. An entity, a type and an attribute's
 * name are numbers there (entity_name); who deletes an entity leaves its number and its
 * observations. */
#ifndef TAIHU_ENTITY_ENTITY_INT_H
#define TAIHU_ENTITY_ENTITY_INT_H

#include "base/arena.h"
#include "base/buf.h"
#include "entity/entity_store.h"
#include "ngsi/entity.h"
#include "store/tx.h"

enum {
    ENTITY_BUCKET_MS = 3600000, /* observations of an hour lie together */
    ENTITY_SMALL =
        64 * 1024, /* bytes below which an attribute meets no limit but that of members */
};

struct entity_state {
    const char *id; /* as it was asked for: borrowed */
    int64_t number; /* 0: there is no such entity now */
    int64_t created_ms, modified_ms;
};

enum code entity_db_find(struct tx *tx, const char *id, struct entity_state *out, struct err *err);

/* All of the entity that was found, which is there. */
enum code entity_db_load(struct tx *tx, const struct entity_state *state, struct arena *a,
                         struct entity *out, struct err *err);

/* The rows of a new entity without attributes, with its types. */
enum code entity_db_add(struct tx *tx, const struct entity *e, int64_t *number, struct err *err);

/* Notes that it changed now. */
enum code entity_db_touch(struct tx *tx, int64_t number, struct err *err);

/* Removes its state. */
enum code entity_db_remove(struct tx *tx, int64_t number, struct err *err);

/* Removes its types, its attributes. */
enum code entity_db_clear_types(struct tx *tx, int64_t number, struct err *err);
enum code entity_db_clear_attributes(struct tx *tx, int64_t number, struct err *err);

/* Adds types it does not have yet. */
enum code entity_db_add_types(struct tx *tx, int64_t number, const struct entity *e,
                              struct err *err);

/* Its scopes become those of `e`. */
enum code entity_db_set_scopes(struct tx *tx, int64_t number, const struct entity *e,
                               struct err *err);

/* Writes an attribute in place of the instance of that name; one with a moment is kept as an
 * observation too. One that a declared type claims is judged, where it has rules; and where the
 * instance was observed later already, it is history alone. `claim` may be NULL. */
enum code entity_db_put(struct tx *tx, int64_t number, const struct entity_attribute *x,
                        const struct model_claim *claim, struct err *err);
enum code entity_db_remove_attribute(struct tx *tx, int64_t number, const char *name,
                                     const char *dataset, struct err *err);

/* Draws the box anew around all geometries of the entity. */
enum code entity_db_place(struct tx *tx, int64_t number, struct err *err);

/* E_LIMIT: what `json` has of the attribute could not be read again. */
enum code entity_db_check_size(const struct entity_attribute *x, const struct buf *json,
                               struct err *err);

/* Attributes of the attribute as one object, in `to`; NULL where there are none. */
const char *entity_db_write_extra(const struct entity_attribute *x, struct buf *to);

/* The bucket of a moment. */
int64_t entity_db_bucket(int64_t ms);

/* The number of an IRI; find gives 0 where it has none, add gives it one. */
enum code entity_db_find_name(struct tx *tx, const char *iri, int64_t *out, struct err *err);
enum code entity_db_add_name(struct tx *tx, const char *iri, int64_t *out, struct err *err);

/* Keeps an observation alone; the state stays as it is. */
enum code entity_db_observe(struct tx *tx, int64_t number, const struct entity_attribute *x,
                            struct err *err);

#endif
