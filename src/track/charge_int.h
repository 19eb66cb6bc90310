/* charge_int: the statements of charge_db.c, as charge.c calls them. */
#ifndef TAIHU_TRACK_CHARGE_INT_H
#define TAIHU_TRACK_CHARGE_INT_H

#include "track/charge.h"

/* Ends the set that is valid and adds the request's, as of line `line`. */
enum code charge_db_put(struct tx *tx, const struct charge_request *r, int64_t line,
                        struct err *err);

#endif
