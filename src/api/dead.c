/* dead: messages that could not be taken, and why; a person who has seen to one deletes it. */
#include <string.h>

#include "api/api_int.h"
#include "base/utf8.h"
#include "sense/dead.h"
#include "store/hex.h"

/* As text, or as hex where it is none: the other is null. */
static void put_payload(struct call *c, struct json_out *j, const struct dead_letter *x) {
    bool text = utf8_check(x->payload, x->len) == x->len;
    char *hex = arena_alloc(c->arena, 2 * x->len + 1);
    json_key(j, "payload");
    json_strn(j, text ? x->payload : NULL, x->len);
    hex_text((const unsigned char *)x->payload, x->len, hex);
    json_put_str(j, "payload_hex", text ? NULL : hex);
    json_put_int(j, "size", x->size);
}

static void put_letter(struct call *c, struct json_out *j, const struct dead_letter *x) {
    json_obj(j);
    json_put_str(j, "id", x->id);
    json_put_str(j, "topic", x->topic);
    json_put_str(j, "reason", x->why);
    put_payload(c, j, x);
    json_put_int(j, "times", x->times);
    call_put_time(j, "first", x->first_ms);
    call_put_time(j, "last", x->last_ms);
    json_obj_end(j);
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct dead_page *page = data;
    struct dead_letter *letters;
    size_t count;
    int64_t total;
    enum code code = dead_list(tx, *page, c->arena, &letters, &count, &total, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_json(c);
    json_obj(j);
    json_key(j, "items");
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        put_letter(c, j, &letters[i]);
    }
    json_arr_end(j);
    json_put_int(j, "total", total);
    json_obj_end(j);
    return OK;
}

enum code api_dead_list(struct call *c, struct err *err) {
    struct dead_page page = {0, 100};
    enum code code =
        call_query_int(c, "limit", (struct json_range){1, DEAD_LIST_MAX}, &page.limit, err);
    if (code == OK) {
        code = call_query_int(c, "offset", (struct json_range){0, DEAD_MAX}, &page.offset, err);
    }
    return code == OK ? call_read(c, list, &page, err) : code;
}

static enum code remove_one(struct call *c, struct tx *tx, void *data, struct err *err) {
    return dead_remove(tx, data, c->actor, err);
}

enum code api_dead_remove(struct call *c, struct err *err) {
    const char *id = route_param(&c->params, "sha256");
    return call_change(c, remove_one, arena_dup(c->arena, id, strlen(id)), err);
}
