/* entity_stage: see entity_stage_int.h. */
#include "entity/entity_stage_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "entity/entity_chunk.h"
#include "entity/entity_int.h"
#include "entity/entity_write.h"
#include "store/memory.h"

enum {
    KNOWN_BYTES = 24 << 20, /* some 60,000 entities of a few attributes; then all are forgotten */
    KNOWN_START = 1024,     /* buckets */
    SIGHTS_MAX = 65536,     /* that wait: some 12 MB */
};

struct stage {
    struct arena arena; /* of all that is known */
    struct known **bucket;
    size_t bucket_count, known_count;
    struct known **name; /* names, each once: an `id` alone */
    size_t name_bucket_count, name_count;

    struct arena texts; /* of the sights */
    struct sight *sight;
    size_t count, cap;
    size_t kept;         /* of them, by jobs before this one */
    size_t written;      /* of them, rows already */
    size_t kept_written; /* of them, when this job began */
    bool changed;        /* this job changes rows by itself */
    bool behind;         /* rows lack what waits of entities that were forgotten */
};

static const struct memory_kind STAGE;

/* ---- what is known ---- */

static void forget_all(struct stage *s) {
    s->behind = s->behind || s->count > s->written;
    memset(s->bucket, 0, s->bucket_count * sizeof(struct known *));
    memset(s->name, 0, s->name_bucket_count * sizeof(struct known *));
    s->known_count = 0;
    s->name_count = 0;
    arena_fini(&s->arena);
}

static void *make(void) {
    struct stage *s = mem_alloc(sizeof *s);
    memset(s, 0, sizeof *s);
    s->bucket_count = s->name_bucket_count = KNOWN_START;
    s->bucket = mem_alloc(KNOWN_START * sizeof(struct known *));
    s->name = mem_alloc(KNOWN_START * sizeof(struct known *));
    forget_all(s);
    return s;
}

static void free_stage(void *memory) {
    struct stage *s = memory;
    arena_fini(&s->arena);
    arena_fini(&s->texts);
    free(s->bucket);
    free(s->name);
    free(s->sight);
    free(s);
}

/* FNV-1a, 64 bits. */
static uint64_t hash_of(const char *s, size_t n) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++) {
        h = (h ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
    }
    return h;
}

static struct known *find(struct known *const *buckets, size_t count, uint64_t hash,
                          const char *id) {
    for (struct known *k = buckets[hash & (count - 1)]; k != NULL; k = k->next) {
        if (k->hash == hash && strcmp(k->id, id) == 0) {
            return k;
        }
    }
    return NULL;
}

/* Twice the buckets, once there are as many entries. */
static void widen(struct known ***buckets, size_t *count, size_t entries) {
    if (entries < *count) {
        return;
    }
    size_t more = 2 * *count;
    struct known **to = mem_alloc(more * sizeof(struct known *));
    memset(to, 0, more * sizeof(struct known *));
    for (size_t i = 0; i < *count; i++) {
        for (struct known *k = (*buckets)[i], *next; k != NULL; k = next) {
            next = k->next;
            k->next = to[k->hash & (more - 1)];
            to[k->hash & (more - 1)] = k;
        }
    }
    free(*buckets);
    *buckets = to;
    *count = more;
}

static void hang(struct known **buckets, size_t count, struct known *k) {
    k->next = buckets[k->hash & (count - 1)];
    buckets[k->hash & (count - 1)] = k;
}

static const char *keep_name(void *data, const char *name, size_t n) {
    struct stage *s = data;
    uint64_t hash = hash_of(name, n);
    struct known *k = find(s->name, s->name_bucket_count, hash, name);
    if (k == NULL) {
        widen(&s->name, &s->name_bucket_count, s->name_count++);
        k = arena_zero(&s->arena, sizeof *k);
        k->id = arena_dup(&s->arena, name, n);
        k->hash = hash;
        hang(s->name, s->name_bucket_count, k);
    }
    return k->id;
}

void entity_stage_set_series(struct arena *a, struct known_attribute *of, const void *series,
                             size_t n) {
    if (n > of->series_cap) {
        of->series_cap = 2 * n;
        of->series = arena_alloc(a, of->series_cap);
    }
    if (n > 0) {
        memcpy(of->series, series, n);
    }
    of->series_len = n;
}

static void claim_all(struct known *k, const struct model_set *models) {
    struct model_types types = {.set = models};
    if (models != NULL) {
        model_types_add(&types, k->types, k->type_count);
    }
    for (size_t i = 0; i < k->count; i++) {
        k->attributes[i].claim = model_claim(&types, k->attributes[i].name);
    }
    k->models = models;
}

/* NULL through *out: there is none of that id. */
static enum code load(struct stage *s, struct tx *tx, const char *id, uint64_t hash,
                      struct known **out, struct err *err) {
    if (s->arena.total > KNOWN_BYTES) {
        forget_all(s);
    }
    const struct known_names names = {&s->arena, keep_name, s};
    struct known k = {.id = id, .hash = hash};
    enum code code = s->behind ? memory_flush(tx, err) : OK;
    if (code == OK) {
        code = entity_stage_db_load(tx, &names, &k, err);
    }
    if (code != OK || k.number == 0) {
        return code;
    }
    claim_all(&k, NULL);
    widen(&s->bucket, &s->bucket_count, s->known_count++);
    *out = arena_alloc(&s->arena, sizeof **out);
    **out = k;
    (*out)->id = arena_dup(&s->arena, id, strlen(id));
    hang(s->bucket, s->bucket_count, *out);
    return OK;
}

static enum code know(struct stage *s, const struct entity_job *job, const char *id,
                      struct known **out, struct err *err) {
    uint64_t hash = hash_of(id, strlen(id));
    *out = find(s->bucket, s->bucket_count, hash, id);
    enum code code = *out == NULL ? load(s, job->tx, id, hash, out, err) : OK;
    if (code == OK && *out != NULL && (*out)->models != job->models) {
        claim_all(*out, job->models);
    }
    return code;
}

static void forget(struct stage *s, const char *id) {
    uint64_t hash = hash_of(id, strlen(id));
    struct known **at = &s->bucket[hash & (s->bucket_count - 1)];
    while (*at != NULL && ((*at)->hash != hash || strcmp((*at)->id, id) != 0)) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        *at = (*at)->next;
        s->known_count--;
    }
}

/* ---- whether it brings observations only ---- */

static bool is_same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static struct known_attribute *find_attribute(const struct known *k,
                                              const struct entity_attribute *x) {
    for (size_t i = 0; i < k->count; i++) {
        struct known_attribute *a = &k->attributes[i];
        if (strcmp(a->name, x->name) == 0 && is_same(a->dataset, x->dataset)) {
            return a;
        }
    }
    return NULL;
}

static bool has_type(const struct known *k, const char *type) {
    for (size_t i = 0; i < k->type_count; i++) {
        if (strcmp(k->types[i], type) == 0) {
            return true;
        }
    }
    return false;
}

/* What can be said without knowing the entity. */
static bool is_observed(const struct entity *e) {
    bool all = e->count > 0 && e->scope_count == 0 && !e->scope_gone;
    for (size_t i = 0; i < e->count && all; i++) {
        const struct entity_attribute *x = &e->attributes[i];
        all = x->observed && x->value != NULL && !x->gone;
    }
    return all;
}

static bool is_there(const struct known *k, const struct entity *e) {
    bool all = true;
    for (size_t i = 0; i < e->type_count && all; i++) {
        all = has_type(k, e->types[i]);
    }
    for (size_t i = 0; i < e->count && all; i++) {
        const struct known_attribute *a = find_attribute(k, &e->attributes[i]);
        all = a != NULL && a->kind == e->attributes[i].kind;
    }
    return all;
}

/* Whether somebody is to be told: who wants to know what was there before looks at the rows. */
static bool is_meant(const struct entity_job *job, const struct entity *e, const char **types,
                     size_t count) {
    const struct entity_listener *l = &job->listener;
    return job->changes != NULL &&
           (l->means == NULL || l->means(l->data, e, (const char *const *)types, count));
}

/* Whether its declared types take it. */
static enum code check(const struct known *k, const struct entity *e, int64_t now_ms,
                       struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < e->count && code == OK; i++) {
        const struct entity_attribute *x = &e->attributes[i];
        const struct known_attribute *a = find_attribute(k, x);
        code = a->claim.model == NULL ? OK : model_check(&a->claim, x, now_ms, err);
        if (code == OK && a->claim.model != NULL && a->observed) {
            code = model_check_late(&a->claim, x, a->observed_ms, err);
        }
    }
    return code;
}

/* ---- sights ---- */

static const char *copy(struct stage *s, const char *text) {
    return text == NULL ? NULL : arena_dup(&s->texts, text, strlen(text));
}

/* Attributes of the attribute, and large values, are written down now, while they are at hand. */
static enum code write_whole(struct stage *s, const struct entity_attribute *x, struct sight *to,
                             struct err *err) {
    struct buf json = BUF_INIT;
    struct buf extra = BUF_INIT;
    struct json_out j;
    json_init(&j, &json, 0);
    entity_write_attribute(x, &j);
    enum code code = entity_db_check_size(x, &json, err);
    if (code == OK) {
        to->json = arena_dup(&s->texts, json.data, json.len);
        to->extra = copy(s, entity_db_write_extra(x, &extra));
    }
    buf_fini(&extra);
    buf_fini(&json);
    return code;
}

/* What put_declared() of entity_db.c asks the rows. */
static void judge(struct stage *s, struct known_attribute *a, struct sight *to) {
    struct model_verdict v = {.settles = false};
    to->is_late = a->claim.model != NULL && a->observed && a->observed_ms > to->x.observed_ms;
    if (a->claim.attribute != NULL && a->claim.attribute->is_judged) {
        model_judge(a->claim.attribute, a->series, a->series_len, &to->x, &v);
        to->x.quality = v.quality;
        to->settles = v.settles;
        to->before_ms = v.before_ms;
        to->before = v.before;
        if (!to->is_late) {
            entity_stage_set_series(&s->arena, a, v.series, v.series_len);
            to->series = arena_dup(&s->texts, (const char *)v.series, v.series_len);
            to->series_len = v.series_len;
        }
    }
    if (!to->is_late) {
        a->observed = true;
        a->observed_ms = to->x.observed_ms;
    }
}

static enum code add(struct stage *s, struct tx *tx, const struct known *k,
                     const struct entity_attribute *x, struct err *err) {
    struct known_attribute *a = find_attribute(k, x);
    struct sight to = {.entity = k->number,
                       .name = a->name_number,
                       .dataset = a->dataset_number,
                       .modified_ms = tx_now_ms(tx),
                       .x = *x};
    size_t n = strlen(x->value);
    enum code code = x->sub_count > 0 || n > ENTITY_SMALL ? write_whole(s, x, &to, err) : OK;
    if (code != OK) {
        return code;
    }
    to.x.name = NULL;
    to.x.dataset = a->dataset;
    to.x.sub = NULL;
    to.x.sub_count = 0;
    to.x.quality = 0;
    to.x.value = arena_dup(&s->texts, x->value, n);
    to.x.unit = copy(s, x->unit);
    judge(s, a, &to);
    s->sight = mem_reserve(s->sight, &s->cap, s->count + 1, sizeof *s->sight);
    s->sight[s->count++] = to;
    return OK;
}

enum code entity_stage_put(const struct entity_job *job, const struct entity *e, int64_t *number,
                           struct err *err) {
    struct tx *tx = job->tx;
    struct stage *s = memory_of(tx, &STAGE);
    struct known *k = NULL;
    *number = 0;
    if (!is_observed(e) || is_meant(job, e, e->types, e->type_count)) {
        return OK;
    }
    enum code code = know(s, job, e->id, &k, err);
    if (code != OK || k == NULL || !is_there(k, e) || is_meant(job, e, k->types, k->type_count)) {
        return code;
    }
    code = check(k, e, tx_now_ms(tx), err);
    for (size_t i = 0; i < e->count && code == OK; i++) {
        code = add(s, tx, k, &e->attributes[i], err);
    }
    if (code == OK) {
        *number = k->number;
        code = s->count - s->written > SIGHTS_MAX ? memory_flush(tx, err) : OK;
    }
    return code;
}

void entity_stage_leave(struct tx *tx, const char *id) {
    struct stage *s = memory_of(tx, &STAGE);
    s->changed = true;
    forget(s, id);
}

bool entity_only_observed(struct tx *tx) {
    const struct stage *s = memory_of(tx, &STAGE);
    return !s->changed && s->count > s->kept;
}

/* ---- as rows ---- */

static int order(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

/* By attribute, then moment; the one that came last behind those of the same moment. */
static int compare(const void *a, const void *b) {
    const struct sight *x = *(struct sight *const *)a;
    const struct sight *y = *(struct sight *const *)b;
    int by = order(x->entity, y->entity);
    by = by != 0 ? by : order(x->name, y->name);
    by = by != 0 ? by : order(x->dataset, y->dataset);
    by = by != 0 ? by : order(x->x.observed_ms, y->x.observed_ms);
    return by != 0 ? by : (x > y) - (x < y);
}

static bool is_same_attribute(const struct sight *a, const struct sight *b) {
    return a->entity == b->entity && a->name == b->name && a->dataset == b->dataset;
}

/* Of the same moment and value: a value sent twice keeps the flags that it had first. */
static bool is_same_observation(const struct sight *a, const struct sight *b) {
    return a->x.observed_ms == b->x.observed_ms && a->x.quality == b->x.quality;
}

/* Observations of one attribute on their way to the rows: each moment once. */
struct run {
    struct chunk_series of;
    struct chunk_row *rows;
    size_t count;
};

static enum code write_run(struct tx *tx, struct run *r, struct err *err) {
    enum code code = r->count == 0 ? OK : chunk_write(tx, &r->of, r->rows, r->count, err);
    r->count = 0;
    return code;
}

/* One of a moment that waits already is judged by what is there then. */
static enum code observe(struct tx *tx, struct run *r, const struct sight *s, struct err *err) {
    int64_t at_ms = s->x.observed_ms;
    enum code code =
        r->count > 0 && r->rows[r->count - 1].observed_ms == at_ms ? write_run(tx, r, err) : OK;
    r->rows[r->count++] = (struct chunk_row){.observed_ms = at_ms,
                                             .kind = s->x.kind,
                                             .quality = s->x.quality,
                                             .value = s->x.value,
                                             .unit = s->x.unit,
                                             .extra = s->extra};
    return code;
}

static enum code settle(struct tx *tx, struct run *r, const struct sight *s, struct err *err) {
    size_t i = r->count;
    while (i > 0 && r->rows[i - 1].observed_ms > s->before_ms) {
        i--;
    }
    if (i > 0 && r->rows[i - 1].observed_ms == s->before_ms) {
        r->rows[i - 1].settled = s->before;
        return OK;
    }
    return chunk_settle(tx, &r->of, s->before_ms, s->before, err);
}

/* The sights of one attribute: each moment once, and the one that came last as its state. */
static enum code write_attribute(struct tx *tx, struct sight *const *all, size_t count,
                                 struct err *err) {
    const struct sight *last = NULL;
    struct run run = {
        {all[0]->entity, all[0]->name, all[0]->dataset}, mem_alloc(count * sizeof *run.rows), 0};
    enum code code = OK;
    for (size_t i = 0; i < count && code == OK; i++) {
        bool again = i + 1 < count && is_same_observation(all[i], all[i + 1]);
        if (!all[i]->is_late && (last == NULL || all[i] > last)) {
            last = all[i];
        }
        if (!again) {
            code = observe(tx, &run, all[i], err);
        }
        if (all[i]->settles && code == OK) {
            code = settle(tx, &run, all[i], err);
        }
    }
    code = code == OK ? write_run(tx, &run, err) : code;
    free(run.rows);
    return code == OK && last != NULL ? entity_stage_db_put(tx, last, err) : code;
}

static enum code flush(struct tx *tx, void *memory, struct err *err) {
    struct stage *s = memory;
    size_t n = s->count - s->written;
    enum code code = OK;
    if (n == 0) {
        return OK;
    }
    struct sight **all = mem_alloc(n * sizeof(struct sight *));
    for (size_t i = 0; i < n; i++) {
        all[i] = &s->sight[s->written + i];
    }
    qsort(all, n, sizeof(struct sight *), compare);
    for (size_t i = 0, end; i < n && code == OK; i = end) {
        end = i + 1;
        while (end < n && is_same_attribute(all[end], all[i])) {
            end++;
        }
        code = write_attribute(tx, &all[i], end - i, err);
    }
    free(all);
    s->written = s->count;
    s->behind = false;
    return code;
}

/* ---- jobs and transactions ---- */

static void keep(void *memory) {
    struct stage *s = memory;
    s->kept = s->count;
    s->kept_written = s->written;
    s->changed = false;
}

/* Rows that were flushed within the job are gone: their sights wait again. */
static void undo(void *memory) {
    struct stage *s = memory;
    bool flushed = s->written > s->kept_written;
    s->behind = s->behind || flushed;
    bool stale = s->changed || s->count > s->kept; /* of rows that are gone, by sights that are */
    s->count = s->kept;
    s->written = s->kept_written;
    if (stale) {
        forget_all(s);
    }
    s->changed = false;
}

static void end(void *memory, bool on_disk) {
    struct stage *s = memory;
    assert(!on_disk || s->written == s->count);
    s->count = s->kept = s->written = s->kept_written = 0;
    s->changed = s->behind = false;
    arena_reset(&s->texts);
    if (!on_disk) {
        forget_all(s);
    }
}

static const struct memory_kind STAGE = {make, free_stage, keep, undo, flush, end};
