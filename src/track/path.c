/* path: see path.h. */
#include "track/path.h"

#include <stdio.h>

#include "base/date.h"
#include "base/json.h"
#include "store/journal.h"
#include "track/due.h"
#include "track/goal.h"
#include "track/path_int.h"

/* ---- months ---- */

static bool read_digits(const char *s, size_t n, int *out) {
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return false;
        }
        v = v * 10 + (s[i] - '0');
    }
    *out = v;
    return true;
}

enum code path_parse_month(const char *s, size_t n, struct path_point *out, struct err *err) {
    int year = 0;
    int month = 0;
    bool read = n == PATH_MONTH_TEXT - 1 && s[4] == '-' && read_digits(s, 4, &year) &&
                read_digits(s + 5, 2, &month);
    if (!read || year < DATE_YEAR_MIN || month < 1 || month > 12) {
        return err_set(err, E_INPUT, "cannot read month \"%.*s\": it is written 2021-03",
                       (int)(n < 20 ? n : 20), s);
    }
    out->year = year;
    out->month = month;
    return OK;
}

char *path_month_text(const struct path_point *p, char to[PATH_MONTH_TEXT]) {
    snprintf(to, PATH_MONTH_TEXT, "%04u-%02u", (unsigned)p->year % 10000, (unsigned)p->month % 100);
    return to;
}

static int32_t month_end(const struct path_point *p) {
    return date_to_day((struct date){p->year, p->month, date_month_length(p->year, p->month)});
}

/* ---- what is expected ---- */

/* Straight from (day x0, value y0) to the point, at a day between. */
static bool between(int32_t x0, struct fraction y0, const struct path_point *to, int32_t day,
                    struct fraction *out) {
    struct fraction part;
    struct fraction rise;
    return fraction_div(fraction_of(day - x0), fraction_of(month_end(to) - x0), &part) &&
           fraction_sub(fraction_of_decimal(to->value), y0, &rise) &&
           fraction_mul(rise, part, &rise) && fraction_add(y0, rise, out);
}

bool path_expected(const struct path *path, int plan_year, int32_t day, struct fraction *out) {
    int32_t x = date_to_day((struct date){plan_year, 1, 1}) - 1; /* the end of the day before */
    struct fraction y = fraction_of(0);
    if (day <= x) {
        *out = y;
        return true;
    }
    for (size_t i = 0; i < path->count; i++) {
        const struct path_point *p = &path->points[i];
        if (day <= month_end(p)) {
            return between(x, y, p, day, out);
        }
        x = month_end(p);
        y = fraction_of_decimal(p->value);
    }
    *out = y;
    return true;
}

/* ---- what is asked ---- */

static int month_number(int year, int month) {
    return year * 12 + month - 1;
}

/* From which month to which a path of an item may go. */
struct span_of_months {
    int first;
    int last;
};

static enum code find_months(struct tx *tx, const struct item *item, struct span_of_months *out,
                             struct err *err) {
    int year = 0;
    int32_t due = 0;
    enum code code = kept_find_year(tx, item->plan, &year, err);
    if (code == OK) {
        code = due_find(tx, item, &due, err);
    }
    if (code == OK) {
        struct date d = date_of_day(due);
        *out = (struct span_of_months){month_number(year, 1), month_number(d.year, d.month)};
    }
    return code;
}

static enum code check_point(const struct path_point *p, const struct goal *goal, struct err *err) {
    char month[PATH_MONTH_TEXT];
    char text[DECIMAL_TEXT_MAX];
    if (p->value.coef < 0) {
        return err_set(err, E_INPUT, "a path does not go below 0, as %s in %s does",
                       decimal_text(p->value, text), path_month_text(p, month));
    }
    return goal_check(goal, p->value, err);
}

static enum code check_points(const struct path_request *r, const struct span_of_months *months,
                              const struct goal *goal, struct err *err) {
    char text[PATH_MONTH_TEXT];
    int before = months->first - 1;
    enum code code = OK;
    for (size_t i = 0; code == OK && i < r->count; i++) {
        int month = month_number(r->points[i].year, r->points[i].month);
        path_month_text(&r->points[i], text);
        if (month < months->first || month > months->last) {
            return err_set(err, E_INPUT, "%s lies outside %d-%02d to %d-%02d, when this is due",
                           text, months->first / 12, months->first % 12 + 1, months->last / 12,
                           months->last % 12 + 1);
        }
        if (month <= before) {
            return err_set(err, E_INPUT, "the months of a path ascend, %s does not", text);
        }
        before = month;
        code = check_point(&r->points[i], goal, err);
    }
    return code;
}

static enum code check_request(struct tx *tx, const struct path_request *r, struct err *err) {
    struct arena a = ARENA_INIT;
    struct span_of_months months;
    struct goal goal;
    enum code code = item_check(tx, &r->item, r->seen, err);
    if (code == OK && r->count == 0) {
        code = err_set(err, E_INPUT, "a path has at least one point");
    }
    if (code == OK && r->count > PATH_POINTS_MAX) {
        code = err_set(err, E_LIMIT, "a path has at most %d points, not %zu", PATH_POINTS_MAX,
                       r->count);
    }
    if (code == OK) {
        code = find_months(tx, &r->item, &months, err);
    }
    if (code == OK) {
        code = goal_find(tx, &r->item, &a, &goal, err);
    }
    if (code == OK) {
        code = check_points(r, &months, &goal, err);
    }
    arena_fini(&a);
    return code;
}

/* ---- the line ---- */

static void put_points(struct json_out *j, const struct path_request *r) {
    json_key(j, "points");
    json_arr(j);
    for (size_t i = 0; i < r->count; i++) {
        char month[PATH_MONTH_TEXT];
        char value[DECIMAL_TEXT_MAX];
        json_obj(j);
        json_put_str(j, "month", path_month_text(&r->points[i], month));
        json_put_str(j, "value", decimal_text(r->points[i].value, value));
        json_obj_end(j);
    }
    json_arr_end(j);
}

/* path.cleared where `drawn` is false. */
static enum code add_line(struct tx *tx, const struct path_request *r, bool drawn, int64_t *line,
                          struct err *err) {
    char subject[ITEM_SUBJECT_MAX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    if (drawn) {
        put_points(&j, r);
    }
    json_obj_end(&j);
    struct journal_entry entry = {r->actor, item_subject(&r->item, subject),
                                  drawn ? "path.drawn" : "path.cleared", payload.data};
    enum code code = journal_add(tx, &entry, line, err);
    buf_fini(&payload);
    return code;
}

enum code path_draw(struct tx *tx, const struct path_request *request, int64_t *line,
                    struct err *err) {
    int64_t at = 0;
    enum code code = check_request(tx, request, err);
    if (code == OK) {
        code = add_line(tx, request, true, &at, err);
    }
    if (code == OK) {
        code = path_db_end(tx, &request->item, at, err);
    }
    if (code == OK) {
        code = path_db_add(tx, request, at, err);
    }
    if (code == OK) {
        *line = at;
    }
    return code;
}

static enum code check_drawn(struct tx *tx, const struct item *item, struct err *err) {
    struct arena a = ARENA_INIT;
    struct path path;
    bool found = false;
    enum code code = path_find(tx, item, INT64_MAX, &a, &path, &found, err);
    if (code == OK && !found) {
        char subject[ITEM_SUBJECT_MAX];
        code = err_set(err, E_ABSENT, "no path is drawn for %s", item_subject(item, subject));
    }
    arena_fini(&a);
    return code;
}

enum code path_clear(struct tx *tx, const struct path_request *request, int64_t *line,
                     struct err *err) {
    int64_t at = 0;
    enum code code = item_check(tx, &request->item, request->seen, err);
    if (code == OK) {
        code = check_drawn(tx, &request->item, err);
    }
    if (code == OK) {
        code = add_line(tx, request, false, &at, err);
    }
    if (code == OK) {
        code = path_db_end(tx, &request->item, at, err);
    }
    if (code == OK) {
        *line = at;
    }
    return code;
}
