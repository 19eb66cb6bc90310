/* pattern: regular expressions that a client sends (idPattern, ~= of a query): POSIX extended,
 * found anywhere in a text. A repetition {n} within another and a reference back \1 take time and
 * memory without bound, so neither is taken. */
#ifndef TAIHU_NGSI_PATTERN_H
#define TAIHU_NGSI_PATTERN_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { PATTERN_MAX = 256 }; /* bytes */

/* Ends with regfree(). E_INPUT: it is none, or has what is not taken; E_LIMIT: it is too long.
 * `what` names it in the words. */
enum code pattern_compile(const char *s, const char *what, regex_t *to, struct err *err);

/* Whether it is found in `n` bytes without NUL. */
bool pattern_finds(const regex_t *pattern, const char *s, size_t n);

#endif
