/* Hashing and its pool, the rules for new passwords, one-time ones. */
#include "access/password.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>

static _Thread_local char held_against[PASSWORD_HASH_MAX]; /* by the last verification */

/* Stands before libsodium's own, which does the same but for the note. */
int crypto_pwhash_str_verify(const char hash[crypto_pwhash_STRBYTES], const char *password,
                             unsigned long long n) {
    strncpy(held_against, hash, sizeof held_against - 1);
    return crypto_pwhash_argon2id_str_verify(hash, password, n);
}

static const struct password_cost cheap = {1, 8192};

static struct password_pool *new_pool(struct password_cost cost) {
    struct password_pool *p = NULL;
    struct err err = ERR_INIT;
    struct randomness r = randomness_system();
    assert_int_equal(password_pool_new(cost, &r, &p, &err), OK);
    return p;
}

static bool verify(struct password_pool *p, const char *hash, const char *password) {
    bool right = true;
    struct err err = ERR_INIT;
    assert_int_equal(password_verify(p, hash, password, &right, &err), OK);
    return right;
}

static void test_hash(void **state) {
    (void)state;
    char one[PASSWORD_HASH_MAX];
    char two[PASSWORD_HASH_MAX];
    struct err err = ERR_INIT;
    struct password_pool *p = new_pool(cheap);
    assert_int_equal(password_hash(p, "correct horse", one, &err), OK);
    assert_int_equal(password_hash(p, "correct horse", two, &err), OK);
    assert_string_not_equal(one, two); /* salted */
    assert_memory_equal(one, "$argon2id$v=19$m=8,t=1,p=1$", 27);
    assert_null(strstr(one, "horse"));
    assert_true(verify(p, one, "correct horse"));
    assert_true(verify(p, two, "correct horse"));
    assert_false(verify(p, one, "correct horsE"));
    assert_false(verify(p, one, ""));
    password_pool_free(p);
}

/* The cost that the program runs with, once. */
static void test_usual_cost(void **state) {
    (void)state;
    char hash[PASSWORD_HASH_MAX];
    struct err err = ERR_INIT;
    struct password_pool *p = new_pool((struct password_cost){0, 0});
    assert_int_equal(password_hash(p, "correct horse", hash, &err), OK);
    assert_memory_equal(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    password_pool_free(p);
}

static void test_unknown_is_held_against_a_hash(void **state) {
    (void)state;
    struct password_stats stats;
    struct password_pool *p = new_pool(cheap);
    assert_false(verify(p, NULL, "anything at all"));
    assert_memory_equal(held_against, "$argon2id$v=19$m=8,t=1,p=1$", 27);
    assert_false(password_is_outdated(p, held_against)); /* whole, and of the pool's cost */
    password_pool_stats(p, &stats);
    assert_int_equal(stats.verified, 1);
    password_pool_free(p);
}

static void test_outdated(void **state) {
    (void)state;
    char hash[PASSWORD_HASH_MAX];
    struct err err = ERR_INIT;
    struct password_pool *old = new_pool(cheap);
    struct password_pool *now = new_pool((struct password_cost){2, 16384});
    assert_int_equal(password_hash(old, "correct horse", hash, &err), OK);
    assert_false(password_is_outdated(old, hash));
    assert_true(password_is_outdated(now, hash));
    assert_true(verify(now, hash, "correct horse"));
    password_pool_free(old);
    password_pool_free(now);
}

/* ---- the pool ---- */

enum { CROWD = 64 };

struct crowd {
    struct password_pool *pool;
    const char *hash;
    pthread_barrier_t start;
};

static void *join_crowd(void *data) {
    struct crowd *c = data;
    bool right = false;
    pthread_barrier_wait(&c->start);
    enum code code = password_verify(c->pool, c->hash, "correct horse", &right, NULL);
    return code == OK && right ? NULL : code == E_BUSY ? (void *)c : (void *)c->pool;
}

/* Two run and 32 wait: of 64 at once, 30 are sent away, less what is done by then. */
static void test_crowd(void **state) {
    (void)state;
    char hash[PASSWORD_HASH_MAX];
    struct err err = ERR_INIT;
    struct password_stats stats;
    struct crowd c = {.pool = new_pool((struct password_cost){2, 16 << 20}), .hash = hash};
    pthread_t thread[CROWD];
    uint64_t busy = 0;
    assert_int_equal(password_hash(c.pool, "correct horse", hash, &err), OK);
    pthread_barrier_init(&c.start, NULL, CROWD);
    for (int i = 0; i < CROWD; i++) {
        assert_int_equal(pthread_create(&thread[i], NULL, join_crowd, &c), 0);
    }
    for (int i = 0; i < CROWD; i++) {
        void *result;
        pthread_join(thread[i], &result);
        assert_ptr_not_equal(result, c.pool); /* wrong, or another failure */
        busy += result == &c;
    }
    password_pool_stats(c.pool, &stats);
    assert_int_equal(stats.busy, busy);
    assert_int_equal(stats.verified + stats.busy, CROWD);
    assert_in_range(busy, 1, CROWD - PASSWORD_RUNNING_MAX - PASSWORD_WAITING_MAX);
    pthread_barrier_destroy(&c.start);
    password_pool_free(c.pool);
}

/* ---- rules ---- */

static void test_rules(void **state) {
#define TEN "一二三四五六七八九十"
    static const struct {
        const char *password;
        const char *says; /* NULL: taken */
    } cases[] = {
        {"short-eleven", NULL},
        {"eleven-long", "it has 11 characters, not 12 to 128"},
        {"", "it has 0 characters"},
        {TEN "甲乙", NULL}, /* twelve characters in 36 bytes */
        {TEN "甲", "it has 11 characters"},
        {TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "12345678", NULL},
        {TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "123456789", "it has 129 characters"},
        {"wang.xiaoming", "it is the login"},
        {"Wang.XiaoMing", "it is the login"},
        {"the old password", "it is the old one"},
        {"The old password", NULL},
        {"Password1234", "many people have it"},
        {"1qaz2wsx3edc", "many people have it"},
        {"1qaz2wsx3edcx", NULL},
    };
    (void)state;
    struct password_context context = {"wang.xiaoming", "the old password"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = ERR_INIT;
        enum code code = password_check(cases[i].password, &context, &err);
        if (cases[i].says == NULL) {
            assert_int_equal(code, OK);
            continue;
        }
        assert_int_equal(code, E_INPUT);
        assert_non_null(strstr(err.msg, cases[i].says));
        assert_true(cases[i].password[0] == '\0' || strstr(err.msg, cases[i].password) == NULL);
    }
}

/* ---- one-time ---- */

static void fill_up(void *state, void *to, size_t n) {
    unsigned char *next = state;
    for (size_t i = 0; i < n; i++) {
        ((unsigned char *)to)[i] = (*next)++;
    }
}

static void test_one_time(void **state) {
    (void)state;
    unsigned char next = 0;
    char text[PASSWORD_ONE_TIME_MAX];
    struct randomness r = {fill_up, &next};
    password_one_time(&r, text);
    assert_string_equal(text, "23456-89ABC-EFGHJ-LMNPQ");
    r = randomness_system();
    char other[PASSWORD_ONE_TIME_MAX];
    password_one_time(&r, text);
    password_one_time(&r, other);
    assert_string_not_equal(text, other);
    assert_int_equal(strspn(text, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ-"), PASSWORD_ONE_TIME_MAX - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_usual_cost),
        cmocka_unit_test(test_unknown_is_held_against_a_hash),
        cmocka_unit_test(test_outdated),
        cmocka_unit_test(test_crowd),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_one_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
