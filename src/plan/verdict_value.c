/* verdict_value: whether acts, units and numbers of two statements of one thing compare, and what
 * follows. Bounds on the reported number (超, 近, 左右) are kept as an interval: a verdict is given
 * only when the whole interval is on one side of the promise. */
#include "plan/verdict_int.h"

#include <string.h>

/* ---- acts ---- */

/* For each act promised, the acts that fulfil it, and those that do so but loosely: enough for met,
 * not for missed. */
static const struct {
    unsigned promised;
    unsigned fits;
    unsigned loose;
} act_table[] = {
    {ACT_NEW, ACT_NEW, ACT_CREATE | ACT_BUILD | ACT_ATTRACT},
    {ACT_START, ACT_START, 0},
    {ACT_BUILD, ACT_BUILD, ACT_NEW | ACT_CREATE},
    {ACT_REBUILD, ACT_REBUILD, ACT_DO},
    {ACT_CREATE, ACT_CREATE, ACT_NEW | ACT_BUILD},
    {ACT_ATTRACT, ACT_ATTRACT, ACT_NEW | ACT_FILE | ACT_CREATE},
    {ACT_FILE, ACT_FILE, 0},
    {ACT_SIGN, ACT_SIGN, 0},
    {ACT_DO, ACT_DO, ACT_BUILD | ACT_REBUILD | ACT_CREATE},
};

static enum act_fit flow_fits(unsigned promised, unsigned reported) {
    unsigned fits = 0;
    unsigned loose = 0;
    for (size_t i = 0; i < sizeof act_table / sizeof *act_table; i++) {
        if (promised & act_table[i].promised) {
            fits |= act_table[i].fits;
            loose |= act_table[i].loose;
        }
    }
    if (reported & ~(fits | loose)) {
        return ACTS_DIFFER;
    }
    return promised & ~reported ? ACTS_LOOSE : ACTS_FIT; /* 新增落地 is 新增 */
}

enum act_fit acts_fit(const struct statement *t, const struct statement *o) {
    unsigned promised = t->what.acts & ACT_FLOW;
    unsigned reported = o->what.acts & ACT_FLOW;
    bool stock_t = (t->what.acts & ACT_STOCK) != 0;
    bool stock_o = (o->what.acts & ACT_STOCK) != 0;
    if (promised == reported) {
        bool stock_differs = promised == 0 && t->figure->kind != KIND_LEVEL && stock_o && !stock_t;
        return stock_differs || (promised != 0 && stock_o && !stock_t) ? ACTS_STOCK : ACTS_FIT;
    }
    if (promised == 0) {
        return reported == ACT_DO && !stock_t ? ACTS_LOOSE : ACTS_STOCK;
    }
    if (reported == 0) {
        bool done = (o->what.acts & ACT_DONE) && !stock_o;
        return done ? (promised == ACT_DO ? ACTS_FIT : ACTS_LOOSE) : ACTS_STOCK;
    }
    return stock_o ? ACTS_STOCK : flow_fits(promised, reported);
}

/* ---- units ---- */

/* Measure words that count one kind of thing each in its own way: 座公园, 个公园. */
static const char16_t count_words[] = u"个家座处项件所条只台部套宗款支辆根幢栋间";

static bool counts(const char16_t *unit, uint32_t n) {
    for (const char16_t *c = count_words; n == 1 && *c != 0; c++) {
        if (*unit == *c) {
            return true;
        }
    }
    return false;
}

/* 套（间） is 套. */
static uint32_t bare_len(const char16_t *unit, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        if (unit[i] == u'（') {
            return i;
        }
    }
    return n;
}

static const struct {
    const char16_t *from;
    const char16_t *to;
} unit_names[] = {{u"千米", u"公里"}, {u"名", u"人"}, {u"位", u"人"}, {u"方", u"立方米"}};

static bool is_unit(const char16_t *unit, uint32_t n, const char16_t *word) {
    return n == word_len(word) && memcmp(unit, word, n * sizeof *unit) == 0;
}

void unit_normal(const struct statement *st, const char16_t **unit, uint32_t *n) {
    *unit = st->unit;
    *n = bare_len(st->unit, st->unit_n);
    for (size_t i = 0; i < sizeof unit_names / sizeof *unit_names; i++) {
        if (is_unit(*unit, *n, unit_names[i].from)) {
            *unit = unit_names[i].to;
            *n = word_len(*unit);
        }
    }
    if (counts(*unit, *n)) {
        *unit = u"个";
    }
}

bool units_agree(const struct statement *t, const struct statement *o) {
    if (!t->figure->has_base || !o->figure->has_base) {
        return false;
    }
    const char16_t *a;
    const char16_t *b;
    uint32_t n;
    uint32_t m;
    unit_normal(t, &a, &n);
    unit_normal(o, &b, &m);
    return n == m && memcmp(a, b, n * sizeof *a) == 0;
}

/* ---- numbers ---- */

/* Parts of a hundred within which a number 左右, 近 or 超 is taken to lie. */
enum { SLACK_PERCENT = 5, BOUND_PERCENT = 10 };

static int compare_scaled(struct decimal a, int percent, struct decimal b) {
    struct decimal x;
    struct decimal y;
    if (!decimal_mul(a, decimal_of(percent), &x) || !decimal_mul(b, decimal_of(100), &y)) {
        return decimal_cmp(a, b);
    }
    return decimal_cmp(x, y);
}

/* The reported number lies between low and high per cent of its written value. */
static void interval_of(const struct statement *o, int *low, int *high) {
    *low = *high = 100;
    switch (o->figure->comparator) {
    case COMPARATOR_GE:
        *high = 100 + BOUND_PERCENT;
        break;
    case COMPARATOR_LE:
        *low = 0;
        break;
    case COMPARATOR_ABOUT:
        *low = 100 - SLACK_PERCENT;
        *high = o->nearly ? 100 : 100 + SLACK_PERCENT;
        break;
    case COMPARATOR_NONE:
    case COMPARATOR_EQ:
        break;
    }
}

static struct decimal scaled_max(const struct figure *f) {
    struct decimal factor;
    struct decimal max;
    if (f->value.coef != 0 && decimal_div(f->base_value, f->value, 0, &factor) &&
        decimal_mul(f->value_max, factor, &max)) {
        return max;
    }
    return f->value_max;
}

static enum verdict decide_up(const struct statement *t, const struct statement *o) {
    struct decimal goal = t->figure->base_value;
    struct decimal from = o->figure->base_value;
    struct decimal to = o->figure->has_max ? scaled_max(o->figure) : from;
    bool about = t->figure->comparator == COMPARATOR_ABOUT;
    int low;
    int high;
    interval_of(o, &low, &high);
    if (compare_scaled(from, low, goal) >= 0 || (about && decimal_cmp(from, goal) >= 0)) {
        return VERDICT_MET;
    }
    bool short_of = about ? compare_scaled(goal, 100 - 2 * SLACK_PERCENT, to) > 0
                          : compare_scaled(to, high, goal) < 0;
    return short_of ? VERDICT_MISSED : VERDICT_NOT_COMPARABLE;
}

static enum verdict decide_down(const struct statement *t, const struct statement *o) {
    struct decimal goal = t->figure->has_max ? scaled_max(t->figure) : t->figure->base_value;
    struct decimal from = o->figure->base_value;
    struct decimal to = o->figure->has_max ? scaled_max(o->figure) : from;
    int low;
    int high;
    interval_of(o, &low, &high);
    bool about = t->figure->comparator == COMPARATOR_ABOUT;
    if (o->figure->comparator != COMPARATOR_GE &&
        (compare_scaled(to, high, goal) <= 0 || (about && decimal_cmp(to, goal) <= 0))) {
        return VERDICT_MET;
    }
    bool over = !about && compare_scaled(from, low, goal) > 0;
    return over ? VERDICT_MISSED : VERDICT_NOT_COMPARABLE;
}

/* A fall against a promised rise, or the other way round. */
static enum verdict decide_signs(const struct statement *t) {
    bool wants_fall = t->measure == MEASURE_SHRINK;
    bool ceiling = !wants_fall && t->lower_better;
    return ceiling ? VERDICT_MET : VERDICT_MISSED;
}

enum verdict values_decide(const struct statement *t, const struct statement *o) {
    if (t->measure == MEASURE_COVER && o->measure == MEASURE_COVER) {
        return VERDICT_MET;
    }
    if (t->measure != o->measure && t->measure != MEASURE_COVER && o->measure != MEASURE_COVER) {
        return decide_signs(t);
    }
    bool down = t->lower_better && t->measure != MEASURE_SHRINK;
    return down ? decide_down(t, o) : decide_up(t, o);
}
