/* Exact sums: what JSON writes as a number, what is refused, sums that a double gets wrong, means
 * and deviations reckoned by hand. */
#include "base/wide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct wide wide(const char *s) {
    struct wide w;
    assert_true(wide_parse(s, strlen(s), &w));
    return w;
}

static void expect(const char *s, const char *text) {
    char to[WIDE_TEXT_MAX];
    struct wide w = wide(s);
    assert_string_equal(wide_text(&w, to), text);
}

static void it_reads_what_json_writes(void **state) {
    (void)state;
    expect("0", "0");
    expect("-0.000", "0");
    expect("35.50", "35.5");
    expect("-0.05", "-0.05");
    expect("1e3", "1000");
    expect("12.5E-3", "0.0125");
    expect("1.5e+2", "150");
    expect("0e99", "0");
    expect("0.000e-0009", "0");
    expect("999999999999999999999999999999999999", "999999999999999999999999999999999999");
    expect("0.000000000000000000000000000000000001", "0.000000000000000000000000000000000001");
    expect("1e35", "100000000000000000000000000000000000");
    expect("23.400000000000002", "23.400000000000002");
}

static void it_refuses_all_else(void **state) {
    static const char *const bad[] = {
        "",    "-",   "+1",   "01",    "1.",    ".5",      "1e",   "1e+",   "1 ",    " 1",   "0x1",
        "1,5", "NaN", "1e36", "-1e36", "1e-37", "1e99999", "true", "\"1\"", "1.5.1", "1e2e3"};
    struct wide w;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(wide_parse(bad[i], strlen(bad[i]), &w));
    }
}

static void it_compares(void **state) {
    static const char *const up[] = {"-1e30", "-2.5",          "-2.49", "0",
                                     "0.1",   "0.10000000001", "9",     "10"};
    (void)state;
    for (size_t i = 0; i < sizeof up / sizeof up[0]; i++) {
        for (size_t k = 0; k < sizeof up / sizeof up[0]; k++) {
            struct wide a = wide(up[i]);
            struct wide b = wide(up[k]);
            assert_int_equal(wide_cmp(&a, &b), i < k ? -1 : i > k);
        }
    }
    struct wide seven = wide_of(7);
    struct wide also = wide("7.0");
    assert_int_equal(wide_cmp(&seven, &also), 0);
    struct wide large = wide_of(UINT32_MAX);
    also = wide("4294967295");
    assert_int_equal(wide_cmp(&large, &also), 0);
}

/* Blanks part the numbers. */
static struct wide_sum sum(const char *numbers) {
    struct wide_sum s = {.count = 0};
    while (*numbers != '\0') {
        size_t n = strcspn(numbers, " ");
        struct wide w;
        assert_true(wide_parse(numbers, n, &w));
        wide_sum_add(&s, &w);
        numbers += n + (numbers[n] == ' ');
    }
    return s;
}

static void expect_sum(const char *numbers, const char *total, const char *squares) {
    char to[WIDE_TEXT_MAX];
    struct wide_sum s = sum(numbers);
    assert_string_equal(wide_sum_total(&s, to), total);
    assert_string_equal(wide_sum_squares(&s, to), squares);
}

static void it_sums_exactly(void **state) {
    (void)state;
    expect_sum("", "0", "0");
    expect_sum("0.1 0.2", "0.3", "0.05"); /* a double: 0.30000000000000004 */
    expect_sum("0.1 0.1 0.1 -0.3", "0", "0.12");
    expect_sum("1e20 1 -1e20", "1", "20000000000000000000000000000000000000001");
    expect_sum("-2.5 1", "-1.5", "7.25");
    expect_sum("-1 -999999999.999999999", "-1000000000.999999999",
               "999999999999999999.000000000000000001");
    expect_sum("1e35 1e35 1e-36",
               "200000000000000000000000000000000000.000000000000000000000000000000000001",
               "20000000000000000000000000000000000000000000000000000000000000000000000"
               ".000000000000000000000000000000000000000000000000000000000000000000000001");
}

static void expect_mean(const char *numbers, const char *mean, const char *deviation) {
    char to[WIDE_TEXT_MAX];
    struct wide_sum s = sum(numbers);
    assert_true(wide_sum_mean(&s, to));
    assert_string_equal(to, mean);
    assert_int_equal(wide_sum_deviation(&s, to), deviation != NULL);
    if (deviation != NULL) {
        assert_string_equal(to, deviation);
    }
}

static void it_divides_by_a_rule(void **state) {
    (void)state;
    expect_mean("120 80 100", "100", "20");                   /* 20² + 20² + 0 = 800; / 2 = 400 */
    expect_mean("2 4 4 4 5 5 7 9", "5", "2.138089935299395"); /* the root of 32 / 7 */
    expect_mean("1 0 0", "0.3333333333333333", "0.5773502691896258"); /* the root of 1 / 3 */
    expect_mean("2 0 0", "0.6666666666666667", "1.154700538379252");
    expect_mean("-2 0 0", "-0.6666666666666667", "1.154700538379252");
    expect_mean("7", "7", NULL);
    expect_mean("0 0", "0", "0");
    expect_mean("0.1 0.1 0.1", "0.1", "0");
    expect_mean("1e-36 0", "0", "0"); /* half a last place, and the root of a half of it */
    expect_mean("12345678901234567 12345678901234568", "12345678901234568", "0.7071067811865475");
    expect_mean("0.99999999999999999 0.99999999999999999 1", "1",
                "0.000000000000000005773502691896258");
    struct wide_sum none = {.count = 0};
    char to[WIDE_TEXT_MAX];
    assert_false(wide_sum_mean(&none, to));
    assert_false(wide_sum_deviation(&none, to));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_what_json_writes),
        cmocka_unit_test(it_refuses_all_else),
        cmocka_unit_test(it_compares),
        cmocka_unit_test(it_sums_exactly),
        cmocka_unit_test(it_divides_by_a_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
