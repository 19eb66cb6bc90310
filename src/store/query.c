/* query: see query.h. A connection keeps every query it was asked for, prepared, in a hash table by
 * the address of its SQL; one that is open already is prepared a second time. */
#include "store/query.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/tx_int.h"

struct query {
    struct query *next; /* in its bucket */
    struct tx *tx;
    const char *sql;
    sqlite3_stmt *stmt; /* NULL where it could not be prepared */
    bool trusted;
    bool open;
    bool stepped;
    bool done;
    struct err err; /* the first failure since it was opened */
};

static struct query **bucket_of(struct tx *tx, const char *sql) {
    uintptr_t at = (uintptr_t)sql;
    return &tx->query[(at ^ at >> 6 ^ at >> 12) % TX_BUCKETS];
}

static struct query *find_idle(struct query *first, const char *sql) {
    for (struct query *q = first; q != NULL; q = q->next) {
        if (q->sql == sql && !q->open) {
            return q;
        }
    }
    return NULL;
}

static struct query *add(struct query **bucket, struct tx *tx, const char *sql) {
    struct query *q = mem_alloc(sizeof *q);
    memset(q, 0, sizeof *q);
    q->tx = tx;
    q->sql = sql;
    q->next = *bucket;
    *bucket = q;
    return q;
}

static void fail(struct query *q, int rc) {
    bool writes = q->stmt != NULL && !sqlite3_stmt_readonly(q->stmt);
    tx_fail(q->tx, writes ? "cannot write" : "cannot read", rc, &q->err);
}

static void prepare(struct query *q) {
    const char *rest = "";
    q->tx->trusted = q->trusted;
    int rc = sqlite3_prepare_v3(q->tx->db, q->sql, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, &rest);
    q->tx->trusted = false;
    if (rc != SQLITE_OK) {
        fail(q, rc);
    }
    assert(rc != SQLITE_OK || *rest == '\0'); /* one statement, no more */
}

static struct query *open_query(struct tx *tx, const char *sql, bool trusted) {
    struct query **bucket = bucket_of(tx, sql);
    struct query *q = find_idle(*bucket, sql);
    if (q == NULL) {
        q = add(bucket, tx, sql);
    }
    q->open = true;
    q->trusted = trusted;
    q->stepped = q->done = false;
    q->err = (struct err)ERR_INIT;
    tx->open_queries++;
    if (q->stmt == NULL) {
        prepare(q);
    }
    return q;
}

struct query *query_open(struct tx *tx, const char *sql) {
    return open_query(tx, sql, false);
}

struct query *query_open_of(struct tx *tx, const char *sql, int64_t number) {
    struct query *q = query_open(tx, sql);
    query_int(q, 1, number);
    return q;
}

struct query *query_open_trusted(struct tx *tx, const char *sql) {
    return open_query(tx, sql, true);
}

void query_free_all(struct query *first) {
    while (first != NULL) {
        struct query *next = first->next;
        assert(!first->open);
        sqlite3_finalize(first->stmt);
        free(first);
        first = next;
    }
}

/* ---- parameters ---- */

/* Whether there is something to bind to. */
static bool may_bind(const struct query *q) {
    assert(q->open && !q->stepped);
    return q->err.code == OK;
}

static void check(struct query *q, int rc) {
    assert(rc != SQLITE_RANGE); /* a parameter the statement does not have */
    if (rc != SQLITE_OK) {
        fail(q, rc);
    }
}

void query_int(struct query *q, int at, int64_t v) {
    if (may_bind(q)) {
        check(q, sqlite3_bind_int64(q->stmt, at, v));
    }
}

void query_textn(struct query *q, int at, const char *s, size_t n) {
    if (may_bind(q)) {
        check(q, sqlite3_bind_text64(q->stmt, at, s, n, SQLITE_STATIC, SQLITE_UTF8));
    }
}

void query_text(struct query *q, int at, const char *s) {
    query_textn(q, at, s, s == NULL ? 0 : strlen(s));
}

void query_blob(struct query *q, int at, const void *bytes, size_t n) {
    if (may_bind(q)) {
        check(q, sqlite3_bind_blob64(q->stmt, at, bytes, n, SQLITE_STATIC));
    }
}

void query_null(struct query *q, int at) {
    if (may_bind(q)) {
        check(q, sqlite3_bind_null(q->stmt, at));
    }
}

/* ---- rows ---- */

bool query_row(struct query *q) {
    assert(q->open);
    q->stepped = true;
    if (q->err.code != OK || q->done) {
        return false;
    }
    if (!tx_is_open(q->tx)) { /* a statement now would commit by itself */
        err_set(&q->err, E_IO, "cannot use %s: an earlier failure ended the transaction",
                q->tx->path);
        return false;
    }
    int rc = tx_run(q->tx, q->stmt, q->trusted);
    if (rc == SQLITE_ROW) {
        return true;
    }
    q->done = true;
    if (rc != SQLITE_DONE) {
        fail(q, rc);
    }
    return false;
}

enum query_kind query_kind(struct query *q, int column) {
    switch (sqlite3_column_type(q->stmt, column)) {
    case SQLITE_INTEGER:
        return QUERY_INT;
    case SQLITE_FLOAT:
        return QUERY_REAL;
    case SQLITE_TEXT:
        return QUERY_TEXT;
    case SQLITE_BLOB:
        return QUERY_BLOB;
    default:
        return QUERY_NULL;
    }
}

int64_t query_get_int(struct query *q, int column) {
    return sqlite3_column_int64(q->stmt, column);
}

const char *query_get_text(struct query *q, int column) {
    return (const char *)sqlite3_column_text(q->stmt, column);
}

const void *query_get_blob(struct query *q, int column) {
    return sqlite3_column_blob(q->stmt, column);
}

size_t query_get_len(struct query *q, int column) {
    return (size_t)sqlite3_column_bytes(q->stmt, column);
}

const char *query_dup_text(struct query *q, int column, struct arena *a) {
    const char *s = query_get_text(q, column);
    return s == NULL ? NULL : arena_dup(a, s, query_get_len(q, column));
}

enum code query_close(struct query *q, struct err *err) {
    assert(q->open && (q->stepped || q->err.code != OK)); /* one that never ran did nothing */
    if (q->stmt != NULL) {
        sqlite3_reset(q->stmt); /* what it says was said by the step */
        sqlite3_clear_bindings(q->stmt);
    }
    q->open = false;
    q->tx->open_queries--;
    return q->err.code == OK ? OK : err_set(err, q->err.code, "%s", q->err.msg);
}

enum code query_number(struct query *q, int64_t *out, struct err *err) {
    int64_t n = query_row(q) ? query_get_int(q, 0) : 0;
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = n;
    }
    return code;
}

enum code query_run(struct query *q, struct err *err) {
    bool row = query_row(q);
    assert(!row); /* a statement with rows wants query_row() */
    return query_close(q, err);
}
