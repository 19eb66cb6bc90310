/* access: the front door of this room: who asks, and what they may.
 *
 *   a cookie, a token ──► access_by_cookie(), access_by_token()   in the request's snapshot
 *                             └─► struct subject ──► access_may(subject, action) ──► a grant
 *
 *   login, password ──► access_sign_in(): limiter ─► account ─► hash (no transaction) ─► job
 *
 * The room knows no HTTP: a cookie is the text of its value. It knows no city either. Who the
 * grant GRANT_OWN is asked of, the caller decides. A job that acts for somebody asks again, within
 * itself, where what was read in a snapshot may have changed since. */
#ifndef TAIHU_ACCESS_ACCESS_H
#define TAIHU_ACCESS_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "access/account.h"
#include "access/password.h"
#include "access/role.h"
#include "access/secret.h"
#include "access/session.h"
#include "access/token.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/store.h"

/* For store_config.schemas. */
extern const struct schema access_schema;

/* ---- what the process holds: the password pool, the limiter, counters; any thread ---- */

struct access;

struct access_config {
    struct password_cost cost;    /* zeros: password.h's */
    struct randomness randomness; /* zeros: the system's */
};

/* E_IO: the system has no randomness, or no memory for a hash. */
enum code access_new(const struct access_config *config, struct access **out, struct err *err);
void access_free(struct access *a); /* no call is running; takes NULL */

struct access_stats { /* since the start */
    uint64_t opened;  /* sessions */
    uint64_t refused; /* wrong logins or passwords */
    uint64_t limited; /* tries that had to wait */
    struct password_stats password;
};

void access_stats(struct access *a, struct access_stats *out);

/* ---- who asks ---- */

enum subject_how { SUBJECT_ANONYMOUS, SUBJECT_SESSION, SUBJECT_TOKEN };

struct subject {
    enum subject_how how;
    int64_t account; /* 0: anonymous */
    int64_t door;    /* the number of the session or token; 0: anonymous */
    enum role role;
    const char *login;             /* in the arena, as the next two; NULL: anonymous */
    const char *name;              /* NULL: anonymous */
    const char *organisation;      /* its code; NULL: none */
    bool must_change;              /* nothing is granted but changing the password */
    bool stale;                    /* access_touch() is due */
    int64_t until_ms;              /* of a token: when it runs out, or is stale */
    char actor[ACCOUNT_ACTOR_MAX]; /* for journal lines: "u/17", "anonymous" */
    char csrf[SECRET_TEXT_MAX];    /* of a session, else "": see session_csrf() */
};

/* Who has no session or token; ROLE_NONE unless the server was told to grant them a role. */
struct subject access_anonymous(enum role role);

/* E_ABSENT: none, run out, or the account is disabled. */
enum code access_by_cookie(struct tx *tx, const char *cookie, struct arena *a, struct subject *out,
                           struct err *err);
enum code access_by_token(struct tx *tx, const char *text, struct arena *a, struct subject *out,
                          struct err *err);

/* Notes that a session was seen, a token used: to be called when the subject is stale, outside any
 * transaction. It is a job of housekeeping. */
enum code access_touch(struct store *s, const struct subject *subject, struct err *err);

/* What role.h's table says, and less: while the password must be changed only that; a token makes
 * no tokens and changes no password, so that a stolen one ends when it ends; neither does who is
 * anonymous. */
enum grant access_may(const struct subject *subject, enum action action);

/* Whether `given` is the session's csrf. */
bool access_csrf_is(const struct subject *subject, const char *given);

/* ---- signing in and out; each runs jobs of its own, so outside any transaction ---- */

struct access_login {
    const char *login;
    const char *password;
    const char *address; /* the remote address as text */
};

struct access_opened {
    char cookie[SECRET_TEXT_MAX]; /* written with OK */
    int wait_s;                   /* written with E_BUSY: for Retry-After */
};

/* E_DENIED: login or password is wrong, or the account is disabled; it does not say which. E_BUSY:
 * too many tries, or too many wait for a hash. E_CONFLICT: the account changed meanwhile: again. */
enum code access_sign_in(struct access *a, struct store *s, const struct access_login *login,
                         struct access_opened *out, struct err *err);

/* The subject is a session. E_ABSENT: it has ended. */
enum code access_sign_out(struct store *s, const struct subject *subject, struct err *err);

struct access_passwords {
    const char *old;
    const char *now;
};

/* The subject is a session, which stays; the account's others end. E_DENIED: the old one is wrong;
 * E_INPUT: the new one is against password_check(); E_BUSY with *wait_s as above; E_CONFLICT. */
enum code access_change_password(struct access *a, struct store *s, const struct subject *subject,
                                 const struct access_passwords *passwords, int *wait_s,
                                 struct err *err);

/* ---- what account_create(), account_reset() and token_create() are given; outside any job ---- */

struct access_one_time {
    char password[PASSWORD_ONE_TIME_MAX]; /* to be shown once */
    char hash[PASSWORD_HASH_MAX];         /* to be stored */
};

/* E_BUSY, E_IO as password_hash(). */
enum code access_one_time(struct access *a, struct access_one_time *out, struct err *err);

void access_token(struct access *a, char text[TOKEN_TEXT_MAX]);

/* Makes the first account, "admin", where there is none: *made, and its password. */
enum code access_bootstrap(struct access *a, struct store *s, bool *made,
                           char password[PASSWORD_ONE_TIME_MAX], struct err *err);

#endif
