/* entity_read: see entity_read.h. */
#include "entity/entity_read.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "entity/entity_geo.h"

/* One run over an entity. */
struct reading {
    const struct entity_how *how;
    struct arena *arena;
};

/* ---- values ---- */

static void put_value(struct buf *to, const struct json_value *v);

static void put_text(struct buf *to, const char *s, size_t n) {
    struct json_out j;
    json_init(&j, to, 0);
    json_strn(&j, s, n);
}

static void put_items(struct buf *to, const struct json_value *v) {
    for (const struct json_value *i = v->first; i != NULL; i = i->next) {
        if (i->name != NULL) {
            put_text(to, i->name, strlen(i->name));
            buf_addc(to, ':');
        }
        put_value(to, i);
        if (i->next != NULL) {
            buf_addc(to, ',');
        }
    }
}

static void put_value(struct buf *to, const struct json_value *v) {
    switch (v->kind) {
    case JSON_NULL:
        buf_adds(to, "null");
        break;
    case JSON_BOOL:
        buf_adds(to, v->truth ? "true" : "false");
        break;
    case JSON_NUMBER:
        buf_add(to, v->text, v->len);
        break;
    case JSON_STRING:
        put_text(to, v->text, v->len);
        break;
    case JSON_ARRAY:
        buf_addc(to, '[');
        put_items(to, v);
        buf_addc(to, ']');
        break;
    case JSON_OBJECT:
        buf_addc(to, '{');
        put_items(to, v);
        buf_addc(to, '}');
        break;
    }
}

/* The JSON text of a value, on one line, numbers with their own digits; in `a`. */
static const char *json_text(const struct json_value *v, struct arena *a) {
    struct buf b = BUF_INIT;
    put_value(&b, v);
    const char *text = arena_dup(a, b.data, b.len);
    buf_fini(&b);
    return text;
}

static bool is_text(const struct json_value *v, const char *text) {
    return v != NULL && v->kind == JSON_STRING && strcmp(v->text, text) == 0;
}

/* A value of the attribute's kind, or ENTITY_NULL, which only a patch may say. */
static enum code set_value(struct reading *r, struct entity_attribute *to,
                           const struct json_value *v, struct err *err) {
    enum code code = OK;
    if (is_text(v, ENTITY_NULL) && r->how->need == ENTITY_PATCH) {
        to->gone = true;
    } else if (v->kind == JSON_NULL || is_text(v, ENTITY_NULL)) {
        return err_set(err, E_INPUT, "cannot take null as a value");
    } else if (to->kind == ENTITY_GEO) {
        code = entity_geo_check(v, err);
    } else if (to->kind == ENTITY_RELATIONSHIP) {
        bool right = v->kind == JSON_STRING && entity_is_uri(v->text);
        code = right ? OK
                     : err_set(err, E_INPUT, "cannot take object \"%.80s\": it is no URI",
                               v->kind == JSON_STRING ? v->text : json_kind_name(v->kind));
    }
    if (code == OK) {
        to->value = json_text(v, r->arena);
    }
    return code;
}

/* ---- one attribute ---- */

static enum code read_attribute(struct reading *r, const struct json_value *v, int depth,
                                struct entity_attribute *to, struct err *err);

/* The kind that is named. E_INPUT: none that we know. */
static enum code read_kind(const struct json_value *type, struct entity_attribute *to,
                           struct err *err) {
    if (type == NULL) {
        return OK;
    }
    for (enum entity_kind k = ENTITY_PROPERTY; k <= ENTITY_GEO; k++) {
        if (is_text(type, entity_kind_name(k))) {
            to->kind = k;
            to->kind_said = true;
            return OK;
        }
    }
    return err_set(err, E_INPUT,
                   "cannot take type \"%.40s\" of an attribute: it is Property, Relationship or "
                   "GeoProperty",
                   type->kind == JSON_STRING ? type->text : json_kind_name(type->kind));
}

/* "value" or "object", and the kind that follows where none was named. */
static enum code read_said(struct reading *r, const struct json_value *v,
                           struct entity_attribute *to, struct err *err) {
    const struct json_value *value = json_member(v, "value");
    const struct json_value *object = json_member(v, "object");
    if (!to->kind_said && (value != NULL || object != NULL)) {
        to->kind = object != NULL         ? ENTITY_RELATIONSHIP
                   : entity_geo_is(value) ? ENTITY_GEO
                                          : ENTITY_PROPERTY;
        to->kind_said = !is_text(value, ENTITY_NULL);
    }
    const struct json_value *said = to->kind == ENTITY_RELATIONSHIP ? object : value;
    const struct json_value *other = to->kind == ENTITY_RELATIONSHIP ? value : object;
    if (other != NULL) {
        return err_set(err, E_INPUT, "cannot take \"%s\" of a %s", other->name,
                       entity_kind_name(to->kind));
    }
    if (said != NULL) {
        return set_value(r, to, said, err);
    }
    return r->how->need == ENTITY_PATCH
               ? OK
               : err_set(err, E_INPUT, "cannot take a %s without \"%s\"",
                         entity_kind_name(to->kind),
                         to->kind == ENTITY_RELATIONSHIP ? "object" : "value");
}

static enum code read_observed(const struct json_value *v, struct entity_attribute *to,
                               struct err *err) {
    if (v->kind != JSON_STRING) {
        return err_set(err, E_INPUT, "cannot take observedAt: it is %s, not a text",
                       json_kind_name(v->kind));
    }
    to->observed = true;
    return entity_time_parse(v->text, &to->observed_ms, err);
}

static enum code read_unit(const struct json_value *v, struct entity_attribute *to,
                           struct err *err) {
    if (v->kind != JSON_STRING || v->len == 0 || v->len > ENTITY_UNIT_MAX) {
        return err_set(err, E_INPUT, "cannot take unitCode: it is a text of 1 to %d bytes",
                       ENTITY_UNIT_MAX);
    }
    if (to->kind != ENTITY_PROPERTY) {
        return err_set(err, E_INPUT, "cannot take unitCode of a %s", entity_kind_name(to->kind));
    }
    to->unit = v->text;
    return OK;
}

static enum code read_dataset(const struct json_value *v, struct entity_attribute *to,
                              struct err *err) {
    if (v->kind != JSON_STRING || !entity_is_uri(v->text)) {
        return err_set(err, E_INPUT, "cannot take datasetId \"%.80s\": it is no URI",
                       v->kind == JSON_STRING ? v->text : json_kind_name(v->kind));
    }
    to->dataset = v->text;
    return OK;
}

static bool is_any(const char *name, const char *const *names) {
    while (*names != NULL && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

/* An attribute of the attribute. */
static enum code add_sub(struct reading *r, const struct json_value *v, int depth,
                         struct entity_attribute *to, struct err *err) {
    struct entity_attribute *sub = &to->sub[to->sub_count];
    if (depth + 1 >= ENTITY_DEPTH_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d levels of attributes",
                       ENTITY_DEPTH_MAX);
    }
    *sub = (struct entity_attribute){.name = NULL};
    enum code code = entity_expand(r->how->context, v->name, r->arena, &sub->name, err);
    if (code == OK) {
        code = read_attribute(r, v, depth + 1, sub, err);
    }
    for (size_t i = 0; i < to->sub_count && code == OK; i++) {
        if (strcmp(to->sub[i].name, sub->name) == 0) {
            code = err_set(err, E_INPUT, "cannot take attribute \"%.80s\" twice", v->name);
        }
    }
    to->sub_count += code == OK;
    return code;
}

static enum code read_member(struct reading *r, const struct json_value *v, int depth,
                             struct entity_attribute *to, struct err *err) {
    static const char *const done[] = {"type",       "value",     "object", "createdAt",
                                       "modifiedAt", "deletedAt", NULL};
    if (is_any(v->name, done)) {
        return OK;
    }
    if (strcmp(v->name, "observedAt") == 0) {
        return read_observed(v, to, err);
    }
    if (strcmp(v->name, "unitCode") == 0) {
        return read_unit(v, to, err);
    }
    if (strcmp(v->name, "datasetId") == 0) {
        return read_dataset(v, to, err);
    }
    return add_sub(r, v, depth, to, err);
}

static enum code read_object(struct reading *r, const struct json_value *v, int depth,
                             struct entity_attribute *to, struct err *err) {
    enum code code = read_kind(json_member(v, "type"), to, err);
    if (code == OK) {
        code = read_said(r, v, to, err);
    }
    to->sub = arena_zero(r->arena, (v->count + 1) * sizeof *to->sub);
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        code = read_member(r, m, depth, to, err);
    }
    return code;
}

/* Whether a list is what normalized JSON has for several instances of one attribute. */
static bool is_instances(const struct json_value *v) {
    const struct json_value *first = v->kind == JSON_ARRAY ? v->first : NULL;
    const char *const kinds[] = {"Property", "Relationship", "GeoProperty", NULL};
    const struct json_value *type = json_member(first, "type");
    return type != NULL && type->kind == JSON_STRING && is_any(type->text, kinds);
}

/* An object that is a value by itself: concise JSON writes such a Property so. */
static bool is_plain(const struct reading *r, const struct json_value *v) {
    return v->kind != JSON_OBJECT || r->how->form == ENTITY_SIMPLIFIED || entity_geo_is(v) ||
           (r->how->need != ENTITY_PATCH && json_member(v, "type") == NULL &&
            json_member(v, "value") == NULL && json_member(v, "object") == NULL);
}

static enum code read_attribute(struct reading *r, const struct json_value *v, int depth,
                                struct entity_attribute *to, struct err *err) {
    if (!is_plain(r, v)) {
        return read_object(r, v, depth, to, err);
    }
    if (r->how->form != ENTITY_SIMPLIFIED && is_instances(v)) {
        return err_set(err, E_INPUT,
                       "cannot take several instances of an attribute: it has one here");
    }
    to->kind = entity_geo_is(v) ? ENTITY_GEO : ENTITY_PROPERTY;
    to->kind_said = to->kind == ENTITY_GEO;
    return set_value(r, to, v, err);
}

enum code entity_read_attribute(const char *name, const struct json_value *v,
                                const struct entity_how *how, struct arena *a,
                                struct entity_attribute *out, struct err *err) {
    struct reading r = {how, a};
    struct entity_attribute to = {.name = name};
    enum code code = read_attribute(&r, v, 0, &to, err);
    if (code == OK) {
        *out = to;
    }
    return code;
}

/* ---- the entity ---- */

static enum code read_id(const struct json_value *v, enum entity_need need, struct entity *to,
                         struct err *err) {
    const struct json_value *id = json_member(v, "id");
    if (id == NULL && need != ENTITY_WHOLE) {
        return OK;
    }
    if (id == NULL) {
        return err_set(err, E_INPUT, "cannot take an entity without \"id\"");
    }
    if (id->kind != JSON_STRING || !entity_is_uri(id->text)) {
        return err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI",
                       id->kind == JSON_STRING ? id->text : json_kind_name(id->kind));
    }
    to->id = id->text;
    return OK;
}

static enum code add_type(struct reading *r, const struct json_value *v, struct entity *to,
                          struct err *err) {
    const char *iri = NULL;
    if (v->kind != JSON_STRING) {
        return err_set(err, E_INPUT, "cannot take type: %s is no name", json_kind_name(v->kind));
    }
    enum code code = entity_expand(r->how->context, v->text, r->arena, &iri, err);
    for (size_t i = 0; i < to->type_count && code == OK; i++) {
        if (strcmp(to->types[i], iri) == 0) {
            return OK;
        }
    }
    if (code == OK && to->type_count == ENTITY_TYPES_MAX) {
        code = err_set(err, E_LIMIT, "cannot take more than %d types", ENTITY_TYPES_MAX);
    }
    if (code == OK) {
        to->types[to->type_count++] = iri;
    }
    return code;
}

static enum code read_types(struct reading *r, const struct json_value *v, struct entity *to,
                            struct err *err) {
    const struct json_value *type = json_member(v, "type");
    enum code code = OK;
    to->types = arena_alloc(r->arena, ENTITY_TYPES_MAX * sizeof *to->types);
    if (type != NULL && type->kind == JSON_ARRAY) {
        for (const struct json_value *i = type->first; i != NULL && code == OK; i = i->next) {
            code = add_type(r, i, to, err);
        }
    } else if (type != NULL) {
        code = add_type(r, type, to, err);
    }
    if (code == OK && to->type_count == 0 && (type != NULL || r->how->need == ENTITY_WHOLE)) {
        code = err_set(err, E_INPUT, "cannot take an entity without \"type\"");
    }
    return code;
}

static enum code add_attribute(struct reading *r, const struct json_value *v, struct entity *to,
                               struct err *err) {
    struct entity_attribute *x = &to->attributes[to->count];
    *x = (struct entity_attribute){.name = NULL};
    enum code code = entity_expand(r->how->context, v->name, r->arena, &x->name, err);
    if (code == OK && entity_find(to, x->name) != NULL) {
        code = err_set(err, E_INPUT, "cannot take attribute twice");
    }
    if (code == OK) {
        code = read_attribute(r, v, 0, x, err);
    }
    if (code != OK && err != NULL) {
        char place[128];
        snprintf(place, sizeof place, "attribute \"%.80s\"", v->name);
        err_prefix(err, place);
    }
    to->count += code == OK;
    return code;
}

static enum code read_attributes(struct reading *r, const struct json_value *v, struct entity *to,
                                 struct err *err) {
    static const char *const done[] = {"id",         "type",      "@context", "createdAt",
                                       "modifiedAt", "deletedAt", NULL};
    enum code code = OK;
    to->attributes = arena_alloc(r->arena, (v->count + 1) * sizeof *to->attributes);
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        if (strcmp(m->name, "scope") == 0) {
            code = err_set(err, E_INPUT, "cannot take scope: entities have none here");
        } else if (!is_any(m->name, done)) {
            code = add_attribute(r, m, to, err);
        }
    }
    return code;
}

enum code entity_read(const struct json_value *v, const struct entity_how *how, struct arena *a,
                      struct entity *out, struct err *err) {
    struct reading r = {how, a};
    struct entity to = {.id = NULL};
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take an entity: it is %s, not an object",
                       json_kind_name(v->kind));
    }
    enum code code = read_id(v, how->need, &to, err);
    if (code == OK) {
        code = read_types(&r, v, &to, err);
    }
    if (code == OK) {
        code = read_attributes(&r, v, &to, err);
    }
    if (code == OK) {
        *out = to;
    }
    return code;
}
