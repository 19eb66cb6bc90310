/* city: bodies and places, for whoever assigns something to one. */
#include <string.h>

#include "api/api_int.h"
#include "http/blob.h"

enum code api_city_organisations(struct call *c, struct err *err) {
    const struct organisation_set *set = c->api->organisations;
    struct json_out *j = call_list(c);
    (void)err;
    for (size_t i = 0; i < organisation_count(set); i++) {
        const struct organisation *o = organisation_at(set, i);
        json_obj(j);
        json_put_str(j, "code", o->code);
        json_put_str(j, "name", o->name);
        json_put_str(j, "level", organisation_level_word(o->level));
        json_put_str(j, "parent", o->parent == NULL ? NULL : o->parent->code);
        json_put_str(j, "division", o->division);
        json_obj_end(j);
    }
    call_list_end(c);
    return OK;
}

static void put_children(struct call *c, const struct division *parent) {
    struct json_out *j = call_list(c);
    for (const struct division *d = parent->first_child; d != NULL; d = d->next) {
        json_obj(j);
        json_put_str(j, "code", d->code);
        json_put_str(j, "name", d->name);
        json_put_str(j, "level", division_level_word(d->level));
        json_obj_end(j);
    }
    call_list_end(c);
}

enum code api_city_divisions(struct call *c, struct err *err) {
    const struct division_set *set = c->api->divisions;
    const char *code = call_query(c, "parent");
    const struct division *parent =
        code == NULL ? division_at(set, 0) : division_find_code(set, code, strlen(code));
    if (parent == NULL) {
        return err_set(err, E_ABSENT, "there is no division \"%.40s\"", code);
    }
    put_children(c, parent);
    return OK;
}

enum code api_city_outlines(struct call *c, struct err *err) {
    const struct blob *outlines = c->api->outlines;
    if (outlines == NULL) {
        return err_set(err, E_ABSENT, "there are no outlines of %s", c->api->config.city);
    }
    c->response->type = "application/geo+json";
    http_set_header(c->response, "Cache-Control", "private, max-age=3600");
    buf_add(&c->response->body, blob_data(outlines), blob_len(outlines));
    return OK;
}
