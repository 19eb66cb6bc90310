/* ngsi_type: which types and attributes entities have, over NGSI-LD: /types, /types/{type},
 * /attributes, /attributes/{attr} (ETSI GS CIM 009 v1.8.1, sections 5.7.5 to 5.7.10, 6.25 to
 * 6.28). */
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"
#include "entity/entity_list.h"

/* One question on its way. */
struct asking {
    struct ngsi *ngsi;
    bool types; /* of types, not of attributes */
    bool details;
    const char *name; /* of one, in whole */
};

static const char *name_of(const struct asking *k, const char *iri) {
    return entity_compact(&k->ngsi->linked, iri, k->ngsi->call->arena);
}

static void put_names(const struct asking *k, struct json_out *j, const char *key,
                      const struct entity_names *names) {
    json_key(j, key);
    json_arr(j);
    for (size_t i = 0; i < names->count; i++) {
        json_str(j, name_of(k, names->all[i]));
    }
    json_arr_end(j);
}

static void put_kinds(struct json_out *j, unsigned kinds) {
    json_key(j, "attributeTypes");
    json_arr(j);
    for (int kind = 0; kind < ENTITY_KINDS; kind++) {
        if (kinds & 1U << kind) {
            json_str(j, entity_kind_name((enum entity_kind)kind));
        }
    }
    json_arr_end(j);
}

static void put_context(const struct asking *k, struct json_out *j) {
    struct entity_look look = ngsi_look(k->ngsi);
    if (look.link != NULL) {
        entity_write_context(look.link, j);
    }
}

/* {"id", "type": "EntityTypeList", "typeList": [...]}: 5.2.24, 5.2.27. */
static void put_list(const struct asking *k, const struct entity_names *names) {
    struct json_out *j = ngsi_json(k->ngsi);
    json_obj(j);
    json_put_str(j, "id",
                 k->types ? "urn:ngsi-ld:EntityTypeList:taihu" : "urn:ngsi-ld:AttributeList:taihu");
    json_put_str(j, "type", k->types ? "EntityTypeList" : "AttributeList");
    put_names(k, j, k->types ? "typeList" : "attributeList", names);
    put_context(k, j);
    json_obj_end(j);
}

static enum code know(const struct asking *k, struct tx *tx, const char *name,
                      struct entity_known *out, struct err *err) {
    struct arena *a = k->ngsi->call->arena;
    return k->types ? entity_known_type(tx, name, a, out, err)
                    : entity_known_attribute(tx, name, a, out, err);
}

static void put_head(const struct asking *k, struct json_out *j, const char *iri,
                     const char *type) {
    json_put_str(j, "id", iri);
    json_put_str(j, "type", type);
    json_put_str(j, k->types ? "typeName" : "attributeName", name_of(k, iri));
}

/* [{"id", "type": "EntityType", "typeName", "attributeNames"}]: 5.2.25, 5.2.28. */
static enum code put_details(const struct asking *k, struct tx *tx,
                             const struct entity_names *names, struct err *err) {
    struct json_out *j = ngsi_json(k->ngsi);
    enum code code = OK;
    json_arr(j);
    for (size_t i = 0; i < names->count && code == OK; i++) {
        struct entity_known known;
        code = know(k, tx, names->all[i], &known, err);
        if (code == OK) {
            json_obj(j);
            put_head(k, j, names->all[i], k->types ? "EntityType" : "Attribute");
            put_names(k, j, k->types ? "attributeNames" : "typeNames", &known.names);
            put_context(k, j);
            json_obj_end(j);
        }
    }
    json_arr_end(j);
    return code;
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct asking *k = data;
    struct entity_names names;
    enum code code = k->types ? entity_list_types(tx, c->arena, &names, err)
                              : entity_list_attributes(tx, c->arena, &names, err);
    if (code != OK) {
        return code;
    }
    if (k->details) {
        return put_details(k, tx, &names, err);
    }
    put_list(k, &names);
    return OK;
}

static enum code take_details(struct asking *k, struct err *err) {
    const char *details = call_query(k->ngsi->call, "details");
    k->details = details != NULL && strcmp(details, "true") == 0;
    return details == NULL || k->details || strcmp(details, "false") == 0
               ? OK
               : err_set(err, E_INPUT, "cannot take details \"%.40s\": it is true or false",
                         details);
}

static enum code answer_list(struct call *c, bool types, struct err *err) {
    struct ngsi n;
    struct asking k = {.ngsi = &n, .types = types};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = take_details(&k, err);
    if (code == OK) {
        code = call_read(c, list, &k, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

enum code ngsi_type_list(struct call *c, struct err *err) {
    return answer_list(c, true, err);
}

enum code ngsi_known_list(struct call *c, struct err *err) {
    return answer_list(c, false, err);
}

/* ---- one ---- */

/* {"id", "type": "EntityTypeInfo", "typeName", "entityCount", "attributeDetails"}: 5.2.26. */
static void put_type(const struct asking *k, const struct entity_known *known) {
    struct json_out *j = ngsi_json(k->ngsi);
    json_obj(j);
    put_head(k, j, k->name, "EntityTypeInfo");
    json_put_int(j, "entityCount", known->count);
    json_key(j, "attributeDetails");
    json_arr(j);
    for (size_t i = 0; i < known->names.count; i++) {
        json_obj(j);
        json_put_str(j, "id", known->names.all[i]);
        json_put_str(j, "type", "Attribute");
        json_put_str(j, "attributeName", name_of(k, known->names.all[i]));
        put_kinds(j, known->kinds[i]);
        json_obj_end(j);
    }
    json_arr_end(j);
    put_context(k, j);
    json_obj_end(j);
}

/* {"id", "type": "Attribute", "attributeName", "attributeCount", "attributeTypes", "typeNames"}:
 * 5.2.28. */
static void put_attribute(const struct asking *k, const struct entity_known *known) {
    struct json_out *j = ngsi_json(k->ngsi);
    json_obj(j);
    put_head(k, j, k->name, "Attribute");
    json_put_int(j, "attributeCount", known->count);
    put_kinds(j, known->kind);
    put_names(k, j, "typeNames", &known->names);
    put_context(k, j);
    json_obj_end(j);
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct asking *k = data;
    struct entity_known known;
    (void)c;
    enum code code = know(k, tx, k->name, &known, err);
    if (code != OK) {
        return code;
    }
    if (known.count == 0) {
        return err_set(err, E_ABSENT, "no entity has the %s \"%.200s\"",
                       k->types ? "type" : "attribute", k->name);
    }
    if (k->types) {
        put_type(k, &known);
    } else {
        put_attribute(k, &known);
    }
    return OK;
}

/* What cannot be a name is the name of nothing. */
static enum code answer_one(struct call *c, bool types, struct err *err) {
    struct ngsi n;
    struct asking k = {.ngsi = &n, .types = types};
    const char *name = route_param(&c->params, types ? "type" : "attr");
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = entity_expand(&n.linked, name, c->arena, &k.name, NULL) == OK
                         ? call_read(c, get, &k, err)
                         : err_set(err, E_ABSENT, "no entity has a \"%.200s\"", name);
    return code == OK ? OK : ngsi_fail(c, code, err);
}

enum code ngsi_type_get(struct call *c, struct err *err) {
    return answer_one(c, true, err);
}

enum code ngsi_known_get(struct call *c, struct err *err) {
    return answer_one(c, false, err);
}
