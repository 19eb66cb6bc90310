/* account: the accounts, for administrators. */
#include "access/account.h"

#include <string.h>

#include "api/api_int.h"

enum { TEXT_BYTES_MAX = 512 };

static void put_account(struct call *c, struct json_out *j, const struct account *a) {
    json_obj(j);
    json_put_int(j, "id", a->id);
    json_put_str(j, "login", a->login);
    json_put_str(j, "name", a->name);
    json_put_str(j, "role", role_name(a->role));
    json_put_str(j, "organisation", a->organisation);
    json_put_str(j, "organisation_name", api_organisation_name(c, a->organisation));
    json_put_bool(j, "disabled", a->disabled);
    json_put_bool(j, "must_change", a->must_change);
    json_put_int(j, "version", a->version);
    json_obj_end(j);
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct account *accounts;
    size_t count;
    (void)data;
    enum code code = account_list(tx, c->arena, &accounts, &count, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_list(c);
    for (size_t i = 0; i < count; i++) {
        put_account(c, j, &accounts[i]);
    }
    call_list_end(c);
    return OK;
}

enum code api_account_list(struct call *c, struct err *err) {
    return call_read(c, list, NULL, err);
}

/* The account as the answer; with the password it has once, as account and password. */
static enum code put_one(struct call *c, struct tx *tx, int64_t id, const char *password,
                         struct err *err) {
    struct account account;
    enum code code = account_find(tx, id, c->arena, &account, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_json(c);
    if (password == NULL) {
        put_account(c, j, &account);
    } else {
        json_obj(j);
        json_key(j, "account");
        put_account(c, j, &account);
        json_put_str(j, "password", password);
        json_obj_end(j);
    }
    call_set_version(c, account.version);
    return OK;
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    const int64_t *id = data;
    return put_one(c, tx, *id, NULL, err);
}

enum code api_account_get(struct call *c, struct err *err) {
    int64_t id;
    enum code code = call_number(c, "id", &id, err);
    return code == OK ? call_read(c, get, &id, err) : code;
}

/* ---- what a body says ---- */

static enum code take_role(const struct json_value *body, enum role *role, struct err *err) {
    const char *name = NULL;
    enum code code = json_take_text(body, "role", TEXT_BYTES_MAX, &name, err);
    if (code == OK && name != NULL && !role_parse(name, role)) {
        code = err_set(err, E_INPUT, "cannot take role \"%.40s\": there is no such role", name);
    }
    return code;
}

/* An explicit null takes the organisation away. */
static enum code take_organisation(struct call *c, const struct json_value *body,
                                   const char **organisation, struct err *err) {
    const struct json_value *v = json_member(body, "organisation");
    const char *code_text = NULL;
    enum code code = json_take_text(body, "organisation", TEXT_BYTES_MAX, &code_text, err);
    if (code != OK || v == NULL) {
        return code;
    }
    if (code_text != NULL && api_organisation_name(c, code_text) == NULL) {
        return err_set(err, E_INPUT, "cannot take organisation \"%.64s\": there is none",
                       code_text);
    }
    *organisation = code_text;
    return OK;
}

/* ---- a new one ---- */

struct add {
    struct account_new account;
    struct access_one_time once;
};

static enum code add(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct add *add = data;
    int64_t id;
    enum code code = account_create(tx, &add->account, &id, err);
    return code == OK ? put_one(c, tx, id, add->once.password, err) : code;
}

enum code api_account_add(struct call *c, struct err *err) {
    static const char *const names[] = {"login", "name", "role", "organisation", NULL};
    const struct json_value *body;
    struct add wanted = {.account = {.actor = c->actor, .role = ROLE_NONE}};
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = json_need_text(body, "login", TEXT_BYTES_MAX, &wanted.account.login, err);
    }
    if (code == OK) {
        code = json_need_text(body, "name", TEXT_BYTES_MAX, &wanted.account.name, err);
    }
    if (code == OK) {
        code = take_role(body, &wanted.account.role, err);
    }
    if (code == OK && wanted.account.role == ROLE_NONE) {
        code = err_set(err, E_INPUT, "cannot make an account: \"role\" is missing");
    }
    if (code == OK) {
        code = take_organisation(c, body, &wanted.account.organisation, err);
    }
    if (code == OK) {
        code = access_one_time(c->api->access, &wanted.once, err);
    }
    wanted.account.hash = wanted.once.hash;
    return code == OK ? call_change(c, add, &wanted, err) : code;
}

/* ---- a change ---- */

struct change {
    const struct json_value *body;
    int64_t id;
};

static enum code change(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct change *change = data;
    struct account was;
    enum code code = account_find(tx, change->id, c->arena, &was, err);
    if (code != OK) {
        return code;
    }
    struct account_edit edit = {.actor = c->actor,
                                .id = change->id,
                                .seen = call_seen(c),
                                .name = was.name,
                                .role = was.role,
                                .organisation = was.organisation,
                                .disabled = was.disabled};
    code = json_take_text(change->body, "name", TEXT_BYTES_MAX, &edit.name, err);
    if (code == OK) {
        code = take_role(change->body, &edit.role, err);
    }
    if (code == OK) {
        code = take_organisation(c, change->body, &edit.organisation, err);
    }
    if (code == OK) {
        code = json_take_bool(change->body, "disabled", &edit.disabled, err);
    }
    if (code == OK) {
        code = account_change(tx, &edit, err);
    }
    return code == OK ? put_one(c, tx, change->id, NULL, err) : code;
}

enum code api_account_change(struct call *c, struct err *err) {
    static const char *const names[] = {"name", "role", "organisation", "disabled", NULL};
    struct change wanted;
    enum code code = call_number(c, "id", &wanted.id, err);
    if (code == OK) {
        code = call_body(c, names, &wanted.body, err);
    }
    return code == OK ? call_change(c, change, &wanted, err) : code;
}

/* ---- a new one-time password ---- */

struct reset {
    struct account_reset reset;
    struct access_one_time once;
};

static enum code reset(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct reset *reset = data;
    enum code code = account_reset(tx, &reset->reset, err);
    return code == OK ? put_one(c, tx, reset->reset.id, reset->once.password, err) : code;
}

enum code api_account_reset(struct call *c, struct err *err) {
    struct reset wanted = {.reset = {.actor = c->actor, .seen = call_seen(c)}};
    enum code code = call_number(c, "id", &wanted.reset.id, err);
    if (code == OK) {
        code = access_one_time(c->api->access, &wanted.once, err);
    }
    wanted.reset.hash = wanted.once.hash;
    return code == OK ? call_change(c, reset, &wanted, err) : code;
}
