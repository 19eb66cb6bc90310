/* series: see series.h. One index at a time behind a lock; answers are copied out of it. */
#include "track/series.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/verdict_key.h"
#include "track/place_int.h"
#include "track/series_int.h"

struct series {
    const struct reader *reader;
    pthread_mutex_t lock; /* of what follows */
    struct series_index index;
};

struct series *series_new(const struct reader *reader) {
    struct series *s = mem_alloc(sizeof *s);
    memset(s, 0, sizeof *s);
    s->reader = reader;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void series_free(struct series *s) {
    if (s == NULL) {
        return;
    }
    arena_fini(&s->index.arena);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- the index ---- */

/* The ID and line name a text and the numbers of its items; the digest is for a line that a failed
 * job had and another job has now. */
static bool same_texts(const struct series_index *a, const struct series_index *b) {
    for (size_t i = 0; i < a->text_count && a->text_count == b->text_count; i++) {
        const struct kept_text *x = &a->texts[i];
        const struct kept_text *y = &b->texts[i];
        if (x->plan != y->plan || x->from != y->from ||
            memcmp(x->sha256, y->sha256, sizeof x->sha256) != 0) {
            return false;
        }
    }
    return a->text_count == b->text_count;
}

/* Sees that the index is of the texts that `tx` sees; the lock is held. */
static enum code bring_up(struct tx *tx, struct series *s, struct err *err) {
    struct series_index now = {.arena = ARENA_INIT};
    enum code code = kept_text_list(tx, INT64_MAX, &now.arena, &now.texts, &now.text_count, err);
    if (code == OK && !same_texts(&now, &s->index)) {
        code = series_index_make(tx, s->reader, &now, err);
        if (code == OK) {
            struct series_index old = s->index;
            s->index = now;
            now = old;
        }
    }
    arena_fini(&now.arena);
    return code;
}

/* ---- copies ---- */

static const char *copy_text(const char *s, struct arena *a) {
    return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

static struct series_line copy_line(const struct series_line *from, struct arena *a) {
    struct series_line to = *from;
    to.name = copy_text(from->name, a);
    to.place = copy_text(from->place, a);
    return to;
}

/* The names of comparators and kinds are constants. */
static struct series_figure copy_figure(const struct series_figure *from, struct arena *a) {
    struct series_figure to = *from;
    to.text = copy_text(from->text, a);
    to.value = copy_text(from->value, a);
    to.value_max = copy_text(from->value_max, a);
    to.unit = copy_text(from->unit, a);
    to.base_value = copy_text(from->base_value, a);
    to.base_unit = copy_text(from->base_unit, a);
    return to;
}

/* ---- answers ---- */

/* What a name may have in it: the words as they stand, folded, or in normal words. */
struct search {
    const char *folded;
    const char *normal;
};

/* gdp is GDP, 5g is 5G: the terms are known in capitals. */
static const char *in_capitals(const char *s, struct arena *a) {
    char *to = arena_dup(a, s, strlen(s));
    for (char *c = to; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z') {
            *c = (char)(*c - 'a' + 'A');
        }
    }
    return to;
}

static bool finds(const struct search *f, const char *name) {
    return strcasestr(name, f->folded) != NULL ||
           (f->normal[0] != '\0' && strcasestr(name, f->normal) != NULL);
}

enum code series_list(struct tx *tx, struct series *s, const char *words, struct arena *a,
                      struct series_line **out, size_t *count, struct err *err) {
    const char *sought = words == NULL ? "" : words;
    struct search f = {place_fold(sought, a), verdict_key_words(in_capitals(sought, a), a)};
    size_t n = 0;
    pthread_mutex_lock(&s->lock);
    enum code code = bring_up(tx, s, err);
    if (code == OK) {
        struct series_line *all = arena_alloc(a, (s->index.count + 1) * sizeof *all);
        for (size_t i = 0; i < s->index.count; i++) {
            if (finds(&f, s->index.entries[i].line.name)) {
                all[n++] = copy_line(&s->index.entries[i].line, a);
            }
        }
        *out = all;
        *count = n;
    }
    pthread_mutex_unlock(&s->lock);
    return code;
}

static const struct series_entry *find_entry(const struct series_index *index, const char *key) {
    for (size_t i = 0; i < index->count; i++) {
        if (strcmp(index->entries[i].line.key, key) == 0) {
            return &index->entries[i];
        }
    }
    return NULL;
}

static struct series_point *copy_points(const struct series_entry *e, struct arena *a) {
    struct series_point *to = arena_alloc(a, (e->count + 1) * sizeof *to);
    for (size_t i = 0; i < e->count; i++) {
        to[i] = (struct series_point){.year = e->points[i].year,
                                      .target = copy_figure(&e->points[i].target, a),
                                      .outcome = copy_figure(&e->points[i].outcome, a)};
    }
    return to;
}

enum code series_find(struct tx *tx, struct series *s, const char *key, struct arena *a,
                      struct series_line *line, struct series_point **points, size_t *count,
                      struct err *err) {
    pthread_mutex_lock(&s->lock);
    enum code code = bring_up(tx, s, err);
    const struct series_entry *e = code == OK ? find_entry(&s->index, key) : NULL;
    if (e != NULL) {
        *line = copy_line(&e->line, a);
        *points = copy_points(e, a);
        *count = e->count;
    }
    pthread_mutex_unlock(&s->lock);
    if (code == OK && e == NULL) {
        code = err_set(err, E_ABSENT, "there is no indicator \"%.32s\"", key);
    }
    return code;
}
