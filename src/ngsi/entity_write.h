/* entity_write: an entity as JSON: normalized, concise or simplified (see entity_read.h), with
 * short names where the @context has them; or as a feature of GeoJSON (CIM 009 v1.8.1 section
 * 4.5.16). Values leave with the digits they came with.
 *
 * Several instances of an attribute are a list, or {"dataset": {"@none": 5, "urn:...": 6}} in the
 * simplified form. */
#ifndef TAIHU_NGSI_ENTITY_WRITE_H
#define TAIHU_NGSI_ENTITY_WRITE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"
#include "ngsi/entity.h"
#include "ngsi/entity_context.h"
#include "ngsi/entity_read.h"

/* Short names that were found already, by where the whole name stands: what is written for one
 * answer has few names, and many times. Zeros at first. */
struct entity_shorts {
    struct {
        const char *iri, *name;
    } slots[64];
};

struct entity_look {
    const struct entity_context *context;
    enum entity_form form;
    bool times;       /* createdAt, modifiedAt */
    bool quality;     /* what the tests of quality say of a value, as its sub-attribute "qartod" */
    const char *link; /* an address that is told as @context; NULL: none */
    const char *lang; /* as Accept-Language: a LanguageProperty becomes a Property in the language
                         that is liked best (4.15); NULL: it stays */
    struct entity_shorts *shorts; /* NULL: none */
    const char *geometry;         /* of a feature: which GeoProperty, in whole; NULL: location */
};

/* The member @context of an answer: the core's address alone, any other as a list with one. What a
 * client's @context was a list of, is one address here; clients that look take either. */
void entity_write_context(const char *link, struct json_out *j);

void entity_write(const struct entity *e, const struct entity_look *look, struct arena *a,
                  struct json_out *j);

/* The same as {"id", "type": "Feature", "geometry", "properties"}. */
void entity_write_feature(const struct entity *e, const struct entity_look *look, struct arena *a,
                          struct json_out *j);

/* One instance of an attribute, as it stands in an entity. */
void entity_write_instance(const struct entity_attribute *x, const struct entity_look *look,
                           struct arena *a, struct json_out *j);

/* One attribute's value: normalized, whole names: what entity_read_attribute() reads again. */
void entity_write_attribute(const struct entity_attribute *x, struct json_out *j);

#endif
