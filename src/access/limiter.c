/* limiter: see limiter.h. */
#include "access/limiter.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    SETS = 2048, /* 2,048 * 8 buckets of 16 bytes: 256 KB */
    WAYS = 8,    /* the places of a set: one hash may lie in any of them */
};

/* A person mistypes a few times; who guesses gets 2,880 tries a day for a login, 17,280 from an
 * address, behind which a whole office may sit. Of lines, 8,640 a day is what a journal bears. */
static const struct rate {
    int64_t burst;
    int64_t every_ms; /* one more */
} rates[LIMITER_KINDS] = {
    [LIMITER_LOGIN] = {5, 30000},
    [LIMITER_ADDRESS] = {20, 5000},
    [LIMITER_LINE] = {100, 10000},
};

struct bucket {
    uint64_t hash; /* of kind and key: 64 bits under a secret key, so taken for the key itself */
    int64_t full_ms;
};

struct limiter {
    unsigned char key[LIMITER_KINDS][crypto_shorthash_KEYBYTES];
    pthread_mutex_t lock; /* guards all below */
    struct bucket set[SETS][WAYS];
};

struct limiter *limiter_new(const struct randomness *r) {
    struct limiter *l = mem_alloc(sizeof *l);
    memset(l, 0, sizeof *l);
    r->fill(r->state, l->key, sizeof l->key);
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void limiter_free(struct limiter *l) {
    if (l != NULL) {
        pthread_mutex_destroy(&l->lock);
        free(l);
    }
}

/* SipHash-2-4 of the key; of an IPv6 address only of its first 64 bits. */
static uint64_t hash_of(const struct limiter *l, enum limiter_kind kind, const char *key) {
    struct in6_addr v6;
    const void *bytes = key;
    size_t n = strlen(key);
    uint64_t hash;
    if (kind == LIMITER_ADDRESS && inet_pton(AF_INET6, key, &v6) == 1) {
        bytes = &v6;
        n = IN6_IS_ADDR_V4MAPPED(&v6) ? sizeof v6 : 8;
    }
    crypto_shorthash((unsigned char *)&hash, bytes, n, l->key[kind]);
    return hash;
}

/* The bucket of that hash; a full one where there was none. */
static struct bucket *find(struct limiter *l, uint64_t hash) {
    struct bucket *set = l->set[hash % SETS];
    struct bucket *soonest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].hash == hash) {
            return &set[i];
        }
        if (set[i].full_ms < soonest->full_ms) {
            soonest = &set[i];
        }
    }
    *soonest = (struct bucket){hash, 0};
    return soonest;
}

/* When the bucket is full again, as of now: not before now, not later than an empty one. */
static int64_t full_at(const struct bucket *b, struct rate rate, int64_t now_ms) {
    int64_t latest = now_ms + rate.burst * rate.every_ms;
    return b->full_ms < now_ms ? now_ms : b->full_ms > latest ? latest : b->full_ms;
}

int64_t limiter_take(struct limiter *l, enum limiter_kind kind, const char *key, int64_t now_ms) {
    struct rate rate = rates[kind];
    uint64_t hash = hash_of(l, kind, key);
    pthread_mutex_lock(&l->lock);
    struct bucket *b = find(l, hash);
    int64_t full_ms = full_at(b, rate, now_ms);
    int64_t wait_ms = full_ms - now_ms - (rate.burst - 1) * rate.every_ms;
    b->full_ms = wait_ms > 0 ? full_ms : full_ms + rate.every_ms;
    pthread_mutex_unlock(&l->lock);
    return wait_ms > 0 ? wait_ms : 0;
}

void limiter_give(struct limiter *l, enum limiter_kind kind, const char *key, int64_t now_ms) {
    struct rate rate = rates[kind];
    uint64_t hash = hash_of(l, kind, key);
    pthread_mutex_lock(&l->lock);
    struct bucket *b = find(l, hash);
    b->full_ms = full_at(b, rate, now_ms) - rate.every_ms;
    pthread_mutex_unlock(&l->lock);
}
