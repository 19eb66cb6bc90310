/* entity_period: see entity_period.h. */
#include "ngsi/entity_period.h"

#include <string.h>

#include "base/date.h"
#include "ngsi/entity.h"

enum { DAY_MS = 24 * 3600 * 1000, YEARS_MAX = 10000 };

/* ---- stretches ---- */

static enum code parse_moment(const char *name, const char *s, int64_t *out, struct err *err) {
    enum code code = entity_time_parse(s, out, err);
    if (code != OK && err != NULL) {
        err_prefix(err, name);
    }
    return code;
}

static const struct {
    const char *name;
    enum entity_relation relation;
} relations[] = {{"before", ENTITY_BEFORE}, {"after", ENTITY_AFTER}, {"between", ENTITY_BETWEEN}};

static enum code parse_relation(const char *s, enum entity_relation *out, struct err *err) {
    for (size_t i = 0; i < sizeof relations / sizeof relations[0]; i++) {
        if (strcmp(s, relations[i].name) == 0) {
            *out = relations[i].relation;
            return OK;
        }
    }
    return err_set(err, E_INPUT, "cannot take timerel \"%.40s\": it is before, after or between",
                   s);
}

/* Whether what belongs together is there together. */
static enum code check_words(const struct entity_stretch_words *w, enum entity_relation relation,
                             struct err *err) {
    bool between = relation == ENTITY_BETWEEN;
    if (relation == ENTITY_ALWAYS) {
        return w->time_at == NULL && w->end_time_at == NULL
                   ? OK
                   : err_set(err, E_INPUT, "cannot take timeAt or endTimeAt without timerel");
    }
    if (w->time_at == NULL) {
        return err_set(err, E_INPUT, "cannot take timerel \"%.40s\" without timeAt", w->timerel);
    }
    if (between != (w->end_time_at != NULL)) {
        return err_set(err, E_INPUT, "cannot take timerel \"%.40s\" %s endTimeAt", w->timerel,
                       between ? "without" : "with");
    }
    return OK;
}

enum code entity_stretch_parse(const struct entity_stretch_words *w, struct entity_stretch *out,
                               struct err *err) {
    struct entity_stretch to = {ENTITY_ALWAYS, {-ENTITY_EVER_MS, ENTITY_EVER_MS}};
    int64_t at = 0;
    enum code code = w->timerel == NULL ? OK : parse_relation(w->timerel, &to.relation, err);
    if (code == OK) {
        code = check_words(w, to.relation, err);
    }
    if (code == OK && w->time_at != NULL) {
        code = parse_moment("timeAt", w->time_at, &at, err);
        *(to.relation == ENTITY_BEFORE ? &to.span.to_ms : &to.span.from_ms) = at;
    }
    if (code == OK && w->end_time_at != NULL) {
        code = parse_moment("endTimeAt", w->end_time_at, &to.span.to_ms, err);
    }
    if (code == OK && to.relation == ENTITY_BETWEEN && to.span.to_ms <= to.span.from_ms) {
        code = err_set(err, E_INPUT, "cannot take endTimeAt \"%.40s\": it is not behind timeAt",
                       w->end_time_at);
    }
    if (code == OK) {
        *out = to;
    }
    return code;
}

/* ---- durations ---- */

/* In the order in which they may stand. */
static const struct unit {
    char letter;
    bool clock; /* stands behind the T */
    int32_t months;
    int64_t ms;
} units[] = {
    {'Y', false, 12, 0},     {'M', false, 1, 0},      {'W', false, 0, 7LL * DAY_MS},
    {'D', false, 0, DAY_MS}, {'H', true, 0, 3600000}, {'M', true, 0, 60000},
    {'S', true, 0, 1000},
};

enum { UNITS = sizeof units / sizeof units[0], WEEK = 2, SECOND = UNITS - 1 };

/* Digits of a duration so far. */
struct amount {
    int64_t whole;
    int64_t thousandths;
    bool fraction;
};

/* At most nine digits, and of a fraction those that are milliseconds. */
static bool take_amount(const char **s, struct amount *out) {
    struct amount to = {0, 0, false};
    size_t n = strspn(*s, "0123456789");
    if (n == 0 || n > 9) {
        return false;
    }
    for (; n > 0; n--) {
        to.whole = to.whole * 10 + (*(*s)++ - '0');
    }
    if (**s == '.' || **s == ',') {
        to.fraction = true;
        n = strspn(++*s, "0123456789");
        for (size_t i = 0; i < 3; i++) {
            to.thousandths = to.thousandths * 10 + (i < n ? (*s)[i] - '0' : 0);
        }
        *s += n;
        if (n == 0) {
            return false;
        }
    }
    *out = to;
    return true;
}

/* One amount with its letter; *next is the first unit that may still come. */
static bool take_part(const char **s, bool clock, int *next, struct entity_duration *to) {
    struct amount a;
    if (!take_amount(s, &a)) {
        return false;
    }
    for (int i = *next; i < UNITS; i++) {
        if (units[i].clock == clock && units[i].letter == **s) {
            bool alone = i != WEEK || *next == 0;
            ++*s;
            *next = i == WEEK ? UNITS : i + 1; /* weeks stand alone */
            to->months += (int32_t)(a.whole % 1000000 * units[i].months);
            to->ms += a.whole * units[i].ms + a.thousandths;
            return alone && (!a.fraction || i == SECOND) &&
                   (units[i].months == 0 || a.whole < 1000000);
        }
    }
    return false;
}

enum code entity_duration_parse(const char *s, struct entity_duration *out, struct err *err) {
    struct entity_duration to = {0, 0};
    const char *at = s;
    int next = 0;
    bool clock = false;
    bool good = *at++ == 'P' && *at != '\0';
    while (good && *at != '\0') {
        if (*at == 'T') {
            good = !clock && next <= SECOND && at[1] != '\0';
            clock = true;
            at++;
        }
        good = good && take_part(&at, clock, &next, &to);
    }
    if (!good) {
        return err_set(err, E_INPUT,
                       "cannot take aggrPeriodDuration \"%.40s\": it is as P1D, PT1H or P1Y2M", s);
    }
    if (to.months > YEARS_MAX * 12 || to.ms > (int64_t)YEARS_MAX * 366 * DAY_MS) {
        return err_set(err, E_LIMIT, "cannot take aggrPeriodDuration \"%.40s\": it is too long", s);
    }
    *out = to;
    return OK;
}

/* ---- periods ---- */

/* `n` durations behind the origin; ENTITY_EVER_MS behind the last day there is. */
static int64_t start_of(const struct entity_duration *d, int64_t origin_ms, int64_t n) {
    int64_t day = origin_ms / DAY_MS - (origin_ms % DAY_MS < 0);
    int32_t moved;
    if (d->months == 0) {
        return origin_ms + n * d->ms;
    }
    if (date_add_months((int32_t)day, n * d->months, &moved, NULL) != OK) {
        return ENTITY_EVER_MS;
    }
    return (int64_t)moved * DAY_MS + (origin_ms - day * DAY_MS) + n * d->ms;
}

struct entity_span entity_period_of(const struct entity_duration *d, int64_t origin_ms,
                                    int64_t end_ms, int64_t at_ms) {
    if (d->months == 0 && d->ms == 0) {
        return (struct entity_span){origin_ms, end_ms};
    }
    /* No month is longer than 31 days: it is this period or one soon behind it. */
    int64_t longest = d->ms + (int64_t)d->months * 31 * DAY_MS;
    int64_t n = (at_ms - origin_ms) / longest;
    while (start_of(d, origin_ms, n + 1) <= at_ms) {
        n++;
    }
    return (struct entity_span){start_of(d, origin_ms, n), start_of(d, origin_ms, n + 1)};
}
