/* Who is in charge: confirmed or changed, as whole sets, and who was at an earlier line. */
#include "track/charge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/office.h"

static enum code put_job(struct tx *tx, void *data, struct err *err) {
    int64_t line = 0;
    return charge_put(tx, data, &line, err);
}

static enum code put(struct office *o, const struct item *item, const struct charge *charges,
                     size_t count) {
    struct charge_request r = {*item, office_version(o, item), "u/7", charges, count, "会议纪要"};
    return fixture_write(&o->f, put_job, &r);
}

static struct charge_set find(struct office *o, const struct item *item, int64_t as_of,
                              bool *found) {
    struct charge_set set;
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(charge_find(tx, item, as_of, &o->arena, &set, found, &o->f.err), OK);
    store_read_end(tx);
    return set;
}

static const struct charge industry[] = {{NULL, "市工信局", CHARGE_LEAD}};
static const struct charge two[] = {{"wuxi.finance", "无锡市财政局", CHARGE_SUPPORT},
                                    {NULL, "市工信局", CHARGE_LEAD}};

static void what_the_plan_says_is_confirmed(void **state) {
    (void)state;
    struct office o;
    char subject[ITEM_SUBJECT_MAX];
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "投资");
    struct item target = office_item(&o, KEPT_TARGET, "投资");
    assert_int_equal(put(&o, &task, industry, 1), OK);
    office_expect_line(&o, item_subject(&task, subject), "owner.confirmed",
                       "{\"owners\":[{\"organisation\":null,\"name\":\"市工信局\","
                       "\"role\":\"lead\"}],\"note\":\"会议纪要\"}");
    assert_int_equal(put(&o, &target, industry, 1), OK); /* as its task is proposed */
    office_expect_line(&o, item_subject(&target, subject), "owner.confirmed", "市工信局");
    assert_int_equal(put(&o, &task, two, 2), OK);
    office_expect_line(&o, item_subject(&task, subject), "owner.changed", "wuxi.finance");
    office_fini(&o);
}

static void a_set_holds_until_the_next(void **state) {
    (void)state;
    struct office o;
    bool found = true;
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "投资");
    int64_t before = office_lines(&o);
    assert_int_equal(put(&o, &task, industry, 1), OK);
    assert_int_equal(put(&o, &task, two, 2), OK);
    find(&o, &task, before, &found);
    assert_false(found);
    struct charge_set set = find(&o, &task, before + 1, &found);
    assert_true(found);
    assert_int_equal(set.count, 1);
    set = find(&o, &task, INT64_MAX, &found);
    assert_int_equal(set.count, 2);
    assert_int_equal(set.line, before + 2);
    assert_string_equal(set.charges[0].organisation, "wuxi.finance");
    assert_int_equal(set.charges[0].role, CHARGE_SUPPORT);
    assert_null(set.charges[1].organisation);
    assert_int_equal(set.charges[1].role, CHARGE_LEAD);
    office_fini(&o);
}

static void all_of_a_plan_come_in_order(void **state) {
    (void)state;
    struct office o;
    struct charge_set *sets = NULL;
    size_t count = 0;
    office_init(&o);
    struct item items[] = {office_item(&o, KEPT_TARGET, "公园"), office_item(&o, KEPT_TASK, "公园"),
                           office_item(&o, KEPT_TASK, "投资")};
    assert_int_equal(put(&o, &items[0], two, 2), OK);
    assert_int_equal(put(&o, &items[1], industry, 1), OK);
    assert_int_equal(put(&o, &items[2], two, 2), OK);
    struct tx *tx = fixture_read(&o.f);
    assert_int_equal(charge_list(tx, o.plan, INT64_MAX, &o.arena, &sets, &count, &o.f.err), OK);
    store_read_end(tx);
    assert_int_equal(count, 3);
    assert_int_equal(sets[0].item.sort, KEPT_TARGET);
    assert_int_equal(sets[0].count, 2);
    assert_int_equal(sets[1].item.sort, KEPT_TASK);
    assert_int_equal(sets[1].item.number, items[2].number);
    assert_int_equal(sets[1].count, 2);
    assert_int_equal(sets[2].item.number, items[1].number);
    assert_int_equal(sets[2].count, 1);
    assert_string_equal(sets[2].charges[0].name, "市工信局");
    office_fini(&o);
}

static void it_refuses_what_is_no_set(void **state) {
    (void)state;
    struct office o;
    struct charge many[CHARGE_MAX + 1];
    char names[CHARGE_MAX + 1][8];
    char longest[CHARGE_NAME_MAX * 3 + 4] = "";
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "投资");
    for (int i = 0; i <= CHARGE_MAX; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        many[i] = (struct charge){NULL, names[i], CHARGE_LEAD};
    }
    for (int i = 0; i < CHARGE_NAME_MAX; i++) {
        memcpy(longest + 3 * i, "局", 4);
    }
    struct charge full = {NULL, longest, CHARGE_LEAD};
    int64_t before = office_lines(&o);
    assert_int_equal(put(&o, &task, many, CHARGE_MAX + 1), E_INPUT);
    assert_int_equal(put(&o, &task, many, 0), E_INPUT);
    struct charge support = {NULL, "市工信局", CHARGE_SUPPORT};
    assert_int_equal(put(&o, &task, &support, 1), E_INPUT);
    assert_says(&o.f, "leads");
    struct charge twice[] = {{"a", "x", CHARGE_LEAD}, {"a", "y", CHARGE_SUPPORT}};
    assert_int_equal(put(&o, &task, twice, 2), E_INPUT);
    assert_says(&o.f, "twice");
    struct charge control = {NULL, "a\nb", CHARGE_LEAD};
    assert_int_equal(put(&o, &task, &control, 1), E_INPUT);
    struct charge empty = {NULL, "", CHARGE_LEAD};
    assert_int_equal(put(&o, &task, &empty, 1), E_INPUT);
    assert_int_equal(office_lines(&o), before);
    assert_int_equal(put(&o, &task, &full, 1), OK);
    memcpy(longest + 3 * CHARGE_NAME_MAX, "局", 4);
    assert_int_equal(put(&o, &task, &full, 1), E_LIMIT);
    assert_int_equal(put(&o, &task, many, CHARGE_MAX), OK);
    struct charge_request stale = {task, before, "u/7", industry, 1, NULL};
    assert_int_equal(fixture_write(&o.f, put_job, &stale), E_CONFLICT);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_plan_says_is_confirmed),
        cmocka_unit_test(a_set_holds_until_the_next),
        cmocka_unit_test(all_of_a_plan_come_in_order),
        cmocka_unit_test(it_refuses_what_is_no_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
