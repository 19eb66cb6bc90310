/* fuzz_context: any bytes -> an @context, and names there and back.
 *
 * The first byte says how many bytes are a name, the rest is the context; its addresses "u:1" to
 * "u:9" are answered with the same bytes again, so that contexts name each other. Held: what it
 * says a name is, is a URI or below a URI that is a vocabulary; and the short name of that expands
 * to it again. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "ngsi/entity.h"
#include "ngsi/entity_context.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum code find(void *data, const char *url, struct arena *a, const struct json_value **out,
                      struct err *err) {
    (void)a;
    if (url[0] != 'u' || url[1] != ':' || strlen(url) != 3) {
        return err_set(err, E_DENIED, "no %.80s", url);
    }
    *out = data;
    return OK;
}

/* An IRI without authority whose scheme is a term of the @context: JSON-LD 1.1 has no name for it
 * ("IRI confused with prefix"), and by itself it is taken for "prefix:rest". */
static bool is_confused(const struct entity_context *c, const char *iri) {
    size_t n = strcspn(iri, ":");
    bool found = false;
    for (size_t i = 0; i < c->count && !found; i++) {
        found = strncmp(c->terms[i].name, iri, n) == 0 && c->terms[i].name[n] == '\0';
    }
    return found && strncmp(iri + n, "://", 3) != 0;
}

static void check_name(const struct entity_context *c, const char *name, struct arena *a) {
    const char *iri = NULL;
    const char *again = NULL;
    struct err err = ERR_INIT;
    enum code code = entity_expand(c, name, a, &iri, &err);
    assert((code == OK) == (err.msg[0] == '\0'));
    if (code != OK) {
        return;
    }
    const char *brief = entity_compact(c, iri, a);
    assert(entity_expand(c, brief, a, &again, &err) == OK);
    assert(strcmp(again, iri) == 0 || (brief == iri && is_confused(c, iri)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v = NULL;
    const struct json_value *said = NULL;
    struct entity_context c;
    size_t n = size == 0 ? 0 : data[0];
    if (size < n + 2 || json_read((const char *)data + 1 + n, size - 1 - n, &a, &v, &err) != OK) {
        arena_fini(&a);
        return 0;
    }
    struct entity_context_source source = {find, (void *)(uintptr_t)v};
    if (entity_context_load(v, &source, &a, &c, &err) == OK) {
        for (size_t i = 0; i < c.count; i++) {
            assert(entity_is_uri(c.terms[i].iri));
            assert(i == 0 || strcmp(c.terms[i - 1].name, c.terms[i].name) < 0);
            check_name(&c, c.terms[i].name, &a);
            check_name(&c, c.terms[i].iri, &a);
        }
        char *name = arena_dup(&a, (const char *)data + 1, n);
        struct buf quoted = BUF_INIT;
        struct json_out j;
        json_init(&j, &quoted, 0);
        json_strn(&j, name, strlen(name));
        if (json_read(quoted.data, quoted.len, &a, &said, &err) == OK) { /* it is UTF-8 */
            check_name(&c, name, &a);
        }
        buf_fini(&quoted);
    } else {
        assert(err.msg[0] != '\0');
    }
    arena_fini(&a);
    return 0;
}
