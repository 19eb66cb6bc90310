/* How often something may be tried, with a clock that is turned by hand. */
#include "access/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { T = 1000000000 }; /* some moment */

static struct limiter *new_limiter(void) {
    struct randomness r = randomness_system();
    return limiter_new(&r);
}

/* Takes until it must wait; *wait_ms is how long. */
static int drain(struct limiter *l, enum limiter_kind kind, const char *key, int64_t now_ms,
                 int64_t *wait_ms) {
    int n = 0;
    while ((*wait_ms = limiter_take(l, kind, key, now_ms)) == 0) {
        n++;
    }
    return n;
}

static void test_burst_then_rate(void **state) {
    static const struct {
        enum limiter_kind kind;
        int burst;
        int every_ms;
    } cases[] = {
        {LIMITER_LOGIN, 5, 30000}, {LIMITER_ADDRESS, 20, 5000}, {LIMITER_LINE, 100, 10000}};
    (void)state;
    struct limiter *l = new_limiter();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t wait;
        int every = cases[i].every_ms;
        assert_int_equal(drain(l, cases[i].kind, "k", T, &wait), cases[i].burst);
        assert_int_equal(wait, every);
        /* a refusal takes nothing: the wait shrinks with the clock alone */
        assert_int_equal(limiter_take(l, cases[i].kind, "k", T + every - 1), 1);
        assert_int_equal(drain(l, cases[i].kind, "k", T + every, &wait), 1);
        assert_int_equal(drain(l, cases[i].kind, "k", T + 4 * every, &wait), 3);
        assert_int_equal(drain(l, cases[i].kind, "k", T + 1000000000, &wait), cases[i].burst);
    }
    limiter_free(l);
}

static void test_keys_apart(void **state) {
    (void)state;
    int64_t wait;
    struct limiter *l = new_limiter();
    drain(l, LIMITER_LOGIN, "wang", T, &wait);
    assert_int_equal(drain(l, LIMITER_LOGIN, "li", T, &wait), 5);
    assert_int_equal(drain(l, LIMITER_ADDRESS, "wang", T, &wait), 20);
    limiter_free(l);
}

static void test_addresses(void **state) {
    (void)state;
    int64_t wait;
    struct limiter *l = new_limiter();
    assert_int_equal(drain(l, LIMITER_ADDRESS, "2001:db8:1:2::1", T, &wait), 20);
    assert_int_equal(drain(l, LIMITER_ADDRESS, "2001:db8:1:2:ffff::9", T, &wait), 0); /* its /64 */
    assert_int_equal(drain(l, LIMITER_ADDRESS, "2001:db8:1:3::1", T, &wait), 20);
    assert_int_equal(drain(l, LIMITER_ADDRESS, "::ffff:192.0.2.1", T, &wait), 20);
    assert_int_equal(drain(l, LIMITER_ADDRESS, "::ffff:192.0.2.2", T, &wait), 20);
    assert_int_equal(drain(l, LIMITER_ADDRESS, "127.0.0.1", T, &wait), 20); /* no better */
    limiter_free(l);
}

static void test_given_back(void **state) {
    (void)state;
    int64_t wait;
    struct limiter *l = new_limiter();
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(limiter_take(l, LIMITER_LOGIN, "wang", T), 0);
        limiter_give(l, LIMITER_LOGIN, "wang", T);
    }
    limiter_give(l, LIMITER_LOGIN, "wang", T); /* more than was taken: full is full */
    assert_int_equal(drain(l, LIMITER_LOGIN, "wang", T, &wait), 5);
    limiter_free(l);
}

static void test_clock_steps_back(void **state) {
    (void)state;
    int64_t wait;
    struct limiter *l = new_limiter();
    drain(l, LIMITER_LOGIN, "wang", T, &wait);
    assert_int_equal(limiter_take(l, LIMITER_LOGIN, "wang", T - 500000000), 30000);
    limiter_free(l);
}

/* A million logins do not free the one that has none left: places are taken from who is full the
 * soonest, and all of these are. */
static void test_flood(void **state) {
    (void)state;
    char key[32];
    int64_t wait;
    struct limiter *l = new_limiter();
    drain(l, LIMITER_LOGIN, "wang", T, &wait);
    for (int i = 0; i < 1000000; i++) {
        snprintf(key, sizeof key, "x%d", i);
        assert_int_equal(limiter_take(l, LIMITER_LOGIN, key, T), 0);
    }
    assert_int_equal(limiter_take(l, LIMITER_LOGIN, "wang", T), 30000);
    limiter_free(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_burst_then_rate),  cmocka_unit_test(test_keys_apart),
        cmocka_unit_test(test_addresses),        cmocka_unit_test(test_given_back),
        cmocka_unit_test(test_clock_steps_back), cmocka_unit_test(test_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
