/* ruling_int: the statements of ruling_db.c and the comparisons of ruling_propose.c, as ruling.c
 * calls them. */
#ifndef TAIHU_TRACK_RULING_INT_H
#define TAIHU_TRACK_RULING_INT_H

#include "track/ruling.h"

/* Ends the target's decision that is valid, if any, as of the line of `ruling`, and adds this one.
 */
enum code ruling_db_add(struct tx *tx, const struct item *item, const struct ruling *ruling,
                        struct err *err);

/* The target's decision that is valid; line 0 where there is none. */
enum code ruling_db_find(struct tx *tx, const struct item *item, struct arena *a,
                         struct ruling *out, struct err *err);

#endif
