/* entity_list: see entity_list.h. */
#include "entity/entity_list.h"

#include <string.h>

#include "entity/entity_list_int.h"
#include "ngsi/pattern.h"
#include "store/journal.h"
#include "store/memory.h"

enum {
    CHUNK = 256,       /* candidates that are read at once, at most; */
    CHUNK_LEAST = 32,  /* a page is often near its end: each chunk is twice the one before, */
    CHUNK_MORE = 4,    /* or by so many more than the page seems to want, where that is less */
    PLACES_MAX = 5000, /* more of them than this are met in order, by another source */
};

/* One query on its way. */
struct listing {
    struct tx *tx;
    const struct entity_query *query;
    struct arena *arena; /* of the request */
    struct list_names names;
    regex_t patterns[ENTITY_SELECTORS_MAX]; /* of the selectors that have one */
    size_t compiled;                        /* selectors that were looked through for one */
    struct list_cursor cursor;
    struct list_want want;  /* of a candidate, */
    struct list_want whole; /* and all that there is of it */
    size_t taken, wanted;   /* rows of attributes that were read in whole, and how many of them
                               would have been wanted */
    bool types_met;         /* by the source */
    bool attributes_met;
    struct list_numbers found; /* of this page, */
    struct entity *page;       /* and those of them that were read in whole: the rest have no id */
    int64_t looked;            /* candidates that were held against the query, */
    int64_t seen;              /* and those of them that it means */
    bool more;
};

/* ---- patterns ---- */

static bool has_pattern(const struct entity_selector *s) {
    return s->id_pattern != NULL && s->id_count == 0;
}

static enum code compile(struct listing *l, struct err *err) {
    enum code code = OK;
    for (size_t i = 0; i < l->query->selector_count && code == OK; i++) {
        const struct entity_selector *s = &l->query->selectors[i];
        if (has_pattern(s)) {
            code = pattern_compile(s->id_pattern, "idPattern", &l->patterns[i], err);
        }
        l->compiled += code == OK;
    }
    return code;
}

static void free_patterns(struct listing *l) {
    for (size_t i = 0; i < l->compiled; i++) {
        if (has_pattern(&l->query->selectors[i])) {
            regfree(&l->patterns[i]);
        }
    }
}

/* ---- the source ---- */

static bool all_have_ids(const struct entity_query *q) {
    size_t n = 0;
    while (n < q->selector_count && q->selectors[n].id_count > 0) {
        n++;
    }
    return n > 0 && n == q->selector_count;
}

/* The ids, or the types, of all selectors; false: one of them has none. */
static bool gather(const struct entity_query *q, bool ids, struct arena *a,
                   struct entity_names *out) {
    size_t count = 0;
    *out = (struct entity_names){NULL, 0};
    for (size_t i = 0; i < q->selector_count; i++) {
        const char *const *types;
        const struct entity_selector *s = &q->selectors[i];
        size_t n = ids ? s->id_count : s->types == NULL ? 0 : entity_types_names(s->types, &types);
        if (n == 0) {
            return false;
        }
        count += n;
    }
    out->all = arena_alloc(a, (count + 1) * sizeof *out->all);
    for (size_t i = 0; i < q->selector_count; i++) {
        const struct entity_selector *s = &q->selectors[i];
        const char *const *all = s->ids;
        size_t n = ids ? s->id_count : entity_types_names(s->types, &all);
        memcpy(&out->all[out->count], all, n * sizeof *all);
        out->count += n;
    }
    return count > 0;
}

/* Attributes of which an entity must have one; none: the query asks for no such thing. */
static struct entity_names needed(const struct entity_query *q, struct arena *a) {
    const char **all = arena_alloc(a, ENTITY_Q_TERMS_MAX * sizeof *all);
    if (q->attribute_count > 0) {
        return (struct entity_names){q->attributes, q->attribute_count};
    }
    size_t count = q->q == NULL ? 0 : entity_q_needs(q->q, all);
    if (count == 0 && q->region != NULL) {
        all[count++] = entity_region_property(q->region);
    }
    return (struct entity_names){all, count};
}

static enum code choose_named(struct listing *l, enum list_source source,
                              const struct entity_names *names, struct err *err) {
    l->cursor.source = source;
    return list_db_numbers(l->tx, names->all, names->count, l->arena, &l->cursor.names, err);
}

/* *done: the places are few, and are the source. */
static enum code choose_places(struct listing *l, bool *done, struct err *err) {
    struct sphere_box box;
    bool many = true;
    enum code code = OK;
    if (l->query->region != NULL && entity_region_box(l->query->region, &box)) {
        code = list_db_places(l->tx, box, PLACES_MAX, &l->cursor.places, &many, err);
    }
    *done = !many;
    l->cursor.source = many ? LIST_ALL : LIST_PLACES;
    l->cursor.region = l->query->region;
    return code;
}

static enum code choose_source(struct listing *l, struct err *err) {
    const struct entity_query *q = l->query;
    struct entity_names names;
    bool places = false;
    if (all_have_ids(q)) {
        l->cursor.source = LIST_IDS;
        gather(q, true, l->arena, &names);
        list_db_open(l->tx, &l->cursor, names.all, names.count, l->arena);
        return OK;
    }
    enum code code = choose_places(l, &places, err);
    if (code == OK && !places && gather(q, false, l->arena, &names)) {
        l->types_met = q->selector_count == 1 && entity_types_are_plain(q->selectors[0].types);
        code = choose_named(l, LIST_TYPES, &names, err);
    } else if (code == OK && !places) {
        names = needed(q, l->arena);
        l->attributes_met = q->attribute_count > 0;
        code = names.count == 0 ? OK : choose_named(l, LIST_ATTRIBUTES, &names, err);
    }
    if (code == OK) {
        list_db_open(l->tx, &l->cursor, NULL, 0, l->arena);
    }
    return code;
}

/* ---- what is to be known of a candidate ---- */

static bool asks_types(const struct entity_query *q) {
    for (size_t i = 0; i < q->selector_count; i++) {
        if (q->selectors[i].types != NULL) {
            return true;
        }
    }
    return false;
}

static bool asks_ids(const struct entity_query *q) {
    for (size_t i = 0; i < q->selector_count; i++) {
        if (q->selectors[i].id_pattern != NULL || q->selectors[i].id_count > 0) {
            return true;
        }
    }
    return false;
}

static enum code choose_parts(struct listing *l, struct err *err) {
    const struct entity_query *q = l->query;
    const char **names =
        arena_alloc(l->arena, (ENTITY_Q_TERMS_MAX + q->attribute_count + 1) * sizeof *names);
    size_t count = q->q == NULL ? 0 : entity_q_names(q->q, names);
    bool one_selector = q->selector_count == 1;
    if (q->region != NULL) {
        names[count++] = entity_region_property(q->region);
    }
    for (size_t i = 0; i < q->attribute_count && !l->attributes_met; i++) {
        names[count++] = q->attributes[i];
    }
    bool ids_met = one_selector && l->cursor.source == LIST_IDS;
    bool times = q->q != NULL && entity_q_asks_times(q->q);
    l->want.parts = (count > 0 ? LIST_SOME : 0) | (q->scopes != NULL ? LIST_SCOPES_OF : 0) |
                    (asks_types(q) && !l->types_met ? LIST_TYPES_OF : 0) |
                    ((asks_ids(q) && !ids_met) || times ? LIST_STATE : 0);
    enum code code = list_db_numbers(l->tx, names, count, l->arena, &l->want.names, err);
    l->whole =
        (struct list_want){LIST_STATE | LIST_TYPES_OF | LIST_SCOPES_OF | LIST_EVERY, l->want.names};
    return code;
}

/* ---- holding a candidate against the query ---- */

static bool has_id(const struct entity_selector *s, const char *id) {
    for (size_t i = 0; i < s->id_count; i++) {
        if (strcmp(s->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* What was not read of the candidate is met by the source. */
static bool is_selected(const struct listing *l, size_t i, const struct entity *e) {
    const struct entity_selector *s = &l->query->selectors[i];
    if ((l->want.parts & LIST_TYPES_OF) && s->types != NULL &&
        !entity_types_match(s->types, e->types, e->type_count)) {
        return false;
    }
    if (!(l->want.parts & LIST_STATE)) {
        return true;
    }
    return s->id_count > 0  ? has_id(s, e->id)
           : has_pattern(s) ? pattern_finds(&l->patterns[i], e->id, strlen(e->id))
                            : true;
}

static bool is_any_selected(const struct listing *l, const struct entity *e) {
    for (size_t i = 0; i < l->query->selector_count; i++) {
        if (is_selected(l, i, e)) {
            return true;
        }
    }
    return l->query->selector_count == 0;
}

static bool has_attribute(const struct listing *l, const struct entity *e) {
    const struct entity_query *q = l->query;
    for (size_t i = 0; i < q->attribute_count && !l->attributes_met; i++) {
        if (entity_find(e, q->attributes[i]) != NULL) {
            return true;
        }
    }
    return q->attribute_count == 0 || l->attributes_met;
}

static bool is_meant(const struct listing *l, const struct entity *e) {
    const struct entity_query *q = l->query;
    return is_any_selected(l, e) && has_attribute(l, e) &&
           (q->scopes == NULL || entity_scopes_match(q->scopes, e->scopes, e->scope_count)) &&
           (q->q == NULL || entity_q_matches(q->q, e)) &&
           (q->region == NULL || entity_region_matches(q->region, e));
}

/* ---- the page ---- */

/* Whether to read candidates in whole costs less than to read what is asked of them, and all of
 * those that are meant once more. */
static bool pays(const struct listing *l) {
    return l->query->heads == NULL
               ? 2 * l->seen >= l->looked
               : (int64_t)(l->taken - l->wanted) * l->looked <= (int64_t)l->taken * l->seen;
}

/* What is meant of them is on the page then. Those that are not stay in memory with them: not
 * where these are many more. */
static bool reads_whole(const struct listing *l, size_t candidates) {
    const struct entity_query *q = l->query;
    size_t room = (size_t)q->limit - l->found.count;
    return l->want.parts != 0 && q->offset <= l->seen && pays(l) && room > 0 &&
           candidates <= 4 * room + CHUNK_MORE;
}

/* `whole`: NULL where it was not read in whole. */
static void accept(struct listing *l, int64_t number, const struct entity *whole) {
    const struct entity_query *q = l->query;
    int64_t at = l->seen++;
    if (at >= q->offset && l->found.count < (size_t)q->limit) {
        l->page[l->found.count] = whole == NULL ? (struct entity){.id = NULL} : *whole;
        l->found.all[l->found.count++] = number;
    } else if (at >= q->offset) {
        l->more = true;
    }
}

static bool has_enough(const struct listing *l) {
    return l->more && !l->query->count;
}

static void accept_all(struct listing *l, struct list_numbers chunk) {
    for (size_t i = 0; i < chunk.count; i++) {
        accept(l, chunk.all[i], NULL);
    }
    l->looked += (int64_t)chunk.count;
}

static enum code look_through(struct listing *l, struct list_numbers chunk, struct arena *scratch,
                              struct err *err) {
    bool whole = reads_whole(l, chunk.count);
    struct entity e;
    struct list_reader r;
    enum code code = list_db_begin(&l->names, chunk, whole ? &l->whole : &l->want,
                                   whole ? l->arena : scratch, &r, err);
    for (size_t i = 0; i < chunk.count && code == OK && !has_enough(l); i++) {
        code = list_db_read(&r, &e, err);
        if (code == OK && is_meant(l, &e)) {
            accept(l, chunk.all[i], whole ? &e : NULL);
        }
        l->looked++;
    }
    l->taken += whole ? r.taken : 0;
    l->wanted += whole ? r.wanted : 0;
    enum code closed = list_db_end(&r, err);
    return code == OK ? closed : code;
}

/* A page of what all matches is read at once, and no more than it. */
static size_t first_chunk(const struct entity_query *q) {
    int64_t n = q->count ? CHUNK : q->offset + q->limit + 1;
    return n < CHUNK ? (size_t)n : CHUNK;
}

static size_t next_chunk(size_t before) {
    size_t n = before < CHUNK_LEAST ? CHUNK_LEAST : 2 * before;
    return n < CHUNK ? n : CHUNK;
}

/* `most`, or what fills the page if as many of the next are meant as were up to here. */
static size_t chunk_of(const struct listing *l, size_t most) {
    const struct entity_query *q = l->query;
    if (q->count || l->seen == 0) {
        return most;
    }
    int64_t wanted = q->offset + q->limit + 1 - l->seen;
    int64_t n = wanted * l->looked / l->seen + CHUNK_MORE;
    return n < (int64_t)most ? (size_t)n : most;
}

static enum code find(struct listing *l, struct err *err) {
    int64_t numbers[CHUNK];
    struct arena scratch = ARENA_INIT;
    struct list_numbers chunk = {numbers, 0};
    size_t max = first_chunk(l->query);
    enum code code = OK;
    while (code == OK && !has_enough(l) &&
           (chunk.count = list_db_next(&l->cursor, numbers, chunk_of(l, max))) > 0) {
        if (l->want.parts == 0) {
            accept_all(l, chunk);
        } else {
            code = look_through(l, chunk, &scratch, err);
        }
        arena_reset(&scratch);
        max = next_chunk(max);
    }
    arena_fini(&scratch);
    enum code closed = list_db_close(&l->cursor, err);
    return code == OK ? closed : code;
}

static enum code read_absent(struct listing *l, struct list_numbers absent, struct err *err) {
    struct list_reader r;
    enum code code = list_db_begin(&l->names, absent, &l->whole, l->arena, &r, err);
    for (size_t i = 0; i < l->found.count && code == OK; i++) {
        if (l->page[i].id == NULL) {
            code = list_db_read(&r, &l->page[i], err);
        }
    }
    enum code closed = list_db_end(&r, err);
    return code == OK ? closed : code;
}

/* Reads what was found and is not there yet. */
static enum code fill_page(struct listing *l, struct err *err) {
    struct list_numbers absent = {arena_alloc(l->arena, l->found.count * sizeof *absent.all), 0};
    for (size_t i = 0; i < l->found.count; i++) {
        if (l->page[i].id == NULL) {
            absent.all[absent.count++] = l->found.all[i];
        }
    }
    return absent.count == 0 ? OK : read_absent(l, absent, err);
}

static enum code load_page(struct listing *l, struct entity_page *out, struct err *err) {
    enum code code = l->found.count == 0 ? OK : fill_page(l, err);
    if (code == OK) {
        *out = (struct entity_page){l->page, l->found.count, l->seen, l->more};
    }
    return code;
}

enum code entity_list(struct tx *tx, const struct entity_query *query, struct arena *a,
                      struct entity_page *out, struct err *err) {
    if (query->attribute_count > ENTITY_QUERY_NAMES_MAX ||
        query->selector_count > ENTITY_SELECTORS_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d attributes or %d selectors",
                       ENTITY_QUERY_NAMES_MAX, ENTITY_SELECTORS_MAX);
    }
    struct listing *l = arena_zero(a, sizeof *l);
    l->tx = tx;
    l->query = query;
    l->arena = a;
    l->names.tx = tx;
    l->names.heads = query->heads;
    l->names.line = journal_head(tx)->seq;
    l->names.arena = a;
    l->found.all = arena_alloc(a, ((size_t)query->limit + 1) * sizeof *l->found.all);
    l->page = arena_alloc(a, ((size_t)query->limit + 1) * sizeof *l->page);
    enum code code = memory_flush(tx, err);
    if (code == OK) {
        code = compile(l, err);
    }
    if (code == OK) {
        code = choose_source(l, err);
    }
    if (code == OK) {
        code = choose_parts(l, err);
    }
    if (code == OK) {
        code = find(l, err);
    } else {
        (void)list_db_close(&l->cursor, NULL);
    }
    free_patterns(l);
    return code == OK ? load_page(l, out, err) : code;
}
