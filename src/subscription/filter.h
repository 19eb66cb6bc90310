/* filter: what a subscription asks of an entity and of a change, made ready to be held against many
 * (CIM 009 v1.8.1, section 5.8.6). One thread at a time. */
#ifndef TAIHU_SUBSCRIPTION_FILTER_H
#define TAIHU_SUBSCRIPTION_FILTER_H

#include <regex.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "entity/entity_store.h"
#include "ngsi/entity.h"
#include "ngsi/entity_q.h"
#include "ngsi/entity_region.h"
#include "ngsi/entity_select.h"
#include "subscription/subscription.h"

struct filter_selector {
    const struct entity_types *types; /* NULL: any */
    const char *id;
    bool has_pattern;
    regex_t pattern;
};

struct filter {
    const struct subscription *of;
    struct filter_selector *selectors;
    size_t selector_count;
    const struct entity_q *q;
    const struct entity_region *region;
    const struct entity_scopes *scopes;
};

#define FILTER_INIT                                                                                \
    { NULL, NULL, 0, NULL, NULL, NULL }

/* Whence a subscription comes: what a client sends must be right by the rules of today. */
enum filter_from { FILTER_SENT, FILTER_KEPT };

/* `s` and `a` outlive it. E_INPUT, E_LIMIT: something of it cannot be read; what was made by then
 * is in *out too, for filter_fini(). */
enum code filter_compile(const struct subscription *s, enum filter_from from, struct arena *a,
                         struct filter *out, struct err *err);
void filter_fini(struct filter *f);

/* Whether it is one of the entities, whatever happened to it. */
bool filter_takes(const struct filter *f, const struct entity *e);

/* Whether a new value of an attribute that was there could be told, whatever the entity is. */
bool filter_hears(const struct filter *f, const char *name, const char *dataset);

/* Whether such a change is to be told; `e` is the entity afterwards, or as it was where it is gone.
 */
bool filter_is_triggered(const struct filter *f, const struct entity_change *c,
                         const struct entity *e);

#endif
