/* entity_hosted_db: the table of entity_hosted.h. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_hosted_int.h"
#include "store/query.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE context_document ("
        "  id TEXT PRIMARY KEY,"
        "  url TEXT NOT NULL UNIQUE,"
        "  kind INTEGER NOT NULL,"
        "  body TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL"
        ") STRICT;"},
};

const struct schema entity_hosted_schema = {"context", migrations,
                                            sizeof migrations / sizeof migrations[0], NULL};

#define COLUMNS "SELECT id, url, kind, body, created_ms FROM context_document"

static const char SQL_FIND[] = COLUMNS " WHERE id = ?1 OR url = ?2";
static const char SQL_LIST[] = COLUMNS " WHERE ?1 = 0 OR kind = ?1 ORDER BY created_ms, id";
static const char SQL_COUNT[] = "SELECT count(*) FROM context_document";
static const char SQL_PUT[] =
    "INSERT INTO context_document (id, url, kind, body, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (url) DO UPDATE SET body = excluded.body, created_ms = excluded.created_ms";
static const char SQL_REMOVE[] = "DELETE FROM context_document WHERE id = ?1";

static struct entity_hosted get(struct query *q, struct arena *a) {
    return (struct entity_hosted){.id = query_dup_text(q, 0, a),
                                  .url = query_dup_text(q, 1, a),
                                  .kind = (enum entity_hosted_kind)query_get_int(q, 2),
                                  .body = query_dup_text(q, 3, a),
                                  .created_ms = query_get_int(q, 4)};
}

enum code entity_hosted_db_find(struct tx *tx, const char *id, const char *url, struct arena *a,
                                struct entity_hosted *out, struct err *err) {
    struct query *q = query_open(tx, SQL_FIND);
    struct entity_hosted found = {.id = NULL};
    query_text(q, 1, id);
    query_text(q, 2, url);
    if (query_row(q)) {
        found = get(q, a);
    }
    enum code code = query_close(q, err);
    if (code == OK) {
        *out = found;
    }
    return code;
}

enum code entity_hosted_list(struct tx *tx, int kind, struct arena *a, struct entity_hosted **out,
                             size_t *count, struct err *err) {
    struct entity_hosted *all = arena_alloc(a, ENTITY_HOSTED_MAX * sizeof *all);
    size_t n = 0;
    struct query *q = query_open(tx, SQL_LIST);
    query_int(q, 1, kind);
    while (n < ENTITY_HOSTED_MAX && query_row(q)) {
        all[n++] = get(q, a);
    }
    *out = all;
    *count = n;
    return query_close(q, err);
}

enum code entity_hosted_db_count(struct tx *tx, int64_t *out, struct err *err) {
    return query_number(query_open(tx, SQL_COUNT), out, err);
}

enum code entity_hosted_db_put(struct tx *tx, const struct entity_hosted *h, struct err *err) {
    struct query *q = query_open(tx, SQL_PUT);
    query_text(q, 1, h->id);
    query_text(q, 2, h->url);
    query_int(q, 3, h->kind);
    query_text(q, 4, h->body);
    query_int(q, 5, h->created_ms);
    return query_run(q, err);
}

enum code entity_hosted_remove(struct tx *tx, const char *id, struct err *err) {
    struct query *q = query_open(tx, SQL_REMOVE);
    query_text(q, 1, id);
    return query_run(q, err);
}
