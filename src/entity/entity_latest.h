/* entity_latest: an attribute as a snapshot sees it: as its row says, or as what waits beside the
 * rows does (entity_fresh.h), which is newer. */
#ifndef TAIHU_ENTITY_ENTITY_LATEST_H
#define TAIHU_ENTITY_ENTITY_LATEST_H

#include "base/arena.h"
#include "entity/entity_fresh.h"
#include "ngsi/entity.h"
#include "store/tx.h"

/* `x` was read from the row of that key; its name and created_ms stay. E_BUSY: see entity_fresh.h.
 * Within a job nothing waits that was asked for, and `x` stays. */
enum code entity_latest(struct tx *tx, const struct fresh_key *key, struct arena *a,
                        struct entity_attribute *x, struct err *err);

#endif
