/* The kinds of attributes: what each takes, how it is written in the three forms, several
 * instances, languages, features, merges. */
#include "ngsi/entity_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ngsi/entity_language.h"
#include "ngsi/entity_merge.h"
#include "ngsi/entity_write.h"

static const struct entity_context no_context = {NULL, 0};

#define HEAD "{\"id\":\"urn:x:1\",\"type\":\"T\","
#define A(s) HEAD "\"a\":" s "}"

static const struct json_value *parse(const char *json, struct arena *a) {
    const struct json_value *v = NULL;
    struct err err = ERR_INIT;
    if (json_read(json, strlen(json), a, &v, &err) != OK) {
        fail_msg("%s: %s", json, err.msg);
    }
    return v;
}

static enum code read_in(const char *json, enum entity_form form, enum entity_need need,
                         struct arena *a, struct entity *e, struct err *err) {
    const struct entity_how how = {&no_context, form, need};
    return entity_read(parse(json, a), &how, a, e, err);
}

static void expect_written(const struct entity *e, const struct entity_look *look, struct arena *a,
                           const char *expected) {
    struct buf to = BUF_INIT;
    struct json_out j;
    json_init(&j, &to, 0);
    entity_write(e, look, a, &j);
    assert_string_equal(to.data, expected);
    buf_fini(&to);
}

/* Sent normalized: it is written as it was sent, and in the other forms as said; both of these are
 * read again, and the concise one is the same entity. */
static void each_kind_in_each_form(void **state) {
    static const struct {
        const char *normalized, *concise, *simplified;
    } all[] = {
        {A("{\"type\":\"Property\",\"value\":[1,{\"b\":null}]}"), A("[1,{\"b\":null}]"),
         A("[1,{\"b\":null}]")},
        {A("{\"type\":\"Property\",\"value\":1,\"valueType\":\"kind\"}"),
         A("{\"value\":1,\"valueType\":\"kind\"}"), A("1")},
        {A("{\"type\":\"Relationship\",\"object\":[\"urn:b:1\",\"urn:b:2\"],\"objectType\":\"B\"}"),
         A("{\"object\":[\"urn:b:1\",\"urn:b:2\"],\"objectType\":\"B\"}"),
         A("[\"urn:b:1\",\"urn:b:2\"]")},
        {A("{\"type\":\"LanguageProperty\",\"languageMap\":{\"en\":\"a\",\"@none\":[\"b\"]}}"),
         A("{\"languageMap\":{\"en\":\"a\",\"@none\":[\"b\"]}}"),
         A("{\"languageMap\":{\"en\":\"a\",\"@none\":[\"b\"]}}")},
        {A("{\"type\":\"VocabProperty\",\"vocab\":[\"one\",\"two words\"]}"),
         A("{\"vocab\":[\"one\",\"two words\"]}"), A("{\"vocab\":[\"one\",\"two words\"]}")},
        {A("{\"type\":\"JsonProperty\",\"json\":{\"type\":\"x\",\"n\":null}}"),
         A("{\"json\":{\"type\":\"x\",\"n\":null}}"), A("{\"json\":{\"type\":\"x\",\"n\":null}}")},
        {A("{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-03-01T08:00:00.000Z\"}"),
         A("{\"value\":1,\"observedAt\":\"2026-03-01T08:00:00.000Z\"}"), A("1")},
        {A("{\"type\":\"ListProperty\",\"valueList\":[1,[2]],\"unitCode\":\"C62\"}"),
         A("{\"valueList\":[1,[2]],\"unitCode\":\"C62\"}"), A("[1,[2]]")},
        {A("{\"type\":\"ListRelationship\",\"objectList\":[{\"object\":\"urn:b:1\"},"
           "{\"object\":\"urn:b:\\u00e9\"}]}"),
         A("{\"objectList\":[{\"object\":\"urn:b:1\"},{\"object\":\"urn:b:é\"}]}"),
         A("[\"urn:b:1\",\"urn:b:é\"]")},
        {A("[{\"type\":\"Property\",\"value\":1},"
           "{\"type\":\"Property\",\"value\":2,\"datasetId\":\"urn:d:1\"}]"),
         A("[{\"value\":1},{\"value\":2,\"datasetId\":\"urn:d:1\"}]"),
         A("{\"dataset\":{\"@none\":1,\"urn:d:1\":2}}")},
        {A("{\"type\":\"Property\",\"value\":2,\"datasetId\":\"urn:d:1\"}"),
         A("{\"value\":2,\"datasetId\":\"urn:d:1\"}"), A("{\"dataset\":{\"urn:d:1\":2}}")},
        {HEAD "\"scope\":[\"/A/b\",\"C\"],\"a\":{\"type\":\"Property\",\"value\":true}}",
         HEAD "\"scope\":[\"/A/b\",\"C\"],\"a\":true}",
         HEAD "\"scope\":[\"/A/b\",\"C\"],\"a\":true}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct entity e;
        struct entity_look look = {.context = &no_context, .form = ENTITY_NORMALIZED};
        assert_int_equal(read_in(all[i].normalized, ENTITY_NORMALIZED, ENTITY_WHOLE, &a, &e, &err),
                         OK);
        if (strstr(all[i].normalized, "\\u") == NULL) {
            expect_written(&e, &look, &a, all[i].normalized);
        }
        look.form = ENTITY_CONCISE;
        expect_written(&e, &look, &a, all[i].concise);
        look.form = ENTITY_SIMPLIFIED;
        expect_written(&e, &look, &a, all[i].simplified);
        assert_int_equal(read_in(all[i].simplified, ENTITY_SIMPLIFIED, ENTITY_WHOLE, &a, &e, &err),
                         OK);
        expect_written(&e, &look, &a, all[i].simplified);
        assert_int_equal(read_in(all[i].concise, ENTITY_CONCISE, ENTITY_WHOLE, &a, &e, &err), OK);
        look.form = ENTITY_CONCISE;
        expect_written(&e, &look, &a, all[i].concise);
        arena_fini(&a);
    }
}

static void what_no_kind_takes(void **state) {
    static const struct {
        const char *json, *words;
    } all[] = {
        {A("{\"languageMap\":{\"en\":5}}"), "\"en\" of languageMap"},
        {A("{\"languageMap\":{\"e n\":\"x\"}}"), "no language"},
        {A("{\"languageMap\":{}}"), "languageMap"},
        {A("{\"languageMap\":{\"@none\":\"urn:ngsi-ld:null\"}}"), "null"},
        {A("{\"vocab\":5}"), "a number as the vocab"},
        {A("{\"vocab\":[]}"), "a list as the vocab"},
        {A("{\"json\":5}"), "a number as the json"},
        {A("{\"json\":{},\"unitCode\":\"C62\"}"), "unitCode of a JsonProperty"},
        {A("{\"valueList\":5}"), "a number as the valueList"},
        {A("{\"valueList\":[],\"value\":1}"), "\"valueList\" of a Property"},
        {A("{\"objectList\":\"urn:b:1\"}"), "objectList"},
        {A("{\"objectList\":[\"no uri\"]}"), "\"no uri\""},
        {A("{\"type\":\"Relationship\",\"object\":[]}"), "no URI"},
        {A("{\"value\":1,\"objectType\":\"B\"}"), "objectType of a Property"},
        {A("{\"object\":\"urn:b:1\",\"objectType\":5}"), "cannot take objectType"},
        {A("{\"value\":{\"b\":{\"c\":\"urn:ngsi-ld:null\"}}}"), "within a value"},
        {A("{\"value\":1,\"previousValue\":2}"), "answers only"},
        {A("{\"value\":1,\"datasetId\":\"x\"}"), "datasetId \"x\""},
        {A("{\"value\":1,\"datasetId\":\"urn:ngsi-ld:null\"}"), "datasetId"},
        {A("{\"value\":1,\"observedAt\":\"2026-03-01T08:00:00+08:00\"}"), "with Z"},
        {A("{\"type\":\"GeoProperty\",\"value\":\"here\"}"), "geometry \"here\""},
        {A("[{\"value\":1},{\"value\":2,\"datasetId\":\"@none\"}]"), "twice"},
        {A("[{\"value\":1,\"datasetId\":\"urn:d:1\"},{\"value\":2,\"datasetId\":\"urn:d:1\"}]"),
         "twice with datasetId urn:d:1"},
        {HEAD "\"location\":5}", "it is a GeoProperty"},
        {HEAD "\"scope\":\"9a\"}", "scope \"9a\""},
        {HEAD "\"scope\":[\"/ok\",\"a-b\"]}", "scope \"a-b\""},
        {HEAD "\"scope\":\"urn:ngsi-ld:null\"}", "scope"},
        {"{\"id\":\"urn:ngsi-ld:null\",\"type\":\"T\"}", "cannot take id"},
        {"{\"id\":\"urn:x:\\u200b1\",\"type\":\"T\"}", "cannot take id"},
        {"{\"id\":\"urn:x:\\u202e1\",\"type\":\"T\"}", "cannot take id"},
        {"{\"id\":\"urn:x:1\",\"type\":\"9T\"}", "cannot take name \"9T\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct entity e;
        enum code code = read_in(all[i].json, ENTITY_NORMALIZED, ENTITY_WHOLE, &a, &e, &err);
        if (code != E_INPUT || strstr(err.msg, all[i].words) == NULL) {
            fail_msg("%s: %d \"%s\", expected \"%s\"", all[i].json, code, err.msg, all[i].words);
        }
        arena_fini(&a);
    }
}

static void a_geometry_as_a_text_is_an_object(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct entity e;
    (void)state;
    assert_int_equal(
        read_in(HEAD
                "\"location\":{\"type\":\"GeoProperty\",\"value\":\"{\\\"type\\\":\\\"Point\\\","
                "\\\"coordinates\\\":[1.50,2]}\"}}",
                ENTITY_NORMALIZED, ENTITY_WHOLE, &a, &e, &err),
        OK);
    assert_string_equal(e.attributes[0].value, "{\"type\":\"Point\",\"coordinates\":[1.50,2]}");
    arena_fini(&a);
}

static void there_are_limits(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct entity e;
    struct buf many = BUF_INIT;
    (void)state;
    buf_adds(&many, HEAD "\"a\":[");
    for (int i = 0; i <= ENTITY_ATTRIBUTES_MAX; i++) {
        buf_addf(&many, "%s{\"value\":%d,\"datasetId\":\"urn:d:%d\"}", i == 0 ? "" : ",", i, i);
    }
    buf_adds(&many, "]}");
    assert_int_equal(read_in(many.data, ENTITY_NORMALIZED, ENTITY_WHOLE, &a, &e, &err), E_LIMIT);
    assert_non_null(strstr(err.msg, "cannot take more than 1000 attributes"));
    buf_fini(&many);
    arena_fini(&a);
}

static void languages_are_chosen(void **state) {
    static const struct {
        const char *ranges, *tag;
    } all[] = {
        {"fr", "fr"},         {"FR", "fr"},          {"fr-CH,fr;q=0.9", "fr"},
        {"nl-BE", "nl"},      {"en", "en-US"},       {"fr;q=0.2,nl;q=0.9", "nl"},
        {"pt", "@none"},      {"*", "@none"},        {"fr;q=0,nl", "nl"},
        {"", "@none"},        {"zh-Hant-x-a", "zh"}, {"de;q=x , nl", "nl"},
        {" nl ; q=1 ", "nl"}, {"e", "@none"},
    };
    struct arena a = ARENA_INIT;
    const struct json_value *map = parse("{\"fr\":\"a\",\"nl\":\"b\",\"en-US\":\"c\",\"zh\":\"d\","
                                         "\"@none\":\"e\"}",
                                         &a);
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_string_equal(entity_language_find(map, all[i].ranges, &a)->name, all[i].tag);
    }
    assert_string_equal(entity_language_find(parse("{\"a\":\"x\",\"b\":\"y\"}", &a), "c", &a)->name,
                        "a");
    assert_null(entity_language_find(parse("{}", &a), "c", &a));
    arena_fini(&a);
}

static void a_language_makes_a_property(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct entity e;
    struct entity_look look = {.context = &no_context, .form = ENTITY_NORMALIZED, .lang = "zh"};
    (void)state;
    assert_int_equal(read_in(A("{\"languageMap\":{\"en\":\"water\",\"zh\":[\"水\"]}}"),
                             ENTITY_NORMALIZED, ENTITY_WHOLE, &a, &e, &err),
                     OK);
    expect_written(&e, &look, &a, A("{\"type\":\"Property\",\"value\":[\"水\"],\"lang\":\"zh\"}"));
    look.form = ENTITY_SIMPLIFIED;
    expect_written(&e, &look, &a, A("[\"水\"]"));
    arena_fini(&a);
}

static void a_feature_has_its_geometry_outside(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct entity e;
    struct entity_look look = {
        .context = &no_context, .form = ENTITY_SIMPLIFIED, .link = "https://c.d/e"};
    struct buf to = BUF_INIT;
    struct json_out j;
    (void)state;
    assert_int_equal(read_in(HEAD "\"location\":{\"type\":\"Point\",\"coordinates\":[1,2]}}",
                             ENTITY_NORMALIZED, ENTITY_WHOLE, &a, &e, &err),
                     OK);
    json_init(&j, &to, 0);
    entity_write_feature(&e, &look, &a, &j);
    assert_string_equal(
        to.data, "{\"id\":\"urn:x:1\",\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
                 "\"coordinates\":[1,2]},\"properties\":{\"type\":\"T\",\"location\":{\"type\":"
                 "\"Point\",\"coordinates\":[1,2]}},\"@context\":[\"https://c.d/e\"]}");
    buf_clear(&to);
    look.geometry = "urn:none";
    json_init(&j, &to, 0);
    entity_write_feature(&e, &look, &a, &j);
    assert_non_null(strstr(to.data, "\"geometry\":null"));
    buf_fini(&to);
    arena_fini(&a);
}

/* ---- merging ---- */

static enum code merge(const char *old, const char *patch, const struct entity *of, struct arena *a,
                       struct entity *out, struct err *err) {
    struct entity said;
    struct entity_attribute *list = arena_zero(a, 16 * sizeof *list);
    assert_int_equal(read_in(old, ENTITY_NORMALIZED, ENTITY_WHOLE, a, out, err), OK);
    assert_int_equal(read_in(patch, ENTITY_NORMALIZED, ENTITY_DEEP, a, &said, err), OK);
    memcpy(list, out->attributes, out->count * sizeof *list);
    out->attributes = list;
    const struct entity_merge m = {a, true, of};
    return entity_merge_list(&m, out->attributes, &out->count, said.attributes, said.count, err);
}

static void merges_reach_into_values(void **state) {
    static const struct entity in_zh = {.lang = "zh", .observed = true, .observed_ms = 1000};
    static const struct {
        const char *old, *patch, *now;
        const struct entity *of;
    } all[] = {
        {A("{\"value\":{\"s\":1,\"c\":2,\"d\":{\"e\":1,\"f\":2}}}"),
         A("{\"value\":{\"s\":3,\"c\":\"urn:ngsi-ld:null\",\"d\":{\"f\":\"urn:ngsi-ld:null\"},"
           "\"n\":{\"x\":\"urn:ngsi-ld:null\"}}}"),
         A("{\"value\":{\"s\":3,\"d\":{\"e\":1},\"n\":{}}}"), NULL},
        {A("5"), A("{\"value\":{\"b\":\"urn:ngsi-ld:null\",\"c\":1}}"), A("{\"value\":{\"c\":1}}"),
         NULL},
        {A("5"), HEAD "\"b\":{\"value\":{\"c\":\"urn:ngsi-ld:null\"}}}",
         HEAD "\"a\":5,\"b\":{\"value\":{}}}", NULL},
        {A("5"), A("\"urn:ngsi-ld:null\""), "{\"id\":\"urn:x:1\",\"type\":\"T\"}", NULL},
        {A("{\"languageMap\":{\"en\":\"a\"}}"),
         A("{\"languageMap\":{\"@none\":\"urn:ngsi-ld:null\"}}"),
         "{\"id\":\"urn:x:1\",\"type\":\"T\"}", NULL},
        {A("{\"languageMap\":{\"en\":\"a\"}}"), A("\"水\""),
         A("{\"languageMap\":{\"en\":\"a\",\"zh\":\"水\"}}"), &in_zh},
        {A("{\"value\":1,\"observedAt\":\"2026-03-01T08:00:00Z\"}"), A("{\"value\":2}"),
         A("{\"value\":2,\"observedAt\":\"1970-01-01T00:00:01Z\"}"), &in_zh},
        {A("1"), A("{\"value\":2}"), A("2"), &in_zh},
        {A("{\"value\":1,\"b\":2,\"c\":3}"), A("{\"b\":\"urn:ngsi-ld:null\",\"unitCode\":\"GQ\"}"),
         A("{\"value\":1,\"unitCode\":\"GQ\",\"c\":3}"), NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct entity now;
        const struct entity_look look = {.context = &no_context, .form = ENTITY_CONCISE};
        assert_int_equal(merge(all[i].old, all[i].patch, all[i].of, &a, &now, &err), OK);
        expect_written(&now, &look, &a, all[i].now);
        arena_fini(&a);
    }
}

static void merges_that_cannot_be(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct entity now;
    (void)state;
    assert_int_equal(merge(A("5"), A("{\"object\":\"urn:b:1\"}"), NULL, &a, &now, &err), E_INPUT);
    assert_non_null(strstr(err.msg, "from Property to Relationship"));
    err = (struct err)ERR_INIT;
    assert_int_equal(merge(A("5"), HEAD "\"b\":{\"unitCode\":\"GQ\"}}", NULL, &a, &now, &err),
                     E_INPUT);
    assert_non_null(strstr(err.msg, "it has no value"));
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_in_each_form),
        cmocka_unit_test(what_no_kind_takes),
        cmocka_unit_test(a_geometry_as_a_text_is_an_object),
        cmocka_unit_test(there_are_limits),
        cmocka_unit_test(languages_are_chosen),
        cmocka_unit_test(a_language_makes_a_property),
        cmocka_unit_test(a_feature_has_its_geometry_outside),
        cmocka_unit_test(merges_reach_into_values),
        cmocka_unit_test(merges_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
