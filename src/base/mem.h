/* mem: the heap, where running out ends the process. Sizes from outside are capped by the caller
 * before they come here, so a failure means the machine is out of memory, not that input was bad.
 */
#ifndef TAIHU_BASE_MEM_H
#define TAIHU_BASE_MEM_H

#include <stddef.h>

/* `n` bytes, not cleared; abort()s rather than return NULL. Free with free(). */
void *mem_alloc(size_t n) __attribute__((malloc, returns_nonnull));

/* As realloc(); abort()s rather than return NULL. */
void *mem_grow(void *p, size_t n) __attribute__((returns_nonnull));

/* Makes room for `want` items of `size` bytes in the array `p` of `*cap` items, at least doubling.
 * Returns the array, `*cap` the new capacity. */
void *mem_reserve(void *p, size_t *cap, size_t want, size_t size) __attribute__((returns_nonnull));

#endif
