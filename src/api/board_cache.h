/* board_cache: the boards written last, so that fifty people who look at one plan cost one board.
 * A board is right as long as the journal is as long as it was; the next line makes another. Who
 * asks while one is being written waits for it rather than writing it too. Any thread. */
#ifndef TAIHU_API_BOARD_CACHE_H
#define TAIHU_API_BOARD_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "http/blob.h"

enum { BOARD_CACHE_MAX = 32 };

struct board_key {
    int64_t plan;
    int64_t line; /* the length of the journal, or the line as known at which it is asked for */
    int32_t day;
    int32_t today; /* what is overdue follows from it */
    bool then;
    bool whole; /* with what only officials may see */
};

struct board_cache;

struct board_cache *board_cache_new(void);
void board_cache_free(struct board_cache *cache); /* takes NULL */

/* The board, held for the caller. NULL: the caller is to write it and call board_cache_put(), in
 * any case and soon, as others wait. */
struct blob *board_cache_find(struct board_cache *cache, const struct board_key *key);

/* The board, held for the caller; NULL where it is not written, and then nobody waits for the
 * caller.
 */
struct blob *board_cache_peek(struct board_cache *cache, const struct board_key *key);

/* `blob` is held by the cache too from here on; NULL where it could not be written. */
void board_cache_put(struct board_cache *cache, const struct board_key *key, struct blob *blob);

#endif
