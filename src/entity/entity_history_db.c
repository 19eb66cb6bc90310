/* entity_history_db: the statements of entity_history_int.h; the tables are entity_db.c's.
 *
 * The key of a chunk begins with its bucket, so a series lies scattered: a stretch of time is read
 * by one seek in each bucket of it that exists. CROSS JOIN keeps SQLite from turning that
 * round. */
#include <stdlib.h>

#include "base/mem.h"
#include "entity/entity_chunk.h"
#include "entity/entity_history_fresh.h"
#include "entity/entity_history_int.h"
#include "entity/entity_int.h"
#include "store/query_rows.h"

/* ---- reading ---- */

/* Of the chunks that begin before the span only the last can reach into it: where the hour holds
 * many, the others are passed over without their texts. */
#define READ                                                                                       \
    "SELECT c.bucket, c.attribute, c.dataset, c.body FROM entity_bucket b"                         \
    " CROSS JOIN entity_chunk c ON c.bucket = b.bucket"                                            \
    " WHERE b.bucket BETWEEN ?2 AND ?3 AND c.entity = ?1 AND c.from_ms < ?5"                       \
    " AND (c.from_ms >= ?4 OR NOT EXISTS (SELECT 1 FROM entity_chunk d WHERE d.bucket = c.bucket"  \
    " AND d.entity = c.entity AND d.attribute = c.attribute AND d.dataset = c.dataset"             \
    " AND d.from_ms > c.from_ms AND d.from_ms <= ?4))"
#define OF_ONE " AND c.attribute = ?6"
#define OF_SOME                                                                                    \
    " AND c.attribute IN (?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"  \
    " ?21)"
#define ONWARDS " ORDER BY b.bucket, c.attribute, c.dataset, c.from_ms"
#define BACKWARDS " ORDER BY b.bucket DESC, c.attribute, c.dataset, c.from_ms"

static const char SQL_ALL[] = READ ONWARDS;
static const char SQL_ONE[] = READ OF_ONE ONWARDS;
static const char SQL_SOME[] = READ OF_SOME ONWARDS;
static const char SQL_ALL_BACK[] = READ BACKWARDS;
static const char SQL_ONE_BACK[] = READ OF_ONE BACKWARDS;
static const char SQL_SOME_BACK[] = READ OF_SOME BACKWARDS;

static const char *statement_of(const struct history_range *r) {
    if (r->attribute_count == 0) {
        return r->backwards ? SQL_ALL_BACK : SQL_ALL;
    }
    if (r->attribute_count == 1) {
        return r->backwards ? SQL_ONE_BACK : SQL_ONE;
    }
    return r->backwards ? SQL_SOME_BACK : SQL_SOME;
}

/* The rows of one bucket of the entity; their texts are in the arena. */
struct hour {
    const struct history_range *range;
    struct arena arena;
    struct history_rows rows;
    struct history_fresh fresh; /* what comes among them */
    bool any;
    int64_t bucket;
};

static void add_row(struct hour *h, const struct chunk_series *of, const struct chunk_row *row) {
    if (row->observed_ms < h->range->span.from_ms || row->observed_ms >= h->range->span.to_ms) {
        return;
    }
    struct history_rows *to = &h->rows;
    to->all = mem_reserve(to->all, &to->cap, to->count + 1, sizeof *to->all);
    to->all[to->count++] = (struct history_row){.bucket = h->bucket,
                                                .attribute = of->attribute,
                                                .dataset = of->dataset,
                                                .observed_ms = row->observed_ms,
                                                .kind = row->kind,
                                                .value = row->value,
                                                .unit = row->unit,
                                                .extra = row->extra,
                                                .quality = row->quality};
}

/* The chunk that the query stands at. */
static enum code add_chunk(struct hour *h, struct query *q, struct err *err) {
    size_t n = query_get_len(q, 3);
    const struct chunk_series of = {h->range->entity, query_get_int(q, 1), query_get_int(q, 2)};
    char *text = arena_dup(&h->arena, query_get_text(q, 3), n);
    struct chunk_reader r = chunk_reader_of(text, n, h->bucket, &h->arena);
    while (chunk_next(&r)) {
        add_row(h, &of, &r.row);
    }
    return chunk_about(chunk_end(&r, err), &of, h->bucket, err);
}

/* Hands the rows of the hour on, and forgets them; false: no more are wanted. */
static bool hand_on(struct hour *h, history_seen *seen, void *data) {
    bool more = true;
    history_fresh_merge(&h->fresh, h->bucket, &h->rows);
    for (size_t i = 0; i < h->rows.count && more; i++) {
        more = seen(data, &h->rows.all[i]);
    }
    h->rows.count = 0;
    arena_reset(&h->arena);
    return more;
}

/* Hands on what comes before the hour `next`, or (NULL) all that is left. */
static bool hand_on_until(struct hour *h, const int64_t *next, history_seen *seen, void *data) {
    bool more = !h->any || hand_on(h, seen, data);
    int64_t hour;
    h->any = false;
    while (more && history_fresh_hour(&h->fresh, &hour) &&
           (next == NULL || (h->range->backwards ? hour > *next : hour < *next))) {
        h->bucket = hour;
        more = hand_on(h, seen, data);
    }
    return more;
}

static struct query *open_range(struct tx *tx, const struct history_range *range) {
    struct query *q = query_open(tx, statement_of(range));
    query_int(q, 1, range->entity);
    query_int(q, 2, entity_db_bucket(range->span.from_ms));
    query_int(q, 3, entity_db_bucket(range->span.to_ms));
    query_int(q, 4, range->span.from_ms);
    query_int(q, 5, range->span.to_ms);
    for (size_t i = 0; i < range->attribute_count; i++) {
        query_int(q, 6 + (int)i, range->attributes[i]);
    }
    return q;
}

static enum code read_rows(struct hour *h, struct query *q, history_seen *seen, void *data,
                           bool *more, struct err *err) {
    enum code code = OK;
    while (code == OK && *more && query_row(q)) {
        int64_t bucket = query_get_int(q, 0);
        *more = (h->any && bucket == h->bucket) || hand_on_until(h, &bucket, seen, data);
        h->bucket = bucket;
        h->any = true;
        code = *more ? add_chunk(h, q, err) : OK;
    }
    enum code closed = query_close(q, err);
    return code == OK ? closed : code;
}

enum code history_db_read(struct tx *tx, const struct history_range *range, history_seen *seen,
                          void *data, struct err *err) {
    struct arena a = ARENA_INIT;
    struct hour h = {.range = range, .arena = ARENA_INIT};
    bool more = true;
    enum code code = history_fresh_load(tx, range, &a, &h.fresh, err);
    if (code == OK) {
        code = read_rows(&h, open_range(tx, range), seen, data, &more, err);
    }
    if (code == OK && more) {
        (void)hand_on_until(&h, NULL, seen, data);
    }
    free(h.rows.all);
    arena_fini(&h.arena);
    arena_fini(&a);
    return code;
}

#define ANY                                                                                        \
    "SELECT 1 FROM entity_bucket b CROSS JOIN entity_chunk c ON c.bucket = b.bucket"               \
    " WHERE c.entity = ?1"
#define FIRST " LIMIT 1"

static const char SQL_HAS[] = ANY FIRST;
static const char SQL_HAS_ATTRIBUTE[] = ANY " AND c.attribute = ?2" FIRST;
static const char SQL_HAS_DATASET[] = ANY " AND c.attribute = ?2 AND c.dataset = ?3" FIRST;
static const char SQL_KNOWN[] = "SELECT 1 WHERE EXISTS"
                                " (SELECT 1 FROM entity_state WHERE number = ?1) OR EXISTS"
                                " (SELECT 1 FROM entity_past WHERE entity = ?1)";

static const char SQL_PAST[] = "SELECT 1 FROM entity_past WHERE entity = ?1" FIRST;

static enum code ask(struct query *q, bool *out, struct err *err) {
    int64_t n = 0;
    enum code code = query_number(q, &n, err);
    if (code == OK) {
        *out = n != 0;
    }
    return code;
}

enum code history_db_has(struct tx *tx, int64_t entity, int64_t attribute, bool *out,
                         struct err *err) {
    struct query *q = query_open_of(tx, attribute == 0 ? SQL_HAS : SQL_HAS_ATTRIBUTE, entity);
    if (attribute != 0) {
        query_int(q, 2, attribute);
    }
    enum code code = ask(q, out, err);
    return code == OK && !*out ? history_fresh_has(tx, entity, attribute, out, err) : code;
}

enum code history_db_is_known(struct tx *tx, int64_t entity, bool *out, struct err *err) {
    return ask(query_open_of(tx, SQL_KNOWN, entity), out, err);
}

enum code history_db_is_past(struct tx *tx, int64_t entity, bool *out, struct err *err) {
    return ask(query_open_of(tx, SQL_PAST, entity), out, err);
}

static const char SQL_BUCKETS[] =
    "SELECT count(*) FROM entity_bucket WHERE bucket BETWEEN ?1 AND ?2";

enum code history_db_buckets(struct tx *tx, struct entity_span span, int64_t *out,
                             struct err *err) {
    struct query *q = query_open_of(tx, SQL_BUCKETS, entity_db_bucket(span.from_ms));
    query_int(q, 2, entity_db_bucket(span.to_ms));
    return query_number(q, out, err);
}

/* ---- names ---- */

static const char SQL_NAME_OF[] = "SELECT iri FROM entity_name WHERE number = ?1";
static const char SQL_TYPES[] =
    "SELECT n.iri FROM entity_name n WHERE n.number IN"
    " (SELECT type FROM entity_type WHERE entity = ?1 UNION"
    " SELECT type FROM entity_past WHERE entity = ?1) ORDER BY n.number";
static const char SQL_OBSERVED[] =
    "SELECT DISTINCT name FROM entity_attribute WHERE entity = ?1 AND observed_ms IS NOT NULL";

enum code history_db_name(struct tx *tx, int64_t number, struct arena *a, const char **out,
                          struct err *err) {
    struct query *q = query_open_of(tx, SQL_NAME_OF, number);
    if (query_row(q)) {
        *out = query_dup_text(q, 0, a);
    }
    return query_close(q, err);
}

enum code history_db_types(struct tx *tx, int64_t entity, struct arena *a, const char ***out,
                           size_t *count, struct err *err) {
    return query_texts(query_open_of(tx, SQL_TYPES, entity), a, out, count, err);
}

enum code history_db_observed(struct tx *tx, int64_t entity, int64_t out[ENTITY_NAMES_MAX],
                              size_t *count, struct err *err) {
    struct query *q = query_open_of(tx, SQL_OBSERVED, entity);
    *count = 0;
    while (*count < ENTITY_NAMES_MAX && query_row(q)) {
        out[(*count)++] = query_get_int(q, 0);
    }
    return query_close(q, err);
}

/* ---- candidates ---- */

/* Sixteen numbers; those that are not bound are NULL, which nothing is like. */
#define TYPES "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"

static const char SQL_CANDIDATES[] = "SELECT n.number, n.iri FROM"
                                     " (SELECT number FROM entity_state UNION"
                                     " SELECT entity FROM entity_past) c"
                                     " JOIN entity_name n ON n.number = c.number"
                                     " ORDER BY n.number";
static const char SQL_CANDIDATES_OF[] =
    "SELECT n.number, n.iri FROM"
    " (SELECT entity FROM entity_type WHERE type IN " TYPES " UNION"
    " SELECT entity FROM entity_past WHERE type IN " TYPES ") c"
    " JOIN entity_name n ON n.number = c.entity ORDER BY n.number";

enum code history_db_candidates(struct tx *tx, const char *const *types, size_t count,
                                history_candidate *seen, void *data, struct err *err) {
    struct query *q = query_open(tx, count == 0 ? SQL_CANDIDATES : SQL_CANDIDATES_OF);
    enum code code = OK;
    for (size_t i = 0; i < count && code == OK; i++) {
        int64_t number = 0;
        code = entity_db_find_name(tx, types[i], &number, err);
        query_int(q, 1 + (int)i, number);
    }
    while (code == OK && query_row(q) && seen(data, query_get_int(q, 0), query_get_text(q, 1))) {
    }
    enum code closed = query_close(q, err);
    return code == OK ? closed : code;
}

/* ---- changing ---- */

static const char SQL_KEEP_TYPES[] = "INSERT INTO entity_past (type, entity)"
                                     " SELECT type, entity FROM entity_type WHERE entity = ?1"
                                     " ON CONFLICT DO NOTHING";
static const char SQL_ADD_TYPE[] =
    "INSERT INTO entity_past (type, entity) VALUES (?2, ?1) ON CONFLICT DO NOTHING";
static const char SQL_FORGET_TYPES[] = "DELETE FROM entity_past WHERE entity = ?1";

enum code history_db_keep_types(struct tx *tx, int64_t entity, struct err *err) {
    return query_run(query_open_of(tx, SQL_KEEP_TYPES, entity), err);
}

enum code history_db_add_type(struct tx *tx, int64_t entity, const char *type, struct err *err) {
    int64_t number = 0;
    enum code code = entity_db_add_name(tx, type, &number, err);
    if (code == OK) {
        struct query *q = query_open_of(tx, SQL_ADD_TYPE, entity);
        query_int(q, 2, number);
        code = query_run(q, err);
    }
    return code;
}

enum code history_db_forget_types(struct tx *tx, int64_t entity, struct err *err) {
    return query_run(query_open_of(tx, SQL_FORGET_TYPES, entity), err);
}

#define EVERYWHERE " WHERE bucket IN (SELECT bucket FROM entity_bucket) AND entity = ?1"

static const char SQL_REMOVE_ALL[] = "DELETE FROM entity_chunk" EVERYWHERE;
static const char SQL_REMOVE_ATTRIBUTE[] =
    "DELETE FROM entity_chunk" EVERYWHERE " AND attribute = ?2";
static const char SQL_REMOVE_DATASET[] =
    "DELETE FROM entity_chunk" EVERYWHERE " AND attribute = ?2 AND dataset = ?3";

static struct chunk_series series_of(const struct history_key *key) {
    return (struct chunk_series){key->entity, key->attribute, key->dataset};
}

enum code history_db_get(struct tx *tx, const struct history_key *key, struct arena *a,
                         struct history_row *out, struct err *err) {
    struct chunk_series of = series_of(key);
    struct chunk_row row;
    enum code code = chunk_load(tx, &of, key->observed_ms, a, &row, err);
    if (code == OK) {
        *out = (struct history_row){.bucket = entity_db_bucket(key->observed_ms),
                                    .attribute = key->attribute,
                                    .dataset = key->dataset,
                                    .observed_ms = row.observed_ms,
                                    .kind = row.kind,
                                    .value = row.value,
                                    .unit = row.unit,
                                    .extra = row.extra,
                                    .quality = row.quality};
    }
    return code;
}

enum code history_db_remove(struct tx *tx, const struct history_key *key, struct err *err) {
    struct chunk_series of = series_of(key);
    return chunk_remove(tx, &of, key->observed_ms, err);
}

enum code history_db_remove_all(struct tx *tx, int64_t entity, struct err *err) {
    return query_run(query_open_of(tx, SQL_REMOVE_ALL, entity), err);
}

enum code history_db_remove_attribute(struct tx *tx, int64_t entity, int64_t attribute, bool *any,
                                      struct err *err) {
    enum code code = history_db_has(tx, entity, attribute, any, err);
    if (code == OK && *any) {
        struct query *q = query_open_of(tx, SQL_REMOVE_ATTRIBUTE, entity);
        query_int(q, 2, attribute);
        code = query_run(q, err);
    }
    return code;
}

static struct query *open_dataset(struct tx *tx, const char *sql, const struct history_key *key) {
    struct query *q = query_open_of(tx, sql, key->entity);
    query_int(q, 2, key->attribute);
    query_int(q, 3, key->dataset);
    return q;
}

enum code history_db_remove_dataset(struct tx *tx, const struct history_key *key, bool *any,
                                    struct err *err) {
    enum code code = ask(open_dataset(tx, SQL_HAS_DATASET, key), any, err);
    return code == OK && *any ? query_run(open_dataset(tx, SQL_REMOVE_DATASET, key), err) : code;
}
