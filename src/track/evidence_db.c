/* evidence_db: the table and statements of evidence.h. The bytes stand last, so that a row's other
 * columns are read without them. */
#include <string.h>

#include "store/hex.h"
#include "store/query.h"
#include "track/evidence_int.h"
#include "track/rows_int.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE evidence_file ("
        "  sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),"
        "  name TEXT NOT NULL,"
        "  type TEXT NOT NULL,"
        "  size INTEGER NOT NULL CHECK (size > 0),"
        "  actor TEXT NOT NULL,"
        "  time_ms INTEGER NOT NULL,"
        "  line INTEGER NOT NULL,"
        "  bytes BLOB NOT NULL"
        ") STRICT;"},
};

const struct schema evidence_schema = {"evidence", migrations,
                                       sizeof migrations / sizeof migrations[0], NULL};

static const char SQL_FIND[] =
    "SELECT name, type, size, actor, time_ms, line FROM evidence_file WHERE sha256 = ?1";
static const char SQL_BYTES[] = "SELECT bytes FROM evidence_file WHERE sha256 = ?1";
static const char SQL_ADD[] =
    "INSERT INTO evidence_file (sha256, name, type, size, actor, time_ms, line, bytes)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

static enum evidence_type type_of(const char *name) {
    int t = 0;
    while (t < EVIDENCE_TYPES - 1 && strcmp(evidence_type_name((enum evidence_type)t), name) != 0) {
        t++;
    }
    return (enum evidence_type)t;
}

enum code evidence_find(struct tx *tx, const unsigned char sha256[SHA256_BYTES], struct arena *a,
                        struct evidence *out, struct err *err) {
    char hex[2 * SHA256_BYTES + 1];
    struct query *q = query_open(tx, SQL_FIND);
    query_blob(q, 1, sha256, SHA256_BYTES);
    bool found = query_row(q);
    struct evidence e = {.name = NULL};
    if (found) {
        e = (struct evidence){.name = query_dup_text(q, 0, a),
                              .type = type_of(query_get_text(q, 1)),
                              .size = (size_t)query_get_int(q, 2),
                              .actor = query_dup_text(q, 3, a),
                              .time_ms = query_get_int(q, 4),
                              .line = query_get_int(q, 5)};
        memcpy(e.sha256, sha256, SHA256_BYTES);
    }
    enum code code = query_close(q, err);
    if (code == OK && !found) {
        code = err_set(err, E_ABSENT, "there is no file %s", hex_text(sha256, SHA256_BYTES, hex));
    }
    if (code == OK) {
        *out = e;
    }
    return code;
}

enum code evidence_load(struct tx *tx, const unsigned char sha256[SHA256_BYTES], struct arena *a,
                        struct evidence *out, const void **bytes, struct err *err) {
    struct evidence e;
    enum code code = evidence_find(tx, sha256, a, &e, err);
    if (code != OK) {
        return code;
    }
    struct query *q = query_open(tx, SQL_BYTES);
    query_blob(q, 1, sha256, SHA256_BYTES);
    const char *copy = NULL;
    if (query_row(q)) {
        e.size = query_get_len(q, 0);
        copy = arena_dup(a, query_get_blob(q, 0), e.size);
    }
    code = query_close(q, err);
    if (code == OK) {
        *out = e;
        *bytes = copy;
    }
    return code;
}

enum code evidence_db_add(struct tx *tx, const struct evidence_file *file,
                          const struct evidence *row, struct err *err) {
    struct query *q = query_open(tx, SQL_ADD);
    query_blob(q, 1, file->sha256, SHA256_BYTES);
    query_text(q, 2, row->name);
    query_text(q, 3, evidence_type_name(row->type));
    query_int(q, 4, (int64_t)row->size);
    query_text(q, 5, row->actor);
    query_int(q, 6, row->time_ms);
    query_int(q, 7, row->line);
    query_blob(q, 8, file->bytes, file->size);
    return query_run(q, err);
}
