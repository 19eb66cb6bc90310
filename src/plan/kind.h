/* kind: what kind of promise a number is: growth, level, new, complete ... by the verb that governs
 * it, the bounds before it, its unit, and last by the noun. Within plan/ only. */
#ifndef TAIHU_PLAN_KIND_H
#define TAIHU_PLAN_KIND_H

#include "plan/clause.h"
#include "plan/indicator.h"

/* `behind`: the thing counted stands behind the number. */
enum figure_kind kind_of(const struct figure_scope *sc, const struct clause *c,
                         const struct quantity *q, const struct lead *lead, struct run noun,
                         bool behind);

#endif
