/* entity_list: queries over entities; see entity_store.h. Types and attributes are looked for by
 * the database, ids and the pattern here. */
#include <regex.h>
#include <string.h>

#include "entity/entity_int.h"
#include "entity/entity_store.h"
#include "entity/pattern.h"

/* One query on its way. */
struct listing {
    const struct entity_query *query;
    regex_t *pattern; /* NULL: none */
    int64_t seen;
    int64_t *numbers; /* of this page; room for `limit` */
    size_t count;
    bool more;
};

static bool is_listed(const struct entity_query *q, const char *id) {
    for (size_t i = 0; i < q->id_count; i++) {
        if (strcmp(q->ids[i], id) == 0) {
            return true;
        }
    }
    return q->id_count == 0;
}

static bool see(void *data, int64_t number, const char *id) {
    struct listing *l = data;
    if (!is_listed(l->query, id) ||
        (l->pattern != NULL && !pattern_finds(l->pattern, id, strlen(id)))) {
        return true;
    }
    int64_t at = l->seen++;
    if (at >= l->query->offset && l->count < (size_t)l->query->limit) {
        l->numbers[l->count++] = number;
    } else if (at >= l->query->offset) {
        l->more = true;
    }
    return l->query->count || !l->more;
}

static enum code load_page(struct tx *tx, const struct listing *l, struct arena *a,
                           struct entity_page *out, struct err *err) {
    enum code code = OK;
    out->entities = arena_alloc(a, (l->count + 1) * sizeof *out->entities);
    for (size_t i = 0; i < l->count && code == OK; i++) {
        code = entity_db_load(tx, l->numbers[i], a, &out->entities[i], err);
    }
    out->count = l->count;
    out->total = l->seen;
    out->more = l->more;
    return code;
}

enum code entity_list(struct tx *tx, const struct entity_query *query, struct arena *a,
                      struct entity_page *out, struct err *err) {
    regex_t pattern;
    struct listing l = {.query = query};
    if (query->type_count > ENTITY_NAMES_MAX || query->attribute_count > ENTITY_NAMES_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d types or attributes in a query",
                       ENTITY_NAMES_MAX);
    }
    enum code code = query->id_pattern == NULL
                         ? OK
                         : pattern_compile(query->id_pattern, "idPattern", &pattern, err);
    if (code != OK) {
        return code;
    }
    l.pattern = query->id_pattern == NULL ? NULL : &pattern;
    l.numbers = arena_alloc(a, ((size_t)query->limit + 1) * sizeof *l.numbers);
    code = entity_db_list(tx, query, see, &l, err);
    if (l.pattern != NULL) {
        regfree(&pattern);
    }
    return code == OK ? load_page(tx, &l, a, out, err) : code;
}
