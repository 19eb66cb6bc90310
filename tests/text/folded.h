/* folded: what tests of the grammar share: a text folded, and a run of the folded view as UTF-8. */
#ifndef TAIHU_TESTS_TEXT_FOLDED_H
#define TAIHU_TESTS_TEXT_FOLDED_H

#include <string.h>

#include "base/utf8.h"
#include "text/source.h"

static inline struct source fold(const char *text, struct arena *a) {
    struct source s;
    source_fold(text, strlen(text), a, &s);
    return s;
}

static inline struct run whole(const struct source *s) {
    return (struct run){0, s->n};
}

/* The view itself, not the bytes it came from: those are source_text(). */
static inline char *folded_text(const struct source *s, struct run r, struct arena *a) {
    char *text = arena_alloc(a, (size_t)(r.to - r.from) * UTF8_MAX + 1);
    size_t n = 0;
    for (uint32_t i = r.from; i < r.to; i++) {
        n += utf8_encode(s->ch[i], text + n);
    }
    text[n] = '\0';
    return text;
}

#endif
