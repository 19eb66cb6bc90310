/* rows: see rows_int.h. */
#include "track/rows_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void *rows_add(struct rows *r, size_t size) {
    r->data = mem_reserve(r->data, &r->cap, r->count + 1, size);
    return memset(r->data + r->count++ * size, 0, size);
}

void *rows_take(struct rows *r, size_t size, struct arena *a, size_t *count) {
    void *all = arena_alloc(a, r->count * size + 1);
    if (r->count > 0) {
        memcpy(all, r->data, r->count * size);
    }
    *count = r->count;
    free(r->data);
    *r = (struct rows)ROWS_INIT;
    return all;
}

const char *rows_text(struct query *q, int column, struct arena *a) {
    const char *s = query_get_text(q, column);
    return s == NULL ? NULL : arena_dup(a, s, query_get_len(q, column));
}
