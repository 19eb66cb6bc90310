/* JSON-LD contexts: what they say of names, contexts within contexts, limits; and those kept. */
#include "ngsi/entity_context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "entity/entity_hosted.h"
#include "store/fixture.h"

static const struct json_value *parse(const char *json, struct arena *a) {
    const struct json_value *v = NULL;
    struct err err = ERR_INIT;
    if (json_read(json, strlen(json), a, &v, &err) != OK) {
        fail_msg("%s: %s", json, err.msg);
    }
    return v;
}

/* Documents by their address; "https://deep/N" names N + 1, "https://self" itself. */
static enum code find(void *data, const char *url, struct arena *a, const struct json_value **out,
                      struct err *err) {
    int *asked = data;
    int depth;
    char json[64];
    ++*asked;
    if (strcmp(url, "https://a.org/c") == 0) {
        *out = parse("{\"speed\":\"https://a.org/speed\",\"a\":\"https://a.org/\"}", a);
        return OK;
    }
    if (strcmp(url, "https://a.org/both") == 0) {
        *out = parse("[\"https://a.org/c\",{\"level\":\"a:level\"}]", a);
        return OK;
    }
    if (sscanf(url, "https://deep/%d", &depth) == 1) {
        snprintf(json, sizeof json, "\"https://deep/%d\"", depth + 1);
        *out = parse(json, a);
        return OK;
    }
    return err_set(err, E_DENIED, "no %s", url);
}

static enum code load(const char *json, int *asked, struct arena *a, struct entity_context *out,
                      struct err *err) {
    const struct entity_context_source source = {find, asked};
    *asked = 0;
    return entity_context_load(parse(json, a), &source, a, out, err);
}

#define D ENTITY_DEFAULT

/* With a context, a name is this IRI, and the IRI is this name again (NULL: the same). */
static void names_by_context(void **state) {
    static const struct {
        const char *context, *name, *iri, *back;
    } all[] = {
        {"\"https://a.org/c\"", "speed", "https://a.org/speed", NULL},
        {"\"https://a.org/both\"", "level", "https://a.org/level", NULL},
        {"\"https://a.org/both\"", "a:other", "https://a.org/other", NULL},
        {"[\"https://a.org/c\",{\"speed\":\"https://b.org/s\"}]", "speed", "https://b.org/s", NULL},
        {"[\"https://a.org/c\",{\"speed\":null}]", "speed", D "speed", NULL},
        {"[\"https://a.org/c\",null]", "speed", D "speed", NULL},
        {"{\"@vocab\":\"https://v.org/#\"}", "x", "https://v.org/#x", NULL},
        {"{\"@vocab\":\"https://v.org/#\"}", D "x", D "x", "ngsi-ld:default-context/x"},
        {"[{\"@vocab\":\"https://v.org/#\"},{\"@vocab\":null}]", "x", D "x", NULL},
        {"{\"@vocab\":\"https://v.org/\",\"b\":\"c\"}", "b", "https://v.org/c", NULL},
        {"{\"p\":\"https://p.org/\",\"q\":\"p:q/\",\"r\":{\"@id\":\"q:r\",\"@type\":\"@vocab\"}}",
         "r", "https://p.org/q/r", NULL},
        {"{\"p\":\"https://p.org/\",\"q\":\"p:q/\"}", "https://p.org/q/z", "https://p.org/q/z",
         "q:z"},
        {"{\"long\":\"https://p.org/x\",\"s\":\"https://p.org/x\"}", "long", "https://p.org/x",
         "s"},
        {"{\"p\":\"https://p.org/x\"}", "p:y", "https://p.org/xy", "https://p.org/xy"},
        {"{\"location\":\"https://evil.org/l\"}", "location", ENTITY_CORE "location", NULL},
        {"{\"ngsi-ld\":\"https://evil.org/\"}", "ngsi-ld:x", ENTITY_CORE "x", NULL},
        {"{\"Name\":{\"@id\":\"schema:name\"},\"schema\":\"https://schema.org/\",\"@version\":1.1}",
         "Name", "https://schema.org/name", NULL},
        {"{\"@import\":\"https://a.org/c\",\"more\":\"a:more\"}", "more", "https://a.org/more",
         NULL},
        {"{\"a\":{\"@reverse\":\"https://x.org/\"},\"t\":\"@type\"}", "t", D "t", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct entity_context c;
        const char *iri = NULL;
        int asked;
        if (load(all[i].context, &asked, &a, &c, &err) != OK ||
            entity_expand(&c, all[i].name, &a, &iri, &err) != OK) {
            fail_msg("%s: %s", all[i].context, err.msg);
        }
        assert_string_equal(iri, all[i].iri);
        assert_string_equal(entity_compact(&c, iri, &a),
                            all[i].back == NULL ? all[i].name : all[i].back);
        arena_fini(&a);
    }
}

static void contexts_that_are_none(void **state) {
    static const struct {
        const char *json;
        enum code code;
        const char *words;
    } all[] = {
        {"\"https://none.org/\"", E_DENIED, "no https://none.org/"},
        {"\"https://deep/1\"", E_LIMIT, "6 levels"},
        {"{\"a\":\"b:x\",\"b\":\"a:y\"}", E_INPUT, "defined by itself"},
        {"{\"p\":\"https://p.org/\",\"p:y\":\"https://z.org/\"}", E_INPUT, "by itself"},
        {"{\"a\":5}", E_INPUT, "it is a number"},
        {"{\"a\":{\"@id\":[]}}", E_INPUT, "it is a list"},
        {"{\"a\":\"no colon\"}", E_INPUT, "no URI"},
        {"{\"a\":{\"@id\":\"https://a.org/\",\"@context\":{}}}", E_INPUT, "of its own"},
        {"{\"@vocab\":5}", E_INPUT, "@vocab"},
        {"[[\"https://a.org/c\"]]", E_INPUT, "it is a list"},
        {"true", E_INPUT, "true or false"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct entity_context c;
        int asked;
        enum code code = load(all[i].json, &asked, &a, &c, &err);
        if (code != all[i].code || strstr(err.msg, all[i].words) == NULL) {
            fail_msg("%s: %d \"%s\", expected \"%s\"", all[i].json, code, err.msg, all[i].words);
        }
        arena_fini(&a);
    }
}

/* A context of many documents is refused before all are asked for. */
static void documents_are_counted(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct buf list = BUF_INIT;
    struct entity_context c;
    int asked;
    (void)state;
    buf_addc(&list, '[');
    for (int i = 0; i < 100; i++) {
        buf_addf(&list, "%s\"https://a.org/c\"", i == 0 ? "" : ",");
    }
    buf_addc(&list, ']');
    assert_int_equal(load(list.data, &asked, &a, &c, &err), E_LIMIT);
    assert_int_equal(asked, ENTITY_CONTEXT_DOCUMENTS_MAX);
    buf_fini(&list);
    arena_fini(&a);
}

static void thousands_of_terms_are_found(void **state) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct buf terms = BUF_INIT;
    struct entity_context c;
    char name[32];
    int asked;
    (void)state;
    buf_addc(&terms, '{');
    for (int i = 0; i < 4000; i++) {
        buf_addf(&terms, "%s\"t%d\":\"https://t.org/%d\"", i == 0 ? "" : ",", i, 3999 - i);
    }
    buf_addc(&terms, '}');
    assert_int_equal(load(terms.data, &asked, &a, &c, &err), OK);
    assert_int_equal(c.count, 4000);
    for (int i = 0; i < 4000; i += 37) {
        const char *iri = NULL;
        snprintf(name, sizeof name, "t%d", i);
        assert_int_equal(entity_expand(&c, name, &a, &iri, &err), OK);
        assert_string_equal(entity_compact(&c, iri, &a), name);
    }
    buf_fini(&terms);
    arena_fini(&a);
}

static void the_core_is_known_by_its_versions(void **state) {
    (void)state;
    assert_true(entity_context_is_core(ENTITY_CORE_CONTEXT));
    assert_true(
        entity_context_is_core("http://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"));
    assert_true(
        entity_context_is_core("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld"));
    assert_false(entity_context_is_core(
        "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-non-existing.jsonld"));
    assert_false(entity_context_is_core(
        "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld.evil"));
    assert_false(entity_context_is_core("https://evil.org/?" ENTITY_CORE_CONTEXT));
    assert_false(entity_context_is_core("core"));
}

/* ---- contexts that are kept ---- */

static const struct schema *const schemas[] = {&entity_hosted_schema};

struct kept {
    struct arena arena;
    struct entity_hosted added, cached, again;
};

static enum code keep(struct tx *tx, void *data, struct err *err) {
    struct kept *k = data;
    enum code code = entity_hosted_put(tx, ENTITY_HOSTED_ADDED, NULL, "{\"@context\":{}}",
                                       &k->arena, &k->added, err);
    if (code == OK) {
        code = entity_hosted_put(tx, ENTITY_HOSTED_CACHED, "https://a.org/c", "{\"@context\":1}",
                                 &k->arena, &k->cached, err);
    }
    if (code == OK) {
        code = entity_hosted_put(tx, ENTITY_HOSTED_CACHED, "https://a.org/c", "{\"@context\":2}",
                                 &k->arena, &k->again, err);
    }
    return code == OK ? entity_hosted_note(tx, "u/1", "created", &k->added, err) : code;
}

static enum code drop(struct tx *tx, void *data, struct err *err) {
    struct kept *k = data;
    enum code code = entity_hosted_remove(tx, k->added.id, err);
    return code == OK ? entity_hosted_note(tx, "u/1", "deleted", &k->added, err) : code;
}

static void contexts_are_kept(void **state) {
    struct fixture f;
    struct err err = ERR_INIT;
    struct kept k = {.arena = ARENA_INIT};
    struct entity_hosted h;
    struct entity_hosted *all;
    size_t count;
    struct tx *tx;
    char url[128];
    (void)state;
    fixture_init(&f);
    f.config.schemas = schemas;
    fixture_open(&f);
    assert_int_equal(store_write(f.store, STORE_CHANGE, keep, &k, &err), OK);
    assert_int_equal(store_read(f.store, &tx, &err), OK);
    assert_int_equal(entity_hosted_find(tx, k.added.id, &k.arena, &h, &err), OK);
    assert_string_equal(h.body, "{\"@context\":{}}");
    snprintf(url, sizeof url, "http://any.host:1%s", k.added.url);
    assert_int_equal(entity_hosted_find(tx, url, &k.arena, &h, &err), OK);
    assert_string_equal(h.id, k.added.id);
    assert_int_equal(entity_hosted_find(tx, "https://a.org/c", &k.arena, &h, &err), OK);
    assert_string_equal(h.body, "{\"@context\":2}");
    assert_int_equal(entity_hosted_list(tx, 0, &k.arena, &all, &count, &err), OK);
    assert_int_equal(count, 2);
    assert_int_equal(entity_hosted_list(tx, ENTITY_HOSTED_IMPLICIT, &k.arena, &all, &count, &err),
                     OK);
    assert_int_equal(count, 0);
    assert_int_equal(entity_hosted_find(tx, "none", &k.arena, &h, &err), E_ABSENT);
    store_read_end(tx);
    assert_int_equal(store_write(f.store, STORE_CHANGE, drop, &k, &err), OK);
    fixture_fini(&f);
    arena_fini(&k.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_by_context),
        cmocka_unit_test(contexts_that_are_none),
        cmocka_unit_test(documents_are_counted),
        cmocka_unit_test(thousands_of_terms_are_found),
        cmocka_unit_test(the_core_is_known_by_its_versions),
        cmocka_unit_test(contexts_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
