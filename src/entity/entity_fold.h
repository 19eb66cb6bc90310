/* entity_fold: makes rows of observations that wait (entity_fresh.h): of each series its chunks of
 * the history, and the last one as its state. */
#ifndef TAIHU_ENTITY_ENTITY_FOLD_H
#define TAIHU_ENTITY_ENTITY_FOLD_H

#include "entity/entity_fresh.h"
#include "store/tx.h"

/* What waits of one series becomes rows; that it does is not marked. Where rows of its history are
 * damaged, its notes are set aside (entity_log.h) and its state alone is written: one series must
 * not hold up all. */
enum code entity_fold_series(struct tx *tx, const struct fresh *f, struct fresh_series *s,
                             struct err *err);

/* All that waits of an entity (0: of all), with its mark. */
enum code entity_fold(struct tx *tx, struct fresh *f, int64_t entity, struct err *err);

#endif
