/* Entities from JSON: every kind of attribute in every form, names, moments, geometries; and what
 * is said of bad ones. */
#include "ngsi/entity_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "ngsi/entity_write.h"

static const struct entity_context no_context = {NULL, 0};

struct given {
    struct arena arena;
    struct err err;
    struct entity entity;
};

static enum code read_as(struct given *g, const char *json, enum entity_form form,
                         enum entity_need need) {
    const struct json_value *v;
    struct entity_how how = {&no_context, form, need};
    *g = (struct given){ARENA_INIT, ERR_INIT, {.id = NULL}};
    assert_int_equal(json_read(json, strlen(json), &g->arena, &v, &g->err), OK);
    return entity_read(v, &how, &g->arena, &g->entity, &g->err);
}

static void give(struct given *g, const char *json) {
    if (read_as(g, json, ENTITY_NORMALIZED, ENTITY_WHOLE) != OK) {
        fail_msg("%s", g->err.msg);
    }
}

/* Writes the entity in a form and compares. */
static void assert_written(struct given *g, enum entity_form form, const char *expected) {
    struct buf to = BUF_INIT;
    struct json_out j;
    struct entity_look look = {.context = &no_context, .form = form};
    json_init(&j, &to, 0);
    entity_write(&g->entity, &look, &g->arena, &j);
    assert_string_equal(to.data, expected);
    buf_fini(&to);
}

#define HEAD "{\"id\":\"urn:x:1\",\"type\":\"T\","
#define ALL                                                                                        \
    HEAD "\"p\":{\"type\":\"Property\",\"value\":13.50,\"unitCode\":\"GQ\","                       \
         "\"observedAt\":\"2026-03-01T08:00:00.250Z\",\"by\":{\"type\":\"Relationship\","          \
         "\"object\":\"urn:d:1\"}},\"r\":{\"type\":\"Relationship\",\"object\":\"urn:x:2\"},"      \
         "\"location\":{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\",\"coordinates\":"   \
         "[120.30,31.5]}}}"

static void each_form_is_written(void **state) {
    struct given g;
    (void)state;
    give(&g, ALL);
    assert_int_equal(g.entity.count, 3);
    assert_string_equal(g.entity.types[0], ENTITY_DEFAULT "T");
    assert_string_equal(g.entity.attributes[2].name, "https://uri.etsi.org/ngsi-ld/location");
    assert_int_equal(g.entity.attributes[0].observed_ms, 1772352000250);
    assert_written(&g, ENTITY_NORMALIZED, ALL);
    assert_written(&g, ENTITY_CONCISE,
                   HEAD "\"p\":{\"value\":13.50,\"unitCode\":\"GQ\","
                        "\"observedAt\":\"2026-03-01T08:00:00.250Z\",\"by\":{\"object\":"
                        "\"urn:d:1\"}},\"r\":{\"object\":\"urn:x:2\"},"
                        "\"location\":{\"type\":\"Point\",\"coordinates\":[120.30,31.5]}}");
    assert_written(&g, ENTITY_SIMPLIFIED,
                   HEAD "\"p\":13.50,\"r\":\"urn:x:2\",\"location\":{\"type\":\"Point\","
                        "\"coordinates\":[120.30,31.5]}}");
    arena_fini(&g.arena);
}

/* What concise JSON leaves out is found again. */
static void concise_is_read(void **state) {
    struct given g;
    (void)state;
    give(&g, HEAD "\"p\":{\"value\":1,\"q\":2},\"r\":{\"object\":\"urn:x:2\"},\"n\":-1.0e3,"
                  "\"o\":{\"a\":[1,{\"b\":null}]},\"l\":[1,2],"
                  "\"g\":{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}}");
    assert_written(&g, ENTITY_NORMALIZED,
                   HEAD "\"p\":{\"type\":\"Property\",\"value\":1,\"q\":{\"type\":\"Property\","
                        "\"value\":2}},\"r\":{\"type\":\"Relationship\",\"object\":\"urn:x:2\"},"
                        "\"n\":{\"type\":\"Property\",\"value\":-1.0e3},"
                        "\"o\":{\"type\":\"Property\",\"value\":{\"a\":[1,{\"b\":null}]}},"
                        "\"l\":{\"type\":\"Property\",\"value\":[1,2]},"
                        "\"g\":{\"type\":\"GeoProperty\",\"value\":{\"type\":\"LineString\","
                        "\"coordinates\":[[0,0],[1,1]]}}}");
    arena_fini(&g.arena);
}

static void simplified_takes_any_object_as_a_value(void **state) {
    struct given g;
    (void)state;
    assert_int_equal(read_as(&g, HEAD "\"a\":{\"type\":\"PostalAddress\",\"value\":\"x\"}}",
                             ENTITY_SIMPLIFIED, ENTITY_WHOLE),
                     OK);
    assert_written(&g, ENTITY_NORMALIZED,
                   HEAD "\"a\":{\"type\":\"Property\",\"value\":{\"type\":\"PostalAddress\","
                        "\"value\":\"x\"}}}");
    arena_fini(&g.arena);
}

static void times_of_ours_are_read_over(void **state) {
    struct given g;
    (void)state;
    give(&g, "{\"id\":\"urn:x:1\",\"type\":[\"T\",\"U\",\"T\"],\"createdAt\":\"x\",\"p\":{\"type\":"
             "\"Property\",\"value\":1,\"modifiedAt\":\"y\"}}");
    assert_written(&g, ENTITY_NORMALIZED,
                   "{\"id\":\"urn:x:1\",\"type\":[\"T\",\"U\"],\"p\":{\"type\":\"Property\","
                   "\"value\":1}}");
    arena_fini(&g.arena);
}

#define P(members) HEAD "\"a\":{" members "}}"
#define SEEN(moment) P("\"value\":1,\"observedAt\":\"" moment "\"")

/* One after the other, names that share a slot and moments that come again among them: each is read
 * as if it came alone. */
static void a_run_reads_each_as_if_alone(void **state) {
    static const char *const all[] = {
        HEAD "\"axb\":1}",
        HEAD "\"ayb\":1,\"axb\":2}",
        HEAD "\"a b\":1}", /* no name */
        HEAD "\"axb\":1,\"ayb\":{\"value\":1,\"axb\":{\"value\":[2]}}}",
        HEAD "\"\":1}",
        HEAD "\"value\":1}", /* a word of NGSI-LD itself */
        "{\"id\":\"urn:x:2\",\"type\":[\"axb\",\"urn:axb\",\"ayb\"],\"location\":1}",
        "{\"id\":\"urn:x:2\",\"type\":[\"axb\",\"urn:axb\",\"ayb\"],\"urn:axb\":1}",
        SEEN("2026-03-01T08:00:00Z"),
        SEEN("2026-03-01T08:00:00Z"),
        SEEN("2026-03-01T08:00:00.000Z"),
        SEEN("2026-03-01T08:00:00.000Z"),
        SEEN("2026-03-01T08:00:01.5Z"),
        SEEN("2026-02-30T08:00:00Z"), /* no such day */
        SEEN("2026-02-30T08:00:00Z"),
        SEEN("2026-03-01T08:00:01.5Z"),
    };
    const struct entity_look look = {.context = &no_context, .form = ENTITY_NORMALIZED};
    struct entity_run run = {.how = {&no_context, ENTITY_NORMALIZED, ENTITY_WHOLE}};
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct given alone;
        struct err err = ERR_INIT;
        struct entity e;
        const struct json_value *v;
        enum code code = read_as(&alone, all[i], ENTITY_NORMALIZED, ENTITY_WHOLE);
        assert_int_equal(json_read(all[i], strlen(all[i]), &a, &v, NULL), OK);
        assert_int_equal(entity_read_next(v, &run, &a, &e, &err), code);
        assert_string_equal(err.msg, alone.err.msg);
        if (code == OK) {
            struct buf to = BUF_INIT;
            struct json_out j;
            json_init(&j, &to, 0);
            entity_write(&e, &look, &a, &j);
            assert_written(&alone, ENTITY_NORMALIZED, to.data);
            buf_fini(&to);
        }
        arena_fini(&alone.arena);
    }
    arena_fini(&a);
}

/* ---- what is wrong, in words ---- */

#define GEO(members) P("\"type\":\"GeoProperty\",\"value\":{" members "}")
#define POSITIONS(type, list) GEO("\"type\":\"" type "\",\"coordinates\":" list)

static const struct {
    const char *json;
    const char *words;
} wrong[] = {
    {"[]", "it is a list, not an object"},
    {"{\"type\":\"T\"}", "without \"id\""},
    {"{\"id\":1,\"type\":\"T\"}", "id \"a number\": it is no URI"},
    {"{\"id\":\"urn:a b\",\"type\":\"T\"}", "id \"urn:a b\": it is no URI"},
    {"{\"id\":\"urn:\",\"type\":\"T\"}", "id \"urn:\": it is no URI"},
    {"{\"id\":\"urn:x:1\"}", "without \"type\""},
    {"{\"id\":\"urn:x:1\",\"type\":[]}", "without \"type\""},
    {"{\"id\":\"urn:x:1\",\"type\":[1]}", "a number is no name"},
    {"{\"id\":\"urn:x:1\",\"type\":\"a b\"}", "name \"a b\""},
    {HEAD "\"a(\":1}", "attribute \"a(\": cannot take name \"a(\""},
    {HEAD "\"value\":1}", "a word of NGSI-LD itself"},
    {HEAD "\"scope\":\"/a//b\"}", "cannot take scope"},
    {HEAD "\"a\":1,\"https://uri.etsi.org/ngsi-ld/default-context/a\":2}", "twice"},
    {HEAD "\"a\":null}", "attribute \"a\": cannot take null"},
    {HEAD "\"a\":\"urn:ngsi-ld:null\"}", "cannot take null"},
    {HEAD "\"a\":[{\"type\":\"Property\",\"value\":1},{\"value\":2}]}", "twice"},
    {P("\"type\":\"Property\""), "a Property without \"value\""},
    {P("\"type\":\"Property\",\"value\":null"), "cannot take null"},
    {P("\"type\":\"Property\",\"object\":\"urn:x:2\""), "\"object\" of a Property"},
    {P("\"type\":\"Thing\",\"value\":1"), "type \"Thing\" of an attribute"},
    {P("\"type\":\"Relationship\",\"value\":1"), "\"value\" of a Relationship"},
    {P("\"type\":\"Relationship\""), "a Relationship without \"object\""},
    {P("\"type\":\"Relationship\",\"object\":\"x\""), "object \"x\": it is no URI"},
    {P("\"type\":\"Relationship\",\"object\":[\"x\"]"), "object \"x\""},
    {P("\"value\":1,\"observedAt\":1"), "observedAt: it is a number"},
    {P("\"value\":1,\"observedAt\":\"2026-02-30T00:00:00Z\""), "moment \"2026-02-30T00:00:00Z\""},
    {P("\"value\":1,\"unitCode\":\"\""), "unitCode: it is a text"},
    {P("\"object\":\"urn:x:2\",\"unitCode\":\"C62\""), "unitCode of a Relationship"},
    {P("\"value\":1,\"datasetId\":\"d\""), "cannot take datasetId \"d\": it is no URI"},
    {P("\"value\":1,\"b\":{\"type\":\"Property\"}"),
     "attribute \"a\": attribute \"b\": cannot take a Property"},
    {P("\"value\":1,\"b\":{\"value\":1,\"c\":{\"value\":1,\"d\":{\"value\":1,\"e\":{\"value\":1,"
       "\"f\":1}}}}"),
     "more than 5 levels"},
    {GEO("\"type\":\"Circle\",\"coordinates\":[0,0]"), "geometry \"Circle\""},
    {GEO("\"type\":\"Point\""), "Point: it has no coordinates"},
    {GEO("\"type\":\"Point\",\"coordinates\":[0,0],\"crs\":1"), "\"crs\" in a geometry"},
    {P("\"type\":\"GeoProperty\",\"value\":1"), "a geometry: it is a number"},
    {POSITIONS("Point", "[0]"), "two or three numbers"},
    {POSITIONS("Point", "[0,\"1\"]"), "a text stands in place of a number"},
    {POSITIONS("Point", "[180.000000000000000000001,0]"), "longitude 180.000000000000000000001"},
    {POSITIONS("Point", "[1.801e2,0]"), "longitude 1.801e2"},
    {POSITIONS("Point", "[-181,0]"), "longitude -181"},
    {POSITIONS("Point", "[0,90.1]"), "latitude 90.1: it is from -90 to 90"},
    {POSITIONS("Point", "[0,1e400]"), "latitude 1e400"},
    {POSITIONS("LineString", "[[0,0]]"), "1 positions, at least 2"},
    {POSITIONS("Polygon", "[[[0,0],[1,0],[0,0]]]"), "3 positions, at least 4"},
    {POSITIONS("Polygon", "[[[0,0],[1,0],[1,1],[0,0.1]]]"), "a ring does not end"},
    {POSITIONS("Polygon", "[[0,0],[1,0],[1,1],[0,0]]"), "a position is two or three"},
    {POSITIONS("MultiPolygon", "[]"), "no list of lists"},
    {POSITIONS("Polygon", "[[[0,0],[10,10],[10,0],[0,10],[0,0]]]"), "its edges cross or overlap"},
};

static void what_is_wrong_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct given g;
        enum code code = read_as(&g, wrong[i].json, ENTITY_NORMALIZED, ENTITY_WHOLE);
        if (code == OK || strstr(g.err.msg, wrong[i].words) == NULL) {
            fail_msg("%s: \"%s\", expected \"%s\"", wrong[i].json, g.err.msg, wrong[i].words);
        }
        assert_true(code == E_INPUT || code == E_LIMIT);
        arena_fini(&g.arena);
    }
}

static void right_geometries_are_taken(void **state) {
    static const char *const right[] = {
        POSITIONS("Point", "[-180,90,-1000]"),
        POSITIONS("Point", "[1.8e2,-9E1]"),
        POSITIONS("Point", "[0.00000000000000000018e21,-0]"),
        POSITIONS("Point", "[1e-7,0e5]"),
        POSITIONS("MultiPoint", "[[0,0]]"),
        POSITIONS("MultiLineString", "[[[0,0],[1,1]],[[2,2],[3,3]]]"),
        POSITIONS("Polygon", "[[[0,0],[10,0],[1,1],[0.0,-0]]]"),
        POSITIONS("Polygon", "[[[10,0],[1,0],[1,1],[1.0e1,0]]]"),
        POSITIONS("MultiPolygon", "[[[[0,0],[1,0],[1,1],[0,0]]]]"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        struct given g;
        give(&g, right[i]);
        assert_int_equal(g.entity.attributes[0].kind, ENTITY_GEO);
        arena_fini(&g.arena);
    }
}

static void a_patch_may_leave_out(void **state) {
    struct given g;
    (void)state;
    assert_int_equal(read_as(&g,
                             "{\"a\":{\"observedAt\":\"2026-01-01T00:00:00Z\"},"
                             "\"b\":\"urn:ngsi-ld:null\",\"c\":{\"object\":"
                             "\"urn:ngsi-ld:null\"}}",
                             ENTITY_NORMALIZED, ENTITY_PATCH),
                     OK);
    assert_null(g.entity.id);
    assert_int_equal(g.entity.type_count, 0);
    assert_null(g.entity.attributes[0].value);
    assert_false(g.entity.attributes[0].kind_said);
    assert_true(g.entity.attributes[1].gone);
    assert_true(g.entity.attributes[2].gone);
    arena_fini(&g.arena);
}

/* ---- moments ---- */

static void moments(void **state) {
    static const struct {
        const char *text;
        int64_t ms;
        const char *back; /* NULL: not one */
    } all[] = {
        {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
        {"1970-01-01T00:00:00,5Z", 500, "1970-01-01T00:00:00.500Z"},
        {"1970-01-01T00:00:01.0009Z", 1000, "1970-01-01T00:00:01Z"},
        {"1970-01-01T08:00:00+08:00", 0, "1970-01-01T00:00:00Z"},
        {"1969-12-31T16:30:00-07:30", 0, "1970-01-01T00:00:00Z"},
        {"1970-01-01", 0, NULL},
        {"1970-01-01T00:00:00", 0, NULL},
        {"1970-01-01T24:00:00Z", 0, NULL},
        {"1970-01-01T00:60:00Z", 0, NULL},
        {"1970-01-01T00:00:00.Z", 0, NULL},
        {"1970-01-01T00:00:00Z ", 0, NULL},
        {"1970-01-01 00:00:00Z", 0, NULL},
        {"1970-01-01T00:00:00+8:00", 0, NULL},
        {"1970-01-01T00:00:00+08:60", 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[ENTITY_TIME_MAX];
        int64_t ms = -1;
        enum code code = entity_time_parse(all[i].text, &ms, NULL);
        assert_int_equal(code, all[i].back == NULL ? E_INPUT : OK);
        if (code == OK) {
            assert_int_equal(ms, all[i].ms);
            assert_string_equal(entity_time_text(ms, text), all[i].back);
        }
    }
}

/* ---- names ---- */

static enum code context_of(const char *json, struct arena *a, struct entity_context *out,
                            struct err *err) {
    const struct json_value *v;
    assert_int_equal(json_read(json, strlen(json), a, &v, err), OK);
    return entity_context_read(v, a, out, err);
}

static void names_go_there_and_back(void **state) {
    static const struct {
        const char *name, *iri, *back; /* back NULL: name */
    } all[] = {
        {"pm25", ENTITY_DEFAULT "pm25", NULL},
        {"浓度", ENTITY_DEFAULT "浓度", NULL},
        {"location", "https://uri.etsi.org/ngsi-ld/location", NULL},
        {"description", "http://purl.org/dc/terms/description", NULL},
        {"speed", "https://e.org/speed", NULL},
        {"full", "https://e.org/full", NULL},
        {"e:other", "https://e.org/other", NULL},
        {"ngsi-ld:location", "https://uri.etsi.org/ngsi-ld/location", "location"},
        {"urn:a:b", "urn:a:b", NULL},
        {"https://e.org/speed", "https://e.org/speed", "speed"},
        {ENTITY_DEFAULT "speed", ENTITY_DEFAULT "speed", "ngsi-ld:default-context/speed"},
        {ENTITY_DEFAULT "type", ENTITY_DEFAULT "type", "ngsi-ld:default-context/type"},
        {ENTITY_DEFAULT "location", ENTITY_DEFAULT "location", "ngsi-ld:default-context/location"},
    };
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct entity_context c;
    (void)state;
    assert_int_equal(context_of("[{\"e\":\"https://e.org/\",\"speed\":\"e:speed\",\"@version\":1.1,"
                                "\"full\":{\"@id\":\"e:full\",\"@type\":\"@id\"},"
                                "\"location\":\"https://e.org/no\"},"
                                "\"" ENTITY_CORE_CONTEXT "\"]",
                                &a, &c, &err),
                     OK);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const char *iri;
        assert_int_equal(entity_expand(&c, all[i].name, &a, &iri, &err), OK);
        assert_string_equal(iri, all[i].iri);
        assert_string_equal(entity_compact(&c, iri, &a),
                            all[i].back == NULL ? all[i].name : all[i].back);
    }
    arena_fini(&a);
}

static void contexts_that_are_refused(void **state) {
    static const struct {
        const char *json;
        enum code code;
    } all[] = {
        {"\"https://example.org/c.jsonld\"", E_DENIED},
        {"[\"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-contexts-evil\"]", E_DENIED},
        {"\"no uri\"", E_INPUT},
        {"1", E_INPUT},
        {"[[]]", E_INPUT},
        {"{\"a\":\"b\"}", E_INPUT},
        {"\"http://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld\"", OK},
        {"\"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld\"", OK},
        {"[]", OK},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct entity_context c;
        assert_int_equal(context_of(all[i].json, &a, &c, &err), all[i].code);
        arena_fini(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_written),
        cmocka_unit_test(concise_is_read),
        cmocka_unit_test(simplified_takes_any_object_as_a_value),
        cmocka_unit_test(times_of_ours_are_read_over),
        cmocka_unit_test(a_run_reads_each_as_if_alone),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(right_geometries_are_taken),
        cmocka_unit_test(a_patch_may_leave_out),
        cmocka_unit_test(moments),
        cmocka_unit_test(names_go_there_and_back),
        cmocka_unit_test(contexts_that_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
