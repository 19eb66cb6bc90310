/* geometry_valid: see geometry_valid.h. */
#include "ngsi/geometry_valid.h"

#include <string.h>

#include "base/arena.h"
#include "ngsi/entity_geo.h"
#include "ngsi/geometry_shape_int.h"

/* GEOS's reasons (TopologyValidationError of GEOS 3.11). Its others, as a ring that is not closed,
 * entity_geo_check() has told before. */
static const struct {
    const char *geos, *ours;
} reasons[] = {
    {"Self-intersection", "its edges cross or overlap"},
    {"Ring Self-intersection", "a ring touches itself"},
    {"Hole lies outside shell", "a hole lies outside of its outer ring"},
    {"Holes are nested", "a hole lies in another hole"},
    {"Nested shells", "a polygon lies in another one"},
    {"Interior is disconnected", "its rings cut its inside into parts"},
    {"Duplicate Rings", "two rings are the same"},
    {"Too few points in geometry component", "a ring has fewer than three places that differ"},
};

static const char *words_of(const char *reason) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reasons[i].geos, reason) == 0) {
            return reasons[i].ours;
        }
    }
    return reason;
}

/* Ten digits tell a centimetre of longitude; more would be those of GEOS's arithmetic. */
static enum code refuse(GEOSContextHandle_t geos, const struct geometry *g, const char *reason,
                        const GEOSGeometry *at, struct err *err) {
    double lon;
    double lat;
    const char *name = geometry_kind_name(g->kind);
    if (reason == NULL || at == NULL || GEOSGeomGetX_r(geos, at, &lon) != 1 ||
        GEOSGeomGetY_r(geos, at, &lat) != 1) {
        return err_set(err, E_INPUT, "cannot take %s: %s", name,
                       reason == NULL ? "it has no shape" : words_of(reason));
    }
    return err_set(err, E_INPUT, "cannot take %s: %s at %.10g, %.10g", name, words_of(reason), lon,
                   lat);
}

static enum code judge(GEOSContextHandle_t geos, const struct geometry *g, struct err *err) {
    GEOSGeometry *shape = geometry_shape(geos, g);
    GEOSGeometry *at = NULL;
    char *reason = NULL;
    enum code code = OK;
    if (shape == NULL || GEOSisValidDetail_r(geos, shape, 0, &reason, &at) != 1) {
        code = refuse(geos, g, reason, at, err);
    }
    GEOSFree_r(geos, reason);
    GEOSGeom_destroy_r(geos, at);
    GEOSGeom_destroy_r(geos, shape);
    return code;
}

enum code geometry_valid(const struct geometry *g, struct err *err) {
    if (!geometry_is_areal(g->kind)) {
        return OK;
    }
    if (g->place_count > GEOMETRY_VALID_PLACES) {
        return err_set(err, E_LIMIT, "cannot take %s: %zu positions, at most %d are taken",
                       geometry_kind_name(g->kind), g->place_count, GEOMETRY_VALID_PLACES);
    }
    GEOSContextHandle_t geos = GEOS_init_r();
    enum code code = judge(geos, g, err);
    GEOS_finish_r(geos);
    return code;
}

enum code geometry_valid_value(const struct json_value *v, struct err *err) {
    enum code code = entity_geo_check(v, err);
    if (code != OK || !geometry_is_areal(geometry_kind(v))) {
        return code;
    }
    struct arena a = ARENA_INIT;
    struct geometry g;
    geometry_take(v, &a, &g);
    code = geometry_valid(&g, err);
    arena_fini(&a);
    return code;
}
