/* ngsi_query: entities that a query means, over NGSI-LD: GET /entities (ETSI GS CIM 009 v1.8.1,
 * section 6.4.3.2) and POST /entityOperations/query (6.23), which has the same in a body:
 *
 *   {"type": "Query", "entities": [{"type", "id", "idPattern"}], "attrs": [], "q", "scopeQ",
 *    "geoQ": {"georel", "geometry", "coordinates", "geoproperty"}, "pick": [], "omit": [],
 *    "datasetId": [], "lang", "join", "joinLevel", "csf"}
 *
 * csf is read for its form alone: there are no other sources to choose from. Left out:
 * order, splitting. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"
#include "api/ngsi_view.h"
#include "base/json_text.h"
#include "entity/entity_list.h"
#include "ngsi/entity_value.h"

enum { LIMIT = 100, LIMIT_MAX = 1000 };

/* One selector as a request words it. */
struct selector_words {
    const char *type;
    struct ngsi_names ids;
    const char *id_pattern;
};

/* A query as a request words it; NULL: not said. */
struct query_words {
    struct selector_words *selectors;
    size_t selector_count;
    const char *q, *scope_q, *csf;
    struct entity_region_words region;
    bool has_region;
    struct ngsi_words view;
};

struct querying {
    struct ngsi *ngsi;
    struct query_words words;
    struct ngsi_view view;
    struct entity_selector selectors[ENTITY_SELECTORS_MAX];
    struct entity_query query;
};

/* ---- the words of parameters ---- */

static void take_parameters(struct querying *qu) {
    const struct call *c = qu->ngsi->call;
    struct query_words *w = &qu->words;
    w->selectors = arena_zero(c->arena, sizeof *w->selectors);
    w->selector_count = 1;
    w->selectors[0] = (struct selector_words){.type = call_query(c, "type"),
                                              .ids = ngsi_query_list(qu->ngsi, "id"),
                                              .id_pattern = call_query(c, "idPattern")};
    w->q = call_query(c, "q");
    w->scope_q = call_query(c, "scopeQ");
    w->csf = call_query(c, "csf");
    w->region = (struct entity_region_words){
        .georel = call_query(c, "georel"),
        .geometry = call_query(c, "geometry"),
        .coordinates = call_query(c, "coordinates"),
        .geoproperty = call_query(c, "geoproperty"),
    };
    w->has_region = w->region.georel != NULL || w->region.geometry != NULL ||
                    w->region.coordinates != NULL || w->region.geoproperty != NULL;
    w->view = ngsi_view_words(c);
}

/* ---- the words of a body ---- */

static enum code refuse(const char *name, const char *why, struct err *err) {
    return err_set(err, E_INPUT, "cannot take \"%s\" of a Query: %s", name, why);
}

static enum code take_text(const struct json_value *v, const char *name, const char **out,
                           struct err *err) {
    const struct json_value *m = json_member(v, name);
    if (m != NULL && (m->kind != JSON_STRING || m->len == 0)) {
        return refuse(name, "it is no text, or empty", err);
    }
    *out = m == NULL ? *out : m->text;
    return OK;
}

/* A list of texts as one, apart by commas, as parameters have it. */
static enum code take_list(struct arena *a, const struct json_value *v, const char *name,
                           const char **out, struct err *err) {
    const struct json_value *m = json_member(v, name);
    struct buf to = BUF_INIT;
    bool good = m == NULL || (m->kind == JSON_ARRAY && m->count > 0);
    for (const struct json_value *i = m == NULL ? NULL : m->first; i != NULL && good; i = i->next) {
        good = i->kind == JSON_STRING && i->len > 0 && strchr(i->text, ',') == NULL;
        buf_adds(&to, to.len == 0 ? "" : ",");
        buf_add(&to, good ? i->text : "", good ? i->len : 0);
    }
    if (good && m != NULL) {
        *out = arena_dup(a, to.data, to.len);
    }
    buf_fini(&to);
    return good ? OK : refuse(name, "it is a list of names, not empty", err);
}

/* "id": a text or a list of them. */
static enum code take_ids(struct arena *a, const struct json_value *v, struct ngsi_names *out,
                          struct err *err) {
    const struct json_value *m = json_member(v, "id");
    if (m == NULL) {
        return OK;
    }
    const struct json_value *i = m->kind == JSON_ARRAY ? m->first : m;
    out->all = arena_alloc(a, (m->count + 1) * sizeof *out->all);
    for (; i != NULL; i = m->kind == JSON_ARRAY ? i->next : NULL) {
        if (i->kind != JSON_STRING) {
            return refuse("id", "it is a URI or a list of them", err);
        }
        out->all[out->count++] = i->text;
    }
    return out->count > 0 ? OK : refuse("id", "the list is empty", err);
}

static enum code take_selector(struct arena *a, const struct json_value *v,
                               struct selector_words *out, struct err *err) {
    static const char *const names[] = {"type", "id", "idPattern", NULL};
    enum code code = json_check_members(v, names, err);
    if (code == OK) {
        code = take_text(v, "type", &out->type, err);
    }
    if (code == OK && out->type == NULL) {
        code = refuse("entities", "one of them has no type", err);
    }
    if (code == OK) {
        code = take_text(v, "idPattern", &out->id_pattern, err);
    }
    return code == OK ? take_ids(a, v, &out->ids, err) : code;
}

static enum code take_selectors(struct querying *qu, const struct json_value *v, struct err *err) {
    struct query_words *w = &qu->words;
    struct arena *a = qu->ngsi->call->arena;
    const struct json_value *list = json_member(v, "entities");
    enum code code = OK;
    if (list == NULL) {
        return OK;
    }
    if (list->kind != JSON_ARRAY || list->count == 0) {
        return refuse("entities", "it is a list of selectors, not empty", err);
    }
    if (list->count > ENTITY_SELECTORS_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d selectors", ENTITY_SELECTORS_MAX);
    }
    w->selectors = arena_zero(a, list->count * sizeof *w->selectors);
    for (const struct json_value *i = list->first; i != NULL && code == OK; i = i->next) {
        code = take_selector(a, i, &w->selectors[w->selector_count++], err);
    }
    return code;
}

/* "coordinates": JSON, or a text that has it. */
static enum code take_coordinates(struct arena *a, const struct json_value *v, const char **out,
                                  struct err *err) {
    const struct json_value *m = json_member(v, "coordinates");
    if (m != NULL && m->kind == JSON_ARRAY) {
        struct json_value bare = *m;
        bare.name = NULL;
        *out = json_text(&bare, a);
        return OK;
    }
    return take_text(v, "coordinates", out, err);
}

static enum code take_region(struct querying *qu, const struct json_value *v, struct err *err) {
    static const char *const names[] = {"georel", "geometry", "coordinates", "geoproperty", NULL};
    struct entity_region_words *w = &qu->words.region;
    const struct json_value *geo = json_member(v, "geoQ");
    if (geo == NULL) {
        return OK;
    }
    qu->words.has_region = true;
    enum code code = json_check_members(geo, names, err);
    if (code == OK) {
        code = take_text(geo, "georel", &w->georel, err);
    }
    if (code == OK) {
        code = take_text(geo, "geometry", &w->geometry, err);
    }
    if (code == OK) {
        code = take_text(geo, "geoproperty", &w->geoproperty, err);
    }
    return code == OK ? take_coordinates(qu->ngsi->call->arena, geo, &w->coordinates, err) : code;
}

static enum code take_texts(struct querying *qu, const struct json_value *v, struct err *err) {
    struct query_words *w = &qu->words;
    struct arena *a = qu->ngsi->call->arena;
    const struct {
        const char *name;
        const char **to;
        bool list;
    } rows[] = {{"q", &w->q, false},
                {"scopeQ", &w->scope_q, false},
                {"csf", &w->csf, false},
                {"lang", &w->view.lang, false},
                {"join", &w->view.join, false},
                {"attrs", &w->view.attrs, true},
                {"pick", &w->view.pick, true},
                {"omit", &w->view.omit, true},
                {"datasetId", &w->view.dataset, true}};
    enum code code = OK;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && code == OK; i++) {
        code = rows[i].list ? take_list(a, v, rows[i].name, rows[i].to, err)
                            : take_text(v, rows[i].name, rows[i].to, err);
    }
    return code;
}

static enum code take_level(struct querying *qu, const struct json_value *v, struct err *err) {
    const struct json_value *level = json_member(v, "joinLevel");
    if (level != NULL && level->kind != JSON_NUMBER) {
        return refuse("joinLevel", "it is a number", err);
    }
    qu->words.view.join_level = level == NULL ? qu->words.view.join_level : level->text;
    return OK;
}

static enum code take_body(struct querying *qu, struct err *err) {
    static const char *const names[] = {"join",      "joinLevel", "type", "@context", "entities",
                                        "attrs",     "q",         "geoQ", "csf",      "scopeQ",
                                        "datasetId", "lang",      "omit", "pick",     NULL};
    const struct json_value *v = qu->ngsi->body;
    const struct json_value *type = json_member(v, "type");
    enum code code = json_check_members(v, names, err);
    if (code == OK &&
        (type == NULL || type->kind != JSON_STRING || strcmp(type->text, "Query") != 0)) {
        code = refuse("type", "it is Query", err);
    }
    if (code == OK) {
        code = ngsi_adopt(qu->ngsi, v, err);
    }
    qu->words.view.geometry = call_query(qu->ngsi->call, "geometryProperty");
    qu->words.view.join = call_query(qu->ngsi->call, "join");
    qu->words.view.join_level = call_query(qu->ngsi->call, "joinLevel");
    if (code == OK) {
        code = take_selectors(qu, v, err);
    }
    if (code == OK) {
        code = take_region(qu, v, err);
    }
    if (code == OK) {
        code = take_texts(qu, v, err);
    }
    return code == OK ? take_level(qu, v, err) : code;
}

/* ---- from words to a query ---- */

static enum code check_ids(const struct ngsi_names *ids, struct err *err) {
    for (size_t i = 0; i < ids->count; i++) {
        if (!entity_is_uri(ids->all[i])) {
            return err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI", ids->all[i]);
        }
    }
    return OK;
}

static enum code read_selector(struct querying *qu, const struct selector_words *w,
                               struct entity_selector *to, struct err *err) {
    struct ngsi *n = qu->ngsi;
    enum code code = check_ids(&w->ids, err);
    to->ids = w->ids.all;
    to->id_count = w->ids.count;
    to->id_pattern = w->id_pattern;
    return code == OK && w->type != NULL
               ? entity_types_parse(w->type, &n->linked, n->call->arena, &to->types, err)
               : code;
}

static enum code read_selectors(struct querying *qu, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < qu->words.selector_count && code == OK; i++) {
        code = read_selector(qu, &qu->words.selectors[i], &qu->selectors[i], err);
    }
    qu->query.selectors = qu->selectors;
    qu->query.selector_count = qu->words.selector_count;
    return code;
}

/* csf has the form of q. */
static enum code check_csf(const struct querying *qu, struct err *err) {
    const struct entity_q *csf = NULL;
    struct ngsi *n = qu->ngsi;
    enum code code = qu->words.csf == NULL
                         ? OK
                         : entity_q_parse(qu->words.csf, &n->linked, n->call->arena, &csf, err);
    if (code == OK) {
        entity_q_free(csf);
    }
    return code;
}

static enum code read_conditions(struct querying *qu, struct err *err) {
    const struct query_words *w = &qu->words;
    struct entity_query *q = &qu->query;
    struct arena *a = qu->ngsi->call->arena;
    const struct entity_context *context = &qu->ngsi->linked;
    enum code code = check_csf(qu, err);
    if (code == OK && w->q != NULL) {
        code = entity_q_parse(w->q, context, a, &q->q, err);
    }
    if (code == OK && w->scope_q != NULL) {
        code = entity_scopes_parse(w->scope_q, a, &q->scopes, err);
    }
    if (code == OK && w->has_region) {
        code = entity_region_parse(&w->region, context, a, &q->region, err);
    }
    return code;
}

/* 5.7.2.4: what is asked for must narrow it down, and system attributes alone do not. */
static enum code check_breadth(const struct querying *qu, struct err *err) {
    const char *names[ENTITY_Q_TERMS_MAX];
    const struct entity_query *q = &qu->query;
    const char *local = call_query(qu->ngsi->call, "local");
    bool types = q->selector_count > 0 && q->selectors[0].types != NULL;
    const char *const *all;
    if (local != NULL && strcmp(local, "true") != 0 && strcmp(local, "false") != 0) {
        return err_set(err, E_INPUT, "cannot take local \"%.40s\": it is true or false", local);
    }
    bool remote = local != NULL && strcmp(local, "false") == 0;
    if (types && remote && entity_types_names(q->selectors[0].types, &all) == 0) {
        return err_set(err, E_INPUT, "cannot ask for all types but locally");
    }
    if (types || q->attribute_count > 0 || q->region != NULL || (local != NULL && !remote) ||
        (q->q != NULL && entity_q_names(q->q, names) > 0)) {
        return OK;
    }
    return err_set(err, E_INPUT,
                   "say which entities: type, attrs, q of an attribute, georel or local=true");
}

static enum code take_paging(struct ngsi *n, struct entity_query *q, struct err *err) {
    struct call *c = n->call;
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

static enum code read_query(struct querying *qu, struct err *err) {
    enum code code = take_paging(qu->ngsi, &qu->query, err);
    if (code == OK) {
        code = ngsi_view_read(qu->ngsi, &qu->words.view, &qu->view, err);
    }
    if (code == OK) {
        struct ngsi_names needs = ngsi_view_needs(&qu->view);
        qu->query.attributes = needs.all;
        qu->query.attribute_count = needs.count;
        code = read_selectors(qu, err);
    }
    if (code == OK) {
        code = read_conditions(qu, err);
    }
    return code == OK ? check_breadth(qu, err) : code;
}

/* ---- the answer ---- */

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct querying *qu = data;
    struct entity_page page;
    qu->query.heads = c->api->heads;
    enum code code = entity_list(tx, &qu->query, c->arena, &page, err);
    if (code != OK) {
        return code;
    }
    struct ngsi_shown shown;
    code = ngsi_view_show(&qu->view, tx, page.entities, page.count, &shown, err);
    if (code != OK) {
        return code;
    }
    ngsi_view_put_all(&qu->view, &shown);
    ngsi_link_pages(c, &(struct ngsi_pages){qu->query.offset, qu->query.limit, page.more});
    if (qu->query.count) {
        char digits[24];
        snprintf(digits, sizeof digits, "%" PRId64, page.total);
        http_set_header(c->response, "NGSILD-Results-Count", digits);
    }
    return OK;
}

static enum code answer(struct querying *qu, enum code code, struct err *err) {
    struct call *c = qu->ngsi->call;
    if (code == OK) {
        code = read_query(qu, err);
    }
    bool many = code == OK && qu->query.limit > LIMIT_MAX;
    if (code == OK && !many) {
        code = call_read(c, list, qu, err);
    }
    entity_q_free(qu->query.q);
    entity_region_free(qu->query.region);
    if (many) {
        return ngsi_problem(c, 403, "TooManyResults", "a page has 1000 entities at most");
    }
    return code == OK ? OK : ngsi_fail(c, code, err);
}

enum code ngsi_entity_list(struct call *c, struct err *err) {
    struct ngsi n;
    struct querying qu = {.ngsi = &n};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    take_parameters(&qu);
    return answer(&qu, OK, err);
}

enum code ngsi_batch_query(struct call *c, struct err *err) {
    struct ngsi n;
    struct querying qu = {.ngsi = &n};
    if (!ngsi_begin(c, &n)) {
        return OK;
    }
    return answer(&qu, take_body(&qu, err), err);
}
