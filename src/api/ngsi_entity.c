/* ngsi_entity: one entity over NGSI-LD: it is made at /entities, and read and changed at
 * /entities/{id} (ETSI GS CIM 009, sections 6.4, 6.5). */
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"
#include "api/ngsi_view.h"

/* ---- one is changed ---- */

struct change {
    struct ngsi *ngsi;
    enum entity_deed deed;
    const char *what; /* for the journal */
    struct entity entity;
};

static enum code run(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct change *change = data;
    struct entity_outcome outcome;
    const struct entity_job job = ngsi_job(change->ngsi, tx);
    (void)c;
    enum code code = entity_apply(&job, change->deed, &change->entity, &outcome, err);
    return code == OK ? ngsi_note(change->ngsi, tx, change->what, &change->entity.id, 1, err)
                      : code;
}

/* Reads the body as the entity that the path names, where it has one, and does the deed. */
static enum code change_entity(struct change *change, enum entity_need need, struct err *err) {
    struct ngsi *n = change->ngsi;
    const char *id = NULL;
    enum code code = need == ENTITY_WHOLE ? OK : ngsi_path_id(n, &id, err);
    if (code == OK && n->body != NULL) {
        code = ngsi_read(n, n->body, need, &change->entity, err);
    }
    if (code == OK && change->deed == ENTITY_MERGE) {
        code = ngsi_take_merge(n, &change->entity, err);
    }
    if (code == OK && id != NULL && change->entity.id != NULL &&
        strcmp(id, change->entity.id) != 0) {
        code = err_set(err, E_INPUT, "cannot change the id \"%.200s\" to \"%.200s\"", id,
                       change->entity.id);
    }
    if (code == OK) {
        change->entity.id = id == NULL ? change->entity.id : id;
        code = call_change(n->call, run, change, err);
    }
    return code == OK ? OK : ngsi_fail(n->call, code, err);
}

static void set_location(struct call *c, const char *id) {
    struct buf at = BUF_INIT;
    buf_adds(&at, "/ngsi-ld/v1/entities/");
    ngsi_add_encoded(&at, id);
    http_set_header(c->response, "Location", at.data);
    buf_fini(&at);
}

enum code ngsi_entity_create(struct call *c, struct err *err) {
    struct ngsi n;
    struct change change = {&n, ENTITY_CREATE, "created", {.id = NULL}};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    if (n.body->first == NULL) { /* {} or []: no entity at all */
        return ngsi_problem(c, 400, "InvalidRequest", "the body has nothing in it");
    }
    enum code code = change_entity(&change, ENTITY_WHOLE, err);
    if (code == OK && c->response->status == 201) {
        set_location(c, change.entity.id);
    }
    return code;
}

static enum code change_there(struct call *c, enum entity_deed deed, const char *what,
                              enum entity_need need, struct err *err) {
    struct ngsi n;
    struct change change = {&n, deed, what, {.id = NULL}};
    return ngsi_begin(c, &n) ? change_entity(&change, need, err) : OK;
}

enum code ngsi_entity_replace(struct call *c, struct err *err) {
    return change_there(c, ENTITY_REPLACE, "changed", ENTITY_FRAGMENT, err);
}

enum code ngsi_entity_merge(struct call *c, struct err *err) {
    return change_there(c, ENTITY_MERGE, "changed", ENTITY_DEEP, err);
}

enum code ngsi_entity_delete(struct call *c, struct err *err) {
    return change_there(c, ENTITY_DELETE, "deleted", ENTITY_FRAGMENT, err);
}

/* ---- one is shown ---- */

struct sight {
    struct ngsi_view view;
    const char *id;
};

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct sight *sight = data;
    struct entity e;
    enum code code = entity_load(tx, sight->id, c->arena, &e, err);
    if (code != OK) {
        return code;
    }
    struct ngsi_shown shown;
    code = ngsi_view_show(&sight->view, tx, &e, 1, &shown, err);
    if (code != OK) {
        return code;
    }
    if (shown.own == 0 || (e.count == 0 && sight->view.attributes.count > 0)) {
        return err_set(err, E_ABSENT, "entity \"%.200s\" has none of these attributes", sight->id);
    }
    if (shown.count > 1) {
        ngsi_view_put_all(&sight->view, &shown);
    } else {
        ngsi_view_put(&sight->view, &shown.all[0]);
    }
    return OK;
}

enum code ngsi_entity_get(struct call *c, struct err *err) {
    struct ngsi n;
    struct sight sight = {.id = NULL};
    struct ngsi_words words = ngsi_view_words(c);
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = ngsi_path_id(&n, &sight.id, err);
    if (code == OK) {
        code = ngsi_view_read(&n, &words, &sight.view, err);
    }
    if (code == OK) {
        code = call_read(c, get, &sight, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}
