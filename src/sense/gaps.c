/* gaps: see gaps.h. */
#include "sense/gaps.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SLOTS_FIRST = 256 };

/* The steps of one entity: bit i is step first + i. */
struct one {
    char *id; /* NULL: a free slot */
    int64_t every_s;
    int64_t first, last;
    unsigned char *bits;
    size_t bytes;
    int64_t seen;
};

struct gaps {
    struct one *slot; /* an open hash, less than half full */
    size_t slots, used;
    size_t bytes; /* of all bits and ids */
    int64_t repeated;
    bool cut;
};

struct gaps *gaps_new(void) {
    struct gaps *g = mem_alloc(sizeof *g);
    *g = (struct gaps){.slots = SLOTS_FIRST};
    g->slot = mem_alloc(g->slots * sizeof *g->slot);
    memset(g->slot, 0, g->slots * sizeof *g->slot);
    return g;
}

void gaps_free(struct gaps *g) {
    if (g == NULL) {
        return;
    }
    for (size_t i = 0; i < g->slots; i++) {
        free(g->slot[i].id);
        free(g->slot[i].bits);
    }
    free(g->slot);
    free(g);
}

/* FNV-1a, 64 bits. Who chooses ids may make it slow, and only their own import. */
static size_t hash(const char *s) {
    uint64_t h = 14695981039346656037ULL;
    for (; *s != '\0'; s++) {
        h = (h ^ (unsigned char)*s) * 1099511628211ULL;
    }
    return (size_t)h;
}

/* Where the id stands, or would. */
static struct one *slot_of(const struct gaps *g, const char *id) {
    size_t i = hash(id) & (g->slots - 1);
    while (g->slot[i].id != NULL && strcmp(g->slot[i].id, id) != 0) {
        i = (i + 1) & (g->slots - 1);
    }
    return &g->slot[i];
}

static void grow(struct gaps *g) {
    struct gaps old = *g;
    g->slots *= 2;
    g->slot = mem_alloc(g->slots * sizeof *g->slot);
    memset(g->slot, 0, g->slots * sizeof *g->slot);
    for (size_t i = 0; i < old.slots; i++) {
        if (old.slot[i].id != NULL) {
            *slot_of(g, old.slot[i].id) = old.slot[i];
        }
    }
    free(old.slot);
}

/* Room for `n` more bytes, unless that is too much: then no more is counted. */
static bool afford(struct gaps *g, size_t n) {
    g->cut = g->cut || g->bytes + n > GAPS_BYTES_MAX;
    g->bytes += g->cut ? 0 : n;
    return !g->cut;
}

static bool add_entity(struct gaps *g, struct one *x, const char *id, int64_t step,
                       int64_t every_s) {
    size_t n = strlen(id) + 1;
    if (!afford(g, n + sizeof *x)) {
        return false;
    }
    *x = (struct one){.id = mem_alloc(n), .every_s = every_s, .first = step, .last = step};
    memcpy(x->id, id, n);
    g->used++;
    return true;
}

/* Makes the bits reach from `first` to `last`; they begin at a multiple of 8 behind x->first. */
static bool reach(struct gaps *g, struct one *x, int64_t step) {
    int64_t first = step < x->first ? step : x->first;
    int64_t last = step > x->last ? step : x->last;
    if (last - first >= GAPS_SPAN_MAX) {
        g->cut = true;
        return false;
    }
    size_t front = (size_t)(x->first - first + 7) / 8; /* whole bytes before what is there */
    first = x->first - (int64_t)front * 8;
    size_t want = (size_t)(last - first) / 8 + 1;
    if (want > x->bytes || front > 0) {
        size_t room = want > x->bytes + front ? want + want / 2 : x->bytes + front;
        if (!afford(g, room - x->bytes)) {
            return false;
        }
        unsigned char *bits = mem_alloc(room);
        memset(bits, 0, room);
        if (x->bytes > 0) {
            memcpy(bits + front, x->bits, x->bytes);
        }
        free(x->bits);
        x->bits = bits;
        x->bytes = room;
    }
    x->first = first;
    x->last = last;
    return true;
}

void gaps_add(struct gaps *g, const char *id, int64_t time_ms, int64_t every_s) {
    int64_t length = every_s * 1000;
    int64_t step = time_ms / length - (time_ms % length < 0);
    if ((g->used + 1) * 2 > g->slots) {
        grow(g);
    }
    struct one *x = slot_of(g, id);
    if ((x->id == NULL && !add_entity(g, x, id, step, every_s)) || !reach(g, x, step)) {
        return;
    }
    size_t bit = (size_t)(step - x->first);
    unsigned char mask = (unsigned char)(1U << bit % 8);
    bool there = (x->bits[bit / 8] & mask) != 0;
    x->bits[bit / 8] |= mask;
    x->seen += !there;
    g->repeated += there;
}

static bool has(const struct one *x, int64_t step) {
    size_t bit = (size_t)(step - x->first);
    return (x->bits[bit / 8] >> bit % 8 & 1) != 0;
}

static void look_at(const struct one *x, struct gaps_report *out) {
    int64_t from = x->first;
    while (!has(x, from)) {
        from++; /* the bits begin before the first step that was seen */
    }
    out->entities++;
    out->every_s = x->every_s;
    out->steps += x->last - from + 1;
    out->missing += x->last - from + 1 - x->seen;
    for (int64_t s = from, run = 0; s <= x->last; s++) {
        run = has(x, s) ? 0 : run + 1;
        if (run > out->length) {
            out->length = run;
            out->id = x->id;
            out->from_ms = (s - run + 1) * x->every_s * 1000;
        }
    }
}

void gaps_look(const struct gaps *g, struct gaps_report *out) {
    *out = (struct gaps_report){.repeated = g->repeated, .cut = g->cut};
    for (size_t i = 0; i < g->slots; i++) {
        if (g->slot[i].id != NULL && g->slot[i].seen > 0) {
            look_at(&g->slot[i], out);
        }
    }
}
