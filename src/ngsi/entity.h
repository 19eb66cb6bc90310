/* entity: a thing of the city as NGSI-LD has it (ETSI GS CIM 009 v1.8.1, section 4.5): an id,
 * types, attributes. The form that the program works on: every name is a whole IRI, every value is
 * JSON text with the digits that were sent.
 *
 *   entity ──► types          https://uri.etsi.org/ngsi-ld/default-context/AirQualityObserved
 *          ──► attributes ──► a Property: any JSON but null
 *                             a Relationship: the URI of another entity, or of several
 *                             a GeoProperty: a GeoJSON geometry (RFC 7946)
 *                             ... : entity_value.h
 *                         ──► their own attributes, to ENTITY_DEPTH_MAX levels
 *          ──► scopes         /Wuxi/Binhu (4.18)
 *
 * An attribute may have several instances at once, told apart by their datasetId (4.5.5): each is
 * an entry of its own in `attributes`, under one name.
 *
 * Plain records: what they point to lives in the arena they were read into. */
#ifndef TAIHU_NGSI_ENTITY_H
#define TAIHU_NGSI_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    ENTITY_URI_MAX = 1024, /* bytes of an id, a type, a name of an attribute */
    ENTITY_TYPES_MAX = 16, /* of one entity */
    ENTITY_DEPTH_MAX = 5,  /* attributes of attributes; JSON itself ends at 32 levels */
    ENTITY_SUB_MAX = 100,  /* attributes of one attribute: with its own members, what JSON takes */
    ENTITY_ATTRIBUTES_MAX = 1000, /* instances of attributes of one entity */
    ENTITY_SCOPES_MAX = 100,
    ENTITY_SCOPE_MAX = 1024, /* bytes of one */
    ENTITY_UNIT_MAX = 32,    /* UN/CEFACT codes have 2 or 3 characters; people write their own */
    ENTITY_TIME_MAX = 32,
};

/* What a merge says of an attribute that is to go (4.5.0). */
#define ENTITY_NULL "urn:ngsi-ld:null"

/* The numbers stand in the database. What is behind each is the name of its value's member. */
enum entity_kind {
    ENTITY_PROPERTY = 0,          /* value */
    ENTITY_RELATIONSHIP = 1,      /* object */
    ENTITY_GEO = 2,               /* value */
    ENTITY_LANGUAGE = 3,          /* languageMap */
    ENTITY_VOCAB = 4,             /* vocab */
    ENTITY_JSON = 5,              /* json */
    ENTITY_LIST = 6,              /* valueList */
    ENTITY_LIST_RELATIONSHIP = 7, /* objectList */
};

struct entity;

struct entity_attribute {
    const char *name;
    enum entity_kind kind;
    bool kind_said;      /* the kind was named, or follows from what was sent */
    const char *value;   /* JSON on one line; NULL in a fragment that leaves it as it is */
    const char *dataset; /* datasetId, a URI; NULL: the default instance */
    bool gone;           /* its value is ENTITY_NULL */
    bool observed;
    int64_t observed_ms; /* UTC, since 1970 */
    bool zeros;          /* a whole second that was sent as .000: it leaves so */
    const char *unit;    /* NULL: none */
    const char *about;   /* valueType, objectType: JSON, whole names; NULL: none */
    int64_t created_ms, modified_ms;
    const char *instance; /* instanceId, where it is one of a history; else NULL */
    uint32_t quality;     /* flags as they are kept; 0: it was not judged */
    struct entity_attribute *sub;
    size_t sub_count;
    const char *row; /* its JSON as entity_write_attribute() would write it, where it came out of a
                        row and has no attributes of its own; else NULL. Who changes the
                        attribute clears it. */
    const struct entity *linked; /* of a Relationship that leaves with its entity (4.5.23); NULL */
};

struct entity {
    const char *id; /* NULL in a fragment without one */
    const char **types;
    size_t type_count;
    struct entity_attribute *attributes;
    size_t count;
    const char **scopes;
    size_t scope_count;
    bool scope_gone;  /* in a patch: its scopes are to go */
    const char *lang; /* of a merge: the language of texts for a LanguageProperty; NULL: none */
    bool observed;    /* of a merge: the moment of attributes that had one and are sent without */
    int64_t observed_ms; /* this one */
    int64_t created_ms, modified_ms;
};

enum { ENTITY_KINDS = ENTITY_LIST_RELATIONSHIP + 1 };

/* "Property", "Relationship", ...; and the member with its value: "value", "object", ... */
const char *entity_kind_name(enum entity_kind kind);
const char *entity_kind_member(enum entity_kind kind);

/* Whether it is an absolute URI (RFC 3986, and RFC 3987 beyond ASCII): a scheme, a colon, more. */
bool entity_is_uri(const char *s);

/* The attribute of that name: its default instance, else its first; NULL when there is none. */
struct entity_attribute *entity_find(const struct entity *e, const char *name);

/* The instance with this datasetId, NULL for the default one. */
struct entity_attribute *entity_find_instance(const struct entity *e, const char *name,
                                              const char *dataset);

/* Reads "2026-03-01T08:00:00Z", with a fraction behind '.' or ',', kept to the ms, and with +08:00
 * in place of Z. E_INPUT quotes what stands there. */
enum code entity_time_parse(const char *s, int64_t *utc_ms, struct err *err);

/* Writes it back, with a fraction only where there is one; returns `to`. */
char *entity_time_text(int64_t utc_ms, char to[ENTITY_TIME_MAX]);

#endif
