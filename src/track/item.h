/* item: what an office follows: a task or a target of a kept plan, by the number that stays its own
 * through every correction (kept.h).
 *
 * Whatever is said of an item later (who answers for it, progress, a slip, a verdict) is a row of
 * its own file here, and a journal line whose subject is the item's: "plan/1/task/12". The number
 * of the last such line, or of the line that brought the item's present text, is the item's
 * version: who changes an item says which version they saw. */
#ifndef TAIHU_TRACK_ITEM_H
#define TAIHU_TRACK_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/tx.h"
#include "track/kept.h"

enum { ITEM_SUBJECT_MAX = 64 };

struct item {
    int64_t plan;
    enum kept_sort sort; /* KEPT_TASK or KEPT_TARGET */
    int64_t number;
};

/* Writes "plan/1/task/12" and a NUL; returns `to`. */
const char *item_subject(const struct item *item, char to[ITEM_SUBJECT_MAX]);

/* The version of an item that is there now. E_ABSENT: the plan has no such item now. */
enum code item_version(struct tx *tx, const struct item *item, int64_t *version, struct err *err);

/* As item_version(), and E_CONFLICT where it is not `seen`; 0 was not told and is refused too. */
enum code item_check(struct tx *tx, const struct item *item, int64_t seen, struct err *err);

#endif
