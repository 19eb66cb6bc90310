/* Signing in and out: what opens a session, what ends it, what a refusal costs. */
#include "access/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/office.h"

static const char long_one[] = "a longer password";

/* Account 2, "wang", a planner with that password; nobody is signed in as wang. */
static void add_wang(struct office *o) {
    struct access_opened opened;
    struct subject subject;
    char password[PASSWORD_ONE_TIME_MAX];
    create(o, "wang", ROLE_PLANNER, password);
    opened = enter(o, "wang", password);
    must(o, try_password(o, opened.cookie, password, long_one));
    subject = subject_of(o, opened.cookie);
    must(o, access_sign_out(o->f.store, &subject, fresh(o)));
}

static uint64_t verified(struct office *o) {
    struct access_stats stats;
    access_stats(o->access, &stats);
    return stats.password.verified;
}

static void test_story(void **state) {
    (void)state;
    struct office o;
    char door[32];
    office_init(&o);
    struct access_opened opened = enter(&o, "admin", o.admin);
    struct subject s = subject_of(&o, opened.cookie);
    snprintf(door, sizeof door, "session/%lld", (long long)lines(&o));
    assert_line(&o, "session.opened", door, "u/1",
                "{\"account\":1,\"login\":\"admin\",\"address\":\"192.0.2.7\"}");
    assert_int_equal(s.how, SUBJECT_SESSION);
    assert_int_equal(s.account, 1);
    assert_string_equal(s.actor, "u/1");
    assert_int_equal(s.role, ROLE_ADMINISTRATOR);
    must(&o, access_sign_out(o.f.store, &s, fresh(&o)));
    assert_line(&o, "session.closed", door, "u/1", "{\"account\":1}");
    assert_int_equal(try_subject(&o, opened.cookie, &s), E_ABSENT);
    assert_int_equal(access_sign_out(o.f.store, &s, fresh(&o)), E_ABSENT);
    office_fini(&o);
}

static void test_first_password_must_change(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct access_opened opened = enter(&o, "admin", o.admin);
    struct subject s = subject_of(&o, opened.cookie);
    assert_true(s.must_change);
    assert_int_equal(access_may(&s, ACTION_PLAN_READ), GRANT_NONE);
    assert_int_equal(access_may(&s, ACTION_PASSWORD_OWN), GRANT_ALL);
    assert_int_equal(try_password(&o, opened.cookie, "not the old one", long_one), E_DENIED);
    assert_int_equal(try_password(&o, opened.cookie, o.admin, "short"), E_INPUT);
    assert_int_equal(try_password(&o, opened.cookie, o.admin, o.admin), E_INPUT);
    assert_true(subject_of(&o, opened.cookie).must_change);
    must(&o, try_password(&o, opened.cookie, o.admin, long_one));
    assert_line(&o, "account.password", "account/1", "u/1", "{\"sessions_ended\":0}");
    s = subject_of(&o, opened.cookie);
    assert_int_equal(access_may(&s, ACTION_PLAN_READ), GRANT_ALL);
    assert_int_equal(try_enter(&o, "admin", o.admin, &opened), E_DENIED);
    office_fini(&o);
}

static void test_secret_is_always_new(void **state) {
    (void)state;
    static const char planted[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    struct office o;
    struct subject s;
    office_init(&o);
    add_wang(&o);
    assert_int_equal(try_subject(&o, planted, &s), E_ABSENT);
    struct access_opened one = enter(&o, "wang", long_one);
    struct access_opened two = enter(&o, "wang", long_one);
    assert_int_equal(strlen(one.cookie), 43);
    assert_string_not_equal(one.cookie, two.cookie);
    assert_string_not_equal(one.cookie, planted);
    assert_int_equal(try_subject(&o, planted, &s), E_ABSENT); /* signing in adopted nothing */
    /* what is no secret at all */
    assert_int_equal(try_subject(&o, "", &s), E_ABSENT);
    assert_int_equal(try_subject(&o, "x", &s), E_ABSENT);
    assert_int_equal(try_subject(&o, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", &s), E_ABSENT);
    assert_int_equal(try_subject(&o, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", &s), E_ABSENT);
    office_fini(&o);
}

static void test_csrf(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    add_wang(&o);
    struct access_opened one = enter(&o, "wang", long_one);
    struct access_opened two = enter(&o, "wang", long_one);
    struct subject s = subject_of(&o, one.cookie);
    struct subject other = subject_of(&o, two.cookie);
    assert_int_equal(strlen(s.csrf), 43);
    assert_string_equal(s.csrf, subject_of(&o, one.cookie).csrf); /* it can be asked again */
    assert_string_not_equal(s.csrf, one.cookie);
    assert_true(access_csrf_is(&s, s.csrf));
    assert_false(access_csrf_is(&s, other.csrf));
    assert_false(access_csrf_is(&s, ""));
    struct subject nobody = access_anonymous(ROLE_PLANNER);
    assert_false(access_csrf_is(&nobody, ""));
    office_fini(&o);
}

static void test_idle_and_absolute(void **state) {
    (void)state;
    struct office o;
    struct subject s;
    office_init(&o);
    add_wang(&o);
    struct access_opened opened = enter(&o, "wang", long_one);
    int64_t start = o.f.now;
    assert_false(subject_of(&o, opened.cookie).stale);
    o.f.now = start + SESSION_SEEN_EVERY_MS - 1;
    assert_false(subject_of(&o, opened.cookie).stale);
    o.f.now = start + SESSION_IDLE_MS - 1;
    assert_true(subject_of(&o, opened.cookie).stale);
    o.f.now = start + SESSION_IDLE_MS;
    assert_int_equal(try_subject(&o, opened.cookie, &s), E_ABSENT);
    o.f.now = start;
    int64_t before = lines(&o);
    while (o.f.now + SESSION_IDLE_MS - 1 < start + SESSION_LIFE_MS) { /* seen now and again */
        o.f.now += SESSION_IDLE_MS - 1;
        s = subject_of(&o, opened.cookie);
        must(&o, access_touch(o.f.store, &s, fresh(&o)));
        assert_false(subject_of(&o, opened.cookie).stale);
    }
    assert_int_equal(lines(&o), before); /* that is housekeeping */
    o.f.now = start + SESSION_LIFE_MS - 1;
    subject_of(&o, opened.cookie);
    o.f.now = start + SESSION_LIFE_MS;
    assert_int_equal(try_subject(&o, opened.cookie, &s), E_ABSENT);
    office_fini(&o);
}

static int64_t count_rows(struct office *o, const char *sql) {
    sqlite3 *db = raw_open(o->f.path);
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return n;
}

static void test_rows_stay_few(void **state) {
    (void)state;
    struct office o;
    struct subject s;
    office_init(&o);
    add_wang(&o);
    struct access_opened first = enter(&o, "wang", long_one);
    o.f.now++;
    for (int i = 1; i < SESSION_MAX; i++) {
        enter(&o, "wang", long_one);
    }
    subject_of(&o, first.cookie);
    enter(&o, "wang", long_one);
    assert_int_equal(try_subject(&o, first.cookie, &s), E_ABSENT); /* the oldest made room */
    assert_int_equal(count_rows(&o, "SELECT count(*) FROM access_session"), SESSION_MAX);
    o.f.now += SESSION_IDLE_MS;
    enter(&o, "admin", o.admin); /* clears away what ran out, whose ever it is */
    assert_int_equal(count_rows(&o, "SELECT count(*) FROM access_session"), 1);
    office_fini(&o);
}

/* ---- what ends sessions ---- */

static void test_password_ends_the_others(void **state) {
    (void)state;
    struct office o;
    struct subject s;
    office_init(&o);
    add_wang(&o);
    struct access_opened here = enter(&o, "wang", long_one);
    struct access_opened there = enter(&o, "wang", long_one);
    struct access_opened admin = enter(&o, "admin", o.admin);
    must(&o, try_password(&o, here.cookie, long_one, "another password"));
    assert_line(&o, "account.password", "account/2", "u/2", "{\"sessions_ended\":1}");
    subject_of(&o, here.cookie);
    subject_of(&o, admin.cookie);
    assert_int_equal(try_subject(&o, there.cookie, &s), E_ABSENT);
    office_fini(&o);
}

static void test_role_and_disabling_end_all(void **state) {
    (void)state;
    struct office o;
    struct subject s;
    office_init(&o);
    add_wang(&o);
    struct access_opened opened = enter(&o, "wang", long_one);
    struct account_edit edit = edit_of(&o, 2);
    edit.name = "王";
    must(&o, try_change(&o, &edit));
    subject_of(&o, opened.cookie); /* a name ends nothing */
    edit = edit_of(&o, 2);
    edit.role = ROLE_SUPERVISOR;
    must(&o, try_change(&o, &edit));
    assert_line(&o, "account.changed", "account/2", "u/1", "\"sessions_ended\":1");
    assert_int_equal(try_subject(&o, opened.cookie, &s), E_ABSENT);
    opened = enter(&o, "wang", long_one);
    edit = edit_of(&o, 2);
    edit.disabled = true;
    must(&o, try_change(&o, &edit));
    assert_int_equal(try_subject(&o, opened.cookie, &s), E_ABSENT);
    assert_int_equal(try_enter(&o, "wang", long_one, &opened), E_DENIED);
    assert_says(&o.f, "the login or the password is wrong");
    edit = edit_of(&o, 2);
    edit.disabled = false;
    must(&o, try_change(&o, &edit));
    enter(&o, "wang", long_one);
    office_fini(&o);
}

/* Past this program, as whoever repairs a database by hand would. */
static void test_disabled_by_hand(void **state) {
    (void)state;
    struct office o;
    struct subject s;
    office_init(&o);
    add_wang(&o);
    struct access_opened opened = enter(&o, "wang", long_one);
    subject_of(&o, opened.cookie);
    raw_change(o.f.path, "UPDATE access_account SET disabled = 1 WHERE id = 2");
    assert_int_equal(try_subject(&o, opened.cookie, &s), E_ABSENT);
    raw_change(o.f.path, "UPDATE access_account SET disabled = 0, role = 'king' WHERE id = 2");
    s = subject_of(&o, opened.cookie);
    assert_int_equal(s.role, ROLE_NONE); /* a role nobody knows may nothing */
    assert_int_equal(access_may(&s, ACTION_PLAN_READ), GRANT_NONE);
    office_fini(&o);
}

/* ---- refusals ---- */

static void test_unknown_costs_the_same(void **state) {
    (void)state;
    struct office o;
    struct access_opened opened;
    office_init(&o);
    add_wang(&o);
    uint64_t before = verified(&o);
    assert_int_equal(try_enter(&o, "wang", "wrong", &opened), E_DENIED);
    assert_int_equal(verified(&o), before + 1);
    char words[ERR_MSG_MAX];
    snprintf(words, sizeof words, "%s", o.f.err.msg);
    assert_int_equal(try_enter(&o, "nobody", "wrong", &opened), E_DENIED);
    assert_int_equal(verified(&o), before + 2);
    assert_string_equal(o.f.err.msg, words);
    assert_line(&o, "session.refused", "session", "anonymous",
                "{\"login\":\"nobody\",\"address\":\"192.0.2.7\",\"unwritten\":0}");
    office_fini(&o);
}

static void test_refused_line_holds_no_password(void **state) {
    (void)state;
    struct office o;
    struct access_opened opened;
    office_init(&o);
    assert_int_equal(try_enter(&o, o.admin, "admin", &opened), E_DENIED); /* the wrong way round */
    assert_line(&o, "session.refused", "session", "anonymous", "{\"login\":null,");
    char address[200];
    memset(address, 'x', sizeof address - 1);
    memcpy(address + SESSION_ADDRESS_MAX - 1, "湖", strlen("湖"));
    address[sizeof address - 1] = '\0';
    struct access_login in = {"admin", "wrong", address};
    assert_int_equal(access_sign_in(o.access, o.f.store, &in, &opened, fresh(&o)), E_DENIED);
    assert_line(&o, "session.refused", "session", "anonymous", "xxx\",\"unwritten\"");
    office_fini(&o);
}

static void test_limited_by_login(void **state) {
    (void)state;
    struct office o;
    struct access_opened opened;
    office_init(&o);
    add_wang(&o);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(try_enter(&o, "wang", "wrong", &opened), E_DENIED);
        assert_int_equal(opened.wait_s, 0);
    }
    int64_t before = lines(&o);
    uint64_t hashes = verified(&o);
    assert_int_equal(try_enter(&o, "wang", long_one, &opened), E_BUSY); /* right, and too soon */
    assert_int_equal(opened.wait_s, 30);
    assert_int_equal(lines(&o), before);
    assert_int_equal(verified(&o), hashes);
    enter(&o, "admin", o.admin); /* others are not held up */
    o.f.now += 29 * SECOND + 1;
    assert_int_equal(try_enter(&o, "wang", long_one, &opened), E_BUSY);
    assert_int_equal(opened.wait_s, 1);
    o.f.now += SECOND;
    for (int i = 0; i < 20; i++) { /* what succeeds costs nothing */
        enter(&o, "wang", long_one);
    }
    office_fini(&o);
}

static void test_limited_by_address(void **state) {
    (void)state;
    struct office o;
    struct access_opened opened;
    char login[16];
    office_init(&o);
    for (int i = 0; i < 20; i++) {
        snprintf(login, sizeof login, "guess%d", i);
        assert_int_equal(try_enter(&o, login, "wrong", &opened), E_DENIED);
    }
    assert_int_equal(try_enter(&o, "admin", o.admin, &opened), E_BUSY);
    assert_int_equal(opened.wait_s, 5);
    struct access_login in = {"admin", o.admin, "192.0.2.8"};
    must(&o, access_sign_in(o.access, o.f.store, &in, &opened, fresh(&o)));
    office_fini(&o);
}

static void test_old_password_is_limited(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct access_opened opened = enter(&o, "admin", o.admin);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(try_password(&o, opened.cookie, "wrong", long_one), E_DENIED);
    }
    assert_int_equal(try_password(&o, opened.cookie, o.admin, long_one), E_BUSY);
    o.f.now += 30 * SECOND;
    must(&o, try_password(&o, opened.cookie, o.admin, long_one));
    office_fini(&o);
}

/* Many addresses guessing: lines stay few, and the next one says how many are missing. */
static void test_refusals_do_not_flood(void **state) {
    (void)state;
    struct office o;
    struct access_opened opened;
    char login[16];
    char address[16];
    office_init(&o);
    int64_t before = lines(&o);
    struct access_login in = {login, "wrong", address};
    for (int i = 0; i < 250; i++) {
        snprintf(login, sizeof login, "guess%d", i);
        snprintf(address, sizeof address, "192.0.2.%d", i);
        assert_int_equal(access_sign_in(o.access, o.f.store, &in, &opened, fresh(&o)), E_DENIED);
    }
    assert_int_equal(lines(&o), before + 100);
    o.f.now += 10 * SECOND;
    assert_int_equal(try_enter(&o, "guess", "wrong", &opened), E_DENIED);
    assert_line(&o, "session.refused", "session", "anonymous", "\"unwritten\":150");
    o.f.now += 10 * SECOND;
    assert_int_equal(try_enter(&o, "guess", "wrong", &opened), E_DENIED);
    assert_line(&o, "session.refused", "session", "anonymous", "\"unwritten\":0");
    struct access_stats stats;
    access_stats(o.access, &stats);
    assert_int_equal(stats.refused, 252);
    office_fini(&o);
}

/* ---- changed between the password and the session ---- */

struct meddler {
    struct office *o;
    bool armed;
};

/* The secret of a session is made when the password was right: there somebody disables it. */
static void meddle(void *state, void *to, size_t n) {
    struct meddler *m = state;
    struct randomness r = randomness_system();
    r.fill(r.state, to, n);
    if (m->armed) {
        m->armed = false;
        struct account_edit edit = edit_of(m->o, 2);
        edit.disabled = true;
        must(m->o, try_change(m->o, &edit));
    }
}

static void test_disabled_while_signing_in(void **state) {
    (void)state;
    struct office o;
    struct meddler m = {&o, false};
    struct access_config config = {.cost = {1, 8192}, .randomness = {meddle, &m}};
    struct access_opened opened;
    office_init(&o);
    add_wang(&o);
    access_free(o.access);
    must(&o, access_new(&config, &o.access, fresh(&o)));
    m.armed = true;
    assert_int_equal(try_enter(&o, "wang", long_one, &opened), E_CONFLICT);
    assert_false(m.armed);
    assert_int_equal(count_rows(&o, "SELECT count(*) FROM access_session"), 0);
    office_fini(&o);
}

/* ---- a cost that was raised ---- */

static void test_rehash(void **state) {
    (void)state;
    struct office o;
    struct access_config dearer = {.cost = {2, 16384}};
    office_init(&o);
    add_wang(&o);
    int64_t version = account_of(&o, 2).version;
    access_free(o.access);
    must(&o, access_new(&dearer, &o.access, fresh(&o)));
    assert_int_equal(count_rows(&o, "SELECT count(*) FROM access_account WHERE id = 2"
                                    " AND password LIKE '%$m=8,t=1,%'"),
                     1);
    enter(&o, "wang", long_one);
    assert_int_equal(count_rows(&o, "SELECT count(*) FROM access_account WHERE id = 2"
                                    " AND password LIKE '%$m=16,t=2,%' AND must_change = 0"),
                     1);
    enter(&o, "wang", long_one);
    assert_int_equal(account_of(&o, 2).version, version);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_story),
        cmocka_unit_test(test_first_password_must_change),
        cmocka_unit_test(test_secret_is_always_new),
        cmocka_unit_test(test_csrf),
        cmocka_unit_test(test_idle_and_absolute),
        cmocka_unit_test(test_rows_stay_few),
        cmocka_unit_test(test_password_ends_the_others),
        cmocka_unit_test(test_role_and_disabling_end_all),
        cmocka_unit_test(test_disabled_by_hand),
        cmocka_unit_test(test_unknown_costs_the_same),
        cmocka_unit_test(test_refused_line_holds_no_password),
        cmocka_unit_test(test_limited_by_login),
        cmocka_unit_test(test_limited_by_address),
        cmocka_unit_test(test_old_password_is_limited),
        cmocka_unit_test(test_refusals_do_not_flood),
        cmocka_unit_test(test_disabled_while_signing_in),
        cmocka_unit_test(test_rehash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
