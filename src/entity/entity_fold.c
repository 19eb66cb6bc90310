/* entity_fold: see entity_fold.h. */
#include "entity/entity_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "entity/entity_chunk.h"
#include "entity/entity_int.h"
#include "entity/entity_log.h"
#include "ngsi/entity_write.h"
#include "store/query.h"

static const char SQL_PUT[] =
    "UPDATE entity_attribute SET json = ?4, observed_ms = ?5, modified_ms = ?6, quality = ?7,"
    " series = coalesce(?8, series)"
    " WHERE entity = ?1 AND name = ?2 AND dataset = ?3";

/* What most need: to grow from nothing costs more than room that is not used. */
enum { JSON_GUESS = 255 };

static struct entity_attribute attribute_of(const struct fresh_seen *x, const char *dataset) {
    return (struct entity_attribute){.dataset = dataset,
                                     .kind = x->kind,
                                     .kind_said = true,
                                     .value = x->value,
                                     .unit = x->unit,
                                     .observed = true,
                                     .observed_ms = x->observed_ms,
                                     .zeros = x->zeros};
}

/* The attribute's state is this now. */
static enum code put_state(struct tx *tx, const struct fresh_series *s, const struct fresh_seen *x,
                           struct err *err) {
    const struct fresh_key *key = fresh_key_of(s);
    const struct fresh_state state = fresh_state_of(s);
    struct buf json = BUF_INIT;
    struct json_out j;
    if (x->json == NULL) {
        const struct entity_attribute a = attribute_of(x, fresh_dataset_of(s));
        buf_room(&json, JSON_GUESS);
        json_init(&j, &json, 0);
        entity_write_attribute(&a, &j);
    }
    struct query *q = query_open_of(tx, SQL_PUT, key->entity);
    query_int(q, 2, key->name);
    query_int(q, 3, key->dataset);
    query_text(q, 4, x->json == NULL ? json.data : x->json);
    query_int(q, 5, x->observed_ms);
    query_int(q, 6, x->modified_ms);
    query_int(q, 7, x->quality);
    query_blob(q, 8, state.series_len == 0 ? NULL : state.series, state.series_len);
    enum code code = query_run(q, err);
    buf_fini(&json);
    return code == OK && x->kind == ENTITY_GEO ? entity_db_place(tx, key->entity, err) : code;
}

/* ---- the history ---- */

/* By moment, and those of one moment as they came. */
static int compare(const void *a, const void *b) {
    const struct fresh_seen *x = a;
    const struct fresh_seen *y = b;
    return x->observed_ms != y->observed_ms
               ? (x->observed_ms > y->observed_ms) - (x->observed_ms < y->observed_ms)
               : (x->at > y->at) - (x->at < y->at);
}

/* Each moment once. What was sent twice, the same value, keeps the flags it had first, as
 * chunk_write() has it. */
static size_t make_rows(const struct fresh_list *list, struct chunk_row *to) {
    size_t n = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct fresh_seen *x = &list->all[i];
        const struct chunk_row row = {.observed_ms = x->observed_ms,
                                      .kind = x->kind,
                                      .quality = x->quality,
                                      .value = x->value,
                                      .unit = x->unit,
                                      .extra = x->extra};
        if (n > 0 && to[n - 1].observed_ms == row.observed_ms) {
            chunk_row_replace(&to[n - 1], &row);
        } else {
            to[n++] = row;
        }
    }
    return n;
}

static struct chunk_row *find_row(struct chunk_row *rows, size_t count, int64_t ms) {
    size_t i = count;
    while (i > 0 && rows[i - 1].observed_ms > ms) {
        i--;
    }
    return i > 0 && rows[i - 1].observed_ms == ms ? &rows[i - 1] : NULL;
}

/* What later ones said of earlier ones: of those among the rows, or of those that are kept. */
static enum code settle_all(struct tx *tx, const struct chunk_series *of,
                            const struct fresh_list *list, struct chunk_row *rows, size_t count,
                            struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < list->count && code == OK; i++) {
        const struct fresh_seen *x = &list->all[i];
        struct chunk_row *row = x->settles ? find_row(rows, count, x->before_ms) : NULL;
        if (row != NULL) {
            row->settled = x->before;
        } else if (x->settles) {
            code = chunk_settle(tx, of, x->before_ms, x->before, err);
        }
    }
    return code;
}

static const struct fresh_seen *state_in(const struct fresh_list *list) {
    const struct fresh_seen *last = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct fresh_seen *x = &list->all[i];
        if (!x->is_late && (last == NULL || x->at > last->at)) {
            last = x;
        }
    }
    return last;
}

static enum code write_history(struct tx *tx, const struct chunk_series *of,
                               const struct fresh_list *list, struct err *err) {
    struct arena a = ARENA_INIT;
    struct chunk_row *rows = arena_alloc(&a, list->count * sizeof *rows);
    size_t count = make_rows(list, rows);
    enum code code = settle_all(tx, of, list, rows, count, err);
    if (code == OK) {
        code = chunk_write(tx, of, rows, count, err);
    }
    arena_fini(&a);
    return code;
}

static enum code set_aside(struct tx *tx, const struct fresh_series *s,
                           const struct fresh_list *list, const struct err *why, struct err *err) {
    struct buf body = BUF_INIT;
    struct fresh_note note = {.what = FRESH_SEEN, .key = *fresh_key_of(s)};
    for (size_t i = 0; i < list->count; i++) {
        note.seen = list->all[i];
        note.state.observed_ms = note.seen.observed_ms;
        entity_log_write(&note, &body);
    }
    err_print(why);
    enum code code = entity_log_db_set_aside(tx, why->msg, &body, err);
    buf_fini(&body);
    return code;
}

static enum code write_list(struct tx *tx, const struct fresh_series *s, struct fresh_list *list,
                            struct err *err) {
    const struct fresh_key *key = fresh_key_of(s);
    const struct chunk_series of = {key->entity, key->name, key->dataset};
    struct err own = ERR_INIT;
    qsort(list->all, list->count, sizeof *list->all, compare);
    enum code code = write_history(tx, &of, list, &own);
    if (code == E_DAMAGED) {
        code = set_aside(tx, s, list, &own, err);
    } else if (code != OK) {
        code = err_set(err, code, "%s", own.msg);
    }
    const struct fresh_seen *last = state_in(list);
    return code == OK && last != NULL ? put_state(tx, s, last, err) : code;
}

enum code entity_fold_series(struct tx *tx, const struct fresh *f, struct fresh_series *s,
                             struct err *err) {
    struct fresh_list list = {NULL, 0, 0};
    fresh_waiting(f, s, &list);
    enum code code = list.count == 0 ? OK : write_list(tx, s, &list, err);
    free(list.all);
    return code;
}

/* ---- an entity ---- */

struct folding {
    struct tx *tx;
    struct fresh *fresh;
};

static enum code fold(void *data, struct fresh_series *s, struct err *err) {
    const struct folding *of = data;
    return entity_fold_series(of->tx, of->fresh, s, err);
}

enum code entity_fold(struct tx *tx, struct fresh *f, int64_t entity, struct err *err) {
    struct folding of = {tx, f};
    bool any = entity == 0 ? fresh_waits(f) : fresh_has(f, entity);
    enum code code = any ? fresh_walk(f, entity, fold, &of, err) : OK;
    if (code == OK && any) {
        fresh_mark(f, entity);
    }
    return code;
}
