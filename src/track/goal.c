/* goal: see goal.h. */
#include "track/goal.h"

#include <string.h>

struct goal goal_of_task(void) {
    return (struct goal){.is_share = true,
                         .kind = KIND_COMPLETE,
                         .comparator = COMPARATOR_EQ,
                         .value = decimal_of(100),
                         .value_max = decimal_of(100),
                         .unit = "%"};
}

static enum figure_kind kind_of(const char *name) {
    for (int k = KIND_NONE + 1; name != NULL && k < KINDS; k++) {
        if (strcmp(figure_kind_name((enum figure_kind)k), name) == 0) {
            return (enum figure_kind)k;
        }
    }
    return KIND_NONE;
}

static enum comparator comparator_of(const char *name) {
    for (int c = COMPARATOR_NONE + 1; name != NULL && c <= COMPARATOR_ABOUT; c++) {
        if (strcmp(comparator_name((enum comparator)c), name) == 0) {
            return (enum comparator)c;
        }
    }
    return COMPARATOR_NONE;
}

static bool read_value(const char *text, struct decimal *out) {
    return text != NULL && decimal_parse_signed(text, strlen(text), out);
}

struct goal goal_of_target(const struct kept_target *target) {
    struct goal g = goal_of_task();
    if (!read_value(target->value, &g.value)) {
        return g;
    }
    g.is_share = false;
    g.kind = kind_of(target->kind);
    g.comparator = comparator_of(target->comparator);
    g.unit = target->unit == NULL ? "" : target->unit;
    if (!read_value(target->value_max, &g.value_max)) {
        g.value_max = g.value;
    }
    return g;
}

enum code goal_find(struct tx *tx, const struct item *item, struct arena *a, struct goal *out,
                    struct err *err) {
    struct kept_task task;
    struct kept_target target;
    enum code code = OK;
    if (item->sort == KEPT_TASK) {
        code = kept_find_task(tx, item->plan, item->number, a, &task, err);
    } else {
        code = kept_find_target(tx, item->plan, item->number, a, &target, err);
    }
    if (code == OK) {
        *out = item->sort == KEPT_TASK ? goal_of_task() : goal_of_target(&target);
    }
    return code;
}

static bool may_fall(enum figure_kind kind) {
    static const bool may[KINDS] = {
        [KIND_NONE] = true,  [KIND_GROWTH_RATE] = true, [KIND_REDUCTION] = true,
        [KIND_LEVEL] = true, [KIND_RATIO] = true,       [KIND_OTHER] = true};
    return may[kind];
}

enum code goal_check(const struct goal *goal, struct decimal value, struct err *err) {
    char text[DECIMAL_TEXT_MAX];
    decimal_text(value, text);
    if (goal->is_share && (value.coef < 0 || decimal_cmp(value, decimal_of(100)) > 0)) {
        return err_set(err, E_INPUT, "how much is done is 0 to 100 %%, not %s", text);
    }
    if (value.coef < 0 && !may_fall(goal->kind)) {
        return err_set(err, E_INPUT, "%s %s: what is counted here cannot be below 0", text,
                       goal->unit);
    }
    return OK;
}
