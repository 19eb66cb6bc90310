/* json_text: a value that json_read() gave, as JSON on one line again: numbers keep their own
 * digits, members and items their order. */
#ifndef TAIHU_BASE_JSON_TEXT_H
#define TAIHU_BASE_JSON_TEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_read.h"

/* Behind what `to` holds; without the name of the object's member that `v` is. */
void json_text_add(struct buf *to, const struct json_value *v);

/* The same as a text in `a`. */
const char *json_text(const struct json_value *v, struct arena *a);

#endif
