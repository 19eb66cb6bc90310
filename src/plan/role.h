/* role: what a part of a report is for, by the words of its heading. Within plan/ only. */
#ifndef TAIHU_PLAN_ROLE_H
#define TAIHU_PLAN_ROLE_H

#include "plan/reading.h"
#include "text/source.h"

enum { ROLE_UNKNOWN = SECTION_ROLES };

/* The role a heading names, or ROLE_UNKNOWN. `year` is the plan year or 0. *mixed: it names the
 * long term and the plan year both. */
int role_of_heading(const struct source *s, struct run title, int year, bool *mixed);

/* Whether a short unnumbered line reads as the heading of a part. */
bool role_is_part_heading(const struct source *s, struct run line);

/* The first year written with four numerals (2021年, 二〇二一年) in the run, 0 where none is. */
int role_year_in(const struct source *s, struct run r);

/* Whether the run speaks of years beyond the plan year as a period (“十四五”时期, 今后五年). */
bool role_speaks_long_term(const struct source *s, struct run r, int year);

#endif
