/* entity_language: see entity_language.h. */
#include "ngsi/entity_language.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { RANGES_MAX = 32, WEIGHT_ONE = 1000 };

struct range {
    const char *text;
    size_t n;
    int weight; /* in thousandths */
    size_t place;
};

/* "0.85" in thousandths; what is no weight is 1 (RFC 9110 section 12.4.2). */
static int weight_of(const char *s, size_t n) {
    int weight = 0;
    int unit = WEIGHT_ONE;
    if (n == 0 || (s[0] != '0' && s[0] != '1')) {
        return WEIGHT_ONE;
    }
    weight = (s[0] - '0') * unit;
    for (size_t i = 2; i < n && i < 5 && s[1] == '.' && s[i] >= '0' && s[i] <= '9'; i++) {
        unit /= 10;
        weight += (s[i] - '0') * unit;
    }
    return weight > WEIGHT_ONE ? WEIGHT_ONE : weight;
}

static int compare(const void *a, const void *b) {
    const struct range *x = a;
    const struct range *y = b;
    if (x->weight != y->weight) {
        return x->weight > y->weight ? -1 : 1;
    }
    return x->place < y->place ? -1 : 1;
}

/* One entry of the list, "fr;q=0.9". */
static struct range read_range(const char *s, size_t n, size_t place) {
    while (n > 0 && *s == ' ') {
        s++;
        n--;
    }
    const char *semicolon = memchr(s, ';', n);
    size_t len = semicolon == NULL ? n : (size_t)(semicolon - s);
    struct range r = {s, len, WEIGHT_ONE, place};
    while (r.n > 0 && s[r.n - 1] == ' ') {
        r.n--;
    }
    const char *q = semicolon == NULL ? NULL : semicolon + 1;
    while (q != NULL && *q == ' ') {
        q++;
    }
    if (q != NULL && strncasecmp(q, "q=", 2) == 0 && q + 2 <= s + n) {
        r.weight = weight_of(q + 2, (size_t)(s + n - (q + 2)));
    }
    return r;
}

static size_t read_ranges(const char *text, struct range *to) {
    size_t count = 0;
    while (*text != '\0' && count < RANGES_MAX) {
        size_t n = strcspn(text, ",");
        struct range r = read_range(text, n, count);
        if (r.n > 0 && r.weight > 0) {
            to[count++] = r;
        }
        text += n + (text[n] == ',');
    }
    qsort(to, count, sizeof *to, compare);
    return count;
}

/* The tag that is the first `n` bytes, else the first that goes on from there with a hyphen. */
static const struct json_value *find_tag(const struct json_value *map, const char *s, size_t n) {
    const struct json_value *longer = NULL;
    for (const struct json_value *m = map->first; m != NULL; m = m->next) {
        if (strncasecmp(m->name, s, n) == 0 && strlen(m->name) >= n) {
            if (m->name[n] == '\0') {
                return m;
            }
            longer = longer == NULL && m->name[n] == '-' ? m : longer;
        }
    }
    return longer;
}

/* Cut at the last hyphen, and before it where one letter would be left at the end. */
static size_t cut(const char *s, size_t n) {
    while (n > 0 && s[n - 1] != '-') {
        n--;
    }
    n -= n > 0;
    return n >= 2 && s[n - 2] == '-' ? n - 2 : n;
}

const struct json_value *entity_language_find(const struct json_value *map, const char *ranges,
                                              struct arena *a) {
    struct range *all = arena_alloc(a, RANGES_MAX * sizeof *all);
    size_t count = read_ranges(ranges, all);
    const struct json_value *none = json_member(map, "@none");
    for (size_t i = 0; i < count; i++) {
        if (all[i].n == 1 && all[i].text[0] == '*') {
            break;
        }
        for (size_t n = all[i].n; n > 0; n = cut(all[i].text, n)) {
            const struct json_value *m = find_tag(map, all[i].text, n);
            if (m != NULL) {
                return m;
            }
        }
    }
    return none == NULL ? map->first : none;
}
