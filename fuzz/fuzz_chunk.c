/* fuzz_chunk: any bytes as the text of a chunk. What is read is written and read again as the same,
 * also where a writer goes on behind a part of it. */
#include "entity/entity_chunk.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR = 7 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

/* Reads `text` beside `again`: both say the same. */
static void compare(const struct buf *text, const struct buf *again, struct arena *a) {
    struct chunk_reader x =
        chunk_reader_of(arena_dup(a, text->data, text->len), text->len, HOUR, a);
    struct chunk_reader y =
        chunk_reader_of(arena_dup(a, again->data, again->len), again->len, HOUR, a);
    while (chunk_next(&x)) {
        check(chunk_next(&y));
        check(x.row.observed_ms == y.row.observed_ms && x.row.kind == y.row.kind &&
              x.row.quality == y.row.quality && is_same(x.row.value, y.row.value) &&
              is_same(x.row.unit, y.row.unit) && is_same(x.row.extra, y.row.extra));
    }
    check(!chunk_next(&y));
    check(x.why == NULL && y.why == NULL);
}

/* Writes what is read; behind each line a new writer goes on. */
static bool rewrite(const struct buf *from, struct arena *a, struct buf *plain,
                    struct buf *piecewise) {
    struct chunk_reader r =
        chunk_reader_of(arena_dup(a, from->data, from->len), from->len, HOUR, a);
    struct chunk_writer one = chunk_writer_of(plain, HOUR);
    struct chunk_writer many = chunk_writer_of(piecewise, HOUR);
    while (chunk_next(&r)) {
        int64_t last_ms;
        chunk_put(&one, &r.row);
        chunk_put(&many, &r.row);
        check(chunk_go_on(arena_dup(a, piecewise->data, piecewise->len), piecewise->len, HOUR,
                          piecewise, &many, &last_ms, NULL) == OK);
        check(last_ms == r.row.observed_ms);
    }
    return chunk_end(&r, NULL) == OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct buf text = BUF_INIT;
    struct buf plain = BUF_INIT;
    struct buf piecewise = BUF_INIT;
    struct chunk_writer w;
    int64_t last_ms;
    buf_add(&text, (const char *)data, size < CHUNK_BYTES ? size : CHUNK_BYTES);
    buf_add(&plain, "", 0);
    buf_add(&piecewise, "", 0);
    bool whole = rewrite(&text, &a, &plain, &piecewise);
    compare(&plain, &piecewise, &a);
    if (whole) {
        compare(&text, &plain, &a);
    }
    (void)chunk_go_on(text.data, text.len, HOUR, &piecewise, &w, &last_ms, NULL);
    buf_fini(&text);
    buf_fini(&plain);
    buf_fini(&piecewise);
    arena_fini(&a);
    return 0;
}
