/* thing: which words around a number are the thing it counts or measures. Within plan/ only. */
#ifndef TAIHU_PLAN_THING_H
#define TAIHU_PLAN_THING_H

#include "plan/clause.h"
#include "plan/indicator.h"

/* The thing measured by number `k` of the clause, whose words before it are `lead`. Empty where the
 * document names none. *behind: it stands behind the number. Keeps the items of a 分别 list in `c`.
 */
struct run thing_of(struct figure_scope *sc, struct clause *c, int k, const struct lead *lead,
                    bool *behind);

/* Cuts the words of a comparison from the end of the noun before a number:
 * 供养标准不低于低保标准的1.6倍. */
void thing_cut_comparison(const struct source *s, const struct quantity *q, struct lead *lead);

/* Whether an item but the last of a list is too short to be a thing of its own: 城镇、农村居民. */
bool thing_list_is_short(const struct run *items, int n);

#endif
