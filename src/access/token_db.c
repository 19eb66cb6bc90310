/* token_db: the statements about access_token; the table is in account_db.c. */
#include <stdlib.h>
#include <string.h>

#include "access/token_int.h"
#include "base/mem.h"
#include "store/query.h"

#define COLUMNS "id, account, name, created_ms, expires_ms, used_day"

static const char SQL_FIND[] = "SELECT " COLUMNS " FROM access_token WHERE key = ?1";
static const char SQL_LIST[] =
    "SELECT " COLUMNS " FROM access_token WHERE account = ?1 ORDER BY id DESC";
static const char SQL_ADD[] =
    "INSERT INTO access_token (id, account, key, name, created_ms, expires_ms)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char SQL_USED[] = "UPDATE access_token SET used_day = ?2 WHERE id = ?1";
static const char SQL_END[] =
    "DELETE FROM access_token WHERE id = ?1 AND account = ?2 RETURNING name";
static const char SQL_END_ALL[] = "DELETE FROM access_token WHERE account = ?1 RETURNING id";
static const char SQL_END_OLD[] =
    "DELETE FROM access_token WHERE account = ?1 AND expires_ms <= ?2";
static const char SQL_COUNT[] = "SELECT count(*) FROM access_token WHERE account = ?1";

static struct token get_token(struct query *q, struct arena *a) {
    bool used = query_kind(q, 5) != QUERY_NULL;
    return (struct token){.id = query_get_int(q, 0),
                          .account = query_get_int(q, 1),
                          .name = query_dup_text(q, 2, a),
                          .created_ms = query_get_int(q, 3),
                          .expires_ms = query_get_int(q, 4),
                          .used_day = used ? (int32_t)query_get_int(q, 5) : TOKEN_UNUSED};
}

static enum code end_find(struct query *q, bool found, struct err *err) {
    enum code code = query_close(q, err);
    return code != OK || found ? code : err_set(err, E_ABSENT, "there is no such token");
}

enum code token_db_find(struct tx *tx, const unsigned char key[SHA256_BYTES], struct arena *a,
                        struct token *out, struct err *err) {
    struct query *q = query_open(tx, SQL_FIND);
    query_blob(q, 1, key, SHA256_BYTES);
    bool found = query_row(q);
    if (found) {
        *out = get_token(q, a);
    }
    return end_find(q, found, err);
}

enum code token_list(struct tx *tx, int64_t account, struct arena *a, struct token **out,
                     size_t *count, struct err *err) {
    struct token *list = NULL;
    size_t n = 0;
    size_t cap = 0;
    struct query *q = query_open(tx, SQL_LIST);
    query_int(q, 1, account);
    while (query_row(q)) {
        list = mem_reserve(list, &cap, n + 1, sizeof *list);
        list[n++] = get_token(q, a);
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = arena_alloc(a, (n + 1) * sizeof *list);
        if (n > 0) {
            memcpy(*out, list, n * sizeof *list);
        }
        *count = n;
    }
    free(list);
    return code;
}

enum code token_db_add(struct tx *tx, const struct token *token,
                       const unsigned char key[SHA256_BYTES], struct err *err) {
    struct query *q = query_open(tx, SQL_ADD);
    query_int(q, 1, token->id);
    query_int(q, 2, token->account);
    query_blob(q, 3, key, SHA256_BYTES);
    query_text(q, 4, token->name);
    query_int(q, 5, token->created_ms);
    query_int(q, 6, token->expires_ms);
    return query_run(q, err);
}

enum code token_db_used(struct tx *tx, int64_t id, int32_t day, struct err *err) {
    struct query *q = query_open(tx, SQL_USED);
    query_int(q, 1, id);
    query_int(q, 2, day);
    return query_run(q, err);
}

enum code token_db_end(struct tx *tx, const struct token *token, struct arena *a, const char **name,
                       struct err *err) {
    struct query *q = query_open(tx, SQL_END);
    query_int(q, 1, token->id);
    query_int(q, 2, token->account);
    bool found = query_row(q);
    if (found) {
        *name = query_dup_text(q, 0, a);
    }
    return end_find(q, found, err);
}

enum code token_db_end_all(struct tx *tx, int64_t account, int64_t *ended, struct err *err) {
    int64_t n = 0;
    struct query *q = query_open(tx, SQL_END_ALL);
    query_int(q, 1, account);
    while (query_row(q)) {
        n++;
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *ended = n;
    }
    return code;
}

enum code token_db_end_old(struct tx *tx, int64_t account, int64_t now_ms, int64_t *left,
                           struct err *err) {
    struct query *q = query_open(tx, SQL_END_OLD);
    query_int(q, 1, account);
    query_int(q, 2, now_ms);
    enum code code = query_run(q, err);
    if (code != OK) {
        return code;
    }
    q = query_open(tx, SQL_COUNT);
    query_int(q, 1, account);
    return query_number(q, left, err);
}
