/* arena: memory that dies together. A document, a request or a job owns one; what comes from it is
 * never freed alone. Not for sharing between threads. */
#ifndef TAIHU_BASE_ARENA_H
#define TAIHU_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *head; /* the block being filled; older ones behind it */
    size_t total;             /* bytes asked of the heap, for limits and tests */
};

#define ARENA_INIT                                                                                 \
    { NULL, 0 }

/* `n` bytes aligned for any type, not cleared. Never NULL. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));

/* As arena_alloc, filled with zero. */
void *arena_zero(struct arena *a, size_t n) __attribute__((returns_nonnull));

/* A copy of `n` bytes with a NUL behind them. */
char *arena_dup(struct arena *a, const char *s, size_t n) __attribute__((returns_nonnull));

/* Keeps the newest block for the next round and frees the others. */
void arena_reset(struct arena *a);

/* Frees all; `a` is as ARENA_INIT again. */
void arena_fini(struct arena *a);

#endif
