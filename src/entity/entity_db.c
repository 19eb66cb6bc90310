/* entity_db: the tables and statements of entity_store.h.
 *
 *   entity_name         every IRI once: ids, types, names; its number stands elsewhere
 *   entity_state        the entities that are there
 *   entity_type         their types
 *   entity_scope        their scopes
 *   entity_attribute    their attributes as normalized JSON with whole names
 *   entity_place        a box around all of an entity's geometries, by its number
 *   entity_chunk        what had a moment, many of one series in one hour as one text
 *                       (entity_chunk.h), kept by the hour first: what is written now lies
 *                       together, however many rows there are
 *   entity_bucket       the hours that have observations
 *   entity_log          observations that are no rows yet, as notes
 *   entity_aside        notes whose rows could not be written, as others there are damaged
 *   entity_past         types that an entity had which is deleted, or has in its history alone
 */
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "entity/entity_chunk.h"
#include "entity/entity_history_int.h"
#include "entity/entity_int.h"
#include "entity/entity_latest.h"
#include "entity/entity_stage_int.h"
#include "entity/entity_store.h"
#include "ngsi/entity_row.h"
#include "ngsi/entity_write.h"
#include "store/memory.h"
#include "store/query_rows.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE entity_name (number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE) STRICT;"
        "CREATE TABLE entity_state ("
        "  number INTEGER PRIMARY KEY REFERENCES entity_name (number),"
        "  created_ms INTEGER NOT NULL,"
        "  modified_ms INTEGER NOT NULL"
        ") STRICT;"
        "CREATE TABLE entity_type ("
        "  type INTEGER NOT NULL REFERENCES entity_name (number),"
        "  entity INTEGER NOT NULL REFERENCES entity_state (number),"
        "  PRIMARY KEY (type, entity)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX entity_type_of ON entity_type (entity);"
        "CREATE TABLE entity_attribute ("
        "  entity INTEGER NOT NULL REFERENCES entity_state (number),"
        "  name INTEGER NOT NULL REFERENCES entity_name (number),"
        "  place INTEGER NOT NULL,"
        "  json TEXT NOT NULL,"
        "  created_ms INTEGER NOT NULL,"
        "  modified_ms INTEGER NOT NULL,"
        "  PRIMARY KEY (entity, name)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE TABLE entity_observation ("
        "  bucket INTEGER NOT NULL,"
        "  entity INTEGER NOT NULL,"
        "  attribute INTEGER NOT NULL,"
        "  observed_ms INTEGER NOT NULL,"
        "  value TEXT NOT NULL,"
        "  unit TEXT,"
        "  PRIMARY KEY (bucket, entity, attribute, observed_ms)"
        ") STRICT, WITHOUT ROWID;"},
    /* Instances, scopes, boxes, quality; hours in place of ten minutes. What is attached to an old
     * observation was not kept. */
    {2, "ALTER TABLE entity_attribute RENAME TO entity_attribute_1;"
        "CREATE TABLE entity_attribute ("
        "  entity INTEGER NOT NULL REFERENCES entity_state (number),"
        "  name INTEGER NOT NULL REFERENCES entity_name (number),"
        "  dataset INTEGER NOT NULL DEFAULT 0," /* the number of its URI; 0: the default instance */
        "  place INTEGER NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  json TEXT NOT NULL,"
        "  observed_ms INTEGER,"
        "  created_ms INTEGER NOT NULL,"
        "  modified_ms INTEGER NOT NULL,"
        "  quality INTEGER NOT NULL DEFAULT 0,"
        "  series BLOB," /* how far the tests of quality are */
        "  PRIMARY KEY (entity, name, dataset)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX entity_attribute_of ON entity_attribute (name, entity, kind);"
        "INSERT INTO entity_attribute (entity, name, place, kind, json, created_ms, modified_ms)"
        " SELECT entity, name, place, CASE json ->> '$.type' WHEN 'Relationship' THEN 1"
        " WHEN 'GeoProperty' THEN 2 ELSE 0 END, json, created_ms, modified_ms"
        " FROM entity_attribute_1;"
        "DROP TABLE entity_attribute_1;"
        "CREATE TABLE entity_scope ("
        "  entity INTEGER NOT NULL REFERENCES entity_state (number),"
        "  scope TEXT NOT NULL,"
        "  PRIMARY KEY (entity, scope)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE VIRTUAL TABLE entity_place USING rtree"
        " (entity, min_lon, max_lon, min_lat, max_lat);"
        "INSERT INTO entity_place"
        " SELECT x.entity, min(p.atom) FILTER (WHERE p.key = 0),"
        " max(p.atom) FILTER (WHERE p.key = 0), min(p.atom) FILTER (WHERE p.key = 1),"
        " max(p.atom) FILTER (WHERE p.key = 1)"
        " FROM entity_attribute x, json_tree(x.json, '$.value.coordinates') p"
        " WHERE x.kind = 2 AND p.type IN ('integer', 'real') AND p.key IN (0, 1)"
        " GROUP BY x.entity;"
        "ALTER TABLE entity_observation RENAME TO entity_observation_1;"
        "CREATE TABLE entity_observation ("
        "  bucket INTEGER NOT NULL,"
        "  entity INTEGER NOT NULL,"
        "  attribute INTEGER NOT NULL,"
        "  dataset INTEGER NOT NULL DEFAULT 0,"
        "  observed_ms INTEGER NOT NULL,"
        "  kind INTEGER NOT NULL,"
        "  value TEXT NOT NULL,"
        "  unit TEXT,"
        "  extra TEXT," /* attributes of the attribute, as one JSON object; NULL: none */
        "  quality INTEGER NOT NULL DEFAULT 0,"
        "  PRIMARY KEY (bucket, entity, attribute, dataset, observed_ms)"
        ") STRICT, WITHOUT ROWID;"
        "INSERT INTO entity_observation"
        " (bucket, entity, attribute, observed_ms, kind, value, unit)"
        " SELECT (observed_ms - (observed_ms % 3600000 + 3600000) % 3600000) / 3600000,"
        " entity, attribute, observed_ms, 0, value, unit FROM entity_observation_1;"
        "DROP TABLE entity_observation_1;"
        "CREATE TABLE entity_bucket (bucket INTEGER PRIMARY KEY) STRICT;"
        "INSERT INTO entity_bucket SELECT DISTINCT bucket FROM entity_observation;"},
    /* Whoever has a history is found by type, also when there is no such entity now. */
    {3, "CREATE TABLE entity_past ("
        "  type INTEGER NOT NULL REFERENCES entity_name (number),"
        "  entity INTEGER NOT NULL REFERENCES entity_name (number),"
        "  PRIMARY KEY (type, entity)"
        ") STRICT, WITHOUT ROWID;"
        "CREATE INDEX entity_past_of ON entity_past (entity);"},
    /* Observations as texts (entity_chunk.h), of about 900 bytes where none is longer. A line says
     * kind, quality, unit and extra where one of them is another than in the line before. `sum` and
     * `size` tell in which part a row and the one before it lie. All lines of a part stand in each
     * of its rows, of which the first is kept. */
    {4,
     "CREATE TABLE entity_chunk ("
     "  bucket INTEGER NOT NULL,"
     "  entity INTEGER NOT NULL,"
     "  attribute INTEGER NOT NULL,"
     "  dataset INTEGER NOT NULL,"
     "  from_ms INTEGER NOT NULL," /* of the first, or before it */
     "  body TEXT NOT NULL,"
     "  PRIMARY KEY (bucket, entity, attribute, dataset, from_ms)"
     ") STRICT, WITHOUT ROWID;"
     "INSERT INTO entity_chunk (bucket, entity, attribute, dataset, from_ms, body)"
     " SELECT bucket, entity, attribute, dataset, observed_ms, body FROM ("
     "  SELECT bucket, entity, attribute, dataset, observed_ms, is_first,"
     "   group_concat(line, '') OVER (PARTITION BY bucket, entity, attribute, dataset, part"
     "    ORDER BY observed_ms ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) body"
     "  FROM ("
     "   SELECT bucket, entity, attribute, dataset, observed_ms, part, is_first,"
     "    (observed_ms - bucket * 3600000)"
     "    || CASE WHEN is_first OR value <> value_1 THEN ' ' || value ELSE '' END"
     "    || CASE WHEN kind <> iif(is_first, 0, kind_1) OR quality <> iif(is_first, 0, quality_1)"
     "      OR unit IS NOT iif(is_first, NULL, unit_1)"
     "      OR extra IS NOT iif(is_first, NULL, extra_1)"
     "     THEN char(9) || kind || char(9) || quality"
     "      || char(9) || CASE WHEN unit IS NULL THEN '-' ELSE json_quote(unit) END"
     "      || char(9) || coalesce(extra, '-') ELSE '' END || char(10) AS line"
     "   FROM ("
     "    SELECT *, (sum - size) / 900 AS part,"
     "     size_1 IS NULL OR (sum - size) / 900 <> (sum - size - size_1) / 900 AS is_first"
     "    FROM ("
     "     SELECT *, sum(size) OVER w AS sum, lag(size) OVER w AS size_1,"
     "      lag(value) OVER w AS value_1, lag(kind) OVER w AS kind_1,"
     "      lag(quality) OVER w AS quality_1, lag(unit) OVER w AS unit_1,"
     "      lag(extra) OVER w AS extra_1"
     "     FROM (SELECT *, 9 + length(CAST(value AS BLOB))"
     "      + coalesce(length(CAST(extra AS BLOB)), 0) AS size FROM entity_observation)"
     "     WINDOW w AS (PARTITION BY bucket, entity, attribute, dataset ORDER BY observed_ms"
     "      ROWS UNBOUNDED PRECEDING)))))"
     " WHERE is_first;"
     "DROP TABLE entity_observation;"},
    /* Notes of observations that are no rows yet: entity_log.h. */
    {5, "CREATE TABLE entity_log (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;"
        "CREATE TABLE entity_aside (number INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL,"
        "  why TEXT NOT NULL, body BLOB NOT NULL) STRICT;"},
};

const struct schema entity_schema = {"entity", migrations, sizeof migrations / sizeof migrations[0],
                                     &entity_memory};

/* ---- names ---- */

static const char SQL_NAME[] = "SELECT number FROM entity_name WHERE iri = ?1";
static const char SQL_ADD_NAME[] = "INSERT INTO entity_name (iri) VALUES (?1) RETURNING number";

static enum code ask_number(struct tx *tx, const char *sql, const char *iri, int64_t *out,
                            struct err *err) {
    struct query *q = query_open(tx, sql);
    query_text(q, 1, iri);
    return query_number(q, out, err);
}

/* The number of an IRI; 0 where it has none; add_name() gives it one then. */
static enum code find_name(struct tx *tx, const char *iri, int64_t *out, struct err *err) {
    return ask_number(tx, SQL_NAME, iri, out, err);
}

static enum code add_name(struct tx *tx, const char *iri, int64_t *out, struct err *err) {
    enum code code = find_name(tx, iri, out, err);
    return code == OK && *out == 0 ? ask_number(tx, SQL_ADD_NAME, iri, out, err) : code;
}

/* ---- an entity ---- */

static const char SQL_FIND[] = "SELECT s.number, s.created_ms, s.modified_ms FROM entity_name n"
                               " JOIN entity_state s ON s.number = n.number WHERE n.iri = ?1";
static const char SQL_TYPES_OF[] = "SELECT n.iri FROM entity_type t"
                                   " JOIN entity_name n ON n.number = t.type"
                                   " WHERE t.entity = ?1 ORDER BY t.type";
static const char SQL_SCOPES_OF[] = "SELECT scope FROM entity_scope WHERE entity = ?1 ORDER BY 1";
static const char SQL_ATTRIBUTES_OF[] =
    "SELECT n.iri, x.json, x.created_ms, x.modified_ms, x.quality, x.name, x.dataset"
    " FROM entity_attribute x JOIN entity_name n ON n.number = x.name WHERE x.entity = ?1 ORDER BY "
    "x.place, x.dataset";

enum code entity_db_find(struct tx *tx, const char *id, struct entity_state *out, struct err *err) {
    struct entity_state state = {.number = 0};
    struct query *q = query_open(tx, SQL_FIND);
    query_text(q, 1, id);
    if (query_row(q)) {
        state = (struct entity_state){id, query_get_int(q, 0), query_get_int(q, 1),
                                      query_get_int(q, 2)};
    }
    enum code code = query_close(q, err);
    if (code == OK && state.number != 0) {
        code = entity_stage_fold(tx, state.number, err);
    }
    if (code == OK) {
        *out = state;
    }
    return code;
}

/* A row's JSON is what entity_write_attribute() wrote. */
static enum code get_attribute(struct query *q, struct arena *a, struct entity_attribute *to,
                               struct err *err) {
    size_t n = query_get_len(q, 1);
    char *json = arena_dup(a, query_get_text(q, 1), n);
    enum code code = entity_row_read(json, n, a, to, err);
    to->name = query_dup_text(q, 0, a);
    to->created_ms = query_get_int(q, 2);
    to->modified_ms = query_get_int(q, 3);
    to->quality = (uint32_t)query_get_int(q, 4);
    return code;
}

static enum code load_attributes(struct tx *tx, int64_t number, struct arena *a, struct entity *to,
                                 struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open_of(tx, SQL_ATTRIBUTES_OF, number);
    enum code code = OK;
    while (code == OK && query_row(q)) {
        struct entity_attribute x = {.name = NULL};
        const struct fresh_key key = {number, query_get_int(q, 5), query_get_int(q, 6)};
        code = get_attribute(q, a, &x, err);
        code = code == OK ? entity_latest(tx, &key, a, &x, err) : code;
        *(struct entity_attribute *)query_rows_add(&rows, sizeof x) = x;
    }
    to->attributes = query_rows_take(&rows, sizeof *to->attributes, a, &to->count);
    for (size_t i = 0; i < to->count;
         i++) { /* a value that was observed touches its own row only */
        int64_t ms = to->attributes[i].modified_ms;
        to->modified_ms = ms > to->modified_ms ? ms : to->modified_ms;
    }
    enum code closed = query_close(q, err);
    return code == OK ? closed : code;
}

enum code entity_db_load(struct tx *tx, const struct entity_state *state, struct arena *a,
                         struct entity *out, struct err *err) {
    int64_t number = state->number;
    struct entity e = {.id = arena_dup(a, state->id, strlen(state->id)),
                       .created_ms = state->created_ms,
                       .modified_ms = state->modified_ms};
    enum code code =
        query_texts(query_open_of(tx, SQL_TYPES_OF, number), a, &e.types, &e.type_count, err);
    if (code == OK) {
        code = query_texts(query_open_of(tx, SQL_SCOPES_OF, number), a, &e.scopes, &e.scope_count,
                           err);
    }
    if (code == OK) {
        code = load_attributes(tx, number, a, &e, err);
    }
    if (code == OK) {
        *out = e;
    }
    return code;
}

/* ---- changing ---- */

static const char SQL_ADD[] =
    "INSERT INTO entity_state (number, created_ms, modified_ms) VALUES (?1, ?2, ?2)";
static const char SQL_TOUCH[] = "UPDATE entity_state SET modified_ms = ?2 WHERE number = ?1";
static const char SQL_REMOVE[] = "DELETE FROM entity_state WHERE number = ?1";
static const char SQL_CLEAR_TYPES[] = "DELETE FROM entity_type WHERE entity = ?1";
static const char SQL_CLEAR_ATTRIBUTES[] = "DELETE FROM entity_attribute WHERE entity = ?1";
static const char SQL_ADD_TYPE[] =
    "INSERT INTO entity_type (type, entity) VALUES (?2, ?1) ON CONFLICT (type, entity) DO NOTHING";
static const char SQL_CLEAR_SCOPES[] = "DELETE FROM entity_scope WHERE entity = ?1";
static const char SQL_ADD_SCOPE[] =
    "INSERT INTO entity_scope (entity, scope) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
static const char SQL_PUT[] =
    "INSERT INTO entity_attribute"
    " (entity, name, dataset, place, kind, json, observed_ms, created_ms, modified_ms, quality,"
    " series)"
    " VALUES (?1, ?2, ?3,"
    " (SELECT coalesce(max(place), 0) + 1 FROM entity_attribute WHERE entity = ?1),"
    " ?4, ?5, ?6, ?7, ?7, ?8, ?9)"
    " ON CONFLICT (entity, name, dataset) DO UPDATE SET kind = excluded.kind,"
    " json = excluded.json, observed_ms = excluded.observed_ms,"
    " modified_ms = excluded.modified_ms, quality = excluded.quality,"
    " series = coalesce(excluded.series, series)";
static const char SQL_SERIES[] = "SELECT observed_ms, series FROM entity_attribute"
                                 " WHERE entity = ?1 AND name = ?2 AND dataset = ?3";
static const char SQL_REMOVE_ATTRIBUTE[] =
    "DELETE FROM entity_attribute WHERE entity = ?1 AND name = ?2 AND dataset = ?3";
static const char SQL_CLEAR_PLACE[] = "DELETE FROM entity_place WHERE entity = ?1";
static const char SQL_PLACE[] =
    "INSERT INTO entity_place (entity, min_lon, max_lon, min_lat, max_lat)"
    " SELECT ?1, min(p.atom) FILTER (WHERE p.key = 0), max(p.atom) FILTER (WHERE p.key = 0),"
    " min(p.atom) FILTER (WHERE p.key = 1), max(p.atom) FILTER (WHERE p.key = 1)"
    " FROM entity_attribute x, json_tree(x.json, '$.value.coordinates') p"
    " WHERE x.entity = ?1 AND x.kind = 2 AND p.type IN ('integer', 'real') AND p.key IN (0, 1)"
    " GROUP BY x.entity";

enum code entity_db_add(struct tx *tx, const struct entity *e, int64_t *number, struct err *err) {
    enum code code = add_name(tx, e->id, number, err);
    if (code == OK) {
        struct query *q = query_open_of(tx, SQL_ADD, *number);
        query_int(q, 2, tx_now_ms(tx));
        code = query_run(q, err);
    }
    if (code == OK) {
        code = entity_db_add_types(tx, *number, e, err);
    }
    return code == OK ? entity_db_set_scopes(tx, *number, e, err) : code;
}

enum code entity_db_touch(struct tx *tx, int64_t number, struct err *err) {
    struct query *q = query_open_of(tx, SQL_TOUCH, number);
    query_int(q, 2, tx_now_ms(tx));
    return query_run(q, err);
}

enum code entity_db_clear_types(struct tx *tx, int64_t number, struct err *err) {
    return query_run(query_open_of(tx, SQL_CLEAR_TYPES, number), err);
}

enum code entity_db_clear_attributes(struct tx *tx, int64_t number, struct err *err) {
    enum code code = query_run(query_open_of(tx, SQL_CLEAR_ATTRIBUTES, number), err);
    return code == OK ? query_run(query_open_of(tx, SQL_CLEAR_PLACE, number), err) : code;
}

enum code entity_db_remove(struct tx *tx, int64_t number, struct err *err) {
    enum code code = history_db_keep_types(tx, number, err);
    if (code == OK) {
        code = entity_db_clear_types(tx, number, err);
    }
    if (code == OK) {
        code = entity_db_clear_attributes(tx, number, err);
    }
    if (code == OK) {
        code = query_run(query_open_of(tx, SQL_CLEAR_SCOPES, number), err);
    }
    return code == OK ? query_run(query_open_of(tx, SQL_REMOVE, number), err) : code;
}

enum code entity_db_set_scopes(struct tx *tx, int64_t number, const struct entity *e,
                               struct err *err) {
    enum code code = query_run(query_open_of(tx, SQL_CLEAR_SCOPES, number), err);
    for (size_t i = 0; i < e->scope_count && code == OK; i++) {
        struct query *q = query_open_of(tx, SQL_ADD_SCOPE, number);
        query_text(q, 2, e->scopes[i]);
        code = query_run(q, err);
    }
    return code;
}

enum code entity_db_add_types(struct tx *tx, int64_t number, const struct entity *e,
                              struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < e->type_count && code == OK; i++) {
        int64_t type = 0;
        code = add_name(tx, e->types[i], &type, err);
        if (code == OK) {
            struct query *q = query_open_of(tx, SQL_ADD_TYPE, number);
            query_int(q, 2, type);
            code = query_run(q, err);
        }
    }
    return code;
}

/* Where an attribute's row is: entity, name, instance. */
struct spot {
    int64_t entity, name, dataset;
};

const char *entity_db_write_extra(const struct entity_attribute *x, struct buf *to) {
    struct json_out j;
    if (x->sub_count == 0) {
        return NULL;
    }
    json_init(&j, to, 0);
    json_obj(&j);
    for (size_t i = 0; i < x->sub_count; i++) {
        json_key_text(&j, x->sub[i].name);
        entity_write_attribute(&x->sub[i], &j);
    }
    json_obj_end(&j);
    return to->data;
}

static struct chunk_series series_of(struct spot at) {
    return (struct chunk_series){at.entity, at.name, at.dataset};
}

static enum code observe(struct tx *tx, struct spot at, const struct entity_attribute *x,
                         const struct model_verdict *v, struct err *err) {
    struct buf extra = BUF_INIT;
    struct chunk_series of = series_of(at);
    struct chunk_row row = {.observed_ms = x->observed_ms,
                            .kind = x->kind,
                            .quality = v == NULL ? 0 : v->quality,
                            .value = x->value,
                            .unit = x->unit,
                            .extra = entity_db_write_extra(x, &extra)};
    enum code code = chunk_write(tx, &of, &row, 1, err);
    buf_fini(&extra);
    return code;
}

static bool is_wide(const struct entity_attribute *x) {
    bool wide = x->sub_count > ENTITY_SUB_MAX;
    for (size_t i = 0; i < x->sub_count && !wide; i++) {
        wide = is_wide(&x->sub[i]);
    }
    return wide;
}

/* Whole names and merges make an attribute larger than what was sent: what could not be read again
 * is not written. Below ENTITY_SMALL no limit of json_read() is met but that of members. */
enum code entity_db_check_size(const struct entity_attribute *x, const struct buf *json,
                               struct err *err) {
    struct arena a = ARENA_INIT;
    const struct json_value *v;
    bool large = json->len > ENTITY_SMALL && json_read(json->data, json->len, &a, &v, NULL) != OK;
    arena_fini(&a);
    return large || is_wide(x)
               ? err_set(err, E_LIMIT, "cannot keep attribute \"%.200s\": it is too large", x->name)
               : OK;
}

static enum code put(struct tx *tx, struct spot at, const struct entity_attribute *x,
                     const struct model_verdict *v, struct err *err) {
    struct buf json = BUF_INIT;
    struct json_out j;
    json_init(&j, &json, 0);
    entity_write_attribute(x, &j);
    enum code code = entity_db_check_size(x, &json, err);
    if (code == OK) {
        struct query *q = query_open_of(tx, SQL_PUT, at.entity);
        query_int(q, 2, at.name);
        query_int(q, 3, at.dataset);
        query_int(q, 4, x->kind);
        query_textn(q, 5, json.data, json.len);
        if (x->observed) {
            query_int(q, 6, x->observed_ms);
        }
        query_int(q, 7, tx_now_ms(tx));
        query_int(q, 8, v == NULL ? 0 : v->quality);
        if (v != NULL) {
            query_blob(q, 9, v->series, v->series_len);
        }
        code = query_run(q, err);
    }
    buf_fini(&json);
    return code;
}

enum code entity_db_place(struct tx *tx, int64_t number, struct err *err) {
    enum code code = query_run(query_open_of(tx, SQL_CLEAR_PLACE, number), err);
    return code == OK ? query_run(query_open_of(tx, SQL_PLACE, number), err) : code;
}

/* Where the instance stands: whether something later was observed of it, and how it is judged. */
static enum code judge(struct tx *tx, struct spot at, const struct entity_attribute *x,
                       const struct model_attribute *a, bool *is_late, struct model_verdict *v,
                       struct err *err) {
    struct query *q = query_open_of(tx, SQL_SERIES, at.entity);
    query_int(q, 2, at.name);
    query_int(q, 3, at.dataset);
    bool there = query_row(q);
    *is_late = there && query_kind(q, 0) != QUERY_NULL && query_get_int(q, 0) > x->observed_ms;
    if (a != NULL && a->is_judged) {
        model_judge(a, there ? query_get_blob(q, 1) : NULL, there ? query_get_len(q, 1) : 0, x, v);
    }
    return query_close(q, err);
}

static enum code settle(struct tx *tx, struct spot at, const struct model_verdict *v,
                        struct err *err) {
    struct chunk_series of = series_of(at);
    return chunk_settle(tx, &of, v->before_ms, v->before, err);
}

/* An observed attribute of a declared type. */
static enum code put_declared(struct tx *tx, struct spot at, const struct entity_attribute *x,
                              const struct model_attribute *a, struct err *err) {
    struct model_verdict verdict = {.settles = false};
    bool is_late = false;
    const struct model_verdict *v = a != NULL && a->is_judged ? &verdict : NULL;
    enum code code = judge(tx, at, x, a, &is_late, &verdict, err);
    if (code == OK && !is_late) {
        code = put(tx, at, x, v, err);
    }
    if (code == OK && verdict.settles) {
        code = settle(tx, at, v, err);
    }
    return code == OK ? observe(tx, at, x, v, err) : code;
}

static enum code put_free(struct tx *tx, struct spot at, const struct entity_attribute *x,
                          struct err *err) {
    enum code code = put(tx, at, x, NULL, err);
    return code == OK && x->observed ? observe(tx, at, x, NULL, err) : code;
}

enum code entity_db_put(struct tx *tx, int64_t number, const struct entity_attribute *x,
                        const struct model_claim *claim, struct err *err) {
    struct spot at = {.entity = number};
    bool declared = claim != NULL && claim->model != NULL && x->observed;
    enum code code = add_name(tx, x->name, &at.name, err);
    if (code == OK && x->dataset != NULL) {
        code = add_name(tx, x->dataset, &at.dataset, err);
    }
    if (code == OK) {
        code = declared ? put_declared(tx, at, x, claim->attribute, err) : put_free(tx, at, x, err);
    }
    return code == OK && x->kind == ENTITY_GEO ? entity_db_place(tx, number, err) : code;
}

enum code entity_db_remove_attribute(struct tx *tx, int64_t number, const char *name,
                                     const char *dataset, struct err *err) {
    struct spot at = {.entity = number};
    enum code code = find_name(tx, name, &at.name, err);
    if (code == OK && dataset != NULL) {
        code = find_name(tx, dataset, &at.dataset, err);
    }
    if (code == OK) {
        struct query *q = query_open_of(tx, SQL_REMOVE_ATTRIBUTE, number);
        query_int(q, 2, at.name);
        query_int(q, 3, at.dataset);
        code = query_run(q, err);
    }
    return code == OK ? entity_db_place(tx, number, err) : code;
}

/* ---- for the history ---- */

/* Buckets before 1970 count downwards. */
int64_t entity_db_bucket(int64_t ms) {
    return ms / ENTITY_BUCKET_MS - (ms % ENTITY_BUCKET_MS < 0);
}

/* With this all begins that looks at histories. */
enum code entity_db_find_name(struct tx *tx, const char *iri, int64_t *out, struct err *err) {
    enum code code = find_name(tx, iri, out, err);
    return code == OK && *out != 0 ? entity_stage_fold(tx, *out, err) : code;
}

enum code entity_db_add_name(struct tx *tx, const char *iri, int64_t *out, struct err *err) {
    return add_name(tx, iri, out, err);
}

enum code entity_db_observe(struct tx *tx, int64_t number, const struct entity_attribute *x,
                            struct err *err) {
    struct spot at = {.entity = number};
    struct buf json = BUF_INIT;
    struct json_out j;
    json_init(&j, &json, 0);
    entity_write_attribute(x, &j);
    enum code code = entity_db_check_size(x, &json, err);
    buf_fini(&json);
    if (code == OK) {
        code = add_name(tx, x->name, &at.name, err);
    }
    if (code == OK && x->dataset != NULL) {
        code = add_name(tx, x->dataset, &at.dataset, err);
    }
    return code == OK ? observe(tx, at, x, NULL, err) : code;
}
