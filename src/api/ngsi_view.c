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
                               .geometry = call_query(c, "geometryProperty")};
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

static enum code read_choice(const struct ngsi *n, const char *text, struct ngsi_choice *out,
                             struct err *err) {
    struct ngsi_names names = split(text, n->call->arena);
    enum code code = OK;
    *out = (struct ngsi_choice){.attributes = {names.all, 0}, .said = names.count > 0};
    for (size_t i = 0; i < names.count && code == OK; i++) {
        unsigned member = find_member(names.all[i]);
        out->members |= member;
        if (member == 0) {
            const char **to = &out->attributes.all[out->attributes.count++];
            code = entity_expand(&n->linked, names.all[i], n->call->arena, to, err);
        }
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

/* 4.21: attrs goes with neither, and no member is both picked and omitted. */
static enum code check_choices(const struct ngsi_view *v, struct err *err) {
    bool both = (v->pick.members & v->omit.members) != 0;
    if (v->attributes.count > 0 && (v->pick.said || v->omit.said)) {
        return err_set(err, E_INPUT, "cannot take attrs beside pick or omit");
    }
    for (size_t i = 0; i < v->pick.attributes.count; i++) {
        both = both || has_name(&v->omit.attributes, v->pick.attributes.all[i]);
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
        code = read_choice(n, words->pick, &out->pick, err);
    }
    if (code == OK) {
        code = read_choice(n, words->omit, &out->omit, err);
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

static bool is_shown(const struct ngsi_view *v, const struct entity_attribute *x) {
    if (v->attributes.count > 0 && !has_name(&v->attributes, x->name)) {
        return false;
    }
    if (v->pick.said && !has_name(&v->pick.attributes, x->name)) {
        return false;
    }
    return !has_name(&v->omit.attributes, x->name) &&
           (v->datasets.count == 0 ||
            has_name(&v->datasets, x->dataset == NULL ? "@none" : x->dataset));
}

static void hide_members(const struct ngsi_view *v, struct entity *e) {
    unsigned shown = (v->pick.said ? v->pick.members : NGSI_MEMBERS) & ~v->omit.members;
    e->id = shown & NGSI_ID ? e->id : NULL;
    e->type_count = shown & NGSI_TYPE ? e->type_count : 0;
    e->scope_count = shown & NGSI_SCOPE ? e->scope_count : 0;
    e->created_ms = shown & NGSI_CREATED ? e->created_ms : 0;
    e->modified_ms = shown & NGSI_MODIFIED ? e->modified_ms : 0;
}

bool ngsi_view_reduce(const struct ngsi_view *v, struct entity *e) {
    size_t kept = 0;
    for (size_t i = 0; i < e->count; i++) {
        if (is_shown(v, &e->attributes[i])) {
            e->attributes[kept++] = e->attributes[i];
        }
    }
    e->count = kept;
    if (v->pick.said || v->omit.said) {
        hide_members(v, e);
    }
    return e->id != NULL || e->type_count + e->scope_count + e->count > 0 ||
           (v->look.times && (e->created_ms != 0 || e->modified_ms != 0));
}

/* ---- writing ---- */

void ngsi_view_put(const struct ngsi_view *v, const struct entity *e) {
    ngsi_put_entity(v->ngsi, e, &v->look, ngsi_json(v->ngsi));
}

void ngsi_view_put_all(const struct ngsi_view *v, const struct entity *all, size_t count) {
    ngsi_put_entities(v->ngsi, all, count, &v->look, ngsi_json(v->ngsi));
}
