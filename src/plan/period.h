/* period: which stretch of time a paragraph of results speaks of. Within plan/ only. */
#ifndef TAIHU_PLAN_PERIOD_H
#define TAIHU_PLAN_PERIOD_H

#include "text/source.h"

enum period {
    PERIOD_UNSAID, /* nothing said: as the paragraph before, or the year before the plan's */
    PERIOD_YEAR,   /* the year before the plan's */
    PERIOD_TERM,   /* five years, a government's term */
};

/* What the opening words of a paragraph, or of a part's heading, say. A report that looks back on a
 * whole term says so at the head of a part, and so where it turns to its last year. */
enum period period_of_opening(const struct source *s, struct run paragraph, int plan_year);

#endif
