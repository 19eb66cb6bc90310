/* fuzz_row: an attribute from outside bytes, written as its row has it, and read again by
 * entity_row_read(): what is written then must be the same, so the quick way reads what the slow
 * one would. What is to leave as it stands in the row must be what is written without it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_row.h"
#include "ngsi/entity_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_row(const struct entity_attribute *x, struct buf *to) {
    struct json_out j;
    json_init(&j, to, 0);
    entity_write_attribute(x, &j);
}

static void write_answer(const struct entity_attribute *x, struct arena *a, struct buf *to) {
    static const struct entity_context none = {NULL, 0};
    static const struct entity_look look = {.context = &none, .form = ENTITY_NORMALIZED};
    struct json_out j;
    json_init(&j, to, 0);
    entity_write_instance(x, &look, a, &j);
}

static void check_kept(struct entity_attribute *x, struct arena *a) {
    struct buf kept = BUF_INIT;
    struct buf made = BUF_INIT;
    write_answer(x, a, &kept);
    x->row = NULL;
    write_answer(x, a, &made);
    if (kept.len != made.len || memcmp(kept.data, made.data, made.len) != 0) {
        abort();
    }
    buf_fini(&kept);
    buf_fini(&made);
}

static void check(const struct entity_attribute *x, struct arena *a) {
    struct buf row = BUF_INIT;
    struct buf again = BUF_INIT;
    struct entity_attribute back = {.name = NULL};
    write_row(x, &row);
    char *json = arena_dup(a, row.data, row.len);
    enum code code = entity_row_read(json, row.len, a, &back, NULL);
    if (code == OK) {
        write_row(&back, &again);
    }
    /* What is too large or too deep to be read again is refused before it is kept. */
    if ((code != OK && code != E_LIMIT) ||
        (code == OK && (again.len != row.len || memcmp(again.data, row.data, row.len) != 0))) {
        abort();
    }
    if (code == OK) {
        check_kept(&back, a);
    }
    buf_fini(&row);
    buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct entity_context none = {NULL, 0};
    static const struct entity_how how = {&none, ENTITY_CONCISE, ENTITY_FRAGMENT};
    struct arena a = ARENA_INIT;
    const struct json_value *v;
    struct entity_attribute x = {.name = NULL};
    if (json_read((const char *)data, size, &a, &v, NULL) == OK &&
        entity_read_attribute("urn:x:a", v, &how, &a, &x, NULL) == OK && x.value != NULL) {
        check(&x, &a);
    }
    arena_fini(&a);
    return 0;
}
