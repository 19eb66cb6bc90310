/* entity_fresh_int: how portions lie in memory, for entity_fresh.c, which fills them, and
 * entity_fresh_view.c, which shows them to snapshots. */
#ifndef TAIHU_ENTITY_ENTITY_FRESH_INT_H
#define TAIHU_ENTITY_ENTITY_FRESH_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "entity/entity_fresh.h"

/* An observation, as small as it may be: there are half a million of them. */
struct fresh_point {
    struct fresh_point *older; /* of the same series */
    int64_t observed_ms, modified_ms;
    uint32_t at; /* behind first_at of its portion */
    uint32_t quality;
    uint8_t kind;
    uint8_t flags; /* enum fresh_flag */
    char text[];   /* value, unit, json, extra: each ended by a NUL, where it is there; at the front
                      before_ms and before, where it settles */
};

enum fresh_flag {
    FRESH_LATE = 1 << 0,
    FRESH_SETTLES = 1 << 1,
    FRESH_UNIT = 1 << 2,
    FRESH_JSON = 1 << 3,
    FRESH_EXTRA = 1 << 4,
    FRESH_ZEROS = 1 << 5,
};

struct fresh_mark {
    struct fresh_mark *older;
    int64_t at;
};

/* Also an entity, for its marks and the list of its series: name and dataset are 0 then. */
struct fresh_series {
    struct fresh_key key;
    struct fresh_series *next;   /* in its bucket */
    struct fresh_series *sister; /* the next of its entity; of an entity: the first */
    struct fresh_point *newest;
    struct fresh_mark *marks; /* of an entity, the newest first */
    const char *dataset;
    int64_t observed_ms;
    unsigned char *series;
    size_t series_len, series_cap;
};

struct fresh_part {
    int64_t number;
    int64_t first_at, last_at;   /* last_at: once it is sealed */
    int64_t began_ms, latest_ms; /* when the first and the last of it came */
    int64_t end_at; /* once it is rows: from there on nobody needs it; else INT64_MAX */
    struct arena arena;
    struct fresh_series **bucket;
    size_t bucket_count, entry_count;
    size_t points;
    struct fresh_series **all; /* series without entities; sorted once it is sealed */
    size_t count, cap;
    size_t written, kept_written; /* of a sealed one: rows; before this transaction */
    struct fresh_mark *marks;     /* of all entities, the newest first */
    size_t pins;
};

/* What is to be undone where a job fails. */
struct fresh_deed {
    enum fresh_what what;
    struct fresh_part *part;
    struct fresh_series *series; /* of a mark: the entity; NULL: all */
    struct fresh_point *point;
    bool moved; /* the series had another state before: */
    struct fresh_state before;
};

struct fresh {
    pthread_mutex_t lock; /* parts, and what hangs from them, against snapshots */
    struct fresh_part *part[FRESH_PORTIONS]; /* the oldest first; the last one is active */
    size_t part_count;
    bool sealed;                /* the last but one is, and is not rows yet */
    bool sealed_complete;       /* its end was told in this transaction */
    _Atomic int64_t oldest;     /* part[0]'s number */
    _Atomic size_t point_count; /* in all parts */

    /* The writer's alone. */
    int64_t at, kept_at, begun_at; /* now, before this job, before this transaction */
    struct fresh_deed *deed;
    size_t deed_count, deed_cap, kept; /* kept: of them by jobs before this one */
    size_t marks;                      /* among them */
    struct arena undo;                 /* of their `before` */
};

struct fresh_series *fresh_look(const struct fresh_part *p, const struct fresh_key *key);
void fresh_unpack(const struct fresh_part *p, const struct fresh_point *x, struct fresh_seen *out);

/* Whether who sees up to `until` has all of it as rows. */
bool fresh_is_ended(const struct fresh_part *p, int64_t until);

/* The last mark of an entity up to `until`, from all parts that are not ended for that; 0: none. */
int64_t fresh_marked(const struct fresh *f, int64_t entity, int64_t until);

#endif
