/* column: see column.h. Widths are Unicode's East Asian Width (UAX #11, version 15, W and F), in
 * ranges that also take the few unassigned characters between them. */
#include "plan/column.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

struct range {
    uint32_t from, to;
};

static const struct range wide[] = {
    {0x1100, 0x115F},   /* Hangul leading consonants */
    {0x2E80, 0x303E},   /* radicals, ideographic marks */
    {0x3041, 0x33FF},   /* kana, bopomofo, enclosed and squared characters */
    {0x3400, 0x4DBF},   /* ideographs, extension A */
    {0x4E00, 0x9FFF},   /* ideographs */
    {0xA000, 0xA4CF},   /* Yi */
    {0xAC00, 0xD7A3},   /* Hangul syllables */
    {0xF900, 0xFAFF},   /* compatibility ideographs */
    {0xFE30, 0xFE6F},   /* compatibility and small forms */
    {0xFF01, 0xFF60},   /* full-width forms */
    {0xFFE0, 0xFFE6},   /* full-width signs */
    {0x1F300, 0x1F64F}, /* pictographs */
    {0x1F900, 0x1F9FF}, /* supplemental pictographs */
    {0x20000, 0x3FFFD}, /* ideographs, extensions B on */
};

static const struct range none[] = {
    {0x0300, 0x036F}, /* combining marks */
    {0x200B, 0x200F}, /* zero-width and direction marks */
    {0xFE00, 0xFE0F}, /* variation selectors */
};

static bool among(uint32_t c, const struct range *r, size_t n) {
    for (size_t i = 0; i < n && c >= r[i].from; i++) {
        if (c <= r[i].to) {
            return true;
        }
    }
    return false;
}

static int width_of(uint32_t c) {
    if (c < 0x300) {
        return 1;
    }
    if (among(c, none, sizeof none / sizeof none[0])) {
        return 0;
    }
    return among(c, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

/* The character at s[0..n), n > 0; returns its length in bytes, never over n. */
static size_t decode(const char *s, size_t n, uint32_t *out) {
    unsigned char lead = (unsigned char)s[0];
    size_t len = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t c = len == 1 ? lead : lead & (0xFFu >> (len + 1));
    size_t i = 1;
    for (; i < len && i < n; i++) {
        c = c << 6 | ((unsigned char)s[i] & 0x3F);
    }
    *out = c;
    return i;
}

int column_width(const char *s, size_t n) {
    int width = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        i += decode(s + i, n - i, &c);
        width += width_of(c);
    }
    return width;
}

/* The bytes that fit into `width` cells. */
static size_t fit(const char *s, size_t n, int width, int *taken) {
    size_t i = 0;
    *taken = 0;
    while (i < n) {
        uint32_t c;
        size_t len = decode(s + i, n - i, &c);
        if (*taken + width_of(c) > width) {
            break;
        }
        *taken += width_of(c);
        i += len;
    }
    return i;
}

static void put_clean(struct buf *to, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        bool control = (unsigned char)s[i] < 0x20 || s[i] == 0x7F;
        buf_addc(to, control ? ' ' : s[i]);
    }
}

static void blanks(struct buf *to, int n) {
    while (n-- > 0) {
        buf_addc(to, ' ');
    }
}

/* Puts what fits; returns the cells taken. */
static int put_cut(struct buf *to, const char *s, size_t n, int width) {
    static const char dots[] = "...";
    enum { DOTS = 3 };
    int taken;
    assert(width >= DOTS);
    if (fit(s, n, width, &taken) == n) {
        put_clean(to, s, n);
        return taken;
    }
    size_t head = fit(s, n, width - DOTS, &taken);
    put_clean(to, s, head);
    buf_adds(to, dots);
    return taken + DOTS;
}

void column_put(struct buf *to, const char *s, size_t n, int width) {
    int taken = put_cut(to, s, n, width);
    blanks(to, width - taken);
}

void column_put_right(struct buf *to, const char *s, size_t n, int width) {
    int taken;
    if (fit(s, n, width, &taken) < n) {
        column_put(to, s, n, width);
        return;
    }
    blanks(to, width - taken);
    put_clean(to, s, n);
}

void column_put_last(struct buf *to, const char *s, size_t n, int width) {
    put_cut(to, s, n, width);
}
