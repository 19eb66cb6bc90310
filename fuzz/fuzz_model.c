/* fuzz_model: any bytes -> a declared type, or an error in words; what stands behind a NUL is then
 * a series' kept state, and a number that is judged on it: flags come out that can be kept, and a
 * state that is taken up again. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "ngsi/model.h"
#include "ngsi/model_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct model_attribute *a, const void *rest, size_t n, const char *value) {
    struct model_verdict first;
    struct model_verdict again;
    struct quality_flags flags;
    struct entity_attribute x = {
        .name = a->name, .value = value, .observed = true, .observed_ms = (int64_t)n * 1000};
    const struct model_claim claim = {a->model, a};
    if (model_check(&claim, &x, INT64_MAX, NULL) != OK) {
        return;
    }
    model_judge(a, rest, n, &x, &first);
    assert(quality_unpack(first.quality, &flags) && first.series_len <= MODEL_SERIES_MAX);
    assert(!first.settles || quality_unpack(first.before, &flags));
    model_judge(a, first.series, first.series_len, &x, &again);
    assert(!again.settles && again.series_len == first.series_len);
    assert(first.order != QUALITY_NEXT || again.quality == first.quality);
}

static void check(const struct model *m, const char *rest, size_t n, struct arena *a) {
    static const char *const usual[] = {"0", "-1.5", "12e3", "999999999999999999", "0.0000000001"};
    for (size_t i = 0; i < m->count; i++) {
        const struct model_attribute *x = &m->attributes[i];
        assert(x->model == m && x->name[0] != '\0');
        if (x->is_judged) {
            judge(x, rest, n, usual[n % (sizeof usual / sizeof usual[0])]);
            judge(x, rest, n, arena_dup(a, rest, n < 30 ? n : 30));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct model_set *set = model_set_new();
    const char *text = arena_dup(&a, (const char *)data, size);
    const char *end = memchr(text, '\0', size);
    size_t n = end == NULL ? size : (size_t)(end - text);
    enum code code = model_parse(set, text, n, &err);
    assert((code == OK) == (err.msg[0] == '\0') && err.code == code);
    if (code == OK) {
        const struct model *m = model_at(set, 0);
        assert(m->type_count == 0 || model_find(set, m->types[0]) == m);
        check(m, n < size ? text + n + 1 : "", n < size ? size - n - 1 : 0, &a);
    }
    model_set_free(set);
    arena_fini(&a);
    return 0;
}
