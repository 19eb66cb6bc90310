/* test_number: numerals in digits and in Chinese, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "text/folded.h"
#include "text/number.h"

struct sample {
    const char *text;
    const char *value; /* NULL where no numeral begins */
    uint32_t to;       /* places */
    bool spelled;
    bool more;
};

static void check(const struct sample *samples, size_t n) {
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < n; i++) {
        const struct sample *x = &samples[i];
        struct source s = fold(x->text, &a);
        struct number got;
        bool found = number_parse(&s, 0, s.n, &got);
        if (found != (x->value != NULL)) {
            fail_msg("\"%s\": %s", x->text, found ? "is no numeral" : "is a numeral");
        }
        if (!found) {
            continue;
        }
        char value[DECIMAL_TEXT_MAX];
        decimal_text(got.value, value);
        if (strcmp(value, x->value) != 0 || got.to != x->to || got.spelled != x->spelled ||
            got.more != x->more) {
            fail_msg(
                "\"%s\": expected %s to %u spelled %d more %d, got %s to %u spelled %d more %d",
                x->text, x->value, x->to, x->spelled, x->more, value, got.to, got.spelled,
                got.more);
        }
    }
    arena_fini(&a);
}

#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

static void digits(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"13.5万人", "13.5", 4, false, false},
        {"0.03%", "0.03", 4, false, false},
        {"4,800家", "4800", 5, false, false},
        {"4，800家", "4800", 5, false, false},
        {"12,345,678元", "12345678", 10, false, false},
        {"１２．５％", "12.5", 4, false, false},
        {"180 个", "180", 3, false, false},
        {"3.家", "3", 1, false, false}, /* a full stop, not a point */
        {"1.2.3", "1.2", 3, false, false},
        {"007", "7", 3, false, false},
        {"123456789012345", "123456789012345", 15, false, false},
    };
    CHECK(samples);
}

static void chinese_numerals_by_position(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"两条", "2", 1, true, false},          {"十二项", "12", 2, true, false},
        {"二十个", "20", 2, true, false},       {"百亿", "100", 1, true, false},
        {"千家", "1000", 1, true, false},       {"一百二十家", "120", 4, true, false},
        {"一百零五家", "105", 4, true, false},  {"三千二百人", "3200", 4, true, false},
        {"两千零五户", "2005", 4, true, false}, {"三万亩", "3", 1, true, false},
        {"二十余家", "20", 3, true, true},      {"九千九百九十九", "9999", 7, true, false},
    };
    CHECK(samples);
}

static void chinese_digits_in_a_row(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"二〇二一年", "2021", 4, true, false},
        {"二零三五年", "2035", 4, true, false},
        {"一九九七年", "1997", 4, true, false},
    };
    CHECK(samples);
}

static void half_and_more(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"半年", "0.5", 1, true, false},
        {"10余家", "10", 3, false, true},
        {"300多个", "300", 4, false, true},
        {"百余家", "100", 2, true, true},
    };
    CHECK(samples);
}

static void no_numeral_begins_here(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"家", NULL, 0, false, false},
        {"", NULL, 0, false, false},
        {"万亿", NULL, 0, false, false},
        {".5", NULL, 0, false, false},
        {"-3", NULL, 0, false, false},
        {"零", NULL, 0, false, false},
        {"12345678901234567890123", NULL, 0, false, false},
    };
    CHECK(samples);
}

/* What stands before `at` and behind `end` is not looked at. */
static void the_bounds_are_kept(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct source s = fold("增长1234余%", &a);
    struct number n;
    assert_true(number_parse(&s, 3, 5, &n));
    assert_int_equal(n.value.coef, 23);
    assert_int_equal(n.to, 5);
    assert_true(number_parse(&s, 2, 6, &n));
    assert_false(n.more);
    assert_false(number_parse(&s, 2, 2, &n));
    arena_fini(&a);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits),
        cmocka_unit_test(chinese_numerals_by_position),
        cmocka_unit_test(chinese_digits_in_a_row),
        cmocka_unit_test(half_and_more),
        cmocka_unit_test(no_numeral_begins_here),
        cmocka_unit_test(the_bounds_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
