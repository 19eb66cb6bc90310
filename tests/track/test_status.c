/* A plan as a whole: lights of tasks by their own reports and by their targets, counts, both axes
 * of time, and what stays when the plan is corrected. */
#include "track/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/office.h"

static struct status load_with(struct office *o, struct status_request r) {
    struct status s;
    struct tx *tx = fixture_read(&o->f);
    r.plan = o->plan;
    r.calendar = o->calendar;
    if (status_load(tx, &r, &o->arena, &s, &o->f.err) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
    store_read_end(tx);
    return s;
}

static struct status load(struct office *o, const char *day, int64_t line) {
    return load_with(o, (struct status_request){.day = day_of(day), .line = line});
}

static const struct status_item *expect(const struct status *s, const struct item *item,
                                        const char *colour, const char *words) {
    const struct status_item *x = status_find(s, item->sort, item->number);
    assert_non_null(x);
    if (strcmp(light_colour_name(x->light.colour), colour) != 0 ||
        (strstr(x->light.why, words) == NULL && strstr(x->light.why_en, words) == NULL)) {
        fail_msg("%s: %s / %s", light_colour_name(x->light.colour), x->light.why, x->light.why_en);
    }
    return x;
}

static void a_task_is_lit_by_its_targets(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "公园");
    struct item parks = office_item(&o, KEPT_TARGET, "口袋公园");
    struct item large = {o.plan, KEPT_TARGET, parks.number - 1};
    struct status s = load(&o, "2021-07-06", INT64_MAX);
    expect(&s, &task, "red", "应完成50.4%（按工作日126/250），未报告进度，按0%计");
    office_go_to(&o, "2021-07-06");
    office_report(&o, &parks, "10", "个", "2021-06-30", 0);
    s = load(&o, "2021-07-06", INT64_MAX);
    expect(&s, &parks, "green", "报告10个（2021-06-30），为目标的50%");
    const struct status_item *x = expect(&s, &task, "red", "按所属指标（2项中已报1项），最差的");
    assert_true(x->light.reported);
    assert_string_equal(x->light.actual, "0.0");
    office_report(&o, &large, "3", "个", "2021-06-30", 0);
    s = load(&o, "2021-07-06", INT64_MAX);
    expect(&s, &task, "green", "by its targets (2 of 2 told)");
    office_report(&o, &task, "35", "%", "2021-06-30", 0);
    s = load(&o, "2021-07-06", INT64_MAX);
    x = expect(&s, &task, "yellow", "应完成50.4%（按工作日126/250），报告35%（2021-06-30）");
    assert_int_equal(x->version, office_version(&o, &task));
    assert_int_equal(x->report->id, 3);
    office_fini(&o);
}

static size_t sum(const struct status_counts *c) {
    return c->colour[LIGHT_NONE] + c->colour[LIGHT_GREEN] + c->colour[LIGHT_YELLOW] +
           c->colour[LIGHT_RED];
}

static void counts_add_up(void **state) {
    (void)state;
    struct office o;
    size_t tasks = 0;
    size_t alone = 0;
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "公园");
    office_report(&o, &task, "100", "%", "2021-02-28", 0);
    struct status s = load(&o, "2021-03-01", INT64_MAX);
    for (size_t i = 0; i < s.set.area_count; i++) {
        tasks += sum(&s.areas[i].counts);
    }
    for (size_t i = 0; i < s.set.target_count; i++) {
        alone += s.set.targets[i].task == 0;
    }
    assert_int_equal(tasks, s.set.task_count);
    assert_int_equal(alone, 2);
    assert_int_equal(sum(&s.counts), tasks + alone);
    assert_int_equal(s.counts.colour[LIGHT_GREEN], 1);
    assert_int_equal(s.counts.unreported, tasks + alone - 1);
    assert_int_equal(s.counts.unowned, tasks + alone);
    assert_int_equal(s.areas[1].counts.colour[LIGHT_GREEN], 1);
    assert_int_equal(s.undecided, s.set.target_count);
    assert_false(s.year_over);
    assert_true(load(&o, "2022-01-01", INT64_MAX).year_over);
    office_fini(&o);
}

static enum code charge_job(struct tx *tx, void *data, struct err *err) {
    int64_t line = 0;
    return charge_put(tx, data, &line, err);
}

static void a_target_has_its_tasks_charge(void **state) {
    (void)state;
    struct office o;
    static const struct charge own[] = {{NULL, "市园林局", CHARGE_LEAD}};
    static const struct charge other[] = {{NULL, "市规划局", CHARGE_LEAD}};
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "公园");
    struct item target = office_item(&o, KEPT_TARGET, "口袋公园");
    struct charge_request r = {task, office_version(&o, &task), "u/7", own, 1, NULL};
    assert_int_equal(fixture_write(&o.f, charge_job, &r), OK);
    struct status s = load(&o, "2021-03-01", INT64_MAX);
    const struct status_item *x = status_find(&s, KEPT_TARGET, target.number);
    assert_string_equal(x->charge->charges[0].name, "市园林局");
    r = (struct charge_request){target, office_version(&o, &target), "u/7", other, 1, NULL};
    assert_int_equal(fixture_write(&o.f, charge_job, &r), OK);
    s = load(&o, "2021-03-01", INT64_MAX);
    x = status_find(&s, KEPT_TARGET, target.number);
    assert_string_equal(x->charge->charges[0].name, "市规划局");
    x = status_find(&s, KEPT_TASK, task.number);
    assert_string_equal(x->charge->charges[0].name, "市园林局");
    office_fini(&o);
}

/* The board of a past day, as it was then and as it is known now. */
static void past_days_have_two_answers(void **state) {
    (void)state;
    struct office o;
    int64_t then = 0;
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "投资");
    office_go_to(&o, "2021-06-30");
    office_report(&o, &task, "50", "%", "2021-06-30", 0);
    office_go_to(&o, "2021-08-01");
    office_report(&o, &task, "15", "%", "2021-06-30", 1);
    office_report(&o, &task, "60", "%", "2021-07-31", 0);
    struct tx *tx = fixture_read(&o.f);
    assert_int_equal(status_line_then(tx, day_of("2021-06-30"), &then, &o.f.err), OK);
    store_read_end(tx);
    assert_int_equal(then, office_lines(&o) - 2);
    struct status s = load(&o, "2021-06-30", then);
    const struct status_item *x = expect(&s, &task, "green", "报告50%（2021-06-30）");
    assert_int_equal(s.line, then);
    assert_int_equal(x->version, then);
    s = load(&o, "2021-06-30", INT64_MAX);
    expect(&s, &task, "red", "报告15%（2021-06-30）");
    s = load(&o, "2021-08-01", INT64_MAX);
    expect(&s, &task, "green", "报告60%（2021-07-31）");
    s = load(&o, "2021-08-01", then);
    expect(&s, &task, "green", "报告50%（2021-06-30）");
    assert_int_equal(load(&o, "2021-08-01", INT64_MAX).line, office_lines(&o));
    office_fini(&o);
}

static void no_plan_is_an_error(void **state) {
    (void)state;
    struct office o;
    struct status s;
    office_init(&o);
    struct status_request r = {
        .plan = 9, .day = day_of("2021-03-01"), .line = INT64_MAX, .calendar = o.calendar};
    struct tx *tx = fixture_read(&o.f);
    assert_int_equal(status_load(tx, &r, &o.arena, &s, &o.f.err), E_ABSENT);
    store_read_end(tx);
    office_fini(&o);
}

/* Reports stay with their item when the plan is corrected; one in a unit that the plan no longer
 * has cannot be held against it. */
static void a_correction_keeps_the_reports(void **state) {
    (void)state;
    static const char corrected[] =
        OFFICE_HEAD OFFICE_FIRST "（二）着力改善民生\n推进安全生产。新建公园5个、口袋公园40个。\n";
    static const char other_unit[] =
        OFFICE_HEAD OFFICE_FIRST "（二）着力改善民生\n推进安全生产。新建公园5个、口袋公园40座。\n";
    struct office o;
    office_init(&o);
    struct item parks = office_item(&o, KEPT_TARGET, "口袋公园");
    office_go_to(&o, "2021-07-06");
    office_report(&o, &parks, "10", "个", "2021-06-30", 0);
    struct status s = load(&o, "2021-07-06", INT64_MAX);
    expect(&s, &parks, "green", "50%");
    assert_int_equal(office_load(&o, corrected, "report.txt"), o.plan);
    s = load(&o, "2021-07-06", INT64_MAX);
    const struct status_item *x = expect(&s, &parks, "yellow", "为目标的25%");
    assert_int_equal(x->version, office_lines(&o)); /* the text is newer than the report */
    assert_int_equal(x->version, office_version(&o, &parks));
    assert_int_equal(office_load(&o, other_unit, "report.txt"), o.plan);
    s = load(&o, "2021-07-06", INT64_MAX);
    expect(&s, &parks, "none", "报告以“个”为单位，计划现以“座”为单位");
    s = load(&o, "2021-07-06", office_lines(&o) - 1);
    expect(&s, &parks, "yellow", "为目标的25%");
    office_fini(&o);
}

static void a_verdict_lights_its_target_and_task(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "投资");
    struct item target = office_item(&o, KEPT_TARGET, "投资");
    struct status_verdict v = {target.number, VERDICT_MET};
    struct status_request r = {
        .day = day_of("2022-02-01"), .line = INT64_MAX, .verdicts = &v, .verdict_count = 1};
    struct status s = load_with(&o, r);
    expect(&s, &target, "green", "已确认完成");
    const struct status_item *x = expect(&s, &task, "green", "confirmed met");
    assert_false(x->light.reported);
    assert_int_equal(s.met, 1);
    assert_int_equal(s.undecided, s.set.target_count - 1);
    office_fini(&o);
}

static enum code setting_job(struct tx *tx, void *data, struct err *err) {
    int64_t line = 0;
    return setting_change(tx, data, &line, err);
}

static enum code path_job(struct tx *tx, void *data, struct err *err) {
    int64_t line = 0;
    return path_draw(tx, data, &line, err);
}

static void settings_and_paths_count(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "投资");
    office_go_to(&o, "2021-07-06");
    office_report(&o, &task, "45", "%", "2021-06-30", 0);
    struct status s = load(&o, "2021-07-06", INT64_MAX);
    assert_int_equal(expect(&s, &task, "green", "")->way, LIGHT_WAY_LINEAR);
    struct setting_request change = {"u/7", 0, setting_defaults()};
    change.now.value[SETTING_YELLOW_FROM] = dec("5.4");
    assert_int_equal(fixture_write(&o.f, setting_job, &change), OK);
    s = load(&o, "2021-07-06", INT64_MAX);
    expect(&s, &task, "yellow", "落后5.4个百分点");
    s = load(&o, "2021-07-06", office_lines(&o) - 1);
    expect(&s, &task, "green", "");
    struct path_point point = {2021, 12, {50, 0}};
    struct path_request draw = {task, office_version(&o, &task), "u/7", &point, 1};
    assert_int_equal(fixture_write(&o.f, path_job, &draw), OK);
    s = load(&o, "2021-07-06", INT64_MAX);
    assert_int_equal(expect(&s, &task, "green", "按绘制的进度线")->way, LIGHT_WAY_DRAWN);
    struct decimal value;
    const struct status_item *x = status_find(&s, KEPT_TASK, task.number);
    struct light_question q = status_question(&s, x, day_of("2021-12-31"), o.calendar);
    assert_true(light_expected_value(&q, &value));
    assert_int_equal(decimal_cmp(value, decimal_of(50)), 0);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_lit_by_its_targets),
        cmocka_unit_test(counts_add_up),
        cmocka_unit_test(a_target_has_its_tasks_charge),
        cmocka_unit_test(past_days_have_two_answers),
        cmocka_unit_test(no_plan_is_an_error),
        cmocka_unit_test(a_correction_keeps_the_reports),
        cmocka_unit_test(a_verdict_lights_its_target_and_task),
        cmocka_unit_test(settings_and_paths_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
