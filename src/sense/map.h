/* map: what the rows of a file mean: a JSON file that says how they become entities of NGSI-LD and
 * what was observed of them. docs/import.md is its manual; this is its shape:
 *
 *   {"format": "csv",  or "geojson"
 *    "delimiter": ",", "quote": "\"", "encoding": "gbk", "header": true, "skip": 0, "trim": true,
 *    "decimal": ".", "columns": ["a", "b"],             of a csv; columns where it has no header
 *    "missing": ["", "NaN", "-9999"],
 *    "@context": {...},
 *    "entities": [
 *     {"id": "urn:ngsi-ld:AirQualityObserved:wuxi:{station}", "type": "AirQualityObserved",
 *      "when": {"kind": "air"}, "unless": {"state": ["broken", "test"]},
 *      "time": {"text": "{date} {hour}", "format": "%Y%m%d %H", "zone": "+08:00", "every": 3600},
 *      "attributes": [
 *       {"name": "pm25", "column": "PM2.5", "kind": "number", "unitCode": "GQ",
 *        "cases": [{"until": "2018-01-01", "factor": 1000}],
 *        ...}]}]}
 *
 * A template is a text in which {column} stands for what the row has there. In ids what a URI
 * cannot have is percent-encoded; a template that is one column alone is taken as it stands.
 *
 * A map is made once and then only read. Left out: anything that reckons with several rows. */
#ifndef TAIHU_SENSE_MAP_H
#define TAIHU_SENSE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"
#include "ngsi/entity.h"
#include "store/sha256.h"
#include "text/encoding.h"

enum { MAP_BYTES_MAX = 1 << 20, MAP_COLUMNS_MAX = 1024, MAP_ENTITIES_MAX = 16 };

enum map_format { MAP_CSV, MAP_GEOJSON };

struct map_source {
    enum map_format format;
    enum encoding encoding; /* ENCODING_NONE: nobody said */
    char delimiter, quote;  /* quote 0: none */
    char decimal;           /* '.' or ',' */
    bool header, trim;
    int64_t skip;
    const char **names; /* of all columns of a file without a header, in order; else NULL */
    size_t name_count;
};

struct map_entity;

struct map {
    struct map_source source;
    const char **columns; /* those that it uses, each once: a record has a value for each */
    size_t column_count;
    const char **missing;
    size_t missing_count;
    const struct map_entity *entities;
    size_t entity_count;
    unsigned char digest[SHA256_BYTES]; /* of its bytes */
};

/* Reads a map; all of it lives in `a`. E_INPUT, E_LIMIT: what is wrong, and where in it:
 * `entities[0]: attributes[2] "pm25": no member "factr" ...`. */
enum code map_parse(const char *json, size_t n, struct arena *a, struct map *out, struct err *err);

/* One row: `values[i]` is what stands in map->columns[i], NULL for nothing at all. */
struct map_record {
    const char *const *values;
    const struct json_value *geometry; /* of a feature; else NULL */
};

struct map_result {
    struct entity *entities; /* those that the row says something of: none where no "when" holds */
    const struct map_entity **of;
    int64_t *times_ms; /* when it was observed, 0 for an entity of the map without a time */
    size_t count;
    size_t missing; /* attributes that the row has no value for */
};

/* What is wrong with a row. */
struct map_fault {
    const char *column; /* NULL: no single one */
    const char *value;  /* what stands there, or NULL */
};

/* What a row says; it lives in `a` and borrows of the record and the map. E_INPUT, E_LIMIT: the
 * words say why, `fault` where. */
enum code map_apply(const struct map *map, const struct map_record *record, struct arena *a,
                    struct map_result *out, struct map_fault *fault, struct err *err);

/* Seconds between the rows of one entity, as the map says; 0: it does not. */
int64_t map_every_s(const struct map_entity *e);

#endif
