/* plan_int: what other resources show of a plan. */
#ifndef TAIHU_API_PLAN_INT_H
#define TAIHU_API_PLAN_INT_H

#include "api/call.h"
#include "track/kept.h"

/* A plan as the list of plans shows it. */
void plan_put(struct json_out *j, const struct kept_plan *p);

#endif
