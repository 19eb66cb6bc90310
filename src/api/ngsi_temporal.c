/* ngsi_temporal: histories over NGSI-LD: /temporal/entities and /temporal/entities/{id}, and
 * /temporal/entityOperations/query (ETSI GS CIM 009 v1.8.1,
 * sections 5.7.3, 5.7.4, 6.18, 6.19, 6.24).
 *
 * An answer that would be too long ends at a moment: 206, and Content-Range says from when until
 * when it is (6.3.10). `options=quality` is ours: "qartod" beside what was judged. Left out: other
 * timeproperties than observedAt, languages, scopes over time. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/ngsi_int.h"
#include "base/json_text.h"
#include "entity/entity_history.h"
#include "entity/entity_history_write.h"
#include "ngsi/entity_value.h"
#include "ngsi/pattern.h"

enum { LIMIT = 100, LIMIT_MAX = 1000, SELECTORS_MAX = 16 };

/* What a request says of time, as text, from wherever it says it; NULL for what it does not. */
struct words {
    struct entity_stretch_words stretch;
    const char *property, *last, *methods, *duration;
};

/* Members of an entity that are to be shown, or are not. */
struct members {
    bool any, id, type;
    struct ngsi_names attributes;
};

struct temporal {
    struct ngsi ngsi;
    struct entity_context context;
    struct words words;
    struct entity_history_query query;
    struct entity_history_look look;
    struct members pick, omit;
    const char *id; /* of the path */
    /* of a query */
    struct entity_history_filter filter;
    struct entity_history_selector selectors[SELECTORS_MAX];
    regex_t patterns[SELECTORS_MAX];
    size_t pattern_count;
    bool counted;
};

/* ---- when ---- */

static void take_words(struct temporal *t) {
    const struct call *c = t->ngsi.call;
    t->words = (struct words){
        {call_query(c, "timerel"), call_query(c, "timeAt"), call_query(c, "endTimeAt")},
        call_query(c, "timeproperty"),
        call_query(c, "lastN"),
        call_query(c, "aggrMethods"),
        call_query(c, "aggrPeriodDuration")};
}

/* A timeproperty of the standard that is not kept: OK, and *other is true. */
static enum code check_property(const struct temporal *t, bool *other, struct err *err) {
    static const char *const others[] = {"createdAt", "modifiedAt", "deletedAt"};
    const char *said = t->words.property;
    *other = false;
    for (size_t i = 0; i < sizeof others / sizeof others[0] && said != NULL; i++) {
        *other = *other || strcmp(said, others[i]) == 0;
    }
    return said == NULL || *other || strcmp(said, "observedAt") == 0
               ? OK
               : err_set(err, E_INPUT, "cannot take timeproperty \"%.40s\": it is observedAt",
                         said);
}

static enum code take_tallies(struct temporal *t, struct err *err) {
    const struct words *w = &t->words;
    enum code code = OK;
    if ((t->ngsi.options & NGSI_TALLIES) == 0) {
        return OK;
    }
    if (w->methods == NULL) {
        return err_set(err, E_INPUT, "cannot take aggregatedValues without aggrMethods");
    }
    code = entity_methods_parse(w->methods, strlen(w->methods), &t->query.methods, err);
    t->look.methods = t->query.methods;
    return code == OK && w->duration != NULL
               ? entity_duration_parse(w->duration, &t->query.period, err)
               : code;
}

static enum code take_time(struct temporal *t, struct err *err) {
    enum code code = entity_stretch_parse(&t->words.stretch, &t->query.stretch, err);
    if (code == OK && t->words.last != NULL) {
        code = json_whole(t->words.last, (struct json_range){1, INT32_MAX}, &t->query.last, err);
    }
    if (code != OK && t->words.last != NULL && t->query.last == 0 && err != NULL) {
        err_prefix(err, "lastN");
    }
    return code == OK ? take_tallies(t, err) : code;
}

/* ---- which members ---- */

static enum code add_member(struct temporal *t, const char *name, struct members *to,
                            struct err *err) {
    if (strcmp(name, "id") == 0) {
        to->id = true;
    } else if (strcmp(name, "type") == 0) {
        to->type = true;
    } else if (strchr(name, '{') != NULL) {
        return err_set(err, E_INPUT, "cannot take \"%.80s\": linked entities are not followed",
                       name);
    } else {
        return entity_expand(&t->context, name, t->ngsi.call->arena,
                             &to->attributes.all[to->attributes.count++], err);
    }
    return OK;
}

static enum code take_members(struct temporal *t, const struct ngsi_names *names,
                              struct members *to, struct err *err) {
    enum code code = OK;
    to->any = names->count > 0;
    to->attributes.all =
        arena_alloc(t->ngsi.call->arena, (names->count + 1) * sizeof *to->attributes.all);
    for (size_t i = 0; i < names->count && code == OK; i++) {
        code = add_member(t, names->all[i], to, err);
    }
    return code;
}

static bool has_name(const struct ngsi_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->all[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool meet(const struct members *a, const struct members *b) {
    bool both = (a->id && b->id) || (a->type && b->type);
    for (size_t i = 0; i < a->attributes.count; i++) {
        both = both || has_name(&b->attributes, a->attributes.all[i]);
    }
    return both;
}

/* attrs, or pick and omit: which attributes are looked for, and which members are shown. */
static enum code choose(struct temporal *t, const struct ngsi_names *attrs,
                        const struct ngsi_names *pick, const struct ngsi_names *omit,
                        struct err *err) {
    struct members asked = {.any = false};
    enum code code = take_members(t, attrs, &asked, err);
    if (code == OK) {
        code = take_members(t, pick, &t->pick, err);
    }
    if (code == OK) {
        code = take_members(t, omit, &t->omit, err);
    }
    if (code == OK && asked.any && (t->pick.any || t->omit.any)) {
        code = err_set(err, E_INPUT, "cannot take attrs together with pick or omit");
    }
    if (code == OK && meet(&t->pick, &t->omit)) {
        code = err_set(err, E_INPUT, "cannot take the same member in pick and in omit");
    }
    const struct ngsi_names *named = asked.any ? &asked.attributes : &t->pick.attributes;
    t->query.attributes = named->all;
    t->query.attribute_count = named->count;
    t->look.no_id = (t->pick.any && !t->pick.id) || t->omit.id;
    t->look.no_type = (t->pick.any && !t->pick.type) || t->omit.type;
    return code;
}

/* Leaves the attributes that are shown. */
static void keep_chosen(const struct temporal *t, struct entity_history *h) {
    bool none = t->pick.any && t->pick.attributes.count == 0;
    size_t kept = 0;
    for (size_t i = 0; i < h->count; i++) {
        if (!none && !has_name(&t->omit.attributes, h->series[i].name)) {
            h->series[kept++] = h->series[i];
        }
    }
    h->count = kept;
}

static bool is_empty(const struct temporal *t, const struct entity_history *h) {
    return t->look.no_id && t->look.no_type && h->count == 0;
}

/* ---- beginning ---- */

/* What is asked for alike, in the address or in a body. */
static enum code take_all(struct temporal *t, const struct ngsi_names *attrs,
                          const struct ngsi_names *pick, const struct ngsi_names *omit,
                          const struct ngsi_names *datasets, struct err *err) {
    enum code code = take_time(t, err);
    t->look.look = ngsi_look(&t->ngsi);
    t->look.look.context = &t->context;
    t->look.look.form = t->ngsi.options & NGSI_VALUES ? ENTITY_SIMPLIFIED : t->ngsi.form;
    t->query.datasets = datasets->all;
    t->query.dataset_count = datasets->count;
    t->query.limit = t->ngsi.call->api->config.history_page;
    return code == OK ? choose(t, attrs, pick, omit, err) : code;
}

static enum code take_address(struct temporal *t, struct err *err) {
    struct ngsi_names attrs = ngsi_query_list(&t->ngsi, "attrs");
    struct ngsi_names pick = ngsi_query_list(&t->ngsi, "pick");
    struct ngsi_names omit = ngsi_query_list(&t->ngsi, "omit");
    struct ngsi_names datasets = ngsi_query_list(&t->ngsi, "datasetId");
    t->context = t->ngsi.linked;
    return take_all(t, &attrs, &pick, &omit, &datasets, err);
}

/* Failures of reading: what is too much is the standard's own problem. */
static enum code fail(struct temporal *t, enum code code, const struct err *err) {
    return code == E_LIMIT ? ngsi_problem(t->ngsi.call, 403, "TooComplexQuery", err->msg)
                           : ngsi_fail(t->ngsi.call, code, err);
}

static enum code refuse_property(struct temporal *t) {
    return ngsi_problem(t->ngsi.call, 422, "OperationNotSupported",
                        "a history is kept by observedAt: when an instance was written or deleted "
                        "is not known");
}

/* ---- a page that ends at a moment ---- */

/* Content-Range: date-time FROM-UNTIL/SIZE. With lastN it runs backwards: from the newest. */
static void set_range(struct temporal *t, const struct entity_span *held) {
    const struct entity_stretch *s = &t->query.stretch;
    struct http_response *r = t->ngsi.call->response;
    char from[ENTITY_TIME_MAX];
    char until[ENTITY_TIME_MAX];
    char size[24] = "*";
    char text[2 * ENTITY_TIME_MAX + 48];
    bool back = t->query.last > 0;
    bool named = back ? s->span.to_ms != ENTITY_EVER_MS : s->span.from_ms != -ENTITY_EVER_MS;
    int64_t first = back ? held->to_ms : held->from_ms;
    int64_t border = back ? s->span.to_ms : s->span.from_ms;
    if (back) {
        snprintf(size, sizeof size, "%" PRId64, t->query.last);
    }
    entity_time_text(named ? border : first, from);
    entity_time_text(back ? held->from_ms : held->to_ms, until);
    snprintf(text, sizeof text, "date-time %s-%s/%s", from, until, size);
    http_set_header(r, "Content-Range", text);
    r->status = 206;
}

/* ---- one entity ---- */

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct temporal *t = data;
    struct entity_history h;
    enum code code = entity_history_load(tx, t->id, &t->query, c->arena, &h, err);
    if (code != OK) {
        return code;
    }
    keep_chosen(t, &h);
    if (is_empty(t, &h)) {
        return err_set(err, E_ABSENT, "entity \"%.200s\" has none of these members", t->id);
    }
    entity_history_write(&h, &t->look, c->arena, ngsi_json(&t->ngsi));
    if (h.more) {
        set_range(t, &h.held);
    }
    return OK;
}

enum code ngsi_temporal_get(struct call *c, struct err *err) {
    struct temporal *t = arena_zero(c->arena, sizeof *t);
    bool other = false;
    if (!ngsi_begin(c, &t->ngsi)) {
        return OK;
    }
    take_words(t);
    enum code code = ngsi_path_id(&t->ngsi, &t->id, err);
    if (code == OK) {
        code = check_property(t, &other, err);
    }
    if (code == OK && other) {
        return refuse_property(t);
    }
    if (code == OK) {
        code = take_address(t, err);
    }
    if (code != OK) {
        return ngsi_fail(c, code, err);
    }
    code = call_read(c, get, t, err);
    return code == OK ? OK : fail(t, code, err);
}

/* ---- many: the answer ---- */

static void put_page(struct temporal *t, struct entity_history_page *page) {
    struct call *c = t->ngsi.call;
    struct json_out *j = ngsi_json(&t->ngsi);
    json_arr(j);
    for (size_t i = 0; i < page->count; i++) {
        keep_chosen(t, &page->all[i]);
        if (!is_empty(t, &page->all[i])) {
            entity_history_write(&page->all[i], &t->look, c->arena, j);
        }
    }
    json_arr_end(j);
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct temporal *t = data;
    struct entity_history_page page;
    enum code code = entity_history_list(tx, &t->filter, &t->query, c->arena, &page, err);
    if (code != OK) {
        return code;
    }
    put_page(t, &page);
    ngsi_link_pages(c, &(struct ngsi_pages){t->filter.offset, t->filter.limit, page.more});
    if (t->filter.total) {
        char digits[24];
        snprintf(digits, sizeof digits, "%" PRId64, page.total);
        http_set_header(c->response, "NGSILD-Results-Count", digits);
    }
    if (page.cut) {
        set_range(t, &page.held);
    }
    return OK;
}

/* What was parsed for a query and is not in the arena. */
static void free_filter(struct temporal *t) {
    entity_q_free(t->filter.q);
    entity_region_free(t->filter.region);
    for (size_t i = 0; i < t->pattern_count; i++) {
        regfree(&t->patterns[i]);
    }
}

static enum code run_list(struct temporal *t, enum code code, struct err *err) {
    struct call *c = t->ngsi.call;
    if (code == OK && t->filter.limit > LIMIT_MAX) {
        code = ngsi_problem(c, 403, "TooManyResults", "a page has 1000 entities at most");
    } else if (code == OK) {
        code = call_read(c, list, t, err);
        code = code == OK ? OK : fail(t, code, err);
    } else {
        code = ngsi_fail(c, code, err);
    }
    free_filter(t);
    return code;
}

/* ---- many: which ---- */

static enum code check_ids(const struct entity_history_selector *s, struct err *err) {
    for (size_t i = 0; i < s->id_count; i++) {
        if (!entity_is_uri(s->ids[i])) {
            return err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI", s->ids[i]);
        }
    }
    return OK;
}

struct selector_words {
    const char *type, *pattern;
    struct ngsi_names ids;
};

static enum code add_selector(struct temporal *t, const struct selector_words *w, struct err *err) {
    struct entity_history_selector *s = &t->selectors[t->filter.count];
    enum code code = OK;
    if (t->filter.count == SELECTORS_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d entities of a query", SELECTORS_MAX);
    }
    *s = (struct entity_history_selector){.ids = w->ids.all, .id_count = w->ids.count};
    code = check_ids(s, err);
    if (code == OK && w->type != NULL) {
        code = entity_types_parse(w->type, &t->context, t->ngsi.call->arena, &s->types, err);
    }
    if (code == OK && w->pattern != NULL) {
        code = pattern_compile(w->pattern, "idPattern", &t->patterns[t->pattern_count], err);
        s->pattern = code == OK ? &t->patterns[t->pattern_count++] : NULL;
    }
    t->filter.selectors = t->selectors;
    t->filter.count++;
    return code;
}

static enum code take_filter(struct temporal *t, const char *q,
                             const struct entity_region_words *geo, struct err *err) {
    struct arena *a = t->ngsi.call->arena;
    bool somewhere = geo->georel != NULL || geo->geometry != NULL || geo->coordinates != NULL;
    enum code code = q == NULL ? OK : entity_q_parse(q, &t->context, a, &t->filter.q, err);
    return code == OK && somewhere
               ? entity_region_parse(geo, &t->context, a, &t->filter.region, err)
               : code;
}

/* The least that must be said of entities (5.7.4): ids alone are not enough. */
static enum code check_said(const struct temporal *t, bool local, struct err *err) {
    bool typed = false;
    for (size_t i = 0; i < t->filter.count; i++) {
        typed = typed || t->filter.selectors[i].types != NULL;
    }
    bool said = typed || local || t->query.attribute_count > 0 || t->filter.q != NULL ||
                t->filter.region != NULL;
    if (!said) {
        return err_set(err, E_INPUT, "say which entities: type, attrs, q, georel or local=true");
    }
    return t->query.stretch.relation == ENTITY_ALWAYS
               ? err_set(err, E_INPUT, "say when: timerel and timeAt")
               : OK;
}

static enum code take_flag(const struct call *c, const char *name, bool *out, struct err *err) {
    const char *said = call_query(c, name);
    *out = said != NULL && strcmp(said, "true") == 0;
    return said == NULL || *out || strcmp(said, "false") == 0
               ? OK
               : err_set(err, E_INPUT, "cannot take %s \"%.40s\": it is true or false", name, said);
}

/* orderBy: ids alone, which are in the order of their bytes then (4.23). */
static enum code take_order(struct temporal *t, struct err *err) {
    const char *said = call_query(t->ngsi.call, "orderBy");
    struct entity_history_filter *f = &t->filter;
    if (said == NULL) {
        return OK;
    }
    f->order = strcmp(said, "id;desc") == 0 ? ENTITY_BY_ID_DOWN : ENTITY_BY_ID;
    return f->order == ENTITY_BY_ID_DOWN || strcmp(said, "id") == 0 || strcmp(said, "id;asc") == 0
               ? OK
               : err_set(err, E_INPUT, "cannot take orderBy \"%.80s\": histories are ordered by id",
                         said);
}

static enum code take_paging(struct temporal *t, struct err *err) {
    const struct call *c = t->ngsi.call;
    struct entity_history_filter *f = &t->filter;
    f->limit = LIMIT;
    enum code code = take_flag(c, "count", &f->total, err);
    if (code == OK) {
        code = call_query_int(c, "limit", (struct json_range){f->total ? 0 : 1, INT32_MAX},
                              &f->limit, err);
    }
    return code == OK
               ? call_query_int(c, "offset", (struct json_range){0, INT32_MAX}, &f->offset, err)
               : code;
}

/* ---- many, by the address ---- */

static enum code take_query(struct temporal *t, struct err *err) {
    const struct call *c = t->ngsi.call;
    struct selector_words w = {call_query(c, "type"), call_query(c, "idPattern"),
                               ngsi_query_list(&t->ngsi, "id")};
    struct entity_region_words geo = {call_query(c, "georel"), call_query(c, "geometry"),
                                      call_query(c, "coordinates"), call_query(c, "geoproperty")};
    bool local = false;
    enum code code = take_address(t, err);
    if (code == OK) {
        code = add_selector(t, &w, err);
    }
    if (code == OK) {
        code = take_filter(t, call_query(c, "q"), &geo, err);
    }
    if (code == OK) {
        code = take_flag(c, "local", &local, err);
    }
    if (code == OK) {
        code = check_said(t, local, err);
    }
    return code == OK ? take_paging(t, err) : code;
}

enum code ngsi_temporal_list(struct call *c, struct err *err) {
    struct temporal *t = arena_zero(c->arena, sizeof *t);
    bool other = false;
    if (!ngsi_begin(c, &t->ngsi)) {
        return OK;
    }
    take_words(t);
    enum code code = take_order(t, err);
    if (code == OK) {
        code = check_property(t, &other, err);
    }
    if (code == OK && other) {
        return refuse_property(t);
    }
    return run_list(t, code == OK ? take_query(t, err) : code, err);
}

/* ---- many, by a body (5.2.23) ---- */

/* A text of the body; also the digits of a number. */
static enum code body_text(const struct json_value *v, const char *name, const char **out,
                           struct err *err) {
    const struct json_value *m = json_member(v, name);
    if (m == NULL) {
        return OK;
    }
    if (m->kind != JSON_STRING && m->kind != JSON_NUMBER) {
        return err_set(err, E_INPUT, "cannot take \"%s\": it is %s, not a text", name,
                       json_kind_name(m->kind));
    }
    *out = m->text;
    return OK;
}

/* A list of texts, or one text whose parts are apart by ','. */
static enum code body_list(const struct temporal *t, const struct json_value *v, const char *name,
                           struct ngsi_names *out, struct err *err) {
    const struct json_value *m = json_member(v, name);
    struct arena *a = t->ngsi.call->arena;
    *out = (struct ngsi_names){NULL, 0};
    if (m == NULL) {
        return OK;
    }
    if (m->kind == JSON_STRING) {
        out->all = arena_alloc(a, (m->len + 1) * sizeof *out->all);
        for (const char *at = m->text;; at++) {
            size_t n = strcspn(at, ",");
            out->all[out->count++] = arena_dup(a, at, n);
            at += n;
            if (*at == '\0') {
                return OK;
            }
        }
    }
    out->all = arena_alloc(a, (m->count + 1) * sizeof *out->all);
    for (const struct json_value *i = m->first; i != NULL; i = i->next) {
        if (m->kind != JSON_ARRAY || i->kind != JSON_STRING) {
            return err_set(err, E_INPUT, "cannot take \"%s\": it is no list of texts", name);
        }
        out->all[out->count++] = i->text;
    }
    return OK;
}

/* Methods as one text, as the address has them; whoever names some wants tallies. */
static enum code body_methods(struct temporal *t, const struct json_value *v, struct err *err) {
    struct ngsi_names names;
    struct buf text = BUF_INIT;
    enum code code = body_list(t, v, "aggrMethods", &names, err);
    if (code != OK || names.count == 0) {
        return code;
    }
    for (size_t i = 0; i < names.count; i++) {
        buf_addf(&text, "%s%s", i == 0 ? "" : ",", names.all[i]);
    }
    t->words.methods = arena_dup(t->ngsi.call->arena, text.data, text.len);
    t->ngsi.options |= NGSI_TALLIES;
    buf_fini(&text);
    return OK;
}

static enum code body_time(struct temporal *t, struct err *err) {
    const struct json_value *v = json_member(t->ngsi.body, "temporalQ");
    const struct json_value *tallies = json_member(t->ngsi.body, "aggrParams");
    struct words *w = &t->words;
    enum code code = body_text(v, "timerel", &w->stretch.timerel, err);
    const struct {
        const char *name;
        const char **to;
    } texts[] = {{"timeAt", &w->stretch.time_at},
                 {"endTimeAt", &w->stretch.end_time_at},
                 {"timeproperty", &w->property},
                 {"lastN", &w->last},
                 {"aggrPeriodDuration", &w->duration}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && code == OK; i++) {
        code = body_text(v, texts[i].name, texts[i].to, err);
    }
    if (code == OK) {
        code = body_methods(t, v, err);
    }
    if (code == OK) {
        code = body_text(tallies, "aggrPeriodDuration", &w->duration, err);
    }
    return code == OK ? body_methods(t, tallies, err) : code;
}

/* geoQ's coordinates are JSON there, and text in an address. */
static enum code body_geo(struct temporal *t, struct entity_region_words *to, struct err *err) {
    const struct json_value *v = json_member(t->ngsi.body, "geoQ");
    const struct json_value *at = json_member(v, "coordinates");
    enum code code = body_text(v, "georel", &to->georel, err);
    if (code == OK) {
        code = body_text(v, "geometry", &to->geometry, err);
    }
    if (code == OK) {
        code = body_text(v, "geoproperty", &to->geoproperty, err);
    }
    if (code == OK && at != NULL) {
        to->coordinates = at->kind == JSON_STRING ? at->text : json_text(at, t->ngsi.call->arena);
    }
    return code;
}

static enum code body_selector(struct temporal *t, const struct json_value *v, struct err *err) {
    struct selector_words w = {NULL, NULL, {NULL, 0}};
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take entities: %s is no object",
                       json_kind_name(v->kind));
    }
    enum code code = body_text(v, "type", &w.type, err);
    if (code == OK) {
        code = body_text(v, "idPattern", &w.pattern, err);
    }
    if (code == OK) {
        code = body_list(t, v, "id", &w.ids, err);
    }
    return code == OK ? add_selector(t, &w, err) : code;
}

static enum code body_filter(struct temporal *t, struct err *err) {
    const struct json_value *body = t->ngsi.body;
    const struct json_value *entities = json_member(body, "entities");
    const char *q = NULL;
    struct entity_region_words geo = {NULL, NULL, NULL, NULL};
    enum code code = OK;
    if (entities != NULL && entities->kind != JSON_ARRAY) {
        return err_set(err, E_INPUT, "cannot take \"entities\": it is no list");
    }
    for (const struct json_value *v = entities == NULL ? NULL : entities->first;
         v != NULL && code == OK; v = v->next) {
        code = body_selector(t, v, err);
    }
    if (code == OK) {
        code = body_text(body, "q", &q, err);
    }
    if (code == OK) {
        code = body_geo(t, &geo, err);
    }
    return code == OK ? take_filter(t, q, &geo, err) : code;
}

static enum code body_all(struct temporal *t, struct err *err) {
    const struct json_value *body = t->ngsi.body;
    struct ngsi_names attrs;
    struct ngsi_names pick;
    struct ngsi_names omit;
    struct ngsi_names datasets;
    enum code code = body_list(t, body, "attrs", &attrs, err);
    if (code == OK) {
        code = body_list(t, body, "pick", &pick, err);
    }
    if (code == OK) {
        code = body_list(t, body, "omit", &omit, err);
    }
    if (code == OK) {
        code = body_list(t, body, "datasetId", &datasets, err);
    }
    return code == OK ? take_all(t, &attrs, &pick, &omit, &datasets, err) : code;
}

static enum code take_body(struct temporal *t, struct err *err) {
    const struct json_value *type = json_member(t->ngsi.body, "type");
    if (type == NULL || type->kind != JSON_STRING || strcmp(type->text, "Query") != 0) {
        return err_set(err, E_INPUT, "cannot take the body: its type is not \"Query\"");
    }
    enum code code = ngsi_adopt(&t->ngsi, t->ngsi.body, err);
    t->context = t->ngsi.linked;
    return code == OK ? body_time(t, err) : code;
}

static enum code take_rest(struct temporal *t, struct err *err) {
    bool local = false;
    enum code code = body_all(t, err);
    if (code == OK) {
        code = body_filter(t, err);
    }
    if (code == OK) {
        code = take_flag(t->ngsi.call, "local", &local, err);
    }
    if (code == OK) {
        code = check_said(t, local, err);
    }
    return code == OK ? take_paging(t, err) : code;
}

enum code ngsi_temporal_query(struct call *c, struct err *err) {
    struct temporal *t = arena_zero(c->arena, sizeof *t);
    bool other = false;
    if (!ngsi_begin(c, &t->ngsi)) {
        return OK;
    }
    enum code code = take_order(t, err);
    if (code == OK) {
        code = take_body(t, err);
    }
    if (code == OK) {
        code = check_property(t, &other, err);
    }
    if (code == OK && other) {
        return refuse_property(t);
    }
    return run_list(t, code == OK ? take_rest(t, err) : code, err);
}
