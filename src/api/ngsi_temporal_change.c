/* ngsi_temporal_change: what clients add to histories and take out of them over NGSI-LD (ETSI GS
 * CIM 009 v1.8.1, sections 5.6.11 to 5.6.16, 6.18 to 6.22). The entity as it is now stays as it is.
 */
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"
#include "entity/entity_history.h"

/* ---- reading a history ---- */

struct intake {
    const struct ngsi *ngsi;
    struct entity_context context;
    struct entity *to;
    size_t room;
};

static bool is_any(const char *name, const char *const *names) {
    while (*names != NULL && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

/* An object without the members that are named. */
static struct json_value without(const struct json_value *v, const char *const *names,
                                 struct arena *a) {
    struct json_value to = *v;
    struct json_value *last = NULL;
    to.first = NULL;
    to.count = 0;
    for (const struct json_value *m = v->first; m != NULL; m = m->next) {
        if (!is_any(m->name, names)) {
            struct json_value *copy = arena_alloc(a, sizeof *copy);
            *copy = *m;
            copy->next = NULL;
            *(last == NULL ? &to.first : &last->next) = copy;
            last = copy;
            to.count++;
        }
    }
    return to;
}

/* What stands for a value where there was none any more (4.5.6): ENTITY_NULL, in the kind's shape.
 */
static const char *null_of(enum entity_kind kind) {
    switch (kind) {
    case ENTITY_LANGUAGE:
        return "{\"@none\":\"" ENTITY_NULL "\"}";
    case ENTITY_LIST:
        return "[\"" ENTITY_NULL "\"]";
    case ENTITY_LIST_RELATIONSHIP:
        return "[{\"object\":\"" ENTITY_NULL "\"}]";
    case ENTITY_PROPERTY:
    case ENTITY_RELATIONSHIP:
    case ENTITY_GEO:
    case ENTITY_VOCAB:
    case ENTITY_JSON:
        break;
    }
    return "\"" ENTITY_NULL "\"";
}

/* One instance: an attribute in normalized or concise form, with its moment. Its value may be
 * ENTITY_NULL: it was deleted then. instanceId is ours to give, and read over. */
static enum code read_instance(struct intake *r, const char *name, const struct json_value *v,
                               struct err *err) {
    struct entity_how how = {&r->context, ENTITY_NORMALIZED, ENTITY_PATCH};
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take an instance: it is %s, not an object",
                       json_kind_name(v->kind));
    }
    struct entity_attribute *x = &r->to->attributes[r->to->count++];
    *x = (struct entity_attribute){.name = name};
    enum code code = entity_read_attribute(name, v, &how, r->ngsi->call->arena, x, err);
    x->value = code == OK && x->gone ? null_of(x->kind) : x->value;
    return code;
}

static enum code read_attribute(struct intake *r, const struct json_value *v, struct err *err) {
    const char *name;
    enum code code = entity_expand(&r->context, v->name, r->ngsi->call->arena, &name, err);
    if (code == OK && v->kind != JSON_ARRAY) {
        code = read_instance(r, name, v, err);
    }
    for (const struct json_value *i = v->kind == JSON_ARRAY ? v->first : NULL;
         i != NULL && code == OK; i = i->next) {
        code = read_instance(r, name, i, err);
    }
    if (code != OK && err != NULL) {
        err_prefix(err, v->name);
    }
    return code;
}

static const char *const head[] = {"id",        "type",       "@context",  "scope",
                                   "createdAt", "modifiedAt", "deletedAt", NULL};

static enum code read_attributes(struct intake *r, const struct json_value *body, struct err *err) {
    enum code code = OK;
    size_t room = 0;
    for (const struct json_value *m = body->first; m != NULL; m = m->next) {
        room += m->kind == JSON_ARRAY ? m->count : 1;
    }
    r->to->attributes = arena_alloc(r->ngsi->call->arena, (room + 1) * sizeof *r->to->attributes);
    r->to->count = 0;
    if (json_member(body, "scope") != NULL) {
        return err_set(err, E_INPUT, "cannot take scope: its history is not kept");
    }
    for (const struct json_value *m = body->first; m != NULL && code == OK; m = m->next) {
        if (!is_any(m->name, head)) {
            code = read_attribute(r, m, err);
        }
    }
    return code;
}

/* The body as an entity whose attributes are instances. Its id and types are read as those of any
 * entity are. */
static enum code read_history(const struct ngsi *n, enum entity_need need, struct entity *to,
                              struct err *err) {
    struct intake r = {.ngsi = n, .to = to};
    const struct json_value *body = n->body;
    if (body->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take a history: it is %s, not an object",
                       json_kind_name(body->kind));
    }
    enum code code = ngsi_context(n, body, &r.context, err);
    struct json_value own = *body;
    struct json_value kept[3];
    own.first = NULL;
    own.count = 0;
    for (const struct json_value *m = body->first; m != NULL; m = m->next) {
        if (strcmp(m->name, "id") == 0 || strcmp(m->name, "type") == 0) {
            kept[own.count] = *m;
            kept[own.count].next = own.first;
            own.first = &kept[own.count++];
        }
    }
    struct entity_how how = {&r.context, ENTITY_NORMALIZED, need};
    if (code == OK) {
        code = entity_read(&own, &how, n->call->arena, to, err);
    }
    return code == OK ? read_attributes(&r, body, err) : code;
}

/* ---- adding ---- */

struct adding {
    struct ngsi ngsi;
    struct entity entity;
    bool must_be, made;
};

static enum code add(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct adding *adding = data;
    enum code code = entity_history_add(tx, &adding->entity, adding->must_be, &adding->made, err);
    if (code == OK) {
        code = ngsi_note(&adding->ngsi, tx, "observed", &adding->entity.id, 1, err);
    }
    if (code == OK) {
        c->response->status = adding->made ? 201 : 204;
    }
    return code;
}

static void set_location(struct call *c, const char *id) {
    struct buf at = BUF_INIT;
    buf_adds(&at, "/ngsi-ld/v1/temporal/entities/");
    ngsi_add_encoded(&at, id);
    http_set_header(c->response, "Location", at.data);
    buf_fini(&at);
}

enum code ngsi_temporal_create(struct call *c, struct err *err) {
    struct adding adding = {.must_be = false};
    if (!ngsi_begin(c, &adding.ngsi)) {
        return OK;
    }
    enum code code = read_history(&adding.ngsi, ENTITY_WHOLE, &adding.entity, err);
    if (code == OK) {
        code = call_change(c, add, &adding, err);
    }
    if (code == OK && c->response->status == 201) {
        set_location(c, adding.entity.id);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

enum code ngsi_temporal_append(struct call *c, struct err *err) {
    struct adding adding = {.must_be = true};
    const char *id = NULL;
    if (!ngsi_begin(c, &adding.ngsi)) {
        return OK;
    }
    enum code code = ngsi_path_id(&adding.ngsi, &id, err);
    if (code == OK) {
        code = read_history(&adding.ngsi, ENTITY_FRAGMENT, &adding.entity, err);
    }
    if (code == OK) {
        adding.entity.id = id;
        code = call_change(c, add, &adding, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

/* ---- taking out, and changing ---- */

struct touching {
    struct ngsi ngsi;
    const char *id, *attribute, *dataset, *instance;
    bool all;
    struct entity_attribute x;
    enum code (*deed)(struct touching *t, struct tx *tx, struct err *err);
};

static enum code touch(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct touching *t = data;
    enum code code = t->deed(t, tx, err);
    if (code == OK) {
        code = ngsi_note(&t->ngsi, tx, "corrected", &t->id, 1, err);
    }
    c->response->status = code == OK ? 204 : c->response->status;
    return code;
}

static enum code run(struct touching *t, enum code code, struct err *err) {
    struct call *c = t->ngsi.call;
    if (code == OK) {
        code = call_change(c, touch, t, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

static enum code delete_entity(struct touching *t, struct tx *tx, struct err *err) {
    return entity_history_delete(tx, t->id, err);
}

enum code ngsi_temporal_delete(struct call *c, struct err *err) {
    struct touching t = {.deed = delete_entity};
    if (!ngsi_begin(c, &t.ngsi)) {
        return OK;
    }
    return run(&t, ngsi_path_id(&t.ngsi, &t.id, err), err);
}

static enum code delete_attribute(struct touching *t, struct tx *tx, struct err *err) {
    return entity_history_delete_attribute(tx, t->id, t->attribute, t->dataset, t->all, err);
}

static enum code take_dataset(struct touching *t, struct err *err) {
    const char *all = call_query(t->ngsi.call, "deleteAll");
    t->dataset = call_query(t->ngsi.call, "datasetId");
    t->all = all != NULL && strcmp(all, "true") == 0;
    if (all != NULL && !t->all && strcmp(all, "false") != 0) {
        return err_set(err, E_INPUT, "cannot take deleteAll \"%.40s\": it is true or false", all);
    }
    if (t->dataset != NULL && !entity_is_uri(t->dataset)) {
        return err_set(err, E_INPUT, "cannot take datasetId \"%.80s\": it is no URI", t->dataset);
    }
    return OK;
}

enum code ngsi_temporal_attribute_delete(struct call *c, struct err *err) {
    struct touching t = {.deed = delete_attribute};
    if (!ngsi_begin(c, &t.ngsi)) {
        return OK;
    }
    enum code code = ngsi_path_id(&t.ngsi, &t.id, err);
    if (code == OK) {
        code = ngsi_path_attribute(&t.ngsi, &t.attribute, err);
    }
    return run(&t, code == OK ? take_dataset(&t, err) : code, err);
}

/* The three that a path to an instance names. */
static enum code take_instance(struct touching *t, struct err *err) {
    enum code code = ngsi_path_id(&t->ngsi, &t->id, err);
    t->instance = route_param(&t->ngsi.call->params, "instance");
    if (code == OK) {
        code = ngsi_path_attribute(&t->ngsi, &t->attribute, err);
    }
    return code == OK && !entity_is_uri(t->instance)
               ? err_set(err, E_INPUT, "cannot take instanceId \"%.80s\": it is no URI",
                         t->instance)
               : code;
}

static enum code delete_instance(struct touching *t, struct tx *tx, struct err *err) {
    return entity_history_delete_instance(tx, t->id, t->attribute, t->instance, err);
}

enum code ngsi_temporal_instance_delete(struct call *c, struct err *err) {
    struct touching t = {.deed = delete_instance};
    if (!ngsi_begin(c, &t.ngsi)) {
        return OK;
    }
    return run(&t, take_instance(&t, err), err);
}

static enum code patch_instance(struct touching *t, struct tx *tx, struct err *err) {
    return entity_history_patch(tx, t->id, &t->x, t->instance, t->ngsi.call->arena, err);
}

/* The body is the instance: what is to be different of it. */
static enum code read_patch(struct touching *t, struct err *err) {
    static const char *const ours[] = {"@context", NULL};
    const struct ngsi *n = &t->ngsi;
    struct arena *a = n->call->arena;
    struct entity_context context;
    if (n->body->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take an instance: it is %s, not an object",
                       json_kind_name(n->body->kind));
    }
    enum code code = ngsi_context(n, n->body, &context, err);
    struct json_value own = without(n->body, ours, a);
    struct entity_how how = {&context, ENTITY_NORMALIZED, ENTITY_PATCH};
    return code == OK ? entity_read_attribute(t->attribute, &own, &how, a, &t->x, err) : code;
}

enum code ngsi_temporal_instance_patch(struct call *c, struct err *err) {
    struct touching t = {.deed = patch_instance};
    if (!ngsi_begin(c, &t.ngsi)) {
        return OK;
    }
    enum code code = take_instance(&t, err);
    return run(&t, code == OK ? read_patch(&t, err) : code, err);
}
