/* figure: see figure.h. */
#include "plan/figure.h"

#include "plan/clause.h"
#include "plan/exclude.h"
#include "plan/indicator.h"
#include "plan/kind.h"
#include "plan/qualitative.h"
#include "plan/role.h"
#include "plan/thing.h"
#include "text/sentence.h"

/* ---- horizon and period ---- */

/* The year or period a goal is for when the sentence names one beyond the plan year. */
static const char *horizon_of(const struct figure_scope *sc, struct run sentence) {
    const struct source *s = sc->s;
    for (uint32_t i = source_find(s, sentence, u"到20"); i != UINT32_MAX;
         i = source_find(s, (struct run){i + 1, sentence.to}, u"到20")) {
        struct run r = {i + 1, i + 7 < sentence.to ? i + 7 : sentence.to};
        int y = role_year_in(s, r);
        if (y > sc->year && sc->year != 0) {
            return source_text(s, (struct run){i + 1, i + 5}, sc->arena);
        }
    }
    static const char16_t *const five[] = {u"今后五年", u"未来五年", u"五年内",
                                           u"今后5年",  u"未来5年",  NULL};
    static const char16_t *const three[] = {u"三年内", u"未来三年", u"今后三年", u"用三年",
                                            u"3年内",  u"未来3年",  u"用3年",    NULL};
    static const char16_t *const two[] = {u"两年内", u"用两年", u"用2年", u"2年内", NULL};
    static const char16_t *const plan5[] = {u"五”期间", u"五”时期", u"五”末",
                                            u"五时期",  u"五期间",  NULL};
    if (source_has_any(s, sentence, five)) {
        return "five-year";
    }
    if (source_has_any(s, sentence, three)) {
        return "three-year";
    }
    if (source_has_any(s, sentence, two)) {
        return "two-year";
    }
    for (const char16_t *const *w = plan5; *w != NULL; w++) {
        uint32_t at = source_find(s, sentence, *w);
        if (at != UINT32_MAX && at >= sentence.from + 3) {
            static const char16_t *const start[] = {u"开局", u"开好局", NULL};
            if (!source_has_any(s, sentence, start)) {
                return source_text(s, (struct run){at - 2, at + 1}, sc->arena);
            }
        }
    }
    return NULL;
}

/* ---- comparator and kind ---- */

/* 3个月内完成, not 6条内河: 内 as a bound ends the clause or stands before its verb. */
static bool within(const struct source *s, struct run behind) {
    return source_starts(s, behind, u"内") &&
           (behind.to - behind.from == 1 || s->ch[behind.from + 1] == u'、' ||
            source_starts(s, (struct run){behind.from + 1, behind.to}, u"完成"));
}

static enum comparator comparator_of(const struct source *s, const struct quantity *q,
                                     uint16_t tails, uint32_t clause_end) {
    struct run behind = {q->all.to, clause_end};
    if (source_starts(s, behind, u"以上") || source_starts(s, behind, u"及以上") ||
        source_starts(s, behind, u"（含）以上")) {
        return COMPARATOR_GE;
    }
    if (source_starts(s, behind, u"以内") || source_starts(s, behind, u"以下") ||
        source_starts(s, behind, u"之内") || within(s, behind)) {
        return COMPARATOR_LE;
    }
    if (source_starts(s, behind, u"左右") || source_starts(s, behind, u"上下")) {
        return COMPARATOR_ABOUT;
    }
    if (q->form == QUANTITY_HALF || has_tail(tails, TAIL_GE) || q->more) {
        return COMPARATOR_GE;
    }
    if (has_tail(tails, TAIL_LE) || q->cls == UNIT_RANK || clause_ranks(s, q)) {
        return COMPARATOR_LE;
    }
    return has_tail(tails, TAIL_ABOUT) ? COMPARATOR_ABOUT : COMPARATOR_EQ;
}

/* ---- one figure ---- */

static struct found *emit(struct figure_scope *sc, struct clause *c, const struct quantity *q,
                          const struct lead *lead, struct run noun, bool behind,
                          struct found_list *to) {
    struct found *f = found_append(to);
    f->clause = c->run;
    f->indicator = noun;
    f->number = q->all;
    f->quantity = *q;
    f->comparator = comparator_of(sc->s, q, lead->tails, c->run.to);
    if (f->comparator == COMPARATOR_EQ &&
        source_find(sc->s, (struct run){c->run.from, q->all.from}, u"至少") != UINT32_MAX) {
        f->comparator = COMPARATOR_GE;
    }
    const struct quantity *last = &c->q[c->n - 1];
    if (f->comparator == COMPARATOR_EQ && last != q &&
        source_find(sc->s, c->run, u"分别") < q->all.from) {
        f->comparator =
            comparator_of(sc->s, last, 0, c->run.to); /* 分别达到50%、90%以上: for both */
    }
    f->kind = kind_of(sc, c, q, lead, noun, behind);
    f->overall = sc->overall;
    f->period = sc->period;
    f->area = sc->area;
    f->task = sc->task;
    sc->antecedent = noun;
    sc->last_kind = f->kind;
    return f;
}

/* A、B各50个: a figure for each item. True when it was such a list. */
static bool emit_each(struct figure_scope *sc, struct clause *c, const struct quantity *q,
                      const struct lead *lead, struct found_list *to) {
    const struct source *s = sc->s;
    struct run before = {c->run.from, q->all.from};
    struct run items[ITEMS_MAX];
    bool each = source_ends(s, before, u"各");
    bool shared = c->n == 1 || source_find(s, c->run, u"分别") == UINT32_MAX;
    bool both = has_tail(lead->tails, TAIL_EACH) && shared && q->cls == UNIT_PERCENT;
    if (!each && !both) {
        return false;
    }
    int n = noun_items(s, lead->noun, items, ITEMS_MAX);
    if (n < 2 || (both && thing_list_is_short(items, n))) {
        return false;
    }
    for (int i = 0; i < n; i++) {
        emit(sc, c, q, lead, items[i], false, to);
    }
    return true;
}

static void read_quantity(struct figure_scope *sc, struct clause *c, int k, struct found_list *to) {
    const struct quantity *q = &c->q[k];
    uint32_t next = k + 1 < c->n ? c->q[k + 1].all.from : c->run.to;
    if (q->all.from < c->lead) {
        return; /* inside the thing that the last number counted: 4A级旅游景区 */
    }
    bool goes_on = c->kind != KIND_NONE;
    struct setting x = {sc->s, sc->words, c->run, c->lead, next, sc->past, goes_on};
    if (exclude_name(&x, q) || exclude_size(&x, q)) {
        return;
    }
    if (exclude_state(&x, q)) {
        if (q->cls == UNIT_TIME && q->all.to < c->run.to && sc->s->ch[q->all.to] == u'、' &&
            !q->spelled) {
            c->lead = q->all.to + 1;
        }
        return;
    }
    uint32_t lead_to = q->all.from;
    if (k > 0 && c->q[k - 1].cls == UNIT_GROUP && c->q[k - 1].all.to == lead_to &&
        c->q[k - 1].all.from >= c->lead) {
        lead_to = c->q[k - 1].all.from; /* 办好12类40项 */
    }
    struct lead lead;
    lead_read(sc->s, sc->words, (struct run){c->lead, lead_to}, goes_on, &lead);
    thing_cut_comparison(sc->s, q, &lead);
    if (lead.noun.from == lead.noun.to && lead.verb == NULL && c->kind != KIND_NONE &&
        lead.tails == 0) {
        lead.tails = c->tails; /* 分别增长8%、9%: the second has the bounds of the first */
    }
    bool behind = false;
    if (!emit_each(sc, c, q, &lead, to)) {
        struct run noun = thing_of(sc, c, k, &lead, &behind);
        if (noun.to <= noun.from) {
            return;
        }
        emit(sc, c, q, &lead, noun, behind, to);
        c->noun = noun;
    }
    c->kind = sc->last_kind;
    c->tails = lead.tails & (uint16_t) ~(1u << TAIL_GE | 1u << TAIL_LE | 1u << TAIL_ABOUT);
    c->lead = exclude_bound_end(sc->s, q, c->run.to);
    if (behind && c->noun.from <= c->lead + 1) {
        c->lead = c->noun.to;
    }
}

/* ---- sentences ---- */

static void read_clause(struct figure_scope *sc, struct run run, struct found_list *to) {
    struct clause c = {.run = run, .lead = run.from};
    uint32_t at = run.from;
    while (c.n < QUANTITIES_MAX && quantity_next(sc->s, sc->words->units, run, &at, &c.q[c.n])) {
        c.n++;
    }
    size_t before = to->count;
    for (int k = 0; k < c.n; k++) {
        read_quantity(sc, &c, k, to);
    }
    if (sc->overall && !sc->past && to->count == before) {
        qualitative_read(sc, run, to);
    }
}

/* Remembers what the figures of a clause measured, for a clause of numbers alone behind it. */
static void keep_things(struct figure_scope *sc, const struct found_list *list, size_t first) {
    sc->thing_count = 0;
    for (size_t i = first; i < list->count && sc->thing_count < THINGS_MAX; i++) {
        sc->things[sc->thing_count++] = list->items[i].indicator;
    }
}

static bool has_quantity(const struct figure_scope *sc, struct run sentence) {
    struct quantity q;
    uint32_t at = sentence.from;
    return quantity_next(sc->s, sc->words->units, sentence, &at, &q);
}

void figure_read(struct figure_scope *scope, struct run sentence, struct found_list *to) {
    size_t before = to->count;
    uint32_t at = sentence.from;
    struct run clause;
    if (!scope->overall && !has_quantity(scope, sentence)) {
        return;
    }
    scope->before = (struct run){0, 0};
    scope->thing_count = 0;
    while (clause_next(scope->s, sentence, &at, &clause)) {
        size_t first = to->count;
        read_clause(scope, clause, to);
        scope->before = clause;
        keep_things(scope, to, first);
    }
    const char *named = to->count > before && !scope->past ? horizon_of(scope, sentence) : NULL;
    for (size_t i = before; i < to->count; i++) {
        to->items[i].horizon = named != NULL ? named : scope->horizon;
    }
}
