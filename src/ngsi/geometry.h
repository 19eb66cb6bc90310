/* geometry: a GeoJSON geometry (RFC 7946) as places, for what is asked of it: the box around it and
 * its distance to another. Coordinates become binary floats here: 52.5547 is off by less than a
 * micrometre. Nothing is written back from them.
 *
 *   Point, MultiPoint              parts of one place
 *   LineString, MultiLineString    a part for each line
 *   Polygon, MultiPolygon          a part for each ring; the first of each polygon is its outside
 */
#ifndef TAIHU_NGSI_GEOMETRY_H
#define TAIHU_NGSI_GEOMETRY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"
#include "ngsi/sphere.h"

enum geometry_kind {
    GEOMETRY_POINT,
    GEOMETRY_MULTI_POINT,
    GEOMETRY_LINE,
    GEOMETRY_MULTI_LINE,
    GEOMETRY_POLYGON,
    GEOMETRY_MULTI_POLYGON
};

struct geometry_part {
    const struct sphere_place *places;
    size_t count;
    bool starts; /* a thing of its own: a place, a line, the outside of a polygon */
};

struct geometry {
    enum geometry_kind kind;
    const struct geometry_part *parts;
    size_t part_count;
    size_t place_count;
    struct sphere_box box;
};

/* "Point", "MultiPoint", ... */
const char *geometry_kind_name(enum geometry_kind kind);

/* Whether it has an inside. */
bool geometry_is_areal(enum geometry_kind kind);

/* The kind of what entity_geo_check() found good; that as places, into `a`. */
enum geometry_kind geometry_kind(const struct json_value *v);
void geometry_take(const struct json_value *v, struct arena *a, struct geometry *out);

/* geometry_take() with entity_geo_check() before. E_INPUT: it is no geometry. */
enum code geometry_read(const struct json_value *v, struct arena *a, struct geometry *out,
                        struct err *err);

/* The place of a Point in the text that a GeoProperty's value is kept as; false: it is another
 * geometry, or written in another order. */
bool geometry_is_point(const char *json, struct sphere_place *out);

/* Whether places or edges of the two are within `most_m` of each other. One inside of the other is
 * not seen: that is for GEOS. */
bool geometry_is_near(const struct geometry *a, const struct geometry *b, double most_m);

#endif
