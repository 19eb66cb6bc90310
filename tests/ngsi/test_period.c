/* Which stretch of time timerel means, what a duration is, and where periods begin: CIM 009, 4.11
 * and 4.5.19. */
#include "ngsi/entity_period.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ngsi/entity.h"

static int64_t at(const char *moment) {
    int64_t ms;
    assert_int_equal(entity_time_parse(moment, &ms, NULL), OK);
    return ms;
}

static void expect_stretch(const char *rel, const char *from, const char *to, int64_t from_ms,
                           int64_t to_ms) {
    struct entity_stretch s;
    struct err err = ERR_INIT;
    struct entity_stretch_words w = {rel, from, to};
    assert_int_equal(entity_stretch_parse(&w, &s, &err), OK);
    assert_int_equal(s.span.from_ms, from_ms);
    assert_int_equal(s.span.to_ms, to_ms);
}

static void refuse_stretch(const char *rel, const char *from, const char *to, const char *says) {
    struct entity_stretch s;
    struct err err = ERR_INIT;
    struct entity_stretch_words w = {rel, from, to};
    assert_int_equal(entity_stretch_parse(&w, &s, &err), E_INPUT);
    assert_non_null(strstr(err.msg, says));
}

#define NOON "2026-03-01T12:00:00Z"
#define ONE "2026-03-01T13:00:00Z"

/* A span is from its first moment until just before its second: so after and the start of between
 * take the moment itself, before and the end of between do not. */
static void timerel_has_its_borders(void **state) {
    (void)state;
    expect_stretch(NULL, NULL, NULL, -ENTITY_EVER_MS, ENTITY_EVER_MS);
    expect_stretch("before", NOON, NULL, -ENTITY_EVER_MS, at(NOON));
    expect_stretch("after", NOON, NULL, at(NOON), ENTITY_EVER_MS);
    expect_stretch("between", NOON, ONE, at(NOON), at(ONE));
    expect_stretch("after", "2026-03-01T12:00:00.000Z", NULL, at(NOON), ENTITY_EVER_MS);
    expect_stretch("after", "2026-03-01T20:00:00+08:00", NULL, at(NOON), ENTITY_EVER_MS);
}

static void timerel_is_refused(void **state) {
    (void)state;
    refuse_stretch("during", NOON, NULL, "\"during\"");
    refuse_stretch("after", NULL, NULL, "without timeAt");
    refuse_stretch("between", NOON, NULL, "without endTimeAt");
    refuse_stretch("after", NOON, ONE, "with endTimeAt");
    refuse_stretch("between", ONE, NOON, "not behind");
    refuse_stretch("between", NOON, NOON, "not behind");
    refuse_stretch(NULL, NOON, NULL, "without timerel");
    refuse_stretch(NULL, NULL, ONE, "without timerel");
    refuse_stretch("after", "2026-03-01", NULL, "timeAt: cannot read");
    refuse_stretch("between", NOON, "later", "endTimeAt: cannot read");
}

static void expect_duration(const char *s, int32_t months, int64_t ms) {
    struct entity_duration d;
    assert_int_equal(entity_duration_parse(s, &d, NULL), OK);
    assert_int_equal(d.months, months);
    assert_int_equal(d.ms, ms);
}

static void durations_are_read(void **state) {
    (void)state;
    expect_duration("PT1H", 0, 3600000);
    expect_duration("P1D", 0, 86400000);
    expect_duration("PT0S", 0, 0);
    expect_duration("P0D", 0, 0);
    expect_duration("P2W", 0, 14LL * 86400000);
    expect_duration("P1Y2M", 14, 0);
    expect_duration("P3Y6M4DT12H30M5S", 42, 4LL * 86400000 + 12 * 3600000 + 30 * 60000 + 5000);
    expect_duration("PT0.5S", 0, 500);
    expect_duration("PT1,25S", 0, 1250);
    expect_duration("PT90M", 0, 5400000);
    expect_duration("P1M", 1, 0);
    expect_duration("PT1M", 0, 60000);
}

static void durations_are_refused(void **state) {
    static const char *const bad[] = {
        "",      "P",      "PT",     "1D",    "bogus",  "P1",   "P1H",    "PT1D",  "PT1H1D",
        "P1D1Y", "PT1S1M", "P1W1D",  "P1Y1W", "P-1D",   "-P1D", "P1.5D",  "PT1.S", "P1DT",
        "P1D ",  "PT1H1H", "P1WT1H", "PTT1S", "P1DT1D", "p1d",  "PT1e3S", "P 1D"};
    struct entity_duration d;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(entity_duration_parse(bad[i], &d, NULL), E_INPUT);
    }
    assert_int_equal(entity_duration_parse("P1000000000D", &d, NULL), E_INPUT);
    assert_int_equal(entity_duration_parse("P999999999D", &d, NULL), E_LIMIT);
    assert_int_equal(entity_duration_parse("P99999Y", &d, NULL), E_LIMIT);
    assert_int_equal(entity_duration_parse("P9999999Y", &d, NULL), E_INPUT);
}

static void expect_period(const char *duration, const char *origin, const char *moment,
                          const char *from, const char *to) {
    struct entity_duration d;
    assert_int_equal(entity_duration_parse(duration, &d, NULL), OK);
    struct entity_span p = entity_period_of(&d, at(origin), at("2030-01-01T00:00:00Z"), at(moment));
    char text[ENTITY_TIME_MAX];
    assert_string_equal(entity_time_text(p.from_ms, text), from);
    assert_string_equal(entity_time_text(p.to_ms, text), to);
}

static void periods_lie_behind_each_other(void **state) {
    (void)state;
    expect_period("PT1H", NOON, NOON, NOON, ONE);
    expect_period("PT1H", NOON, "2026-03-01T12:59:59.999Z", NOON, ONE);
    expect_period("PT1H", NOON, ONE, ONE, "2026-03-01T14:00:00Z");
    expect_period("P1D", NOON, "2026-03-08T11:00:00Z", "2026-03-07T12:00:00Z",
                  "2026-03-08T12:00:00Z");
    expect_period("PT0S", NOON, "2027-01-01T00:00:00Z", NOON, "2030-01-01T00:00:00Z");
    /* Months are counted from the origin: the 31st does not get lost on the way. */
    expect_period("P1M", "2026-01-31T08:00:00Z", "2026-03-01T00:00:00Z", "2026-02-28T08:00:00Z",
                  "2026-03-31T08:00:00Z");
    expect_period("P1M", "2026-01-31T08:00:00Z", "2026-03-31T08:00:00Z", "2026-03-31T08:00:00Z",
                  "2026-04-30T08:00:00Z");
    expect_period("P1Y", "2024-02-29T00:00:00Z", "2026-12-01T00:00:00Z", "2026-02-28T00:00:00Z",
                  "2027-02-28T00:00:00Z");
    expect_period("P1M1D", "2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-02T00:00:00Z",
                  "2026-03-03T00:00:00Z");
    expect_period("PT1H", "1969-12-31T23:30:00Z", "1970-01-01T00:30:00Z", "1970-01-01T00:30:00Z",
                  "1970-01-01T01:30:00Z");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timerel_has_its_borders),
        cmocka_unit_test(timerel_is_refused),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(durations_are_refused),
        cmocka_unit_test(periods_lie_behind_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
