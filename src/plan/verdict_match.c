/* verdict_match: whether two statements speak of one thing.
 *
 * The same: the noun phrases hold the same characters in normal words, in any order
 * (幼儿园、中小学校 and 中小学幼儿园). Near: the pairs of characters they share weigh enough, rare
 * pairs more than common ones; how common a pair is, the documents themselves tell (企业, 项目
 * weigh little everywhere). */
#include "plan/verdict_int.h"

#include <string.h>

/* Least nearness of two things to be named beside each other; least length of a thing that others
 * narrow; most characters that a place, a grade or a last word adds. Tuned on the reports of three
 * years. */
enum { NEAR_MIN = 560, NARROW_MIN = 3, EXTRA_MAX = 2 };

void rarity_init(struct rarity *r, struct arena *a) {
    r->df = arena_zero(a, RARITY_PAIRS * sizeof *r->df);
    r->weight = arena_alloc(a, RARITY_PAIRS * sizeof *r->weight);
    r->total = 0;
}

void rarity_add(struct rarity *r, struct statement_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct statement *st = &list->items[i];
        for (uint16_t g = 0; g < st->grams; g++) {
            bool first = g == 0 || st->gram[g] != st->gram[g - 1];
            r->df[st->gram[g]] =
                (uint16_t)(r->df[st->gram[g]] + (first && r->df[st->gram[g]] < UINT16_MAX));
        }
    }
    r->total += (uint32_t)list->count;
}

/* 1 for a pair that stands everywhere, one more with each halving of its share. */
static uint16_t weight_of(uint32_t total, uint16_t df) {
    uint16_t w = 1;
    for (uint32_t share = (total + 1) / df; share > 1; share >>= 1) {
        w++;
    }
    return w;
}

void rarity_finish(struct rarity *r) {
    for (size_t i = 0; i < RARITY_PAIRS; i++) {
        r->weight[i] = r->df[i] == 0 ? 0 : weight_of(r->total, r->df[i]);
    }
}

void phrase_sort(const struct phrase *p, char16_t to[NP_MAX]) {
    for (uint8_t i = 0; i < p->n; i++) {
        uint8_t j = i;
        for (; j > 0 && to[j - 1] > p->np[i]; j--) {
            to[j] = to[j - 1];
        }
        to[j] = p->np[i];
    }
}

static bool same_phrase(const struct phrase *a, const struct phrase *b) {
    if (a->n != b->n || a->n == 0) {
        return false;
    }
    if (memcmp(a->np, b->np, a->n * sizeof *a->np) == 0) {
        return true;
    }
    char16_t x[NP_MAX];
    char16_t y[NP_MAX];
    phrase_sort(a, x);
    phrase_sort(b, y);
    return memcmp(x, y, a->n * sizeof *x) == 0;
}

/* Whether a list that holds for each part (均) has the thing among them. */
static bool among_parts(const struct phrase *t, const struct phrase *list) {
    for (unsigned k = 0; list->parts > 1 && k < list->parts; k++) {
        struct phrase one = *list;
        phrase_pick(&one, k);
        if (same_phrase(t, &one)) {
            return true;
        }
    }
    return false;
}

/* The weight of the pairs that both have, in thousandths of all that each has. */
static unsigned nearness_of(const struct rarity *r, const struct statement *t,
                            const struct statement *o) {
    uint32_t common = 0;
    uint32_t all = 0;
    uint16_t i = 0;
    uint16_t j = 0;
    while (i < t->grams || j < o->grams) {
        bool left = j == o->grams || (i < t->grams && t->gram[i] <= o->gram[j]);
        bool right = i == t->grams || (j < o->grams && o->gram[j] <= t->gram[i]);
        uint32_t w = r->weight[left ? t->gram[i] : o->gram[j]];
        all += left && right ? 2 * w : w;
        common += left && right ? 2 * w : 0;
        i = (uint16_t)(i + left);
        j = (uint16_t)(j + right);
    }
    return all == 0 ? 0 : common * 1000 / all;
}

/* Whether `a` is `b` with modifiers left out: 上市企业 of A股上市企业. A thing of two characters
 * fits into too much, so it must lack but a place or a grade: 绿地 of 市区绿地. */
static bool narrows(const struct phrase *a, const struct phrase *b) {
    uint8_t i = 0;
    for (uint8_t j = 0; j < b->n && i < a->n; j++) {
        i = (uint8_t)(i + (a->np[i] == b->np[j]));
    }
    return i == a->n && (a->n >= NARROW_MIN || b->n - a->n <= EXTRA_MAX);
}

/* Whether `a` is `b` without its last word: 智能工厂 of 智能工厂（车间）. */
static bool opens(const struct phrase *a, const struct phrase *b) {
    return a->n > NARROW_MIN && a->n < b->n && b->n - a->n <= EXTRA_MAX &&
           memcmp(a->np, b->np, a->n * sizeof *a->np) == 0;
}

/* The head stands last in Chinese: two characters of it tell. */
static bool same_tail(const struct phrase *a, const struct phrase *b) {
    return a->n >= 2 && b->n >= 2 && a->np[a->n - 1] == b->np[b->n - 1] &&
           a->np[a->n - 2] == b->np[b->n - 2];
}

static uint8_t next_digits(const struct phrase *p, uint8_t *at) {
    while (*at < p->n && !is_digit16(p->np[*at])) {
        ++*at;
    }
    uint8_t from = *at;
    while (*at < p->n && is_digit16(p->np[*at])) {
        ++*at;
    }
    return from;
}

/* 超10亿元项目 is no kind of 超100亿元项目. */
static bool sizes_differ(const struct phrase *a, const struct phrase *b) {
    uint8_t i = 0;
    uint8_t j = 0;
    uint8_t x = next_digits(a, &i);
    uint8_t y = next_digits(b, &j);
    if (x == i || y == j) {
        return false;
    }
    return i - x != j - y || memcmp(a->np + x, b->np + y, (i - x) * sizeof *a->np) != 0;
}

/* 集成电路产业产值增长 and 集成电路产业增长: of what it grew is left out in one. */
static bool base_left_out(const struct statement *t, const struct statement *o) {
    static const char16_t *const bases[] = {u"产值", u"总产值", u"营收",
                                            u"规模", u"增加值", u"销售收入"};
    if (t->measure != MEASURE_GROWTH || o->measure != MEASURE_GROWTH) {
        return false;
    }
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        struct phrase less = t->what;
        uint8_t n = (uint8_t)word_len(bases[i]);
        if (less.n <= n || memcmp(less.np + less.n - n, bases[i], n * sizeof *bases[i]) != 0) {
            continue;
        }
        less.n = (uint8_t)(less.n - n);
        if (same_phrase(&less, &o->what) ||
            ((o->what.marks & MARK_BOTH) && among_parts(&less, &o->what))) {
            return true;
        }
    }
    return false;
}

/* Kinds of one family in one unit: 口袋公园20座 beside 公园游园58个. */
static bool kin(const struct statement *t, const struct statement *o) {
    return t->family != 0 && t->family == o->family && t->measure == MEASURE_AMOUNT &&
           o->measure == MEASURE_AMOUNT && units_agree(t, o) && (t->what.acts & ACT_FLOW) != 0 &&
           (o->what.acts & ACT_FLOW) != 0;
}

/* Heads that name no thing by themselves: whose 投资 it was, another clause said. */
bool phrase_is_bare(const struct phrase *p) {
    static const char16_t *const bare[] = {
        u"投资", u"收入",   u"产值", u"总产值", u"营收",     u"项目",     u"企业",     u"产业",
        u"规模", u"总规模", u"比重", u"机构",   u"产业规模", u"重点项目", u"重点工程", u"增加值",
        u"资金", u"工程",   u"目标", u"里程",   u"用地",     u"总里程",   u"销售",     u"占",
    };
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        if (p->n == word_len(bare[i]) && memcmp(p->np, bare[i], p->n * sizeof *p->np) == 0) {
            return true;
        }
    }
    return p->n == 0;
}

enum link thing_link(const struct rarity *r, const struct statement *t, const struct statement *o,
                     unsigned *nearness) {
    *nearness = 1000;
    if (t->bare || o->bare) {
        return LINK_NONE;
    }
    if (same_phrase(&t->what, &o->what) ||
        ((o->what.marks & MARK_BOTH) && among_parts(&t->what, &o->what))) {
        return LINK_SAME;
    }
    *nearness = 0;
    if (base_left_out(t, o) || kin(t, o) || opens(&t->what, &o->what) ||
        opens(&o->what, &t->what)) {
        return LINK_NEAR;
    }
    if (!same_tail(&t->what, &o->what) || sizes_differ(&t->what, &o->what)) {
        return LINK_NONE;
    }
    *nearness = nearness_of(r, t, o);
    bool near = narrows(&t->what, &o->what) || narrows(&o->what, &t->what) || *nearness >= NEAR_MIN;
    return near ? LINK_NEAR : LINK_NONE;
}
