/* decoder: bytes of a text file -> UTF-8, a piece at a time, in constant memory: for files that are
 * too large to be held (encoding.h has the way of whole documents).
 *
 * What the bytes are: a byte order mark decides; else what the caller said; else UTF-8 where the
 * first 16 KB are well-formed, else GB18030.
 *
 * A byte that begins no character becomes DECODER_BAD, a byte that UTF-8 never has, and decoding
 * goes on behind it: so the caller can say which row it spoils. NUL bytes pass. */
#ifndef TAIHU_TEXT_DECODER_H
#define TAIHU_TEXT_DECODER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/encoding.h"

#define DECODER_BAD '\xFF'

struct decoder;

/* ENCODING_NONE: nobody said. E_IO: the C library has no such converter. */
enum code decoder_new(enum encoding said, struct decoder **out, struct err *err);
void decoder_free(struct decoder *d); /* takes NULL */

/* Adds the text of the next `n` bytes to `to`; half a character at the end waits for the next
 * piece, unless this is the last one. E_IO as decoder_new(). */
enum code decoder_take(struct decoder *d, const char *bytes, size_t n, bool last, struct buf *to,
                       struct err *err);

#endif
