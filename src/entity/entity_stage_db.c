/* entity_stage_db: the statements of entity_stage_int.h. */
#include <string.h>

#include "entity/entity_stage_int.h"
#include "store/query.h"

static const char SQL_NUMBER[] = "SELECT s.number FROM entity_name n"
                                 " JOIN entity_state s ON s.number = n.number WHERE n.iri = ?1";
static const char SQL_TYPES[] = "SELECT n.iri FROM entity_type t"
                                " JOIN entity_name n ON n.number = t.type WHERE t.entity = ?1";
static const char SQL_ATTRIBUTES[] =
    "SELECT n.iri, x.name, d.iri, x.dataset, x.kind, x.observed_ms, x.series"
    " FROM entity_attribute x"
    " JOIN entity_name n ON n.number = x.name LEFT JOIN entity_name d ON d.number = x.dataset"
    " WHERE x.entity = ?1";
static const char *keep(const struct known_names *names, struct query *q, int column) {
    const char *s = query_get_text(q, column);
    return s == NULL ? NULL : names->keep(names->data, s, query_get_len(q, column));
}

/* Room for one more in a list that grows by doubling from 4. */
static void *grow(struct arena *a, void *list, size_t count, size_t size) {
    if (count != 0 && (count < 4 || (count & (count - 1)) != 0)) {
        return list;
    }
    void *more = arena_alloc(a, (count == 0 ? 4 : 2 * count) * size);
    if (count > 0) {
        memcpy(more, list, count * size);
    }
    return more;
}

static enum code load_types(struct tx *tx, const struct known_names *names, struct known *to,
                            struct err *err) {
    struct query *q = query_open_of(tx, SQL_TYPES, to->number);
    while (query_row(q)) {
        to->types = grow(names->arena, to->types, to->type_count, sizeof *to->types);
        to->types[to->type_count++] = keep(names, q, 0);
    }
    return query_close(q, err);
}

static enum code load_attributes(struct tx *tx, const struct known_names *names, struct known *to,
                                 struct err *err) {
    struct query *q = query_open_of(tx, SQL_ATTRIBUTES, to->number);
    while (query_row(q)) {
        to->attributes = grow(names->arena, to->attributes, to->count, sizeof *to->attributes);
        struct known_attribute *a = &to->attributes[to->count++];
        *a = (struct known_attribute){
            .name = keep(names, q, 0),
            .dataset = keep(names, q, 2),
            .name_number = query_get_int(q, 1),
            .dataset_number = query_get_int(q, 3),
            .kind = (enum entity_kind)query_get_int(q, 4),
            .observed = query_kind(q, 5) != QUERY_NULL,
            .observed_ms = query_get_int(q, 5),
        };
        entity_stage_set_series(names->arena, a, query_get_blob(q, 6), query_get_len(q, 6));
    }
    return query_close(q, err);
}

enum code entity_stage_db_load(struct tx *tx, const struct known_names *names, struct known *to,
                               struct err *err) {
    struct query *q = query_open(tx, SQL_NUMBER);
    query_text(q, 1, to->id);
    enum code code = query_number(q, &to->number, err);
    if (code == OK && to->number != 0) {
        code = load_types(tx, names, to, err);
    }
    if (code == OK && to->number != 0) {
        code = load_attributes(tx, names, to, err);
    }
    return code;
}
