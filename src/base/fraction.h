/* fraction: exact quotients of decimals, for borders that no rounding may blur: 9.4 of 28.2 is a
 * third, and a third of 30 is 10.
 *
 * Always holds: den > 0, in lowest terms. What does not fit 128 bits is said, never wrapped; with
 * numbers of up to twelve digits it does not happen. */
#ifndef TAIHU_BASE_FRACTION_H
#define TAIHU_BASE_FRACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/decimal.h"

struct fraction {
    __int128 num;
    __int128 den;
};

struct fraction fraction_of(int64_t n);
struct fraction fraction_of_decimal(struct decimal d);

/* False when the result does not fit, or b is 0 for a division; *out is then untouched. */
bool fraction_add(struct fraction a, struct fraction b, struct fraction *out);
bool fraction_sub(struct fraction a, struct fraction b, struct fraction *out);
bool fraction_mul(struct fraction a, struct fraction b, struct fraction *out);
bool fraction_div(struct fraction a, struct fraction b, struct fraction *out);

/* -1, 0, 1: always exact, whatever the size. */
int fraction_cmp(struct fraction a, struct fraction b);

/* Rounded half away from zero to `scale` places, for showing. False when it does not fit. */
bool fraction_round(struct fraction f, int scale, struct decimal *out);

#endif
