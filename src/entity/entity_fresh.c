/* entity_fresh: see entity_fresh.h. What the writer does; snapshots are in entity_fresh_view.c. */
#include "entity/entity_fresh.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_fresh_int.h"

enum {
    BUCKETS = 1024, /* at first */
    AHEAD = 800,    /* thousandths: when the active portion is so full the sealed one is rows */
};

/* ---- parts ---- */

static struct fresh_part *part_new(int64_t number, int64_t at) {
    struct fresh_part *p = mem_alloc(sizeof *p);
    *p = (struct fresh_part){.number = number,
                             .first_at = at,
                             .end_at = INT64_MAX,
                             .arena = ARENA_INIT,
                             .bucket_count = BUCKETS};
    p->bucket = mem_alloc(BUCKETS * sizeof(struct fresh_series *));
    memset(p->bucket, 0, BUCKETS * sizeof(struct fresh_series *));
    return p;
}

static void part_free(struct fresh_part *p) {
    arena_fini(&p->arena);
    free(p->bucket);
    free(p->all);
    free(p);
}

struct fresh *fresh_new(void) {
    struct fresh *f = mem_alloc(sizeof *f);
    memset(f, 0, sizeof *f);
    pthread_mutex_init(&f->lock, NULL);
    f->part[f->part_count++] = part_new(1, 0);
    atomic_store(&f->oldest, 1);
    return f;
}

void fresh_free(struct fresh *f) {
    if (f == NULL) {
        return;
    }
    for (size_t i = 0; i < f->part_count; i++) {
        part_free(f->part[i]);
    }
    arena_fini(&f->undo);
    free(f->deed);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

static struct fresh_part *active(const struct fresh *f) {
    return f->part[f->part_count - 1];
}

static struct fresh_part *sealed(const struct fresh *f) {
    return f->sealed ? f->part[f->part_count - 2] : NULL;
}

int64_t fresh_portion(const struct fresh *f) {
    return active(f)->number;
}

/* ---- series ---- */

/* The multiplier is 2^64 divided by the golden ratio (Knuth, volume 3, section 6.4). */
static size_t slot_of(const struct fresh_part *p, const struct fresh_key *key) {
    uint64_t h = (uint64_t)key->entity * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (uint64_t)key->name) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (uint64_t)key->dataset) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h >> 32) & (p->bucket_count - 1);
}

static bool is_key(const struct fresh_key *a, const struct fresh_key *b) {
    return a->entity == b->entity && a->name == b->name && a->dataset == b->dataset;
}

struct fresh_series *fresh_look(const struct fresh_part *p, const struct fresh_key *key) {
    struct fresh_series *s = p->bucket[slot_of(p, key)];
    while (s != NULL && !is_key(&s->key, key)) {
        s = s->next;
    }
    return s;
}

static void widen(struct fresh_part *p) {
    size_t before = p->bucket_count;
    struct fresh_series **old = p->bucket;
    p->bucket_count = 2 * before;
    p->bucket = mem_alloc(p->bucket_count * sizeof(struct fresh_series *));
    memset(p->bucket, 0, p->bucket_count * sizeof(struct fresh_series *));
    for (size_t i = 0; i < before; i++) {
        for (struct fresh_series *s = old[i], *next; s != NULL; s = next) {
            size_t slot = slot_of(p, &s->key);
            next = s->next;
            s->next = p->bucket[slot];
            p->bucket[slot] = s;
        }
    }
    free(old);
}

static struct fresh_series *hang(struct fresh_part *p, const struct fresh_key *key) {
    if (p->entry_count++ >= p->bucket_count) {
        widen(p);
    }
    struct fresh_series *s = arena_zero(&p->arena, sizeof *s);
    size_t slot = slot_of(p, key);
    s->key = *key;
    s->next = p->bucket[slot];
    p->bucket[slot] = s;
    return s;
}

/* The entry of an entity, for its marks and its series. */
static struct fresh_series *entity_of(struct fresh_part *p, int64_t entity) {
    const struct fresh_key key = {entity, 0, 0};
    struct fresh_series *s = fresh_look(p, &key);
    return s != NULL ? s : hang(p, &key);
}

static void set_state(struct fresh_part *p, struct fresh_series *s,
                      const struct fresh_state *state) {
    if (state->series_len > s->series_cap) {
        s->series_cap = state->series_len;
        s->series = arena_alloc(&p->arena, s->series_cap);
    }
    if (state->series_len > 0) {
        memcpy(s->series, state->series, state->series_len);
    }
    s->series_len = state->series_len;
    s->observed_ms = state->observed_ms;
}

static struct fresh_series *begin(struct fresh_part *p, const struct fresh_key *key,
                                  const char *dataset, const struct fresh_state *state) {
    struct fresh_series *owner = entity_of(p, key->entity);
    struct fresh_series *s = hang(p, key);
    s->sister = owner->sister;
    owner->sister = s;
    s->dataset = dataset == NULL ? NULL : arena_dup(&p->arena, dataset, strlen(dataset));
    set_state(p, s, state);
    p->all = mem_reserve(p->all, &p->cap, p->count + 1, sizeof(struct fresh_series *));
    p->all[p->count++] = s;
    return s;
}

/* Whether something of it came behind the mark. */
static bool is_behind(const struct fresh_part *p, const struct fresh_series *s, int64_t mark) {
    return s->newest != NULL && p->first_at + s->newest->at > mark;
}

struct fresh_series *fresh_open(struct fresh *f, const struct fresh_key *key, const char *dataset,
                                const struct fresh_state *state) {
    struct fresh_part *p = active(f);
    struct fresh_series *s = fresh_look(p, key);
    pthread_mutex_lock(&f->lock);
    if (s == NULL) {
        s = begin(p, key, dataset, state);
    } else if (!is_behind(p, s, fresh_marked(f, key->entity, INT64_MAX))) {
        set_state(p, s, state); /* all that it had was undone, or is rows that changed since */
    }
    pthread_mutex_unlock(&f->lock);
    return s;
}

const struct fresh_key *fresh_key_of(const struct fresh_series *s) {
    return &s->key;
}

const char *fresh_dataset_of(const struct fresh_series *s) {
    return s->dataset;
}

struct fresh_state fresh_state_of(const struct fresh_series *s) {
    return (struct fresh_state){s->observed_ms, s->series, s->series_len};
}

/* ---- observations ---- */

static char *put_text(char *at, const char *s, size_t n) {
    memcpy(at, s, n);
    at[n] = '\0';
    return at + n + 1;
}

static uint8_t flags_of(const struct fresh_seen *x) {
    return (uint8_t)((x->is_late ? FRESH_LATE : 0) | (x->settles ? FRESH_SETTLES : 0) |
                     (x->unit != NULL ? FRESH_UNIT : 0) | (x->json != NULL ? FRESH_JSON : 0) |
                     (x->extra != NULL ? FRESH_EXTRA : 0) | (x->zeros ? FRESH_ZEROS : 0));
}

static size_t length(const char *s) {
    return s == NULL ? 0 : strlen(s);
}

static struct fresh_point *pack(struct fresh_part *p, int64_t at, const struct fresh_seen *x) {
    size_t value = strlen(x->value);
    size_t unit = length(x->unit);
    size_t json = length(x->json);
    size_t extra = length(x->extra);
    size_t settles = x->settles ? sizeof x->before_ms + sizeof x->before : 0;
    struct fresh_point *to =
        arena_alloc(&p->arena, sizeof *to + settles + value + unit + json + extra + 4);
    *to = (struct fresh_point){.observed_ms = x->observed_ms,
                               .at = (uint32_t)(at - p->first_at),
                               .modified_ms = x->modified_ms,
                               .quality = x->quality,
                               .kind = (uint8_t)x->kind,
                               .flags = flags_of(x)};
    char *text = to->text;
    if (x->settles) {
        memcpy(text, &x->before_ms, sizeof x->before_ms);
        memcpy(text + sizeof x->before_ms, &x->before, sizeof x->before);
        text += settles;
    }
    text = put_text(text, x->value, value);
    text = x->unit == NULL ? text : put_text(text, x->unit, unit);
    text = x->json == NULL ? text : put_text(text, x->json, json);
    if (x->extra != NULL) {
        put_text(text, x->extra, extra);
    }
    return to;
}

/* The text at *at, where the flag says that it is there; *at goes behind it. */
static const char *take_text(const struct fresh_point *x, unsigned flag, const char **at) {
    const char *s = *at;
    if ((x->flags & flag) == 0) {
        return NULL;
    }
    *at += strlen(s) + 1;
    return s;
}

void fresh_unpack(const struct fresh_part *p, const struct fresh_point *x, struct fresh_seen *out) {
    const char *text = x->text;
    *out = (struct fresh_seen){.at = p->first_at + x->at,
                               .observed_ms = x->observed_ms,
                               .modified_ms = x->modified_ms,
                               .kind = (enum entity_kind)x->kind,
                               .quality = x->quality,
                               .zeros = x->flags & FRESH_ZEROS,
                               .is_late = x->flags & FRESH_LATE,
                               .settles = x->flags & FRESH_SETTLES};
    if (out->settles) {
        memcpy(&out->before_ms, text, sizeof out->before_ms);
        memcpy(&out->before, text + sizeof out->before_ms, sizeof out->before);
        text += sizeof out->before_ms + sizeof out->before;
    }
    out->value = text;
    text += strlen(text) + 1;
    out->unit = take_text(x, FRESH_UNIT, &text);
    out->json = take_text(x, FRESH_JSON, &text);
    out->extra = take_text(x, FRESH_EXTRA, &text);
}

static struct fresh_deed *add_deed(struct fresh *f, enum fresh_what what, struct fresh_series *of) {
    f->deed = mem_reserve(f->deed, &f->deed_cap, f->deed_count + 1, sizeof *f->deed);
    struct fresh_deed *d = &f->deed[f->deed_count++];
    *d = (struct fresh_deed){.what = what, .part = active(f), .series = of};
    return d;
}

static const void *copy(struct fresh *f, const void *bytes, size_t n) {
    return n == 0 ? NULL : memcpy(arena_alloc(&f->undo, n), bytes, n);
}

void fresh_add(struct fresh *f, struct fresh_series *s, const struct fresh_seen *seen,
               const struct fresh_state *state) {
    struct fresh_part *p = active(f);
    struct fresh_deed *d = add_deed(f, FRESH_SEEN, s);
    if (state != NULL) {
        d->moved = true;
        d->before =
            (struct fresh_state){s->observed_ms, copy(f, s->series, s->series_len), s->series_len};
    }
    pthread_mutex_lock(&f->lock);
    d->point = pack(p, ++f->at, seen);
    p->began_ms = p->points == 0 ? seen->modified_ms : p->began_ms;
    p->latest_ms = seen->modified_ms;
    d->point->older = s->newest;
    s->newest = d->point;
    if (state != NULL) {
        set_state(p, s, state);
    }
    p->points++;
    atomic_fetch_add(&f->point_count, 1);
    pthread_mutex_unlock(&f->lock);
}

/* ---- what waits ---- */

bool fresh_is_ended(const struct fresh_part *p, int64_t until) {
    return p->end_at != INT64_MAX && p->end_at <= until;
}

int64_t fresh_marked(const struct fresh *f, int64_t entity, int64_t until) {
    const struct fresh_key key = {entity, 0, 0};
    int64_t last = 0;
    for (size_t i = 0; i < f->part_count; i++) {
        if (fresh_is_ended(f->part[i], until)) {
            continue; /* its marks are before all that came later */
        }
        const struct fresh_series *of = fresh_look(f->part[i], &key);
        for (const struct fresh_mark *m = of == NULL ? NULL : of->marks; m != NULL; m = m->older) {
            last = m->at <= until && m->at > last ? m->at : last;
        }
        for (const struct fresh_mark *m = f->part[i]->marks; m != NULL; m = m->older) {
            last = m->at <= until && m->at > last ? m->at : last;
        }
    }
    return last;
}

/* The first part that is not rows as a whole. */
static size_t first_waiting(const struct fresh *f) {
    return f->part_count - (f->sealed ? 2 : 1);
}

bool fresh_latest(const struct fresh *f, const struct fresh_key *key, struct fresh_state *out) {
    int64_t mark = fresh_marked(f, key->entity, INT64_MAX);
    for (size_t i = f->part_count; i-- > first_waiting(f);) {
        const struct fresh_series *s = fresh_look(f->part[i], key);
        if (s != NULL && is_behind(f->part[i], s, mark)) {
            *out = fresh_state_of(s);
            return true;
        }
    }
    return false;
}

static bool part_has(const struct fresh_part *p, int64_t entity, int64_t mark) {
    const struct fresh_key key = {entity, 0, 0};
    const struct fresh_series *of = fresh_look(p, &key);
    const struct fresh_series *s = of == NULL ? NULL : of->sister;
    while (s != NULL && !is_behind(p, s, mark)) {
        s = s->sister;
    }
    return s != NULL;
}

bool fresh_has(const struct fresh *f, int64_t entity) {
    int64_t mark = fresh_marked(f, entity, INT64_MAX);
    for (size_t i = first_waiting(f); i < f->part_count; i++) {
        if (part_has(f->part[i], entity, mark)) {
            return true;
        }
    }
    return false;
}

void fresh_mark(struct fresh *f, int64_t entity) {
    struct fresh_part *p = active(f);
    pthread_mutex_lock(&f->lock);
    struct fresh_series *of = entity == 0 ? NULL : entity_of(p, entity);
    struct fresh_mark **list = of == NULL ? &p->marks : &of->marks;
    struct fresh_mark *m = arena_alloc(&p->arena, sizeof *m);
    *m = (struct fresh_mark){*list, ++f->at};
    *list = m;
    pthread_mutex_unlock(&f->lock);
    add_deed(f, of == NULL ? FRESH_MARK_ALL : FRESH_MARK, of);
    f->marks++;
}

size_t fresh_added(const struct fresh *f) {
    size_t n = 0;
    for (size_t i = f->kept; i < f->deed_count; i++) {
        n += f->deed[i].what == FRESH_SEEN;
    }
    return n;
}

bool fresh_changed(const struct fresh *f) {
    return f->deed_count > 0;
}

static enum code walk_part(struct fresh_part *p, int64_t entity, fresh_each *each, void *data,
                           struct err *err) {
    const struct fresh_key key = {entity, 0, 0};
    const struct fresh_series *of = fresh_look(p, &key);
    enum code code = OK;
    for (struct fresh_series *s = of == NULL ? NULL : of->sister; s != NULL && code == OK;
         s = s->sister) {
        code = each(data, s, err);
    }
    for (size_t i = 0; entity == 0 && i < p->count && code == OK; i++) {
        code = each(data, p->all[i], err);
    }
    return code;
}

enum code fresh_walk(struct fresh *f, int64_t entity, fresh_each *each, void *data,
                     struct err *err) {
    enum code code = OK;
    for (size_t i = first_waiting(f); i < f->part_count && code == OK; i++) {
        code = walk_part(f->part[i], entity, each, data, err);
    }
    return code;
}

/* The part that the series is of. */
static const struct fresh_part *part_of(const struct fresh *f, const struct fresh_series *s) {
    const struct fresh_part *p = sealed(f);
    return p != NULL && fresh_look(p, &s->key) == s ? p : active(f);
}

void fresh_waiting(const struct fresh *f, const struct fresh_series *s, struct fresh_list *out) {
    const struct fresh_part *p = part_of(f, s);
    int64_t mark = fresh_marked(f, s->key.entity, INT64_MAX);
    out->count = 0;
    for (const struct fresh_point *x = s->newest; x != NULL && p->first_at + x->at > mark;
         x = x->older) {
        out->all = mem_reserve(out->all, &out->cap, out->count + 1, sizeof *out->all);
        fresh_unpack(p, x, &out->all[out->count++]);
    }
}

/* ---- notes ---- */

bool fresh_note(const struct fresh *f, size_t i, struct fresh_note *out, bool *skip) {
    if (i >= f->deed_count) {
        return false;
    }
    const struct fresh_deed *d = &f->deed[i];
    *out = (struct fresh_note){.what = d->what};
    *skip = false;
    if (d->series != NULL) {
        out->key = d->series->key;
    }
    if (d->what == FRESH_SEEN) {
        fresh_unpack(d->part, d->point, &out->seen);
        out->state = fresh_state_of(d->series);
        *skip = f->marks > 0 && out->seen.at < fresh_marked(f, out->key.entity, INT64_MAX);
    }
    return true;
}

int64_t fresh_at(const struct fresh *f) {
    return f->at;
}

void fresh_set_at(struct fresh *f, int64_t at) {
    assert(atomic_load(&f->point_count) == 0 && f->deed_count == 0);
    f->at = f->kept_at = f->begun_at = at;
    active(f)->first_at = at;
}

/* ---- the sealed part ---- */

static int order(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

/* As the rows of the state lie. */
static int compare(const void *a, const void *b) {
    const struct fresh_key *x = &(*(struct fresh_series *const *)a)->key;
    const struct fresh_key *y = &(*(struct fresh_series *const *)b)->key;
    int by = order(x->entity, y->entity);
    by = by != 0 ? by : order(x->name, y->name);
    return by != 0 ? by : order(x->dataset, y->dataset);
}

/* Under the lock. */
static void drop_first(struct fresh *f) {
    atomic_fetch_sub(&f->point_count, f->part[0]->points);
    part_free(f->part[0]);
    memmove(f->part, f->part + 1, --f->part_count * sizeof *f->part);
    atomic_store(&f->oldest, f->part[0]->number);
}

static bool keeps_too_much(const struct fresh *f) {
    size_t bytes = 0;
    for (size_t i = 0; i < first_waiting(f); i++) {
        bytes += f->part[i]->arena.total;
    }
    return bytes > FRESH_KEPT_BYTES || f->part_count == FRESH_PORTIONS;
}

void fresh_seal(struct fresh *f) {
    struct fresh_part *p = active(f);
    if (f->sealed || p->entry_count == 0) {
        return;
    }
    assert(f->deed_count == 0);
    p->last_at = f->at;
    qsort(p->all, p->count, sizeof(struct fresh_series *), compare);
    pthread_mutex_lock(&f->lock);
    while (keeps_too_much(f)) { /* a snapshot is very old: it is told so when it looks */
        drop_first(f);
    }
    f->part[f->part_count++] = part_new(p->number + 1, f->at);
    f->sealed = true;
    pthread_mutex_unlock(&f->lock);
}

/* How full the active portion is, by bytes, series or time, in thousandths. */
static int64_t fullness(const struct fresh *f) {
    const struct fresh_part *p = active(f);
    int64_t bytes = (int64_t)p->arena.total * 1000 / FRESH_PORTION_BYTES;
    int64_t series = (int64_t)p->count * 1000 / FRESH_PORTION_SERIES;
    int64_t time = (p->latest_ms - p->began_ms) * 1000 / FRESH_PORTION_MS;
    int64_t by = bytes > series ? bytes : series;
    return by > time || f->part_count > FRESH_PORTIONS / 2 ? by : time;
}

struct fresh_series *fresh_next(struct fresh *f, bool at_rest) {
    struct fresh_part *p = sealed(f);
    if (p == NULL || p->written == p->count) {
        return NULL;
    }
    int64_t due = fullness(f) * (int64_t)p->count / AHEAD;
    return at_rest || (int64_t)p->written < due ? p->all[p->written++] : NULL;
}

bool fresh_complete(struct fresh *f, int64_t *end, int64_t *last) {
    struct fresh_part *p = sealed(f);
    if (p == NULL || p->written < p->count) {
        return false;
    }
    f->sealed_complete = true;
    *end = ++f->at;
    *last = p->last_at;
    pthread_mutex_lock(&f->lock);
    p->end_at = *end;
    pthread_mutex_unlock(&f->lock);
    return true;
}

bool fresh_waits(const struct fresh *f) {
    return f->sealed || active(f)->entry_count > 0;
}

/* Parts that are rows, and that nobody looks at any more. */
static void drop_ended(struct fresh *f) {
    if (first_waiting(f) == 0) {
        return;
    }
    pthread_mutex_lock(&f->lock);
    while (first_waiting(f) > 0 && f->part[0]->pins == 0) {
        drop_first(f);
    }
    pthread_mutex_unlock(&f->lock);
}

/* ---- jobs and transactions ---- */

void fresh_keep(struct fresh *f) {
    f->kept = f->deed_count;
    f->kept_at = f->at;
}

static void undo_one(struct fresh *f, const struct fresh_deed *d) {
    struct fresh_series *s = d->series;
    switch (d->what) {
    case FRESH_SEEN:
        s->newest = d->point->older;
        if (d->moved) {
            set_state(d->part, s, &d->before);
        }
        d->part->points--;
        atomic_fetch_sub(&f->point_count, 1);
        break;
    case FRESH_MARK:
        s->marks = s->marks->older;
        break;
    case FRESH_MARK_ALL:
        d->part->marks = d->part->marks->older;
        break;
    }
    f->marks -= d->what != FRESH_SEEN;
}

static void undo_to(struct fresh *f, size_t count, int64_t at) {
    pthread_mutex_lock(&f->lock);
    while (f->deed_count > count) {
        undo_one(f, &f->deed[--f->deed_count]);
    }
    pthread_mutex_unlock(&f->lock);
    f->at = at;
}

void fresh_undo(struct fresh *f) {
    undo_to(f, f->kept, f->kept_at);
}

static void end_sealed(struct fresh *f, bool on_disk) {
    struct fresh_part *p = sealed(f);
    if (p == NULL) {
        return;
    }
    p->written = on_disk ? p->written : p->kept_written;
    p->kept_written = p->written;
    if (!f->sealed_complete) {
        return;
    }
    pthread_mutex_lock(&f->lock);
    p->end_at = on_disk ? p->end_at : INT64_MAX;
    f->sealed = !on_disk;
    pthread_mutex_unlock(&f->lock);
    f->sealed_complete = false;
}

void fresh_end(struct fresh *f, bool on_disk) {
    if (!on_disk) {
        undo_to(f, 0, f->begun_at);
    }
    f->deed_count = f->kept = f->marks = 0;
    f->kept_at = f->begun_at = f->at;
    arena_reset(&f->undo);
    end_sealed(f, on_disk);
    drop_ended(f);
    if (fullness(f) >= 1000) {
        fresh_seal(f);
    }
}

/* ---- snapshots come and go ---- */

void fresh_enter(struct fresh *f, struct memory_view *view) {
    pthread_mutex_lock(&f->lock);
    view->since = f->part[0]->number;
    view->until = -1;
    f->part[0]->pins++;
    pthread_mutex_unlock(&f->lock);
}

void fresh_leave(struct fresh *f, struct memory_view *view) {
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->part_count; i++) {
        f->part[i]->pins -= f->part[i]->number == view->since;
    }
    pthread_mutex_unlock(&f->lock);
}
