/* q, type expressions and scopeQ: what matches, what does not, what is refused (CIM 009 sections
 * 4.9, 4.17, 4.19). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "ngsi/entity_q.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_select.h"
#include "ngsi/exact.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define NAME(s) ENTITY_DEFAULT s

static struct entity_term terms[] = {{"pm10", "https://a.b/c#pm10"}, {"sosa", "https://sosa.x/"}};
static const struct entity_context context = {terms, COUNT(terms)};

static struct entity_attribute text(const char *name, const char *value) {
    return (struct entity_attribute){.name = name, .value = value};
}

/* 2026-03-01T00:00:00Z and an hour later. */
enum { HOUR = 3600000 };
static const int64_t MARCH = INT64_C(1772323200000);

static struct entity_attribute accuracy[] = {
    {.name = NAME("accuracy"), .value = "0.5"},
    {.name = NAME("by"), .kind = ENTITY_RELATIONSHIP, .value = "\"urn:x:maker\""},
};

static struct entity_attribute all[24];

static struct entity make(void) {
    size_t n = 0;
    all[n++] = text(NAME("temp"), "35.0");
    all[n - 1].unit = "CEL";
    all[n - 1].observed = true;
    all[n - 1].observed_ms = MARCH;
    all[n - 1].created_ms = MARCH - HOUR;
    all[n - 1].modified_ms = MARCH + HOUR;
    all[n - 1].sub = accuracy;
    all[n - 1].sub_count = COUNT(accuracy);
    all[n++] = text(NAME("cold"), "-3e-1");
    all[n++] = text(NAME("name"), "\"Pisa Tower\"");
    all[n++] = text(NAME("quote"), "\"say \\\"hi\\\"\"");
    all[n++] = text(NAME("full"), "false");
    all[n++] = text(NAME("list"), "[1,\"two\",[3],false]");
    all[n++] = text(NAME("address"), "{\"city\":\"\xe6\x97\xa0\xe9\x94\xa1\",\"geo\":{\"n\":7}}");
    all[n++] = text(NAME("since"), "\"2026-03-01T08:00:00+08:00\"");
    all[n++] = text(NAME("typed"), "{\"@type\":\"DateTime\",\"@value\":\"2026-03-01T00:00:00Z\"}");
    all[n++] = text(NAME("day"), "\"2026-03-01\"");
    all[n++] = text(NAME("clock"), "\"08:00:00Z\"");
    all[n++] = text("https://a.b/c#pm10", "100");
    all[n++] = text("https://sosa.x/sees", "1");
    all[n++] = text(NAME("colour"), "{\"en\":\"red\",\"fr\":[\"rouge\",\"vermeil\"]}");
    all[n - 1].kind = ENTITY_LANGUAGE;
    all[n++] = text(NAME("at"), "\"urn:ngsi-ld:City:Pisa\"");
    all[n - 1].kind = ENTITY_RELATIONSHIP;
    all[n++] = text(NAME("many"), "[\"urn:a:1\",\"urn:a:2\"]");
    all[n - 1].kind = ENTITY_LIST_RELATIONSHIP;
    all[n++] = text(NAME("speed"), "10");
    all[n++] = text(NAME("speed"), "20");
    all[n - 1].dataset = "urn:d:2";
    assert_true(n <= COUNT(all));
    return (struct entity){.id = "urn:e:1",
                           .attributes = all,
                           .count = n,
                           .created_ms = MARCH - HOUR,
                           .modified_ms = MARCH};
}

static bool ask(const char *q_text) {
    struct entity e = make();
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct entity_q *q;
    if (entity_q_parse(q_text, &context, &a, &q, &err) != OK) {
        fail_msg("%s: %s", q_text, err.msg);
    }
    bool met = entity_q_matches(q, &e);
    entity_q_free(q);
    arena_fini(&a);
    return met;
}

static void must_be(const char *const *queries, size_t count, bool met) {
    for (size_t i = 0; i < count; i++) {
        if (ask(queries[i]) != met) {
            fail_msg("%s must %smatch", queries[i], met ? "" : "not ");
        }
    }
}

#define MATCH(list) must_be(list, COUNT(list), true)
#define NO_MATCH(list) must_be(list, COUNT(list), false)

static void test_numbers(void **state) {
    (void)state;
    static const char *const yes[] = {
        "temp==35",
        "temp==35.0",
        "temp==3.5e1",
        "temp==350e-1",
        "temp>34.99",
        "temp>=35",
        "temp<=35",
        "temp<35.01",
        "temp!=36",
        "temp==30..40",
        "temp==35..40",
        "temp==30..35",
        "temp!=36..40",
        "temp==1,2,35.000",
        "temp!=1,2",
        "cold<0",
        "cold==-0.3",
        "cold>-0.31",
        "cold==-1..0",
        "temp!=\"35\"",
        "temp==35.0000000000000000000000000000000000000",
        "temp<35.00000000000000000000000000000000000001",
        "pm10==1e2",
        "https://a.b/c#pm10==100",
        "sosa:sees==1",
        "list==1",
    };
    static const char *const no[] = {
        "temp==36",     "temp!=35",
        "temp>35",      "temp<35",
        "temp==36..40", "temp!=30..40",
        "temp==1,2",    "temp!=1,35",
        "temp==\"35\"", "temp>\"34\"",
        "temp==true",   "cold>=0",
        "name>1",       "none==1",
        "none!=1",      "temp~=\"35\"",
        "cold==0",      "list!=1",
        "full==0",      "temp==35.00000000000000000000000000000000000001",
    };
    MATCH(yes);
    NO_MATCH(no);
}

static void test_texts(void **state) {
    (void)state;
    static const char *const yes[] = {
        "name==\"Pisa Tower\"",
        "name!=\"Eiffel\"",
        "name==\"a\",\"Pisa Tower\"",
        "name>\"Pisa\"",
        "name<\"Q\"",
        "name==\"A\"..\"Z\"",
        "name~=\"^Pisa\"",
        "name~=^Pisa",
        "name~=\"[]**]*a [**+T]\\**\"",
        "name~=\"Tow.r$\"",
        "name!~=\"^Eiffel\"",
        "quote==\"say \\\"hi\\\"\"",
        "quote~=\"y \\\"hi\\\"$\"",
        "name~=\"P\\S+ T\"",
        "name==\"\\u0050isa Tower\"",
        "full==false",
        "full!=true",
        "list==\"two\"",
        "list==false",
        "at==urn:ngsi-ld:City:Pisa",
        "at==\"urn:ngsi-ld:City:Pisa\"",
        "at!=urn:x:1",
        "many==urn:a:2",
        "at",
        "temp.by==urn:x:maker",
        "list~=\"^tw\"",
    };
    static const char *const no[] = {
        "name==\"Pisa\"",  "name==Pisa",   "name!=\"Pisa Tower\"", "name~=\"^Eiffel\"",
        "name!~=\"Pisa\"", "full==true",   "full==\"false\"",      "full>false",
        "at>urn:a:1",      "at~=\"Pisa\"", "at!~=\"x\"",           "many!=urn:a:2",
        "list!=\"two\"",
    };
    MATCH(yes);
    NO_MATCH(no);
}

static void test_paths(void **state) {
    (void)state;
    static const char *const yes[] = {
        "temp",
        "!none",
        "temp.accuracy==0.50",
        "temp.accuracy<1",
        "!temp.none",
        "address[city]==\"无锡\"",
        "address[geo.n]==7",
        "address[geo]",
        "address",
        "colour[en]==\"red\"",
        "colour[*]==\"rouge\"",
        "colour[fr]==\"vermeil\"",
        "colour==\"red\"",
        "colour[en]!=\"rouge\"",
        "colour[*]!=\"blue\"",
        "colour[*]~=\"^r\"",
        "speed==10",
        "speed==20",
        "speed!=10",
        "speed.datasetId==urn:d:2",
        "temp.unitCode==\"CEL\"",
    };
    static const char *const no[] = {
        "none",
        "!temp",
        "temp.none",
        "temp.none!=1",
        "accuracy",
        "address[postcode]==\"x\"",
        "address[postcode]!=\"x\"",
        "address[postcode]",
        "temp[x]",
        "colour[en]==\"rouge\"",
        "colour[de]!=\"rouge\"",
        "colour[*]!=\"red\"",
        "colour[*]!~=\"^r\"",
        "speed==30",
        "temp.datasetId",
        "name.unitCode",
        "temp.unitCode==\"FAH\"",
    };
    MATCH(yes);
    NO_MATCH(no);
}

static void test_times(void **state) {
    (void)state;
    static const char *const yes[] = {
        "temp.observedAt==2026-03-01T00:00:00Z",
        "temp.observedAt==\"2026-03-01T00:00:00.000Z\"",
        "temp.observedAt==2026-03-01T08:00:00+08:00",
        "temp.observedAt>2026-02-28T23:59:59.999Z",
        "temp.observedAt>=2026-03-01",
        "temp.createdAt<2026-03-01T00:00:00Z",
        "temp.modifiedAt>2026-03-01T00:00:00Z",
        "createdAt<2026-03-01T00:00:00Z",
        "modifiedAt==2026-03-01T00:00:00Z",
        "modifiedAt!=2026-03-02T00:00:00Z",
        "modifiedAt==2026-02-01T00:00:00Z..2026-04-01T00:00:00Z",
        "modifiedAt>2026-02-28",
        "createdAt",
        "since==2026-03-01T00:00:00Z",
        "since>\"2026-02-28T23:00:00Z\"",
        "since<2026-03-01T01:00:00Z",
        "typed==2026-03-01T00:00:00Z",
        "typed<2026-03-02T00:00:00Z",
        "day==2026-03-01",
        "day>2026-02-28",
        "day==2026-02-01..2026-03-31",
        "clock==08:00:00Z",
        "clock<09:00:00Z",
    };
    static const char *const no[] = {
        "temp.observedAt>2026-03-01T00:00:00Z",
        "name.observedAt",
        "name.observedAt!=2026-03-01T00:00:00Z",
        "createdAt>2026-03-01T00:00:00Z",
        "modifiedAt>2026-03-01",
        "name>2026-03-01",
        "name>2026-03-01T00:00:00Z",
        "name>08:00:00Z",
        "temp>2026-03-01T00:00:00Z",
        "day>2026-03-01",
        "name.createdAt",
    };
    MATCH(yes);
    NO_MATCH(no);
}

static void test_logic(void **state) {
    (void)state;
    static const char *const yes[] = {
        "temp==35;name",
        "temp==1|name",
        "name|none;none",
        "none;none|name",
        "(name|none);temp",
        "((temp==35))",
        "(temp==35;(name|none))|none",
        "temp>30;temp<40;full==false",
    };
    static const char *const no[] = {
        "temp==35;none",
        "temp==1|none",
        "(name|temp);none",
        "none|(name;none)",
    };
    MATCH(yes);
    NO_MATCH(no);
}

static void test_refused(void **state) {
    (void)state;
    static const struct {
        const char *q;
        enum code code;
        const char *words;
    } bad[] = {
        {"", E_INPUT, "at byte 1: a name is missing"},
        {";a", E_INPUT, "at byte 1: a name is missing"},
        {"a;", E_INPUT, "at byte 3: a name is missing"},
        {"a;;b", E_INPUT, "at byte 3"},
        {"(a", E_INPUT, "at byte 3: a ) or an operator is missing"},
        {"a)", E_INPUT, "at byte 2: this is neither an operator nor the end"},
        {"a=1", E_INPUT, "at byte 2"},
        {"a>>>4", E_INPUT, "at byte 3: this stands in no value"},
        {"a==b\"c", E_INPUT, "at byte 5"},
        {"a==", E_INPUT, "at byte 4: a value is missing"},
        {"a==1,", E_INPUT, "at byte 6: a value is missing"},
        {"a==1..", E_INPUT, "at byte 7: a value is missing"},
        {"a==1..\"x\"", E_INPUT, "at byte 5: a range"},
        {"a==true..false", E_INPUT, "a range is from"},
        {"a>1..2", E_INPUT, "at byte 4: a range stands behind == and != alone"},
        {"a>1,2", E_INPUT, "at byte 4"},
        {"a==\"x", E_INPUT, "at byte 4: this quote never closes"},
        {"a==\"\\x\"", E_INPUT, "no string of JSON"},
        {"a==\"x\"y", E_INPUT, "at byte 7"},
        {"a[b", E_INPUT, "at byte 2: a ] is missing"},
        {"a[]", E_INPUT, "a name is missing"},
        {"a[b..c]", E_INPUT, "a name is missing"},
        {"a..b", E_INPUT, "a name is missing"},
        {"a.", E_INPUT, "a name is missing"},
        {"a.observedAt.b", E_INPUT, "nothing can be behind"},
        {"observedAt>2026-01-01", E_INPUT, "NAME.WORD"},
        {"id==urn:a:b", E_INPUT, "a word of NGSI-LD itself"},
        {"managedBy{name}==\"x\"", E_INPUT, "linked entities"},
        {"a~=\"(\"", E_INPUT, "cannot take pattern"},
        {"a~=\"x{3}\"", E_INPUT, "not taken"},
        {"a~=\"(x)\\1\"", E_INPUT, "not taken"},
        {"a~=\"x", E_INPUT, "never closes"},
        {"a~=", E_INPUT, "a pattern is missing"},
        {"a~=\"x**\"", E_INPUT, "repeats a repetition"},
        {"a~=\"x+?\"", E_INPUT, "repeats a repetition"},
        {"a~=\"[x\"", E_INPUT, "cannot take pattern"},
        {"a~=\"[\"", E_INPUT, "cannot take pattern"},
        {"a b==1", E_INPUT, "cannot take name"},
        {"((((((((((((((((((a", E_LIMIT, "brackets"},
        {"a.b.c.d.e.f.g.h.i", E_LIMIT, "names in a path"},
    };
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct entity_q *q = NULL;
        struct err err = ERR_INIT;
        enum code code = entity_q_parse(bad[i].q, &context, &a, &q, &err);
        if (code != bad[i].code || strstr(err.msg, bad[i].words) == NULL || q != NULL) {
            fail_msg("%s: code %d, \"%s\"", bad[i].q, (int)code, err.msg);
        }
    }
    arena_fini(&a);
}

static void test_many_terms(void **state) {
    (void)state;
    char q_text[4 * ENTITY_Q_TERMS_MAX + 8] = "temp";
    struct arena a = ARENA_INIT;
    const struct entity_q *q;
    for (int i = 1; i < ENTITY_Q_TERMS_MAX; i++) {
        strcat(q_text, ";day");
    }
    assert_int_equal(entity_q_parse(q_text, &context, &a, &q, NULL), OK);
    strcat(q_text, ";x");
    assert_int_equal(entity_q_parse(q_text, &context, &a, &q, NULL), E_LIMIT);
    arena_fini(&a);
}

static size_t needs(const char *q_text, const char **to) {
    static struct arena a = ARENA_INIT;
    const struct entity_q *q;
    assert_int_equal(entity_q_parse(q_text, &context, &a, &q, NULL), OK);
    for (int i = 0; i < 4; i++) {
        to[i] = "";
    }
    size_t count = entity_q_needs(q, to);
    size_t names = count;
    for (size_t i = 0; i < names; i++) {
        to[i] = strrchr(to[i], '/') + 1;
    }
    entity_q_free(q);
    return count;
}

static void test_needs(void **state) {
    (void)state;
    const char *to[ENTITY_Q_TERMS_MAX];
    assert_int_equal(needs("a==1", to), 1);
    assert_string_equal(to[0], "a");
    assert_int_equal(needs("a;b", to), 1);
    assert_int_equal(needs("a|b", to), 2);
    assert_string_equal(to[1], "b");
    assert_int_equal(needs("!a", to), 0);
    assert_int_equal(needs("!a|b", to), 0);
    assert_int_equal(needs("b|!a", to), 0);
    assert_int_equal(needs("!a;b", to), 1);
    assert_string_equal(to[0], "b");
    assert_int_equal(needs("createdAt>2026-01-01;(b|c)", to), 2);
    assert_int_equal(needs("createdAt>2026-01-01", to), 0);
}

/* ---- types and scopes ---- */

static void test_types(void **state) {
    (void)state;
    static const struct {
        const char *expression;
        bool met;
    } rows[] = {
        {"Building", true},
        {"Vehicle", false},
        {"Vehicle,Building", true},
        {"Vehicle|Tower", true},
        {"Building;Tower", true},
        {"(Building;Tower)", true},
        {"Building;Vehicle", false},
        {"(Building;Vehicle),Tower", true},
        {"(Building,Vehicle);(Tower|Car)", true},
        {"Vehicle;Building,Car", false},
        {"Vehicle;Car,Tower", true},
        {"*", true},
        {ENTITY_DEFAULT "Building", true},
    };
    static const char *const has[] = {NAME("Building"), NAME("Tower")};
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct entity_types *t;
        const char *const *names;
        assert_int_equal(entity_types_parse(rows[i].expression, &context, &a, &t, NULL), OK);
        if (entity_types_match(t, has, COUNT(has)) != rows[i].met) {
            fail_msg("%s", rows[i].expression);
        }
        assert_int_equal(entity_types_names(t, &names) == 0, strcmp(rows[i].expression, "*") == 0);
    }
    static const char *const bad[] = {"",     "A,", ",A",  "(A",  "A)",
                                      "A;;B", "()", "A B", "(*)", "A(B)"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct entity_types *t;
        struct err err = ERR_INIT;
        if (entity_types_parse(bad[i], &context, &a, &t, &err) != E_INPUT || err.msg[0] == '\0') {
            fail_msg("%s", bad[i]);
        }
    }
    arena_fini(&a);
}

static void test_scopes(void **state) {
    (void)state;
    static const struct {
        const char *scope_q;
        bool met;
    } rows[] = {
        {"/Madrid/Gardens/ParqueNorte", true},
        {"Madrid/Gardens/ParqueNorte", true},
        {"/Madrid/Gardens", false},
        {"/Madrid/Gardens/+", true},
        {"/Madrid/+/ParqueNorte", true},
        {"/Madrid/+", false},
        {"/+/+/+", true},
        {"/Madrid/#", true},
        {"/Madrid/Gardens/ParqueNorte/#", true},
        {"/Madrid/Gardens/ParqueNorte/x/#", false},
        {"/#", true},
        {"/Madri/#", false},
        {"/Madrid/Gardens/ParqueNorteX", false},
        {"/CompanyA", true},
        {"/CompanyA/#", true},
        {"/+", true},
        {"/CompanyB", false},
        {"(/Madrid/#;/CompanyA)", true},
        {"(/Madrid/#;/CompanyB)|/CompanyA", true},
        {"(/Madrid/#;/CompanyB)", false},
        {"/CompanyB,/CompanyA", true},
    };
    static const char *const has[] = {"/Madrid/Gardens/ParqueNorte", "CompanyA"};
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct entity_scopes *s;
        assert_int_equal(entity_scopes_parse(rows[i].scope_q, &a, &s, NULL), OK);
        if (entity_scopes_match(s, has, COUNT(has)) != rows[i].met) {
            fail_msg("%s", rows[i].scope_q);
        }
        assert_false(entity_scopes_match(s, NULL, 0));
    }
    static const char *const bad[] = {"",    "/",     "//a", "/a/", "/a//b", "/#/a",
                                      "/a#", "/a+/b", "(/a", "/a;", "/++"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct entity_scopes *s;
        if (entity_scopes_parse(bad[i], &a, &s, NULL) != E_INPUT) {
            fail_msg("%s", bad[i]);
        }
    }
    arena_fini(&a);
}

/* ---- numbers ---- */

static void test_exact(void **state) {
    (void)state;
    static const char *const rising[] = {
        "-1e400", "-100",    "-99.9", "-1", "-1e-9", "0",   "1e-400", "1e-9",
        "0.1",    "0.10001", "9",     "10", "11",    "1e2", "100.5",  "1e400",
    };
    for (size_t i = 0; i < COUNT(rising); i++) {
        for (size_t k = 0; k < COUNT(rising); k++) {
            int want = i < k ? -1 : i > k;
            assert_int_equal(exact_compare(rising[i], rising[k]), want);
        }
    }
    assert_int_equal(exact_compare("-0", "0.000"), 0);
    assert_int_equal(exact_compare("1E2", "100"), 0);
    assert_int_equal(exact_compare("0.001e3", "1.000"), 0);
    static const char *const good[] = {"0", "-0", "1.5", "1e5", "1E+5", "-1.25e-3"};
    static const char *const bad[] = {"",   "-",   "01", "1.",  ".5", "1e",
                                      "+1", "1e+", "1x", "inf", "0x1"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(exact_is_number(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(exact_is_number(bad[i], strlen(bad[i])));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),    cmocka_unit_test(test_texts),
        cmocka_unit_test(test_paths),      cmocka_unit_test(test_times),
        cmocka_unit_test(test_logic),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_many_terms), cmocka_unit_test(test_needs),
        cmocka_unit_test(test_types),      cmocka_unit_test(test_scopes),
        cmocka_unit_test(test_exact),
    };
    return cmocka_run_group_tests_name("ngsi/q", tests, NULL, NULL);
}
