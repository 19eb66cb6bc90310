/* entity_read: see entity_read.h. */
#include "ngsi/entity_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "ngsi/entity_geo.h"
#include "ngsi/entity_value.h"

struct reading {
    const struct entity_how *how;
    struct arena *arena;
    struct entity_run *run; /* NULL: this entity comes alone */
};

/* The attributes of an entity or of an attribute, as they come. */
struct level {
    int depth; /* 0: of the entity */
    struct entity_attribute *list;
    size_t count, cap;
    size_t room; /* how many the first of them makes room for */
};

static enum code add_attribute(struct reading *r, const struct json_value *v, struct level *in,
                               struct err *err);
static enum code check_twice(struct reading *r, const struct level *in, struct err *err);

static bool is_text(const struct json_value *v, const char *text) {
    return v != NULL && v->kind == JSON_STRING && strcmp(v->text, text) == 0;
}

static const char *quoted(const struct json_value *v) {
    return v->kind == JSON_STRING ? v->text : json_kind_name(v->kind);
}

/* Which of the list's words a name is; -1: none. Most differ in the first letter. */
static int find_word(const char *name, const char *const *words) {
    for (int i = 0; words[i] != NULL; i++) {
        if (words[i][0] == name[0] && strcmp(words[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

/* ---- members of an attribute ---- */

/* What stands for an attribute's kind, value and details. Those with a value are as
 * entity_kind_member() has them. */
enum member {
    MEMBER_TYPE,
    MEMBER_VALUE,
    MEMBER_OBSERVED,
    MEMBER_UNIT,
    MEMBER_OBJECT,
    MEMBER_DATASET,
    MEMBER_LANGUAGES,
    MEMBER_VOCAB,
    MEMBER_JSON,
    MEMBER_LIST,
    MEMBER_OBJECTS,
    MEMBER_OBJECT_TYPE,
    MEMBER_VALUE_TYPE,
    MEMBER_OTHER,
};

enum { MEMBERS = MEMBER_OTHER };

static const char *const member_names[MEMBERS + 1] = {
    "type",  "value", "observedAt", "unitCode",   "object",     "datasetId", "languageMap",
    "vocab", "json",  "valueList",  "objectList", "objectType", "valueType", NULL};

/* An attribute's object with its members by what they are; NULL: it has no such. They are looked
 * up once: the rules ask for each of them several times. */
struct said {
    const struct json_value *at[MEMBERS];
};

static struct said find_members(const struct json_value *v) {
    struct said said = {{NULL}};
    for (const struct json_value *m = v->kind == JSON_OBJECT ? v->first : NULL; m != NULL;
         m = m->next) {
        int i = find_word(m->name, member_names);
        if (i >= 0) {
            said.at[i] = m;
        }
    }
    return said;
}

/* Which of them `v` is. */
static enum member find_which(const struct said *said, const struct json_value *v) {
    int i = MEMBER_TYPE;
    while (i < MEMBER_OTHER && said->at[i] != v) {
        i++;
    }
    return (enum member)i;
}

/* The member with a value of that kind. */
static enum member member_of(enum entity_kind kind) {
    static const enum member all[ENTITY_KINDS] = {
        [ENTITY_PROPERTY] = MEMBER_VALUE, [ENTITY_RELATIONSHIP] = MEMBER_OBJECT,
        [ENTITY_GEO] = MEMBER_VALUE,      [ENTITY_LANGUAGE] = MEMBER_LANGUAGES,
        [ENTITY_VOCAB] = MEMBER_VOCAB,    [ENTITY_JSON] = MEMBER_JSON,
        [ENTITY_LIST] = MEMBER_LIST,      [ENTITY_LIST_RELATIONSHIP] = MEMBER_OBJECTS};
    return all[kind];
}

/* ---- one instance ---- */

/* Whether a member at any level is ENTITY_NULL, which only a merge may say (5.5.4). */
static bool holds_null(const struct json_value *v) {
    bool found = false;
    for (const struct json_value *i = v->first; i != NULL && !found; i = i->next) {
        found = (i->name != NULL && is_text(i, ENTITY_NULL)) || holds_null(i);
    }
    return found;
}

static bool has_null(enum entity_kind kind, const struct json_value *v) {
    return (kind == ENTITY_PROPERTY || kind == ENTITY_JSON || kind == ENTITY_LANGUAGE) &&
           holds_null(v);
}

/* A value of the attribute's kind, or null, which only a patch may say. */
static enum code set_value(struct reading *r, struct entity_attribute *to,
                           const struct json_value *v, struct err *err) {
    if (r->how->need == ENTITY_KEPT) {
        to->value = json_text(v, r->arena);
        return OK;
    }
    if (entity_value_is_null(to->kind, v) && r->how->need >= ENTITY_CHANGE) {
        to->gone = true;
        to->value = "null";
        return OK;
    }
    if (r->how->need != ENTITY_DEEP && has_null(to->kind, v)) {
        return err_set(err, E_INPUT, "cannot take %s within a value", ENTITY_NULL);
    }
    return entity_value_read(to->kind, v, r->how->context, r->arena, &to->value, err);
}

/* The kind that is named. E_INPUT: none that we know. */
static enum code read_kind(const struct json_value *type, struct entity_attribute *to,
                           struct err *err) {
    if (type == NULL) {
        return OK;
    }
    for (int k = 0; k < ENTITY_KINDS; k++) {
        if (is_text(type, entity_kind_name((enum entity_kind)k))) {
            to->kind = (enum entity_kind)k;
            to->kind_said = true;
            return OK;
        }
    }
    return err_set(err, E_INPUT,
                   "cannot take type \"%.40s\" of an attribute: it is Property, Relationship, "
                   "GeoProperty, LanguageProperty, VocabProperty, JsonProperty, ListProperty or "
                   "ListRelationship",
                   quoted(type));
}

/* The member that has a value, by kind; the first that is there. NULL: none. */
static const struct json_value *find_said(const struct said *said, enum entity_kind *kind) {
    for (int k = 0; k < ENTITY_KINDS; k++) {
        const struct json_value *v = said->at[member_of((enum entity_kind)k)];
        if (v != NULL) {
            *kind = (enum entity_kind)k;
            return v;
        }
    }
    return NULL;
}

/* A member that only another kind has. */
static enum code check_others(const struct said *said, const struct entity_attribute *to,
                              struct err *err) {
    enum member own = member_of(to->kind);
    for (int k = 0; k < ENTITY_KINDS; k++) {
        enum member other = member_of((enum entity_kind)k);
        if (other != own && said->at[other] != NULL) {
            return err_set(err, E_INPUT, "cannot take \"%s\" of a %s", member_names[other],
                           entity_kind_name(to->kind));
        }
    }
    return OK;
}

/* The value, and the kind that follows from its member where none was named. */
static enum code read_said(struct reading *r, const struct said *members,
                           struct entity_attribute *to, struct err *err) {
    enum entity_kind kind = ENTITY_PROPERTY;
    const struct json_value *said = find_said(members, &kind);
    if (!to->kind_said && said != NULL) {
        to->kind = kind == ENTITY_PROPERTY && entity_geo_is(said) ? ENTITY_GEO : kind;
        to->kind_said = !is_text(said, ENTITY_NULL);
    }
    enum code code = check_others(members, to, err);
    if (code != OK || said != NULL) {
        return code == OK ? set_value(r, to, said, err) : code;
    }
    return r->how->need >= ENTITY_PATCH
               ? OK
               : err_set(err, E_INPUT, "cannot take a %s without \"%s\"",
                         entity_kind_name(to->kind), entity_kind_member(to->kind));
}

/* Many values of a batch are of one moment: the last one that was read is known. */
static bool is_last_moment(const struct entity_run *run, const struct json_value *v) {
    return run != NULL && run->moment != NULL && strcmp(run->moment, v->text) == 0;
}

static enum code read_moment(struct entity_run *run, const struct json_value *v,
                             struct entity_attribute *to, struct err *err) {
    if (is_last_moment(run, v)) {
        to->observed_ms = run->moment_ms;
    } else {
        enum code code = entity_time_parse(v->text, &to->observed_ms, err);
        if (code != OK) {
            return code;
        }
    }
    if (run != NULL) {
        run->moment = v->text;
        run->moment_ms = to->observed_ms;
    }
    return OK;
}

static enum code read_observed(struct reading *r, const struct json_value *v,
                               struct entity_attribute *to, struct err *err) {
    if (v->kind != JSON_STRING) {
        return err_set(err, E_INPUT, "cannot take observedAt: it is %s, not a text",
                       json_kind_name(v->kind));
    }
    if (v->len == 0 || v->text[v->len - 1] != 'Z') {
        return err_set(err, E_INPUT, "cannot take observedAt \"%.40s\": it is in UTC, with Z",
                       v->text);
    }
    to->observed = true;
    enum code code = read_moment(r->run, v, to, err);
    to->zeros = code == OK && to->observed_ms % 1000 == 0 && strpbrk(v->text, ".,") != NULL;
    return code;
}

static enum code read_unit(const struct json_value *v, struct entity_attribute *to,
                           struct err *err) {
    if (v->kind != JSON_STRING || v->len == 0 || v->len > ENTITY_UNIT_MAX) {
        return err_set(err, E_INPUT, "cannot take unitCode: it is a text of 1 to %d bytes",
                       ENTITY_UNIT_MAX);
    }
    if (to->kind != ENTITY_PROPERTY && to->kind != ENTITY_LIST) {
        return err_set(err, E_INPUT, "cannot take unitCode of a %s", entity_kind_name(to->kind));
    }
    to->unit = v->text;
    return OK;
}

static enum code read_dataset(const struct json_value *v, struct entity_attribute *to,
                              struct err *err) {
    bool none = is_text(v, "@none"); /* the default instance, by its own name */
    if (!none && (v->kind != JSON_STRING || !entity_is_uri(v->text) || is_text(v, ENTITY_NULL))) {
        return err_set(err, E_INPUT, "cannot take datasetId \"%.80s\": it is no URI", quoted(v));
    }
    to->dataset = none ? NULL : v->text;
    return OK;
}

/* valueType of a Property, objectType of a Relationship: names. */
static enum code read_about(struct reading *r, const struct json_value *v,
                            struct entity_attribute *to, struct err *err) {
    bool object = strcmp(v->name, "objectType") == 0;
    bool relates = to->kind == ENTITY_RELATIONSHIP || to->kind == ENTITY_LIST_RELATIONSHIP;
    bool property = to->kind == ENTITY_PROPERTY || to->kind == ENTITY_LIST ||
                    (to->kind == ENTITY_LANGUAGE && is_text(v, "langString"));
    if (object ? !relates : !property) {
        return err_set(err, E_INPUT, "cannot take %s of a %s", v->name, entity_kind_name(to->kind));
    }
    to->about = entity_value_names(v, r->how->context, r->arena);
    return to->about != NULL
               ? OK
               : err_set(err, E_INPUT, "cannot take %s: it is a name or a list of them", v->name);
}

static bool is_any(const char *name, const char *const *names) {
    return find_word(name, names) >= 0;
}

/* Attributes of the attribute. */
static enum code add_sub(struct reading *r, const struct json_value *v, struct level *in,
                         struct err *err) {
    if (in->depth + 1 >= ENTITY_DEPTH_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d levels of attributes",
                       ENTITY_DEPTH_MAX);
    }
    struct level own = {.depth = in->depth + 1,
                        .list = in->list,
                        .count = in->count,
                        .cap = in->cap,
                        .room = in->room};
    enum code code = add_attribute(r, v, &own, err);
    in->list = own.list;
    in->count = own.count;
    in->cap = own.cap;
    return code;
}

/* A member that the standard knows: read over, refused, or an attribute of the attribute. */
static enum code read_other(struct reading *r, const struct json_value *v, struct level *subs,
                            struct err *err) {
    static const char *const done[] = {"createdAt", "modifiedAt", "deletedAt", "instanceId", NULL};
    static const char *const ours[] = {"previousValue",       "previousObject",
                                       "previousLanguageMap", "previousVocab",
                                       "previousJson",        "previousValueList",
                                       "previousObjectList",  "entityIdSealed",
                                       "entityTypeSealed",    NULL};
    if (is_any(v->name, done)) {
        return OK;
    }
    if (is_any(v->name, ours)) {
        return err_set(err, E_INPUT, "cannot take \"%s\": it stands in answers only", v->name);
    }
    return add_sub(r, v, subs, err);
}

struct instance {
    const struct json_value *json;
    struct said said;
    struct level subs;
};

static enum code read_member(struct reading *r, struct instance *from, const struct json_value *v,
                             struct entity_attribute *to, struct err *err) {
    switch (find_which(&from->said, v)) {
    case MEMBER_OBSERVED:
        return read_observed(r, v, to, err);
    case MEMBER_UNIT:
        return read_unit(v, to, err);
    case MEMBER_DATASET:
        return read_dataset(v, to, err);
    case MEMBER_OBJECT_TYPE:
    case MEMBER_VALUE_TYPE:
        return read_about(r, v, to, err);
    case MEMBER_TYPE:
    case MEMBER_VALUE: /* of the kind: check_others() has let no other through */
    case MEMBER_OBJECT:
    case MEMBER_LANGUAGES:
    case MEMBER_VOCAB:
    case MEMBER_JSON:
    case MEMBER_LIST:
    case MEMBER_OBJECTS:
        break;
    case MEMBER_OTHER:
        return read_other(r, v, &from->subs, err);
    }
    return OK;
}

static enum code read_object(struct reading *r, struct instance *from, struct entity_attribute *to,
                             struct err *err) {
    const struct json_value *v = from->json;
    enum code code = read_kind(from->said.at[MEMBER_TYPE], to, err);
    if (code == OK) {
        code = read_said(r, &from->said, to, err);
    }
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        code = read_member(r, from, m, to, err);
    }
    to->sub = from->subs.list;
    to->sub_count = from->subs.count;
    return code == OK ? check_twice(r, &from->subs, err) : code;
}

/* Whether an object says an attribute's kind or has a member with a value. */
static bool is_said(const struct json_value *v) {
    enum entity_kind kind;
    const struct said said = find_members(v);
    const struct json_value *type = said.at[MEMBER_TYPE];
    for (int k = 0; k < ENTITY_KINDS && type != NULL; k++) {
        if (is_text(type, entity_kind_name((enum entity_kind)k))) {
            return true;
        }
    }
    return find_said(&said, &kind) != NULL && type == NULL;
}

/* Whether a list is several instances of one attribute, and not a value. */
static bool is_instances(const struct reading *r, const struct json_value *v) {
    bool so = v->kind == JSON_ARRAY && v->count > 0 && r->how->form != ENTITY_SIMPLIFIED;
    for (const struct json_value *i = v->first; i != NULL && so; i = i->next) {
        so = i->kind == JSON_OBJECT && is_said(i);
    }
    return so;
}

/* An object that is a value by itself: concise JSON writes such a Property so. */
static bool is_plain(const struct reading *r, const struct instance *from) {
    enum entity_kind kind;
    return from->json->kind != JSON_OBJECT || r->how->form == ENTITY_SIMPLIFIED ||
           entity_geo_is(from->json) ||
           (r->how->need < ENTITY_PATCH && from->said.at[MEMBER_TYPE] == NULL &&
            find_said(&from->said, &kind) == NULL);
}

/* {"languageMap": {...}}, {"vocab": ...}, {"json": ...}: what is left of these kinds in the
 * simplified form (4.5.4). */
static const struct json_value *find_wrapped(const struct reading *r, const struct instance *from,
                                             enum entity_kind *kind) {
    const struct json_value *said = NULL;
    if (r->how->form == ENTITY_SIMPLIFIED && from->json->kind == JSON_OBJECT &&
        from->json->count == 1) {
        said = find_said(&from->said, kind);
    }
    bool ours = *kind == ENTITY_LANGUAGE || *kind == ENTITY_VOCAB || *kind == ENTITY_JSON;
    return ours ? said : NULL;
}

static enum code read_attribute(struct reading *r, const struct json_value *v, int depth,
                                struct entity_attribute *to, struct err *err) {
    struct instance from = {v, find_members(v), {.depth = depth, .room = 2}};
    if (!is_plain(r, &from)) {
        return read_object(r, &from, to, err);
    }
    enum entity_kind kind = ENTITY_PROPERTY;
    const struct json_value *wrapped = find_wrapped(r, &from, &kind);
    to->kind = wrapped != NULL ? kind : entity_geo_is(v) ? ENTITY_GEO : ENTITY_PROPERTY;
    to->kind_said = to->kind != ENTITY_PROPERTY;
    return set_value(r, to, wrapped == NULL ? v : wrapped, err);
}

enum code entity_read_attribute(const char *name, const struct json_value *v,
                                const struct entity_how *how, struct arena *a,
                                struct entity_attribute *out, struct err *err) {
    struct reading r = {how, a, NULL};
    struct entity_attribute to = {.name = name};
    enum code code = read_attribute(&r, v, 0, &to, err);
    if (code == OK) {
        *out = to;
    }
    return code;
}

/* ---- all instances of an attribute ---- */

static struct entity_attribute *level_add(struct reading *r, struct level *in) {
    if (in->count == in->cap) {
        size_t cap = in->cap == 0 ? in->room : 2 * in->cap;
        struct entity_attribute *list = arena_alloc(r->arena, cap * sizeof *list);
        if (in->count > 0) {
            memcpy(list, in->list, in->count * sizeof *list);
        }
        in->list = list;
        in->cap = cap;
    }
    return &in->list[in->count];
}

static enum code add_instance(struct reading *r, struct entity_attribute x,
                              const struct json_value *v, struct level *in, struct err *err) {
    if (in->count == ENTITY_ATTRIBUTES_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d attributes", ENTITY_ATTRIBUTES_MAX);
    }
    enum code code = read_attribute(r, v, in->depth, &x, err);
    if (code == OK) {
        *level_add(r, in) = x;
        in->count++;
    }
    return code;
}

/* {"dataset": {"@none": 5, "urn:...": 6}}: several instances in the simplified form. */
static enum code add_datasets(struct reading *r, const char *name, const struct json_value *v,
                              struct level *in, struct err *err) {
    enum code code = OK;
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        struct json_value id = {.kind = JSON_STRING, .text = m->name};
        struct entity_attribute x = {.name = name};
        code = read_dataset(&id, &x, err);
        if (code == OK) {
            code = add_instance(r, x, m, in, err);
        }
    }
    return code;
}

static enum code add_instances(struct reading *r, const char *name, const struct json_value *v,
                               struct level *in, struct err *err) {
    const struct entity_attribute x = {.name = name};
    const struct json_value *sets = v->count == 1 ? json_member(v, "dataset") : NULL;
    enum code code = OK;
    if (r->how->form == ENTITY_SIMPLIFIED && sets != NULL && sets->kind == JSON_OBJECT) {
        return add_datasets(r, name, sets, in, err);
    }
    if (!is_instances(r, v)) {
        return add_instance(r, x, v, in, err);
    }
    for (const struct json_value *i = v->first; i != NULL && code == OK; i = i->next) {
        code = add_instance(r, x, i, in, err);
    }
    return code;
}

/* The name in whole; in a run, as it was found for an entity before. */
static enum code expand(struct reading *r, const char *name, const char **out, struct err *err) {
    if (r->run == NULL) {
        return entity_expand(r->how->context, name, r->arena, out, err);
    }
    size_t n = strlen(name);
    size_t slot = n == 0 ? 0
                         : ((unsigned char)name[0] * 7u + (unsigned char)name[n - 1] * 3u + n) %
                               ENTITY_RUN_NAMES;
    struct entity_term *known = &r->run->known[slot];
    enum code code = OK;
    if (known->name == NULL || strcmp(known->name, name) != 0) {
        const char *iri = NULL;
        code = entity_expand(r->how->context, name, r->arena, &iri, err);
        if (code == OK) {
            *known = (struct entity_term){name, iri};
        }
    }
    if (code == OK) {
        *out = known->iri;
    }
    return code;
}

static enum code add_attribute(struct reading *r, const struct json_value *v, struct level *in,
                               struct err *err) {
    const char *name = NULL;
    enum code code = expand(r, v->name, &name, err);
    if (code == OK) {
        code = add_instances(r, name, v, in, err);
    }
    if (code != OK && err != NULL) {
        char place[128];
        snprintf(place, sizeof place, "attribute \"%.80s\"", v->name);
        err_prefix(err, place);
    }
    return code;
}

static int compare_instances(const void *a, const void *b) {
    const struct entity_attribute *x = *(const struct entity_attribute *const *)a;
    const struct entity_attribute *y = *(const struct entity_attribute *const *)b;
    int names = strcmp(x->name, y->name);
    return names != 0
               ? names
               : strcmp(x->dataset == NULL ? "" : x->dataset, y->dataset == NULL ? "" : y->dataset);
}

/* Two names may stand for one, and two instances may have one datasetId. */
static enum code check_twice(struct reading *r, const struct level *in, struct err *err) {
    if (in->count < 2) {
        return OK;
    }
    const struct entity_attribute **all = arena_alloc(r->arena, in->count * sizeof *all);
    for (size_t i = 0; i < in->count; i++) {
        all[i] = &in->list[i];
    }
    qsort(all, in->count, sizeof *all, compare_instances);
    for (size_t i = 1; i < in->count; i++) {
        if (compare_instances(&all[i - 1], &all[i]) == 0) {
            return err_set(err, E_INPUT, "cannot take attribute \"%.200s\" twice%s%.200s",
                           all[i]->name, all[i]->dataset == NULL ? "" : " with datasetId ",
                           all[i]->dataset == NULL ? "" : all[i]->dataset);
        }
    }
    return OK;
}

/* ---- the entity ---- */

static enum code read_id(const struct json_value *v, enum entity_need need, struct entity *to,
                         struct err *err) {
    const struct json_value *id = json_member(v, "id");
    id = id == NULL ? json_member(v, "@id") : id;
    if (id == NULL && need != ENTITY_WHOLE) {
        return OK;
    }
    if (id == NULL) {
        return err_set(err, E_INPUT, "cannot take an entity without \"id\"");
    }
    if (id->kind != JSON_STRING || !entity_is_uri(id->text) || is_text(id, ENTITY_NULL)) {
        return err_set(err, E_INPUT, "cannot take id \"%.80s\": it is no URI",
                       id->kind == JSON_STRING ? id->text : json_kind_name(id->kind));
    }
    to->id = id->text;
    return OK;
}

static enum code add_type(struct reading *r, const struct json_value *v, struct entity *to,
                          struct err *err) {
    const char *iri = NULL;
    if (v->kind != JSON_STRING) {
        return err_set(err, E_INPUT, "cannot take type: %s is no name", json_kind_name(v->kind));
    }
    enum code code = expand(r, v->text, &iri, err);
    for (size_t i = 0; i < to->type_count && code == OK; i++) {
        if (strcmp(to->types[i], iri) == 0) {
            return OK;
        }
    }
    if (code == OK && to->type_count == ENTITY_TYPES_MAX) {
        code = err_set(err, E_LIMIT, "cannot take more than %d types", ENTITY_TYPES_MAX);
    }
    if (code == OK) {
        to->types[to->type_count++] = iri;
    }
    return code;
}

static enum code read_types(struct reading *r, const struct json_value *v, struct entity *to,
                            struct err *err) {
    const struct json_value *type = json_member(v, "type");
    type = type == NULL ? json_member(v, "@type") : type;
    enum code code = OK;
    bool several = type != NULL && type->kind == JSON_ARRAY;
    to->types = arena_alloc(r->arena, (several ? ENTITY_TYPES_MAX : 1) * sizeof *to->types);
    if (several) {
        for (const struct json_value *i = type->first; i != NULL && code == OK; i = i->next) {
            code = add_type(r, i, to, err);
        }
    } else if (type != NULL) {
        code = add_type(r, type, to, err);
    }
    if (code == OK && to->type_count == 0 && (type != NULL || r->how->need == ENTITY_WHOLE)) {
        code = err_set(err, E_INPUT, "cannot take an entity without \"type\"");
    }
    return code;
}

/* Levels apart by /, each a letter and then letters, digits and _ (4.18); what is beyond ASCII
 * counts as letters. */
static bool is_scope(const char *s) {
    static const char inner[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    if (strlen(s) > ENTITY_SCOPE_MAX) {
        return false;
    }
    s += *s == '/';
    for (;;) {
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (unsigned char)*s >= 0x80)) {
            return false;
        }
        while (*s != '\0' && (strchr(inner, *s) != NULL || (unsigned char)*s >= 0x80)) {
            s++;
        }
        if (*s == '\0') {
            return true;
        }
        if (*s++ != '/') {
            return false;
        }
    }
}

static enum code add_scope(const struct json_value *v, struct entity *to, struct err *err) {
    if (v->kind != JSON_STRING || !is_scope(v->text)) {
        return err_set(err, E_INPUT, "cannot take scope \"%.80s\": it is as /Wuxi/Binhu",
                       quoted(v));
    }
    for (size_t i = 0; i < to->scope_count; i++) {
        if (strcmp(to->scopes[i], v->text) == 0) {
            return OK;
        }
    }
    to->scopes[to->scope_count++] = v->text;
    return OK;
}

static enum code read_scopes(struct reading *r, const struct json_value *v, struct entity *to,
                             struct err *err) {
    enum code code = OK;
    if (v->count > ENTITY_SCOPES_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d scopes", ENTITY_SCOPES_MAX);
    }
    to->scopes = arena_alloc(r->arena, (v->count + 1) * sizeof *to->scopes);
    if (r->how->need >= ENTITY_CHANGE && is_text(v, ENTITY_NULL)) {
        to->scope_gone = true;
        return OK;
    }
    if (v->kind != JSON_ARRAY) {
        return add_scope(v, to, err);
    }
    for (const struct json_value *i = v->first; i != NULL && code == OK; i = i->next) {
        code = add_scope(i, to, err);
    }
    return code;
}

/* Where an entity lies is a geometry (4.7). */
static enum code check_places(const struct entity *e, struct err *err) {
    static const char *const places[] = {"location", "observationSpace", "operationSpace", NULL};
    const size_t n = sizeof ENTITY_CORE - 1;
    for (size_t i = 0; i < e->count; i++) {
        const struct entity_attribute *x = &e->attributes[i];
        if (x->kind != ENTITY_GEO && x->value != NULL && !x->gone &&
            strncmp(x->name, ENTITY_CORE, n) == 0 && is_any(x->name + n, places)) {
            return err_set(err, E_INPUT, "cannot take \"%s\" as a %s: it is a GeoProperty",
                           x->name + n, entity_kind_name(x->kind));
        }
    }
    return OK;
}

static enum code read_attributes(struct reading *r, const struct json_value *v, struct entity *to,
                                 struct err *err) {
    static const char *const done[] = {"scope",    "id",        "type",       "@id",       "@type",
                                       "@context", "createdAt", "modifiedAt", "deletedAt", NULL};
    struct level level = {.depth = 0, .room = v->count > 3 ? v->count - 2 : 1}; /* id, type */
    enum code code = OK;
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        int word = find_word(m->name, done);
        if (word < 0) {
            code = add_attribute(r, m, &level, err);
        } else if (word == 0) {
            code = read_scopes(r, m, to, err);
        }
    }
    to->attributes = level.list;
    to->count = level.count;
    if (code == OK) {
        code = check_twice(r, &level, err);
    }
    return code == OK ? check_places(to, err) : code;
}

static enum code read_entity(struct reading *r, const struct json_value *v, struct entity *out,
                             struct err *err) {
    struct entity to = {.id = NULL};
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "cannot take an entity: it is %s, not an object",
                       json_kind_name(v->kind));
    }
    enum code code = read_id(v, r->how->need, &to, err);
    if (code == OK) {
        code = read_types(r, v, &to, err);
    }
    if (code == OK) {
        code = read_attributes(r, v, &to, err);
    }
    if (code == OK) {
        *out = to;
    }
    return code;
}

enum code entity_read(const struct json_value *v, const struct entity_how *how, struct arena *a,
                      struct entity *out, struct err *err) {
    struct reading r = {how, a, NULL};
    return read_entity(&r, v, out, err);
}

enum code entity_read_next(const struct json_value *v, struct entity_run *run, struct arena *a,
                           struct entity *out, struct err *err) {
    struct reading r = {&run->how, a, run};
    return read_entity(&r, v, out, err);
}
