/* fuzz_json: any bytes -> a tree within its bounds, or an error in words that names a byte. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json_read.h"
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
    arena_fini(&a);
    return 0;
}
