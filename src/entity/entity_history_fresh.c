/* entity_history_fresh: see entity_history_fresh.h. */
#include "entity/entity_history_fresh.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_chunk.h"
#include "entity/entity_int.h"
#include "entity/entity_stage_int.h"

static bool is_named(const struct history_range *r, int64_t attribute) {
    for (size_t i = 0; i < r->attribute_count; i++) {
        if (r->attributes[i] == attribute) {
            return true;
        }
    }
    return r->attribute_count == 0;
}

static bool is_within(const struct history_range *r, int64_t ms) {
    return ms >= r->span.from_ms && ms < r->span.to_ms;
}

static int order(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int by_series(int64_t attribute, int64_t dataset, int64_t ms, const struct fresh_found *b) {
    int by = order(attribute, b->key.name);
    by = by != 0 ? by : order(dataset, b->key.dataset);
    return by != 0 ? by : order(ms, b->seen.observed_ms);
}

static int onwards(const void *a, const void *b) {
    const struct fresh_found *x = a;
    const struct fresh_found *y = b;
    int by = order(entity_db_bucket(x->seen.observed_ms), entity_db_bucket(y->seen.observed_ms));
    by = by != 0 ? by : by_series(x->key.name, x->key.dataset, x->seen.observed_ms, y);
    return by != 0 ? by : order(x->seen.at, y->seen.at);
}

static int backwards(const void *a, const void *b) {
    const struct fresh_found *x = a;
    const struct fresh_found *y = b;
    int by = order(entity_db_bucket(y->seen.observed_ms), entity_db_bucket(x->seen.observed_ms));
    return by != 0 ? by : onwards(a, b);
}

enum code history_fresh_load(struct tx *tx, const struct history_range *range, struct arena *a,
                             struct history_fresh *out, struct err *err) {
    struct fresh *f;
    const struct memory_view *view;
    size_t count = 0;
    *out = (struct history_fresh){.backwards = range->backwards};
    enum code code = entity_fresh_of(tx, &f, &view, err);
    if (code == OK && f != NULL) {
        code = fresh_list(f, view, range->entity, a, &out->all, &count, err);
    }
    if (code != OK || count == 0) {
        return code;
    }
    out->settling = arena_alloc(a, count * sizeof *out->settling);
    for (size_t i = 0; i < count; i++) {
        struct fresh_found x = out->all[i];
        if (is_named(range, x.key.name) && x.seen.settles) {
            out->settling[out->settling_count++] = x;
        }
        if (is_named(range, x.key.name) && is_within(range, x.seen.observed_ms)) {
            out->all[out->count++] = x;
        }
    }
    qsort(out->all, out->count, sizeof *out->all, range->backwards ? backwards : onwards);
    return OK;
}

bool history_fresh_hour(const struct history_fresh *f, int64_t *bucket) {
    if (f->next == f->count) {
        return false;
    }
    *bucket = entity_db_bucket(f->all[f->next].seen.observed_ms);
    return true;
}

/* ---- merging ---- */

static void add(struct history_rows *to, const struct history_row *row) {
    to->all = mem_reserve(to->all, &to->cap, to->count + 1, sizeof *to->all);
    to->all[to->count++] = *row;
}

static struct history_row row_of(const struct fresh_found *x, int64_t bucket) {
    return (struct history_row){.bucket = bucket,
                                .attribute = x->key.name,
                                .dataset = x->key.dataset,
                                .observed_ms = x->seen.observed_ms,
                                .kind = x->seen.kind,
                                .value = x->seen.value,
                                .unit = x->seen.unit,
                                .extra = x->seen.extra,
                                .quality = x->seen.quality};
}

/* As chunk_row_replace(). */
static void replace(struct history_row *old, const struct history_row *row) {
    bool same = old->kind == row->kind && strcmp(old->value, row->value) == 0;
    uint32_t quality = same && old->quality != 0 ? old->quality : row->quality;
    *old = *row;
    old->quality = quality;
}

static void put(struct history_rows *to, const struct fresh_found *x, int64_t bucket) {
    const struct history_row row = row_of(x, bucket);
    struct history_row *last = to->count == 0 ? NULL : &to->all[to->count - 1];
    if (last != NULL && by_series(last->attribute, last->dataset, last->observed_ms, x) == 0) {
        replace(last, &row);
    } else {
        add(to, &row);
    }
}

/* What later ones said of the flags of earlier ones. */
static void settle(const struct history_fresh *f, struct history_rows *rows) {
    for (size_t i = 0; i < f->settling_count; i++) {
        struct fresh_found x = f->settling[i];
        x.seen.observed_ms = x.seen.before_ms;
        for (size_t k = 0; k < rows->count; k++) {
            struct history_row *row = &rows->all[k];
            if (row->quality != 0 &&
                by_series(row->attribute, row->dataset, row->observed_ms, &x) == 0) {
                row->quality = x.seen.before;
            }
        }
    }
}

void history_fresh_merge(struct history_fresh *f, int64_t bucket, struct history_rows *rows) {
    struct history_rows merged = {NULL, 0, 0};
    int64_t hour;
    size_t i = 0;
    while (history_fresh_hour(f, &hour) && hour == bucket) {
        const struct fresh_found *x = &f->all[f->next++];
        for (const struct history_row *r = rows->all;
             i < rows->count && by_series(r[i].attribute, r[i].dataset, r[i].observed_ms, x) <= 0;
             i++) {
            add(&merged, &r[i]);
        }
        put(&merged, x, bucket);
    }
    if (merged.count > 0) {
        for (; i < rows->count; i++) {
            add(&merged, &rows->all[i]);
        }
        free(rows->all);
        *rows = merged;
    }
    settle(f, rows);
}

enum code history_fresh_has(struct tx *tx, int64_t entity, int64_t attribute, bool *out,
                            struct err *err) {
    struct history_range range = {.entity = entity, .span = {INT64_MIN, INT64_MAX}};
    struct arena a = ARENA_INIT;
    struct history_fresh found;
    range.attributes[0] = attribute;
    range.attribute_count = attribute != 0;
    enum code code = history_fresh_load(tx, &range, &a, &found, err);
    if (code == OK) {
        *out = found.count > 0;
    }
    arena_fini(&a);
    return code;
}
