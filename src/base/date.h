/* date: civil days of the proleptic Gregorian calendar, years 1 to 9999, exactly. A day is either a
 * struct date (what people write) or a day number (what is counted with): days since 1970-01-01,
 * negative before it. Nothing here reads a clock: "now" is UTC milliseconds that the caller passes.
 *
 * Sources: ISO 8601-1:2019 (calendar date, weekday numbers); the conversion is by eras of 400 years
 * (146,097 days). */
#ifndef TAIHU_BASE_DATE_H
#define TAIHU_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    DATE_YEAR_MIN = 1,
    DATE_YEAR_MAX = 9999,
    DATE_DAY_MIN = -719162, /* 0001-01-01 */
    DATE_DAY_MAX = 2932896, /* 9999-12-31 */
    DATE_TEXT_MAX = 11,     /* "2021-02-07" and a NUL */
    DATE_TIME_TEXT_MAX = 32,
};

/* Beijing time is UTC+8 all year, since the last summer time ended on 1991-09-15. */
enum { DATE_BEIJING_OFFSET_S = 8 * 3600 };

struct date {
    int year;  /* DATE_YEAR_MIN to DATE_YEAR_MAX */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* ISO 8601: the week begins on Monday. */
enum weekday { MONDAY = 1, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

bool date_is_valid(struct date d);
bool date_is_leap(int year);

/* 28 to 31; the month must be 1 to 12. */
int date_month_length(int year, int month);

/* The day number of a valid date, and back; the number must lie in DATE_DAY_MIN to DATE_DAY_MAX. */
int32_t date_to_day(struct date d);
struct date date_of_day(int32_t day);

enum weekday date_weekday(int32_t day);
const char *date_weekday_name(enum weekday w); /* "Monday" */

/* Reads exactly YYYY-MM-DD. E_INPUT quotes what stands there. */
enum code date_parse(const char *s, size_t n, int32_t *day, struct err *err);

/* Writes "2021-02-07" and a NUL; returns `to`. */
char *date_text(int32_t day, char to[DATE_TEXT_MAX]);

/* `day` plus n days, n also negative. E_LIMIT: outside the years 1 to 9999. */
enum code date_add_days(int32_t day, int64_t n, int32_t *out, struct err *err);

/* The same day n months later, n also negative; where that month has no such day, its last one
 * (the rule of 民法典 (civil code) art. 202 too). E_LIMIT: outside the years 1 to 9999. */
enum code date_add_months(int32_t day, int64_t n, int32_t *out, struct err *err);

/* The day it is at `utc_ms` (milliseconds since 1970-01-01T00:00Z) where clocks stand `offset_s`
 * seconds before UTC, within a day. E_LIMIT: outside the years 1 to 9999. */
enum code date_of_moment(int64_t utc_ms, int32_t offset_s, int32_t *day, struct err *err);

/* The moment the day begins there: 00:00, which is 24:00 of the day before. */
int64_t date_start_ms(int32_t day, int32_t offset_s);

/* Writes "2021-02-07T03:04:05.678Z" and a NUL, or "" outside the years 1 to 9999; returns `to`. */
char *date_time_text(int64_t utc_ms, char to[DATE_TIME_TEXT_MAX]);

#endif
