/* exact: numbers of JSON held against each other by their digits, so that 35, 35.0 and 3.5e1 are
 * one number and no binary float takes part. Texts are numbers by the grammar of RFC 8259 of at
 * most JSON_NUMBER_MAX bytes, as json_read() gives them.
 *
 * Exponents beyond a milliard are taken as a milliard: no 64 bytes of digits bring such a number
 * near another one. */
#ifndef TAIHU_NGSI_EXACT_H
#define TAIHU_NGSI_EXACT_H

#include <stdbool.h>
#include <stddef.h>

/* -1, 0, 1. */
int exact_compare(const char *a, const char *b);

/* Whether a number is from -limit to limit, both counted. */
bool exact_is_within(const char *text, const char *limit);

/* Whether `n` bytes are a number of JSON that the functions above take. */
bool exact_is_number(const char *s, size_t n);

#endif
