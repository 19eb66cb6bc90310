/* Many threads at once: signing in and out, being looked up, changed and disabled meanwhile. What
 * ThreadSanitizer is to see. */
#include "access/access.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/office.h"

enum { THREADS = 8, ROUNDS = 12 };

static const char password[] = "a longer password";

struct clerk {
    struct office *o;
    pthread_t thread;
    int number;
    int opened;
    int refused;
    int busy;
    int odd; /* what should not be */
};

static bool looks_right(struct clerk *c, const char *cookie, struct subject *out) {
    struct arena arena = ARENA_INIT;
    struct tx *tx = NULL;
    if (store_read(c->o->f.store, &tx, NULL) != OK) {
        return false;
    }
    enum code code = access_by_cookie(tx, cookie, &arena, out, NULL);
    store_read_end(tx);
    arena_fini(&arena);
    return code == OK && out->account == 1 && out->how == SUBJECT_SESSION;
}

static void come_and_go(struct clerk *c) {
    char address[32];
    struct access_opened opened;
    struct subject subject;
    snprintf(address, sizeof address, "192.0.2.%d", c->number);
    struct access_login in = {"admin", password, address};
    enum code code = access_sign_in(c->o->access, c->o->f.store, &in, &opened, NULL);
    c->busy += code == E_BUSY;
    c->opened += code == OK;
    c->odd += code != OK && code != E_BUSY;
    if (code == OK) {
        bool right = looks_right(c, opened.cookie, &subject);
        c->odd += !right;
        c->odd += right && access_touch(c->o->f.store, &subject, NULL) != OK;
        c->odd += right && access_sign_out(c->o->f.store, &subject, NULL) != OK;
        c->odd += looks_right(c, opened.cookie, &subject);
    }
}

static void guess(struct clerk *c) {
    struct access_opened opened;
    struct access_login in = {"nobody", "wrong", "198.51.100.1"};
    enum code code = access_sign_in(c->o->access, c->o->f.store, &in, &opened, NULL);
    c->refused += code == E_DENIED;
    c->odd += code != E_DENIED && code != E_BUSY;
}

static void *work(void *data) {
    struct clerk *c = data;
    for (int i = 0; i < ROUNDS; i++) {
        come_and_go(c);
        guess(c);
    }
    return NULL;
}

static void test_threads(void **state) {
    (void)state;
    struct office o;
    struct clerk clerk[THREADS] = {{0}};
    struct clerk sum = {0};
    struct access_stats stats;
    office_init(&o);
    must(&o, try_password(&o, enter(&o, "admin", o.admin).cookie, o.admin, password));
    for (int i = 0; i < THREADS; i++) {
        clerk[i].o = &o;
        clerk[i].number = i;
        assert_int_equal(pthread_create(&clerk[i].thread, NULL, work, &clerk[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(clerk[i].thread, NULL);
        sum.opened += clerk[i].opened;
        sum.refused += clerk[i].refused;
        sum.busy += clerk[i].busy;
        sum.odd += clerk[i].odd;
    }
    access_stats(o.access, &stats);
    assert_int_equal(sum.odd, 0);
    assert_int_equal(sum.opened + sum.busy, THREADS * ROUNDS);
    assert_int_equal(stats.opened, sum.opened + 1);
    assert_int_equal(stats.refused, sum.refused);
    assert_int_equal(sum.refused, 5); /* one login's burst, whoever took it; the clock stands */
    assert_true(sum.opened >= 5);     /* a burst of them is never held up */
    office_fini(&o);
}

/* Two administrators disable each other at once: one of them stays. */
struct duel {
    struct office *o;
    struct account_edit edit;
    enum code code;
};

static void *strike(void *data) {
    struct duel *d = data;
    d->code = store_write(d->o->f.store, STORE_CHANGE, job_change, &d->edit, NULL);
    return NULL;
}

static void test_one_administrator_stays(void **state) {
    (void)state;
    struct office o;
    char one_time[PASSWORD_ONE_TIME_MAX];
    office_init(&o);
    create(&o, "li", ROLE_ADMINISTRATOR, one_time);
    struct duel duel[2] = {{&o, edit_of(&o, 1), OK}, {&o, edit_of(&o, 2), OK}};
    pthread_t thread[2];
    for (int i = 0; i < 2; i++) {
        duel[i].edit.disabled = true;
        assert_int_equal(pthread_create(&thread[i], NULL, strike, &duel[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(thread[i], NULL);
    }
    assert_int_equal((duel[0].code == OK) + (duel[1].code == OK), 1);
    assert_int_equal((duel[0].code == E_DENIED) + (duel[1].code == E_DENIED), 1);
    assert_int_equal(account_of(&o, 1).disabled + account_of(&o, 2).disabled, 1);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_one_administrator_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
