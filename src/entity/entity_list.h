/* entity_list: which entities there are: queries over them as they are now (CIM 009 section 5.7.2),
 * and the types and attributes that they have (5.7.5 to 5.7.10).
 *
 *   source ──► chunks of candidates ──► held against the query ──► page, read in whole
 *
 * The source is the narrowest that the query allows: ids, the R*Tree of places, types, attributes,
 * else all entities. Of a candidate only what the query asks for is read, and where no count is
 * wanted nothing behind the page. */
#ifndef TAIHU_ENTITY_ENTITY_LIST_H
#define TAIHU_ENTITY_ENTITY_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "entity/entity_heads.h"
#include "ngsi/entity.h"
#include "ngsi/entity_q.h"
#include "ngsi/entity_region.h"
#include "ngsi/entity_select.h"
#include "store/tx.h"

enum {
    ENTITY_SELECTORS_MAX = 32,
    ENTITY_QUERY_NAMES_MAX = 100, /* attributes that a query names */
};

/* By type and id (5.2.33). */
struct entity_selector {
    const struct entity_types *types; /* NULL: any */
    const char **ids;
    size_t id_count;        /* 0: any */
    const char *id_pattern; /* pattern.h; not looked at beside ids; NULL: none */
};

/* An entity is meant that one of the selectors means (none: any entity), that has one of the
 * attributes (none: any), and that meets the rest. */
struct entity_query {
    const struct entity_selector *selectors;
    size_t selector_count;
    const char **attributes; /* whole names */
    size_t attribute_count;
    const struct entity_q *q; /* NULL: none; so are the next two */
    const struct entity_region *region;
    const struct entity_scopes *scopes;
    int64_t offset, limit;
    bool count;                 /* how many there are in all is wanted */
    struct entity_heads *heads; /* in a snapshot alone; NULL: none */
};

struct entity_page {
    struct entity *entities; /* in the order in which their ids were first heard of */
    size_t count;
    int64_t total; /* where it is wanted */
    bool more;     /* there are some behind this page */
};

/* E_INPUT, E_LIMIT: an idPattern cannot be taken, or there is too much of something. */
enum code entity_list(struct tx *tx, const struct entity_query *query, struct arena *a,
                      struct entity_page *out, struct err *err);

/* ---- what there is ---- */

struct entity_names {
    const char **all; /* whole names in byte order */
    size_t count;
};

/* The types that entities have now; the attributes. */
enum code entity_list_types(struct tx *tx, struct arena *a, struct entity_names *out,
                            struct err *err);
enum code entity_list_attributes(struct tx *tx, struct arena *a, struct entity_names *out,
                                 struct err *err);

/* A type or an attribute, as it is met. */
struct entity_known {
    int64_t count; /* entities of the type; instances of the attribute; 0: none */
    struct entity_names
        names;       /* attributes of the type's entities; types that have the attribute */
    unsigned *kinds; /* of a type: for each name, bits 1 << enum entity_kind */
    unsigned kind;   /* of an attribute: the same */
};

/* Both read all entities that have it. */
enum code entity_known_type(struct tx *tx, const char *type, struct arena *a,
                            struct entity_known *out, struct err *err);
enum code entity_known_attribute(struct tx *tx, const char *attribute, struct arena *a,
                                 struct entity_known *out, struct err *err);

#endif
