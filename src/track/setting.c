/* setting: see setting.h. */
#include "track/setting.h"

#include <inttypes.h>

#include "base/json.h"
#include "store/journal.h"
#include "track/setting_int.h"

static const struct setting_rule rules[SETTINGS] = {
    [SETTING_YELLOW_FROM] = {"yellow_from", SETTING_DECIMAL, "percentage points", 0, 100, 10,
                             "a light is yellow from this lag on"},
    [SETTING_RED_ABOVE] = {"red_above", SETTING_DECIMAL, "percentage points", 0, 100, 30,
                           "a light is red above this lag"},
    [SETTING_SLIP_DAYS] = {"slip_days", SETTING_WHOLE, "working days", 1, 60, 5,
                           "how long a supervision slip gives where it does not say"},
};

const struct setting_rule *setting_rule(enum setting which) {
    return &rules[which];
}

struct settings setting_defaults(void) {
    struct settings s;
    for (int i = 0; i < SETTINGS; i++) {
        s.value[i] = decimal_of(rules[i].preset);
    }
    return s;
}

static enum code check_one(enum setting which, struct decimal v, struct err *err) {
    const struct setting_rule *r = &rules[which];
    char text[DECIMAL_TEXT_MAX];
    if (r->type == SETTING_WHOLE && v.scale != 0) {
        return err_set(err, E_INPUT, "%s is a whole number of %s, not %s", r->name, r->unit,
                       decimal_text(v, text));
    }
    if (decimal_cmp(v, decimal_of(r->min)) < 0 || decimal_cmp(v, decimal_of(r->max)) > 0) {
        return err_set(err, E_INPUT, "%s is %d to %d %s, not %s", r->name, r->min, r->max, r->unit,
                       decimal_text(v, text));
    }
    return OK;
}

enum code setting_parse(enum setting which, const char *s, size_t n, struct decimal *out,
                        struct err *err) {
    struct decimal v;
    if (!decimal_parse(s, n, &v)) {
        return err_set(err, E_INPUT, "%s is a number of %s, not \"%.*s\"", rules[which].name,
                       rules[which].unit, (int)(n < 40 ? n : 40), s);
    }
    enum code code = check_one(which, v, err);
    if (code == OK) {
        *out = v;
    }
    return code;
}

static enum code check_all(const struct settings *s, struct err *err) {
    enum code code = OK;
    for (int i = 0; code == OK && i < SETTINGS; i++) {
        code = check_one((enum setting)i, s->value[i], err);
    }
    if (code == OK && decimal_cmp(s->value[SETTING_YELLOW_FROM], s->value[SETTING_RED_ABOVE]) > 0) {
        code = err_set(err, E_INPUT, "yellow_from cannot be above red_above");
    }
    return code;
}

enum code setting_version(struct tx *tx, int64_t *version, struct err *err) {
    return journal_last_of(tx, SETTING_SUBJECT, version, err);
}

static enum code check_version(struct tx *tx, int64_t seen, struct err *err) {
    int64_t version = 0;
    enum code code = setting_version(tx, &version, err);
    if (code == OK && version != seen) {
        code = err_set(err, E_CONFLICT,
                       "the settings are now at version %" PRId64
                       ", the change was made to version %" PRId64,
                       version, seen);
    }
    return code;
}

static void put_decimal(struct json_out *j, const char *key, struct decimal v) {
    char text[DECIMAL_TEXT_MAX];
    json_put_str(j, key, decimal_text(v, text));
}

static enum code add_line(struct tx *tx, const struct setting_request *r,
                          const struct settings *old, int64_t *line, struct err *err) {
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_key(&j, "changes");
    json_arr(&j);
    for (int i = 0; i < SETTINGS; i++) {
        if (decimal_cmp(old->value[i], r->now.value[i]) != 0) {
            json_obj(&j);
            json_put_str(&j, "name", rules[i].name);
            put_decimal(&j, "old", old->value[i]);
            put_decimal(&j, "now", r->now.value[i]);
            json_obj_end(&j);
        }
    }
    json_arr_end(&j);
    json_obj_end(&j);
    struct journal_entry entry = {r->actor, SETTING_SUBJECT, "settings.changed", payload.data};
    enum code code = journal_add(tx, &entry, line, err);
    buf_fini(&payload);
    return code;
}

enum code setting_change(struct tx *tx, const struct setting_request *request, int64_t *line,
                         struct err *err) {
    struct settings old;
    int64_t at = 0;
    enum code code = check_all(&request->now, err);
    if (code == OK) {
        code = check_version(tx, request->seen, err);
    }
    if (code == OK) {
        code = setting_load(tx, INT64_MAX, &old, err);
    }
    if (code == OK) {
        code = add_line(tx, request, &old, &at, err);
    }
    for (int i = 0; code == OK && i < SETTINGS; i++) {
        if (decimal_cmp(old.value[i], request->now.value[i]) != 0) {
            code = setting_db_set(tx, (enum setting)i, request->now.value[i], at, err);
        }
    }
    if (code == OK) {
        *line = at;
    }
    return code;
}
