/* progress_int: the statements of progress_db.c, as progress.c calls them. */
#ifndef TAIHU_TRACK_PROGRESS_INT_H
#define TAIHU_TRACK_PROGRESS_INT_H

#include "track/progress.h"

/* What is known of a report that is to be superseded. */
struct progress_earlier {
    bool found;
    int64_t superseded_by; /* 0: none */
};

enum code progress_db_earlier(struct tx *tx, const struct item *item, int64_t id,
                              struct progress_earlier *out, struct err *err);

/* The report of this item and day that is not superseded; *id is 0 where there is none. */
enum code progress_db_of_day(struct tx *tx, const struct item *item, int32_t as_of, int64_t *id,
                             struct err *err);

/* The ID the next report gets. */
enum code progress_db_next(struct tx *tx, int64_t *id, struct err *err);

enum code progress_db_add(struct tx *tx, const struct progress_request *r,
                          const struct progress_added *as, struct err *err);

#endif
