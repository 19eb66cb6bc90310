/* series_int: the lines of all kept plans, as series_index.c makes them and series.c serves them.
 */
#ifndef TAIHU_TRACK_SERIES_INT_H
#define TAIHU_TRACK_SERIES_INT_H

#include "track/kept_text_int.h"
#include "track/series.h"

struct series_entry {
    struct series_line line;
    struct series_point *points; /* by year */
    size_t count;
};

/* All of it lives in its arena. */
struct series_index {
    struct arena arena;
    struct kept_text *texts; /* what it was made of; without the texts themselves */
    size_t text_count;
    struct series_entry *entries; /* in the order of series_list() */
    size_t count;
};

/* Makes the index of `texts`, which are in index->arena. The caller frees the arena in any case. */
enum code series_index_make(struct tx *tx, const struct reader *reader, struct series_index *index,
                            struct err *err);

#endif
