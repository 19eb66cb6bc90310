/* slip_int: the statements of slip_db.c, as slip.c calls them within a write job. */
#ifndef TAIHU_TRACK_SLIP_INT_H
#define TAIHU_TRACK_SLIP_INT_H

#include "track/slip.h"

/* What a slip is after each act. */
extern const enum slip_state slip_state_after[SLIP_ACTS];

/* Adds what a slip is, without a step; its ID goes to *slip. */
enum code slip_db_add(struct tx *tx, const struct slip_request *request, int64_t *slip,
                      struct err *err);

/* Adds a step and its files. */
enum code slip_db_add_step(struct tx *tx, int64_t slip, const struct slip_step *step,
                           struct err *err);

#endif
