/* Imports: what is kept, how far, and once; rows that are wrong; files of every fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

#include <errno.h>

#include "base/buf.h"
#include "entity/entity_history.h"
#include "entity/entity_store.h"
#include "ngsi/model_read.h"
#include "sense/import.h"
#include "store/fixture.h"
#include "store/journal.h"

static const struct schema *const schemas[] = {&entity_schema, &sense_schema};

#define V "https://uri.etsi.org/ngsi-ld/default-context/v"

static const char MAP[] =
    "{\"missing\": [\"NaN\"], \"entities\": [{\"id\": \"urn:x:{id}\", \"type\": \"T\", \"time\": "
    "{\"text\": \"{t}\", \"format\": \"%s\", \"every\": 60}, \"attributes\": [{\"name\": \"v\", "
    "\"kind\": \"number\", \"column\": \"v\"}], \"unless\": {\"id\": \"none\"}}]}";

/* An import under way: the file, what is told of, and where the reading of it breaks. */
struct bench {
    struct fixture f;
    struct arena arena;
    struct map map;
    struct input_bytes bytes;
    size_t break_after; /* bytes; then the disk fails. 0: never */
    struct buf told;
    struct import_config config;
    struct import_report report;
    struct err err;
};

static ssize_t read_broken(void *data, char *to, size_t n) {
    struct bench *b = data;
    if (b->break_after > 0 && b->bytes.left <= b->break_after) {
        errno = EIO;
        return -1;
    }
    return input_read_bytes(&b->bytes, to, n);
}

static void told(void *data, const struct import_reject *x) {
    struct bench *b = data;
    buf_addf(&b->told, "%d@%d %s \"%s\": %s\n", (int)x->row, (int)x->line,
             x->column == NULL ? "-" : x->column, x->value == NULL ? "" : x->value, x->why);
}

static void bench_init(struct bench *b, const char *map) {
    memset(b, 0, sizeof *b);
    fixture_init(&b->f);
    b->f.config.schemas = schemas;
    b->f.config.schema_count = 2;
    fixture_open(&b->f);
    assert_int_equal(map_parse(map, strlen(map), &b->arena, &b->map, &b->err), OK);
    b->map.source.encoding = ENCODING_UTF8; /* else nothing is read before it can be guessed */
    b->config = (struct import_config){.name = "t.csv",
                                       .input = {read_broken, b},
                                       .map = &b->map,
                                       .store = b->f.store,
                                       .actor = "cli/import",
                                       .batch = 10,
                                       .watch = {.rejected = told, .data = b}};
}

static void bench_fini(struct bench *b) {
    arena_fini(&b->arena);
    buf_fini(&b->told);
    fixture_fini(&b->f);
}

static enum code import(struct bench *b, const char *text, size_t n) {
    b->bytes = (struct input_bytes){text, n, 100};
    b->err = (struct err)ERR_INIT;
    b->config.store = b->config.store == NULL ? NULL : b->f.store;
    buf_clear(&b->told);
    buf_add(&b->told, "", 0);
    sha256_of(text, n, b->config.digest);
    return import_run(&b->config, &b->arena, &b->report, &b->err);
}

static void imports(struct bench *b, const char *text, size_t n) {
    if (import(b, text, n) != OK) {
        fail_msg("%s", b->err.msg);
    }
}

/* The history of V, all of it. */
static struct entity_history history(struct bench *b, const char *id, struct arena *a) {
    const char *attributes[] = {V};
    const struct entity_history_query query = {.stretch = {ENTITY_BETWEEN, {0, ENTITY_EVER_MS}},
                                               .limit = ENTITY_HISTORY_TALLY,
                                               .attributes = attributes,
                                               .attribute_count = 1};
    struct entity_history h = {.instances = 0};
    struct tx *tx = fixture_read(&b->f);
    enum code code = entity_history_load(tx, id, &query, a, &h, &b->err);
    assert_true(code == OK || code == E_ABSENT);
    store_read_end(tx);
    return h;
}

/* What was observed of an entity, all of it, as "value value ...". */
static void expect_observed(struct bench *b, const char *id, const char *want) {
    struct arena a = ARENA_INIT;
    struct entity_history h = history(b, id, &a);
    struct buf got = BUF_INIT;
    buf_add(&got, "", 0);
    for (size_t i = 0; i < h.instances; i++) {
        buf_addf(&got, "%s%s", i > 0 ? " " : "", h.series[0].instances[i].value);
    }
    assert_string_equal(got.data, want);
    buf_fini(&got);
    arena_fini(&a);
}

static int64_t journal_length(struct bench *b) {
    struct tx *tx = fixture_read(&b->f);
    int64_t seq = journal_head(tx)->seq;
    store_read_end(tx);
    return seq;
}

/* n rows of entity a, each a minute on, with values 0, 1, 2 ... */
static void put_rows(struct buf *to, int n) {
    buf_adds(to, "id,t,v\n");
    for (int i = 0; i < n; i++) {
        buf_addf(to, "a,%d,%d\n", 60 * i, i);
    }
}

static int64_t count_observed(struct bench *b, const char *id) {
    struct arena a = ARENA_INIT;
    int64_t count = (int64_t)history(b, id, &a).instances;
    arena_fini(&a);
    return count;
}

/* ---- */

static void rows_are_kept(void **state) {
    static const char text[] = "id,t,v\na,0,1\na,60,NaN\na,120,3\nb,0,4\nnone,0,5\n";
    struct bench b;
    (void)state;
    bench_init(&b, MAP);
    imports(&b, text, sizeof text - 1);
    assert_int_equal(b.report.rows, 5);
    assert_int_equal(b.report.taken, 4);
    assert_int_equal(b.report.passed, 1);
    assert_int_equal(b.report.rejected, 0);
    assert_int_equal(b.report.entities, 2);
    assert_int_equal(b.report.missing, 1);
    expect_observed(&b, "urn:x:a", "1 3");
    expect_observed(&b, "urn:x:b", "4");
    bench_fini(&b);
}

/* A line for each batch and one for the file; a file that is there already changes nothing. */
static void once(void **state) {
    struct buf text = BUF_INIT;
    struct bench b;
    (void)state;
    bench_init(&b, MAP);
    put_rows(&text, 25);
    int64_t before = journal_length(&b);
    imports(&b, text.data, text.len);
    assert_int_equal(journal_length(&b), before + 4);
    imports(&b, text.data, text.len);
    assert_true(b.report.whole);
    assert_int_equal(b.report.rows, 25);
    assert_int_equal(journal_length(&b), before + 4);
    b.config.again = true;
    imports(&b, text.data, text.len);
    assert_false(b.report.whole);
    assert_int_equal(b.report.entities, 0);
    assert_int_equal(count_observed(&b, "urn:x:a"), 25);
    buf_fini(&text);
    bench_fini(&b);
}

/* Broken off at every place; then the rest, and each row once. */
static void goes_on(void **state) {
    struct buf text = BUF_INIT;
    int64_t most = 0;
    (void)state;
    put_rows(&text, 57);
    buf_adds(&text, "a,3420,wrong\na,3480,58\n");
    for (size_t left = 1; left < text.len; left += 37) {
        struct bench b;
        bench_init(&b, MAP);
        b.break_after = left;
        assert_int_equal(import(&b, text.data, text.len), E_IO);
        int64_t kept = count_observed(&b, "urn:x:a");
        assert_int_equal(kept % 10, 0);
        most = kept > most ? kept : most;
        b.break_after = 0;
        fixture_close(&b.f);
        fixture_open(&b.f);
        imports(&b, text.data, text.len);
        assert_int_equal(b.report.before, kept);
        assert_int_equal(b.report.rows, 59);
        assert_int_equal(b.report.taken, 58);
        assert_int_equal(b.report.rejected, 1);
        assert_int_equal(b.report.entities, 1);
        assert_int_equal(b.report.gaps.missing, 1);
        assert_int_equal(count_observed(&b, "urn:x:a"), 58);
        assert_string_equal(b.told.data, "58@59 v \"wrong\": not a number\n");
        bench_fini(&b);
    }
    assert_int_equal(most, 50);
    buf_fini(&text);
}

static void strict_keeps_nothing(void **state) {
    struct buf text = BUF_INIT;
    struct bench b;
    (void)state;
    bench_init(&b, MAP);
    put_rows(&text, 45);
    buf_adds(&text, "a,x,1\n");
    b.config.strict = true;
    int64_t before = journal_length(&b);
    assert_int_equal(import(&b, text.data, text.len), E_INPUT);
    assert_string_equal(b.told.data, "46@47 t \"x\": cannot read time \"x\" as \"%s\"\n");
    assert_int_equal(count_observed(&b, "urn:x:a"), 0);
    assert_int_equal(journal_length(&b), before);
    text.len -= 6;
    imports(&b, text.data, text.len);
    assert_int_equal(count_observed(&b, "urn:x:a"), 45);
    buf_fini(&text);
    bench_fini(&b);
}

static void dry_runs(void **state) {
    static const char text[] = "id,t,v\na,0,1\na,60,x\n";
    struct bench b;
    (void)state;
    bench_init(&b, MAP);
    b.config.store = NULL;
    int64_t before = journal_length(&b);
    imports(&b, text, sizeof text - 1);
    assert_int_equal(b.report.taken, 1);
    assert_int_equal(b.report.rejected, 1);
    assert_int_equal(journal_length(&b), before);
    bench_fini(&b);
}

/* ---- faults ---- */

static void wrong_rows(void **state) {
    static const char text[] =
        "id,t,v\r\na,0,1\r\na,60\r\na,60,2,3\r\n\"a\",120,\"4\"\r\na,18\0,5\r\n"
        "a,240,\xB5\r\n,300,6\r\na,360,\"7\r\n8\"\r\n\r\na,420,9\r\n";
    struct bench b;
    (void)state;
    bench_init(&b, MAP);
    imports(&b, text, sizeof text - 1);
    assert_string_equal(
        b.told.data,
        "2@3 - \"\": it has 2 fields, not 3\n"
        "3@4 - \"\": it has 4 fields, not 3\n"
        "5@6 - \"\": cannot read field 2 of the row: a NUL byte\n"
        "6@7 - \"\": cannot read field 3 of the row: a byte that is no character of the file's "
        "encoding\n"
        "7@8 id \"\": it is needed for the id, and says nothing\n"
        "8@9 v \"7\r\n8\": not a number\n");
    expect_observed(&b, "urn:x:a", "1 4 9");
    bench_fini(&b);
}

static void headers(void **state) {
    static const char lacks[] = "id,t,w\na,0,1\n";
    static const char twice[] = "id,t,v,v\na,0,1,2\n";
    static const char moved[] = "\xEF\xBB\xBF\"v\", t ,more,id\n5,0,x,a\n";
    struct bench b;
    (void)state;
    bench_init(&b, MAP);
    assert_int_equal(import(&b, lacks, sizeof lacks - 1), E_INPUT);
    assert_string_equal(b.err.msg, "header: it has no column \"v\": it has \"id\", \"t\", \"w\"");
    assert_int_equal(import(&b, twice, sizeof twice - 1), E_INPUT);
    assert_string_equal(b.err.msg, "header: it has 2 columns \"v\"");
    assert_int_equal(import(&b, "", 0), E_INPUT);
    assert_string_equal(b.err.msg, "header: it is empty: there is no header");
    imports(&b, moved, sizeof moved - 1);
    expect_observed(&b, "urn:x:a", "5");
    bench_fini(&b);
}

static void gaps_are_counted(void **state) {
    static const char text[] = "id,t,v\na,600,1\na,0,2\na,120,3\na,130,4\nb,60,5\n";
    struct bench b;
    (void)state;
    bench_init(&b, MAP);
    imports(&b, text, sizeof text - 1);
    assert_int_equal(b.report.gaps.entities, 2);
    assert_int_equal(b.report.gaps.steps, 12); /* a: 0 to 600, b: one */
    assert_int_equal(b.report.gaps.missing, 8);
    assert_int_equal(b.report.gaps.repeated, 1);
    assert_string_equal(b.report.gaps.id, "urn:x:a");
    assert_int_equal(b.report.gaps.from_ms, 180000);
    assert_int_equal(b.report.gaps.length, 7);
    assert_false(b.report.gaps.cut);
    bench_fini(&b);
}

static void geojson(void **state) {
    static const char map[] =
        "{\"format\": \"geojson\", \"entities\": [{\"id\": \"urn:a:{@id}\", \"type\": \"Area\", "
        "\"attributes\": [{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\"}, {\"name\": "
        "\"location\", \"kind\": \"geometry\", \"datum\": \"gcj02\", \"required\": true}]}]}";
    static const char text[] =
        "{\"type\":\"FeatureCollection\",\"features\":[\n"
        "{\"type\":\"Feature\",\"id\":1,\"properties\":{\"v\":2.50,\"x\":null},\"geometry\":{"
        "\"type\":\"Point\",\"coordinates\":[120.31,31.49],\"more\":1}},\n"
        "{\"type\":\"Feature\",\"id\":2,\"properties\":null,\"geometry\":null},\n"
        "{\"type\":\"Point\"},\n{\"type\":},\n"
        "{\"type\":\"Feature\",\"id\":3,\"properties\":{\"v\":\"x\"},\"geometry\":{\"type\":"
        "\"Point\",\"coordinates\":[1,2]}}]}";
    struct bench b;
    struct entity e;
    (void)state;
    bench_init(&b, map);
    imports(&b, text, sizeof text - 1);
    assert_int_equal(b.report.taken, 1);
    assert_string_equal(b.told.data, "2@3 - \"\": \"location\" is required, and says nothing\n"
                                     "3@4 - \"\": it is no object of type Feature\n"
                                     "4@5 - \"\": cannot read JSON at byte 9: unallowed token at "
                                     "this point in JSON text\n"
                                     "5@6 v \"x\": not a number\n");
    struct tx *tx = fixture_read(&b.f);
    assert_int_equal(entity_load(tx, "urn:a:1", &b.arena, &e, &b.err), OK);
    assert_int_equal(e.count, 2);
    assert_string_equal(entity_find(&e, V)->value, "2.50");
    assert_string_equal(entity_find(&e, "https://uri.etsi.org/ngsi-ld/location")->value,
                        "{\"type\":\"Point\",\"coordinates\":[120.3054002,31.4919005]}");
    store_read_end(tx);
    bench_fini(&b);
}

#define BOW "[[[0,0],[10,10],[10,0],[0,10],[0,0]]]"

/* Outlines of which the second crosses itself: it is left out and named, or mended. */
static void geojson_that_crosses(void **state) {
    static const char map[] =
        "{\"format\": \"geojson\", \"entities\": [{\"id\": \"urn:a:{@id}\", \"type\": \"Area\", "
        "\"attributes\": [{\"name\": \"location\", \"kind\": \"geometry\"%s}]}]}";
    static const char text[] =
        "{\"type\":\"FeatureCollection\",\"features\":[\n"
        "{\"type\":\"Feature\",\"id\":1,\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[0,0],[9,0],[9,9],[0,0]]]}},\n"
        "{\"type\":\"Feature\",\"id\":2,\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":" BOW "}},\n"
        "{\"type\":\"Feature\",\"id\":3,\"properties\":{},\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[1,2]}}]}";
    char words[512];
    struct bench b;
    struct entity e;
    (void)state;
    snprintf(words, sizeof words, map, "");
    bench_init(&b, words);
    imports(&b, text, sizeof text - 1);
    assert_int_equal(b.report.taken, 2);
    assert_string_equal(b.told.data,
                        "2@3 - \"\": cannot take Polygon: its edges cross or overlap at 5, 5\n");
    bench_fini(&b);
    snprintf(words, sizeof words, map, ", \"mend\": true");
    bench_init(&b, words);
    imports(&b, text, sizeof text - 1);
    assert_int_equal(b.report.taken, 3);
    struct tx *tx = fixture_read(&b.f);
    assert_int_equal(entity_load(tx, "urn:a:2", &b.arena, &e, &b.err), OK);
    assert_string_equal(entity_find(&e, "https://uri.etsi.org/ngsi-ld/location")->value,
                        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[5,5],[10,10],[10,0],[5,5]]]"
                        ",[[[0,0],[0,10],[5,5],[0,0]]]]}");
    store_read_end(tx);
    bench_fini(&b);
}

/* ---- what the store refuses ---- */

static const char DECLARED[] =
    "{\"name\": \"D\", \"source\": \"this test\", \"namespaces\": "
    "[\"https://uri.etsi.org/ngsi-ld/default-context/\"], \"unknown\": \"keep\", \"attributes\": "
    "[{\"name\": \"v\", \"kind\": \"Property\", \"value\": \"number\", \"range\": {\"low\": 0, "
    "\"high\": 10, \"source\": \"this test\"}}]}";

/* The first entity of a row takes anything, the second one is declared. */
static const char OF_TWO[] =
    "{\"entities\": [{\"id\": \"urn:any:{id}\", \"type\": \"T\", \"time\": {\"text\": \"{t}\", "
    "\"format\": \"%s\"}, \"attributes\": [{\"name\": \"v\", \"kind\": \"number\", \"column\": "
    "\"v\"}]}, {\"id\": \"urn:strict:{id}\", \"type\": \"D\", \"time\": {\"text\": \"{t}\", "
    "\"format\": "
    "\"%s\"}, \"attributes\": [{\"name\": \"v\", \"kind\": \"number\", \"column\": \"v\"}]}]}";

/* A row of which a part is refused is left out as a whole, and no other row with it. */
static void refused_rows(void **state) {
    static const char text[] = "id,t,v\na,0,1\na,60,99\na,120,3\na,180,-4\na,240,5\n";
    static const char all[] = "id,t,v\na,300,99\na,360,98\n";
    struct model_set *set = model_set_new();
    struct bench b;
    (void)state;
    bench_init(&b, OF_TWO);
    if (model_parse(set, DECLARED, sizeof DECLARED - 1, &b.err) != OK) {
        fail_msg("%s", b.err.msg);
    }
    b.config.models = set;
    imports(&b, text, sizeof text - 1);
    assert_int_equal(b.report.rejected, 2);
    assert_int_equal(b.report.taken, 3);
    assert_int_equal(b.report.entities, 2);
    assert_non_null(strstr(b.told.data, "2@3 - \"\": "));
    assert_non_null(strstr(b.told.data, "4@5 - \"\": "));
    expect_observed(&b, "urn:any:a", "1 3 5");
    expect_observed(&b, "urn:strict:a", "1 3 5");
    imports(&b, all, sizeof all - 1);
    assert_int_equal(b.report.rejected, 2);
    expect_observed(&b, "urn:any:a", "1 3 5");
    b.config.strict = true;
    b.config.again = true;
    assert_int_equal(import(&b, text, sizeof text - 1), E_INPUT);
    assert_string_equal(b.err.msg, "a row was rejected: nothing is kept");
    model_set_free(set);
    bench_fini(&b);
}

/* Whole batches of refused rows: each is told of, and how far we came is kept. */
static void refused_batches(void **state) {
    static const char map[] =
        "{\"entities\": [{\"id\": \"urn:strict:{id}\", \"type\": \"D\", \"time\": {\"text\": "
        "\"{t}\", \"format\": \"%s\"}, \"attributes\": [{\"name\": \"v\", \"kind\": \"number\", "
        "\"column\": \"v\"}]}]}";
    struct model_set *set = model_set_new();
    struct buf text = BUF_INIT;
    struct bench b;
    (void)state;
    bench_init(&b, map);
    assert_int_equal(model_parse(set, DECLARED, sizeof DECLARED - 1, &b.err), OK);
    b.config.models = set;
    put_rows(&text, 35); /* 0 to 10 are taken, the rest is out of range */
    b.break_after = 60;
    assert_int_equal(import(&b, text.data, text.len), E_IO);
    b.break_after = 0;
    imports(&b, text.data, text.len);
    assert_true(b.report.before >= 20);
    assert_int_equal(b.report.taken, 11);
    assert_int_equal(b.report.rejected, 24);
    expect_observed(&b, "urn:strict:a", "0 1 2 3 4 5 6 7 8 9 10");
    model_set_free(set);
    buf_fini(&text);
    bench_fini(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_kept), cmocka_unit_test(once),
        cmocka_unit_test(goes_on),       cmocka_unit_test(strict_keeps_nothing),
        cmocka_unit_test(dry_runs),      cmocka_unit_test(wrong_rows),
        cmocka_unit_test(headers),       cmocka_unit_test(gaps_are_counted),
        cmocka_unit_test(geojson),       cmocka_unit_test(geojson_that_crosses),
        cmocka_unit_test(refused_rows),  cmocka_unit_test(refused_batches),
    };
    return cmocka_run_group_tests_name("sense/import", tests, NULL, NULL);
}
