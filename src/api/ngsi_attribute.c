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

static enum code is_there(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct entity e;
    return entity_load(tx, data, c->arena, &e, err);
}

static bool says_nothing(const struct entity *e) {
    return e->count + e->type_count + e->scope_count == 0 && !e->scope_gone;
}

/* Why the fragment was refused; but first of all the entity must be there. */
static enum code refuse(struct ngsi *n, const char *id, enum code code, struct err *err) {
    struct err absent = ERR_INIT;
    char *copy = arena_dup(n->call->arena, id, strlen(id));
    if (code == E_INPUT && call_read(n->call, is_there, copy, &absent) == E_ABSENT) {
        *err = absent;
        return E_ABSENT;
    }
    return code;
}

static enum code change_several(struct change *change, enum entity_need need, struct err *err) {
    struct ngsi *n = change->ngsi;
    const char *id;
    enum code code = ngsi_path_id(n, &id, err);
    if (code != OK) {
        return ngsi_fail(n->call, code, err);
    }
    code = ngsi_adopt(n, n->body, err);
    if (code == OK) {
        code = ngsi_read(n, n->body, need, &change->entity, err);
    }
    if (code == OK && says_nothing(&change->entity)) {
        code = err_set(err, E_INPUT, "cannot take a fragment that says nothing");
    }
    if (code == OK) {
        change->entity.id = id;
        code = call_change_later(n->call, run, change, err);
    } else {
        code = refuse(n, id, code, err);
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
    return change_several(change, ENTITY_FRAGMENT, err);
}

enum code ngsi_attributes_update(struct call *c, struct err *err) {
    struct change *change = begin(c);
    if (change == NULL) {
        return OK;
    }
    change->deed = ENTITY_UPDATE;
    return change_several(change, ENTITY_CHANGE, err);
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
    if (code == OK && v.first == NULL) {
        code = err_set(err, E_INPUT, "cannot take an attribute that says nothing");
    }
    bool patch = touch->deed == ENTITY_ATTRIBUTE_PATCH;
    struct entity_how how = {&context, n->form, patch ? ENTITY_PATCH : ENTITY_FRAGMENT};
    return code == OK ? entity_read_attribute(touch->attribute.name, &v, &how, n->call->arena,
                                              &touch->attribute, err)
                      : code;
}

/* Which instances are to be deleted: ?datasetId and ?deleteAll. */
static enum code take_instances(struct touch *touch, struct err *err) {
    const struct call *c = touch->ngsi->call;
    const char *dataset = call_query(c, "datasetId");
    const char *all = call_query(c, "deleteAll");
    bool none = dataset == NULL || dataset[0] == '\0' || strcmp(dataset, "@none") == 0;
    if (!none && !entity_is_uri(dataset)) {
        return err_set(err, E_INPUT, "cannot take datasetId \"%.80s\": it is no URI", dataset);
    }
    if (all != NULL && strcmp(all, "true") != 0 && strcmp(all, "false") != 0) {
        return err_set(err, E_INPUT, "cannot take deleteAll \"%.40s\": it is true or false", all);
    }
    touch->attribute.dataset = none ? NULL : dataset;
    if (all != NULL && strcmp(all, "true") == 0) {
        touch->deed = ENTITY_ATTRIBUTE_DELETE_ALL;
    }
    return OK;
}

/* A scope can be deleted as an attribute, and nothing else. */
static enum code check_name(const struct touch *touch, struct err *err) {
    bool scope = strcmp(touch->attribute.name, ENTITY_CORE "scope") == 0;
    return scope && touch->deed != ENTITY_ATTRIBUTE_DELETE
               ? err_set(err, E_INPUT, "cannot change scope as an attribute: change the entity's")
               : OK;
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
    if (code == OK) {
        code = check_name(touch, err);
    }
    if (code == OK) {
        code = n->body != NULL ? read_one(touch, err) : take_instances(touch, err);
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
