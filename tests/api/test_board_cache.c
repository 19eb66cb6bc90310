/* The cache of boards: what is found, what is made once, what goes first. Runs under
 * ThreadSanitizer too. */
#include "api/board_cache.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/board_int.h"
#include "base/mem.h"

static struct board_shared *board_of(int64_t n) {
    struct buf b = BUF_INIT;
    struct board_shared *board = mem_alloc(sizeof *board);
    *board = (struct board_shared){.arena = ARENA_INIT};
    atomic_init(&board->holders, 1);
    buf_addf(&b, "%lld", (long long)n);
    board->json = blob_take(&b);
    return board;
}

static struct board_key key_of(int64_t line) {
    return (struct board_key){.plan = 1, .line = line, .day = 10, .today = 10, .whole = true};
}

static void put(struct board_cache *cache, int64_t line) {
    struct board_key key = key_of(line);
    assert_null(board_cache_find(cache, &key));
    struct board_shared *board = board_of(line);
    board_cache_put(cache, &key, board);
    board_drop(board);
}

static void what_was_written_is_found(void **state) {
    struct board_cache *cache = board_cache_new();
    struct board_key key = key_of(7);
    (void)state;
    put(cache, 7);
    struct board_shared *found = board_cache_find(cache, &key);
    assert_memory_equal(blob_data(found->json), "7", blob_len(found->json));
    board_drop(found);
    board_cache_free(cache);
}

/* A board of officials is never given to the public, nor yesterday's of today. */
static void each_part_of_the_key_counts(void **state) {
    struct board_cache *cache = board_cache_new();
    struct board_key keys[6];
    (void)state;
    put(cache, 7);
    for (size_t i = 0; i < 6; i++) {
        keys[i] = key_of(7);
    }
    keys[0].plan++;
    keys[1].line++;
    keys[2].day++;
    keys[3].today++;
    keys[4].then = true;
    keys[5].whole = false;
    for (size_t i = 0; i < 6; i++) {
        assert_null(board_cache_find(cache, &keys[i]));
        board_cache_put(cache, &keys[i], NULL);
    }
    board_cache_free(cache);
}

static void what_could_not_be_written_is_tried_again(void **state) {
    struct board_cache *cache = board_cache_new();
    struct board_key key = key_of(7);
    (void)state;
    assert_null(board_cache_find(cache, &key));
    board_cache_put(cache, &key, NULL);
    put(cache, 7);
    board_cache_free(cache);
}

static void who_peeks_is_not_waited_for(void **state) {
    struct board_cache *cache = board_cache_new();
    struct board_key key = key_of(7);
    (void)state;
    assert_null(board_cache_peek(cache, &key));
    assert_null(board_cache_find(cache, &key)); /* still to be loaded by who asks */
    assert_null(board_cache_peek(cache, &key));
    struct board_shared *board = board_of(7);
    board_cache_put(cache, &key, board);
    assert_ptr_equal(board_cache_peek(cache, &key), board);
    board_drop(board);
    board_drop(board);
    board_cache_free(cache);
}

static void the_one_used_longest_ago_goes_first(void **state) {
    struct board_cache *cache = board_cache_new();
    struct board_key first = key_of(0);
    struct board_key second = key_of(1);
    (void)state;
    for (int64_t i = 0; i < BOARD_CACHE_MAX; i++) {
        put(cache, i);
    }
    board_drop(board_cache_find(cache, &first)); /* used just now */
    put(cache, BOARD_CACHE_MAX);
    struct board_shared *found = board_cache_find(cache, &first);
    assert_non_null(found);
    board_drop(found);
    assert_null(board_cache_find(cache, &second));
    board_cache_put(cache, &second, NULL);
    board_cache_free(cache);
}

enum { THREADS = 4, ROUNDS = 2000, LINES = 50 };

struct crowd {
    struct board_cache *cache;
    atomic_int writing[LINES]; /* who writes the board of a line now */
    atomic_int wrong;
};

static void look(struct crowd *c, int64_t line) {
    struct board_key key = key_of(line);
    struct board_shared *board = board_cache_find(c->cache, &key);
    if (board == NULL) {
        c->wrong += atomic_fetch_add(&c->writing[line], 1) != 0;
        board = board_of(line);
        atomic_fetch_sub(&c->writing[line], 1);
        board_cache_put(c->cache, &key, board);
    }
    char want[24];
    snprintf(want, sizeof want, "%lld", (long long)line);
    c->wrong += strlen(want) != blob_len(board->json) ||
                memcmp(want, blob_data(board->json), blob_len(board->json)) != 0;
    board_drop(board);
}

static void *run(void *data) {
    struct crowd *c = data;
    for (int i = 0; i < ROUNDS; i++) {
        look(c, i * 7 % LINES);
    }
    return NULL;
}

/* More lines than places: boards go and come while others look at them. */
static void a_crowd_gets_what_it_asked_for(void **state) {
    struct crowd c = {.cache = board_cache_new()};
    pthread_t threads[THREADS];
    (void)state;
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run, &c), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(c.wrong, 0);
    board_cache_free(c.cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_found),
        cmocka_unit_test(each_part_of_the_key_counts),
        cmocka_unit_test(what_could_not_be_written_is_tried_again),
        cmocka_unit_test(who_peeks_is_not_waited_for),
        cmocka_unit_test(the_one_used_longest_ago_goes_first),
        cmocka_unit_test(a_crowd_gets_what_it_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
