/* buf: bytes that grow: what is written piece by piece, or read to the end. Always has a NUL behind
 * the last byte, so `data` is a C string where the content is text. */
#ifndef TAIHU_BASE_BUF_H
#define TAIHU_BASE_BUF_H

#include <stddef.h>

struct buf {
    char *data; /* NULL until the first byte */
    size_t len;
    size_t cap;
};

#define BUF_INIT                                                                                   \
    { NULL, 0, 0 }

void buf_fini(struct buf *b);

/* Empties, keeps the memory. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const char *s, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for `n` more bytes behind the content; returns where they go. The caller writes them and
 * adds what it wrote to `len`. */
char *buf_room(struct buf *b, size_t n);

#endif
