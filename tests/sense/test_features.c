/* Features of GeoJSON files, one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "sense/features.h"

/* Each feature as "number@line:text", what is wrong behind "!"; ends at what ends the file. */
static void read_all(const char *bytes, size_t n, size_t step, struct buf *to) {
    struct input_bytes in = {bytes, n, step};
    struct input input = {input_read_bytes, &in};
    struct features *f = NULL;
    features_new(&input, &f);
    buf_add(to, "", 0);
    for (enum code code = OK; code == OK || code == E_LIMIT;) {
        struct feature x;
        struct err err = ERR_INIT;
        code = features_next(f, &x, &err);
        if (code == OK && x.text == NULL) {
            break;
        }
        if (code == OK) {
            buf_addf(to, "%d@%d:%.*s\n", (int)x.number, (int)x.line, (int)x.len, x.text);
        } else {
            buf_addf(to, "!%s\n", err.msg);
        }
    }
    features_free(f);
}

static void expect(const char *json, const char *want) {
    for (size_t step = 1; step < 100; step += 9) {
        struct buf got = BUF_INIT;
        read_all(json, strlen(json), step, &got);
        assert_string_equal(got.data, want);
        buf_fini(&got);
    }
}

#define HEAD "{\"type\": \"FeatureCollection\", "

static void features_are_found(void **state) {
    (void)state;
    expect(HEAD "\"features\": []}", "");
    expect("\xEF\xBB\xBF" HEAD "\n\"features\": [\n{\"a\": [1, \"]}\\\"\"]},\n{}\n]}",
           "1@3:{\"a\": [1, \"]}\\\"\"]}\n2@4:{}\n");
    expect(HEAD "\"bbox\": [1, 2], \"x\": {\"features\": [9]}, \"features\": [1, \"a\"], \"y\": 3}",
           "1@1:1\n2@1:\"a\"\n");
    expect("{\"features\": [{}], \"type\": \"FeatureCollection\"}", "1@1:{}\n");
}

static void reference_systems(void **state) {
    (void)state;
    expect(HEAD "\"crs\": {\"type\": \"name\", \"properties\": {\"name\": "
                "\"urn:ogc:def:crs:OGC:1.3:CRS84\"}}, \"features\": [{}]}",
           "1@1:{}\n");
    expect(HEAD "\"crs\": null, \"features\": [{}]}", "1@1:{}\n");
    expect(HEAD "\"crs\": {\"properties\": {\"name\": \"EPSG:4490\"}}, \"features\": [{}]}",
           "1@1:{}\n");
    expect(HEAD "\"crs\": {\"properties\": {\"name\": \"EPSG:3857\"}}, \"features\": [{}]}",
           "!cannot take geojson in the coordinates of crs EPSG:3857: convert it to WGS 84\n");
}

static void what_is_none(void **state) {
    (void)state;
    expect("", "!cannot read geojson: line 1: the file ends, an object should be\n");
    expect("[]", "!cannot read geojson: line 1: \"[\" stands where an object should be\n");
    expect("{\"type\": \"Feature\", \"geometry\": null}",
           "!cannot read geojson: it is a \"Feature\", no FeatureCollection\n");
    expect("{}", "!cannot read geojson: it has no list \"features\"\n");
    expect(HEAD "\"features\": 3}", "!cannot read geojson: it has no list \"features\"\n");
    expect(HEAD "\"features\": [{}, {\"a\": 1",
           "1@1:{}\n!cannot read geojson: line 1: the file ends, with a bracket or text that is "
           "open\n");
    expect(HEAD "\"features\": [{}\n,,{}]}",
           "1@1:{}\n!cannot read geojson: line 2: \",\" stands where a value should be\n");
    expect(HEAD "\"features\": [{}], \"features\": [{}]}",
           "1@1:{}\n!cannot read geojson: line 1: a second list of features\n");
}

static void large_features(void **state) {
    struct buf b = BUF_INIT;
    struct buf got = BUF_INIT;
    (void)state;
    buf_adds(&b, HEAD "\"features\": [{\"a\": \"");
    for (size_t i = 0; i < JSON_INPUT_MAX; i++) {
        buf_addc(&b, 'x');
    }
    buf_adds(&b, "\"}, {\"b\": 1}]}");
    read_all(b.data, b.len, 4096, &got);
    assert_string_equal(got.data,
                        "!cannot read the feature: more than 1048576 bytes\n2@1:{\"b\": 1}\n");
    buf_fini(&got);
    buf_fini(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_found),
        cmocka_unit_test(reference_systems),
        cmocka_unit_test(what_is_none),
        cmocka_unit_test(large_features),
    };
    return cmocka_run_group_tests_name("sense/features", tests, NULL, NULL);
}
