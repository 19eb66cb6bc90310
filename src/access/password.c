/* password: see password.h. The lock guards the counters; hashing runs without it. */
#include "access/password.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

_Static_assert(PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "a hash of libsodium fits");

struct password_pool {
    struct password_cost cost;
    char stand_in[PASSWORD_HASH_MAX]; /* of random bytes: what unknown logins are held against */
    pthread_mutex_t lock;             /* guards all below */
    pthread_cond_t left;
    int running;
    int waiting;
    struct password_stats stats;
};

/* ---- the pool ---- */

/* Waits for its turn. */
static enum code enter(struct password_pool *p, struct err *err) {
    enum code code = OK;
    pthread_mutex_lock(&p->lock);
    if (p->running >= PASSWORD_RUNNING_MAX && p->waiting >= PASSWORD_WAITING_MAX) {
        p->stats.busy++;
        code = err_set(err, E_BUSY, "cannot check a password: %d others wait for it",
                       PASSWORD_WAITING_MAX);
    } else {
        p->waiting++;
        while (p->running >= PASSWORD_RUNNING_MAX) {
            pthread_cond_wait(&p->left, &p->lock);
        }
        p->waiting--;
        p->running++;
    }
    pthread_mutex_unlock(&p->lock);
    return code;
}

/* Counts what it did in *done, one of p->stats. */
static void leave(struct password_pool *p, uint64_t *done) {
    pthread_mutex_lock(&p->lock);
    p->running--;
    ++*done;
    pthread_cond_signal(&p->left);
    pthread_mutex_unlock(&p->lock);
}

static enum code make_hash(struct password_cost cost, const char *password,
                           char hash[PASSWORD_HASH_MAX], struct err *err) {
    int rc = crypto_pwhash_str_alg(hash, password, strlen(password), cost.ops, cost.memory,
                                   crypto_pwhash_ALG_ARGON2ID13);
    return rc == 0
               ? OK
               : err_set(err, E_IO, "cannot hash a password: no memory for %zu bytes", cost.memory);
}

enum code password_pool_new(struct password_cost cost, const struct randomness *r,
                            struct password_pool **out, struct err *err) {
    char random[SECRET_TEXT_MAX];
    struct password_pool *p = mem_alloc(sizeof *p);
    memset(p, 0, sizeof *p);
    p->cost = cost.ops != 0 ? cost : (struct password_cost){PASSWORD_OPS, PASSWORD_MEMORY};
    secret_make(r, random);
    enum code code = make_hash(p->cost, random, p->stand_in, err);
    if (code != OK) {
        free(p);
        return code;
    }
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->left, NULL);
    *out = p;
    return OK;
}

void password_pool_free(struct password_pool *p) {
    if (p != NULL) {
        pthread_cond_destroy(&p->left);
        pthread_mutex_destroy(&p->lock);
        free(p);
    }
}

enum code password_hash(struct password_pool *p, const char *password, char hash[PASSWORD_HASH_MAX],
                        struct err *err) {
    enum code code = enter(p, err);
    if (code == OK) {
        code = make_hash(p->cost, password, hash, err);
        leave(p, &p->stats.hashed);
    }
    return code;
}

enum code password_verify(struct password_pool *p, const char *hash, const char *password,
                          bool *right, struct err *err) {
    const char *against = hash != NULL ? hash : p->stand_in;
    enum code code = enter(p, err);
    if (code == OK) {
        int rc = crypto_pwhash_str_verify(against, password, strlen(password));
        *right = rc == 0 && hash != NULL;
        leave(p, &p->stats.verified);
    }
    return code;
}

bool password_is_outdated(const struct password_pool *p, const char *hash) {
    return crypto_pwhash_str_needs_rehash(hash, p->cost.ops, p->cost.memory) != 0;
}

void password_pool_stats(struct password_pool *p, struct password_stats *out) {
    pthread_mutex_lock(&p->lock);
    *out = p->stats;
    pthread_mutex_unlock(&p->lock);
}

/* ---- rules ---- */

/* Those of at least 12 characters that people take first: rows of keys, runs of digits, the words
 * of older rules with what they asked for at the end. Picked by hand; compared without case. */
static const char *const common[] = {
    "123456789012",  "1234567890123",  "12345678901234",   "123456789123",     "123456123456",
    "123123123123",  "112233445566",   "121212121212",     "987654321012",     "012345678910",
    "000000000000",  "111111111111",   "222222222222",     "666666666666",     "888888888888",
    "999999999999",  "aaaaaaaaaaaa",   "password1234",     "password12345",    "password123456",
    "password2020",  "password2021",   "password2022",     "password2023",     "password2024",
    "password2025",  "password2026",   "passwordpassword", "p@ssw0rd1234",     "p@ssword1234",
    "passw0rd1234",  "qwertyuiop12",   "qwertyuiop123",    "qwertyuiop1234",   "qwertyuiop[]",
    "qwerty123456",  "qwertyqwerty",   "1qaz2wsx3edc",     "1qaz2wsx3edc4rfv", "1qazxsw23edc",
    "qazwsxedcrfv",  "zaq12wsxcde3",   "1q2w3e4r5t6y",     "q1w2e3r4t5y6",     "asdfghjkl123",
    "asdfghjkl;'",   "abcdefghijkl",   "abcdefg123456",    "abcd12345678",     "abc123456789",
    "a12345678901",  "aa1234567890",   "administrator",    "administrator1",   "admin1234567",
    "admin12345678", "admin123456789", "adminadminadmin",  "administrator123", "root12345678",
    "changeme1234",  "welcome12345",   "letmein12345",     "iloveyou1234",     "woaini1314520",
    "woaini5201314", "5201314520131",  "52013145201314",   "woaiwojia1314",    "zhongguo1234",
};

static bool is_common(const char *password) {
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (strcasecmp(password, common[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* UTF-8: all bytes but those that continue a character. */
static size_t count_characters(const char *s) {
    size_t n = 0;
    for (; *s != '\0'; s++) {
        n += ((unsigned char)*s & 0xc0) != 0x80;
    }
    return n;
}

enum code password_check(const char *password, const struct password_context *context,
                         struct err *err) {
    size_t n = count_characters(password);
    if (n < PASSWORD_CHARACTERS_MIN || n > PASSWORD_CHARACTERS_MAX) {
        return err_set(err, E_INPUT,
                       "cannot take the new password: it has %zu characters, not %d to %d", n,
                       PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX);
    }
    if (strcasecmp(password, context->login) == 0) {
        return err_set(err, E_INPUT, "cannot take the new password: it is the login");
    }
    if (strcmp(password, context->old) == 0) {
        return err_set(err, E_INPUT, "cannot take the new password: it is the old one");
    }
    if (is_common(password)) {
        return err_set(err, E_INPUT, "cannot take the new password: many people have it");
    }
    return OK;
}

/* ---- one-time ---- */

void password_one_time(const struct randomness *r, char to[PASSWORD_ONE_TIME_MAX]) {
    /* 32 signs, five bits each: without I and O, which are taken for 1 and 0, and without those */
    static const char signs[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    _Static_assert(sizeof signs == 32 + 1, "each five bits have a sign");
    unsigned char random[PASSWORD_ONE_TIME_MAX];
    r->fill(r->state, random, sizeof random);
    for (size_t i = 0; i < PASSWORD_ONE_TIME_MAX - 1; i++) {
        to[i] = i % 6 == 5 ? '-' : signs[random[i] & 31];
    }
    to[PASSWORD_ONE_TIME_MAX - 1] = '\0';
    sodium_memzero(random, sizeof random);
}
