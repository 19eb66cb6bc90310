/* geometry: see geometry.h. */
#include "ngsi/geometry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ngsi/entity_geo.h"

static const struct shape {
    const char *name;
    int depth; /* lists around a place */
} shapes[] = {
    [GEOMETRY_POINT] = {"Point", 0},     [GEOMETRY_MULTI_POINT] = {"MultiPoint", 1},
    [GEOMETRY_LINE] = {"LineString", 1}, [GEOMETRY_MULTI_LINE] = {"MultiLineString", 2},
    [GEOMETRY_POLYGON] = {"Polygon", 2}, [GEOMETRY_MULTI_POLYGON] = {"MultiPolygon", 3},
};

struct reading {
    struct arena *arena;
    struct geometry *to;
    struct geometry_part *parts;
};

static struct sphere_place take_place(struct geometry *to, const struct json_value *v) {
    struct sphere_place p = {strtod(v->first->text, NULL), strtod(v->first->next->text, NULL)};
    struct sphere_box *b = &to->box;
    b->min_lon = fmin(b->min_lon, p.lon);
    b->max_lon = fmax(b->max_lon, p.lon);
    b->min_lat = fmin(b->min_lat, p.lat);
    b->max_lat = fmax(b->max_lat, p.lat);
    to->place_count++;
    return p;
}

static void add_part(struct reading *r, const struct sphere_place *places, size_t count,
                     bool starts) {
    r->parts[r->to->part_count++] = (struct geometry_part){places, count, starts};
}

/* One place by itself. */
static void take_single(struct reading *r, const struct json_value *v) {
    struct sphere_place *p = arena_alloc(r->arena, sizeof *p);
    *p = take_place(r->to, v);
    add_part(r, p, 1, true);
}

static void take_line(struct reading *r, const struct json_value *v, bool starts) {
    struct sphere_place *places = arena_alloc(r->arena, (v->count + 1) * sizeof *places);
    size_t n = 0;
    for (const struct json_value *i = v->first; i != NULL; i = i->next) {
        places[n++] = take_place(r->to, i);
    }
    add_part(r, places, n, starts);
}

static void take_lines(struct reading *r, const struct json_value *v, bool rings) {
    for (const struct json_value *i = v->first; i != NULL; i = i->next) {
        take_line(r, i, !rings || i == v->first);
    }
}

static void take_all(struct reading *r, const struct json_value *v) {
    switch (r->to->kind) {
    case GEOMETRY_POINT:
        take_single(r, v);
        break;
    case GEOMETRY_MULTI_POINT:
        for (const struct json_value *i = v->first; i != NULL; i = i->next) {
            take_single(r, i);
        }
        break;
    case GEOMETRY_LINE:
        take_line(r, v, true);
        break;
    case GEOMETRY_MULTI_LINE:
    case GEOMETRY_POLYGON:
        take_lines(r, v, r->to->kind == GEOMETRY_POLYGON);
        break;
    case GEOMETRY_MULTI_POLYGON:
        for (const struct json_value *i = v->first; i != NULL; i = i->next) {
            take_lines(r, i, true);
        }
        break;
    }
}

/* How many lists `depth` levels below there are, at least one. */
static size_t count_parts(const struct json_value *v, int depth) {
    size_t count = 0;
    for (const struct json_value *i = v->first; i != NULL; i = i->next) {
        count += depth > 1 ? count_parts(i, depth - 1) : 1;
    }
    return count + 1;
}

const char *geometry_kind_name(enum geometry_kind kind) {
    return shapes[kind].name;
}

bool geometry_is_areal(enum geometry_kind kind) {
    return kind == GEOMETRY_POLYGON || kind == GEOMETRY_MULTI_POLYGON;
}

enum geometry_kind geometry_kind(const struct json_value *v) {
    const char *type = json_member(v, "type")->text;
    enum geometry_kind kind = GEOMETRY_POINT;
    while (strcmp(shapes[kind].name, type) != 0) {
        kind++;
    }
    return kind;
}

void geometry_take(const struct json_value *v, struct arena *a, struct geometry *out) {
    *out = (struct geometry){.kind = geometry_kind(v), .box = {360, -360, 360, -360}};
    const struct json_value *coordinates = json_member(v, "coordinates");
    struct reading r = {.arena = a, .to = out};
    size_t parts = count_parts(coordinates, shapes[out->kind].depth);
    r.parts = arena_alloc(a, parts * sizeof *r.parts);
    out->parts = r.parts;
    take_all(&r, coordinates);
}

enum code geometry_read(const struct json_value *v, struct arena *a, struct geometry *out,
                        struct err *err) {
    enum code code = entity_geo_check(v, err);
    if (code == OK) {
        geometry_take(v, a, out);
    }
    return code;
}

bool geometry_is_point(const char *json, struct sphere_place *out) {
    static const char head[] = "{\"type\":\"Point\",\"coordinates\":[";
    char *end;
    if (strncmp(json, head, sizeof head - 1) != 0) {
        return false;
    }
    out->lon = strtod(json + sizeof head - 1, &end);
    if (*end != ',') {
        return false;
    }
    out->lat = strtod(end + 1, &end);
    return *end == ']' || *end == ',';
}

/* ---- distances ---- */

/* From the places of one part to another part's places or segments. */
static bool is_part_near(const struct geometry_part *from, const struct geometry_part *to,
                         double most_m) {
    for (size_t i = 0; i < from->count; i++) {
        if (to->count == 1 && sphere_distance_m(from->places[i], to->places[0]) <= most_m) {
            return true;
        }
        for (size_t k = 1; k < to->count; k++) {
            if (sphere_distance_segment_m(from->places[i], to->places[k - 1], to->places[k],
                                          most_m) <= most_m) {
                return true;
            }
        }
    }
    return false;
}

bool geometry_is_near(const struct geometry *a, const struct geometry *b, double most_m) {
    for (size_t i = 0; i < a->part_count; i++) {
        for (size_t k = 0; k < b->part_count; k++) {
            if (is_part_near(&a->parts[i], &b->parts[k], most_m) ||
                is_part_near(&b->parts[k], &a->parts[i], most_m)) {
                return true;
            }
        }
    }
    return false;
}
