/* session: signing in and out, and who one is. */
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"

enum { LOGIN_MAX = 256, PASSWORD_BYTES_MAX = 512, COOKIE_TEXT_MAX = 256 };

static void put_account(struct call *c, struct json_out *j) {
    json_key(j, "account");
    if (c->who.how == SUBJECT_ANONYMOUS) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_int(j, "id", c->who.account);
    json_put_str(j, "login", c->who.login);
    json_put_str(j, "name", c->who.name);
    json_put_str(j, "role", role_name(c->who.role));
    json_put_str(j, "organisation", c->who.organisation);
    json_put_str(j, "organisation_name", api_organisation_name(c, c->who.organisation));
    json_obj_end(j);
}

static void put_grants(struct call *c, struct json_out *j) {
    json_key(j, "may");
    json_obj(j);
    for (enum action a = 0; a < ACTIONS; a++) {
        json_put_str(j, action_name(a), grant_name(access_may(&c->who, a)));
    }
    json_obj_end(j);
}

/* Who is not signed in has a role too where the server gives them one. */
static void put_session(struct call *c) {
    struct json_out *j = call_json(c);
    json_obj(j);
    json_put_bool(j, "signed_in", c->who.how != SUBJECT_ANONYMOUS);
    json_put_bool(j, "must_change", c->who.must_change);
    json_put_str(j, "csrf", c->who.csrf[0] == '\0' ? NULL : c->who.csrf);
    put_account(c, j);
    put_grants(c, j);
    call_put_day(j, "today", call_today(c));
    json_obj_end(j);
}

enum code api_session_get(struct call *c, struct err *err) {
    (void)err;
    put_session(c);
    return OK;
}

/* `value` NULL takes the cookie away. */
static void set_cookie(struct call *c, const char *value) {
    char text[COOKIE_TEXT_MAX];
    snprintf(text, sizeof text, "taihu_session=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
             value == NULL ? "" : value, c->api->config.secure ? "; Secure" : "",
             value == NULL ? "; Max-Age=0" : "");
    http_set_header(c->response, "Set-Cookie", text);
}

static void set_wait(struct call *c, int seconds) {
    char text[16];
    snprintf(text, sizeof text, "%d", seconds < 1 ? 1 : seconds);
    http_set_header(c->response, "Retry-After", text);
}

struct opened {
    const char *cookie;
};

static enum code load_opened(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct opened *opened = data;
    return access_by_cookie(tx, opened->cookie, c->arena, &c->who, err);
}

/* Whose tries are counted: the peer, or where a proxy on this machine stands before us (--origin
 * says so), whom it names last in X-Forwarded-For: what stands before that anybody may have
 * written. */
static const char *remote_of(const struct call *c) {
    const char *forwarded = http_header(c->request, "X-Forwarded-For");
    const char *remote = c->request->remote;
    bool proxy = c->api->config.origin != NULL &&
                 (strncmp(remote, "127.", 4) == 0 || strcmp(remote, "::1") == 0);
    if (!proxy || forwarded == NULL) {
        return remote;
    }
    const char *last = strrchr(forwarded, ',');
    last = last == NULL ? forwarded : last + 1;
    return last + strspn(last, " ");
}

/* Refusals of a sign-in are answers of their own: 401 and 429, not 403 and 503. */
static enum code refuse(struct call *c, enum code code, int wait_s, struct err *err) {
    if (code == E_DENIED) {
        return call_problem(c, 401, "sign-in", err->msg);
    }
    if (code == E_BUSY) {
        call_problem(c, 429, "sign-in", err->msg);
        set_wait(c, wait_s);
        return OK;
    }
    return code;
}

enum code api_session_open(struct call *c, struct err *err) {
    static const char *const names[] = {"login", "password", NULL};
    const struct json_value *body;
    struct access_login login = {.address = remote_of(c)};
    struct access_opened opened = {.wait_s = 1};
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = json_need_text(body, "login", LOGIN_MAX, &login.login, err);
    }
    if (code == OK) {
        code = json_need_text(body, "password", PASSWORD_BYTES_MAX, &login.password, err);
    }
    if (code != OK) {
        return code;
    }
    code = access_sign_in(c->api->access, c->api->store, &login, &opened, err);
    if (code != OK) {
        return refuse(c, code, opened.wait_s, err);
    }
    struct opened found = {opened.cookie};
    code = call_read(c, load_opened, &found, err);
    if (code == OK) {
        put_session(c);
        set_cookie(c, opened.cookie);
    }
    return code;
}

enum code api_session_close(struct call *c, struct err *err) {
    if (c->who.how != SUBJECT_SESSION) {
        return err_set(err, E_INPUT, "there is no session to close");
    }
    enum code code = access_sign_out(c->api->store, &c->who, err);
    if (code == OK) {
        set_cookie(c, NULL);
    }
    return code;
}

enum code api_session_password(struct call *c, struct err *err) {
    static const char *const names[] = {"old", "new", NULL};
    const struct json_value *body;
    struct access_passwords passwords;
    int wait_s = 1;
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = json_need_text(body, "old", PASSWORD_BYTES_MAX, &passwords.old, err);
    }
    if (code == OK) {
        code = json_need_text(body, "new", PASSWORD_BYTES_MAX, &passwords.now, err);
    }
    if (code == OK && c->who.how != SUBJECT_SESSION) {
        code = err_set(err, E_INPUT, "only who is signed in by session changes a password");
    }
    if (code != OK) {
        return code;
    }
    code = access_change_password(c->api->access, c->api->store, &c->who, &passwords, &wait_s, err);
    if (code == E_DENIED) {
        return call_problem(c, 422, "password", err->msg); /* signed in all the same */
    }
    return code == E_BUSY ? refuse(c, code, wait_s, err) : code;
}
