/* fuzz_map: any bytes -> a map, or an error in words; and by a map that was read, a row made of
 * the same bytes gives entities that hold together, or a reason. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "sense/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_attributes(const struct entity_attribute *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert(list[i].name != NULL && list[i].value != NULL && list[i].value[0] != '\0');
        assert(utf8_check(list[i].value, strlen(list[i].value)) == strlen(list[i].value));
        assert(list[i].dataset == NULL || entity_is_uri(list[i].dataset));
        check_attributes(list[i].sub, list[i].sub_count);
    }
}

static void check_result(const struct map_result *r) {
    for (size_t i = 0; i < r->count; i++) {
        assert(entity_is_uri(r->entities[i].id) && r->entities[i].type_count > 0);
        assert(map_every_s(r->of[i]) >= 0);
        check_attributes(r->entities[i].attributes, r->entities[i].count);
    }
}

/* Each column has a piece of the bytes behind the map, or what often stands there. */
static void apply(const struct map *map, const char *rest, struct arena *a) {
    static const char *const usual[] = {"1.5", "2020-03-05 07:30:00", "urn:x:1", "", "120.3", "31"};
    const char **values = arena_alloc(a, (map->column_count + 1) * sizeof *values);
    struct map_result result;
    struct map_fault fault;
    struct err err = ERR_INIT;
    size_t left = strlen(rest);
    for (size_t i = 0; i < map->column_count; i++) {
        size_t n = left < 8 ? left : 8;
        values[i] = n == 8 ? arena_dup(a, rest, utf8_check(rest, n))
                           : usual[i % (sizeof usual / sizeof usual[0])];
        rest += n;
        left -= n;
    }
    struct map_record record = {values, NULL};
    enum code code = map_apply(map, &record, a, &result, &fault, &err);
    assert((code == OK) == (err.msg[0] == '\0'));
    if (code == OK) {
        check_result(&result);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct map map;
    const char *text = arena_dup(&a, (const char *)data, size);
    const char *end = memchr(text, '\0', size);
    size_t n = end == NULL ? size : (size_t)(end - text);
    enum code code = map_parse(text, n, &a, &map, &err);
    assert((code == OK) == (err.msg[0] == '\0') && err.code == code);
    if (code == OK) {
        apply(&map, n < size ? text + n + 1 : "", &a);
    }
    arena_fini(&a);
    return 0;
}
