/* due: see due.h. */
#include "track/due.h"

#include <string.h>

#include "base/date.h"

static int32_t year_end(int year) {
    return date_to_day((struct date){year, 12, 31});
}

int32_t due_of_task(const struct kept_task *task, int plan_year) {
    int32_t day;
    if (task->deadline != NULL &&
        date_parse(task->deadline, strlen(task->deadline), &day, NULL) == OK) {
        return day;
    }
    return year_end(plan_year);
}

/* Years that the reader's words mean (plan/figure.c), from the plan year on, and the last years of
 * five-year plans. */
static const struct {
    const char *horizon;
    int years;
    int last;
} horizons[] = {
    {"two-year", 2, 0},  {"three-year", 3, 0}, {"five-year", 5, 0}, {"long-term", 5, 0},
    {"十一五", 0, 2010}, {"十二五", 0, 2015},  {"十三五", 0, 2020}, {"十四五", 0, 2025},
    {"十五五", 0, 2030}, {"十六五", 0, 2035},  {"十七五", 0, 2040},
};

/* "2025"; 0 for anything else. */
static int read_year(const char *s) {
    struct decimal d;
    bool year = strlen(s) == 4 && decimal_parse(s, 4, &d) && d.scale == 0;
    return year ? (int)d.coef : 0;
}

static int horizon_year(const char *horizon, int plan_year) {
    for (size_t i = 0; i < sizeof horizons / sizeof horizons[0]; i++) {
        if (strcmp(horizons[i].horizon, horizon) == 0) {
            return horizons[i].last != 0 ? horizons[i].last : plan_year + horizons[i].years - 1;
        }
    }
    return read_year(horizon);
}

int32_t due_of_target(const struct kept_target *target, const struct kept_task *task,
                      int plan_year) {
    if (task != NULL && task->deadline != NULL) {
        return due_of_task(task, plan_year);
    }
    int year = target->horizon == NULL ? 0 : horizon_year(target->horizon, plan_year);
    return year_end(year < plan_year ? plan_year : year); /* a goal is never for the past */
}

static enum code find_of_target(struct tx *tx, const struct item *item, int year, struct arena *a,
                                int32_t *due, struct err *err) {
    struct kept_target target;
    struct kept_task task;
    enum code code = kept_find_target(tx, item->plan, item->number, a, &target, err);
    if (code == OK && target.task != 0) {
        code = kept_find_task(tx, item->plan, target.task, a, &task, err);
    }
    if (code == OK) {
        *due = due_of_target(&target, target.task == 0 ? NULL : &task, year);
    }
    return code;
}

static enum code find_of_task(struct tx *tx, const struct item *item, int year, struct arena *a,
                              int32_t *due, struct err *err) {
    struct kept_task task;
    enum code code = kept_find_task(tx, item->plan, item->number, a, &task, err);
    if (code == OK) {
        *due = due_of_task(&task, year);
    }
    return code;
}

enum code due_find(struct tx *tx, const struct item *item, int32_t *due, struct err *err) {
    struct arena a = ARENA_INIT;
    int year = 0;
    enum code code = kept_find_year(tx, item->plan, &year, err);
    if (code == OK) {
        code = item->sort == KEPT_TASK ? find_of_task(tx, item, year, &a, due, err)
                                       : find_of_target(tx, item, year, &a, due, err);
    }
    arena_fini(&a);
    return code;
}
