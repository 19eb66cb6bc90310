/* token_cache: whose the tokens are that were sent last. A device sends one with each value, and
 * who it is changes rarely: what was found holds as long as the journal has no line more, as no
 * account or token changes without one, and until the token runs out. Any thread. */
#ifndef TAIHU_API_TOKEN_CACHE_H
#define TAIHU_API_TOKEN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "access/access.h"
#include "base/arena.h"

struct token_cache;

struct token_cache *token_cache_new(void);
void token_cache_free(struct token_cache *cache); /* takes NULL */

/* As of when it is asked: the length of the journal, and the clock. */
struct token_moment {
    int64_t line;
    int64_t now_ms;
};

/* Writes the subject, its texts in `a`, where it is known. */
bool token_cache_find(struct token_cache *cache, const char *token, struct token_moment at,
                      struct arena *a, struct subject *out);

/* What access_by_token() said in a snapshot of that length. A subject that is stale is not kept. */
void token_cache_put(struct token_cache *cache, const char *token, int64_t line,
                     const struct subject *subject);

#endif
