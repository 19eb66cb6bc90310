/* term: see term.h. */
#include "city/term.h"

#include "base/date.h"

enum { HOUR_MS = 3600 * 1000 };

static enum code negative(int32_t n, struct err *err) {
    return err_set(err, E_INPUT, "cannot count a term of %d: it must not be negative", n);
}

static enum code count(const struct calendar *c, int32_t start, struct term term, int32_t *out,
                       struct err *err) {
    switch (term.unit) {
    case TERM_WORKDAYS:
        return calendar_add_workdays(c, start, term.n, out, err);
    case TERM_DAYS:
        return date_add_days(start, term.n, out, err);
    case TERM_MONTHS:
        return date_add_months(start, term.n, out, err);
    case TERM_YEARS:
        return date_add_months(start, (int64_t)term.n * 12, out, err);
    }
    return err_set(err, E_INPUT, "cannot count a term in unit %d", (int)term.unit);
}

enum code term_end(const struct calendar *c, int32_t start, struct term term, struct term_end *out,
                   struct err *err) {
    struct term_end end;
    if (term.n < 0) {
        return negative(term.n, err);
    }
    enum code code = count(c, start, term, &end.counted, err);
    if (code != OK) {
        return code;
    }
    end.last = end.counted;
    if (term.unit != TERM_WORKDAYS) {
        code = calendar_roll(c, end.counted, &end.last, err);
    }
    if (code == OK) {
        *out = end;
    }
    return code;
}

int64_t term_too_late_ms(int32_t last_day) {
    return date_start_ms(last_day, DATE_BEIJING_OFFSET_S) + (int64_t)24 * HOUR_MS;
}

enum code term_hours_end(int64_t start_ms, int32_t hours, int64_t *end_ms, struct err *err) {
    int32_t day;
    if (hours < 0) {
        return negative(hours, err);
    }
    enum code code = date_of_moment(start_ms, DATE_BEIJING_OFFSET_S, &day, err);
    if (code != OK) {
        return code;
    }
    int64_t end = start_ms + (int64_t)hours * HOUR_MS;
    code = date_of_moment(end, DATE_BEIJING_OFFSET_S, &day, err);
    if (code == OK) {
        *end_ms = end;
    }
    return code;
}
