/* entity_heads: what entities are called, kept in memory for who lists them again and again: id,
 * types, scopes, and the times of the entity itself. Values are not among it: they change with
 * every observation, and are read each time.
 *
 * An entity's head changes only together with a line in the journal: the store refuses a change of
 * rows without one (STORE_CHANGE in store/store.h), and what waits in memory beside it becomes rows
 * of attributes and observations alone (entity_stage_int.h). So a head that was read in one
 * snapshot is right in every snapshot with the same last line, and in no other is it used. A name
 * and its number are for ever: names are never removed.
 *
 * Any thread; it has a lock of its own. */
#ifndef TAIHU_ENTITY_ENTITY_HEADS_H
#define TAIHU_ENTITY_ENTITY_HEADS_H

struct entity_heads;

struct entity_heads *entity_heads_new(void);
void entity_heads_free(struct entity_heads *h); /* takes NULL */

#endif
