/* entity_geo: see entity_geo.h. */
#include "ngsi/entity_geo.h"

#include <string.h>

#include "ngsi/exact.h"

/* How deep the positions stand in coordinates, and what a line of them must be. */
static const struct shape {
    const char *name;
    int depth; /* 0: coordinates is one position */
    bool lines;
    bool rings;
} shapes[] = {
    {"Point", 0, false, false},     {"MultiPoint", 1, false, false},
    {"LineString", 1, true, false}, {"MultiLineString", 2, true, false},
    {"Polygon", 2, true, true},     {"MultiPolygon", 3, true, true},
};

static const struct shape *find_shape(const struct json_value *v) {
    const struct json_value *type = json_member(v, "type");
    if (type == NULL || type->kind != JSON_STRING) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (type->text[0] == shapes[i].name[0] && strcmp(type->text, shapes[i].name) == 0) {
            return &shapes[i];
        }
    }
    return NULL;
}

bool entity_geo_is(const struct json_value *v) {
    return json_member(v, "coordinates") != NULL && find_shape(v) != NULL;
}

/* ---- positions ---- */

static enum code check_position(const struct json_value *v, struct err *err) {
    if (v->kind != JSON_ARRAY || v->count < 2 || v->count > 3) {
        return err_set(err, E_INPUT, "cannot take coordinates: a position is two or three numbers");
    }
    for (const struct json_value *n = v->first; n != NULL; n = n->next) {
        if (n->kind != JSON_NUMBER) {
            return err_set(err, E_INPUT, "cannot take coordinates: %s stands in place of a number",
                           json_kind_name(n->kind));
        }
    }
    if (!exact_is_within(v->first->text, "180")) {
        return err_set(err, E_INPUT, "cannot take longitude %s: it is from -180 to 180",
                       v->first->text);
    }
    return exact_is_within(v->first->next->text, "90")
               ? OK
               : err_set(err, E_INPUT, "cannot take latitude %s: it is from -90 to 90",
                         v->first->next->text);
}

static bool is_same_position(const struct json_value *a, const struct json_value *b) {
    const struct json_value *x = a->first;
    const struct json_value *y = b->first;
    while (x != NULL && y != NULL && exact_compare(x->text, y->text) == 0) {
        x = x->next;
        y = y->next;
    }
    return x == NULL && y == NULL;
}

/* A list whose items were checked to be positions. */
static enum code check_line(const struct shape *shape, const struct json_value *v,
                            struct err *err) {
    const struct json_value *last = v->first;
    size_t least = shape->rings ? 4 : shape->lines ? 2 : 1;
    if (v->count < least) {
        return err_set(err, E_INPUT, "cannot take %s: %zu positions, at least %zu are needed",
                       shape->name, v->count, least);
    }
    while (last->next != NULL) {
        last = last->next;
    }
    if (shape->rings && !is_same_position(v->first, last)) {
        return err_set(err, E_INPUT,
                       "cannot take %s: a ring does not end at the position it begins with",
                       shape->name);
    }
    return OK;
}

static enum code check_level(const struct shape *shape, const struct json_value *v, int depth,
                             struct err *err) {
    enum code code = OK;
    if (depth == 0) {
        return check_position(v, err);
    }
    if (v->kind != JSON_ARRAY || v->count == 0) {
        return err_set(err, E_INPUT, "cannot take %s: its coordinates are no list of lists",
                       shape->name);
    }
    for (const struct json_value *i = v->first; i != NULL && code == OK; i = i->next) {
        code = check_level(shape, i, depth - 1, err);
    }
    return code == OK && depth == 1 ? check_line(shape, v, err) : code;
}

enum code entity_geo_check(const struct json_value *v, struct err *err) {
    const struct shape *shape = find_shape(v);
    const struct json_value *type = json_member(v, "type");
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take a geometry: it is %s, not an object",
                       json_kind_name(v->kind));
    }
    if (shape == NULL) {
        return err_set(err, E_INPUT, "cannot take geometry \"%.40s\": it is no type of GeoJSON",
                       type != NULL && type->kind == JSON_STRING ? type->text : "");
    }
    for (const struct json_value *m = v->first; m != NULL; m = m->next) {
        if (strcmp(m->name, "type") != 0 && strcmp(m->name, "coordinates") != 0) {
            return err_set(err, E_INPUT, "cannot take \"%.40s\" in a geometry", m->name);
        }
    }
    v = json_member(v, "coordinates");
    return v == NULL ? err_set(err, E_INPUT, "cannot take %s: it has no coordinates", shape->name)
                     : check_level(shape, v, shape->depth, err);
}
