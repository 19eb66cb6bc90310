/* import: see import.h. */
#include "sense/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "entity/entity_store.h"
#include "sense/import_int.h"
#include "sense/record.h"
#include "store/hex.h"
#include "store/journal.h"

/* A row that waits to be written, or to be told of as wrong. */
struct pending {
    struct record record;
    struct map_result result;
    struct map_fault fault;
    const char *why; /* NULL: nothing is wrong with it */
};

/* An import on its way. */
struct run {
    const struct import_config *c;
    struct arena *a; /* of what comes out */
    struct records *records;
    struct gaps *gaps;
    struct import_report report;
    struct import_state state;
    struct tx *tx;        /* of the one job of a strict run, else NULL */
    struct arena arena;   /* of the batch */
    struct arena scratch; /* of one deed, or of all changes of the batch */
    struct pending *rows;
    size_t count, max;
    bool change; /* the job is to write entities or the last line */
    bool redo;   /* a job was undone because of a row, which is marked: without it, again */
    bool whole;  /* the file is at its end */
};

/* ---- telling ---- */

static void tell_reject(struct run *r, const struct pending *p) {
    struct import_reject reject = {p->record.row,        p->record.line, p->fault.column,
                                   p->fault.value,       p->why,         p->record.fields,
                                   p->record.field_count};
    r->report.rejected++;
    if (r->c->watch.rejected != NULL) {
        r->c->watch.rejected(r->c->watch.data, &reject);
    }
}

static void tell_progress(struct run *r) {
    r->report.bytes = records_bytes(r->records);
    if (r->c->watch.progress != NULL) {
        r->c->watch.progress(r->c->watch.data, &r->report);
    }
}

/* ---- one job ---- */

/* All ids of the batch, each once, in byte order. */
struct ids {
    const char **id;
    size_t count;
};

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void collect_ids(struct run *r, struct ids *out) {
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        n += r->rows[i].result.count;
    }
    const char **id = arena_alloc(&r->arena, (n + 1) * sizeof *id);
    n = 0;
    for (size_t i = 0; i < r->count; i++) {
        for (size_t k = 0; r->rows[i].why == NULL && k < r->rows[i].result.count; k++) {
            id[n++] = r->rows[i].result.entities[k].id;
        }
    }
    qsort(id, n, sizeof *id, by_bytes);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || strcmp(id[kept - 1], id[i]) != 0) {
            id[kept++] = id[i];
        }
    }
    *out = (struct ids){id, kept};
}

static bool is_of_row(enum code code) {
    return code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_ABSENT;
}

/* The entities of a row. One that the store refuses spoils the row; where a part of the row is
 * written by then, the job is done again without it. */
static enum code write_row(struct run *r, const struct entity_job *job, struct pending *p,
                           int64_t *made, struct err *err) {
    for (size_t k = 0; k < p->result.count; k++) {
        struct entity_outcome out = {.created = false};
        struct err why = ERR_INIT;
        enum code code = entity_apply(job, ENTITY_PUT_APPEND, &p->result.entities[k], &out, &why);
        if (job->changes == NULL || job->changes->first == NULL) { /* else they live in it */
            arena_reset(&r->scratch);
        }
        if (is_of_row(code)) {
            p->why = arena_dup(&r->arena, why.msg, strlen(why.msg));
            r->state.refused++;
            r->redo = k > 0 || code == E_LIMIT;
            return r->redo ? err_set(err, code, "%s", why.msg) : OK;
        }
        if (code != OK) {
            return err_set(err, code, "%s", why.msg);
        }
        *made += out.created;
    }
    return OK;
}

/* The digest of this stands in the line of a batch: who has the file can tell it again. */
static void put_body(const struct run *r, struct buf *to) {
    char hex[2 * SHA256_BYTES + 1];
    const struct pending *last = &r->rows[r->count - 1];
    buf_addf(to, "{\"file_sha256\":\"%s\",", hex_text(r->c->digest, SHA256_BYTES, hex));
    buf_addf(to, "\"map_sha256\":\"%s\",", hex_text(r->c->map->digest, SHA256_BYTES, hex));
    buf_addf(to, "\"rows\":[%" PRId64 ",%" PRId64 "]}", r->rows[0].record.row, last->record.row);
}

static enum code note_batch(struct run *r, struct tx *tx, const struct entity_changes *changes,
                            struct err *err) {
    struct ids ids;
    struct buf body = BUF_INIT;
    collect_ids(r, &ids);
    if (ids.count == 0) {
        return OK;
    }
    put_body(r, &body);
    struct entity_note note = {r->c->actor, "put", ids.id, ids.count, body.data, body.len};
    enum code code = match_note(r->c->match, tx, &note, changes, err);
    buf_fini(&body);
    return code;
}

/* The line that tells of a whole file. */
static enum code note_file(struct run *r, struct tx *tx, struct err *err) {
    char subject[sizeof "import/" + 2 * SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1];
    struct buf payload = BUF_INIT;
    struct json_out j;
    snprintf(subject, sizeof subject, "import/%s", hex_text(r->c->digest, SHA256_BYTES, hex));
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_str(&j, "name", r->c->name);
    json_put_str(&j, "map_sha256", hex_text(r->c->map->digest, SHA256_BYTES, hex));
    json_put_int(&j, "rows", r->state.rows);
    json_put_int(&j, "entities_made", r->state.entities);
    json_obj_end(&j);
    struct journal_entry entry = {r->c->actor, subject, "import.finished", payload.data};
    enum code code = journal_add(tx, &entry, NULL, err);
    buf_fini(&payload);
    return code;
}

static bool says_something(const struct run *r) {
    for (size_t i = 0; i < r->count; i++) {
        if (r->rows[i].why == NULL && r->rows[i].result.count > 0) {
            return true;
        }
    }
    return r->whole;
}

static enum code write_rows(struct run *r, const struct entity_job *job, int64_t *made,
                            struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < r->count && code == OK; i++) {
        code = r->rows[i].why == NULL ? write_row(r, job, &r->rows[i], made, err) : OK;
    }
    if (code == OK && r->change && !says_something(r)) {
        r->redo = true; /* as what it is now: how far we came, and no line */
        code = err_set(err, E_INPUT, "the store refused all rows of the batch");
    }
    return code;
}

/* The batch, its line, and how far the file is taken by it. */
static enum code write_batch(struct tx *tx, void *data, struct err *err) {
    struct run *r = data;
    struct import_state before = r->state;
    struct entity_changes changes;
    struct entity_job job = {
        .tx = tx, .arena = &r->scratch, .changes = &changes, .models = r->c->models};
    int64_t made = 0;
    arena_reset(&r->scratch);
    job = match_job(r->c->match, job);
    enum code code = write_rows(r, &job, &made, err);
    if (code == OK) {
        code = note_batch(r, tx, &changes, err);
    }
    if (code == OK) {
        r->state.entities += made;
        r->state.rows = r->count > 0 ? r->rows[r->count - 1].record.row : r->state.rows;
        r->state.whole = r->whole;
        code = r->whole ? note_file(r, tx, err) : OK;
    }
    if (code == OK) {
        code = import_db_save(tx, &r->state, err);
    }
    if (code != OK) {
        int64_t refused = r->state.refused;
        r->state = before;
        r->state.refused = r->redo ? refused : before.refused;
    }
    return code;
}

/* ---- batches ---- */

/* In the job of a strict run, or in one of its own: again, where a row had to be left out. */
static enum code keep_batch(struct run *r, struct err *err) {
    enum code code;
    if (r->tx != NULL) {
        return write_batch(r->tx, r, err);
    }
    do {
        struct err why = ERR_INIT;
        r->redo = false;
        r->change = says_something(r);
        code = store_write(r->c->store, r->change ? STORE_CHANGE : STORE_HOUSEKEEPING, write_batch,
                           r, &why);
        if (code != OK && !r->redo) {
            return err_set(err, code, "%s", why.msg);
        }
    } while (code != OK);
    return OK;
}

static enum code count_batch(struct run *r, struct err *err) {
    int64_t rejected = r->report.rejected;
    for (size_t i = 0; i < r->count; i++) {
        const struct pending *p = &r->rows[i];
        if (p->why != NULL) {
            tell_reject(r, p);
        } else {
            r->report.passed += p->result.count == 0;
            r->report.taken += p->result.count > 0;
        }
    }
    if (r->c->strict && r->report.rejected > rejected) {
        return err_set(err, E_INPUT, "a row was rejected: nothing is kept");
    }
    return OK;
}

static enum code flush(struct run *r, struct err *err) {
    enum code code = OK;
    bool wrong = false;
    for (size_t i = 0; i < r->count && r->c->strict; i++) {
        wrong = wrong || r->rows[i].why != NULL;
    }
    if (r->c->store != NULL && !wrong) {
        struct err why = ERR_INIT;
        code = keep_batch(r, &why);
        if (code != OK && !r->redo) {
            return err_set(err, code, "%s", why.msg);
        }
    }
    code = count_batch(r, err);
    r->report.entities = r->state.entities;
    r->count = 0;
    arena_reset(&r->arena);
    tell_progress(r);
    return code;
}

/* ---- rows ---- */

static void count_gaps(struct run *r, const struct map_result *result) {
    for (size_t k = 0; k < result->count; k++) {
        int64_t every = map_every_s(result->of[k]);
        if (every > 0) {
            gaps_add(r->gaps, result->entities[k].id, result->times_ms[k], every);
        }
    }
}

static void judge(struct run *r, struct pending *p) {
    struct err why = ERR_INIT;
    p->why = p->record.why;
    p->result = (struct map_result){.count = 0};
    p->fault = (struct map_fault){NULL, NULL};
    if (p->why == NULL &&
        map_apply(r->c->map, &p->record.values, &r->arena, &p->result, &p->fault, &why) != OK) {
        p->why = arena_dup(&r->arena, why.msg, strlen(why.msg));
        p->result.count = 0;
    }
    r->report.rows++;
    r->report.missing += (int64_t)(p->why == NULL ? p->result.missing : 0);
    count_gaps(r, &p->result);
}

/* A row that an earlier run has taken is read all the same: it counts, and is told of where it is
 * wrong. */
static enum code pass_over(struct run *r, struct err *err) {
    r->report.before++;
    enum code code = count_batch(r, err);
    r->count = 0;
    arena_reset(&r->arena);
    if (r->report.rows % IMPORT_BATCH == 0) {
        tell_progress(r);
    }
    return code;
}

static enum code take_rows(struct run *r, struct err *err) {
    int64_t done = r->state.rows;
    for (;;) {
        struct pending *p = &r->rows[r->count];
        bool more = false;
        enum code code = records_next(r->records, &r->arena, &p->record, &more, err);
        if (code != OK || !more) {
            return code;
        }
        judge(r, p);
        r->count++;
        if (p->record.row <= done) {
            code = pass_over(r, err);
        } else if (r->count == r->max || r->arena.total > IMPORT_BATCH_BYTES ||
                   (r->c->strict && p->why != NULL)) {
            code = flush(r, err);
        }
        if (code != OK) {
            return code;
        }
    }
}

static enum code take_file(struct run *r, struct err *err) {
    enum code code = take_rows(r, err);
    if (code == OK) {
        r->whole = true;
        code = flush(r, err);
    }
    return code;
}

/* ---- runs ---- */

static enum code strict_job(struct tx *tx, void *data, struct err *err) {
    struct run *r = data;
    r->tx = tx;
    return take_file(r, err);
}

static enum code load_state(struct run *r, struct err *err) {
    struct tx *tx = NULL;
    if (r->c->store == NULL) {
        return OK;
    }
    enum code code = store_read(r->c->store, &tx, err);
    if (code == OK) {
        code = import_db_load(tx, &r->state, err);
        store_read_end(tx);
    }
    if (r->c->again) {
        r->state.rows = r->state.entities = r->state.refused = 0;
        r->state.whole = false;
    }
    return code;
}

static enum code start(struct run *r, struct err *err) {
    enum code code = load_state(r, err);
    if (code == OK && r->state.whole) {
        r->report = (struct import_report){.rows = r->state.rows,
                                           .before = r->state.rows,
                                           .entities = r->state.entities,
                                           .whole = true};
        return OK;
    }
    if (code == OK) {
        r->report.rejected = r->state.refused;
        r->report.taken = -r->state.refused; /* those were counted as if they had been taken */
        code = records_new(&r->c->input, r->c->map, &r->records, err);
    }
    if (code != OK) {
        return code;
    }
    return r->c->strict && r->c->store != NULL
               ? store_write(r->c->store, STORE_CHANGE, strict_job, r, err)
               : take_file(r, err);
}

enum code import_run(const struct import_config *config, struct arena *a, struct import_report *out,
                     struct err *err) {
    struct run r = {.c = config,
                    .a = a,
                    .max = config->batch > 0 ? config->batch : IMPORT_BATCH,
                    .state = {config->digest, config->map->digest, config->name, 0, 0, 0, false}};
    r.rows = mem_alloc(r.max * sizeof *r.rows);
    r.gaps = gaps_new();
    enum code code = start(&r, err);
    gaps_look(r.gaps, &r.report.gaps);
    if (r.report.gaps.id != NULL) {
        r.report.gaps.id = arena_dup(a, r.report.gaps.id, strlen(r.report.gaps.id));
    }
    r.report.bytes = r.records == NULL ? 0 : records_bytes(r.records);
    *out = r.report;
    records_free(r.records);
    gaps_free(r.gaps);
    free(r.rows);
    arena_fini(&r.arena);
    arena_fini(&r.scratch);
    return code;
}
