/* fuzz_ngsi: any bytes -> an entity, and its JSON -> the same entity again.
 *
 * The first byte chooses the form and how much must be there. Held: what is taken has names that
 * are URIs and a value wherever one must be; a whole one is written normalized and read back, and
 * then written again the same, in the normalized and in the concise form. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "entity/entity_read.h"
#include "entity/entity_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct entity_context none = {NULL, 0};

static void check_attributes(const struct entity_attribute *list, size_t count,
                             enum entity_need need) {
    for (size_t i = 0; i < count; i++) {
        assert(entity_is_uri(list[i].name) || strlen(list[i].name) > ENTITY_URI_MAX);
        assert(list[i].value != NULL || need == ENTITY_PATCH);
        assert(!list[i].gone || need == ENTITY_PATCH);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v;
    struct entity_context context = none;
    struct entity e;
    if (size == 0) {
        return 0;
    }
    struct entity_how how = {&context, (enum entity_form)(data[0] % 3),
                             (enum entity_need)(data[0] / 3 % 3)};
    enum code code = json_read((const char *)data + 1, size - 1, &a, &v, &err);
    const struct json_value *own = code == OK ? json_member(v, "@context") : NULL;
    if (own != NULL) {
        code = entity_context_read(own, &a, &context, &err);
    }
    if (code == OK) {
        code = entity_read(v, &how, &a, &e, &err);
    }
    assert((code == OK) == (err.msg[0] == '\0'));
    if (code == OK) {
        check_attributes(e.attributes, e.count, how.need);
        if (how.need == ENTITY_WHOLE) {
            check_again(&e, ENTITY_NORMALIZED, &a);
            check_again(&e, ENTITY_CONCISE, &a);
        }
    }
    arena_fini(&a);
    return 0;
}
