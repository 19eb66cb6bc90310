/* entity_known: the types and attributes that entities have now; see entity_list.h. Names are few
 * among many entities, so they are found by leaping through an index from one to the next. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_list.h"
#include "store/query.h"

#define LEAP(table, column)                                                                        \
    "WITH RECURSIVE each (n) AS (SELECT min(" column ") FROM " table                               \
    " UNION ALL SELECT (SELECT min(" column ") FROM " table " WHERE " column " > n)"               \
    " FROM each WHERE n IS NOT NULL)"                                                              \
    " SELECT iri FROM each JOIN entity_name ON number = n ORDER BY iri"

static const char SQL_TYPES[] = LEAP("entity_type", "type");
static const char SQL_ATTRIBUTES[] = LEAP("entity_attribute", "name");
static const char SQL_NUMBER[] = "SELECT number FROM entity_name WHERE iri = ?1";
static const char SQL_COUNT_TYPE[] = "SELECT count(*) FROM entity_type WHERE type = ?1";
static const char SQL_COUNT_ATTRIBUTE[] = "SELECT count(*) FROM entity_attribute WHERE name = ?1";
static const char SQL_OF_TYPE[] =
    "SELECT n.iri, x.kind FROM (SELECT DISTINCT x.name, x.kind FROM entity_type t"
    " CROSS JOIN entity_attribute x ON x.entity = t.entity WHERE t.type = ?1) x"
    " JOIN entity_name n ON n.number = x.name ORDER BY 1, 2";
static const char SQL_KINDS[] = "SELECT DISTINCT kind FROM entity_attribute WHERE name = ?1";
static const char SQL_TYPES_WITH[] =
    "SELECT n.iri FROM (SELECT DISTINCT t.type FROM entity_attribute x"
    " CROSS JOIN entity_type t ON t.entity = x.entity WHERE x.name = ?1) x"
    " JOIN entity_name n ON n.number = x.type ORDER BY 1";

struct found {
    const char **names;
    unsigned *kinds;
    size_t count, cap, kind_cap;
};

/* Adds a name, or another kind to the same name. */
static void add(struct found *f, struct query *q, unsigned kind, struct arena *a) {
    const char *name = query_get_text(q, 0);
    if (f->count == 0 || strcmp(f->names[f->count - 1], name) != 0) {
        f->names = mem_reserve(f->names, &f->cap, f->count + 1, sizeof *f->names);
        f->kinds = mem_reserve(f->kinds, &f->kind_cap, f->count + 1, sizeof *f->kinds);
        f->names[f->count] = arena_dup(a, name, query_get_len(q, 0));
        f->kinds[f->count++] = 0;
    }
    f->kinds[f->count - 1] |= kind;
}

static void hand_over(struct found *f, struct arena *a, struct entity_names *names,
                      unsigned **kinds) {
    *names = (struct entity_names){arena_alloc(a, (f->count + 1) * sizeof *f->names), f->count};
    *kinds = arena_alloc(a, (f->count + 1) * sizeof **kinds);
    if (f->count > 0) {
        memcpy(names->all, f->names, f->count * sizeof *f->names);
        memcpy(*kinds, f->kinds, f->count * sizeof **kinds);
    }
    free(f->names);
    free(f->kinds);
}

/* Names, with kinds in a second column where `kinds` is. `number` 0: the statement asks for none.
 */
static enum code find(struct tx *tx, const char *sql, int64_t number, struct arena *a,
                      struct entity_names *names, unsigned **kinds, struct err *err) {
    struct found f = {.names = NULL};
    struct query *q = query_open(tx, sql);
    unsigned *all;
    if (number != 0) {
        query_int(q, 1, number);
    }
    while (query_row(q)) {
        add(&f, q, kinds == NULL ? 0 : 1U << query_get_int(q, 1), a);
    }
    hand_over(&f, a, names, kinds == NULL ? &all : kinds);
    return query_close(q, err);
}

enum code entity_list_types(struct tx *tx, struct arena *a, struct entity_names *out,
                            struct err *err) {
    return find(tx, SQL_TYPES, 0, a, out, NULL, err);
}

enum code entity_list_attributes(struct tx *tx, struct arena *a, struct entity_names *out,
                                 struct err *err) {
    return find(tx, SQL_ATTRIBUTES, 0, a, out, NULL, err);
}

/* ---- one ---- */

/* The number of a name and how many there are of it; 0 for one that nobody used. */
static enum code count(struct tx *tx, const char *sql, const char *name, int64_t *number,
                       int64_t *out, struct err *err) {
    struct query *q = query_open(tx, SQL_NUMBER);
    query_text(q, 1, name);
    enum code code = query_number(q, number, err);
    if (code == OK) {
        q = query_open(tx, sql);
        query_int(q, 1, *number);
        code = query_number(q, out, err);
    }
    return code;
}

enum code entity_known_type(struct tx *tx, const char *type, struct arena *a,
                            struct entity_known *out, struct err *err) {
    int64_t number = 0;
    *out = (struct entity_known){.count = 0};
    enum code code = count(tx, SQL_COUNT_TYPE, type, &number, &out->count, err);
    return code == OK && out->count > 0
               ? find(tx, SQL_OF_TYPE, number, a, &out->names, &out->kinds, err)
               : code;
}

enum code entity_known_attribute(struct tx *tx, const char *attribute, struct arena *a,
                                 struct entity_known *out, struct err *err) {
    int64_t number = 0;
    *out = (struct entity_known){.count = 0};
    enum code code = count(tx, SQL_COUNT_ATTRIBUTE, attribute, &number, &out->count, err);
    if (code != OK || out->count == 0) {
        return code;
    }
    struct query *q = query_open(tx, SQL_KINDS);
    query_int(q, 1, number);
    while (query_row(q)) {
        out->kind |= 1U << query_get_int(q, 0);
    }
    code = query_close(q, err);
    return code == OK ? find(tx, SQL_TYPES_WITH, number, a, &out->names, NULL, err) : code;
}
