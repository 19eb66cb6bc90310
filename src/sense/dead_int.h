/* dead_int: rows of dead_letter. */
#ifndef TAIHU_SENSE_DEAD_INT_H
#define TAIHU_SENSE_DEAD_INT_H

#include <stdbool.h>

#include "sense/dead.h"

/* A new one, or one more time: the job's time is its last. */
enum code dead_db_put(struct tx *tx, const struct dead_letter *letter, struct err *err);
enum code dead_db_count(struct tx *tx, int64_t *out, struct err *err);
enum code dead_db_drop(struct tx *tx, int64_t n, struct err *err); /* the oldest n */
enum code dead_db_list(struct tx *tx, struct dead_page page, struct arena *a,
                       struct dead_letter **out, size_t *count, struct err *err);
enum code dead_db_remove(struct tx *tx, const char *id, bool *found, struct err *err);

#endif
