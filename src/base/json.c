/* json: see json.h. */
#include "base/json.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void json_init(struct json_out *j, struct buf *to, int indent) {
    memset(j, 0, sizeof *j);
    j->to = to;
    j->indent = indent;
}

static void line_feed(struct json_out *j) {
    if (j->indent == 0) {
        return;
    }
    buf_addc(j->to, '\n');
    for (int i = 0; i < j->indent * j->depth; i++) {
        buf_addc(j->to, ' ');
    }
}

/* What stands before every value: nothing after a key, else a comma and a new line. */
static void before_value(struct json_out *j) {
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->comma[j->depth]) {
        buf_addc(j->to, ',');
    }
    j->comma[j->depth] = true;
    if (j->depth > 0) {
        line_feed(j);
    }
}

static void open_with(struct json_out *j, char c) {
    before_value(j);
    buf_addc(j->to, c);
    assert(j->depth + 1 < JSON_DEPTH_MAX);
    j->comma[++j->depth] = false;
}

static void close_with(struct json_out *j, char c) {
    assert(j->depth > 0 && !j->after_key);
    bool had = j->comma[j->depth--];
    if (had) {
        line_feed(j);
    }
    buf_addc(j->to, c);
}

void json_obj(struct json_out *j) {
    open_with(j, '{');
}

void json_obj_end(struct json_out *j) {
    close_with(j, '}');
}

void json_arr(struct json_out *j) {
    open_with(j, '[');
}

void json_arr_end(struct json_out *j) {
    close_with(j, ']');
}

void json_null(struct json_out *j) {
    before_value(j);
    buf_adds(j->to, "null");
}

void json_bool(struct json_out *j, bool v) {
    before_value(j);
    buf_adds(j->to, v ? "true" : "false");
}

void json_int(struct json_out *j, int64_t v) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t abs = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do { /* spans are most of a reading: printf would be a third of its writing */
        digits[--at] = (char)('0' + abs % 10);
        abs /= 10;
    } while (abs > 0);
    if (v < 0) {
        digits[--at] = '-';
    }
    before_value(j);
    buf_add(j->to, digits + at, sizeof digits - at);
}

void json_dec(struct json_out *j, struct decimal v) {
    char text[DECIMAL_TEXT_MAX];
    before_value(j);
    buf_adds(j->to, decimal_text(v, text));
}

static void add_escaped(struct buf *b, const char *s, size_t n) {
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        buf_add(b, s + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\') {
            buf_addc(b, '\\');
            buf_addc(b, (char)c);
        } else if (c == '\n') {
            buf_adds(b, "\\n");
        } else {
            buf_addf(b, "\\u%04x", c);
        }
    }
    buf_add(b, s + from, n - from);
}

void json_strn(struct json_out *j, const char *s, size_t n) {
    if (s == NULL) {
        json_null(j);
        return;
    }
    before_value(j);
    buf_addc(j->to, '"');
    add_escaped(j->to, s, n);
    buf_addc(j->to, '"');
}

void json_str(struct json_out *j, const char *s) {
    json_strn(j, s, s == NULL ? 0 : strlen(s));
}

void json_key(struct json_out *j, const char *key) {
    before_value(j);
    buf_addc(j->to, '"');
    buf_adds(j->to, key); /* a constant of ours: nothing to escape */
    buf_adds(j->to, j->indent > 0 ? "\": " : "\":");
    j->after_key = true;
}

void json_key_text(struct json_out *j, const char *key) {
    before_value(j);
    buf_addc(j->to, '"');
    add_escaped(j->to, key, strlen(key));
    buf_adds(j->to, j->indent > 0 ? "\": " : "\":");
    j->after_key = true;
}

void json_raw(struct json_out *j, const char *json, size_t n) {
    before_value(j);
    buf_add(j->to, json, n);
}

void json_put_str(struct json_out *j, const char *key, const char *s) {
    json_key(j, key);
    json_str(j, s);
}

void json_put_int(struct json_out *j, const char *key, int64_t v) {
    json_key(j, key);
    json_int(j, v);
}

void json_put_bool(struct json_out *j, const char *key, bool v) {
    json_key(j, key);
    json_bool(j, v);
}
