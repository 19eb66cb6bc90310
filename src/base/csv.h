/* csv: reads comma-separated values as RFC 4180 writes them, a row at a time, in memory that a row
 * bounds. Taken too: a byte order mark (UTF-8) at the start, LF for CRLF, a last row without a line
 * end. Not taken: a quote inside an unquoted field, anything between a closing quote and the comma,
 * a quote that never closes, a CR without its LF, a NUL byte. Bytes are passed on as they are: the
 * caller checks the encoding.
 *
 *     csv_init(&c, data, n);
 *     while ((code = csv_next(&c, err)) == OK && c.count > 0) { ... csv_field(&c, i) ... }
 *     csv_fini(&c);
 *
 * A line without a comma is a row of one field, also an empty line. Rows may differ in their number
 * of fields: the caller judges that. */
#ifndef TAIHU_BASE_CSV_H
#define TAIHU_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum {
    CSV_FIELDS_MAX = 1024,     /* of a row */
    CSV_ROW_MAX = 1024 * 1024, /* bytes of a row's fields, and one for each comma */
};

/* Where a field begins in the row's bytes. */
struct csv_slot {
    size_t from;
    size_t len;
};

/* A reader of borrowed bytes. `count` and `line` are the caller's to read, the rest is csv.c's. */
struct csv {
    size_t count; /* fields of the row read last; 0 at the end */
    size_t line;  /* the line it begins on, from 1 */
    const char *data;
    size_t len;
    size_t at;
    size_t line_now;   /* of data[at] */
    size_t line_start; /* where that line begins */
    struct buf text;   /* the fields of the row, a NUL behind each */
    struct csv_slot *slots;
    size_t slot_cap;
};

void csv_init(struct csv *c, const char *data, size_t n);
void csv_fini(struct csv *c);

/* Reads the next row. E_INPUT: malformed; E_LIMIT: over a cap; the words name line and column, in
 * characters from 1. After an error the reader is at its end. */
enum code csv_next(struct csv *c, struct err *err);

/* Field i of the row read last, NUL-terminated, good until the next csv_next(). */
const char *csv_field(const struct csv *c, size_t i);
size_t csv_field_len(const struct csv *c, size_t i);

/* Reads the first row, which must hold exactly these names in this order. */
enum code csv_header(struct csv *c, const char *const *names, size_t n, struct err *err);

/* Writes one field: in double quotes, those within doubled, where it holds a comma, a quote or a
 * line break; as it is else. Commas and CRLF between fields are the caller's. */
void csv_put(struct buf *to, const char *s, size_t n);

#endif
