/* slip_int: a slip as JSON, for the item it is on too. */
#ifndef TAIHU_API_SLIP_INT_H
#define TAIHU_API_SLIP_INT_H

#include "api/call.h"
#include "track/slip.h"

void slip_put(struct call *c, struct tx *tx, struct json_out *j, const struct slip *s);

#endif
