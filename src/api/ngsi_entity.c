/* ngsi_entity: entities over NGSI-LD: /entities and /entities/{id}, and /types (ETSI GS CIM 009,
 * sections 6.4, 6.5, 6.25). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"

enum { LIMIT = 100, LIMIT_MAX = 1000 };

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

static bool is_named(const struct ngsi_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->all[i], name) == 0) {
            return true;
        }
    }
    return names->count == 0;
}

/* Leaves the attributes that are asked for. */
static void keep_named(struct entity *e, const struct ngsi_names *names) {
    size_t kept = 0;
    for (size_t i = 0; i < e->count; i++) {
        if (is_named(names, e->attributes[i].name)) {
            e->attributes[kept++] = e->attributes[i];
        }
    }
    e->count = kept;
}

struct sight {
    struct ngsi *ngsi;
    struct ngsi_names attributes;
    const char *id;
};

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct sight *sight = data;
    struct entity_look look = ngsi_look(sight->ngsi);
    struct entity e;
    enum code code = entity_load(tx, sight->id, c->arena, &e, err);
    if (code != OK) {
        return code;
    }
    keep_named(&e, &sight->attributes);
    if (e.count == 0 && sight->attributes.count > 0) {
        return err_set(err, E_ABSENT, "entity \"%.200s\" has none of these attributes", sight->id);
    }
    ngsi_put_entity(sight->ngsi, &e, &look, ngsi_json(sight->ngsi));
    return OK;
}

enum code ngsi_entity_get(struct call *c, struct err *err) {
    struct ngsi n;
    struct sight sight = {.ngsi = &n};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = ngsi_path_id(&n, &sight.id, err);
    if (code == OK) {
        code = ngsi_query_names(&n, "attrs", &sight.attributes, err);
    }
    if (code == OK) {
        code = call_read(c, get, &sight, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

/* ---- many ---- */

struct page {
    struct ngsi *ngsi;
    struct entity_query query;
    struct ngsi_names attributes;
};

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct page *page = data;
    struct entity_look look = ngsi_look(page->ngsi);
    struct entity_page found;
    enum code code = entity_list(tx, &page->query, c->arena, &found, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = ngsi_json(page->ngsi);
    for (size_t i = 0; i < found.count; i++) {
        keep_named(&found.entities[i], &page->attributes);
    }
    ngsi_put_entities(page->ngsi, found.entities, found.count, &look, j);
    ngsi_link_pages(c, &(struct ngsi_pages){page->query.offset, page->query.limit, found.more});
    if (page->query.count) {
        char digits[24];
        snprintf(digits, sizeof digits, "%" PRId64, found.total);
        http_set_header(c->response, "NGSILD-Results-Count", digits);
    }
    return OK;
}

static enum code take_paging(struct call *c, struct entity_query *q, struct err *err) {
    const char *count = call_query(c, "count");
    q->count = count != NULL && strcmp(count, "true") == 0;
    q->limit = LIMIT;
    if (count != NULL && !q->count && strcmp(count, "false") != 0) {
        return err_set(err, E_INPUT, "cannot take count \"%.40s\": it is true or false", count);
    }
    enum code code = call_query_int(c, "limit", (struct json_range){q->count ? 0 : 1, INT32_MAX},
                                    &q->limit, err);
    return code == OK
               ? call_query_int(c, "offset", (struct json_range){0, INT32_MAX}, &q->offset, err)
               : code;
}

static enum code check_ids(const struct entity_query *q, struct err *err) {
    for (size_t i = 0; i < q->id_count; i++) {
        if (!entity_is_uri(q->ids[i])) {
            return err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI", q->ids[i]);
        }
    }
    return OK;
}

static enum code take_query(struct page *page, struct err *err) {
    struct ngsi *n = page->ngsi;
    struct entity_query *q = &page->query;
    struct ngsi_names types;
    struct ngsi_names ids = ngsi_query_list(n, "id");
    enum code code = ngsi_query_names(n, "type", &types, err);
    if (code == OK) {
        code = ngsi_query_names(n, "attrs", &page->attributes, err);
    }
    if (code != OK) {
        return code;
    }
    *q = (struct entity_query){.types = types.all,
                               .type_count = types.count,
                               .ids = ids.all,
                               .id_count = ids.count,
                               .id_pattern = call_query(n->call, "idPattern"),
                               .attributes = page->attributes.all,
                               .attribute_count = page->attributes.count};
    if (q->type_count + q->id_count + q->attribute_count == 0 && q->id_pattern == NULL) {
        return err_set(err, E_INPUT, "say which entities: type, id, idPattern or attrs");
    }
    code = check_ids(q, err);
    return code == OK ? take_paging(n->call, q, err) : code;
}

enum code ngsi_entity_list(struct call *c, struct err *err) {
    struct ngsi n;
    struct page page = {.ngsi = &n};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = take_query(&page, err);
    if (code == OK && page.query.limit > LIMIT_MAX) {
        return ngsi_problem(c, 403, "TooManyResults", "a page has 1000 entities at most");
    }
    if (code == OK) {
        code = call_read(c, list, &page, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

/* ---- types ---- */

static enum code list_types(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct ngsi *n = data;
    const char **types;
    size_t count;
    enum code code = entity_list_types(tx, c->arena, &types, &count, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = ngsi_json(n);
    json_obj(j);
    json_put_str(j, "id", "urn:ngsi-ld:EntityTypeList:taihu");
    json_put_str(j, "type", "EntityTypeList");
    json_key(j, "typeList");
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        json_str(j, entity_compact(&n->linked, types[i], c->arena));
    }
    json_arr_end(j);
    if (n->wants_ld) {
        json_put_str(j, "@context", ngsi_look(n).link);
    }
    json_obj_end(j);
    return OK;
}

enum code ngsi_type_list(struct call *c, struct err *err) {
    struct ngsi n;
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = call_read(c, list_types, &n, err);
    return code == OK ? OK : ngsi_fail(c, code, err);
}
