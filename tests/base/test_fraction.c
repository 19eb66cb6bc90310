/* Exact quotients: thirds, signs, comparisons beyond 128-bit products, rounding, and no wrapping.
 */
#include "base/fraction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct decimal dec(const char *s) {
    struct decimal d;
    assert_true(decimal_parse_signed(s, strlen(s), &d));
    return d;
}

static struct fraction frac(const char *a, const char *b) {
    struct fraction f;
    assert_true(fraction_div(fraction_of_decimal(dec(a)), fraction_of_decimal(dec(b)), &f));
    return f;
}

static void expect(struct fraction f, int64_t num, int64_t den) {
    assert_true(f.num == num);
    assert_true(f.den == den);
}

static void it_is_in_lowest_terms(void **state) {
    (void)state;
    expect(frac("9.4", "28.2"), 1, 3);
    expect(frac("0", "7"), 0, 1);
    expect(frac("-2.1", "0.7"), -3, 1);
    expect(frac("2.1", "-0.7"), -3, 1);
    expect(fraction_of_decimal(dec("0.25")), 1, 4);
}

static void it_reckons(void **state) {
    (void)state;
    struct fraction f;
    assert_true(fraction_add(frac("1", "3"), frac("1", "6"), &f));
    expect(f, 1, 2);
    assert_true(fraction_sub(frac("1", "3"), frac("1", "2"), &f));
    expect(f, -1, 6);
    assert_true(fraction_mul(frac("2", "3"), frac("3", "4"), &f));
    expect(f, 1, 2);
    assert_true(fraction_mul(frac("1", "3"), fraction_of(30), &f));
    expect(f, 10, 1);
    assert_false(fraction_div(frac("1", "3"), fraction_of(0), &f));
    expect(f, 10, 1);
}

static void it_compares_exactly(void **state) {
    (void)state;
    assert_int_equal(fraction_cmp(frac("1", "3"), frac("2", "6")), 0);
    assert_int_equal(fraction_cmp(frac("1", "3"), frac("0.333333333", "1")), 1);
    assert_int_equal(fraction_cmp(frac("-1", "3"), frac("-1", "2")), 1);
    assert_int_equal(fraction_cmp(frac("-1", "3"), frac("1", "3")), -1);
    __int128 huge = (__int128)1 << 120;
    struct fraction a = {huge + 1, huge};
    struct fraction b = {huge, huge - 1};
    assert_int_equal(fraction_cmp(a, b), -1);
    assert_int_equal(fraction_cmp(b, a), 1);
    assert_int_equal(fraction_cmp(a, a), 0);
}

static void it_compares_as_decimals_do(void **state) {
    (void)state;
    uint32_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        int64_t n[4];
        for (int k = 0; k < 4; k++) {
            seed = seed * 1664525u + 1013904223u;
            n[k] = (int64_t)(seed >> 16) % 41 - 20;
        }
        struct fraction a, b;
        if (n[1] == 0 || n[3] == 0 || !fraction_div(fraction_of(n[0]), fraction_of(n[1]), &a) ||
            !fraction_div(fraction_of(n[2]), fraction_of(n[3]), &b)) {
            continue;
        }
        int64_t sign = (n[1] < 0) != (n[3] < 0) ? -1 : 1;
        int64_t x = n[0] * n[3] * sign;
        int64_t y = n[2] * n[1] * sign;
        assert_int_equal(fraction_cmp(a, b), (x > y) - (x < y));
    }
}

static void it_never_wraps(void **state) {
    (void)state;
    struct fraction f = {5, 7};
    struct fraction big = {((__int128)1 << 100) + 1, 1};
    struct fraction small = {1, ((__int128)1 << 100) - 1};
    assert_false(fraction_mul(big, big, &f));
    assert_false(fraction_add(big, small, &f));
    expect(f, 5, 7);
}

static void expect_round(struct fraction f, int scale, const char *want) {
    struct decimal d;
    char text[DECIMAL_TEXT_MAX];
    assert_true(fraction_round(f, scale, &d));
    assert_string_equal(decimal_text(d, text), want);
}

static void it_rounds_half_away_from_zero(void **state) {
    (void)state;
    expect_round(frac("1", "3"), 1, "0.3");
    expect_round(frac("2", "3"), 1, "0.7");
    expect_round(frac("0.25", "1"), 1, "0.3");
    expect_round(frac("-0.25", "1"), 1, "-0.3");
    expect_round(frac("126", "2.5"), 1, "50.4");
    expect_round(fraction_of(41), 1, "41");
    struct decimal d;
    assert_false(fraction_round((struct fraction){(__int128)1 << 90, 1}, 1, &d));
}

static void signed_decimals_are_read(void **state) {
    (void)state;
    struct decimal d;
    char text[DECIMAL_TEXT_MAX];
    assert_string_equal(decimal_text(dec("-2.10"), text), "-2.1");
    assert_string_equal(decimal_text(dec("-0"), text), "0");
    static const char *const bad[] = {"", "-", "--1", "+1", "1-", "- 1", "-.5", "1e3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(decimal_parse_signed(bad[i], strlen(bad[i]), &d));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_in_lowest_terms),    cmocka_unit_test(it_reckons),
        cmocka_unit_test(it_compares_exactly),      cmocka_unit_test(it_compares_as_decimals_do),
        cmocka_unit_test(it_never_wraps),           cmocka_unit_test(it_rounds_half_away_from_zero),
        cmocka_unit_test(signed_decimals_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
