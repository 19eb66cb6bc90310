/* verdict: see verdict.h. Each target meets each outcome of its year; the finding of the highest
 * rank stands:
 *
 *   RANK_CERTAIN  the same thing, act, unit and measure: met or missed
 *   RANK_LOOSE    as above, by an act that fulfils loosely: met only
 *   RANK_SAME     the same thing, measured otherwise: not comparable
 *   RANK_TERM     the same thing in another stretch of time: not comparable
 *   RANK_NEAR     a thing near it, by its nearness: not comparable
 *
 * What stays out: bases of growth from other years' reports, and things that only knowledge of the
 * city could tell to be one. */
#include "plan/verdict.h"

#include <stdio.h>
#include <string.h>

#include "plan/verdict_int.h"

enum { RANK_CERTAIN = 4000, RANK_LOOSE = 3000, RANK_SAME = 2000, RANK_TERM = 1500, RANK_NEAR = 1 };

/* One comparison: a plan's targets against the outcomes of all reports. */
struct reconciling {
    struct verdict_words words;
    struct rarity rarity;
    struct statement_list targets;
    struct statement_list *outcomes; /* one for each report */
    size_t outcome_count;
    int plan_year;
    char year[12]; /* the same in digits */
};

const char *verdict_name(enum verdict v) {
    static const char *const names[VERDICTS] = {"met", "missed", "not_comparable", "not_reported"};
    return names[v];
}

/* ---- one pair ---- */

static struct finding open_finding(const struct statement *o, enum reason reason, unsigned rank) {
    return (struct finding){o, VERDICT_NOT_COMPARABLE, reason, rank};
}

/* Whether the kinds of number compare at all; if not, *reason says why. */
static bool measures_agree(const struct statement *t, const struct statement *o,
                           enum reason *reason) {
    static const uint8_t like[][2] = {
        {MEASURE_GROWTH, MEASURE_SHRINK},
        {MEASURE_SHRINK, MEASURE_GROWTH},
        {MEASURE_COVER, MEASURE_SHARE},
        {MEASURE_SHARE, MEASURE_COVER},
    };
    if (t->measure == o->measure) {
        *reason = REASON_UNIT;
        return t->measure != MEASURE_OTHER && units_agree(t, o);
    }
    for (size_t i = 0; i < sizeof like / sizeof *like; i++) {
        if (like[i][0] == t->measure && like[i][1] == o->measure) {
            return true;
        }
    }
    bool grows = t->measure == MEASURE_GROWTH || t->measure == MEASURE_SHRINK;
    bool grew = o->measure == MEASURE_GROWTH || o->measure == MEASURE_SHRINK;
    *reason = grows ? REASON_LEVEL : grew ? REASON_GROWTH : REASON_UNIT;
    return false;
}

/* What the marks of the two phrases forbid; REASON_REACHED where nothing. */
static enum reason marks_forbid(const struct statement *t, const struct statement *o) {
    unsigned tm = t->what.marks;
    unsigned om = o->what.marks;
    if (o->when == WHEN_TERM || ((tm ^ om) & (MARK_AVERAGE | MARK_PARTIAL))) {
        return REASON_PERIOD;
    }
    if ((tm ^ om) & MARK_EACH) {
        return REASON_EACH;
    }
    if ((om & MARK_ROUGH) && !(tm & MARK_ROUGH)) {
        return REASON_ROUGH;
    }
    if ((tm & MARK_NET) && !(om & MARK_NET)) {
        return REASON_ACT; /* 净增 is less than 新增 */
    }
    return (tm | om) & MARK_UNSURE ? REASON_THING : REASON_REACHED;
}

/* Two statements of one thing. */
static struct finding judge_same(const struct statement *t, const struct statement *o) {
    enum reason reason = marks_forbid(t, o);
    if (t->measure == MEASURE_NONE) {
        return open_finding(o, REASON_PLAIN, RANK_SAME);
    }
    if (reason != REASON_REACHED || !measures_agree(t, o, &reason)) {
        return open_finding(o, reason, reason == REASON_PERIOD ? RANK_TERM : RANK_SAME);
    }
    enum act_fit fit = acts_fit(t, o);
    if (fit == ACTS_FIT && ((t->what.marks ^ o->what.marks) & MARK_NET)) {
        fit = ACTS_LOOSE;
    }
    if (fit == ACTS_DIFFER || fit == ACTS_STOCK) {
        return open_finding(o, fit == ACTS_STOCK ? REASON_STOCK : REASON_ACT, RANK_SAME);
    }
    enum verdict v = values_decide(t, o);
    if (v == VERDICT_NOT_COMPARABLE) {
        return open_finding(o, REASON_ROUGH, RANK_SAME + 1);
    }
    if (fit == ACTS_LOOSE) {
        return v == VERDICT_MET ? (struct finding){o, v, REASON_REACHED, RANK_LOOSE}
                                : open_finding(o, REASON_ACT, RANK_SAME);
    }
    return (struct finding){o, v, v == VERDICT_MET ? REASON_REACHED : REASON_SHORT, RANK_CERTAIN};
}

/* What an outcome says of a target; rank 0 and no outcome where nothing. */
static struct finding judge_pair(const struct reconciling *rc, const struct statement *t,
                                 const struct statement *o) {
    struct finding none = {NULL, VERDICT_NOT_REPORTED, REASON_SILENT, 0};
    if (o->what.marks & MARK_DELTA) {
        return none;
    }
    unsigned nearness;
    enum link link = thing_link(&rc->rarity, t, o, &nearness);
    if (link == LINK_SAME) {
        return judge_same(t, o);
    }
    if (link == LINK_NEAR && o->when == WHEN_YEAR) {
        return open_finding(o, t->measure == MEASURE_NONE ? REASON_PLAIN : REASON_THING,
                            RANK_NEAR + nearness);
    }
    return none;
}

/* ---- one target ---- */

static bool same_clause(const struct statement *a, const struct statement *b) {
    return a->where == b->where && a->clause.from == b->clause.from;
}

/* The better of two findings; certain ones that disagree decide nothing, unless they stand in one
 * clause (首次超过90%、达93%), where the met one is the sharper. */
static struct finding better(struct finding a, struct finding b) {
    if (a.rank != b.rank || b.rank != RANK_CERTAIN || a.verdict == b.verdict) {
        return b.rank > a.rank ? b : a;
    }
    if (same_clause(a.outcome, b.outcome)) {
        return a.verdict == VERDICT_MET ? a : b;
    }
    return open_finding(a.outcome, REASON_CONFLICT, RANK_CERTAIN + 1);
}

/* Whether an outcome is of the plan's year or of a term that ends with it: a report of year y looks
 * back on y-1, unless a figure names another year. */
static bool speaks_of_year(const struct reconciling *rc, const struct statement *o) {
    const char *period = o->figure->period;
    bool named = period != NULL && strcmp(period, rc->year) == 0;
    return named || (o->when != WHEN_UNSAID && o->where->year == rc->plan_year + 1 &&
                     period != NULL && strcmp(period, "five-year") == 0);
}

static struct finding judge_target(const struct reconciling *rc, const struct statement *t) {
    struct finding best = {NULL, VERDICT_NOT_REPORTED, REASON_SILENT, 0};
    for (size_t d = 0; d < rc->outcome_count; d++) {
        for (size_t i = 0; i < rc->outcomes[d].count; i++) {
            const struct statement *o = &rc->outcomes[d].items[i];
            if (speaks_of_year(rc, o)) {
                best = better(best, judge_pair(rc, t, o));
            }
        }
    }
    return best;
}

/* ---- keeping pace ---- */

static const char16_t gdp[] = u"地区生产总值";
static const char16_t income[] = u"居民人均可支配收入";

static bool is_thing(const struct statement *st, const char16_t *np) {
    uint32_t n = word_len(np);
    return st->what.n == n && memcmp(st->what.np, np, n * sizeof *np) == 0;
}

/* The growth of a thing in the year, in one report, or NULL. */
static const struct statement *growth_of(const struct reconciling *rc, size_t report,
                                         const char16_t *np) {
    for (size_t i = 0; i < rc->outcomes[report].count; i++) {
        const struct statement *o = &rc->outcomes[report].items[i];
        bool plain = !(o->what.marks & (MARK_DELTA | MARK_AVERAGE | MARK_PARTIAL | MARK_UNSURE));
        if (plain && o->measure == MEASURE_GROWTH && o->when == WHEN_YEAR &&
            speaks_of_year(rc, o) && is_thing(o, np)) {
            return o;
        }
    }
    return NULL;
}

/* 居民收入增长与经济增长基本同步: met where income grew no less than the economy, in one report.
 * Below it the words leave a margin, so nothing is decided. */
static bool judge_pace(const struct reconciling *rc, const struct statement *t,
                       struct finding *out) {
    if (t->measure != MEASURE_NONE || !is_thing(t, income) || t->pace == false) {
        return false;
    }
    for (size_t d = 0; d < rc->outcome_count; d++) {
        const struct statement *a = growth_of(rc, d, income);
        const struct statement *b = growth_of(rc, d, gdp);
        if (a != NULL && b != NULL &&
            decimal_cmp(a->figure->base_value, b->figure->base_value) >= 0) {
            *out = (struct finding){a, VERDICT_MET, REASON_PACE, RANK_CERTAIN};
            return true;
        }
    }
    return false;
}

/* ---- all ---- */

/* The targets of the plan's own year, in order. */
static size_t own_year(const struct reading *plan, const char *year, struct figure *to,
                       const struct figure **from) {
    size_t n = 0;
    for (size_t i = 0; i < plan->target_count; i++) {
        const struct figure *f = &plan->targets[i];
        if (f->horizon == NULL || strcmp(f->horizon, year) == 0) {
            from[n] = f;
            to[n++] = *f;
        }
    }
    return n;
}

static void prepare(struct reconciling *rc, const struct reading *outcomes, struct arena *a) {
    rarity_init(&rc->rarity, a);
    rc->outcomes = arena_alloc(a, (rc->outcome_count + 1) * sizeof *rc->outcomes);
    for (size_t d = 0; d < rc->outcome_count; d++) {
        statements_read(&rc->words, &outcomes[d], outcomes[d].outcomes, outcomes[d].outcome_count,
                        a, &rc->outcomes[d]);
        rarity_add(&rc->rarity, &rc->outcomes[d]);
    }
    rarity_add(&rc->rarity, &rc->targets);
    rarity_finish(&rc->rarity);
}

static void judge(const struct reconciling *rc, const struct statement *t,
                  const struct figure *target, struct arena *a, struct judgement *out) {
    struct finding f;
    if (t->where->year == 0) {
        f = (struct finding){NULL, VERDICT_NOT_REPORTED, REASON_YEAR, 0};
    } else if (!judge_pace(rc, t, &f)) {
        f = judge_target(rc, t);
    }
    *out = (struct judgement){.target = target, .verdict = f.verdict};
    if (f.outcome != NULL) {
        out->where = f.outcome->where;
        out->outcome = f.outcome->figure;
    }
    verdict_explain(t, &f, a, out);
}

void plan_reconcile(const struct reading *plan, const struct reading *outcomes,
                    size_t outcome_count, struct arena *a, struct judgement **out, size_t *count) {
    struct reconciling rc = {.outcome_count = outcome_count, .plan_year = plan->year};
    snprintf(rc.year, sizeof rc.year, "%d", plan->year);
    struct figure *own = arena_alloc(a, (plan->target_count + 1) * sizeof *own);
    const struct figure **from = arena_alloc(a, (plan->target_count + 1) * sizeof *from);
    size_t n = own_year(plan, rc.year, own, from);
    verdict_words_init(&rc.words);
    statements_read(&rc.words, plan, own, n, a, &rc.targets);
    prepare(&rc, outcomes, a);
    *out = arena_alloc(a, (n + 1) * sizeof **out);
    for (size_t i = 0; i < n; i++) {
        judge(&rc, &rc.targets.items[i], from[i], a, &(*out)[i]);
    }
    *count = n;
    verdict_words_fini(&rc.words);
}
