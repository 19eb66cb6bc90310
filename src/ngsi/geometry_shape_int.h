/* geometry_shape: a geometry as GEOS has it, in the plane of longitude and latitude. Height is left
 * out. With this header geometry_valid.c and entity_region.c know of GEOS, and nobody else. */
#ifndef TAIHU_NGSI_GEOMETRY_SHAPE_INT_H
#define TAIHU_NGSI_GEOMETRY_SHAPE_INT_H

#include <geos_c.h>

#include "ngsi/geometry.h"

/* Due to GEOSGeom_destroy_r() with the same context. NULL: GEOS cannot have it. */
GEOSGeometry *geometry_shape(GEOSContextHandle_t geos, const struct geometry *g);

#endif
