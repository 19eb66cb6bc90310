/* wide: see wide.h. What is made of a sum is worked out in whole numbers of up to BIG limbs of nine
 * decimal digits, the smallest first, and the point is set at the end. */
#include "base/wide.h"

#include <assert.h>
#include <string.h>

enum {
    BILLION = 1000000000, /* a limb is below it */
    NINE = 9,             /* digits of a limb */
    HALF = WIDE_LIMBS / 2,
    BIG = 32, /* n * squares: 16 limbs, three for the carries of a sum, two for n; and room */
    DIGITS = BIG * NINE + 1,
};

static const uint32_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/* ---- one number ---- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Digits at `at`, moved behind them; false where there is none. */
static bool skip_digits(const char *s, size_t n, size_t *at) {
    size_t from = *at;
    while (*at < n && is_digit(s[*at])) {
        ++*at;
    }
    return *at > from;
}

/* "e-3", at most four digits: what is longer is beyond us, whatever it says. */
static bool take_exponent(const char *s, size_t n, size_t *at, int *out) {
    *out = 0;
    if (*at == n || (s[*at] != 'e' && s[*at] != 'E')) {
        return true;
    }
    ++*at;
    bool negative = *at < n && s[*at] == '-';
    *at += *at < n && (s[*at] == '-' || s[*at] == '+');
    size_t from = *at;
    if (!skip_digits(s, n, at)) {
        return false;
    }
    while (from < *at && s[from] == '0') {
        from++;
    }
    if (*at - from > 4) {
        return false;
    }
    for (; from < *at; from++) {
        *out = *out * 10 + (s[from] - '0');
    }
    *out = negative ? -*out : *out;
    return true;
}

/* Puts a digit at a place: 0 is the one just before the point. False: there is no such place. */
static bool put_digit(struct wide *w, int place, int digit) {
    int at = place + WIDE_PLACES;
    if (digit == 0) {
        return true;
    }
    if (at < 0 || at >= WIDE_LIMBS * NINE) {
        return false;
    }
    w->limb[at / NINE] += (uint32_t)digit * powers[at % NINE];
    return true;
}

bool wide_parse(const char *s, size_t n, struct wide *out) {
    struct wide w = {.negative = n > 0 && s[0] == '-'};
    size_t at = w.negative;
    size_t whole = at;
    if (!skip_digits(s, n, &at) || (s[whole] == '0' && at - whole > 1)) {
        return false;
    }
    size_t point = at;
    bool fraction = at < n && s[at] == '.';
    at += fraction;
    if (fraction && !skip_digits(s, n, &at)) {
        return false;
    }
    size_t end = at;
    int shift;
    if (!take_exponent(s, n, &at, &shift) || at != n || n > 4096) {
        return false;
    }
    bool zero = true;
    for (size_t i = whole; i < end; i++) {
        int place = i < point ? (int)(point - i) - 1 : (int)point - (int)i;
        if (i != point && !put_digit(&w, place + shift, s[i] - '0')) {
            return false;
        }
        zero = zero && (i == point || s[i] == '0');
    }
    w.negative = w.negative && !zero;
    *out = w;
    return true;
}

struct wide wide_of(uint32_t n) {
    struct wide w = {.negative = false};
    w.limb[HALF] = n % BILLION;
    w.limb[HALF + 1] = n / BILLION;
    return w;
}

int wide_cmp(const struct wide *a, const struct wide *b) {
    if (a->negative != b->negative) {
        return a->negative ? -1 : 1;
    }
    for (int i = WIDE_LIMBS - 1; i >= 0; i--) {
        if (a->limb[i] != b->limb[i]) {
            return (a->limb[i] < b->limb[i]) != a->negative ? -1 : 1;
        }
    }
    return 0;
}

/* ---- whole numbers ---- */

struct big {
    uint32_t limb[BIG];
    int used; /* limbs from here on are zero */
};

static void big_fit(struct big *b, int used) {
    while (used > 0 && b->limb[used - 1] == 0) {
        used--;
    }
    b->used = used;
}

/* Sets it to limbs that are not below a billion each; what is left over was negative: false. */
static bool big_set(struct big *b, const __int128 *limbs, int count) {
    __int128 carry = 0;
    for (int i = 0; i < BIG; i++) {
        __int128 v = carry + (i < count ? limbs[i] : 0);
        carry = v / BILLION;
        __int128 rest = v % BILLION;
        carry -= rest < 0;
        b->limb[i] = (uint32_t)(rest < 0 ? rest + BILLION : rest);
    }
    big_fit(b, BIG);
    return carry >= 0;
}

static struct big big_mul(const struct big *a, const struct big *b) {
    unsigned __int128 column[BIG] = {0};
    struct big out;
    for (int i = 0; i < a->used; i++) {
        for (int k = 0; k < b->used && i + k < BIG; k++) {
            column[i + k] += (uint64_t)a->limb[i] * b->limb[k];
        }
    }
    unsigned __int128 carry = 0;
    for (int i = 0; i < BIG; i++) {
        carry += column[i];
        out.limb[i] = (uint32_t)(carry % BILLION);
        carry /= BILLION;
    }
    assert(carry == 0 && a->used + b->used <= BIG);
    big_fit(&out, BIG);
    return out;
}

static int big_cmp(const struct big *a, const struct big *b) {
    if (a->used != b->used) {
        return a->used < b->used ? -1 : 1;
    }
    for (int i = a->used - 1; i >= 0; i--) {
        if (a->limb[i] != b->limb[i]) {
            return a->limb[i] < b->limb[i] ? -1 : 1;
        }
    }
    return 0;
}

/* b is not the larger. */
static void big_sub(struct big *a, const struct big *b) {
    uint32_t borrow = 0;
    for (int i = 0; i < a->used; i++) {
        uint32_t take = b->limb[i] + borrow;
        borrow = a->limb[i] < take;
        a->limb[i] = a->limb[i] + (borrow ? BILLION : 0) - take;
    }
    assert(borrow == 0);
    big_fit(a, a->used);
}

/* a * by + add; both are small. */
static void big_scale(struct big *a, uint32_t by, uint32_t add) {
    uint64_t carry = add;
    int i = 0;
    for (; i < a->used || carry != 0; i++) {
        assert(i < BIG);
        carry += (uint64_t)a->limb[i] * by;
        a->limb[i] = (uint32_t)(carry % BILLION);
        carry /= BILLION;
    }
    big_fit(a, i);
}

/* What is behind the point of the quotient falls away. */
static void big_divide(struct big *a, uint32_t by) {
    uint64_t rest = 0;
    for (int i = a->used - 1; i >= 0; i--) {
        rest = rest * BILLION + a->limb[i];
        a->limb[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    big_fit(a, a->used);
}

/* All its digits, the largest first, and a NUL. */
static void big_digits(const struct big *b, char to[DIGITS]) {
    for (int i = 0; i < BIG; i++) {
        uint32_t limb = b->limb[BIG - 1 - i];
        for (int k = NINE - 1; k >= 0; k--, limb /= 10) {
            to[i * NINE + k] = (char)('0' + limb % 10);
        }
    }
    to[DIGITS - 1] = '\0';
}

/* The whole part of the square root, two digits of the number to each of the root, as by hand:
 * having the root r of what was read, and a rest, the next digit is the largest d for which
 * (20 r + d) d is not more than the rest with the next two digits. */
static struct big big_root(const struct big *b) {
    char digits[DIGITS];
    struct big root = {{0}, 0};
    struct big rest = {{0}, 0};
    big_digits(b, digits);
    for (int i = 0; i < DIGITS - 1; i += 2) {
        struct big odd = root; /* 20 r + 1, 20 r + 3, ...: the steps from square to square */
        uint32_t digit = 0;
        big_scale(&rest, 100, (uint32_t)((digits[i] - '0') * 10 + (digits[i + 1] - '0')));
        big_scale(&odd, 20, 1);
        while (big_cmp(&rest, &odd) >= 0) {
            big_sub(&rest, &odd);
            big_scale(&odd, 1, 2);
            digit++;
        }
        big_scale(&root, 10, digit);
    }
    return root;
}

/* ---- texts ---- */

/* Rounds digits half away from zero behind the first `keep` of those from `from` on; what is to be
 * rounded has a zero in front. */
static void round_digits(char *digits, int from, int keep) {
    int at = from + keep;
    if (at >= DIGITS - 1) {
        return;
    }
    bool up = digits[at] >= '5';
    memset(digits + at, '0', (size_t)(DIGITS - 1 - at));
    for (int i = at - 1; up && i >= 0; i--) {
        up = digits[i] == '9';
        digits[i] = up ? '0' : (char)(digits[i] + 1);
    }
}

/* The number b / 10^places, without zeros that say nothing. */
static char *write_big(const struct big *b, bool negative, int places, int significant, char *to) {
    char digits[DIGITS];
    int first = 0;
    char *at = to;
    big_digits(b, digits);
    while (first < DIGITS - 2 && digits[first] == '0') {
        first++;
    }
    int point = DIGITS - 1 - places;
    int whole = first < point ? point - first : 0;
    if (significant > 0) {
        round_digits(digits, first, significant > whole ? significant : whole);
        first -= first > 0 && digits[first - 1] != '0';
    }
    int last = DIGITS - 2;
    while (last >= point && digits[last] == '0') {
        last--;
    }
    first = first < point ? first : point - 1;
    if (negative && !(first == point - 1 && last < point && digits[first] == '0')) {
        *at++ = '-';
    }
    memcpy(at, digits + first, (size_t)(point - first));
    at += point - first;
    if (last >= point) {
        *at++ = '.';
        memcpy(at, digits + point, (size_t)(last - point) + 1);
        at += last - point + 1;
    }
    *at = '\0';
    return to;
}

char *wide_text(const struct wide *w, char to[WIDE_TEXT_MAX]) {
    struct big b = {{0}, 0};
    memcpy(b.limb, w->limb, sizeof w->limb);
    big_fit(&b, WIDE_LIMBS);
    return write_big(&b, w->negative, WIDE_PLACES, 0, to);
}

/* ---- sums ---- */

void wide_sum_add(struct wide_sum *s, const struct wide *w) {
    s->count++;
    assert(s->count <= INT32_MAX);
    for (int i = 0; i < WIDE_LIMBS; i++) {
        if (w->limb[i] == 0) {
            continue;
        }
        s->total[i] += w->negative ? -(int64_t)w->limb[i] : (int64_t)w->limb[i];
        for (int k = 0; k < WIDE_LIMBS; k++) {
            s->squares[i + k] += (uint64_t)w->limb[i] * w->limb[k];
        }
    }
}

/* The sum's magnitude, in 10^-36; true where the sum is below zero. */
static bool total_of(const struct wide_sum *s, struct big *out) {
    __int128 limbs[WIDE_LIMBS];
    for (int i = 0; i < WIDE_LIMBS; i++) {
        limbs[i] = s->total[i];
    }
    if (big_set(out, limbs, WIDE_LIMBS)) {
        return false;
    }
    for (int i = 0; i < WIDE_LIMBS; i++) {
        limbs[i] = -limbs[i];
    }
    (void)big_set(out, limbs, WIDE_LIMBS);
    return true;
}

/* In 10^-72. */
static void squares_of(const struct wide_sum *s, struct big *out) {
    __int128 limbs[2 * WIDE_LIMBS];
    for (int i = 0; i < 2 * WIDE_LIMBS; i++) {
        limbs[i] = (__int128)s->squares[i];
    }
    (void)big_set(out, limbs, 2 * WIDE_LIMBS);
}

char *wide_sum_total(const struct wide_sum *s, char to[WIDE_TEXT_MAX]) {
    struct big total;
    bool negative = total_of(s, &total);
    return write_big(&total, negative, WIDE_PLACES, 0, to);
}

char *wide_sum_squares(const struct wide_sum *s, char to[WIDE_TEXT_MAX]) {
    struct big squares;
    squares_of(s, &squares);
    return write_big(&squares, false, 2 * WIDE_PLACES, 0, to);
}

bool wide_sum_mean(const struct wide_sum *s, char to[WIDE_TEXT_MAX]) {
    struct big mean;
    if (s->count == 0) {
        return false;
    }
    bool negative = total_of(s, &mean);
    big_divide(&mean, (uint32_t)s->count);
    write_big(&mean, negative, WIDE_PLACES, WIDE_SIGNIFICANT, to);
    return true;
}

/* The variance is (n Σx² - (Σx)²) / n(n - 1), in 10^-72: so its root is in 10^-36. The root of the
 * whole part is the whole part of the root, so nothing falls away before it is rounded. */
bool wide_sum_deviation(const struct wide_sum *s, char to[WIDE_TEXT_MAX]) {
    struct big total;
    struct big squares;
    if (s->count < 2) {
        return false;
    }
    (void)total_of(s, &total);
    squares_of(s, &squares);
    struct big squared = big_mul(&total, &total);
    big_scale(&squares, (uint32_t)s->count, 0);
    big_sub(&squares, &squared);
    big_divide(&squares, (uint32_t)s->count);
    big_divide(&squares, (uint32_t)s->count - 1);
    struct big root = big_root(&squares);
    write_big(&root, false, WIDE_PLACES, WIDE_SIGNIFICANT, to);
    return true;
}
