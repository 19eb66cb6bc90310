/* light: green, yellow or red: how far an item is, held against how far it should be. Exact: no
 * binary float, and no rounding before a comparison; only what is shown is rounded, to one place.
 *
 *   lag = expected % - actual %, in percentage points
 *   lag < yellow_from                 green       planned 50: actual 41 is green,
 *   yellow_from <= lag <= red_above   yellow      40 and 20 are yellow,
 *   lag > red_above                   red         19.9 is red
 *   the day after it was due, and not reached: red, whatever the lag
 *
 * How the two are told, by what is promised (goal.h):
 *
 *   sums     new, complete, count, other, and shares done: actual = value / goal. Expected:
 *            the working days from the plan year's 1 January to the day, of those to the due
 *            day (序时进度), or the drawn path. Above 100 % counts as 100. Nothing reported
 *            is 0 %.
 *   levels   a stock to be reached (增至4800家): as sums along a drawn path. Without one it
 *            cannot be told what is due, for the plan does not say where the stock began: no
 *            light until it is reached or overdue.
 *   rates    growth_rate, reduction, ratio: a running value is held against the goal itself
 *            from the first day: expected = 100 % (or the drawn path), actual = value / goal.
 *            Nothing reported is no light until it is due, then red.
 *   caps     comparator le: as rates, but what exceeds the goal is the lag: actual - 100 %.
 *   ranks    smaller is better: at or below the goal is green; above it yellow until it is
 *            due, then red. No lag.
 *
 * A bare number (eq: 增长7%) is a floor, as in plans it is meant. About (左右) is a floor too, but
 * what is short of it by up to 5 % of it counts as reached (the slack of plan/verdict). A range is
 * held against its lower end, a cap against its upper. For a goal of 0 no per cent can be told: at
 * it or better is green, else red.
 *
 * Rules and thresholds: Yinchuan's (yellow 10 to 30 points behind 序时进度, red above), overdue
 * red.
 *
 * No light (none) where it cannot be told: a year whose calendar is not loaded (never Monday to
 * Friday), a report in another unit than the plan's now, numbers too large. Complete and overdue
 * are told without a calendar, and a drawn path needs none. A confirmed verdict decides alone: met
 * is green, missed red; the other two decide nothing. */
#ifndef TAIHU_TRACK_LIGHT_H
#define TAIHU_TRACK_LIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "city/calendar.h"
#include "plan/verdict.h"
#include "track/goal.h"
#include "track/path.h"

/* From the best to the worst, so that the worst of several is the greatest. */
enum light_colour { LIGHT_NONE, LIGHT_GREEN, LIGHT_YELLOW, LIGHT_RED, LIGHT_COLOURS };

/* "none", "green", "yellow", "red". */
const char *light_colour_name(enum light_colour colour);

/* How far an item should be comes from ... */
enum light_way {
    LIGHT_WAY_LINEAR, /* working days */
    LIGHT_WAY_DRAWN,  /* a path somebody drew */
    LIGHT_WAY_FLAT,   /* the goal itself, from the first day */
    LIGHT_WAY_NONE,   /* nothing: a rank, or a level without a drawn path */
};

/* "linear", "drawn", "flat", "none". */
const char *light_way_name(enum light_way way);
enum light_way light_way_of(const struct goal *goal, const struct path *path);

/* How many working days of a period have passed: the same for all items of a plan that are due on
 * one day. */
struct light_pace {
    int32_t elapsed;
    int32_t total;
    int missing_year; /* 0, or the first year whose calendar is wanted and not loaded */
};

/* From 1 January of the plan year, both ends counted, to `day` (at most `due`) and to `due`. */
struct light_pace light_pace(const struct calendar *calendar, int plan_year, int32_t day,
                             int32_t due);

struct light_report {
    struct decimal value;
    const char *unit;
    int32_t as_of;
};

struct light_question {
    const struct goal *goal;
    const struct path *path;           /* NULL: none is drawn */
    const struct light_report *report; /* NULL: none up to the day */
    struct light_pace pace;            /* looked at for LIGHT_WAY_LINEAR only */
    enum verdict verdict;              /* confirmed; VERDICTS: none is */
    int plan_year;
    int32_t due;
    int32_t day; /* asked for */
    struct decimal yellow_from;
    struct decimal red_above;
};

/* The percentages have exactly one place ("41.0"); NULL where there is none. */
struct light {
    enum light_colour colour;
    const char *expected;
    const char *actual;
    const char *lag;
    bool overdue;
    bool reported;
    const char *why;    /* Chinese */
    const char *why_en; /* the same in English */
};

/* Pure: the same question has the same answer. Its words live in `a`. */
struct light light_of(const struct light_question *question, struct arena *a);

/* What an item expects at the end of a day, in its own unit, for drawing the line: false where it
 * cannot be told. */
bool light_expected_value(const struct light_question *question, struct decimal *out);

#endif
