/* The days that deadline.h reads from a sentence, and the sentences it must not read one from. */
#include "plan/deadline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct sample {
    const char *sentence;
    const char *day; /* "" where it must be silent */
};

static void check(const struct sample *samples, size_t n, int year) {
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < n; i++) {
        struct source s;
        char got[DEADLINE_TEXT];
        source_fold(samples[i].sentence, strlen(samples[i].sentence), &a, &s);
        deadline_find(&s, (struct run){0, s.n}, year, got);
        if (strcmp(got, samples[i].day) != 0) {
            fail_msg("%s: expected \"%s\", got \"%s\"", samples[i].sentence, samples[i].day, got);
        }
    }
    arena_fini(&a);
}

#define CHECK(samples, year) check(samples, sizeof(samples) / sizeof((samples)[0]), year)

static void periods_end_on_their_last_day(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"上半年建成投用", "2021-06-30"},   {"下半年启动", "2021-12-31"},
        {"一季度开工", "2021-03-31"},       {"第一季度开工", "2021-03-31"},
        {"前三季度完成投资", "2021-09-30"}, {"三季度末完成", "2021-09-30"},
        {"年内新增100家", "2021-12-31"},    {"年底前全面铺开", "2021-12-31"},
        {"力争年底全部达标", "2021-12-31"}, {"今年底完成", "2021-12-31"},
        {"今年年底前完成", "2021-12-31"},   {"2021年内完成", "2021-12-31"},
        {"90%以上年内开工", "2021-12-31"},  {"上半年內建成（繁體）", "2021-06-30"},
    };
    CHECK(samples, 2021);
}

static void months_and_days(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"6月底前基本完成", "2021-06-30"}, {"2月底前完成", "2021-02-28"},
        {"６月底前完成", "2021-06-30"},    {"十二月底前完成", "2021-12-31"},
        {"12月底前完成", "2021-12-31"},    {"6月30日前完成", "2021-06-30"},
        {"十月一日前完成", "2021-10-01"},  {"6月前完成", "2021-05-31"},
        {"12月中旬前完成", "2021-12-20"},  {"今年6月建成", "2021-06-30"},
        {"2021年6月建成", "2021-06-30"},   {"确保9月正式招生", "2021-09-30"},
        {"力争5月1日开放", "2021-05-01"},  {"2021年10月1日前完成", "2021-10-01"},
    };
    static const struct sample leap[] = {{"2月底前完成", "2024-02-29"}};
    CHECK(samples, 2021);
    CHECK(leap, 2024);
}

static void holidays_end_on_the_day_before(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"国庆节前开园", "2021-09-30"},   {"国庆前开园", "2021-09-30"},
        {"十一前开园", "2021-09-30"},     {"“七一”前通车", "2021-06-30"},
        {"\"七一\"前通车", "2021-06-30"}, {"五一劳动节前开放", "2021-04-30"},
        {"元旦前完成", "2021-12-31"},     {"春节前通车", "2021-02-11"},
        {"明年春节前兑现", "2022-01-31"}, {"六一儿童节前", "2021-05-31"},
    };
    static const struct sample unknown[] = {{"春节前通车", ""}};
    CHECK(samples, 2021);
    CHECK(unknown, 2040);
}

/* The eves by the State Council's yearly notices on holidays, and 2027 by the almanac. */
static void spring_festival_moves(void **state) {
    (void)state;
    static const char *const eves[] = {"2019-02-04", "2020-01-24", "2021-02-11",
                                       "2022-01-31", "2023-01-21", "2024-02-09",
                                       "2025-01-28", "2026-02-16", "2027-02-05"};
    for (size_t i = 0; i < sizeof eves / sizeof eves[0]; i++) {
        struct sample sample = {"春节前通车", eves[i]};
        check(&sample, 1, 2019 + (int)i);
    }
}

/* It falls on 21 January to 20 February, whatever the year. */
static void spring_festival_stays_in_its_month(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct source s;
    source_fold("春节前通车", strlen("春节前通车"), &a, &s);
    for (int year = 2000; year <= 2035; year++) {
        char eve[DEADLINE_TEXT];
        deadline_find(&s, (struct run){0, s.n}, year, eve);
        assert_true(strcmp(eve + 4, "-01-20") >= 0 && strcmp(eve + 4, "-02-19") <= 0);
    }
    arena_fini(&a);
}

static void later_years_count(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"2025年底前建成", "2025-12-31"},
        {"到2025年，达到100家", "2025-12-31"},
        {"2022年6月底前建成", "2022-06-30"},
        {"明年6月底前建成", "2022-06-30"},
    };
    CHECK(samples, 2021);
}

static void the_latest_day_wins(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"6月底前开工，年内竣工", "2021-12-31"},
        {"年内竣工，6月底前开工", "2021-12-31"},
        {"上半年完成一期，三季度完成二期", "2021-09-30"},
    };
    CHECK(samples, 2021);
}

static void silence_is_no_deadline(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"", ""},
        {"加快推进项目建设", ""},
        {"三年内建成", ""},
        {"力争5年内达到", ""},
        {"每季度通报", ""},
        {"每年6月底前报告", ""},
        {"年末常住人口100万", ""},
        {"开展3月植树活动", ""},
        {"1-6月增长", ""},
        {"2月30日前完成", ""},
        {"13月底前完成", ""},
        {"贯彻十一届三次全会精神", ""},
        {"汛期前完成", ""},
        {"到2030年前实现碳达峰", ""},
        {"自2021年7月1日起施行", ""},
        {"小微企业贷款延长至明年3月底", ""},
        {"2021年1月19日在会上", ""},
    };
    CHECK(samples, 2021);
}

static void what_looks_back_is_no_deadline(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"2020年6月建成", ""},
        {"2020年底前建成", ""},
        {"去年底前完成", ""},
        {"上半年已建成", ""},
        {"比一季度回落", ""},
        {"截至6月底", ""},
        {"改造2000年底前建成的小区", ""},
    };
    CHECK(samples, 2021);
}

static void without_a_plan_year_nothing_is_said(void **state) {
    (void)state;
    static const struct sample samples[] = {{"年底前完成", ""}};
    CHECK(samples, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_end_on_their_last_day),
        cmocka_unit_test(months_and_days),
        cmocka_unit_test(holidays_end_on_the_day_before),
        cmocka_unit_test(spring_festival_moves),
        cmocka_unit_test(spring_festival_stays_in_its_month),
        cmocka_unit_test(later_years_count),
        cmocka_unit_test(the_latest_day_wins),
        cmocka_unit_test(silence_is_no_deadline),
        cmocka_unit_test(what_looks_back_is_no_deadline),
        cmocka_unit_test(without_a_plan_year_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
