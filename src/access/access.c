/* access: see access.h. Subjects, and the jobs around signing in. */
#include "access/access.h"

#include <assert.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "access/account_int.h"
#include "access/limiter.h"
#include "access/session_int.h"
#include "access/token_int.h"
#include "base/date.h"
#include "base/mem.h"

struct access {
    struct randomness randomness;
    struct password_pool *pool;
    struct limiter *limiter;
    _Atomic uint64_t opened;
    _Atomic uint64_t refused;
    _Atomic uint64_t limited;
    _Atomic int64_t unwritten; /* refusals that the journal was not told of yet */
};

enum code access_new(const struct access_config *config, struct access **out, struct err *err) {
    struct password_pool *pool = NULL;
    struct randomness randomness =
        config->randomness.fill != NULL ? config->randomness : randomness_system();
    if (sodium_init() < 0) {
        return err_set(err, E_IO, "cannot start libsodium: the system gives no randomness");
    }
    enum code code = password_pool_new(config->cost, &randomness, &pool, err);
    if (code != OK) {
        return code;
    }
    struct access *a = mem_alloc(sizeof *a);
    memset(a, 0, sizeof *a);
    a->randomness = randomness;
    a->pool = pool;
    a->limiter = limiter_new(&randomness);
    *out = a;
    return OK;
}

void access_free(struct access *a) {
    if (a != NULL) {
        limiter_free(a->limiter);
        password_pool_free(a->pool);
        free(a);
    }
}

void access_stats(struct access *a, struct access_stats *out) {
    out->opened = a->opened;
    out->refused = a->refused;
    out->limited = a->limited;
    password_pool_stats(a->pool, &out->password);
}

/* ---- who asks ---- */

enum { DAY_MS = 24 * 3600 * 1000 };

struct subject access_anonymous(enum role role) {
    return (struct subject){.how = SUBJECT_ANONYMOUS, .role = role, .actor = "anonymous"};
}

/* The account behind a session or token, unless it is disabled. */
static enum code find_subject(struct tx *tx, int64_t id, struct arena *a, struct subject *out,
                              struct err *err) {
    struct account account;
    enum code code = account_db_find(tx, id, a, &account, err);
    if (code == OK && account.disabled) {
        code = err_set(err, E_ABSENT, "the account is disabled");
    }
    if (code != OK) {
        return code;
    }
    *out = (struct subject){.account = account.id,
                            .role = account.role,
                            .login = account.login,
                            .name = account.name,
                            .organisation = account.organisation,
                            .must_change = account.must_change};
    account_actor(account.id, out->actor);
    return OK;
}

enum code access_by_cookie(struct tx *tx, const char *cookie, struct arena *a, struct subject *out,
                           struct err *err) {
    struct session session;
    enum code code = session_find(tx, cookie, &session, err);
    if (code == OK) {
        code = find_subject(tx, session.account, a, out, err);
    }
    if (code == OK) {
        out->how = SUBJECT_SESSION;
        out->door = session.id;
        out->stale = tx_now_ms(tx) - session.seen_ms >= SESSION_SEEN_EVERY_MS;
        session_csrf(cookie, out->csrf);
    }
    return code;
}

/* The day of a transaction, UTC; TOKEN_UNUSED where the clock is beyond all days. */
static int32_t today(const struct tx *tx) {
    int32_t day = TOKEN_UNUSED;
    return date_of_moment(tx_now_ms(tx), 0, &day, NULL) == OK ? day : TOKEN_UNUSED;
}

enum code access_by_token(struct tx *tx, const char *text, struct arena *a, struct subject *out,
                          struct err *err) {
    struct token token;
    enum code code = token_find(tx, text, a, &token, err);
    if (code == OK) {
        code = find_subject(tx, token.account, a, out, err);
    }
    if (code == OK) {
        out->how = SUBJECT_TOKEN;
        out->door = token.id;
        out->stale = token.used_day < today(tx);
        int64_t tomorrow = (tx_now_ms(tx) / DAY_MS + 1) * DAY_MS;
        out->until_ms = token.expires_ms < tomorrow ? token.expires_ms : tomorrow;
    }
    return code;
}

static enum code touch(struct tx *tx, void *data, struct err *err) {
    const struct subject *subject = data;
    return subject->how == SUBJECT_SESSION ? session_db_seen(tx, subject->door, err)
                                           : token_db_used(tx, subject->door, today(tx), err);
}

enum code access_touch(struct store *s, const struct subject *subject, struct err *err) {
    struct subject copy = *subject;
    assert(subject->how != SUBJECT_ANONYMOUS);
    return store_write(s, STORE_HOUSEKEEPING, touch, &copy, err);
}

enum grant access_may(const struct subject *subject, enum action action) {
    bool own = action == ACTION_TOKEN_OWN || action == ACTION_PASSWORD_OWN;
    if (own && subject->how != SUBJECT_SESSION) {
        return GRANT_NONE;
    }
    if (subject->must_change && action != ACTION_PASSWORD_OWN) {
        return GRANT_NONE;
    }
    return role_may(subject->role, action);
}

bool access_csrf_is(const struct subject *subject, const char *given) {
    return subject->how == SUBJECT_SESSION && secret_is(subject->csrf, given);
}

/* ---- a password held against an account ---- */

struct attempt {
    const char *login;
    const char *password;
    const char *address; /* NULL: of somebody signed in, so only the login is limited */
    int64_t now_ms;
    struct arena arena; /* of the account */
    bool known;
    struct account account; /* where it is known, with its version */
    char hash[PASSWORD_HASH_MAX];
};

/* How long to wait; 0 and a try is taken. */
static int64_t take_try(struct access *a, const struct attempt *t) {
    int64_t address_ms =
        t->address == NULL ? 0 : limiter_take(a->limiter, LIMITER_ADDRESS, t->address, t->now_ms);
    return address_ms > 0 ? address_ms
                          : limiter_take(a->limiter, LIMITER_LOGIN, t->login, t->now_ms);
}

/* Only a wrong password costs one. */
static void give_try(struct access *a, const struct attempt *t) {
    limiter_give(a->limiter, LIMITER_LOGIN, t->login, t->now_ms);
    if (t->address != NULL) {
        limiter_give(a->limiter, LIMITER_ADDRESS, t->address, t->now_ms);
    }
}

/* An unknown or disabled account is not an error yet: it takes as long as any other. */
static enum code load_account(struct tx *tx, struct attempt *t, struct err *err) {
    struct err absent = ERR_INIT;
    enum code code = account_db_find_login(tx, t->login, &t->arena, &t->account, t->hash, &absent);
    if (code == E_ABSENT) {
        return OK;
    }
    if (code == OK) {
        code = account_find(tx, t->account.id, &t->arena, &t->account, &absent);
    }
    t->known = code == OK && !t->account.disabled;
    return code == OK ? OK : err_set(err, code, "%s", absent.msg);
}

/* Limits, and loads the account, in one snapshot. */
static enum code begin(struct access *a, struct store *s, struct attempt *t, int *wait_s,
                       struct err *err) {
    struct tx *tx = NULL;
    enum code code = store_read(s, &tx, err);
    if (code != OK) {
        return code;
    }
    t->now_ms = tx_now_ms(tx);
    int64_t wait_ms = take_try(a, t);
    if (wait_ms > 0) {
        a->limited++;
        *wait_s = (int)((wait_ms + 999) / 1000);
        code = err_set(err, E_BUSY, "too many tries: wait %d s", *wait_s);
    } else {
        code = load_account(tx, t, err);
        if (code != OK) {
            give_try(a, t);
        }
    }
    store_read_end(tx);
    return code;
}

/* E_DENIED: it is wrong; E_BUSY with *wait_s. The account is loaded on OK. */
static enum code verify(struct access *a, struct store *s, struct attempt *t, int *wait_s,
                        struct err *err) {
    bool right = false;
    enum code code = begin(a, s, t, wait_s, err);
    if (code != OK) {
        return code;
    }
    code = password_verify(a->pool, t->known ? t->hash : NULL, t->password, &right, err);
    if (code != OK || right) {
        give_try(a, t);
    } else {
        a->refused++;
        code = err_set(err, E_DENIED, "the login or the password is wrong");
    }
    return code;
}

/* ---- refusing ---- */

static enum code write_refusal(struct tx *tx, void *data, struct err *err) {
    return session_refuse(tx, data, err);
}

/* The refusal stands whether or not its line could be written: then a later line counts it. */
static void tell_refusal(struct access *a, struct store *s, const struct attempt *t) {
    struct session_refusal refusal = {.login = t->login, .address = t->address};
    if (limiter_take(a->limiter, LIMITER_LINE, "", t->now_ms) > 0) {
        a->unwritten++;
        return;
    }
    refusal.unwritten = atomic_exchange(&a->unwritten, 0);
    if (store_write(s, STORE_CHANGE, write_refusal, &refusal, NULL) != OK) {
        a->unwritten += refusal.unwritten + 1;
    }
}

/* ---- signing in and out ---- */

struct opening {
    const struct account *account; /* as it was verified */
    const char *secret;
    const char *address;
    char
        hash[PASSWORD_HASH_MAX]; /* the password's at the present cost; "" where it is so already */
};

static enum code open_session(struct tx *tx, void *data, struct err *err) {
    const struct opening *o = data;
    struct session_opening opening = {o->secret, o->account, o->address};
    struct arena arena = ARENA_INIT;
    struct account now;
    enum code code = account_find_at(tx, o->account->id, o->account->version, &arena, &now, err);
    if (code == OK && o->hash[0] != '\0') {
        code = account_db_set_hash(tx, now.id, o->hash, now.must_change, err);
    }
    if (code == OK) {
        code = session_open(tx, &opening, err);
    }
    arena_fini(&arena);
    return code;
}

static enum code sign_in(struct access *a, struct store *s, const struct attempt *t,
                         char cookie[SECRET_TEXT_MAX], struct err *err) {
    char secret[SECRET_TEXT_MAX];
    struct opening o = {.account = &t->account, .secret = secret, .address = t->address};
    secret_make(&a->randomness, secret);
    if (password_is_outdated(a->pool, t->hash) &&
        password_hash(a->pool, t->password, o.hash, NULL) != OK) {
        o.hash[0] = '\0'; /* too busy: at another sign-in */
    }
    enum code code = store_write(s, STORE_CHANGE, open_session, &o, err);
    if (code == OK) {
        a->opened++;
        memcpy(cookie, secret, sizeof secret);
    }
    return code;
}

enum code access_sign_in(struct access *a, struct store *s, const struct access_login *login,
                         struct access_opened *out, struct err *err) {
    struct attempt t = {
        .login = login->login, .password = login->password, .address = login->address};
    out->wait_s = 0;
    enum code code = verify(a, s, &t, &out->wait_s, err);
    if (code == OK) {
        code = sign_in(a, s, &t, out->cookie, err);
    } else if (code == E_DENIED) {
        tell_refusal(a, s, &t);
    }
    if (code == E_BUSY && out->wait_s == 0) {
        out->wait_s = 1;
    }
    arena_fini(&t.arena);
    return code;
}

static enum code close_session(struct tx *tx, void *data, struct err *err) {
    return session_close(tx, data, err);
}

enum code access_sign_out(struct store *s, const struct subject *subject, struct err *err) {
    struct session session = {.id = subject->door, .account = subject->account};
    assert(subject->how == SUBJECT_SESSION);
    return store_write(s, STORE_CHANGE, close_session, &session, err);
}

/* ---- changing a password ---- */

static enum code renew(struct tx *tx, void *data, struct err *err) {
    return account_renew(tx, data, err);
}

/* The new one, when the old one was right. */
static enum code take_password(struct access *a, struct store *s, const struct subject *subject,
                               const struct attempt *t, const char *password, struct err *err) {
    char hash[PASSWORD_HASH_MAX];
    struct password_context context = {subject->login, t->password};
    struct account_renewal renewal = {
        .id = subject->account, .seen = t->account.version, .session = subject->door, .hash = hash};
    enum code code = password_check(password, &context, err);
    if (code == OK) {
        code = password_hash(a->pool, password, hash, err);
    }
    return code == OK ? store_write(s, STORE_CHANGE, renew, &renewal, err) : code;
}

enum code access_change_password(struct access *a, struct store *s, const struct subject *subject,
                                 const struct access_passwords *passwords, int *wait_s,
                                 struct err *err) {
    struct attempt t = {.login = subject->login, .password = passwords->old};
    assert(subject->how == SUBJECT_SESSION);
    *wait_s = 0;
    enum code code = verify(a, s, &t, wait_s, err);
    if (code == OK) {
        code = take_password(a, s, subject, &t, passwords->now, err);
    }
    if (code == E_BUSY && *wait_s == 0) {
        *wait_s = 1;
    }
    arena_fini(&t.arena);
    return code;
}

/* ---- what is made outside a job ---- */

enum code access_one_time(struct access *a, struct access_one_time *out, struct err *err) {
    password_one_time(&a->randomness, out->password);
    return password_hash(a->pool, out->password, out->hash, err);
}

void access_token(struct access *a, char text[TOKEN_TEXT_MAX]) {
    token_make(&a->randomness, text);
}

/* ---- the first account ---- */

struct first {
    const char *hash;
    int64_t id;
};

static enum code add_first(struct tx *tx, void *data, struct err *err) {
    struct first *first = data;
    return account_bootstrap(tx, first->hash, &first->id, err);
}

static enum code count_accounts(struct store *s, int64_t *out, struct err *err) {
    struct tx *tx = NULL;
    enum code code = store_read(s, &tx, err);
    if (code == OK) {
        code = account_db_count(tx, out, err);
        store_read_end(tx);
    }
    return code;
}

enum code access_bootstrap(struct access *a, struct store *s, bool *made,
                           char password[PASSWORD_ONE_TIME_MAX], struct err *err) {
    struct access_one_time one;
    struct first first = {.hash = one.hash};
    int64_t count = 0;
    enum code code = count_accounts(s, &count, err);
    *made = false;
    if (code != OK || count > 0) {
        return code;
    }
    code = access_one_time(a, &one, err);
    if (code == OK) {
        code = store_write(s, STORE_CHANGE, add_first, &first, err);
    }
    if (code == OK && first.id != 0) {
        *made = true;
        memcpy(password, one.password, sizeof one.password);
    }
    return code;
}
