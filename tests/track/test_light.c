/* Lights: the vectors of local rules, the borders of the classes, every kind of goal, and what
 * cannot be told. The shipped calendar is read; TAIHU_SOURCE_DIR is the tree. */
#include "track/light.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "track/due.h"

static struct calendar *shipped;
static struct arena arena;

static int set_up(void **state) {
    (void)state;
    struct err err = ERR_INIT;
    shipped = calendar_new();
    if (calendar_load(shipped, TAIHU_SOURCE_DIR "/data", &err) != OK) {
        print_error("%s\n", err.msg);
        return -1;
    }
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    calendar_free(shipped);
    arena_fini(&arena);
    return 0;
}

static int32_t day_of(const char *text) {
    int32_t day;
    assert_int_equal(date_parse(text, strlen(text), &day, NULL), OK);
    return day;
}

static struct decimal dec(const char *s) {
    struct decimal d;
    assert_true(decimal_parse_signed(s, strlen(s), &d));
    return d;
}

/* A case: what is asked, as words. NULL value: nothing reported. */
struct ask {
    enum figure_kind kind;
    enum comparator comparator;
    const char *goal; /* NULL: a share */
    const char *goal_max;
    const char *unit;
    const char *value;
    const char *value_unit; /* NULL: the goal's */
    const char *day;
    const char *due; /* NULL: 2021-12-31 */
    const struct path *path;
    const struct calendar *calendar; /* NULL: the shipped one */
    enum verdict *verdict;
};

static struct goal goal_of(const struct ask *c) {
    struct goal g = goal_of_task();
    if (c->goal != NULL) {
        const char *max = c->goal_max == NULL ? c->goal : c->goal_max;
        g = (struct goal){false, c->kind, c->comparator, dec(c->goal), dec(max), c->unit};
    }
    return g;
}

static struct light light(const struct ask *c) {
    struct goal g = goal_of(c);
    struct light_report report;
    int32_t day = day_of(c->day);
    int32_t due = day_of(c->due == NULL ? "2021-12-31" : c->due);
    struct light_question q = {
        .goal = &g,
        .path = c->path,
        .pace = light_pace(c->calendar == NULL ? shipped : c->calendar, 2021, day, due),
        .verdict = c->verdict == NULL ? VERDICTS : *c->verdict,
        .plan_year = 2021,
        .due = due,
        .day = day,
        .yellow_from = decimal_of(10),
        .red_above = decimal_of(30)};
    if (c->value != NULL) {
        report = (struct light_report){
            dec(c->value), c->value_unit == NULL ? g.unit : c->value_unit, day_of("2021-06-28")};
        q.report = &report;
    }
    return light_of(&q, &arena);
}

static void expect(const struct ask *c, const char *colour, const char *words) {
    struct light l = light(c);
    if (strcmp(light_colour_name(l.colour), colour) != 0) {
        fail_msg("%s, not %s: %s", light_colour_name(l.colour), colour, l.why_en);
    }
    if (strstr(l.why, words) == NULL && strstr(l.why_en, words) == NULL) {
        fail_msg("expected \"%s\" in \"%s\" or \"%s\"", words, l.why, l.why_en);
    }
    assert_int_equal(l.reported, c->value != NULL);
}

/* ---- the rules' own vectors ---- */

/* A path that is at 50 at the end of June. */
static const struct path_point half_points[] = {{2021, 6, {50, 0}}, {2021, 12, {100, 0}}};
static const struct path half = {{1, KEPT_TASK, 1}, 1, half_points, 2};

static void it_meets_the_vectors(void **state) {
    (void)state;
    static const struct {
        const char *actual, *colour, *lag;
    } vectors[] = {{"41", "green", "9.0"},         {"40", "yellow", "10.0"},
                   {"20", "yellow", "30.0"},       {"19.9", "red", "30.1"},
                   {"50", "green", "0.0"},         {"100", "green", "-50.0"},
                   {"40.000001", "green", "10.0"}, {"19.999999", "red", "30.0"}};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct ask c = {.value = vectors[i].actual, .day = "2021-06-30", .path = &half};
        expect(&c, vectors[i].colour, "");
        assert_string_equal(light(&c).lag, vectors[i].lag);
        assert_string_equal(light(&c).expected, "50.0");
    }
}

static void it_counts_working_days(void **state) {
    (void)state;
    struct light_pace p = light_pace(shipped, 2021, day_of("2021-07-06"), day_of("2021-12-31"));
    assert_int_equal(p.elapsed, 126);
    assert_int_equal(p.total, 250);
    p = light_pace(shipped, 2021, day_of("2021-06-30"), day_of("2021-06-30"));
    assert_int_equal(p.elapsed, 122);
    assert_int_equal(p.total, 122);
    p = light_pace(shipped, 2021, day_of("2020-11-01"), day_of("2021-12-31"));
    assert_int_equal(p.elapsed, 0);
    assert_int_equal(p.total, 250);
    p = light_pace(shipped, 2021, day_of("2022-03-01"), day_of("2021-12-31"));
    assert_int_equal(p.elapsed, 250);
    assert_int_equal(p.missing_year, 0);
}

static void it_says_why(void **state) {
    (void)state;
    struct ask c = {.value = "41", .day = "2021-07-06"};
    struct light l = light(&c);
    assert_string_equal(l.why,
                        "应完成50.4%（按工作日126/250），报告41%（2021-06-28），落后9.4个百分点");
    assert_string_equal(l.why_en, "50.4% is due (126 of 250 working days), 41% was reported "
                                  "(2021-06-28), 9.4 percentage points behind");
    assert_string_equal(l.expected, "50.4");
    assert_string_equal(l.actual, "41.0");
    assert_string_equal(l.lag, "9.4");
    assert_false(l.overdue);
}

/* A third of the goal is reported: actual 33.33...; the path says what makes the lag exactly 10 and
 * exactly 30 where no decimal could. */
static void a_third_is_met_exactly(void **state) {
    (void)state;
    /* goal 30, reported 10: a third. Path value 13: 43.33...: the lag is 10. */
    static const struct path_point at[] = {{2021, 6, {13, 0}}, {2021, 12, {30, 0}}};
    static const struct path_point below[] = {{2021, 6, {129999999, 7}}, {2021, 12, {30, 0}}};
    static const struct path_point thirty[] = {{2021, 6, {19, 0}}, {2021, 12, {30, 0}}};
    static const struct path_point over[] = {{2021, 6, {190000001, 7}}, {2021, 12, {30, 0}}};
    static const struct {
        const struct path_point *points;
        const char *colour;
    } cases[] = {{at, "yellow"}, {below, "green"}, {thirty, "yellow"}, {over, "red"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct path path = {{1, KEPT_TARGET, 1}, 1, cases[i].points, 2};
        struct ask c = {KIND_NEW, COMPARATOR_EQ, "30", NULL,  "个", "10",
                        NULL,     "2021-06-30",  NULL, &path, NULL, NULL};
        expect(&c, cases[i].colour, "");
    }
}

/* ---- sums ---- */

static void a_level_has_no_light_without_a_path(void **state) {
    (void)state;
    struct ask c = {.kind = KIND_LEVEL,
                    .comparator = COMPARATOR_EQ,
                    .goal = "4800",
                    .unit = "家",
                    .value = "4500",
                    .day = "2021-07-06"};
    expect(&c, "none", "未绘制进度线");
    c.value = "4800";
    expect(&c, "green", "已达到目标");
    c.value = "4799";
    c.day = "2022-01-01";
    expect(&c, "red", "已逾期");
    c.value = NULL;
    expect(&c, "red", "未报告进度");
    c.day = "2021-07-06";
    expect(&c, "none", "未报告进度");
}

static void sums_are_held_against_the_days(void **state) {
    (void)state;
    static const enum figure_kind kinds[] = {KIND_NEW, KIND_COMPLETE, KIND_COUNT, KIND_OTHER,
                                             KIND_NONE};
    static const enum comparator bounds[] = {COMPARATOR_NONE, COMPARATOR_EQ, COMPARATOR_GE,
                                             COMPARATOR_ABOUT};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (size_t k = 0; k < sizeof bounds / sizeof bounds[0]; k++) {
            struct ask c = {.kind = kinds[i],
                            .comparator = bounds[k],
                            .goal = "13.5",
                            .unit = "万人",
                            .value = "6.8",
                            .day = "2021-07-06"};
            expect(&c, "green", "报告6.8万人（2021-06-28），为目标的50.4%");
            c.value = "5";
            expect(&c, "yellow", "应完成50.4%（按工作日126/250）");
            c.value = "1";
            expect(&c, "red", "43 percentage points behind");
            c.value = "20";
            expect(&c, "green", "goal is kept");
            c.value = NULL;
            expect(&c, "red", "未报告进度，按0%计");
            c.day = "2021-01-08";
            expect(&c, "green", "nothing was reported");
        }
    }
}

static void late_is_red(void **state) {
    (void)state;
    struct ask c = {.value = "99.9", .day = "2021-12-31"};
    expect(&c, "green", "");
    c.day = "2022-01-01";
    expect(&c, "red", "已逾期（应于2021-12-31完成）");
    assert_true(light(&c).overdue);
    c.value = "100";
    expect(&c, "green", "已达到目标");
    assert_false(light(&c).overdue);
    c.value = NULL;
    expect(&c, "red", "未报告进度");
    assert_true(light(&c).overdue);
}

static void about_has_slack(void **state) {
    (void)state;
    struct ask c = {.kind = KIND_GROWTH_RATE,
                    .comparator = COMPARATOR_ABOUT,
                    .goal = "8",
                    .unit = "%",
                    .value = "7.6",
                    .day = "2022-01-01"};
    expect(&c, "green", "goal is kept");
    c.value = "7.59";
    expect(&c, "red", "overdue");
    c.comparator = COMPARATOR_EQ;
    c.value = "7.99";
    expect(&c, "red", "overdue");
}

static void a_range_is_held_against_its_lower_end(void **state) {
    (void)state;
    struct ask c = {.kind = KIND_GROWTH_RATE,
                    .comparator = COMPARATOR_EQ,
                    .goal = "6",
                    .goal_max = "6.5",
                    .unit = "%",
                    .value = "6",
                    .day = "2022-01-01"};
    expect(&c, "green", "目标6%");
    c.comparator = COMPARATOR_LE;
    c.value = "6.5";
    expect(&c, "green", "上限6.5%");
    c.value = "6.6";
    expect(&c, "red", "overdue");
}

/* ---- what runs against the goal itself ---- */

static void rates_are_held_against_the_goal(void **state) {
    (void)state;
    static const enum figure_kind kinds[] = {KIND_GROWTH_RATE, KIND_REDUCTION, KIND_RATIO};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct ask c = {.kind = kinds[i],
                        .comparator = COMPARATOR_GE,
                        .goal = "7",
                        .unit = "%",
                        .value = "6.3",
                        .day = "2021-03-31"};
        expect(&c, "yellow", "目标7%，报告6.3%（2021-06-28），为目标的90%，落后10个百分点");
        c.value = "6.31";
        expect(&c, "green", "");
        c.value = "4.9";
        expect(&c, "yellow", "落后30个百分点");
        c.value = "4.89";
        expect(&c, "red", "");
        c.value = "-2.1";
        expect(&c, "red", "-30% of the goal");
        c.value = "7";
        expect(&c, "green", "goal is kept");
        c.value = NULL;
        expect(&c, "none", "未报告进度");
        assert_null(light(&c).actual);
        c.day = "2022-01-01";
        expect(&c, "red", "nothing was reported");
    }
}

static void caps_are_not_to_be_exceeded(void **state) {
    (void)state;
    struct ask c = {.kind = KIND_RATIO,
                    .comparator = COMPARATOR_LE,
                    .goal = "4",
                    .unit = "%",
                    .value = "3.9",
                    .day = "2021-06-30"};
    expect(&c, "green", "上限4%");
    c.value = "4.39";
    expect(&c, "green", "");
    c.value = "4.4";
    expect(&c, "yellow", "超出10个百分点");
    c.value = "5.21";
    expect(&c, "red", "above");
    c.value = "4";
    c.day = "2022-01-01";
    expect(&c, "green", "goal is kept");
    c.value = "4.01";
    expect(&c, "red", "overdue");
    c.value = NULL;
    expect(&c, "red", "overdue");
    c.day = "2021-06-30";
    expect(&c, "none", "nothing was reported");
}

static void ranks_are_better_when_small(void **state) {
    (void)state;
    struct ask c = {.kind = KIND_RANK,
                    .comparator = COMPARATOR_LE,
                    .goal = "10",
                    .unit = "位",
                    .value = "10",
                    .day = "2021-06-30"};
    expect(&c, "green", "目标名次10位");
    assert_null(light(&c).lag);
    c.value = "11";
    expect(&c, "yellow", "未达到目标");
    c.day = "2022-01-01";
    expect(&c, "red", "overdue");
    c.value = NULL;
    expect(&c, "red", "nothing was reported");
    c.day = "2021-06-30";
    expect(&c, "none", "nothing was reported");
}

static void zero_has_no_per_cent(void **state) {
    (void)state;
    struct ask c = {.kind = KIND_COUNT,
                    .comparator = COMPARATOR_LE,
                    .goal = "0",
                    .unit = "起",
                    .value = "0",
                    .day = "2021-06-30"};
    expect(&c, "green", "上限0起");
    c.value = "1";
    expect(&c, "red", "未达到目标");
    c = (struct ask){.kind = KIND_GROWTH_RATE,
                     .comparator = COMPARATOR_GE,
                     .goal = "0",
                     .unit = "%",
                     .value = "-0.1",
                     .day = "2021-06-30"};
    expect(&c, "red", "not kept");
    c.value = "0";
    expect(&c, "green", "kept");
}

/* ---- what cannot be told, and what can ---- */

static void a_missing_year_is_named(void **state) {
    (void)state;
    struct calendar *none = calendar_new();
    struct ask c = {.value = "41", .day = "2021-07-06", .calendar = none};
    expect(&c, "none", "2021年的工作日历未载入");
    assert_null(light(&c).expected);
    assert_string_equal(light(&c).actual, "41.0");
    c.value = "100";
    expect(&c, "green", "goal is kept");
    c.value = "41";
    c.day = "2022-01-01";
    expect(&c, "red", "overdue");
    c.day = "2021-06-30";
    c.path = &half;
    expect(&c, "green", "按绘制的进度线");
    c = (struct ask){.kind = KIND_RATIO,
                     .goal = "50",
                     .unit = "%",
                     .value = "20",
                     .day = "2021-07-06",
                     .calendar = none};
    expect(&c, "red", "目标50%");
    c = (struct ask){.value = "41", .day = "2021-07-06", .due = "2030-12-31"};
    expect(&c, "none", "calendar of 2027 is not loaded");
    calendar_free(none);
}

static void another_unit_is_said(void **state) {
    (void)state;
    struct ask c = {.kind = KIND_NEW,
                    .comparator = COMPARATOR_EQ,
                    .goal = "100",
                    .unit = "家",
                    .value = "41",
                    .value_unit = "个",
                    .day = "2021-07-06"};
    expect(&c, "none", "报告以“个”为单位，计划现以“家”为单位");
    assert_null(light(&c).actual);
}

/* 18 digits are the most that a decimal has: the lag is exact all the same. */
static void the_largest_numbers_are_told(void **state) {
    (void)state;
    static const struct path_point points[] = {{2021, 5, {999999999999999989, 9}},
                                               {2021, 12, {999999999999999877, 9}}};
    struct path path = {{1, KEPT_TARGET, 1}, 1, points, 2};
    struct ask c = {.kind = KIND_NEW,
                    .goal = "999999999999999967",
                    .unit = "元",
                    .value = "999999999.999999929",
                    .day = "2021-06-28",
                    .path = &path};
    expect(&c, "green", "个百分点");
    assert_string_equal(light(&c).lag, "0.0");
    c.goal = "0.000000001";
    c.value = "999999999999999999";
    expect(&c, "green", "goal is kept");
    assert_null(light(&c).actual); /* nothing that could be shown */
}

static void a_verdict_decides_alone(void **state) {
    (void)state;
    enum verdict v = VERDICT_MET;
    struct ask c = {.value = "10", .day = "2022-02-01", .verdict = &v};
    expect(&c, "green", "已确认完成");
    assert_false(light(&c).overdue);
    v = VERDICT_MISSED;
    c.value = "100";
    expect(&c, "red", "confirmed missed");
    v = VERDICT_NOT_REPORTED;
    expect(&c, "green", "goal is kept");
    v = VERDICT_NOT_COMPARABLE;
    expect(&c, "green", "goal is kept");
}

/* Whatever is reported, more is never worse; and the same question has the same answer. */
static void more_is_never_worse(void **state) {
    (void)state;
    for (int day = 0; day < 365; day += 13) {
        char text[DATE_TEXT_MAX];
        enum light_colour before = LIGHT_RED;
        date_text(day_of("2021-01-01") + day, text);
        for (int v = 0; v <= 100; v += 3) {
            char value[16];
            snprintf(value, sizeof value, "%d", v);
            struct ask c = {.value = value, .day = text};
            struct light l = light(&c);
            assert_true(l.colour <= before);
            assert_string_equal(l.why, light(&c).why);
            before = l.colour;
        }
    }
}

/* ---- paths ---- */

static void expect_path(const struct path *path, const char *day, const char *want) {
    struct fraction f;
    struct decimal d;
    char text[DECIMAL_TEXT_MAX];
    assert_true(path_expected(path, 2021, day_of(day), &f));
    assert_true(fraction_round(f, 4, &d));
    assert_string_equal(decimal_text(d, text), want);
}

static void a_path_goes_straight_between_month_ends(void **state) {
    (void)state;
    static const struct path_point points[] = {
        {2021, 3, {9, 0}}, {2021, 4, {39, 0}}, {2021, 6, {30, 0}}};
    struct path path = {{1, KEPT_TASK, 1}, 1, points, 3};
    expect_path(&path, "2020-06-01", "0");
    expect_path(&path, "2020-12-31", "0");
    expect_path(&path, "2021-01-10", "1"); /* 10 of 90 days */
    expect_path(&path, "2021-03-31", "9");
    expect_path(&path, "2021-04-01", "10");
    expect_path(&path, "2021-04-30", "39");
    expect_path(&path, "2021-06-30", "30");
    expect_path(&path, "2022-06-30", "30");
}

static void the_line_to_draw_is_in_the_goals_unit(void **state) {
    (void)state;
    struct goal g = {false, KIND_NEW, COMPARATOR_EQ, dec("500"), dec("500"), "家"};
    struct light_question q = {
        .goal = &g, .plan_year = 2021, .due = day_of("2021-12-31"), .day = day_of("2021-07-06")};
    struct decimal d;
    char text[DECIMAL_TEXT_MAX];
    q.pace = light_pace(shipped, 2021, q.day, q.due);
    assert_true(light_expected_value(&q, &d));
    assert_string_equal(decimal_text(d, text), "252");
    g.kind = KIND_RATIO;
    assert_true(light_expected_value(&q, &d));
    assert_string_equal(decimal_text(d, text), "500");
    g.kind = KIND_RANK;
    assert_false(light_expected_value(&q, &d));
    g.kind = KIND_NEW;
    q.pace.missing_year = 2021;
    assert_false(light_expected_value(&q, &d));
}

/* ---- due days ---- */

static void it_knows_what_is_due_when(void **state) {
    (void)state;
    static const struct {
        const char *horizon, *due;
    } cases[] = {
        {NULL, "2021-12-31"},        {"2025", "2025-12-31"},       {"十四五", "2025-12-31"},
        {"two-year", "2022-12-31"},  {"three-year", "2023-12-31"}, {"five-year", "2025-12-31"},
        {"long-term", "2025-12-31"}, {"one day", "2021-12-31"},    {"2019", "2021-12-31"}};
    struct kept_task task = {.deadline = "2021-06-30"};
    struct kept_task silent = {.deadline = NULL};
    assert_int_equal(due_of_task(&task, 2021), day_of("2021-06-30"));
    assert_int_equal(due_of_task(&silent, 2021), day_of("2021-12-31"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kept_target t = {.horizon = cases[i].horizon};
        assert_int_equal(due_of_target(&t, NULL, 2021), day_of(cases[i].due));
        assert_int_equal(due_of_target(&t, &silent, 2021), day_of(cases[i].due));
        assert_int_equal(due_of_target(&t, &task, 2021), day_of("2021-06-30"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_meets_the_vectors),
        cmocka_unit_test(it_counts_working_days),
        cmocka_unit_test(it_says_why),
        cmocka_unit_test(a_third_is_met_exactly),
        cmocka_unit_test(a_level_has_no_light_without_a_path),
        cmocka_unit_test(sums_are_held_against_the_days),
        cmocka_unit_test(late_is_red),
        cmocka_unit_test(about_has_slack),
        cmocka_unit_test(a_range_is_held_against_its_lower_end),
        cmocka_unit_test(rates_are_held_against_the_goal),
        cmocka_unit_test(caps_are_not_to_be_exceeded),
        cmocka_unit_test(ranks_are_better_when_small),
        cmocka_unit_test(zero_has_no_per_cent),
        cmocka_unit_test(a_missing_year_is_named),
        cmocka_unit_test(another_unit_is_said),
        cmocka_unit_test(the_largest_numbers_are_told),
        cmocka_unit_test(a_verdict_decides_alone),
        cmocka_unit_test(more_is_never_worse),
        cmocka_unit_test(a_path_goes_straight_between_month_ends),
        cmocka_unit_test(the_line_to_draw_is_in_the_goals_unit),
        cmocka_unit_test(it_knows_what_is_due_when),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
