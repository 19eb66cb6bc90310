/* amount: see amount.h. */
#include "sense/amount.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

/* ---- from a text ---- */

static size_t digits_at(const char *s) {
    return strspn(s, "0123456789");
}

/* The parts of a number's text. */
struct parts {
    bool minus;
    const char *whole, *places, *exponent;
    size_t whole_len, places_len, exponent_len;
};

static bool split(const char *s, char mark, struct parts *p) {
    *p = (struct parts){.minus = *s == '-'};
    s += *s == '-' || *s == '+';
    p->whole = s;
    p->whole_len = digits_at(s);
    s += p->whole_len;
    if (*s == mark) {
        p->places = ++s;
        p->places_len = digits_at(s);
        s += p->places_len;
    }
    if (p->whole_len + p->places_len == 0) {
        return false;
    }
    if (*s == 'e' || *s == 'E') {
        p->exponent = ++s;
        size_t sign = *s == '-' || *s == '+';
        size_t n = digits_at(s + sign);
        p->exponent_len = sign + n;
        s += p->exponent_len;
        if (n == 0) {
            return false;
        }
    }
    return *s == '\0';
}

enum code amount_parse(const char *text, char mark, struct arena *a, const char **out,
                       struct err *err) {
    struct parts p;
    if (strlen(text) > AMOUNT_DIGITS_MAX || !split(text, mark, &p)) {
        return err_set(err, E_INPUT, "not a number");
    }
    while (p.whole_len > 1 && *p.whole == '0') {
        p.whole++;
        p.whole_len--;
    }
    char *to = arena_alloc(a, strlen(text) + 4);
    char *at = to;
    if (p.minus) {
        *at++ = '-';
    }
    if (p.whole_len == 0) {
        *at++ = '0';
    }
    memcpy(at, p.whole, p.whole_len);
    at += p.whole_len;
    if (p.places_len > 0) {
        *at++ = '.';
        memcpy(at, p.places, p.places_len);
        at += p.places_len;
    }
    if (p.exponent_len > 0) {
        *at++ = 'e';
        memcpy(at, p.exponent, p.exponent_len);
        at += p.exponent_len;
    }
    *at = '\0';
    *out = to;
    return OK;
}

/* ---- reckoning ---- */

enum { POWER_MAX = 18 };

/* f * 10^n. */
static bool shift(struct fraction *f, long n) {
    if (n < -POWER_MAX || n > POWER_MAX) {
        return false;
    }
    int64_t power = 1;
    for (long i = 0; i < labs(n); i++) {
        power *= 10;
    }
    return n < 0 ? fraction_div(*f, fraction_of(power), f)
                 : fraction_mul(*f, fraction_of(power), f);
}

/* The value of a JSON number; false where it has more digits than are reckoned with. */
static bool value_of(const char *number, struct fraction *out) {
    struct parts p;
    struct fraction f = fraction_of(0);
    if (!split(number, '.', &p) || p.whole_len + p.places_len > POWER_MAX || p.exponent_len > 4) {
        return false;
    }
    int64_t coef = 0;
    for (size_t i = 0; i < p.whole_len; i++) {
        coef = coef * 10 + (p.whole[i] - '0');
    }
    for (size_t i = 0; i < p.places_len; i++) {
        coef = coef * 10 + (p.places[i] - '0');
    }
    long exponent = p.exponent_len > 0 ? strtol(p.exponent, NULL, 10) : 0;
    f = fraction_of(p.minus ? -coef : coef);
    if (!shift(&f, exponent - (long)p.places_len)) {
        return false;
    }
    *out = f;
    return true;
}

static enum code too_long(const char *number, struct err *err) {
    return err_set(err, E_LIMIT, "cannot reckon with %.60s: more than 18 digits", number);
}

static enum code write_out(struct fraction f, int places, struct arena *a, const char **out,
                           struct err *err) {
    struct decimal d;
    char text[DECIMAL_TEXT_MAX];
    if (!fraction_round(f, places == AMOUNT_EXACT ? DECIMAL_SCALE_MAX : places, &d)) {
        return err_set(err, E_LIMIT, "cannot convert: the result has more than 18 digits");
    }
    if (places == AMOUNT_EXACT && fraction_cmp(fraction_of_decimal(d), f) != 0) {
        return err_set(err, E_INPUT, "cannot convert exactly: the result has more than %d decimals",
                       DECIMAL_SCALE_MAX);
    }
    decimal_text(d, text);
    *out = arena_dup(a, text, strlen(text));
    return OK;
}

enum code amount_parse_fraction(const char *text, struct fraction *out, struct err *err) {
    struct arena a = ARENA_INIT;
    const char *slash = strchr(text, '/');
    size_t n = slash == NULL ? strlen(text) : (size_t)(slash - text);
    const char *number = NULL;
    struct fraction f;
    struct fraction under = fraction_of(1);
    bool ok =
        amount_parse(arena_dup(&a, text, n), '.', &a, &number, NULL) == OK && value_of(number, &f);
    if (ok && slash != NULL) {
        ok = amount_parse(slash + 1, '.', &a, &number, NULL) == OK && value_of(number, &under) &&
             fraction_div(f, under, &f);
    }
    arena_fini(&a);
    if (!ok) {
        return err_set(err, E_INPUT, "cannot read \"%.60s\": not as 0.001 or 5/9", text);
    }
    *out = f;
    return OK;
}

enum code amount_convert(const char *number, const struct amount_conversion *c, struct arena *a,
                         const char **out, struct err *err) {
    struct fraction f;
    if (!value_of(number, &f) || !fraction_mul(f, c->factor, &f) ||
        !fraction_add(f, c->offset, &f)) {
        return too_long(number, err);
    }
    return write_out(f, c->places, a, out, err);
}

enum code amount_subtract(const char *number, const char *less, struct arena *a, const char **out,
                          struct err *err) {
    struct fraction f;
    struct fraction g;
    if (!value_of(number, &f) || !value_of(less, &g) || !fraction_sub(f, g, &f)) {
        return too_long(number, err);
    }
    return write_out(f, AMOUNT_EXACT, a, out, err);
}
