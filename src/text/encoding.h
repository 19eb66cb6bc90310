/* encoding: the bytes of a text file -> UTF-8.
 *
 * What the bytes are, in this order:
 *   byte order mark     EF BB BF is UTF-8, FF FE is UTF-16LE, FE FF is UTF-16BE
 *   NUL bytes           UTF-16 where one byte order gives plausible text, else binary
 *   well-formed UTF-8   UTF-8, kept byte for byte
 *   nearly UTF-8        damaged UTF-8: an error that names the first bad byte
 *   a label             what a web page says of itself, see encoding_of_label()
 *   else                GB18030, of which GBK and GB2312 are parts
 *
 * Every offset in a message counts bytes of the file, the byte order mark with them. */
#ifndef TAIHU_TEXT_ENCODING_H
#define TAIHU_TEXT_ENCODING_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum encoding {
    ENCODING_NONE, /* as an argument: nobody said */
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_GB18030,
    ENCODING_BIG5, /* only where a label says so: its bytes pass for GB18030 */
    ENCODINGS,
};

/* "utf-8", "gb18030", ...; NULL for ENCODING_NONE. */
const char *encoding_name(enum encoding e);

/* The encoding that `n` bytes of label mean, in any case: "gb2312" and "gbk" mean GB18030, as
 * browsers read them (https://encoding.spec.whatwg.org). ENCODING_NONE for others. */
enum encoding encoding_of_label(const char *label, size_t n);

/* The encoding that a byte order mark at the start of `bytes` says, with the bytes of the mark in
 * `*mark`; ENCODING_NONE and 0 where there is none. */
enum encoding encoding_of_mark(const char *bytes, size_t n, size_t *mark);

/* Adds the text to `to` as valid UTF-8 without NUL and without byte order mark, at most `max`
 * bytes. `label` is what the file says of itself, or ENCODING_NONE; a byte order mark and
 * well-formed UTF-8 win over it.
 * E_INPUT: empty, binary, damaged. E_LIMIT: over `max`. On an error `to` may have grown. */
enum code encoding_decode(const char *bytes, size_t n, enum encoding label, size_t max,
                          struct buf *to, struct err *err);

/* As encoding_decode() for plain text: control characters other than tab, line feed, vertical tab,
 * form feed and carriage return are "binary", and text of blanks alone is an error too. */
enum code encoding_parse_text(const char *bytes, size_t n, size_t max, struct buf *to,
                              struct err *err);

#endif
