/* entity_history: see entity_history.h. Reading; changes are in entity_history_change.c. */
#include "entity/entity_history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/mem.h"
#include "entity/entity_history_int.h"
#include "entity/entity_int.h"
#include "ngsi/entity_read.h"

#define DEFAULT_INSTANCE "@none"

/* ---- what is asked for, in numbers ---- */

enum { DATASETS_MAX = 64 };

struct asked {
    struct history_range range;
    int64_t datasets[DATASETS_MAX];
    size_t dataset_count;
    bool nothing; /* names that nobody has */
};

static enum code number_attributes(struct tx *tx, const struct entity_history_query *query,
                                   struct asked *to, struct err *err) {
    enum code code = OK;
    if (query->attribute_count > ENTITY_NAMES_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d attributes", ENTITY_NAMES_MAX);
    }
    for (size_t i = 0; i < query->attribute_count && code == OK; i++) {
        int64_t number = 0;
        code = entity_db_find_name(tx, query->attributes[i], &number, err);
        if (number != 0) {
            to->range.attributes[to->range.attribute_count++] = number;
        }
    }
    to->nothing = query->attribute_count > 0 && to->range.attribute_count == 0;
    return code;
}

static enum code number_datasets(struct tx *tx, const struct entity_history_query *query,
                                 struct asked *to, struct err *err) {
    enum code code = OK;
    if (query->dataset_count > DATASETS_MAX) {
        return err_set(err, E_LIMIT, "cannot take more than %d datasets", DATASETS_MAX);
    }
    for (size_t i = 0; i < query->dataset_count && code == OK; i++) {
        int64_t number = 0;
        bool plain = strcmp(query->datasets[i], DEFAULT_INSTANCE) == 0;
        code = plain ? OK : entity_db_find_name(tx, query->datasets[i], &number, err);
        if (plain || number != 0) {
            to->datasets[to->dataset_count++] = number;
        }
    }
    to->nothing = to->nothing || (query->dataset_count > 0 && to->dataset_count == 0);
    return code;
}

static bool is_asked(const struct asked *asked, int64_t dataset) {
    for (size_t i = 0; i < asked->dataset_count; i++) {
        if (asked->datasets[i] == dataset) {
            return true;
        }
    }
    return asked->dataset_count == 0;
}

/* ---- instances have names ---- */

#define INSTANCE "urn:ngsi-ld:Instance:"

char *entity_instance_text(const struct entity_series *s, int64_t observed_ms,
                           char to[ENTITY_INSTANCE_MAX]) {
    snprintf(to, ENTITY_INSTANCE_MAX, INSTANCE "%" PRId64 "-%" PRId64 "-%" PRId64 "-%" PRId64,
             s->entity_number, s->number, s->dataset_number, observed_ms);
    return to;
}

bool history_instance_parse(const char *s, struct history_key *out) {
    struct history_key key;
    int n = 0;
    bool read = sscanf(s, INSTANCE "%18" SCNd64 "-%18" SCNd64 "-%18" SCNd64 "-%18" SCNd64 "%n",
                       &key.entity, &key.attribute, &key.dataset, &key.observed_ms, &n) == 4;
    if (read && s[n] == '\0') {
        *out = key;
    }
    return read && s[n] == '\0';
}

/* ---- gathering ---- */

/* An instance that was read, by the numbers that say where it belongs. */
struct gathered {
    int64_t attribute, dataset;
    struct entity_attribute x;
    const char *extra; /* its own attributes, not read yet */
};

/* How many of an attribute there are: of its buckets that are read through, and of all. */
struct counted {
    int64_t attribute;
    int64_t before, now;
};

struct gathering {
    const struct asked *asked;
    struct arena *arena;
    int64_t last;
    size_t limit;
    struct gathered *all;
    size_t count, cap;
    struct counted *counted;
    size_t counted_count, counted_cap;
    int64_t bucket;
    bool any;          /* a row was seen */
    bool all_expected; /* `counted` holds all attributes that are looked for */
    bool full;
};

static struct counted *count_of(struct gathering *g, int64_t attribute) {
    for (size_t i = 0; i < g->counted_count; i++) {
        if (g->counted[i].attribute == attribute) {
            return &g->counted[i];
        }
    }
    g->counted = mem_reserve(g->counted, &g->counted_cap, g->counted_count + 1, sizeof *g->counted);
    g->counted[g->counted_count] = (struct counted){attribute, 0, 0};
    return &g->counted[g->counted_count++];
}

/* A bucket is read through: whether there is no need for the next one. */
static bool end_bucket(struct gathering *g) {
    bool enough = g->last > 0 && g->all_expected && g->counted_count > 0;
    for (size_t i = 0; i < g->counted_count; i++) {
        g->counted[i].before = g->counted[i].now;
        enough = enough && g->counted[i].now >= g->last;
    }
    g->full = g->count > g->limit;
    return enough || g->full;
}

static const char *keep(struct arena *a, const char *s) {
    return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

static void gather(struct gathering *g, const struct history_row *row) {
    g->all = mem_reserve(g->all, &g->cap, g->count + 1, sizeof *g->all);
    g->all[g->count++] = (struct gathered){
        .attribute = row->attribute,
        .dataset = row->dataset,
        .extra = keep(g->arena, row->extra),
        .x = {.kind = row->kind,
              .kind_said = true,
              .value = keep(g->arena, row->value),
              .observed = true,
              .observed_ms = row->observed_ms,
              .unit = keep(g->arena, row->unit),
              .quality = row->quality},
    };
}

static bool see(void *data, const struct history_row *row) {
    struct gathering *g = data;
    if (g->any && row->bucket != g->bucket && end_bucket(g)) {
        return false;
    }
    g->any = true;
    g->bucket = row->bucket;
    if (is_asked(g->asked, row->dataset)) {
        struct counted *c = count_of(g, row->attribute);
        if (g->last == 0 || c->before < g->last) {
            c->now++;
            gather(g, row);
        }
    }
    return true;
}

/* Those that are looked for are counted from the start, so that none is missed by stopping early.
 */
static enum code expect(struct tx *tx, struct gathering *g, struct err *err) {
    const struct history_range *r = &g->asked->range;
    int64_t now[ENTITY_NAMES_MAX];
    size_t count = 0;
    enum code code = OK;
    if (g->last == 0) {
        return OK;
    }
    for (size_t i = 0; i < r->attribute_count; i++) {
        (void)count_of(g, r->attributes[i]);
    }
    if (r->attribute_count == 0) {
        code = history_db_observed(tx, r->entity, now, &count, err);
    }
    for (size_t i = 0; i < count && code == OK; i++) {
        (void)count_of(g, now[i]);
    }
    g->all_expected = g->counted_count > 0;
    return code;
}

/* ---- choosing ---- */

static int compare(int64_t a, int64_t b) {
    return a < b ? -1 : a > b;
}

/* By attribute, the newest first. */
static int by_age(const void *left, const void *right) {
    const struct gathered *a = left;
    const struct gathered *b = right;
    int by = compare(a->attribute, b->attribute);
    return by != 0 ? by : -compare(a->x.observed_ms, b->x.observed_ms);
}

/* By attribute and dataset, the oldest first. */
static int by_series(const void *left, const void *right) {
    const struct gathered *a = left;
    const struct gathered *b = right;
    int by = compare(a->attribute, b->attribute);
    by = by != 0 ? by : compare(a->dataset, b->dataset);
    return by != 0 ? by : compare(a->x.observed_ms, b->x.observed_ms);
}

static int by_moment(const void *left, const void *right) {
    return compare(*(const int64_t *)left, *(const int64_t *)right);
}

/* The newest `last` of each attribute. */
static void keep_last(struct gathering *g) {
    size_t kept = 0;
    int64_t n = 0;
    qsort(g->all, g->count, sizeof *g->all, by_age);
    for (size_t i = 0; i < g->count; i++) {
        n = i > 0 && g->all[i].attribute == g->all[i - 1].attribute ? n + 1 : 0;
        if (n < g->last) {
            struct gathered moved = g->all[i];
            g->all[kept++] = moved;
        }
    }
    g->count = kept;
}

/* The moment at which a page of `limit` ends: that of its last instance, or with `last`, as it is
 * read from the newest on, of its oldest. Those that share a moment are not parted: a page may be
 * larger by them. */
static int64_t end_of_page(const struct gathering *g) {
    int64_t *moments = mem_alloc(g->count * sizeof *moments);
    for (size_t i = 0; i < g->count; i++) {
        moments[i] = g->all[i].x.observed_ms;
    }
    qsort(moments, g->count, sizeof *moments, by_moment);
    int64_t end = moments[g->last > 0 ? g->count - g->limit : g->limit - 1];
    free(moments);
    return end;
}

static void cut(struct gathering *g, int64_t end) {
    size_t kept = 0;
    for (size_t i = 0; i < g->count; i++) {
        int64_t at = g->all[i].x.observed_ms;
        if (g->last > 0 ? at >= end : at <= end) {
            struct gathered moved = g->all[i];
            g->all[kept++] = moved;
        }
    }
    g->count = kept;
}

/* ---- series ---- */

enum code history_read_extra(const char *extra, struct arena *a, struct entity_attribute *to,
                             struct err *err) {
    static const struct entity_context none = {NULL, 0};
    static const struct entity_how how = {&none, ENTITY_NORMALIZED, ENTITY_KEPT};
    const struct json_value *v;
    enum code code = json_read(extra, strlen(extra), a, &v, err);
    if (code != OK) {
        return code;
    }
    to->sub = arena_zero(a, (v->count + 1) * sizeof *to->sub);
    for (const struct json_value *m = v->first; m != NULL && code == OK; m = m->next) {
        code = entity_read_attribute(m->name, m, &how, a, &to->sub[to->sub_count++], err);
    }
    return code;
}

/* A series of the entity, with its names and no instances. */
static enum code begin_series(struct tx *tx, const struct history_key *key, struct arena *a,
                              struct entity_series *to, struct err *err) {
    *to = (struct entity_series){
        .entity_number = key->entity, .number = key->attribute, .dataset_number = key->dataset};
    enum code code = history_db_name(tx, key->attribute, a, &to->name, err);
    return code == OK && key->dataset != 0 ? history_db_name(tx, key->dataset, a, &to->dataset, err)
                                           : code;
}

static enum code add_instance(const struct gathered *from, struct arena *a,
                              struct entity_series *to, struct err *err) {
    struct entity_attribute *x = &to->instances[to->count++];
    *x = from->x;
    x->name = to->name;
    x->dataset = to->dataset;
    to->kind = x->kind;
    return from->extra == NULL ? OK : history_read_extra(from->extra, a, x, err);
}

void history_widen(struct entity_history *h, int64_t at_ms) {
    h->held.from_ms = h->instances == 0 || at_ms < h->held.from_ms ? at_ms : h->held.from_ms;
    h->held.to_ms = h->instances == 0 || at_ms > h->held.to_ms ? at_ms : h->held.to_ms;
    h->instances++;
}

/* How many from the first on are of one series. */
static size_t run_of(const struct gathered *g, size_t count) {
    size_t n = 1;
    while (n < count && g[n].attribute == g->attribute && g[n].dataset == g->dataset) {
        n++;
    }
    return n;
}

/* What was gathered, sorted, as series. */
static enum code make_series(struct tx *tx, struct gathering *g, struct entity_history *to,
                             struct err *err) {
    enum code code = OK;
    qsort(g->all, g->count, sizeof *g->all, by_series);
    to->series = arena_alloc(g->arena, g->count * sizeof *to->series);
    for (size_t at = 0; at < g->count && code == OK;) {
        const struct gathered *x = &g->all[at];
        struct entity_series *s = &to->series[to->count++];
        struct history_key key = {g->asked->range.entity, x->attribute, x->dataset, 0};
        size_t run = run_of(x, g->count - at);
        code = begin_series(tx, &key, g->arena, s, err);
        s->instances = arena_alloc(g->arena, run * sizeof *s->instances);
        for (size_t i = 0; i < run && code == OK; i++) {
            code = add_instance(&x[i], g->arena, s, err);
            history_widen(to, x[i].x.observed_ms);
        }
        at += run;
    }
    return code;
}

static enum code load_instances(struct tx *tx, const struct asked *asked,
                                const struct entity_history_query *query, struct arena *a,
                                struct entity_history *to, struct err *err) {
    struct gathering g = {.asked = asked,
                          .arena = a,
                          .last = query->last,
                          .limit = query->limit == 0 ? ENTITY_HISTORY_PAGE : query->limit};
    struct history_range range = asked->range;
    range.backwards = query->last > 0;
    enum code code = expect(tx, &g, err);
    if (code == OK) {
        code = history_db_read(tx, &range, see, &g, err);
    }
    if (code == OK && g.last > 0 && g.count > 0) {
        keep_last(&g);
    }
    if (code == OK && g.count > g.limit) {
        to->more = true;
        cut(&g, end_of_page(&g));
    }
    if (code == OK && g.count > 0) {
        code = make_series(tx, &g, to, err);
    }
    free(g.all);
    free(g.counted);
    return code;
}

/* ---- periods ---- */

/* One series that is tallied as its instances come. */
struct tallying {
    int64_t attribute, dataset;
    enum entity_kind kind;
    struct entity_tally *tally;
    struct entity_span span; /* of the period that is open */
    struct entity_tallied *closed;
    size_t count, cap;
};

struct tallies {
    const struct asked *asked;
    const struct entity_history_query *query;
    struct arena *arena;
    int64_t origin_ms, end_ms;
    struct tallying *all;
    size_t count, cap, rows, periods;
};

static struct tallying *tallying_of(struct tallies *t, const struct history_row *row) {
    for (size_t i = t->count; i-- > 0;) {
        if (t->all[i].attribute == row->attribute && t->all[i].dataset == row->dataset) {
            return &t->all[i];
        }
    }
    t->all = mem_reserve(t->all, &t->cap, t->count + 1, sizeof *t->all);
    t->all[t->count] = (struct tallying){
        .attribute = row->attribute,
        .dataset = row->dataset,
        .tally = entity_tally_new(t->query->methods, t->arena),
        .span = {0, 0},
    };
    return &t->all[t->count++];
}

static void close_period(struct tallies *t, struct tallying *of) {
    if (of->span.from_ms == of->span.to_ms) {
        return;
    }
    of->closed = mem_reserve(of->closed, &of->cap, of->count + 1, sizeof *of->closed);
    struct entity_tallied *to = &of->closed[of->count++];
    *to = (struct entity_tallied){.span = of->span};
    for (enum entity_method m = 0; m < ENTITY_METHODS; m++) {
        if ((t->query->methods >> m & 1U) != 0) {
            to->answers[m] = entity_tally_answer(of->tally, m);
        }
    }
    entity_tally_clear(of->tally);
    t->periods++;
}

static bool tally(void *data, const struct history_row *row) {
    struct tallies *t = data;
    if (!is_asked(t->asked, row->dataset)) {
        return true;
    }
    struct tallying *of = tallying_of(t, row);
    if (row->observed_ms >= of->span.to_ms || of->span.from_ms == of->span.to_ms) {
        close_period(t, of);
        of->span = entity_period_of(&t->query->period, t->origin_ms, t->end_ms, row->observed_ms);
    }
    of->kind = row->kind;
    entity_tally_add(of->tally, row->kind, row->value);
    return ++t->rows <= ENTITY_HISTORY_TALLY && t->periods <= ENTITY_HISTORY_PERIODS;
}

/* The moment of the first instance: the least in the first bucket that has one. */
struct first {
    const struct asked *asked;
    bool any;
    int64_t bucket, at_ms;
};

static bool see_first(void *data, const struct history_row *row) {
    struct first *f = data;
    if (f->any && row->bucket != f->bucket) {
        return false;
    }
    if (is_asked(f->asked, row->dataset)) {
        f->at_ms = f->any && f->at_ms < row->observed_ms ? f->at_ms : row->observed_ms;
        f->bucket = row->bucket;
        f->any = true;
    }
    return true;
}

/* The newest moment of all, for a whole that has no end. */
static bool see_newest(void *data, const struct history_row *row) {
    struct first *f = data;
    if (f->any && row->bucket != f->bucket) {
        return false;
    }
    if (is_asked(f->asked, row->dataset)) {
        f->at_ms = f->any && f->at_ms > row->observed_ms ? f->at_ms : row->observed_ms;
        f->bucket = row->bucket;
        f->any = true;
    }
    return true;
}

/* Where the first period begins and a whole ends: at the borders that were named; else at the first
 * instance, and now or, should there be one behind now, just behind it. */
static enum code find_ends(struct tx *tx, struct tallies *t, bool *any, struct err *err) {
    struct first first = {.asked = t->asked};
    struct first newest = {.asked = t->asked};
    struct history_range range = t->asked->range;
    enum code code = history_db_read(tx, &range, see_first, &first, err);
    range.backwards = true;
    if (code == OK) {
        code = history_db_read(tx, &range, see_newest, &newest, err);
    }
    int64_t now = tx_now_ms(tx);
    bool open = range.span.to_ms == ENTITY_EVER_MS;
    t->origin_ms = range.span.from_ms == -ENTITY_EVER_MS ? first.at_ms : range.span.from_ms;
    t->end_ms = !open ? range.span.to_ms : newest.at_ms >= now ? newest.at_ms + 1 : now;
    *any = first.any;
    return code;
}

static enum code take_tallies(struct tx *tx, struct tallies *t, struct entity_history *to,
                              struct err *err) {
    enum code code = OK;
    to->series = arena_alloc(t->arena, (t->count + 1) * sizeof *to->series);
    for (size_t i = 0; i < t->count && code == OK; i++) {
        struct tallying *of = &t->all[i];
        struct entity_series *s = &to->series[to->count++];
        struct history_key key = {t->asked->range.entity, of->attribute, of->dataset, 0};
        close_period(t, of);
        code = begin_series(tx, &key, t->arena, s, err);
        s->kind = of->kind;
        s->periods = arena_alloc(t->arena, of->count * sizeof *s->periods);
        memcpy(s->periods, of->closed, of->count * sizeof *s->periods);
        s->period_count = of->count;
    }
    return code;
}

/* With `last`, those instances alone are tallied. */
static enum code tally_last(struct tx *tx, struct tallies *t, struct err *err) {
    struct entity_history chosen = {.id = NULL};
    struct entity_history_query query = *t->query;
    query.limit = ENTITY_HISTORY_TALLY;
    enum code code = load_instances(tx, t->asked, &query, t->arena, &chosen, err);
    for (size_t i = 0; i < chosen.count && code == OK; i++) {
        const struct entity_series *s = &chosen.series[i];
        for (size_t k = 0; k < s->count; k++) {
            const struct entity_attribute *x = &s->instances[k];
            struct history_row row = {.attribute = s->number,
                                      .dataset = s->dataset_number,
                                      .observed_ms = x->observed_ms,
                                      .kind = x->kind,
                                      .value = x->value};
            (void)tally(t, &row);
        }
    }
    return code;
}

static enum code load_periods(struct tx *tx, const struct asked *asked,
                              const struct entity_history_query *query, struct arena *a,
                              struct entity_history *to, struct err *err) {
    struct tallies t = {.asked = asked, .query = query, .arena = a};
    bool any = false;
    enum code code = find_ends(tx, &t, &any, err);
    if (code == OK && any) {
        code = query->last > 0 ? tally_last(tx, &t, err)
                               : history_db_read(tx, &asked->range, tally, &t, err);
    }
    if (code == OK && (t.rows > ENTITY_HISTORY_TALLY || t.periods > ENTITY_HISTORY_PERIODS)) {
        code = err_set(err, E_LIMIT,
                       "cannot go over more than %d instances or %d periods: ask for less time or "
                       "longer periods",
                       ENTITY_HISTORY_TALLY, ENTITY_HISTORY_PERIODS);
    }
    if (code == OK) {
        code = take_tallies(tx, &t, to, err);
        to->instances = t.rows;
    }
    for (size_t i = 0; i < t.count; i++) {
        free(t.all[i].closed);
    }
    free(t.all);
    return code;
}

/* ---- one entity ---- */

enum code history_load(struct tx *tx, int64_t entity, const char *id,
                       const struct entity_history_query *query, struct arena *a,
                       struct entity_history *out, struct err *err) {
    struct asked asked = {.range = {.entity = entity, .span = query->stretch.span}};
    struct entity_history to = {.id = id};
    enum code code = number_attributes(tx, query, &asked, err);
    if (code == OK) {
        code = number_datasets(tx, query, &asked, err);
    }
    if (code == OK && !asked.nothing) {
        code = query->methods != 0 ? load_periods(tx, &asked, query, a, &to, err)
                                   : load_instances(tx, &asked, query, a, &to, err);
    }
    if (code == OK) {
        code = history_db_types(tx, entity, a, &to.types, &to.type_count, err);
    }
    if (code == OK) {
        *out = to;
    }
    return code;
}

/* Nothing was found: whether that is for want of time, or for want of such an attribute at all. */
static enum code check_attributes(struct tx *tx, int64_t entity, const char *id,
                                  const struct entity_history_query *query, struct err *err) {
    bool any = query->attribute_count == 0;
    enum code code = OK;
    for (size_t i = 0; i < query->attribute_count && code == OK && !any; i++) {
        int64_t number = 0;
        code = entity_db_find_name(tx, query->attributes[i], &number, err);
        if (code == OK && number != 0) {
            code = history_db_has(tx, entity, number, &any, err);
        }
    }
    return code == OK && !any
               ? err_set(err, E_ABSENT, "entity \"%.200s\" has no history of these attributes", id)
               : code;
}

enum code entity_history_load(struct tx *tx, const char *id,
                              const struct entity_history_query *query, struct arena *a,
                              struct entity_history *out, struct err *err) {
    int64_t entity = 0;
    bool known = false;
    struct entity_history to;
    enum code code = entity_db_find_name(tx, id, &entity, err);
    if (code == OK && entity != 0) {
        code = history_load(tx, entity, id, query, a, &to, err);
        known = code == OK && to.count > 0;
    }
    if (code == OK && entity != 0 && !known) {
        code = history_db_is_known(tx, entity, &known, err);
    }
    if (code == OK && !known) {
        code = err_set(err, E_ABSENT, "nothing is known of an entity \"%.200s\"", id);
    }
    if (code == OK && to.count == 0) {
        code = check_attributes(tx, entity, id, query, err);
    }
    if (code == OK) {
        *out = to;
    }
    return code;
}
