/* rows_int: the rows that a query gives, put together on the heap while it runs, then moved to the
 * arena that its caller reads them from. Start with ROWS_INIT; rows_take() ends it. */
#ifndef TAIHU_TRACK_ROWS_INT_H
#define TAIHU_TRACK_ROWS_INT_H

#include <stddef.h>

#include "base/arena.h"
#include "store/query.h"

struct rows {
    char *data;
    size_t count, cap;
};

#define ROWS_INIT                                                                                  \
    { NULL, 0, 0 }

/* One more row of `size` bytes, filled with zero; good until the next. */
void *rows_add(struct rows *r, size_t size);

/* All of them, in the arena; never NULL. */
void *rows_take(struct rows *r, size_t size, struct arena *a, size_t *count);

/* The text of a column, in the arena; NULL stays NULL. */
const char *rows_text(struct query *q, int column, struct arena *a);

#endif
