/* session: who is signed in. The browser holds a secret (secret.h) in a cookie, the store its
 * SHA-256: who reads the database cannot sign in with what stands there.
 *
 * A session ends when it was not seen for SESSION_IDLE_MS, at SESSION_LIFE_MS in any case, by
 * signing out, and with what account.h says ends it. Its secret is always made here and new: one
 * that a browser brings along is never taken over, so none can be planted (session fixation).
 *
 * Lines, none of them holds a secret. A session's number is that of its first line:
 *
 *   session.opened   subject "session/LINE"  {"account", "login", "address"}
 *   session.closed   the same subject        {"account"}: signed out
 *   session.refused  subject "session"       {"login", "address", "unwritten"}
 *
 * `login` of a refusal is null where what was given cannot be one: people type their password there
 * by mistake, and a line stays for ever. `unwritten`: refusals before it that have no line, because
 * the limiter keeps their number down. Sessions that run out leave no line. */
#ifndef TAIHU_ACCESS_SESSION_H
#define TAIHU_ACCESS_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "access/secret.h"
#include "base/err.h"
#include "store/tx.h"

enum {
    /* OWASP, Session Management Cheat Sheet: a working day without a pause, and at most a week. */
    SESSION_IDLE_MS = 8 * 3600 * 1000,
    SESSION_LIFE_MS = 7 * 24 * 3600 * 1000,
    SESSION_SEEN_EVERY_MS =
        5 * 60 * 1000,        /* "seen" is written this often; as exact is the idling */
    SESSION_MAX = 50,         /* of one account; beyond, the oldest ends */
    SESSION_ADDRESS_MAX = 64, /* bytes of a remote address that a line holds */
};

struct session {
    int64_t id;
    int64_t account;
    int64_t created_ms;
    int64_t seen_ms;
};

/* The session of a cookie's value, where it has not run out at tx_now_ms(). E_ABSENT: there is
 * none. */
enum code session_find(struct tx *tx, const char *cookie, struct session *out, struct err *err);

/* What a page must send with each change, beside the cookie that the browser sends by itself: it
 * follows from the cookie's secret, so it is the same as long as the session and is stored nowhere,
 * and it does not lead back to the secret. False: the cookie is no secret. */
bool session_csrf(const char *cookie, char to[SECRET_TEXT_MAX]);

#endif
