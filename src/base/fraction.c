/* fraction: see fraction.h. Common factors are taken out before a product is made, so that it is as
 * small as can be. */
#include "base/fraction.h"

#include <assert.h>

static __int128 abs_of(__int128 n) {
    return n < 0 ? -n : n;
}

/* Euclid; numbers of 64 bits, which is nearly all, divide several times faster. */
static __int128 common(__int128 a, __int128 b) {
    a = abs_of(a);
    b = abs_of(b);
    while (b > UINT64_MAX || (a > UINT64_MAX && b != 0)) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    if (b == 0) {
        return a;
    }
    for (uint64_t x = (uint64_t)a, y = (uint64_t)b;;) {
        uint64_t rest = x % y;
        if (rest == 0) {
            return y;
        }
        x = y;
        y = rest;
    }
}

static __int128 power_of_ten(int n) {
    __int128 p = 1;
    while (n-- > 0) {
        p *= 10;
    }
    return p;
}

/* den is not 0 */
static struct fraction lowest(__int128 num, __int128 den) {
    __int128 by = common(num, den);
    assert(den != 0);
    if (den < 0) {
        by = -by;
    }
    return (struct fraction){num / by, den / by};
}

struct fraction fraction_of(int64_t n) {
    return (struct fraction){n, 1};
}

struct fraction fraction_of_decimal(struct decimal d) {
    return lowest(d.coef, power_of_ten(d.scale));
}

bool fraction_add(struct fraction a, struct fraction b, struct fraction *out) {
    __int128 by = common(a.den, b.den);
    __int128 x;
    __int128 y;
    __int128 num;
    __int128 den;
    if (__builtin_mul_overflow(a.num, b.den / by, &x) ||
        __builtin_mul_overflow(b.num, a.den / by, &y) || __builtin_add_overflow(x, y, &num) ||
        __builtin_mul_overflow(a.den, b.den / by, &den)) {
        return false;
    }
    *out = lowest(num, den);
    return true;
}

bool fraction_sub(struct fraction a, struct fraction b, struct fraction *out) {
    return fraction_add(a, (struct fraction){-b.num, b.den}, out);
}

bool fraction_mul(struct fraction a, struct fraction b, struct fraction *out) {
    __int128 p = common(a.num, b.den);
    __int128 q = common(b.num, a.den);
    __int128 num;
    __int128 den;
    if (__builtin_mul_overflow(a.num / p, b.num / q, &num) ||
        __builtin_mul_overflow(a.den / q, b.den / p, &den)) {
        return false;
    }
    *out = lowest(num, den);
    return true;
}

bool fraction_div(struct fraction a, struct fraction b, struct fraction *out) {
    return b.num != 0 && fraction_mul(a, lowest(b.den, b.num), out);
}

/* The whole part, downwards; what is left goes to *rest, 0 or more. */
static __int128 whole(__int128 num, __int128 den, __int128 *rest) {
    __int128 q = num / den;
    __int128 r = num % den;
    *rest = r < 0 ? r + den : r;
    return r < 0 ? q - 1 : q;
}

/* By whole parts, then by the inverses of what is left, the other way round: nothing is multiplied,
 * so nothing overflows. */
int fraction_cmp(struct fraction a, struct fraction b) {
    for (int sign = 1;; sign = -sign) {
        __int128 x;
        __int128 y;
        __int128 p = whole(a.num, a.den, &x);
        __int128 q = whole(b.num, b.den, &y);
        if (p != q) {
            return p > q ? sign : -sign;
        }
        if (x == 0 || y == 0) {
            return sign * ((x != 0) - (y != 0));
        }
        a = (struct fraction){a.den, x};
        b = (struct fraction){b.den, y};
    }
}

bool fraction_round(struct fraction f, int scale, struct decimal *out) {
    __int128 num;
    __int128 coef;
    assert(scale >= 0 && scale <= DECIMAL_SCALE_MAX);
    if (__builtin_mul_overflow(f.num, power_of_ten(scale), &num)) {
        return false;
    }
    __int128 rest = abs_of(num % f.den);
    coef = num / f.den;
    if (rest >= f.den - rest) {
        coef += num < 0 ? -1 : 1;
    }
    if (coef > INT64_MAX || coef < -INT64_MAX) {
        return false;
    }
    while (scale > 0 && coef % 10 == 0) {
        coef /= 10;
        scale--;
    }
    *out = (struct decimal){(int64_t)coef, (int8_t)scale};
    return true;
}
