/* arena: see arena.h. A chain of blocks, each at least BLOCK bytes; a large request has its own. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

static struct arena_block *block_new(struct arena *a, size_t n) {
    size_t size = n > BLOCK ? n : BLOCK;
    struct arena_block *b = mem_alloc(sizeof *b + size);
    b->next = a->head;
    b->used = 0;
    b->size = size;
    a->head = b;
    a->total += size;
    return b;
}

void *arena_alloc(struct arena *a, size_t n) {
    const size_t align = alignof(max_align_t);
    assert(n <= (size_t)-1 - align);
    n = (n + align - 1) / align * align;
    struct arena_block *b = a->head;
    if (b == NULL || b->size - b->used < n) {
        b = block_new(a, n);
    }
    void *p = b->data + b->used;
    b->used += n;
    return p;
}

void *arena_zero(struct arena *a, size_t n) {
    return memset(arena_alloc(a, n), 0, n);
}

char *arena_dup(struct arena *a, const char *s, size_t n) {
    char *p = arena_alloc(a, n + 1);
    memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

static void free_chain(struct arena_block *b) {
    while (b != NULL) {
        struct arena_block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_reset(struct arena *a) {
    if (a->head == NULL) {
        return;
    }
    free_chain(a->head->next);
    a->head->next = NULL;
    a->head->used = 0;
    a->total = a->head->size;
}

void arena_fini(struct arena *a) {
    free_chain(a->head);
    a->head = NULL;
    a->total = 0;
}
