/* query_rows: the rows that a query gives, put together while it runs, then moved to an arena.
 *
 *   struct query_rows rows = QUERY_ROWS_INIT;
 *   while (query_row(q)) {
 *       struct place *p = query_rows_add(&rows, sizeof *p);
 *       p->name = query_dup_text(q, 0, a);
 *   }
 *   *out = query_rows_take(&rows, sizeof **out, a, count); */
#ifndef TAIHU_STORE_QUERY_ROWS_H
#define TAIHU_STORE_QUERY_ROWS_H

#include <stddef.h>

#include "base/arena.h"
#include "store/query.h"

struct query_rows {
    char *data;
    size_t count, cap;
};

#define QUERY_ROWS_INIT                                                                            \
    { NULL, 0, 0 }

/* Room for one more of `size` bytes, cleared; it moves with the next call. */
void *query_rows_add(struct query_rows *r, size_t size);

/* All of them, in the arena, never NULL, with room for one more behind them; `r` is empty again. */
void *query_rows_take(struct query_rows *r, size_t size, struct arena *a, size_t *count);

/* The texts of a query that gives one column; closes it. *out is an array as above. */
enum code query_texts(struct query *q, struct arena *a, const char ***out, size_t *count,
                      struct err *err);

#endif
