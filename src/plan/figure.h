/* figure: the promises and results in a sentence: which numbers count, what they measure, what kind
 * they are. Within plan/ only.
 *
 * The way of one number: quantity (text/) -> exclude: is it a name, a date, a size, a state? ->
 * bounds before it (超过) and behind it (以上) -> the thing measured: noun before
 * (新增总部企业5家), noun behind (集聚200个领军人才), or the nearest thing said before
 * (…、增长13.8%) -> kind by verb. */
#ifndef TAIHU_PLAN_FIGURE_H
#define TAIHU_PLAN_FIGURE_H

#include "plan/found.h"
#include "plan/reading.h"
#include "plan/words.h"
#include "text/source.h"

enum { THINGS_MAX = 8 };

/* Where a sentence stands, and what was said before it in its paragraph. */
struct figure_scope {
    const struct source *s;
    const struct words *words;
    struct arena *arena;
    int year;            /* the plan year, 0 unknown */
    bool past;           /* reads results, not promises */
    bool overall;        /* in the paragraph of main expected targets */
    const char *horizon; /* the section's own, or NULL */
    const char *period;  /* of results, or NULL */
    int area;
    int32_t task;
    struct run antecedent;         /* the thing the last figure of the paragraph measured */
    struct run before;             /* the clause before in the sentence, or empty */
    struct run things[THINGS_MAX]; /* what the figures of that clause measured */
    int thing_count;
    enum figure_kind last_kind;
};

/* Appends the figures of one sentence to `to`. */
void figure_read(struct figure_scope *scope, struct run sentence, struct found_list *to);

#endif
