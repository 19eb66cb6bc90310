/* Which polygons are taken: each reason that GEOS has against one and the words for it, what only
 * looks wrong, how many positions; and what mending makes of those that are not. */
#include "ngsi/geometry_valid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json_text.h"
#include "ngsi/entity_read.h"
#include "ngsi/geometry_mend.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define GEO(t, c) "{\"type\":\"" t "\",\"coordinates\":" c "}"
#define POLYGON(c) GEO("Polygon", c)
#define MULTI(c) GEO("MultiPolygon", c)
#define SQUARE "[[0,0],[10,0],[10,10],[0,10],[0,0]]"
#define BOX "[[2,2],[8,2],[8,8],[2,8],[2,2]]"
#define BOW "[[0,0],[10,10],[10,0],[0,10],[0,0]]"

static const struct json_value *parse(const char *json, struct arena *a) {
    const struct json_value *v = NULL;
    struct err err = ERR_INIT;
    if (json_read(json, strlen(json), a, &v, &err) != OK) {
        fail_msg("%s: %s", json, err.msg);
    }
    return v;
}

static void each_reason_has_words_and_a_place(void **state) {
    static const struct {
        const char *json, *words;
    } rows[] = {
        {POLYGON("[" BOW "]"), "cannot take Polygon: its edges cross or overlap at 5, 5"},
        /* One of ETSI's own test data: its last edge crosses its second. */
        {POLYGON("[[[13.2865906,52.5648645],[13.2879639,52.5648645],[13.2797241,52.4988679],"
                 "[13.477478,52.4712703],[13.5049438,52.5373084],[13.2865906,52.5648645]]]"),
         "cannot take Polygon: its edges cross or overlap at 13.2879426, 52.56469388"},
        /* Heights tell nothing apart. */
        {POLYGON("[[[0,0,5],[10,10,6],[10,0,7],[0,10,8],[0,0,5]]]"),
         "its edges cross or overlap at 5, 5"},
        {POLYGON("[[[0,0],[1,1],[2,2],[0,0]]]"), "its edges cross or overlap at 1, 1"},
        {POLYGON("[" SQUARE ",[[4,4],[16,4],[16,6],[4,6],[4,4]]]"),
         "its edges cross or overlap at 10, 4"},
        {POLYGON("[" SQUARE "," SQUARE "]"), "its edges cross or overlap at "},
        {MULTI("[[" SQUARE "],[[[5,5],[18,0],[18,10],[10,10],[5,5]]]]"),
         "cannot take MultiPolygon: its edges cross or overlap at 10, 3.076923077"},
        {MULTI("[[" SQUARE "],[[[10,0],[18,0],[18,10],[10,10],[10,0]]]]"),
         "its edges cross or overlap at 10, 10"},
        {POLYGON("[[[0,0],[10,0],[5,5],[10,10],[0,10],[5,5],[0,0]]]"),
         "a ring touches itself at 5, 5"},
        {POLYGON("[[[0,0],[10,0],[10,10],[10,15],[10,10],[0,10],[0,0]]]"),
         "a ring touches itself at 10, 10"},
        {POLYGON("[" SQUARE ",[[14,4],[16,4],[16,6],[14,6],[14,4]]]"),
         "a hole lies outside of its outer ring at 14, 4"},
        {POLYGON("[" SQUARE "," BOX ",[[4,4],[6,4],[6,6],[4,6],[4,4]]]"),
         "a hole lies in another hole at 4, 4"},
        {MULTI("[[" SQUARE "],[" BOX "]]"), "a polygon lies in another one at 2, 2"},
        {POLYGON("[" SQUARE ",[[0,5],[5,4],[10,5],[5,6],[0,5]]]"),
         "its rings cut its inside into parts at 0, 5"},
        {POLYGON("[[[0,0],[1,1],[0,0],[0,0]]]"),
         "a ring has fewer than three places that differ at 0, 0"},
        {POLYGON("[[[3,3],[3,3],[3,3],[3,3]]]"),
         "a ring has fewer than three places that differ at 3, 3"},
        {POLYGON("[" SQUARE ",[[3,3],[4,4],[3,3],[3,3]]]"),
         "a ring has fewer than three places that differ at 3, 3"},
        {POLYGON("[[[0,0],[1,0],[1,1],[0,1]]]"), "a ring does not end"},
    };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = ERR_INIT;
        enum code code = geometry_valid_value(parse(rows[i].json, &a), &err);
        if (code != E_INPUT || strstr(err.msg, rows[i].words) == NULL) {
            fail_msg("%s: code %d, \"%s\"", rows[i].json, (int)code, err.msg);
        }
    }
    arena_fini(&a);
}

static const char *const right[] = {
    POLYGON("[" SQUARE "]"),
    POLYGON("[[[0,0],[0,10],[10,10],[10,0],[0,0]]]"), /* the other way round */
    POLYGON("[" SQUARE "," BOX "]"),                  /* a hole that turns as its outer ring */
    POLYGON("[" SQUARE ",[[2,2],[2,8],[8,8],[8,2],[2,2]]]"),
    POLYGON("[" SQUARE ",[[0,5],[5,4],[5,6],[0,5]]]"),             /* it touches the outer ring */
    POLYGON("[[[0,0],[10,0],[10,0],[10,10],[0,10],[0,0],[0,0]]]"), /* a place twice in a row */
    POLYGON("[[[0,0,5],[10,0,6],[10,10,7],[0,10,8],[0,0,5]]]"),
    MULTI("[[" SQUARE "],[[[10,10],[18,12],[18,18],[12,18],[10,10]]]]"), /* at a corner */
    MULTI("[[" SQUARE "," BOX "],[[[3,3],[7,3],[7,7],[3,7],[3,3]]]]"),   /* one in a hole */
    GEO("LineString", "[[0,0],[10,10],[10,0],[0,10]]"),                  /* lines may cross */
    GEO("MultiPoint", "[[0,0],[0,0]]"),
    GEO("Point", "[0,0]"),
};

static void what_only_looks_wrong_is_taken(void **state) {
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < COUNT(right); i++) {
        struct err err = ERR_INIT;
        const struct json_value *v = parse(right[i], &a);
        const struct json_value *mended = NULL;
        if (geometry_valid_value(v, &err) != OK) {
            fail_msg("%s: %s", right[i], err.msg);
        }
        assert_int_equal(geometry_mend(v, &a, &mended, &err), OK);
        assert_ptr_equal(mended, v);
    }
    arena_fini(&a);
}

/* The teeth of a saw, `count` positions long. */
static const struct json_value *make_saw(int count, struct arena *a) {
    struct buf b = BUF_INIT;
    buf_adds(&b, "{\"type\":\"Polygon\",\"coordinates\":[[[0,-1]");
    for (int i = 0; i < count - 3; i++) {
        buf_addf(&b, ",[%d.%04d,%d]", i / 10000, i % 10000, i % 2);
    }
    buf_addf(&b, ",[%d,-1],[0,-1]]]}", count / 10000 + 1);
    const struct json_value *v = parse(arena_dup(a, b.data, b.len), a);
    buf_fini(&b);
    return v;
}

static void positions_are_counted(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *mended = NULL;
    (void)state;
    assert_int_equal(geometry_valid_value(make_saw(GEOMETRY_VALID_PLACES, &a), &err), OK);
    const struct json_value *long_one = make_saw(GEOMETRY_VALID_PLACES + 1, &a);
    assert_int_equal(geometry_valid_value(long_one, &err), E_LIMIT);
    assert_string_equal(err.msg, "cannot take Polygon: 10001 positions, at most 10000 are taken");
    err = (struct err)ERR_INIT;
    assert_int_equal(geometry_mend(long_one, &a, &mended, &err), E_LIMIT);
    assert_non_null(strstr(err.msg, "10001 positions"));
    arena_fini(&a);
}

/* ---- where values come in, and where they are read again ---- */

static enum code read_in(const char *json, enum entity_need need, struct arena *a,
                         struct entity_attribute *to, struct err *err) {
    static const struct entity_context none = {NULL, 0};
    const struct entity_how how = {&none, ENTITY_NORMALIZED, need};
    return entity_read_attribute("urn:x:a", parse(json, a), &how, a, to, err);
}

#define SAID(geometry) "{\"type\":\"GeoProperty\",\"value\":" geometry "}"

static void whoever_sends_one_is_told(void **state) {
    static const char *const all[] = {
        SAID(POLYGON("[" BOW "]")),
        "{\"value\":" POLYGON("[" BOW "]") "}",
        POLYGON("[" BOW "]"),
        SAID("\"{\\\"type\\\":\\\"Polygon\\\",\\\"coordinates\\\":[" BOW "]}\""),
        "{\"type\":\"Property\",\"value\":1,\"at\":" SAID(POLYGON("[" BOW "]")) "}",
    };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        for (int need = ENTITY_WHOLE; need <= ENTITY_DEEP; need++) {
            struct err err = ERR_INIT;
            struct entity_attribute x;
            bool kept = need == ENTITY_KEPT;
            if (read_in(all[i], (enum entity_need)need, &a, &x, &err) != (kept ? OK : E_INPUT)) {
                fail_msg("%s as %d: \"%s\"", all[i], need, err.msg);
            }
            assert_true(kept || strstr(err.msg, "its edges cross or overlap at 5, 5") != NULL);
        }
    }
    arena_fini(&a);
}

/* A Property may have any JSON, and that is no place of anything. */
static void a_property_is_no_geometry(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct entity_attribute x;
    (void)state;
    assert_int_equal(read_in("{\"type\":\"Property\",\"value\":" POLYGON("[" BOW "]") "}",
                             ENTITY_WHOLE, &a, &x, &err),
                     OK);
    arena_fini(&a);
}

/* ---- mending ---- */

static void rings_are_mended(void **state) {
    static const struct {
        const char *json, *mended;
    } rows[] = {
        {POLYGON("[" BOW "]"),
         MULTI("[[[[5,5],[10,10],[10,0],[5,5]]],[[[0,0],[0,10],[5,5],[0,0]]]]")},
        /* Out and back again, as in the shipped outlines; and its height goes. */
        {POLYGON("[[[0,0,1],[10,0,1],[10,10,1],[10,15,1],[10,10,1],[0,10,1],[0,0,1]]]"),
         POLYGON("[[[0,0],[0,10],[10,10],[10,0],[0,0]]]")},
        {POLYGON("[" SQUARE ",[[14,4],[16,4],[16,6],[14,6],[14,4]]]"),
         MULTI("[[[[0,10],[10,10],[10,0],[0,0],[0,10]]],[[[14,6],[16,6],[16,4],[14,4],[14,6]]]]")},
        {MULTI("[[" SQUARE "],[[[10,0],[18,0],[18,10],[10,10],[10,0]]]]"),
         POLYGON("[[[0,10],[10,10],[18,10],[18,0],[10,0],[0,0],[0,10]]]")},
    };
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = ERR_INIT;
        const struct json_value *mended = NULL;
        assert_int_equal(geometry_mend(parse(rows[i].json, &a), &a, &mended, &err), OK);
        assert_string_equal(json_text(mended, &a), rows[i].mended);
        assert_int_equal(geometry_valid_value(mended, &err), OK);
    }
    arena_fini(&a);
}

/* The new corner is at a place that no 15 digits tell. */
static void a_mended_ring_keeps_its_digits(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *mended = NULL;
    (void)state;
    const struct json_value *v = parse(
        POLYGON("[[[120.1,31.2],[120.4,31.7],[120.3701171875,31.1],[120.2,31.6],[120.1,31.2]]]"),
        &a);
    assert_int_equal(geometry_mend(v, &a, &mended, &err), OK);
    assert_non_null(strstr(json_text(mended, &a), "[120.3701171875,31.1]"));
    assert_int_equal(geometry_valid_value(mended, &err), OK);
    arena_fini(&a);
}

static void nothing_is_left_of_a_line(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *mended = NULL;
    (void)state;
    const struct json_value *v = parse(POLYGON("[[[0,0],[1,1],[2,2],[0,0]]]"), &a);
    assert_int_equal(geometry_mend(v, &a, &mended, &err), E_INPUT);
    assert_non_null(strstr(err.msg, "at 1, 1, and nothing of it has an inside"));
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reason_has_words_and_a_place),
        cmocka_unit_test(what_only_looks_wrong_is_taken),
        cmocka_unit_test(positions_are_counted),
        cmocka_unit_test(whoever_sends_one_is_told),
        cmocka_unit_test(a_property_is_no_geometry),
        cmocka_unit_test(rings_are_mended),
        cmocka_unit_test(a_mended_ring_keeps_its_digits),
        cmocka_unit_test(nothing_is_left_of_a_line),
    };
    return cmocka_run_group_tests_name("ngsi/geometry", tests, NULL, NULL);
}
