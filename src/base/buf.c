/* buf: see buf.h. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void buf_fini(struct buf *b) {
    free(b->data);
    b->data = NULL;
    b->len = b->cap = 0;
}

void buf_clear(struct buf *b) {
    b->len = 0;
    if (b->data != NULL) {
        b->data[0] = '\0';
    }
}

char *buf_room(struct buf *b, size_t n) {
    assert(n < (size_t)-1 - b->len - 1);
    if (b->len + n + 1 > b->cap) {
        b->data = mem_reserve(b->data, &b->cap, b->len + n + 1, 1);
    }
    return b->data + b->len;
}

void buf_add(struct buf *b, const char *s, size_t n) {
    char *to = buf_room(b, n);
    if (n > 0) {
        memcpy(to, s, n);
    }
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s) {
    buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c) {
    char *to = buf_room(b, 1);
    to[0] = c;
    to[1] = '\0';
    b->len++;
}

/* What most formatted pieces need: formatting twice costs more than room that is not used. */
enum { FORMATTED_GUESS = 127 };

void buf_addf(struct buf *b, const char *fmt, ...) {
    va_list ap;
    char *to = buf_room(b, FORMATTED_GUESS);
    size_t room = b->cap - b->len;
    va_start(ap, fmt);
    int n = vsnprintf(to, room, fmt, ap);
    va_end(ap);
    assert(n >= 0);
    if ((size_t)n >= room) { /* it was cut: once more, now that its length is known */
        to = buf_room(b, (size_t)n);
        va_start(ap, fmt);
        vsnprintf(to, (size_t)n + 1, fmt, ap);
        va_end(ap);
    }
    b->len += (size_t)n;
}
