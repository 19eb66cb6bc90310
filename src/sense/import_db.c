/* import_db: the table and statements of import_int.h. */
#include "sense/import.h"
#include "sense/import_int.h"
#include "store/query.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE sense_import ("
        "  file BLOB NOT NULL,"
        "  map BLOB NOT NULL,"
        "  name TEXT NOT NULL,"
        "  row_count INTEGER NOT NULL,"
        "  entity_count INTEGER NOT NULL,"
        "  refused_count INTEGER NOT NULL,"
        "  whole INTEGER NOT NULL,"
        "  started_ms INTEGER NOT NULL,"
        "  changed_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (file, map)"
        ") STRICT, WITHOUT ROWID;"},
};

const struct schema sense_schema = {"sense", migrations, sizeof migrations / sizeof migrations[0],
                                    NULL};

static const char SQL_LOAD[] = "SELECT row_count, entity_count, refused_count, whole"
                               " FROM sense_import WHERE file = ?1 AND map = ?2";
static const char SQL_SAVE[] =
    "INSERT INTO sense_import (file, map, name, row_count, entity_count, refused_count, whole,"
    " started_ms, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)"
    " ON CONFLICT (file, map) DO UPDATE SET name = excluded.name, row_count = excluded.row_count,"
    " entity_count = excluded.entity_count, refused_count = excluded.refused_count,"
    " whole = excluded.whole, changed_ms = excluded.changed_ms";

static struct query *open_for(struct tx *tx, const char *sql, const struct import_state *state) {
    struct query *q = query_open(tx, sql);
    query_blob(q, 1, state->file, SHA256_BYTES);
    query_blob(q, 2, state->map, SHA256_BYTES);
    return q;
}

enum code import_db_load(struct tx *tx, struct import_state *state, struct err *err) {
    struct query *q = open_for(tx, SQL_LOAD, state);
    state->rows = state->entities = state->refused = 0;
    state->whole = false;
    if (query_row(q)) {
        state->rows = query_get_int(q, 0);
        state->entities = query_get_int(q, 1);
        state->refused = query_get_int(q, 2);
        state->whole = query_get_int(q, 3) != 0;
    }
    return query_close(q, err);
}

enum code import_db_save(struct tx *tx, const struct import_state *state, struct err *err) {
    struct query *q = open_for(tx, SQL_SAVE, state);
    query_text(q, 3, state->name);
    query_int(q, 4, state->rows);
    query_int(q, 5, state->entities);
    query_int(q, 6, state->refused);
    query_int(q, 7, state->whole);
    query_int(q, 8, tx_now_ms(tx));
    return query_run(q, err);
}
