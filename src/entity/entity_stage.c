/* entity_stage: see entity_stage_int.h. */
#include "entity/entity_stage_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "entity/entity_fold.h"
#include "entity/entity_history_int.h"
#include "entity/entity_int.h"
#include "entity/entity_log.h"
#include "ngsi/entity_write.h"
#include "store/memory.h"

enum {
    KNOWN_BYTES = 24 << 20, /* some 60,000 entities of a few attributes; then all are forgotten */
    KNOWN_START = 1024,     /* buckets */
    RECENT = 32,
    REST_SERIES = 2000, /* that become rows at once while nothing comes: some 30 ms */
};

struct stage {
    struct fresh *fresh;

    struct arena arena; /* of all that is known */
    struct known **bucket;
    size_t bucket_count, known_count;
    struct known **name; /* names, each once: an `id` alone */
    size_t name_bucket_count, name_count;
    struct recent {
        const char *said, *own; /* own NULL: nothing known has it */
    } recent[RECENT];           /* names of this job, by where they lie */

    bool changed;   /* this job changes rows by itself */
    int64_t *moved; /* entities with a new geometry in this transaction: rows have boxes for them */
    size_t moved_count, moved_cap, moved_kept;
    struct buf json, extra, notes; /* scratch */
};

/* ---- what is known ---- */

static void forget_all(struct stage *s) {
    memset(s->bucket, 0, s->bucket_count * sizeof(struct known *));
    memset(s->name, 0, s->name_bucket_count * sizeof(struct known *));
    s->known_count = 0;
    s->name_count = 0;
    memset(s->recent, 0, sizeof s->recent);
    arena_fini(&s->arena);
}

static void *make(void) {
    struct stage *s = mem_alloc(sizeof *s);
    memset(s, 0, sizeof *s);
    s->fresh = fresh_new();
    s->bucket_count = s->name_bucket_count = KNOWN_START;
    s->bucket = mem_alloc(KNOWN_START * sizeof(struct known *));
    s->name = mem_alloc(KNOWN_START * sizeof(struct known *));
    forget_all(s);
    return s;
}

static void free_stage(void *memory) {
    struct stage *s = memory;
    fresh_free(s->fresh);
    arena_fini(&s->arena);
    free(s->bucket);
    free(s->name);
    free(s->moved);
    buf_fini(&s->json);
    buf_fini(&s->extra);
    buf_fini(&s->notes);
    free(s);
}

static uint64_t mix(uint64_t h, uint64_t word) {
    h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15); /* 2^64 by the golden ratio */
    return h ^ h >> 32;
}

/* Eight bytes at a time: ids are long and many. */
static uint64_t hash_of(const char *s, size_t n) {
    uint64_t h = n;
    uint64_t word;
    for (; n >= sizeof word; n -= sizeof word, s += sizeof word) {
        memcpy(&word, s, sizeof word);
        h = mix(h, word);
    }
    word = 0;
    memcpy(&word, s, n);
    return mix(h, word);
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

/* The copy of a name that `known` has, where it has one: so names are compared by where they are. A
 * request says the same few over and over, mostly at the same place; what lies there may have
 * changed meanwhile. */
static const char *own_name(struct stage *s, const char *name) {
    struct recent *r = &s->recent[(uintptr_t)name / 16 % RECENT];
    if (r->said != name || (r->own != NULL && strcmp(r->own, name) != 0)) {
        const struct known *k =
            find(s->name, s->name_bucket_count, hash_of(name, strlen(name)), name);
        *r = (struct recent){name, k == NULL ? NULL : k->id};
    }
    return r->own;
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

/* What waits of its attributes is newer than their rows. */
static void catch_up(struct stage *s, struct known *k) {
    struct fresh_state state;
    for (size_t i = 0; i < k->count; i++) {
        struct known_attribute *a = &k->attributes[i];
        const struct fresh_key key = {k->number, a->name_number, a->dataset_number};
        if (fresh_latest(s->fresh, &key, &state)) {
            a->observed_ms = state.observed_ms;
            entity_stage_set_series(&s->arena, a, state.series, state.series_len);
        }
    }
}

/* NULL through *out: there is none of that id. */
static enum code load(struct stage *s, struct tx *tx, const char *id, uint64_t hash,
                      struct known **out, struct err *err) {
    if (s->arena.total > KNOWN_BYTES) {
        forget_all(s);
    }
    const struct known_names names = {&s->arena, keep_name, s};
    struct known k = {.id = id, .hash = hash};
    enum code code = entity_stage_db_load(tx, &names, &k, err);
    if (code != OK || k.number == 0) {
        return code;
    }
    memset(s->recent, 0, sizeof s->recent); /* names that it brings are known from here on */
    catch_up(s, &k);
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

static struct known_attribute *find_attribute(struct stage *s, const struct known *k,
                                              const struct entity_attribute *x) {
    const char *name = own_name(s, x->name);
    const char *dataset = x->dataset == NULL ? NULL : own_name(s, x->dataset);
    bool known = name != NULL && (x->dataset == NULL || dataset != NULL);
    for (size_t i = 0; i < k->count && known; i++) {
        struct known_attribute *a = &k->attributes[i];
        if (a->name == name && a->dataset == dataset) {
            return a;
        }
    }
    return NULL;
}

static bool has_type(struct stage *s, const struct known *k, const char *type) {
    const char *name = own_name(s, type);
    for (size_t i = 0; i < k->type_count; i++) {
        if (k->types[i] == name) {
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

/* Finds the attributes in `to`; false: it brings something else too. */
static bool is_there(struct stage *s, const struct known *k, const struct entity *e,
                     struct known_attribute **to) {
    bool all = true;
    for (size_t i = 0; i < e->type_count && all; i++) {
        all = has_type(s, k, e->types[i]);
    }
    for (size_t i = 0; i < e->count && all; i++) {
        to[i] = find_attribute(s, k, &e->attributes[i]);
        all = to[i] != NULL && to[i]->observed && to[i]->kind == e->attributes[i].kind;
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
static enum code check(struct known_attribute *const *all, const struct entity *e, int64_t now_ms,
                       struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < e->count && code == OK; i++) {
        const struct model_claim *claim = &all[i]->claim;
        const struct entity_attribute *x = &e->attributes[i];
        code = claim->model == NULL ? OK : model_check(claim, x, now_ms, err);
        if (code == OK && claim->model != NULL) {
            code = model_check_late(claim, x, all[i]->observed_ms, err);
        }
    }
    return code;
}

/* ---- observations ---- */

/* Attributes of the attribute, and large values, are written down now, while they are at hand. */
static enum code write_whole(struct stage *s, const struct entity_attribute *x,
                             struct fresh_seen *to, struct err *err) {
    struct json_out j;
    buf_clear(&s->json);
    buf_clear(&s->extra);
    json_init(&j, &s->json, 0);
    entity_write_attribute(x, &j);
    to->json = s->json.data;
    to->extra = entity_db_write_extra(x, &s->extra);
    return entity_db_check_size(x, &s->json, err);
}

/* What put_declared() of entity_db.c asks the rows. */
static void judge(struct stage *s, struct known_attribute *a, const struct entity_attribute *x,
                  struct fresh_seen *to) {
    struct model_verdict v; /* large: model_judge() writes what is looked at */
    to->is_late = a->claim.model != NULL && a->observed_ms > x->observed_ms;
    if (a->claim.attribute == NULL || !a->claim.attribute->is_judged) {
        return;
    }
    model_judge(a->claim.attribute, a->series, a->series_len, x, &v);
    to->quality = v.quality;
    to->settles = v.settles;
    to->before_ms = v.before_ms;
    to->before = v.before;
    if (!to->is_late) {
        entity_stage_set_series(&s->arena, a, v.series, v.series_len);
    }
}

/* The attribute's series in the active portion. */
static void open_series(struct stage *s, const struct known *k, struct known_attribute *a) {
    int64_t portion = fresh_portion(s->fresh);
    if (a->fresh == NULL || a->portion != portion) {
        const struct fresh_key key = {k->number, a->name_number, a->dataset_number};
        const struct fresh_state state = {a->observed_ms, a->series, a->series_len};
        a->fresh = fresh_open(s->fresh, &key, a->dataset, &state);
        a->portion = portion;
    }
}

static void note_moved(struct stage *s, int64_t entity) {
    s->moved = mem_reserve(s->moved, &s->moved_cap, s->moved_count + 1, sizeof *s->moved);
    s->moved[s->moved_count++] = entity;
}

static enum code add(struct stage *s, struct tx *tx, const struct known *k,
                     struct known_attribute *a, const struct entity_attribute *x, struct err *err) {
    struct fresh_seen seen = {.observed_ms = x->observed_ms,
                              .modified_ms = tx_now_ms(tx),
                              .kind = x->kind,
                              .zeros = x->zeros,
                              .value = x->value,
                              .unit = x->unit};
    bool whole = x->sub_count > 0 || x->about != NULL || strlen(x->value) > ENTITY_SMALL;
    enum code code = whole ? write_whole(s, x, &seen, err) : OK;
    if (code != OK) {
        return code;
    }
    open_series(s, k, a);
    judge(s, a, x, &seen);
    if (!seen.is_late) {
        a->observed_ms = x->observed_ms;
    }
    const struct fresh_state state = {a->observed_ms, a->series, a->series_len};
    fresh_add(s->fresh, a->fresh, &seen, seen.is_late ? NULL : &state);
    if (x->kind == ENTITY_GEO) {
        note_moved(s, k->number);
    }
    return OK;
}

static enum code add_all(struct stage *s, const struct entity_job *job, struct known *k,
                         const struct entity *e, bool *done, struct err *err) {
    struct known_attribute *few[16];
    struct known_attribute **all = few;
    if (e->count > sizeof few / sizeof few[0]) {
        all = arena_alloc(job->arena, e->count * sizeof(struct known_attribute *));
    }
    *done = is_there(s, k, e, all) && !is_meant(job, e, k->types, k->type_count);
    enum code code = *done ? check(all, e, tx_now_ms(job->tx), err) : OK;
    for (size_t i = 0; i < e->count && *done && code == OK; i++) {
        code = add(s, job->tx, k, all[i], &e->attributes[i], err);
    }
    return code;
}

enum code entity_stage_put(const struct entity_job *job, const struct entity *e, int64_t *number,
                           struct err *err) {
    struct stage *s = memory_of(job->tx, &entity_memory);
    struct known *k = NULL;
    bool done = false;
    *number = 0;
    if (!is_observed(e) || is_meant(job, e, e->types, e->type_count)) {
        return OK;
    }
    enum code code = know(s, job, e->id, &k, err);
    if (code == OK && k != NULL) {
        code = add_all(s, job, k, e, &done, err);
    }
    if (code == OK && done) {
        *number = k->number;
    }
    return code;
}

void entity_stage_leave(struct tx *tx, const char *id) {
    struct stage *s = memory_of(tx, &entity_memory);
    s->changed = true;
    forget(s, id);
}

bool entity_only_observed(struct tx *tx) {
    const struct stage *s = memory_of(tx, &entity_memory);
    return !s->changed && fresh_added(s->fresh) > 0;
}

enum code entity_stage_fold(struct tx *tx, int64_t entity, struct err *err) {
    if (!tx_writes(tx)) {
        return OK;
    }
    struct stage *s = memory_of(tx, &entity_memory);
    int64_t begun = memory_begin(tx);
    enum code code = entity_fold(tx, s->fresh, entity, err);
    memory_changed(tx, begun);
    return code;
}

/* ---- rows ---- */

static enum code flush(struct tx *tx, void *memory, struct err *err) {
    return entity_fold(tx, ((struct stage *)memory)->fresh, 0, err);
}

/* Before observations of geometries are on disk their boxes are too. */
static enum code fold_moved(struct stage *s, struct tx *tx, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < s->moved_count && code == OK; i++) {
        code = entity_fold(tx, s->fresh, s->moved[i], err);
    }
    return code;
}

static enum code write_notes(struct stage *s, struct tx *tx, struct err *err) {
    struct fresh_note note;
    bool skip;
    if (!fresh_changed(s->fresh)) {
        return OK;
    }
    buf_clear(&s->notes);
    for (size_t i = 0; fresh_note(s->fresh, i, &note, &skip); i++) {
        if (!skip) {
            entity_log_write(&note, &s->notes);
        }
    }
    return entity_log_db_add(tx, fresh_at(s->fresh), &s->notes, err);
}

/* Series of the sealed portion become rows, at rest `most` of them, else those that are due. */
static enum code fold_due(struct stage *s, struct tx *tx, bool at_rest, size_t most,
                          struct err *err) {
    struct fresh_series *of;
    enum code code = OK;
    for (size_t n = 0; n < most && code == OK && (of = fresh_next(s->fresh, at_rest)) != NULL;
         n++) {
        code = entity_fold_series(tx, s->fresh, of, err);
    }
    return code;
}

/* The sealed portion is rows: its notes may go. */
static enum code drop_notes(struct stage *s, struct tx *tx, struct err *err) {
    static const struct buf empty = BUF_INIT;
    int64_t end, last;
    if (!fresh_complete(s->fresh, &end, &last)) {
        return OK;
    }
    enum code code = entity_log_db_add(tx, end, &empty, err);
    return code == OK ? entity_log_db_remove(tx, last, err) : code;
}

static enum code close_notes(struct tx *tx, void *memory, struct err *err) {
    struct stage *s = memory;
    enum code code = fold_moved(s, tx, err);
    if (code == OK) {
        code = write_notes(s, tx, err);
    }
    if (code == OK) {
        code = fold_due(s, tx, false, SIZE_MAX, err);
    }
    return code == OK ? drop_notes(s, tx, err) : code;
}

static bool waits(const void *memory) {
    return fresh_waits(((const struct stage *)memory)->fresh);
}

static enum code rest(struct tx *tx, void *memory, struct err *err) {
    struct stage *s = memory;
    fresh_seal(s->fresh);
    return fold_due(s, tx, true, REST_SERIES, err);
}

/* ---- what another process left ---- */

struct recovering {
    struct tx *tx;
    struct fresh *fresh;
    struct arena arena;
};

static enum code recover_seen(struct recovering *r, const struct fresh_note *note,
                              struct err *err) {
    const struct fresh_key *key = &note->key;
    const char *dataset = NULL;
    enum code code =
        key->dataset == 0 ? OK : history_db_name(r->tx, key->dataset, &r->arena, &dataset, err);
    if (code == OK) {
        struct fresh_series *s = fresh_open(r->fresh, key, dataset, &note->state);
        fresh_add(r->fresh, s, &note->seen, &note->state);
    }
    return code;
}

static enum code recover_body(void *data, const char *body, size_t n, struct err *err) {
    struct recovering *r = data;
    /* Of an empty body there may be no pointer to add to. */
    struct entity_log_reader reader = {.at = body, .end = n == 0 ? body : body + n};
    struct fresh_note note;
    bool there = true;
    enum code code = OK;
    while (code == OK && (code = entity_log_read(&reader, &note, &there, err)) == OK && there) {
        if (note.what == FRESH_SEEN) {
            code = recover_seen(r, &note, err);
        } else {
            fresh_mark(r->fresh, note.key.entity);
        }
    }
    return code;
}

static enum code recover(struct tx *tx, void *memory, struct err *err) {
    static const struct buf empty = BUF_INIT;
    struct stage *s = memory;
    struct recovering r = {tx, fresh_new(), ARENA_INIT};
    int64_t last = 0;
    enum code code = entity_log_db_last(tx, &last, err);
    if (code == OK) {
        code = entity_log_db_list(tx, recover_body, &r, err);
    }
    if (code == OK && fresh_waits(r.fresh)) {
        code = entity_fold(tx, r.fresh, 0, err);
        code = code == OK ? entity_log_db_add(tx, last + 1, &empty, err) : code;
        code = code == OK ? entity_log_db_remove(tx, last++, err) : code;
    }
    if (code == OK) {
        fresh_set_at(s->fresh, last);
    }
    fresh_free(r.fresh);
    arena_fini(&r.arena);
    return code;
}

/* ---- jobs and transactions ---- */

static void keep(void *memory) {
    struct stage *s = memory;
    fresh_keep(s->fresh);
    memset(s->recent, 0, sizeof s->recent);
    s->moved_kept = s->moved_count;
    s->changed = false;
}

static void undo(void *memory) {
    struct stage *s = memory;
    if (s->changed || fresh_added(s->fresh) > 0) { /* known of rows or observations that are gone */
        forget_all(s);
    }
    fresh_undo(s->fresh);
    memset(s->recent, 0, sizeof s->recent);
    s->moved_count = s->moved_kept;
    s->changed = false;
}

static void end(void *memory, bool on_disk) {
    struct stage *s = memory;
    fresh_end(s->fresh, on_disk);
    s->moved_count = s->moved_kept = 0;
    s->changed = false;
    if (!on_disk) {
        forget_all(s);
    }
}

/* ---- snapshots ---- */

static void enter(void *memory, struct memory_view *view) {
    fresh_enter(((struct stage *)memory)->fresh, view);
}

static void leave(void *memory, struct memory_view *view) {
    fresh_leave(((struct stage *)memory)->fresh, view);
}

enum code entity_fresh_of(struct tx *tx, struct fresh **out, const struct memory_view **view,
                          struct err *err) {
    struct stage *s = tx_writes(tx) ? NULL : memory_of(tx, &entity_memory);
    enum code code = OK;
    *out = NULL;
    if (s == NULL) {
        return OK;
    }
    struct memory_view *v = memory_view_of(tx, &entity_memory);
    if (!fresh_is_empty(s->fresh, v)) {
        code = v->until >= 0 ? OK : entity_log_db_last(tx, &v->until, err);
        *out = s->fresh;
        *view = v;
    }
    return code;
}

const struct memory_kind entity_memory = {
    .make = make,
    .free = free_stage,
    .recover = recover,
    .keep = keep,
    .undo = undo,
    .flush = flush,
    .close = close_notes,
    .end = end,
    .waits = waits,
    .rest = rest,
    .enter = enter,
    .leave = leave,
};
