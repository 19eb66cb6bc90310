/* light: see light.h. What is found here is put in words by light_why.c. */
#include "track/light.h"

#include <string.h>

#include "base/date.h"
#include "track/light_int.h"

enum { FULL = 100, ABOUT_SLACK = 5 }; /* per cent; the slack as in plan/verdict_value.c */

const char *light_colour_name(enum light_colour colour) {
    static const char *const names[LIGHT_COLOURS] = {"none", "green", "yellow", "red"};
    return names[colour];
}

const char *light_way_name(enum light_way way) {
    static const char *const names[] = {"linear", "drawn", "flat", "none"};
    return names[way];
}

/* ---- what sort of goal ---- */

static enum light_sort sort_of(const struct goal *g) {
    static const bool rates[KINDS] = {
        [KIND_GROWTH_RATE] = true, [KIND_REDUCTION] = true, [KIND_RATIO] = true};
    bool cap = g->comparator == COMPARATOR_LE;
    if (g->kind == KIND_RANK) {
        return LIGHT_RANK;
    }
    if ((cap ? g->value_max : g->value).coef <= 0) {
        return cap ? LIGHT_ZERO_CAP : LIGHT_ZERO;
    }
    return cap ? LIGHT_CAP : rates[g->kind] ? LIGHT_RATE : LIGHT_SUM;
}

enum light_way light_way_of(const struct goal *goal, const struct path *path) {
    enum light_sort sort = sort_of(goal);
    if (sort == LIGHT_RANK) {
        return LIGHT_WAY_NONE;
    }
    if (sort == LIGHT_ZERO || sort == LIGHT_ZERO_CAP) {
        return LIGHT_WAY_FLAT;
    }
    if (path != NULL) {
        return LIGHT_WAY_DRAWN;
    }
    if (sort == LIGHT_SUM && goal->kind == KIND_LEVEL) {
        return LIGHT_WAY_NONE; /* where a stock began, the plan does not say */
    }
    return sort == LIGHT_SUM ? LIGHT_WAY_LINEAR : LIGHT_WAY_FLAT;
}

struct decimal light_goal_value(const struct light_finding *f) {
    const struct goal *g = f->q->goal;
    bool upper = g->comparator == COMPARATOR_LE || f->sort == LIGHT_RANK;
    return upper ? g->value_max : g->value;
}

/* ---- how far it should be ---- */

struct light_pace light_pace(const struct calendar *calendar, int plan_year, int32_t day,
                             int32_t due) {
    struct light_pace p = {0, 0, 0};
    int32_t start = date_to_day((struct date){plan_year, 1, 1}) - 1;
    int32_t to = day > due ? due : day < start ? start : day;
    for (int year = plan_year; year <= date_of_day(due).year; year++) {
        if (calendar_source_find(calendar, year) == NULL) {
            p.missing_year = year;
            return p;
        }
    }
    if (due > start && calendar_workdays_between(calendar, start, to, &p.elapsed, NULL) == OK &&
        calendar_workdays_between(calendar, to, due, &p.total, NULL) == OK) {
        p.total += p.elapsed;
    }
    return p;
}

static struct fraction hundred(void) {
    return fraction_of(FULL);
}

/* value as per cent of the goal's. */
static bool percent_of(struct fraction value, const struct light_finding *f, struct fraction *out) {
    struct fraction part;
    return fraction_div(value, fraction_of_decimal(light_goal_value(f)), &part) &&
           fraction_mul(part, hundred(), out);
}

/* Working days that have passed, in per cent; where there are none up to the due day, all or
 * nothing. */
static struct fraction pace_percent(const struct light_question *q) {
    struct fraction f = q->day >= q->due ? hundred() : fraction_of(0);
    if (q->pace.total > 0) {
        fraction_div(fraction_of((int64_t)q->pace.elapsed * FULL), fraction_of(q->pace.total), &f);
    }
    return f;
}

/* False where the numbers are too large. */
static bool find_expected(struct light_finding *f) {
    const struct light_question *q = f->q;
    struct fraction value;
    f->has_expected = true;
    if (f->way == LIGHT_WAY_DRAWN) {
        return path_expected(q->path, q->plan_year, q->day, &value) &&
               percent_of(value, f, &f->expected);
    }
    if (f->way == LIGHT_WAY_NONE || (f->way == LIGHT_WAY_LINEAR && q->pace.missing_year != 0)) {
        f->has_expected = false;
        return true;
    }
    f->expected = f->way == LIGHT_WAY_LINEAR ? pace_percent(q) : hundred();
    return true;
}

/* ---- how far it is ---- */

static bool find_actual(struct light_finding *f) {
    const struct light_report *report = f->q->report;
    f->has_actual = report != NULL || (f->sort == LIGHT_SUM && f->way != LIGHT_WAY_NONE);
    if (report == NULL) {
        f->actual = fraction_of(0);
        return true;
    }
    return percent_of(fraction_of_decimal(report->value), f, &f->actual);
}

/* Whether the goal as a whole is kept; nothing reported keeps none. */
static bool is_reached(const struct light_finding *f) {
    int slack = f->q->goal->comparator == COMPARATOR_ABOUT ? ABOUT_SLACK : 0;
    if (f->q->report == NULL) {
        return false;
    }
    return f->sort == LIGHT_CAP ? fraction_cmp(f->actual, hundred()) <= 0
                                : fraction_cmp(f->actual, fraction_of(FULL - slack)) >= 0;
}

static bool find_lag(struct light_finding *f) {
    bool above = fraction_cmp(f->actual, hundred()) > 0;
    f->has_lag = f->has_expected && f->has_actual;
    if (!f->has_lag) {
        return true;
    }
    if (f->sort == LIGHT_CAP) {
        return fraction_sub(f->actual, f->expected, &f->lag);
    }
    return fraction_sub(f->expected, above ? hundred() : f->actual, &f->lag);
}

static enum light_colour colour_of_lag(const struct light_finding *f) {
    if (fraction_cmp(f->lag, fraction_of_decimal(f->q->yellow_from)) < 0) {
        return LIGHT_GREEN;
    }
    return fraction_cmp(f->lag, fraction_of_decimal(f->q->red_above)) <= 0 ? LIGHT_YELLOW
                                                                           : LIGHT_RED;
}

/* ---- what follows ---- */

static void settle(struct light_finding *f, enum light_ground ground, enum light_colour colour) {
    f->ground = ground;
    f->colour = f->overdue ? LIGHT_RED : colour;
}

/* A goal that per cent tell something of. A floor that is reached is green whatever the path; under
 * a cap the year must be over for that. */
static void judge_percent(struct light_finding *f) {
    if (!find_actual(f)) {
        f->has_actual = false;
        settle(f, LIGHT_BY_SIZE, LIGHT_NONE);
        return;
    }
    bool late = f->q->day > f->q->due;
    bool reached = is_reached(f);
    f->overdue = late && !reached;
    if (!find_expected(f) || !find_lag(f)) {
        f->has_expected = f->has_lag = false;
        settle(f, reached && f->sort != LIGHT_CAP ? LIGHT_BY_REACHED : LIGHT_BY_SIZE,
               reached && f->sort != LIGHT_CAP ? LIGHT_GREEN : LIGHT_NONE);
    } else if (reached && (late || f->sort != LIGHT_CAP)) {
        settle(f, LIGHT_BY_REACHED, LIGHT_GREEN);
    } else if (f->has_lag) {
        settle(f, LIGHT_BY_LAG, colour_of_lag(f));
    } else {
        settle(f,
               !f->has_actual             ? LIGHT_BY_SILENCE
               : f->way == LIGHT_WAY_NONE ? LIGHT_BY_NO_PATH
                                          : LIGHT_BY_NO_CALENDAR,
               LIGHT_NONE);
    }
}

/* A goal that is kept or not, without per cent: a rank, or zero. */
static void judge_bare(struct light_finding *f) {
    const struct light_question *q = f->q;
    bool late = q->day > q->due;
    if (q->report == NULL) {
        f->overdue = late;
        settle(f, LIGHT_BY_SILENCE, LIGHT_NONE);
        return;
    }
    int c = decimal_cmp(q->report->value, light_goal_value(f));
    bool kept = f->sort == LIGHT_ZERO ? c >= 0 : c <= 0;
    f->overdue = late && !kept;
    settle(f, kept ? LIGHT_BY_REACHED : LIGHT_BY_SHORT,
           kept                    ? LIGHT_GREEN
           : f->sort == LIGHT_RANK ? LIGHT_YELLOW
                                   : LIGHT_RED);
}

static bool is_other_unit(const struct light_question *q) {
    return q->report != NULL && strcmp(q->report->unit, q->goal->unit) != 0;
}

struct light light_of(const struct light_question *question, struct arena *a) {
    struct light_finding f = {.q = question,
                              .sort = sort_of(question->goal),
                              .way = light_way_of(question->goal, question->path)};
    if (is_other_unit(question)) {
        settle(&f, LIGHT_BY_UNIT, LIGHT_NONE);
    } else if (f.sort == LIGHT_SUM || f.sort == LIGHT_RATE || f.sort == LIGHT_CAP) {
        judge_percent(&f);
    } else {
        judge_bare(&f);
    }
    if (question->verdict == VERDICT_MET || question->verdict == VERDICT_MISSED) {
        f.overdue = false;
        f.colour = question->verdict == VERDICT_MET ? LIGHT_GREEN : LIGHT_RED;
    }
    return light_say(&f, a);
}

bool light_expected_value(const struct light_question *question, struct decimal *out) {
    enum { PLACES = 4 };
    struct light_finding f = {.q = question,
                              .sort = sort_of(question->goal),
                              .way = light_way_of(question->goal, question->path)};
    struct fraction value = fraction_of_decimal(light_goal_value(&f));
    if (f.way == LIGHT_WAY_NONE) {
        return false;
    }
    if (f.way == LIGHT_WAY_DRAWN) {
        return path_expected(question->path, question->plan_year, question->day, &value) &&
               fraction_round(value, PLACES, out);
    }
    if (f.way == LIGHT_WAY_LINEAR) {
        struct fraction part;
        return question->pace.missing_year == 0 &&
               fraction_div(pace_percent(question), hundred(), &part) &&
               fraction_mul(value, part, &value) && fraction_round(value, PLACES, out);
    }
    return fraction_round(value, PLACES, out);
}
