/* Days, their numbers, weekdays, texts and sums, at the edges of years, centuries and the range. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int32_t day_of(const char *text) {
    int32_t day;
    assert_int_equal(date_parse(text, strlen(text), &day, NULL), OK);
    return day;
}

static void every_day_goes_there_and_back(void **state) {
    (void)state;
    struct date next = {DATE_YEAR_MIN, 1, 1};
    for (int32_t day = DATE_DAY_MIN; day <= DATE_DAY_MAX; day++) {
        struct date d = date_of_day(day);
        if (d.year != next.year || d.month != next.month || d.day != next.day ||
            date_to_day(d) != day) {
            fail_msg("day %d is %d-%d-%d, not %d-%d-%d", day, d.year, d.month, d.day, next.year,
                     next.month, next.day);
        }
        next.day++;
        if (next.day > date_month_length(next.year, next.month)) {
            next.day = 1;
            next.month = next.month % 12 + 1;
            next.year += next.month == 1;
        }
    }
    assert_int_equal(next.year, DATE_YEAR_MAX + 1);
}

/* Numbers and weekdays from the calendar of history: the epoch, Apollo 11, the day of the sample
 * plan, 1600, the ends of the range. */
static void known_days(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int32_t day;
        enum weekday weekday;
    } samples[] = {
        {"0001-01-01", DATE_DAY_MIN, MONDAY}, {"1600-02-29", -135081, TUESDAY},
        {"1969-07-20", -165, SUNDAY},         {"1969-12-31", -1, WEDNESDAY},
        {"1970-01-01", 0, THURSDAY},          {"2000-02-29", 11016, TUESDAY},
        {"2021-02-07", 18665, SUNDAY},        {"9999-12-31", DATE_DAY_MAX, FRIDAY},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char text[DATE_TEXT_MAX];
        assert_int_equal(day_of(samples[i].text), samples[i].day);
        assert_int_equal(date_weekday(samples[i].day), samples[i].weekday);
        assert_string_equal(date_text(samples[i].day, text), samples[i].text);
    }
    assert_string_equal(date_weekday_name(MONDAY), "Monday");
    assert_string_equal(date_weekday_name(SUNDAY), "Sunday");
}

static void leap_years(void **state) {
    (void)state;
    assert_true(date_is_leap(2000) && date_is_leap(2020) && date_is_leap(4));
    assert_false(date_is_leap(1900) || date_is_leap(2021) || date_is_leap(2100));
    assert_int_equal(date_month_length(1900, 2), 28);
    assert_int_equal(date_month_length(2000, 2), 29);
}

static void what_is_no_date(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } samples[] = {
        {"", "not YYYY-MM-DD"},           {"2021-2-7", "not YYYY-MM-DD"},
        {"2021/02/07", "not YYYY-MM-DD"}, {"2021-02-07 ", "not YYYY-MM-DD"},
        {"2021-02-0x", "not YYYY-MM-DD"}, {"+021-02-07", "not YYYY-MM-DD"},
        {"2021-02-29", "no such day"},    {"2021-13-01", "no such day"},
        {"2021-00-01", "no such day"},    {"2021-04-31", "no such day"},
        {"2021-01-00", "no such day"},    {"0000-01-01", "no such day"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct err err = ERR_INIT;
        int32_t day = 77;
        assert_int_equal(date_parse(samples[i].text, strlen(samples[i].text), &day, &err), E_INPUT);
        assert_non_null(strstr(err.msg, samples[i].words));
        assert_non_null(strstr(err.msg, samples[i].text));
        assert_int_equal(day, 77);
    }
}

static void days_are_added_within_the_range(void **state) {
    (void)state;
    int32_t day = 77;
    assert_int_equal(date_add_days(day_of("2021-12-31"), 1, &day, NULL), OK);
    assert_int_equal(day, day_of("2022-01-01"));
    assert_int_equal(date_add_days(day_of("2024-03-01"), -1, &day, NULL), OK);
    assert_int_equal(day, day_of("2024-02-29"));
    assert_int_equal(date_add_days(DATE_DAY_MIN, DATE_DAY_MAX - (int64_t)DATE_DAY_MIN, &day, NULL),
                     OK);
    assert_int_equal(day, DATE_DAY_MAX);
    static const int64_t too_far[] = {1, INT64_MAX, INT64_MAX - 5};
    for (size_t i = 0; i < 3; i++) {
        struct err err = ERR_INIT;
        assert_int_equal(date_add_days(DATE_DAY_MAX, too_far[i], &day, &err), E_LIMIT);
        assert_non_null(strstr(err.msg, "9999-12-31"));
        assert_int_equal(date_add_days(DATE_DAY_MIN, -too_far[i], &day, NULL), E_LIMIT);
    }
    assert_int_equal(date_add_days(0, INT64_MIN, &day, NULL), E_LIMIT);
    assert_int_equal(day, DATE_DAY_MAX);
}

static void months_end_on_the_same_day_or_the_last(void **state) {
    (void)state;
    static const struct {
        const char *from;
        int64_t n;
        const char *to;
    } samples[] = {
        {"2021-01-31", 1, "2021-02-28"},   {"2024-01-31", 1, "2024-02-29"},
        {"2021-03-31", -1, "2021-02-28"},  {"2021-11-30", 3, "2022-02-28"},
        {"2020-02-29", 12, "2021-02-28"},  {"2020-02-29", 48, "2024-02-29"},
        {"2021-12-15", 1, "2022-01-15"},   {"2021-01-15", -1, "2020-12-15"},
        {"2021-06-15", 0, "2021-06-15"},   {"2021-06-15", -18, "2019-12-15"},
        {"0001-12-31", -11, "0001-01-31"}, {"9999-01-31", 11, "9999-12-31"},
    };
    int32_t day = 77;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        assert_int_equal(date_add_months(day_of(samples[i].from), samples[i].n, &day, NULL), OK);
        assert_int_equal(day, day_of(samples[i].to));
    }
    assert_int_equal(date_add_months(day_of("0001-12-31"), -12, &day, NULL), E_LIMIT);
    assert_int_equal(date_add_months(day_of("9999-01-31"), 12, &day, NULL), E_LIMIT);
    assert_int_equal(date_add_months(0, INT64_MAX, &day, NULL), E_LIMIT);
    assert_int_equal(date_add_months(0, INT64_MIN, &day, NULL), E_LIMIT);
    assert_int_equal(day, day_of("9999-12-31"));
}

/* 2021-02-06T16:00:00Z is midnight in Beijing. */
static void the_day_changes_at_midnight_in_beijing(void **state) {
    (void)state;
    const int64_t midnight = 1612627200000;
    int32_t day;
    assert_int_equal(date_start_ms(day_of("2021-02-07"), DATE_BEIJING_OFFSET_S), midnight);
    assert_int_equal(date_of_moment(midnight, DATE_BEIJING_OFFSET_S, &day, NULL), OK);
    assert_int_equal(day, day_of("2021-02-07"));
    assert_int_equal(date_of_moment(midnight - 1, DATE_BEIJING_OFFSET_S, &day, NULL), OK);
    assert_int_equal(day, day_of("2021-02-06"));
    assert_int_equal(date_of_moment(midnight, 0, &day, NULL), OK);
    assert_int_equal(day, day_of("2021-02-06"));
    assert_int_equal(date_of_moment(-1, 0, &day, NULL), OK);
    assert_int_equal(day, -1);
    assert_int_equal(date_of_moment(-1, -3600, &day, NULL), OK);
    assert_int_equal(day, -1);
    assert_int_equal(date_of_moment(INT64_MAX, 0, &day, NULL), E_LIMIT);
    assert_int_equal(date_of_moment(INT64_MIN, 0, &day, NULL), E_LIMIT);
}

static void a_moment_is_written_in_utc(void **state) {
    (void)state;
    char text[DATE_TIME_TEXT_MAX];
    assert_string_equal(date_time_text(0, text), "1970-01-01T00:00:00.000Z");
    assert_string_equal(date_time_text(1612667045678, text), "2021-02-07T03:04:05.678Z");
    assert_string_equal(date_time_text(-1, text), "1969-12-31T23:59:59.999Z");
    assert_string_equal(date_time_text(253402300799999, text), "9999-12-31T23:59:59.999Z");
    assert_string_equal(date_time_text(253402300800000, text), "");
    assert_string_equal(date_time_text(-62135596800000, text), "0001-01-01T00:00:00.000Z");
    assert_string_equal(date_time_text(INT64_MAX, text), "");
    assert_string_equal(date_time_text(INT64_MIN, text), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_goes_there_and_back),
        cmocka_unit_test(known_days),
        cmocka_unit_test(leap_years),
        cmocka_unit_test(what_is_no_date),
        cmocka_unit_test(days_are_added_within_the_range),
        cmocka_unit_test(months_end_on_the_same_day_or_the_last),
        cmocka_unit_test(the_day_changes_at_midnight_in_beijing),
        cmocka_unit_test(a_moment_is_written_in_utc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
