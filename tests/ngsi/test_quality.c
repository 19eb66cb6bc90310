/* QARTOD flags: the public vectors of ioos_qc, borders, order of arrival, and the stream held
 * against a plain reckoning over whole series. */
#include "ngsi/quality.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SERIES_MAX = 64 };

static struct decimal dec(const char *s) {
    struct decimal d;
    assert_true(decimal_parse_signed(s, strlen(s), &d));
    return d;
}

static struct quality_step step(const char *s) {
    return s == NULL ? (struct quality_step){.is_set = false} : (struct quality_step){dec(s), true};
}

static struct quality *start(const struct quality_rules *rules) {
    struct err err = ERR_INIT;
    if (quality_check(rules, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    struct quality *q = malloc(quality_size(rules));
    assert_non_null(q);
    quality_init(q, rules);
    return q;
}

static struct quality_answer feed(struct quality *q, const struct quality_rules *rules,
                                  int64_t time_ms, const char *value) {
    struct quality_observation seen = {.time_ms = time_ms, .is_missing = value == NULL};
    if (value != NULL) {
        seen.value = dec(value);
    }
    return quality_feed(q, rules, &seen);
}

/* ---- the vectors ---- */

/* Facts out of tests/test_qartod.py of ioos/ioos_qc, commit
 * 9c1853a40c8b23c8e0123b49d19447c0c5aa4cf1, Apache-2.0: its inputs and the flags it expects, no
 * code. "-" is no value. Times are step_s apart; thresholds of a flat line are seconds there, which
 * it divides by the step. */
struct vector {
    enum quality_test test;
    bool is_differential;
    int step_s; /* 0: any */
    const char *suspect, *fail, *tolerance;
    const char *in;
    const char *out;
};

static const struct vector vectors[] = {
    {QUALITY_GROSS, .suspect = "20 40", .fail = "10 50", .in = "5 10 15 20 25 30 35 40 45 51",
     .out = "4331111134"},
    {QUALITY_SPIKE, .suspect = "25", .fail = "50", .in = "10 12 999.99 13 15 40 9 9",
     .out = "24441312"},
    {QUALITY_SPIKE, .suspect = "25", .fail = "50", .in = "-10 -12 -999.99 -13 -15 -40 -9 -9",
     .out = "24441312"},
    {QUALITY_SPIKE, .suspect = "25", .fail = "50", .in = "-100 -99 -99 -98", .out = "2112"},
    {QUALITY_SPIKE, .suspect = "25", .fail = "50",
     .in = "10 12 999.99 13 15 40 9 9 - 10 10 999.99 10 -", .out = "24441312924429"},
    {QUALITY_SPIKE, .suspect = "0.5", .fail = "1",
     .in = "-0.189 -0.0792 -0.0122 0.0457 0.0671 0.0213 -0.0488 -0.1463 -0.2438 "
           "-0.3261 -0.3871 -0.4054 -0.3932 -0.3383 -0.2804 -0.2347 -0.2134 -0.2347 "
           "-0.2926 -0.3597 -0.442 -0.509 0 -0.5944 -0.57 -0.4267 -0.2926 -0.1585 "
           "-0.0945 -0.0762",
     .out = "211111111111111111111131111112"},
    {QUALITY_SPIKE, .suspect = "0.5", .fail = "1",
     .in = "3 4.99 5 6 8 6 6 6.75 6 6 5.3 6 6 9 5 - 4 4", .out = "231143131131442922"},
    {QUALITY_SPIKE, .is_differential = true, .suspect = "0.5", .fail = "1",
     .in = "3 4.99 5 6 8 6 6 6.75 6 6 5.3 6 6 9 5 - 4 4", .out = "211141131131142922"},
    {QUALITY_SPIKE, .is_differential = true, .suspect = "0.5", .fail = "1",
     .in = "3 4.99 5 6 8 6 6 6.75 6 6 5.3 6 6 9 5 5 4 4", .out = "211141131131141112"},
    {QUALITY_SPIKE, .suspect = "0.5", .fail = NULL,
     .in = "3 4.99 5 6 8 6 6 6.75 6 6 5.3 6 6 9 5 - 4 4", .out = "231133131131332922"},
    {QUALITY_SPIKE, .suspect = NULL, .fail = "1",
     .in = "3 4.99 5 6 8 6 6 6.75 6 6 5.3 6 6 9 5 - 4 4", .out = "211141111111442922"},
    {QUALITY_RATE, .step_s = 900, .suspect = "0.005555555555555555", .fail = NULL,
     .in = "2 10 2.1 3 4 5 7 10 0 2 2.2 2 1 2 3 90 91 92 93 1 2 3 4 5",
     .out = "133111113111111311131111"},
    {QUALITY_RATE, .step_s = 900, .suspect = "0.005555555555555555", .fail = "0.01111111111111111",
     .in = "2 10 2.1 3 4 5 7 10 0 2 2.2 2 1 2 3 90 91 92 93 1 2 3 4 5",
     .out = "133111114111111411141111"},
    {QUALITY_RATE, .step_s = 900, .suspect = "0.005555555555555555", .fail = NULL,
     .in = "2 10 2 3 - - 7 10", .out = "13319911"},
    {QUALITY_RATE, .step_s = 900, .suspect = "0.005555555555555555", .fail = NULL,
     .in = "-2 -10 -2 -3", .out = "1331"},
    {QUALITY_FLAT, .step_s = 900, .suspect = "3000", .fail = "4800", .tolerance = "0.01",
     .in = "1 2 2.0001 2 2.0001 2 2.0001 2 4 5 3 3.0001 3.0005 3.00001", .out = "11113344111113"},
    {QUALITY_FLAT, .step_s = 900, .suspect = "3000", .fail = "4800", .tolerance = "0.01",
     .in = "2 2.0001 2 2.0001 2 2.0001 2 4 5 3 3.0001 3.0005 3.00001", .out = "1113344111113"},
    {QUALITY_FLAT, .step_s = 900, .suspect = "3000", .fail = "4800", .tolerance = "0.01",
     .in = "1 - - 2 2.0001 2 2.0001 2 4 - 3 - - 3.00001", .out = "19913344191993"},
    {QUALITY_FLAT, .step_s = 1, .suspect = "3", .fail = "5", .tolerance = "0.1",
     .in = "5 5 5 5 5 5", .out = "111334"},
    {QUALITY_FLAT, .step_s = 1, .suspect = "3", .fail = "6", .tolerance = "4",
     .in = "1 1 1 1 1 6 5 4 3 2", .out = "1113311133"},
};

/* "20 40" */
static struct quality_span span(const char *s) {
    char low[16];
    size_t n = strcspn(s, " ");
    memcpy(low, s, n);
    low[n] = '\0';
    return (struct quality_span){dec(low), dec(s + n + 1), true};
}

/* "0.01111111111111111": as its digits stand, of which a decimal holds fewer behind the point */
static struct quality_slope slope(const char *s) {
    if (s == NULL) {
        return (struct quality_slope){.is_set = false};
    }
    struct fraction f = {0, 1};
    for (const char *c = s + strlen("0."); *c != '\0'; c++) {
        f.num = f.num * 10 + (*c - '0');
        f.den *= 10;
    }
    return (struct quality_slope){f, true};
}

static struct quality_rules rules_of(const struct vector *v) {
    struct quality_rules r = {.gap_fail_ms = 0};
    if (v->test == QUALITY_GROSS) {
        r.gross_suspect = span(v->suspect);
        r.gross_fail = span(v->fail);
    } else if (v->test == QUALITY_SPIKE) {
        r.spike_method = v->is_differential ? QUALITY_SPIKE_DIFFERENTIAL : QUALITY_SPIKE_AVERAGE;
        r.spike_suspect = step(v->suspect);
        r.spike_fail = step(v->fail);
    } else if (v->test == QUALITY_RATE) {
        r.rate_suspect = slope(v->suspect);
        r.rate_fail = slope(v->fail);
    } else {
        r.flat_suspect = (int)dec(v->suspect).coef / v->step_s + 1;
        r.flat_fail = (int)dec(v->fail).coef / v->step_s + 1;
        r.flat_tolerance = dec(v->tolerance);
    }
    return r;
}

/* The next word of a series; false behind the last. */
static bool next_word(const char **at, char word[16]) {
    size_t n = strcspn(*at, " ");
    assert_in_range(n, 0, 15);
    memcpy(word, *at, n);
    word[n] = '\0';
    *at += n + ((*at)[n] == ' ');
    return n > 0;
}

static void run_vector(const struct vector *v) {
    struct quality_rules rules = rules_of(v);
    struct quality *q = start(&rules);
    char word[16];
    char out[SERIES_MAX] = "";
    const char *at = v->in;
    int64_t step_ms = v->step_s == 0 ? 1000 : v->step_s * INT64_C(1000);
    for (int i = 0; next_word(&at, word); i++) {
        assert_in_range(i, 0, SERIES_MAX - 2);
        const char *value = strcmp(word, "-") == 0 ? NULL : word;
        struct quality_answer a = feed(q, &rules, i * step_ms, value);
        out[i] = (char)('0' + a.flags.of[v->test]);
        if (a.settles) {
            assert_int_equal(a.before_ms, (i - 1) * step_ms);
            out[i - 1] = (char)('0' + a.before.of[v->test]);
        }
    }
    assert_string_equal(out, v->out);
    free(q);
}

static void it_flags_as_ioos_qc_does(void **state) {
    (void)state;
    assert_int_equal(sizeof vectors / sizeof vectors[0], 20);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        run_vector(&vectors[i]);
    }
}

/* ---- borders ---- */

/* Ten in a quarter of an hour is 10/900 exactly, which is not more than 10/900. The vector with
 * these numbers says 4: its threshold is the binary number just below, and so are its digits. */
static void a_border_of_the_rate_is_met_exactly(void **state) {
    (void)state;
    struct quality_rules rules = {.rate_fail = {{1, 90}, true}};
    struct quality *q = start(&rules);
    feed(q, &rules, 0, "10");
    assert_int_equal(feed(q, &rules, 900000, "0").flags.of[QUALITY_RATE], QUALITY_GOOD);
    assert_int_equal(feed(q, &rules, 1800000, "-10.000000001").flags.of[QUALITY_RATE],
                     QUALITY_FAIL);
    assert_int_equal(feed(q, &rules, 2699999, "0").flags.of[QUALITY_RATE], QUALITY_FAIL);
    free(q);
}

static void decimals_are_not_binary(void **state) {
    (void)state;
    struct quality_rules rules = {.spike_suspect = step("0.1"),
                                  .flat_suspect = 2,
                                  .flat_tolerance = dec("0.1"),
                                  .gross_fail = {dec("-0.3"), dec("0.3"), true}};
    struct quality *q = start(&rules);
    feed(q, &rules, 0, "0.2");
    struct quality_answer a = feed(q, &rules, 1, "0.3");
    assert_int_equal(a.flags.of[QUALITY_GROSS], QUALITY_GOOD);
    assert_int_equal(a.flags.of[QUALITY_FLAT], QUALITY_GOOD);
    a = feed(q, &rules, 2, "0.2");
    assert_true(a.settles);
    assert_int_equal(a.before.of[QUALITY_SPIKE], QUALITY_GOOD);
    a = feed(q, &rules, 3, "0.299999999");
    assert_int_equal(a.flags.of[QUALITY_FLAT], QUALITY_SUSPECT);
    free(q);
}

/* Up by ten and down by one is an edge, not a point that stands out. */
static void a_differential_spike_is_its_smaller_step(void **state) {
    (void)state;
    struct quality_rules rules = {.spike_method = QUALITY_SPIKE_DIFFERENTIAL,
                                  .spike_suspect = step("1"),
                                  .spike_fail = step("5")};
    static const struct {
        const char *in[3];
        enum quality_flag want;
    } rows[] = {
        {{"0", "10", "9"}, QUALITY_GOOD},      {{"9", "10", "0"}, QUALITY_GOOD},
        {{"0", "10", "8.9"}, QUALITY_SUSPECT}, {{"0", "-10", "-5"}, QUALITY_SUSPECT},
        {{"0", "-10", "-4.9"}, QUALITY_FAIL},  {{"0", "10", "20"}, QUALITY_GOOD},
    };
    struct quality *q = start(&rules);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        quality_init(q, &rules);
        feed(q, &rules, 0, rows[i].in[0]);
        feed(q, &rules, 1, rows[i].in[1]);
        struct quality_answer a = feed(q, &rules, 2, rows[i].in[2]);
        assert_true(a.settles);
        assert_int_equal(a.before.of[QUALITY_SPIKE], rows[i].want);
    }
    free(q);
}

static void a_gap_is_more_than_its_threshold(void **state) {
    (void)state;
    struct quality_rules rules = {.gap_suspect_ms = 1000, .gap_fail_ms = 5000};
    static const struct {
        int64_t time_ms;
        const char *value;
        enum quality_flag want;
    } rows[] = {
        {0, "1", QUALITY_NOT_EVALUATED}, {1000, "1", QUALITY_GOOD},
        {2001, "1", QUALITY_SUSPECT},    {7001, "1", QUALITY_SUSPECT},
        {12002, "1", QUALITY_FAIL},      {13000, NULL, QUALITY_MISSING},
        {13002, "1", QUALITY_GOOD},      {14000, NULL, QUALITY_MISSING},
        {14003, "1", QUALITY_SUSPECT},
    };
    struct quality *q = start(&rules);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct quality_answer a = feed(q, &rules, rows[i].time_ms, rows[i].value);
        assert_int_equal(a.flags.of[QUALITY_GAP], rows[i].want);
    }
    free(q);
}

static void a_flat_line_wants_two_values(void **state) {
    (void)state;
    struct quality_rules rules = {.flat_fail = 3, .flat_tolerance = dec("1")};
    struct quality *q = start(&rules);
    feed(q, &rules, 0, NULL);
    feed(q, &rules, 1, NULL);
    assert_int_equal(feed(q, &rules, 2, "7").flags.of[QUALITY_FLAT], QUALITY_GOOD);
    assert_int_equal(feed(q, &rules, 3, "7").flags.of[QUALITY_FLAT], QUALITY_FAIL);
    free(q);
}

static void the_largest_numbers_do_not_wrap(void **state) {
    (void)state;
    struct quality_rules rules = {.spike_fail = step("999999999999999999"),
                                  .rate_fail = {{1, 1}, true},
                                  .flat_fail = 2,
                                  .flat_tolerance = dec("999999999999999999"),
                                  .gap_fail_ms = INT64_MAX};
    struct quality *q = start(&rules);
    feed(q, &rules, INT64_MIN, "-999999999999999999");
    struct quality_answer a = feed(q, &rules, INT64_MAX, "999999999999999999");
    assert_int_equal(a.flags.of[QUALITY_GAP], QUALITY_FAIL);
    /* 2e18 in 1.8e16 seconds is 108 for each */
    assert_int_equal(a.flags.of[QUALITY_RATE], QUALITY_FAIL);
    assert_int_equal(a.flags.of[QUALITY_FLAT], QUALITY_GOOD);
    quality_init(q, &rules);
    feed(q, &rules, 0, "-999999999999999999");
    feed(q, &rules, 1, "999999999999999999");
    a = feed(q, &rules, 2, "-999999999999999999");
    assert_int_equal(a.before.of[QUALITY_SPIKE], QUALITY_FAIL);
    free(q);
}

/* ---- order of arrival ---- */

/* Every flag of both. */
static void expect_same(const struct quality_answer *a, const struct quality_answer *b) {
    assert_int_equal(a->order, b->order);
    assert_memory_equal(&a->flags, &b->flags, sizeof a->flags);
    assert_int_equal(a->settles, b->settles);
    if (a->settles) {
        assert_int_equal(a->before_ms, b->before_ms);
        assert_memory_equal(&a->before, &b->before, sizeof a->before);
    }
}

static const struct quality_rules all_rules = {
    .gross_fail = {{-20, 0}, {20, 0}, true},
    .gross_suspect = {{-15, 0}, {15, 0}, true},
    .spike_suspect = {{3, 0}, true},
    .spike_fail = {{75, 1}, true},
    .rate_suspect = {{1, 2}, true},
    .rate_fail = {{1, 1}, true},
    .flat_suspect = 3,
    .flat_fail = 5,
    .flat_tolerance = {25, 1},
    .gap_suspect_ms = 1500,
    .gap_fail_ms = 2500,
};

static void late_ones_and_duplicates_are_judged_by_range_alone(void **state) {
    (void)state;
    static const uint8_t want[] = {QUALITY_FAIL, 2, 2, 2, 2};
    static const uint8_t none[] = {9, 9, 9, 9, 9};
    struct quality *q = start(&all_rules);
    feed(q, &all_rules, 1000, "1");
    struct quality_answer a = feed(q, &all_rules, 1000, "99");
    assert_int_equal(a.order, QUALITY_DUPLICATE);
    assert_memory_equal(a.flags.of, want, sizeof want);
    assert_false(a.settles);
    a = feed(q, &all_rules, 1000, "1");
    assert_int_equal(a.order, QUALITY_DUPLICATE);
    assert_int_equal(quality_worst(&a.flags), QUALITY_GOOD);
    a = feed(q, &all_rules, 999, "99");
    assert_int_equal(a.order, QUALITY_LATE);
    assert_memory_equal(a.flags.of, want, sizeof want);
    a = feed(q, &all_rules, 999, NULL);
    assert_int_equal(a.order, QUALITY_LATE);
    assert_memory_equal(a.flags.of, none, sizeof none);
    free(q);
}

static uint32_t draw(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

/* Steps of a half second to three seconds; a value moves by tenths, jumps, stands still or lacks.
 */
static struct quality_observation next_random(uint32_t *seed,
                                              const struct quality_observation *last) {
    struct quality_observation o = *last;
    uint32_t how = draw(seed, 10);
    o.time_ms += 500 * (1 + (int64_t)draw(seed, 6));
    o.is_missing = how == 0;
    if (how == 1) {
        o.value = (struct decimal){(int64_t)draw(seed, 501) - 250, 1};
    } else if (how > 5) {
        struct decimal by = {(int64_t)draw(seed, 61) - 30, 1};
        assert_true(decimal_add(o.value, by, &o.value));
    }
    return o;
}

static void what_comes_late_changes_nothing(void **state) {
    (void)state;
    uint32_t seed = 4;
    struct quality *clean = start(&all_rules);
    struct quality *noisy = start(&all_rules);
    struct quality_observation o = {.time_ms = 0, .value = {0, 0}};
    for (int i = 0; i < 20000; i++) {
        o = next_random(&seed, &o);
        struct quality_answer a = quality_feed(clean, &all_rules, &o);
        struct quality_answer b = quality_feed(noisy, &all_rules, &o);
        expect_same(&a, &b);
        struct quality_observation stray = o;
        stray.time_ms -= draw(&seed, 3000);
        stray.is_missing = draw(&seed, 4) == 0;
        stray.value = (struct decimal){(int64_t)draw(&seed, 999), 0};
        b = quality_feed(noisy, &all_rules, &stray);
        assert_int_not_equal(b.order, QUALITY_NEXT);
    }
    free(noisy);
    free(clean);
}

/* ---- the stream against a plain reckoning ---- */

/* In tenths and milliseconds, small enough for int64: what all_rules say of seen[i] of n. */

static int64_t tenths(const struct quality_observation *o) {
    return o->value.scale == 0 ? o->value.coef * 10 : o->value.coef;
}

static bool has(const struct quality_observation *seen, int n, int i) {
    return i >= 0 && i < n && !seen[i].is_missing;
}

static enum quality_flag worse_of(bool suspect, bool fails) {
    return fails ? QUALITY_FAIL : suspect ? QUALITY_SUSPECT : QUALITY_GOOD;
}

static enum quality_flag plain_spike(const struct quality_observation *seen, int n, int i) {
    if (!has(seen, n, i - 1) || !has(seen, n, i + 1)) {
        return QUALITY_NOT_EVALUATED;
    }
    int64_t twice = llabs(2 * tenths(&seen[i]) - tenths(&seen[i - 1]) - tenths(&seen[i + 1]));
    return worse_of(twice > 60, twice > 150);
}

static enum quality_flag plain_rate(const struct quality_observation *seen, int n, int i) {
    if (!has(seen, n, i - 1)) {
        return QUALITY_GOOD;
    }
    int64_t by = llabs(tenths(&seen[i]) - tenths(&seen[i - 1])) * 1000;
    int64_t ms = seen[i].time_ms - seen[i - 1].time_ms;
    return worse_of(by > 5 * ms, by > 10 * ms);
}

/* The last `count`, and two values among them. */
static bool is_level(const struct quality_observation *seen, int i, int count) {
    int64_t low = INT64_MAX;
    int64_t high = INT64_MIN;
    int values = 0;
    for (int k = i - count + 1; k <= i; k++) {
        if (k >= 0 && !seen[k].is_missing) {
            low = tenths(&seen[k]) < low ? tenths(&seen[k]) : low;
            high = tenths(&seen[k]) > high ? tenths(&seen[k]) : high;
            values++;
        }
    }
    return i >= count - 1 && values >= 2 && high - low < 25;
}

/* Five are looked back at. */
static bool is_flat(const struct quality_observation *seen, int i, int count) {
    while (count <= 5 && !is_level(seen, i, count)) {
        count++;
    }
    return count <= 5;
}

static enum quality_flag plain_gap(const struct quality_observation *seen, int i) {
    int k = i - 1;
    while (k >= 0 && seen[k].is_missing) {
        k--;
    }
    int64_t ms = k < 0 ? 0 : seen[i].time_ms - seen[k].time_ms;
    return k < 0 ? QUALITY_NOT_EVALUATED : worse_of(ms > 1500, ms > 2500);
}

static void expect_plain(const struct quality_observation *seen, int n, int i,
                         const struct quality_flags *got) {
    if (seen[i].is_missing) {
        assert_int_equal(quality_worst(got), QUALITY_MISSING);
        return;
    }
    int64_t size = llabs(tenths(&seen[i]));
    assert_int_equal(got->of[QUALITY_GROSS], worse_of(size > 150, size > 200));
    assert_int_equal(got->of[QUALITY_SPIKE], plain_spike(seen, n, i));
    assert_int_equal(got->of[QUALITY_RATE], plain_rate(seen, n, i));
    assert_int_equal(got->of[QUALITY_FLAT], worse_of(is_flat(seen, i, 3), is_flat(seen, i, 5)));
    assert_int_equal(got->of[QUALITY_GAP], plain_gap(seen, i));
}

static void a_stream_is_flagged_as_the_whole_series(void **state) {
    (void)state;
    uint32_t seed = 2026;
    int times[QUALITY_TESTS][QUALITY_FAIL + 1] = {{0}};
    struct quality *q = start(&all_rules);
    for (int round = 0; round < 500; round++) {
        struct quality_observation seen[SERIES_MAX];
        struct quality_flags got[SERIES_MAX];
        int n = 1 + (int)draw(&seed, SERIES_MAX);
        quality_init(q, &all_rules);
        for (int i = 0; i < n; i++) {
            struct quality_observation first = {.time_ms = -100000};
            seen[i] = next_random(&seed, i == 0 ? &first : &seen[i - 1]);
            struct quality_answer a = quality_feed(q, &all_rules, &seen[i]);
            got[i] = a.flags;
            if (a.settles) {
                assert_int_equal(a.before_ms, seen[i - 1].time_ms);
                got[i - 1] = a.before;
            }
        }
        for (int i = 0; i < n; i++) {
            expect_plain(seen, n, i, &got[i]);
            for (int t = 0; t < QUALITY_TESTS && !seen[i].is_missing; t++) {
                times[t][got[i].of[t]]++;
            }
        }
    }
    for (int t = 0; t < QUALITY_TESTS; t++) {
        assert_true(times[t][QUALITY_GOOD] > 100 && times[t][QUALITY_SUSPECT] > 100 &&
                    times[t][QUALITY_FAIL] > 100);
    }
    free(q);
}

/* ---- kept ---- */

/* Saved and taken up again behind every observation, it goes on as one that was not. */
static void a_kept_state_goes_on(void **state) {
    (void)state;
    uint32_t seed = 7;
    unsigned char kept[QUALITY_KEPT + 5 * QUALITY_KEPT_SLOT];
    struct quality *whole = start(&all_rules);
    struct quality *cut = start(&all_rules);
    struct quality_observation o = {.time_ms = -50000, .value = {0, 0}};
    for (int i = 0; i < 5000; i++) {
        o = next_random(&seed, &o);
        struct quality_answer a = quality_feed(whole, &all_rules, &o);
        struct quality_answer b = quality_feed(cut, &all_rules, &o);
        expect_same(&a, &b);
        size_t n = quality_save(cut, kept);
        assert_in_range(n, QUALITY_KEPT, sizeof kept);
        quality_init(cut, &all_rules);
        assert_true(quality_load(cut, &all_rules, kept, n));
    }
    free(cut);
    free(whole);
}

static void the_largest_numbers_are_kept(void **state) {
    (void)state;
    struct quality_rules rules = {.spike_fail = step("999999999999999999")};
    unsigned char kept[QUALITY_KEPT];
    struct quality *q = start(&rules);
    feed(q, &rules, INT64_MIN, "-999999999999999999");
    feed(q, &rules, INT64_MAX - 1, "999999999999999999");
    assert_int_equal(quality_save(q, kept), QUALITY_KEPT);
    quality_init(q, &rules);
    assert_true(quality_load(q, &rules, kept, sizeof kept));
    struct quality_answer a = feed(q, &rules, INT64_MAX, "-999999999999999999");
    assert_true(a.settles);
    assert_true(a.before_ms == INT64_MAX - 1);
    assert_int_equal(a.before.of[QUALITY_SPIKE], QUALITY_FAIL);
    free(q);
}

/* Where the rules have changed since, all but the flat line goes on. */
static void a_state_is_taken_up_by_other_rules(void **state) {
    (void)state;
    struct quality_rules before = {.flat_fail = 2, .flat_tolerance = dec("1")};
    struct quality_rules rules = {
        .flat_fail = 3, .flat_tolerance = dec("1"), .rate_fail = {{1, 1}, true}};
    unsigned char kept[QUALITY_KEPT + 2 * QUALITY_KEPT_SLOT];
    struct quality *q = start(&before);
    feed(q, &before, 0, "7");
    feed(q, &before, 1000, "7");
    size_t n = quality_save(q, kept);
    free(q);
    q = start(&rules);
    assert_true(quality_load(q, &rules, kept, n));
    struct quality_answer a = feed(q, &rules, 2000, "9");
    assert_int_equal(a.flags.of[QUALITY_RATE], QUALITY_FAIL);
    feed(q, &rules, 5000, "9");
    a = feed(q, &rules, 9000, "9");
    assert_int_equal(a.flags.of[QUALITY_FLAT], QUALITY_FAIL);
    free(q);
}

static void other_bytes_are_no_state(void **state) {
    (void)state;
    unsigned char kept[QUALITY_KEPT + 5 * QUALITY_KEPT_SLOT];
    struct quality *q = start(&all_rules);
    feed(q, &all_rules, 0, "1");
    feed(q, &all_rules, 500, NULL);
    size_t n = quality_save(q, kept);
    static const struct {
        size_t at;
        unsigned char is;
    } wrong[] = {
        {0, 2},    {1, 3},     {1, 2},     {1, 5},  {1, 64},  {2, 0x10},
        {4, 0x1f}, {32, 0x7f}, {44, 0x80}, {45, 1}, {48, 10},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        unsigned char copy[sizeof kept];
        memcpy(copy, kept, n);
        copy[wrong[i].at] = wrong[i].is;
        if (wrong[i].at == 45) { /* fewer than there are */
            copy[46] = 0;
        }
        assert_false(quality_load(q, &all_rules, copy, n));
        assert_int_equal(feed(q, &all_rules, -9, "1").order, QUALITY_NEXT);
    }
    for (size_t cut = 0; cut < n; cut++) {
        quality_init(q, &all_rules);
        bool taken = quality_load(q, &all_rules, kept, cut);
        assert_int_equal(taken,
                         cut >= QUALITY_KEPT && (cut - QUALITY_KEPT) % QUALITY_KEPT_SLOT == 0);
    }
    free(q);
}

static void flags_are_packed(void **state) {
    (void)state;
    struct quality_flags flags = {{1, 2, 3, 4, 9}};
    struct quality_flags back;
    assert_int_equal(quality_pack(&flags), 0x94321);
    assert_true(quality_unpack(0x94321, &back));
    assert_memory_equal(&back, &flags, sizeof back);
    assert_false(quality_unpack(0, &back));
    assert_false(quality_unpack(0x194321, &back));
    assert_false(quality_unpack(0x94325, &back));
    assert_string_equal(quality_test_word(QUALITY_GAP), "gap");
}

/* A correction of the latest: its own flags stay what was said of it. */
static void what_was_corrected_is_not_settled(void **state) {
    (void)state;
    struct quality_rules rules = {.spike_fail = step("1")};
    struct quality_flags flags;
    struct quality *q = start(&rules);
    feed(q, &rules, 0, "1");
    feed(q, &rules, 1, "9");
    struct quality_observation same = {.time_ms = 1, .value = dec("9.0")};
    struct quality_observation other = {.time_ms = 1, .value = dec("1")};
    assert_true(quality_is_latest(q, &same, &flags));
    assert_false(quality_is_latest(q, &other, &flags));
    quality_correct(q);
    assert_false(feed(q, &rules, 2, "1").settles);
    assert_true(feed(q, &rules, 3, "1").settles);
    free(q);
}

/* ---- rules and the worst flag ---- */

static void without_rules_nothing_is_evaluated(void **state) {
    (void)state;
    struct quality_rules rules = {.gap_fail_ms = 0};
    struct quality *q = start(&rules);
    for (int i = 0; i < 4; i++) {
        struct quality_answer a = feed(q, &rules, i, "1");
        assert_false(a.settles);
        assert_int_equal(quality_worst(&a.flags), QUALITY_NOT_EVALUATED);
    }
    struct quality_answer a = feed(q, &rules, 9, NULL);
    assert_int_equal(quality_worst(&a.flags), QUALITY_MISSING);
    free(q);
}

static void the_worst_flag_wins(void **state) {
    (void)state;
    static const struct {
        struct quality_flags flags;
        enum quality_flag want;
    } rows[] = {
        {{{9, 9, 9, 9, 9}}, QUALITY_MISSING}, {{{2, 9, 2, 2, 2}}, QUALITY_NOT_EVALUATED},
        {{{2, 1, 9, 2, 2}}, QUALITY_GOOD},    {{{1, 1, 3, 2, 9}}, QUALITY_SUSPECT},
        {{{4, 1, 3, 2, 9}}, QUALITY_FAIL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(quality_worst(&rows[i].flags), rows[i].want);
    }
    assert_string_equal(quality_flag_word(QUALITY_NOT_EVALUATED), "not evaluated");
}

static void expect_refused(struct quality_rules rules, const char *says) {
    struct err err = ERR_INIT;
    assert_int_equal(quality_check(&rules, &err), E_INPUT);
    assert_non_null(strstr(err.msg, says));
}

static void rules_that_cannot_be_are_refused(void **state) {
    (void)state;
    struct decimal one = decimal_of(1);
    expect_refused((struct quality_rules){.gross_fail = span("2 1")}, "fail span 2 to 1");
    expect_refused((struct quality_rules){.gross_suspect = span("0.5 0.25")}, "0.5 to 0.25");
    expect_refused(
        (struct quality_rules){.gross_fail = span("0 9"), .gross_suspect = span("0 9.1")},
        "leaves the fail span");
    expect_refused((struct quality_rules){.spike_fail = step("-1")}, "less than 0");
    expect_refused((struct quality_rules){.spike_fail = step("1"), .spike_suspect = step("1.1")},
                   "below that of suspect");
    expect_refused((struct quality_rules){.rate_suspect = {{-1, 2}, true}}, "less than 0");
    expect_refused(
        (struct quality_rules){.rate_suspect = {{1, 2}, true}, .rate_fail = {{1, 3}, true}},
        "below that of suspect");
    expect_refused((struct quality_rules){.flat_fail = 1, .flat_tolerance = one}, "not 2 to");
    expect_refused((struct quality_rules){.flat_fail = QUALITY_FLAT_MAX + 1, .flat_tolerance = one},
                   "not 2 to");
    expect_refused((struct quality_rules){.flat_fail = 3, .flat_suspect = 4, .flat_tolerance = one},
                   "before suspect");
    expect_refused((struct quality_rules){.flat_fail = 3}, "tolerance 0");
    expect_refused((struct quality_rules){.gap_fail_ms = -1}, "less than 0 ms");
    expect_refused((struct quality_rules){.gap_fail_ms = 1, .gap_suspect_ms = 2},
                   "below that of suspect");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_flags_as_ioos_qc_does),
        cmocka_unit_test(a_border_of_the_rate_is_met_exactly),
        cmocka_unit_test(decimals_are_not_binary),
        cmocka_unit_test(a_differential_spike_is_its_smaller_step),
        cmocka_unit_test(a_gap_is_more_than_its_threshold),
        cmocka_unit_test(a_flat_line_wants_two_values),
        cmocka_unit_test(the_largest_numbers_do_not_wrap),
        cmocka_unit_test(late_ones_and_duplicates_are_judged_by_range_alone),
        cmocka_unit_test(what_comes_late_changes_nothing),
        cmocka_unit_test(a_stream_is_flagged_as_the_whole_series),
        cmocka_unit_test(a_kept_state_goes_on),
        cmocka_unit_test(the_largest_numbers_are_kept),
        cmocka_unit_test(a_state_is_taken_up_by_other_rules),
        cmocka_unit_test(other_bytes_are_no_state),
        cmocka_unit_test(flags_are_packed),
        cmocka_unit_test(what_was_corrected_is_not_settled),
        cmocka_unit_test(without_rules_nothing_is_evaluated),
        cmocka_unit_test(the_worst_flag_wins),
        cmocka_unit_test(rules_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
