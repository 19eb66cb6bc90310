/* geometry_mend: a Polygon or MultiPolygon that geometry_valid() refuses, made one that it takes:
 * the same area, with rings that neither cross nor touch themselves. For outlines that others drew
 * and snapped to a grid, where edges fall on each other; only where somebody asked for it. */
#ifndef TAIHU_NGSI_GEOMETRY_MEND_H
#define TAIHU_NGSI_GEOMETRY_MEND_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"

/* Of what entity_geo_check() found good; `*out` is `v` itself where nothing is to mend. By GEOS's
 * "structure" way: outer rings are united, holes taken away from them (one that lies outside is an
 * area of its own); lines without an inside go, and so do heights. A Polygon may become a
 * MultiPolygon. E_INPUT: nothing has an inside. E_LIMIT: as geometry_valid(). */
enum code geometry_mend(const struct json_value *v, struct arena *a, const struct json_value **out,
                        struct err *err);

#endif
