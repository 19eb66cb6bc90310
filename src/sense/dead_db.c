/* dead_db: the table and statements of dead_int.h. */
#include <stdio.h>
#include <string.h>

#include "sense/dead_int.h"
#include "store/query.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE dead_letter ("
        "  id TEXT PRIMARY KEY,"
        "  topic TEXT NOT NULL,"
        "  why TEXT NOT NULL,"
        "  payload BLOB NOT NULL,"
        "  size INTEGER NOT NULL,"
        "  first_ms INTEGER NOT NULL,"
        "  last_ms INTEGER NOT NULL,"
        "  times INTEGER NOT NULL"
        ") STRICT;"
        "CREATE INDEX dead_letter_by_time ON dead_letter (last_ms, id);"},
};

const struct schema dead_schema = {"dead", migrations, sizeof migrations / sizeof migrations[0],
                                   NULL};

static const char SQL_PUT[] =
    "INSERT INTO dead_letter (id, topic, why, payload, size, first_ms, last_ms, times)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)"
    " ON CONFLICT (id) DO UPDATE SET why = excluded.why, last_ms = excluded.last_ms,"
    " times = dead_letter.times + 1";
static const char SQL_COUNT[] = "SELECT count(*) FROM dead_letter";
static const char SQL_DROP[] = "DELETE FROM dead_letter WHERE id IN"
                               " (SELECT id FROM dead_letter ORDER BY last_ms, id LIMIT ?1)";
static const char SQL_LIST[] = "SELECT id, topic, why, payload, size, first_ms, last_ms, times"
                               " FROM dead_letter ORDER BY last_ms DESC, id DESC"
                               " LIMIT ?1 OFFSET ?2";
static const char SQL_FIND[] = "SELECT count(*) FROM dead_letter WHERE id = ?1";
static const char SQL_REMOVE[] = "DELETE FROM dead_letter WHERE id = ?1";

enum code dead_db_put(struct tx *tx, const struct dead_letter *letter, struct err *err) {
    struct query *q = query_open(tx, SQL_PUT);
    query_text(q, 1, letter->id);
    query_text(q, 2, letter->topic);
    query_text(q, 3, letter->why);
    query_blob(q, 4, letter->len == 0 ? "" : letter->payload, letter->len);
    query_int(q, 5, letter->size);
    query_int(q, 6, tx_now_ms(tx));
    return query_run(q, err);
}

enum code dead_db_count(struct tx *tx, int64_t *out, struct err *err) {
    return query_number(query_open(tx, SQL_COUNT), out, err);
}

enum code dead_db_drop(struct tx *tx, int64_t n, struct err *err) {
    struct query *q = query_open(tx, SQL_DROP);
    query_int(q, 1, n);
    return query_run(q, err);
}

static const char *bytes(struct query *q, int column, struct arena *a) {
    size_t n = query_get_len(q, column);
    return arena_dup(a, n == 0 ? "" : query_get_blob(q, column), n);
}

static void get(struct query *q, struct arena *a, struct dead_letter *out) {
    snprintf(out->id, sizeof out->id, "%s", query_get_text(q, 0));
    out->topic = query_dup_text(q, 1, a);
    out->why = query_dup_text(q, 2, a);
    out->payload = bytes(q, 3, a);
    out->len = query_get_len(q, 3);
    out->size = query_get_int(q, 4);
    out->first_ms = query_get_int(q, 5);
    out->last_ms = query_get_int(q, 6);
    out->times = query_get_int(q, 7);
}

enum code dead_db_list(struct tx *tx, struct dead_page page, struct arena *a,
                       struct dead_letter **out, size_t *count, struct err *err) {
    struct dead_letter *all = arena_alloc(a, ((size_t)page.limit + 1) * sizeof *all);
    struct query *q = query_open(tx, SQL_LIST);
    size_t n = 0;
    query_int(q, 1, page.limit);
    query_int(q, 2, page.offset);
    while (n < (size_t)page.limit && query_row(q)) {
        get(q, a, &all[n++]);
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = all;
        *count = n;
    }
    return code;
}

enum code dead_db_remove(struct tx *tx, const char *id, bool *found, struct err *err) {
    int64_t n = 0;
    struct query *q = query_open(tx, SQL_FIND);
    query_text(q, 1, id);
    enum code code = query_number(q, &n, err);
    *found = n > 0;
    if (code != OK || n == 0) {
        return code;
    }
    q = query_open(tx, SQL_REMOVE);
    query_text(q, 1, id);
    return query_run(q, err);
}
