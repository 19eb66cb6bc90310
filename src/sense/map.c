/* map: see map.h. This file reads a map's members and entities; map_attribute.c their attributes,
 * map_parts.c what both are made of. map_apply.c follows it. */
#include "sense/map.h"

#include <string.h>

#include "sense/map_read_int.h"

enum { ATTRIBUTES_MAX = 500 };

/* ---- entities ---- */

static enum code take_types(struct map_reading *r, const struct json_value *v,
                            struct map_entity *to) {
    enum code code = map_take_texts(r, v, "type", &to->types, &to->type_count);
    if (code == OK && (to->type_count == 0 || to->type_count > ENTITY_TYPES_MAX)) {
        code = err_set(r->err, E_INPUT, "it has %zu types, not 1 to %d", to->type_count,
                       ENTITY_TYPES_MAX);
    }
    for (size_t i = 0; i < to->type_count && code == OK; i++) {
        code = entity_expand(&r->context, to->types[i], r->a, &to->types[i], r->err);
    }
    return code;
}

static enum code take_time(struct map_reading *r, const struct json_value *v,
                           struct map_entity *to) {
    const struct json_value *time = json_member(v, "time");
    if (time == NULL) {
        return OK;
    }
    to->has_time = true;
    r->time = &to->time;
    return map_at(r, map_read_time(r, time, &to->time), "time");
}

static enum code read_entity(struct map_reading *r, const struct json_value *v,
                             struct map_entity *to) {
    static const char *const members[] = {"id",   "type",       "when",  "unless",
                                          "time", "attributes", "about", NULL};
    const struct json_value *list = NULL;
    r->time = NULL;
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = map_take_template(r, v, "id", &to->id);
    }
    if (code == OK && to->id.count < 2) {
        code = err_set(r->err, E_INPUT, "it needs \"id\", with a column in it: \"urn:x:{column}\"");
    }
    if (code == OK) {
        code = take_types(r, v, to);
    }
    if (code == OK) {
        code = map_take_conditions(r, v, &to->conditions);
    }
    if (code == OK) {
        code = take_time(r, v, to);
    }
    if (code == OK) {
        code = json_need_array(v, "attributes", ATTRIBUTES_MAX, &list, r->err);
    }
    return code == OK ? map_read_attributes(r, list, &to->attributes, &to->attribute_count) : code;
}

static enum code read_entities(struct map_reading *r, const struct json_value *v) {
    const struct json_value *list = NULL;
    enum code code = json_need_array(v, "entities", MAP_ENTITIES_MAX, &list, r->err);
    if (code == OK && list->count == 0) {
        code = err_set(r->err, E_INPUT, "it has no entities");
    }
    if (code != OK) {
        return code;
    }
    struct map_entity *all = arena_zero(r->a, list->count * sizeof *all);
    size_t i = 0;
    for (const struct json_value *x = list->first; x != NULL && code == OK; x = x->next, i++) {
        code = map_at(r, read_entity(r, x, &all[i]), "entities[%zu]", i);
    }
    r->map->entities = all;
    r->map->entity_count = list->count;
    return code;
}

/* ---- the source ---- */

/* One byte, as of a delimiter. */
static enum code take_byte(struct map_reading *r, const struct json_value *v, const char *member,
                           const char *allowed, char *out) {
    const char *text = NULL;
    enum code code = json_take_text(v, member, 8, &text, r->err);
    if (code != OK || text == NULL) {
        return code;
    }
    if (strlen(text) != 1 || strchr(allowed, text[0]) == NULL) {
        return err_set(r->err, E_INPUT, "member \"%s\" is \"%s\", not one of %s", member, text,
                       allowed[0] == ',' && strchr(allowed, '\t') != NULL
                           ? "comma, semicolon, tab, |"
                           : allowed);
    }
    *out = text[0];
    return OK;
}

static enum code take_encoding(struct map_reading *r, const struct json_value *v,
                               enum encoding *out) {
    static const char *const words[] = {"utf-16le", "utf-16be"};
    const char *label = NULL;
    enum code code = json_take_text(v, "encoding", 40, &label, r->err);
    if (code != OK || label == NULL) {
        return code;
    }
    *out = encoding_of_label(label, strlen(label));
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(label, words[i]) == 0) {
            *out = i == 0 ? ENCODING_UTF16LE : ENCODING_UTF16BE;
        }
    }
    return *out != ENCODING_NONE
               ? OK
               : err_set(r->err, E_INPUT,
                         "member \"encoding\" is \"%s\": known are utf-8, gbk, gb18030, big5, "
                         "utf-16le, utf-16be",
                         label);
}

static enum code read_csv(struct map_reading *r, const struct json_value *v, struct map_source *s) {
    const char *quote = NULL;
    enum code code = take_byte(r, v, "delimiter", ",;\t|", &s->delimiter);
    if (code == OK) {
        code = take_byte(r, v, "decimal", ".,", &s->decimal);
    }
    if (code == OK) {
        code = json_take_text(v, "quote", 8, &quote, r->err);
    }
    if (code == OK && quote != NULL && strlen(quote) > 1) {
        code = map_wrong(r, "quote", "one character, or \"\" for none");
    }
    s->quote = quote == NULL ? s->quote : quote[0];
    if (code == OK && (s->quote == s->delimiter || s->quote == '\n' || s->quote == '\r')) {
        code = map_wrong(r, "quote", "another character than the delimiter");
    }
    if (code == OK) {
        code = take_encoding(r, v, &s->encoding);
    }
    if (code == OK) {
        code = json_take_bool(v, "header", &s->header, r->err);
    }
    if (code == OK) {
        code = json_take_int(v, "skip", (struct json_range){0, 1000000}, &s->skip, r->err);
    }
    if (code == OK) {
        code = map_take_texts(r, v, "columns", &s->names, &s->name_count);
    }
    if (code == OK && s->header != (s->names == NULL)) {
        code = err_set(r->err, E_INPUT,
                       s->header ? "\"columns\" where the file has a header"
                                 : "no \"columns\" where the file has no header");
    }
    return code;
}

static enum code read_source(struct map_reading *r, const struct json_value *v) {
    static const char *const formats[] = {"csv", "geojson", NULL};
    static const char *const of_csv[] = {"delimiter", "quote",   "encoding", "header",
                                         "skip",      "decimal", "columns"};
    struct map_source *s = &r->map->source;
    int format = MAP_CSV;
    *s = (struct map_source){
        .delimiter = ',', .quote = '"', .decimal = '.', .header = true, .trim = true};
    enum code code = map_take_word(r, v, "format", formats, &format);
    s->format = (enum map_format)format;
    if (code == OK) {
        code = json_take_bool(v, "trim", &s->trim, r->err);
    }
    if (code == OK && format == MAP_CSV) {
        return read_csv(r, v, s);
    }
    for (size_t i = 0; i < sizeof of_csv / sizeof of_csv[0] && code == OK; i++) {
        if (json_member(v, of_csv[i]) != NULL) {
            code = err_set(r->err, E_INPUT, "member \"%s\" is for csv", of_csv[i]);
        }
    }
    return code;
}

/* Each column that is used must be one that the file has, where the map names them all. */
static enum code check_columns(struct map_reading *r) {
    const struct map *m = r->map;
    for (size_t i = 0; i < m->column_count && m->source.names != NULL; i++) {
        size_t k = 0;
        while (k < m->source.name_count && strcmp(m->source.names[k], m->columns[i]) != 0) {
            k++;
        }
        if (k == m->source.name_count) {
            return err_set(r->err, E_INPUT, "column \"%.100s\" is not among its \"columns\"",
                           m->columns[i]);
        }
    }
    return OK;
}

static enum code read_map(struct map_reading *r, const struct json_value *v) {
    static const char *const members[] = {"format",   "delimiter", "quote",   "encoding", "header",
                                          "skip",     "trim",      "decimal", "columns",  "missing",
                                          "@context", "entities",  "about",   NULL};
    const struct json_value *context = json_member(v, "@context");
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = read_source(r, v);
    }
    if (code == OK) {
        code = map_take_texts(r, v, "missing", &r->map->missing, &r->map->missing_count);
    }
    if (code == OK && context != NULL) {
        code = entity_context_read(context, r->a, &r->context, r->err);
    }
    if (code == OK) {
        code = read_entities(r, v);
    }
    return code == OK ? check_columns(r) : code;
}

enum code map_parse(const char *json, size_t n, struct arena *a, struct map *out, struct err *err) {
    struct err none = ERR_INIT;
    struct map map = {.column_count = 0};
    struct map_reading r = {.map = &map, .a = a, .err = err == NULL ? &none : err};
    const struct json_value *v = NULL;
    map.columns = arena_alloc(a, MAP_COLUMNS_MAX * sizeof *map.columns);
    enum code code = json_read(json, n, a, &v, r.err);
    if (code == OK) {
        code = read_map(&r, v);
    }
    if (code == OK) {
        sha256_of(json, n, map.digest);
        *out = map;
    }
    return code;
}
