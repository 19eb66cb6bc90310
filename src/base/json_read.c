/* json_read: see json_read.h. One pass over the bytes checks what yajl would let through or repair:
 * UTF-8, and the \u escapes that are no character. What has no escapes then goes the short way
 * (json_plain.c), all else and what is wrong by yajl, which calls back for each value; the tree
 * grows under the open arrays and objects, which stand on a stack. */
#include "base/json_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "base/json_read_int.h"
#include "base/mem.h"
#include "base/utf8.h"

#define TWICE "\"%.60s\" stands twice in one object"

/* Names of smaller objects are compared with each other as they come. */
enum { COMPARED_MAX = 64 };

struct open_value {
    struct json_value *value;
    const struct json_value **end; /* where the next child is hung */
    const char *name;              /* of the member whose value comes next */
};

struct reading {
    struct arena *arena;
    const struct json_value *root;
    struct open_value open[JSON_READ_DEPTH_MAX];
    size_t depth;
    size_t values;
    enum code code; /* why a callback stopped; the words say no place yet */
    struct err why;
};

const char *json_kind_name(enum json_kind kind) {
    static const char *const names[] = {"null",   "true or false", "a number",
                                        "a text", "a list",        "an object"};
    return names[kind];
}

/* ---- before yajl ---- */

/* The 16 bits of "\uXXXX" at s, or -1. */
static long escape_value(const char *s, size_t n) {
    long v = 0;
    if (n < 6 || s[0] != '\\' || s[1] != 'u') {
        return -1;
    }
    for (size_t i = 2; i < 6; i++) {
        char c = s[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) {
            return -1;
        }
        v = v * 16 + digit;
    }
    return v;
}

/* Why the escape at s is refused, or NULL; *len is what it takes up. */
static const char *escape_fault(const char *s, size_t n, size_t *len) {
    long v = escape_value(s, n);
    *len = v < 0 ? 2 : 6; /* what is no escape is for yajl to refuse */
    if (v == 0) {
        return "\\u0000 is not allowed in a text";
    }
    if (v < 0xD800 || v > 0xDFFF) {
        return NULL;
    }
    long low = escape_value(s + 6, n - 6);
    *len = 12;
    return v <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF ? NULL : "half of a surrogate pair";
}

static enum code check_bytes(const char *data, size_t n, struct err *err) {
    if (n > JSON_INPUT_MAX) {
        return err_set(err, E_LIMIT, "cannot read JSON of %zu bytes: at most %d are taken", n,
                       JSON_INPUT_MAX);
    }
    size_t good = utf8_check(data, n);
    if (good < n) {
        return err_set(err, E_INPUT, "cannot read JSON at byte %zu: not UTF-8", good);
    }
    size_t len;
    for (size_t i = 0; i < n; i += len) {
        const char *slash = memchr(data + i, '\\', n - i);
        if (slash == NULL) {
            break;
        }
        i = (size_t)(slash - data);
        const char *fault = escape_fault(slash, n - i, &len);
        if (fault != NULL) {
            return err_set(err, E_INPUT, "cannot read JSON at byte %zu: %s", i, fault);
        }
    }
    return OK;
}

/* ---- the callbacks: 1 goes on, 0 stops ---- */

static int stop(struct reading *r, enum code code, const char *why) {
    r->code = err_set(&r->why, code, "%s", why);
    return 0;
}

/* A new value in its place; NULL when there are too many. */
static struct json_value *add(struct reading *r, enum json_kind kind) {
    if (++r->values > JSON_VALUES_MAX) {
        stop(r, E_LIMIT, "too many values");
        return NULL;
    }
    struct json_value *v = arena_zero(r->arena, sizeof *v);
    v->kind = kind;
    if (r->depth == 0) {
        r->root = v;
        return v;
    }
    struct open_value *in = &r->open[r->depth - 1];
    v->name = in->name;
    in->name = NULL;
    *in->end = v;
    in->end = &v->next;
    in->value->count++;
    return v;
}

static int add_text(struct reading *r, enum json_kind kind, const char *s, size_t n) {
    struct json_value *v = add(r, kind);
    if (v == NULL) {
        return 0;
    }
    v->text = arena_dup(r->arena, s, n);
    v->len = n;
    return 1;
}

static int on_null(void *ctx) {
    return add(ctx, JSON_NULL) != NULL;
}

static int on_bool(void *ctx, int truth) {
    struct json_value *v = add(ctx, JSON_BOOL);
    if (v == NULL) {
        return 0;
    }
    v->truth = truth != 0;
    return 1;
}

static int on_number(void *ctx, const char *s, size_t n) {
    if (n > JSON_NUMBER_MAX) {
        return stop(ctx, E_LIMIT, "a number of too many digits");
    }
    return add_text(ctx, JSON_NUMBER, s, n);
}

static int on_string(void *ctx, const unsigned char *s, size_t n) {
    return add_text(ctx, JSON_STRING, (const char *)s, n);
}

static int open_value(struct reading *r, enum json_kind kind) {
    if (r->depth == JSON_READ_DEPTH_MAX) {
        return stop(r, E_LIMIT, "too many levels");
    }
    struct json_value *v = add(r, kind);
    if (v == NULL) {
        return 0;
    }
    r->open[r->depth++] = (struct open_value){v, &v->first, NULL};
    return 1;
}

static int on_object(void *ctx) {
    return open_value(ctx, JSON_OBJECT);
}

static int on_array(void *ctx) {
    return open_value(ctx, JSON_ARRAY);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of an object too large to compare each with all before it. */
static int check_names(struct reading *r, const struct json_value *object) {
    const char **names = mem_alloc(object->count * sizeof *names);
    const char *twice = NULL;
    size_t n = 0;
    for (const struct json_value *m = object->first; m != NULL; m = m->next) {
        names[n++] = m->name;
    }
    qsort(names, n, sizeof *names, compare_names);
    for (size_t i = 1; i < n && twice == NULL; i++) {
        twice = strcmp(names[i - 1], names[i]) == 0 ? names[i] : NULL;
    }
    free(names);
    if (twice != NULL) {
        r->code = err_set(&r->why, E_INPUT, TWICE, twice);
    }
    return twice == NULL;
}

static int on_end(void *ctx) {
    struct reading *r = ctx;
    const struct json_value *v = r->open[--r->depth].value;
    return v->kind != JSON_OBJECT || v->count <= COMPARED_MAX || check_names(r, v);
}

static int on_name(void *ctx, const unsigned char *s, size_t n) {
    struct reading *r = ctx;
    struct open_value *in = &r->open[r->depth - 1];
    const char *name = arena_dup(r->arena, (const char *)s, n);
    if (in->value->count < COMPARED_MAX && json_member(in->value, name) != NULL) {
        r->code = err_set(&r->why, E_INPUT, TWICE, name);
        return 0;
    }
    if (in->value->count == JSON_MEMBERS_MAX) {
        return stop(r, E_LIMIT, "too many members in one object");
    }
    in->name = name;
    return 1;
}

/* ---- reading ---- */

static const yajl_callbacks CALLBACKS = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_object,
    .yajl_map_key = on_name,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

/* yajl's words without "parse error: " before and the line feed behind them. */
static enum code grammar_error(yajl_handle h, size_t at, struct err *err) {
    unsigned char *words = yajl_get_error(h, 0, NULL, 0);
    const char *from = words == NULL ? "" : (const char *)words;
    const char *colon = strstr(from, ": ");
    from = colon == NULL ? from : colon + 2;
    enum code code = err_set(err, E_INPUT, "cannot read JSON at byte %zu: %.*s", at,
                             (int)strcspn(from, "\n"), from);
    yajl_free_error(h, words);
    return code;
}

static enum code parse(yajl_handle h, const char *data, size_t n, struct reading *r,
                       struct err *err) {
    yajl_status status = yajl_parse(h, (const unsigned char *)data, n);
    size_t at = yajl_get_bytes_consumed(h);
    if (status == yajl_status_ok) {
        status = yajl_complete_parse(h); /* a number at the end is known to end only here */
        at = n;
    }
    if (r->code != OK) {
        return err_set(err, r->code, "cannot read JSON at byte %zu: %s", at, r->why.msg);
    }
    return status == yajl_status_ok ? OK : grammar_error(h, at, err);
}

enum code json_yajl(const char *data, size_t n, struct arena *a, const struct json_value **out,
                    struct err *err) {
    struct reading r = {.arena = a};
    yajl_handle h = yajl_alloc(&CALLBACKS, NULL, &r);
    if (h == NULL) {
        abort(); /* as mem_alloc() */
    }
    enum code code = parse(h, data, n, &r, err);
    yajl_free(h);
    if (code == OK) {
        *out = r.root;
    }
    return code;
}

enum code json_read(const char *data, size_t n, struct arena *a, const struct json_value **out,
                    struct err *err) {
    enum code code = check_bytes(data, n, err);
    if (code != OK) {
        return code;
    }
    const struct json_value *plain = json_plain(data, n, a);
    if (plain == NULL) {
        return json_yajl(data, n, a, out, err);
    }
    *out = plain;
    return OK;
}

/* ---- members ---- */

const struct json_value *json_member(const struct json_value *v, const char *name) {
    if (v == NULL || v->kind != JSON_OBJECT) {
        return NULL;
    }
    for (const struct json_value *m = v->first; m != NULL; m = m->next) {
        if (m->name[0] == name[0] && strcmp(m->name, name) == 0) { /* most differ at once */
            return m;
        }
    }
    return NULL;
}

/* The member, of the kind asked for; NULL through *out when it is absent or null. */
static enum code take(const struct json_value *object, const char *name, enum json_kind kind,
                      const struct json_value **out, struct err *err) {
    const struct json_value *m = json_member(object, name);
    if (m != NULL && m->kind != JSON_NULL && m->kind != kind) {
        return err_set(err, E_INPUT, "\"%s\" must be %s, not %s", name, json_kind_name(kind),
                       json_kind_name(m->kind));
    }
    *out = m == NULL || m->kind == JSON_NULL ? NULL : m;
    return OK;
}

static enum code need(const struct json_value *object, const char *name, struct err *err) {
    const struct json_value *m = json_member(object, name);
    bool there = m != NULL && m->kind != JSON_NULL;
    return there ? OK : err_set(err, E_INPUT, "\"%s\" is missing", name);
}

enum code json_take_text(const struct json_value *object, const char *name, size_t max,
                         const char **out, struct err *err) {
    const struct json_value *m = NULL;
    enum code code = take(object, name, JSON_STRING, &m, err);
    if (code != OK || m == NULL) {
        return code;
    }
    if (m->len > max) {
        return err_set(err, E_LIMIT, "\"%s\" holds %zu bytes; at most %zu are taken", name, m->len,
                       max);
    }
    *out = m->text;
    return OK;
}

enum code json_need_text(const struct json_value *object, const char *name, size_t max,
                         const char **out, struct err *err) {
    const char *text = "";
    enum code code = need(object, name, err);
    if (code == OK) {
        code = json_take_text(object, name, max, &text, err);
    }
    if (code == OK && text[0] == '\0') {
        code = err_set(err, E_INPUT, "\"%s\" is empty", name);
    }
    if (code == OK) {
        *out = text;
    }
    return code;
}

enum code json_whole(const char *text, struct json_range range, int64_t *out, struct err *err) {
    const char *digits = text[0] == '-' ? text + 1 : text;
    size_t n = strspn(digits, "0123456789");
    if (n == 0 || digits[n] != '\0') {
        return err_set(err, E_INPUT, "cannot read \"%.64s\": not a whole number", text);
    }
    errno = 0;
    intmax_t v = strtoimax(text, NULL, 10);
    if (errno == ERANGE || v < range.min || v > range.max) {
        return err_set(err, E_LIMIT, "%.64s is not within %" PRId64 " to %" PRId64, text, range.min,
                       range.max);
    }
    *out = v;
    return OK;
}

enum code json_take_int(const struct json_value *object, const char *name, struct json_range range,
                        int64_t *out, struct err *err) {
    const struct json_value *m = NULL;
    struct err why = ERR_INIT;
    enum code code = take(object, name, JSON_NUMBER, &m, err);
    if (code != OK || m == NULL) {
        return code;
    }
    if (json_whole(m->text, range, out, &why) != OK) {
        return err_set(err, E_INPUT, "\"%s\": %s", name, why.msg);
    }
    return OK;
}

enum code json_need_int(const struct json_value *object, const char *name, struct json_range range,
                        int64_t *out, struct err *err) {
    enum code code = need(object, name, err);
    return code != OK ? code : json_take_int(object, name, range, out, err);
}

enum code json_take_bool(const struct json_value *object, const char *name, bool *out,
                         struct err *err) {
    const struct json_value *m = NULL;
    enum code code = take(object, name, JSON_BOOL, &m, err);
    if (code == OK && m != NULL) {
        *out = m->truth;
    }
    return code;
}

enum code json_need_bool(const struct json_value *object, const char *name, bool *out,
                         struct err *err) {
    enum code code = need(object, name, err);
    return code != OK ? code : json_take_bool(object, name, out, err);
}

enum code json_take_array(const struct json_value *object, const char *name, size_t max,
                          const struct json_value **out, struct err *err) {
    const struct json_value *m = NULL;
    enum code code = take(object, name, JSON_ARRAY, &m, err);
    if (code != OK || m == NULL) {
        return code;
    }
    if (m->count > max) {
        return err_set(err, E_LIMIT, "\"%s\" holds %zu items; at most %zu are taken", name,
                       m->count, max);
    }
    *out = m;
    return OK;
}

enum code json_need_array(const struct json_value *object, const char *name, size_t max,
                          const struct json_value **out, struct err *err) {
    enum code code = need(object, name, err);
    return code != OK ? code : json_take_array(object, name, max, out, err);
}

static bool is_among(const char *name, const char *const *names) {
    for (; *names != NULL; names++) {
        if (strcmp(*names, name) == 0) {
            return true;
        }
    }
    return false;
}

enum code json_check_members(const struct json_value *v, const char *const *names,
                             struct err *err) {
    if (v->kind != JSON_OBJECT) {
        return err_set(err, E_INPUT, "an object is expected, not %s", json_kind_name(v->kind));
    }
    for (const struct json_value *m = v->first; m != NULL; m = m->next) {
        if (!is_among(m->name, names)) {
            return err_set(err, E_INPUT, "\"%.60s\" is not known here", m->name);
        }
    }
    return OK;
}
