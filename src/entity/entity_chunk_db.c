/* entity_chunk_db: the rows of entity_chunk.h: CREATE TABLE entity_chunk is in entity_db.c.
 *
 * The chunks of one series in one hour follow each other by from_ms: each holds moments from its
 * own from_ms on and before that of the next, so they never overlap. What is added at the end is
 * written behind the last text. All else is a merge: the chunks that the new rows touch are read,
 * and written again, in equal parts where they become too long, so that rows which come backwards
 * or in between leave them half full, as a B-tree does. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_chunk.h"
#include "entity/entity_int.h"
#include "store/query.h"

#define KEY " WHERE bucket = ?1 AND entity = ?2 AND attribute = ?3 AND dataset = ?4 AND from_ms"

static const char SQL_LAST[] = "SELECT from_ms, body FROM entity_chunk"
                               " WHERE bucket = ?1 AND entity = ?2 AND attribute = ?3"
                               " AND dataset = ?4 ORDER BY from_ms DESC LIMIT 1";
static const char SQL_UNTIL[] =
    "SELECT from_ms, body FROM entity_chunk" KEY " <= ?5 ORDER BY from_ms DESC";
static const char SQL_BEHIND[] =
    "SELECT from_ms, body FROM entity_chunk" KEY " > ?5 ORDER BY from_ms LIMIT 1";
static const char SQL_ADD[] =
    "INSERT INTO entity_chunk (bucket, entity, attribute, dataset, from_ms, body)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char SQL_PUT[] = "UPDATE entity_chunk SET body = ?6" KEY " = ?5";
static const char SQL_REMOVE[] = "DELETE FROM entity_chunk" KEY " = ?5";
static const char SQL_BUCKET[] =
    "INSERT INTO entity_bucket (bucket) VALUES (?1) ON CONFLICT DO NOTHING";

/* ---- chunks as rows of the database ---- */

/* A chunk that is there. */
struct held {
    struct held *next; /* later */
    int64_t from_ms;
    char *text;
    size_t n;
};

/* The work on one series in one hour. */
struct work {
    struct tx *tx;
    const struct chunk_series *of;
    int64_t bucket;
    struct arena arena;
    struct held *held; /* what is touched, oldest first */
    struct buf text;   /* the chunk that is written */
};

static struct query *open_series(const struct work *w, const char *sql) {
    struct query *q = query_open_of(w->tx, sql, w->bucket);
    query_int(q, 2, w->of->entity);
    query_int(q, 3, w->of->attribute);
    query_int(q, 4, w->of->dataset);
    return q;
}

static struct query *open_key(const struct work *w, const char *sql, int64_t ms) {
    struct query *q = open_series(w, sql);
    query_int(q, 5, ms);
    return q;
}

/* Hangs the chunk of the row before those that were held. */
static void hold(struct work *w, struct query *q) {
    struct held *h = arena_alloc(&w->arena, sizeof *h);
    h->next = w->held;
    h->from_ms = query_get_int(q, 0);
    h->n = query_get_len(q, 1);
    h->text = arena_dup(&w->arena, query_get_text(q, 1), h->n);
    w->held = h;
}

/* The one row of a query, if there is one. */
static enum code hold_one(struct work *w, struct query *q, struct err *err) {
    if (query_row(q)) {
        hold(w, q);
    }
    return query_close(q, err);
}

/* The chunks that may hold moments from the first to the last. */
static enum code find(struct work *w, int64_t first_ms, int64_t last_ms, struct err *err) {
    struct query *q = open_key(w, SQL_UNTIL, last_ms);
    bool more = true;
    while (more && query_row(q)) {
        hold(w, q);
        more = w->held->from_ms > first_ms;
    }
    return query_close(q, err);
}

/* The same; where there are none, the first chunk behind them. What is later than all that is there
 * takes one look, which is what comes nearly always. */
static enum code find_touched(struct work *w, int64_t first_ms, int64_t last_ms, struct err *err) {
    enum code code = hold_one(w, open_series(w, SQL_LAST), err);
    if (code != OK || w->held == NULL || w->held->from_ms <= first_ms) {
        return code;
    }
    w->held = NULL;
    code = find(w, first_ms, last_ms, err);
    return code == OK && w->held == NULL ? hold_one(w, open_key(w, SQL_BEHIND, last_ms), err)
                                         : code;
}

/* An UPDATE where the chunk is there: it seeks once, where ON CONFLICT does three times. */
static enum code put(struct work *w, int64_t from_ms, bool there, struct err *err) {
    struct query *q = open_key(w, there ? SQL_PUT : SQL_ADD, from_ms);
    query_textn(q, 6, w->text.data, w->text.len);
    return query_run(q, err);
}

static enum code remove_held(struct work *w, int64_t from_ms, struct err *err) {
    return query_run(open_key(w, SQL_REMOVE, from_ms), err);
}

static void end_work(struct work *w) {
    arena_fini(&w->arena);
    buf_fini(&w->text);
}

/* ---- writing behind the end ---- */

/* Where lines go: a chunk, and the next one once it is full. */
struct ending {
    struct chunk_writer writer;
    int64_t from_ms;
    size_t full;  /* bytes at which the next one begins */
    bool there;   /* a chunk of that from_ms is there */
    bool changed; /* `text` is not written yet */
};

/* Writes the chunk, and begins the next one with that moment. */
static enum code turn(struct work *w, struct ending *e, int64_t from_ms, struct err *err) {
    enum code code = e->changed ? put(w, e->from_ms, e->there, err) : OK;
    buf_clear(&w->text);
    e->writer = chunk_writer_of(&w->text, w->bucket);
    e->from_ms = from_ms;
    e->there = e->changed = false;
    return code;
}

/* Flags that a later observation settled; one without any stays so. */
static uint32_t settled(const struct chunk_row *row) {
    return row->quality != 0 && row->settled != 0 ? row->settled : row->quality;
}

static enum code add_row(struct work *w, struct ending *e, const struct chunk_row *row,
                         struct err *err) {
    struct chunk_row own;
    if (row->settled != 0) {
        own = *row;
        own.quality = settled(row);
        row = &own;
    }
    size_t before = w->text.len;
    enum code code = OK;
    if (before >= e->full) {
        code = turn(w, e, row->observed_ms, err);
        before = 0;
    }
    chunk_put(&e->writer, row);
    if (before > 0 && w->text.len > CHUNK_BYTES) {
        w->text.len = before;
        code = turn(w, e, row->observed_ms, err);
        chunk_put(&e->writer, row);
    }
    e->changed = true;
    return code;
}

static enum code add_rows(struct work *w, struct ending *e, const struct chunk_row *rows,
                          size_t count, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < count && code == OK; i++) {
        code = add_row(w, e, &rows[i], err);
    }
    return code == OK ? put(w, e->from_ms, e->there, err) : code;
}

/* The first observations of the series in this hour. */
static enum code begin(struct work *w, const struct chunk_row *rows, size_t count,
                       struct err *err) {
    struct ending e = {.writer = chunk_writer_of(&w->text, w->bucket),
                       .from_ms = rows[0].observed_ms,
                       .full = CHUNK_BYTES};
    enum code code = query_run(query_open_of(w->tx, SQL_BUCKET, w->bucket), err);
    return code == OK ? add_rows(w, &e, rows, count, err) : code;
}

/* Where all rows are later than the one chunk that is touched: writes them behind it. */
static enum code append(struct work *w, const struct chunk_row *rows, size_t count, bool *done,
                        struct err *err) {
    const struct held *h = w->held;
    struct ending e = {.from_ms = h->from_ms, .full = CHUNK_BYTES, .there = true};
    int64_t last_ms = 0;
    enum code code = chunk_go_on(h->text, h->n, w->bucket, &w->text, &e.writer, &last_ms, err);
    if (code != OK || rows[0].observed_ms <= last_ms) {
        return chunk_about(code, w->of, w->bucket, err);
    }
    *done = true;
    buf_room(&w->text, CHUNK_BYTES);
    buf_add(&w->text, h->text, h->n);
    return add_rows(w, &e, rows, count, err);
}

/* ---- merging ---- */

struct rows {
    struct chunk_row *all;
    size_t count, cap;
};

static void add(struct rows *to, const struct chunk_row *row) {
    to->all = mem_reserve(to->all, &to->cap, to->count + 1, sizeof *to->all);
    to->all[to->count++] = *row;
}

/* The rows of the chunks that are held. */
static enum code read_held(struct work *w, struct rows *to, struct err *err) {
    enum code code = OK;
    for (const struct held *h = w->held; h != NULL && code == OK; h = h->next) {
        struct chunk_reader r = chunk_reader_of(h->text, h->n, w->bucket, &w->arena);
        while (chunk_next(&r)) {
            add(to, &r.row);
        }
        code = chunk_about(chunk_end(&r, err), w->of, w->bucket, err);
    }
    return code;
}

static bool is_same_value(const struct chunk_row *a, const struct chunk_row *b) {
    return a->kind == b->kind && strcmp(a->value, b->value) == 0;
}

void chunk_row_replace(struct chunk_row *old, const struct chunk_row *row) {
    uint32_t kept = old->quality != 0 && is_same_value(old, row) ? old->quality : row->quality;
    *old = *row;
    old->quality = kept;
}

/* Puts new rows among those that are there, both sorted. */
static void merge(const struct rows *old, const struct chunk_row *rows, size_t count,
                  struct rows *to) {
    size_t i = 0;
    for (size_t k = 0; k < count; k++) {
        struct chunk_row row = rows[k];
        while (i < old->count && old->all[i].observed_ms < row.observed_ms) {
            add(to, &old->all[i++]);
        }
        if (i < old->count && old->all[i].observed_ms == row.observed_ms) {
            row = old->all[i++];
            chunk_row_replace(&row, &rows[k]);
        }
        add(to, &row);
    }
    while (i < old->count) {
        add(to, &old->all[i++]);
    }
}

/* What the first line of a chunk says again, so that no small rest is left for one more. */
enum { SLACK = 60 };

/* At how many bytes a chunk ends so that all become about equal. */
static size_t even_bytes(struct work *w, const struct rows *r) {
    struct chunk_writer writer = chunk_writer_of(&w->text, w->bucket);
    buf_clear(&w->text);
    for (size_t i = 0; i < r->count; i++) {
        chunk_put(&writer, &r->all[i]);
    }
    size_t bytes = w->text.len;
    buf_clear(&w->text);
    return bytes <= CHUNK_BYTES ? CHUNK_BYTES : bytes / (bytes / CHUNK_BYTES + 1) + SLACK;
}

/* Writes rows in place of the chunks that are held. The first keeps its from_ms where it can. */
static enum code write_again(struct work *w, const struct rows *r, bool evenly, struct err *err) {
    int64_t from_ms = w->held->from_ms;
    enum code code = OK;
    if (r->count > 0 && r->all[0].observed_ms < from_ms) {
        from_ms = r->all[0].observed_ms;
    }
    for (const struct held *h = w->held; h != NULL && code == OK; h = h->next) {
        if (h->from_ms != from_ms || r->count == 0) {
            code = remove_held(w, h->from_ms, err);
        }
    }
    if (code != OK || r->count == 0) {
        return code;
    }
    size_t full = evenly ? even_bytes(w, r) : CHUNK_BYTES;
    struct ending e = {.writer = chunk_writer_of(&w->text, w->bucket),
                       .from_ms = from_ms,
                       .full = full,
                       .there = from_ms == w->held->from_ms};
    return add_rows(w, &e, r->all, r->count, err);
}

static enum code merge_held(struct work *w, const struct chunk_row *rows, size_t count,
                            struct err *err) {
    struct rows old = {NULL, 0, 0};
    struct rows all = {NULL, 0, 0};
    enum code code = read_held(w, &old, err);
    if (code == OK) {
        bool ends =
            old.count > 0 && old.all[old.count - 1].observed_ms < rows[count - 1].observed_ms;
        merge(&old, rows, count, &all);
        code = write_again(w, &all, !ends, err);
    }
    free(old.all);
    free(all.all);
    return code;
}

/* ---- many ---- */

/* Rows of one hour. */
static enum code write_hour(struct work *w, const struct chunk_row *rows, size_t count,
                            struct err *err) {
    int64_t first_ms = rows[0].observed_ms;
    bool done = false;
    enum code code = find_touched(w, first_ms, rows[count - 1].observed_ms, err);
    if (code == OK && w->held == NULL) {
        return begin(w, rows, count, err);
    }
    if (code == OK && w->held->next == NULL && w->held->from_ms <= first_ms) {
        code = append(w, rows, count, &done, err);
    }
    return code == OK && !done ? merge_held(w, rows, count, err) : code;
}

static enum code check(const struct chunk_row *rows, size_t count, struct err *err) {
    for (size_t i = 0; i < count; i++) {
        if (rows[i].value == NULL || rows[i].value[0] == '\0') {
            return err_set(err, E_INPUT, "cannot keep an observation at %" PRId64 ": no value",
                           rows[i].observed_ms);
        }
    }
    return OK;
}

enum code chunk_write(struct tx *tx, const struct chunk_series *of, const struct chunk_row *rows,
                      size_t count, struct err *err) {
    enum code code = check(rows, count, err);
    for (size_t i = 0, end; i < count && code == OK; i = end) {
        struct work w = {tx, of, entity_db_bucket(rows[i].observed_ms), ARENA_INIT, NULL, BUF_INIT};
        int64_t next_ms = (w.bucket + 1) * ENTITY_BUCKET_MS;
        for (end = i + 1; end < count && rows[end].observed_ms < next_ms; end++) {
        }
        code = write_hour(&w, &rows[i], end - i, err);
        end_work(&w);
    }
    return code;
}

/* ---- one ---- */

static struct work work_at(struct tx *tx, const struct chunk_series *of, int64_t ms) {
    return (struct work){tx, of, entity_db_bucket(ms), ARENA_INIT, NULL, BUF_INIT};
}

/* All rows of the chunk that would hold the moment, and which of them has it; NULL: none. */
static enum code find_one(struct work *w, int64_t ms, struct rows *rows, struct chunk_row **out,
                          struct err *err) {
    enum code code = find(w, ms, ms, err);
    *out = NULL;
    if (code == OK) {
        code = read_held(w, rows, err);
    }
    for (size_t i = 0; i < rows->count && code == OK; i++) {
        *out = rows->all[i].observed_ms == ms ? &rows->all[i] : *out;
    }
    return code;
}

enum code chunk_settle(struct tx *tx, const struct chunk_series *of, int64_t observed_ms,
                       uint32_t quality, struct err *err) {
    struct work w = work_at(tx, of, observed_ms);
    struct rows rows = {NULL, 0, 0};
    struct chunk_row *row;
    enum code code = find_one(&w, observed_ms, &rows, &row, err);
    if (code == OK && row != NULL && row->quality != 0 && row->quality != quality) {
        row->quality = quality;
        code = write_again(&w, &rows, true, err);
    }
    free(rows.all);
    end_work(&w);
    return code;
}

enum code chunk_remove(struct tx *tx, const struct chunk_series *of, int64_t observed_ms,
                       struct err *err) {
    struct work w = work_at(tx, of, observed_ms);
    struct rows rows = {NULL, 0, 0};
    struct chunk_row *row;
    enum code code = find_one(&w, observed_ms, &rows, &row, err);
    if (code == OK && row != NULL) {
        size_t behind = (size_t)(rows.all + rows.count - row) - 1;
        memmove(row, row + 1, behind * sizeof *row);
        rows.count--;
        code = write_again(&w, &rows, true, err);
    }
    free(rows.all);
    end_work(&w);
    return code;
}

static const char *keep(struct arena *a, const char *s) {
    return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

enum code chunk_load(struct tx *tx, const struct chunk_series *of, int64_t observed_ms,
                     struct arena *a, struct chunk_row *out, struct err *err) {
    struct work w = work_at(tx, of, observed_ms);
    struct rows rows = {NULL, 0, 0};
    struct chunk_row *row;
    enum code code = find_one(&w, observed_ms, &rows, &row, err);
    if (code == OK && row == NULL) {
        code = err_set(err, E_ABSENT, "there is no such instance");
    } else if (code == OK) {
        *out = *row;
        out->value = keep(a, row->value);
        out->unit = keep(a, row->unit);
        out->extra = keep(a, row->extra);
    }
    free(rows.all);
    end_work(&w);
    return code;
}
