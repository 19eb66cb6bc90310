/* entity_history_write: see entity_history_write.h. */
#include "entity/entity_history_write.h"

#include <string.h>

/* Under which name the values of a kind stand in the simplified form (4.5.9). */
static const char *const lists[] = {
    [ENTITY_PROPERTY] = "values", [ENTITY_RELATIONSHIP] = "objects",
    [ENTITY_GEO] = "values",      [ENTITY_LANGUAGE] = "languageMaps",
    [ENTITY_VOCAB] = "vocabs",    [ENTITY_JSON] = "jsons",
    [ENTITY_LIST] = "valueLists", [ENTITY_LIST_RELATIONSHIP] = "objectLists",
};

struct writing {
    const struct entity_history_look *look;
    struct arena *arena;
    struct json_out *j;
};

static void put_moment(struct json_out *j, int64_t ms) {
    char text[ENTITY_TIME_MAX];
    json_str(j, entity_time_text(ms, text));
}

static void put_raw(struct json_out *j, const char *json) {
    json_raw(j, json, strlen(json));
}

/* ---- values ---- */

static void put_values(const struct writing *w, const struct entity_series *s) {
    struct json_out *j = w->j;
    json_key(j, lists[s->kind]);
    json_arr(j);
    for (size_t i = 0; i < s->count; i++) {
        json_arr(j);
        entity_write_instance(&s->instances[i], &w->look->look, w->arena, j);
        put_moment(j, s->instances[i].observed_ms);
        json_arr_end(j);
    }
    json_arr_end(j);
}

/* ---- tallies ---- */

static void put_tally(const struct writing *w, const struct entity_series *s,
                      enum entity_method method) {
    struct json_out *j = w->j;
    json_key(j, entity_method_name(method));
    json_arr(j);
    for (size_t i = 0; i < s->period_count; i++) {
        const struct entity_tallied *t = &s->periods[i];
        if (t->answers[method] != NULL) {
            json_arr(j);
            put_raw(j, t->answers[method]);
            put_moment(j, t->span.from_ms);
            put_moment(j, t->span.to_ms);
            json_arr_end(j);
        }
    }
    json_arr_end(j);
}

static void put_tallies(const struct writing *w, const struct entity_series *s) {
    for (enum entity_method m = 0; m < ENTITY_METHODS; m++) {
        if ((w->look->methods >> m & 1U) != 0) {
            put_tally(w, s, m);
        }
    }
}

/* ---- series ---- */

static void put_series(const struct writing *w, const struct entity_series *s) {
    json_obj(w->j);
    json_put_str(w->j, "type", entity_kind_name(s->kind));
    if (s->dataset != NULL) {
        json_put_str(w->j, "datasetId", s->dataset);
    }
    if (w->look->methods != 0) {
        put_tallies(w, s);
    } else {
        put_values(w, s);
    }
    json_obj_end(w->j);
}

static void put_instances(const struct writing *w, const struct entity_series *s) {
    char name[ENTITY_INSTANCE_MAX];
    for (size_t i = 0; i < s->count; i++) {
        struct entity_attribute x = s->instances[i];
        x.instance = entity_instance_text(s, x.observed_ms, name);
        entity_write_instance(&x, &w->look->look, w->arena, w->j);
    }
}

/* The series from `s` on that are of one attribute. */
static size_t run_of(const struct entity_series *s, size_t count) {
    size_t n = 1;
    while (n < count && s[n].number == s->number) {
        n++;
    }
    return n;
}

static void put_attribute(const struct writing *w, const struct entity_series *s, size_t count) {
    bool whole = w->look->methods == 0 && w->look->look.form != ENTITY_SIMPLIFIED;
    json_key_text(w->j, entity_compact(w->look->look.context, s->name, w->arena));
    if (whole || count > 1) {
        json_arr(w->j);
    }
    for (size_t i = 0; i < count; i++) {
        if (whole) {
            put_instances(w, &s[i]);
        } else {
            put_series(w, &s[i]);
        }
    }
    if (whole || count > 1) {
        json_arr_end(w->j);
    }
}

static void put_types(const struct writing *w, const struct entity_history *h) {
    json_key(w->j, "type");
    if (h->type_count != 1) {
        json_arr(w->j);
    }
    for (size_t i = 0; i < h->type_count; i++) {
        json_str(w->j, entity_compact(w->look->look.context, h->types[i], w->arena));
    }
    if (h->type_count != 1) {
        json_arr_end(w->j);
    }
}

void entity_history_write(const struct entity_history *h, const struct entity_history_look *look,
                          struct arena *a, struct json_out *j) {
    const struct writing w = {look, a, j};
    json_obj(j);
    if (!look->no_id) {
        json_put_str(j, "id", h->id);
    }
    if (!look->no_type) {
        put_types(&w, h);
    }
    for (size_t at = 0; at < h->count;) {
        size_t run = run_of(&h->series[at], h->count - at);
        put_attribute(&w, &h->series[at], run);
        at += run;
    }
    if (look->look.link != NULL) {
        entity_write_context(look->look.link, j);
    }
    json_obj_end(j);
}
