/* target: see target.h. */
#include "http/target.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* One byte of s[0..n) to *to; returns how many it took, 0 where %XX is broken. */
static size_t decode_byte(const char *s, size_t n, char *to) {
    if (s[0] != '%') {
        *to = s[0];
        return 1;
    }
    int high = n < 3 ? -1 : hex_digit(s[1]);
    int low = n < 3 ? -1 : hex_digit(s[2]);
    if (high < 0 || low < 0) {
        return 0;
    }
    *to = (char)(high * 16 + low);
    return 3;
}

enum part { PATH, QUERY };

/* Why a byte is refused, or NULL. */
static const char *fault_of(char c, size_t took) {
    if (took == 0) {
        return "a % without two hexadecimal digits";
    }
    if (c == '\0') {
        return "a NUL";
    }
    return NULL;
}

/* What was encoded and stays so in a path: decoded it would look like a separator, or like the
 * beginning of what stays encoded. */
static bool stays(enum part part, char c, size_t took) {
    return part == PATH && took == 3 && (c == '/' || c == '%');
}

static enum code decode(enum part part, const char *raw, size_t n, struct arena *a,
                        const char **out, struct err *err) {
    char *to = arena_alloc(a, n + 1);
    size_t len = 0;
    size_t took;
    for (size_t i = 0; i < n; i += took, len++) {
        took = decode_byte(raw + i, n - i, &to[len]);
        const char *fault = fault_of(to[len], took);
        if (fault != NULL) {
            return err_set(err, E_INPUT, "cannot read the address at byte %zu: %s", i, fault);
        }
        if (stays(part, to[len], took)) {
            memcpy(&to[len], to[len] == '/' ? "%2F" : "%25", 3);
            len += 2;
        }
        if (part == QUERY && raw[i] == '+') {
            to[len] = ' ';
        }
    }
    to[len] = '\0';
    size_t good = utf8_check(to, len);
    if (good < len) {
        return err_set(err, E_INPUT, "cannot read the address at byte %zu: not UTF-8", good);
    }
    *out = to;
    return OK;
}

static enum code add_parameter(const char *raw, size_t n, struct arena *a, struct http_field *to,
                               struct err *err) {
    const char *equals = memchr(raw, '=', n);
    size_t name = equals == NULL ? n : (size_t)(equals - raw);
    size_t from = equals == NULL ? n : name + 1;
    enum code code = decode(QUERY, raw, name, a, &to->name, err);
    return code == OK ? decode(QUERY, raw + from, n - from, a, &to->value, err) : code;
}

static size_t count_of(const char *s, char c) {
    size_t n = 0;
    for (; *s != '\0'; s++) {
        n += *s == c;
    }
    return n;
}

static enum code parse_query(const char *raw, struct arena *a, struct http_request *r,
                             struct err *err) {
    size_t most = count_of(raw, '&') + 1;
    if (most > TARGET_QUERY_MAX) {
        return err_set(err, E_LIMIT, "the address has %zu parameters; at most %d are taken", most,
                       TARGET_QUERY_MAX);
    }
    struct http_field *fields = arena_zero(a, most * sizeof *fields);
    size_t count = 0;
    for (const char *p = raw; *p != '\0';) {
        size_t n = strcspn(p, "&");
        enum code code = n == 0 ? OK : add_parameter(p, n, a, &fields[count], err);
        if (code != OK) {
            return code;
        }
        count += n > 0;
        p += n + (p[n] == '&');
    }
    r->query = fields;
    r->query_count = count;
    return OK;
}

enum code target_parse(const char *raw, struct arena *a, struct http_request *r, struct err *err) {
    size_t n = strcspn(raw, "?");
    if (raw[0] != '/') {
        return err_set(err, E_INPUT, "cannot read the address: no path that begins with /");
    }
    enum code code = decode(PATH, raw, n, a, &r->path, err);
    r->query = NULL;
    r->query_count = 0;
    return code == OK && raw[n] == '?' ? parse_query(raw + n + 1, a, r, err) : code;
}
