/* session_db: the statements about access_session; the table is in account_db.c. */
#include "access/session_int.h"
#include "store/query.h"

static const char SQL_FIND[] =
    "SELECT id, account, created_ms, seen_ms FROM access_session WHERE key = ?1";
static const char SQL_ADD[] = "INSERT INTO access_session (id, account, key, created_ms, seen_ms)"
                              " VALUES (?1, ?2, ?3, ?4, ?5)";
static const char SQL_SEEN[] = "UPDATE access_session SET seen_ms = ?2 WHERE id = ?1";
static const char SQL_END[] = "DELETE FROM access_session WHERE id = ?1 RETURNING id";
static const char SQL_END_ALL[] =
    "DELETE FROM access_session WHERE account = ?1 AND id <> ?2 RETURNING id";
static const char SQL_END_OLD[] =
    "DELETE FROM access_session WHERE seen_ms <= ?1 OR created_ms <= ?2";
static const char SQL_END_MOST[] =
    "DELETE FROM access_session WHERE account = ?1 AND id NOT IN"
    " (SELECT id FROM access_session WHERE account = ?1 ORDER BY seen_ms DESC, id DESC LIMIT ?2)";

enum code session_db_find(struct tx *tx, const unsigned char key[SHA256_BYTES], struct session *out,
                          struct err *err) {
    struct query *q = query_open(tx, SQL_FIND);
    query_blob(q, 1, key, SHA256_BYTES);
    bool found = query_row(q);
    if (found) {
        *out = (struct session){.id = query_get_int(q, 0),
                                .account = query_get_int(q, 1),
                                .created_ms = query_get_int(q, 2),
                                .seen_ms = query_get_int(q, 3)};
    }
    enum code code = query_close(q, err);
    return code != OK || found ? code : err_set(err, E_ABSENT, "there is no such session");
}

enum code session_db_add(struct tx *tx, const struct session *session,
                         const unsigned char key[SHA256_BYTES], struct err *err) {
    struct query *q = query_open(tx, SQL_ADD);
    query_int(q, 1, session->id);
    query_int(q, 2, session->account);
    query_blob(q, 3, key, SHA256_BYTES);
    query_int(q, 4, session->created_ms);
    query_int(q, 5, session->seen_ms);
    return query_run(q, err);
}

enum code session_db_seen(struct tx *tx, int64_t id, struct err *err) {
    struct query *q = query_open(tx, SQL_SEEN);
    query_int(q, 1, id);
    query_int(q, 2, tx_now_ms(tx));
    return query_run(q, err);
}

/* Counts the rows that a statement returns. */
static enum code count_rows(struct query *q, int64_t *out, struct err *err) {
    int64_t n = 0;
    while (query_row(q)) {
        n++;
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = n;
    }
    return code;
}

enum code session_db_end(struct tx *tx, int64_t id, int64_t *ended, struct err *err) {
    struct query *q = query_open(tx, SQL_END);
    query_int(q, 1, id);
    return count_rows(q, ended, err);
}

enum code session_db_end_all(struct tx *tx, int64_t account, int64_t except, int64_t *ended,
                             struct err *err) {
    struct query *q = query_open(tx, SQL_END_ALL);
    query_int(q, 1, account);
    query_int(q, 2, except);
    return count_rows(q, ended, err);
}

enum code session_db_end_old(struct tx *tx, int64_t seen_ms, int64_t created_ms, struct err *err) {
    struct query *q = query_open(tx, SQL_END_OLD);
    query_int(q, 1, seen_ms);
    query_int(q, 2, created_ms);
    return query_run(q, err);
}

enum code session_db_end_most(struct tx *tx, int64_t account, int64_t keep, struct err *err) {
    struct query *q = query_open(tx, SQL_END_MOST);
    query_int(q, 1, account);
    query_int(q, 2, keep);
    return query_run(q, err);
}
