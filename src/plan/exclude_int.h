/* exclude_int: what the files of exclude share. */
#ifndef TAIHU_PLAN_EXCLUDE_INT_H
#define TAIHU_PLAN_EXCLUDE_INT_H

#include "plan/exclude.h"

/* The character before `at`, or behind it at `at`, within the clause; 0 at its borders. */
char16_t exclude_before(const struct setting *x, uint32_t at);
char16_t exclude_behind(const struct setting *x, uint32_t at);

/* Whether a noun begins at `at`: an ideograph, a letter or a quote, and no joining particle. */
bool exclude_noun_at(const struct setting *x, uint32_t at);

/* Whether a verb right before the number moves the amount: 发放100亿元贷款. */
bool exclude_moves(const struct setting *x, const struct quantity *q);

/* Whether a number in words, a time, a rank, a number without a unit is a promise after all. */
bool exclude_spelled_promised(const struct setting *x, const struct quantity *q);
bool exclude_time_promised(const struct setting *x, const struct quantity *q);
bool exclude_rank_promised(const struct setting *x, const struct quantity *q);
bool exclude_bare_promised(const struct setting *x, const struct quantity *q);

#endif
