/* rows: the rows of a delimited text file of any size, one at a time, in constant memory. Where
 * base/csv.h refuses a file as a whole, this goes on behind a bad row: files that people have are
 * damaged in places, and the rest of them is wanted.
 *
 *   file   = [BOM] row *(end row) [end]       end    = CRLF / LF
 *   row    = field *(delimiter field)         field  = quoted / plain
 *   quoted = quote *(byte / quote quote) quote
 *   plain  = *(any byte but delimiter, quote, CR, LF)
 *
 * A quoted field may hold line breaks. A line without anything in it is passed over. Bad is: a
 * quote inside a plain field, anything between a closing quote and the delimiter, a CR without its
 * LF, a NUL byte, a byte that is no character, a row over a cap, a quote that is never closed.
 * After a bad row reading goes on behind it where its end is known, else on the line behind its
 * first. */
#ifndef TAIHU_SENSE_ROWS_H
#define TAIHU_SENSE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sense/input.h"
#include "text/encoding.h"

enum {
    ROWS_FIELDS_MAX = 1024,
    ROWS_BYTES_MAX = 1024 * 1024, /* of a row, as UTF-8 */
};

struct rows_config {
    struct input input;
    enum encoding encoding; /* ENCODING_NONE: see text/decoder.h */
    char delimiter;
    char quote;   /* 0: none */
    int64_t skip; /* lines before the first row */
};

struct rows_field {
    const char *text; /* valid UTF-8 with a NUL behind it */
    size_t len;
};

/* Good until the next rows_next(). */
struct rows_row {
    int64_t number; /* from 1, bad ones are counted too */
    int64_t line;   /* on which it begins, from 1 */
    size_t count;   /* of fields; 0 at the end, and of a bad row */
    const struct rows_field *fields;
};

struct rows;

enum code rows_new(const struct rows_config *config, struct rows **out, struct err *err);
void rows_free(struct rows *r); /* takes NULL */

/* E_INPUT, E_LIMIT: this row is bad, `out` says which, and the next call goes on. E_IO: the file
 * cannot be read. */
enum code rows_next(struct rows *r, struct rows_row *out, struct err *err);

/* Bytes of the file that were read so far. */
int64_t rows_bytes(const struct rows *r);

#endif
