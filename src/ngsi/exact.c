/* exact: see exact.h. */
#include "ngsi/exact.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

enum { POWER_MAX = 1000000000 };

/* 0.d1d2d3... * 10^point, neither the first nor the last digit 0; no digits at all: 0. */
struct exact {
    bool negative;
    char digits[JSON_NUMBER_MAX + 1];
    size_t count;
    long point;
};

static struct exact exact_of(const char *s) {
    struct exact x;
    bool behind = false;
    x.negative = *s == '-';
    x.count = 0;
    x.point = 0;
    for (s += *s == '-'; (*s >= '0' && *s <= '9') || *s == '.'; s++) {
        if (*s == '.') {
            behind = true;
        } else if (*s == '0' && x.count == 0) {
            x.point -= behind;
        } else if (x.count < JSON_NUMBER_MAX) {
            x.digits[x.count++] = *s;
            x.point += !behind;
        }
    }
    if (*s == 'e' || *s == 'E') {
        long power = strtol(s + 1, NULL, 10);
        x.point += power > POWER_MAX ? POWER_MAX : power < -POWER_MAX ? -POWER_MAX : power;
    }
    while (x.count > 0 && x.digits[x.count - 1] == '0') {
        x.count--;
    }
    x.digits[x.count] = '\0';
    x.negative = x.negative && x.count > 0; /* -0 is 0 */
    return x;
}

/* Without their signs. */
static int compare_size(const struct exact *a, const struct exact *b) {
    if (a->count == 0 || b->count == 0) {
        return (a->count > 0) - (b->count > 0);
    }
    if (a->point != b->point) {
        return a->point < b->point ? -1 : 1;
    }
    int order = strcmp(a->digits, b->digits);
    return (order > 0) - (order < 0);
}

int exact_compare(const char *a, const char *b) {
    struct exact x = exact_of(a);
    struct exact y = exact_of(b);
    if (x.negative != y.negative) {
        return x.negative ? -1 : 1;
    }
    return x.negative ? compare_size(&y, &x) : compare_size(&x, &y);
}

bool exact_is_within(const char *text, const char *limit) {
    struct exact x = exact_of(text);
    struct exact y = exact_of(limit);
    return compare_size(&x, &y) <= 0;
}

/* Digits from *at on; false where there is none. */
static bool take_digits(const char *s, size_t n, size_t *at) {
    size_t from = *at;
    while (*at < n && s[*at] >= '0' && s[*at] <= '9') {
        ++*at;
    }
    return *at > from;
}

bool exact_is_number(const char *s, size_t n) {
    size_t at = n > 0 && s[0] == '-';
    size_t first = at;
    if (n > JSON_NUMBER_MAX || !take_digits(s, n, &at) || (s[first] == '0' && at > first + 1)) {
        return false;
    }
    if (at < n && s[at] == '.') {
        at++;
        if (!take_digits(s, n, &at)) {
            return false;
        }
    }
    if (at < n && (s[at] == 'e' || s[at] == 'E')) {
        at++;
        at += at < n && (s[at] == '+' || s[at] == '-');
        if (!take_digits(s, n, &at)) {
            return false;
        }
    }
    return at == n;
}
