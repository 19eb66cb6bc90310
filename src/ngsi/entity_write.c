/* entity_write: see entity_write.h. */
#include "ngsi/entity_write.h"

#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "ngsi/entity_language.h"
#include "ngsi/entity_value.h"
#include "ngsi/quality.h"

struct writing {
    const struct entity_look *look; /* NULL: normalized with whole names, as it is kept */
    struct arena *arena;
    struct json_out *j;
};

static void put_time(struct json_out *j, const char *key, int64_t ms) {
    char text[ENTITY_TIME_MAX];
    json_put_str(j, key, entity_time_text(ms, text));
}

/* "...:00Z" or, where it came so, "...:00.000Z". */
static void put_observed(struct json_out *j, const struct entity_attribute *x) {
    char text[ENTITY_TIME_MAX];
    entity_time_text(x->observed_ms, text);
    size_t n = strlen(text);
    if (x->zeros && n > 0 && n + sizeof ".000" <= sizeof text) {
        memcpy(text + n - 1, ".000Z", sizeof ".000Z");
    }
    json_put_str(j, "observedAt", text);
}

static void put_raw(struct json_out *j, const char *json) {
    json_raw(j, json, strlen(json));
}

static const char *name_of(const struct writing *w, const char *iri) {
    if (w->look == NULL) {
        return iri;
    }
    struct entity_shorts *shorts = w->look->shorts;
    if (shorts == NULL) {
        return entity_compact(w->look->context, iri, w->arena);
    }
    size_t slot =
        (uintptr_t)iri / sizeof(void *) % (sizeof shorts->slots / sizeof shorts->slots[0]);
    if (shorts->slots[slot].iri != iri) {
        shorts->slots[slot].iri = iri;
        shorts->slots[slot].name = entity_compact(w->look->context, iri, w->arena);
    }
    return shorts->slots[slot].name;
}

static enum entity_form form_of(const struct writing *w) {
    return w->look == NULL ? ENTITY_NORMALIZED : w->look->form;
}

/* ---- values ---- */

/* The text behind a JSON string that begins at `s`. */
static const char *behind_string(const char *s) {
    for (s++; *s != '"'; s++) {
        s += *s == '\\';
    }
    return s + 1;
}

/* A name, or a list of them, with short names in place of whole ones. */
static void put_names(const struct writing *w, const char *json) {
    bool list = json[0] == '[';
    if (list) {
        json_arr(w->j);
    }
    for (json += list; *json == '"' || *json == ','; json += *json == ',') {
        const char *end = behind_string(json);
        size_t n = (size_t)(end - json);
        if (memchr(json, '\\', n) == NULL) {
            json_str(w->j, name_of(w, arena_dup(w->arena, json + 1, n - 2)));
        } else {
            json_raw(w->j, json, n);
        }
        json = end;
    }
    if (list) {
        json_arr_end(w->j);
    }
}

/* [{"object":"urn:a"},...] as ["urn:a",...]. */
static void put_bare_objects(const struct writing *w, const char *json) {
    json_arr(w->j);
    while ((json = strchr(json, '{')) != NULL) {
        const char *from = strchr(behind_string(json + 1), '"');
        json = behind_string(from);
        json_raw(w->j, from, (size_t)(json - from));
    }
    json_arr_end(w->j);
}

static void put_value(const struct writing *w, const struct entity_attribute *x) {
    if (x->kind == ENTITY_VOCAB && w->look != NULL) {
        put_names(w, x->value);
    } else {
        put_raw(w->j, x->value);
    }
}

static void put_simplified(const struct writing *w, const struct entity_attribute *x) {
    bool wrapped = x->kind == ENTITY_LANGUAGE || x->kind == ENTITY_VOCAB || x->kind == ENTITY_JSON;
    if (x->kind == ENTITY_LIST_RELATIONSHIP) {
        put_bare_objects(w, x->value);
        return;
    }
    if (wrapped) {
        json_obj(w->j);
        json_key(w->j, entity_kind_member(x->kind));
    }
    put_value(w, x);
    if (wrapped) {
        json_obj_end(w->j);
    }
}

/* ---- instances ---- */

static void put_list(const struct writing *w, const struct entity_attribute *list, size_t count);

/* The entity of a Relationship: it has no @context of its own. */
static void put_linked(const struct writing *w, const struct entity *e) {
    struct entity_look look = *w->look;
    look.link = NULL;
    entity_write(e, &look, w->arena, w->j);
}

/* Concise JSON writes a value bare only where nothing else is said and where it cannot be taken for
 * an attribute's or for several instances. */
static bool is_bare(const struct writing *w, const struct entity_attribute *x) {
    bool times = w->look != NULL && w->look->times && x->created_ms != 0;
    bool alone = !x->observed && x->unit == NULL && x->about == NULL && x->dataset == NULL &&
                 x->instance == NULL && x->sub_count == 0 && !times;
    bool plain =
        x->kind == ENTITY_PROPERTY && x->value[0] != '{' && strncmp(x->value, "[{", 2) != 0;
    return form_of(w) == ENTITY_CONCISE && alone && x->instance == NULL &&
           (plain || x->kind == ENTITY_GEO);
}

static void put_about(const struct writing *w, const struct entity_attribute *x) {
    bool relates = x->kind == ENTITY_RELATIONSHIP || x->kind == ENTITY_LIST_RELATIONSHIP;
    json_key(w->j, relates ? "objectType" : "valueType");
    if (w->look == NULL) {
        put_raw(w->j, x->about);
    } else {
        put_names(w, x->about);
    }
}

#define QARTOD "qartod"

/* {"flag": 1, "gross": 1, ...}: the worst, and that of each test, as QARTOD numbers them. */
static void put_quality(struct json_out *j, const struct quality_flags *flags) {
    json_key(j, QARTOD);
    json_obj(j);
    json_put_str(j, "type", entity_kind_name(ENTITY_PROPERTY));
    json_key(j, "value");
    json_obj(j);
    json_put_int(j, "flag", quality_worst(flags));
    for (int i = 0; i < QUALITY_TESTS; i++) {
        json_put_int(j, quality_test_word((enum quality_test)i), flags->of[i]);
    }
    json_obj_end(j);
    json_obj_end(j);
}

/* Moves what came back with flags that were shown to the end: how many are before it. */
static size_t without_flags(const struct writing *w, const struct entity_attribute *x) {
    size_t n = 0;
    for (size_t i = 0; i < x->sub_count; i++) {
        struct entity_attribute one = x->sub[i];
        if (strcmp(name_of(w, one.name), QARTOD) != 0) {
            x->sub[i] = x->sub[n];
            x->sub[n++] = one;
        }
    }
    return n;
}

static void put_rest(const struct writing *w, const struct entity_attribute *x) {
    struct json_out *j = w->j;
    if (x->about != NULL) {
        put_about(w, x);
    }
    if (x->unit != NULL) {
        json_put_str(j, "unitCode", x->unit);
    }
    if (x->observed) {
        put_observed(j, x);
    }
    if (x->dataset != NULL) {
        json_put_str(j, "datasetId", x->dataset);
    }
    if (x->instance != NULL) {
        json_put_str(j, "instanceId", x->instance);
    }
    if (w->look != NULL && w->look->times && x->created_ms != 0) {
        put_time(j, "createdAt", x->created_ms);
        put_time(j, "modifiedAt", x->modified_ms);
    }
    struct quality_flags flags;
    bool judged = w->look != NULL && w->look->quality && quality_unpack(x->quality, &flags);
    put_list(w, x->sub, judged ? without_flags(w, x) : x->sub_count);
    if (judged) {
        put_quality(w->j, &flags);
    }
}

/* A LanguageProperty in one language; false: it is to stay. */
static bool put_in_language(const struct writing *w, const struct entity_attribute *x) {
    const struct json_value *map;
    if (w->look == NULL || w->look->lang == NULL || x->kind != ENTITY_LANGUAGE ||
        json_read(x->value, strlen(x->value), w->arena, &map, NULL) != OK || map->first == NULL) {
        return false;
    }
    const struct json_value *said = entity_language_find(map, w->look->lang, w->arena);
    struct json_value value = *said;
    value.name = NULL;
    const char *text = json_text(&value, w->arena);
    if (form_of(w) == ENTITY_SIMPLIFIED) {
        put_raw(w->j, text);
        return true;
    }
    json_obj(w->j);
    if (form_of(w) == ENTITY_NORMALIZED) {
        json_put_str(w->j, "type", entity_kind_name(ENTITY_PROPERTY));
    }
    json_key(w->j, "value");
    put_raw(w->j, text);
    json_put_str(w->j, "lang", said->name);
    put_rest(w, x);
    json_obj_end(w->j);
    return true;
}

/* Whether it leaves as it stands in its row: with nothing that depends on the answer's @context,
 * and nothing beside what is kept there. */
static bool is_as_kept(const struct writing *w, const struct entity_attribute *x) {
    struct quality_flags flags;
    return x->row != NULL && w->look != NULL && w->look->form == ENTITY_NORMALIZED &&
           x->kind != ENTITY_VOCAB && (x->kind != ENTITY_LANGUAGE || w->look->lang == NULL) &&
           !(w->look->times && x->created_ms != 0) && x->instance == NULL && x->linked == NULL &&
           !(w->look->quality && quality_unpack(x->quality, &flags));
}

static void put_instance(const struct writing *w, const struct entity_attribute *x, bool bare) {
    struct json_out *j = w->j;
    if (is_as_kept(w, x)) {
        put_raw(j, x->row);
        return;
    }
    if (put_in_language(w, x)) {
        return;
    }
    if (form_of(w) == ENTITY_SIMPLIFIED && x->linked != NULL) {
        put_linked(w, x->linked);
        return;
    }
    if (form_of(w) == ENTITY_SIMPLIFIED) {
        put_simplified(w, x);
        return;
    }
    if (bare && is_bare(w, x)) {
        put_raw(j, x->value);
        return;
    }
    json_obj(j);
    /* An object with coordinates would be read again as a geometry. */
    bool doubt = x->kind == ENTITY_PROPERTY && strstr(x->value, "\"coordinates\"") != NULL;
    if (form_of(w) == ENTITY_NORMALIZED || doubt) {
        json_put_str(j, "type", entity_kind_name(x->kind));
    }
    json_key(j, entity_kind_member(x->kind));
    put_value(w, x);
    if (x->linked != NULL && w->look != NULL) {
        json_key(j, "entity");
        put_linked(w, x->linked);
    }
    put_rest(w, x);
    json_obj_end(j);
}

void entity_write_instance(const struct entity_attribute *x, const struct entity_look *look,
                           struct arena *a, struct json_out *j) {
    put_instance(&(struct writing){look, a, j}, x, true);
}

void entity_write_attribute(const struct entity_attribute *x, struct json_out *j) {
    put_instance(&(struct writing){.j = j}, x, true);
}

/* ---- all instances of a name ---- */

/* The next of this name from `at` on; `count` where there is none. */
static size_t find_next(const struct entity_attribute *list, size_t count, size_t at,
                        const char *name) {
    while (at < count && strcmp(list[at].name, name) != 0) {
        at++;
    }
    return at;
}

static void put_named(const struct writing *w, const struct entity_attribute *list, size_t count,
                      size_t first) {
    const char *name = list[first].name;
    size_t next = find_next(list, count, first + 1, name);
    bool simple = form_of(w) == ENTITY_SIMPLIFIED;
    json_key_text(w->j, name_of(w, name));
    if (next == count && !(simple && list[first].dataset != NULL)) {
        put_instance(w, &list[first], true);
        return;
    }
    if (simple) {
        json_obj(w->j);
        json_key(w->j, "dataset");
        json_obj(w->j);
    } else {
        json_arr(w->j);
    }
    for (size_t i = first; i < count; i = find_next(list, count, i + 1, name)) {
        if (simple) {
            json_key_text(w->j, list[i].dataset == NULL ? "@none" : list[i].dataset);
        }
        put_instance(w, &list[i], false);
    }
    if (simple) {
        json_obj_end(w->j);
        json_obj_end(w->j);
    } else {
        json_arr_end(w->j);
    }
}

/* A name stands where its first instance does. */
static void put_list(const struct writing *w, const struct entity_attribute *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (find_next(list, i, 0, list[i].name) == i) {
            put_named(w, list, count, i);
        }
    }
}

/* ---- the entity ---- */

/* What a view hides is not there. */
static void put_id(const struct writing *w, const struct entity *e) {
    if (e->id != NULL) {
        json_put_str(w->j, "id", e->id);
    }
}

static void put_types(const struct writing *w, const struct entity *e) {
    if (e->type_count == 0) {
        return;
    }
    json_key(w->j, "type");
    if (e->type_count == 1) {
        json_str(w->j, name_of(w, e->types[0]));
        return;
    }
    json_arr(w->j);
    for (size_t i = 0; i < e->type_count; i++) {
        json_str(w->j, name_of(w, e->types[i]));
    }
    json_arr_end(w->j);
}

static void put_scopes(const struct writing *w, const struct entity *e) {
    if (e->scope_count == 0) {
        return;
    }
    json_key(w->j, "scope");
    if (e->scope_count == 1) {
        json_str(w->j, e->scopes[0]);
        return;
    }
    json_arr(w->j);
    for (size_t i = 0; i < e->scope_count; i++) {
        json_str(w->j, e->scopes[i]);
    }
    json_arr_end(w->j);
}

/* All that an entity has but its id. */
static void put_members(const struct writing *w, const struct entity *e) {
    put_types(w, e);
    put_scopes(w, e);
    if (w->look->times && e->created_ms != 0) {
        put_time(w->j, "createdAt", e->created_ms);
        put_time(w->j, "modifiedAt", e->modified_ms);
    }
    put_list(w, e->attributes, e->count);
}

void entity_write_context(const char *link, struct json_out *j) {
    bool core = strcmp(link, ENTITY_CORE_CONTEXT) == 0;
    json_key(j, "@context");
    if (!core) {
        json_arr(j);
    }
    json_str(j, link);
    if (!core) {
        json_arr_end(j);
    }
}

static void put_link(const struct writing *w) {
    if (w->look->link != NULL) {
        entity_write_context(w->look->link, w->j);
    }
}

void entity_write(const struct entity *e, const struct entity_look *look, struct arena *a,
                  struct json_out *j) {
    const struct writing w = {look, a, j};
    json_obj(j);
    put_id(&w, e);
    put_members(&w, e);
    put_link(&w);
    json_obj_end(j);
}

void entity_write_feature(const struct entity *e, const struct entity_look *look, struct arena *a,
                          struct json_out *j) {
    const struct writing w = {look, a, j};
    const char *name = look->geometry == NULL ? ENTITY_CORE "location" : look->geometry;
    const struct entity_attribute *place = entity_find(e, name);
    json_obj(j);
    put_id(&w, e);
    json_put_str(j, "type", "Feature");
    json_key(j, "geometry");
    put_raw(j, place != NULL && place->kind == ENTITY_GEO ? place->value : "null");
    json_key(j, "properties");
    json_obj(j);
    put_members(&w, e);
    json_obj_end(j);
    put_link(&w);
    json_obj_end(j);
}
