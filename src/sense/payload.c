/* payload: see payload.h. */
#include "sense/payload.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "ngsi/entity_read.h"
#include "sense/map.h"
#include "sense/map_int.h"

#define ARRIVAL "$arrival"
#define TOPIC "$topic"
#define ARRIVAL_TIME "{\"text\": \"{" ARRIVAL "}\", \"format\": \"%Q\"}"

enum kind { FLAT, NGSI_LD };

/* What an attribute of an entity gets that has no observedAt. */
enum lateness { TIME_LEFT, TIME_ARRIVAL, TIME_NEEDED };

enum origin { OF_MEMBER, OF_LEVEL, OF_ARRIVAL, OF_TOPIC };

/* Where a column of a map is found. */
struct source {
    enum origin origin;
    int level;
};

struct sourced_map {
    struct map map;
    const struct source *sources; /* for each column */
};

struct payload_topic {
    struct topic_filter filter;
    enum kind kind;
    bool has_map;               /* always of FLAT; of NGSI_LD where id and type are given */
    struct sourced_map map;     /* as the table says */
    bool has_else;              /* an entity may do without its time */
    struct sourced_map arrived; /* then: the same with the time of arrival in its place */
    enum lateness time;         /* of NGSI_LD */
    struct entity_context context;
};

/* ---- the table: a line's map ---- */

static void put_member(struct json_out *j, const struct json_value *v, struct arena *a) {
    const char *text = json_text(v, a);
    json_key_text(j, v->name);
    json_raw(j, text, strlen(text));
}

static bool is_text(const struct json_value *v, const char *text) {
    return v != NULL && v->kind == JSON_STRING && strcmp(v->text, text) == 0;
}

/* The "time" of an entity as the map has it; `arrived`: that of arrival where it is allowed. */
static void put_time(struct json_out *j, const struct json_value *v, bool arrived,
                     struct arena *a) {
    bool may = json_member(v, "else") != NULL;
    json_key(j, "time");
    if (is_text(v, "arrival") || (may && arrived)) {
        json_raw(j, ARRIVAL_TIME, strlen(ARRIVAL_TIME));
        return;
    }
    if (v->kind != JSON_OBJECT) {
        const char *text = json_text(v, a);
        json_raw(j, text, strlen(text));
        return;
    }
    json_obj(j);
    for (const struct json_value *x = v->first; x != NULL; x = x->next) {
        if (strcmp(x->name, "else") != 0) {
            put_member(j, x, a);
        }
    }
    json_obj_end(j);
}

static bool is_among(const char *const *names, const char *name) {
    while (*names != NULL && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

static const char *const of_map[] = {"missing", "decimal", "trim", "@context", NULL};
static const char *const of_line[] = {"topic", "payload", "missing",  "decimal",
                                      "trim",  "about",   "@context", NULL};
static const char *const of_entity[] = {NULL};

/* The members of an entity but those of the list `others`. */
static void put_entity(struct json_out *j, const struct json_value *v, bool arrived,
                       const char *const *others, struct arena *a) {
    json_obj(j);
    for (const struct json_value *x = v->first; x != NULL; x = x->next) {
        if (strcmp(x->name, "time") == 0) {
            put_time(j, x, arrived, a);
        } else if (!is_among(others, x->name)) {
            put_member(j, x, a);
        }
    }
    json_obj_end(j);
}

static void put_entities(struct json_out *j, const struct json_value *line, bool arrived,
                         struct arena *a) {
    const struct json_value *list = json_member(line, "entities");
    json_key(j, "entities");
    if (list != NULL && list->kind != JSON_ARRAY) {
        json_null(j);
        return;
    }
    json_arr(j);
    if (list == NULL) {
        put_entity(j, line, arrived, of_line, a);
    }
    for (const struct json_value *x = list == NULL ? NULL : list->first; x != NULL; x = x->next) {
        put_entity(j, x, arrived, of_entity, a);
    }
    json_arr_end(j);
}

/* The text of a map that says what the line of a flat payload does. */
static void put_map(struct buf *to, const struct json_value *line, bool arrived, struct arena *a) {
    struct json_out j;
    json_init(&j, to, 0);
    json_obj(&j);
    for (const struct json_value *x = line->first; x != NULL; x = x->next) {
        if (is_among(of_map, x->name)) {
            put_member(&j, x, a);
        }
    }
    put_entities(&j, line, arrived, a);
    json_obj_end(&j);
}

static struct source source_of(const struct topic_filter *filter, const char *column) {
    int level = topic_named(filter, column);
    return level >= 0                     ? (struct source){OF_LEVEL, level}
           : strcmp(column, ARRIVAL) == 0 ? (struct source){OF_ARRIVAL, 0}
           : strcmp(column, TOPIC) == 0   ? (struct source){OF_TOPIC, 0}
                                          : (struct source){OF_MEMBER, 0};
}

static enum code read_map(const struct buf *text, const struct topic_filter *filter,
                          struct arena *a, struct sourced_map *out, struct err *err) {
    enum code code = map_parse(text->data, text->len, a, &out->map, err);
    if (code != OK) {
        return code;
    }
    struct source *sources = arena_alloc(a, (out->map.column_count + 1) * sizeof *sources);
    for (size_t i = 0; i < out->map.column_count; i++) {
        sources[i] = source_of(filter, out->map.columns[i]);
    }
    out->sources = sources;
    return OK;
}

/* Whether an entity of the line may do without its time. E_INPUT: "else" is another word. */
static enum code find_else(const struct json_value *line, bool *out, struct err *err) {
    const struct json_value *list = json_member(line, "entities");
    const struct json_value *x = list == NULL ? line : list->first;
    *out = false;
    while (x != NULL) {
        const struct json_value *other = json_member(json_member(x, "time"), "else");
        if (other != NULL && !is_text(other, "arrival")) {
            return err_set(err, E_INPUT, "\"else\" of its time is not \"arrival\"");
        }
        *out = *out || other != NULL;
        x = list == NULL ? NULL : x->next;
    }
    return OK;
}

/* A line with a list of entities has nothing of an entity itself. */
static enum code check_flat(const struct json_value *line, struct err *err) {
    static const char *const members[] = {"topic", "payload",  "missing",  "decimal", "trim",
                                          "about", "@context", "entities", NULL};
    return json_member(line, "entities") == NULL ? OK : json_check_members(line, members, err);
}

static enum code read_flat(const struct json_value *line, struct arena *a,
                           struct payload_topic *out, struct err *err) {
    struct buf text = BUF_INIT;
    out->has_map = true;
    enum code code = check_flat(line, err);
    if (code == OK) {
        code = find_else(line, &out->has_else, err);
    }
    if (code == OK) {
        put_map(&text, line, false, a);
        code = read_map(&text, &out->filter, a, &out->map, err);
    }
    if (code == OK && out->has_else) {
        buf_clear(&text);
        put_map(&text, line, true, a);
        code = read_map(&text, &out->filter, a, &out->arrived, err);
    }
    buf_fini(&text);
    return code;
}

/* ---- the table: a line of entities ---- */

/* A map of an entity without attributes, for its id and type. */
static enum code read_id(const struct json_value *line, struct arena *a, struct payload_topic *out,
                         struct err *err) {
    const struct json_value *id = json_member(line, "id");
    const struct json_value *type = json_member(line, "type");
    const struct json_value *context = json_member(line, "@context");
    if ((id == NULL) != (type == NULL)) {
        return err_set(err, E_INPUT, "it needs both \"id\" and \"type\", or none");
    }
    out->has_map = id != NULL;
    if (id == NULL) {
        return OK;
    }
    struct buf text = BUF_INIT;
    struct json_out j;
    json_init(&j, &text, 0);
    json_obj(&j);
    if (context != NULL) {
        put_member(&j, context, a);
    }
    json_key(&j, "entities");
    json_arr(&j);
    json_obj(&j);
    put_member(&j, id, a);
    put_member(&j, type, a);
    json_key(&j, "attributes");
    json_arr(&j);
    json_arr_end(&j);
    json_obj_end(&j);
    json_arr_end(&j);
    json_obj_end(&j);
    enum code code = read_map(&text, &out->filter, a, &out->map, err);
    buf_fini(&text);
    for (size_t i = 0; code == OK && i < out->map.map.column_count; i++) {
        if (out->map.sources[i].origin == OF_MEMBER) {
            code = err_set(err, E_INPUT, "\"id\": the topic has no level named \"%.60s\"",
                           out->map.map.columns[i]);
        }
    }
    return code;
}

static enum code read_entities(const struct json_value *line, struct arena *a,
                               struct payload_topic *out, struct err *err) {
    static const char *const members[] = {"topic", "payload",  "about", "id",
                                          "type",  "@context", "time",  NULL};
    const struct json_value *context = json_member(line, "@context");
    const struct json_value *time = json_member(line, "time");
    enum code code = json_check_members(line, members, err);
    if (code == OK && context != NULL) {
        code = entity_context_read(context, a, &out->context, err);
    }
    if (code == OK && time != NULL && !is_text(time, "arrival") && !is_text(time, "needed")) {
        code = err_set(err, E_INPUT, "\"time\" is neither \"arrival\" nor \"needed\"");
    }
    if (code == OK) {
        out->time = time == NULL               ? TIME_LEFT
                    : is_text(time, "arrival") ? TIME_ARRIVAL
                                               : TIME_NEEDED;
        code = read_id(line, a, out, err);
    }
    return code;
}

/* ---- the table ---- */

static enum code read_line(const struct json_value *v, struct arena *a, struct payload_topic *out,
                           struct err *err) {
    const char *topic = NULL;
    const char *payload = "flat";
    *out = (struct payload_topic){.kind = FLAT};
    enum code code = json_need_text(v, "topic", TOPIC_FILTER_MAX, &topic, err);
    if (code == OK) {
        code = topic_parse(topic, a, &out->filter, err);
    }
    if (code == OK) {
        code = json_take_text(v, "payload", 16, &payload, err);
    }
    if (code != OK) {
        return code;
    }
    if (strcmp(payload, "flat") != 0 && strcmp(payload, "ngsi-ld") != 0) {
        return err_set(err, E_INPUT, "\"payload\" is \"%.20s\", neither flat nor ngsi-ld", payload);
    }
    out->kind = payload[0] == 'f' ? FLAT : NGSI_LD;
    return out->kind == FLAT ? read_flat(v, a, out, err) : read_entities(v, a, out, err);
}

static enum code read_lines(const struct json_value *list, struct arena *a,
                            struct payload_table *out, struct err *err) {
    struct payload_topic *topics = arena_zero(a, (list->count + 1) * sizeof *topics);
    size_t i = 0;
    for (const struct json_value *x = list->first; x != NULL; x = x->next, i++) {
        enum code code = read_line(x, a, &topics[i], err);
        if (code != OK) {
            char place[32];
            snprintf(place, sizeof place, "topics[%zu]", i);
            err_prefix(err, place);
            return code;
        }
    }
    out->topics = topics;
    out->count = list->count;
    return OK;
}

enum code payload_parse(const char *json, size_t n, struct arena *a, struct payload_table *out,
                        struct err *err) {
    static const char *const members[] = {"client", "topics", "about", NULL};
    struct payload_table table = {NULL, NULL, 0};
    const struct json_value *v = NULL;
    const struct json_value *list = NULL;
    enum code code = json_read(json, n, a, &v, err);
    if (code == OK) {
        code = json_check_members(v, members, err);
    }
    if (code == OK) {
        code = json_take_text(v, "client", PAYLOAD_CLIENT_MAX, &table.client, err);
    }
    if (code == OK) {
        code = json_need_array(v, "topics", PAYLOAD_TOPICS_MAX, &list, err);
    }
    if (code == OK && list->count == 0) {
        code = err_set(err, E_INPUT, "it has no topics");
    }
    if (code == OK) {
        code = read_lines(list, a, &table, err);
    }
    if (code == OK) {
        *out = table;
    }
    return code;
}

const struct topic_filter *payload_filter(const struct payload_table *table, size_t i) {
    return &table->topics[i].filter;
}

/* ---- a message ---- */

struct doing {
    const struct payload_topic *topic;
    const struct payload_message *message;
    struct arena *a;
    struct entity *entities;
    size_t count, max;
    struct err *err;
};

/* Puts an entity behind the others. */
static void add_entity(struct doing *d, const struct entity *e) {
    if (d->count == d->max) {
        size_t max = d->max == 0 ? 1 : d->max * 2;
        struct entity *more = arena_alloc(d->a, max * sizeof *more);
        if (d->count > 0) {
            memcpy(more, d->entities, d->count * sizeof *more);
        }
        d->entities = more;
        d->max = max;
    }
    d->entities[d->count++] = *e;
}

/* The member of that name; for "a.b" also b of the object a. */
static const struct json_value *find_member(const struct json_value *v, const char *name) {
    const struct json_value *found = json_member(v, name);
    for (const char *dot = strchr(name, '.'); found == NULL && dot != NULL;
         dot = strchr(dot + 1, '.')) {
        char head[256];
        size_t n = (size_t)(dot - name);
        if (n < sizeof head) {
            memcpy(head, name, n);
            head[n] = '\0';
            found = find_member(json_member(v, head), dot + 1);
        }
    }
    return found;
}

/* What a member says, as a field of a file would. */
static const char *text_of(const struct json_value *v, struct arena *a) {
    if (v == NULL || v->kind == JSON_NULL) {
        return NULL;
    }
    return v->kind == JSON_STRING || v->kind == JSON_NUMBER ? v->text : json_text(v, a);
}

static const char *value_of(const struct doing *d, const struct sourced_map *m, size_t column,
                            const struct json_value *v) {
    char digits[24];
    switch (m->sources[column].origin) {
    case OF_MEMBER:
        return text_of(find_member(v, m->map.columns[column]), d->a);
    case OF_LEVEL:
        return topic_at(d->message->topic, m->sources[column].level, d->a);
    case OF_ARRIVAL:
        snprintf(digits, sizeof digits, "%" PRId64, d->message->arrived_ms);
        return arena_dup(d->a, digits, strlen(digits));
    case OF_TOPIC:
        return d->message->topic;
    }
    return NULL;
}

static const char **values_of(const struct doing *d, const struct sourced_map *m,
                              const struct json_value *v) {
    const char **values = arena_alloc(d->a, (m->map.column_count + 1) * sizeof *values);
    for (size_t i = 0; i < m->map.column_count; i++) {
        values[i] = value_of(d, m, i, v);
    }
    return values;
}

/* Whether nothing says when it was. */
static bool lacks_time(const struct map *m, const char *const *values) {
    for (size_t i = 0; i < m->entity_count; i++) {
        const struct map_template *t = &m->entities[i].time.text;
        for (size_t k = 0; k < t->count; k++) {
            int column = t->parts[k].column;
            if (column != MAP_NONE && (values[column] == NULL || values[column][0] == '\0')) {
                return true;
            }
        }
    }
    return false;
}

/* The words of a fault, with where it is and what stands there, cut at a character. */
static enum code word_fault(const struct map_fault *fault, enum code code, struct err *err) {
    char place[200];
    if (fault->column == NULL) {
        return code;
    }
    snprintf(place, sizeof place, fault->value == NULL ? "\"%.60s\"%.0s" : "\"%.60s\" is \"%.60s\"",
             fault->column, fault->value == NULL ? "" : fault->value);
    place[utf8_check(place, strlen(place))] = '\0';
    err_prefix(err, place);
    return code;
}

static enum code apply_map(struct doing *d, const struct sourced_map *m, const char *const *values,
                           struct map_result *out) {
    struct map_record record = {values, NULL};
    struct map_fault fault = {NULL, NULL};
    enum code code = map_apply(&m->map, &record, d->a, out, &fault, d->err);
    return code == OK ? OK : word_fault(&fault, code, d->err);
}

static enum code take_row(struct doing *d, const struct json_value *v) {
    const struct sourced_map *m = &d->topic->map;
    const char **values = values_of(d, m, v);
    struct map_result result;
    if (d->topic->has_else && lacks_time(&m->map, values)) {
        m = &d->topic->arrived;
        values = values_of(d, m, v);
    }
    enum code code = apply_map(d, m, values, &result);
    for (size_t i = 0; code == OK && i < result.count; i++) {
        add_entity(d, &result.entities[i]);
    }
    return code;
}

static enum code set_times(struct doing *d, struct entity *e) {
    for (size_t i = 0; i < e->count && d->topic->time != TIME_LEFT; i++) {
        struct entity_attribute *x = &e->attributes[i];
        if (x->observed) {
            continue;
        }
        if (d->topic->time == TIME_NEEDED) {
            return err_set(d->err, E_INPUT, "attribute \"%.200s\" has no \"observedAt\"", x->name);
        }
        x->observed = true;
        x->observed_ms = d->message->arrived_ms;
    }
    return OK;
}

/* Id and types that the line gives. */
static enum code set_id(struct doing *d, struct entity *e) {
    struct map_result result;
    enum code code = apply_map(d, &d->topic->map, values_of(d, &d->topic->map, NULL), &result);
    if (code != OK || result.count == 0) {
        return code;
    }
    const struct entity *given = &result.entities[0];
    if (e->id != NULL && strcmp(e->id, given->id) != 0) {
        return err_set(d->err, E_INPUT, "its id \"%.200s\" is not that of its topic, \"%.200s\"",
                       e->id, given->id);
    }
    e->id = given->id;
    if (e->type_count == 0) {
        e->types = given->types;
        e->type_count = given->type_count;
    }
    return OK;
}

static enum code take_entity(struct doing *d, const struct json_value *v) {
    const struct json_value *own = json_member(v, "@context");
    struct entity_context context = d->topic->context;
    struct entity_how how = {&context, ENTITY_NORMALIZED,
                             d->topic->has_map ? ENTITY_FRAGMENT : ENTITY_WHOLE};
    struct entity e;
    enum code code = own == NULL ? OK : entity_context_read(own, d->a, &context, d->err);
    if (code == OK) {
        code = entity_read(v, &how, d->a, &e, d->err);
    }
    if (code == OK && d->topic->has_map) {
        code = set_id(d, &e);
    }
    if (code == OK) {
        code = set_times(d, &e);
    }
    if (code == OK) {
        add_entity(d, &e);
    }
    return code;
}

static enum code take_record(struct doing *d, const struct json_value *v) {
    if (v->kind != JSON_OBJECT) {
        return err_set(d->err, E_INPUT, "it is %s, not an object", json_kind_name(v->kind));
    }
    return d->topic->kind == FLAT ? take_row(d, v) : take_entity(d, v);
}

/* An object, or a list of them. */
static enum code take_body(struct doing *d, const struct json_value *v) {
    size_t i = 0;
    if (v->kind != JSON_ARRAY) {
        return take_record(d, v);
    }
    if (v->count > PAYLOAD_RECORDS_MAX) {
        return err_set(d->err, E_LIMIT, "it has more than %d items", PAYLOAD_RECORDS_MAX);
    }
    for (const struct json_value *x = v->first; x != NULL; x = x->next, i++) {
        enum code code = take_record(d, x);
        if (code != OK) {
            char place[32];
            snprintf(place, sizeof place, "item %zu", i);
            err_prefix(d->err, place);
            return code;
        }
    }
    return OK;
}

static const struct payload_topic *find_topic(const struct payload_table *table,
                                              const char *topic) {
    for (size_t i = 0; i < table->count; i++) {
        if (topic_matches(&table->topics[i].filter, topic)) {
            return &table->topics[i];
        }
    }
    return NULL;
}

enum code payload_read(const struct payload_table *table, const struct payload_message *message,
                       struct arena *a, struct payload_result *out, struct err *err) {
    struct doing d = {
        .topic = find_topic(table, message->topic), .message = message, .a = a, .err = err};
    const struct json_value *v = NULL;
    if (d.topic == NULL) {
        return err_set(err, E_INPUT, "no line of the table is for this topic");
    }
    enum code code = json_read(message->bytes, message->len, a, &v, err);
    if (code == OK) {
        code = take_body(&d, v);
    }
    if (code == OK) {
        *out = (struct payload_result){d.entities, d.count};
    }
    return code == OK || code == E_LIMIT ? code : E_INPUT;
}
