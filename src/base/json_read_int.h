/* json_read_int: the two ways to a tree that json_read() has. Both are given UTF-8 without \u0000
 * and halves of surrogate pairs, of JSON_INPUT_MAX bytes at most.
 *
 *   json_plain   what has no escapes, which is what devices send: at a tenth of the cost
 *   json_yajl    all else; and it alone says what is wrong
 *
 * json_plain() takes the text or leaves it. What it takes yajl takes too, and makes the same tree
 * of it: so which way a text goes shows in nothing but time. */
#ifndef TAIHU_BASE_JSON_READ_INT_H
#define TAIHU_BASE_JSON_READ_INT_H

#include "base/json_read.h"

/* NULL: it is left. Names and texts point into one copy of `data` in `a`. */
const struct json_value *json_plain(const char *data, size_t n, struct arena *a);

enum code json_yajl(const char *data, size_t n, struct arena *a, const struct json_value **out,
                    struct err *err);

#endif
