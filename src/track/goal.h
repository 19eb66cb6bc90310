/* goal: what an item promises, as what is reported of it is held against: a number with its unit,
 * or being done, in percent from 0 to 100 (tasks, and targets without a number). */
#ifndef TAIHU_TRACK_GOAL_H
#define TAIHU_TRACK_GOAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/err.h"
#include "plan/reading.h"
#include "store/tx.h"
#include "track/item.h"
#include "track/kept.h"

struct goal {
    bool is_share; /* no number is promised: how much of it is done, of 100 % */
    enum figure_kind kind;
    enum comparator comparator;
    struct decimal value;     /* 100 where is_share */
    struct decimal value_max; /* of a range; else as value */
    const char *unit;         /* "%" where is_share */
};

struct goal goal_of_task(void);

/* Borrows the target's unit. */
struct goal goal_of_target(const struct kept_target *target);

/* Of an item that is there now; its unit lives in `a`. E_ABSENT: it is not there. */
enum code goal_find(struct tx *tx, const struct item *item, struct arena *a, struct goal *out,
                    struct err *err);

/* Whether a value may be said of it: a share lies in 0 to 100; only rates, ratios, levels and what
 * has no name may fall below 0. E_INPUT names it. */
enum code goal_check(const struct goal *goal, struct decimal value, struct err *err);

#endif
