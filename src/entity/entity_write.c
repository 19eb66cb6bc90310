/* entity_write: see entity_write.h. */
#include "entity/entity_write.h"

#include <string.h>

struct writing {
    const struct entity_look *look;
    struct arena *arena;
    struct json_out *j;
};

static void put_time(struct json_out *j, const char *key, int64_t ms) {
    char text[ENTITY_TIME_MAX];
    json_put_str(j, key, entity_time_text(ms, text));
}

static void put_raw(struct json_out *j, const char *json) {
    json_raw(j, json, strlen(json));
}

/* NULL for the look: whole names. */
static const char *name_of(const struct writing *w, const char *iri) {
    return w->look == NULL ? iri : entity_compact(w->look->context, iri, w->arena);
}

static void put_attribute(const struct writing *w, const struct entity_attribute *x) {
    struct json_out *j = w->j;
    bool times = w->look != NULL && w->look->times;
    enum entity_form form = w->look == NULL ? ENTITY_NORMALIZED : w->look->form;
    bool bare =
        !x->observed && x->unit == NULL && x->dataset == NULL && x->sub_count == 0 && !times;
    /* Concise JSON writes an object bare only where it cannot be taken for an attribute's. */
    bool plain = x->kind == ENTITY_GEO || (x->kind == ENTITY_PROPERTY && x->value[0] != '{');
    if (form == ENTITY_SIMPLIFIED || (form == ENTITY_CONCISE && bare && plain)) {
        put_raw(j, x->value);
        return;
    }
    json_obj(j);
    /* An object with coordinates would be read again as a geometry. */
    bool doubt = x->kind == ENTITY_PROPERTY && strstr(x->value, "\"coordinates\"") != NULL;
    if (form == ENTITY_NORMALIZED || doubt) {
        json_put_str(j, "type", entity_kind_name(x->kind));
    }
    json_key(j, x->kind == ENTITY_RELATIONSHIP ? "object" : "value");
    put_raw(j, x->value);
    if (x->unit != NULL) {
        json_put_str(j, "unitCode", x->unit);
    }
    if (x->observed) {
        put_time(j, "observedAt", x->observed_ms);
    }
    if (x->dataset != NULL) {
        json_put_str(j, "datasetId", x->dataset);
    }
    if (times && x->created_ms != 0) {
        put_time(j, "createdAt", x->created_ms);
        put_time(j, "modifiedAt", x->modified_ms);
    }
    for (size_t i = 0; i < x->sub_count; i++) {
        json_key_text(j, name_of(w, x->sub[i].name));
        put_attribute(w, &x->sub[i]);
    }
    json_obj_end(j);
}

void entity_write_attribute(const struct entity_attribute *x, struct json_out *j) {
    put_attribute(&(struct writing){.j = j}, x);
}

static void put_types(const struct writing *w, const struct entity *e) {
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

void entity_write(const struct entity *e, const struct entity_look *look, struct arena *a,
                  struct json_out *j) {
    const struct writing w = {look, a, j};
    json_obj(j);
    json_put_str(j, "id", e->id);
    put_types(&w, e);
    if (look->times) {
        put_time(j, "createdAt", e->created_ms);
        put_time(j, "modifiedAt", e->modified_ms);
    }
    for (size_t i = 0; i < e->count; i++) {
        json_key_text(j, name_of(&w, e->attributes[i].name));
        put_attribute(&w, &e->attributes[i]);
    }
    if (look->link != NULL) {
        json_put_str(j, "@context", look->link);
    }
    json_obj_end(j);
}
