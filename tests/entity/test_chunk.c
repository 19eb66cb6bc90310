/* Chunks: their text there and back, damaged ones, and rows of many writes held against a list. */
#include "entity/entity_chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "entity/entity_history_int.h"
#include "entity/entity_int.h"
#include "entity/entity_store.h"
#include "store/fixture.h"
#include "store/query.h"

#define HOUR INT64_C(490896) /* 2026-01-01T00:00:00Z */
#define T0 (HOUR * ENTITY_BUCKET_MS)

/* ---- the text ---- */

static void write_all(struct buf *to, const struct chunk_row *rows, size_t count) {
    struct chunk_writer w = chunk_writer_of(to, HOUR);
    for (size_t i = 0; i < count; i++) {
        chunk_put(&w, &rows[i]);
    }
}

static void expect_text(const char *a, const char *b) {
    assert_string_equal(a == NULL ? "(none)" : a, b == NULL ? "(none)" : b);
}

static void expect_row(const struct chunk_row *got, const struct chunk_row *want) {
    assert_int_equal(got->observed_ms, want->observed_ms);
    assert_int_equal(got->kind, want->kind);
    assert_int_equal(got->quality, want->quality);
    expect_text(got->value, want->value);
    expect_text(got->unit, want->unit);
    expect_text(got->extra, want->extra);
}

static void expect_back(const struct buf *text, const struct chunk_row *rows, size_t count) {
    struct arena a = ARENA_INIT;
    struct chunk_reader r =
        chunk_reader_of(arena_dup(&a, text->data, text->len), text->len, HOUR, &a);
    struct err err = ERR_INIT;
    for (size_t i = 0; i < count; i++) {
        if (!chunk_next(&r)) {
            fail_msg("row %zu: %s", i, r.why);
        }
        expect_row(&r.row, &rows[i]);
    }
    assert_false(chunk_next(&r));
    assert_int_equal(chunk_end(&r, &err), OK);
    arena_fini(&a);
}

static const struct chunk_row some[] = {
    {.observed_ms = T0, .value = "21.5", .unit = "CEL"},
    {.observed_ms = T0 + 1, .value = "21.6", .unit = "CEL"},
    {.observed_ms = T0 + 60000, .value = "21.6", .unit = "CEL"},
    {.observed_ms = T0 + 60001, .value = "21.6", .quality = 69905, .unit = "CEL"},
    {.observed_ms = T0 + 60002, .value = "7", .quality = 69905},
    {.observed_ms = T0 + 60003, .value = "7", .quality = 69905, .extra = "{\"a b\":1}"},
    {.observed_ms = T0 + 60004, .value = "\"a b\"", .kind = ENTITY_RELATIONSHIP, .unit = "-"},
    {.observed_ms = T0 + 60005, .value = "\"a b\"", .kind = ENTITY_RELATIONSHIP, .unit = "-"},
    {.observed_ms = T0 + 60006, .value = "\"a b\"", .quality = UINT32_MAX, .unit = "-"},
    {.observed_ms = T0 + 3599999, .value = "0", .unit = "度", .extra = "{}"},
};
enum { SOME = sizeof some / sizeof some[0] };

static void a_text_says_what_changes(void **state) {
    struct buf text = BUF_INIT;
    (void)state;
    write_all(&text, some, SOME);
    assert_string_equal(text.data, "0 21.5\t\t\t\"CEL\"\n"
                                   "1 21.6\n"
                                   "60000\n"
                                   "60001\t\t69905\n"
                                   "60002 7\t\t\t-\n"
                                   "60003\t\t\t\t{\"a b\":1}\n"
                                   "60004 \"a b\"\t1\t0\t\"-\"\t-\n"
                                   "60005\n"
                                   "60006\t0\t4294967295\n"
                                   "3599999 0\t\t0\t\"度\"\t{}\n");
    expect_back(&text, some, SOME);
    buf_fini(&text);
}

/* Wherever a writer goes on, the text becomes the same. */
static void a_writer_goes_on(void **state) {
    struct buf whole = BUF_INIT;
    (void)state;
    write_all(&whole, some, SOME);
    for (size_t k = 1; k < SOME; k++) {
        struct buf text = BUF_INIT;
        struct chunk_writer w;
        struct err err = ERR_INIT;
        int64_t last_ms = 0;
        write_all(&text, some, k);
        char *before = strdup(text.data);
        assert_int_equal(chunk_go_on(before, text.len, HOUR, &text, &w, &last_ms, &err), OK);
        assert_int_equal(last_ms, some[k - 1].observed_ms);
        for (size_t i = k; i < SOME; i++) {
            chunk_put(&w, &some[i]);
        }
        assert_string_equal(text.data, whole.data);
        free(before);
        buf_fini(&text);
    }
    buf_fini(&whole);
}

/* White space within JSON, and units of any bytes, break no line; also where a writer goes on. */
static void nothing_breaks_a_line(void **state) {
    const struct chunk_row in[] = {
        {.observed_ms = T0, .value = "[1,\n\t2]", .unit = "a\tb\n\"\\", .extra = "{\"x\":\r\n1}"},
        {.observed_ms = T0 + 1, .value = "3", .unit = "a\tb\n\"\\"},
        {.observed_ms = T0 + 2, .value = "4", .unit = "a\tb\n\"\\"},
    };
    struct chunk_row out[] = {in[0], in[1], in[2]};
    struct buf text = BUF_INIT;
    struct chunk_writer w;
    struct err err = ERR_INIT;
    int64_t last_ms;
    (void)state;
    out[0].value = "[1,  2]";
    out[0].extra = "{\"x\":  1}";
    write_all(&text, in, 2);
    char *before = strdup(text.data);
    assert_int_equal(chunk_go_on(before, text.len, HOUR, &text, &w, &last_ms, &err), OK);
    chunk_put(&w, &in[2]);
    expect_back(&text, out, 3);
    free(before);
    buf_fini(&text);
}

static void a_damaged_text_is_said(void **state) {
    static const struct {
        const char *text, *says;
    } texts[] = {
        {"0 1", "at byte 3 of 3: it is no line"},
        {"0 1\n\n", "at byte 4 of 5: it is no line"},
        {"x 1\n", "at byte 0 of 4"},
        {"-1 1\n", "at byte 0 of 5"},
        {"00 1\n", "at byte 0 of 5"},
        {"3600000 1\n", "at byte 0 of 10"},
        {"99999999999999999999 1\n", "at byte 0"},
        {"0 \n", "at byte 1 of 3"},
        {"0\n", "there is no value"},
        {"5 1\n5 2\n", "at byte 4 of 8: it is not later"},
        {"5 1\n4 2\n", "it is not later"},
        {"0 1\t8\n", "there is no such kind"},
        {"0 1\t11\n", "there is no such kind"},
        {"0 1\t\tx\n", "the quality is no number"},
        {"0 1\t\t4294967296\n", "the quality is no number"},
        {"0 1\t\t\tCEL\n", "the unit is no text"},
        {"0 1\t\t\t\"\n", "the unit is no text"},
        {"0 1\t\t\t\"a\"b\"\n", "the unit is no text"},
        {"0 1\t\t\t\"\\\"\n", "the unit is no text"},
        {"0 1\t\t\t\"\\q\"\n", "the unit is no text"},
        {"0 1\t\t\t\t1\n", "the extra is no object"},
        {"0 1\t\t\t\t{}\t\n", "at byte 9 of 11: it is no line"},
        {"0 1\r\n", "at byte 3 of 5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        size_t n = strlen(texts[i].text);
        struct chunk_reader r = chunk_reader_of(arena_dup(&a, texts[i].text, n), n, HOUR, &a);
        while (chunk_next(&r)) {
        }
        assert_int_equal(chunk_end(&r, &err), E_DAMAGED);
        if (strstr(err.msg, texts[i].says) == NULL) {
            fail_msg("%zu: \"%s\" does not say \"%s\"", i, err.msg, texts[i].says);
        }
        arena_fini(&a);
    }
}

static void a_damaged_end_is_not_written_behind(void **state) {
    static const char *const texts[] = {"",           "0 1",           "0 1\nx\n",
                                        "0 1\n\n",    "0\n",           "0 1\t9\n1 2\n",
                                        "0 1\t\tx\n", "x 1\t0\n1 2\n", "x\n1\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buf to = BUF_INIT;
        struct chunk_writer w;
        struct err err = ERR_INIT;
        int64_t last_ms;
        assert_int_equal(chunk_go_on(texts[i], strlen(texts[i]), HOUR, &to, &w, &last_ms, &err),
                         E_DAMAGED);
        buf_fini(&to);
    }
}

/* ---- the rows ---- */

enum { MOMENTS = 4000, VALUES = 97 };

/* The series that is written, and what it should hold: a value at each moment, 0 none. */
struct town {
    struct fixture f;
    struct chunk_series of;
    int value[MOMENTS];
    uint32_t quality[MOMENTS];
    int64_t step_ms;
    uint64_t seed;
};

static void town_init(struct town *t, int64_t step_ms) {
    static const struct schema *const schemas[] = {&entity_schema};
    memset(t, 0, sizeof *t);
    t->of = (struct chunk_series){3, 5, 0};
    t->step_ms = step_ms;
    t->seed = 1;
    fixture_init(&t->f);
    t->f.config.schemas = schemas;
    fixture_open(&t->f);
}

/* Knuth's MMIX: the same numbers each time. */
static size_t any(struct town *t, size_t below) {
    t->seed = t->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(t->seed >> 33) % below;
}

/* Rows of moments from..to, each `every`, all with the same flags and a value by its number. */
struct deed {
    struct town *town;
    size_t from, to, every;
    int value;
    uint32_t quality;
    enum { WRITE, SETTLE, REMOVE } what;
};

static int64_t at(const struct town *t, size_t moment) {
    return T0 + (int64_t)moment * t->step_ms;
}

static enum code write_rows(struct tx *tx, const struct deed *d, struct err *err) {
    static char texts[MOMENTS][16];
    static struct chunk_row rows[MOMENTS];
    struct town *t = d->town;
    size_t count = 0;
    for (size_t i = d->from; i < d->to; i += d->every) {
        snprintf(texts[count], sizeof texts[count], "%d", d->value);
        rows[count] = (struct chunk_row){.observed_ms = at(t, i),
                                         .value = texts[count],
                                         .quality = d->quality,
                                         .unit = d->value % 2 == 0 ? "GQ" : NULL};
        count++;
        bool same = t->value[i] == d->value && t->quality[i] != 0;
        t->quality[i] = same ? t->quality[i] : d->quality;
        t->value[i] = d->value;
    }
    return chunk_write(tx, &t->of, rows, count, err);
}

static enum code run(struct tx *tx, void *data, struct err *err) {
    struct deed *d = data;
    struct town *t = d->town;
    if (d->what == WRITE) {
        return write_rows(tx, d, err);
    }
    if (d->what == REMOVE) {
        t->value[d->from] = 0;
        t->quality[d->from] = 0;
        return chunk_remove(tx, &t->of, at(t, d->from), err);
    }
    t->quality[d->from] = t->quality[d->from] == 0 ? 0 : d->quality;
    return chunk_settle(tx, &t->of, at(t, d->from), d->quality, err);
}

static void perform(struct town *t, struct deed d) {
    d.town = t;
    if (store_write(t->f.store, STORE_HOUSEKEEPING, run, &d, &t->f.err) != OK) {
        fail_msg("%s", t->f.err.msg);
    }
}

/* ---- what is there ---- */

struct looking {
    const struct town *town;
    size_t at, count;
};

static bool see(void *data, const struct history_row *row) {
    struct looking *l = data;
    const struct town *t = l->town;
    char want[16];
    while (t->value[l->at] == 0) {
        l->at++;
        assert_true(l->at < MOMENTS);
    }
    snprintf(want, sizeof want, "%d", t->value[l->at]);
    assert_int_equal(row->observed_ms, at(t, l->at));
    assert_int_equal(row->bucket, entity_db_bucket(row->observed_ms));
    assert_string_equal(row->value, want);
    expect_text(row->unit, t->value[l->at] % 2 == 0 ? "GQ" : NULL);
    assert_int_equal(row->quality, t->quality[l->at]);
    l->at++;
    l->count++;
    return true;
}

/* All moments from..to are there as they should be, and nothing else. */
static void expect_span(struct town *t, size_t from, size_t to) {
    const struct history_range range = {.entity = t->of.entity, .span = {at(t, from), at(t, to)}};
    struct looking l = {t, from, 0};
    size_t want = 0;
    struct tx *tx = fixture_read(&t->f);
    if (history_db_read(tx, &range, see, &l, &t->f.err) != OK) {
        fail_msg("%s", t->f.err.msg);
    }
    store_read_end(tx);
    for (size_t i = from; i < to; i++) {
        want += t->value[i] != 0;
    }
    assert_int_equal(l.count, want);
}

static int64_t ask(struct town *t, const char *sql) {
    int64_t n = 0;
    struct tx *tx = fixture_read(&t->f);
    assert_int_equal(query_number(query_open(tx, sql), &n, &t->f.err), OK);
    store_read_end(tx);
    return n;
}

static const char SQL_CHUNKS[] = "SELECT count(*) FROM entity_chunk";
static const char SQL_LONG[] = "SELECT count(*) FROM entity_chunk WHERE length(body) > 960";
static const char SQL_BYTES[] = "SELECT sum(length(body)) FROM entity_chunk";
static const char SQL_BUCKETS[] = "SELECT count(*) FROM entity_bucket";

/* ---- tests ---- */

static void what_comes_in_order_fills_chunks(void **state) {
    struct town t;
    (void)state;
    town_init(&t, 1);
    for (size_t i = 0; i < MOMENTS; i += 50) {
        perform(&t, (struct deed){.from = i, .to = i + 50, .every = 1, .value = 1 + (int)i});
    }
    expect_span(&t, 0, MOMENTS);
    expect_span(&t, 1111, 2222);
    assert_int_equal(ask(&t, SQL_LONG), 0);
    assert_in_range(ask(&t, SQL_CHUNKS) * CHUNK_BYTES, 0, ask(&t, SQL_BYTES) * 11 / 10);
    fixture_fini(&t.f);
}

/* Chunks are about half full at least, whichever way it comes. */
static void what_comes_backwards_is_merged(void **state) {
    struct town t;
    (void)state;
    town_init(&t, 1);
    for (size_t i = MOMENTS; i > 0; i -= 10) {
        perform(&t, (struct deed){.from = i - 10, .to = i, .every = 1, .value = (int)i});
    }
    expect_span(&t, 0, MOMENTS);
    assert_int_equal(ask(&t, SQL_LONG), 0);
    assert_in_range(ask(&t, SQL_CHUNKS) * CHUNK_BYTES, 0, ask(&t, SQL_BYTES) * 9 / 4);
    fixture_fini(&t.f);
}

/* Every way at once, over hours, held against the list. */
static void any_order_keeps_all(void **state) {
    struct town t;
    (void)state;
    town_init(&t, 3001);
    for (int i = 0; i < 600; i++) {
        size_t from = any(&t, MOMENTS);
        size_t to = from + 1 + any(&t, i % 10 == 0 ? 1000 : 20);
        struct deed d = {.from = from,
                         .to = to < MOMENTS ? to : MOMENTS,
                         .every = 1 + any(&t, 5),
                         .value = 1 + (int)any(&t, VALUES),
                         .quality = any(&t, 2) == 0 ? 0 : 69905 + (uint32_t)any(&t, 3)};
        d.what = i % 4 == 1 ? SETTLE : i % 4 == 3 ? REMOVE : WRITE;
        if (d.what == SETTLE) {
            d.quality = 70000;
        }
        perform(&t, d);
        expect_span(&t, from, d.to);
    }
    expect_span(&t, 0, MOMENTS);
    assert_int_equal(ask(&t, SQL_LONG), 0);
    for (size_t i = 0; i < MOMENTS; i++) {
        if (t.value[i] != 0) {
            perform(&t, (struct deed){.from = i, .what = REMOVE});
        }
    }
    assert_int_equal(ask(&t, SQL_CHUNKS), 0);
    assert_int_equal(ask(&t, SQL_BUCKETS), 4);
    fixture_fini(&t.f);
}

/* ---- flags ---- */

struct given {
    struct chunk_series of;
    const struct chunk_row *rows;
    size_t count;
};

static enum code give(struct tx *tx, void *data, struct err *err) {
    const struct given *g = data;
    return chunk_write(tx, &g->of, g->rows, g->count, err);
}

static enum code given(struct town *t, const struct chunk_row *rows, size_t count) {
    struct given g = {t->of, rows, count};
    t->f.err = (struct err)ERR_INIT;
    return store_write(t->f.store, STORE_HOUSEKEEPING, give, &g, &t->f.err);
}

static void expect_quality(struct town *t, int64_t observed_ms, uint32_t quality) {
    struct arena a = ARENA_INIT;
    struct chunk_row row;
    struct tx *tx = fixture_read(&t->f);
    assert_int_equal(chunk_load(tx, &t->of, observed_ms, &a, &row, &t->f.err), OK);
    store_read_end(tx);
    assert_int_equal(row.quality, quality);
    arena_fini(&a);
}

/* What was settled before it is written is as what is settled behind it. */
static void flags_are_settled(void **state) {
    struct town t;
    (void)state;
    town_init(&t, 1);
    struct chunk_row rows[] = {
        {.observed_ms = T0, .value = "1", .quality = 7, .settled = 8},
        {.observed_ms = T0 + 1, .value = "2", .quality = 0, .settled = 8},
        {.observed_ms = T0 + 2, .value = "3", .quality = 7},
    };
    assert_int_equal(given(&t, rows, 3), OK);
    expect_quality(&t, T0, 8);
    expect_quality(&t, T0 + 1, 0);
    expect_quality(&t, T0 + 2, 7);
    rows[0].settled = 9; /* again, merged: it keeps its flags until they are settled anew */
    rows[1].quality = 5;
    rows[1].settled = 0;
    rows[2].quality = 6;
    assert_int_equal(given(&t, rows, 3), OK);
    expect_quality(&t, T0, 9);
    expect_quality(&t, T0 + 1, 5);
    expect_quality(&t, T0 + 2, 7);
    rows[2].value = "4";
    assert_int_equal(given(&t, rows, 3), OK);
    expect_quality(&t, T0 + 2, 6);
    fixture_fini(&t.f);
}

static void large_values_stand_alone(void **state) {
    static char large[20000];
    struct town t;
    (void)state;
    town_init(&t, 1);
    memset(large, '1', sizeof large - 1);
    const struct chunk_row rows[] = {{.observed_ms = T0, .value = "1"},
                                     {.observed_ms = T0 + 1, .value = large},
                                     {.observed_ms = T0 + 2, .value = "3"}};
    assert_int_equal(given(&t, rows, 3), OK);
    assert_int_equal(ask(&t, SQL_CHUNKS), 3);
    assert_int_equal(given(&t, rows, 3), OK);
    assert_int_equal(ask(&t, SQL_CHUNKS), 3);
    assert_int_equal(ask(&t, SQL_LONG), 1);
    expect_quality(&t, T0 + 1, 0);
    fixture_fini(&t.f);
}

static void what_has_no_value_is_refused(void **state) {
    struct town t;
    (void)state;
    town_init(&t, 1);
    const struct chunk_row rows[] = {{.observed_ms = T0, .value = "1"}, {.observed_ms = T0 + 1}};
    assert_int_equal(given(&t, rows, 2), E_INPUT);
    assert_int_equal(ask(&t, SQL_CHUNKS), 0);
    fixture_fini(&t.f);
}

static const char SQL_DAMAGE[] = "UPDATE entity_chunk SET body = ?1";

static enum code damage(struct tx *tx, void *data, struct err *err) {
    struct query *q = query_open(tx, SQL_DAMAGE);
    query_text(q, 1, data);
    return query_run(q, err);
}

static void damage_is_told_with_its_place(void **state) {
    static char text[] = "0 1\n1000 2\n900 3\n";
    const struct chunk_row first = {.observed_ms = T0, .value = "1"};
    const struct chunk_row between = {.observed_ms = T0 + 5, .value = "2"};
    const char *place = "entity 3, attribute 5, dataset 0, hour 490896: cannot read a chunk of"
                        " observations at byte 11 of 17: it is not later than the line before";
    struct town t;
    (void)state;
    town_init(&t, 1);
    assert_int_equal(given(&t, &first, 1), OK);
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, damage, text, &t.f.err), OK);
    assert_int_equal(given(&t, &between, 1), E_DAMAGED);
    assert_string_equal(t.f.err.msg, place);
    t.f.err = (struct err)ERR_INIT;
    struct looking l = {&t, 0, 0};
    const struct history_range range = {.entity = 3, .span = {T0 + 1, T0 + 2}};
    struct tx *tx = fixture_read(&t.f);
    assert_int_equal(history_db_read(tx, &range, see, &l, &t.f.err), E_DAMAGED);
    store_read_end(tx);
    assert_string_equal(t.f.err.msg, place);
    fixture_fini(&t.f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_says_what_changes),
        cmocka_unit_test(a_writer_goes_on),
        cmocka_unit_test(nothing_breaks_a_line),
        cmocka_unit_test(a_damaged_text_is_said),
        cmocka_unit_test(a_damaged_end_is_not_written_behind),
        cmocka_unit_test(what_comes_in_order_fills_chunks),
        cmocka_unit_test(what_comes_backwards_is_merged),
        cmocka_unit_test(any_order_keeps_all),
        cmocka_unit_test(flags_are_settled),
        cmocka_unit_test(large_values_stand_alone),
        cmocka_unit_test(what_has_no_value_is_refused),
        cmocka_unit_test(damage_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
