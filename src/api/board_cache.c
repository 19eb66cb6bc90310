/* board_cache: see board_cache.h. A few places, searched one by one; the one used longest ago goes
 * first. */
#include "api/board_cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "api/board_int.h"
#include "base/mem.h"

struct place {
    struct board_key key;
    struct board_shared *board; /* NULL while it is being loaded */
    uint64_t used;              /* 0: the place is free */
};

struct board_cache {
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t loaded;
    struct place places[BOARD_CACHE_MAX];
    uint64_t uses;
};

struct board_cache *board_cache_new(void) {
    struct board_cache *cache = mem_alloc(sizeof *cache);
    *cache = (struct board_cache){.uses = 0};
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->loaded, NULL);
    return cache;
}

void board_cache_free(struct board_cache *cache) {
    if (cache == NULL) {
        return;
    }
    for (size_t i = 0; i < BOARD_CACHE_MAX; i++) {
        board_drop(cache->places[i].board);
    }
    pthread_cond_destroy(&cache->loaded);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static bool is_same(const struct board_key *a, const struct board_key *b) {
    return a->plan == b->plan && a->line == b->line && a->day == b->day && a->today == b->today &&
           a->then == b->then && a->whole == b->whole;
}

static struct place *find(struct board_cache *cache, const struct board_key *key) {
    for (size_t i = 0; i < BOARD_CACHE_MAX; i++) {
        struct place *p = &cache->places[i];
        if (p->used > 0 && is_same(&p->key, key)) {
            return p;
        }
    }
    return NULL;
}

/* The place used longest ago that nothing is being loaded for; NULL when all have. */
static struct place *oldest(struct board_cache *cache) {
    struct place *best = NULL;
    for (size_t i = 0; i < BOARD_CACHE_MAX; i++) {
        struct place *p = &cache->places[i];
        bool is_free = p->used == 0 || p->board != NULL;
        if (is_free && (best == NULL || p->used < best->used)) {
            best = p;
        }
    }
    return best;
}

/* Held for the caller. */
static struct board_shared *take(struct board_cache *cache, struct place *p) {
    p->used = ++cache->uses;
    return board_hold(p->board);
}

static void take_place(struct board_cache *cache, const struct board_key *key) {
    struct place *p = oldest(cache);
    if (p != NULL) {
        board_drop(p->board);
        *p = (struct place){.key = *key, .used = ++cache->uses};
    }
}

struct board_shared *board_cache_find(struct board_cache *cache, const struct board_key *key) {
    struct board_shared *board = NULL;
    pthread_mutex_lock(&cache->lock);
    struct place *p;
    while ((p = find(cache, key)) != NULL && p->board == NULL) {
        pthread_cond_wait(&cache->loaded, &cache->lock);
    }
    if (p != NULL) {
        board = take(cache, p);
    } else {
        take_place(cache, key);
    }
    pthread_mutex_unlock(&cache->lock);
    return board;
}

struct board_shared *board_cache_peek(struct board_cache *cache, const struct board_key *key) {
    pthread_mutex_lock(&cache->lock);
    struct place *p = find(cache, key);
    struct board_shared *board = p != NULL && p->board != NULL ? take(cache, p) : NULL;
    pthread_mutex_unlock(&cache->lock);
    return board;
}

void board_cache_put(struct board_cache *cache, const struct board_key *key,
                     struct board_shared *board) {
    pthread_mutex_lock(&cache->lock);
    struct place *p = find(cache, key);
    if (p != NULL) {
        assert(p->board == NULL); /* only who was told to load it does */
        if (board == NULL) {
            p->used = 0; /* whoever waits tries it themselves */
        } else {
            p->board = board_hold(board);
        }
    }
    pthread_cond_broadcast(&cache->loaded);
    pthread_mutex_unlock(&cache->lock);
}
