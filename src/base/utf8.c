/* utf8: see utf8.h. The well-formed sequences (Unicode 15.0, table 3-7), C a byte 80..BF:
 *
 *   00..7F                C2..DF C              E0 A0..BF C         E1..EC, EE, EF C C
 *   ED 80..9F C           F0 90..BF C C         F1..F3 C C C        F4 80..8F C C
 */
#include "base/utf8.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static bool is_cont(unsigned char b) {
    return (b & 0xC0) == 0x80;
}

/* What the lead byte promises: the length, and the bounds of the second byte, which alone rule out
 * overlong forms, surrogates and values over U+10FFFF. */
struct lead {
    size_t len;
    unsigned char low, high;
};

static struct lead lead_of(unsigned char b) {
    if (b < 0x80) {
        return (struct lead){1, 0, 0};
    }
    if (b < 0xC2) {
        return (struct lead){0, 0, 0};
    }
    if (b < 0xE0) {
        return (struct lead){2, 0x80, 0xBF};
    }
    if (b < 0xF0) {
        return (struct lead){3, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF};
    }
    if (b < 0xF5) {
        return (struct lead){4, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF};
    }
    return (struct lead){0, 0, 0};
}

/* The bytes of the well-formed character at `s`, or 0. */
static size_t char_len(const unsigned char *s, size_t n) {
    if (n == 0) {
        return 0;
    }
    struct lead lead = lead_of(s[0]);
    if (lead.len == 0 || lead.len > n) {
        return 0;
    }
    if (lead.len > 1 && (s[1] < lead.low || s[1] > lead.high)) {
        return 0;
    }
    for (size_t i = 2; i < lead.len; i++) {
        if (!is_cont(s[i])) {
            return 0;
        }
    }
    return lead.len;
}

/* Skips ASCII, eight bytes at a time. */
static size_t skip_ascii(const unsigned char *s, size_t i, size_t n) {
    while (n - i >= 8) {
        uint64_t word;
        memcpy(&word, s + i, sizeof word);
        if ((word & 0x8080808080808080u) != 0) {
            break;
        }
        i += 8;
    }
    while (i < n && s[i] < 0x80) {
        i++;
    }
    return i;
}

/* Skips the characters Chinese text is made of: three bytes, lead E1 to EC (U+1000 to U+CFFF), EE
 * or EF, whose second byte has no narrower bounds. */
static size_t skip_han(const unsigned char *s, size_t i, size_t n) {
    while (n - i >= 3 && s[i] > 0xE0 && s[i] < 0xF0 && s[i] != 0xED && is_cont(s[i + 1]) &&
           is_cont(s[i + 2])) {
        i += 3;
    }
    return i;
}

size_t utf8_check(const char *s, size_t n) {
    const unsigned char *u = (const unsigned char *)s;
    size_t i = 0;
    while (i < n) {
        size_t from = i;
        i = skip_han(u, skip_ascii(u, i, n), n);
        if (i > from) {
            continue;
        }
        size_t len = char_len(u + i, n - i);
        if (len == 0) {
            return i;
        }
        i += len;
    }
    return n;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *c) {
    static const unsigned char lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *u = (const unsigned char *)s;
    size_t len = char_len(u, n);
    if (len == 0) {
        return 0;
    }
    uint32_t v = u[0] & lead_mask[len];
    for (size_t i = 1; i < len; i++) {
        v = v << 6 | (u[i] & 0x3Fu);
    }
    *c = v;
    return len;
}

size_t utf8_encode(uint32_t c, char to[UTF8_MAX]) {
    static const unsigned char mark[] = {0, 0, 0xC0, 0xE0, 0xF0};
    assert(c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF));
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1;) {
        to[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    to[0] = (char)(mark[len] | c);
    return len;
}
