/* The life of an account: first start, creating, changing, disabling, resetting; what is refused;
 * the last administrator. */
#include "access/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/office.h"

static void test_bootstrap(void **state) {
    (void)state;
    struct office o;
    bool made = true;
    char password[PASSWORD_ONE_TIME_MAX];
    office_init(&o);
    struct account admin = account_of(&o, 1);
    assert_string_equal(admin.login, "admin");
    assert_int_equal(admin.role, ROLE_ADMINISTRATOR);
    assert_true(admin.must_change);
    assert_int_equal(admin.version, lines(&o));
    assert_line(&o, "account.created", "account/1", "system", "\"login\":\"admin\"");
    int64_t before = lines(&o);
    must(&o, access_bootstrap(o.access, o.f.store, &made, password, fresh(&o)));
    assert_false(made);
    assert_int_equal(lines(&o), before);
    office_fini(&o);
}

static void test_created(void **state) {
    (void)state;
    struct office o;
    struct account *list;
    size_t count;
    char password[PASSWORD_ONE_TIME_MAX];
    office_init(&o);
    create(&o, "caizheng.wang", ROLE_DEPARTMENT, password);
    assert_line(&o, "account.created", "account/2", "u/1",
                "{\"login\":\"caizheng.wang\",\"name\":\"某人\",\"role\":\"department\","
                "\"organisation\":\"wuxi.finance\"}");
    struct tx *tx = fixture_read(&o.f);
    must(&o, account_list(tx, &o.arena, &list, &count, fresh(&o)));
    store_read_end(tx);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].login, "admin");
    assert_string_equal(list[1].organisation, "wuxi.finance");
    assert_int_equal(list[1].version, lines(&o));
    assert_int_equal(list[1].created_ms, o.f.now);
    office_fini(&o);
}

static void test_fields(void **state) {
#define FIFTY                                                                                                                                    \
    "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六" \
    "七八九十"
    static const struct {
        struct account_new draft;
        enum code code;
        const char *says;
    } cases[] = {
        {{NULL, "a", "王", ROLE_PLANNER, NULL, NULL}, E_INPUT, "the login \"a\""},
        {{NULL, "Wang", "王", ROLE_PLANNER, NULL, NULL}, E_INPUT, "the login \"Wang\""},
        {{NULL, "王小明", "王", ROLE_PLANNER, NULL, NULL}, E_INPUT, "the login"},
        {{NULL, "admin", "王", ROLE_PLANNER, NULL, NULL}, E_CONFLICT, "it is taken"},
        {{NULL, "wang", "", ROLE_PLANNER, NULL, NULL}, E_INPUT, "0 characters"},
        {{NULL, "wang", "王\n明", ROLE_PLANNER, NULL, NULL}, E_INPUT, "control character"},
        {{NULL, "wang", "王\xc2\x85明", ROLE_PLANNER, NULL, NULL}, E_INPUT, "control character"},
        {{NULL, "wang", FIFTY FIFTY "十", ROLE_PLANNER, NULL, NULL}, E_INPUT, "101 characters"},
        {{NULL, "wang", "王", ROLE_NONE, NULL, NULL}, E_INPUT, "no role"},
        {{NULL, "wang", "王", ROLES, NULL, NULL}, E_INPUT, "no role"},
        {{NULL, "wang", "王", ROLE_TOWN, NULL, NULL}, E_INPUT, "needs an organisation"},
        {{NULL, "wang", "王", ROLE_TOWN, "a b", NULL}, E_INPUT, "\"a b\" is no code"},
        {{NULL, "wang", "王", ROLE_TOWN, "", NULL}, E_INPUT, "is no code"},
        {{NULL, "wang", FIFTY FIFTY, ROLE_PLANNER, NULL, NULL}, OK, ""},
        {{NULL, "9.a_b-c", "王", ROLE_TOWN, "320206.town", NULL}, OK, ""},
    };
    (void)state;
    struct office o;
    char password[PASSWORD_ONE_TIME_MAX];
    office_init(&o);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct account_new draft = cases[i].draft;
        int64_t before = lines(&o);
        assert_int_equal(try_create(&o, &draft, password), cases[i].code);
        assert_says(&o.f, cases[i].says);
        assert_int_equal(lines(&o), before + (cases[i].code == OK));
    }
    office_fini(&o);
}

static void test_changed(void **state) {
    (void)state;
    struct office o;
    char password[PASSWORD_ONE_TIME_MAX];
    office_init(&o);
    create(&o, "wang", ROLE_DEPARTMENT, password);
    struct account_edit edit = edit_of(&o, 2);
    int64_t before = lines(&o);
    must(&o, try_change(&o, &edit)); /* as it is already */
    assert_int_equal(lines(&o), before);
    edit.name = "王小明";
    edit.organisation = "wuxi.transport";
    must(&o, try_change(&o, &edit));
    assert_line(&o, "account.changed", "account/2", "u/1",
                "{\"old\":{\"name\":\"某人\",\"role\":\"department\",\"organisation\":"
                "\"wuxi.finance\",\"disabled\":false},\"now\":{\"name\":\"王小明\"");
    assert_string_equal(account_of(&o, 2).organisation, "wuxi.transport");
    edit.name = "不该写上"; /* decided on what was before the change */
    assert_int_equal(try_change(&o, &edit), E_CONFLICT);
    assert_string_equal(account_of(&o, 2).name, "王小明");
    edit.id = 99;
    assert_int_equal(try_change(&o, &edit), E_ABSENT);
    office_fini(&o);
}

static void test_last_administrator(void **state) {
    (void)state;
    struct office o;
    char password[PASSWORD_ONE_TIME_MAX];
    office_init(&o);
    struct account_edit edit = edit_of(&o, 1);
    edit.disabled = true;
    assert_int_equal(try_change(&o, &edit), E_DENIED);
    assert_says(&o.f, "no administrator would be left");
    edit.disabled = false;
    edit.role = ROLE_PLANNER;
    assert_int_equal(try_change(&o, &edit), E_DENIED);
    create(&o, "li", ROLE_ADMINISTRATOR, password);
    must(&o, try_change(&o, &edit)); /* now there is another */
    struct account_edit other = edit_of(&o, 2);
    other.disabled = true;
    assert_int_equal(try_change(&o, &other), E_DENIED);
    edit = edit_of(&o, 1);
    edit.role = ROLE_ADMINISTRATOR;
    must(&o, try_change(&o, &edit));
    must(&o, try_change(&o, &other));
    assert_line(&o, "account.disabled", "account/2", "u/1", "\"disabled\":true");
    edit = edit_of(&o, 1); /* one that is disabled does not count */
    edit.role = ROLE_SUPERVISOR;
    assert_int_equal(try_change(&o, &edit), E_DENIED);
    other = edit_of(&o, 2);
    other.disabled = false;
    must(&o, try_change(&o, &other));
    assert_line(&o, "account.enabled", "account/2", "u/1", "\"now\"");
    must(&o, try_change(&o, &edit));
    office_fini(&o);
}

static void test_reset(void **state) {
    (void)state;
    struct office o;
    struct access_opened opened;
    struct access_one_time one;
    struct subject subject;
    char password[PASSWORD_ONE_TIME_MAX];
    office_init(&o);
    create(&o, "wang", ROLE_PLANNER, password);
    opened = enter(&o, "wang", password);
    must(&o, try_password(&o, opened.cookie, password, "a longer password"));
    assert_false(account_of(&o, 2).must_change);
    must(&o, access_one_time(o.access, &one, fresh(&o)));
    struct account_reset reset = {"u/1", 2, account_of(&o, 2).version - 1, one.hash};
    assert_int_equal(fixture_write(&o.f, job_reset, &reset), E_CONFLICT);
    reset.seen++;
    assert_int_equal(fixture_write(&o.f, job_reset, &reset), OK);
    assert_line(&o, "account.reset", "account/2", "u/1", "{\"sessions_ended\":1}");
    assert_int_equal(try_subject(&o, opened.cookie, &subject), E_ABSENT);
    assert_int_equal(try_enter(&o, "wang", "a longer password", &opened), E_DENIED);
    opened = enter(&o, "wang", one.password);
    assert_true(subject_of(&o, opened.cookie).must_change);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bootstrap),
        cmocka_unit_test(test_created),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_last_administrator),
        cmocka_unit_test(test_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
