/* geometry_valid: whether a geometry is one that two programs mean the same by: entity_geo_check(),
 * and of a Polygon or MultiPolygon that it is valid by OGC Simple Features (OGC 06-103r4, sections
 * 6.1.11.1 and 6.1.14), as GEOS judges. What is inside of rings that cross, nobody can say.
 *
 * Taken: holes that touch their outer ring or each other at a place, polygons that touch at places,
 * a position twice in a row, rings that turn either way (RFC 7946, section 3.1.6, says they SHOULD
 * turn one way, and that a reader takes both). Heights do not count. A line may cross itself. */
#ifndef TAIHU_NGSI_GEOMETRY_VALID_H
#define TAIHU_NGSI_GEOMETRY_VALID_H

#include "base/err.h"
#include "base/json_read.h"
#include "ngsi/geometry.h"

/* Positions of a Polygon or MultiPolygon. GEOS holds each two edges against each other whose boxes
 * meet: of a zigzag, all of them, which for 8,000 positions took it a second here. */
enum { GEOMETRY_VALID_PLACES = 10000 };

/* E_INPUT: what is wrong, and where. E_LIMIT: it has too many positions. A Point costs nothing. */
enum code geometry_valid(const struct geometry *g, struct err *err);

/* The same of a JSON value, with entity_geo_check() before. */
enum code geometry_valid_value(const struct json_value *v, struct err *err);

#endif
