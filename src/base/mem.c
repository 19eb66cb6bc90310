/* mem: see mem.h. */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void *must(void *p, size_t n) {
    if (p == NULL) {
        fprintf(stderr, "taihu: cannot allocate %zu bytes\n", n);
        abort();
    }
    return p;
}

void *mem_alloc(size_t n) {
    return must(malloc(n == 0 ? 1 : n), n);
}

void *mem_grow(void *p, size_t n) {
    return must(realloc(p, n == 0 ? 1 : n), n);
}

void *mem_reserve(void *p, size_t *cap, size_t want, size_t size) {
    if (want <= *cap && p != NULL) {
        return p;
    }
    size_t next = *cap < 16 ? 16 : *cap * 2;
    if (next < want) {
        next = want;
    }
    if (next > SIZE_MAX / size) {
        must(NULL, SIZE_MAX);
    }
    p = mem_grow(p, next * size);
    *cap = next;
    return p;
}
