/* When a subscription may be told next, by a clock that is passed in. */
#include "subscription/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NOW = 1000000 };

static void throttling(void **state) {
    (void)state;
    struct subscription s = {.throttling_ms = 5000};
    struct subscription_progress p = {.last_ms = 0, .modified_ms = NOW};
    assert_int_equal(schedule_wait(&s, &p, NOW), 0); /* the first is told at once */
    p.last_ms = NOW;
    assert_int_equal(schedule_wait(&s, &p, NOW), 5000);
    assert_int_equal(schedule_wait(&s, &p, NOW + 1), 4999);
    assert_int_equal(schedule_wait(&s, &p, NOW + 4999), 1);
    assert_int_equal(schedule_wait(&s, &p, NOW + 5000), 0);
    assert_int_equal(schedule_wait(&s, &p, NOW - 3600000), 5000); /* the clock was set back */
    s.throttling_ms = 0;
    assert_int_equal(schedule_wait(&s, &p, NOW), 0);
}

static void intervals(void **state) {
    (void)state;
    struct subscription s = {.interval_ms = 2000};
    struct subscription_progress p = {.modified_ms = NOW};
    assert_int_equal(schedule_wait(&s, &p, NOW), 2000); /* counts from when it was made */
    assert_int_equal(schedule_wait(&s, &p, NOW + 2000), 0);
    p.last_ms = NOW + 2010;
    assert_int_equal(schedule_wait(&s, &p, NOW + 2010), 2000);
    p.modified_ms = NOW + 3000;
    assert_int_equal(schedule_wait(&s, &p, NOW + 3000), 2000);
}

static void retries(void **state) {
    (void)state;
    static const struct schedule_bounds b = {1000, 300000};
    static const int64_t waits[] = {1000,  2000,  4000,   8000,   16000,
                                    32000, 64000, 128000, 256000, 300000};
    for (int i = 0; i < 10; i++) {
        assert_int_equal(schedule_retry(&b, i + 1, 0), waits[i]);
    }
    assert_int_equal(schedule_retry(&b, 1000000, 0), 300000);
    assert_int_equal(schedule_retry(&b, 1, 5000), 5000);
    assert_int_equal(schedule_retry(&b, 5, 5000), 16000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(throttling),
        cmocka_unit_test(intervals),
        cmocka_unit_test(retries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
