/* API tokens: made, used, run out, revoked; and that no line of the journal ever held a secret. */
#include "access/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/office.h"

/* Account 1 has the password of its own choice. */
static const char admin_password[] = "a longer password";

static struct access_opened settle(struct office *o) {
    struct access_opened opened = enter(o, "admin", o->admin);
    must(o, try_password(o, opened.cookie, o->admin, admin_password));
    return opened;
}

static struct token_job make(struct office *o, int64_t days, char text[TOKEN_TEXT_MAX]) {
    struct token_job job = {.token = {.account = 1, .name = "夜间导入", .days = days}};
    must(o, try_token(o, &job, text));
    return job;
}

struct revoke {
    int64_t account;
    int64_t id;
};

static enum code job_revoke(struct tx *tx, void *data, struct err *err) {
    struct revoke *r = data;
    return token_revoke(tx, r->account, r->id, err);
}

static struct token *list(struct office *o, size_t *count) {
    struct token *all;
    struct tx *tx = fixture_read(&o->f);
    must(o, token_list(tx, 1, &o->arena, &all, count, fresh(o)));
    store_read_end(tx);
    return all;
}

static void test_life(void **state) {
    (void)state;
    struct office o;
    char text[TOKEN_TEXT_MAX];
    char subject[32];
    struct subject s;
    size_t count;
    office_init(&o);
    settle(&o);
    struct token_job job = make(&o, 30, text);
    assert_int_equal(strlen(text), 49);
    assert_memory_equal(text, "taihu_", 6);
    snprintf(subject, sizeof subject, "token/%lld", (long long)job.id);
    assert_int_equal(job.id, lines(&o));
    assert_line(&o, "token.created", subject, "u/1",
                "{\"account\":1,\"name\":\"夜间导入\",\"days\":30}");
    must(&o, try_bearer(&o, text, &s));
    assert_int_equal(s.how, SUBJECT_TOKEN);
    assert_int_equal(s.door, job.id);
    assert_int_equal(s.role, ROLE_ADMINISTRATOR);
    assert_string_equal(s.actor, "u/1");
    assert_string_equal(s.csrf, "");
    struct token *all = list(&o, &count);
    assert_int_equal(count, 1);
    assert_string_equal(all[0].name, "夜间导入");
    assert_int_equal(all[0].expires_ms, o.f.now + 30 * DAY);
    struct revoke revoke = {2, job.id}; /* somebody else's */
    assert_int_equal(fixture_write(&o.f, job_revoke, &revoke), E_ABSENT);
    must(&o, try_bearer(&o, text, &s));
    revoke.account = 1;
    must(&o, fixture_write(&o.f, job_revoke, &revoke));
    assert_line(&o, "token.revoked", subject, "u/1", "{\"account\":1,\"name\":\"夜间导入\"}");
    assert_int_equal(try_bearer(&o, text, &s), E_ABSENT);
    assert_int_equal(fixture_write(&o.f, job_revoke, &revoke), E_ABSENT);
    list(&o, &count);
    assert_int_equal(count, 0);
    office_fini(&o);
}

static void test_runs_out(void **state) {
    (void)state;
    struct office o;
    char text[TOKEN_TEXT_MAX];
    struct subject s;
    office_init(&o);
    settle(&o);
    make(&o, 1, text);
    o.f.now += DAY - 1;
    must(&o, try_bearer(&o, text, &s));
    o.f.now += 1;
    assert_int_equal(try_bearer(&o, text, &s), E_ABSENT);
    office_fini(&o);
}

static void test_used_day(void **state) {
    (void)state;
    struct office o;
    char text[TOKEN_TEXT_MAX];
    struct subject s;
    size_t count;
    office_init(&o);
    settle(&o);
    make(&o, 30, text);
    int64_t before = lines(&o);
    assert_int_equal(list(&o, &count)[0].used_day, TOKEN_UNUSED);
    must(&o, try_bearer(&o, text, &s));
    assert_true(s.stale);
    must(&o, access_touch(o.f.store, &s, fresh(&o)));
    assert_int_equal(list(&o, &count)[0].used_day, o.f.now / DAY);
    must(&o, try_bearer(&o, text, &s));
    assert_false(s.stale);
    o.f.now += DAY;
    must(&o, try_bearer(&o, text, &s));
    assert_true(s.stale);
    assert_int_equal(lines(&o), before);
    office_fini(&o);
}

static void test_refused(void **state) {
    static const struct {
        const char *name;
        int64_t days;
        const char *says;
    } cases[] = {
        {"", 30, "the token's name"}, {"a\tb", 30, "control character"},
        {"a", 0, "not 1 to 365"},     {"a", -1, "not 1 to 365"},
        {"a", 366, "not 1 to 365"},   {"a", INT64_MAX, "not 1 to 365"},
    };
    static const char *const texts[] = {
        "",
        "taihu_",
        "taihu_AAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "taihu_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "taihu-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    };
    (void)state;
    struct office o;
    char text[TOKEN_TEXT_MAX];
    struct subject s;
    office_init(&o);
    settle(&o);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct token_job job = {
            .token = {.account = 1, .name = cases[i].name, .days = cases[i].days}};
        assert_int_equal(try_token(&o, &job, text), E_INPUT);
        assert_says(&o.f, cases[i].says);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(try_bearer(&o, texts[i], &s), E_ABSENT);
    }
    office_fini(&o);
}

static void test_not_too_many(void **state) {
    (void)state;
    struct office o;
    char text[TOKEN_TEXT_MAX];
    struct token_job job = {.token = {.account = 1, .name = "a", .days = 1}};
    office_init(&o);
    settle(&o);
    for (int i = 0; i < TOKEN_MAX; i++) {
        make(&o, 1, text);
    }
    assert_int_equal(try_token(&o, &job, text), E_LIMIT);
    o.f.now += DAY; /* those that ran out make room */
    must(&o, try_token(&o, &job, text));
    office_fini(&o);
}

static void test_account_rules_over_it(void **state) {
    (void)state;
    struct office o;
    char text[TOKEN_TEXT_MAX];
    char password[PASSWORD_ONE_TIME_MAX];
    struct subject s;
    office_init(&o);
    create(&o, "wang", ROLE_PLANNER, password);
    struct token_job job = {.token = {.account = 2, .name = "a", .days = 9}};
    must(&o, try_token(&o, &job, text));
    must(&o, try_bearer(&o, text, &s));
    assert_int_equal(access_may(&s, ACTION_PLAN_READ), GRANT_NONE); /* the password is one-time */
    must(&o, try_password(&o, enter(&o, "wang", password).cookie, password, admin_password));
    must(&o, try_bearer(&o, text, &s));
    assert_int_equal(access_may(&s, ACTION_PLAN_LOAD), GRANT_ALL);
    struct account_edit edit = edit_of(&o, 2);
    edit.role = ROLE_PUBLIC;
    must(&o, try_change(&o, &edit));
    must(&o, try_bearer(&o, text, &s));
    assert_int_equal(access_may(&s, ACTION_PLAN_LOAD), GRANT_NONE);
    edit = edit_of(&o, 2);
    edit.disabled = true;
    must(&o, try_change(&o, &edit));
    assert_line(&o, "account.disabled", "account/2", "u/1", "\"tokens_ended\":1");
    edit = edit_of(&o, 2);
    edit.disabled = false;
    must(&o, try_change(&o, &edit));
    assert_int_equal(try_bearer(&o, text, &s), E_ABSENT); /* it does not come back */
    office_fini(&o);
}

/* ---- no secret anywhere in the journal ---- */

enum { SECRETS = 16 };

struct secrets {
    const char *text[SECRETS];
    size_t count;
};

static void keep(struct office *o, struct secrets *all, const char *text) {
    assert_in_range(all->count, 0, SECRETS - 1);
    all->text[all->count++] = arena_dup(&o->arena, text, strlen(text));
}

/* Everything that can happen with a secret in it; what was secret goes to *all. */
static void tell_story(struct office *o, struct secrets *all) {
    char password[PASSWORD_ONE_TIME_MAX];
    char text[TOKEN_TEXT_MAX];
    struct access_one_time one;
    struct access_opened opened = settle(o);
    struct subject s = subject_of(o, opened.cookie);
    keep(o, all, o->admin);
    keep(o, all, admin_password);
    keep(o, all, opened.cookie);
    keep(o, all, s.csrf);
    create(o, "wang", ROLE_PLANNER, password);
    keep(o, all, password);
    try_enter(o, "wang", "a guess at a password", &opened);
    keep(o, all, "a guess at a password");
    try_enter(o, password, "wang", &opened);
    opened = enter(o, "wang", password);
    keep(o, all, opened.cookie);
    try_password(o, opened.cookie, "a guess at a password", "some new password");
    must(o, try_password(o, opened.cookie, password, "some new password"));
    keep(o, all, "some new password");
    struct token_job job = make(o, 30, text);
    keep(o, all, text + 6);
    struct revoke revoke = {1, job.id};
    must(o, fixture_write(&o->f, job_revoke, &revoke));
    must(o, access_one_time(o->access, &one, fresh(o)));
    struct account_reset reset = {"u/1", 2, account_of(o, 2).version, one.hash};
    must(o, fixture_write(&o->f, job_reset, &reset));
    keep(o, all, one.password);
    keep(o, all, one.hash);
    must(o, access_sign_out(o->f.store, &s, fresh(o)));
}

static void assert_clean(const struct journal_line *line, const struct secrets *all) {
    const char *const parts[] = {line->actor, line->subject, line->kind, line->payload};
    for (size_t p = 0; p < 4; p++) {
        assert_null(strstr(parts[p], "argon2"));
        for (size_t i = 0; i < all->count; i++) {
            if (strstr(parts[p], all->text[i]) != NULL) {
                fail_msg("line %s holds \"%s\"", line->kind, all->text[i]);
            }
        }
    }
}

/* The digests that the store knows sessions and tokens by, as a line would show them. */
static void keep_digests(struct office *o, struct secrets *all) {
    static const char sql[] = "SELECT lower(hex(key)) FROM access_session UNION ALL"
                              " SELECT lower(hex(key)) FROM access_token";
    sqlite3 *db = raw_open(o->f.path);
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        keep(o, all, (const char *)sqlite3_column_text(stmt, 0));
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static void test_no_secret_in_the_journal(void **state) {
    static const char *const kinds[] = {
        "account.created", "account.password", "account.reset", "session.opened",
        "session.refused", "session.closed",   "token.created", "token.revoked",
    };
    (void)state;
    struct office o;
    struct secrets all = {{NULL}, 0};
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    unsigned seen = 0;
    char text[TOKEN_TEXT_MAX];
    office_init(&o);
    tell_story(&o, &all);
    make(&o, 30, text);
    enter(&o, "admin", admin_password);
    keep_digests(&o, &all);
    assert_true(all.count >= 13);
    struct tx *tx = fixture_read(&o.f);
    must(&o, journal_list(tx, 0, 1000, &batch, fresh(&o)));
    store_read_end(tx);
    for (size_t i = 0; i < batch.count; i++) {
        assert_clean(&batch.line[i], &all);
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            seen |= strcmp(batch.line[i].kind, kinds[k]) == 0 ? 1u << k : 0;
        }
    }
    assert_int_equal(seen, 0xff); /* the story was told in full */
    journal_batch_fini(&batch);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_life),
        cmocka_unit_test(test_runs_out),
        cmocka_unit_test(test_used_day),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_not_too_many),
        cmocka_unit_test(test_account_rules_over_it),
        cmocka_unit_test(test_no_secret_in_the_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
