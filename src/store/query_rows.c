/* query_rows: see query_rows.h. */
#include "store/query_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void *query_rows_add(struct query_rows *r, size_t size) {
    r->data = mem_reserve(r->data, &r->cap, r->count + 1, size);
    return memset(r->data + r->count++ * size, 0, size);
}

void *query_rows_take(struct query_rows *r, size_t size, struct arena *a, size_t *count) {
    void *all = arena_alloc(a, (r->count + 1) * size);
    if (r->count > 0) {
        memcpy(all, r->data, r->count * size);
    }
    *count = r->count;
    free(r->data);
    *r = (struct query_rows)QUERY_ROWS_INIT;
    return all;
}

enum code query_texts(struct query *q, struct arena *a, const char ***out, size_t *count,
                      struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    while (query_row(q)) {
        *(const char **)query_rows_add(&rows, sizeof(char *)) = query_dup_text(q, 0, a);
    }
    *out = query_rows_take(&rows, sizeof(char *), a, count);
    return query_close(q, err);
}
