/* told: see told.h. entity_write() writes the entity; members that it knows nothing of are put into
 * what it wrote, which is read again for that, and only where there are some. */
#include "subscription/told.h"

#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "ngsi/entity_write.h"

static const char *const previous[] = {
    [ENTITY_PROPERTY] = "previousValue", [ENTITY_RELATIONSHIP] = "previousObject",
    [ENTITY_GEO] = "previousValue",      [ENTITY_LANGUAGE] = "previousLanguageMap",
    [ENTITY_VOCAB] = "previousVocab",    [ENTITY_JSON] = "previousJson",
    [ENTITY_LIST] = "previousValueList", [ENTITY_LIST_RELATIONSHIP] = "previousObjectList",
};

/* ---- which attributes ---- */

static bool is_told(const struct subscription *s, const char *name, const char *dataset) {
    dataset = dataset == NULL ? SUBSCRIPTION_DEFAULT : dataset;
    return (s->attributes.count == 0 || subscription_names_have(&s->attributes, name)) &&
           (s->pick.count == 0 || subscription_names_have(&s->pick, name)) &&
           !subscription_names_have(&s->omit, name) &&
           (s->datasets.count == 0 || subscription_names_have(&s->datasets, dataset));
}

/* Of an entity that is gone: who asked for what was before is told of all it had, who asked for
 * attributes that go, of those. */
static bool is_told_gone(const struct subscription *s, const struct entity_attribute *x) {
    bool watched = s->watched.count == 0 || subscription_names_have(&s->watched, x->name);
    return is_told(s, x->name, x->dataset) &&
           (s->show_changes || ((s->triggers & ON_ATTRIBUTE_DELETED) && watched));
}

/* An attribute that is no more. */
static struct entity_attribute gone_of(const struct entity_attribute *was) {
    bool is_map = was->kind == ENTITY_LANGUAGE;
    return (struct entity_attribute){
        .name = was->name,
        .kind = was->kind,
        .kind_said = true,
        .value = is_map ? "{\"@none\":\"" ENTITY_NULL "\"}" : "\"" ENTITY_NULL "\"",
        .dataset = was->dataset,
        .created_ms = was->created_ms,
        .modified_ms = was->modified_ms,
    };
}

/* Whether the instance is there all the same; where all of an attribute are gone, that is told
 * once.
 */
static bool is_told_already(const struct entity *now, const struct entity *told,
                            const struct entity_change_attribute *x) {
    return entity_find_instance(now, x->name, x->dataset) != NULL ||
           (entity_find(now, x->name) == NULL && entity_find(told, x->name) != NULL);
}

/* The entity with what is told of it. */
static struct entity pick_told(const struct told *t, const struct snapshot *x) {
    const struct subscription *s = t->s;
    struct entity e = x->entity;
    bool whole_gone = x->event == ENTITY_REMOVED;
    e.attributes = arena_alloc(t->arena, (e.count + x->touched_count + 1) * sizeof *e.attributes);
    e.count = 0;
    e.scope_count = whole_gone ? 0 : e.scope_count;
    for (size_t i = 0; i < x->entity.count; i++) {
        const struct entity_attribute *a = &x->entity.attributes[i];
        if (whole_gone && is_told_gone(s, a)) {
            e.attributes[e.count++] = gone_of(a);
        } else if (!whole_gone && is_told(s, a->name, a->dataset)) {
            e.attributes[e.count++] = *a;
        }
    }
    for (size_t i = 0; i < x->touched_count && !whole_gone; i++) {
        const struct entity_change_attribute *c = &x->touched[i];
        if (c->event == ENTITY_REMOVED && c->was != NULL && !is_told_already(&x->entity, &e, c) &&
            is_told(s, c->name, c->dataset)) {
            e.attributes[e.count++] = gone_of(c->was);
        }
    }
    return e;
}

/* ---- what is put in besides ---- */

struct adding {
    const struct told *told;
    const struct snapshot *x;
    int64_t time_ms;
    struct json_out *j;
};

static void put_time(struct json_out *j, const char *key, int64_t at_ms) {
    char text[ENTITY_TIME_MAX];
    json_put_str(j, key, entity_time_text(at_ms, text));
}

/* What an instance was: NULL where it is new, or nothing became of it. */
static const struct entity_attribute *find_before(const struct adding *w, const char *name,
                                                  const char *dataset, bool *is_gone) {
    const struct snapshot *x = w->x;
    *is_gone = x->event == ENTITY_REMOVED;
    if (*is_gone) {
        return entity_find_instance(&x->entity, name, dataset);
    }
    for (size_t i = 0; i < x->touched_count; i++) {
        const struct entity_change_attribute *c = &x->touched[i];
        bool same = c->dataset == NULL || dataset == NULL ? c->dataset == dataset
                                                          : strcmp(c->dataset, dataset) == 0;
        if (same && strcmp(c->name, name) == 0) {
            *is_gone = c->event == ENTITY_REMOVED;
            return c->was;
        }
    }
    return NULL;
}

/* The member that holds the value, in the order of enum entity_kind. */
static const char *const value_names[] = {"value", "object", "value",     "languageMap",
                                          "vocab", "json",   "valueList", "objectList"};

static void put_raw_value(struct json_out *j, const struct json_value *v, struct arena *a) {
    const char *text = json_text(v, a);
    json_raw(j, text, strlen(text));
}

static void put_members(const struct adding *w, const struct json_value *v) {
    for (const struct json_value *m = v->first; m != NULL; m = m->next) {
        json_key_text(w->j, m->name);
        put_raw_value(w->j, m, w->told->arena);
    }
}

/* What the value was, written as values are now: with short names where it has names. */
static void put_previous(const struct adding *w, const struct entity_attribute *was) {
    struct entity_attribute alone = {
        .name = was->name, .kind = was->kind, .kind_said = true, .value = was->value};
    const struct entity e = {.id = w->x->entity.id, .attributes = &alone, .count = 1};
    const struct entity_look look = {.context = w->told->context, .form = ENTITY_NORMALIZED};
    const struct json_value *v = NULL;
    struct buf own = BUF_INIT;
    struct json_out out;
    json_init(&out, &own, 0);
    entity_write(&e, &look, w->told->arena, &out);
    enum code code = json_read(own.data, own.len, w->told->arena, &v, NULL);
    buf_fini(&own);
    while (code == OK && (v = v->name == NULL ? v->first : v->next) != NULL) {
        const struct json_value *value = json_member(v, value_names[was->kind]);
        if (value != NULL) {
            json_key(w->j, previous[was->kind]);
            put_raw_value(w->j, value, w->told->arena);
            return;
        }
    }
}

/* An instance as it was written, with what is put in. A concise one may be a bare value. */
static void put_instance(const struct adding *w, const char *name, const struct json_value *v) {
    const struct json_value *dataset = json_member(v, "datasetId");
    const struct subscription *s = w->told->s;
    bool is_gone;
    const struct entity_attribute *was =
        find_before(w, name, dataset == NULL ? NULL : dataset->text, &is_gone);
    bool bare = v->kind != JSON_OBJECT ||
                (was != NULL && was->kind == ENTITY_GEO && json_member(v, "coordinates") != NULL);
    if (was == NULL || s->form == ENTITY_SIMPLIFIED || (bare && !s->show_changes)) {
        put_raw_value(w->j, v, w->told->arena);
        return;
    }
    json_obj(w->j);
    if (bare) {
        json_key(w->j, "value");
        put_raw_value(w->j, v, w->told->arena);
    } else {
        put_members(w, v);
    }
    if (s->show_changes) {
        put_previous(w, was);
    }
    if (is_gone && s->sys_attrs) {
        put_time(w->j, "deletedAt", w->time_ms);
    }
    json_obj_end(w->j);
}

/* A list is one of instances only where its items have datasets: else it is a concise value. */
static void put_attribute(const struct adding *w, const struct json_value *v) {
    const char *name = NULL;
    bool known = entity_expand(w->told->context, v->name, w->told->arena, &name, NULL) == OK;
    bool instances = v->kind == JSON_ARRAY && v->count > 1 && v->first->kind == JSON_OBJECT &&
                     json_member(v->first->next, "datasetId") != NULL;
    json_key_text(w->j, v->name);
    if (!known) {
        put_raw_value(w->j, v, w->told->arena);
    } else if (!instances) {
        put_instance(w, name, v);
    } else {
        json_arr(w->j);
        for (const struct json_value *x = v->first; x != NULL; x = x->next) {
            put_instance(w, name, x);
        }
        json_arr_end(w->j);
    }
}

static bool is_own_member(const char *name) {
    static const char *const names[] = {"id",        "type",       "scope",
                                        "createdAt", "modifiedAt", "@context"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* id, type and scope may be picked and omitted as attributes are (4.21). */
static bool is_picked(const struct subscription *s, const char *name) {
    bool may = strcmp(name, "id") == 0 || strcmp(name, "type") == 0 || strcmp(name, "scope") == 0;
    return !may || ((s->pick.count == 0 || subscription_names_have(&s->pick, name)) &&
                    !subscription_names_have(&s->omit, name));
}

static void put_again(const struct adding *w, const struct json_value *v) {
    json_obj(w->j);
    for (const struct json_value *m = v->first; m != NULL; m = m->next) {
        if (!is_own_member(m->name)) {
            put_attribute(w, m);
        } else if (is_picked(w->told->s, m->name)) {
            json_key_text(w->j, m->name);
            put_raw_value(w->j, m, w->told->arena);
        }
    }
    if (w->x->event == ENTITY_REMOVED) {
        put_time(w->j, "deletedAt", w->time_ms);
    }
    if (w->told->context_json != NULL) {
        json_key(w->j, "@context");
        json_raw(w->j, w->told->context_json, strlen(w->told->context_json));
    }
    json_obj_end(w->j);
}

static bool has_more(const struct told *t, const struct snapshot *x) {
    const struct subscription *s = t->s;
    return x->event == ENTITY_REMOVED || t->context_json != NULL || s->show_changes ||
           s->pick.count > 0 || s->omit.count > 0 || s->sys_attrs;
}

void told_write(const struct told *t, const struct snapshot *x, int64_t time_ms,
                struct json_out *j) {
    struct entity e = pick_told(t, x);
    struct entity_look look = {.context = t->context, .form = t->s->form, .times = t->s->sys_attrs};
    if (t->s->accept == ACCEPT_GEO) {
        entity_write_feature(&e, &look, t->arena, j);
        return;
    }
    if (!has_more(t, x)) {
        entity_write(&e, &look, t->arena, j);
        return;
    }
    struct adding w = {t, x, time_ms, j};
    struct buf own = BUF_INIT;
    struct json_out out;
    const struct json_value *v = NULL;
    json_init(&out, &own, 0);
    entity_write(&e, &look, t->arena, &out);
    if (json_read(own.data, own.len, t->arena, &v, NULL) == OK) {
        put_again(&w, v);
    } else {
        json_raw(j, own.data, own.len); /* too large to be read again: as it is */
    }
    buf_fini(&own);
}
