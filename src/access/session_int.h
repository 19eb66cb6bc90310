/* session_int: opening and ending sessions, within a write job. */
#ifndef TAIHU_ACCESS_SESSION_INT_H
#define TAIHU_ACCESS_SESSION_INT_H

#include <stddef.h>

#include "access/account.h"
#include "access/session.h"
#include "store/sha256.h"

struct session_opening {
    const char *secret; /* fresh, by secret_make() */
    const struct account *account;
    const char *address;
};

/* Adds it and its line; clears away all sessions that ran out. */
enum code session_open(struct tx *tx, const struct session_opening *opening, struct err *err);

struct session_refusal {
    const char *login; /* as given */
    const char *address;
    int64_t unwritten;
};

/* Adds the line; no row. */
enum code session_refuse(struct tx *tx, const struct session_refusal *refusal, struct err *err);

/* Signs out, with a line. E_ABSENT: it has ended. */
enum code session_close(struct tx *tx, const struct session *session, struct err *err);

/* ---- statements ---- */

enum code session_db_find(struct tx *tx, const unsigned char key[SHA256_BYTES], struct session *out,
                          struct err *err);
enum code session_db_add(struct tx *tx, const struct session *session,
                         const unsigned char key[SHA256_BYTES], struct err *err);
enum code session_db_seen(struct tx *tx, int64_t id, struct err *err); /* STORE_HOUSEKEEPING */
enum code session_db_end(struct tx *tx, int64_t id, int64_t *ended, struct err *err);

/* Ends all of an account but `except` (0: all), without a line: the caller's tells of it. */
enum code session_db_end_all(struct tx *tx, int64_t account, int64_t except, int64_t *ended,
                             struct err *err);

/* Ends those that were last seen, or made, at or before these times. */
enum code session_db_end_old(struct tx *tx, int64_t seen_ms, int64_t created_ms, struct err *err);

/* Ends all of an account but the `keep` that were seen last. */
enum code session_db_end_most(struct tx *tx, int64_t account, int64_t keep, struct err *err);

#endif
