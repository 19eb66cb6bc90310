/* light_int: a light as light.c finds it, before light_why.c puts it in words. */
#ifndef TAIHU_TRACK_LIGHT_INT_H
#define TAIHU_TRACK_LIGHT_INT_H

#include "base/fraction.h"
#include "track/light.h"

/* How an item's numbers are held against its goal. */
enum light_sort {
    LIGHT_SUM,
    LIGHT_RATE,
    LIGHT_CAP,
    LIGHT_RANK,
    LIGHT_ZERO, /* a goal of 0 that is a floor */
    LIGHT_ZERO_CAP,
};

/* What decided. */
enum light_ground {
    LIGHT_BY_LAG,
    LIGHT_BY_REACHED,     /* the goal, or for LIGHT_RANK, LIGHT_ZERO: it is kept */
    LIGHT_BY_SHORT,       /* for those: it is not */
    LIGHT_BY_SILENCE,     /* nothing reported, and nothing follows from that yet */
    LIGHT_BY_NO_CALENDAR, /* pace.missing_year */
    LIGHT_BY_NO_PATH,     /* a level, of which nobody drew what is due when */
    LIGHT_BY_UNIT,        /* reported in another unit */
    LIGHT_BY_SIZE,        /* numbers too large */
};

struct light_finding {
    const struct light_question *q;
    enum light_sort sort;
    enum light_way way;
    enum light_ground ground;
    enum light_colour colour;
    bool overdue;
    bool has_expected, has_actual, has_lag; /* which of the three are told */
    struct fraction expected;               /* per cent of the goal */
    struct fraction actual;
    struct fraction lag;
};

/* The number that it is held against: the lower end of a range, for a cap the upper. */
struct decimal light_goal_value(const struct light_finding *f);

/* Puts a finding in words. */
struct light light_say(const struct light_finding *f, struct arena *a);

#endif
