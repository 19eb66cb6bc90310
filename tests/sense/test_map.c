/* Maps: what they make of a row, and what is said of one that is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

#include "base/buf.h"
#include "sense/map.h"

/* A map with the one entity that every test needs, and these attributes and members. */
#define MAP(members, attributes)                                                                   \
    "{" members "\"entities\": [{\"id\": \"urn:x:{id}\", \"type\": \"T\", \"time\": {\"text\": "   \
    "\"{t}\", \"format\": \"%Y-%m-%d\", \"zone\": \"+08:00\"}, \"attributes\": [" attributes       \
    "]}]}"

static void refuses(const char *json, const char *words) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct map map;
    enum code code = map_parse(json, strlen(json), &a, &map, &err);
    if (code == OK || strstr(err.msg, words) == NULL) {
        fail_msg("expected \"%s\" in \"%s\"", words, err.msg);
    }
    arena_fini(&a);
}

static void places_of_errors(void **state) {
    (void)state;
    refuses("{", "cannot read JSON at byte 1");
    refuses("[]", "object");
    refuses("{}", "entities");
    refuses("{\"entities\": []}", "it has no entities");
    refuses("{\"entities\": [3]}", "entities[0]: ");
    refuses("{\"entities\": [{\"id\": \"urn:x\", \"type\": \"T\", \"attributes\": []}]}",
            "entities[0]: it needs \"id\", with a column in it");
    refuses("{\"entities\": [{\"id\": \"urn:x:{a\", \"type\": \"T\", \"attributes\": []}]}",
            "entities[0]: id: cannot read \"urn:x:{a\": a brace without its other");
    refuses("{\"entities\": [{\"id\": \"urn:x:{a}\", \"attributes\": []}]}", "it has 0 types");
    refuses("{\"delimiter\": \"ab\", \"entities\": []}", "member \"delimiter\" is \"ab\"");
    refuses("{\"delimeter\": \",\", \"entities\": []}", "delimeter");
    refuses("{\"encoding\": \"latin1\", \"entities\": []}", "member \"encoding\" is \"latin1\"");
    refuses("{\"header\": false, \"entities\": []}", "no \"columns\" where the file has no header");
    refuses("{\"format\": \"geojson\", \"skip\": 1, \"entities\": []}",
            "member \"skip\" is for csv");
    refuses(MAP("", "{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\", \"factr\": 2}"),
            "entities[0]: attributes[0] \"v\": ");
    refuses(MAP("", "{\"name\": \"v\", \"column\": \"v\"}"), "it needs \"kind\", or a \"value\"");
    refuses(MAP("", "{\"name\": \"v\", \"kind\": \"nmber\", \"column\": \"v\"}"),
            "member \"kind\" is \"nmber\", not one of number, text");
    refuses(MAP("", "{\"name\": \"v\", \"kind\": \"number\"}"), "one of \"column\", \"text\"");
    refuses(
        MAP("", "{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\", \"factor\": \"x\"}"),
        "attributes[0] \"v\": factor: cannot read \"x\"");
    refuses(MAP("", "{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\", \"cases\": [{}, "
                    "{\"from\": \"soon\"}]}"),
            "attributes[0] \"v\": cases[1]: from: \"soon\" is not as 2016-10-30");
    refuses(MAP("", "{\"name\": \"p\", \"kind\": \"point\", \"longitude\": \"x\"}"),
            "\"longitude\" and \"latitude\" for a point");
    refuses(MAP("", "{\"name\": \"p\", \"kind\": \"point\", \"longitude\": \"x\", \"latitude\": "
                    "\"y\", \"datum\": \"cgcs\"}"),
            "member \"datum\" is \"cgcs\"");
    refuses(MAP("", "{\"name\": \"g\", \"kind\": \"geometry\"}"), "\"format\": \"geojson\"");
    refuses(MAP("", "{\"name\": \"g\", \"kind\": \"text\", \"column\": \"g\", \"mend\": true}"),
            "\"kind\": \"geometry\" for \"mend\"");
    refuses(MAP("", "{\"name\": \"id\", \"kind\": \"text\", \"column\": \"v\"}"), "\"id\"");
    refuses(MAP("\"header\": false, \"columns\": [\"id\", \"t\"], ",
                "{\"name\": \"v\", \"kind\": \"text\", \"column\": \"w\"}"),
            "column \"w\" is not among its \"columns\"");
    refuses(
        "{\"entities\": [{\"id\": \"urn:x:{i}\", \"type\": \"T\", \"time\": {\"text\": \"{t}\", "
        "\"format\": \"%Y\"}, \"attributes\": []}]}",
        "entities[0]: time: its times have no zone");
    refuses(
        "{\"entities\": [{\"id\": \"urn:x:{i}\", \"type\": \"T\", \"time\": {\"text\": \"{t}\", "
        "\"format\": \"%Y\", \"zone\": [{\"zone\": \"Z\"}, {\"zone\": \"Z\"}]}, "
        "\"attributes\": []}]}",
        "zone[0]: all zones but the last have \"until\"");
}

/* ---- rows ---- */

struct cell {
    const char *column, *value;
};

/* The result as text: "id@ms name=value[unit]@..." a line for each entity, or why there is none. */
static void apply(const char *json, const struct cell *row, size_t n, struct buf *to) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct map map;
    struct map_result result;
    struct map_fault fault;
    if (map_parse(json, strlen(json), &a, &map, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    const char **values = arena_zero(&a, (map.column_count + 1) * sizeof *values);
    for (size_t i = 0; i < map.column_count; i++) {
        for (size_t k = 0; k < n; k++) {
            if (strcmp(map.columns[i], row[k].column) == 0) {
                values[i] = row[k].value;
            }
        }
    }
    struct map_record record = {values, NULL};
    buf_add(to, "", 0);
    if (map_apply(&map, &record, &a, &result, &fault, &err) != OK) {
        buf_addf(to, "%s \"%s\": %s", fault.column == NULL ? "-" : fault.column,
                 fault.value == NULL ? "" : fault.value, err.msg);
    }
    for (size_t i = 0; err.code == OK && i < result.count; i++) {
        const struct entity *e = &result.entities[i];
        buf_addf(to, "%s%s", i > 0 ? "\n" : "", e->id);
        for (size_t k = 0; k < e->count; k++) {
            const struct entity_attribute *x = &e->attributes[k];
            buf_addf(to, " %s%s%s=%s%s%s", strrchr(x->name, '/') + 1, x->dataset == NULL ? "" : "#",
                     x->dataset == NULL ? "" : x->dataset, x->value, x->unit == NULL ? "" : " ",
                     x->unit == NULL ? "" : x->unit);
            if (x->observed) {
                buf_addf(to, "@%lld", (long long)x->observed_ms / 1000);
            }
        }
    }
    arena_fini(&a);
}

#define ROW(...) ((const struct cell[]){{"id", "1"}, {"t", "1970-01-02"}, __VA_ARGS__})
#define COUNT(row) (sizeof(row) / sizeof(row)[0])

static void gives(const char *json, const struct cell *row, size_t n, const char *want) {
    struct buf got = BUF_INIT;
    apply(json, row, n, &got);
    assert_string_equal(got.data, want);
    buf_fini(&got);
}

/* One attribute, of a row with one more column, v. */
static void value_is(const char *json, const char *v, const char *want) {
    const struct cell row[] = {{"id", "1"}, {"t", "1970-01-02"}, {"v", v}};
    gives(json, row, COUNT(row), want);
}

static void values(void **state) {
    static const char number[] = MAP("\"missing\": [\"NA\", \"-9999\", \"—\"], ",
                                     "{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\", "
                                     "\"unitCode\": \"GQ\"}");
    static const char truth[] =
        MAP("", "{\"name\": \"v\", \"kind\": \"boolean\", \"column\": \"v\", \"observed\": false}");
    (void)state;
    value_is(number, "13.50", "urn:x:1 v=13.50 GQ@57600");
    value_is(number,
             " \xE3\x80\x80"
             "13.50\xC2\xA0\n",
             "urn:x:1 v=13.50 GQ@57600");
    value_is(number, "", "urn:x:1");
    value_is(number, NULL, "urn:x:1");
    value_is(number, "—", "urn:x:1");
    value_is(number, "-9999", "urn:x:1");
    value_is(number, "-9998", "urn:x:1 v=-9998 GQ@57600");
    value_is(number, "8,1", "v \"8,1\": not a number");
    value_is(truth, "是", "urn:x:1 v=true");
    value_is(truth, "FALSE", "urn:x:1 v=false");
    value_is(truth, "2", "v \"2\": neither true nor false");
    value_is(MAP("", "{\"name\": \"v\", \"kind\": \"time\", \"column\": \"v\", \"format\": "
                     "\"%d.%m.%Y\", \"zone\": \"Z\", \"observed\": false}"),
             "3.2.2020", "urn:x:1 v={\"@type\":\"DateTime\",\"@value\":\"2020-02-03T00:00:00Z\"}");
    value_is(MAP("", "{\"name\": \"v\", \"kind\": \"relationship\", \"text\": \"urn:y:{v}\", "
                     "\"observed\": false}"),
             "Bull Ring/2", "urn:x:1 v=\"urn:y:Bull%20Ring%2F2\"");
    value_is(MAP("", "{\"name\": \"v\", \"kind\": \"relationship\", \"column\": \"v\"}"), "no uri",
             "v \"no uri\": \"no uri\" is no URI");
    value_is(
        MAP("", "{\"name\": \"v\", \"kind\": \"json\", \"column\": \"v\", \"observed\": false}"),
        "{\"a\": [1, 2.0]}", "urn:x:1 v={\"a\":[1,2.0]}");
    value_is(MAP("", "{\"name\": \"v\", \"value\": {\"a\": \"b\"}}"), "",
             "urn:x:1 v={\"a\":\"b\"}");
    value_is(
        MAP("", "{\"name\": \"v\", \"kind\": \"text\", \"column\": \"v\", \"required\": true}"), "",
        "v \"\": \"v\" is required, and says nothing");
    value_is(MAP("", "{\"name\": \"v\", \"kind\": \"language\", \"language\": \"zh\", \"column\": "
                     "\"v\", \"observed\": false}"),
             "无锡", "urn:x:1 v={\"zh\":\"无锡\"}");
}

static void words(void **state) {
    static const char map[] =
        MAP("\"missing\": [\"NaN\"], ",
            "{\"name\": \"v\", \"kind\": \"text\", \"column\": \"v\", \"split\": \"\\n\", "
            "\"words\": {\"优\": \"good\", \"一\": 1}, \"observed\": false}");
    static const char kept[] = MAP("", "{\"name\": \"v\", \"kind\": \"text\", \"column\": \"v\", "
                                       "\"words\": {\"a\": \"b\"}, \"others\": \"keep\", "
                                       "\"observed\": false}");
    (void)state;
    value_is(map, "优", "urn:x:1 v=\"good\"");
    value_is(map, "\n     优\n    \n   一\n", "urn:x:1 v=[\"good\",1]");
    value_is(map, "\n NaN \n", "urn:x:1");
    value_is(map, "良", "v \"良\": not one of the 2 words of the map");
    value_is(kept, "z\"", "urn:x:1 v=\"z\\\"\"");
}

/* A unit that changes at a date, as CO of a city did, and one that a column says. */
static void unit_breaks(void **state) {
    static const char map[] =
        MAP("", "{\"name\": \"co\", \"kind\": \"number\", \"column\": \"v\", \"unitCode\": \"GP\", "
                "\"cases\": [{\"until\": \"2018-01-01\", \"factor\": 0.001}, {\"when\": {\"u\": "
                "[\"ppm\", \"?\"]}, \"refuse\": \"no unit\"}, {\"when\": {\"u\": \"ug\"}, "
                "\"unitCode\": \"GQ\"}]}");
    (void)state;
    gives(map, ((const struct cell[]){{"id", "1"}, {"t", "2017-12-31"}, {"v", "1100"}}), 3,
          "urn:x:1 co=1.1 GP@1514649600");
    gives(map, ((const struct cell[]){{"id", "1"}, {"t", "2018-01-01"}, {"v", "1.1"}}), 3,
          "urn:x:1 co=1.1 GP@1514736000");
    gives(map, ((const struct cell[]){{"id", "1"}, {"t", "2018-01-01"}, {"v", "3"}, {"u", "ppm"}}),
          4, "v \"3\": no unit");
    gives(map, ((const struct cell[]){{"id", "1"}, {"t", "2018-01-01"}, {"v", "3"}, {"u", "ug"}}),
          4, "urn:x:1 co=3 GQ@1514736000");
    value_is(MAP("",
                 "{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\", \"minus\": \"id\", "
                 "\"factor\": 2}"),
             "7", "urn:x:1 v=12@57600");
}

static void coordinates(void **state) {
    static const char wgs[] =
        MAP("", "{\"name\": \"p\", \"kind\": \"point\", \"longitude\": \"x\", "
                "\"latitude\": \"y\", \"observed\": false}");
    static const char gcj[] =
        MAP("", "{\"name\": \"p\", \"kind\": \"point\", \"longitude\": \"x\", \"latitude\": \"y\", "
                "\"datum\": \"gcj02\", \"observed\": false}");
    static const char bd[] =
        MAP("", "{\"name\": \"p\", \"kind\": \"point\", \"longitude\": \"x\", \"latitude\": \"y\", "
                "\"datum\": \"bd09\", \"observed\": false}");
    (void)state;
    gives(wgs, ROW({"x", "120.30"}, {"y", "31.5"}), 4,
          "urn:x:1 p={\"type\":\"Point\",\"coordinates\":[120.30,31.5]}");
    gives(wgs, ROW({"x", "120.30"}, {"y", ""}), 4, "urn:x:1");
    gives(wgs, ROW({"x", "31.5"}, {"y", "120.30"}), 4,
          "y \"120.30\": latitude 120.3 is not -90 to 90 degrees");
    /* as `taihu city convert` has them */
    gives(gcj, ROW({"x", "120.31"}, {"y", "31.49"}), 4,
          "urn:x:1 p={\"type\":\"Point\",\"coordinates\":[120.3054002,31.4919005]}");
    gives(bd, ROW({"x", "120.31"}, {"y", "31.49"}), 4,
          "urn:x:1 p={\"type\":\"Point\",\"coordinates\":[120.2988017,31.4862639]}");
}

/* Long files: a column names what the value is of. */
static void long_files(void **state) {
    static const char map[] =
        "{\"entities\": [{\"id\": \"{id}\", \"type\": [\"A\", \"B\"], \"unless\": {\"kind\": "
        "\"x\"}, \"attributes\": [{\"name\": \"rain\", \"kind\": \"number\", \"column\": \"v\", "
        "\"when\": {\"kind\": \"rainfall\"}}, {\"name\": \"level\", \"kind\": \"number\", "
        "\"column\": \"v\", \"when\": {\"kind\": [\"level\", \"stage\"]}, \"dataset\": "
        "\"urn:d:{kind}\"}]}, {\"id\": \"urn:also:{v}\", \"type\": \"C\", \"when\": {\"kind\": "
        "\"level\"}, \"attributes\": []}]}";
    (void)state;
    gives(map, ((const struct cell[]){{"id", "urn:x:a b"}, {"kind", "rainfall"}, {"v", "2"}}), 3,
          "id \"urn:x:a b\": \"urn:x:a b\" is no URI");
    gives(map, ((const struct cell[]){{"id", "urn:x:a"}, {"kind", "rainfall"}, {"v", "2"}}), 3,
          "urn:x:a rain=2");
    gives(map, ((const struct cell[]){{"id", "urn:x:a"}, {"kind", "level"}, {"v", "2"}}), 3,
          "urn:x:a level#urn:d:level=2\nurn:also:2");
    gives(map, ((const struct cell[]){{"id", "urn:x:a"}, {"kind", "x"}, {"v", "2"}}), 3, "");
    gives(map, ((const struct cell[]){{"id", ""}, {"kind", "rainfall"}, {"v", "2"}}), 3,
          "id \"\": it is needed for the id, and says nothing");
}

static void second_values(void **state) {
    (void)state;
    value_is(MAP("",
                 "{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\"}, {\"name\": \"v\", "
                 "\"value\": 3}"),
             "7", "- \"\": a second value for \"v\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_of_errors),
        cmocka_unit_test(values),
        cmocka_unit_test(words),
        cmocka_unit_test(unit_breaks),
        cmocka_unit_test(coordinates),
        cmocka_unit_test(long_files),
        cmocka_unit_test(second_values),
    };
    return cmocka_run_group_tests_name("sense/map", tests, NULL, NULL);
}
