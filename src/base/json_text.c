/* json_text: see json_text.h. */
#include "base/json_text.h"

#include <string.h>

#include "base/json.h"

static void put_text(struct buf *to, const char *s, size_t n) {
    struct json_out j;
    json_init(&j, to, 0);
    json_strn(&j, s, n);
}

static void put_items(struct buf *to, const struct json_value *v) {
    for (const struct json_value *i = v->first; i != NULL; i = i->next) {
        if (i->name != NULL) {
            put_text(to, i->name, strlen(i->name));
            buf_addc(to, ':');
        }
        json_text_add(to, i);
        if (i->next != NULL) {
            buf_addc(to, ',');
        }
    }
}

void json_text_add(struct buf *to, const struct json_value *v) {
    switch (v->kind) {
    case JSON_NULL:
        buf_adds(to, "null");
        break;
    case JSON_BOOL:
        buf_adds(to, v->truth ? "true" : "false");
        break;
    case JSON_NUMBER:
        buf_add(to, v->text, v->len);
        break;
    case JSON_STRING:
        put_text(to, v->text, v->len);
        break;
    case JSON_ARRAY:
        buf_addc(to, '[');
        put_items(to, v);
        buf_addc(to, ']');
        break;
    case JSON_OBJECT:
        buf_addc(to, '{');
        put_items(to, v);
        buf_addc(to, '}');
        break;
    }
}

const char *json_text(const struct json_value *v, struct arena *a) {
    struct buf b = BUF_INIT;
    json_text_add(&b, v);
    const char *text = arena_dup(a, b.data, b.len);
    buf_fini(&b);
    return text;
}
