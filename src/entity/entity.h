/* entity: a thing of the city as NGSI-LD has it (ETSI GS CIM 009 v1.8.1, section 4.5): an id,
 * types, attributes. The form that the program works on: every name is a whole IRI, every value is
 * JSON text with the digits that were sent.
 *
 *   entity ──► types          https://uri.etsi.org/ngsi-ld/default-context/AirQualityObserved
 *          ──► attributes ──► a Property: any JSON but null
 *                             a Relationship: the URI of another entity
 *                             a GeoProperty: a GeoJSON geometry (RFC 7946)
 *                         ──► their own attributes, to ENTITY_DEPTH_MAX levels
 *
 * Plain records: what they point to lives in the arena they were read into.
 *
 * Left out: several instances of an attribute (datasetId), scopes, and the further kinds:
 * LanguageProperty, VocabProperty, JsonProperty, ListProperty, ListRelationship. */
#ifndef TAIHU_ENTITY_ENTITY_H
#define TAIHU_ENTITY_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    ENTITY_URI_MAX = 1024, /* bytes of an id, a type, a name of an attribute */
    ENTITY_TYPES_MAX = 16, /* of one entity */
    ENTITY_DEPTH_MAX = 5,  /* attributes of attributes; JSON itself ends at 32 levels */
    ENTITY_SUB_MAX = 100,  /* attributes of one attribute: with its own members, what JSON takes */
    ENTITY_UNIT_MAX = 32,  /* UN/CEFACT codes have 2 or 3 characters; people write their own */
    ENTITY_TIME_MAX = 32,
};

/* What a merge says of an attribute that is to go (4.5.0). */
#define ENTITY_NULL "urn:ngsi-ld:null"

enum entity_kind { ENTITY_PROPERTY, ENTITY_RELATIONSHIP, ENTITY_GEO };

struct entity_attribute {
    const char *name;
    enum entity_kind kind;
    bool kind_said;    /* the kind was named, or follows from what was sent */
    const char *value; /* JSON on one line; NULL in a fragment that leaves it as it is */
    bool gone;         /* its value is ENTITY_NULL */
    bool observed;
    int64_t observed_ms; /* UTC, since 1970 */
    const char *unit;    /* NULL: none */
    int64_t created_ms, modified_ms;
    struct entity_attribute *sub;
    size_t sub_count;
};

struct entity {
    const char *id; /* NULL in a fragment without one */
    const char **types;
    size_t type_count;
    struct entity_attribute *attributes;
    size_t count;
    int64_t created_ms, modified_ms;
};

/* "Property", "Relationship", "GeoProperty". */
const char *entity_kind_name(enum entity_kind kind);

/* Whether it is an absolute URI (RFC 3986, and RFC 3987 beyond ASCII): a scheme, a colon, more. */
bool entity_is_uri(const char *s);

/* The attribute of that name; NULL when there is none. */
struct entity_attribute *entity_find(const struct entity *e, const char *name);

/* Reads "2026-03-01T08:00:00Z", with a fraction behind '.' or ',', kept to the ms, and with +08:00
 * in place of Z. E_INPUT quotes what stands there. */
enum code entity_time_parse(const char *s, int64_t *utc_ms, struct err *err);

/* Writes it back, with a fraction only where there is one; returns `to`. */
char *entity_time_text(int64_t utc_ms, char to[ENTITY_TIME_MAX]);

#endif
