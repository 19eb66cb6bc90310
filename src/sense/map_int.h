/* map_int: a map as it was read: what map.c writes and map_apply.c follows. */
#ifndef TAIHU_SENSE_MAP_INT_H
#define TAIHU_SENSE_MAP_INT_H

#include "city/datum.h"
#include "ngsi/entity_context.h"
#include "sense/amount.h"
#include "sense/map.h"
#include "sense/moment.h"

enum { MAP_NONE = -1 }; /* as the number of a column */

/* A run of a text, then a column. */
struct map_part {
    const char *text;
    size_t len;
    int column; /* MAP_NONE at the end */
};

struct map_template {
    const struct map_part *parts;
    size_t count; /* 0: there is none */
};

/* Whether a row's column has one of these values. */
struct map_condition {
    int column;
    const char **values;
    size_t count;
    bool unless; /* it must have none of them */
};

struct map_conditions {
    const struct map_condition *list;
    size_t count;
};

struct map_time {
    struct map_template text;
    struct moment_format format;
    int64_t every_s; /* 0: not said */
};

/* How a number is converted where it holds; the first that holds counts. */
struct map_case {
    int64_t from_ms, until_ms; /* of the row's time */
    struct map_conditions conditions;
    bool converts;
    struct amount_conversion conversion;
    const char *unit;   /* NULL: the attribute's */
    const char *refuse; /* NULL, or why such a row is refused */
};

/* What a word of the file stands for. */
struct map_word {
    const char *word;
    const char *json;
};

enum map_others { MAP_OTHERS_REFUSED, MAP_OTHERS_KEPT, MAP_OTHERS_MISSING };

enum map_kind {
    MAP_NUMBER,
    MAP_TEXT,
    MAP_BOOLEAN,
    MAP_TIME,
    MAP_JSON,
    MAP_RELATIONSHIP,
    MAP_LANGUAGE,
    MAP_VOCAB,
    MAP_POINT,
    MAP_GEOMETRY,
    MAP_CONSTANT,
};

struct map_attribute {
    const char *name; /* as the map has it, for messages */
    const char *iri;
    enum map_kind kind;
    struct map_conditions conditions;
    int column;               /* what it is made of, or MAP_NONE */
    struct map_template text; /* instead of a column */
    int minus;                /* a column that is taken off, or MAP_NONE */
    int longitude, latitude;  /* of a MAP_POINT */
    enum datum datum;         /* of a point or geometry */
    bool mend;                /* of a geometry: rings that cross are parted, not refused */
    const char *json;         /* of a MAP_CONSTANT */
    const char *language;     /* of a MAP_LANGUAGE */
    struct map_time time;     /* of a MAP_TIME: its format */
    const char *split;        /* NULL, or what stands between several values */
    const struct map_word *words;
    size_t word_count;
    enum map_others others;
    const char **missing;
    size_t missing_count;
    bool has_missing; /* its own list holds in place of the map's */
    bool required, observed;
    const char *unit;
    struct amount_conversion conversion;
    bool converts;
    const struct map_case *cases;
    size_t case_count;
    struct map_template dataset;
    const struct map_attribute *sub;
    size_t sub_count;
};

struct map_entity {
    struct map_template id;
    const char **types;
    size_t type_count;
    struct map_conditions conditions;
    bool has_time;
    struct map_time time;
    const struct map_attribute *attributes;
    size_t attribute_count;
};

#endif
