/* decimal: see decimal.h. 128-bit intermediates, so that no product overflows unseen. */
#include "base/decimal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

typedef __int128 wide; /* the one typedef: gcc and clang spell 128 bits so, ISO C does not */

static wide pow10_wide(int n) {
    wide p = 1;
    while (n-- > 0) {
        p *= 10;
    }
    return p;
}

/* Drops trailing zeros behind the point; false when the rest does not fit. */
static bool settle(wide coef, int scale, struct decimal *out) {
    while (scale > 0 && coef % 10 == 0) {
        coef /= 10;
        scale--;
    }
    if (scale > DECIMAL_SCALE_MAX || coef > INT64_MAX || coef < -(wide)INT64_MAX) {
        return false;
    }
    out->coef = (int64_t)coef;
    out->scale = (int8_t)scale;
    return true;
}

struct decimal decimal_of(int64_t n) {
    return (struct decimal){n, 0};
}

bool decimal_parse(const char *s, size_t n, struct decimal *out) {
    wide coef = 0;
    int scale = -1;
    int digits = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '.' && scale < 0 && digits > 0) {
            scale = 0;
        } else if (s[i] >= '0' && s[i] <= '9' && digits < 18) {
            coef = coef * 10 + (s[i] - '0');
            digits++;
            scale += scale >= 0;
        } else {
            return false;
        }
    }
    if (digits == 0 || scale == 0) {
        return false;
    }
    return settle(coef, scale < 0 ? 0 : scale, out);
}

bool decimal_parse_signed(const char *s, size_t n, struct decimal *out) {
    bool minus = n > 0 && s[0] == '-';
    struct decimal size;
    if (!decimal_parse(s + minus, n - minus, &size)) {
        return false;
    }
    *out = (struct decimal){minus ? -size.coef : size.coef, size.scale};
    return true;
}

int decimal_cmp(struct decimal a, struct decimal b) {
    wide x = (wide)a.coef * pow10_wide(b.scale);
    wide y = (wide)b.coef * pow10_wide(a.scale);
    return (x > y) - (x < y);
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *out) {
    int scale = a.scale > b.scale ? a.scale : b.scale;
    wide x = (wide)a.coef * pow10_wide(scale - a.scale);
    wide y = (wide)b.coef * pow10_wide(scale - b.scale);
    return settle(x + y, scale, out);
}

bool decimal_mul(struct decimal a, struct decimal b, struct decimal *out) {
    return settle((wide)a.coef * b.coef, a.scale + b.scale, out);
}

bool decimal_div(struct decimal a, struct decimal b, int scale, struct decimal *out) {
    assert(scale >= 0 && scale <= DECIMAL_SCALE_MAX);
    if (b.coef == 0) {
        return false;
    }
    wide num = (wide)a.coef * pow10_wide(scale + b.scale);
    wide den = (wide)b.coef * pow10_wide(a.scale);
    wide half = (den < 0 ? -den : den) / 2;
    wide abs_num = num < 0 ? -num : num;
    wide q = (abs_num + half) / (den < 0 ? -den : den);
    return settle((num < 0) != (den < 0) ? -q : q, scale, out);
}

char *decimal_text(struct decimal d, char to[DECIMAL_TEXT_MAX]) {
    assert(d.scale >= 0 && d.scale <= DECIMAL_SCALE_MAX);
    uint64_t abs = d.coef < 0 ? 0 - (uint64_t)d.coef : (uint64_t)d.coef;
    uint64_t unit = (uint64_t)pow10_wide(d.scale);
    const char *sign = d.coef < 0 ? "-" : "";
    if (d.scale == 0) {
        snprintf(to, DECIMAL_TEXT_MAX, "%s%llu", sign, (unsigned long long)abs);
    } else {
        snprintf(to, DECIMAL_TEXT_MAX, "%s%llu.%0*llu", sign, (unsigned long long)(abs / unit),
                 d.scale, (unsigned long long)(abs % unit));
    }
    return to;
}
