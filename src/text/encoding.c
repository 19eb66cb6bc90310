/* encoding: see encoding.h. The C library's iconv(3) converts; what it is told to convert from is
 * decided here. */
#include "text/encoding.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum { STEP = 64 * 1024 }; /* bytes converted, or looked at for a guess, at a time */

struct input {
    const unsigned char *bytes;
    size_t n;
    size_t at; /* behind the byte order mark */
};

const char *encoding_name(enum encoding e) {
    static const char *const names[ENCODINGS] = {
        [ENCODING_UTF8] = "utf-8",       [ENCODING_UTF16LE] = "utf-16le",
        [ENCODING_UTF16BE] = "utf-16be", [ENCODING_GB18030] = "gb18030",
        [ENCODING_BIG5] = "big5-hkscs",
    };
    assert(e < ENCODINGS);
    return names[e];
}

enum encoding encoding_of_label(const char *label, size_t n) {
    static const struct {
        const char *label;
        enum encoding encoding;
    } labels[] = {
        {"utf-8", ENCODING_UTF8},      {"utf8", ENCODING_UTF8},
        {"gb18030", ENCODING_GB18030}, {"gbk", ENCODING_GB18030},
        {"x-gbk", ENCODING_GB18030},   {"gb2312", ENCODING_GB18030},
        {"gb_2312", ENCODING_GB18030}, {"gb_2312-80", ENCODING_GB18030},
        {"chinese", ENCODING_GB18030}, {"csgb2312", ENCODING_GB18030},
        {"big5", ENCODING_BIG5},       {"big5-hkscs", ENCODING_BIG5},
        {"x-x-big5", ENCODING_BIG5},   {"cn-big5", ENCODING_BIG5},
    };
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (strlen(labels[i].label) == n && strncasecmp(labels[i].label, label, n) == 0) {
            return labels[i].encoding;
        }
    }
    return ENCODING_NONE;
}

enum encoding encoding_of_mark(const char *bytes, size_t n, size_t *mark) {
    static const struct {
        const char *mark;
        size_t n;
        enum encoding encoding;
    } marks[] = {
        {"\xEF\xBB\xBF", 3, ENCODING_UTF8},
        {"\xFF\xFE", 2, ENCODING_UTF16LE},
        {"\xFE\xFF", 2, ENCODING_UTF16BE},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (n >= marks[i].n && memcmp(bytes, marks[i].mark, marks[i].n) == 0) {
            *mark = marks[i].n;
            return marks[i].encoding;
        }
    }
    *mark = 0;
    return ENCODING_NONE;
}

/* Steps over the byte order mark, more than one of the same where a file was saved so twice. */
static enum encoding take_mark(struct input *in) {
    const char *bytes = (const char *)in->bytes;
    size_t mark;
    enum encoding first = encoding_of_mark(bytes, in->n, &mark);
    enum encoding next = first;
    while (next != ENCODING_NONE && next == first) {
        in->at += mark;
        next = encoding_of_mark(bytes + in->at, in->n - in->at, &mark);
    }
    return first;
}

static uint32_t unit_at(const unsigned char *s, enum encoding e) {
    return e == ENCODING_UTF16LE ? (uint32_t)(s[0] | s[1] << 8) : (uint32_t)(s[0] << 8 | s[1]);
}

/* Whether a UTF-16 unit is what Chinese text is made of. ASCII read in the wrong byte order gives
 * units that end in 00, many of them Han characters nobody uses, so of those only the common ones
 * count: 　一儀刀开攀最紀言退需. */
static bool is_plausible(uint32_t u) {
    static const uint16_t round[] = {0x3000, 0x4E00, 0x5100, 0x5200, 0x5F00, 0x6500,
                                     0x6700, 0x7D00, 0x8A00, 0x9000, 0x9700};
    if ((u & 0xFF) == 0) {
        for (size_t i = 0; i < sizeof round / sizeof round[0]; i++) {
            if (round[i] == u) {
                return true;
            }
        }
        return false;
    }
    return u == '\t' || u == '\n' || u == '\r' || (u >= 0x20 && u < 0x7F) ||
           (u >= 0xB0 && u <= 0xD7) || (u >= 0x2010 && u <= 0x22FF) ||
           (u >= 0x2460 && u <= 0x26FF) || (u >= 0x3000 && u <= 0x30FF) ||
           (u >= 0x4E00 && u <= 0x9FFF) || (u >= 0xFF00 && u <= 0xFFEF);
}

/* Whether nine units in ten at the start are plausible in this byte order. */
static bool is_utf16(const struct input *in, enum encoding e) {
    size_t n = in->n < STEP ? in->n : STEP;
    size_t good = 0;
    for (size_t i = 0; i + 2 <= n; i += 2) {
        good += is_plausible(unit_at(in->bytes + i, e));
    }
    return n % 2 == 0 && good * 10 >= n / 2 * 9;
}

/* Whether bytes that are not well-formed UTF-8 were so before something damaged them: more than
 * half of what is not ASCII stands in whole characters. Of GBK text about an eighth does so by
 * chance. */
static bool is_damaged_utf8(const struct input *in) {
    const char *s = (const char *)in->bytes;
    size_t whole = 0;
    size_t stray = 0;
    for (size_t i = in->at; i < in->n;) {
        uint32_t c;
        size_t len = utf8_decode(s + i, in->n - i, &c);
        stray += len == 0;
        whole += len > 1 ? len : 0;
        i += len == 0 ? 1 : len;
    }
    return whole > stray;
}

/* No byte of a character of several bytes is under 0x20 in UTF-8, GB18030 or Big5. */
static enum code refuse_nul(const struct input *in, struct err *err) {
    const unsigned char *nul = memchr(in->bytes + in->at, 0, in->n - in->at);
    if (nul != NULL) {
        return err_set(err, E_INPUT, "not text but binary: byte 0x00 at offset %zu",
                       (size_t)(nul - in->bytes));
    }
    return OK;
}

static enum code refuse_damage(const struct input *in, struct err *err) {
    size_t bad = in->at + utf8_check((const char *)in->bytes + in->at, in->n - in->at);
    assert(bad < in->n);
    return err_set(err, E_INPUT, "damaged utf-8: byte 0x%02x at offset %zu begins no character",
                   in->bytes[bad], bad);
}

/* Decides what the bytes are, as drawn in the header. */
static enum code decide(struct input *in, enum encoding label, enum encoding *out,
                        struct err *err) {
    enum encoding mark = take_mark(in);
    bool has_nul = memchr(in->bytes + in->at, 0, in->n - in->at) != NULL;
    if (mark == ENCODING_UTF16LE || mark == ENCODING_UTF16BE) {
        *out = mark;
        return OK;
    }
    if (has_nul && mark == ENCODING_NONE) {
        for (enum encoding e = ENCODING_UTF16LE; e <= ENCODING_UTF16BE; e++) {
            if (is_utf16(in, e)) {
                *out = e;
                return OK;
            }
        }
    }
    enum code code = refuse_nul(in, err);
    if (code != OK) {
        return code;
    }
    size_t left = in->n - in->at;
    *out = ENCODING_UTF8;
    if (utf8_check((const char *)in->bytes + in->at, left) == left) {
        return OK;
    }
    if (mark == ENCODING_UTF8 || is_damaged_utf8(in)) {
        return refuse_damage(in, err);
    }
    *out = label == ENCODING_BIG5 ? ENCODING_BIG5 : ENCODING_GB18030;
    return OK;
}

static enum code refuse_bad(const struct input *in, enum encoding e, size_t at, struct err *err) {
    if (e == ENCODING_UTF16LE || e == ENCODING_UTF16BE) {
        return err_set(err, E_INPUT, "damaged %s: half a character at offset %zu", encoding_name(e),
                       at);
    }
    return err_set(err, E_INPUT,
                   "cannot decode text: byte 0x%02x at offset %zu begins no character of %s, and "
                   "it is not utf-8",
                   in->bytes[at], at, encoding_name(e));
}

static enum code refuse_size(size_t max, struct err *err) {
    return err_set(err, E_LIMIT, "text of more than the %zu bytes that are taken", max);
}

/* Converts from in->at on with an open converter. */
static enum code convert(iconv_t cd, const struct input *in, enum encoding e, size_t max,
                         struct buf *to, struct err *err) {
    size_t before = to->len;
    char *from = (char *)(uintptr_t)(in->bytes + in->at); /* iconv(3) never writes there */
    size_t left = in->n - in->at;
    buf_add(to, "", 0);
    while (left > 0) {
        size_t room = STEP;
        char *put = buf_room(to, room);
        size_t done = iconv(cd, &from, &left, &put, &room);
        to->len += STEP - room;
        to->data[to->len] = '\0';
        if (to->len - before > max) {
            return refuse_size(max, err);
        }
        if (done == (size_t)-1 && errno != E2BIG) {
            return refuse_bad(in, e, in->n - left, err);
        }
    }
    assert(utf8_check(to->data + before, to->len - before) == to->len - before);
    return OK;
}

static enum code decode_from(const struct input *in, enum encoding e, size_t max, struct buf *to,
                             struct err *err) {
    if (e == ENCODING_UTF8) {
        if (in->n - in->at > max) {
            return refuse_size(max, err);
        }
        buf_add(to, (const char *)in->bytes + in->at, in->n - in->at);
        return OK;
    }
    iconv_t cd = iconv_open("UTF-8", encoding_name(e));
    if (cd == (iconv_t)-1) {
        return err_set(err, E_IO, "cannot decode %s: the C library has no such converter",
                       encoding_name(e));
    }
    enum code code = convert(cd, in, e, max, to, err);
    iconv_close(cd);
    return code;
}

static bool is_control(uint32_t c) {
    return (c < 0x20 && (c < '\t' || c > '\r')) || c == 0x7F;
}

/* The offset of the first control character that text does not have, or in->n. */
static size_t find_control(const struct input *in, enum encoding e) {
    bool wide = e == ENCODING_UTF16LE || e == ENCODING_UTF16BE;
    size_t step = wide ? 2 : 1;
    for (size_t i = in->at; i + step <= in->n; i += step) {
        if (is_control(wide ? unit_at(in->bytes + i, e) : in->bytes[i])) {
            return i;
        }
    }
    return in->n;
}

static enum code refuse_control(const struct input *in, enum encoding e, struct err *err) {
    size_t at = find_control(in, e);
    if (at == in->n) {
        return OK;
    }
    bool wide = e == ENCODING_UTF16LE || e == ENCODING_UTF16BE;
    unsigned c = wide ? unit_at(in->bytes + at, e) : in->bytes[at];
    return err_set(err, E_INPUT, "not text but binary: control character 0x%02x at offset %zu", c,
                   at);
}

static bool is_blank_text(const char *s, size_t n) {
    size_t i = 0;
    while (i < n) {
        uint32_t c = 0;
        size_t len = utf8_decode(s + i, n - i, &c);
        bool blank = c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 ||
                     c == 0xFEFF || (c >= 0x2000 && c <= 0x200B);
        if (!blank) {
            return false;
        }
        i += len;
    }
    return true;
}

/* What both entrances share; *used is for the checks that come after. */
static enum code decode(struct input *in, enum encoding label, size_t max, struct buf *to,
                        enum encoding *used, struct err *err) {
    if (in->n == 0) {
        return err_set(err, E_INPUT, "empty: 0 bytes");
    }
    enum code code = decide(in, label, used, err);
    if (code == OK && (*used == ENCODING_UTF16LE || *used == ENCODING_UTF16BE)) {
        /* U+0000 passes for a character of UTF-16; it is none of text. */
        size_t at = in->at;
        while (at + 2 <= in->n && unit_at(in->bytes + at, *used) != 0) {
            at += 2;
        }
        if (at + 2 <= in->n) {
            return err_set(err, E_INPUT, "not text but binary: U+0000 at offset %zu", at);
        }
    }
    if (code == OK) {
        code = decode_from(in, *used, max, to, err);
    }
    return code;
}

enum code encoding_decode(const char *bytes, size_t n, enum encoding label, size_t max,
                          struct buf *to, struct err *err) {
    struct input in = {(const unsigned char *)bytes, n, 0};
    enum encoding used;
    return decode(&in, label, max, to, &used, err);
}

enum code encoding_parse_text(const char *bytes, size_t n, size_t max, struct buf *to,
                              struct err *err) {
    struct input in = {(const unsigned char *)bytes, n, 0};
    enum encoding used;
    size_t before = to->len;
    enum code code = decode(&in, ENCODING_NONE, max, to, &used, err);
    if (code == OK) {
        code = refuse_control(&in, used, err);
    }
    if (code == OK && is_blank_text(to->data + before, to->len - before)) {
        code = err_set(err, E_INPUT, "no text: %zu bytes of blanks", n);
    }
    return code;
}
