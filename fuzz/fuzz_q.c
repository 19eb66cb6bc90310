/* fuzz_q: q, type expressions and scopeQ from outside bytes, held against one entity. The first
 * byte says which. What is read is asked twice: a tree must not change by being asked. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ngsi/entity_q.h"
#include "ngsi/entity_select.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct entity_attribute sub[] = {
    {.name = ENTITY_DEFAULT "c", .value = "0.5"},
};

static struct entity_attribute all[] = {
    {.name = ENTITY_DEFAULT "a",
     .value = "35.0",
     .observed = true,
     .observed_ms = 1772323200000,
     .unit = "GQ",
     .created_ms = 1,
     .modified_ms = 2,
     .sub = sub,
     .sub_count = 1},
    {.name = ENTITY_DEFAULT "a", .value = "\"2026-03-01T00:00:00Z\"", .dataset = "urn:d:1"},
    {.name = ENTITY_DEFAULT "b", .value = "{\"x\":{\"y\":[1,\"two\",null]}}"},
    {.name = ENTITY_DEFAULT "l", .kind = ENTITY_LANGUAGE, .value = "{\"en\":\"red\"}"},
    {.name = ENTITY_DEFAULT "r", .kind = ENTITY_RELATIONSHIP, .value = "\"urn:x:1\""},
    {.name = ENTITY_DEFAULT "s", .value = "\"a \\\"text\\\"\""},
};

static const char *const types[] = {ENTITY_DEFAULT "A", ENTITY_DEFAULT "B"};
static const char *const scopes[] = {"/a/b", "c"};

static void ask_q(const char *text, const struct entity_context *context, struct arena *a) {
    const struct entity e = {.id = "urn:e:1",
                             .attributes = all,
                             .count = sizeof all / sizeof all[0],
                             .created_ms = 1,
                             .modified_ms = 2};
    const char *names[ENTITY_Q_TERMS_MAX];
    const struct entity_q *q;
    if (entity_q_parse(text, context, a, &q, NULL) != OK) {
        return;
    }
    bool met = entity_q_matches(q, &e);
    size_t needed = entity_q_needs(q, names);
    bool has_one = needed == 0;
    for (size_t i = 0; i < needed; i++) {
        has_one = has_one || entity_find(&e, names[i]) != NULL;
    }
    if (met != entity_q_matches(q, &e) || (met && !has_one) ||
        entity_q_names(q, names) > ENTITY_Q_TERMS_MAX) {
        abort();
    }
    entity_q_free(q);
}

static void ask_types(const char *text, const struct entity_context *context, struct arena *a) {
    const struct entity_types *t;
    const char *const *names;
    if (entity_types_parse(text, context, a, &t, NULL) == OK &&
        entity_types_names(t, &names) == 0 && !entity_types_match(t, types, 2)) {
        abort(); /* only "*" names nothing, and it is met by all */
    }
}

static void ask_scopes(const char *text, struct arena *a) {
    const struct entity_scopes *s;
    if (entity_scopes_parse(text, a, &s, NULL) == OK) {
        entity_scopes_match(s, scopes, 2);
        if (entity_scopes_match(s, scopes, 0)) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct entity_term term = {"t", "https://a.b/t"};
    const struct entity_context context = {&term, 0};
    struct arena a = ARENA_INIT;
    if (size == 0) {
        return 0;
    }
    const char *text = arena_dup(&a, (const char *)data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        ask_q(text, &context, &a);
        break;
    case 1:
        ask_types(text, &context, &a);
        break;
    default:
        ask_scopes(text, &a);
    }
    arena_fini(&a);
    return 0;
}
