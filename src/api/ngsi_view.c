/* ngsi_view: see ngsi_view.h. */
#include "api/ngsi_view.h"

#include <string.h>

/* ---- reading ---- */

struct ngsi_words ngsi_view_words(const struct call *c) {
    return (struct ngsi_words){.attrs = call_query(c, "attrs"),
                               .pick = call_query(c, "pick"),
                               .omit = call_query(c, "omit"),
                               .dataset = call_query(c, "datasetId"),
                               .lang = call_query(c, "lang"),
                               .geometry = call_query(c, "geometryProperty"),
                               .join = call_query(c, "join"),
                               .join_level = call_query(c, "joinLevel")};
}

static const struct {
    const char *name;
    enum ngsi_member member;
} members[] = {{"id", NGSI_ID},
               {"type", NGSI_TYPE},
               {"scope", NGSI_SCOPE},
               {"createdAt", NGSI_CREATED},
               {"modifiedAt", NGSI_MODIFIED}};

static unsigned find_member(const char *name) {
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (strcmp(members[i].name, name) == 0) {
            return members[i].member;
        }
    }
    return 0;
}

/* Names apart by , or |, which mean the same; entity_expand() refuses one that is empty. */
static struct ngsi_names split(const char *text, struct arena *a) {
    struct ngsi_names names = {NULL, 0};
    if (text == NULL || *text == '\0') {
        return names;
    }
    names.all = arena_alloc(a, (strlen(text) + 1) * sizeof *names.all);
    for (;;) {
        size_t len = strcspn(text, ",|");
        names.all[names.count++] = arena_dup(a, text, len);
        if (text[len] == '\0') {
            return names;
        }
        text += len + 1;
    }
}

static enum code read_names(const struct ngsi *n, const char *text, struct ngsi_names *out,
                            struct err *err) {
    *out = split(text, n->call->arena);
    enum code code = OK;
    for (size_t i = 0; i < out->count && code == OK; i++) {
        code = entity_expand(&n->linked, out->all[i], n->call->arena, &out->all[i], err);
    }
    return code;
}

/* ---- pick and omit: name [ "{" names "}" ] { ("," | "|") name ... } ---- */

struct choosing {
    const struct ngsi *ngsi;
    const char *text, *at;
    int depth, deepest; /* of braces */
};

static enum code refuse(const struct choosing *p, const char *why, struct err *err) {
    return err_set(err, E_INPUT, "cannot read \"%.100s\" at byte %zu: %s", p->text,
                   (size_t)(p->at - p->text) + 1, why);
}

static enum code read_names_of(struct choosing *p, struct ngsi_choice *out, struct err *err);

/* "{id,name}" */
static enum code read_inner(struct choosing *p, const struct ngsi_choice **out, struct err *err) {
    struct ngsi_choice *inner = arena_zero(p->ngsi->call->arena, sizeof *inner);
    if (p->depth++ == NGSI_JOIN_LEVELS) {
        return refuse(p, "this is deeper than any join", err);
    }
    p->deepest = p->depth > p->deepest ? p->depth : p->deepest;
    p->at++;
    enum code code = read_names_of(p, inner, err);
    if (code == OK && *p->at != '}') {
        code = refuse(p, "a } is missing", err);
    }
    p->at += code == OK;
    p->depth--;
    *out = inner;
    return code;
}

static enum code read_name(struct choosing *p, struct ngsi_choice *out, struct err *err) {
    struct arena *a = p->ngsi->call->arena;
    size_t len = strcspn(p->at, ",|{}");
    if (len == 0) {
        return refuse(p, "a name is missing", err);
    }
    const char *name = arena_dup(a, p->at, len);
    unsigned member = find_member(name);
    p->at += len;
    out->members |= member;
    if (member != 0) {
        return OK;
    }
    size_t i = out->attributes.count++;
    out->inner[i] = NULL;
    enum code code = entity_expand(&p->ngsi->linked, name, a, &out->attributes.all[i], err);
    return code == OK && *p->at == '{' ? read_inner(p, &out->inner[i], err) : code;
}

static enum code read_names_of(struct choosing *p, struct ngsi_choice *out, struct err *err) {
    size_t most = strlen(p->at) + 1;
    enum code code = OK;
    out->said = true;
    out->attributes.all = arena_alloc(p->ngsi->call->arena, most * sizeof(char *));
    out->inner = arena_alloc(p->ngsi->call->arena, most * sizeof *out->inner);
    for (;;) {
        code = read_name(p, out, err);
        if (code != OK || (*p->at != ',' && *p->at != '|')) {
            return code;
        }
        p->at++;
    }
}

static enum code read_choice(const struct ngsi_view *v, const char *text, struct ngsi_choice *out,
                             struct err *err) {
    struct choosing p = {.ngsi = v->ngsi, .text = text, .at = text};
    if (text == NULL || *text == '\0') {
        return OK;
    }
    enum code code = read_names_of(&p, out, err);
    if (code == OK && *p.at != '\0') {
        code = refuse(&p, "this is too much", err);
    }
    if (code == OK && p.deepest > (v->join == NGSI_JOIN_NONE ? 0 : v->join_level)) {
        code = err_set(err, E_INPUT, "cannot take \"%.100s\": its braces are deeper than the join",
                       text);
    }
    return code;
}

static enum code read_join(struct ngsi_view *v, const struct ngsi_words *words, struct err *err) {
    static const char *const kinds[] = {
        [NGSI_JOIN_NONE] = "@none", [NGSI_JOIN_INLINE] = "inline", [NGSI_JOIN_FLAT] = "flat"};
    const char *join = words->join == NULL ? kinds[NGSI_JOIN_NONE] : words->join;
    size_t kind = 0;
    while (kind <= NGSI_JOIN_FLAT && strcmp(kinds[kind], join) != 0) {
        kind++;
    }
    if (kind > NGSI_JOIN_FLAT) {
        return err_set(err, E_INPUT, "cannot take join \"%.40s\": it is inline, flat or @none",
                       join);
    }
    v->join = (enum ngsi_join)kind;
    v->join_level = 1;
    return words->join_level == NULL
               ? OK
               : json_whole(words->join_level, (struct json_range){1, NGSI_JOIN_LEVELS},
                            &v->join_level, err);
}

static bool has_name(const struct ngsi_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->all[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Where a name stands in a choice; its count where it does not. */
static size_t place_of(const struct ngsi_choice *c, const char *name) {
    size_t i = 0;
    while (i < c->attributes.count && strcmp(c->attributes.all[i], name) != 0) {
        i++;
    }
    return i;
}

/* A name with braces is shown: something of its entity is omitted. */
static bool is_omitted(const struct ngsi_choice *omit, const char *name) {
    size_t i = place_of(omit, name);
    return i < omit->attributes.count && omit->inner[i] == NULL;
}

/* 4.21: attrs goes with neither, and no member is both picked and omitted. */
static enum code check_choices(const struct ngsi_view *v, struct err *err) {
    bool both = (v->pick.members & v->omit.members) != 0;
    if (v->attributes.count > 0 && (v->pick.said || v->omit.said)) {
        return err_set(err, E_INPUT, "cannot take attrs beside pick or omit");
    }
    for (size_t i = 0; i < v->pick.attributes.count; i++) {
        both = both || is_omitted(&v->omit, v->pick.attributes.all[i]);
    }
    return both ? err_set(err, E_INPUT, "cannot pick and omit the same member") : OK;
}

static enum code read_datasets(const struct ngsi *n, const char *text, struct ngsi_names *out,
                               struct err *err) {
    *out = split(text, n->call->arena);
    for (size_t i = 0; i < out->count; i++) {
        if (strcmp(out->all[i], "@none") != 0 && !entity_is_uri(out->all[i])) {
            return err_set(err, E_INPUT, "cannot take datasetId \"%.80s\": it is no URI",
                           out->all[i]);
        }
    }
    return OK;
}

static enum code read_look(struct ngsi_view *v, const struct ngsi_words *words, struct err *err) {
    const struct ngsi *n = v->ngsi;
    v->look = ngsi_look(n);
    v->look.lang = words->lang;
    if (words->geometry == NULL) {
        return OK;
    }
    return n->wants_geo
               ? entity_expand(&n->linked, words->geometry, n->call->arena, &v->look.geometry, err)
               : err_set(err, E_INPUT,
                         "cannot take geometryProperty: the answer is not application/geo+json");
}

enum code ngsi_view_read(struct ngsi *n, const struct ngsi_words *words, struct ngsi_view *out,
                         struct err *err) {
    *out = (struct ngsi_view){.ngsi = n};
    enum code code = read_names(n, words->attrs, &out->attributes, err);
    if (code == OK) {
        code = read_join(out, words, err);
    }
    if (code == OK) {
        code = read_choice(out, words->pick, &out->pick, err);
    }
    if (code == OK) {
        code = read_choice(out, words->omit, &out->omit, err);
    }
    if (code == OK) {
        code = check_choices(out, err);
    }
    if (code == OK) {
        code = read_datasets(n, words->dataset, &out->datasets, err);
    }
    return code == OK ? read_look(out, words, err) : code;
}

struct ngsi_names ngsi_view_needs(const struct ngsi_view *v) {
    static const struct ngsi_names none = {NULL, 0};
    return v->attributes.count > 0                ? v->attributes
           : v->pick.said && v->pick.members == 0 ? v->pick.attributes
                                                  : none;
}

/* ---- reducing ---- */

static const struct ngsi_choice no_choice = {.said = false};

/* What is shown of one entity: the one that was asked for, or one that is linked to. */
struct part {
    const struct ngsi_names *attributes;
    const struct ngsi_choice *pick, *omit;
};

static bool is_shown(const struct ngsi_view *v, const struct part *p,
                     const struct entity_attribute *x) {
    if (p->attributes->count > 0 && !has_name(p->attributes, x->name)) {
        return false;
    }
    if (p->pick->said && !has_name(&p->pick->attributes, x->name)) {
        return false;
    }
    return !is_omitted(p->omit, x->name) &&
           (v->datasets.count == 0 ||
            has_name(&v->datasets, x->dataset == NULL ? "@none" : x->dataset));
}

static void hide_members(const struct part *p, struct entity *e) {
    unsigned shown = (p->pick->said ? p->pick->members : NGSI_MEMBERS) & ~p->omit->members;
    e->id = shown & NGSI_ID ? e->id : NULL;
    e->type_count = shown & NGSI_TYPE ? e->type_count : 0;
    e->scope_count = shown & NGSI_SCOPE ? e->scope_count : 0;
    e->created_ms = shown & NGSI_CREATED ? e->created_ms : 0;
    e->modified_ms = shown & NGSI_MODIFIED ? e->modified_ms : 0;
}

/* False: nothing is left of it. */
static bool reduce(const struct ngsi_view *v, const struct part *p, struct entity *e) {
    size_t kept = 0;
    for (size_t i = 0; i < e->count; i++) {
        if (is_shown(v, p, &e->attributes[i])) {
            e->attributes[kept++] = e->attributes[i];
        }
    }
    e->count = kept;
    hide_members(p, e);
    return e->id != NULL || e->type_count + e->scope_count + e->count > 0 ||
           (v->look.times && (e->created_ms != 0 || e->modified_ms != 0));
}

/* ---- linking ---- */

struct linking {
    const struct ngsi_view *view;
    struct tx *tx;
    const char **ids; /* of all that is shown, also where they are hidden */
    size_t id_count;
    size_t loaded;
    struct entity *flat; /* room for NGSI_JOIN_ENTITIES */
    size_t flat_count;
};

/* The URI of a Relationship to one entity; NULL: it is none, or not a plain one. */
static const char *target_of(const struct entity_attribute *x, struct arena *a) {
    bool single = x->kind == ENTITY_RELATIONSHIP && x->value != NULL && x->value[0] == '"' &&
                  strchr(x->value, '\\') == NULL;
    return single ? arena_dup(a, x->value + 1, strlen(x->value) - 2) : NULL;
}

static bool is_known(const struct linking *l, const char *id) {
    for (size_t i = 0; i < l->id_count; i++) {
        if (strcmp(l->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static struct part part_of(const struct part *p, const char *name) {
    static const struct ngsi_names all = {NULL, 0};
    size_t i = place_of(p->pick, name);
    size_t k = place_of(p->omit, name);
    const struct ngsi_choice *pick = i < p->pick->attributes.count ? p->pick->inner[i] : NULL;
    const struct ngsi_choice *omit = k < p->omit->attributes.count ? p->omit->inner[k] : NULL;
    return (struct part){&all, pick == NULL ? &no_choice : pick, omit == NULL ? &no_choice : omit};
}

static enum code link_all(struct linking *l, struct entity *e, const struct part *p, int64_t level,
                          struct err *err);

static enum code link_one(struct linking *l, struct entity_attribute *x, const struct part *p,
                          int64_t level, struct err *err) {
    struct arena *a = l->view->ngsi->call->arena;
    struct part part = part_of(p, x->name);
    const char *id = target_of(x, a);
    bool flat = l->view->join == NGSI_JOIN_FLAT;
    struct entity *e = arena_alloc(a, sizeof *e);
    if (id == NULL || (flat && is_known(l, id))) {
        return OK;
    }
    if (l->loaded++ == NGSI_JOIN_ENTITIES) {
        return err_set(err, E_LIMIT, "cannot link more than %d entities", NGSI_JOIN_ENTITIES);
    }
    enum code code = entity_load(l->tx, id, a, e, NULL);
    if (code != OK) {
        return code == E_ABSENT ? OK : err_set(err, code, "cannot load entity \"%.200s\"", id);
    }
    bool left = reduce(l->view, &part, e);
    if (flat) {
        size_t at = l->flat_count;
        l->ids[l->id_count++] = id;
        l->flat_count += left;
        code = link_all(l, e, &part, level - 1, err);
        if (left) {
            l->flat[at] = *e;
        }
        return code;
    }
    x->linked = e;
    return link_all(l, e, &part, level - 1, err);
}

static enum code link_all(struct linking *l, struct entity *e, const struct part *p, int64_t level,
                          struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < e->count && code == OK && level > 0; i++) {
        code = link_one(l, &e->attributes[i], p, level, err);
    }
    return code;
}

static enum code join(const struct ngsi_view *v, struct linking *l, struct ngsi_shown *out,
                      struct err *err) {
    const struct part own = {&v->attributes, &v->pick, &v->omit};
    enum code code = OK;
    for (size_t i = 0; i < out->own && code == OK; i++) {
        code = link_all(l, &out->all[i], &own, v->join_level, err);
    }
    for (size_t i = 0; i < l->flat_count && code == OK; i++) {
        out->all[out->count++] = l->flat[i];
    }
    return code;
}

enum code ngsi_view_show(const struct ngsi_view *v, struct tx *tx, struct entity *all, size_t count,
                         struct ngsi_shown *out, struct err *err) {
    const struct part own = {&v->attributes, &v->pick, &v->omit};
    struct arena *a = v->ngsi->call->arena;
    size_t more = v->join == NGSI_JOIN_NONE ? 0 : NGSI_JOIN_ENTITIES;
    struct linking l = {.view = v, .tx = tx};
    *out = (struct ngsi_shown){.all = arena_alloc(a, (count + more + 1) * sizeof *out->all)};
    l.ids = arena_alloc(a, (count + more + 1) * sizeof *l.ids);
    l.flat = arena_alloc(a, (more + 1) * sizeof *l.flat);
    for (size_t i = 0; i < count; i++) {
        l.ids[l.id_count++] = all[i].id;
        if (reduce(v, &own, &all[i])) {
            out->all[out->own++] = all[i];
        }
    }
    out->count = out->own;
    return v->join == NGSI_JOIN_NONE ? OK : join(v, &l, out, err);
}

/* ---- writing ---- */

void ngsi_view_put(const struct ngsi_view *v, const struct entity *e) {
    ngsi_put_entity(v->ngsi, e, &v->look, ngsi_json(v->ngsi));
}

void ngsi_view_put_all(const struct ngsi_view *v, const struct ngsi_shown *shown) {
    ngsi_put_entities(v->ngsi, shown->all, shown->count, &v->look, ngsi_json(v->ngsi));
}
