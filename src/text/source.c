/* source: see source.h. */
#include "text/source.h"

#include <assert.h>
#include <string.h>

#include "text/fold.h"

/* Decodes one character of valid UTF-8; returns its length in bytes. */
static uint32_t decode(const unsigned char *s, char16_t *out) {
    if (s[0] < 0x80) {
        *out = s[0];
        return 1;
    }
    if (s[0] < 0xE0) {
        *out = (char16_t)((s[0] & 0x1F) << 6 | (s[1] & 0x3F));
        return 2;
    }
    if (s[0] < 0xF0) {
        *out = (char16_t)((s[0] & 0x0F) << 12 | (s[1] & 0x3F) << 6 | (s[2] & 0x3F));
        return 3;
    }
    *out = SOURCE_OTHER;
    return 4;
}

/* A comma or point that stands in a number keeps its ASCII form: 1,200 and 3:1. */
static void keep_marks_in_numbers(char16_t *ch, uint32_t n) {
    for (uint32_t i = 1; i + 1 < n; i++) {
        if ((ch[i] == u'，' || ch[i] == u'：') && is_digit16(ch[i - 1]) && is_digit16(ch[i + 1])) {
            bool thousands = ch[i] == u'，' && i + 3 < n && is_digit16(ch[i + 2]) &&
                             is_digit16(ch[i + 3]) && !(i + 4 < n && is_digit16(ch[i + 4]));
            if (thousands) {
                ch[i] = u',';
            } else if (ch[i] == u'：') {
                ch[i] = u':';
            }
        }
    }
}

/* ASCII quotes have no direction: they open and close in turn, anew on each line. */
static void turn_quotes(char16_t *ch, uint32_t n) {
    bool open = false;
    for (uint32_t i = 0; i < n; i++) {
        if (ch[i] == u'\n') {
            open = false;
        } else if (ch[i] == u'"') {
            ch[i] = open ? u'”' : u'“';
            open = !open;
        }
    }
}

/* Whether a blank between these two only strayed into running text: 180 个, 文化创 意园区. Blanks
 * by letters, cell bars and line ends stay, and one behind a heading's counter (一 工作回顾). */
static bool stray(const char16_t *ch, uint32_t n, char16_t next) {
    char16_t prev = n == 0 ? u'\n' : ch[n - 1];
    bool open = prev == u'\n' || prev == u'|' || prev == u' ' || prev < u'%' || is_letter16(prev);
    bool shut = next == u'\n' || next == u'|' || next == u' ' || next == 0 || is_letter16(next);
    bool counter = n >= 1 && is_ideograph16(prev) && (n == 1 || ch[n - 2] == u'\n');
    return !open && !shut && !counter && (is_ideograph16(prev) || is_ideograph16(next));
}

void source_fold(const char *utf8, size_t len, struct arena *a, struct source *out) {
    assert(len < UINT32_MAX);
    const unsigned char *s = (const unsigned char *)utf8;
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        count += (s[i] & 0xC0) != 0x80;
    }
    char16_t *ch = arena_alloc(a, (count + 1) * sizeof *ch);
    uint32_t *at = arena_alloc(a, (count + 1) * sizeof *at);
    uint32_t n = 0;
    uint32_t i = 0;
    while (i < len) {
        char16_t c;
        at[n] = i;
        i += decode(s + i, &c);
        ch[n] = fold_table[c];
        if (ch[n] == u' ' && i < len) {
            decode(s + i, &c);
            n -= stray(ch, n, fold_table[c]);
        }
        n++;
    }
    assert(n <= count && i == len);
    at[n] = i;
    ch[n] = 0;
    keep_marks_in_numbers(ch, n);
    turn_quotes(ch, n);
    *out = (struct source){utf8, ch, at, n};
}

uint32_t source_end(const struct source *s, struct run r) {
    assert(r.from <= r.to && r.to <= s->n);
    const unsigned char *u = (const unsigned char *)s->utf8;
    uint32_t from = s->at[r.from];
    uint32_t to = s->at[r.to];
    for (;;) {
        if (to > from && u[to - 1] == ' ') {
            to--;
        } else if (to > from + 2 && u[to - 3] == 0xE3 && u[to - 2] == 0x80 && u[to - 1] == 0x80) {
            to -= 3;
        } else {
            return to;
        }
    }
}

char *source_text(const struct source *s, struct run r, struct arena *a) {
    uint32_t end = source_end(s, r);
    return arena_dup(a, s->utf8 + s->at[r.from], end - s->at[r.from]);
}

static bool is_blank(char16_t c) {
    return c == u' ' || c == u'*' || c == u'\n';
}

struct run source_trim(const struct source *s, struct run r) {
    while (r.from < r.to && is_blank(s->ch[r.from])) {
        r.from++;
    }
    while (r.from < r.to && is_blank(s->ch[r.to - 1])) {
        r.to--;
    }
    return r;
}

uint32_t word_len(const char16_t *word) {
    uint32_t n = 0;
    while (word[n] != 0) {
        n++;
    }
    return n;
}

static bool same(const char16_t *a, const char16_t *b, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

bool source_starts(const struct source *s, struct run r, const char16_t *word) {
    uint32_t n = word_len(word);
    return r.to - r.from >= n && same(s->ch + r.from, word, n);
}

bool source_ends(const struct source *s, struct run r, const char16_t *word) {
    uint32_t n = word_len(word);
    return r.to - r.from >= n && same(s->ch + r.to - n, word, n);
}

uint32_t source_find(const struct source *s, struct run r, const char16_t *word) {
    uint32_t n = word_len(word);
    for (uint32_t i = r.from; i + n <= r.to; i++) {
        if (s->ch[i] == word[0] && same(s->ch + i, word, n)) {
            return i;
        }
    }
    return UINT32_MAX;
}

bool source_has_any(const struct source *s, struct run r, const char16_t *const *words) {
    for (; *words != NULL; words++) {
        if (source_find(s, r, *words) != UINT32_MAX) {
            return true;
        }
    }
    return false;
}

bool source_ends_any(const struct source *s, struct run r, const char16_t *const *words) {
    for (; *words != NULL; words++) {
        if (source_ends(s, r, *words)) {
            return true;
        }
    }
    return false;
}
