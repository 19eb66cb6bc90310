/* json: writes JSON (RFC 8259) to a buf. The writer keeps the commas; the caller keeps the order.
 * Strings are valid UTF-8 (text/ checked them at the edge) and leave as they are, with ", \ and
 * control characters escaped. */
#ifndef TAIHU_BASE_JSON_H
#define TAIHU_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/decimal.h"

enum { JSON_DEPTH_MAX = 32 };

struct json_out {
    struct buf *to;
    int indent; /* spaces a level; 0 writes all on one line */
    int depth;
    bool comma[JSON_DEPTH_MAX]; /* whether the next item at this depth needs one */
    bool after_key;
};

void json_init(struct json_out *j, struct buf *to, int indent);

void json_obj(struct json_out *j);
void json_obj_end(struct json_out *j);
void json_arr(struct json_out *j);
void json_arr_end(struct json_out *j);
void json_key(struct json_out *j, const char *key);

/* The same for a name from outside: valid UTF-8, escaped as a string is. */
void json_key_text(struct json_out *j, const char *key);

void json_null(struct json_out *j);
void json_bool(struct json_out *j, bool v);
void json_int(struct json_out *j, int64_t v);
void json_dec(struct json_out *j, struct decimal v);
void json_str(struct json_out *j, const char *s);            /* NULL writes null */
void json_strn(struct json_out *j, const char *s, size_t n); /* s NULL writes null */

/* `n` bytes that are one JSON value already. */
void json_raw(struct json_out *j, const char *json, size_t n);

/* A key and its value. */
void json_put_str(struct json_out *j, const char *key, const char *s); /* NULL writes null */
void json_put_int(struct json_out *j, const char *key, int64_t v);
void json_put_bool(struct json_out *j, const char *key, bool v);

#endif
