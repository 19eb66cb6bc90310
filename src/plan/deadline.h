/* deadline: by when a task is to be done, where its sentence says so: 上半年, 年内, 6月底前,
 * 一季度, 国庆节前, 2021年10月1日前. Silence is no deadline. */
#ifndef TAIHU_PLAN_DEADLINE_H
#define TAIHU_PLAN_DEADLINE_H

#include "text/source.h"

enum { DEADLINE_TEXT = 11 };

/* Writes the latest day the task names, "2021-06-30", or "" where it names none. `year` is the plan
 * year; a later year named in full (2025年底前) is a deadline of its own; an earlier one is none.
 */
void deadline_find(const struct source *s, struct run task, int year, char out[DEADLINE_TEXT]);

#endif
