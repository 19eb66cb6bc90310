/* entity_merge: what a patch leaves of attributes that are there (CIM 009 v1.8.1 sections 5.5.8 and
 * 5.5.12; RFC 7396). */
#ifndef TAIHU_NGSI_ENTITY_MERGE_H
#define TAIHU_NGSI_ENTITY_MERGE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity.h"

struct entity_merge {
    struct arena *arena;
    bool deep;               /* members within values too: a merge, not a partial update */
    const struct entity *of; /* the fragment, for its language and moment; or NULL */
};

/* What a patch says of one instance, put over it. E_INPUT: it says another kind. */
enum code entity_merge_one(const struct entity_merge *m, struct entity_attribute *to,
                           const struct entity_attribute *from, struct err *err);

/* The same of a list, which has room for all of both. */
enum code entity_merge_list(const struct entity_merge *m, struct entity_attribute *to,
                            size_t *count, const struct entity_attribute *from, size_t n,
                            struct err *err);

#endif
