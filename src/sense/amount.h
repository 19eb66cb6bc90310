/* amount: numbers as files write them, made JSON numbers, and converted exactly.
 *
 *   "35"  "+35"  "035"  "35."  ".5"  "-1.50"  "1e3"  "1,5" where the mark is a comma
 *
 * The digits stay: "1.50" is 1.50. A blank or apostrophe between digits, and grouping commas, are
 * no number: whether "1,234" is a thousand or one and a bit is for nobody to guess. Conversions are
 * by fractions: nothing is rounded, unless places are asked for. */
#ifndef TAIHU_SENSE_AMOUNT_H
#define TAIHU_SENSE_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fraction.h"

enum {
    AMOUNT_DIGITS_MAX = 60, /* bytes; JSON_NUMBER_MAX, less what may be put before them */
    AMOUNT_EXACT = -1,      /* as places: what does not end after 9 decimals is an error */
};

/* The text as a JSON number, in `a`; `mark` is '.' or ','. E_INPUT: it is none. */
enum code amount_parse(const char *text, char mark, struct arena *a, const char **out,
                       struct err *err);

/* "0.001", "5/9", "-32": a factor or offset. E_INPUT, E_LIMIT. */
enum code amount_parse_fraction(const char *text, struct fraction *out, struct err *err);

struct amount_conversion {
    struct fraction factor, offset; /* value * factor + offset */
    int places;                     /* 0 to 9, or AMOUNT_EXACT */
};

/* Converts a JSON number. E_LIMIT: digits beyond what is reckoned with; E_INPUT: not exact. */
enum code amount_convert(const char *number, const struct amount_conversion *c, struct arena *a,
                         const char **out, struct err *err);

/* a - b, exactly. */
enum code amount_subtract(const char *number, const char *less, struct arena *a, const char **out,
                          struct err *err);

#endif
