/* geometry_mend: see geometry_mend.h. */
#include "ngsi/geometry_mend.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "ngsi/geometry_shape_int.h"
#include "ngsi/geometry_valid.h"

/* The digits that were sent, where a double keeps them: 15 are sure to come back as they were; what
 * GEOS reckoned needs up to 17 to be the same place again. */
static void put_number(double x, struct buf *to) {
    char text[32];
    snprintf(text, sizeof text, "%.15g", x);
    if (strtod(text, NULL) != x) {
        snprintf(text, sizeof text, "%.17g", x);
    }
    buf_adds(to, text);
}

static void put_ring(GEOSContextHandle_t geos, const GEOSGeometry *ring, struct buf *to) {
    const GEOSCoordSequence *s = GEOSGeom_getCoordSeq_r(geos, ring);
    unsigned count = 0;
    GEOSCoordSeq_getSize_r(geos, s, &count);
    buf_addc(to, '[');
    for (unsigned i = 0; i < count; i++) {
        double lon = 0;
        double lat = 0;
        GEOSCoordSeq_getXY_r(geos, s, i, &lon, &lat);
        buf_adds(to, i == 0 ? "[" : ",[");
        put_number(lon, to);
        buf_addc(to, ',');
        put_number(lat, to);
        buf_addc(to, ']');
    }
    buf_addc(to, ']');
}

static void put_polygon(GEOSContextHandle_t geos, const GEOSGeometry *polygon, struct buf *to) {
    int holes = GEOSGetNumInteriorRings_r(geos, polygon);
    buf_addc(to, '[');
    put_ring(geos, GEOSGetExteriorRing_r(geos, polygon), to);
    for (int i = 0; i < holes; i++) {
        buf_addc(to, ',');
        put_ring(geos, GEOSGetInteriorRingN_r(geos, polygon, i), to);
    }
    buf_addc(to, ']');
}

/* Of a collection of polygons, or of one. */
static void put_polygons(GEOSContextHandle_t geos, const GEOSGeometry *shape, struct buf *to) {
    bool several = GEOSGeomTypeId_r(geos, shape) == GEOS_MULTIPOLYGON;
    int count = GEOSGetNumGeometries_r(geos, shape);
    buf_addf(to, "{\"type\":\"%s\",\"coordinates\":", several ? "MultiPolygon" : "Polygon");
    buf_adds(to, several ? "[" : "");
    for (int i = 0; i < count; i++) {
        buf_adds(to, i == 0 ? "" : ",");
        put_polygon(geos, GEOSGetGeometryN_r(geos, shape, i), to);
    }
    buf_adds(to, several ? "]}" : "}");
}

static GEOSGeometry *make_valid(GEOSContextHandle_t geos, const struct geometry *g) {
    GEOSGeometry *shape = geometry_shape(geos, g);
    GEOSMakeValidParams *how = GEOSMakeValidParams_create_r(geos);
    GEOSGeometry *to = NULL;
    if (shape != NULL && how != NULL) {
        GEOSMakeValidParams_setMethod_r(geos, how, GEOS_MAKE_VALID_STRUCTURE);
        GEOSMakeValidParams_setKeepCollapsed_r(geos, how, 0);
        to = GEOSMakeValidWithParams_r(geos, shape, how);
    }
    GEOSMakeValidParams_destroy_r(geos, how);
    GEOSGeom_destroy_r(geos, shape);
    return to;
}

/* False: nothing has an inside. */
static bool mend(const struct geometry *g, struct buf *to) {
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSGeometry *shape = make_valid(geos, g);
    int type = shape == NULL ? -1 : GEOSGeomTypeId_r(geos, shape);
    bool left =
        (type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON) && GEOSisEmpty_r(geos, shape) == 0;
    if (left) {
        put_polygons(geos, shape, to);
    }
    GEOSGeom_destroy_r(geos, shape);
    GEOS_finish_r(geos);
    return left;
}

enum code geometry_mend(const struct json_value *v, struct arena *a, const struct json_value **out,
                        struct err *err) {
    struct err why = ERR_INIT;
    struct buf text = BUF_INIT;
    struct geometry g;
    enum code code = geometry_valid_value(v, &why);
    if (code != E_INPUT) {
        *out = v;
        return code == OK ? OK : err_set(err, code, "%s", why.msg);
    }
    geometry_take(v, a, &g);
    code = mend(&g, &text) ? json_read(text.data, text.len, a, out, err)
                           : err_set(err, E_INPUT, "%s, and nothing of it has an inside", why.msg);
    buf_fini(&text);
    return code;
}
