/* term: when a period of time that a rule gives ends (期间, 民法典 (civil code) arts. 200 to 204).
 *
 *   - the day of the start is not counted (art. 201)
 *   - working days: the n-th working day after the start
 *   - days, months, years: the n-th day after it, or the same day of the last month, or where that
 *     month has none its last day (art. 202); when this is a day off, the first working day after
 * it (art. 203)
 *   - hours run from the moment itself, days off or not (art. 201)
 *   - the last day ends at 24:00, or when business closes (art. 203): closing times are the
 * caller's
 *
 * An extended term counts from the old start with both lengths together, never from a rolled day:
 * 60 days and 30 more are 90. */
#ifndef TAIHU_CITY_TERM_H
#define TAIHU_CITY_TERM_H

#include <stdint.h>

#include "city/calendar.h"

enum term_unit { TERM_WORKDAYS, TERM_DAYS, TERM_MONTHS, TERM_YEARS };

struct term {
    int32_t n; /* 0 is the day of the start itself, rolled as any other unless in working days */
    enum term_unit unit;
};

struct term_end {
    int32_t counted; /* the last day as counted */
    int32_t last;    /* the last day in law: `counted`, or the working day it rolled to */
};

/* E_INPUT: a negative term, or a year that is not loaded; E_LIMIT: beyond year 9999. */
enum code term_end(const struct calendar *c, int32_t start, struct term term, struct term_end *out,
                   struct err *err);

/* 24:00 of a day in Beijing, in UTC milliseconds: the first moment that is too late. */
int64_t term_too_late_ms(int32_t last_day);

/* The moment `hours` (0 or more) after a moment. E_INPUT: negative; E_LIMIT: beyond year 9999. */
enum code term_hours_end(int64_t start_ms, int32_t hours, int64_t *end_ms, struct err *err);

#endif
