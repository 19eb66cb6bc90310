/* password: hashing by Argon2id (RFC 9106), and what a new password must be.
 *
 * A hash takes tens of ms and 19 MB on purpose, so a pool bounds how many run: two at once, 32 may
 * wait, who comes then is told E_BUSY. Never called within a write job, which all others wait for.
 *
 * Passwords are UTF-8, checked where they came in; no message ever quotes one. */
#ifndef TAIHU_ACCESS_PASSWORD_H
#define TAIHU_ACCESS_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access/secret.h"
#include "base/err.h"

enum {
    /* OWASP, Password Storage Cheat Sheet, Argon2id: at least 19 MiB, t = 2, p = 1 (libsodium's p
     * is 1 always). */
    PASSWORD_OPS = 2,
    PASSWORD_MEMORY = 19 << 20,
    PASSWORD_RUNNING_MAX = 2, /* the cores of a small machine: 38 MB */
    PASSWORD_WAITING_MAX = 32,
    PASSWORD_HASH_MAX = 128, /* crypto_pwhash_STRBYTES */
    /* NIST SP 800-63B-4 3.1.1.2 wants 15 of a password that stands alone, 8 with a second factor,
     * and at least 64 allowed; 12 is between, with the list of common ones and the limiter. */
    PASSWORD_CHARACTERS_MIN = 12,
    PASSWORD_CHARACTERS_MAX = 128,
    PASSWORD_ONE_TIME_MAX = 23 + 1, /* four groups of five, three hyphens */
};

/* Of one hash. */
struct password_cost {
    unsigned long long ops; /* passes over the memory, at least 1 */
    size_t memory;          /* bytes, at least 8192 */
};

struct password_pool;

/* A cost of zeros means the constants above. E_IO: no memory for a hash. */
enum code password_pool_new(struct password_cost cost, const struct randomness *r,
                            struct password_pool **out, struct err *err);
void password_pool_free(struct password_pool *p); /* nobody is waiting; takes NULL */

/* The text to store: algorithm, cost, salt and hash. E_BUSY: too many wait; E_IO: no memory. The
 * salt is libsodium's own choice. */
enum code password_hash(struct password_pool *p, const char *password, char hash[PASSWORD_HASH_MAX],
                        struct err *err);

/* Whether it is the password of that hash. `hash` NULL stands for an account that is not there:
 * takes as long as a wrong password, *right is false. */
enum code password_verify(struct password_pool *p, const char *hash, const char *password,
                          bool *right, struct err *err);

/* The hash was made at another cost than the pool's. */
bool password_is_outdated(const struct password_pool *p, const char *hash);

struct password_stats {
    uint64_t hashed;   /* hashes made */
    uint64_t verified; /* passwords held against a hash, the stand-in among them */
    uint64_t busy;     /* refused because too many waited */
};

void password_pool_stats(struct password_pool *p, struct password_stats *out);

/* What the new one must differ from. */
struct password_context {
    const char *login;
    const char *old; /* in the clear, as just verified */
};

/* E_INPUT: too short, too long, the login, the old one, or one of the most common. */
enum code password_check(const char *password, const struct password_context *context,
                         struct err *err);

/* One that a person types once: "7KQ2M-...", 100 random bits in letters and digits that are not
 * taken for one another. It is in upper case, so it is never the text of a login. */
void password_one_time(const struct randomness *r, char to[PASSWORD_ONE_TIME_MAX]);

#endif
