/* ngsi: see ngsi_int.h. */
#include "api/ngsi_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/api_int.h"
#include "subscription/notifier.h"

#define ERRORS "https://uri.etsi.org/ngsi-ld/errors/"
#define CONTEXT_RELATION "http://www.w3.org/ns/json-ld#context"

/* ---- problems ---- */

enum code ngsi_problem(struct call *c, int status, const char *type, const char *detail) {
    char uri[sizeof ERRORS + 32];
    snprintf(uri, sizeof uri, ERRORS "%s", type);
    struct problem p = {.status = status, .type = uri, .detail = detail};
    problem_set(c->response, &p);
    c->response->type = NGSI_PROBLEM_TYPE;
    return OK;
}

static const struct failure {
    int status;
    const char *type;
} failures[] = {
    [E_USAGE] = {400, "BadRequestData"},
    [E_INPUT] = {400, "BadRequestData"},
    [E_LIMIT] = {400, "BadRequestData"},
    [E_ABSENT] = {404, "ResourceNotFound"},
    [E_DENIED] = {504, "LdContextNotAvailable"},
    [E_CONFLICT] = {409, "AlreadyExists"},
    [E_BUSY] = {0, NULL},
};

static const struct failure *find_failure(enum code code) {
    bool ours = (size_t)code < sizeof failures / sizeof failures[0] && failures[code].status != 0;
    return ours ? &failures[code] : NULL;
}

enum code ngsi_fail(struct call *c, enum code code, const struct err *err) {
    const struct failure *f = find_failure(code);
    return f == NULL ? code : ngsi_problem(c, f->status, f->type, err->msg);
}

void ngsi_put_failure(struct json_out *j, enum code code, const char *words) {
    const struct failure *f = find_failure(code);
    char uri[sizeof ERRORS + 32];
    snprintf(uri, sizeof uri, ERRORS "%s", f->type);
    json_obj(j);
    json_put_str(j, "type", uri);
    json_put_str(j, "title", problem_title(f->status));
    json_put_int(j, "status", f->status);
    json_put_str(j, "detail", words);
    json_obj_end(j);
}

/* ---- headers ---- */

/* Whether a media type is named at `s`, whatever its parameters. */
static bool is_type(const char *s, const char *type) {
    size_t n = strlen(type);
    return strncasecmp(s, type, n) == 0 && (s[n] == '\0' || strchr(" ;,\t", s[n]) != NULL);
}

/* The kinds of an answer in the order of 6.3.4, which decides between those that are liked alike.
 */
enum { MEDIA_JSON, MEDIA_LD, MEDIA_GEO, MEDIA };

static const char *const media_types[] = {"application/json", "application/ld+json",
                                          "application/geo+json"};

enum { WEIGHT_ONE = 1000, EXACT = 3 };

/* ";q=0.85" among the parameters of a range, in thousandths; what is no weight is 1. */
static int weight_of(const char *s, const char *end) {
    int weight = WEIGHT_ONE;
    for (s = memchr(s, ';', (size_t)(end - s)); s != NULL; s = memchr(s, ';', (size_t)(end - s))) {
        s += 1 + strspn(s + 1, " \t");
        bool q = strncasecmp(s, "q=", 2) == 0 && (s[2] == '0' || s[2] == '1');
        if (q) {
            weight = (s[2] - '0') * WEIGHT_ONE;
            int unit = WEIGHT_ONE / 10;
            for (s += 3; s < end && (*s == '.' || (*s >= '0' && *s <= '9')); s++) {
                weight += *s == '.' ? 0 : (*s - '0') * unit;
                unit /= *s == '.' ? 1 : 10;
            }
        }
    }
    return weight > WEIGHT_ONE ? WEIGHT_ONE : weight;
}

/* How exactly a range means a kind: 0 for not at all. */
static int match_of(const char *range, const char *kind) {
    return is_type(range, kind)              ? EXACT
           : is_type(range, "application/*") ? 2
           : is_type(range, "*/*")           ? 1
                                             : 0;
}

/* The weight of a kind: of the range that means it most exactly (RFC 9110 section 12.5.1). */
static int like_of(const char *accept, const char *kind) {
    int best = 0;
    int weight = 0;
    while (*accept != '\0') {
        accept += strspn(accept, " \t,");
        const char *end = accept + strcspn(accept, ",");
        int match = match_of(accept, kind);
        if (match > best) {
            best = match;
            weight = weight_of(accept, end);
        }
        accept = end;
    }
    return weight;
}

/* Whether entities are what the route answers: they may be features. */
static bool has_features(const struct ngsi *n) {
    const char *response = n->call->route->response;
    return response != NULL && strncmp(response, "NgsiEntit", 9) == 0;
}

static bool take_accept(struct ngsi *n) {
    const char *accept = http_header(n->call->request, "Accept");
    int kind = MEDIA_JSON;
    int best = accept == NULL ? WEIGHT_ONE : 0;
    for (int k = 0; accept != NULL && k < (has_features(n) ? MEDIA : MEDIA_GEO); k++) {
        int like = like_of(accept, media_types[k]);
        if (like > best) {
            best = like;
            kind = k;
        }
    }
    const char *prefer = http_header(n->call->request, "Prefer");
    n->wants_ld = kind == MEDIA_LD;
    n->wants_geo = kind == MEDIA_GEO;
    n->bare_geo = prefer != NULL && strstr(prefer, "body=json") != NULL;
    return best > 0;
}

/* A merge patch is a PATCH; clients that are about (ngsijs) say so of attributes that they append.
 */
static bool take_content_type(struct ngsi *n) {
    const char *type = http_header(n->call->request, "Content-Type");
    bool patch = strcmp(n->call->route->method, "PATCH") == 0 ||
                 n->call->route->answer == ngsi_attributes_append;
    if (type == NULL) {
        return false;
    }
    n->sends_ld = is_type(type, "application/ld+json");
    return n->sends_ld || is_type(type, "application/json") ||
           (patch && is_type(type, "application/merge-patch+json"));
}

/* Link: <https://...>; rel="http://www.w3.org/ns/json-ld#context" */
static enum code take_link(struct ngsi *n, bool *found, struct err *err) {
    const char *link = http_header(n->call->request, "Link");
    const char *from = link == NULL ? NULL : strchr(link, '<');
    const char *end = from == NULL ? NULL : strchr(from, '>');
    *found = end != NULL && strstr(end, CONTEXT_RELATION) != NULL;
    if (!*found) {
        return OK;
    }
    struct json_value *v = arena_zero(n->call->arena, sizeof *v);
    v->kind = JSON_STRING;
    v->text = arena_dup(n->call->arena, from + 1, (size_t)(end - from) - 1);
    v->len = strlen(v->text);
    n->link = v->text;
    return ngsi_contexts_load(n->contexts, v, n->call->arena, &n->linked, err);
}

/* ---- options ---- */

static const struct {
    const char *name;
    enum entity_form form;
    unsigned option; /* 0: it is a form */
} words[] = {
    {"normalized", ENTITY_NORMALIZED, 0}, {"concise", ENTITY_CONCISE, 0},
    {"simplified", ENTITY_SIMPLIFIED, 0}, {"keyValues", ENTITY_SIMPLIFIED, 0},
    {"sysAttrs", 0, NGSI_SYSTEM_TIMES},   {"noOverwrite", 0, NGSI_NO_OVERWRITE},
    {"update", 0, NGSI_UPDATE},           {"replace", 0, NGSI_REPLACE},
    {"temporalValues", 0, NGSI_VALUES},   {"aggregatedValues", 0, NGSI_TALLIES},
    {"quality", 0, NGSI_QUALITY},
};

enum { OF_HISTORIES = NGSI_VALUES | NGSI_TALLIES };

static enum code take_words(struct ngsi *n, const char *parameter, struct err *err) {
    struct ngsi_names names = ngsi_query_list(n, parameter);
    for (size_t i = 0; i < names.count; i++) {
        size_t k = 0;
        while (k < sizeof words / sizeof words[0] && strcmp(words[k].name, names.all[i]) != 0) {
            k++;
        }
        bool history = strncmp(n->call->route->name, "ngsi.temporal", 13) == 0;
        if (k == sizeof words / sizeof words[0] ||
            (!history && (words[k].option & OF_HISTORIES) != 0)) {
            n->unknown_word = true;
            return err_set(err, E_INPUT, "cannot take %s \"%.40s\"", parameter, names.all[i]);
        }
        if ((words[k].option & (NGSI_VALUES | NGSI_TALLIES)) != 0) {
            n->options &= ~(unsigned)(NGSI_VALUES | NGSI_TALLIES);
        }
        n->form = words[k].option != 0 ? n->form : words[k].form;
        n->options |= words[k].option;
    }
    return OK;
}

/* Whether a list of names apart by blanks has this one. */
static bool has_word(const char *list, const char *word) {
    size_t len = strlen(word);
    while (*list != '\0') {
        size_t n = strcspn(list, " ");
        if (n == len && memcmp(list, word, n) == 0) {
            return true;
        }
        list += n + (list[n] == ' ');
    }
    return false;
}

/* A parameter that the route's row does not name (6.3.20): what would change the answer is not read
 * over. NULL: there is none. */
static const char *find_stranger(const struct call *c) {
    for (size_t i = 0; i < c->request->query_count; i++) {
        if (!has_word(c->route->query, c->request->query[i].name)) {
            return c->request->query[i].name;
        }
    }
    return NULL;
}

/* ---- beginning ---- */

static bool refuse(struct ngsi *n, int status, const char *type, const char *detail) {
    (void)ngsi_problem(n->call, status, type, detail);
    return false;
}

static bool take_body(struct ngsi *n) {
    const struct http_request *r = n->call->request;
    struct err err = ERR_INIT;
    if (n->call->route->body_max == 0) {
        return true;
    }
    if (!take_content_type(n)) {
        return refuse(n, 415, "UnsupportedMediaType",
                      "the body is application/json or application/ld+json");
    }
    enum code code = json_read(r->body, r->body_len, n->call->arena, &n->body, &err);
    return code == OK ||
           refuse(n, 400, code == E_INPUT ? "InvalidRequest" : "BadRequestData", err.msg);
}

static bool take_head(struct ngsi *n) {
    struct err err = ERR_INIT;
    bool linked = false;
    enum code code = take_words(n, "options", &err);
    if (code == OK) {
        code = take_words(n, "format", &err);
    }
    if (code == OK) {
        code = take_link(n, &linked, &err);
    }
    if (code == OK && linked && n->sends_ld) {
        code = err_set(&err, E_INPUT, "cannot take a Link to an @context with application/ld+json");
    }
    if (n->unknown_word) {
        return refuse(n, 400, "InvalidRequest", err.msg);
    }
    if (code != OK) {
        (void)ngsi_fail(n->call, code, &err);
    }
    return code == OK;
}

/* There are no tenants: whoever names one is told so, and which it was (6.3.14). */
static bool take_tenant(struct ngsi *n) {
    const char *tenant = http_header(n->call->request, "NGSILD-Tenant");
    char detail[160];
    if (tenant == NULL || tenant[0] == '\0') {
        return true;
    }
    snprintf(detail, sizeof detail, "there is no tenant \"%.80s\"", tenant);
    (void)refuse(n, 404, "NonexistentTenant", detail);
    http_set_header(n->call->response, "NGSILD-Tenant", tenant);
    return false;
}

bool ngsi_begin(struct call *c, struct ngsi *n) {
    const char *stranger = find_stranger(c);
    *n = (struct ngsi){.call = c, .form = ENTITY_NORMALIZED};
    c->fail = ngsi_fail;
    n->contexts = arena_alloc(c->arena, sizeof *n->contexts);
    ngsi_contexts_init(n->contexts, c->api, c->request->now_ms);
    n->lang = call_query(c, "lang");
    if (!take_tenant(n)) {
        return false;
    }
    if (!take_accept(n)) {
        return refuse(
            n, 406, "InvalidRequest",
            "an answer is application/json or application/ld+json, or geo+json of entities");
    }
    if (stranger != NULL) {
        char detail[128];
        snprintf(detail, sizeof detail, "the parameter \"%.80s\" is not taken here", stranger);
        return refuse(n, 400, "InvalidRequest", detail);
    }
    return take_body(n) && take_head(n);
}

enum code ngsi_context(const struct ngsi *n, const struct json_value *v, struct entity_context *out,
                       struct err *err) {
    const struct json_value *own = json_member(v, "@context");
    if (own == NULL && n->sends_ld) {
        return err_set(err, E_INPUT, "cannot take application/ld+json without \"@context\"");
    }
    if (own != NULL && !n->sends_ld) {
        return err_set(err, E_INPUT, "cannot take \"@context\" in application/json");
    }
    *out = n->linked;
    return own == NULL ? OK : ngsi_contexts_load(n->contexts, own, n->call->arena, out, err);
}

enum code ngsi_adopt(struct ngsi *n, const struct json_value *v, struct err *err) {
    const struct json_value *own = json_member(v, "@context");
    struct entity_context context;
    enum code code = ngsi_context(n, v, &context, err);
    if (code != OK || own == NULL) {
        return code;
    }
    own = own->kind == JSON_ARRAY && own->count == 1 ? own->first : own;
    n->linked = context;
    n->link = own->kind == JSON_STRING ? own->text : n->link;
    return OK;
}

enum code ngsi_read(const struct ngsi *n, const struct json_value *v, enum entity_need need,
                    struct entity *out, struct err *err) {
    struct entity_context context;
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take an entity: it is %s, not an object",
                       json_kind_name(v->kind));
    }
    enum code code = ngsi_context(n, v, &context, err);
    struct entity_how how = {&context, n->form, need};
    if (code == OK && n->run != NULL && !n->sends_ld) {
        how.context = &n->linked;
        n->run->how = how;
        return entity_read_next(v, n->run, n->call->arena, out, err);
    }
    return code == OK ? entity_read(v, &how, n->call->arena, out, err) : code;
}

enum code ngsi_take_merge(const struct ngsi *n, struct entity *e, struct err *err) {
    const char *observed = call_query(n->call, "observedAt");
    e->lang = n->lang;
    e->observed = observed != NULL;
    return observed == NULL ? OK : entity_time_parse(observed, &e->observed_ms, err);
}

/* ---- paths and queries ---- */

enum code ngsi_path_id(const struct ngsi *n, const char **out, struct err *err) {
    const char *id = route_param(&n->call->params, "entity");
    if (!entity_is_uri(id)) {
        return err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI", id);
    }
    *out = id;
    return OK;
}

enum code ngsi_path_attribute(const struct ngsi *n, const char **out, struct err *err) {
    const char *name = route_param(&n->call->params, "attr");
    struct entity_context context = n->linked;
    enum code code = OK;
    if (n->body != NULL) {
        code = ngsi_context(n, n->body, &context, err);
    }
    return code == OK ? entity_expand(&context, name, n->call->arena, out, err) : code;
}

struct ngsi_names ngsi_query_list(const struct ngsi *n, const char *parameter) {
    const char *at = call_query(n->call, parameter);
    struct ngsi_names names = {NULL, 0};
    if (at == NULL || *at == '\0') {
        return names;
    }
    names.all = arena_alloc(n->call->arena, (strlen(at) + 1) * sizeof *names.all);
    for (;;) {
        size_t len = strcspn(at, ",|");
        names.all[names.count++] = arena_dup(n->call->arena, at, len);
        if (at[len] == '\0') {
            return names;
        }
        at += len + 1;
    }
}

/* ---- answers ---- */

static const char *link_of(const struct ngsi *n) {
    return n->link == NULL ? ENTITY_CORE_CONTEXT : n->link;
}

/* Whether the @context stands in the answer's body, and not in its Link header (6.3.6). */
static bool has_context(const struct ngsi *n) {
    return n->wants_ld || (n->wants_geo && !n->bare_geo);
}

struct json_out *ngsi_json(struct ngsi *n) {
    struct json_out *j = call_json(n->call);
    if (n->wants_ld || n->wants_geo) {
        n->call->response->type = media_types[n->wants_ld ? MEDIA_LD : MEDIA_GEO];
    }
    if (!has_context(n)) {
        struct buf to = BUF_INIT;
        buf_addf(&to, "<%s>; rel=\"" CONTEXT_RELATION "\"; type=\"application/ld+json\"",
                 link_of(n));
        http_set_header(n->call->response, "Link", to.data);
        buf_fini(&to);
    }
    return j;
}

struct entity_look ngsi_look(const struct ngsi *n) {
    return (struct entity_look){.context = &n->linked,
                                .form = n->form,
                                .times = n->options & NGSI_SYSTEM_TIMES,
                                .quality = n->options & NGSI_QUALITY,
                                .link = has_context(n) ? link_of(n) : NULL,
                                .lang = n->lang};
}

void ngsi_put_entity(struct ngsi *n, const struct entity *e, const struct entity_look *look,
                     struct json_out *j) {
    if (n->wants_geo) {
        entity_write_feature(e, look, n->call->arena, j);
    } else {
        entity_write(e, look, n->call->arena, j);
    }
}

/* Of features the whole collection has the @context, not each. */
void ngsi_put_entities(struct ngsi *n, const struct entity *all, size_t count,
                       const struct entity_look *look, struct json_out *j) {
    struct entity_look each = *look;
    each.shorts = arena_zero(n->call->arena, sizeof *each.shorts);
    if (n->wants_geo) {
        json_obj(j);
        json_put_str(j, "type", "FeatureCollection");
        json_key(j, "features");
        each.link = NULL;
    }
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        ngsi_put_entity(n, &all[i], &each, j);
    }
    json_arr_end(j);
    if (n->wants_geo) {
        if (look->link != NULL) {
            entity_write_context(look->link, j);
        }
        json_obj_end(j);
    }
}

static int by_name(const void *a, const void *b) {
    const struct http_field *x = a;
    const struct http_field *y = b;
    return strcmp(x->name, y->name);
}

/* The address of another page: all that was asked, by name, with another offset. */
static void add_page(struct call *c, struct buf *to, const struct ngsi_pages *pages, int64_t offset,
                     const char *relation) {
    const struct http_request *r = c->request;
    struct http_field *all = arena_alloc(c->arena, (r->query_count + 2) * sizeof *all);
    char limit[24];
    char other[24];
    size_t count = 0;
    snprintf(limit, sizeof limit, "%" PRId64, pages->limit);
    snprintf(other, sizeof other, "%" PRId64, offset);
    for (size_t i = 0; i < r->query_count; i++) {
        if (strcmp(r->query[i].name, "offset") != 0 && strcmp(r->query[i].name, "limit") != 0) {
            all[count++] = r->query[i];
        }
    }
    all[count++] = (struct http_field){"limit", limit};
    all[count++] = (struct http_field){"offset", other};
    qsort(all, count, sizeof *all, by_name);
    buf_addf(to, "%s<%s", to->len == 0 ? "" : ", ", c->route->pattern);
    for (size_t i = 0; i < count; i++) {
        buf_addc(to, i == 0 ? '?' : '&');
        ngsi_add_encoded(to, all[i].name);
        buf_addc(to, '=');
        ngsi_add_encoded(to, all[i].value);
    }
    buf_addf(to, ">; rel=\"%s\"; type=\"%s\"", relation, c->response->type);
}

void ngsi_link_pages(struct call *c, const struct ngsi_pages *pages) {
    struct buf to = BUF_INIT;
    int64_t before = pages->offset > pages->limit ? pages->offset - pages->limit : 0;
    for (size_t i = 0; i < c->response->header_count; i++) {
        if (strcmp(c->response->headers[i].name, "Link") == 0) {
            buf_adds(&to, c->response->headers[i].value);
        }
    }
    if (pages->offset > 0 && pages->limit > 0) {
        add_page(c, &to, pages, before, "prev");
    }
    if (pages->more && pages->limit > 0) {
        add_page(c, &to, pages, pages->offset + pages->limit, "next");
    }
    if (to.len > 0) {
        http_set_header(c->response, "Link", to.data);
    }
    buf_fini(&to);
}

void ngsi_add_encoded(struct buf *to, const char *text) {
    for (; *text != '\0'; text++) {
        unsigned char ch = (unsigned char)*text;
        bool plain = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') ||
                     (ch >= 'A' && ch <= 'Z') || strchr("-._~:*", *text) != NULL;
        if (plain) {
            buf_addc(to, *text);
        } else {
            buf_addf(to, "%%%02X", ch);
        }
    }
}

struct entity_job ngsi_job(struct ngsi *n, struct tx *tx) {
    const struct api *api = n->call->api;
    struct entity_job job = {
        .tx = tx, .arena = n->call->arena, .changes = &n->changes, .models = api->models};
    return notifier_job(api->notifier, job);
}

enum code ngsi_note(struct ngsi *n, struct tx *tx, const char *what, const char *const *ids,
                    size_t count, struct err *err) {
    if (entity_only_observed(tx)) {
        return OK;
    }
    struct entity_note note = {.actor = n->call->actor,
                               .what = what,
                               .ids = ids,
                               .count = count,
                               .body = n->call->request->body,
                               .body_len = n->call->request->body_len};
    return notifier_note(n->call->api->notifier, tx, &note, &n->changes, err);
}
