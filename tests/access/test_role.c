/* Who may do what, written out once more: a change of the table must be made here too. */
#include "access/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A all, o own, . none; a column for each role in the order of the enum:
 * none administrator planner supervisor department district town public */
static const struct {
    const char *action;
    const char *grants;
} expected[] = {
    {"plan.read", ".AAAAAAA"},     {"plan.load", ".AA....."},
    {"owner.set", ".AA....."},     {"path.set", ".AA....."},
    {"progress.read", ".AAAAAA."}, {"progress.report", ".AA.ooo."},
    {"evidence.read", ".AAAooo."}, {"slip.read", ".AAAooo."},
    {"slip.issue", ".A.A...."},    {"slip.answer", ".A..ooo."},
    {"slip.close", ".A.A...."},    {"verdict.confirm", ".AAA...."},
    {"settings.read", ".AAAAAA."}, {"settings.change", ".AA....."},
    {"journal.read", ".A.A...."},  {"events.read", ".AAAAAA."},
    {"account.read", ".A......"},  {"account.change", ".A......"},
    {"metrics.read", ".A......"},  {"entity.read", ".AAAAAA."},
    {"entity.write", ".AA....."},  {"entity.subscribe", ".AA....."},
    {"token.own", ".AAAAAA."},     {"password.own", ".AAAAAAA"},
};

static void test_table(void **state) {
    (void)state;
    assert_int_equal(sizeof expected / sizeof expected[0], ACTIONS);
    for (enum action action = 0; action < ACTIONS; action++) {
        char got[ROLES + 1] = {0};
        for (enum role role = 0; role < ROLES; role++) {
            got[role] = ".oA"[role_may(role, action)];
        }
        assert_string_equal(action_name(action), expected[action].action);
        if (strcmp(got, expected[action].grants) != 0) {
            fail_msg("%s: %s, expected %s", action_name(action), got, expected[action].grants);
        }
    }
}

static void test_names(void **state) {
    static const char *const names[ROLES] = {"none",       "administrator", "planner", "supervisor",
                                             "department", "district",      "town",    "public"};
    (void)state;
    for (enum role role = 0; role < ROLES; role++) {
        enum role back = ROLE_NONE;
        assert_string_equal(role_name(role), names[role]);
        assert_int_equal(role_parse(names[role], &back), role != ROLE_NONE);
        assert_int_equal(back, role);
    }
    enum role none = ROLE_TOWN;
    assert_false(role_parse("Planner", &none));
    assert_false(role_parse("", &none));
    assert_int_equal(none, ROLE_TOWN);
    assert_string_equal(grant_name(GRANT_NONE), "none");
    assert_string_equal(grant_name(GRANT_OWN), "own");
    assert_string_equal(grant_name(GRANT_ALL), "all");
}

static void test_subject_narrows(void **state) {
    (void)state;
    struct subject nobody = access_anonymous(ROLE_NONE);
    struct subject anonymous = access_anonymous(ROLE_ADMINISTRATOR);
    struct subject session = {.how = SUBJECT_SESSION, .account = 1, .role = ROLE_ADMINISTRATOR};
    struct subject token = session;
    struct subject first = session;
    token.how = SUBJECT_TOKEN;
    first.must_change = true;
    assert_string_equal(anonymous.actor, "anonymous");
    for (enum action action = 0; action < ACTIONS; action++) {
        bool own = action == ACTION_TOKEN_OWN || action == ACTION_PASSWORD_OWN;
        assert_int_equal(access_may(&nobody, action), GRANT_NONE);
        assert_int_equal(access_may(&session, action), GRANT_ALL);
        assert_int_equal(access_may(&anonymous, action), own ? GRANT_NONE : GRANT_ALL);
        assert_int_equal(access_may(&token, action), own ? GRANT_NONE : GRANT_ALL);
        assert_int_equal(access_may(&first, action),
                         action == ACTION_PASSWORD_OWN ? GRANT_ALL : GRANT_NONE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_subject_narrows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
