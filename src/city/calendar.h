/* calendar: which days are worked in China. Saturdays and Sundays are off; each year the State
 * Council's office says which other days are off and which Saturdays or Sundays are worked for them
 * (全国年节及纪念日放假办法, the regulation on public holidays). So every year is data, with the
 * notices it came from, and a year that is not loaded is an error that names it: there is no
 * Monday to Friday to fall back on.
 *
 * Days are day numbers of base/date.h. A calendar does not change once loaded; threads may then
 * share it. */
#ifndef TAIHU_CITY_CALENDAR_H
#define TAIHU_CITY_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { CALENDAR_YEAR_MIN = 1950, CALENDAR_YEAR_MAX = 2199 };

struct calendar;

struct calendar *calendar_new(void);
void calendar_free(struct calendar *c);

/* What a year's days rest on. */
struct calendar_source {
    int year;
    int version;         /* from 1; one more whenever a later notice changed the year */
    const char *notices; /* addresses of the notices, apart by blanks */
};

/* Adds a year from the CSV of its file (data/calendar/README.md draws it). E_INPUT: malformed, a
 * day of another year or twice, a year that is there already, or one without 1 January and
 * 1 October off, which is no whole year: nothing of it is then added. */
enum code calendar_parse_year(struct calendar *c, const struct calendar_source *source,
                              const char *csv, size_t n, struct err *err);

/* Adds every year that DIR/calendar/index.csv lists. */
enum code calendar_load(struct calendar *c, const char *dir, struct err *err);

/* Where the days of a year come from; NULL where it is not loaded. */
const struct calendar_source *calendar_source_find(const struct calendar *c, int year);

enum calendar_kind {
    CALENDAR_ORDINARY, /* by its weekday */
    CALENDAR_OFF,      /* off by notice, whatever the weekday */
    CALENDAR_WORKED,   /* worked by notice: a Saturday or Sunday made up for, or a day named so */
};

struct calendar_day {
    enum calendar_kind kind;
    bool is_workday;
    const char *name; /* the holiday, "春节" (Spring Festival); NULL for an ordinary day */
};

/* All that follows: E_INPUT when a day has to be looked at whose year is not loaded; E_LIMIT when
 * the count leaves the years of base/date.h. */

enum code calendar_look(const struct calendar *c, int32_t day, struct calendar_day *out,
                        struct err *err);

/* The n-th working day after `day`, which is not counted itself; n < 0 counts backwards; n = 0 is
 * the day as it stands. */
enum code calendar_add_workdays(const struct calendar *c, int32_t day, int32_t n, int32_t *out,
                                struct err *err);

/* How many working days lie after `from` up to and with `to`; less than 0 where `to` is earlier.
 * So between(d, add(d, n)) = n. */
enum code calendar_workdays_between(const struct calendar *c, int32_t from, int32_t to,
                                    int32_t *out, struct err *err);

/* The first working day on or after `day`: where a term's last day goes that is a day off
 * (民法典 (civil code) art. 203). */
enum code calendar_roll(const struct calendar *c, int32_t day, int32_t *out, struct err *err);

#endif
