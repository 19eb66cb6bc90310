/* token_cache: see token_cache.h. One place for each of some digests of tokens: two that want the
 * same one take turns. The tokens themselves are not kept. */
#include "api/token_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/sha256.h"

enum { PLACES = 256 }; /* devices mostly come through a few gateways */

struct place {
    unsigned char digest[SHA256_BYTES];
    int64_t line;
    struct subject subject;
    struct arena arena; /* of its texts */
    bool used;
};

struct token_cache {
    pthread_mutex_t lock; /* guards all below */
    struct place place[PLACES];
};

struct token_cache *token_cache_new(void) {
    struct token_cache *cache = mem_alloc(sizeof *cache);
    memset(cache, 0, sizeof *cache);
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void token_cache_free(struct token_cache *cache) {
    if (cache == NULL) {
        return;
    }
    for (size_t i = 0; i < PLACES; i++) {
        arena_fini(&cache->place[i].arena);
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static const char *copy(struct arena *a, const char *s) {
    return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

static struct subject copy_subject(struct arena *a, const struct subject *s) {
    struct subject to = *s;
    to.login = copy(a, s->login);
    to.name = copy(a, s->name);
    to.organisation = copy(a, s->organisation);
    return to;
}

bool token_cache_find(struct token_cache *cache, const char *token, struct token_moment at,
                      struct arena *a, struct subject *out) {
    unsigned char digest[SHA256_BYTES];
    sha256_of(token, strlen(token), digest);
    pthread_mutex_lock(&cache->lock);
    const struct place *p = &cache->place[digest[0]];
    bool found = p->used && p->line == at.line && at.now_ms < p->subject.until_ms &&
                 memcmp(p->digest, digest, sizeof digest) == 0;
    if (found) {
        *out = copy_subject(a, &p->subject);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

void token_cache_put(struct token_cache *cache, const char *token, int64_t line,
                     const struct subject *subject) {
    unsigned char digest[SHA256_BYTES];
    if (subject->stale) {
        return;
    }
    sha256_of(token, strlen(token), digest);
    pthread_mutex_lock(&cache->lock);
    struct place *p = &cache->place[digest[0]];
    memcpy(p->digest, digest, sizeof digest);
    arena_reset(&p->arena);
    p->subject = copy_subject(&p->arena, subject);
    p->line = line;
    p->used = true;
    pthread_mutex_unlock(&cache->lock);
}
