/* clause: one clause in hand while its figures are read: its numbers, and what the last figure
 * taken from it was. Within plan/ only. */
#ifndef TAIHU_PLAN_CLAUSE_H
#define TAIHU_PLAN_CLAUSE_H

#include "plan/figure.h"
#include "plan/words.h"
#include "text/quantity.h"
#include "text/source.h"

enum { QUANTITIES_MAX = 48, ITEMS_MAX = 8 };

/* The numbers of one clause, and what the last figure taken from it was. */
struct clause {
    struct run run;
    struct quantity q[QUANTITIES_MAX];
    int n;
    uint32_t lead;               /* where the words for the next figure begin */
    struct run noun;             /* of the last figure of this clause */
    enum figure_kind kind;       /* likewise; KIND_NONE where there is none yet */
    uint16_t tails;              /* likewise */
    struct run items[ITEMS_MAX]; /* of a 分别 list */
    int item_count;
    int item_next;
};

/* Whether a bound of this kind was cut from before the number. */
static inline bool has_tail(uint16_t tails, enum tail t) {
    return (tails & 1u << t) != 0;
}

/* 进位前20位: the number is a place in a row. */
static inline bool clause_ranks(const struct source *s, const struct quantity *q) {
    return q->all.from > 0 && s->ch[q->all.from - 1] == u'前' && q->unit.to == q->unit.from + 1 &&
           (s->ch[q->unit.from] == u'位' || s->ch[q->unit.from] == u'名');
}

#endif
