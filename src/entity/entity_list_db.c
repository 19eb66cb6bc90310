/* entity_list_db: the statements of entity_list.h. Lists of numbers and of ids are mostly bound as
 * one text of JSON, so that a statement takes any number of them and a page is read by four
 * statements, not by four for each of its entities. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "entity/entity_heads_int.h"
#include "entity/entity_latest.h"
#include "entity/entity_list_int.h"
#include "ngsi/entity_row.h"
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
enum { HEAD_PARTS = LIST_STATE | LIST_TYPES_OF | LIST_SCOPES_OF };

/* Attributes are most of what is read: their entities are bound one by one, so many to a run, as
 * json_each() takes as long for each as finding a row. What is not bound is NULL, and means none.
 */
enum { SLICE = 32 };

#define COLUMNS                                                                                    \
    "SELECT x.entity, x.name, x.place, x.json, x.created_ms, x.modified_ms, x.quality, x.dataset"  \
    " FROM "
#define ATTRIBUTES                                                                                 \
    COLUMNS                                                                                        \
    "(VALUES (?1), (?2), (?3), (?4), (?5), (?6), (?7), (?8), (?9), (?10), (?11), (?12),"           \
    " (?13), (?14), (?15), (?16), (?17), (?18), (?19), (?20), (?21), (?22), (?23), (?24), (?25),"  \
    " (?26), (?27), (?28), (?29), (?30), (?31), (?32)) c"                                          \
    " CROSS JOIN entity_attribute x ON x.entity = c.column1"
static const char SQL_EVERY[] = ATTRIBUTES;
static const char SQL_SOME[] = ATTRIBUTES " AND x.name IN (SELECT value FROM json_each(?33))";

/* What was created together has numbers close together: to walk over rows costs less than to find
 * each entity's first. Rows of others in between are passed over. */
static const char SQL_RUN[] =
    COLUMNS "entity_attribute x WHERE x.entity BETWEEN ?1 AND ?2 ORDER BY x.entity";

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

/* ---- names ---- */

static enum code load_name(struct list_names *names, int64_t number, const char **out,
                           struct err *err) {
    if (names->heads != NULL) {
        *out = heads_find_name(names->heads, number, names->arena);
        if (*out != NULL) {
            return OK;
        }
    }
    struct query *q = query_open(names->tx, SQL_NAME);
    query_int(q, 1, number);
    bool there = query_row(q);
    *out = there ? query_dup_text(q, 0, names->arena) : "";
    enum code code = query_close(q, err);
    if (code == OK && there && names->heads != NULL) {
        heads_put_name(names->heads, number, *out);
    }
    return code;
}

static enum code name_of(struct list_names *names, int64_t number, const char **out,
                         struct err *err) {
    size_t slot = (size_t)number % (sizeof names->slots / sizeof names->slots[0]);
    if (names->slots[slot].number != number || names->slots[slot].iri == NULL) {
        const char *iri;
        enum code code = load_name(names, number, &iri, err);
        if (code != OK) {
            return code;
        }
        names->slots[slot].number = number;
        names->slots[slot].iri = iri;
    }
    *out = names->slots[slot].iri;
    return OK;
}

/* ---- heads ---- */

/* One run over the rows of a statement, which come by entity as the numbers do. */
struct reading {
    struct list_names *names;
    struct list_numbers numbers;
    struct arena *arena;
    struct head *heads; /* of the numbers */
    size_t at;
};

static struct query *open_numbers(struct reading *r, const char *sql, struct buf *text) {
    struct query *q = query_open(r->names->tx, sql);
    bind_numbers(q, 1, r->numbers, text);
    r->at = 0;
    return q;
}

/* Whose row it is. */
static size_t owner(struct reading *r, struct query *q) {
    int64_t number = query_get_int(q, 0);
    while (r->at + 1 < r->numbers.count && r->numbers.all[r->at] != number) {
        r->at++;
    }
    return r->at;
}

static enum code read_states(struct reading *r, struct err *err) {
    struct buf text = BUF_INIT;
    struct query *q = open_numbers(r, SQL_STATES, &text);
    while (query_row(q)) {
        struct head *h = &r->heads[owner(r, q)];
        h->id = query_dup_text(q, 1, r->arena);
        h->created_ms = query_get_int(q, 2);
        h->modified_ms = query_get_int(q, 3);
    }
    enum code code = query_close(q, err);
    buf_fini(&text);
    return code;
}

/* Room for one more in a list that grows by doubling from 2. */
static void *grow(void *all, size_t count, size_t size, struct arena *a) {
    bool full = count == 0 || (count >= 2 && (count & (count - 1)) == 0);
    if (!full) {
        return all;
    }
    void *more = arena_alloc(a, (count == 0 ? 2 : 2 * count) * size);
    if (count > 0) {
        memcpy(more, all, count * size);
    }
    return more;
}

static enum code read_types(struct reading *r, struct err *err) {
    struct buf text = BUF_INIT;
    struct query *q = open_numbers(r, SQL_TYPES_OF, &text);
    while (query_row(q)) {
        struct head *h = &r->heads[owner(r, q)];
        h->types = grow(h->types, h->type_count, sizeof *h->types, r->arena);
        h->types[h->type_count++] = query_get_int(q, 1);
    }
    enum code code = query_close(q, err);
    buf_fini(&text);
    return code;
}

static enum code read_scopes(struct reading *r, struct err *err) {
    struct buf text = BUF_INIT;
    struct query *q = open_numbers(r, SQL_SCOPES_OF, &text);
    while (query_row(q)) {
        struct head *h = &r->heads[owner(r, q)];
        h->scopes = grow(h->scopes, h->scope_count, sizeof *h->scopes, r->arena);
        h->scopes[h->scope_count++] = query_dup_text(q, 1, r->arena);
    }
    enum code code = query_close(q, err);
    buf_fini(&text);
    return code;
}

static enum code read_heads(struct reading *r, unsigned parts, struct err *err) {
    enum code code = OK;
    if (parts & LIST_STATE) {
        code = read_states(r, err);
    }
    if (code == OK && parts & LIST_TYPES_OF) {
        code = read_types(r, err);
    }
    if (code == OK && parts & LIST_SCOPES_OF) {
        code = read_scopes(r, err);
    }
    return code;
}

/* Those that are not known yet are read in whole, and known then. */
static enum code find_heads(struct reading *r, struct err *err) {
    struct entity_heads *known = r->names->heads;
    struct reading absent = *r;
    size_t count = r->numbers.count;
    size_t *places = arena_alloc(r->arena, count * sizeof *places);
    heads_find(known, r->names->line, r->numbers.all, count, r->arena, r->heads);
    absent.numbers = (struct list_numbers){arena_alloc(r->arena, count * sizeof(int64_t)), 0};
    for (size_t i = 0; i < count; i++) {
        if (r->heads[i].id == NULL) {
            places[absent.numbers.count] = i;
            absent.numbers.all[absent.numbers.count++] = r->numbers.all[i];
        }
    }
    if (absent.numbers.count == 0) {
        return OK;
    }
    absent.heads = arena_zero(r->arena, absent.numbers.count * sizeof *absent.heads);
    enum code code = read_heads(&absent, HEAD_PARTS, err);
    for (size_t i = 0; i < absent.numbers.count && code == OK; i++) {
        r->heads[places[i]] = absent.heads[i];
    }
    if (code == OK) {
        heads_put(known, r->names->line, absent.numbers.all, absent.numbers.count, absent.heads);
    }
    return code;
}

static enum code set_head(struct list_reader *r, const struct head *h, struct entity *to,
                          struct err *err) {
    enum code code = OK;
    *to = (struct entity){.id = h->id,
                          .scopes = h->scopes,
                          .scope_count = h->scope_count,
                          .created_ms = h->created_ms,
                          .modified_ms = h->modified_ms};
    if (h->type_count > 0) {
        to->types = arena_alloc(r->arena, h->type_count * sizeof *to->types);
    }
    for (size_t i = 0; i < h->type_count && code == OK; i++) {
        code = name_of(r->names, h->types[i], &to->types[to->type_count++], err);
    }
    return code;
}

static enum code load_heads(struct list_reader *l, struct err *err) {
    struct reading r = {.names = l->names, .numbers = l->numbers, .arena = l->arena};
    unsigned parts = l->want->parts & HEAD_PARTS;
    r.heads = l->heads = arena_zero(l->arena, l->numbers.count * sizeof *l->heads);
    return parts == 0                ? OK
           : l->names->heads != NULL ? find_heads(&r, err)
                                     : read_heads(&r, parts, err);
}

/* ---- attributes ---- */

/* Of the entity that is being read, with their places. */
struct list_row {
    int64_t place;
    size_t row;
    struct entity_attribute x;
};

/* The order in which they were first written. */
static int by_place(const void *a, const void *b) {
    const struct list_row *x = a;
    const struct list_row *y = b;
    return x->place != y->place ? (x->place > y->place) - (x->place < y->place)
                                : (x->row > y->row) - (x->row < y->row);
}

static bool is_sorted(const struct list_row *rows, size_t count) {
    size_t i = 1;
    while (i < count && rows[i - 1].place <= rows[i].place) {
        i++;
    }
    return i >= count;
}

static void hand_over(struct list_reader *l, size_t count, struct entity *to) {
    if (!is_sorted(l->rows, count)) {
        qsort(l->rows, count, sizeof *l->rows, by_place);
    }
    if (count > 0) {
        to->attributes = arena_alloc(l->arena, count * sizeof *to->attributes);
    }
    for (size_t i = 0; i < count; i++) {
        to->attributes[i] = l->rows[i].x;
    }
    to->count = count;
}

static bool is_wanted(const struct list_want *want, int64_t name) {
    size_t i = 0;
    while (i < want->names.count && want->names.all[i] != name) {
        i++;
    }
    return i < want->names.count;
}

/* From a row to an attribute: the one place where that is done. */
static enum code take_row(struct list_reader *l, struct list_row *row, struct entity *e,
                          struct err *err) {
    struct query *q = l->q;
    const char *name = NULL;
    int64_t number = query_get_int(q, 1);
    l->taken++;
    l->wanted += is_wanted(l->want, number);
    size_t n = query_get_len(q, 3);
    char *json = arena_dup(l->arena, query_get_text(q, 3), n);
    row->place = query_get_int(q, 2);
    enum code code = entity_row_read(json, n, l->arena, &row->x, err);
    if (code == OK) {
        code = name_of(l->names, number, &name, err);
    }
    row->x.name = name;
    row->x.created_ms = query_get_int(q, 4);
    row->x.modified_ms = query_get_int(q, 5);
    row->x.quality = (uint32_t)query_get_int(q, 6);
    if (code == OK) {
        const struct fresh_key key = {l->row_of, number, query_get_int(q, 7)};
        code = entity_latest(l->names->tx, &key, l->arena, &row->x, err);
    }
    if (row->x.modified_ms > e->modified_ms) { /* as in entity_db.c */
        e->modified_ms = row->x.modified_ms;
    }
    return code;
}

/* To the next row, if there is one, and whose it is. */
static void next_row(struct list_reader *l) {
    l->has_row = query_row(l->q);
    l->row_of = l->has_row ? query_get_int(l->q, 0) : 0;
}

static enum code take_rows(struct list_reader *l, int64_t number, struct entity *to,
                           struct err *err) {
    enum code code = OK;
    size_t count = 0;
    while (l->has_row && l->row_of < number) {
        next_row(l);
    }
    while (code == OK && l->has_row && l->row_of == number) {
        l->rows = mem_reserve(l->rows, &l->cap, count + 1, sizeof *l->rows);
        l->rows[count].row = count;
        code = take_row(l, &l->rows[count++], to, err);
        if (code == OK) {
            next_row(l);
        }
    }
    hand_over(l, count, to);
    return code;
}

/* Numbers of which at least 3 in 4 are wanted. */
static bool is_run(const int64_t *numbers, size_t count) {
    int64_t span = numbers[count - 1] - numbers[0];
    return 3 * span < 4 * (int64_t)count;
}

static void open_every(struct list_reader *l, const int64_t *numbers, size_t count) {
    bool run = is_run(numbers, count);
    l->q = query_open(l->names->tx, run ? SQL_RUN : SQL_EVERY);
    if (run) {
        query_int(l->q, 1, numbers[0]);
        query_int(l->q, 2, numbers[count - 1]);
    }
    for (size_t i = 0; i < count && !run; i++) {
        query_int(l->q, (int)i + 1, numbers[i]);
    }
}

static void open_some(struct list_reader *l, const int64_t *numbers, size_t count) {
    l->q = query_open(l->names->tx, SQL_SOME);
    for (size_t i = 0; i < count; i++) {
        query_int(l->q, (int)i + 1, numbers[i]);
    }
    buf_clear(&l->text);
    bind_numbers(l->q, SLICE + 1, l->want->names, &l->text);
}

/* Runs the statement for the next numbers. */
static enum code open_slice(struct list_reader *l, struct err *err) {
    size_t left = l->numbers.count - l->at;
    enum code code = l->q == NULL ? OK : query_close(l->q, err);
    l->q = NULL;
    if (code != OK) {
        return code;
    }
    (l->want->parts & LIST_EVERY ? open_every : open_some)(l, &l->numbers.all[l->at],
                                                           left < SLICE ? left : SLICE);
    next_row(l);
    return OK;
}

/* ---- reading many ---- */

enum code list_db_begin(struct list_names *names, struct list_numbers numbers,
                        const struct list_want *want, struct arena *a, struct list_reader *out,
                        struct err *err) {
    *out = (struct list_reader){.names = names, .numbers = numbers, .want = want, .arena = a};
    return load_heads(out, err);
}

enum code list_db_read(struct list_reader *l, struct entity *to, struct err *err) {
    bool attributes = l->want->parts & (LIST_SOME | LIST_EVERY);
    enum code code = attributes && l->at % SLICE == 0 ? open_slice(l, err) : OK;
    if (code == OK) {
        code = set_head(l, &l->heads[l->at], to, err);
    }
    if (code == OK && attributes) {
        code = take_rows(l, l->numbers.all[l->at], to, err);
    }
    l->at++;
    return code;
}

enum code list_db_end(struct list_reader *l, struct err *err) {
    enum code code = l->q == NULL ? OK : query_close(l->q, err);
    buf_fini(&l->text);
    free(l->rows);
    return code;
}
