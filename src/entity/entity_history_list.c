/* entity_history_list: which entities have a history that is asked for (ETSI GS CIM 009 v1.8.1,
 * section 5.7.4); see entity_history.h.
 *
 * Candidates come by type and number; those whose id fits are looked at one by one: their instances
 * in the stretch are read, held against the query, and read as they are wanted. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "entity/entity_history_int.h"
#include "entity/entity_int.h"
#include "ngsi/pattern.h"

enum { FILTER_PAGE = 100000 }; /* instances of one entity that q and region look at */

struct candidate {
    int64_t number;
    const char *id;
};

struct listing {
    struct tx *tx;
    const struct entity_history_filter *filter;
    struct entity_history_query query;
    struct arena *arena; /* of what comes out */
    struct candidate *all;
    size_t count, cap;
    struct entity_stretch whole; /* the query's own; what it has left is in `query` */
    size_t limit, periods;
    int64_t buckets, seeks;
    int64_t met; /* entities that are meant, so far */
};

/* ---- candidates ---- */

static bool has_id(const struct entity_history_selector *s, const char *id) {
    for (size_t i = 0; i < s->id_count; i++) {
        if (strcmp(s->ids[i], id) == 0) {
            return true;
        }
    }
    return s->id_count == 0;
}

static bool see(void *data, int64_t entity, const char *id) {
    struct listing *l = data;
    bool fits = l->filter->count == 0;
    for (size_t i = 0; i < l->filter->count && !fits; i++) {
        const struct entity_history_selector *s = &l->filter->selectors[i];
        fits = has_id(s, id) && (s->pattern == NULL || pattern_finds(s->pattern, id, strlen(id)));
    }
    if (fits) {
        l->all = mem_reserve(l->all, &l->cap, l->count + 1, sizeof *l->all);
        l->all[l->count++] = (struct candidate){entity, arena_dup(l->arena, id, strlen(id))};
    }
    return true;
}

/* Types of which a candidate has one, where every selector says some; none: there is no such list.
 */
static size_t name_types(const struct entity_history_filter *f, const char *to[ENTITY_NAMES_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < f->count; i++) {
        const char *const *names = NULL;
        const struct entity_types *t = f->selectors[i].types;
        size_t n = t == NULL ? 0 : entity_types_names(t, &names);
        if (n == 0 || count + n > ENTITY_NAMES_MAX) {
            return 0;
        }
        memcpy(to + count, names, n * sizeof *names);
        count += n;
    }
    return count;
}

/* Ids that are named one by one are looked up one by one. */
static enum code find_ids(struct listing *l, struct err *err) {
    const struct entity_history_selector *s = &l->filter->selectors[0];
    enum code code = OK;
    for (size_t i = 0; i < s->id_count && code == OK; i++) {
        int64_t number = 0;
        code = entity_db_find_name(l->tx, s->ids[i], &number, err);
        if (code == OK && number != 0) {
            (void)see(l, number, s->ids[i]);
        }
    }
    return code;
}

static int by_id(const void *left, const void *right) {
    return strcmp(((const struct candidate *)left)->id, ((const struct candidate *)right)->id);
}

static int by_id_down(const void *left, const void *right) {
    return by_id(right, left);
}

static void put_in_order(struct listing *l) {
    if (l->count > 1 && l->filter->order != ENTITY_AS_HEARD) {
        qsort(l->all, l->count, sizeof *l->all,
              l->filter->order == ENTITY_BY_ID ? by_id : by_id_down);
    }
}

static enum code find_candidates(struct listing *l, struct err *err) {
    const char *types[ENTITY_NAMES_MAX];
    if (l->filter->count == 1 && l->filter->selectors[0].id_count > 0) {
        return find_ids(l, err);
    }
    return history_db_candidates(l->tx, types, name_types(l->filter, types), see, l, err);
}

/* ---- one ---- */

/* Whether one of the selectors means it, now that its types are known. */
static bool is_meant(const struct listing *l, const struct entity_history *h) {
    for (size_t i = 0; i < l->filter->count; i++) {
        const struct entity_history_selector *s = &l->filter->selectors[i];
        bool fits = has_id(s, h->id) &&
                    (s->pattern == NULL || pattern_finds(s->pattern, h->id, strlen(h->id)));
        if (fits && (s->types == NULL || entity_types_match(s->types, h->types, h->type_count))) {
            return true;
        }
    }
    return l->filter->count == 0;
}

/* What q and region are held against: the instances, and what has no moment now. */
static void put_together(const struct entity_history *h, const struct entity *now, struct arena *a,
                         struct entity *to) {
    *to = (struct entity){.id = h->id,
                          .types = h->types,
                          .type_count = h->type_count,
                          .scopes = now->scopes,
                          .scope_count = now->scope_count,
                          .created_ms = now->created_ms,
                          .modified_ms = now->modified_ms};
    to->attributes = arena_alloc(a, (h->instances + now->count + 1) * sizeof *to->attributes);
    for (size_t i = 0; i < h->count; i++) {
        const struct entity_series *s = &h->series[i];
        memcpy(to->attributes + to->count, s->instances, s->count * sizeof *s->instances);
        to->count += s->count;
    }
    for (size_t i = 0; i < now->count; i++) {
        if (!now->attributes[i].observed) {
            to->attributes[to->count++] = now->attributes[i];
        }
    }
}

/* Whether its instances in the stretch meet q and region. */
static enum code meets(struct listing *l, const struct candidate *c, bool *out, struct err *err) {
    struct arena a = ARENA_INIT;
    struct entity_history h;
    struct entity now = {.id = NULL};
    struct entity e;
    struct entity_state state;
    struct entity_history_query query = {.stretch = l->whole, .limit = FILTER_PAGE};
    const struct entity_history_filter *f = l->filter;
    enum code code = history_load(l->tx, c->number, c->id, &query, &a, &h, err);
    if (code == OK) {
        code = entity_db_find(l->tx, c->id, &state, err);
    }
    if (code == OK && state.number != 0) {
        code = entity_db_load(l->tx, &state, &a, &now, err);
    }
    if (code == OK) {
        put_together(&h, &now, &a, &e);
        *out = h.count > 0 && (f->q == NULL || entity_q_matches(f->q, &e)) &&
               (f->region == NULL || entity_region_matches(f->region, &e));
    }
    arena_fini(&a);
    return code;
}

/* Loads a candidate as it is asked for. Where the page ends early (`cut`) and nothing of this one
 * is before that, its first instance says that it has a place on the page: a series without
 * instances.
 */
static enum code load_wanted(struct listing *l, const struct candidate *c, bool cut,
                             struct arena *a, struct entity_history *h, struct err *err) {
    struct entity_history_query whole = l->query;
    enum code code = history_load(l->tx, c->number, c->id, &l->query, a, h, err);
    if (code != OK || h->count > 0 || !cut) {
        return code;
    }
    whole.stretch = l->whole;
    whole.limit = 1;
    code = history_load(l->tx, c->number, c->id, &whole, a, h, err);
    for (size_t i = 0; i < h->count && code == OK; i++) {
        h->series[i].count = 0;
    }
    h->instances = 0;
    h->more = false;
    return code;
}

/* Loads a candidate; *wanted: it is one of those that are meant. */
static enum code load(struct listing *l, const struct candidate *c, bool cut, struct arena *a,
                      struct entity_history *h, bool *wanted, struct err *err) {
    enum code code = OK;
    *wanted = true;
    if (l->filter->q != NULL || l->filter->region != NULL) {
        code = meets(l, c, wanted, err);
    }
    if (code == OK && *wanted) {
        code = load_wanted(l, c, cut, a, h, err);
        *wanted = code == OK && h->count > 0 && is_meant(l, h);
    }
    l->seeks += *wanted ? 0 : l->buckets + 1;
    return code == OK && l->seeks > ENTITY_HISTORY_SEEKS
               ? err_set(err, E_LIMIT,
                         "cannot look through so many entities and hours: ask for less time or "
                         "name the entities")
               : code;
}

/* ---- one end for all ---- */

static int by_moment(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void keep_until(struct entity_history *h, bool backwards, int64_t end_ms) {
    h->instances = 0;
    for (size_t i = 0; i < h->count; i++) {
        struct entity_series *s = &h->series[i];
        size_t kept = 0;
        for (size_t k = 0; k < s->count; k++) {
            int64_t at = s->instances[k].observed_ms;
            if (backwards ? at >= end_ms : at <= end_ms) {
                s->instances[kept++] = s->instances[k];
                history_widen(h, at);
            }
        }
        s->count = kept;
    }
}

/* The moment at which `limit` instances of all histories together end. */
static int64_t find_end(const struct entity_history_page *page, size_t total, size_t limit,
                        bool backwards) {
    int64_t *moments = mem_alloc(total * sizeof *moments);
    size_t n = 0;
    for (size_t i = 0; i < page->count; i++) {
        for (size_t k = 0; k < page->all[i].count; k++) {
            const struct entity_series *s = &page->all[i].series[k];
            for (size_t m = 0; m < s->count; m++) {
                moments[n++] = s->instances[m].observed_ms;
            }
        }
    }
    qsort(moments, n, sizeof *moments, by_moment);
    int64_t end = moments[backwards ? n - limit : limit - 1];
    free(moments);
    return end;
}

/* Cuts all histories at the moment that those before were cut at, or this one was, or that keeps
 * the page from growing too large. What is loaded from here on is read until there alone. */
static void end_alike(struct listing *l, struct entity_history_page *page) {
    bool backwards = l->query.last > 0;
    const struct entity_history *newest = &page->all[page->count - 1];
    struct entity_span *span = &l->query.stretch.span;
    size_t total = 0;
    for (size_t i = 0; i < page->count; i++) {
        total += page->all[i].instances;
    }
    if (l->query.methods != 0 || (!newest->more && total <= l->limit)) {
        return;
    }
    int64_t end = backwards ? newest->held.from_ms : newest->held.to_ms;
    if (total > l->limit) {
        int64_t other = find_end(page, total, l->limit, backwards);
        end = !newest->more || (backwards ? other > end : other < end) ? other : end;
    }
    for (size_t i = 0; i < page->count; i++) {
        keep_until(&page->all[i], backwards, end);
    }
    *(backwards ? &span->from_ms : &span->to_ms) = backwards ? end : end + 1;
    page->cut = true;
}

/* ---- the page ---- */

static enum code add(struct listing *l, const struct entity_history *h,
                     struct entity_history_page *to, struct err *err) {
    to->all[to->count++] = *h;
    for (size_t i = 0; i < h->count; i++) {
        l->periods += h->series[i].period_count;
    }
    end_alike(l, to);
    return l->periods > ENTITY_HISTORY_PERIODS
               ? err_set(err, E_LIMIT, "cannot tell more than %d periods: ask for longer ones",
                         ENTITY_HISTORY_PERIODS)
               : OK;
}

static enum code load_page(struct listing *l, struct entity_history_page *to, struct err *err) {
    const struct entity_history_filter *f = l->filter;
    enum code code = OK;
    to->all = arena_alloc(l->arena, ((size_t)f->limit + 1) * sizeof *to->all);
    for (size_t i = 0; i < l->count && code == OK && !(to->more && !f->total); i++) {
        struct arena passed = ARENA_INIT; /* of those before and behind the page */
        struct entity_history h;
        bool wanted;
        bool here = l->met >= f->offset && to->count < (size_t)f->limit;
        code = load(l, &l->all[i], to->cut, here ? l->arena : &passed, &h, &wanted, err);
        if (code == OK && wanted && here) {
            code = add(l, &h, to, err);
        }
        if (code == OK && wanted) {
            to->more = to->more || (!here && l->met >= f->offset);
            l->met++;
        }
        arena_fini(&passed);
    }
    to->total = l->met;
    return code;
}

/* From the oldest to the newest instance of all. */
static void hold(struct entity_history_page *page) {
    bool any = false;
    for (size_t i = 0; i < page->count; i++) {
        const struct entity_span *own = &page->all[i].held;
        if (page->all[i].instances > 0) {
            struct entity_span *held = &page->held;
            held->from_ms = any && held->from_ms < own->from_ms ? held->from_ms : own->from_ms;
            held->to_ms = any && held->to_ms > own->to_ms ? held->to_ms : own->to_ms;
            any = true;
        }
    }
}

enum code entity_history_list(struct tx *tx, const struct entity_history_filter *filter,
                              const struct entity_history_query *query, struct arena *a,
                              struct entity_history_page *out, struct err *err) {
    struct listing l = {
        .tx = tx, .filter = filter, .query = *query, .whole = query->stretch, .arena = a};
    struct entity_history_page to = {.all = NULL};
    l.limit = query->limit == 0 ? ENTITY_HISTORY_PAGE : query->limit;
    enum code code = history_db_buckets(tx, query->stretch.span, &l.buckets, err);
    if (code == OK) {
        code = find_candidates(&l, err);
    }
    put_in_order(&l);
    if (code == OK) {
        code = load_page(&l, &to, err);
    }
    free(l.all);
    if (code == OK) {
        hold(&to);
        *out = to;
    }
    return code;
}
