/* map_apply: what a row says by a map (map.h): the entities of it, or why it says nothing. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "ngsi/entity_geo.h"
#include "ngsi/geometry_mend.h"
#include "ngsi/geometry_valid.h"
#include "sense/map.h"
#include "sense/map_int.h"

/* A row on its way. */
struct doing {
    const struct map *map;
    const struct map_record *record;
    const char **values; /* trimmed; NULL: nothing stands there */
    struct arena *a;
    struct map_result *out;
    struct map_fault *fault;
    struct err *err;
    const struct map_entity *entity;
    int64_t time_ms;
};

/* The fault is in this column. */
static enum code blame(struct doing *d, enum code code, int column) {
    if (code != OK && column != MAP_NONE) {
        *d->fault = (struct map_fault){d->map->columns[column], d->values[column]};
    }
    return code;
}

/* ---- the values of the row ---- */

/* Bytes of the blank that s begins with: also U+00A0 and U+3000, which spreadsheets leave. */
static size_t blank_at(const char *s) {
    if (*s == ' ' || (*s >= '\t' && *s <= '\r')) {
        return 1;
    }
    if (strncmp(s, "\xC2\xA0", 2) == 0) {
        return 2;
    }
    return strncmp(s, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static const char *trim(const char *s, struct arena *a) {
    size_t n;
    while ((n = blank_at(s)) > 0) {
        s += n;
    }
    size_t end = 0; /* behind the last character that is no blank */
    for (size_t i = 0; s[i] != '\0';) {
        size_t blank = blank_at(s + i);
        i += blank > 0 ? blank : 1;
        end = blank > 0 ? end : i;
    }
    return s[end] == '\0' ? s : arena_dup(a, s, end);
}

static void trim_all(struct doing *d) {
    const struct map *m = d->map;
    d->values = arena_alloc(d->a, (m->column_count + 1) * sizeof *d->values);
    for (size_t i = 0; i < m->column_count; i++) {
        const char *s = d->record->values[i];
        d->values[i] = s != NULL && m->source.trim ? trim(s, d->a) : s;
    }
}

static bool is_among(const char *s, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], s) == 0) {
            return true;
        }
    }
    return false;
}

/* An empty field says nothing, whatever the map lists. */
static bool is_missing(const struct doing *d, const struct map_attribute *x, const char *s) {
    bool own = x != NULL && x->has_missing;
    return s == NULL || s[0] == '\0' ||
           is_among(s, own ? x->missing : d->map->missing,
                    own ? x->missing_count : d->map->missing_count);
}

static bool holds(const struct doing *d, const struct map_conditions *c) {
    for (size_t i = 0; i < c->count; i++) {
        const struct map_condition *one = &c->list[i];
        const char *s = d->values[one->column] == NULL ? "" : d->values[one->column];
        if (is_among(s, one->values, one->count) == one->unless) {
            return false;
        }
    }
    return true;
}

/* ---- templates ---- */

/* Whether a byte may stand in a URI as it is: unreserved (RFC 3986), or of a letter beyond ASCII
 * (RFC 3987). */
static bool is_plain(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           strchr("-._~", c) != NULL || c >= 0x80;
}

static void put_encoded(struct buf *to, const char *s) {
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (is_plain(c)) {
            buf_addc(to, *s);
        } else {
            buf_addf(to, "%%%02X", c);
        }
    }
}

enum fill { FILL_TEXT, FILL_URI };

/* NULL, with the column in *missing, where a column says nothing. */
static const char *fill(struct doing *d, const struct map_template *t, enum fill how,
                        int *missing) {
    struct buf b = BUF_INIT;
    bool bare = t->count == 2 && t->parts[0].len == 0 && t->parts[1].len == 0;
    *missing = MAP_NONE;
    buf_add(&b, "", 0);
    for (size_t i = 0; i < t->count && *missing == MAP_NONE; i++) {
        int column = t->parts[i].column;
        buf_add(&b, t->parts[i].text, t->parts[i].len);
        if (column != MAP_NONE && is_missing(d, NULL, d->values[column])) {
            *missing = column;
        } else if (column != MAP_NONE && how == FILL_URI && !bare) {
            put_encoded(&b, d->values[column]);
        } else if (column != MAP_NONE) {
            buf_adds(&b, d->values[column]);
        }
    }
    const char *out =
        *missing == MAP_NONE ? arena_dup(d->a, b.len == 0 ? "" : b.data, b.len) : NULL;
    buf_fini(&b);
    return out;
}

/* The column that a template is about, for messages. */
static int column_of(const struct map_template *t) {
    for (size_t i = 0; i < t->count; i++) {
        if (t->parts[i].column != MAP_NONE) {
            return t->parts[i].column;
        }
    }
    return MAP_NONE;
}

static enum code check_uri(struct doing *d, const char *uri) {
    return entity_is_uri(uri) && strlen(uri) <= ENTITY_URI_MAX
               ? OK
               : err_set(d->err, E_INPUT, "\"%.200s\" is no URI", uri);
}

static enum code fill_uri(struct doing *d, const struct map_template *t, const char **out) {
    int missing;
    const char *uri = fill(d, t, FILL_URI, &missing);
    if (uri == NULL) {
        return blame(d, err_set(d->err, E_INPUT, "it is needed for the id, and says nothing"),
                     missing);
    }
    *out = uri;
    return blame(d, check_uri(d, uri), column_of(t));
}

static enum code fill_time(struct doing *d, const struct map_time *t, int64_t *out) {
    int missing;
    const char *text = fill(d, &t->text, FILL_TEXT, &missing);
    if (text == NULL) {
        return blame(d, err_set(d->err, E_INPUT, "it is needed for the time, and says nothing"),
                     missing);
    }
    return blame(d, moment_parse(text, &t->format, out, d->err), column_of(&t->text));
}

/* ---- values of attributes: *out stays NULL where the row says nothing ---- */

static const char *json_string(struct doing *d, const char *s, size_t n) {
    struct buf b = BUF_INIT;
    struct json_out j;
    json_init(&j, &b, 0);
    json_strn(&j, s, n);
    const char *out = arena_dup(d->a, b.data, b.len);
    buf_fini(&b);
    return out;
}

/* What a word stands for; NULL where it is none of the map's. */
static const char *word_of(const struct map_attribute *x, const char *s) {
    for (size_t i = 0; i < x->word_count; i++) {
        if (strcmp(x->words[i].word, s) == 0) {
            return x->words[i].json;
        }
    }
    return NULL;
}

/* One text, by the words of the map where it has some. */
static enum code one_text(struct doing *d, const struct map_attribute *x, const char *s,
                          const char **out) {
    const char *word = word_of(x, s);
    if (word != NULL) {
        *out = word;
        return OK;
    }
    if (x->word_count == 0 || x->others == MAP_OTHERS_KEPT) {
        *out = json_string(d, s, strlen(s));
        return OK;
    }
    return x->others == MAP_OTHERS_MISSING
               ? OK
               : err_set(d->err, E_INPUT, "not one of the %zu words of the map", x->word_count);
}

/* The pieces between the map's mark, trimmed: one alone is a text, several are a list. */
static enum code split_text(struct doing *d, const struct map_attribute *x, const char *s,
                            const char **out) {
    struct buf list = BUF_INIT;
    const char *last = NULL;
    size_t count = 0;
    size_t mark = strlen(x->split);
    enum code code = OK;
    for (const char *end = s; s != NULL && code == OK; s = end == NULL ? NULL : end + mark) {
        end = strstr(s, x->split);
        const char *piece =
            trim(arena_dup(d->a, s, end == NULL ? strlen(s) : (size_t)(end - s)), d->a);
        const char *json = NULL;
        code = is_missing(d, x, piece) ? OK : one_text(d, x, piece, &json);
        if (json != NULL) {
            buf_addf(&list, "%s%s", count++ == 0 ? "[" : ",", json);
            last = json;
        }
    }
    if (code == OK && count > 1) {
        buf_addc(&list, ']');
        last = arena_dup(d->a, list.data, list.len);
    }
    buf_fini(&list);
    *out = last;
    return code;
}

static enum code text_value(struct doing *d, const struct map_attribute *x, const char *s,
                            const char **out) {
    return x->split == NULL ? one_text(d, x, s, out) : split_text(d, x, s, out);
}

static const struct map_case *case_of(const struct doing *d, const struct map_attribute *x) {
    for (size_t i = 0; i < x->case_count; i++) {
        const struct map_case *c = &x->cases[i];
        bool timed = !d->entity->has_time || (d->time_ms >= c->from_ms && d->time_ms < c->until_ms);
        if (timed && holds(d, &c->conditions)) {
            return c;
        }
    }
    return NULL;
}

static enum code take_off(struct doing *d, const struct map_attribute *x, const char *number,
                          const char **out) {
    const char *less = d->values[x->minus];
    if (is_missing(d, x, less)) {
        *out = NULL;
        return OK;
    }
    enum code code = amount_parse(less, d->map->source.decimal, d->a, &less, d->err);
    if (code == OK) {
        code = amount_subtract(number, less, d->a, out, d->err);
    }
    return blame(d, code, x->minus);
}

static enum code number_value(struct doing *d, const struct map_attribute *x, const char *s,
                              const char **out) {
    const struct map_case *c = case_of(d, x);
    const char *word = word_of(x, s);
    const char *number = NULL;
    bool converts = c != NULL && c->converts ? true : x->converts;
    if (word != NULL) {
        *out = word;
        return OK;
    }
    enum code code = amount_parse(s, d->map->source.decimal, d->a, &number, d->err);
    if (code == OK && x->minus != MAP_NONE) {
        code = take_off(d, x, number, &number);
    }
    if (code == OK && number != NULL && converts) {
        code = amount_convert(number, c != NULL && c->converts ? &c->conversion : &x->conversion,
                              d->a, &number, d->err);
    }
    *out = number;
    return code;
}

static enum code boolean_value(struct doing *d, const struct map_attribute *x, const char *s,
                               const char **out) {
    static const char *const words[] = {"false", "true", "0", "1", "no", "yes", "否", "是"};
    *out = word_of(x, s);
    for (size_t i = 0; i < sizeof words / sizeof words[0] && *out == NULL; i++) {
        if (strcasecmp(words[i], s) == 0) {
            *out = i % 2 == 0 ? "false" : "true";
        }
    }
    return *out != NULL ? OK : err_set(d->err, E_INPUT, "neither true nor false");
}

/* As JSON-LD has a moment: {"@type": "DateTime", "@value": "..."}. */
static enum code time_value(struct doing *d, const struct map_attribute *x, const char *s,
                            const char **out) {
    int64_t ms = 0;
    char text[ENTITY_TIME_MAX];
    char json[ENTITY_TIME_MAX + 64];
    enum code code = moment_parse(s, &x->time.format, &ms, d->err);
    if (code == OK) {
        int n = snprintf(json, sizeof json, "{\"@type\":\"DateTime\",\"@value\":\"%s\"}",
                         entity_time_text(ms, text));
        *out = arena_dup(d->a, json, (size_t)n);
    }
    return code;
}

static enum code json_value(struct doing *d, const char *s, const char **out) {
    const struct json_value *v = NULL;
    enum code code = json_read(s, strlen(s), d->a, &v, d->err);
    if (code == OK && v->kind != JSON_NULL) {
        *out = json_text(v, d->a);
    }
    return code;
}

static enum code relationship_value(struct doing *d, const char *s, const char **out) {
    enum code code = check_uri(d, s);
    if (code == OK) {
        *out = json_string(d, s, strlen(s));
    }
    return code;
}

static enum code language_value(struct doing *d, const struct map_attribute *x, const char *s,
                                const char **out) {
    struct buf b = BUF_INIT;
    struct json_out j;
    json_init(&j, &b, 0);
    json_obj(&j);
    json_key_text(&j, x->language);
    json_str(&j, s);
    json_obj_end(&j);
    *out = arena_dup(d->a, b.data, b.len);
    buf_fini(&b);
    return OK;
}

/* ---- places ---- */

/* Seven decimals of a degree are a centimetre. */
static void put_point(struct buf *to, struct lonlat at) {
    buf_addf(to, "[%.7f,%.7f]", at.lon, at.lat);
}

static enum code read_degrees(struct doing *d, int column, const char **digits) {
    enum code code = amount_parse(d->values[column], d->map->source.decimal, d->a, digits, d->err);
    return blame(d, code, column);
}

static enum code point_value(struct doing *d, const struct map_attribute *x, const char **out) {
    const char *lon = NULL;
    const char *lat = NULL;
    struct lonlat to;
    struct buf b = BUF_INIT;
    if (is_missing(d, x, d->values[x->longitude]) || is_missing(d, x, d->values[x->latitude])) {
        return OK;
    }
    enum code code = read_degrees(d, x->longitude, &lon);
    if (code == OK) {
        code = read_degrees(d, x->latitude, &lat);
    }
    if (code == OK) {
        struct lonlat at = {strtod(lon, NULL), strtod(lat, NULL)};
        bool high = !(at.lat >= -90 && at.lat <= 90);
        code = blame(d, datum_convert(x->datum, DATUM_WGS84, at, &to, d->err),
                     high ? x->latitude : x->longitude);
    }
    if (code == OK) {
        buf_adds(&b, "{\"type\":\"Point\",\"coordinates\":");
        if (x->datum == DATUM_WGS84) {
            buf_addf(&b, "[%s,%s]", lon, lat);
        } else {
            put_point(&b, to);
        }
        buf_addc(&b, '}');
        *out = arena_dup(d->a, b.data, b.len);
    }
    buf_fini(&b);
    return code;
}

/* Coordinates at any depth, which entity_geo_check() has seen, in WGS-84. */
static enum code put_coordinates(const struct json_value *v, enum datum datum, struct buf *to,
                                 struct err *err) {
    if (v->first != NULL && v->first->kind == JSON_NUMBER) {
        struct lonlat at = {strtod(v->first->text, NULL), strtod(v->first->next->text, NULL)};
        enum code code = datum_convert(datum, DATUM_WGS84, at, &at, err);
        if (code == OK) {
            put_point(to, at);
        }
        return code;
    }
    enum code code = OK;
    buf_addc(to, '[');
    for (const struct json_value *x = v->first; x != NULL && code == OK; x = x->next) {
        code = put_coordinates(x, datum, to, err);
        if (x->next != NULL) {
            buf_addc(to, ',');
        }
    }
    buf_addc(to, ']');
    return code;
}

/* Its type and coordinates alone: a geometry of a file may have more, which is nobody's to keep. */
static enum code plain_geometry(struct doing *d, const struct json_value *g,
                                const struct json_value **out) {
    const struct json_value *type = json_member(g, "type");
    const struct json_value *coordinates = json_member(g, "coordinates");
    if (!entity_geo_is(g) || type->kind != JSON_STRING) {
        return err_set(d->err, E_INPUT, "its geometry is of a type that is not taken");
    }
    struct buf b = BUF_INIT;
    struct json_out j;
    json_init(&j, &b, 0);
    json_obj(&j);
    json_put_str(&j, "type", type->text);
    json_key(&j, "coordinates");
    const char *text = json_text(coordinates, d->a);
    json_raw(&j, text, strlen(text));
    json_obj_end(&j);
    enum code code = json_read(b.data, b.len, d->a, out, d->err);
    buf_fini(&b);
    return code == OK ? entity_geo_check(*out, d->err) : code;
}

/* The same in WGS-84. */
static enum code convert_geometry(struct doing *d, enum datum datum, const struct json_value **g) {
    struct buf b = BUF_INIT;
    buf_addf(&b, "{\"type\":\"%s\",\"coordinates\":", json_member(*g, "type")->text);
    enum code code = put_coordinates(json_member(*g, "coordinates"), datum, &b, d->err);
    buf_addc(&b, '}');
    if (code == OK) {
        code = json_read(b.data, b.len, d->a, g, d->err);
    }
    buf_fini(&b);
    return code;
}

static enum code geometry_value(struct doing *d, const struct map_attribute *x, const char **out) {
    const struct json_value *g = d->record->geometry;
    if (g == NULL || g->kind == JSON_NULL) {
        return OK;
    }
    enum code code = plain_geometry(d, g, &g);
    if (code == OK && x->datum != DATUM_WGS84) {
        code = convert_geometry(d, x->datum, &g);
    }
    if (code == OK) {
        code = x->mend ? geometry_mend(g, d->a, &g, d->err) : geometry_valid_value(g, d->err);
    }
    *out = code == OK ? json_text(g, d->a) : NULL;
    return code;
}

/* ---- attributes ---- */

static enum entity_kind kind_of(enum map_kind kind) {
    switch (kind) {
    case MAP_RELATIONSHIP:
        return ENTITY_RELATIONSHIP;
    case MAP_LANGUAGE:
        return ENTITY_LANGUAGE;
    case MAP_VOCAB:
        return ENTITY_VOCAB;
    case MAP_POINT:
    case MAP_GEOMETRY:
        return ENTITY_GEO;
    case MAP_NUMBER:
    case MAP_TEXT:
    case MAP_BOOLEAN:
    case MAP_TIME:
    case MAP_JSON:
    case MAP_CONSTANT:
        return ENTITY_PROPERTY;
    }
    return ENTITY_PROPERTY;
}

/* The value out of the text of a column or template. */
static enum code value_of_text(struct doing *d, const struct map_attribute *x, const char *s,
                               const char **out) {
    switch (x->kind) {
    case MAP_NUMBER:
        return number_value(d, x, s, out);
    case MAP_TEXT:
    case MAP_VOCAB:
        return text_value(d, x, s, out);
    case MAP_BOOLEAN:
        return boolean_value(d, x, s, out);
    case MAP_TIME:
        return time_value(d, x, s, out);
    case MAP_JSON:
        return json_value(d, s, out);
    case MAP_RELATIONSHIP:
        return relationship_value(d, s, out);
    case MAP_LANGUAGE:
        return language_value(d, x, s, out);
    case MAP_POINT:
    case MAP_GEOMETRY:
    case MAP_CONSTANT:
        break;
    }
    assert(!"a kind without a text");
    return OK;
}

static enum code value_of(struct doing *d, const struct map_attribute *x, const char **out) {
    int column = x->column;
    int missing = MAP_NONE;
    const char *s = NULL;
    *out = NULL;
    if (x->kind == MAP_CONSTANT) {
        *out = x->json;
        return OK;
    }
    if (x->kind == MAP_POINT) {
        return point_value(d, x, out);
    }
    if (x->kind == MAP_GEOMETRY) {
        return geometry_value(d, x, out);
    }
    if (column != MAP_NONE) {
        s = d->values[column];
    } else {
        s = fill(d, &x->text, x->kind == MAP_RELATIONSHIP ? FILL_URI : FILL_TEXT, &missing);
        column = missing == MAP_NONE ? column_of(&x->text) : missing;
    }
    enum code code = is_missing(d, x, s) ? OK : value_of_text(d, x, s, out);
    if (d->fault->column == NULL) {
        blame(d, code, column);
    }
    return code;
}

static enum code put_attributes(struct doing *d, const struct map_attribute *list, size_t count,
                                struct entity_attribute **out, size_t *done);

static enum code put_rest(struct doing *d, const struct map_attribute *x,
                          struct entity_attribute *to) {
    const struct map_case *c = case_of(d, x);
    int missing;
    to->name = x->iri;
    to->kind = kind_of(x->kind);
    to->kind_said = true;
    to->observed = x->observed;
    to->observed_ms = x->observed ? d->time_ms : 0;
    to->unit = c != NULL && c->unit != NULL ? c->unit : x->unit;
    if (x->dataset.count > 0) {
        to->dataset = fill(d, &x->dataset, FILL_URI, &missing);
        enum code code =
            to->dataset == NULL
                ? err_set(d->err, E_INPUT, "it is needed for the dataset, and says nothing")
                : check_uri(d, to->dataset);
        if (code != OK) {
            return blame(d, code, missing == MAP_NONE ? column_of(&x->dataset) : missing);
        }
    }
    if (c != NULL && c->refuse != NULL) {
        return blame(d, err_set(d->err, E_INPUT, "%s", c->refuse), x->column);
    }
    return put_attributes(d, x->sub, x->sub_count, &to->sub, &to->sub_count);
}

/* Several attributes of a map may have one name, where only one of them holds. */
static bool is_there(const struct entity_attribute *list, size_t count,
                     const struct entity_attribute *x) {
    for (size_t i = 0; i < count; i++) {
        const char *a = list[i].dataset;
        const char *b = x->dataset;
        if (strcmp(list[i].name, x->name) == 0 &&
            (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0))) {
            return true;
        }
    }
    return false;
}

static enum code put_attribute(struct doing *d, const struct map_attribute *x,
                               struct entity_attribute *list, size_t *count) {
    struct entity_attribute to = {.name = NULL};
    enum code code = value_of(d, x, &to.value);
    if (code == OK && to.value == NULL) {
        d->out->missing++;
        return x->required ? blame(d,
                                   err_set(d->err, E_INPUT,
                                           "\"%.100s\" is required, and says nothing", x->name),
                                   x->column)
                           : OK;
    }
    if (code == OK) {
        code = put_rest(d, x, &to);
    }
    if (code == OK && is_there(list, *count, &to)) {
        code =
            blame(d, err_set(d->err, E_INPUT, "a second value for \"%.100s\"", x->name), x->column);
    }
    if (code == OK) {
        list[(*count)++] = to;
    }
    return code;
}

static enum code put_attributes(struct doing *d, const struct map_attribute *list, size_t count,
                                struct entity_attribute **out, size_t *done) {
    struct entity_attribute *all = arena_alloc(d->a, (count + 1) * sizeof *all);
    size_t n = 0;
    enum code code = OK;
    for (size_t i = 0; i < count && code == OK; i++) {
        if (holds(d, &list[i].conditions)) {
            code = put_attribute(d, &list[i], all, &n);
        }
    }
    *out = all;
    *done = n;
    return code;
}

/* ---- entities ---- */

static enum code put_entity(struct doing *d, const struct map_entity *from, struct entity *to,
                            int64_t *time_ms) {
    *to = (struct entity){.types = from->types, .type_count = from->type_count};
    d->entity = from;
    d->time_ms = 0;
    enum code code = fill_uri(d, &from->id, &to->id);
    if (code == OK && from->has_time) {
        code = fill_time(d, &from->time, &d->time_ms);
    }
    if (code == OK) {
        code =
            put_attributes(d, from->attributes, from->attribute_count, &to->attributes, &to->count);
    }
    *time_ms = d->time_ms;
    return code;
}

enum code map_apply(const struct map *map, const struct map_record *record, struct arena *a,
                    struct map_result *out, struct map_fault *fault, struct err *err) {
    struct map_result result = {.count = 0};
    struct doing d = {
        .map = map, .record = record, .a = a, .out = &result, .fault = fault, .err = err};
    enum code code = OK;
    *fault = (struct map_fault){NULL, NULL};
    result.entities = arena_alloc(a, map->entity_count * sizeof *result.entities);
    result.of = arena_alloc(a, map->entity_count * sizeof *result.of);
    result.times_ms = arena_alloc(a, map->entity_count * sizeof *result.times_ms);
    trim_all(&d);
    for (size_t i = 0; i < map->entity_count && code == OK; i++) {
        const struct map_entity *e = &map->entities[i];
        if (holds(&d, &e->conditions)) {
            size_t k = result.count++;
            result.of[k] = e;
            code = put_entity(&d, e, &result.entities[k], &result.times_ms[k]);
        }
    }
    if (code == OK) {
        *out = result;
    }
    return code;
}

int64_t map_every_s(const struct map_entity *e) {
    return e->time.every_s;
}
