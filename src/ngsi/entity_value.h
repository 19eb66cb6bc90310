/* entity_value: the value of an attribute, by its kind (CIM 009 v1.8.1 sections 4.5.2 to 4.5.24):
 * what may stand there, and the JSON text that is kept of it.
 *
 *   Property          any JSON but null
 *   Relationship      the URI of an entity, or a list of them
 *   GeoProperty       a GeoJSON geometry, or one as a text, which is kept as an object
 *   LanguageProperty  {"en": "water", "zh": ["水", "海水"], "@none": "H2O"}
 *   VocabProperty     a name or a list of names, kept whole
 *   JsonProperty      an object or a list, as it came
 *   ListProperty      a list
 *   ListRelationship  [{"object": URI}]; a URI alone in the list is taken too */
#ifndef TAIHU_NGSI_ENTITY_VALUE_H
#define TAIHU_NGSI_ENTITY_VALUE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"
#include "ngsi/entity.h"
#include "ngsi/entity_context.h"

/* Whether it is what a patch says of an attribute that is to go: ENTITY_NULL, in the shape that the
 * kind asks for: {"@none": ENTITY_NULL} of a LanguageProperty, [ENTITY_NULL] of a list. */
bool entity_value_is_null(enum entity_kind kind, const struct json_value *v);

/* The text that is kept, in `a` or borrowed of `v`. E_INPUT: a value of this kind cannot be so. */
enum code entity_value_read(enum entity_kind kind, const struct json_value *v,
                            const struct entity_context *context, struct arena *a, const char **out,
                            struct err *err);

/* A name or a list of names, each in whole; what cannot be a name stays as it is. In `a`; NULL: it
 * is neither. */
const char *entity_value_names(const struct json_value *v, const struct entity_context *context,
                               struct arena *a);

#endif
