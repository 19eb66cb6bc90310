/* exclude: numbers that promise nothing: names, dates, ordinals, sizes that qualify what is
 * counted, descriptions of the present. Within plan/ only. */
#ifndef TAIHU_PLAN_EXCLUDE_H
#define TAIHU_PLAN_EXCLUDE_H

#include "plan/words.h"
#include "text/quantity.h"
#include "text/source.h"

/* A number in its clause. */
struct setting {
    const struct source *s;
    const struct words *words;
    struct run clause;
    uint32_t lead; /* where the text that belongs to this number begins */
    uint32_t next; /* where the next number of the clause begins, or clause.to */
    bool past;     /* results are read: the past is wanted */
    bool goes_on;  /* an earlier number of the clause was taken: this one may go on its list */
};

/* Whether the numeral is part of a name, a date, an ordinal, a code, or stands in quotes. Such a
 * number belongs to the noun around it. */
bool exclude_name(const struct setting *x, const struct quantity *q);

/* Whether the amount only qualifies the thing counted: 超10亿元 in 超10亿元项目50个. */
bool exclude_size(const struct setting *x, const struct quantity *q);

/* Whether the words around say that nothing is promised: a state, a scope, a grouping. */
bool exclude_state(const struct setting *x, const struct quantity *q);

/* The place behind 以上 以下 以内 左右 that follow the number, or q->all.to. */
uint32_t exclude_bound_end(const struct source *s, const struct quantity *q, uint32_t end);

#endif
