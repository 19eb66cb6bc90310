/* item_int: which item a call is about, and whose it is. */
#ifndef TAIHU_API_ITEM_INT_H
#define TAIHU_API_ITEM_INT_H

#include "api/call.h"
#include "track/item.h"

/* The item that the path names: /api/plans/{plan}/tasks/{number} or .../targets/{number}. E_ABSENT:
 * what stands there is no number. */
enum code item_of(struct call *c, struct item *out, struct err *err);

/* Whether an organisation of the caller's is confirmed to be in charge of it, or of the task that a
 * target without a confirmation of its own belongs to. What cannot be read is nobody's. */
bool item_is_own(struct call *c, struct tx *tx, const struct item *item);

#endif
