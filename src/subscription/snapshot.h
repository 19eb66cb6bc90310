/* snapshot: an entity as it was after a change, and what the change was: what the outbox keeps
 * until it is told. Written by the writer's thread, read by who sends.
 *
 * Texts, each ended by NUL; numbers as decimal text; a list begins with how long it is:
 *
 *   id  event  created  modified  types  scopes
 *   attributes: name, created, modified, quality, JSON as entity_write_attribute() has it
 *   touched:    name, dataset ("": the default instance), event, 0, or 1 and what it was: as an
 * attribute
 *
 * The rows are our own, so what cannot be read is a fault of the disk: E_IO. */
#ifndef TAIHU_SUBSCRIPTION_SNAPSHOT_H
#define TAIHU_SUBSCRIPTION_SNAPSHOT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "entity/entity_store.h"
#include "ngsi/entity.h"

struct snapshot {
    struct entity entity;
    enum entity_event event;
    struct entity_change_attribute *touched;
    size_t touched_count;
};

/* `e` is the entity afterwards, or as it was where it is gone. Appends to `to`. */
void snapshot_write(const struct entity_change *c, const struct entity *e, struct buf *to);

/* All of it lives in `a`. */
enum code snapshot_read(const void *data, size_t n, struct arena *a, struct snapshot *out,
                        struct err *err);

#endif
