/* Declared types: what their files may say, what they let through, and how what is written is
 * judged and kept: behind each other, late, twice, corrected, after a restart. */
#include "ngsi/model.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "entity/entity_history.h"
#include "entity/entity_store.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_write.h"
#include "ngsi/model_read.h"
#include "store/fixture.h"

#define CORE "https://uri.etsi.org/ngsi-ld/default-context/"
#define SPACE "\"namespaces\":[\"" CORE "\",\"https://x.org/\"]"

/* n: all tests but the gap; q: a ratio; s: a word; r, w, b as they are named. */
static const char T_MODEL[] =
    "{\"name\":\"T\",\"source\":\"this test\"," SPACE ",\"future_s\":60,\"late_s\":3600,"
    "\"attributes\":["
    "{\"name\":\"n\",\"kind\":\"Property\",\"value\":\"number\",\"unit\":\"GQ\","
    "\"gross\":{\"fail\":[-100,1000],\"suspect\":[-50,500],\"source\":\"x\"},"
    "\"spike\":{\"suspect\":25,\"fail\":50,\"source\":\"x\"},"
    "\"rate\":{\"suspect\":1,\"seconds\":1,\"source\":\"x\"},"
    "\"flat\":{\"suspect\":3,\"tolerance\":0.1,\"source\":\"x\"}},"
    "{\"name\":\"q\",\"kind\":\"Property\",\"value\":\"number\",\"unit\":\"C62\","
    "\"unit_needed\":true,\"range\":{\"low\":0,\"high\":1,\"source\":\"x\"}},"
    "{\"name\":\"s\",\"kind\":\"Property\",\"value\":\"text\",\"words\":[\"in\",\"out\"]},"
    "{\"name\":\"r\",\"kind\":\"Relationship\"},"
    "{\"name\":\"w\",\"kind\":\"Property\",\"value\":\"whole number\"},"
    "{\"name\":\"b\",\"kind\":\"Property\",\"value\":\"boolean\"},"
    "{\"name\":\"any\",\"kind\":\"Property\",\"iris\":[\"urn:any\"]}]}";

static const char STRICT_MODEL[] =
    "{\"name\":\"Strict\",\"source\":\"this test\"," SPACE ",\"unknown\":\"refuse\","
    "\"attributes\":[{\"name\":\"only\",\"kind\":\"Property\"}]}";

/* ---- files ---- */

static struct model_set *set_of(const char *a, const char *b) {
    struct model_set *set = model_set_new();
    struct err err = ERR_INIT;
    if (model_parse(set, a, strlen(a), &err) != OK ||
        (b != NULL && model_parse(set, b, strlen(b), &err) != OK)) {
        fail_msg("%s", err.msg);
    }
    return set;
}

static void a_model_is_found_by_every_name(void **state) {
    (void)state;
    struct model_set *set = set_of(T_MODEL, STRICT_MODEL);
    const struct model *t = model_find(set, CORE "T");
    assert_int_equal(model_count(set), 2);
    assert_non_null(t);
    assert_ptr_equal(model_find(set, "https://x.org/T"), t);
    assert_ptr_equal(model_named(set, "T"), t);
    assert_null(model_named(set, "U"));
    assert_null(model_find(set, CORE "n"));
    assert_null(model_find(set, "T"));
    assert_null(model_find(NULL, CORE "T"));
    const struct model_attribute *n = model_find_attribute(set, t, CORE "n");
    assert_string_equal(n->name, "n");
    assert_ptr_equal(model_find_attribute(set, t, "https://x.org/n"), n);
    assert_string_equal(model_find_attribute(set, t, "urn:any")->name, "any");
    assert_null(model_find_attribute(set, t, CORE "only"));
    assert_null(model_find_attribute(set, model_find(set, CORE "Strict"), CORE "n"));
    assert_true(n->is_judged && n->rules.gross_fail.is_set && n->rules.flat_suspect == 3);
    assert_int_equal(n->rules.gap_fail_ms, 0);
    assert_string_equal(n->unit->name, "microgram per cubic metre");
    assert_int_equal(t->future_ms, 60000);
    assert_int_equal(model_named(set, "Strict")->late_ms, -1);
    model_set_free(set);
    model_set_free(NULL);
}

#define MODEL(attributes)                                                                          \
    "{\"name\":\"T\",\"source\":\"x\"," SPACE ",\"attributes\":[" attributes "]}"
#define NUMBER(more) MODEL("{\"name\":\"n\",\"kind\":\"Property\",\"value\":\"number\"," more "}")

static void a_file_says_what_is_wrong_with_it(void **state) {
    (void)state;
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"[]", "an object"},
        {"{\"name\":\"T\"}", "\"source\""},
        {"{\"name\":\"T\",\"source\":\"x\",\"attributes\":[]}", "\"namespaces\""},
        {"{\"name\":\"T\",\"source\":\"x\",\"namespaces\":[\"T\"],\"attributes\":[]}", "no URI"},
        {"{\"name\":\"T\",\"source\":\"x\",\"unknown\":\"no\"," SPACE ",\"attributes\":[]}",
         "keep or refuse, not \"no\""},
        {MODEL("{\"name\":\"n\"}"), "attribute \"n\": \"kind\""},
        {MODEL("{\"name\":\"n\",\"kind\":\"Thing\"}"), "no kind \"Thing\""},
        {MODEL("{\"name\":\"n\",\"kind\":\"Property\",\"value\":\"float\"}"), "no value \"float\""},
        {MODEL("{\"name\":\"n\",\"kind\":\"Property\",\"range\":{\"low\":0,\"high\":1,\"source\":"
               "\"x\"}}"),
         "a Property that is a number"},
        {NUMBER("\"unit\":\"XX\""), "no unit \"XX\""},
        {NUMBER("\"unit_needed\":true"), "none is declared"},
        {NUMBER("\"words\":[\"a\"]"), "that is a text"},
        {NUMBER("\"colour\":1"), "\"colour\" is not known"},
        {NUMBER("\"gross\":{\"fail\":[0,1]}"), "\"source\""},
        {NUMBER("\"gross\":{\"fail\":[0],\"source\":\"x\"}"), "test \"gross\": \"fail\" is [low"},
        {NUMBER("\"gross\":{\"fail\":[0,1e3],\"source\":\"x\"}"), "plainly"},
        {NUMBER("\"gross\":{\"fail\":[2,1],\"source\":\"x\"}"), "2 to 1 is upside down"},
        {NUMBER("\"range\":{\"low\":2,\"high\":1,\"source\":\"x\"}"), "a low and a high end"},
        {NUMBER("\"range\":{\"low\":2,\"source\":\"x\"}"), "a low and a high end"},
        {NUMBER("\"spike\":{\"method\":\"mean\",\"source\":\"x\"}"), "not average or"},
        {NUMBER("\"rate\":{\"fail\":1,\"source\":\"x\"}"), "\"seconds\""},
        {NUMBER("\"flat\":{\"fail\":97,\"tolerance\":1,\"source\":\"x\"}"), "97"},
        {NUMBER("\"flat\":{\"fail\":3,\"source\":\"x\"}"), "tolerance 0"},
        {NUMBER("\"gap\":{\"fail_s\":-1,\"source\":\"x\"}"), "-1"},
        {NUMBER("\"gap\":7"), "test \"gap\": it is an object"},
        {NUMBER("\"iris\":[\"n\"]"), "\"n\" is no whole name"},
        {MODEL("{\"name\":\"n\",\"kind\":\"Property\"},{\"name\":\"n\",\"kind\":\"Property\"}"),
         "is declared twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct model_set *set = model_set_new();
        struct err err = ERR_INIT;
        enum code code = model_parse(set, rows[i].json, strlen(rows[i].json), &err);
        assert_true(code == E_INPUT || code == E_LIMIT);
        if (strstr(err.msg, rows[i].says) == NULL) {
            fail_msg("expected \"%s\" in \"%s\"", rows[i].says, err.msg);
        }
        model_set_free(set);
    }
}

/* What ships: every file is read, and says where its numbers are from, which the reader demands. */
static void the_models_that_ship_are_read(void **state) {
    (void)state;
    struct model_set *set = model_set_new();
    struct err err = ERR_INIT;
    if (model_load(set, TAIHU_SOURCE_DIR "/data", &err) != OK) {
        fail_msg("%s", err.msg);
    }
    const struct model *air = model_named(set, "AirQualityObserved");
    assert_non_null(air);
    assert_ptr_equal(
        model_find(set, "https://smartdatamodels.org/dataModel.Environment/AirQualityObserved"),
        air);
    const struct model_attribute *pm25 =
        model_find_attribute(set, air, "https://smartdatamodels.org/dataModel.Environment/pm25");
    assert_string_equal(pm25->unit->code, "GQ");
    assert_non_null(model_find_attribute(set, air, "https://uri.etsi.org/ngsi-ld/location"));
    model_set_free(set);
    set = model_set_new();
    assert_int_equal(model_load(set, "/nowhere", &err), E_IO);
    model_set_free(set);
}

/* ---- numbers ---- */

static void a_number_is_read_to_what_a_decimal_holds(void **state) {
    (void)state;
    static const struct {
        const char *json, *want; /* NULL: too large, or none */
        bool exact;
    } rows[] = {
        {"0", "0", true},
        {"-0.0", "0", true},
        {"12.50", "12.5", true},
        {"-7", "-7", true},
        {"1e3", "1000", true},
        {"1.5E-2", "0.015", true},
        {"0.00012e+4", "1.2", true},
        {"1e-9", "0.000000001", true},
        {"5e-10", "0.000000001", false},
        {"4.9e-10", "0", false},
        {"1e-400", "0", false},
        {"0.1234567895", "0.12345679", false},
        {"35.123456789012345678", "35.123456789", false},
        {"-0.9999999999", "-1", false},
        {"123456789012345678", "123456789012345678", true},
        {"12345678901234567.84", "12345678901234567.8", false},
        {"999999999999999999.5", NULL, false},
        {"1234567890123456789", NULL, false},
        {"1e18", NULL, false},
        {"1e17", "100000000000000000", true},
        {"1e99999999999", NULL, false},
        {"0e99999999999", "0", true},
        {"\"1\"", NULL, false},
        {"true", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decimal d;
        char text[DECIMAL_TEXT_MAX];
        bool exact;
        bool read = model_number(rows[i].json, &d, &exact);
        assert_int_equal(read, rows[i].want != NULL);
        if (read) {
            assert_string_equal(decimal_text(d, text), rows[i].want);
            assert_int_equal(exact, rows[i].exact);
        }
    }
}

/* ---- kept entities ---- */

static const struct schema *const schemas[] = {&entity_schema};
static const struct entity_context no_context = {NULL, 0};

struct town {
    struct fixture f;
    struct arena arena;
    struct model_set *models;
};

static void town_init(struct town *t, const char *more) {
    t->arena = (struct arena)ARENA_INIT;
    t->models = set_of(T_MODEL, more);
    fixture_init(&t->f);
    t->f.config.schemas = schemas;
    fixture_open(&t->f);
}

static void town_fini(struct town *t) {
    arena_fini(&t->arena);
    model_set_free(t->models);
    fixture_fini(&t->f);
}

/* A restart: all that was in memory is gone. */
static void restart(struct town *t) {
    fixture_close(&t->f);
    model_set_free(t->models);
    t->models = set_of(T_MODEL, NULL);
    fixture_open(&t->f);
}

struct job {
    struct town *town;
    enum entity_deed deed;
    struct entity entity;
    bool one; /* the deed is on its first attribute alone */
    enum entity_attribute_deed attribute_deed;
};

static enum code run(struct tx *tx, void *data, struct err *err) {
    struct job *job = data;
    struct entity_outcome out;
    const struct entity_job doing = {
        .tx = tx, .arena = &job->town->arena, .models = job->town->models};
    enum code code = job->one ? entity_apply_attribute(&doing, job->attribute_deed, job->entity.id,
                                                       job->entity.attributes, err)
                              : entity_apply(&doing, job->deed, &job->entity, &out, err);
    struct entity_note note = {"u/1", "changed", &job->entity.id, 1, "{}", 2};
    return code == OK ? entity_note(tx, &note, err) : code;
}

static void read_entity(struct job *job, const char *json, enum entity_need need) {
    const struct json_value *v;
    struct entity_how how = {&no_context, ENTITY_NORMALIZED, need};
    struct err err = ERR_INIT;
    if (json_read(json, strlen(json), &job->town->arena, &v, &err) != OK ||
        entity_read(v, &how, &job->town->arena, &job->entity, &err) != OK) {
        fail_msg("%s", err.msg);
    }
}

static enum code apply(struct town *t, enum entity_deed deed, const char *json) {
    bool whole = deed == ENTITY_CREATE || deed == ENTITY_PUT || deed == ENTITY_PUT_APPEND;
    struct job job = {.town = t, .deed = deed};
    read_entity(&job, json,
                whole                  ? ENTITY_WHOLE
                : deed == ENTITY_MERGE ? ENTITY_PATCH
                                       : ENTITY_FRAGMENT);
    return fixture_write(&t->f, run, &job);
}

static enum code apply_one(struct town *t, enum entity_attribute_deed deed, const char *json) {
    struct job job = {.town = t, .one = true, .attribute_deed = deed};
    read_entity(&job, json, deed == ENTITY_ATTRIBUTE_PATCH ? ENTITY_PATCH : ENTITY_FRAGMENT);
    return fixture_write(&t->f, run, &job);
}

/* The fixture's now is 2021-02-07T03:00:00Z; series are of before that. */
static const int64_t START_MS = 1612666800000 - 3000000;

static const char *entity_text(struct town *t, int s, const char *value) {
    char text[512];
    char at[ENTITY_TIME_MAX];
    entity_time_text(START_MS + s * INT64_C(1000), at);
    snprintf(text, sizeof text,
             "{\"id\":\"urn:x:1\",\"type\":\"T\",\"n\":{\"type\":\"Property\",\"value\":%s,"
             "\"observedAt\":\"%s\"}}",
             value, at);
    return arena_dup(&t->arena, text, strlen(text));
}

static void send(struct town *t, enum entity_deed deed, int s, const char *value) {
    if (apply(t, deed, entity_text(t, s, value)) != OK) {
        fail_msg("%s", t->f.err.msg);
    }
}

/* The state of `n`: "VALUE FLAGS", each flag a digit, "-" for what was not judged. */
static void expect_state(struct town *t, const char *want) {
    struct entity e;
    char got[64] = "";
    struct quality_flags flags;
    struct tx *tx = fixture_read(&t->f);
    assert_int_equal(entity_load(tx, "urn:x:1", &t->arena, &e, &t->f.err), OK);
    store_read_end(tx);
    const struct entity_attribute *n = entity_find(&e, CORE "n");
    assert_non_null(n);
    snprintf(got, sizeof got, "%s ", n->value);
    size_t len = strlen(got);
    if (quality_unpack(n->quality, &flags)) {
        for (int i = 0; i < QUALITY_TESTS; i++) {
            got[len++] = (char)('0' + flags.of[i]);
        }
    } else {
        got[len++] = '-';
    }
    got[len] = '\0';
    assert_string_equal(got, want);
}

/* The history: "SECOND VALUE FLAGS" of each observation, apart by "; ". */
static void expect_history(struct town *t, const char *want) {
    const struct entity_history_query query = {
        .stretch = {ENTITY_ALWAYS, {-ENTITY_EVER_MS, ENTITY_EVER_MS}}};
    struct entity_history h;
    struct buf got = BUF_INIT;
    struct quality_flags flags;
    struct tx *tx = fixture_read(&t->f);
    assert_int_equal(entity_history_load(tx, "urn:x:1", &query, &t->arena, &h, &t->f.err), OK);
    store_read_end(tx);
    assert_int_equal(h.count, 1);
    for (size_t i = 0; i < h.instances; i++) {
        const struct entity_attribute *x = &h.series[0].instances[i];
        buf_addf(&got, "%s%" PRId64 " %s ", got.len == 0 ? "" : "; ",
                 (x->observed_ms - START_MS) / 1000, x->value);
        bool judged = quality_unpack(x->quality, &flags);
        for (int k = 0; k < QUALITY_TESTS && judged; k++) {
            buf_addc(&got, (char)('0' + flags.of[k]));
        }
        buf_adds(&got, judged ? "" : "-");
    }
    assert_string_equal(got.data, want);
    buf_fini(&got);
}

/* Flags: gross, spike, rate, flat, gap. */
static void a_series_is_judged_over_a_restart(void **state) {
    (void)state;
    struct town t;
    town_init(&t, NULL);
    send(&t, ENTITY_CREATE, 0, "10");
    expect_state(&t, "10 12112");
    send(&t, ENTITY_APPEND, 60, "12");
    restart(&t);
    send(&t, ENTITY_UPDATE, 120, "999.99");
    expect_state(&t, "999.99 32312");
    restart(&t);
    send(&t, ENTITY_MERGE, 180, "13");
    send(&t, ENTITY_PUT, 240, "15");
    send(&t, ENTITY_REPLACE, 300, "15");
    expect_history(&t, "0 10 12112; 60 12 14112; 120 999.99 34312; 180 13 14312; 240 15 11112; "
                       "300 15 12112");
    if (apply_one(&t, ENTITY_ATTRIBUTE_REPLACE, entity_text(&t, 360, "15")) != OK ||
        apply_one(&t, ENTITY_ATTRIBUTE_PATCH, entity_text(&t, 420, "15")) != OK) {
        fail_msg("%s", t.f.err.msg);
    }
    expect_state(&t, "15 12132");
    town_fini(&t);
}

static void what_comes_twice_changes_nothing(void **state) {
    (void)state;
    struct town t;
    town_init(&t, NULL);
    send(&t, ENTITY_CREATE, 0, "1");
    send(&t, ENTITY_APPEND, 60, "2");
    send(&t, ENTITY_APPEND, 120, "3");
    for (int i = 0; i < 2; i++) {
        send(&t, ENTITY_APPEND, 120, "3");
        send(&t, ENTITY_APPEND, 60, "2");
        send(&t, ENTITY_PUT, 120, "3");
        expect_state(&t, "3 12112");
        expect_history(&t, "0 1 12112; 60 2 11112; 120 3 12112");
    }
    town_fini(&t);
}

static void what_comes_late_is_history_alone(void **state) {
    (void)state;
    struct town t;
    town_init(&t, NULL);
    send(&t, ENTITY_CREATE, 600, "1");
    send(&t, ENTITY_APPEND, 540, "777");
    send(&t, ENTITY_REPLACE, 480, "2");
    expect_state(&t, "1 12112");
    expect_history(&t, "480 2 12222; 540 777 32222; 600 1 12112");
    assert_int_equal(apply(&t, ENTITY_APPEND, entity_text(&t, 600 - 3601, "5")), E_INPUT);
    assert_says(&t.f, "the latest is of 2021-02-07T02:20:00Z, and it may come 3600 s behind");
    send(&t, ENTITY_APPEND, 600 - 3600, "5");
    send(&t, ENTITY_APPEND, 660, "1");
    expect_state(&t, "1 12112");
    town_fini(&t);
}

/* The correction stands, judged by its range; the series goes on with what came first. */
static void a_correction_is_judged_by_its_range(void **state) {
    (void)state;
    struct town t;
    town_init(&t, NULL);
    send(&t, ENTITY_CREATE, 0, "1");
    send(&t, ENTITY_APPEND, 60, "1");
    send(&t, ENTITY_APPEND, 60, "600");
    expect_state(&t, "600 32222");
    send(&t, ENTITY_APPEND, 120, "1");
    expect_state(&t, "1 12132");
    expect_history(&t, "0 1 12112; 60 600 32222; 120 1 12132");
    town_fini(&t);
}

static void without_a_moment_nothing_is_judged(void **state) {
    (void)state;
    struct town t;
    town_init(&t, NULL);
    send(&t, ENTITY_CREATE, 0, "1");
    send(&t, ENTITY_APPEND, 60, "2");
    assert_int_equal(
        apply(&t, ENTITY_APPEND, "{\"id\":\"urn:x:1\",\"n\":{\"type\":\"Property\",\"value\":7}}"),
        OK);
    expect_state(&t, "7 -");
    send(&t, ENTITY_APPEND, 120, "3");
    expect_state(&t, "3 12112");
    expect_history(&t, "0 1 12112; 60 2 11112; 120 3 12112");
    town_fini(&t);
}

/* What is refused has written nothing: neither itself nor what stands beside it. */
static void a_declared_type_refuses_what_it_is_not(void **state) {
    (void)state;
    static const struct {
        const char *attribute, *says;
    } rows[] = {
        {"\"n\":{\"type\":\"Property\",\"value\":1,\"unitCode\":\"GP\"}",
         "unitCode \"GP\" (milligram per cubic metre): it is \"GQ\" (microgram per cubic metre)"},
        {"\"n\":{\"type\":\"Property\",\"value\":1,\"unitCode\":\"ppm\"}", "(not known here)"},
        {"\"n\":{\"type\":\"Property\",\"value\":\"1\"}", "it is a number, not \"1\""},
        {"\"n\":{\"type\":\"Property\",\"value\":{\"a\":1}}", "it is a number"},
        {"\"n\":{\"type\":\"Property\",\"value\":1e30}", "18 digits"},
        {"\"n\":{\"type\":\"Relationship\",\"object\":\"urn:x\"}",
         "it is a Property, not a Relationship"},
        {"\"r\":{\"type\":\"Property\",\"value\":1}", "it is a Relationship"},
        {"\"q\":{\"type\":\"Property\",\"value\":1.1,\"unitCode\":\"C62\"}",
         "it is from 0 to 1, not 1.1"},
        {"\"q\":{\"type\":\"Property\",\"value\":1}", "without a unitCode: it is \"C62\" (one)"},
        {"\"s\":{\"type\":\"Property\",\"value\":\"inn\"}", "one of the words"},
        {"\"s\":{\"type\":\"Property\",\"value\":1}", "it is a text, not 1"},
        {"\"w\":{\"type\":\"Property\",\"value\":1.5}", "a whole number, not 1.5"},
        {"\"w\":{\"type\":\"Property\",\"value\":1.0000000001}", "a whole number"},
        {"\"b\":{\"type\":\"Property\",\"value\":0}", "true or false, not 0"},
        {"\"other\":{\"type\":\"Property\",\"value\":0,\"observedAt\":\"2021-02-07T03:01:01Z\"}",
         "observed at 2021-02-07T03:01:01Z: it is 2021-02-07T03:00:00Z, and a clock may be 60 s"},
    };
    struct town t;
    town_init(&t, NULL);
    send(&t, ENTITY_CREATE, 0, "1");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const enum entity_deed deeds[] = {ENTITY_APPEND, ENTITY_PUT, ENTITY_REPLACE,
                                                 ENTITY_PUT_APPEND};
        char json[512];
        snprintf(json, sizeof json,
                 "{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":{\"type\":\"Property\",\"value\":1},%s}",
                 rows[i].attribute);
        for (size_t k = 0; k < sizeof deeds / sizeof deeds[0]; k++) {
            assert_int_equal(apply(&t, deeds[k], json), E_INPUT);
            assert_says(&t.f, rows[i].says);
        }
        snprintf(json, sizeof json, "{\"id\":\"urn:x:2\",\"type\":\"T\",%s}", rows[i].attribute);
        assert_int_equal(apply(&t, ENTITY_CREATE, json), E_INPUT);
        assert_says(&t.f, rows[i].says);
        expect_history(&t, "0 1 12112");
    }
    town_fini(&t);
}

/* A merge is held against what comes out of it; an update, against what it writes. */
static void what_is_not_written_is_not_refused(void **state) {
    (void)state;
    struct town t;
    town_init(&t, NULL);
    send(&t, ENTITY_CREATE, 0, "1");
    assert_int_equal(apply(&t, ENTITY_MERGE, "{\"n\":{\"unitCode\":\"GP\"},\"id\":\"urn:x:1\"}"),
                     E_INPUT);
    assert_int_equal(apply(&t, ENTITY_MERGE, "{\"n\":{\"unitCode\":\"GQ\"},\"id\":\"urn:x:1\"}"),
                     OK);
    expect_state(&t, "1 12112");
    static const char S[] = "{\"id\":\"urn:x:1\",\"s\":{\"type\":\"Property\",\"value\":\"no\"}}";
    assert_int_equal(apply(&t, ENTITY_UPDATE, S), OK);
    assert_int_equal(apply(&t, ENTITY_APPEND, S), E_INPUT);
    assert_int_equal(
        apply_one(&t, ENTITY_ATTRIBUTE_PATCH, "{\"id\":\"urn:x:1\",\"n\":{\"value\":\"x\"}}"),
        E_INPUT);
    expect_history(&t, "0 1 12112");
    town_fini(&t);
}

static void an_unknown_attribute_is_for_the_type_to_refuse(void **state) {
    (void)state;
    struct town t;
    town_init(&t, STRICT_MODEL);
    assert_int_equal(apply(&t, ENTITY_CREATE,
                           "{\"id\":\"urn:x:1\",\"type\":\"T\",\"new\":{\"type\":\"Property\","
                           "\"value\":1}}"),
                     OK);
    assert_int_equal(apply(&t, ENTITY_CREATE,
                           "{\"id\":\"urn:x:2\",\"type\":\"Strict\",\"new\":{\"type\":\"Property\","
                           "\"value\":1}}"),
                     E_INPUT);
    assert_says(&t.f, "type Strict has no attribute \"" CORE "new\"");
    /* of two types one knows n, and neither knows new */
    assert_int_equal(
        apply(&t, ENTITY_CREATE,
              "{\"id\":\"urn:x:3\",\"type\":[\"T\",\"Strict\"],\"n\":{\"type\":"
              "\"Property\",\"value\":1},\"only\":{\"type\":\"Property\",\"value\":1}}"),
        OK);
    assert_int_equal(apply(&t, ENTITY_APPEND,
                           "{\"id\":\"urn:x:3\",\"new\":{\"type\":\"Property\",\"value\":1}}"),
                     E_INPUT);
    /* a type that it gets speaks too */
    assert_int_equal(apply(&t, ENTITY_APPEND,
                           "{\"id\":\"urn:x:1\",\"type\":\"Strict\",\"new\":{\"type\":\"Property\","
                           "\"value\":1}}"),
                     E_INPUT);
    town_fini(&t);
}

static void a_type_that_is_not_declared_takes_everything(void **state) {
    (void)state;
    struct town t;
    town_init(&t, NULL);
    static const char *const sent[] = {"{\"id\":\"urn:x:1\",\"type\":\"U\",\"n\":{\"type\":"
                                       "\"Property\",\"value\":\"x\",\"unitCode\":"
                                       "\"GP\",\"observedAt\":\"2031-01-01T00:00:00Z\"}}",
                                       "{\"id\":\"urn:x:1\",\"type\":\"U\",\"n\":{\"type\":"
                                       "\"Property\",\"value\":5,\"observedAt\":"
                                       "\"1999-01-01T00:00:00Z\"}}"};
    assert_int_equal(apply(&t, ENTITY_CREATE, sent[0]), OK);
    expect_state(&t, "\"x\" -");
    assert_int_equal(apply(&t, ENTITY_APPEND, sent[1]), OK);
    expect_state(&t, "5 -");
    town_fini(&t);
}

/* ---- shown ---- */

static void quality_is_shown_as_a_sub_attribute(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct buf to = BUF_INIT;
    struct json_out j;
    struct entity_attribute sub = {.name = CORE "qartod", .value = "1"};
    struct entity_attribute x = {.name = CORE "n", .value = "5", .quality = 0x21131, .sub = &sub};
    const char *type = CORE "T";
    struct entity e = {
        .id = "urn:x:1", .types = &type, .type_count = 1, .attributes = &x, .count = 1};
    struct entity_look look = {.context = &no_context, .form = ENTITY_NORMALIZED, .quality = true};
    for (x.sub_count = 0; x.sub_count < 2; x.sub_count++) {
        buf_clear(&to);
        json_init(&j, &to, 0);
        entity_write(&e, &look, &a, &j);
        assert_string_equal(to.data, "{\"id\":\"urn:x:1\",\"type\":\"T\",\"n\":{\"type\":"
                                     "\"Property\",\"value\":5,\"qartod\":{\"type\":\"Property\","
                                     "\"value\":{\"flag\":3,\"gross\":1,\"spike\":3,\"rate\":1,"
                                     "\"flat\":1,\"gap\":2}}}}");
    }
    buf_fini(&to);
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_found_by_every_name),
        cmocka_unit_test(a_file_says_what_is_wrong_with_it),
        cmocka_unit_test(the_models_that_ship_are_read),
        cmocka_unit_test(a_number_is_read_to_what_a_decimal_holds),
        cmocka_unit_test(a_series_is_judged_over_a_restart),
        cmocka_unit_test(what_comes_twice_changes_nothing),
        cmocka_unit_test(what_comes_late_is_history_alone),
        cmocka_unit_test(a_correction_is_judged_by_its_range),
        cmocka_unit_test(without_a_moment_nothing_is_judged),
        cmocka_unit_test(a_declared_type_refuses_what_it_is_not),
        cmocka_unit_test(what_is_not_written_is_not_refused),
        cmocka_unit_test(an_unknown_attribute_is_for_the_type_to_refuse),
        cmocka_unit_test(a_type_that_is_not_declared_takes_everything),
        cmocka_unit_test(quality_is_shown_as_a_sub_attribute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
