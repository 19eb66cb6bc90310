/* entity_history_fresh: what a snapshot sees of a history beside its rows (entity_fresh.h), on its
 * way among them: hour by hour, as history_db_read() goes. */
#ifndef TAIHU_ENTITY_ENTITY_HISTORY_FRESH_H
#define TAIHU_ENTITY_ENTITY_HISTORY_FRESH_H

#include "entity/entity_fresh.h"
#include "entity/entity_history_int.h"

struct history_fresh {
    bool backwards;
    struct fresh_found *all; /* those within the range, by hour (the last first where backwards), */
    size_t count, next;      /* attribute, dataset, moment, as they came; and how far one is */
    struct fresh_found *settling; /* those, wherever, that say flags of an earlier one */
    size_t settling_count;
};

/* Nothing, where there is nothing or it is a job. In `a`. */
enum code history_fresh_load(struct tx *tx, const struct history_range *range, struct arena *a,
                             struct history_fresh *out, struct err *err);

/* The hour of the next of them; false: there is none. */
bool history_fresh_hour(const struct history_fresh *f, int64_t *bucket);

/* The rows of an hour, sorted, get those of the hour among them; then they are as they will be as
 * rows. `rows` is of the heap. */
struct history_rows {
    struct history_row *all;
    size_t count, cap;
};
void history_fresh_merge(struct history_fresh *f, int64_t bucket, struct history_rows *rows);

/* Whether anything of the entity is there besides its rows: of the attribute, or (0) of any. */
enum code history_fresh_has(struct tx *tx, int64_t entity, int64_t attribute, bool *out,
                            struct err *err);

#endif
