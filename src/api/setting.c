/* setting: thresholds of the lights and the term of a slip. */
#include "api/setting_int.h"

#include "track/setting.h"

#include <string.h>

#include "api/api_int.h"

enum { TEXT_BYTES_MAX = 64 };

void setting_put(struct json_out *j, const struct settings *s, int64_t version) {
    char text[DECIMAL_TEXT_MAX];
    json_obj(j);
    for (enum setting i = 0; i < SETTINGS; i++) {
        const struct setting_rule *rule = setting_rule(i);
        decimal_text(s->value[i], text);
        json_key(j, rule->name);
        if (rule->type == SETTING_WHOLE) {
            json_raw(j, text, strlen(text));
        } else {
            json_str(j, text);
        }
    }
    json_put_int(j, "version", version);
    json_obj_end(j);
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct settings s;
    int64_t version;
    (void)data;
    enum code code = setting_load(tx, INT64_MAX, &s, err);
    if (code == OK) {
        code = setting_version(tx, &version, err);
    }
    if (code == OK) {
        setting_put(call_json(c), &s, version);
        call_set_version(c, version);
    }
    return code;
}

enum code api_setting_get(struct call *c, struct err *err) {
    return call_read(c, get, NULL, err);
}

/* A whole number is a JSON number, a decimal is text. */
static enum code take(const struct json_value *body, enum setting which, struct decimal *out,
                      struct err *err) {
    const struct setting_rule *rule = setting_rule(which);
    const struct json_value *v = json_member(body, rule->name);
    bool right = v != NULL && (v->kind == JSON_STRING ||
                               (v->kind == JSON_NUMBER && rule->type == SETTING_WHOLE));
    if (!right) {
        return err_set(err, E_INPUT, "cannot take \"%s\": it is a number%s", rule->name,
                       rule->type == SETTING_WHOLE ? "" : " in quotes");
    }
    return setting_parse(which, v->text, v->len, out, err);
}

static enum code change(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct setting_request *request = data;
    int64_t line;
    enum code code = setting_change(tx, request, &line, err);
    if (code == OK) {
        setting_put(call_json(c), &request->now, line);
        call_set_version(c, line);
    }
    return code;
}

enum code api_setting_change(struct call *c, struct err *err) {
    const char *names[SETTINGS + 1] = {NULL};
    struct setting_request request = {.actor = c->actor, .seen = call_seen(c)};
    const struct json_value *body;
    for (enum setting i = 0; i < SETTINGS; i++) {
        names[i] = setting_rule(i)->name;
    }
    enum code code = call_body(c, names, &body, err);
    for (enum setting i = 0; code == OK && i < SETTINGS; i++) {
        code = take(body, i, &request.now.value[i], err);
    }
    return code == OK ? call_change(c, change, &request, err) : code;
}
