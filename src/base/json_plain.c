/* json_plain: see json_read_int.h. One pass over a copy of the text, which becomes the texts of the
 * tree where it stands:
 *
 *   {"a": 13.5,"b":"c"}     as it was sent, behind one byte of ours
 *   {"a0:13.50"b0:"c0}      0 a NUL: for a quote, or behind a number, which moves to the left by
 *                           one byte, as the one behind it is still to be read
 *
 * Left, for yajl to read or refuse: escapes, blanks that RFC 8259 does not have, all that is beyond
 * a limit, names that stand twice, objects with many members, and whatever is no JSON. A NUL ends
 * the copy, and is in none of what is read: so no step looks past the end. */
#include "base/json_read_int.h"

#include <stdbool.h>
#include <string.h>

enum {
    COMPARED_MAX = 64, /* members of an object whose names are compared with each other */
    VALUES_AT_ONCE = 32,
};

struct open_value {
    struct json_value *value;
    const struct json_value **end; /* where the next child is hung */
};

struct plain {
    char *at; /* the next byte */
    struct arena *arena;
    struct json_value *room; /* for the next values */
    size_t room_left;
    size_t values;
    const struct json_value *root;
    struct open_value open[JSON_READ_DEPTH_MAX];
    size_t depth;
};

static char skip_blanks(struct plain *p) {
    while (*p->at == ' ' || *p->at == '\n' || *p->at == '\r' || *p->at == '\t') {
        p->at++;
    }
    return *p->at;
}

/* ---- texts ---- */

/* Whether one of eight bytes is a quote or a control character. x - 0x01.. borrows into the highest
 * bit of a byte that is 0, or of one that is above 0x80 before, which ~x tells apart. */
static bool has_end(const char *s) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t x;
    memcpy(&x, s, sizeof x);
    uint64_t quote = x ^ (ones * '"');
    return ((((quote - ones) & ~quote) | ((x - ones * ' ') & ~x)) & (ones * 0x80)) != 0;
}

/* From the quote on; NULL: it has a control character or does not end. */
static char *take_text(struct plain *p, size_t *len) {
    char *text = p->at + 1;
    char *end = text;
    while (!has_end(end)) {
        end += 8;
    }
    while ((unsigned char)*end >= ' ' && *end != '"') {
        end++;
    }
    if (*end != '"') {
        return NULL;
    }
    *end = '\0';
    *len = (size_t)(end - text);
    p->at = end + 1;
    return text;
}

static char *skip_digits(char *s) {
    while (*s >= '0' && *s <= '9') {
        s++;
    }
    return s;
}

/* Behind the number at `s`; NULL: it is none. */
static char *number_end(char *s) {
    s += *s == '-';
    char *end = *s == '0' ? s + 1 : skip_digits(s);
    bool good = end > s;
    if (*end == '.') {
        s = end + 1;
        end = skip_digits(s);
        good = good && end > s;
    }
    if (*end == 'e' || *end == 'E') {
        s = end + 1;
        s += *s == '+' || *s == '-';
        end = skip_digits(s);
        good = good && end > s;
    }
    return good ? end : NULL;
}

/* ---- values ---- */

static struct json_value *add(struct plain *p, enum json_kind kind, const char *name) {
    if (++p->values > JSON_VALUES_MAX) {
        return NULL;
    }
    if (p->room_left == 0) {
        p->room_left = VALUES_AT_ONCE;
        p->room = arena_alloc(p->arena, p->room_left * sizeof *p->room);
    }
    struct json_value *v = p->room++;
    p->room_left--;
    *v = (struct json_value){.kind = kind, .name = name};
    if (p->depth == 0) {
        p->root = v;
        return v;
    }
    struct open_value *in = &p->open[p->depth - 1];
    *in->end = v;
    in->end = &v->next;
    in->value->count++;
    return v;
}

static bool add_text(struct plain *p, const char *name) {
    size_t len = 0;
    char *text = take_text(p, &len);
    struct json_value *v = text == NULL ? NULL : add(p, JSON_STRING, name);
    if (v != NULL) {
        v->text = text;
        v->len = len;
    }
    return v != NULL;
}

static bool add_number(struct plain *p, const char *name) {
    char *end = number_end(p->at);
    size_t len = end == NULL ? 0 : (size_t)(end - p->at);
    struct json_value *v = len == 0 || len > JSON_NUMBER_MAX ? NULL : add(p, JSON_NUMBER, name);
    if (v != NULL) {
        v->text = memmove(p->at - 1, p->at, len);
        v->len = len;
        end[-1] = '\0';
        p->at = end;
    }
    return v != NULL;
}

static bool add_word(struct plain *p, const char *name, const char *word, enum json_kind kind) {
    size_t n = strlen(word);
    struct json_value *v = strncmp(p->at, word, n) == 0 ? add(p, kind, name) : NULL;
    if (v != NULL) {
        v->truth = word[0] == 't';
        p->at += n;
    }
    return v != NULL;
}

static bool add_open(struct plain *p, const char *name, enum json_kind kind) {
    struct json_value *v = p->depth == JSON_READ_DEPTH_MAX ? NULL : add(p, kind, name);
    if (v != NULL) {
        p->open[p->depth++] = (struct open_value){v, &v->first};
        p->at++;
    }
    return v != NULL;
}

static bool add_value(struct plain *p, const char *name) {
    switch (skip_blanks(p)) {
    case '"':
        return add_text(p, name);
    case '{':
        return add_open(p, name, JSON_OBJECT);
    case '[':
        return add_open(p, name, JSON_ARRAY);
    case 't':
        return add_word(p, name, "true", JSON_BOOL);
    case 'f':
        return add_word(p, name, "false", JSON_BOOL);
    case 'n':
        return add_word(p, name, "null", JSON_NULL);
    default:
        return add_number(p, name);
    }
}

/* Up to the value; NULL: no name, one that was there before, or one of too many. */
static const char *take_name(struct plain *p, const struct json_value *object) {
    size_t len;
    if (skip_blanks(p) != '"' || object->count == COMPARED_MAX) {
        return NULL;
    }
    const char *name = take_text(p, &len);
    if (name == NULL || json_member(object, name) != NULL || skip_blanks(p) != ':') {
        return NULL;
    }
    p->at++;
    return name;
}

/* The next value of what is open, or its end. */
static bool go_on(struct plain *p) {
    const struct json_value *in = p->open[p->depth - 1].value;
    const char *name = NULL;
    char c = skip_blanks(p);
    if (c == (in->kind == JSON_OBJECT ? '}' : ']')) {
        p->at++;
        p->depth--;
        return true;
    }
    if (in->count > 0) {
        if (c != ',') {
            return false;
        }
        p->at++;
    }
    if (in->kind == JSON_OBJECT && (name = take_name(p, in)) == NULL) {
        return false;
    }
    return add_value(p, name);
}

const struct json_value *json_plain(const char *data, size_t n, struct arena *a) {
    if (memchr(data, '\\', n) != NULL) {
        return NULL;
    }
    const size_t behind = sizeof(uint64_t); /* has_end() may begin at the NUL */
    char *copy = arena_alloc(a, 1 + n + behind);
    copy[0] = ' '; /* where a number goes that is all there is */
    memcpy(copy + 1, data, n);
    memset(copy + 1 + n, 0, behind);
    struct plain p = {.at = copy + 1, .arena = a};
    bool good = add_value(&p, NULL);
    while (good && p.depth > 0) {
        good = go_on(&p);
    }
    bool whole = good && skip_blanks(&p) == '\0' && p.at == copy + 1 + n;
    return whole ? p.root : NULL;
}
