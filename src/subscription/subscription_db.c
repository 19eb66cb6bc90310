/* subscription_db: the tables and statements of subscription_store.h and outbox.h.
 *
 *   subscription           each as JSON with whole names, as subscription_write() has it
 *   subscription_context   terms of @contexts, each set once
 *   subscription_stamp     one row: the stamp of the last change of any
 *   subscription_progress  what became of its notifications
 *   subscription_change    changes that are due to somebody
 *   subscription_due       to whom
 */
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "store/query_rows.h"
#include "store/sha256.h"
#include "subscription/outbox.h"
#include "subscription/subscription_store.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE subscription_context ("
        "  number INTEGER PRIMARY KEY,"
        "  terms BLOB NOT NULL"
        ") STRICT;"
        "CREATE TABLE subscription ("
        "  number INTEGER PRIMARY KEY,"
        "  id TEXT NOT NULL UNIQUE,"
        "  json TEXT NOT NULL,"
        "  q_context INTEGER NOT NULL," /* 0: the core's */
        "  context INTEGER NOT NULL,"
        "  context_json TEXT," /* the @context as it was sent */
        "  created_ms INTEGER NOT NULL,"
        "  modified_ms INTEGER NOT NULL,"
        "  stamp INTEGER NOT NULL"
        ") STRICT;"
        "CREATE TABLE subscription_stamp (one INTEGER PRIMARY KEY CHECK (one = 1),"
        "  stamp INTEGER NOT NULL) STRICT;"
        "INSERT INTO subscription_stamp (one, stamp) VALUES (1, 0);"
        "CREATE TABLE subscription_progress ("
        "  subscription INTEGER PRIMARY KEY REFERENCES subscription (number),"
        "  sent INTEGER NOT NULL,"
        "  failed INTEGER NOT NULL,"
        "  dropped INTEGER NOT NULL,"
        "  last_ms INTEGER NOT NULL," /* 0: not yet; so the next two */
        "  success_ms INTEGER NOT NULL,"
        "  failure_ms INTEGER NOT NULL"
        ") STRICT;"
        "CREATE TABLE subscription_change ("
        "  seq INTEGER PRIMARY KEY,"
        "  time_ms INTEGER NOT NULL,"
        "  snapshot BLOB NOT NULL"
        ") STRICT;"
        "CREATE TABLE subscription_due ("
        "  subscription INTEGER NOT NULL REFERENCES subscription (number),"
        "  seq INTEGER NOT NULL,"
        "  PRIMARY KEY (subscription, seq)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX subscription_due_seq ON subscription_due (seq);"},
};

const struct schema subscription_schema = {"subscription", migrations,
                                           sizeof migrations / sizeof migrations[0], NULL};

/* ---- terms ---- */

static const char SQL_ADD_CONTEXT[] = "INSERT INTO subscription_context (number, terms)"
                                      " VALUES (?1, ?2) ON CONFLICT (number) DO NOTHING";
static const char SQL_CONTEXT[] = "SELECT terms FROM subscription_context WHERE number = ?1";

/* An entity_context as entity_context.h has it, name and IRI each ended by NUL: `count` by name,
 * and the same again by IRI. */
static void put_terms(const struct entity_context *c, struct buf *to) {
    for (size_t i = 0; i < 2 * c->count; i++) {
        buf_add(to, c->terms[i].name, strlen(c->terms[i].name) + 1);
        buf_add(to, c->terms[i].iri, strlen(c->terms[i].iri) + 1);
    }
}

/* The number follows from the terms, so one that is given up never comes to stand for others. */
static int64_t number_of(const struct buf *terms) {
    unsigned char digest[SHA256_BYTES];
    int64_t number = 0;
    sha256_of(terms->data, terms->len, digest);
    for (size_t i = 0; i < 7; i++) { /* 56 bits: positive */
        number = number << 8 | digest[i];
    }
    return number;
}

enum code subscription_keep_context(struct tx *tx, const struct entity_context *context,
                                    int64_t *out, struct err *err) {
    struct buf terms = BUF_INIT;
    *out = 0;
    if (context->count == 0) {
        return OK;
    }
    put_terms(context, &terms);
    *out = number_of(&terms);
    struct query *q = query_open(tx, SQL_ADD_CONTEXT);
    query_int(q, 1, *out);
    query_blob(q, 2, terms.data, terms.len);
    enum code code = query_run(q, err);
    buf_fini(&terms);
    return code;
}

static void read_terms(const char *data, size_t n, struct arena *a, struct entity_context *out) {
    const char *at = arena_dup(a, data, n);
    const char *end = at + n;
    size_t texts = 0;
    for (size_t i = 0; i < n; i++) {
        texts += at[i] == '\0';
    }
    struct entity_term *terms = arena_alloc(a, (texts / 2 + 1) * sizeof *terms);
    for (size_t i = 0; i < texts / 2 && at < end; i++) {
        terms[i].name = at;
        at += strlen(at) + 1;
        terms[i].iri = at;
        at += strlen(at) + 1;
    }
    *out = (struct entity_context){.terms = terms, .count = texts / 4};
}

enum code subscription_load_context(struct tx *tx, int64_t number, struct arena *a,
                                    struct entity_context *out, struct err *err) {
    *out = (struct entity_context){.count = 0};
    if (number == 0) {
        return OK;
    }
    struct query *q = query_open(tx, SQL_CONTEXT);
    query_int(q, 1, number);
    if (query_row(q)) {
        read_terms(query_get_blob(q, 0), query_get_len(q, 0), a, out);
    }
    return query_close(q, err);
}

/* ---- stamps ---- */

static const char SQL_STAMP[] = "SELECT stamp FROM subscription_stamp";
static const char SQL_SET_STAMP[] = "UPDATE subscription_stamp SET stamp = ?1";

enum code subscription_last_stamp(struct tx *tx, int64_t *out, struct err *err) {
    return query_number(query_open(tx, SQL_STAMP), out, err);
}

enum code subscription_stamp(struct tx *tx, int64_t *last, int64_t *out, struct err *err) {
    int64_t kept = 0;
    enum code code = subscription_last_stamp(tx, &kept, err);
    if (code == OK) {
        *last = (kept > *last ? kept : *last) + 1;
        *out = *last;
        struct query *q = query_open(tx, SQL_SET_STAMP);
        query_int(q, 1, *out);
        code = query_run(q, err);
    }
    return code;
}

/* ---- subscriptions ---- */

#define COLUMNS                                                                                    \
    "SELECT s.number, s.stamp, s.json, s.q_context, s.context, s.context_json, s.created_ms,"      \
    " s.modified_ms, p.sent, p.failed, p.dropped, p.last_ms, p.success_ms, p.failure_ms,"          \
    " (SELECT count(*) FROM subscription_due d WHERE d.subscription = s.number)"                   \
    " FROM subscription s LEFT JOIN subscription_progress p ON p.subscription = s.number"

static const char SQL_BY_ID[] = COLUMNS " WHERE s.id = ?1";
static const char SQL_BY_NUMBER[] = COLUMNS " WHERE s.number = ?1";
static const char SQL_PAGE[] = COLUMNS " ORDER BY s.number LIMIT ?1 OFFSET ?2";
static const char SQL_COUNT[] = "SELECT count(*) FROM subscription";
static const char SQL_KEYS[] = "SELECT number, stamp FROM subscription ORDER BY number";
static const char SQL_NUMBER_OF[] = "SELECT number FROM subscription WHERE id = ?1";
static const char SQL_ADD[] =
    "INSERT INTO subscription (number, id, json, q_context, context, context_json, created_ms,"
    " modified_ms, stamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?1)";
static const char SQL_REPLACE[] =
    "UPDATE subscription SET json = ?2, q_context = ?3, context = ?4, context_json = ?5,"
    " modified_ms = ?6, stamp = ?7 WHERE number = ?1";
static const char SQL_REMOVE_PROGRESS[] =
    "DELETE FROM subscription_progress WHERE subscription = ?1";
static const char SQL_TIDY_CONTEXTS[] =
    "DELETE FROM subscription_context WHERE number NOT IN"
    " (SELECT q_context FROM subscription UNION SELECT context FROM subscription)";
static const char SQL_REMOVE[] = "DELETE FROM subscription WHERE number = ?1";

static enum code get_row(struct query *q, struct arena *a, struct subscription_kept *out,
                         struct err *err) {
    static const struct entity_context whole = {.count = 0};
    const struct json_value *v = NULL;
    const char *text = query_get_text(q, 5);
    *out = (struct subscription_kept){.number = query_get_int(q, 0), .stamp = query_get_int(q, 1)};
    out->q_context = query_get_int(q, 3);
    out->context = query_get_int(q, 4);
    out->context_json = text == NULL ? NULL : arena_dup(a, text, query_get_len(q, 5));
    out->progress = (struct subscription_progress){
        .created_ms = query_get_int(q, 6),
        .modified_ms = query_get_int(q, 7),
        .sent = query_get_int(q, 8),
        .failed = query_get_int(q, 9),
        .dropped = query_get_int(q, 10),
        .last_ms = query_get_int(q, 11),
        .success_ms = query_get_int(q, 12),
        .failure_ms = query_get_int(q, 13),
        .waiting = query_get_int(q, 14),
    };
    enum code code = json_read(query_get_text(q, 2), query_get_len(q, 2), a, &v, err);
    return code == OK ? subscription_read(v, &whole, a, &out->s, NULL, err) : code;
}

static enum code load_one(struct query *q, struct arena *a, struct subscription_kept *out,
                          struct err *err) {
    bool found = query_row(q);
    enum code code = found ? get_row(q, a, out, err) : OK;
    enum code closed = query_close(q, err);
    code = code == OK ? closed : code;
    return code == OK && !found ? E_ABSENT : code;
}

enum code subscription_load(struct tx *tx, const char *id, struct arena *a,
                            struct subscription_kept *out, struct err *err) {
    struct query *q = query_open(tx, SQL_BY_ID);
    query_text(q, 1, id);
    enum code code = load_one(q, a, out, err);
    return code == E_ABSENT ? err_set(err, code, "there is no subscription \"%.200s\"", id) : code;
}

enum code subscription_load_number(struct tx *tx, int64_t number, struct arena *a,
                                   struct subscription_kept *out, struct err *err) {
    struct query *q = query_open(tx, SQL_BY_NUMBER);
    query_int(q, 1, number);
    enum code code = load_one(q, a, out, err);
    return code == E_ABSENT
               ? err_set(err, code, "there is no subscription number %lld", (long long)number)
               : code;
}

enum code subscription_list(struct tx *tx, struct subscription_page page, struct arena *a,
                            struct subscription_kept **out, size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open(tx, SQL_PAGE);
    enum code code = OK;
    query_int(q, 1, page.limit);
    query_int(q, 2, page.offset);
    while (code == OK && query_row(q)) {
        struct subscription_kept *k = query_rows_add(&rows, sizeof *k);
        code = get_row(q, a, k, err);
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    enum code closed = query_close(q, err);
    return code == OK ? closed : code;
}

enum code subscription_count(struct tx *tx, int64_t *out, struct err *err) {
    return query_number(query_open(tx, SQL_COUNT), out, err);
}

enum code subscription_list_keys(struct tx *tx, struct arena *a, struct subscription_key **out,
                                 size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open(tx, SQL_KEYS);
    while (query_row(q)) {
        struct subscription_key *key = query_rows_add(&rows, sizeof *key);
        *key = (struct subscription_key){query_get_int(q, 0), query_get_int(q, 1)};
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    return query_close(q, err);
}

/* ---- changing ---- */

static void write_down(const struct subscription_kept *k, struct buf *to) {
    static const struct entity_context whole = {.count = 0};
    struct subscription_look look = {.context = &whole};
    struct arena a = ARENA_INIT;
    struct json_out j;
    json_init(&j, to, 0);
    subscription_write(&k->s, &look, &a, &j);
    arena_fini(&a);
}

enum code subscription_add(struct tx *tx, const struct subscription_kept *k, struct err *err) {
    struct buf json = BUF_INIT;
    int64_t taken = 0;
    struct query *q = query_open(tx, SQL_NUMBER_OF);
    query_text(q, 1, k->s.id);
    enum code code = query_number(q, &taken, err);
    if (code == OK && taken != 0) {
        return err_set(err, E_CONFLICT, "there is a subscription \"%.200s\" already", k->s.id);
    }
    if (code == OK) {
        write_down(k, &json);
        q = query_open(tx, SQL_ADD);
        query_int(q, 1, k->stamp);
        query_text(q, 2, k->s.id);
        query_textn(q, 3, json.data, json.len);
        query_int(q, 4, k->q_context);
        query_int(q, 5, k->context);
        query_text(q, 6, k->context_json);
        query_int(q, 7, tx_now_ms(tx));
        code = query_run(q, err);
    }
    buf_fini(&json);
    return code;
}

enum code subscription_replace(struct tx *tx, const struct subscription_kept *k, struct err *err) {
    struct buf json = BUF_INIT;
    write_down(k, &json);
    struct query *q = query_open(tx, SQL_REPLACE);
    query_int(q, 1, k->number);
    query_textn(q, 2, json.data, json.len);
    query_int(q, 3, k->q_context);
    query_int(q, 4, k->context);
    query_text(q, 5, k->context_json);
    query_int(q, 6, tx_now_ms(tx));
    query_int(q, 7, k->stamp);
    enum code code = query_run(q, err);
    buf_fini(&json);
    return code == OK ? query_run(query_open(tx, SQL_TIDY_CONTEXTS), err) : code;
}

static enum code run_of(struct tx *tx, const char *sql, int64_t number, struct err *err) {
    struct query *q = query_open(tx, sql);
    query_int(q, 1, number);
    return query_run(q, err);
}

enum code subscription_remove(struct tx *tx, const struct subscription_kept *k, struct err *err) {
    enum code code = outbox_done(tx, k->number, INT64_MAX, err);
    code = code == OK ? run_of(tx, SQL_REMOVE_PROGRESS, k->number, err) : code;
    code = code == OK ? run_of(tx, SQL_REMOVE, k->number, err) : code;
    return code == OK ? query_run(query_open(tx, SQL_TIDY_CONTEXTS), err) : code;
}

/* ---- the outbox ---- */

static const char SQL_ADD_CHANGE[] =
    "INSERT INTO subscription_change (seq, time_ms, snapshot) VALUES (?1, ?2, ?3)";
static const char SQL_ADD_DUE[] =
    "INSERT INTO subscription_due (subscription, seq) VALUES (?1, ?2)";
static const char SQL_COUNT_DUE[] = "SELECT count(*) FROM subscription_due WHERE subscription = ?1";
static const char SQL_LAST_DUE[] = "SELECT max(seq) FROM subscription_due";
static const char SQL_READY[] =
    "SELECT DISTINCT subscription FROM subscription_due WHERE seq > ?1 ORDER BY subscription";
static const char SQL_DUE[] = "SELECT d.seq, c.time_ms, c.snapshot FROM subscription_due d"
                              " JOIN subscription_change c ON c.seq = d.seq"
                              " WHERE d.subscription = ?1 ORDER BY d.seq LIMIT ?2";
static const char SQL_DONE_CHANGES[] =
    "DELETE FROM subscription_change WHERE seq IN"
    " (SELECT seq FROM subscription_due WHERE subscription = ?1 AND seq <= ?2)"
    " AND NOT EXISTS (SELECT 1 FROM subscription_due d WHERE d.seq = subscription_change.seq"
    " AND d.subscription <> ?1)";
static const char SQL_DONE[] = "DELETE FROM subscription_due WHERE subscription = ?1 AND seq <= ?2";
static const char SQL_NTH[] = "SELECT seq FROM subscription_due WHERE subscription = ?1"
                              " ORDER BY seq LIMIT 1 OFFSET ?2";
static const char SQL_NOTE[] =
    "INSERT INTO subscription_progress"
    " (subscription, sent, failed, dropped, last_ms, success_ms, failure_ms)"
    " SELECT number, ?2, ?3, ?4, ?5, ?6, ?7 FROM subscription WHERE number = ?1"
    " ON CONFLICT (subscription) DO UPDATE SET sent = sent + excluded.sent,"
    " failed = failed + excluded.failed, dropped = dropped + excluded.dropped,"
    " last_ms = max(last_ms, excluded.last_ms), success_ms = max(success_ms, excluded.success_ms),"
    " failure_ms = max(failure_ms, excluded.failure_ms)";

enum code outbox_add_change(struct tx *tx, int64_t seq, const void *snapshot, size_t len,
                            struct err *err) {
    struct query *q = query_open(tx, SQL_ADD_CHANGE);
    query_int(q, 1, seq);
    query_int(q, 2, tx_now_ms(tx));
    query_blob(q, 3, snapshot, len);
    return query_run(q, err);
}

static struct query *open_two(struct tx *tx, const char *sql, int64_t a, int64_t b) {
    struct query *q = query_open(tx, sql);
    query_int(q, 1, a);
    query_int(q, 2, b);
    return q;
}

enum code outbox_add_due(struct tx *tx, int64_t subscription, int64_t seq, struct err *err) {
    return query_run(open_two(tx, SQL_ADD_DUE, subscription, seq), err);
}

enum code outbox_count(struct tx *tx, int64_t subscription, int64_t *out, struct err *err) {
    struct query *q = query_open(tx, SQL_COUNT_DUE);
    query_int(q, 1, subscription);
    return query_number(q, out, err);
}

enum code outbox_list_ready(struct tx *tx, int64_t *seq, struct arena *a, int64_t **out,
                            size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    int64_t last = 0;
    struct query *q = query_open(tx, SQL_READY);
    query_int(q, 1, *seq);
    while (query_row(q)) {
        *(int64_t *)query_rows_add(&rows, sizeof(int64_t)) = query_get_int(q, 0);
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    enum code code = query_close(q, err);
    code = code == OK ? query_number(query_open(tx, SQL_LAST_DUE), &last, err) : code;
    if (code == OK && last > *seq) {
        *seq = last;
    }
    return code;
}

enum code outbox_list(struct tx *tx, int64_t subscription, struct outbox_bounds bounds,
                      struct arena *a, struct outbox_item **out, size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = open_two(tx, SQL_DUE, subscription, (int64_t)bounds.items);
    size_t bytes = 0;
    while (query_row(q)) {
        size_t len = query_get_len(q, 2);
        bytes += len;
        if (bytes > bounds.bytes && rows.count > 0) {
            break;
        }
        struct outbox_item *item = query_rows_add(&rows, sizeof *item);
        *item = (struct outbox_item){query_get_int(q, 0), query_get_int(q, 1),
                                     arena_dup(a, query_get_blob(q, 2), len), len};
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    return query_close(q, err);
}

enum code outbox_done(struct tx *tx, int64_t subscription, int64_t seq, struct err *err) {
    enum code code = query_run(open_two(tx, SQL_DONE_CHANGES, subscription, seq), err);
    return code == OK ? query_run(open_two(tx, SQL_DONE, subscription, seq), err) : code;
}

enum code outbox_drop(struct tx *tx, int64_t subscription, int64_t n, struct err *err) {
    int64_t seq = 0;
    enum code code = query_number(open_two(tx, SQL_NTH, subscription, n - 1), &seq, err);
    return code == OK ? outbox_done(tx, subscription, seq, err) : code;
}

enum code outbox_note(struct tx *tx, int64_t subscription, const struct outbox_progress *p,
                      struct err *err) {
    struct query *q = open_two(tx, SQL_NOTE, subscription, p->sent);
    query_int(q, 3, p->failed);
    query_int(q, 4, p->dropped);
    query_int(q, 5, p->last_ms);
    query_int(q, 6, p->success_ms);
    query_int(q, 7, p->failure_ms);
    return query_run(q, err);
}
