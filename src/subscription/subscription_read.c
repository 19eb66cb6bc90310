/* subscription_read: a subscription out of JSON that a client sent; see subscription.h. A member
 * that is null, or urn:ngsi-ld:null, is one that is not there: in a patch it takes the old one away
 * (CIM 009 sections 4.5.0, 5.5.8). */
#include <string.h>

#include "base/json_text.h"
#include "ngsi/entity.h"
#include "subscription/subscription.h"
#include "subscription/subscription_int.h"

struct reading {
    const struct entity_context *context;
    struct arena *arena;
    struct subscription *to;
    struct err *err;
};

/* ---- values ---- */

static enum code wrong(struct reading *r, const struct json_value *v, const char *wanted) {
    return err_set(r->err, E_INPUT, "cannot take \"%.80s\": it is %s, not %s",
                   v->name == NULL ? "a list's item" : v->name, json_kind_name(v->kind), wanted);
}

static bool is_null(const struct json_value *v) {
    return v == NULL || v->kind == JSON_NULL ||
           (v->kind == JSON_STRING && strcmp(v->text, ENTITY_NULL) == 0);
}

static enum code take_text(struct reading *r, const struct json_value *v, const char **out) {
    if (is_null(v)) {
        return OK;
    }
    if (v->kind != JSON_STRING) {
        return wrong(r, v, "a text");
    }
    if (v->len == 0) {
        return err_set(r->err, E_INPUT, "cannot take \"%.80s\": it is empty",
                       v->name == NULL ? "a list's item" : v->name);
    }
    if (v->len > SUBSCRIPTION_TEXT_MAX) {
        return err_set(r->err, E_LIMIT, "cannot take \"%.80s\": %zu bytes, at most %d are taken",
                       v->name == NULL ? "a list's item" : v->name, v->len, SUBSCRIPTION_TEXT_MAX);
    }
    *out = v->text;
    return OK;
}

static enum code take_uri(struct reading *r, const struct json_value *v, const char **out) {
    enum code code = take_text(r, v, out);
    if (code == OK && !is_null(v) && !entity_is_uri(v->text)) {
        return err_set(r->err, E_INPUT, "cannot take \"%.80s\" \"%.200s\": it is no URI",
                       v->name == NULL ? "a list's item" : v->name, v->text);
    }
    return code;
}

static enum code take_bool(struct reading *r, const struct json_value *v, bool *out) {
    if (is_null(v)) {
        return OK;
    }
    if (v->kind != JSON_BOOL) {
        return wrong(r, v, "true or false");
    }
    *out = v->truth;
    return OK;
}

/* A positive number with up to three digits behind its point, as so many thousandths; `max` is in
 * whole ones. */
static enum code take_thousandths(struct reading *r, const struct json_value *v, int64_t max,
                                  int64_t *out) {
    struct decimal d, scaled;
    if (is_null(v)) {
        return OK;
    }
    if (v->kind != JSON_NUMBER) {
        return wrong(r, v, "a number");
    }
    bool right = decimal_parse(v->text, v->len, &d) && d.coef > 0 &&
                 decimal_mul(d, decimal_of(1000), &scaled) && scaled.scale == 0 &&
                 scaled.coef <= max * 1000;
    if (!right) {
        return err_set(r->err, E_INPUT,
                       "cannot take \"%s\" %.40s: it is more than 0, at most %lld, in thousandths",
                       v->name, v->text, (long long)max);
    }
    *out = scaled.coef;
    return OK;
}

static enum code take_ms(struct reading *r, const struct json_value *v, int64_t max, int64_t *out) {
    if (is_null(v)) {
        return OK;
    }
    if (v->kind != JSON_NUMBER) {
        return wrong(r, v, "a number");
    }
    enum code code = json_whole(v->text, (struct json_range){0, max}, out, NULL);
    return code == OK
               ? OK
               : err_set(r->err, E_INPUT,
                         "cannot take \"%s\" %.40s: it is a whole number of ms, at most %lld",
                         v->name, v->text, (long long)max);
}

static enum code take_word(struct reading *r, const struct json_value *v,
                           const struct subscription_word *words, unsigned *out) {
    if (is_null(v)) {
        return OK;
    }
    if (v->kind != JSON_STRING) {
        return wrong(r, v, "a text");
    }
    for (; words->name != NULL; words++) {
        if (strcmp(words->name, v->text) == 0) {
            *out = words->value;
            return OK;
        }
    }
    return err_set(r->err, E_INPUT, "cannot take \"%.80s\" \"%.80s\": there is no such word",
                   v->name == NULL ? "notificationTrigger" : v->name, v->text);
}

static enum code need_list(struct reading *r, const struct json_value *v, size_t max) {
    if (v->kind != JSON_ARRAY) {
        return wrong(r, v, "a list");
    }
    if (v->count == 0) {
        return err_set(r->err, E_INPUT, "cannot take \"%s\": it is empty", v->name);
    }
    if (v->count > max) {
        return err_set(r->err, E_LIMIT, "cannot take \"%s\": %zu items, at most %zu are taken",
                       v->name, v->count, max);
    }
    return OK;
}

/* ---- names ---- */

static bool is_member_of_entity(const char *name) {
    return strcmp(name, "id") == 0 || strcmp(name, "type") == 0 || strcmp(name, "scope") == 0;
}

enum naming { EXPANDED, EXPANDED_OR_MEMBER, URIS };

static enum code take_name(struct reading *r, const struct json_value *v, enum naming how,
                           const char **out) {
    const char *text = NULL;
    bool is_default = v->kind == JSON_STRING && strcmp(v->text, SUBSCRIPTION_DEFAULT) == 0;
    enum code code = how == URIS && !is_default ? take_uri(r, v, &text) : take_text(r, v, &text);
    if (code == OK && text == NULL) {
        return wrong(r, v, "a text");
    }
    if (code == OK && how != URIS && !(how == EXPANDED_OR_MEMBER && is_member_of_entity(text))) {
        return entity_expand(r->context, text, r->arena, out, r->err);
    }
    *out = text;
    return code;
}

static enum code take_names(struct reading *r, const struct json_value *v, enum naming how,
                            struct subscription_names *out) {
    if (is_null(v)) {
        return OK;
    }
    enum code code = need_list(r, v, SUBSCRIPTION_NAMES_MAX);
    if (code != OK) {
        return code;
    }
    struct subscription_names names = {arena_alloc(r->arena, v->count * sizeof *names.all), 0};
    for (const struct json_value *x = v->first; x != NULL && code == OK; x = x->next) {
        code = take_name(r, x, how, &names.all[names.count++]);
    }
    *out = names;
    return code;
}

/* An expression of types with each name made whole. */
static enum code expand_types(struct reading *r, const char *types, const char **out) {
    struct buf to = BUF_INIT;
    enum code code = OK;
    while (*types != '\0' && code == OK) {
        size_t signs = strspn(types, SUBSCRIPTION_TYPE_SIGNS);
        size_t n = strcspn(types + signs, SUBSCRIPTION_TYPE_SIGNS);
        const char *name = arena_dup(r->arena, types + signs, n);
        buf_add(&to, types, signs);
        if (n > 0 && strcmp(name, "*") != 0) {
            code = entity_expand(r->context, name, r->arena, &name, r->err);
        }
        buf_adds(&to, code == OK ? name : "");
        types += signs + n;
    }
    *out = arena_dup(r->arena, to.data == NULL ? "" : to.data, to.len);
    buf_fini(&to);
    return code;
}

/* ---- members ---- */

static enum code take_selector(struct reading *r, const struct json_value *v,
                               struct subscription_selector *out) {
    if (v->kind != JSON_OBJECT) {
        return wrong(r, v, "an object");
    }
    *out = (struct subscription_selector){NULL, NULL, NULL};
    enum code code = take_uri(r, json_member(v, "id"), &out->id);
    if (code == OK) {
        code = take_text(r, json_member(v, "idPattern"), &out->id_pattern);
    }
    if (code == OK) {
        code = take_text(r, json_member(v, "type"), &out->types);
    }
    if (code == OK && out->types == NULL) {
        return err_set(r->err, E_INPUT, "cannot take an item of \"entities\" without \"type\"");
    }
    return code == OK ? expand_types(r, out->types, &out->types) : code;
}

static enum code take_entities(struct reading *r, const struct json_value *v) {
    struct subscription *to = r->to;
    if (is_null(v)) {
        return OK;
    }
    enum code code = need_list(r, v, SUBSCRIPTION_SELECTORS_MAX);
    if (code != OK) {
        return code;
    }
    to->selectors = arena_alloc(r->arena, v->count * sizeof *to->selectors);
    for (const struct json_value *x = v->first; x != NULL && code == OK; x = x->next) {
        code = take_selector(r, x, &to->selectors[to->selector_count++]);
    }
    return code;
}

static enum code take_triggers(struct reading *r, const struct json_value *v) {
    if (is_null(v)) {
        return OK;
    }
    enum code code = need_list(r, v, SUBSCRIPTION_NAMES_MAX);
    unsigned all = 0;
    for (const struct json_value *x = code == OK ? v->first : NULL; x != NULL && code == OK;
         x = x->next) {
        unsigned one = 0;
        code = take_word(r, x, subscription_triggers, &one);
        all |= one;
    }
    r->to->triggers = all;
    return code;
}

static enum code take_geo(struct reading *r, const struct json_value *v) {
    struct subscription_geo *g = &r->to->geo;
    const char *property = NULL;
    if (is_null(v)) {
        return OK;
    }
    if (v->kind != JSON_OBJECT) {
        return wrong(r, v, "an object");
    }
    const struct json_value *c = json_member(v, "coordinates");
    enum code code = take_text(r, json_member(v, "georel"), &g->georel);
    code = code == OK ? take_text(r, json_member(v, "geometry"), &g->geometry) : code;
    code = code == OK ? take_text(r, json_member(v, "geoproperty"), &property) : code;
    if (code == OK && (g->georel == NULL || g->geometry == NULL || c == NULL)) {
        return err_set(r->err, E_INPUT,
                       "cannot take \"geoQ\" without \"georel\", \"geometry\" and \"coordinates\"");
    }
    if (code == OK && c->kind != JSON_ARRAY && c->kind != JSON_STRING) {
        return wrong(r, c, "a list");
    }
    if (code == OK) {
        g->coordinates = c->kind == JSON_STRING ? c->text : json_text(c, r->arena);
    }
    return code == OK && property != NULL
               ? entity_expand(r->context, property, r->arena, &g->property, r->err)
               : code;
}

static enum code take_time(struct reading *r, const struct json_value *v) {
    const char *text = NULL;
    enum code code = take_text(r, v, &text);
    return code == OK && text != NULL ? entity_time_parse(text, &r->to->expires_ms, r->err) : code;
}

static enum code take_q(struct reading *r, const struct json_value *v) {
    r->to->q_context = *r->context;
    return take_text(r, v, &r->to->q);
}

static enum code take_active(struct reading *r, const struct json_value *v) {
    bool active = true;
    enum code code = take_bool(r, v, &active);
    r->to->is_paused = !active;
    return code;
}

/* ---- what is told ---- */

static enum code take_pairs(struct reading *r, const struct json_value *v,
                            struct subscription_pairs *out) {
    if (is_null(v)) {
        return OK;
    }
    enum code code = need_list(r, v, SUBSCRIPTION_PAIRS_MAX);
    if (code != OK) {
        return code;
    }
    out->all = arena_alloc(r->arena, v->count * sizeof *out->all);
    for (const struct json_value *x = v->first; x != NULL && code == OK; x = x->next) {
        struct subscription_pair pair = {NULL, NULL};
        code = take_text(r, json_member(x, "key"), &pair.key);
        code = code == OK ? take_text(r, json_member(x, "value"), &pair.value) : code;
        if (code == OK && (pair.key == NULL || pair.value == NULL)) {
            code = err_set(r->err, E_INPUT,
                           "cannot take an item of \"%s\" without \"key\" and "
                           "\"value\"",
                           v->name);
        }
        out->all[out->count++] = pair;
    }
    return code;
}

static enum code take_endpoint(struct reading *r, const struct json_value *v) {
    struct subscription *to = r->to;
    unsigned accept = ACCEPT_JSON;
    if (is_null(v)) {
        return OK; /* subscription_check() says that it is missing */
    }
    if (v->kind != JSON_OBJECT) {
        return wrong(r, v, "an object");
    }
    enum code code = take_uri(r, json_member(v, "uri"), &to->uri);
    if (code == OK && to->uri != NULL && strncmp(to->uri, "mqtt", 4) == 0) {
        return err_set(r->err, E_USAGE, "cannot notify \"%.200s\": only http and https are spoken",
                       to->uri);
    }
    if (code == OK) {
        code = take_word(r, json_member(v, "accept"), subscription_accepts, &accept);
    }
    to->accept = (enum subscription_accept)accept;
    if (code == OK) {
        code = take_ms(r, json_member(v, "timeout"), SUBSCRIPTION_TIMEOUT_MAX_MS, &to->timeout_ms);
    }
    if (code == OK) {
        code =
            take_ms(r, json_member(v, "cooldown"), SUBSCRIPTION_COOLDOWN_MAX_MS, &to->cooldown_ms);
    }
    code = code == OK ? take_pairs(r, json_member(v, "receiverInfo"), &to->receiver) : code;
    return code == OK ? take_pairs(r, json_member(v, "notifierInfo"), &to->notifier) : code;
}

static enum code refuse_members(struct reading *r, const struct json_value *v,
                                const char *const *names) {
    for (; *names != NULL; names++) {
        if (!is_null(json_member(v, *names))) {
            return err_set(r->err, E_USAGE,
                           "cannot take \"%s\" in a subscription: it is not "
                           "supported",
                           *names);
        }
    }
    return OK;
}

static enum code take_notification(struct reading *r, const struct json_value *v) {
    static const char *const others[] = {"join", "joinLevel", NULL};
    struct subscription *to = r->to;
    unsigned form = ENTITY_NORMALIZED;
    if (is_null(v)) {
        return OK;
    }
    if (v->kind != JSON_OBJECT) {
        return wrong(r, v, "an object");
    }
    enum code code = refuse_members(r, v, others);
    if (code == OK) {
        code = take_names(r, json_member(v, "attributes"), EXPANDED, &to->attributes);
    }
    if (code == OK) {
        code = take_names(r, json_member(v, "pick"), EXPANDED_OR_MEMBER, &to->pick);
    }
    if (code == OK) {
        code = take_names(r, json_member(v, "omit"), EXPANDED_OR_MEMBER, &to->omit);
    }
    code = code == OK ? take_word(r, json_member(v, "format"), subscription_forms, &form) : code;
    to->form = (enum entity_form)form;
    code = code == OK ? take_bool(r, json_member(v, "showChanges"), &to->show_changes) : code;
    code = code == OK ? take_bool(r, json_member(v, "sysAttrs"), &to->sys_attrs) : code;
    return code == OK ? take_endpoint(r, json_member(v, "endpoint")) : code;
}

/* ---- all of it ---- */

static enum code take_name_text(struct reading *r, const struct json_value *v) {
    return take_text(r, v, &r->to->name);
}

static enum code take_description(struct reading *r, const struct json_value *v) {
    return take_text(r, v, &r->to->description);
}

static enum code take_watched(struct reading *r, const struct json_value *v) {
    return take_names(r, v, EXPANDED, &r->to->watched);
}

static enum code take_scope_q(struct reading *r, const struct json_value *v) {
    return take_text(r, v, &r->to->scope_q);
}

static enum code take_csf(struct reading *r, const struct json_value *v) {
    return take_text(r, v, &r->to->csf);
}

static enum code take_datasets(struct reading *r, const struct json_value *v) {
    return take_names(r, v, URIS, &r->to->datasets);
}

static enum code take_throttling(struct reading *r, const struct json_value *v) {
    return take_thousandths(r, v, SUBSCRIPTION_SECONDS_MAX, &r->to->throttling_ms);
}

static enum code take_interval(struct reading *r, const struct json_value *v) {
    return take_thousandths(r, v, SUBSCRIPTION_SECONDS_MAX, &r->to->interval_ms);
}

static enum code take_context(struct reading *r, const struct json_value *v) {
    return take_uri(r, v, &r->to->jsonld_context);
}

static const struct member {
    const char *name;
    unsigned said;
    enum code (*take)(struct reading *r, const struct json_value *v);
} members[] = {
    {"subscriptionName", SAYS_NAME, take_name_text},
    {"description", SAYS_DESCRIPTION, take_description},
    {"entities", SAYS_ENTITIES, take_entities},
    {"watchedAttributes", SAYS_WATCHED, take_watched},
    {"notificationTrigger", SAYS_TRIGGER, take_triggers},
    {"q", SAYS_Q, take_q},
    {"scopeQ", SAYS_SCOPE_Q, take_scope_q},
    {"csf", SAYS_CSF, take_csf},
    {"geoQ", SAYS_GEO, take_geo},
    {"datasetId", SAYS_DATASETS, take_datasets},
    {"isActive", SAYS_ACTIVE, take_active},
    {"expiresAt", SAYS_EXPIRES, take_time},
    {"throttling", SAYS_THROTTLING, take_throttling},
    {"timeInterval", SAYS_INTERVAL, take_interval},
    {"jsonldContext", SAYS_CONTEXT, take_context},
    {"notification", SAYS_NOTIFICATION, take_notification},
};

static enum code check_type(struct reading *r, const struct json_value *v) {
    const struct json_value *type = json_member(v, "type");
    bool right = type != NULL && type->kind == JSON_STRING &&
                 (strcmp(type->text, "Subscription") == 0 ||
                  strcmp(type->text, "https://uri.etsi.org/ngsi-ld/Subscription") == 0);
    return right ? OK
                 : err_set(r->err, E_INPUT,
                           "cannot take a subscription whose \"type\" is not \"Subscription\"");
}

enum code subscription_read(const struct json_value *v, const struct entity_context *context,
                            struct arena *a, struct subscription *out, unsigned *said,
                            struct err *err) {
    static const char *const others[] = {"lang", "splitEntities", "temporalQ", NULL};
    struct reading r = {context, a, out, err};
    unsigned seen = 0;
    *out = (struct subscription){.triggers = ON_ATTRIBUTE_CREATED | ON_ATTRIBUTE_UPDATED};
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take a subscription: it is %s, not an object",
                       json_kind_name(v->kind));
    }
    enum code code = json_member(v, "type") != NULL ? check_type(&r, v) : OK;
    code = code == OK ? refuse_members(&r, v, others) : code;
    code = code == OK ? take_uri(&r, json_member(v, "id"), &out->id) : code;
    for (size_t i = 0; i < sizeof members / sizeof members[0] && code == OK; i++) {
        const struct json_value *m = json_member(v, members[i].name);
        if (m != NULL) {
            seen |= members[i].said;
            code = members[i].take(&r, m);
        }
    }
    if (code == OK && said != NULL) {
        *said = seen;
    }
    return code;
}
