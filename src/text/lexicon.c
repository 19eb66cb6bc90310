/* lexicon: see lexicon.h. Two hash heads, by first and by last unit, each with a chain in which the
 * longer word comes first, so the first hit is the longest. */
#include "text/lexicon.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { HEADS = 4096, NONE = 0xFFFF };

struct lexicon {
    const struct lexeme *items;
    uint16_t first[HEADS];
    uint16_t last[HEADS];
    uint16_t *first_next;
    uint16_t *last_next;
};

static unsigned head_of(char16_t c) {
    return (c ^ c >> 9) % HEADS;
}

/* Puts item `i` into its chain behind all longer ones. */
static void insert(const struct lexeme *items, uint16_t *head, uint16_t *next, uint16_t i) {
    uint16_t *p = head;
    while (*p != NONE && items[*p].len >= items[i].len) {
        p = &next[*p];
    }
    next[i] = *p;
    *p = i;
}

struct lexicon *lexicon_new(const struct lexeme *items, size_t n) {
    assert(n < NONE);
    struct lexicon *lex = mem_alloc(sizeof *lex);
    lex->items = items;
    lex->first_next = mem_alloc(n * sizeof(uint16_t));
    lex->last_next = mem_alloc(n * sizeof(uint16_t));
    memset(lex->first, 0xFF, sizeof lex->first);
    memset(lex->last, 0xFF, sizeof lex->last);
    for (size_t i = 0; i < n; i++) {
        assert(items[i].len > 0);
        char16_t first = items[i].text[0];
        char16_t last = items[i].text[items[i].len - 1];
        insert(items, &lex->first[head_of(first)], lex->first_next, (uint16_t)i);
        insert(items, &lex->last[head_of(last)], lex->last_next, (uint16_t)i);
    }
    return lex;
}

void lexicon_free(struct lexicon *lex) {
    if (lex == NULL) {
        return;
    }
    free(lex->first_next);
    free(lex->last_next);
    free(lex);
}

static bool same(const char16_t *a, const char16_t *b, size_t n) {
    for (size_t i = 0; i < n; i++) { /* words are short: a call to memcmp costs more */
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

const struct lexeme *lexicon_prefix(const struct lexicon *lex, const char16_t *s, size_t n) {
    if (n == 0) {
        return NULL;
    }
    for (uint16_t i = lex->first[head_of(s[0])]; i != NONE; i = lex->first_next[i]) {
        const struct lexeme *w = &lex->items[i];
        if (w->len <= n && same(w->text, s, w->len)) {
            return w;
        }
    }
    return NULL;
}

const struct lexeme *lexicon_suffix(const struct lexicon *lex, const char16_t *s, size_t n) {
    if (n == 0) {
        return NULL;
    }
    for (uint16_t i = lex->last[head_of(s[n - 1])]; i != NONE; i = lex->last_next[i]) {
        const struct lexeme *w = &lex->items[i];
        if (w->len <= n && same(w->text, s + n - w->len, w->len)) {
            return w;
        }
    }
    return NULL;
}
