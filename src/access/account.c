/* account: see account.h. The statements are in account_db.c. */
#include "access/account.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access/account_int.h"
#include "access/session_int.h"
#include "access/token_int.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_read.h"
#include "store/journal.h"

enum { SUBJECT_MAX = 32 }; /* "account/" and a 64-bit number */

const char *account_actor(int64_t id, char to[ACCOUNT_ACTOR_MAX]) {
    snprintf(to, ACCOUNT_ACTOR_MAX, "u/%" PRId64, id);
    return to;
}

bool account_of_actor(const char *actor, int64_t *id) {
    return strncmp(actor, "u/", 2) == 0 &&
           json_whole(actor + 2, (struct json_range){1, INT64_MAX}, id, NULL) == OK;
}

static const char *subject_of(int64_t id, char to[SUBJECT_MAX]) {
    snprintf(to, SUBJECT_MAX, "account/%" PRId64, id);
    return to;
}

/* ---- fields ---- */

bool account_is_login(const char *login) {
    size_t n = strlen(login);
    return n >= ACCOUNT_LOGIN_MIN && n <= ACCOUNT_LOGIN_MAX &&
           strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

/* C0, DEL, and C1, which UTF-8 writes as 0xc2 0x80 to 0xc2 0x9f. */
static bool is_control(const unsigned char *s) {
    return s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f);
}

enum code account_check_text(const char *what, const char *text, struct err *err) {
    size_t n = 0;
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; s++) {
        if (is_control(s)) {
            return err_set(err, E_INPUT, "cannot take %s: it has a control character", what);
        }
        n += (*s & 0xc0) != 0x80; /* UTF-8: all but bytes that continue a character */
    }
    return n >= 1 && n <= ACCOUNT_NAME_MAX
               ? OK
               : err_set(err, E_INPUT, "cannot take %s: it has %zu characters, not 1 to %d", what,
                         n, ACCOUNT_NAME_MAX);
}

static bool is_code(const char *s) {
    size_t n = 0;
    while (s[n] > ' ' && s[n] <= '~') {
        n++;
    }
    return s[n] == '\0' && n >= 1 && n <= ACCOUNT_ORGANISATION_MAX;
}

static bool needs_organisation(enum role role) {
    return role == ROLE_DEPARTMENT || role == ROLE_DISTRICT || role == ROLE_TOWN;
}

static enum code check_place(enum role role, const char *organisation, struct err *err) {
    if (role <= ROLE_NONE || role >= ROLES) {
        return err_set(err, E_INPUT, "cannot keep the account: it has no role");
    }
    if (organisation == NULL) {
        return needs_organisation(role)
                   ? err_set(err, E_INPUT,
                             "cannot keep the account: the role \"%s\" needs an organisation",
                             role_name(role))
                   : OK;
    }
    return is_code(organisation)
               ? OK
               : err_set(err, E_INPUT,
                         "cannot keep the account: \"%.80s\" is no code of an organisation",
                         organisation);
}

/* ---- lines ---- */

static enum code add_line(struct tx *tx, const char *actor, const char *kind, int64_t id,
                          const struct buf *payload, struct err *err) {
    char subject[SUBJECT_MAX];
    struct journal_entry entry = {actor, subject_of(id, subject), kind, payload->data};
    return journal_add(tx, &entry, NULL, err);
}

static void put_state(struct json_out *j, const char *key, const struct account *account) {
    json_key(j, key);
    json_obj(j);
    json_put_str(j, "name", account->name);
    json_put_str(j, "role", role_name(account->role));
    json_put_str(j, "organisation", account->organisation);
    json_put_bool(j, "disabled", account->disabled);
    json_obj_end(j);
}

static enum code tell_created(struct tx *tx, const struct account_new *account, int64_t id,
                              struct err *err) {
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_str(&j, "login", account->login);
    json_put_str(&j, "name", account->name);
    json_put_str(&j, "role", role_name(account->role));
    json_put_str(&j, "organisation", account->organisation);
    json_obj_end(&j);
    enum code code = add_line(tx, account->actor, "account.created", id, &payload, err);
    buf_fini(&payload);
    return code;
}

/* What was ended along with a change. */
struct ended {
    int64_t sessions;
    int64_t tokens;
};

static enum code tell_changed(struct tx *tx, const char *actor, const struct account *old,
                              const struct account *now, struct ended ended, struct err *err) {
    struct buf payload = BUF_INIT;
    struct json_out j;
    const char *kind = now->disabled == old->disabled ? "account.changed"
                       : now->disabled                ? "account.disabled"
                                                      : "account.enabled";
    json_init(&j, &payload, 0);
    json_obj(&j);
    put_state(&j, "old", old);
    put_state(&j, "now", now);
    json_put_int(&j, "sessions_ended", ended.sessions);
    json_put_int(&j, "tokens_ended", ended.tokens);
    json_obj_end(&j);
    enum code code = add_line(tx, actor, kind, old->id, &payload, err);
    buf_fini(&payload);
    return code;
}

static enum code tell_password(struct tx *tx, const char *actor, const char *kind, int64_t id,
                               int64_t sessions_ended, struct err *err) {
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_int(&j, "sessions_ended", sessions_ended);
    json_obj_end(&j);
    enum code code = add_line(tx, actor, kind, id, &payload, err);
    buf_fini(&payload);
    return code;
}

/* ---- reading ---- */

static enum code add_version(struct tx *tx, struct account *account, struct err *err) {
    char subject[SUBJECT_MAX];
    return journal_last_of(tx, subject_of(account->id, subject), &account->version, err);
}

enum code account_find(struct tx *tx, int64_t id, struct arena *a, struct account *out,
                       struct err *err) {
    struct account account;
    enum code code = account_db_find(tx, id, a, &account, err);
    if (code == OK) {
        code = add_version(tx, &account, err);
    }
    if (code == OK) {
        *out = account;
    }
    return code;
}

enum code account_list(struct tx *tx, struct arena *a, struct account **out, size_t *count,
                       struct err *err) {
    struct account *list = NULL;
    size_t n = 0;
    enum code code = account_db_list(tx, a, &list, &n, err);
    for (size_t i = 0; i < n && code == OK; i++) {
        code = add_version(tx, &list[i], err);
    }
    if (code == OK) {
        *out = list;
        *count = n;
    }
    return code;
}

enum code account_find_at(struct tx *tx, int64_t id, int64_t seen, struct arena *a,
                          struct account *out, struct err *err) {
    struct account account;
    enum code code = account_find(tx, id, a, &account, err);
    if (code == OK && account.version != seen) {
        code = err_set(err, E_CONFLICT,
                       "account %" PRId64 " is now at version %" PRId64
                       ", the change was made to version %" PRId64,
                       id, account.version, seen);
    }
    if (code == OK) {
        *out = account;
    }
    return code;
}

/* ---- creating ---- */

static enum code check_login(struct tx *tx, const char *login, struct err *err) {
    struct arena a = ARENA_INIT;
    struct account taken;
    char hash[PASSWORD_HASH_MAX];
    if (!account_is_login(login)) {
        return err_set(err, E_INPUT,
                       "cannot take the login \"%.80s\": not %d to %d characters of a-z 0-9 . _ -",
                       login, ACCOUNT_LOGIN_MIN, ACCOUNT_LOGIN_MAX);
    }
    struct err none = ERR_INIT;
    enum code code = account_db_find_login(tx, login, &a, &taken, hash, &none);
    arena_fini(&a);
    if (code == E_ABSENT) {
        return OK;
    }
    return code == OK ? err_set(err, E_CONFLICT, "cannot take the login \"%s\": it is taken", login)
                      : err_set(err, code, "%s", none.msg);
}

enum code account_create(struct tx *tx, const struct account_new *account, int64_t *id,
                         struct err *err) {
    int64_t made = 0;
    enum code code = check_login(tx, account->login, err);
    if (code == OK) {
        code = account_check_text("the name", account->name, err);
    }
    if (code == OK) {
        code = check_place(account->role, account->organisation, err);
    }
    if (code == OK) {
        code = account_db_add(tx, account, &made, err);
    }
    if (code == OK) {
        code = tell_created(tx, account, made, err);
    }
    if (code == OK) {
        *id = made;
    }
    return code;
}

enum code account_bootstrap(struct tx *tx, const char *hash, int64_t *id, struct err *err) {
    static const char name[] = "系统管理员"; /* system administrator */
    struct account_new admin = {.actor = "system",
                                .login = "admin",
                                .name = name,
                                .role = ROLE_ADMINISTRATOR,
                                .hash = hash};
    int64_t count = 0;
    enum code code = account_db_count(tx, &count, err);
    if (code == OK && count > 0) {
        *id = 0;
    }
    if (code != OK || count > 0) {
        return code;
    }
    return account_create(tx, &admin, id, err);
}

/* ---- changing ---- */

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same(const struct account *a, const struct account *b) {
    return same_text(a->name, b->name) && a->role == b->role &&
           same_text(a->organisation, b->organisation) && a->disabled == b->disabled;
}

static bool is_in_charge(const struct account *account) {
    return account->role == ROLE_ADMINISTRATOR && !account->disabled;
}

static enum code check_last(struct tx *tx, const struct account *old, const struct account *now,
                            struct err *err) {
    int64_t others = 1;
    enum code code = OK;
    if (is_in_charge(old) && !is_in_charge(now)) {
        code = account_db_administrators_beside(tx, old->id, &others, err);
    }
    return code != OK || others > 0
               ? code
               : err_set(err, E_DENIED,
                         "cannot change account \"%s\": no administrator would be left",
                         old->login);
}

static enum code end_what_must(struct tx *tx, const struct account *old, const struct account *now,
                               struct ended *out, struct err *err) {
    enum code code = OK;
    *out = (struct ended){0, 0};
    if (now->role != old->role || (now->disabled && !old->disabled)) {
        code = session_db_end_all(tx, old->id, 0, &out->sessions, err);
    }
    if (code == OK && now->disabled && !old->disabled) {
        code = token_db_end_all(tx, old->id, &out->tokens, err);
    }
    return code;
}

static enum code change(struct tx *tx, const struct account_edit *edit, const struct account *old,
                        struct err *err) {
    struct account now = *old;
    struct ended ended;
    now.name = edit->name;
    now.role = edit->role;
    now.organisation = edit->organisation;
    now.disabled = edit->disabled;
    if (is_same(old, &now)) {
        return OK;
    }
    enum code code = check_last(tx, old, &now, err);
    if (code == OK) {
        code = account_db_update(tx, edit, err);
    }
    if (code == OK) {
        code = end_what_must(tx, old, &now, &ended, err);
    }
    return code == OK ? tell_changed(tx, edit->actor, old, &now, ended, err) : code;
}

enum code account_change(struct tx *tx, const struct account_edit *edit, struct err *err) {
    struct arena a = ARENA_INIT;
    struct account old;
    enum code code = account_find_at(tx, edit->id, edit->seen, &a, &old, err);
    if (code == OK) {
        code = account_check_text("the name", edit->name, err);
    }
    if (code == OK) {
        code = check_place(edit->role, edit->organisation, err);
    }
    if (code == OK) {
        code = change(tx, edit, &old, err);
    }
    arena_fini(&a);
    return code;
}

/* ---- passwords ---- */

enum code account_reset(struct tx *tx, const struct account_reset *reset, struct err *err) {
    struct arena a = ARENA_INIT;
    struct account account;
    int64_t ended = 0;
    enum code code = account_find_at(tx, reset->id, reset->seen, &a, &account, err);
    arena_fini(&a);
    if (code == OK) {
        code = account_db_set_hash(tx, reset->id, reset->hash, true, err);
    }
    if (code == OK) {
        code = session_db_end_all(tx, reset->id, 0, &ended, err);
    }
    return code == OK ? tell_password(tx, reset->actor, "account.reset", reset->id, ended, err)
                      : code;
}

enum code account_renew(struct tx *tx, const struct account_renewal *renewal, struct err *err) {
    char actor[ACCOUNT_ACTOR_MAX];
    struct arena a = ARENA_INIT;
    struct account account;
    int64_t ended = 0;
    account_actor(renewal->id, actor);
    enum code code = account_find_at(tx, renewal->id, renewal->seen, &a, &account, err);
    arena_fini(&a);
    if (code == OK) {
        code = account_db_set_hash(tx, renewal->id, renewal->hash, false, err);
    }
    if (code == OK) {
        code = session_db_end_all(tx, renewal->id, renewal->session, &ended, err);
    }
    return code == OK ? tell_password(tx, actor, "account.password", renewal->id, ended, err)
                      : code;
}
