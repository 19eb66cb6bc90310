/* Entities that are kept: every deed, what was observed, one line in the journal for each
 * request. */
#include "entity/entity_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "entity/entity_history.h"
#include "entity/town.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_write.h"

static const struct entity_context no_context = {NULL, 0};

static struct entity entity_of(struct town *t, const char *json, enum entity_need need) {
    const struct json_value *v;
    struct entity_how how = {&no_context, ENTITY_NORMALIZED, need};
    struct entity e = {.id = NULL};
    struct err err = ERR_INIT;
    if (json_read(json, strlen(json), &t->arena, &v, &err) != OK ||
        entity_read(v, &how, &t->arena, &e, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    return e;
}

/* ---- jobs ---- */

struct job {
    struct town *town;
    enum entity_deed deed;
    struct entity entity;
    struct entity_outcome outcome;
    const struct entity_attribute *attribute; /* NULL: the whole entity */
    enum entity_attribute_deed attribute_deed;
};

static enum code run(struct tx *tx, void *data, struct err *err) {
    struct job *job = data;
    const struct entity_job doing = {
        .tx = tx, .arena = &job->town->arena, .changes = &job->town->changes};
    job->town->changes = (struct entity_changes){NULL, NULL};
    enum code code = job->attribute == NULL
                         ? entity_apply(&doing, job->deed, &job->entity, &job->outcome, err)
                         : entity_apply_attribute(&doing, job->attribute_deed, job->entity.id,
                                                  job->attribute, err);
    struct entity_note note = {"u/1", "changed", &job->entity.id, 1, "{}", 2};
    return code == OK ? entity_note(tx, &note, err) : code;
}

static enum code apply(struct town *t, enum entity_deed deed, const char *json,
                       struct entity_outcome *out) {
    bool whole = deed == ENTITY_CREATE || deed == ENTITY_PUT || deed == ENTITY_PUT_APPEND;
    enum entity_need need = whole                  ? ENTITY_WHOLE
                            : deed == ENTITY_MERGE ? ENTITY_PATCH
                                                   : ENTITY_FRAGMENT;
    struct job job = {.town = t, .deed = deed, .entity = entity_of(t, json, need)};
    enum code code = fixture_write(&t->f, run, &job);
    if (out != NULL) {
        *out = job.outcome;
    }
    return code;
}

/* The entity of an id, simplified or normalized, as text in the arena. */
static const char *shown(struct town *t, const char *id, enum entity_form form) {
    struct entity e;
    struct buf to = BUF_INIT;
    struct json_out j;
    struct entity_look look = {.context = &no_context, .form = form};
    struct tx *tx = fixture_read(&t->f);
    enum code code = entity_load(tx, id, &t->arena, &e, &t->f.err);
    store_read_end(tx);
    if (code != OK) {
        assert_int_equal(code, E_ABSENT);
        return "absent";
    }
    json_init(&j, &to, 0);
    entity_write(&e, &look, &t->arena, &j);
    const char *text = arena_dup(&t->arena, to.data, to.len);
    buf_fini(&to);
    return text;
}

static void expect(struct town *t, const char *members) {
    char expected[512];
    snprintf(expected, sizeof expected, "{\"id\":\"urn:x:1\",%s}", members);
    assert_string_equal(shown(t, "urn:x:1", ENTITY_SIMPLIFIED), expected);
}

#define E(members) "{\"id\":\"urn:x:1\",\"type\":\"T\"," members "}"
#define F(members) "{\"id\":\"urn:x:1\"," members "}"

/* ---- deeds ---- */

static void one_is_created_once(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    const char *all = E("\"a\":{\"type\":\"Property\",\"value\":1.50,\"unitCode\":\"GQ\","
                        "\"observedAt\":\"2026-03-01T08:00:00Z\",\"q\":{\"type\":\"Property\","
                        "\"value\":{\"x\":\"\\\"\"}}},\"r\":{\"type\":\"Relationship\","
                        "\"object\":\"urn:x:2\"}");
    assert_int_equal(apply(&t, ENTITY_CREATE, all, NULL), OK);
    assert_string_equal(shown(&t, "urn:x:1", ENTITY_NORMALIZED), all);
    assert_int_equal(apply(&t, ENTITY_CREATE, all, NULL), E_CONFLICT);
    assert_says(&t.f, "there is an entity \"urn:x:1\" already");
    town_fini(&t);
}

static void deeds_want_one_that_is_there(void **state) {
    static const enum entity_deed deeds[] = {ENTITY_REPLACE, ENTITY_APPEND, ENTITY_APPEND_NEW,
                                             ENTITY_UPDATE,  ENTITY_MERGE,  ENTITY_DELETE};
    struct town t;
    (void)state;
    town_init(&t);
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        assert_int_equal(apply(&t, deeds[i], F("\"a\":1"), NULL), E_ABSENT);
    }
    assert_string_equal(shown(&t, "urn:x:1", ENTITY_NORMALIZED), "absent");
    town_fini(&t);
}

static void attributes_are_appended_updated_replaced(void **state) {
    struct town t;
    struct entity_outcome out;
    (void)state;
    town_init(&t);
    assert_int_equal(apply(&t, ENTITY_CREATE, E("\"a\":1,\"b\":2"), NULL), OK);
    assert_int_equal(apply(&t, ENTITY_APPEND, F("\"type\":\"U\",\"b\":3,\"c\":4"), &out), OK);
    expect(&t, "\"type\":[\"T\",\"U\"],\"a\":1,\"b\":3,\"c\":4");
    assert_int_equal(out.written, 2);
    assert_int_equal(apply(&t, ENTITY_APPEND_NEW, F("\"b\":9,\"d\":5"), &out), OK);
    assert_int_equal(out.skipped_count, 1);
    assert_string_equal(out.skipped[0], ENTITY_DEFAULT "b");
    assert_int_equal(apply(&t, ENTITY_UPDATE, F("\"b\":6,\"e\":5"), &out), OK);
    assert_int_equal(out.skipped_count, 1);
    assert_string_equal(out.skipped[0], ENTITY_DEFAULT "e");
    expect(&t, "\"type\":[\"T\",\"U\"],\"a\":1,\"b\":6,\"c\":4,\"d\":5");
    assert_int_equal(apply(&t, ENTITY_REPLACE, F("\"z\":1"), NULL), OK);
    expect(&t, "\"type\":[\"T\",\"U\"],\"z\":1");
    assert_int_equal(apply(&t, ENTITY_REPLACE, E("\"y\":1"), NULL), OK);
    expect(&t, "\"type\":\"T\",\"y\":1");
    town_fini(&t);
}

static void putting_makes_or_changes(void **state) {
    struct town t;
    struct entity_outcome out;
    (void)state;
    town_init(&t);
    assert_int_equal(apply(&t, ENTITY_PUT, E("\"a\":1"), &out), OK);
    assert_true(out.created);
    assert_int_equal(apply(&t, ENTITY_PUT, E("\"b\":2"), &out), OK);
    assert_false(out.created);
    expect(&t, "\"type\":\"T\",\"b\":2");
    assert_int_equal(apply(&t, ENTITY_PUT_APPEND, E("\"c\":3"), &out), OK);
    assert_false(out.created);
    expect(&t, "\"type\":\"T\",\"b\":2,\"c\":3");
    town_fini(&t);
}

static void a_merge_leaves_what_it_does_not_say(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    assert_int_equal(apply(&t, ENTITY_CREATE,
                           E("\"a\":{\"value\":1,\"unitCode\":\"GQ\",\"q\":1,\"w\":2},\"b\":1,"
                             "\"r\":{\"object\":\"urn:x:2\"}"),
                           NULL),
                     OK);
    assert_int_equal(apply(&t, ENTITY_MERGE,
                           F("\"a\":{\"value\":2,\"q\":\"urn:ngsi-ld:null\",\"w\":{\"value\":3},"
                             "\"n\":{\"value\":4}},\"b\":\"urn:ngsi-ld:null\",\"c\":5,"
                             "\"none\":\"urn:ngsi-ld:null\""),
                           NULL),
                     OK);
    assert_string_equal(shown(&t, "urn:x:1", ENTITY_CONCISE),
                        E("\"a\":{\"value\":2,\"unitCode\":\"GQ\",\"w\":3,\"n\":4},"
                          "\"r\":{\"object\":\"urn:x:2\"},\"c\":5"));
    assert_int_equal(apply(&t, ENTITY_MERGE, F("\"r\":{\"value\":1}"), NULL), E_INPUT);
    assert_says(&t.f, "from Relationship to Property");
    assert_int_equal(apply(&t, ENTITY_MERGE, F("\"c\":6,\"d\":{\"unitCode\":\"GQ\"}"), NULL),
                     E_INPUT);
    assert_says(&t.f, "it has no value");
    assert_non_null(strstr(shown(&t, "urn:x:1", ENTITY_CONCISE), "\"c\":5"));
    town_fini(&t);
}

static enum code touch(struct town *t, enum entity_attribute_deed deed, const char *json) {
    struct entity e = entity_of(t, json, ENTITY_PATCH);
    struct job job = {.town = t, .entity = e, .attribute = e.attributes, .attribute_deed = deed};
    return fixture_write(&t->f, run, &job);
}

static void one_attribute_is_changed(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    assert_int_equal(touch(&t, ENTITY_ATTRIBUTE_DELETE, F("\"a\":1")), E_ABSENT);
    assert_says(&t.f, "there is no entity");
    assert_int_equal(apply(&t, ENTITY_CREATE, E("\"a\":{\"value\":1,\"q\":1},\"b\":2"), NULL), OK);
    assert_int_equal(touch(&t, ENTITY_ATTRIBUTE_PATCH, F("\"a\":{\"value\":3}")), OK);
    assert_string_equal(shown(&t, "urn:x:1", ENTITY_CONCISE),
                        E("\"a\":{\"value\":3,\"q\":1},\"b\":2"));
    assert_int_equal(touch(&t, ENTITY_ATTRIBUTE_REPLACE, F("\"a\":{\"value\":4}")), OK);
    assert_int_equal(touch(&t, ENTITY_ATTRIBUTE_DELETE, F("\"b\":0")), OK);
    expect(&t, "\"type\":\"T\",\"a\":4");
    assert_int_equal(touch(&t, ENTITY_ATTRIBUTE_DELETE, F("\"b\":0")), E_ABSENT);
    assert_says(&t.f, "has no attribute");
    town_fini(&t);
}

/* What was sent small may be large with whole names: it is refused, not lost. */
static void what_could_not_be_read_again_is_refused(void **state) {
    static char json[200000];
    struct town t;
    (void)state;
    town_init(&t);
    size_t n = (size_t)snprintf(json, sizeof json,
                                "{\"id\":\"urn:x:1\",\"type\":\"T\","
                                "\"a\":{\"value\":1");
    for (int i = 0; i <= ENTITY_SUB_MAX; i++) {
        n += (size_t)snprintf(json + n, sizeof json - n, ",\"s%d\":1", i);
    }
    snprintf(json + n, sizeof json - n, "}}");
    assert_int_equal(apply(&t, ENTITY_CREATE, json, NULL), E_LIMIT);
    assert_says(&t.f, "it is too large");
    n = (size_t)snprintf(json, sizeof json, "{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":[");
    for (int i = 0; i < 90000; i++) {
        n += (size_t)snprintf(json + n, sizeof json - n, "%s1", i == 0 ? "" : ",");
    }
    snprintf(json + n, sizeof json - n, "]}");
    assert_int_equal(apply(&t, ENTITY_CREATE, json, NULL), OK);
    assert_int_equal(strlen(shown(&t, "urn:x:1", ENTITY_SIMPLIFIED)), strlen(json));
    town_fini(&t);
}

/* ---- what was observed ---- */

/* The instances of an attribute in a span, default ones; none where nothing is known of it. */
static size_t observed(struct town *t, const char *name, struct entity_span span,
                       struct entity_attribute **out) {
    const char *attributes[] = {name};
    const struct entity_history_query query = {
        .stretch = {ENTITY_BETWEEN, span}, .attributes = attributes, .attribute_count = 1};
    struct entity_history h = {.id = NULL};
    struct tx *tx = fixture_read(&t->f);
    t->f.err = (struct err)ERR_INIT;
    enum code code = entity_history_load(tx, "urn:x:1", &query, &t->arena, &h, &t->f.err);
    store_read_end(tx);
    assert_true(code == OK || code == E_ABSENT);
    *out = h.count == 0 ? NULL : h.series[0].instances;
    return h.count == 0 ? 0 : h.series[0].count;
}

static void expect_observed(struct town *t, struct entity_span span, const char *expected) {
    struct entity_attribute *all;
    size_t count = observed(t, ENTITY_DEFAULT "a", span, &all);
    char text[256] = "";
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n +=
            (size_t)snprintf(text + n, sizeof text - n, "%lld=%s%s ", (long long)all[i].observed_ms,
                             all[i].value, all[i].unit == NULL ? "" : all[i].unit);
    }
    assert_string_equal(text, expected);
}

static void observations_outlive_their_entity(void **state) {
    const struct entity_span all = {INT64_MIN, INT64_MAX};
    struct town t;
    (void)state;
    town_init(&t);
    expect_observed(&t, all, "");
    assert_int_equal(apply(&t, ENTITY_CREATE,
                           E("\"a\":{\"value\":1.0,\"observedAt\":\"1970-01-01T00:10:00Z\"}"),
                           NULL),
                     OK);
    assert_int_equal(apply(&t, ENTITY_APPEND,
                           F("\"a\":{\"value\":2,\"observedAt\":\"1969-12-31T23:59:59.999Z\","
                             "\"unitCode\":\"GQ\"}"),
                           NULL),
                     OK);
    assert_int_equal(apply(&t, ENTITY_MERGE,
                           F("\"a\":{\"value\":3,\"observedAt\":\"1970-01-01T00:10:00Z\"}"), NULL),
                     OK);
    expect_observed(&t, all, "-1=2GQ 600000=3GQ ");
    expect_observed(&t, (struct entity_span){-1, 600000}, "-1=2GQ ");
    expect_observed(&t, (struct entity_span){0, 600001}, "600000=3GQ ");
    assert_int_equal(apply(&t, ENTITY_DELETE, F("\"a\":1"), NULL), OK);
    assert_int_equal(apply(&t, ENTITY_CREATE, E("\"b\":1"), NULL), OK);
    expect_observed(&t, all, "-1=2GQ 600000=3GQ ");
    town_fini(&t);
}

/* ---- the journal ---- */

static enum code note_job(struct tx *tx, void *data, struct err *err) {
    return entity_note(tx, data, err);
}

static void expect_line(struct town *t, struct entity_note *note, const char *subject,
                        const char *kind, const char *payload) {
    struct journal_batch lines = JOURNAL_BATCH_INIT;
    assert_int_equal(fixture_write(&t->f, note_job, note), OK);
    struct tx *tx = fixture_read(&t->f);
    int64_t last = journal_head(tx)->seq;
    assert_int_equal(journal_list(tx, last - 1, 1, &lines, &t->f.err), OK);
    assert_string_equal(lines.line[0].subject, subject);
    assert_string_equal(lines.line[0].kind, kind);
    assert_string_equal(lines.line[0].payload, payload);
    journal_batch_fini(&lines);
    store_read_end(tx);
}

static void a_request_is_one_line(void **state) {
    char long_id[400];
    const char *ids[] = {"urn:x:1", "urn:x:2"};
    const char *one = long_id;
    struct town t;
    (void)state;
    town_init(&t);
    memset(long_id, 'a', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    memcpy(long_id, "urn:", 4);
    expect_line(&t, &(struct entity_note){"u/1", "deleted", ids, 1, "", 0}, "entity/urn:x:1",
                "entity.deleted", "{\"id\":\"urn:x:1\"}");
    expect_line(&t, &(struct entity_note){"u/1", "created", ids, 2, "", 0}, "entities",
                "entities.created",
                "{\"count\":2,\"ids_sha256\":"
                "\"1f54bcd3fdcdcd75d2de1d8c4be38ef3bf17cb13ef42381b6666b7b2c35ed4fe\"}");
    struct journal_batch lines = JOURNAL_BATCH_INIT;
    struct entity_note note = {"u/1", "changed", &one, 1, "{}", 2};
    assert_int_equal(fixture_write(&t.f, note_job, &note), OK);
    struct tx *tx = fixture_read(&t.f);
    assert_int_equal(journal_list(tx, journal_head(tx)->seq - 1, 1, &lines, &t.f.err), OK);
    assert_memory_equal(lines.line[0].subject, "entity/sha256:", 14);
    assert_int_equal(strlen(lines.line[0].subject), 14 + 64);
    assert_non_null(strstr(lines.line[0].payload, "body_sha256"));
    journal_batch_fini(&lines);
    store_read_end(tx);
    town_fini(&t);
}

/* ---- instances, places, what changed ---- */

static void instances_stand_beside_each_other(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    assert_int_equal(apply(&t, ENTITY_CREATE, E("\"a\":{\"value\":1}"), NULL), OK);
    assert_int_equal(
        apply(&t, ENTITY_APPEND, F("\"a\":{\"value\":2,\"datasetId\":\"urn:d:1\"}"), NULL), OK);
    const struct entity_change *c = t.changes.first;
    assert_ptr_equal(c, t.changes.last);
    assert_int_equal(c->event, ENTITY_UPDATED);
    assert_int_equal(c->count, 1);
    assert_string_equal(c->attributes[0].dataset, "urn:d:1");
    assert_int_equal(c->attributes[0].event, ENTITY_ADDED);
    struct entity e;
    struct tx *tx = fixture_read(&t.f);
    assert_int_equal(entity_load(tx, "urn:x:1", &t.arena, &e, NULL), OK);
    store_read_end(tx);
    assert_int_equal(e.count, 2);
    assert_string_equal(entity_find(&e, ENTITY_DEFAULT "a")->value, "1");
    assert_string_equal(entity_find_instance(&e, ENTITY_DEFAULT "a", "urn:d:1")->value, "2");
    assert_null(entity_find_instance(&e, ENTITY_DEFAULT "a", "urn:d:2"));
    town_fini(&t);
}

static void a_removal_tells_what_was_there(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    assert_int_equal(apply(&t, ENTITY_CREATE, E("\"a\":1,\"b\":2"), NULL), OK);
    assert_int_equal(t.changes.first->event, ENTITY_ADDED);
    assert_int_equal(t.changes.first->count, 2);
    assert_int_equal(apply(&t, ENTITY_REPLACE, E("\"b\":3"), NULL), OK);
    assert_int_equal(t.changes.first->count, 2);
    assert_int_equal(t.changes.first->attributes[0].event, ENTITY_UPDATED);
    assert_int_equal(t.changes.first->attributes[1].event, ENTITY_REMOVED);
    assert_int_equal(apply(&t, ENTITY_DELETE, F("\"a\":1"), NULL), OK);
    assert_int_equal(t.changes.first->event, ENTITY_REMOVED);
    assert_int_equal(t.changes.first->gone->count, 1);
    assert_int_equal(apply(&t, ENTITY_MERGE, F("\"a\":1"), NULL), E_ABSENT);
    assert_null(t.changes.first);
    town_fini(&t);
}

/* "MIN_LON MAX_LON MIN_LAT MAX_LAT" of all boxes, past the store. */
static const char *boxes(struct town *t) {
    static char text[160];
    sqlite3 *db;
    sqlite3_stmt *s;
    size_t n = 0;
    text[0] = '\0';
    assert_int_equal(sqlite3_open(t->f.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT * FROM entity_place", -1, &s, NULL), SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%g %g %g %g;",
                              sqlite3_column_double(s, 1), sqlite3_column_double(s, 2),
                              sqlite3_column_double(s, 3), sqlite3_column_double(s, 4));
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    return text;
}

#define POINT(x, y) "{\"type\":\"Point\",\"coordinates\":[" x "," y "]}"

static void a_box_holds_all_places(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    assert_int_equal(apply(&t, ENTITY_CREATE, E("\"a\":" POINT("120", "31")), NULL), OK);
    assert_string_equal(boxes(&t), "120 120 31 31;");
    assert_int_equal(apply(&t, ENTITY_APPEND, F("\"b\":" POINT("-1", "32")), NULL), OK);
    assert_string_equal(boxes(&t), "-1 120 31 32;");
    assert_int_equal(apply(&t, ENTITY_MERGE, F("\"a\":\"urn:ngsi-ld:null\""), NULL), OK);
    assert_string_equal(boxes(&t), "-1 -1 32 32;");
    assert_int_equal(apply(&t, ENTITY_DELETE, F("\"b\":1"), NULL), OK);
    assert_string_equal(boxes(&t), "");
    town_fini(&t);
}

/* ---- databases of older versions ---- */

/* One without rows, closed, as that version made it; the town opens it as this one does. */
static void make_old(struct town *t, size_t version, sqlite3 **db) {
    struct schema old = entity_schema;
    const struct schema *const before[] = {&old};
    old.count = version;
    old.memory = NULL;
    t->arena = (struct arena)ARENA_INIT;
    fixture_init(&t->f);
    t->f.config.schemas = before;
    assert_int_equal(fixture_try(&t->f), OK);
    fixture_close(&t->f);
    t->f.config.schemas = town_schemas;
    assert_int_equal(sqlite3_open(t->f.path, db), SQLITE_OK);
}

static void version_1_is_taken_over(void **state) {
    struct town t;
    char *message = NULL;
    sqlite3 *db;
    (void)state;
    make_old(&t, 1, &db);
    int rc = sqlite3_exec(
        db,
        "INSERT INTO entity_name VALUES (1, 'urn:x:1'), (2, '" ENTITY_DEFAULT
        "T'), (3, '" ENTITY_DEFAULT "a'), (4, '" ENTITY_DEFAULT "g');"
        "INSERT INTO entity_state VALUES (1, 5, 6);"
        "INSERT INTO entity_type VALUES (2, 1);"
        "INSERT INTO entity_attribute VALUES"
        " (1, 3, 1, '{\"type\":\"Property\",\"value\":3}', 5, 6),"
        " (1, 4, 2, '{\"type\":\"GeoProperty\",\"value\":{\"type\":\"LineString\","
        "\"coordinates\":[[119,30],[121,32.5]]}}', 5, 6);"
        "INSERT INTO entity_observation VALUES (-1, 1, 3, -1, '2', 'GQ'), (6, 1, 3, 3600000, '3', "
        "NULL)",
        NULL, NULL, &message);
    assert_string_equal(message == NULL ? "" : message, "");
    assert_int_equal(rc, SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(fixture_try(&t.f), OK);
    expect(&t, "\"type\":\"T\",\"a\":3,\"g\":{\"type\":\"LineString\","
               "\"coordinates\":[[119,30],[121,32.5]]}");
    assert_string_equal(boxes(&t), "119 121 30 32.5;");
    expect_observed(&t, (struct entity_span){-10, 3600001}, "-1=2GQ 3600000=3 ");
    town_fini(&t);
}

/* ---- a database of version 3 ---- */

static const char SQL_CHUNKS[] = "SELECT count(*) FROM entity_chunk";

enum { OLD_SERIES = 6, OLD_MOMENTS = 700, OLD_ROWS = OLD_SERIES * OLD_MOMENTS };

/* What a row of the old table is made of, by its number: in and before 1970, several hours. */
struct old_row {
    int series;
    int64_t observed_ms;
    int kind;
    char value[80], unit[16], extra[400];
    int64_t quality;
};

static struct old_row old_row_of(int i) {
    struct old_row r = {.series = i / OLD_MOMENTS, .observed_ms = (i % OLD_MOMENTS - 40) * 9000};
    bool flat = r.series == 1;
    bool mixed = r.series == 2;
    r.kind = mixed && i % 5 == 0 ? 1 : 0;
    snprintf(r.value, sizeof r.value, r.kind == 1 ? "\"urn:x y:%d\"" : "%d.50", flat ? 7 : i % 97);
    if (r.series == 3) {
        snprintf(r.unit, sizeof r.unit, i % 3 == 0 ? "a\t\"b\n\\" : i % 3 == 1 ? "" : "度");
    } else if (r.series == 4 || mixed) {
        snprintf(r.unit, sizeof r.unit, "GQ");
    }
    if (r.series == 4 || (mixed && i % 7 == 0)) {
        snprintf(r.extra, sizeof r.extra,
                 "{\"urn:x:n\":{\"type\":\"Property\",\"value\":\"%0*d\"}}", i % 300 + 1, i % 2);
    }
    r.quality = mixed ? 69905 + i % 3 : 0;
    return r;
}

static void insert_old(sqlite3 *db) {
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "INSERT INTO entity_observation VALUES"
                                        " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                                        -1, &q, NULL),
                     SQLITE_OK);
    for (int i = 0; i < OLD_ROWS; i++) {
        struct old_row r = old_row_of(i);
        int64_t hour = r.observed_ms / 3600000 - (r.observed_ms % 3600000 < 0);
        sqlite3_bind_int64(q, 1, hour);
        sqlite3_bind_int64(q, 2, 1);
        sqlite3_bind_int64(q, 3, r.series == 5 ? 13 : 10 + r.series);
        sqlite3_bind_int64(q, 4, r.series == 5 ? 2 : 0);
        sqlite3_bind_int64(q, 5, r.observed_ms);
        sqlite3_bind_int(q, 6, r.kind);
        sqlite3_bind_text(q, 7, r.value, -1, SQLITE_STATIC);
        sqlite3_bind_text(q, 8, r.unit[0] == '\0' && r.series != 3 ? NULL : r.unit, -1,
                          SQLITE_STATIC);
        sqlite3_bind_text(q, 9, r.extra[0] == '\0' ? NULL : r.extra, -1, SQLITE_STATIC);
        sqlite3_bind_int64(q, 10, r.quality);
        assert_int_equal(sqlite3_step(q), SQLITE_DONE);
        sqlite3_reset(q);
    }
    sqlite3_finalize(q);
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

/* As the history gives it: series come by attribute and dataset. */
static void expect_old(const struct entity_series *s, int series) {
    assert_int_equal(s->count, OLD_MOMENTS);
    for (int i = 0; i < OLD_MOMENTS; i++) {
        struct old_row r = old_row_of(series * OLD_MOMENTS + i);
        const struct entity_attribute *x = &s->instances[i];
        assert_int_equal(x->observed_ms, r.observed_ms);
        assert_int_equal(x->kind, r.kind);
        assert_string_equal(x->value, r.value);
        assert_int_equal(x->quality, r.quality);
        assert_true((x->unit == NULL) == (r.unit[0] == '\0' && series != 3));
        assert_string_equal(x->unit == NULL ? "" : x->unit, r.unit);
        assert_int_equal(x->sub_count, r.extra[0] == '\0' ? 0 : 1);
        if (x->sub_count > 0) {
            char extra[400];
            snprintf(extra, sizeof extra, "{\"%s\":{\"type\":\"Property\",\"value\":%s}}",
                     x->sub[0].name, x->sub[0].value);
            assert_string_equal(extra, r.extra);
        }
    }
}

static void observations_of_version_3_are_taken_over(void **state) {
    static const char *const names =
        "INSERT INTO entity_name VALUES (1, 'urn:x:1'), (2, 'urn:x:d'), (10, 'urn:x:a10'),"
        " (11, 'urn:x:a11'), (12, 'urn:x:a12'), (13, 'urn:x:a13'), (14, 'urn:x:a14');"
        "INSERT INTO entity_past VALUES (2, 1); INSERT INTO entity_bucket VALUES (-1), (0), (1)";
    static const int order[OLD_SERIES] = {0, 1, 2, 3, 5, 4};
    const struct entity_history_query query = {
        .stretch = {ENTITY_ALWAYS, {-ENTITY_EVER_MS, ENTITY_EVER_MS}}};
    struct entity_history h;
    struct town t;
    sqlite3 *db;
    (void)state;
    make_old(&t, 3, &db);
    assert_int_equal(sqlite3_exec(db, names, NULL, NULL, NULL), SQLITE_OK);
    insert_old(db);
    sqlite3_close(db);
    assert_int_equal(fixture_try(&t.f), OK);
    struct tx *tx = fixture_read(&t.f);
    int64_t chunks = 0;
    assert_int_equal(query_number(query_open(tx, SQL_CHUNKS), &chunks, &t.f.err), OK);
    assert_in_range(chunks, 3 * OLD_SERIES, OLD_ROWS / 10);
    assert_int_equal(entity_history_load(tx, "urn:x:1", &query, &t.arena, &h, &t.f.err), OK);
    store_read_end(tx);
    assert_int_equal(h.count, OLD_SERIES);
    for (int i = 0; i < OLD_SERIES; i++) {
        expect_old(&h.series[i], order[i]);
    }
    town_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_created_once),
        cmocka_unit_test(deeds_want_one_that_is_there),
        cmocka_unit_test(attributes_are_appended_updated_replaced),
        cmocka_unit_test(putting_makes_or_changes),
        cmocka_unit_test(a_merge_leaves_what_it_does_not_say),
        cmocka_unit_test(one_attribute_is_changed),
        cmocka_unit_test(what_could_not_be_read_again_is_refused),
        cmocka_unit_test(observations_outlive_their_entity),
        cmocka_unit_test(a_request_is_one_line),
        cmocka_unit_test(instances_stand_beside_each_other),
        cmocka_unit_test(a_removal_tells_what_was_there),
        cmocka_unit_test(a_box_holds_all_places),
        cmocka_unit_test(version_1_is_taken_over),
        cmocka_unit_test(observations_of_version_3_are_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
