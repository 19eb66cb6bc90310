/* Points in time and numbers as files write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

#include "ngsi/entity.h"
#include "sense/amount.h"
#include "sense/moment.h"

static const struct moment_zone beijing = {INT64_MAX, 8 * 3600};

static void is_at(const char *format, const char *text, const char *want) {
    struct moment_format f = {format, &beijing, 1};
    struct err err = ERR_INIT;
    char got[ENTITY_TIME_MAX];
    int64_t ms = 0;
    assert_int_equal(moment_check(format, &err), OK);
    if (moment_parse(text, &f, &ms, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    assert_string_equal(entity_time_text(ms, got), want);
}

static void is_none(const char *format, const char *text) {
    struct moment_format f = {format, &beijing, 1};
    struct err err = ERR_INIT;
    int64_t ms = 7;
    assert_int_equal(moment_parse(text, &f, &ms, &err), E_INPUT);
    assert_int_equal(ms, 7);
    assert_non_null(strstr(err.msg, text));
}

static void formats(void **state) {
    (void)state;
    is_at("%Y%m%d %H", "20200326 19", "2020-03-26T11:00:00Z");
    is_at("%Y-%m-%d %H:%M:%S", "2016-10-04 07:59:42", "2016-10-03T23:59:42Z");
    is_at("%Y-%m-%dT%H:%M:%S%z", "2021-05-07T23:55:00Z", "2021-05-07T23:55:00Z");
    is_at("%Y-%m-%dT%H:%M:%S.%f%z", "2021-05-07T23:55:00.1239-0330", "2021-05-08T03:25:00.123Z");
    is_at("%Y年%m月%d日%H时", "2020年3月5日7时", "2020-03-04T23:00:00Z");
    is_at("%d/%m/%Y %I:%M %p", "5/3/2020 12:05 am", "2020-03-04T16:05:00Z");
    is_at("%Y-%m-%d %p%I:%M", "2020-03-05 下午1:30", "2020-03-05T05:30:00Z");
    is_at("%d-%b-%Y", "05-mar-2020", "2020-03-04T16:00:00Z");
    is_at("%b %d, %Y", "September 9, 2020", "2020-09-08T16:00:00Z");
    is_at("%Y-%m-%d %H:%M", "2020-12-31 24:00", "2020-12-31T16:00:00Z");
    is_at("%Y-%m-%d %H:%M:%S", "2016-12-31 23:59:60", "2016-12-31T15:59:59Z");
    is_at("%s", "1600000000.5", "2020-09-13T12:26:40.500Z");
    is_at("%Q", "1600000000500", "2020-09-13T12:26:40.500Z");
    is_at("%s", "-1", "1969-12-31T23:59:59Z");
    is_at("%Y%%", "2020%", "2019-12-31T16:00:00Z");
}

static void no_times(void **state) {
    static const char *const wrong[] = {"%m-%d", "%Y-%q", "%Y%", ""};
    (void)state;
    is_none("%Y-%m-%d", "2021-02-29");
    is_none("%Y-%m-%d", "2021-02-3x");
    is_none("%Y-%m-%d %H", "2021-02-03 25");
    is_none("%Y-%m-%d %H:%M", "2021-02-03 24:01");
    is_none("%Y-%m-%d", "2021-02");
    is_none("%I %Y", "13 2020");
    is_none("%Y %z", "2020 +08:75");
    is_none("%Y %z", "2020 +19:00");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(moment_check(wrong[i], NULL), E_INPUT);
    }
}

/* British summer time ended on 2016-10-30 at 02:00, when it was 01:00 once more. */
static void zones_that_change(void **state) {
    static const struct moment_zone british[] = {{1477792800000, 3600}, {INT64_MAX, 0}};
    struct moment_format f = {"%Y-%m-%d %H:%M", british, 2};
    int64_t ms = 0;
    (void)state;
    assert_int_equal(moment_parse("2016-10-30 00:30", &f, &ms, NULL), OK);
    assert_int_equal(ms, 1477783800000); /* 2016-10-29T23:30Z */
    assert_int_equal(moment_parse("2016-10-30 01:30", &f, &ms, NULL), OK);
    assert_int_equal(ms, 1477787400000); /* the first of two */
    assert_int_equal(moment_parse("2016-10-30 02:00", &f, &ms, NULL), OK);
    assert_int_equal(ms, 1477792800000);
}

/* ---- amounts ---- */

static void number_is(const char *text, char mark, const char *want) {
    struct arena a = ARENA_INIT;
    const char *got = NULL;
    enum code code = amount_parse(text, mark, &a, &got, NULL);
    if (want == NULL) {
        assert_int_equal(code, E_INPUT);
    } else {
        assert_int_equal(code, OK);
        assert_string_equal(got, want);
    }
    arena_fini(&a);
}

static void numbers(void **state) {
    (void)state;
    number_is("1.50", '.', "1.50");
    number_is("+007", '.', "7");
    number_is("-.5", '.', "-0.5");
    number_is("35.", '.', "35");
    number_is("1,5", ',', "1.5");
    number_is("1E-3", '.', "1e-3");
    number_is("0", '.', "0");
    number_is("1,234", '.', NULL);
    number_is("1.5", ',', NULL);
    number_is("0x10", '.', NULL);
    number_is("1e", '.', NULL);
    number_is("NaN", '.', NULL);
    number_is(".", '.', NULL);
    number_is("--1", '.', NULL);
    number_is("0.260|0.267", '.', NULL);
    number_is("1234567890123456789012345678901234567890123456789012345678901", '.', NULL);
}

static void converts(const char *number, const char *factor, const char *offset, int places,
                     const char *want) {
    struct arena a = ARENA_INIT;
    struct amount_conversion c = {.places = places};
    const char *got = NULL;
    assert_int_equal(amount_parse_fraction(factor, &c.factor, NULL), OK);
    assert_int_equal(amount_parse_fraction(offset, &c.offset, NULL), OK);
    enum code code = amount_convert(number, &c, &a, &got, NULL);
    if (want == NULL) {
        assert_int_not_equal(code, OK);
    } else {
        assert_int_equal(code, OK);
        assert_string_equal(got, want);
    }
    arena_fini(&a);
}

static void conversions(void **state) {
    struct arena a = ARENA_INIT;
    const char *got = NULL;
    struct fraction f;
    (void)state;
    converts("0.1", "3", "0", AMOUNT_EXACT, "0.3"); /* no binary float gives this */
    converts("-61", "0.001", "0", AMOUNT_EXACT, "-0.061");
    converts("212", "5/9", "-160/9", AMOUNT_EXACT, "100");
    converts("100", "5/9", "-160/9", AMOUNT_EXACT, NULL);
    converts("100", "5/9", "-160/9", 2, "37.78");
    converts("1.5e3", "0.001", "0", AMOUNT_EXACT, "1.5");
    converts("1e400", "1", "0", AMOUNT_EXACT, NULL);
    converts("1234567890123456789", "1", "0", AMOUNT_EXACT, NULL);
    converts("999999999999999999", "1000000", "0", AMOUNT_EXACT, NULL);
    assert_int_equal(amount_parse_fraction("1/0", &f, NULL), E_INPUT);
    assert_int_equal(amount_parse_fraction("a", &f, NULL), E_INPUT);
    assert_int_equal(amount_parse_fraction("1/2/3", &f, NULL), E_INPUT);
    assert_int_equal(amount_subtract("577", "61", &a, &got, NULL), OK);
    assert_string_equal(got, "516");
    assert_int_equal(amount_subtract("0.3", "0.4", &a, &got, NULL), OK);
    assert_string_equal(got, "-0.1");
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats),           cmocka_unit_test(no_times),
        cmocka_unit_test(zones_that_change), cmocka_unit_test(numbers),
        cmocka_unit_test(conversions),
    };
    return cmocka_run_group_tests_name("sense/moment", tests, NULL, NULL);
}
