/* ngsi_attribute: attributes of one entity over NGSI-LD (ETSI GS CIM 009, sections 6.6 and 6.7). */
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"

/* ---- several ---- */

struct change {
    struct ngsi *ngsi;
    enum entity_deed deed;
    struct entity entity;
    struct entity_outcome outcome;
};

static bool is_skipped(const struct entity_outcome *o, const char *name) {
    for (size_t i = 0; i < o->skipped_count; i++) {
        if (strcmp(o->skipped[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* {"updated": [...], "notUpdated": [{"attributeName", "reason"}]}: section 5.2.18. */
static void put_outcome(struct call *c, const struct change *change) {
    const struct ngsi *n = change->ngsi;
    const struct entity *e = &change->entity;
    const char *reason = change->deed == ENTITY_UPDATE ? "there is no such attribute"
                                                       : "there is such an attribute already";
    struct json_out *j = ngsi_json(change->ngsi);
    json_obj(j);
    json_key(j, "updated");
    json_arr(j);
    for (size_t i = 0; i < e->count; i++) {
        if (!is_skipped(&change->outcome, e->attributes[i].name)) {
            json_str(j, entity_compact(&n->linked, e->attributes[i].name, c->arena));
        }
    }
    json_arr_end(j);
    json_key(j, "notUpdated");
    json_arr(j);
    for (size_t i = 0; i < change->outcome.skipped_count; i++) {
        json_obj(j);
        json_put_str(j, "attributeName",
                     entity_compact(&n->linked, change->outcome.skipped[i], c->arena));
        json_put_str(j, "reason", reason);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_obj_end(j);
    c->response->status = 207;
}

static enum code run(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct change *change = data;
    const struct entity_job job = ngsi_job(change->ngsi, tx);
    enum code code = entity_apply(&job, change->deed, &change->entity, &change->outcome, err);
    if (code == OK) {
        code = ngsi_note(change->ngsi, tx, "changed", &change->entity.id, 1, err);
    }
    if (code == OK && change->outcome.skipped_count > 0) {
        put_outcome(c, change);
    }
    return code;
}

static enum code change_several(struct change *change, struct err *err) {
    struct ngsi *n = change->ngsi;
    const char *id;
    enum code code = ngsi_path_id(n, &id, err);
    if (code == OK) {
        code = ngsi_read(n, n->body, ENTITY_FRAGMENT, &change->entity, err);
    }
    if (code == OK) {
        change->entity.id = id;
        code = call_change_later(n->call, run, change, err);
    }
    return code;
}

/* What outlives the route: the answer goes out when the change is on disk. */
static struct change *begin(struct call *c) {
    struct change *change = arena_zero(c->arena, sizeof *change);
    change->ngsi = arena_zero(c->arena, sizeof *change->ngsi);
    return ngsi_begin(c, change->ngsi) ? change : NULL;
}

enum code ngsi_attributes_append(struct call *c, struct err *err) {
    struct change *change = begin(c);
    if (change == NULL) {
        return OK;
    }
    bool keeps = change->ngsi->options & NGSI_NO_OVERWRITE;
    change->deed = keeps ? ENTITY_APPEND_NEW : ENTITY_APPEND;
    return change_several(change, err);
}

enum code ngsi_attributes_update(struct call *c, struct err *err) {
    struct change *change = begin(c);
    if (change == NULL) {
        return OK;
    }
    change->deed = ENTITY_UPDATE;
    return change_several(change, err);
}

/* ---- one ---- */

struct touch {
    struct ngsi *ngsi;
    enum entity_attribute_deed deed;
    const char *id;
    struct entity_attribute attribute;
};

static enum code run_one(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct touch *touch = data;
    (void)c;
    const struct entity_job job = ngsi_job(touch->ngsi, tx);
    enum code code = entity_apply_attribute(&job, touch->deed, touch->id, &touch->attribute, err);
    return code == OK ? ngsi_note(touch->ngsi, tx, "changed", &touch->id, 1, err) : code;
}

/* The body without its @context, which is no attribute of the attribute. */
static struct json_value without_context(const struct json_value *body, struct arena *a) {
    struct json_value v = *body;
    struct json_value *last = NULL;
    v.first = NULL;
    v.count = 0;
    for (const struct json_value *m = body->first; m != NULL; m = m->next) {
        if (m->name == NULL || strcmp(m->name, "@context") != 0) {
            struct json_value *copy = arena_alloc(a, sizeof *copy);
            *copy = *m;
            copy->next = NULL;
            v.first = last == NULL ? copy : v.first;
            if (last != NULL) {
                last->next = copy;
            }
            last = copy;
            v.count++;
        }
    }
    return v;
}

static enum code read_one(struct touch *touch, struct err *err) {
    const struct ngsi *n = touch->ngsi;
    struct entity_context context;
    struct json_value v = without_context(n->body, n->call->arena);
    enum code code = ngsi_context(n, n->body, &context, err);
    bool patch = touch->deed == ENTITY_ATTRIBUTE_PATCH;
    struct entity_how how = {&context, n->form, patch ? ENTITY_PATCH : ENTITY_FRAGMENT};
    return code == OK ? entity_read_attribute(touch->attribute.name, &v, &how, n->call->arena,
                                              &touch->attribute, err)
                      : code;
}

static enum code change_one(struct call *c, enum entity_attribute_deed deed, struct err *err) {
    struct touch *touch = arena_zero(c->arena, sizeof *touch);
    struct ngsi *n = arena_zero(c->arena, sizeof *n);
    touch->ngsi = n;
    touch->deed = deed;
    if (!ngsi_begin(c, n)) {
        return OK;
    }
    enum code code = ngsi_path_id(n, &touch->id, err);
    if (code == OK) {
        code = ngsi_path_attribute(n, &touch->attribute.name, err);
    }
    if (code == OK && n->body != NULL) {
        code = read_one(touch, err);
    }
    return code == OK ? call_change_later(c, run_one, touch, err) : code;
}

enum code ngsi_attribute_replace(struct call *c, struct err *err) {
    return change_one(c, ENTITY_ATTRIBUTE_REPLACE, err);
}

enum code ngsi_attribute_patch(struct call *c, struct err *err) {
    return change_one(c, ENTITY_ATTRIBUTE_PATCH, err);
}

enum code ngsi_attribute_delete(struct call *c, struct err *err) {
    return change_one(c, ENTITY_ATTRIBUTE_DELETE, err);
}
