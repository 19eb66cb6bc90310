/* column: texts in columns of a terminal, where a Chinese character is as wide as two Latin ones.
 */
#ifndef TAIHU_PLAN_COLUMN_H
#define TAIHU_PLAN_COLUMN_H

#include <stddef.h>

#include "base/buf.h"

/* The cells that n bytes of valid UTF-8 take: 2 for East Asian wide and full-width characters, 0
 * for combining marks, 1 for all else, also for those that UAX #11 calls ambiguous. */
int column_width(const char *s, size_t n);

/* Appends the text in exactly `width` cells: padded with blanks behind, or cut with "..." at the
 * end. Control characters and line feeds become blanks. */
void column_put(struct buf *to, const char *s, size_t n, int width);

/* The same, padded in front: for numbers. */
void column_put_right(struct buf *to, const char *s, size_t n, int width);

/* Appends at most `width` cells and no padding: for the last column of a row. */
void column_put_last(struct buf *to, const char *s, size_t n, int width);

#endif
