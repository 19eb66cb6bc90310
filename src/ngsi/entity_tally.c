/* entity_tally: see entity_tally.h. */
#include "ngsi/entity_tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/wide.h"

static const char *const names[ENTITY_METHODS] = {
    [ENTITY_TOTAL_COUNT] = "totalCount",
    [ENTITY_DISTINCT_COUNT] = "distinctCount",
    [ENTITY_SUM] = "sum",
    [ENTITY_AVERAGE] = "avg",
    [ENTITY_MINIMUM] = "min",
    [ENTITY_MAXIMUM] = "max",
    [ENTITY_DEVIATION] = "stddev",
    [ENTITY_SUM_OF_SQUARES] = "sumsq",
};

const char *entity_method_name(enum entity_method method) {
    return names[method];
}

static enum code add_method(const char *s, size_t n, unsigned *methods, struct err *err) {
    for (unsigned i = 0; i < ENTITY_METHODS; i++) {
        if (strlen(names[i]) == n && memcmp(names[i], s, n) == 0) {
            *methods |= 1U << i;
            return OK;
        }
    }
    return err_set(err, E_INPUT, "cannot take aggrMethods \"%.*s\": there is no such method",
                   n > 40 ? 40 : (int)n, s);
}

enum code entity_methods_parse(const char *s, size_t n, unsigned *methods, struct err *err) {
    unsigned all = *methods;
    enum code code = OK;
    for (size_t from = 0; from <= n && code == OK;) {
        const char *comma = memchr(s + from, ',', n - from);
        size_t len = comma == NULL ? n - from : (size_t)(comma - s) - from;
        code = add_method(s + from, len, &all, err);
        from += len + 1;
    }
    if (code == OK) {
        *methods = all;
    }
    return code;
}

/* ---- what a value is ---- */

/* The rows of the table in the header. */
enum row { ROW_NONE, ROW_NUMBER, ROW_TRUTH, ROW_TEXT, ROW_LIST, ROW_COUNTED };

static enum row row_of(enum entity_kind kind, char first) {
    if (kind == ENTITY_LIST) {
        return ROW_LIST;
    }
    if (kind != ENTITY_PROPERTY) {
        return ROW_COUNTED;
    }
    switch (first) {
    case '"':
        return ROW_TEXT;
    case '[':
        return ROW_LIST;
    case '{':
        return ROW_COUNTED;
    case 't':
    case 'f':
        return ROW_TRUTH;
    default:
        return ROW_NUMBER;
    }
}

/* How many items a list has, whose JSON is on one line without blanks: the commas between them, and
 * one. */
static uint32_t size_of(const char *json) {
    uint32_t commas = 0;
    int depth = 0;
    bool quoted = false;
    if (strcmp(json, "[]") == 0) {
        return 0;
    }
    for (; *json != '\0'; json++) {
        if (quoted && *json == '\\' && json[1] != '\0') {
            json++;
        } else if (*json == '"') {
            quoted = !quoted;
        } else if (!quoted) {
            depth += (*json == '[' || *json == '{') - (*json == ']' || *json == '}');
            commas += *json == ',' && depth == 1;
        }
    }
    return commas + 1;
}

/* ---- texts in order ---- */

/* The next byte of what is between a text's quotes; -1 behind the last. What the writer of JSON
 * escapes is one byte each. */
static int next_byte(const char **s) {
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    unsigned code = 0;
    if (**s == '"' || **s == '\0') {
        return -1;
    }
    if (**s != '\\') {
        return (unsigned char)*(*s)++;
    }
    ++*s;
    const char *simple = **s == '\0' ? NULL : strchr(from, **s);
    if (simple != NULL) {
        ++*s;
        return (unsigned char)to[simple - from];
    }
    for (int i = 0; i < 4 && (*s)[1] != '\0'; i++) {
        char c = *++*s;
        code = code * 16 + (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    ++*s;
    return (int)code;
}

/* By their bytes, which for UTF-8 is by code point. */
static int compare_texts(const char *a, const char *b) {
    int x;
    int y;
    a++;
    b++;
    do {
        x = next_byte(&a);
        y = next_byte(&b);
    } while (x == y && x >= 0);
    return x < y ? -1 : x > y;
}

/* ---- distinct values ---- */

enum { SET_MIN = 64 };

/* Texts by their hash, in the next free place; NULL: free. At most half full. */
struct set {
    const char **places;
    size_t count, cap;
};

static uint64_t hash_of(const char *s) {
    uint64_t h = 14695981039346656037U; /* FNV-1a, 64 bits */
    for (; *s != '\0'; s++) {
        h = (h ^ (unsigned char)*s) * 1099511628211U;
    }
    return h;
}

static const char **find_place(const struct set *set, const char *text) {
    size_t at = hash_of(text) & (set->cap - 1);
    while (set->places[at] != NULL && strcmp(set->places[at], text) != 0) {
        at = (at + 1) & (set->cap - 1);
    }
    return &set->places[at];
}

static void set_grow(struct set *set, struct arena *a) {
    struct set to = {NULL, set->count, set->cap == 0 ? SET_MIN : set->cap * 2};
    to.places = arena_zero(a, to.cap * sizeof *to.places);
    for (size_t i = 0; i < set->cap; i++) {
        if (set->places[i] != NULL) {
            *find_place(&to, set->places[i]) = set->places[i];
        }
    }
    *set = to;
}

static void set_add(struct set *set, const char *text, struct arena *a) {
    if (set->count * 2 >= set->cap) {
        set_grow(set, a);
    }
    const char **place = find_place(set, text);
    if (*place == NULL) {
        *place = arena_dup(a, text, strlen(text));
        set->count++;
    }
}

/* ---- the tally ---- */

struct entity_tally {
    struct arena *arena;
    unsigned methods;
    int64_t count;
    enum row row; /* of all values so far; ROW_NONE: there is none */
    struct wide_sum sum;
    struct wide low, high;
    const char *first, *last; /* texts, in order */
    struct set distinct;
};

struct entity_tally *entity_tally_new(unsigned methods, struct arena *a) {
    struct entity_tally *t = arena_zero(a, sizeof *t);
    t->arena = a;
    t->methods = methods;
    return t;
}

void entity_tally_clear(struct entity_tally *t) {
    struct set distinct = t->distinct;
    if (distinct.count > 0) {
        memset(distinct.places, 0, distinct.cap * sizeof *distinct.places);
        distinct.count = 0;
    }
    *t = (struct entity_tally){.arena = t->arena, .methods = t->methods, .distinct = distinct};
}

static bool wants(const struct entity_tally *t, enum entity_method method) {
    return (t->methods >> method & 1U) != 0;
}

static void add_number(struct entity_tally *t, const struct wide *w) {
    bool only = t->count == 0;
    wide_sum_add(&t->sum, w);
    t->low = only || wide_cmp(w, &t->low) < 0 ? *w : t->low;
    t->high = only || wide_cmp(w, &t->high) > 0 ? *w : t->high;
}

static void add_text(struct entity_tally *t, const char *json) {
    bool only = t->count == 0;
    bool first = only || compare_texts(json, t->first) < 0;
    bool last = only || compare_texts(json, t->last) > 0;
    const char *kept = first || last ? arena_dup(t->arena, json, strlen(json)) : NULL;
    t->first = first ? kept : t->first;
    t->last = last ? kept : t->last;
}

/* The number that a value of this row goes in with; false: it has none. */
static bool number_of(enum row row, const char *json, struct wide *out) {
    if (row == ROW_NUMBER) {
        return wide_parse(json, strlen(json), out);
    }
    if (row == ROW_TRUTH || row == ROW_LIST) {
        *out = wide_of(row == ROW_LIST ? size_of(json) : json[0] == 't');
        return true;
    }
    return false;
}

void entity_tally_add(struct entity_tally *t, enum entity_kind kind, const char *json) {
    char text[WIDE_TEXT_MAX];
    struct wide w;
    enum row row = row_of(kind, json[0]);
    bool number = number_of(row, json, &w);
    if (row == ROW_NUMBER && !number) {
        row = ROW_COUNTED;
    }
    t->row = t->count == 0 || t->row == row ? row : ROW_COUNTED;
    if (number && t->row == row) {
        add_number(t, &w);
    } else if (t->row == ROW_TEXT) {
        add_text(t, json);
    }
    t->count++;
    if (wants(t, ENTITY_DISTINCT_COUNT)) {
        set_add(&t->distinct, row == ROW_NUMBER ? wide_text(&w, text) : json, t->arena);
    }
}

static const char *whole(const struct entity_tally *t, int64_t n) {
    char text[24];
    int len = snprintf(text, sizeof text, "%" PRId64, n);
    return arena_dup(t->arena, text, (size_t)len);
}

/* Of numbers, or of what went in as numbers. */
static const char *reckon(const struct entity_tally *t, enum entity_method method) {
    char text[WIDE_TEXT_MAX];
    bool any = true;
    switch (method) {
    case ENTITY_SUM:
        wide_sum_total(&t->sum, text);
        break;
    case ENTITY_AVERAGE:
        any = wide_sum_mean(&t->sum, text);
        break;
    case ENTITY_MINIMUM:
        wide_text(&t->low, text);
        break;
    case ENTITY_MAXIMUM:
        wide_text(&t->high, text);
        break;
    case ENTITY_DEVIATION:
        any = t->row != ROW_LIST && wide_sum_deviation(&t->sum, text);
        break;
    case ENTITY_SUM_OF_SQUARES:
        any = t->row != ROW_LIST;
        wide_sum_squares(&t->sum, text);
        break;
    case ENTITY_TOTAL_COUNT:
    case ENTITY_DISTINCT_COUNT:
    case ENTITY_METHODS:
        any = false;
        break;
    }
    return any ? arena_dup(t->arena, text, strlen(text)) : NULL;
}

const char *entity_tally_answer(const struct entity_tally *t, enum entity_method method) {
    if (method == ENTITY_TOTAL_COUNT) {
        return whole(t, t->count);
    }
    if (method == ENTITY_DISTINCT_COUNT) {
        return whole(t, (int64_t)t->distinct.count);
    }
    if (t->row == ROW_TEXT) {
        return method == ENTITY_MINIMUM ? t->first : method == ENTITY_MAXIMUM ? t->last : NULL;
    }
    return t->row == ROW_NUMBER || t->row == ROW_TRUTH || t->row == ROW_LIST ? reckon(t, method)
                                                                             : NULL;
}
