/* map_attribute: the attributes of a map: what each is made of, and by which rules. */
#include <string.h>

#include "base/json_text.h"
#include "sense/map_read_int.h"

enum { ATTRIBUTES_MAX = 500, SUB_DEPTH_MAX = 3 };

/* ---- values ---- */

static enum code take_words(struct map_reading *r, const struct json_value *v,
                            struct map_attribute *to) {
    const struct json_value *words = json_member(v, "words");
    static const char *const others[] = {"refuse", "keep", "missing", NULL};
    int chosen = MAP_OTHERS_REFUSED;
    enum code code = map_take_word(r, v, "others", others, &chosen);
    to->others = (enum map_others)chosen;
    if (code != OK || words == NULL) {
        return code;
    }
    if (words->kind != JSON_OBJECT) {
        return map_wrong(r, "words", "an object");
    }
    struct map_word *list = arena_alloc(r->a, (words->count + 1) * sizeof *list);
    size_t i = 0;
    for (const struct json_value *x = words->first; x != NULL; x = x->next, i++) {
        if (x->kind == JSON_NULL || x->kind == JSON_ARRAY || x->kind == JSON_OBJECT) {
            return map_at(r, map_wrong(r, x->name, "a text, a number, true or false"), "words");
        }
        list[i] = (struct map_word){x->name, json_text(x, r->a)};
    }
    to->words = list;
    to->word_count = i;
    return OK;
}

/* ---- attributes ---- */

/* "value": the same for all rows. */
static enum code take_constant(struct map_reading *r, const struct json_value *v,
                               struct map_attribute *to) {
    const struct json_value *x = json_member(v, "value");
    if (x == NULL) {
        return OK;
    }
    if (x->kind == JSON_NULL) {
        return map_wrong(r, "value", "a value: null is none");
    }
    if (json_member(v, "kind") != NULL && to->kind != MAP_TEXT && to->kind != MAP_NUMBER) {
        return err_set(r->err, E_INPUT, "\"value\" goes with no \"kind\": it is a Property");
    }
    to->kind = MAP_CONSTANT;
    to->json = json_text(x, r->a);
    return OK;
}

static enum code take_point(struct map_reading *r, const struct json_value *v,
                            struct map_attribute *to) {
    enum code code = map_take_column(r, v, "longitude", &to->longitude);
    const char *word = NULL;
    if (code == OK) {
        code = map_take_column(r, v, "latitude", &to->latitude);
    }
    if (code == OK) {
        code = json_take_text(v, "datum", 16, &word, r->err);
    }
    if (code == OK && word != NULL && !datum_find(word, &to->datum)) {
        code =
            err_set(r->err, E_INPUT, "member \"datum\" is \"%s\", not wgs84, gcj02 or bd09", word);
    }
    return code;
}

/* Whether what the kind is made of is there, and nothing else. */
static enum code check_sources(struct map_reading *r, const struct map_attribute *x) {
    bool column = x->column != MAP_NONE;
    bool text = x->text.count > 0;
    bool point = x->longitude != MAP_NONE && x->latitude != MAP_NONE;
    bool half = (x->longitude == MAP_NONE) != (x->latitude == MAP_NONE);
    const char *want = NULL;
    if (x->kind == MAP_POINT) {
        want = point && !column && !text ? NULL : "\"longitude\" and \"latitude\" for a point";
    } else if (x->kind == MAP_GEOMETRY || x->kind == MAP_CONSTANT) {
        want = !column && !text && !point && !half ? NULL : "no column";
    } else {
        want = column != text && !point && !half ? NULL : "one of \"column\", \"text\", \"value\"";
    }
    if (want == NULL && x->minus != MAP_NONE && x->kind != MAP_NUMBER) {
        want = "\"kind\": \"number\" for \"minus\"";
    }
    if (want == NULL && x->kind == MAP_GEOMETRY && r->map->source.format != MAP_GEOJSON) {
        want = "\"format\": \"geojson\" for a geometry";
    }
    if (want == NULL && x->kind != MAP_GEOMETRY && x->mend) {
        want = "\"kind\": \"geometry\" for \"mend\"";
    }
    return want == NULL ? OK : err_set(r->err, E_INPUT, "it needs %s", want);
}

static enum code take_kind(struct map_reading *r, const struct json_value *v,
                           struct map_attribute *to) {
    static const char *const words[] = {
        [MAP_NUMBER] = "number",     [MAP_TEXT] = "text",   [MAP_BOOLEAN] = "boolean",
        [MAP_TIME] = "time",         [MAP_JSON] = "json",   [MAP_RELATIONSHIP] = "relationship",
        [MAP_LANGUAGE] = "language", [MAP_VOCAB] = "vocab", [MAP_POINT] = "point",
        [MAP_GEOMETRY] = "geometry", [MAP_CONSTANT] = NULL};
    int kind = MAP_TEXT;
    enum code code = map_take_word(r, v, "kind", words, &kind);
    to->kind = (enum map_kind)kind;
    if (code == OK) {
        code = take_constant(r, v, to);
    }
    if (code == OK && json_member(v, "kind") == NULL && to->kind != MAP_CONSTANT) {
        code = err_set(r->err, E_INPUT, "it needs \"kind\", or a \"value\"");
    }
    if (code == OK && to->kind == MAP_TIME) {
        code = map_take_format(r, v, &to->time.format);
    }
    if (code == OK && to->kind == MAP_LANGUAGE) {
        code = json_need_text(v, "language", 35, &to->language, r->err);
    }
    return code;
}

static enum code take_origin(struct map_reading *r, const struct json_value *v,
                             struct map_attribute *to) {
    enum code code = map_take_column(r, v, "column", &to->column);
    if (code == OK) {
        code = map_take_template(r, v, "text", &to->text);
    }
    if (code == OK) {
        code = map_take_column(r, v, "minus", &to->minus);
    }
    if (code == OK) {
        code = take_point(r, v, to);
    }
    if (code == OK) {
        code = json_take_bool(v, "mend", &to->mend, r->err);
    }
    return code == OK ? check_sources(r, to) : code;
}

static enum code take_rules(struct map_reading *r, const struct json_value *v,
                            struct map_attribute *to) {
    enum code code = map_take_conditions(r, v, &to->conditions);
    if (code == OK) {
        code = take_words(r, v, to);
    }
    if (code == OK) {
        code = map_take_texts(r, v, "missing", &to->missing, &to->missing_count);
        to->has_missing = to->missing != NULL;
    }
    if (code == OK) {
        code = json_take_text(v, "split", 16, &to->split, r->err);
    }
    if (code == OK) {
        code = map_take_conversion(r, v, &to->conversion, &to->converts);
    }
    return code == OK ? map_take_cases(r, v, to) : code;
}

static enum code take_members(struct map_reading *r, const struct json_value *v,
                              struct map_attribute *to) {
    const struct json_value *sub = NULL;
    enum code code = json_take_text(v, "unitCode", ENTITY_UNIT_MAX, &to->unit, r->err);
    to->observed = r->time != NULL && r->depth == 0 && to->kind != MAP_CONSTANT;
    if (code == OK) {
        code = json_take_bool(v, "required", &to->required, r->err);
    }
    if (code == OK) {
        code = json_take_bool(v, "observed", &to->observed, r->err);
    }
    if (code == OK && to->observed && r->time == NULL) {
        code = err_set(r->err, E_INPUT, "\"observed\" without a \"time\" of the entity");
    }
    if (code == OK) {
        code = map_take_template(r, v, "dataset", &to->dataset);
    }
    if (code == OK) {
        code = json_take_array(v, "attributes", ATTRIBUTES_MAX, &sub, r->err);
    }
    if (code == OK && sub != NULL) {
        r->depth++;
        code = r->depth > SUB_DEPTH_MAX
                   ? err_set(r->err, E_LIMIT, "attributes of attributes more than %d deep",
                             SUB_DEPTH_MAX)
                   : map_read_attributes(r, sub, &to->sub, &to->sub_count);
        r->depth--;
    }
    return code;
}

static enum code read_attribute(struct map_reading *r, const struct json_value *v,
                                struct map_attribute *to) {
    static const char *const members[] = {
        "name",     "kind",     "column",     "text",   "value",  "minus",  "longitude", "latitude",
        "datum",    "format",   "zone",       "split",  "words",  "others", "missing",   "required",
        "observed", "unitCode", "factor",     "offset", "places", "cases",  "when",      "unless",
        "dataset",  "language", "attributes", "about",  "mend",   NULL};
    *to = (struct map_attribute){.column = MAP_NONE, .minus = MAP_NONE};
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = json_need_text(v, "name", NAME_MAX_LEN, &to->name, r->err);
    }
    if (code == OK) {
        code = entity_expand(&r->context, to->name, r->a, &to->iri, r->err);
    }
    if (code == OK) {
        code = take_kind(r, v, to);
    }
    if (code == OK) {
        code = take_origin(r, v, to);
    }
    if (code == OK) {
        code = take_rules(r, v, to);
    }
    return code == OK ? take_members(r, v, to) : code;
}

enum code map_read_attributes(struct map_reading *r, const struct json_value *list,
                              const struct map_attribute **out, size_t *count) {
    struct map_attribute *all = arena_zero(r->a, (list->count + 1) * sizeof *all);
    size_t i = 0;
    for (const struct json_value *x = list->first; x != NULL; x = x->next, i++) {
        const struct json_value *name = json_member(x, "name");
        bool named = name != NULL && name->kind == JSON_STRING;
        enum code code = read_attribute(r, x, &all[i]);
        if (code != OK) {
            return named ? map_at(r, code, "attributes[%zu] \"%.60s\"", i, name->text)
                         : map_at(r, code, "attributes[%zu]", i);
        }
    }
    *out = all;
    *count = i;
    return OK;
}
