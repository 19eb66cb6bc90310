/* entity_region: see entity_region.h. */
#include "ngsi/entity_region.h"

#include <geos_c.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "ngsi/exact.h"
#include "ngsi/geometry.h"
#include "ngsi/geometry_shape_int.h"
#include "ngsi/geometry_valid.h"

enum relation { WITHIN, CONTAINS, INTERSECTS, EQUALS, DISJOINT, OVERLAPS, NEAR, FAR };

struct entity_region {
    enum relation relation;
    const char *property;
    double distance_m; /* of NEAR and FAR */
    struct geometry geometry;
    struct sphere_box box;           /* what a matching geometry's box meets */
    bool is_circle;                  /* NEAR a point: */
    struct sphere_reach reach, wide; /* the second SMALL_M more */
    GEOSContextHandle_t geos;
    GEOSGeometry *shape;
    const GEOSPreparedGeometry *prepared;
};

/* ---- words ---- */

static const struct {
    const char *name;
    enum relation relation;
} relations[] = {
    {"within", WITHIN}, {"contains", CONTAINS}, {"intersects", INTERSECTS},
    {"equals", EQUALS}, {"disjoint", DISJOINT}, {"overlaps", OVERLAPS},
};

/* What stands behind "near". */
static enum code parse_distance(const char *s, struct entity_region *to, struct err *err) {
    bool most = strncmp(s, ";maxDistance==", 14) == 0;
    if (!most && strncmp(s, ";minDistance==", 14) != 0) {
        return err_set(err, E_INPUT,
                       "cannot take georel \"near%.80s\": behind near stands one "
                       ";maxDistance==METRES or ;minDistance==METRES",
                       s);
    }
    const char *number = s + 14;
    to->relation = most ? NEAR : FAR;
    if (exact_is_number(number, strlen(number))) {
        to->distance_m = strtod(number, NULL);
        if (exact_compare(number, "0") > 0 && isfinite(to->distance_m)) {
            return OK;
        }
    }
    return err_set(err, E_INPUT, "cannot take distance \"%.40s\": it is a number above 0", number);
}

static enum code parse_relation(const char *s, struct entity_region *to, struct err *err) {
    if (strncmp(s, "near", 4) == 0 && (s[4] == ';' || s[4] == '\0')) {
        return parse_distance(s + 4, to, err);
    }
    for (size_t i = 0; i < sizeof relations / sizeof relations[0]; i++) {
        if (strcmp(relations[i].name, s) == 0) {
            to->relation = relations[i].relation;
            return OK;
        }
    }
    return err_set(err, E_INPUT,
                   "cannot take georel \"%.40s\": it is near, within, contains, intersects, "
                   "equals, disjoint or overlaps",
                   s);
}

/* The words as the object of GeoJSON that they are parts of. */
static enum code parse_geometry(const struct entity_region_words *w, struct arena *a,
                                struct entity_region *to, struct err *err) {
    struct buf text = BUF_INIT;
    const struct json_value *v;
    if (w->geometry[strcspn(w->geometry, "\"\\")] != '\0') {
        return err_set(err, E_INPUT, "cannot take geometry \"%.40s\"", w->geometry);
    }
    buf_adds(&text, "{\"type\":\"");
    buf_adds(&text, w->geometry);
    buf_adds(&text, "\",\"coordinates\":");
    buf_adds(&text, w->coordinates);
    buf_addc(&text, '}');
    enum code code = json_read(text.data, text.len, a, &v, NULL);
    code = code != OK ? err_set(err, code, "cannot take coordinates \"%.80s\": they are no JSON",
                                w->coordinates)
                      : geometry_read(v, a, &to->geometry, err);
    buf_fini(&text);
    size_t most = to->relation >= NEAR ? ENTITY_REGION_NEAR_PLACES : ENTITY_REGION_PLACES;
    return code == OK && to->geometry.place_count > most
               ? err_set(err, E_LIMIT, "cannot take more than %zu positions in a geo-query", most)
               : code;
}

/* ---- shapes of GEOS ---- */

/* A shape without rings that cross, which a database of before they were refused may have; NULL
 * where GEOS cannot have it. */
static GEOSGeometry *make_shape(GEOSContextHandle_t geos, const struct geometry *g) {
    GEOSGeometry *to = geometry_shape(geos, g);
    if (to == NULL || !geometry_is_areal(g->kind) || GEOSisValid_r(geos, to) == 1) {
        return to;
    }
    GEOSGeometry *valid = GEOSMakeValid_r(geos, to);
    GEOSGeom_destroy_r(geos, to);
    return valid;
}

/* ---- parsing ---- */

/* A box of SMALL degrees either way reaches less than SMALL_M from its middle: its diagonal is
 * 15.8 m long at most, on the equator. */
static const double SMALL = 1e-4;
static const double SMALL_M = 16;

static void set_box(struct entity_region *r) {
    r->box = r->geometry.box;
    if (r->relation == NEAR) {
        r->box = sphere_widen(r->box, r->distance_m);
    }
    if (r->relation == NEAR && r->geometry.kind == GEOMETRY_POINT) {
        struct sphere_place middle = r->geometry.parts[0].places[0];
        r->is_circle = true;
        r->reach = sphere_reach(middle, r->distance_m);
        r->wide = sphere_reach(middle, r->distance_m + SMALL_M);
    }
}

static enum code prepare(struct entity_region *r, struct err *err) {
    r->geos = GEOS_init_r();
    r->shape = r->geos == NULL ? NULL : make_shape(r->geos, &r->geometry);
    r->prepared = r->shape == NULL ? NULL : GEOSPrepare_r(r->geos, r->shape);
    if (r->prepared == NULL) {
        entity_region_free(r);
        return err_set(err, E_INPUT, "cannot take the geometry of a geo-query: it has no shape");
    }
    return OK;
}

static enum code check_words(const struct entity_region_words *w, struct err *err) {
    const char *missing = w->georel == NULL        ? "georel"
                          : w->geometry == NULL    ? "geometry"
                          : w->coordinates == NULL ? "coordinates"
                                                   : NULL;
    return missing == NULL
               ? OK
               : err_set(err, E_INPUT, "cannot take a geo-query without \"%s\"", missing);
}

enum code entity_region_parse_kept(const struct entity_region_words *w,
                                   const struct entity_context *context, struct arena *a,
                                   const struct entity_region **out, struct err *err) {
    struct entity_region *r = arena_zero(a, sizeof *r);
    enum code code = check_words(w, err);
    if (code == OK) {
        code = parse_relation(w->georel, r, err);
    }
    if (code == OK) {
        code = parse_geometry(w, a, r, err);
    }
    if (code == OK) {
        const char *property = w->geoproperty == NULL ? "location" : w->geoproperty;
        code = entity_expand(context, property, a, &r->property, err);
    }
    if (code == OK) {
        set_box(r);
        code = prepare(r, err);
    }
    if (code == OK) {
        *out = r;
    }
    return code;
}

enum code entity_region_parse(const struct entity_region_words *w,
                              const struct entity_context *context, struct arena *a,
                              const struct entity_region **out, struct err *err) {
    const struct entity_region *r = NULL;
    enum code code = entity_region_parse_kept(w, context, a, &r, err);
    if (code == OK) {
        code = geometry_valid(&r->geometry, err);
    }
    if (code == OK) {
        *out = r;
    } else {
        entity_region_free(r);
    }
    return code;
}

void entity_region_free(const struct entity_region *r) {
    if (r == NULL || r->geos == NULL) {
        return;
    }
    if (r->prepared != NULL) {
        GEOSPreparedGeom_destroy_r(r->geos, r->prepared);
    }
    if (r->shape != NULL) {
        GEOSGeom_destroy_r(r->geos, r->shape);
    }
    GEOS_finish_r(r->geos);
}

const char *entity_region_property(const struct entity_region *r) {
    return r->property;
}

bool entity_region_box(const struct entity_region *r, struct sphere_box *out) {
    *out = r->box;
    return r->relation != DISJOINT && r->relation != FAR;
}

bool entity_region_may_match(const struct entity_region *r, struct sphere_box box) {
    struct sphere_place middle = {(box.min_lon + box.max_lon) / 2, (box.min_lat + box.max_lat) / 2};
    bool small = box.max_lon - box.min_lon <= SMALL && box.max_lat - box.min_lat <= SMALL;
    if (!r->is_circle || !small) {
        return true;
    }
    enum sphere_side side = sphere_reach_side(&r->wide, middle);
    if (side != SPHERE_UNSURE) {
        return side == SPHERE_INSIDE;
    }
    return sphere_distance_m(r->geometry.parts[0].places[0], middle) <= r->distance_m + SMALL_M;
}

/* ---- matching ---- */

static bool is_related(const struct entity_region *r, const GEOSGeometry *shape) {
    GEOSContextHandle_t geos = r->geos;
    switch (r->relation) {
    case WITHIN:
        return GEOSPreparedContains_r(geos, r->prepared, shape) == 1;
    case CONTAINS:
        return GEOSPreparedWithin_r(geos, r->prepared, shape) == 1;
    case INTERSECTS:
    case NEAR:
    case FAR:
        return GEOSPreparedIntersects_r(geos, r->prepared, shape) == 1;
    case EQUALS:
        return GEOSEquals_r(geos, r->shape, shape) == 1;
    case DISJOINT:
        return GEOSPreparedDisjoint_r(geos, r->prepared, shape) == 1;
    case OVERLAPS:
        break;
    }
    return GEOSPreparedOverlaps_r(geos, r->prepared, shape) == 1;
}

static bool relates(const struct entity_region *r, const struct geometry *g) {
    GEOSGeometry *shape = make_shape(r->geos, g);
    bool met = shape != NULL && is_related(r, shape);
    if (shape != NULL) {
        GEOSGeom_destroy_r(r->geos, shape);
    }
    return met;
}

static bool is_near(const struct entity_region *r, const struct geometry *g) {
    /* minDistance is met at the distance itself. */
    double most = r->relation == FAR ? nextafter(r->distance_m, 0) : r->distance_m;
    bool both_points = r->geometry.kind <= GEOMETRY_MULTI_POINT && g->kind <= GEOMETRY_MULTI_POINT;
    return geometry_is_near(&r->geometry, g, most) || (!both_points && relates(r, g));
}

static bool geometry_matches(const struct entity_region *r, const struct geometry *g) {
    bool meets = sphere_boxes_meet(r->box, g->box);
    if (r->relation == NEAR) {
        return meets && is_near(r, g);
    }
    if (r->relation == FAR) {
        return !is_near(r, g);
    }
    return meets ? relates(r, g) : r->relation == DISJOINT;
}

/* A number without exponent, give or take its last bits: strtod() takes long for those that have 17
 * digits, as programs write them. */
static bool read_roughly(const char **at, double *out) {
    static const double tens[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                  1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    const char *s = *at + (**at == '-');
    const char *from = s;
    uint64_t digits = 0;
    size_t fraction = 0;
    bool point = false;
    for (; (*s >= '0' && *s <= '9') || (*s == '.' && !point); s++) {
        if (*s == '.') {
            point = true;
            continue;
        }
        digits = digits * 10 + (uint64_t)(*s - '0');
        fraction += point;
        if (s - from > 18) {
            return false;
        }
    }
    double d = (double)digits / tens[fraction];
    *out = **at == '-' ? -d : d;
    *at = s;
    return s > from;
}

static bool point_roughly(const char *json, struct sphere_place *out) {
    static const char head[] = "{\"type\":\"Point\",\"coordinates\":[";
    const char *at = json + sizeof head - 1;
    return strncmp(json, head, sizeof head - 1) == 0 && read_roughly(&at, &out->lon) &&
           *at++ == ',' && read_roughly(&at, &out->lat) && (*at == ']' || *at == ',');
}

static bool value_matches(const struct entity_region *r, const char *json) {
    struct arena a = ARENA_INIT;
    struct sphere_place p;
    const struct json_value *v;
    bool met = false;
    if (r->is_circle && point_roughly(json, &p)) {
        enum sphere_side side = sphere_reach_side(&r->reach, p);
        if (side != SPHERE_UNSURE) {
            return side == SPHERE_INSIDE;
        }
    }
    if (geometry_is_point(json, &p)) {
        struct geometry_part part = {&p, 1, true};
        struct geometry g = {GEOMETRY_POINT, &part, 1, 1, {p.lon, p.lon, p.lat, p.lat}};
        return geometry_matches(r, &g);
    }
    if (json_read(json, strlen(json), &a, &v, NULL) == OK) {
        struct geometry g;
        met = geometry_read(v, &a, &g, NULL) == OK && geometry_matches(r, &g);
    }
    arena_fini(&a);
    return met;
}

bool entity_region_matches(const struct entity_region *r, const struct entity *e) {
    for (size_t i = 0; i < e->count; i++) {
        const struct entity_attribute *x = &e->attributes[i];
        if (x->kind == ENTITY_GEO && x->value != NULL && strcmp(x->name, r->property) == 0 &&
            value_matches(r, x->value)) {
            return true;
        }
    }
    return false;
}
