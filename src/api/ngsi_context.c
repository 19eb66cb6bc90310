/* ngsi_context: see ngsi_context.h. What is served of contexts is in ngsi_hosted.c. */
#include "api/ngsi_context.h"

#include <string.h>

#include "api/api_int.h"
#include "api/context_use.h"
#include "entity/entity_hosted.h"
#include "http/client.h"
#include "store/store.h"

/* ---- fetching ---- */

enum code ngsi_contexts_parse(const char *url, const char *body, struct arena *a,
                              const struct json_value **out, struct err *err) {
    const struct json_value *v = NULL;
    enum code code = json_read(body, strlen(body), a, &v, err);
    const struct json_value *context = code == OK ? json_member(v, "@context") : NULL;
    if (code != OK) {
        err_prefix(err, url);
        return E_INPUT;
    }
    if (context == NULL) {
        return err_set(err, E_INPUT, "cannot take @context \"%.200s\": it has no \"@context\"",
                       url);
    }
    *out = context;
    return OK;
}

/* Whatever hindered it: the context is not available. */
enum code ngsi_contexts_fetch(struct api *api, const char *url, struct arena *a, const char **body,
                              struct err *err) {
    static const struct http_field accept = {"Accept",
                                             "application/ld+json, application/json;q=0.9"};
    const struct client_request request = {
        .method = "GET", .url = url, .headers = &accept, .header_count = 1};
    struct client_response got;
    struct err why = ERR_INIT;
    if (api->client == NULL) {
        return err_set(err, E_DENIED,
                       "cannot fetch @context \"%.200s\": no host is named that may be asked; host "
                       "it here, or give its terms in the request",
                       url);
    }
    if (client_send(api->client, &request, a, &got, &why) != OK) {
        return err_set(err, E_DENIED, "cannot fetch @context \"%.200s\": %.200s", url, why.msg);
    }
    if (got.status != 200) {
        return err_set(err, E_DENIED, "cannot fetch @context \"%.200s\": the answer is %d", url,
                       got.status);
    }
    if (strlen(got.body) != got.body_len) {
        return err_set(err, E_INPUT, "cannot take @context \"%.200s\": it is no JSON", url);
    }
    *body = got.body;
    return OK;
}

/* ---- keeping ---- */

struct keeping {
    const char *url, *body;
    struct arena *arena;
    struct entity_hosted *out;
};

static enum code keep(struct tx *tx, void *data, struct err *err) {
    struct keeping *k = data;
    return entity_hosted_put(tx, ENTITY_HOSTED_CACHED, k->url, k->body, k->arena, k->out, err);
}

/* What cannot be kept, as there are too many, serves this once. */
static enum code fetch(struct ngsi_contexts *c, const char *url, struct arena *a,
                       struct entity_hosted *out, const struct json_value **v, struct err *err) {
    struct entity_hosted h = {.id = ""};
    enum code code = ngsi_contexts_fetch(c->api, url, a, &h.body, err);
    if (code == OK) {
        code = ngsi_contexts_parse(url, h.body, a, v, err);
    }
    if (code == OK) {
        struct keeping k = {url, h.body, a, &h};
        enum code kept = store_write(c->api->store, STORE_HOUSEKEEPING, keep, &k, NULL);
        code = kept == E_LIMIT ? OK : kept;
        *out = h;
    } else if (code == E_DENIED) {
        c->missed = arena_dup(a, url, strlen(url));
    }
    return code;
}

/* ---- finding ---- */

static enum code look(struct api *api, const char *url, struct arena *a, struct entity_hosted *out,
                      struct err *err) {
    struct tx *tx = NULL;
    enum code code = store_read(api->store, &tx, err);
    if (code == OK) {
        code = entity_hosted_find(tx, url, a, out, err);
        store_read_end(tx);
    }
    return code;
}

static enum code find(void *data, const char *url, struct arena *a, const struct json_value **out,
                      struct err *err) {
    struct ngsi_contexts *c = data;
    struct entity_hosted h;
    struct err absent = ERR_INIT;
    if (c->missed != NULL && strcmp(c->missed, url) == 0) {
        return err_set(err, E_DENIED, "cannot fetch @context \"%.200s\": tried just now", url);
    }
    enum code code = look(c->api, url, a, &h, &absent);
    if (code == OK) {
        code = ngsi_contexts_parse(url, h.body, a, out, err);
    } else if (code == E_ABSENT) {
        code = fetch(c, url, a, &h, out, err);
    } else {
        return err_set(err, code, "%s", absent.msg);
    }
    if (code == OK) {
        context_use_add(c->api->uses, h.id, c->now_ms);
    }
    return code;
}

void ngsi_contexts_init(struct ngsi_contexts *c, struct api *api, int64_t now_ms) {
    *c = (struct ngsi_contexts){.api = api, .now_ms = now_ms, .source = {find, NULL}};
}

/* Whether both are the same address, or the same addresses in a list. */
static bool is_same(const struct json_value *a, const struct json_value *b) {
    bool same = a != NULL && a->kind == b->kind;
    if (same && a->kind == JSON_STRING) {
        return strcmp(a->text, b->text) == 0;
    }
    same = same && a->kind == JSON_ARRAY && a->count == b->count;
    const struct json_value *y = b->first;
    for (const struct json_value *x = same ? a->first : NULL; x != NULL && same;
         x = x->next, y = y->next) {
        same = x->kind == JSON_STRING && y->kind == JSON_STRING && strcmp(x->text, y->text) == 0;
    }
    return same;
}

/* The entities of a batch mostly name the same one. */
enum code ngsi_contexts_load(struct ngsi_contexts *c, const struct json_value *v, struct arena *a,
                             struct entity_context *out, struct err *err) {
    if (is_same(c->last, v)) {
        *out = c->last_context;
        return OK;
    }
    c->source.data = c;
    enum code code = entity_context_load(v, &c->source, a, out, err);
    if (code == OK) {
        c->last = v;
        c->last_context = *out;
    }
    return code;
}
