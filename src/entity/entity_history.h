/* entity_history: how attributes of entities were over time (ETSI GS CIM 009 v1.8.1, sections 4.5.6
 * to 4.5.9, 4.5.19 and 5.7.3): what had a moment (observedAt) is kept, each instance by its entity,
 * attribute, dataset and moment. Also of entities and attributes that are not there any more.
 *
 *   retrieve   stretch of time ─► observations ─► the last N of each attribute ─► a page of them
 *                                             └─► periods, each with its answers
 *
 * A page is cut by time, for all attributes alike: whoever asks again from where it ends misses
 * nothing. When an instance was written is not kept, nor that one was deleted: so observedAt is the
 * only timeproperty there is. */
#ifndef TAIHU_ENTITY_ENTITY_HISTORY_H
#define TAIHU_ENTITY_ENTITY_HISTORY_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "entity/entity_store.h"
#include "ngsi/entity.h"
#include "ngsi/entity_period.h"
#include "ngsi/entity_q.h"
#include "ngsi/entity_region.h"
#include "ngsi/entity_select.h"
#include "ngsi/entity_tally.h"
#include "store/tx.h"

enum {
    ENTITY_HISTORY_PAGE = 20000,     /* instances: two years of hours */
    ENTITY_HISTORY_TALLY = 1000000,  /* instances that one answer goes over */
    ENTITY_HISTORY_PERIODS = 100000, /* of one answer */
    ENTITY_HISTORY_SEEKS = 3000000,  /* looks for entities without instances: some seconds */
    ENTITY_INSTANCE_MAX = 112,       /* bytes of an instanceId */
};

/* What of each entity is wanted. */
struct entity_history_query {
    struct entity_stretch stretch;
    int64_t last;            /* instances of each attribute, the newest; 0: all */
    const char **attributes; /* whole names, at most ENTITY_NAMES_MAX; none: all */
    size_t attribute_count;
    const char **datasets; /* URIs, "@none" for the default instance; none: all */
    size_t dataset_count;
    size_t limit;                  /* instances; 0: ENTITY_HISTORY_PAGE */
    unsigned methods;              /* of entity_tally.h; 0: the instances themselves */
    struct entity_duration period; /* with methods */
};

struct entity_tallied {
    struct entity_span span;
    const char *answers[ENTITY_METHODS]; /* JSON; NULL: none, or not asked for */
};

/* One attribute with one dataset. */
struct entity_series {
    const char *name, *dataset; /* dataset NULL: the default instance */
    int64_t entity_number, number, dataset_number;
    enum entity_kind kind;              /* of the newest */
    struct entity_attribute *instances; /* oldest first */
    size_t count;
    struct entity_tallied *periods; /* in place of instances; oldest first */
    size_t period_count;
};

struct entity_history {
    const char *id;
    const char **types; /* that it has, or had */
    size_t type_count;
    struct entity_series *series;
    size_t count;
    size_t instances;        /* in all */
    bool more;               /* the page ends before the stretch does */
    struct entity_span held; /* moments of the oldest and the newest instance, where there is one */
};

/* E_ABSENT: nothing is known of that id, or of those attributes of it. E_LIMIT: more is to be
 * tallied than ENTITY_HISTORY_TALLY. A stretch in which nothing was observed has no series. With
 * `last` and no attributes named, those are looked for that have a moment now. */
enum code entity_history_load(struct tx *tx, const char *id,
                              const struct entity_history_query *query, struct arena *a,
                              struct entity_history *out, struct err *err);

/* instanceId of an instance of a series: the numbers of its key. Returns `to`. */
char *entity_instance_text(const struct entity_series *s, int64_t observed_ms,
                           char to[ENTITY_INSTANCE_MAX]);

/* ---- many ---- */

/* One way to say which entities; what is not there asks for nothing. */
struct entity_history_selector {
    const struct entity_types *types;
    const char **ids;
    size_t id_count;
    const regex_t *pattern; /* found anywhere in the id */
};

enum entity_order { ENTITY_AS_HEARD, ENTITY_BY_ID, ENTITY_BY_ID_DOWN };

/* An entity is meant that one of the selectors means, and whose instances in the stretch, together
 * with what it has now and never had a moment, meet `q` and `region`. */
struct entity_history_filter {
    const struct entity_history_selector *selectors;
    size_t count;
    const struct entity_q *q;           /* NULL: none */
    const struct entity_region *region; /* NULL: none */
    int64_t offset, limit;
    bool total;              /* how many there are in all is wanted */
    enum entity_order order; /* as their ids were first heard of, or by their bytes */
};

struct entity_history_page {
    struct entity_history *all;
    size_t count;
    int64_t total; /* where it is wanted */
    bool more;     /* entities are behind this page */
    bool cut;      /* instances are: all histories end at `held` */
    struct entity_span held;
};

/* Entities with an instance in the stretch. A page of instances is shared by the entities of a
 * page. E_LIMIT: it would take ENTITY_HISTORY_SEEKS looks to find a page. */
enum code entity_history_list(struct tx *tx, const struct entity_history_filter *filter,
                              const struct entity_history_query *query, struct arena *a,
                              struct entity_history_page *out, struct err *err);

/* ---- changing, within a job ---- */

/* Adds instances, each of which has a moment; types are added too. Where `must_be` nothing is made:
 * E_ABSENT. E_INPUT: an instance has no moment. *made: nothing was known of it before. The state of
 * the entity stays as it is. */
enum code entity_history_add(struct tx *tx, const struct entity *e, bool must_be, bool *made,
                             struct err *err);

/* Forgets all of it; the state stays. E_ABSENT: there is nothing. */
enum code entity_history_delete(struct tx *tx, const char *id, struct err *err);

/* One dataset of an attribute (NULL: the default instance), or all of it. E_ABSENT as above. */
enum code entity_history_delete_attribute(struct tx *tx, const char *id, const char *attribute,
                                          const char *dataset, bool all, struct err *err);

/* One instance by its instanceId. E_ABSENT. A patch keeps the moment and the dataset: E_INPUT where
 * it names others, or another kind. */
enum code entity_history_delete_instance(struct tx *tx, const char *id, const char *attribute,
                                         const char *instance, struct err *err);
enum code entity_history_patch(struct tx *tx, const char *id, const struct entity_attribute *x,
                               const char *instance, struct arena *a, struct err *err);

#endif
