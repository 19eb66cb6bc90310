/* entity_history_int: the rows of histories, as the files of this room share them. Entities,
 * attributes and datasets are their numbers (entity_int.h); dataset 0 is the default instance. */
#ifndef TAIHU_ENTITY_ENTITY_HISTORY_INT_H
#define TAIHU_ENTITY_ENTITY_HISTORY_INT_H

#include "base/arena.h"
#include "entity/entity_history.h"
#include "entity/entity_store.h"
#include "store/tx.h"

/* One observation; texts are borrowed for the call. */
struct history_row {
    int64_t bucket, attribute, dataset, observed_ms;
    enum entity_kind kind;
    const char *value, *unit, *extra;
    uint32_t quality;
};

/* What is looked through: an entity, some of its attributes or (count 0) all, a span. */
struct history_range {
    int64_t entity;
    int64_t attributes[ENTITY_NAMES_MAX];
    size_t attribute_count;
    struct entity_span span;
    bool backwards; /* the last bucket first; within a bucket the order is the same */
};

/* Calls `seen` with each observation, bucket by bucket, within one by attribute, dataset, moment,
 * until it returns false. Its cost is one seek for each bucket that anything was observed in, and
 * the rows that are seen. */
typedef bool history_seen(void *data, const struct history_row *row);
enum code history_db_read(struct tx *tx, const struct history_range *range, history_seen *seen,
                          void *data, struct err *err);

/* Whether anything is kept of the attribute (0: of any), at whatever time. */
enum code history_db_has(struct tx *tx, int64_t entity, int64_t attribute, bool *out,
                         struct err *err);

/* Whether the entity is there, or its types are known. */
enum code history_db_is_known(struct tx *tx, int64_t entity, bool *out, struct err *err);

/* Whether types of it are kept, as of one that was there or has a history alone. */
enum code history_db_is_past(struct tx *tx, int64_t entity, bool *out, struct err *err);

/* The text of a number. */
enum code history_db_name(struct tx *tx, int64_t number, struct arena *a, const char **out,
                          struct err *err);

/* Whole names of the types that it has, and had. */
enum code history_db_types(struct tx *tx, int64_t entity, struct arena *a, const char ***out,
                           size_t *count, struct err *err);

/* The attributes with a moment which it has now; at most ENTITY_NAMES_MAX of them are told. */
enum code history_db_observed(struct tx *tx, int64_t entity, int64_t out[ENTITY_NAMES_MAX],
                              size_t *count, struct err *err);

/* How many buckets there are in a span. */
enum code history_db_buckets(struct tx *tx, struct entity_span span, int64_t *out, struct err *err);

/* Calls `seen` with each entity that has or had one of the types (count 0: any), by number, until
 * it returns false. */
typedef bool history_candidate(void *data, int64_t entity, const char *id);
enum code history_db_candidates(struct tx *tx, const char *const *types, size_t count,
                                history_candidate *seen, void *data, struct err *err);

/* Keeps the types of an entity that is about to go. */
enum code history_db_keep_types(struct tx *tx, int64_t entity, struct err *err);
enum code history_db_add_type(struct tx *tx, int64_t entity, const char *type, struct err *err);
enum code history_db_forget_types(struct tx *tx, int64_t entity, struct err *err);

/* One observation, by its key; `attribute` of the row is set, its texts are in `a`. E_ABSENT. */
struct history_key {
    int64_t entity, attribute, dataset, observed_ms;
};

/* The key that an instanceId says; false: it is none of ours. */
bool history_instance_parse(const char *s, struct history_key *out);

/* The attributes of an attribute, as entity_write_attribute() wrote them: the column `extra`. */
enum code history_read_extra(const char *extra, struct arena *a, struct entity_attribute *to,
                             struct err *err);

/* Counts an instance, and has what is held reach to it. */
void history_widen(struct entity_history *h, int64_t at_ms);

/* As entity_history_load(), of an entity by its number; nothing found is no failure. */
enum code history_load(struct tx *tx, int64_t entity, const char *id,
                       const struct entity_history_query *query, struct arena *a,
                       struct entity_history *out, struct err *err);

enum code history_db_get(struct tx *tx, const struct history_key *key, struct arena *a,
                         struct history_row *out, struct err *err);
enum code history_db_remove(struct tx *tx, const struct history_key *key, struct err *err);

/* Removes all of an entity; of an attribute, one dataset of it or all; *any: there was something.
 */
enum code history_db_remove_all(struct tx *tx, int64_t entity, struct err *err);
enum code history_db_remove_attribute(struct tx *tx, int64_t entity, int64_t attribute, bool *any,
                                      struct err *err);
enum code history_db_remove_dataset(struct tx *tx, const struct history_key *key, bool *any,
                                    struct err *err);

#endif
