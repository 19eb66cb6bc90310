/* decimal: exact numbers as people write them: 13.5, 308.7, 0.03. No binary float takes part, so a
 * figure prints as it was read and a border is met exactly. value = coef / 10^scale. */
#ifndef TAIHU_BASE_DECIMAL_H
#define TAIHU_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DECIMAL_SCALE_MAX = 9, DECIMAL_TEXT_MAX = 64 };

struct decimal {
    int64_t coef;
    int8_t scale; /* 0 to DECIMAL_SCALE_MAX; as small as the value allows after every operation */
};

struct decimal decimal_of(int64_t n);

/* Reads ASCII digits with one optional point, no sign, no exponent, commas already taken out.
 * False when empty, malformed, or outside 18 digits. */
bool decimal_parse(const char *s, size_t n, struct decimal *out);

/* As decimal_parse(), and one '-' may stand in front: what is reported may fall. */
bool decimal_parse_signed(const char *s, size_t n, struct decimal *out);

/* -1, 0, 1. */
int decimal_cmp(struct decimal a, struct decimal b);

/* False when the result does not fit; *out is then untouched. */
bool decimal_add(struct decimal a, struct decimal b, struct decimal *out);
bool decimal_mul(struct decimal a, struct decimal b, struct decimal *out);

/* a/b rounded half away from zero to `scale` places. False when b is 0 or it does not fit. */
bool decimal_div(struct decimal a, struct decimal b, int scale, struct decimal *out);

/* Writes "13.5" and a NUL; returns `to`. */
char *decimal_text(struct decimal d, char to[DECIMAL_TEXT_MAX]);

#endif
