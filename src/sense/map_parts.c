/* map_parts: what the members of a map have in common: places of errors, texts, templates,
 * conditions, times, conversions. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "sense/map_read_int.h"

enum {
    LIST_MAX = 1024, /* values of a condition */
    CASES_MAX = 100,
    ZONES_MAX = 64,
    EVERY_MAX_S = 366 * 86400,
};

enum code map_at(struct map_reading *r, enum code code, const char *fmt, ...) {
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

enum code map_wrong(struct map_reading *r, const char *member, const char *want) {
    return err_set(r->err, E_INPUT, "member \"%s\" is not %s", member, want);
}

/* ---- small things ---- */

/* The number of a column by its name, which it gets when it is first heard of. */
static enum code column_of(struct map_reading *r, const char *name, size_t n, int *out) {
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

enum code map_take_column(struct map_reading *r, const struct json_value *v, const char *member,
                          int *out) {
    const char *name = NULL;
    enum code code = json_take_text(v, member, NAME_MAX_LEN, &name, r->err);
    *out = MAP_NONE;
    return code == OK && name != NULL ? column_of(r, name, strlen(name), out) : code;
}

/* A text, or a list of texts. */
static enum code read_texts(struct map_reading *r, const struct json_value *v, const char *member,
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
            return map_wrong(r, member, "a text or a list of texts");
        }
        texts[i] = x->text;
    }
    *out = texts;
    *count = n;
    return OK;
}

enum code map_take_texts(struct map_reading *r, const struct json_value *v, const char *member,
                         const char ***out, size_t *count) {
    const struct json_value *x = json_member(v, member);
    *out = NULL;
    *count = 0;
    return x == NULL ? OK : read_texts(r, x, member, out, count);
}

enum code map_take_word(struct map_reading *r, const struct json_value *v, const char *member,
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

static enum code read_template(struct map_reading *r, const char *text, struct map_template *out) {
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

enum code map_take_template(struct map_reading *r, const struct json_value *v, const char *member,
                            struct map_template *out) {
    const char *text = NULL;
    enum code code = json_take_text(v, member, TEXT_MAX, &text, r->err);
    *out = (struct map_template){NULL, 0};
    return code == OK && text != NULL ? map_at(r, read_template(r, text, out), "%s", member) : code;
}

/* ---- conditions ---- */

static enum code read_conditions(struct map_reading *r, const struct json_value *v, bool unless,
                                 struct map_condition *list, size_t *count) {
    const char *member = unless ? "unless" : "when";
    if (v->kind != JSON_OBJECT) {
        return map_wrong(r, member, "an object of columns and their values");
    }
    for (const struct json_value *x = v->first; x != NULL; x = x->next) {
        struct map_condition *c = &list[*count];
        c->unless = unless;
        enum code code = column_of(r, x->name, strlen(x->name), &c->column);
        if (code == OK) {
            code = read_texts(r, x, x->name, &c->values, &c->count);
        }
        if (code != OK) {
            return map_at(r, code, "%s", member);
        }
        ++*count;
    }
    return OK;
}

enum code map_take_conditions(struct map_reading *r, const struct json_value *v,
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
static enum code read_local(struct map_reading *r, const char *text, int64_t *out) {
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
static enum code read_zone(struct map_reading *r, const struct json_value *v, bool last,
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
static enum code take_zones(struct map_reading *r, const struct json_value *v,
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
            code = map_at(r, read_zone(r, z, z->next == NULL, &zones[i]), "zone[%zu]", i);
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
enum code map_take_format(struct map_reading *r, const struct json_value *v,
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

enum code map_read_time(struct map_reading *r, const struct json_value *v, struct map_time *to) {
    static const char *const members[] = {"text", "format", "zone", "every", NULL};
    enum code code = json_check_members(v, members, r->err);
    if (code == OK) {
        code = map_take_template(r, v, "text", &to->text);
    }
    if (code == OK && to->text.count == 0) {
        code = err_set(r->err, E_INPUT, "it has no \"text\", as \"{date} {hour}\"");
    }
    if (code == OK) {
        code = map_take_format(r, v, &to->format);
    }
    if (code == OK) {
        code = json_take_int(v, "every", (struct json_range){1, EVERY_MAX_S}, &to->every_s, r->err);
    }
    return code;
}

/* ---- conversions and cases ---- */

/* A number, or a text such as "5/9". */
static enum code take_fraction(struct map_reading *r, const struct json_value *v,
                               const char *member, struct fraction *to, bool *found) {
    const struct json_value *x = json_member(v, member);
    if (x == NULL) {
        return OK;
    }
    if (x->kind != JSON_NUMBER && x->kind != JSON_STRING) {
        return map_wrong(r, member, "a number");
    }
    *found = true;
    return map_at(r, amount_parse_fraction(x->text, to, r->err), "%s", member);
}

enum code map_take_conversion(struct map_reading *r, const struct json_value *v,
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
static enum code take_border(struct map_reading *r, const struct json_value *v, const char *member,
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
    code = map_at(r, read_local(r, text, &utc), "%s", member);
    if (code == OK) {
        char again[ENTITY_TIME_MAX];
        format.text = "%Y-%m-%dT%H:%M:%SZ"; /* its Z is a letter here: the zone is the entity's */
        entity_time_text(utc, again);
        code = moment_parse(again, &format, to, r->err);
    }
    return code;
}

static enum code read_case(struct map_reading *r, const struct json_value *v, struct map_case *to) {
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
        code = map_take_conditions(r, v, &to->conditions);
    }
    if (code == OK) {
        code = map_take_conversion(r, v, &to->conversion, &to->converts);
    }
    if (code == OK) {
        code = json_take_text(v, "unitCode", ENTITY_UNIT_MAX, &to->unit, r->err);
    }
    return code == OK ? json_take_text(v, "refuse", NAME_MAX_LEN, &to->refuse, r->err) : code;
}

enum code map_take_cases(struct map_reading *r, const struct json_value *v,
                         struct map_attribute *to) {
    const struct json_value *list = NULL;
    enum code code = json_take_array(v, "cases", CASES_MAX, &list, r->err);
    if (code != OK || list == NULL) {
        return code;
    }
    struct map_case *cases = arena_zero(r->a, (list->count + 1) * sizeof *cases);
    size_t i = 0;
    for (const struct json_value *x = list->first; x != NULL && code == OK; x = x->next, i++) {
        code = map_at(r, read_case(r, x, &cases[i]), "cases[%zu]", i);
    }
    to->cases = cases;
    to->case_count = list->count;
    return code;
}
