/* entity_list_db: the statements of entity_list.h. Lists of numbers and of ids are bound as one
 * text of JSON, so that a statement takes any number of them and a page is read by four statements,
 * not by four for each of its entities. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "entity/entity_latest.h"
#include "entity/entity_list_int.h"
#include "entity/entity_row.h"
#include "store/query.h"

static const char SQL_NUMBER[] = "SELECT number FROM entity_name WHERE iri = ?1";
static const char SQL_NAME[] = "SELECT iri FROM entity_name WHERE number = ?1";

static const char SQL_ALL[] = "SELECT number FROM entity_state ORDER BY number";
static const char SQL_IDS[] = "SELECT s.number FROM json_each(?1) c"
                              " CROSS JOIN entity_name n ON n.iri = c.value"
                              " CROSS JOIN entity_state s ON s.number = n.number ORDER BY s.number";
static const char SQL_OF_TYPE[] = "SELECT entity FROM entity_type WHERE type = ?1 ORDER BY entity";
static const char SQL_OF_TYPES[] =
    "SELECT DISTINCT entity FROM entity_type"
    " WHERE type IN (SELECT value FROM json_each(?1)) ORDER BY entity";
static const char SQL_WITH_NAME[] =
    "SELECT DISTINCT entity FROM entity_attribute WHERE name = ?1 ORDER BY entity";
static const char SQL_WITH_NAMES[] =
    "SELECT DISTINCT entity FROM entity_attribute"
    " WHERE name IN (SELECT value FROM json_each(?1)) ORDER BY entity";
static const char SQL_STATES[] = "SELECT s.number, n.iri, s.created_ms, s.modified_ms"
                                 " FROM json_each(?1) c"
                                 " CROSS JOIN entity_state s ON s.number = c.value"
                                 " CROSS JOIN entity_name n ON n.number = s.number";
/* An index has them by entity and type: to sort them would cost more than to find them. */
static const char SQL_TYPES_OF[] = "SELECT t.entity, t.type FROM json_each(?1) c"
                                   " CROSS JOIN entity_type t ON t.entity = c.value";
static const char SQL_SCOPES_OF[] = "SELECT x.entity, x.scope FROM json_each(?1) c"
                                    " CROSS JOIN entity_scope x ON x.entity = c.value";
#define ATTRIBUTES                                                                                 \
    "SELECT x.entity, x.name, x.place, x.json, x.created_ms, x.modified_ms, x.quality,"            \
    " x.dataset"                                                                                   \
    " FROM json_each(?1) c CROSS JOIN entity_attribute x ON x.entity = c.value"
static const char SQL_EVERY[] = ATTRIBUTES;
static const char SQL_SOME[] = ATTRIBUTES " AND x.name IN (SELECT value FROM json_each(?2))";

/* ---- lists as JSON ---- */

static void write_numbers(struct buf *to, struct list_numbers numbers) {
    struct json_out j;
    json_init(&j, to, 0);
    json_arr(&j);
    for (size_t i = 0; i < numbers.count; i++) {
        json_int(&j, numbers.all[i]);
    }
    json_arr_end(&j);
}

/* `text` is to live as long as the query. */
static void bind_numbers(struct query *q, int at, struct list_numbers numbers, struct buf *text) {
    write_numbers(text, numbers);
    query_textn(q, at, text->data, text->len);
}

static void write_texts(struct buf *to, const char *const *all, size_t count) {
    struct json_out j;
    json_init(&j, to, 0);
    json_arr(&j);
    for (size_t i = 0; i < count; i++) {
        json_str(&j, all[i]);
    }
    json_arr_end(&j);
}

enum code list_db_numbers(struct tx *tx, const char *const *names, size_t count, struct arena *a,
                          struct list_numbers *out, struct err *err) {
    struct list_numbers to = {arena_alloc(a, (count + 1) * sizeof *to.all), 0};
    enum code code = OK;
    for (size_t i = 0; i < count && code == OK; i++) {
        int64_t number = 0;
        struct query *q = query_open(tx, SQL_NUMBER);
        query_text(q, 1, names[i]);
        code = query_number(q, &number, err);
        if (code == OK && number != 0) {
            to.all[to.count++] = number;
        }
    }
    if (code == OK) {
        *out = to;
    }
    return code;
}

/* ---- candidates ---- */

static const char *statement(const struct list_cursor *c) {
    switch (c->source) {
    case LIST_IDS:
        return SQL_IDS;
    case LIST_TYPES:
        return c->names.count == 1 ? SQL_OF_TYPE : SQL_OF_TYPES;
    case LIST_ATTRIBUTES:
        return c->names.count == 1 ? SQL_WITH_NAME : SQL_WITH_NAMES;
    case LIST_ALL:
    case LIST_PLACES:
        break;
    }
    return SQL_ALL;
}

void list_db_open(struct tx *tx, struct list_cursor *c, const char *const *ids, size_t id_count,
                  struct arena *a) {
    struct buf text = BUF_INIT;
    bool named = c->source == LIST_TYPES || c->source == LIST_ATTRIBUTES;
    c->done = c->source == LIST_PLACES || (named && c->names.count == 0);
    if (c->done) {
        return;
    }
    c->q = query_open(tx, statement(c));
    if (named && c->names.count == 1) {
        query_int(c->q, 1, c->names.all[0]);
        return;
    }
    if (named) {
        write_numbers(&text, c->names);
    } else if (c->source == LIST_IDS) {
        write_texts(&text, ids, id_count);
    }
    if (text.len > 0) {
        query_textn(c->q, 1, arena_dup(a, text.data, text.len), text.len);
    }
    buf_fini(&text);
}

static size_t next_places(struct list_cursor *c, int64_t *to, size_t max) {
    struct list_place p;
    size_t count = 0;
    while (count < max && list_places_next(&c->places, &p)) {
        struct sphere_box box = {p.box.min_lon, p.box.max_lon, p.box.min_lat, p.box.max_lat};
        if (entity_region_may_match(c->region, box)) {
            to[count++] = p.entity;
        }
    }
    return count;
}

size_t list_db_next(struct list_cursor *c, int64_t *to, size_t max) {
    size_t count = 0;
    if (c->source == LIST_PLACES) {
        return next_places(c, to, max);
    }
    while (count < max && !c->done) {
        if (query_row(c->q)) {
            to[count++] = query_get_int(c->q, 0);
        } else {
            c->done = true;
        }
    }
    return count;
}

enum code list_db_close(struct list_cursor *c, struct err *err) {
    list_places_free(&c->places);
    return c->q == NULL ? OK : query_close(c->q, err);
}

/* ---- reading many ---- */

static enum code name_of(struct list_names *names, int64_t number, const char **out,
                         struct err *err) {
    size_t slot = (size_t)number % (sizeof names->slots / sizeof names->slots[0]);
    if (names->slots[slot].number != number || names->slots[slot].iri == NULL) {
        struct query *q = query_open(names->tx, SQL_NAME);
        query_int(q, 1, number);
        const char *iri = query_row(q) ? query_dup_text(q, 0, names->arena) : "";
        enum code code = query_close(q, err);
        if (code != OK) {
            return code;
        }
        names->slots[slot].number = number;
        names->slots[slot].iri = iri;
    }
    *out = names->slots[slot].iri;
    return OK;
}

/* One run over the rows of a statement, which come by entity as the numbers do. */
struct reading {
    struct list_names *names;
    struct list_numbers numbers;
    struct arena *arena;
    struct entity *to;
    size_t at;
};

static struct query *open_numbers(struct reading *r, const char *sql, struct buf *text) {
    struct query *q = query_open(r->names->tx, sql);
    bind_numbers(q, 1, r->numbers, text);
    r->at = 0;
    return q;
}

/* Whose row it is. */
static struct entity *owner(struct reading *r, struct query *q) {
    int64_t number = query_get_int(q, 0);
    while (r->at + 1 < r->numbers.count && r->numbers.all[r->at] != number) {
        r->at++;
    }
    return &r->to[r->at];
}

static enum code read_states(struct reading *r, struct err *err) {
    struct buf text = BUF_INIT;
    struct query *q = open_numbers(r, SQL_STATES, &text);
    while (query_row(q)) {
        struct entity *e = owner(r, q);
        e->id = query_dup_text(q, 1, r->arena);
        e->created_ms = query_get_int(q, 2);
        e->modified_ms = query_get_int(q, 3);
    }
    enum code code = query_close(q, err);
    buf_fini(&text);
    return code;
}

/* Adds a text to a list that grows by doubling from 2. */
static void add_text(const char ***all, size_t *count, const char *s, struct arena *a) {
    bool full = *count == 0 || (*count >= 2 && (*count & (*count - 1)) == 0);
    if (full) {
        const char **more = arena_alloc(a, (*count == 0 ? 2 : 2 * *count) * sizeof *more);
        if (*count > 0) {
            memcpy(more, *all, *count * sizeof *more);
        }
        *all = more;
    }
    (*all)[(*count)++] = s;
}

static enum code read_types(struct reading *r, struct err *err) {
    struct buf text = BUF_INIT;
    struct query *q = open_numbers(r, SQL_TYPES_OF, &text);
    enum code code = OK;
    while (code == OK && query_row(q)) {
        const char *name = NULL;
        struct entity *e = owner(r, q);
        code = name_of(r->names, query_get_int(q, 1), &name, err);
        add_text(&e->types, &e->type_count, name, r->arena);
    }
    enum code closed = query_close(q, err);
    buf_fini(&text);
    return code == OK ? closed : code;
}

static enum code read_scopes(struct reading *r, struct err *err) {
    struct buf text = BUF_INIT;
    struct query *q = open_numbers(r, SQL_SCOPES_OF, &text);
    while (query_row(q)) {
        struct entity *e = owner(r, q);
        add_text(&e->scopes, &e->scope_count, query_dup_text(q, 1, r->arena), r->arena);
    }
    enum code code = query_close(q, err);
    buf_fini(&text);
    return code;
}

/* Attributes of the entity that is being read, with their places. */
struct gathered {
    struct placed {
        int64_t place;
        size_t row;
        struct entity_attribute x;
    } * rows;
    size_t count, cap;
    struct entity *of;
};

/* The order in which they were first written. */
static int by_place(const void *a, const void *b) {
    const struct placed *x = a;
    const struct placed *y = b;
    return x->place != y->place ? (x->place > y->place) - (x->place < y->place)
                                : (x->row > y->row) - (x->row < y->row);
}

static void hand_over(struct gathered *g, struct arena *a) {
    if (g->count > 0) {
        qsort(g->rows, g->count, sizeof *g->rows, by_place);
        g->of->attributes = arena_alloc(a, g->count * sizeof *g->of->attributes);
        g->of->count = g->count;
    }
    for (size_t i = 0; i < g->count; i++) {
        g->of->attributes[i] = g->rows[i].x;
    }
    g->count = 0;
}

static enum code take_row(struct reading *r, struct query *q, struct gathered *g, struct err *err) {
    struct entity *e = owner(r, q);
    if (e != g->of) {
        hand_over(g, r->arena);
        g->of = e;
    }
    g->rows = mem_reserve(g->rows, &g->cap, g->count + 1, sizeof *g->rows);
    struct placed *row = &g->rows[g->count];
    row->row = g->count++;
    size_t n = query_get_len(q, 3);
    char *json = arena_dup(r->arena, query_get_text(q, 3), n);
    const char *name = NULL;
    row->place = query_get_int(q, 2);
    enum code code = entity_row_read(json, n, r->arena, &row->x, err);
    if (code == OK) {
        code = name_of(r->names, query_get_int(q, 1), &name, err);
    }
    row->x.name = name;
    row->x.created_ms = query_get_int(q, 4);
    row->x.modified_ms = query_get_int(q, 5);
    row->x.quality = (uint32_t)query_get_int(q, 6);
    if (code == OK) {
        const struct fresh_key key = {query_get_int(q, 0), query_get_int(q, 1),
                                      query_get_int(q, 7)};
        code = entity_latest(r->names->tx, &key, r->arena, &row->x, err);
    }
    if (row->x.modified_ms > e->modified_ms) { /* as in entity_db.c */
        e->modified_ms = row->x.modified_ms;
    }
    return code;
}

static enum code read_attributes(struct reading *r, const struct list_want *want, struct err *err) {
    struct buf text = BUF_INIT;
    struct buf names = BUF_INIT;
    struct gathered g = {NULL, 0, 0, NULL};
    bool every = want->parts & LIST_EVERY;
    struct query *q = open_numbers(r, every ? SQL_EVERY : SQL_SOME, &text);
    enum code code = OK;
    if (!every) {
        bind_numbers(q, 2, want->names, &names);
    }
    while (code == OK && query_row(q)) {
        code = take_row(r, q, &g, err);
    }
    hand_over(&g, r->arena);
    free(g.rows);
    enum code closed = query_close(q, err);
    buf_fini(&text);
    buf_fini(&names);
    return code == OK ? closed : code;
}

enum code list_db_read(struct list_names *names, struct list_numbers numbers,
                       const struct list_want *want, struct arena *a, struct entity *to,
                       struct err *err) {
    struct reading r = {.names = names, .numbers = numbers, .arena = a, .to = to};
    enum code code = OK;
    memset(to, 0, numbers.count * sizeof *to);
    if (want->parts & LIST_STATE) {
        code = read_states(&r, err);
    }
    if (code == OK && want->parts & LIST_TYPES_OF) {
        code = read_types(&r, err);
    }
    if (code == OK && want->parts & LIST_SCOPES_OF) {
        code = read_scopes(&r, err);
    }
    if (code == OK && want->parts & (LIST_SOME | LIST_EVERY)) {
        code = read_attributes(&r, want, err);
    }
    return code;
}
