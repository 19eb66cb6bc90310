/* board_cache: the boards loaded last, so that fifty people who look at one plan, or at items of
 * it, cost one board. A board is right as long as the journal is as long as it was; the next line
 * makes another. Who asks while one is being loaded waits for it rather than loading it too. Any
 * thread.
 */
#ifndef TAIHU_API_BOARD_CACHE_H
#define TAIHU_API_BOARD_CACHE_H

#include <stdbool.h>
#include <stdint.h>

struct board_shared;

/* Two for each worker: what all are at, and what was asked before. Each is a megabyte or so. */
enum { BOARD_CACHE_MAX = 16 };

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

/* The board, held for the caller. NULL: the caller is to load it and call board_cache_put(), in any
 * case and soon, as others wait. */
struct board_shared *board_cache_find(struct board_cache *cache, const struct board_key *key);

/* The board, held for the caller; NULL where it is not there yet, and then nobody waits for the
 * caller. */
struct board_shared *board_cache_peek(struct board_cache *cache, const struct board_key *key);

/* `board` is held by the cache too from here on; NULL where it could not be loaded. */
void board_cache_put(struct board_cache *cache, const struct board_key *key,
                     struct board_shared *board);

#endif
