/* WGS-84, GCJ-02, BD-09: points that others reckoned, there and back over the whole box, its
 * borders, and numbers that are no coordinates. */
#include "city/datum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct lonlat convert(enum datum from, enum datum to, struct lonlat at) {
    struct lonlat out;
    struct err err = ERR_INIT;
    if (datum_convert(from, to, at, &out, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    return out;
}

/* The larger of the two differences, in degrees. */
static double apart(struct lonlat a, struct lonlat b) {
    return fmax(fabs(a.lon - b.lon), fabs(a.lat - b.lat));
}

/* A degree is 111.32 km along a meridian, and along the equator: near enough for short ways. */
static double metres(struct lonlat a, struct lonlat b) {
    double east = (a.lon - b.lon) * 111320.0 * cos(a.lat / 180.0 * M_PI);
    return hypot(east, (a.lat - b.lat) * 111320.0);
}

/* ---- points that others reckoned ---- */

static void it_agrees_with_coordtransform(void **state) {
    (void)state;
    /* Printed in test/app.js of wandergis/coordtransform (MIT). Its ways back are of one step, from
     * GCJ-02 too, so they are met within metres alone. */
    static const struct {
        enum datum from, to;
        struct lonlat want;
        double within; /* degrees */
    } rows[] = {
        {DATUM_GCJ02, DATUM_BD09, {116.41036949371029, 39.92133699351021}, 1e-12},
        {DATUM_WGS84, DATUM_GCJ02, {116.41024449916938, 39.91640428150164}, 1e-12},
        {DATUM_BD09, DATUM_GCJ02, {116.39762729119315, 39.90865673957631}, 1e-5},
        {DATUM_GCJ02, DATUM_WGS84, {116.39775550083061, 39.91359571849836}, 2e-5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lonlat got = convert(rows[i].from, rows[i].to, (struct lonlat){116.404, 39.915});
        assert_true(apart(got, rows[i].want) < rows[i].within);
    }
}

static void it_agrees_with_eviltransform(void **state) {
    (void)state;
    /* Tests of googollee/eviltransform (BSD): Shanghai, Shenzhen, Beijing. Its ellipsoid is
     * another: 2 cm. */
    static const struct {
        struct lonlat wgs, gcj;
    } rows[] = {
        {{121.5272106, 31.1774276}, {121.531541859215, 31.17530398364597}},
        {{113.912316, 22.543847}, {113.9171764808363, 22.540796131694766}},
        {{116.377817, 39.911954}, {116.38404722455657, 39.91334545536069}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(metres(convert(DATUM_WGS84, DATUM_GCJ02, rows[i].wgs), rows[i].gcj) < 0.02);
        assert_true(metres(convert(DATUM_GCJ02, DATUM_WGS84, rows[i].gcj), rows[i].wgs) < 0.02);
    }
}

static void it_comes_near_what_services_answer(void **state) {
    (void)state;
    /* The example of Aliyun's TransferCoord, six decimals. Its WGS-84 is of one step, 2 m off. */
    struct lonlat gcj = {120.026268, 30.279164};
    assert_true(apart(convert(DATUM_GCJ02, DATUM_BD09, gcj),
                      (struct lonlat){120.032768, 30.285238}) < 1e-6);
    assert_true(metres(convert(DATUM_GCJ02, DATUM_WGS84, gcj),
                       (struct lonlat){120.021519, 30.281543}) < 2.0);
    /* The example of Baidu's geoconv/v1 (from=1, to=5), with the answer that users of the service
     * noted beside their calls. */
    struct lonlat gps = {114.21892734521, 29.575429778924};
    struct lonlat baidu = {114.23074952312, 29.57908262908};
    assert_true(metres(convert(DATUM_WGS84, DATUM_BD09, gps), baidu) < 0.5);
    assert_true(metres(convert(DATUM_BD09, DATUM_WGS84, baidu), gps) < 0.5);
}

/* ---- there and back ---- */

static double draw(uint64_t *seed, double low, double high) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * ((double)(*seed >> 11) / 9007199254740992.0);
}

/* What the ways there and back miss, at most, in metres, and how far the datums are apart. */
struct bounds {
    double gcj, bd, both;
    double nearest, farthest;
};

static void measure(struct lonlat at, struct bounds *b) {
    struct lonlat gcj = convert(DATUM_WGS84, DATUM_GCJ02, at);
    struct lonlat bd = convert(DATUM_WGS84, DATUM_BD09, at);
    b->nearest = fmin(b->nearest, metres(at, gcj));
    b->farthest = fmax(b->farthest, metres(at, gcj));
    b->gcj = fmax(b->gcj, metres(at, convert(DATUM_GCJ02, DATUM_WGS84, gcj)));
    b->bd = fmax(b->bd, metres(gcj, convert(DATUM_BD09, DATUM_GCJ02, bd)));
    b->both = fmax(b->both, metres(at, convert(DATUM_BD09, DATUM_WGS84, bd)));
}

static void expect_back(const struct bounds *b) {
    if (b->gcj > 1e-4 || b->bd > 1e-4 || b->both > 1e-4) {
        fail_msg("there and back misses %g m, %g m, %g m", b->gcj, b->bd, b->both);
    }
}

/* 0.1 mm, where 0.1 m is asked for; found is less than 0.001 mm, and GCJ-02 5 m to 723 m away. The
 * box is left alone by half a degree, as GCJ-02 and BD-09 ask
 * for it each in their own coordinates. */
static void there_and_back_over_china(void **state) {
    (void)state;
    uint64_t seed = 20;
    struct bounds b = {.nearest = INFINITY};
    for (int i = 0; i < 100000; i++) {
        measure((struct lonlat){draw(&seed, 72.5, 137.3), draw(&seed, 1.3, 55.3)}, &b);
    }
    expect_back(&b);
    assert_true(b.farthest < 2500.0);
}

static void there_and_back_in_wuxi(void **state) {
    (void)state;
    uint64_t seed = 21;
    struct bounds b = {.nearest = INFINITY};
    for (int i = 0; i < 20000; i++) {
        measure((struct lonlat){draw(&seed, 119.5, 120.7), draw(&seed, 31.1, 32.1)}, &b);
    }
    expect_back(&b);
    assert_true(b.nearest > 300.0 && b.farthest < 600.0);
}

/* A root of |longitude - 105| has its corner there. */
static void there_and_back_beside_105_east(void **state) {
    (void)state;
    uint64_t seed = 22;
    struct bounds b = {.nearest = INFINITY};
    for (int i = 0; i < 20000; i++) {
        double beside = pow(10.0, draw(&seed, -15.0, -1.0));
        double lat = draw(&seed, 1.0, 55.5);
        measure((struct lonlat){105.0 + (i % 2 == 0 ? beside : -beside), lat}, &b);
    }
    measure((struct lonlat){105.0, 35.0}, &b);
    expect_back(&b);
}

static void every_way_is_its_two_halves(void **state) {
    (void)state;
    uint64_t seed = 23;
    for (int i = 0; i < 2000; i++) {
        struct lonlat at = {draw(&seed, 75.0, 135.0), draw(&seed, 5.0, 53.0)};
        struct lonlat gcj = convert(DATUM_WGS84, DATUM_GCJ02, at);
        assert_true(apart(convert(DATUM_WGS84, DATUM_BD09, at),
                          convert(DATUM_GCJ02, DATUM_BD09, gcj)) == 0.0);
        gcj = convert(DATUM_BD09, DATUM_GCJ02, at);
        assert_true(apart(convert(DATUM_BD09, DATUM_WGS84, at),
                          convert(DATUM_GCJ02, DATUM_WGS84, gcj)) == 0.0);
        assert_true(apart(convert(DATUM_BD09, DATUM_BD09, at), at) == 0.0);
    }
}

/* ---- the box ---- */

static void expect_still(double lon, double lat) {
    struct lonlat at = {lon, lat};
    for (int from = DATUM_WGS84; from <= DATUM_BD09; from++) {
        for (int to = DATUM_WGS84; to <= DATUM_BD09; to++) {
            assert_true(apart(convert((enum datum)from, (enum datum)to, at), at) == 0.0);
        }
    }
}

static void nothing_is_moved_outside_the_box(void **state) {
    (void)state;
    expect_still(0.0, 0.0);
    expect_still(-74.0060, 40.7128);
    expect_still(139.6917, 35.6895);
    expect_still(180.0, 90.0);
    expect_still(-180.0, -90.0);
    expect_still(100.0, 90.0);
    expect_still(71.0, 35.0);
    expect_still(71.99, 35.0);
    expect_still(138.0, 35.0);
    expect_still(105.0, 0.8);
    expect_still(105.0, 55.9);
}

static void the_border_belongs_to_the_box(void **state) {
    (void)state;
    struct lonlat corner = {72.004, 0.8293};
    struct lonlat beside = {nextafter(72.004, 0.0), 0.8293};
    assert_true(apart(convert(DATUM_WGS84, DATUM_GCJ02, corner), corner) > 1e-5);
    assert_true(apart(convert(DATUM_WGS84, DATUM_GCJ02, beside), beside) == 0.0);
}

/* Also where the move leads out of it. */
static void what_starts_in_the_box_comes_back(void **state) {
    (void)state;
    uint64_t seed = 24;
    int left = 0;
    for (int i = 0; i < 20000; i++) {
        struct lonlat at = {draw(&seed, 72.0041, 137.8346), draw(&seed, 0.8294, 55.8270)};
        double in = draw(&seed, 0.0001, 0.01);
        switch (i % 4) {
        case 0:
            at.lon = 72.004 + in;
            break;
        case 1:
            at.lon = 137.8347 - in;
            break;
        case 2:
            at.lat = 0.8293 + in;
            break;
        default:
            at.lat = 55.8271 - in;
        }
        struct lonlat gcj = convert(DATUM_WGS84, DATUM_GCJ02, at);
        left += gcj.lon > 137.8347 || gcj.lon < 72.004 || gcj.lat < 0.8293 || gcj.lat > 55.8271;
        assert_true(apart(convert(DATUM_GCJ02, DATUM_WGS84, gcj), at) < 1e-9);
    }
    assert_true(left > 100);
}

/* Any place of the globe, with no claim but an answer that is a number not far off. */
static void every_point_has_an_answer(void **state) {
    (void)state;
    uint64_t seed = 25;
    for (int i = 0; i < 50000; i++) {
        struct lonlat at = {draw(&seed, -180.0, 180.0), draw(&seed, -90.0, 90.0)};
        if (i % 2 == 0) {
            at = (struct lonlat){draw(&seed, 71.8, 138.1), draw(&seed, 0.6, 56.1)};
        }
        enum datum from = (enum datum)(i / 2 % 3);
        enum datum to = (enum datum)(i / 6 % 3);
        assert_true(apart(convert(from, to, at), at) < 0.1);
    }
}

/* ---- what is no coordinate ---- */

static void numbers_out_of_range_are_refused(void **state) {
    (void)state;
    static const struct {
        struct lonlat at;
        const char *says;
    } rows[] = {
        {{180.5, 0.0}, "longitude 180.5"},  {{-180.5, 0.0}, "longitude -180.5"},
        {{31.5, 120.3}, "latitude 120.3"},  {{0.0, -90.1}, "latitude -90.1"},
        {{NAN, 0.0}, "longitude"},          {{0.0, NAN}, "latitude"},
        {{INFINITY, 0.0}, "longitude inf"}, {{0.0, -INFINITY}, "latitude -inf"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lonlat out = {1.0, 2.0};
        struct err err = ERR_INIT;
        assert_int_equal(datum_convert(DATUM_WGS84, DATUM_WGS84, rows[i].at, &out, &err), E_INPUT);
        assert_non_null(strstr(err.msg, rows[i].says));
        assert_true(out.lon == 1.0 && out.lat == 2.0);
    }
}

static void a_datum_has_its_word(void **state) {
    (void)state;
    enum datum d = DATUM_WGS84;
    assert_true(datum_find("bd09", &d));
    assert_int_equal(d, DATUM_BD09);
    assert_string_equal(datum_word(DATUM_GCJ02), "gcj02");
    assert_false(datum_find("BD-09", &d));
    assert_int_equal(d, DATUM_BD09);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_coordtransform),
        cmocka_unit_test(it_agrees_with_eviltransform),
        cmocka_unit_test(it_comes_near_what_services_answer),
        cmocka_unit_test(there_and_back_over_china),
        cmocka_unit_test(there_and_back_in_wuxi),
        cmocka_unit_test(there_and_back_beside_105_east),
        cmocka_unit_test(every_way_is_its_two_halves),
        cmocka_unit_test(nothing_is_moved_outside_the_box),
        cmocka_unit_test(the_border_belongs_to_the_box),
        cmocka_unit_test(what_starts_in_the_box_comes_back),
        cmocka_unit_test(every_point_has_an_answer),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(a_datum_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
