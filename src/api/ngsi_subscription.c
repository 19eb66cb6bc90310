/* ngsi_subscription: subscriptions over NGSI-LD: /subscriptions and /subscriptions/{id} (ETSI GS
 * CIM 009 v1.8.1, sections 5.8.1 to 5.8.5, 6.10, 6.11). What they are told is subscription/'s. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"
#include "base/json_text.h"
#include "subscription/notifier.h"
#include "subscription/subscription_store.h"

enum { LIMIT = 100, LIMIT_MAX = 1000 };

/* What was asked for that we do not have is another problem than what is wrong; a receiver that may
 * not be asked is the request's fault, and no context that is missing. */
static enum code fail(struct call *c, enum code code, const struct err *err) {
    return code == E_USAGE ? ngsi_problem(c, 422, "OperationNotSupported", err->msg)
                           : ngsi_fail(c, code, err);
}

/* ---- what is sent ---- */

struct sent {
    struct ngsi *ngsi;
    const char *id; /* of the path; NULL: it is to be made */
    struct subscription said;
    unsigned members;
    struct entity_context context; /* of the body or its Link */
    struct entity_context told;    /* of its jsonldContext, where it says one */
    const char *context_json;      /* NULL: it came with none */
    char made[64];                 /* an id that was made */
};

/* The @context as it was sent, to be told to the receiver. */
static const char *context_json_of(const struct ngsi *n) {
    const struct json_value *own = json_member(n->body, "@context");
    struct json_value link = {.kind = JSON_STRING, .text = n->link};
    if (own == NULL && n->link == NULL) {
        return NULL;
    }
    link.len = own == NULL ? strlen(n->link) : 0;
    return json_text(own == NULL ? &link : own, n->call->arena);
}

static enum code load_told(struct sent *s, struct err *err) {
    const char *url = s->said.jsonld_context;
    struct json_value v = {.kind = JSON_STRING, .text = url};
    if (url == NULL) {
        return OK;
    }
    v.len = strlen(url);
    return ngsi_contexts_load(s->ngsi->contexts, &v, s->ngsi->call->arena, &s->told, err);
}

/* E_INPUT in place of E_DENIED, which is said of contexts here. */
static enum code check_receiver(struct sent *s, struct err *err) {
    struct err why = ERR_INIT;
    if (s->said.uri == NULL) {
        return OK; /* subscription_check() says so */
    }
    enum code code = notifier_check(s->ngsi->call->api->notifier, s->said.uri, &why);
    return code == OK ? OK : err_set(err, E_INPUT, "%s", why.msg);
}

static enum code read_sent(struct sent *s, struct err *err) {
    struct ngsi *n = s->ngsi;
    enum code code = ngsi_context(n, n->body, &s->context, err);
    if (code == OK) {
        code = subscription_read(n->body, &s->context, n->call->arena, &s->said, &s->members, err);
    }
    code = code == OK ? check_receiver(s, err) : code;
    code = code == OK ? load_told(s, err) : code;
    s->context_json = code == OK ? context_json_of(n) : NULL;
    return code;
}

static enum code note(struct call *c, struct tx *tx, const char *what, const char *id,
                      struct err *err) {
    struct subscription_note line = {.actor = c->actor,
                                     .what = what,
                                     .id = id,
                                     .body = c->request->body,
                                     .body_len = c->request->body_len};
    return subscription_note(tx, &line, err);
}

/* ---- made ---- */

static enum code keep_contexts(struct tx *tx, const struct sent *s, struct subscription_kept *k,
                               struct err *err) {
    const struct entity_context *told = s->said.jsonld_context == NULL ? &s->context : &s->told;
    enum code code = subscription_keep_context(tx, told, &k->context, err);
    k->context_json = s->context_json;
    k->q_context = 0;
    return code == OK && (k->s.q != NULL || k->s.csf != NULL)
               ? subscription_keep_context(tx, &k->s.q_context, &k->q_context, err)
               : code;
}

static enum code create(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct sent *s = data;
    struct subscription_kept k = {.s = s->said};
    enum code code = subscription_check(&k.s, s->members, tx_now_ms(tx), err);
    code = code == OK ? notifier_stamp(c->api->notifier, tx, &k.stamp, err) : code;
    if (code == OK && k.s.id == NULL) {
        snprintf(s->made, sizeof s->made, "urn:ngsi-ld:Subscription:%" PRId64, k.stamp);
        k.s.id = s->made;
    }
    code = code == OK ? keep_contexts(tx, s, &k, err) : code;
    code = code == OK ? subscription_add(tx, &k, err) : code;
    s->id = k.s.id;
    return code == OK ? note(c, tx, "created", k.s.id, err) : code;
}

static enum code check_type(const struct ngsi *n, struct err *err) {
    return json_member(n->body, "type") != NULL
               ? OK
               : err_set(err, E_INPUT, "cannot take a subscription without \"type\"");
}

static void set_location(struct call *c, const char *id) {
    struct buf at = BUF_INIT;
    buf_adds(&at, "/ngsi-ld/v1/subscriptions/");
    ngsi_add_encoded(&at, id);
    http_set_header(c->response, "Location", at.data);
    buf_fini(&at);
}

enum code ngsi_subscription_create(struct call *c, struct err *err) {
    struct ngsi n;
    struct sent s = {.ngsi = &n};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = read_sent(&s, err);
    code = code == OK ? check_type(&n, err) : code;
    code = code == OK ? call_change(c, create, &s, err) : code;
    if (code != OK) {
        return fail(c, code, err);
    }
    notifier_changed(c->api->notifier);
    set_location(c, s.id);
    return OK;
}

/* ---- changed ---- */

static enum code path_id(const struct call *c, const char **out, struct err *err) {
    *out = route_param(&c->params, "subscription");
    return entity_is_uri(*out)
               ? OK
               : err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI", *out);
}

/* Names are told by the context that came with the patch, if one did: by that of a jsonldContext
 * where there is one, which stands until it is said anew. */
static enum code patch_contexts(struct tx *tx, const struct sent *s, struct subscription_kept *k,
                                struct err *err) {
    enum code code = OK;
    if (s->said.jsonld_context != NULL) {
        code = subscription_keep_context(tx, &s->told, &k->context, err);
    } else if (s->context_json != NULL && k->s.jsonld_context == NULL) {
        code = subscription_keep_context(tx, &s->context, &k->context, err);
    }
    k->context_json = s->context_json == NULL ? k->context_json : s->context_json;
    return code == OK && (s->members & SAYS_Q)
               ? subscription_keep_context(tx, &s->context, &k->q_context, err)
               : code;
}

/* What q is read with, for the check: terms that are kept, where the patch says no other. */
static enum code load_q_context(struct call *c, struct tx *tx, const struct sent *s,
                                struct subscription_kept *k, struct err *err) {
    bool needed = (k->s.q != NULL || k->s.csf != NULL) && !(s->members & SAYS_Q);
    return needed ? subscription_load_context(tx, k->q_context, c->arena, &k->s.q_context, err)
                  : OK;
}

static enum code update(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct sent *s = data;
    struct subscription_kept k;
    enum code code = subscription_load(tx, s->id, c->arena, &k, err);
    if (code != OK) {
        return code;
    }
    subscription_patch(&k.s, &s->said, s->members, tx_now_ms(tx));
    code = load_q_context(c, tx, s, &k, err);
    code = code == OK ? subscription_check(&k.s, s->members, tx_now_ms(tx), err) : code;
    code = code == OK ? patch_contexts(tx, s, &k, err) : code;
    code = code == OK ? notifier_stamp(c->api->notifier, tx, &k.stamp, err) : code;
    code = code == OK ? subscription_replace(tx, &k, err) : code;
    return code == OK ? note(c, tx, "changed", s->id, err) : code;
}

enum code ngsi_subscription_update(struct call *c, struct err *err) {
    struct ngsi n;
    struct sent s = {.ngsi = &n};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = path_id(c, &s.id, err);
    code = code == OK ? read_sent(&s, err) : code;
    if (code == OK && s.said.id != NULL && strcmp(s.said.id, s.id) != 0) {
        code =
            err_set(err, E_INPUT, "cannot change the id \"%.200s\" to \"%.200s\"", s.id, s.said.id);
    }
    code = code == OK ? call_change(c, update, &s, err) : code;
    if (code != OK) {
        return fail(c, code, err);
    }
    notifier_changed(c->api->notifier);
    return OK;
}

static enum code delete (struct call *c, struct tx *tx, void *data, struct err *err) {
    const char *id = data; struct subscription_kept k; int64_t stamp;
    enum code code = subscription_load(tx, id, c->arena, &k, err);
    code = code == OK ? notifier_stamp(c->api->notifier, tx, &stamp, err) : code;
    code = code == OK ? subscription_remove(tx, &k, err) : code;
    return code == OK ? note(c, tx, "deleted", id, err) : code;
}

enum code ngsi_subscription_delete(struct call *c, struct err *err) {
    struct ngsi n;
    const char *id;
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = path_id(c, &id, err);
    code = code == OK ? call_change(c, delete, arena_dup(c->arena, id, strlen(id)), err) : code;
    if (code != OK) {
        return fail(c, code, err);
    }
    notifier_changed(c->api->notifier);
    return OK;
}

/* ---- shown ---- */

static void put(const struct ngsi *n, const struct subscription_kept *k, struct json_out *j) {
    struct entity_look names = ngsi_look(n);
    struct subscription_look look = {.context = names.context,
                                     .progress = &k->progress,
                                     .now_ms = n->call->request->now_ms,
                                     .times = names.times,
                                     .link = names.link};
    subscription_write(&k->s, &look, n->call->arena, j);
}

struct sight {
    struct ngsi *ngsi;
    const char *id;
};

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct sight *sight = data;
    struct subscription_kept k;
    enum code code = subscription_load(tx, sight->id, c->arena, &k, err);
    if (code == OK) {
        put(sight->ngsi, &k, ngsi_json(sight->ngsi));
    }
    return code;
}

enum code ngsi_subscription_get(struct call *c, struct err *err) {
    struct ngsi n;
    struct sight sight = {&n, NULL};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = path_id(c, &sight.id, err);
    code = code == OK ? call_read(c, get, &sight, err) : code;
    return code == OK ? OK : fail(c, code, err);
}

/* ---- many ---- */

struct page {
    struct ngsi *ngsi;
    struct subscription_page rows;
    bool count;
};

static enum code put_page(struct page *page, struct tx *tx, struct err *err) {
    struct call *c = page->ngsi->call;
    struct subscription_page rows = page->rows;
    struct subscription_kept *all;
    size_t count;
    rows.limit++; /* whether there is one behind it */
    enum code code = subscription_list(tx, rows, c->arena, &all, &count, err);
    if (code != OK) {
        return code;
    }
    bool more = count > (size_t)page->rows.limit;
    struct json_out *j = ngsi_json(page->ngsi);
    json_arr(j);
    for (size_t i = 0; i < (more ? count - 1 : count); i++) {
        put(page->ngsi, &all[i], j);
    }
    json_arr_end(j);
    struct ngsi_pages pages = {page->rows.offset, page->rows.limit, more};
    ngsi_link_pages(c, &pages);
    return OK;
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct page *page = data;
    int64_t total = 0;
    enum code code = put_page(page, tx, err);
    if (code == OK && page->count) {
        char digits[24];
        code = subscription_count(tx, &total, err);
        snprintf(digits, sizeof digits, "%" PRId64, total);
        http_set_header(c->response, "NGSILD-Results-Count", digits);
    }
    return code;
}

static enum code take_paging(struct call *c, struct page *page, struct err *err) {
    const char *count = call_query(c, "count");
    page->count = count != NULL && strcmp(count, "true") == 0;
    page->rows.limit = LIMIT;
    if (count != NULL && !page->count && strcmp(count, "false") != 0) {
        return err_set(err, E_INPUT, "cannot take count \"%.40s\": it is true or false", count);
    }
    enum code code = call_query_int(c, "limit", (struct json_range){page->count ? 0 : 1, INT32_MAX},
                                    &page->rows.limit, err);
    return code == OK ? call_query_int(c, "offset", (struct json_range){0, INT32_MAX},
                                       &page->rows.offset, err)
                      : code;
}

enum code ngsi_subscription_list(struct call *c, struct err *err) {
    struct ngsi n;
    struct page page = {.ngsi = &n};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    enum code code = take_paging(c, &page, err);
    if (code == OK && page.rows.limit > LIMIT_MAX) {
        return ngsi_problem(c, 403, "TooManyResults", "a page has 1000 subscriptions at most");
    }
    code = code == OK ? call_read(c, list, &page, err) : code;
    return code == OK ? OK : fail(c, code, err);
}
