/* verdict_int: what became of a target, as JSON, for the target itself too. */
#ifndef TAIHU_API_VERDICT_INT_H
#define TAIHU_API_VERDICT_INT_H

#include "api/board_int.h"

void verdict_put(struct call *c, struct tx *tx, struct json_out *j, const struct board *b,
                 int64_t target);

#endif
