/* geometry_shape: see geometry_shape_int.h. */
#include "ngsi/geometry_shape_int.h"

#include <stdlib.h>

static GEOSCoordSequence *make_sequence(GEOSContextHandle_t geos,
                                        const struct geometry_part *part) {
    GEOSCoordSequence *s = GEOSCoordSeq_create_r(geos, (unsigned)part->count, 2);
    for (unsigned i = 0; s != NULL && i < part->count; i++) {
        GEOSCoordSeq_setXY_r(geos, s, i, part->places[i].lon, part->places[i].lat);
    }
    return s;
}

/* The polygon whose outside is parts[0], with its holes. */
static GEOSGeometry *make_polygon(GEOSContextHandle_t geos, const struct geometry_part *parts,
                                  size_t count) {
    GEOSGeometry **holes = calloc(count, sizeof(GEOSGeometry *));
    GEOSGeometry *shell = GEOSGeom_createLinearRing_r(geos, make_sequence(geos, &parts[0]));
    for (size_t i = 1; holes != NULL && i < count; i++) {
        holes[i - 1] = GEOSGeom_createLinearRing_r(geos, make_sequence(geos, &parts[i]));
    }
    GEOSGeometry *to = holes == NULL || shell == NULL
                           ? NULL
                           : GEOSGeom_createPolygon_r(geos, shell, holes, (unsigned)count - 1);
    free((void *)holes);
    return to;
}

static GEOSGeometry *make_single(GEOSContextHandle_t geos, const struct geometry *g, size_t from,
                                 size_t count) {
    const struct geometry_part *part = &g->parts[from];
    switch (g->kind) {
    case GEOMETRY_POINT:
    case GEOMETRY_MULTI_POINT:
        return GEOSGeom_createPointFromXY_r(geos, part->places[0].lon, part->places[0].lat);
    case GEOMETRY_LINE:
    case GEOMETRY_MULTI_LINE:
        return GEOSGeom_createLineString_r(geos, make_sequence(geos, part));
    case GEOMETRY_POLYGON:
    case GEOMETRY_MULTI_POLYGON:
        break;
    }
    return make_polygon(geos, part, count);
}

static int collection_of(enum geometry_kind kind) {
    switch (kind) {
    case GEOMETRY_MULTI_POINT:
        return GEOS_MULTIPOINT;
    case GEOMETRY_MULTI_LINE:
        return GEOS_MULTILINESTRING;
    case GEOMETRY_MULTI_POLYGON:
        return GEOS_MULTIPOLYGON;
    case GEOMETRY_POINT:
    case GEOMETRY_LINE:
    case GEOMETRY_POLYGON:
        break;
    }
    return -1;
}

GEOSGeometry *geometry_shape(GEOSContextHandle_t geos, const struct geometry *g) {
    int type = collection_of(g->kind);
    if (type < 0) {
        return make_single(geos, g, 0, g->part_count);
    }
    GEOSGeometry **all = calloc(g->part_count, sizeof(GEOSGeometry *));
    unsigned made = 0;
    for (size_t i = 0, n; all != NULL && i < g->part_count; i += n) {
        for (n = 1; i + n < g->part_count && !g->parts[i + n].starts; n++) {
        }
        all[made++] = make_single(geos, g, i, n);
    }
    GEOSGeometry *to = all == NULL ? NULL : GEOSGeom_createCollection_r(geos, type, all, made);
    free((void *)all);
    return to;
}
