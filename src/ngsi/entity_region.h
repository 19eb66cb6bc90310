/* entity_region: geo-queries (CIM 009 v1.8.1, section 4.10): which entities by where they are.
 *
 *   georel       near;maxDistance==2000   near;minDistance==2000   (metres, more than 0)
 *                within  contains  intersects  equals  disjoint  overlaps
 *   geometry     Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon
 *   coordinates  [8,40]: as GeoJSON has them, JSON
 *   geoproperty  whose value is looked at; NULL: location
 *
 * "within": the entity's geometry is within the one of the query; "contains": it contains that one.
 * Relations are those of OGC Simple Features, in the plane of longitude and latitude, by GEOS;
 * distances are in metres on a sphere (sphere.h), from the nearest places of both geometries, 0
 * where they meet. The query's geometry is one that
 * geometry_valid() takes. Where a database of before has a polygon whose rings cross, kept as a
 * value or in a subscription, it is what GEOSMakeValid() parts it into. An entity without the
 * GeoProperty matches nothing, disjoint neither; one with several instances by any. */
#ifndef TAIHU_NGSI_ENTITY_REGION_H
#define TAIHU_NGSI_ENTITY_REGION_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity.h"
#include "ngsi/entity_context.h"
#include "ngsi/sphere.h"

enum {
    ENTITY_REGION_PLACES = 10000,   /* positions of the query's geometry */
    ENTITY_REGION_NEAR_PLACES = 500 /* of near, where each is held against each */
};

struct entity_region;

struct entity_region_words {
    const char *georel, *geometry, *coordinates;
    const char *geoproperty; /* NULL: location */
};

/* What GEOS holds is freed by entity_region_free(), which is due once before the arena ends.
 * E_INPUT: a word is missing or wrong, or the geometry is none. E_LIMIT: too many positions. */
enum code entity_region_parse(const struct entity_region_words *w,
                              const struct entity_context *context, struct arena *a,
                              const struct entity_region **out, struct err *err);

/* The same of words that were taken once and kept: the geometry is not held against
 * geometry_valid() again. */
enum code entity_region_parse_kept(const struct entity_region_words *w,
                                   const struct entity_context *context, struct arena *a,
                                   const struct entity_region **out, struct err *err);

/* Takes NULL. */
void entity_region_free(const struct entity_region *r);

/* One thread at a time. */
bool entity_region_matches(const struct entity_region *r, const struct entity *e);

/* The GeoProperty's whole name. */
const char *entity_region_property(const struct entity_region *r);

/* The box that the box around a matching entity meets; false: it may be anywhere. */
bool entity_region_box(const struct entity_region *r, struct sphere_box *out);

/* False: no entity whose geometries are all within this box, one that meets that of
 * entity_region_box(), matches. Cheap; true wherever that is not plain. */
bool entity_region_may_match(const struct entity_region *r, struct sphere_box box);

#endif
