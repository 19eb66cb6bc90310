/* Geo-queries: each relation over each kind of geometry, distances in metres, what is refused (CIM
 * 009 section 4.10). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "ngsi/entity_region.h"
#include "ngsi/sphere.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define LOCATION "https://uri.etsi.org/ngsi-ld/location"

static const struct entity_context context = {NULL, 0};

static bool ask(const struct entity_region_words *w, const char *value) {
    struct entity_attribute x = {.name = LOCATION, .kind = ENTITY_GEO, .value = value};
    struct entity e = {.id = "urn:e:1", .attributes = &x, .count = 1};
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct entity_region *r;
    if (entity_region_parse_kept(w, &context, &a, &r, &err) != OK) {
        fail_msg("%s %s: %s", w->georel, w->coordinates, err.msg);
    }
    bool met = entity_region_matches(r, &e);
    entity_region_free(r);
    arena_fini(&a);
    return met;
}

#define POINT(c) "{\"type\":\"Point\",\"coordinates\":" c "}"
#define GEO(t, c) "{\"type\":\"" t "\",\"coordinates\":" c "}"
#define SQUARE "[[[0,0],[10,0],[10,10],[0,10],[0,0]]]"
#define HOLED "[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],[4,6],[4,4]]]"
/* Its last edge crosses its second: an older database may have such. */
#define BOW                                                                                        \
    "[[[13.2865906,52.5648645],[13.2879639,52.5648645],[13.2797241,52.4988679],"                   \
    "[13.477478,52.4712703],[13.5049438,52.5373084],[13.2865906,52.5648645]]]"

struct row {
    const char *georel, *geometry, *coordinates;
    const char *value;
    bool met;
};

static void check_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct entity_region_words w = {rows[i].georel, rows[i].geometry, rows[i].coordinates,
                                        NULL};
        if (ask(&w, rows[i].value) != rows[i].met) {
            fail_msg("%s %s %s must %smatch %s", w.georel, w.geometry, w.coordinates,
                     rows[i].met ? "" : "not ", rows[i].value);
        }
    }
}

static void test_relations(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"within", "Polygon", SQUARE, POINT("[5,5]"), true},
        {"within", "Polygon", SQUARE, POINT("[15,5]"), false},
        {"within", "Polygon", SQUARE, POINT("[5,15]"), false},
        {"within", "Polygon", SQUARE, POINT("[0,5]"), false}, /* its edge is not within */
        {"intersects", "Polygon", SQUARE, POINT("[0,5]"), true},
        {"within", "Polygon", HOLED, POINT("[5,5]"), false},
        {"within", "Polygon", HOLED, POINT("[2,2]"), true},
        {"within", "Polygon", HOLED, POINT("[2,2,900]"), true}, /* height does not count */
        {"within", "MultiPolygon", "[" SQUARE ",[[[20,0],[30,0],[30,10],[20,10],[20,0]]]]",
         POINT("[25,5]"), true},
        {"within", "MultiPolygon", "[" SQUARE ",[[[20,0],[30,0],[30,10],[20,10],[20,0]]]]",
         POINT("[15,5]"), false},
        {"within", "Polygon", SQUARE, GEO("LineString", "[[1,1],[2,2]]"), true},
        {"within", "Polygon", SQUARE, GEO("LineString", "[[1,1],[12,2]]"), false},
        {"within", "Polygon", SQUARE, GEO("MultiPoint", "[[1,1],[2,2]]"), true},
        {"within", "Polygon", SQUARE, GEO("MultiPoint", "[[1,1],[12,2]]"), false},
        {"intersects", "Polygon", SQUARE, GEO("MultiPoint", "[[1,1],[12,2]]"), true},
        {"within", "Polygon", SQUARE, GEO("MultiLineString", "[[[1,1],[2,2]],[[3,3],[4,4]]]"),
         true},
        {"contains", "Point", "[5,5]", GEO("Polygon", SQUARE), true},
        {"contains", "Point", "[5,5]", GEO("Polygon", HOLED), false},
        {"contains", "Point", "[5,5]", POINT("[5.0,5]"), true},
        {"contains", "Point", "[5,5]", POINT("[5,5.1]"), false},
        {"contains", "Polygon", SQUARE, GEO("Polygon", "[[[1,1],[2,1],[2,2],[1,1]]]"), false},
        {"within", "Polygon", SQUARE, GEO("Polygon", "[[[1,1],[2,1],[2,2],[1,1]]]"), true},
        {"contains", "Polygon", "[[[1,1],[2,1],[2,2],[1,1]]]", GEO("Polygon", SQUARE), true},
        {"equals", "Point", "[13.3986, 52.5547]", POINT("[13.39860,52.5547]"), true},
        {"equals", "Point", "[13.3986, 52.5547]", POINT("[13.3986,52.5548]"), false},
        {"equals", "Polygon", SQUARE, GEO("Polygon", "[[[10,10],[0,10],[0,0],[10,0],[10,10]]]"),
         true},
        {"equals", "Polygon", SQUARE, GEO("Polygon", HOLED), false},
        {"equals", "LineString", "[[0,0],[5,5]]", GEO("LineString", "[[5,5],[0,0]]"), true},
        {"disjoint", "Point", "[13.3986, 52.5547]", POINT("[13.3986,52.5547]"), false},
        {"disjoint", "Point", "[13.3986, 52.5547]", POINT("[13.3987,52.5547]"), true},
        {"disjoint", "Polygon", SQUARE, GEO("LineString", "[[-1,-1],[-2,11]]"), true},
        {"disjoint", "Polygon", SQUARE, GEO("LineString", "[[-1,-1],[1,1]]"), false},
        {"disjoint", "Polygon", HOLED, POINT("[5,5]"), true},
        {"overlaps", "Polygon", SQUARE, GEO("Polygon", "[[[5,5],[15,5],[15,15],[5,15],[5,5]]]"),
         true},
        {"overlaps", "Polygon", SQUARE, GEO("Polygon", "[[[5,5],[6,5],[6,6],[5,5]]]"), false},
        {"overlaps", "Polygon", SQUARE, GEO("Polygon", SQUARE), false},
        {"overlaps", "Point", "[5,5]", POINT("[5,5]"), false},
        {"equals", "Polygon", BOW, GEO("Polygon", BOW), true},
        {"contains", "Point", "[13.3442688,52.5]", GEO("Polygon", BOW), true},
        {"intersects", "Polygon", BOW, POINT("[13.1,52.5]"), false},
    };
    check_rows(rows, COUNT(rows));
}

static void test_distances(void **state) {
    (void)state;
    static const struct row rows[] = {
        /* A degree of latitude is 111,195.08 m on the sphere. */
        {"near;maxDistance==111196", "Point", "[8,40]", POINT("[8,41]"), true},
        {"near;maxDistance==111195", "Point", "[8,40]", POINT("[8,41]"), false},
        {"near;minDistance==111195", "Point", "[8,40]", POINT("[8,41]"), true},
        {"near;minDistance==111196", "Point", "[8,40]", POINT("[8,41]"), false},
        {"near;maxDistance==111196", "Point", "[8,40]", POINT("[8.0e0,4.1E+1]"), true},
        {"near;maxDistance==111195", "Point", "[8,40]", POINT("[80e-1,41]"), false},
        {"near;maxDistance==112000", "Point", "[8,40]", POINT("[8.0000000000000000,41,7]"), true},
        {"near;maxDistance==112000", "Point", "[8,40]",
         POINT("[8.00000000000000000000001,41.0000000000000000000000000001]"), true},
        {"near;maxDistance==110000", "Point", "[8,40]",
         POINT("[8.00000000000000000000001,41.0000000000000000000000000001]"), false},
        {"near;maxDistance==3000", "Point", "[-0.001,-31.5]",
         POINT("[-0.00099999999999999,-31.500000000000004]"), true},
        {"near;maxDistance==3000", "Point", "[-120,31.5]", POINT("[120,31.5]"), false},
        {"near;maxDistance==3000", "Point", "[179.99,0]", POINT("[-179.99,0]"), true},
        {"near;maxDistance==3000", "Point", "[0,89.99]", POINT("[180,89.99]"), true},
        {"near;maxDistance==2000", "Point", "[0,89.99]", POINT("[180,89.99]"), false},
        {"near;maxDistance==1e-3", "Point", "[8,40]", POINT("[8,40]"), true},
        {"near;minDistance==0.001", "Point", "[8,40]", POINT("[8,40]"), false},
        {"near;maxDistance==15000", "Point", "[13.388930,52.534473]", POINT("[13.3986,52.5547]"),
         true},
        {"near;maxDistance==2000", "LineString", "[[0,60],[10,60]]", POINT("[10,60.009]"), true},
        {"near;maxDistance==2000", "LineString", "[[0,60],[10,60]]", POINT("[5,60.009]"), true},
        {"near;maxDistance==2000", "LineString", "[[0,61],[10,61]]", POINT("[10,60.009]"), false},
        {"near;maxDistance==20000", "Point", "[0,85]", GEO("LineString", "[[1,85],[0,85.6]]"),
         true},
        {"near;maxDistance==5000", "Point", "[0,85]", GEO("LineString", "[[1,85],[0,85.6]]"),
         false},
        /* The middle of an edge, not one of its ends. */
        {"near;maxDistance==1200", "Point", "[5,0.01]", GEO("LineString", "[[0,0],[10,0]]"), true},
        {"near;maxDistance==1100", "Point", "[5,0.01]", GEO("LineString", "[[0,0],[10,0]]"), false},
        {"near;maxDistance==1", "Point", "[5,5]", GEO("Polygon", SQUARE), true},
        {"near;minDistance==1", "Point", "[5,5]", GEO("Polygon", SQUARE), false},
        {"near;maxDistance==1", "Point", "[5,5]", GEO("Polygon", HOLED), false},
        {"near;maxDistance==120000", "Point", "[5,5]", GEO("Polygon", HOLED), true},
        {"near;maxDistance==1", "LineString", "[[0,0],[2,2]]", GEO("LineString", "[[0,2],[2,0]]"),
         true},
        {"near;maxDistance==2300", "Point", "[179.99,0]", POINT("[-179.99,0]"), true},
        {"near;maxDistance==2200", "Point", "[179.99,0]", POINT("[-179.99,0]"), false},
        {"near;maxDistance==300000", "Point", "[0,89]", POINT("[180,89]"), true},
        {"near;maxDistance==30000000", "Point", "[0,0]", POINT("[180,0]"), true},
    };
    check_rows(rows, COUNT(rows));
}

static void test_refused(void **state) {
    (void)state;
    static const struct {
        struct entity_region_words words;
        const char *why;
    } bad[] = {
        {{NULL, "Point", "[8,40]", NULL}, "without \"georel\""},
        {{"near;maxDistance==1", NULL, "[8,40]", NULL}, "without \"geometry\""},
        {{"near;maxDistance==1", "Point", NULL, NULL}, "without \"coordinates\""},
        {{"near", "Point", "[8,40]", NULL}, "behind near"},
        {{"near;maxDistance==0", "Point", "[8,40]", NULL}, "number above 0"},
        {{"near;maxDistance==-100", "Point", "[8,40]", NULL}, "number above 0"},
        {{"near;maxDistance==inf", "Point", "[8,40]", NULL}, "number above 0"},
        {{"near;maxDistance==1e999", "Point", "[8,40]", NULL}, "number above 0"},
        {{"near;maxDistance==5;minDistance==1", "Point", "[8,40]", NULL}, "number above 0"},
        {{"near;maxDistance=5", "Point", "[8,40]", NULL}, "behind near"},
        {{"nearby", "Point", "[8,40]", NULL}, "cannot take georel"},
        {{"touches", "Point", "[8,40]", NULL}, "cannot take georel"},
        {{"within", "Circle", "[8,40]", NULL}, "no type of GeoJSON"},
        {{"within", "Po\"int", "[8,40]", NULL}, "cannot take geometry"},
        {{"within", "Point", "8,40", NULL}, "no JSON"},
        {{"within", "Point", "[8]", NULL}, "two or three numbers"},
        {{"within", "Point", "[181,40]", NULL}, "longitude"},
        {{"within", "Point", "[8,90.1]", NULL}, "latitude"},
        {{"within", "Point", "[8,40],\"crs\":1", NULL}, "cannot take \"crs\""},
        {{"within", "Polygon", "[[[0,0],[1,0],[1,1],[0,1]]]", NULL}, "a ring does not end"},
        {{"within", "Polygon", "[[[0,0],[1,0],[0,0]]]", NULL}, "at least 4"},
        {{"within", "Polygon", "[]", NULL}, "no list of lists"},
        {{"within", "Polygon", "[[0,0],[1,1]]", NULL}, "position"},
        {{"within", "Point", "[8,40]", "a b"}, "cannot take name"},
        {{"within", "Polygon", "[[[0,0],[10,10],[10,0],[0,10],[0,0]]]", NULL},
         "cannot take Polygon: its edges cross or overlap at 5, 5"},
        {{"within", "Polygon", BOW, NULL}, "its edges cross or overlap at 13.2879426"},
    };
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < COUNT(bad); i++) {
        const struct entity_region *r = NULL;
        struct err err = ERR_INIT;
        enum code code = entity_region_parse(&bad[i].words, &context, &a, &r, &err);
        if (code != E_INPUT || strstr(err.msg, bad[i].why) == NULL || r != NULL) {
            fail_msg("row %zu: code %d, \"%s\"", i, (int)code, err.msg);
        }
    }
    arena_fini(&a);
}

static void test_property(void **state) {
    (void)state;
    struct entity_attribute x[] = {
        {.name = LOCATION, .kind = ENTITY_GEO, .value = POINT("[0,0]")},
        {.name = ENTITY_DEFAULT "gate", .kind = ENTITY_GEO, .value = POINT("[50,50]")},
        {.name = ENTITY_DEFAULT "gate",
         .kind = ENTITY_GEO,
         .dataset = "urn:d:1",
         .value = POINT("[5,5]")},
        {.name = ENTITY_DEFAULT "word", .value = POINT("[5,5]")},
    };
    static const struct {
        const char *property;
        bool met;
    } rows[] = {{NULL, false}, {"gate", true}, {"word", false}, {"none", false}};
    struct entity e = {.id = "urn:e:1", .attributes = x, .count = COUNT(x)};
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct entity_region_words w = {"within", "Polygon", SQUARE, rows[i].property};
        const struct entity_region *r;
        if (rows[i].property == NULL) {
            w.coordinates = "[[[1,1],[10,1],[10,10],[1,1]]]";
        }
        assert_int_equal(entity_region_parse(&w, &context, &a, &r, NULL), OK);
        assert_int_equal(entity_region_matches(r, &e), rows[i].met);
        entity_region_free(r);
    }
    struct entity_region_words none = {"disjoint", "Point", "[1,1]", "none"};
    const struct entity_region *r;
    assert_int_equal(entity_region_parse(&none, &context, &a, &r, NULL), OK);
    assert_false(entity_region_matches(r, &e));
    entity_region_free(r);
    entity_region_free(NULL);
    arena_fini(&a);
}

static void check_box(const char *georel, const char *point, bool has, struct sphere_box inner) {
    struct arena a = ARENA_INIT;
    struct entity_region_words w = {georel, "Point", point, NULL};
    const struct entity_region *r;
    struct sphere_box box;
    assert_int_equal(entity_region_parse(&w, &context, &a, &r, NULL), OK);
    assert_string_equal(entity_region_property(r), LOCATION);
    assert_int_equal(entity_region_box(r, &box), has);
    if (has) {
        assert_true(box.min_lon <= inner.min_lon && box.max_lon >= inner.max_lon);
        assert_true(box.min_lat <= inner.min_lat && box.max_lat >= inner.max_lat);
        assert_true(box.max_lat - box.min_lat <= (inner.max_lat - inner.min_lat) * 1.01 + 1e-9);
    }
    entity_region_free(r);
    arena_fini(&a);
}

static void test_boxes(void **state) {
    (void)state;
    check_box("within", "[8,40]", true, (struct sphere_box){8, 8, 40, 40});
    check_box("disjoint", "[8,40]", false, (struct sphere_box){0, 0, 0, 0});
    check_box("near;minDistance==5", "[8,40]", false, (struct sphere_box){0, 0, 0, 0});
    check_box("near;maxDistance==111195", "[8,0]", true,
              (struct sphere_box){7.0001, 8.9999, -0.9999, 0.9999});
    /* At 60 degrees a degree of longitude is half as long. */
    check_box("near;maxDistance==111195", "[8,60]", true,
              (struct sphere_box){6.0005, 9.9995, 59.0001, 60.9999});
    check_box("near;maxDistance==200000", "[8,89]", true,
              (struct sphere_box){-180, 180, 87.21, 90.79});
    check_box("near;maxDistance==200000", "[179.5,0]", true,
              (struct sphere_box){-180, 180, -1.79, 1.79});
}

static double round_up(double x) {
    return floor(x + 0.5);
}

static void test_sphere(void **state) {
    (void)state;
    /* A quarter of a great circle of a sphere with a radius of 6,371,008.8 m: half of pi of it. */
    struct sphere_place origin = {0, 0};
    struct sphere_place pole = {0, 90};
    struct sphere_place across = {180, 0};
    assert_true(round_up(sphere_distance_m(origin, pole)) == 10007557);
    assert_true(round_up(sphere_distance_m(origin, across)) == 20015114);
    assert_true(sphere_distance_m(pole, pole) == 0);
    struct sphere_place a = {-1, 1};
    struct sphere_place b = {1, 1};
    assert_true(round_up(sphere_distance_segment_m(origin, a, b, 1e9)) == 111195);
    assert_true(sphere_distance_segment_m(origin, a, b, 1000) > 1000);
    assert_true(sphere_distance_segment_m(b, a, b, 1) == 0);
    assert_true(round_up(sphere_distance_segment_m(origin, b, b, 1e9)) ==
                round_up(sphere_distance_m(origin, b)));
}

/* Whatever is said without a sine is so, wherever and however near to the border; in the common
 * case something is said. */
static void check_reach(struct sphere_place middle, double distance_m, double part, int turn) {
    struct sphere_reach r = sphere_reach(middle, distance_m);
    double angle = turn * 0.3926990816987241;
    double length = part * distance_m / 111195.08;
    struct sphere_place p = {middle.lon + length * sin(angle) / cos(middle.lat * 0.01745329251994),
                             middle.lat + length * cos(angle)};
    double there = sphere_distance_m(middle, p);
    enum sphere_side side = sphere_reach_side(&r, p);
    if ((side == SPHERE_INSIDE && there > distance_m) ||
        (side == SPHERE_OUTSIDE && there <= distance_m)) {
        fail_msg("%g %g to %g %g: %g of %g", middle.lon, middle.lat, p.lon, p.lat, there,
                 distance_m);
    }
    bool common = distance_m == 3000 && middle.lat == 31.5;
    assert_false(common && part == 0.5 && side != SPHERE_INSIDE);
    assert_false(common && part == 2 && side != SPHERE_OUTSIDE);
}

static void test_reach(void **state) {
    static const struct sphere_place middles[] = {
        {120.3, 31.5}, {0, 0}, {-60, -75}, {10, 89.9}, {179.999, 5}};
    static const double distances[] = {0.0005, 1, 3000, 250000, 2e6, 3e7};
    static const double parts[] = {0,         0.5,     0.9,   0.999, 0.99999, 0.9999999, 1,
                                   1.0000001, 1.00001, 1.001, 1.1,   2,       8};
    (void)state;
    for (size_t m = 0; m < COUNT(middles); m++) {
        for (size_t i = 0; i < COUNT(distances) * COUNT(parts); i++) {
            for (int turn = 0; turn < 16; turn++) {
                check_reach(middles[m], distances[i / COUNT(parts)], parts[i % COUNT(parts)], turn);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relations), cmocka_unit_test(test_distances),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_property),
        cmocka_unit_test(test_boxes),     cmocka_unit_test(test_sphere),
        cmocka_unit_test(test_reach),
    };
    return cmocka_run_group_tests_name("ngsi/region", tests, NULL, NULL);
}
