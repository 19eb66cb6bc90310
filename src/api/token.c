/* token: one's own tokens, with which programs sign in. */
#include "access/token.h"

#include "api/api_int.h"

enum { NAME_BYTES_MAX = 400 };

static void put_token(struct json_out *j, const struct token *t) {
    json_put_int(j, "id", t->id);
    json_put_str(j, "name", t->name);
    call_put_time(j, "created", t->created_ms);
    call_put_time(j, "expires", t->expires_ms);
    if (t->used_day == TOKEN_UNUSED) {
        json_put_str(j, "used", NULL);
    } else {
        call_put_day(j, "used", t->used_day);
    }
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct token *tokens;
    size_t count;
    (void)data;
    enum code code = token_list(tx, c->who.account, c->arena, &tokens, &count, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_list(c);
    for (size_t i = 0; i < count; i++) {
        json_obj(j);
        put_token(j, &tokens[i]);
        json_obj_end(j);
    }
    call_list_end(c);
    return OK;
}

enum code api_token_list(struct call *c, struct err *err) {
    return call_read(c, list, NULL, err);
}

static void put_made(struct call *c, const struct token *t, const char *secret) {
    struct json_out *j = call_json(c);
    json_obj(j);
    put_token(j, t);
    json_put_str(j, "secret", secret);
    json_obj_end(j);
}

static enum code add(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct token_new *wanted = data;
    struct token *tokens;
    size_t count;
    int64_t id;
    enum code code = token_create(tx, wanted, &id, err);
    if (code == OK) {
        code = token_list(tx, wanted->account, c->arena, &tokens, &count, err);
    }
    for (size_t i = 0; code == OK && i < count; i++) {
        if (tokens[i].id == id) {
            put_made(c, &tokens[i], wanted->text);
        }
    }
    return code;
}

enum code api_token_add(struct call *c, struct err *err) {
    static const char *const names[] = {"name", "days", NULL};
    struct json_range range = {TOKEN_DAYS_MIN, TOKEN_DAYS_MAX};
    const struct json_value *body;
    char text[TOKEN_TEXT_MAX];
    struct token_new wanted = {.account = c->who.account, .text = text};
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = json_need_text(body, "name", NAME_BYTES_MAX, &wanted.name, err);
    }
    if (code == OK) {
        code = json_need_int(body, "days", range, &wanted.days, err);
    }
    if (code != OK) {
        return code;
    }
    access_token(c->api->access, text);
    return call_change(c, add, &wanted, err);
}

static enum code revoke(struct call *c, struct tx *tx, void *data, struct err *err) {
    const int64_t *id = data;
    return token_revoke(tx, c->who.account, *id, err);
}

enum code api_token_revoke(struct call *c, struct err *err) {
    int64_t id;
    enum code code = call_number(c, "id", &id, err);
    return code == OK ? call_change(c, revoke, &id, err) : code;
}
