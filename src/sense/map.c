/* map: see map.h. This file reads one; map_apply.c follows it. */
#include "sense/map.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "sense/map_int.h"

enum {
    TEXT_MAX = 4096, /* bytes of a template, a constant's text, a reason */
    NAME_MAX_LEN = 512,
    LIST_MAX = 1024, /* values of a condition, words, columns */
    ATTRIBUTES_MAX = 500,
    CASES_MAX = 100,
    ZONES_MAX = 64,
    SUB_DEPTH_MAX = 3,
    EVERY_MAX_S = 366 * 86400,
};

/* A map on its way. */
struct reading {
    struct map *map;
    struct arena *a;
    struct entity_context context;
    struct err *err;
    const struct map_time *time; /* of the entity that is read, for the zone of its cases */
    int depth;
};

/* Puts where it is before the words of an error: what is returned goes up from there. */
static enum code at(struct reading *r, enum code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum code at(struct reading *r, enum code code, const char *fmt, ...) {
    if (code != OK) {
        char place[160];
        va_list args;
        va_start(args, fmt);
        vsnprintf(place, sizeof place, fmt, args);
        va_end(args);
        place[utf8_check(place, strlen(place))] = '\0';
        err_prefix(r->err, place);
    }
    return code;
}

static enum code wrong(struct reading *r, const char *member, const char *want) {
    return err_set(r->err, E_INPUT, "member \"%s\" is not %s", member, want);
}

/* ---- small things ---- */

/* The number of a column by its name, which it gets when it is first heard of. */
static enum code column_of(struct reading *r, const char *name, size_t n, int *out) {
    struct map *m = r->map;
    for (size_t i = 0; i < m->column_count; i++) {
        if (strlen(m->columns[i]) == n && memcmp(m->columns[i], name, n) == 0) {
            *out = (int)i;
            return OK;
        }
    }
    if (m->column_count == MAP_COLUMNS_MAX) {
        return err_set(r->err, E_LIMIT, "it uses more than %d columns", MAP_COLUMNS_MAX);
    }
    *out = (int)m->column_count;
    m->columns[m->column_count++] = arena_dup(r->a, name, n);
    return OK;
}

static enum code take_column(struct reading *r, const struct json_value *v, const char *member,
                             int *out) {
    const char *name = NULL;
    enum code code = json_take_text(v, member, NAME_MAX_LEN, &name, r->err);
    *out = MAP_NONE;
    return code == OK && name != NULL ? column_of(r, name, strlen(name), out) : code;
}

/* A text, or a list of texts. */
static enum code read_texts(struct reading *r, const struct json_value *v, const char *member,
                            const char ***out, size_t *count) {
    bool list = v->kind == JSON_ARRAY;
    size_t n = list ? v->count : 1;
    const struct json_value *x = list ? v->first : v;
    if (n > LIST_MAX) {
        return err_set(r->err, E_LIMIT, "member \"%s\" has more than %d items", member, LIST_MAX);
    }
    const char **texts = arena_alloc(r->a, (n + 1) * sizeof *texts);
    for (size_t i = 0; i < n; i++, x = list ? x->next : x) {
        if (x->kind != JSON_STRING) {
            return wrong(r, member, "a text or a list of texts");
        }
        texts[i] = x->text;
    }
    *out = texts;
    *count = n;
    return OK;
}

static enum code take_texts(struct reading *r, const struct json_value *v, const char *member,
                            const char ***out, size_t *count) {
    const struct json_value *x = json_member(v, member);
    *out = NULL;
    *count = 0;
    return x == NULL ? OK : read_texts(r, x, member, out, count);
}

/* One byte, as of a delimiter. */
static enum code take_byte(struct reading *r, const struct json_value *v, const char *member,
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

static enum code word_of(struct reading *r, const struct json_value *v, const char *member,
                         const char *const *words, int *out) {
    const char *text = NULL;
    enum code code = json_take_text(v, member, NAME_MAX_LEN, &text, r->err);
    if (code != OK || text == NULL) {
        return code;
    }
    struct buf all = BUF_INIT;
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i;
            buf_fini(&all);
            return OK;
        }
        buf_addf(&all, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    code = err_set(r->err, E_INPUT, "member \"%s\" is \"%.60s\", not one of %s", member, text,
                   all.data);
    buf_fini(&all);
    return code;
}

/* ---- templates ---- */

static size_t count_parts(const char *text) {
    size_t n = 1;
    for (; *text != '\0'; text++) {
        n += *text == '{';
    }
    return n;
}

static enum code read_template(struct reading *r, const char *text, struct map_template *out) {
    struct map_part *parts = arena_alloc(r->a, count_parts(text) * sizeof *parts);
    size_t count = 0;
    for (const char *s = text;;) {
        size_t n = strcspn(s, "{");
        parts[count] = (struct map_part){s, n, MAP_NONE};
        if (s[n] == '\0') {
            break;
        }
        size_t len = strcspn(s + n + 1, "}");
        if (s[n + 1 + len] == '\0' || len == 0) {
            return err_set(r->err, E_INPUT, "cannot read \"%.200s\": a brace without %s", text,
                           len == 0 ? "a column in it" : "its other");
        }
        enum code code = column_of(r, s + n + 1, len, &parts[count++].column);
        if (code != OK) {
            return code;
        }
        s += n + 1 + len + 1;
    }
    *out = (struct map_template){parts, count + 1};
    return OK;
}

static enum code take_template(struct reading *r, const struct json_value *v, const char *member,
                               struct map_template *out) {
    const char *text = NULL;
    enum code code = json_take_text(v, member, TEXT_MAX, &text, r->err);
    *out = (struct map_template){NULL, 0};
    return code == OK && text != NULL ? at(r, read_template(r, text, out), "%s", member) : code;
}

/* ---- conditions ---- */

static enum code read_conditions(struct reading *r, const struct json_value *v, bool unless,
                                 struct map_condition *list, size_t *count) {
    const char *member = unless ? "unless" : "when";
    if (v->kind != JSON_OBJECT) {
        return wrong(r, member, "an object of columns and their values");
    }
    for (const struct json_value *x = v->first; x != NULL; x = x->next) {
        struct map_condition *c = &list[*count];
        c->unless = unless;
        enum code code = column_of(r, x->name, strlen(x->name), &c->column);
        if (code == OK) {
            code = read_texts(r, x, x->name, &c->values, &c->count);
        }
        if (code != OK) {
            return at(r, code, "%s", member);
        }
        ++*count;
    }
    return OK;
}

static enum code take_conditions(struct reading *r, const struct json_value *v,
                                 struct map_conditions *out) {
    const struct json_value *when = json_member(v, "when");
    const struct json_value *unless = json_member(v, "unless");
    size_t room = (when == NULL ? 0 : when->count) + (unless == NULL ? 0 : unless->count);
    struct map_condition *list = arena_alloc(r->a, (room + 1) * sizeof *list);
    size_t count = 0;
    enum code code = when == NULL ? OK : read_conditions(r, when, false, list, &count);
    if (code == OK && unless != NULL) {
        code = read_conditions(r, unless, true, list, &count);
    }
    *out = (struct map_conditions){list, count};
    return code;
}

/* ---- time ---- */

/* "2016-10-30T02:00:00" or "2016-10-30", as if it were UTC. */
static enum code read_local(struct reading *r, const char *text, int64_t *out) {
    static const struct moment_zone utc = {INT64_MAX, 0};
    struct moment_format day = {"%Y-%m-%d", &utc, 1};
    struct moment_format second = {"%Y-%m-%dT%H:%M:%S", &utc, 1};
    struct moment_format zoned = {"%Y-%m-%dT%H:%M:%S%z", &utc, 1};
    if (moment_parse(text, &day, out, NULL) == OK || moment_parse(text, &second, out, NULL) == OK) {
        return OK;
    }
    return moment_parse(text, &zoned, out, NULL) == OK
               ? err_set(r->err, E_INPUT, "\"%.60s\" has a zone: it is a local time", text)
               : err_set(r->err, E_INPUT, "\"%.60s\" is not as 2016-10-30 or 2016-10-30T02:00:00",
                         text);
}

/* The members are there, or it is an error. */
static enum code read_zone(struct reading *r, const struct json_value *v, bool last,
                           struct moment_zone *to) {
    static const char *const members[] = {"until", "zone", NULL};
    const char *zone = NULL;
    const char *until = NULL;
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = json_need_text(v, "zone", 16, &zone, r->err);
    }
    if (code == OK) {
        code = moment_parse_offset(zone, &to->offset_s, r->err);
    }
    if (code == OK) {
        code = json_take_text(v, "until", 32, &until, r->err);
    }
    if (code == OK && (until == NULL) != last) {
        code = err_set(r->err, E_INPUT, "all zones but the last have \"until\", and it has none");
    }
    to->until_ms = INT64_MAX;
    return code == OK && until != NULL ? read_local(r, until, &to->until_ms) : code;
}

/* "+08:00", or a list of zones with the local time at which each ends. */
static enum code take_zones(struct reading *r, const struct json_value *v,
                            struct moment_format *to) {
    const struct json_value *x = json_member(v, "zone");
    size_t n = x != NULL && x->kind == JSON_ARRAY ? x->count : 1;
    if (n == 0 || n > ZONES_MAX) {
        return err_set(r->err, E_INPUT, "member \"zone\" has %zu items, not 1 to %d", n, ZONES_MAX);
    }
    struct moment_zone *zones = arena_zero(r->a, n * sizeof *zones);
    enum code code = OK;
    zones[0].until_ms = INT64_MAX;
    if (x != NULL && x->kind == JSON_ARRAY) {
        size_t i = 0;
        for (const struct json_value *z = x->first; z != NULL && code == OK; z = z->next, i++) {
            code = at(r, read_zone(r, z, z->next == NULL, &zones[i]), "zone[%zu]", i);
        }
    } else if (x != NULL) {
        const char *text = NULL;
        code = json_need_text(v, "zone", 16, &text, r->err);
        if (code == OK) {
            code = moment_parse_offset(text, &zones[0].offset_s, r->err);
        }
    }
    to->zones = zones;
    to->zone_count = n;
    return code;
}

static bool has_zone(const char *format) {
    return strstr(format, "%z") != NULL || strstr(format, "%s") != NULL ||
           strstr(format, "%Q") != NULL;
}

/* What time a text is: its format and zone. */
static enum code take_format(struct reading *r, const struct json_value *v,
                             struct moment_format *to) {
    enum code code = json_need_text(v, "format", NAME_MAX_LEN, &to->text, r->err);
    if (code == OK) {
        code = moment_check(to->text, r->err);
    }
    if (code == OK && json_member(v, "zone") == NULL && !has_zone(to->text)) {
        code = err_set(r->err, E_INPUT, "its times have no zone: say \"zone\": \"+08:00\"");
    }
    return code == OK ? take_zones(r, v, to) : code;
}

static enum code read_time(struct reading *r, const struct json_value *v, struct map_time *to) {
    static const char *const members[] = {"text", "format", "zone", "every", NULL};
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = take_template(r, v, "text", &to->text);
    }
    if (code == OK && to->text.count == 0) {
        code = err_set(r->err, E_INPUT, "it has no \"text\", as \"{date} {hour}\"");
    }
    if (code == OK) {
        code = take_format(r, v, &to->format);
    }
    if (code == OK) {
        code = json_take_int(v, "every", (struct json_range){1, EVERY_MAX_S}, &to->every_s, r->err);
    }
    return code;
}

/* ---- conversions and cases ---- */

/* A number, or a text such as "5/9". */
static enum code take_fraction(struct reading *r, const struct json_value *v, const char *member,
                               struct fraction *to, bool *found) {
    const struct json_value *x = json_member(v, member);
    if (x == NULL) {
        return OK;
    }
    if (x->kind != JSON_NUMBER && x->kind != JSON_STRING) {
        return wrong(r, member, "a number");
    }
    *found = true;
    return at(r, amount_parse_fraction(x->text, to, r->err), "%s", member);
}

static enum code take_conversion(struct reading *r, const struct json_value *v,
                                 struct amount_conversion *to, bool *converts) {
    int64_t places = AMOUNT_EXACT;
    *to = (struct amount_conversion){fraction_of(1), fraction_of(0), AMOUNT_EXACT};
    enum code code = take_fraction(r, v, "factor", &to->factor, converts);
    if (code == OK) {
        code = take_fraction(r, v, "offset", &to->offset, converts);
    }
    if (code == OK && json_member(v, "places") != NULL) {
        code =
            json_need_int(v, "places", (struct json_range){0, DECIMAL_SCALE_MAX}, &places, r->err);
        *converts = true;
    }
    to->places = (int)places;
    return code;
}

/* A border of a case: a local time by the zone of the entity's. */
static enum code take_border(struct reading *r, const struct json_value *v, const char *member,
                             int64_t *to) {
    const char *text = NULL;
    int64_t utc = 0;
    enum code code = json_take_text(v, member, 40, &text, r->err);
    if (code != OK || text == NULL) {
        return code;
    }
    if (r->time == NULL) {
        return err_set(r->err, E_INPUT, "\"%s\" without a \"time\" of the entity", member);
    }
    struct moment_format format = {"%Y-%m-%dT%H:%M:%S%z", r->time->format.zones,
                                   r->time->format.zone_count};
    if (moment_parse(text, &format, to, NULL) == OK) {
        return OK;
    }
    code = at(r, read_local(r, text, &utc), "%s", member);
    if (code == OK) {
        char again[ENTITY_TIME_MAX];
        format.text = "%Y-%m-%dT%H:%M:%SZ"; /* its Z is a letter here: the zone is the entity's */
        entity_time_text(utc, again);
        code = moment_parse(again, &format, to, r->err);
    }
    return code;
}

static enum code read_case(struct reading *r, const struct json_value *v, struct map_case *to) {
    static const char *const members[] = {"from",   "until",  "when",     "unless", "factor",
                                          "offset", "places", "unitCode", "refuse", NULL};
    *to = (struct map_case){.from_ms = INT64_MIN, .until_ms = INT64_MAX};
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = take_border(r, v, "from", &to->from_ms);
    }
    if (code == OK) {
        code = take_border(r, v, "until", &to->until_ms);
    }
    if (code == OK) {
        code = take_conditions(r, v, &to->conditions);
    }
    if (code == OK) {
        code = take_conversion(r, v, &to->conversion, &to->converts);
    }
    if (code == OK) {
        code = json_take_text(v, "unitCode", ENTITY_UNIT_MAX, &to->unit, r->err);
    }
    return code == OK ? json_take_text(v, "refuse", NAME_MAX_LEN, &to->refuse, r->err) : code;
}

static enum code take_cases(struct reading *r, const struct json_value *v,
                            struct map_attribute *to) {
    const struct json_value *list = NULL;
    enum code code = json_take_array(v, "cases", CASES_MAX, &list, r->err);
    if (code != OK || list == NULL) {
        return code;
    }
    struct map_case *cases = arena_zero(r->a, (list->count + 1) * sizeof *cases);
    size_t i = 0;
    for (const struct json_value *x = list->first; x != NULL && code == OK; x = x->next, i++) {
        code = at(r, read_case(r, x, &cases[i]), "cases[%zu]", i);
    }
    to->cases = cases;
    to->case_count = list->count;
    return code;
}

/* ---- values ---- */

static void put_json(const struct json_value *v, struct json_out *j) {
    switch (v->kind) {
    case JSON_NULL:
        json_null(j);
        break;
    case JSON_BOOL:
        json_bool(j, v->truth);
        break;
    case JSON_NUMBER:
        json_raw(j, v->text, v->len);
        break;
    case JSON_STRING:
        json_strn(j, v->text, v->len);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT: {
        bool list = v->kind == JSON_ARRAY;
        list ? json_arr(j) : json_obj(j);
        for (const struct json_value *x = v->first; x != NULL; x = x->next) {
            if (!list) {
                json_key_text(j, x->name);
            }
            put_json(x, j);
        }
        list ? json_arr_end(j) : json_obj_end(j);
        break;
    }
    }
}

const char *map_json_text(const struct json_value *v, struct arena *a) {
    struct buf b = BUF_INIT;
    struct json_out j;
    json_init(&j, &b, 0);
    put_json(v, &j);
    const char *out = arena_dup(a, b.data, b.len);
    buf_fini(&b);
    return out;
}

static enum code take_words(struct reading *r, const struct json_value *v,
                            struct map_attribute *to) {
    const struct json_value *words = json_member(v, "words");
    static const char *const others[] = {"refuse", "keep", "missing", NULL};
    int chosen = MAP_OTHERS_REFUSED;
    enum code code = word_of(r, v, "others", others, &chosen);
    to->others = (enum map_others)chosen;
    if (code != OK || words == NULL) {
        return code;
    }
    if (words->kind != JSON_OBJECT) {
        return wrong(r, "words", "an object");
    }
    struct map_word *list = arena_alloc(r->a, (words->count + 1) * sizeof *list);
    size_t i = 0;
    for (const struct json_value *x = words->first; x != NULL; x = x->next, i++) {
        if (x->kind == JSON_NULL || x->kind == JSON_ARRAY || x->kind == JSON_OBJECT) {
            return at(r, wrong(r, x->name, "a text, a number, true or false"), "words");
        }
        list[i] = (struct map_word){x->name, map_json_text(x, r->a)};
    }
    to->words = list;
    to->word_count = i;
    return OK;
}

/* ---- attributes ---- */

static enum code read_attributes(struct reading *r, const struct json_value *list,
                                 const struct map_attribute **out, size_t *count);

/* "value": the same for all rows. */
static enum code take_constant(struct reading *r, const struct json_value *v,
                               struct map_attribute *to) {
    const struct json_value *x = json_member(v, "value");
    if (x == NULL) {
        return OK;
    }
    if (x->kind == JSON_NULL) {
        return wrong(r, "value", "a value: null is none");
    }
    if (json_member(v, "kind") != NULL && to->kind != MAP_TEXT && to->kind != MAP_NUMBER) {
        return err_set(r->err, E_INPUT, "\"value\" goes with no \"kind\": it is a Property");
    }
    to->kind = MAP_CONSTANT;
    to->json = map_json_text(x, r->a);
    return OK;
}

static enum code take_point(struct reading *r, const struct json_value *v,
                            struct map_attribute *to) {
    enum code code = take_column(r, v, "longitude", &to->longitude);
    const char *word = NULL;
    if (code == OK) {
        code = take_column(r, v, "latitude", &to->latitude);
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
static enum code check_sources(struct reading *r, const struct map_attribute *x) {
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
    return want == NULL ? OK : err_set(r->err, E_INPUT, "it needs %s", want);
}

static enum code take_kind(struct reading *r, const struct json_value *v,
                           struct map_attribute *to) {
    static const char *const words[] = {
        [MAP_NUMBER] = "number",     [MAP_TEXT] = "text",   [MAP_BOOLEAN] = "boolean",
        [MAP_TIME] = "time",         [MAP_JSON] = "json",   [MAP_RELATIONSHIP] = "relationship",
        [MAP_LANGUAGE] = "language", [MAP_VOCAB] = "vocab", [MAP_POINT] = "point",
        [MAP_GEOMETRY] = "geometry", [MAP_CONSTANT] = NULL};
    int kind = MAP_TEXT;
    enum code code = word_of(r, v, "kind", words, &kind);
    to->kind = (enum map_kind)kind;
    if (code == OK) {
        code = take_constant(r, v, to);
    }
    if (code == OK && json_member(v, "kind") == NULL && to->kind != MAP_CONSTANT) {
        code = err_set(r->err, E_INPUT, "it needs \"kind\", or a \"value\"");
    }
    if (code == OK && to->kind == MAP_TIME) {
        code = take_format(r, v, &to->time.format);
    }
    if (code == OK && to->kind == MAP_LANGUAGE) {
        code = json_need_text(v, "language", 35, &to->language, r->err);
    }
    return code;
}

static enum code take_origin(struct reading *r, const struct json_value *v,
                             struct map_attribute *to) {
    enum code code = take_column(r, v, "column", &to->column);
    if (code == OK) {
        code = take_template(r, v, "text", &to->text);
    }
    if (code == OK) {
        code = take_column(r, v, "minus", &to->minus);
    }
    if (code == OK) {
        code = take_point(r, v, to);
    }
    return code == OK ? check_sources(r, to) : code;
}

static enum code take_rules(struct reading *r, const struct json_value *v,
                            struct map_attribute *to) {
    enum code code = take_conditions(r, v, &to->conditions);
    if (code == OK) {
        code = take_words(r, v, to);
    }
    if (code == OK) {
        code = take_texts(r, v, "missing", &to->missing, &to->missing_count);
        to->has_missing = to->missing != NULL;
    }
    if (code == OK) {
        code = json_take_text(v, "split", 16, &to->split, r->err);
    }
    if (code == OK) {
        code = take_conversion(r, v, &to->conversion, &to->converts);
    }
    return code == OK ? take_cases(r, v, to) : code;
}

static enum code take_members(struct reading *r, const struct json_value *v,
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
        code = take_template(r, v, "dataset", &to->dataset);
    }
    if (code == OK) {
        code = json_take_array(v, "attributes", ATTRIBUTES_MAX, &sub, r->err);
    }
    if (code == OK && sub != NULL) {
        r->depth++;
        code = r->depth > SUB_DEPTH_MAX
                   ? err_set(r->err, E_LIMIT, "attributes of attributes more than %d deep",
                             SUB_DEPTH_MAX)
                   : read_attributes(r, sub, &to->sub, &to->sub_count);
        r->depth--;
    }
    return code;
}

static enum code read_attribute(struct reading *r, const struct json_value *v,
                                struct map_attribute *to) {
    static const char *const members[] = {
        "name",     "kind",     "column",     "text",   "value",  "minus",  "longitude", "latitude",
        "datum",    "format",   "zone",       "split",  "words",  "others", "missing",   "required",
        "observed", "unitCode", "factor",     "offset", "places", "cases",  "when",      "unless",
        "dataset",  "language", "attributes", "about",  NULL};
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

static enum code read_attributes(struct reading *r, const struct json_value *list,
                                 const struct map_attribute **out, size_t *count) {
    struct map_attribute *all = arena_zero(r->a, (list->count + 1) * sizeof *all);
    size_t i = 0;
    for (const struct json_value *x = list->first; x != NULL; x = x->next, i++) {
        const struct json_value *name = json_member(x, "name");
        bool named = name != NULL && name->kind == JSON_STRING;
        enum code code = read_attribute(r, x, &all[i]);
        if (code != OK) {
            return named ? at(r, code, "attributes[%zu] \"%.60s\"", i, name->text)
                         : at(r, code, "attributes[%zu]", i);
        }
    }
    *out = all;
    *count = i;
    return OK;
}

/* ---- entities ---- */

static enum code take_types(struct reading *r, const struct json_value *v, struct map_entity *to) {
    enum code code = take_texts(r, v, "type", &to->types, &to->type_count);
    if (code == OK && (to->type_count == 0 || to->type_count > ENTITY_TYPES_MAX)) {
        code = err_set(r->err, E_INPUT, "it has %zu types, not 1 to %d", to->type_count,
                       ENTITY_TYPES_MAX);
    }
    for (size_t i = 0; i < to->type_count && code == OK; i++) {
        code = entity_expand(&r->context, to->types[i], r->a, &to->types[i], r->err);
    }
    return code;
}

static enum code take_time(struct reading *r, const struct json_value *v, struct map_entity *to) {
    const struct json_value *time = json_member(v, "time");
    if (time == NULL) {
        return OK;
    }
    to->has_time = true;
    r->time = &to->time;
    return at(r, read_time(r, time, &to->time), "time");
}

static enum code read_entity(struct reading *r, const struct json_value *v, struct map_entity *to) {
    static const char *const members[] = {"id",   "type",       "when",  "unless",
                                          "time", "attributes", "about", NULL};
    const struct json_value *list = NULL;
    r->time = NULL;
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = take_template(r, v, "id", &to->id);
    }
    if (code == OK && to->id.count < 2) {
        code = err_set(r->err, E_INPUT, "it needs \"id\", with a column in it: \"urn:x:{column}\"");
    }
    if (code == OK) {
        code = take_types(r, v, to);
    }
    if (code == OK) {
        code = take_conditions(r, v, &to->conditions);
    }
    if (code == OK) {
        code = take_time(r, v, to);
    }
    if (code == OK) {
        code = json_need_array(v, "attributes", ATTRIBUTES_MAX, &list, r->err);
    }
    return code == OK ? read_attributes(r, list, &to->attributes, &to->attribute_count) : code;
}

static enum code read_entities(struct reading *r, const struct json_value *v) {
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
        code = at(r, read_entity(r, x, &all[i]), "entities[%zu]", i);
    }
    r->map->entities = all;
    r->map->entity_count = list->count;
    return code;
}

/* ---- the source ---- */

static enum code take_encoding(struct reading *r, const struct json_value *v, enum encoding *out) {
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

static enum code read_csv(struct reading *r, const struct json_value *v, struct map_source *s) {
    const char *quote = NULL;
    enum code code = take_byte(r, v, "delimiter", ",;\t|", &s->delimiter);
    if (code == OK) {
        code = take_byte(r, v, "decimal", ".,", &s->decimal);
    }
    if (code == OK) {
        code = json_take_text(v, "quote", 8, &quote, r->err);
    }
    if (code == OK && quote != NULL && strlen(quote) > 1) {
        code = wrong(r, "quote", "one character, or \"\" for none");
    }
    s->quote = quote == NULL ? s->quote : quote[0];
    if (code == OK && (s->quote == s->delimiter || s->quote == '\n' || s->quote == '\r')) {
        code = wrong(r, "quote", "another character than the delimiter");
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
        code = take_texts(r, v, "columns", &s->names, &s->name_count);
    }
    if (code == OK && s->header != (s->names == NULL)) {
        code = err_set(r->err, E_INPUT,
                       s->header ? "\"columns\" where the file has a header"
                                 : "no \"columns\" where the file has no header");
    }
    return code;
}

static enum code read_source(struct reading *r, const struct json_value *v) {
    static const char *const formats[] = {"csv", "geojson", NULL};
    static const char *const of_csv[] = {"delimiter", "quote",   "encoding", "header",
                                         "skip",      "decimal", "columns"};
    struct map_source *s = &r->map->source;
    int format = MAP_CSV;
    *s = (struct map_source){
        .delimiter = ',', .quote = '"', .decimal = '.', .header = true, .trim = true};
    enum code code = word_of(r, v, "format", formats, &format);
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
static enum code check_columns(struct reading *r) {
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

static enum code read_map(struct reading *r, const struct json_value *v) {
    static const char *const members[] = {"format",   "delimiter", "quote",   "encoding", "header",
                                          "skip",     "trim",      "decimal", "columns",  "missing",
                                          "@context", "entities",  "about",   NULL};
    const struct json_value *context = json_member(v, "@context");
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = read_source(r, v);
    }
    if (code == OK) {
        code = take_texts(r, v, "missing", &r->map->missing, &r->map->missing_count);
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
    struct reading r = {.map = &map, .a = a, .err = err == NULL ? &none : err};
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
