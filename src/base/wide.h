/* wide: exact sums over numbers as JSON writes them (RFC 8259): signs, fractions, exponents. No
 * binary float takes part, so a sum does not depend on the order of its terms, and a mean that is
 * exact in decimals is told exactly.
 *
 * A number has at most WIDE_PLACES digits before its point and as many behind it. One beyond that
 * is said to be, never rounded: no sensor needs it, and a sum with it is then no sum. */
#ifndef TAIHU_BASE_WIDE_H
#define TAIHU_BASE_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WIDE_PLACES = 36,
    WIDE_LIMBS = 8,       /* of nine digits each, the smallest first; the point is in the middle */
    WIDE_TEXT_MAX = 176,  /* a sum of squares: 72 digits behind its point, 83 before it */
    WIDE_SIGNIFICANT = 16 /* digits of what is rounded: all that a JSON reader's double can tell */
};

struct wide {
    uint32_t limb[WIDE_LIMBS];
    bool negative; /* zero is not */
};

/* False: it is no number of JSON, or none that is held here exactly. */
bool wide_parse(const char *s, size_t n, struct wide *out);

struct wide wide_of(uint32_t n);

/* -1, 0, 1. */
int wide_cmp(const struct wide *a, const struct wide *b);

/* "-13.5": no exponent, no zero that says nothing, so equal numbers have equal texts; and a NUL.
 * Returns `to`. */
char *wide_text(const struct wide *w, char to[WIDE_TEXT_MAX]);

/* How many there were, their sum, the sum of their squares; zeros at first. At most 2^31 - 1
 * numbers. */
struct wide_sum {
    int64_t count;
    int64_t total[WIDE_LIMBS];
    unsigned __int128 squares[2 * WIDE_LIMBS];
};

void wide_sum_add(struct wide_sum *s, const struct wide *w);

/* Both exact. They return `to`. */
char *wide_sum_total(const struct wide_sum *s, char to[WIDE_TEXT_MAX]);
char *wide_sum_squares(const struct wide_sum *s, char to[WIDE_TEXT_MAX]);

/* Their mean, and their standard deviation as of a sample (by n - 1): to WIDE_SIGNIFICANT digits,
 * but every digit before the point, rounded half away from zero; what is past WIDE_PLACES behind
 * the point is cut off. False: there are too few of them, none or less than two. */
bool wide_sum_mean(const struct wide_sum *s, char to[WIDE_TEXT_MAX]);
bool wide_sum_deviation(const struct wide_sum *s, char to[WIDE_TEXT_MAX]);

#endif
