/* fuzz_json: any bytes -> a tree within its bounds, or an error in words that names a byte;
 * and the short way takes nothing that yajl does not. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json_read_int.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct json_value *v, size_t depth, size_t *values) {
    size_t count = 0;
    assert(++*values <= JSON_VALUES_MAX && depth <= JSON_READ_DEPTH_MAX);
    if (v->text != NULL) {
        assert(strlen(v->text) == v->len && utf8_check(v->text, v->len) == v->len);
        assert(v->kind == JSON_STRING || (v->kind == JSON_NUMBER && v->len <= JSON_NUMBER_MAX));
    }
    for (const struct json_value *m = v->first; m != NULL; m = m->next, count++) {
        assert((m->name != NULL) == (v->kind == JSON_OBJECT));
        assert(m->name == NULL || json_member(v, m->name) == m);
        check(m, depth + 1, values);
    }
    assert(count == v->count);
}

static void check_same(const struct json_value *v, const struct json_value *w) {
    assert(v->kind == w->kind && v->truth == w->truth && v->len == w->len && v->count == w->count);
    assert((v->name == NULL) == (w->name == NULL) && (v->text == NULL) == (w->text == NULL));
    assert(v->name == NULL || strcmp(v->name, w->name) == 0);
    assert(v->text == NULL || memcmp(v->text, w->text, v->len + 1) == 0);
    for (v = v->first, w = w->first; v != NULL && w != NULL; v = v->next, w = w->next) {
        check_same(v, w);
    }
    assert(v == NULL && w == NULL);
}

/* What the short way takes, yajl takes, and makes the same of it. */
static void check_ways(const char *data, size_t size, struct arena *a) {
    const struct json_value *plain = json_plain(data, size, a);
    const struct json_value *whole = NULL;
    enum code code = plain == NULL ? OK : json_yajl(data, size, a, &whole, NULL);
    assert(code == OK);
    if (plain != NULL) {
        check_same(plain, whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v = NULL;
    size_t values = 0;
    enum code code = json_read((const char *)data, size, &a, &v, &err);
    assert((code == OK) == (err.msg[0] == '\0') && (code == OK) == (v != NULL));
    if (code == OK) {
        check(v, 0, &values);
    }
    if (size <= JSON_INPUT_MAX && utf8_check((const char *)data, size) == size) {
        check_ways((const char *)data, size, &a);
    }
    arena_fini(&a);
    return 0;
}
