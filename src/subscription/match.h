/* match: whom a change is for. All subscriptions, made ready and held in memory, so that a change
 * looks only at those that could want it:
 *
 *   change ─► keys: its id, its types, its attributes, each type with each attribute
 *          ─► candidates, by these keys ─► filter.h ─► rows of the outbox, in the same job
 *
 * What is in memory is compared with the database by one number at each change, and read anew where
 * that is another: so it holds whichever job was undone. The writer's thread alone calls what takes
 * a tx.
 *
 * For one subscription MATCH_WAITING_MAX changes may wait at most; then a tenth of them, the
 * oldest, is forgotten and counted as dropped: a receiver that never answers fills no disk, and who
 * comes back is told what is newest. */
#ifndef TAIHU_SUBSCRIPTION_MATCH_H
#define TAIHU_SUBSCRIPTION_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "entity/entity_store.h"
#include "store/tx.h"

struct match;

enum { MATCH_WAITING_MAX = 50000 };

struct match_config {
    int64_t waiting_max; /* 0: MATCH_WAITING_MAX */
    /* Called when rows were added that will be on disk when line `line` of the journal is, if it
     * ever is. Must not wait. May be NULL. */
    void (*added)(void *data, int64_t line);
    void *data;
};

struct match *match_new(const struct match_config *config);
void match_free(struct match *m); /* takes NULL */

/* Begins a job that changes entities: the same again, its changes emptied. They are not collected
 * where there is no subscription to hold them against (one that cannot be read is some), and values
 * that no subscription could mean are not among them: whether any could is looked up by keys. `m`
 * NULL: there is none. */
struct entity_job match_job(struct match *m, struct entity_job job);

/* What a job did, once, after its line of the journal. */
enum code match_changes(struct match *m, struct tx *tx, const struct entity_changes *changes,
                        struct err *err);

/* Ends such a job: its line of the journal, then the above. `m` NULL: the line alone. */
enum code match_note(struct match *m, struct tx *tx, const struct entity_note *note,
                     const struct entity_changes *changes, struct err *err);

/* A stamp for a subscription that the job changes: see subscription_store.h. */
enum code match_stamp(struct match *m, struct tx *tx, int64_t *out, struct err *err);

#endif
