/* decoder: see decoder.h. */
#include "text/decoder.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum {
    STEP = 64 * 1024,
    MARK = 3,          /* bytes of the longest byte order mark */
    GUESS = 16 * 1024, /* what a guess is made by, where nobody said */
};

struct decoder {
    enum encoding said;
    enum encoding used; /* ENCODING_NONE until the first piece */
    iconv_t cd;         /* of another encoding than UTF-8 */
    struct buf waiting; /* bytes not decoded yet: half a character, and the piece behind it */
};

#define NO_CONVERTER ((iconv_t)-1)

enum code decoder_new(enum encoding said, struct decoder **out, struct err *err) {
    (void)err;
    struct decoder *d = mem_alloc(sizeof *d);
    *d = (struct decoder){said, ENCODING_NONE, NO_CONVERTER, BUF_INIT};
    *out = d;
    return OK;
}

void decoder_free(struct decoder *d) {
    if (d == NULL) {
        return;
    }
    if (d->cd != NO_CONVERTER) {
        iconv_close(d->cd);
    }
    buf_fini(&d->waiting);
    free(d);
}

/* Whether what stands at s is the front of a character whose rest has not come yet. */
static bool is_cut(const char *s, size_t n) {
    unsigned char c = (unsigned char)s[0];
    size_t len = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
    return n < len;
}

/* ---- what it is ---- */

/* Well-formed up to its end, where a character may be cut. */
static bool looks_utf8(const struct buf *b) {
    size_t bad = b->len == 0 ? 0 : utf8_check(b->data, b->len);
    return bad == b->len || is_cut(b->data + bad, b->len - bad);
}

static void drop(struct buf *b, size_t n) {
    memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
}

static enum code decide(struct decoder *d, struct err *err) {
    size_t n = 0;
    enum encoding mark = encoding_of_mark(d->waiting.data, d->waiting.len, &n);
    d->used = mark != ENCODING_NONE      ? mark
              : d->said != ENCODING_NONE ? d->said
              : looks_utf8(&d->waiting)  ? ENCODING_UTF8
                                         : ENCODING_GB18030;
    if (n > 0) {
        drop(&d->waiting, n);
    }
    if (d->used == ENCODING_UTF8) {
        return OK;
    }
    d->cd = iconv_open("UTF-8", encoding_name(d->used));
    return d->cd != NO_CONVERTER
               ? OK
               : err_set(err, E_IO, "cannot decode %s: the C library has no such converter",
                         encoding_name(d->used));
}

/* ---- the bytes ---- */

/* Both return how many bytes are done. */
static size_t take_utf8(const struct buf *from, bool last, struct buf *to) {
    size_t at = 0;
    while (at < from->len) {
        size_t left = from->len - at;
        size_t good = utf8_check(from->data + at, left);
        buf_add(to, from->data + at, good);
        at += good;
        if (at == from->len || (!last && is_cut(from->data + at, from->len - at))) {
            break;
        }
        buf_addc(to, DECODER_BAD);
        at++;
    }
    return at;
}

static size_t take_other(struct decoder *d, bool last, struct buf *to) {
    char *from = d->waiting.data;
    size_t left = d->waiting.len;
    size_t unit = d->used == ENCODING_UTF16LE || d->used == ENCODING_UTF16BE ? 2 : 1;
    while (left > 0) {
        size_t room = STEP;
        char *put = buf_room(to, room);
        size_t done = iconv(d->cd, &from, &left, &put, &room);
        to->len += STEP - room;
        to->data[to->len] = '\0';
        if (done != (size_t)-1 || errno == E2BIG) {
            continue;
        }
        if (errno == EINVAL && !last) {
            break;
        }
        buf_addc(to, DECODER_BAD);
        size_t skip = left < unit ? left : unit;
        from += skip;
        left -= skip;
    }
    return d->waiting.len - left;
}

enum code decoder_take(struct decoder *d, const char *bytes, size_t n, bool last, struct buf *to,
                       struct err *err) {
    buf_add(&d->waiting, bytes, n);
    if (d->used == ENCODING_NONE) {
        if (!last && d->waiting.len < (d->said == ENCODING_NONE ? GUESS : MARK)) {
            return OK;
        }
        enum code code = decide(d, err);
        if (code != OK) {
            return code;
        }
    }
    size_t done =
        d->used == ENCODING_UTF8 ? take_utf8(&d->waiting, last, to) : take_other(d, last, to);
    drop(&d->waiting, done);
    return OK;
}
