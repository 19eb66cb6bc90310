/* answer: see answer.h. A key is its account's own; a request is told from another by the SHA-256
 * of method, path, query and body. */
#include "api/answer.h"

#include <string.h>

#include "store/query.h"
#include "store/sha256.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE api_answer ("
        "  account INTEGER NOT NULL,"
        "  key TEXT NOT NULL,"
        "  request BLOB NOT NULL CHECK (length(request) = 32),"
        "  status INTEGER NOT NULL,"
        "  etag TEXT,"
        "  body TEXT NOT NULL,"
        "  time_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (account, key)"
        ") STRICT;"
        "CREATE INDEX api_answer_time ON api_answer (time_ms);"},
};

const struct schema answer_schema = {"api", migrations, sizeof migrations / sizeof migrations[0],
                                     NULL};

static const char SQL_FIND[] =
    "SELECT request, status, etag, body FROM api_answer WHERE account = ?1 AND key = ?2";
static const char SQL_ADD[] =
    "INSERT INTO api_answer (account, key, request, status, etag, body, time_ms)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char SQL_FORGET[] = "DELETE FROM api_answer WHERE time_ms < ?1";

static const char *key_of(const struct call *c) {
    return c->route->flags & ROUTE_KEY ? http_header(c->request, "Idempotency-Key") : NULL;
}

static void digest(const struct call *c, unsigned char to[SHA256_BYTES]) {
    struct buf all = BUF_INIT;
    buf_addf(&all, "%s %s\n", c->request->method, c->request->path);
    for (size_t i = 0; i < c->request->query_count; i++) {
        buf_addf(&all, "%s=%s\n", c->request->query[i].name, c->request->query[i].value);
    }
    buf_addc(&all, '\n');
    buf_add(&all, c->request->body, c->request->body_len);
    sha256_of(all.data, all.len, to);
    buf_fini(&all);
}

static enum code take(struct call *c, struct query *q, struct err *err) {
    unsigned char request[SHA256_BYTES];
    digest(c, request);
    if (query_get_len(q, 0) != sizeof request ||
        memcmp(query_get_blob(q, 0), request, sizeof request) != 0) {
        return err_set(err, E_INPUT,
                       "cannot take Idempotency-Key \"%.40s\": it was used for another request",
                       key_of(c));
    }
    c->response->status = (int)query_get_int(q, 1);
    c->response->type = "application/json";
    buf_clear(&c->response->body);
    buf_add(&c->response->body, query_get_text(q, 3), query_get_len(q, 3));
    if (query_get_text(q, 2) != NULL) {
        http_set_header(c->response, "ETag", query_get_text(q, 2));
    }
    return OK;
}

enum code answer_find(struct call *c, struct tx *tx, bool *found, struct err *err) {
    const char *key = key_of(c);
    enum code code = OK;
    *found = false;
    if (key == NULL) {
        return OK;
    }
    if (key[0] == '\0' || strlen(key) > ANSWER_KEY_MAX) {
        return err_set(err, E_INPUT, "cannot take an Idempotency-Key of %zu bytes: 1 to %d",
                       strlen(key), ANSWER_KEY_MAX);
    }
    struct query *q = query_open(tx, SQL_FIND);
    query_int(q, 1, c->who.account);
    query_text(q, 2, key);
    if (query_row(q)) {
        *found = true;
        code = take(c, q, err);
    }
    enum code end = query_close(q, err);
    return code == OK ? end : code;
}

static const char *etag_of(const struct call *c) {
    for (size_t i = 0; i < c->response->header_count; i++) {
        if (strcmp(c->response->headers[i].name, "ETag") == 0) {
            return c->response->headers[i].value;
        }
    }
    return NULL;
}

static enum code forget(struct tx *tx, struct err *err) {
    struct query *q = query_open(tx, SQL_FORGET);
    query_int(q, 1, tx_now_ms(tx) - ANSWER_KEPT_MS);
    return query_run(q, err);
}

enum code answer_keep(struct call *c, struct tx *tx, struct err *err) {
    unsigned char request[SHA256_BYTES];
    if (key_of(c) == NULL) {
        return OK;
    }
    enum code code = forget(tx, err);
    if (code != OK) {
        return code;
    }
    digest(c, request);
    struct query *q = query_open(tx, SQL_ADD);
    query_int(q, 1, c->who.account);
    query_text(q, 2, key_of(c));
    query_blob(q, 3, request, sizeof request);
    query_int(q, 4, c->response->status);
    query_text(q, 5, etag_of(c));
    query_textn(q, 6, c->response->body.len == 0 ? "" : c->response->body.data,
                c->response->body.len);
    query_int(q, 7, tx_now_ms(tx));
    return query_run(q, err);
}
