/* entity_heads: see entity_heads.h. One place for each of some numbers, by their lowest bits: two
 * that want the same one take turns. A head lies in one piece of memory:
 *
 *   numbers of types │ id NUL │ scope NUL │ scope NUL ... */
#include "entity/entity_heads.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_heads_int.h"

enum {
    PLACES = 16384,  /* the stations of a large city; a head of a station takes some 200 bytes, */
    PIECE_MAX = 512, /* and one with more than these is not kept: 8 MB in all at most */
    NAMES = 256,     /* types and attributes: few, and a bit longer */
    NAME_MAX = 1024,
};

struct place {
    int64_t number; /* 0: none */
    int64_t line;
    int64_t created_ms, modified_ms;
    size_t type_count, scope_count;
    size_t size;
    char *piece;
};

struct name {
    int64_t number; /* 0: none */
    char *iri;
};

struct entity_heads {
    pthread_mutex_t lock; /* guards all below */
    struct place places[PLACES];
    struct name names[NAMES];
};

struct entity_heads *entity_heads_new(void) {
    struct entity_heads *h = mem_alloc(sizeof *h);
    memset(h, 0, sizeof *h);
    pthread_mutex_init(&h->lock, NULL);
    return h;
}

void entity_heads_free(struct entity_heads *h) {
    if (h == NULL) {
        return;
    }
    for (size_t i = 0; i < PLACES; i++) {
        free(h->places[i].piece);
    }
    for (size_t i = 0; i < NAMES; i++) {
        free(h->names[i].iri);
    }
    pthread_mutex_destroy(&h->lock);
    free(h);
}

/* ---- heads ---- */

/* What stands in a piece that is in the arena. */
static void take_piece(const struct place *p, char *piece, struct arena *a, struct head *out) {
    char *at = piece + p->type_count * sizeof *out->types;
    *out = (struct head){.id = at,
                         .created_ms = p->created_ms,
                         .modified_ms = p->modified_ms,
                         .types = (int64_t *)piece,
                         .type_count = p->type_count,
                         .scope_count = p->scope_count};
    if (p->scope_count > 0) {
        out->scopes = arena_alloc(a, p->scope_count * sizeof *out->scopes);
    }
    for (size_t i = 0; i < p->scope_count; i++) {
        at += strlen(at) + 1;
        out->scopes[i] = at;
    }
}

void heads_find(struct entity_heads *h, int64_t line, const int64_t *numbers, size_t count,
                struct arena *a, struct head *out) {
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < count; i++) {
        const struct place *p = &h->places[(uint64_t)numbers[i] % PLACES];
        out[i] = (struct head){.id = NULL};
        if (p->number == numbers[i] && p->line == line) {
            char *piece = arena_alloc(a, p->size);
            memcpy(piece, p->piece, p->size);
            take_piece(p, piece, a, &out[i]);
        }
    }
    pthread_mutex_unlock(&h->lock);
}

static size_t size_of(const struct head *head) {
    size_t size = head->type_count * sizeof *head->types + strlen(head->id) + 1;
    for (size_t i = 0; i < head->scope_count; i++) {
        size += strlen(head->scopes[i]) + 1;
    }
    return size;
}

static void fill_piece(const struct head *head, char *to) {
    if (head->type_count > 0) {
        memcpy(to, head->types, head->type_count * sizeof *head->types);
        to += head->type_count * sizeof *head->types;
    }
    size_t n = strlen(head->id) + 1;
    memcpy(to, head->id, n);
    for (size_t i = 0; i < head->scope_count; i++) {
        to += n;
        n = strlen(head->scopes[i]) + 1;
        memcpy(to, head->scopes[i], n);
    }
}

static void put(struct place *p, int64_t line, int64_t number, const struct head *head) {
    size_t size = size_of(head);
    if (size > PIECE_MAX) {
        return;
    }
    if (size != p->size) {
        free(p->piece);
        p->piece = mem_alloc(size);
    }
    *p = (struct place){
        number, line,    head->created_ms, head->modified_ms, head->type_count, head->scope_count,
        size,   p->piece};
    fill_piece(head, p->piece);
}

void heads_put(struct entity_heads *h, int64_t line, const int64_t *numbers, size_t count,
               const struct head *all) {
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < count; i++) {
        if (all[i].id != NULL) {
            put(&h->places[(uint64_t)numbers[i] % PLACES], line, numbers[i], &all[i]);
        }
    }
    pthread_mutex_unlock(&h->lock);
}

/* ---- names ---- */

const char *heads_find_name(struct entity_heads *h, int64_t number, struct arena *a) {
    const struct name *n = &h->names[(uint64_t)number % NAMES];
    const char *iri = NULL;
    pthread_mutex_lock(&h->lock);
    if (n->number == number && n->iri != NULL) {
        iri = arena_dup(a, n->iri, strlen(n->iri));
    }
    pthread_mutex_unlock(&h->lock);
    return iri;
}

void heads_put_name(struct entity_heads *h, int64_t number, const char *iri) {
    struct name *n = &h->names[(uint64_t)number % NAMES];
    size_t size = strlen(iri) + 1;
    if (size > NAME_MAX) {
        return;
    }
    char *copy = mem_alloc(size);
    memcpy(copy, iri, size);
    pthread_mutex_lock(&h->lock);
    free(n->iri);
    *n = (struct name){number, copy};
    pthread_mutex_unlock(&h->lock);
}
