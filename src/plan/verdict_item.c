/* verdict_item: a figure's own item of its clause, read into a statement.
 *
 *   新增省级院士工作站4家、企业技术中心84家          two items; the second inherits 新增
 *   10件45项民生实事全部完成                         two items with one thing behind
 *   …、社会消费品零售总额3306亿元，分别增长4.5%、10.4%  the k-th number belongs to the k-th thing
 *   备案超10亿元产业项目80个、其中超100亿元5个       the second lacks its head: 产业项目
 *   一般公共预算收入1200.5亿元、增长11.6%            nothing of its own: the figure's indicator
 *
 * The indicator that the reader of figures found is taken only where the item names nothing. */
#include "plan/verdict_int.h"

#include <string.h>

#include "text/sentence.h"

/* One document's figures on their way to statements. */
struct items {
    const struct verdict_words *w;
    const struct reading *r;
    struct source s;
    const struct figure *figures;
    size_t count;
    struct statement *out;
    struct arena *a;
};

static uint32_t place_of(const struct source *s, uint32_t byte) {
    uint32_t lo = 0;
    uint32_t hi = s->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->at[mid] < byte) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static struct run places(const struct source *s, struct span b) {
    return (struct run){place_of(s, b.from), place_of(s, b.to)};
}

/* The sentence about a clause; looks no further than SENTENCE_MAX places either way. */
enum { SENTENCE_MAX = 400 };

static struct run sentence_about(const struct source *s, struct run clause) {
    struct run r = clause;
    while (r.from > 0 && clause.from - r.from < SENTENCE_MAX && !sentence_ends(s->ch[r.from - 1])) {
        r.from--;
    }
    while (r.to < s->n && r.to - clause.to < SENTENCE_MAX && !sentence_ends(s->ch[r.to])) {
        r.to++;
    }
    return r;
}

static bool same_clause(const struct figure *a, const struct figure *b) {
    return a->has_value && b->has_value && a->text.from == b->text.from && a->text.to == b->text.to;
}

/* The neighbour of figure i in its clause, or NULL. */
static const struct figure *neighbour(const struct items *it, size_t i, int step) {
    size_t j = i + (size_t)step;
    bool inside = step < 0 ? i > 0 : j < it->count;
    return inside && same_clause(&it->figures[i], &it->figures[j]) ? &it->figures[j] : NULL;
}

/* ---- the item ---- */

static const char16_t *const bounds[] = {u"以上", u"以下", u"以内", u"左右",
                                         u"上下", u"余",   u"多",   u"）"};

static uint32_t skip_bounds(const struct source *s, uint32_t at, uint32_t end) {
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        if (at < end && source_starts(s, (struct run){at, end}, bounds[i])) {
            at += word_len(bounds[i]);
        }
    }
    return at;
}

/* What stands before the number, back to the number before it. A list of examples that ends with
 * 等 before a noun behind the number (A、B等14个项目) names no thing. */
static struct run before_number(const struct items *it, size_t i, struct run clause,
                                struct run number) {
    struct run r = {clause.from, number.from};
    const struct figure *prev = neighbour(it, i, -1);
    if (prev != NULL && prev->number.to <= it->figures[i].number.from) {
        r.from = skip_bounds(&it->s, place_of(&it->s, prev->number.to), number.from);
    }
    return r;
}

/* What stands behind the number, up to the next item or number. Where a number follows with no mark
 * between, what is done there (完成, 实现) is its own. */
static struct run after_number(const struct items *it, size_t i, struct run clause,
                               struct run number) {
    const struct source *s = &it->s;
    struct run r = {number.to, clause.to};
    const struct figure *next = neighbour(it, i, 1);
    if (next != NULL && next->number.from == it->figures[i].number.to) {
        r.from = place_of(s, next->number.to); /* 10件45项 */
        next = i + 2 < it->count && same_clause(next, next + 1) ? next + 1 : NULL;
    }
    bool followed = next != NULL && next->number.from > it->figures[i].number.to;
    if (followed) {
        r.to = place_of(s, next->number.from);
    }
    r.from = skip_bounds(s, r.from, r.to);
    if (r.from < r.to && s->ch[r.from] == u'（') {
        r.from = quote_end(s, r.from, r.to) + 1; /* a remark on the number */
    }
    for (uint32_t at = r.from; at < r.to; at++) {
        struct run rest = {at, r.to};
        bool other =
            s->ch[at] == u'、' || s->ch[at] == u'，' ||
            (followed && (source_starts(s, rest, u"完成") || source_starts(s, rest, u"实现")));
        if (other) {
            r.to = at;
        }
    }
    return r.from < r.to ? r : (struct run){r.from, r.from};
}

/* Whether the thing before the number is but examples of the one behind it. */
static bool only_examples(const struct source *s, struct run before, struct run after) {
    return after.from < after.to && before.from < before.to && s->ch[before.to - 1] == u'等';
}

/* The verb that opens a list of examples: 推进 of 推进A、B等14个项目. */
static void add_examples_verb(struct items *it, struct run before, struct phrase *p) {
    struct phrase verb = {0};
    phrase_add(it->w, &it->s, before, &verb);
    p->acts |= verb.acts;
    p->marks |= verb.marks;
}

/* ---- 分别 ---- */

/* The place behind 分别 in the clause before the number, or 0. */
static uint32_t apart_place(const struct source *s, struct run clause, struct run number) {
    uint32_t at = source_find(s, (struct run){clause.from, number.from}, u"分别");
    return at == UINT32_MAX ? 0 : at + 2;
}

/* Of the figures of i's clause, those behind the place: which i is, and how many. */
static void count_apart(const struct items *it, size_t i, uint32_t byte, size_t *first, size_t *n) {
    *first = i;
    while (neighbour(it, *first, -1) != NULL && it->figures[*first - 1].number.from >= byte) {
        --*first;
    }
    size_t last = i;
    while (neighbour(it, last, 1) != NULL) {
        last++;
    }
    *n = last - *first + 1;
}

/* The statements just before `first` that stand in one clause of the same sentence: as many as n,
 * or none. */
static const struct statement *things_before(const struct items *it, size_t first, size_t n,
                                             struct run sentence) {
    if (first < n) {
        return NULL;
    }
    const struct statement *x = &it->out[first - n];
    if (x->clause.from < sentence.from || (first > n && same_clause(x->figure, x->figure - 1))) {
        return NULL;
    }
    for (size_t i = 1; i < n; i++) {
        if (!same_clause(x->figure, x[i].figure)) {
            return NULL;
        }
    }
    return x;
}

/* Reads the item of a number behind 分别. */
static void read_apart(struct items *it, size_t i, uint32_t apart, struct statement *st) {
    size_t first;
    size_t n;
    count_apart(it, i, it->s.at[apart], &first, &n);
    struct phrase left = {0};
    phrase_add(it->w, &it->s, (struct run){st->clause.from, apart - 2}, &left);
    struct phrase own = {0};
    struct run number = places(&it->s, st->figure->number);
    phrase_add(it->w, &it->s, (struct run){apart, number.from}, &own);
    const struct statement *before = things_before(it, first, n, st->sentence);
    if (left.parts == n) {
        phrase_pick(&left, (unsigned)(i - first));
        st->what = left;
    } else if (left.n == 0 && before != NULL) {
        st->what = before[i - first].what;
    } else {
        st->what = left;
        st->what.marks |= MARK_UNSURE;
    }
    st->what.acts |= own.acts;
    st->what.marks |= own.marks | MARK_APART;
}

/* ---- one statement ---- */

/* 其中超100亿元5个: gives the size the head of the thing before it. */
static void complete_head(const struct items *it, size_t i, struct statement *st) {
    struct phrase *p = &st->what;
    bool size_only = p->n > 1 && p->np[0] == u'超' && p->np[p->n - 1] == u'元';
    if (!size_only || i == 0 || it->out[i - 1].clause.from < st->sentence.from) {
        return;
    }
    const struct phrase *prev = &it->out[i - 1].what;
    uint8_t at = 0;
    while (prev->np[0] == u'超' && at < prev->n && prev->np[at] != u'元') {
        at++;
    }
    at = prev->np[0] == u'超' ? (uint8_t)(at + 1) : 0;
    while (at < prev->n && p->n < NP_MAX) {
        p->np[p->n++] = prev->np[at++];
    }
    p->part[p->parts] = p->n;
}

/* An item of a list without a verb has that of the item before. */
static void inherit_acts(const struct items *it, size_t i, struct statement *st) {
    const struct figure *prev = neighbour(it, i, -1);
    if (prev != NULL && !(st->what.acts & (ACT_FLOW | ACT_STOCK)) &&
        st->measure == MEASURE_AMOUNT && it->out[i - 1].measure == MEASURE_AMOUNT) {
        st->what.acts |= it->out[i - 1].what.acts & (ACT_FLOW | ACT_DONE);
    }
}

static void read_item(struct items *it, size_t i, struct statement *st) {
    const struct figure *f = st->figure;
    struct run number = places(&it->s, f->number);
    uint32_t apart = apart_place(&it->s, st->clause, number);
    if (apart != 0) {
        read_apart(it, i, apart, st);
        return;
    }
    struct run before = before_number(it, i, st->clause, number);
    struct run after = after_number(it, i, st->clause, number);
    if (only_examples(&it->s, before, after)) {
        add_examples_verb(it, before, &st->what);
    } else {
        phrase_add(it->w, &it->s, before, &st->what);
    }
    phrase_add(it->w, &it->s, after, &st->what);
    if (st->what.n == 0) {
        phrase_add(it->w, &it->s, places(&it->s, f->indicator), &st->what);
    }
    complete_head(it, i, st);
    inherit_acts(it, i, st);
}

static enum gauge measure_of(const struct figure *f, const struct source *s) {
    if (!f->has_value) {
        return MEASURE_NONE;
    }
    bool percent = f->unit != NULL && (strcmp(f->unit, "%") == 0 || strcmp(f->unit, "％") == 0);
    if (f->kind == KIND_GROWTH_RATE) {
        return percent ? MEASURE_GROWTH : MEASURE_OTHER;
    }
    if (f->kind == KIND_REDUCTION) {
        return percent ? MEASURE_SHRINK : MEASURE_OTHER;
    }
    if (source_find(s, places(s, f->number), u"覆盖") != UINT32_MAX) {
        return MEASURE_COVER;
    }
    bool counted = f->kind != KIND_RANK && f->kind != KIND_OTHER && f->has_base;
    return percent ? MEASURE_SHARE : counted ? MEASURE_AMOUNT : MEASURE_OTHER;
}

static const char16_t *const lower_words[] = {
    u"失业率",       u"居民消费价格", u"能耗",   u"排放",   u"负债率", u"死亡",
    u"事故",         u"浓度",         u"不良率", u"物价",   u"劣Ⅴ",    u"劣V",
    u"可支配收入比", u"发生率",       u"水耗",   u"用水量", u"成本",   NULL};

/* Before the number: down to it. */
static const char16_t *const down_words[] = {
    u"降至",   u"降到",   u"降低到", u"降低至", u"下降到", u"下降至", u"压缩至", u"压缩到",
    u"压减至", u"压减到", u"缩小至", u"缩小到", u"缩短至", u"缩短到", u"控制在", NULL};
enum { DOWN_MAX = 6 };

static const char16_t *const long_words[] = {u"五年来",  u"五年间",  u"过去五年", u"近年来",
                                             u"五”时期", u"五”期间", u"三年来",   NULL};

static const char16_t *const pace_words[] = {u"同步", u"快于", u"高于", u"不低于", NULL};
static const char16_t *const economy_words[] = {u"经济增长", u"经济发展", u"经济增速",
                                                u"GDP",      u"生产总值", NULL};

/* ... unless it is how much of it was dealt with: 排放达标率, 事故处置率. */
static const char16_t *const cured_words[] = {u"达标", u"合格", u"处置", u"处理",
                                              u"利用", u"下降", u"降低", NULL};

static bool wants_less(const struct phrase *p) {
    struct source np = {.ch = p->np, .n = p->n};
    struct run all = {0, p->n};
    return source_has_any(&np, all, lower_words) && !source_has_any(&np, all, cured_words);
}

/* Pairs of characters, sorted. */
static void read_grams(struct statement *st) {
    const struct phrase *p = &st->what;
    for (uint8_t i = 0; i + 1 < p->n; i++) {
        st->gram[st->grams++] = (uint16_t)(p->np[i] * 31u + p->np[i + 1]);
    }
    for (uint16_t i = 1; i < st->grams; i++) {
        uint16_t x = st->gram[i];
        uint16_t j = i;
        for (; j > 0 && st->gram[j - 1] > x; j--) {
            st->gram[j] = st->gram[j - 1];
        }
        st->gram[j] = x;
    }
}

/* Which time an outcome speaks of: the reader of figures says what its paragraph says. */
static enum when outcome_when(struct items *it, const struct statement *st, uint32_t head) {
    struct run before = {st->sentence.from, head};
    if (source_has_any(&it->s, before, long_words)) {
        return WHEN_TERM;
    }
    return strcmp(st->figure->period, "five-year") == 0 ? WHEN_TERM : WHEN_YEAR;
}

static void read_statement(struct items *it, size_t i) {
    const struct source *s = &it->s;
    const struct figure *f = &it->figures[i];
    struct statement *st = &it->out[i];
    memset(st, 0, sizeof *st);
    st->figure = f;
    st->where = it->r;
    st->clause = places(s, f->text);
    st->sentence = sentence_about(s, st->clause);
    st->measure = measure_of(f, s);
    uint32_t head = f->has_value ? place_of(s, f->number.from) : st->clause.to;
    if (f->has_value) {
        read_item(it, i, st);
        st->nearly = head > 0 && s->ch[head - 1] == u'近';
    } else {
        phrase_add(it->w, s, places(s, f->indicator), &st->what);
        st->pace = source_has_any(s, st->clause, pace_words) &&
                   source_has_any(s, st->clause, economy_words);
    }
    uint32_t near = head > st->clause.from + DOWN_MAX ? head - DOWN_MAX : st->clause.from;
    if (f->has_base) {
        struct source unit;
        source_fold(f->base_unit, strlen(f->base_unit), it->a, &unit);
        st->unit = unit.ch;
        st->unit_n = unit.n;
    }
    st->lower_better = f->comparator == COMPARATOR_LE || wants_less(&st->what) ||
                       source_has_any(s, (struct run){near, head}, down_words);
    if (f->period != NULL) {
        st->when = outcome_when(it, st, head);
    }
    st->bare = phrase_is_bare(&st->what);
    st->family = verdict_family(st->what.np, st->what.n);
    read_grams(st);
}

void statements_read(const struct verdict_words *w, const struct reading *r,
                     const struct figure *figures, size_t count, struct arena *a,
                     struct statement_list *out) {
    struct items it = {.w = w, .r = r, .figures = figures, .count = count, .a = a};
    source_fold(r->doc.text, r->doc.len, a, &it.s);
    it.out = arena_alloc(a, (count + 1) * sizeof *it.out);
    for (size_t i = 0; i < count; i++) {
        read_statement(&it, i);
    }
    out->items = it.out;
    out->count = count;
}
