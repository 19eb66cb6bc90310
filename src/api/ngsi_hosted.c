/* ngsi_hosted: JSON-LD contexts over NGSI-LD: /jsonldContexts (ETSI GS CIM 009 v1.8.1,
 * sections 5.13 and 6.29, 6.30). */
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/context_use.h"
#include "api/ngsi_context.h"
#include "api/ngsi_int.h"
#include "entity/entity_hosted.h"

/* ---- what is asked ---- */

static enum code take_bool(const struct call *c, const char *name, bool *out, struct err *err) {
    const char *said = call_query(c, name);
    bool yes = said != NULL && strcmp(said, "true") == 0;
    if (said != NULL && !yes && strcmp(said, "false") != 0) {
        return err_set(err, E_INPUT, "cannot take %s \"%.40s\": it is true or false", name, said);
    }
    *out = yes;
    return OK;
}

static enum code take_kind(const struct call *c, int *out, struct err *err) {
    const char *said = call_query(c, "kind");
    *out = 0;
    if (said == NULL) {
        return OK;
    }
    for (int k = ENTITY_HOSTED_ADDED; k <= ENTITY_HOSTED_IMPLICIT; k++) {
        if (strcmp(said, entity_hosted_kind_name((enum entity_hosted_kind)k)) == 0) {
            *out = k;
            return OK;
        }
    }
    return err_set(err, E_INPUT,
                   "cannot take kind \"%.40s\": it is Hosted, Cached or ImplicitlyCreated", said);
}

/* ---- what is told ---- */

/* The address of a context: one of ours as this client reaches us. */
static const char *url_of(const struct call *c, const struct entity_hosted *h) {
    const char *host = http_header(c->request, "Host");
    const char *origin = c->api->config.origin;
    struct buf to = BUF_INIT;
    if (h->kind != ENTITY_HOSTED_CACHED && (origin != NULL || host != NULL)) {
        buf_adds(&to, origin == NULL ? "http://" : origin);
        buf_adds(&to, origin == NULL ? host : "");
    }
    buf_adds(&to, h->url);
    const char *url = arena_dup(c->arena, to.data, to.len);
    buf_fini(&to);
    return url;
}

static void put_details(struct call *c, struct json_out *j, const struct entity_hosted *h) {
    char time[ENTITY_TIME_MAX];
    struct context_use use = context_use_get(c->api->uses, h->id);
    json_obj(j);
    json_put_str(j, "URL", url_of(c, h));
    json_put_str(j, "localId", h->id);
    json_put_str(j, "kind", entity_hosted_kind_name(h->kind));
    json_put_str(j, "createdAt", entity_time_text(h->created_ms, time));
    if (use.last_ms != 0) {
        json_put_str(j, "lastUsage", entity_time_text(use.last_ms, time));
    }
    json_put_int(j, "numberOfHits", use.count);
    json_obj_end(j);
}

struct listing {
    int kind;
    bool details;
};

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct listing *l = data;
    struct entity_hosted *all;
    size_t count;
    enum code code = entity_hosted_list(tx, l->kind, c->arena, &all, &count, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_json(c);
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        if (l->details) {
            put_details(c, j, &all[i]);
        } else {
            json_str(j, url_of(c, &all[i]));
        }
    }
    json_arr_end(j);
    return OK;
}

enum code ngsi_context_list(struct call *c, struct err *err) {
    struct ngsi n;
    struct listing l;
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = take_bool(c, "details", &l.details, err);
    if (code == OK) {
        code = take_kind(c, &l.kind, err);
    }
    if (code == OK) {
        code = call_read(c, list, &l, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

/* ---- one ---- */

struct one {
    const char *key;
    bool flag; /* details, or reload */
    struct entity_hosted found;
};

static enum code find(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct one *one = data;
    if (!entity_context_is_core(one->key)) {
        return entity_hosted_find(tx, one->key, c->arena, &one->found, err);
    }
    one->found = (struct entity_hosted){"core", one->key, ENTITY_HOSTED_CACHED, NULL, 0};
    return OK;
}

static enum code begin_one(struct call *c, const char *flag, struct one *one, struct err *err) {
    one->key = route_param(&c->params, "context");
    enum code code = take_bool(c, flag, &one->flag, err);
    return code == OK ? call_read(c, find, one, err) : code;
}

enum code ngsi_context_get(struct call *c, struct err *err) {
    struct ngsi n;
    struct one one;
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = begin_one(c, "details", &one, err);
    if (code != OK) {
        return ngsi_fail(c, code, err);
    }
    if (!one.flag && one.found.kind == ENTITY_HOSTED_CACHED) {
        return ngsi_problem(c, 422, "OperationNotSupported",
                            "what was fetched is served where it was fetched from");
    }
    struct json_out *j = call_json(c);
    if (one.flag) {
        put_details(c, j, &one.found);
    } else {
        json_raw(j, one.found.body, strlen(one.found.body));
    }
    return OK;
}

/* ---- hosting ---- */

/* What an @context may be made of; addresses are looked at when it is used. */
static bool is_context(const struct json_value *v) {
    bool right = v != NULL;
    if (right && v->kind == JSON_ARRAY) {
        for (const struct json_value *i = v->first; i != NULL && right; i = i->next) {
            right = i->kind == JSON_OBJECT || i->kind == JSON_STRING;
        }
        return right;
    }
    return right && (v->kind == JSON_OBJECT || v->kind == JSON_STRING);
}

static enum code check(struct call *c, const struct json_value *body, struct err *err) {
    struct ngsi_contexts contexts;
    struct entity_context terms;
    struct err why = ERR_INIT;
    const struct json_value *v = json_member(body, "@context");
    if (!is_context(v)) {
        return err_set(err, E_INPUT,
                       "cannot take the body: it has no \"@context\" that is an address, an object "
                       "or a list of both");
    }
    ngsi_contexts_init(&contexts, c->api, c->request->now_ms);
    enum code code = ngsi_contexts_load(&contexts, v, c->arena, &terms, &why);
    return code == OK || code == E_DENIED ? OK : err_set(err, code, "%s", why.msg);
}

struct adding {
    const char *body;
    struct entity_hosted out;
};

static enum code add(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct adding *a = data;
    enum code code =
        entity_hosted_put(tx, ENTITY_HOSTED_ADDED, NULL, a->body, c->arena, &a->out, err);
    if (code == OK) {
        code = entity_hosted_note(tx, c->actor, "created", &a->out, err);
    }
    if (code == OK) {
        http_set_header(c->response, "Location", a->out.url);
    }
    return code;
}

enum code ngsi_context_add(struct call *c, struct err *err) {
    struct ngsi n;
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    if (json_member(n.body, "@context") == NULL) {
        return ngsi_problem(c, 400, "InvalidRequest", "the body has no \"@context\"");
    }
    struct adding a = {.body = arena_dup(c->arena, c->request->body, c->request->body_len)};
    enum code code = check(c, n.body, err);
    if (code == OK) {
        code = call_change(c, add, &a, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

/* ---- deleting, and fetching again ---- */

static enum code put_again(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct one *one = data;
    struct entity_hosted h;
    enum code code = entity_hosted_put(tx, ENTITY_HOSTED_CACHED, one->found.url, one->found.body,
                                       c->arena, &h, err);
    return code == OK ? entity_hosted_note(tx, c->actor, "fetched", &h, err) : code;
}

static enum code drop(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct one *one = data;
    enum code code = entity_hosted_remove(tx, one->found.id, err);
    return code == OK ? entity_hosted_note(tx, c->actor, "deleted", &one->found, err) : code;
}

/* The old one stays where it cannot be had. */
static enum code reload(struct call *c, struct one *one, struct err *err) {
    const struct json_value *v;
    enum code code = ngsi_contexts_fetch(c->api, one->found.url, c->arena, &one->found.body, err);
    if (code == OK) {
        code = ngsi_contexts_parse(one->found.url, one->found.body, c->arena, &v, err);
    }
    return code == OK ? call_change(c, put_again, one, err) : code;
}

static enum code remove_one(struct call *c, struct one *one, struct err *err) {
    bool core = entity_context_is_core(one->key);
    if (core && !one->flag) {
        return err_set(err, E_INPUT, "cannot delete the core @context");
    }
    if (core) {
        return OK; /* it is part of this program: there is nothing newer to fetch */
    }
    if (one->flag && one->found.kind != ENTITY_HOSTED_CACHED) {
        return err_set(err, E_INPUT, "cannot fetch @context \"%.80s\" again: it is %s", one->key,
                       entity_hosted_kind_name(one->found.kind));
    }
    return one->flag ? reload(c, one, err) : call_change(c, drop, one, err);
}

enum code ngsi_context_delete(struct call *c, struct err *err) {
    struct ngsi n;
    struct one one;
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = begin_one(c, "reload", &one, err);
    if (code == E_ABSENT && one.flag) {
        code = E_INPUT; /* 5.13.5.4: only what is there can be fetched again */
    }
    if (code == OK) {
        code = remove_one(c, &one, err);
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}
