/* due: the day by which a task or target is to be done. */
#ifndef TAIHU_TRACK_DUE_H
#define TAIHU_TRACK_DUE_H

#include <stdint.h>

#include "base/err.h"
#include "store/tx.h"
#include "track/item.h"
#include "track/kept.h"

/* The task's deadline, else the plan year's last day. */
int32_t due_of_task(const struct kept_task *task, int plan_year);

/* The deadline of the target's task (NULL where it has none), else the end of its horizon:
 *
 *   none              the plan year's last day
 *   "2025"            that year's
 *   "十四五"          the five-year plan's: 十一五 (the 11th) ends with 2010, each next one
 *                     5 years later
 *   "two-year", "three-year", "five-year", "long-term"
 *                     of that many years, of which the plan year is the first; a long-term
 *                     part is that of the next five years (今后五年)
 *   anything else     the plan year's */
int32_t due_of_target(const struct kept_target *target, const struct kept_task *task,
                      int plan_year);

/* The same of an item that is there now. E_ABSENT: it is not. */
enum code due_find(struct tx *tx, const struct item *item, int32_t *due, struct err *err);

#endif
