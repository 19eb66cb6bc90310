/* fuzz_ngsi: any bytes -> an entity, and its JSON -> the same entity again.
 *
 * The first byte chooses the form and how much must be there; addresses of contexts are answered
 * from a table. Held: in a run it is read as alone; what is taken has names that are URIs and a
 * value wherever one must be; a whole one is written normalized and read back, and then written
 * again the same, in the normalized and in the concise form. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "ngsi/entity_merge.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct entity_context none = {NULL, 0};

static void check_attributes(const struct entity_attribute *list, size_t count,
                             enum entity_need need) {
    for (size_t i = 0; i < count; i++) {
        assert(entity_is_uri(list[i].name) || strlen(list[i].name) > ENTITY_URI_MAX);
        assert(list[i].value != NULL || need >= ENTITY_PATCH);
        assert(!list[i].gone || need >= ENTITY_CHANGE);
        check_attributes(list[i].sub, list[i].sub_count, need);
    }
}

static struct buf write_as(const struct entity *e, enum entity_form form, struct arena *a) {
    struct entity_look look = {.context = &none, .form = form};
    struct buf to = BUF_INIT;
    struct json_out j;
    json_init(&j, &to, 0);
    entity_write(e, &look, a, &j);
    return to;
}

/* Written in `form`, read, and written normalized: as it was. */
static void check_again(const struct entity *e, enum entity_form form, struct arena *a) {
    const struct entity_how how = {&none, form, ENTITY_WHOLE};
    struct buf first = write_as(e, ENTITY_NORMALIZED, a);
    struct buf sent = write_as(e, form, a);
    const struct json_value *v;
    struct entity again;
    struct err err = ERR_INIT;
    if (json_read(sent.data, sent.len, a, &v, &err) == OK) { /* else it became too large */
        enum code code = entity_read(v, &how, a, &again, &err);
        assert(code == OK);
        struct buf second = write_as(&again, ENTITY_NORMALIZED, a);
        assert(strcmp(first.data, second.data) == 0);
        buf_fini(&second);
    }
    buf_fini(&first);
    buf_fini(&sent);
}

/* Twice in a run, which then knows its names and its last moment: as alone. */
static void check_run(const struct json_value *v, const struct entity_how *how, struct arena *a) {
    struct entity_run run = {.how = *how};
    struct entity alone;
    struct err why = ERR_INIT;
    enum code code = entity_read(v, how, a, &alone, &why);
    for (int i = 0; i < 2; i++) {
        struct entity e;
        struct err err = ERR_INIT;
        enum code again = entity_read_next(v, &run, a, &e, &err);
        assert(again == code && strcmp(err.msg, why.msg) == 0);
        if (code == OK && how->need == ENTITY_WHOLE) {
            struct buf first = write_as(&alone, ENTITY_NORMALIZED, a);
            struct buf second = write_as(&e, ENTITY_NORMALIZED, a);
            assert(strcmp(first.data, second.data) == 0);
            buf_fini(&first);
            buf_fini(&second);
        }
    }
}

/* In the language and the shape that nothing reads back: it is JSON. */
static void check_shown(const struct entity *e, struct arena *a) {
    const struct entity_look look = {
        .context = &none, .form = ENTITY_SIMPLIFIED, .lang = "zh-CN, en;q=0.5"};
    struct buf to = BUF_INIT;
    struct json_out j;
    const struct json_value *v;
    struct err err = ERR_INIT;
    json_init(&j, &to, 0);
    entity_write_feature(e, &look, a, &j);
    assert(json_read(to.data, to.len, a, &v, &err) != E_INPUT);
    buf_fini(&to);
}

/* A merge of a patch into itself, where it can be: each attribute once, each with a value. */
static void check_merged(const struct entity *e, struct arena *a) {
    const struct entity_merge m = {a, true, e};
    struct entity_attribute *list = arena_zero(a, (2 * e->count + 1) * sizeof *list);
    size_t count = 0;
    struct err err = ERR_INIT;
    if (entity_merge_list(&m, list, &count, e->attributes, e->count, &err) == OK &&
        entity_merge_list(&m, list, &count, e->attributes, e->count, &err) == OK) {
        assert(count <= e->count);
        for (size_t i = 0; i < count; i++) {
            assert(list[i].value != NULL && !list[i].gone);
        }
    }
}

static enum code find(void *data, const char *url, struct arena *a, const struct json_value **out,
                      struct err *err) {
    static const char doc[] = "[{\"a\":\"https://a.b/\",\"n\":\"a:n\",\"@vocab\":\"a:\"},\"u:n\"]";
    (void)data;
    return strcmp(url, "u:c") == 0 ? json_read(doc, sizeof doc - 1, a, out, err)
                                   : err_set(err, E_DENIED, "no %.80s", url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct entity_context_source source = {find, NULL};
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v;
    struct entity_context context = none;
    struct entity e;
    if (size == 0) {
        return 0;
    }
    struct entity_how how = {&context, (enum entity_form)(data[0] % 3),
                             (enum entity_need)(data[0] / 3 % 5)};
    enum code code = json_read((const char *)data + 1, size - 1, &a, &v, &err);
    const struct json_value *own = code == OK ? json_member(v, "@context") : NULL;
    if (own != NULL) {
        code = entity_context_load(own, &source, &a, &context, &err);
    }
    if (code == OK) {
        check_run(v, &how, &a);
        code = entity_read(v, &how, &a, &e, &err);
    }
    assert((code == OK) == (err.msg[0] == '\0'));
    if (code == OK) {
        check_attributes(e.attributes, e.count, how.need);
        if (how.need == ENTITY_WHOLE) {
            check_again(&e, ENTITY_NORMALIZED, &a);
            check_again(&e, ENTITY_CONCISE, &a);
            check_shown(&e, &a);
        }
        if (how.need == ENTITY_DEEP) {
            check_merged(&e, &a);
        }
    }
    arena_fini(&a);
    return 0;
}
