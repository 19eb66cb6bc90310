/* entity_geo: whether a JSON value is a geometry as a GeoProperty may have it (RFC 7946, CIM 009
 * section 4.7): Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon.
 *
 * Held: longitude -180 to 180, latitude -90 to 90, exactly by the digits that were sent; a line has
 * two positions or more; a ring has four or more, and the last is the first. Left out: which way a
 * ring turns, rings that cross (geometry_valid.h), bbox, crs, GeometryCollection. */
#ifndef TAIHU_NGSI_ENTITY_GEO_H
#define TAIHU_NGSI_ENTITY_GEO_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json_read.h"

/* Whether it looks like one: an object with coordinates and the type of a geometry. */
bool entity_geo_is(const struct json_value *v);

/* E_INPUT: what is wrong with it. */
enum code entity_geo_check(const struct json_value *v, struct err *err);

#endif
