/* account: who may sign in, with which role, for which organisation.
 *
 * All that changes one works within a write job and adds its line there. A line's subject is
 * "account/ID"; an account's version is the number of its last line. Accounts are never deleted:
 * the journal names them. Passwords come as their hash: hashing has no place in a job.
 *
 *   account.created   {"login", "name", "role", "organisation"}: the last may be null
 *   account.changed   {"old": {"name", "role", "organisation", "disabled"}, "now": likewise,
 *                      "sessions_ended", "tokens_ended"}
 *   account.disabled  the same, where the change disables; account.enabled the reverse
 *   account.reset     {"sessions_ended"}: a one-time password was given
 *   account.password  {"sessions_ended"}: its owner changed it
 *
 * Always holds: once there is an account, an administrator that is not disabled is among them. No
 * line holds a password, hash or secret. */
#ifndef TAIHU_ACCESS_ACCOUNT_H
#define TAIHU_ACCESS_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access/role.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/tx.h"

enum {
    ACCOUNT_LOGIN_MIN = 2, /* bytes of a-z 0-9 . _ - */
    ACCOUNT_LOGIN_MAX = 64,
    ACCOUNT_NAME_MAX = 100,        /* characters, none of them a control character */
    ACCOUNT_ORGANISATION_MAX = 64, /* bytes, printable ASCII without blanks */
    ACCOUNT_ACTOR_MAX = 24,        /* "u/" and a 64-bit number */
};

struct account {
    int64_t id;
    const char *login;
    const char *name;
    enum role role;
    const char *organisation; /* its code; NULL for none */
    bool disabled;
    bool must_change; /* the password is a one-time one */
    int64_t created_ms;
    int64_t version; /* 0 where it was not asked for */
};

/* "u/17": how the journal names who acts. Returns `to`. */
const char *account_actor(int64_t id, char to[ACCOUNT_ACTOR_MAX]);

/* The account that an actor of the journal is; false where it is none's, as "system". */
bool account_of_actor(const char *actor, int64_t *id);

/* a-z 0-9 . _ - and of the right length. */
bool account_is_login(const char *login);

/* ---- reading; what comes out lives in `a` ---- */

/* E_ABSENT: there is none. */
enum code account_find(struct tx *tx, int64_t id, struct arena *a, struct account *out,
                       struct err *err);

/* All, by login. */
enum code account_list(struct tx *tx, struct arena *a, struct account **out, size_t *count,
                       struct err *err);

/* ---- changing, within a write job ---- */

struct account_new {
    const char *actor; /* "u/17", "system" */
    const char *login;
    const char *name;
    enum role role;
    const char *organisation; /* department, district and town need one */
    const char *hash;         /* of a one-time password: it must be changed at once */
};

/* E_INPUT: a field is not as said above; E_CONFLICT: the login is taken. */
enum code account_create(struct tx *tx, const struct account_new *account, int64_t *id,
                         struct err *err);

/* Makes "admin", an administrator, where there is no account at all; *id is 0 where there is. */
enum code account_bootstrap(struct tx *tx, const char *hash, int64_t *id, struct err *err);

/* How the account shall be: all of it, so start from what account_find() gave. */
struct account_edit {
    const char *actor;
    int64_t id;
    int64_t seen; /* the version it was decided on */
    const char *name;
    enum role role;
    const char *organisation;
    bool disabled;
};

/* Another role, or disabling, ends its sessions; disabling its tokens too. What is so already adds
 * no line. E_ABSENT; E_CONFLICT: no longer at `seen`; E_INPUT: a field; E_DENIED: no administrator
 * would be left. */
enum code account_change(struct tx *tx, const struct account_edit *edit, struct err *err);

struct account_reset {
    const char *actor;
    int64_t id;
    int64_t seen;
    const char *hash; /* of a one-time password */
};

/* Ends its sessions. Its tokens stay, but while the password must be changed they open nothing.
 * E_ABSENT; E_CONFLICT as account_change(). */
enum code account_reset(struct tx *tx, const struct account_reset *reset, struct err *err);

/* A password changed by its owner. */
struct account_renewal {
    int64_t id;
    int64_t seen;    /* when the old password was held against its hash */
    int64_t session; /* stays open; all its others end */
    const char *hash;
};

/* E_ABSENT; E_CONFLICT as account_change(). */
enum code account_renew(struct tx *tx, const struct account_renewal *renewal, struct err *err);

#endif
