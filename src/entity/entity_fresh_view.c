/* entity_fresh_view: what a snapshot sees of entity_fresh.h beside its rows. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_fresh_int.h"

bool fresh_is_empty(const struct fresh *f, const struct memory_view *view) {
    return atomic_load(&f->point_count) == 0 && atomic_load(&f->oldest) <= view->since;
}

/* Under the lock, which it takes where it returns OK. */
static enum code look(struct fresh *f, const struct memory_view *view, struct err *err) {
    pthread_mutex_lock(&f->lock);
    if (f->part[0]->number <= view->since) {
        return OK;
    }
    pthread_mutex_unlock(&f->lock);
    return err_set(err, E_BUSY, "cannot read on: too much was written since this began; ask again");
}

static const char *keep(struct arena *a, const char *s) {
    return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

static void keep_texts(struct fresh_seen *x, struct arena *a) {
    x->value = keep(a, x->value);
    x->unit = keep(a, x->unit);
    x->json = keep(a, x->json);
    x->extra = keep(a, x->extra);
}

/* The newest of the series in one part that is its state. */
static const struct fresh_point *newest(const struct fresh_part *p, const struct fresh_key *key,
                                        int64_t mark, int64_t until) {
    const struct fresh_series *s = fresh_look(p, key);
    const struct fresh_point *x = s == NULL ? NULL : s->newest;
    while (x != NULL && (p->first_at + x->at > until || (x->flags & FRESH_LATE) != 0)) {
        x = x->older;
    }
    return x != NULL && p->first_at + x->at > mark ? x : NULL;
}

enum code fresh_find(struct fresh *f, const struct memory_view *view, const struct fresh_key *key,
                     struct arena *a, struct fresh_seen *out, bool *there, struct err *err) {
    enum code code = look(f, view, err);
    if (code != OK) {
        return code;
    }
    int64_t mark = fresh_marked(f, key->entity, view->until);
    *there = false;
    for (size_t i = f->part_count; i-- > 0 && !*there;) {
        const struct fresh_part *p = f->part[i];
        const struct fresh_point *x =
            fresh_is_ended(p, view->until) ? NULL : newest(p, key, mark, view->until);
        if (x != NULL) {
            fresh_unpack(p, x, out);
            keep_texts(out, a);
            *there = true;
        }
    }
    pthread_mutex_unlock(&f->lock);
    return OK;
}

/* ---- all of an entity ---- */

struct found {
    struct fresh_found *all;
    size_t count, cap;
};

static void find_part(const struct fresh_part *p, int64_t entity, int64_t mark, int64_t until,
                      struct arena *a, struct found *to) {
    const struct fresh_key key = {entity, 0, 0};
    const struct fresh_series *of = fresh_look(p, &key);
    for (const struct fresh_series *s = of == NULL ? NULL : of->sister; s != NULL; s = s->sister) {
        for (const struct fresh_point *x = s->newest; x != NULL && p->first_at + x->at > mark;
             x = x->older) {
            if (p->first_at + x->at <= until) {
                to->all = mem_reserve(to->all, &to->cap, to->count + 1, sizeof *to->all);
                struct fresh_found *found = &to->all[to->count++];
                found->key = s->key;
                fresh_unpack(p, x, &found->seen);
                keep_texts(&found->seen, a);
            }
        }
    }
}

static int by_at(const void *a, const void *b) {
    const struct fresh_found *x = a;
    const struct fresh_found *y = b;
    return (x->seen.at > y->seen.at) - (x->seen.at < y->seen.at);
}

enum code fresh_list(struct fresh *f, const struct memory_view *view, int64_t entity,
                     struct arena *a, struct fresh_found **out, size_t *count, struct err *err) {
    struct found found = {NULL, 0, 0};
    enum code code = look(f, view, err);
    if (code != OK) {
        return code;
    }
    int64_t mark = fresh_marked(f, entity, view->until);
    for (size_t i = 0; i < f->part_count; i++) {
        if (!fresh_is_ended(f->part[i], view->until)) {
            find_part(f->part[i], entity, mark, view->until, a, &found);
        }
    }
    pthread_mutex_unlock(&f->lock);
    *count = found.count;
    *out = arena_alloc(a, (found.count + 1) * sizeof **out);
    if (found.count > 0) {
        qsort(found.all, found.count, sizeof *found.all, by_at);
        memcpy(*out, found.all, found.count * sizeof **out);
    }
    free(found.all);
    return OK;
}
