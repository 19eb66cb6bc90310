/* figure: see figure.h. */
#include "plan/figure.h"

#include <string.h>

#include "base/mem.h"
#include "plan/exclude.h"
#include "plan/indicator.h"
#include "plan/role.h"
#include "text/number.h"
#include "text/sentence.h"

enum { QUANTITIES_MAX = 48, ITEMS_MAX = 8 };

/* The numbers of one clause, and what the last figure taken from it was. */
struct clause {
    struct run run;
    struct quantity q[QUANTITIES_MAX];
    int n;
    uint32_t lead;               /* where the words for the next figure begin */
    struct run noun;             /* of the last figure of this clause */
    enum figure_kind kind;       /* likewise; KIND_NONE where there is none yet */
    uint16_t tails;              /* likewise */
    struct run items[ITEMS_MAX]; /* of a 分别 list */
    int item_count;
    int item_next;
};

static struct found *append(struct found_list *list) {
    list->items = mem_reserve(list->items, &list->cap, list->count + 1, sizeof *list->items);
    struct found *f = &list->items[list->count++];
    memset(f, 0, sizeof *f);
    return f;
}

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
                                            u"3年内",  u"两年内",   u"未来3年",  u"用3年",
                                            u"用两年", u"用2年",    u"2年内",    NULL};
    static const char16_t *const plan5[] = {u"五”期间", u"五”时期", u"五”末",
                                            u"五时期",  u"五期间",  NULL};
    if (source_has_any(s, sentence, five)) {
        return "five-year";
    }
    if (source_has_any(s, sentence, three)) {
        return "three-year";
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

static bool has(uint16_t tails, enum tail t) {
    return (tails & 1u << t) != 0;
}

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
    if (q->form == QUANTITY_HALF || has(tails, TAIL_GE) || q->more) {
        return COMPARATOR_GE;
    }
    if (has(tails, TAIL_LE) || q->cls == UNIT_RANK) {
        return COMPARATOR_LE;
    }
    return has(tails, TAIL_ABOUT) ? COMPARATOR_ABOUT : COMPARATOR_EQ;
}

static bool ends_any(const struct source *s, struct run r, const char16_t *const *words) {
    for (; *words != NULL; words++) {
        if (source_ends(s, r, *words)) {
            return true;
        }
    }
    return false;
}

static enum figure_kind share_kind(const struct source *s, const struct quantity *q,
                                   struct run noun, uint16_t tails, enum figure_kind inherited) {
    static const char16_t *const growth[] = {u"增长",     u"增速",     u"增幅",       u"涨幅",
                                             u"增长率",   u"增长速度", u"提升幅度",   u"涨幅控制",
                                             u"消费价格", u"价格指数", u"价格总水平", NULL};
    static const char16_t *const shrink[] = {u"降幅", u"下降率", u"下降幅度", u"降低率",
                                             u"削减", u"降低",   u"下降",     NULL};
    if (has(tails, TAIL_SHRINK)) {
        return KIND_REDUCTION;
    }
    if (has(tails, TAIL_GROW)) {
        return KIND_GROWTH_RATE;
    }
    if (ends_any(s, noun, growth)) {
        return KIND_GROWTH_RATE;
    }
    if (ends_any(s, noun, shrink)) {
        return KIND_REDUCTION;
    }
    if (q->cls == UNIT_TIMES || q->cls == UNIT_POINT) {
        return inherited == KIND_REDUCTION ? KIND_REDUCTION : KIND_GROWTH_RATE;
    }
    static const char16_t *const shares[] = {u"率", u"比重", u"比例", u"占比", u"面", u"度", NULL};
    bool list = inherited == KIND_GROWTH_RATE || inherited == KIND_REDUCTION;
    bool bare = (tails & (uint16_t) ~(1u << TAIL_EMPTY | 1u << TAIL_EACH)) == 0;
    return list && bare && !ends_any(s, noun, shares) ? inherited : KIND_RATIO;
}

/* The kind where no verb says: by the noun. */
static enum figure_kind noun_kind(const struct source *s, struct run noun, uint16_t tails) {
    static const char16_t *const made[] = {u"新增", u"净增", u"新建", u"引进", u"新改", NULL};
    static const char16_t *const done[] = {u"投资", u"外资", u"到账", u"利用",     u"进口", u"培训",
                                           u"转移", u"造林", u"改造", u"治理",     u"融资", u"绿化",
                                           u"减税", u"发放", u"完成", u"贷款投放", u"到位", NULL};
    static const char16_t *const stocks[] = {u"额",   u"总量", u"总值", u"值",   u"产值", u"收入",
                                             u"规模", u"总数", u"面积", u"人口", u"余额", u"数",
                                             u"量",   u"里程", u"存栏", u"出栏", u"产量", u"保有量",
                                             u"浓度", u"寿命", u"年限", NULL};
    if (source_has_any(s, noun, made)) {
        return KIND_NEW;
    }
    if (has(tails, TAIL_REACH) || has(tails, TAIL_GE) || has(tails, TAIL_GROW_TO)) {
        return source_has_any(s, noun, done) && !has(tails, TAIL_REACH) ? KIND_COMPLETE
                                                                        : KIND_LEVEL;
    }
    if (source_has_any(s, noun, done)) {
        return KIND_COMPLETE;
    }
    return ends_any(s, noun, stocks) ? KIND_LEVEL : KIND_COMPLETE;
}

static bool is_neutral(const struct lexeme *v) {
    static const char16_t *const words[] = {u"实现", u"确保", u"力争", u"为", u"对",
                                            u"使",   u"让",   u"达到", NULL};
    for (const char16_t *const *w = words; v != NULL && *w != NULL; w++) {
        if (v->len == word_len(*w) && memcmp(v->text, *w, v->len * sizeof(char16_t)) == 0) {
            return true;
        }
    }
    return false;
}

static enum figure_kind kind_of(const struct figure_scope *sc, const struct clause *c,
                                const struct quantity *q, const struct lead *lead, struct run noun,
                                bool behind) {
    const struct source *s = sc->s;
    if (q->cls == UNIT_PERCENT || q->cls == UNIT_POINT || q->cls == UNIT_TIMES) {
        return share_kind(s, q, noun, lead->tails, c->kind);
    }
    if (q->cls == UNIT_RANK) {
        return KIND_RANK;
    }
    if (q->cls == UNIT_TIME) {
        return source_find(s, c->run, u"连续") != UINT32_MAX ? KIND_OTHER : KIND_LEVEL;
    }
    if (has(lead->tails, TAIL_SHRINK)) {
        return KIND_REDUCTION;
    }
    if (has(lead->tails, TAIL_GROW_TO)) {
        return KIND_LEVEL;
    }
    if (has(lead->tails, TAIL_GROW)) {
        return behind ? KIND_COUNT : KIND_NEW; /* 提升5个园区; 增加500个 */
    }
    bool reaches = has(lead->tails, TAIL_REACH) || has(lead->tails, TAIL_GE);
    if (q->cls == UNIT_DENSITY) {
        return KIND_LEVEL;
    }
    if (lead->verb != NULL && !is_neutral(lead->verb)) {
        enum figure_kind k = (enum figure_kind)(lead->verb->tag & VERB_KIND);
        bool strong = (lead->verb->tag & VERB_STRONG) != 0;
        bool stock = (has(lead->tails, TAIL_REACH) && k == KIND_COUNT) ||
                     (reaches && !strong && k != KIND_COMPLETE);
        return stock ? KIND_LEVEL : k;
    }
    if (sc->last_kind != KIND_NONE && source_starts(s, c->run, u"其中") && c->kind == KIND_NONE &&
        !reaches) {
        return sc->last_kind;
    }
    if (lead->verb == NULL && c->kind != KIND_NONE && c->kind != KIND_RATIO &&
        c->kind != KIND_GROWTH_RATE && (lead->tails & (1u << TAIL_GE | 1u << TAIL_REACH)) == 0) {
        return c->kind;
    }
    if (behind) {
        return KIND_COUNT;
    }
    return noun_kind(s, noun, lead->tails);
}

/* ---- one figure ---- */

static struct found *emit(struct figure_scope *sc, struct clause *c, const struct quantity *q,
                          const struct lead *lead, struct run noun, bool behind,
                          struct found_list *to) {
    struct found *f = append(to);
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

/* Whether a noun stands right behind the number: 200个领军人才. */
static bool noun_follows(const struct source *s, uint32_t at, uint32_t end) {
    if (at >= end) {
        return false;
    }
    struct run r = {at, end};
    static const char16_t *const not_nouns[] = {
        u"和",     u"及",   u"与", u"并", u"以上", u"左右", u"以内", u"以下",
        u"的目标", u"目标", u"或", u"内", u"任务", u"、",   u"）",   NULL};
    for (const char16_t *const *w = not_nouns; *w != NULL; w++) {
        if (source_starts(s, r, *w)) {
            return false;
        }
    }
    char16_t c = s->ch[at];
    return is_ideograph16(c) || is_letter16(c) || c == u'“' || c == u'《';
}

/* Whether the words left before the number are a thing that owns it, and not a list, a place or
 * nothing. */
static bool owns(const struct figure_scope *sc, const struct lead *lead, const struct quantity *q,
                 bool follows) {
    if (lead->noun.from == lead->noun.to || lead->listed) {
        return false;
    }
    if (!follows) {
        return true;
    }
    if (lead->verb_at_end) {
        return false;
    }
    if (q->cls != UNIT_THING && q->cls != UNIT_PEOPLE) {
        return true;
    }
    return noun_ends_at(sc->s, sc->words, q->all.to, sc->s->n);
}

/* Whether a number right behind another counts the same thing: 10件45项, not 16个百亿级. */
static bool counts_on(const struct quantity *q) {
    return q->cls == UNIT_THING || q->cls == UNIT_PEOPLE || q->cls == UNIT_EXTENT;
}

/* The thing behind the number; across a second number of the same thing (10件45项实事). */
static struct run thing_behind(const struct figure_scope *sc, const struct clause *c, int k) {
    const struct quantity *q = &c->q[k];
    uint32_t from = exclude_bound_end(sc->s, q, c->run.to);
    uint32_t to = c->run.to;
    if (k + 1 < c->n && c->q[k + 1].all.from == from && counts_on(&c->q[k + 1])) {
        from = c->q[k + 1].all.to;
    }
    for (int i = k + 1; i < c->n; i++) {
        uint32_t next = i + 1 < c->n ? c->q[i + 1].all.from : c->run.to;
        struct setting x = {sc->s, sc->words, c->run, from, next, sc->past, true};
        bool part = exclude_name(&x, &c->q[i]) || exclude_size(&x, &c->q[i]);
        if (c->q[i].all.from >= from && c->q[i].cls != UNIT_NONE && !part) {
            uint32_t cut = c->q[i].all.from;
            while (cut > from && sc->s->ch[cut - 1] != u'、' && sc->s->ch[cut - 1] != u'和') {
                cut--;
            }
            to = cut > from ? cut - 1 : c->q[i].all.from;
            break;
        }
    }
    struct run noun = noun_behind(sc->s, sc->words, from, to);
    while (noun.to > noun.from && sc->s->ch[noun.to - 1] == u'级' && k + 1 < c->n &&
           noun.to < c->run.to && c->q[k + 1].all.from == noun.to + 1) {
        k++; /* 2个省级、4个市级产业园 */
        uint32_t next = k + 1 < c->n ? c->q[k + 1].all.from - 1 : c->run.to;
        noun = noun_behind(sc->s, sc->words, exclude_bound_end(sc->s, &c->q[k], c->run.to), next);
    }
    return noun;
}

static bool is_short_list(const struct run *items, int n) {
    for (int i = 0; i + 1 < n; i++) {
        if (items[i].to - items[i].from < 4) {
            return true;
        }
    }
    return false;
}

/* A、B分别…x、y: remembers the items, so that each number finds its own. */
static void open_items(const struct source *s, struct clause *c, const struct lead *lead) {
    c->item_count = 0;
    if (!has(lead->tails, TAIL_EACH) || source_find(s, c->run, u"分别") == UINT32_MAX) {
        return;
    }
    c->item_count = noun_items(s, lead->noun, c->items, ITEMS_MAX);
    c->item_next = 1;
    if (c->item_count < 2 || is_short_list(c->items, c->item_count)) {
        c->item_count = 0;
    }
}

/* A、B各50个: a figure for each item. True when it was such a list. */
static bool emit_each(struct figure_scope *sc, struct clause *c, const struct quantity *q,
                      const struct lead *lead, struct found_list *to) {
    const struct source *s = sc->s;
    struct run before = {c->run.from, q->all.from};
    struct run items[ITEMS_MAX];
    bool each = source_ends(s, before, u"各");
    bool shared = c->n == 1 || source_find(s, c->run, u"分别") == UINT32_MAX;
    bool both = has(lead->tails, TAIL_EACH) && shared && q->cls == UNIT_PERCENT;
    if (!each && !both) {
        return false;
    }
    int n = noun_items(s, lead->noun, items, ITEMS_MAX);
    if (n < 2 || (both && is_short_list(items, n))) {
        return false;
    }
    for (int i = 0; i < n; i++) {
        emit(sc, c, q, lead, items[i], false, to);
    }
    return true;
}

/* What the clause before spoke of, where it held no figure. */
static struct run topic_of(const struct figure_scope *sc) {
    if (sc->before.to == sc->before.from) {
        return sc->antecedent;
    }
    struct lead lead;
    lead_read(sc->s, sc->words, sc->before, false, &lead);
    return lead.noun.to > lead.noun.from ? lead.noun : sc->before;
}

static struct run indicator_of(struct figure_scope *sc, struct clause *c, int k,
                               const struct lead *lead, bool *behind) {
    const struct source *s = sc->s;
    const struct quantity *q = &c->q[k];
    uint32_t at = exclude_bound_end(s, q, c->run.to);
    uint32_t noun_at = at;
    if (k + 1 < c->n && c->q[k + 1].all.from == at && counts_on(&c->q[k + 1])) {
        noun_at = c->q[k + 1].all.to; /* 10件45项实事, 9条115公里河流 */
    }
    bool name = k + 1 < c->n && c->q[k + 1].all.from == at && !counts_on(&c->q[k + 1]);
    bool follows = name || noun_follows(s, noun_at, c->run.to);
    *behind = false;
    if (q->cls == UNIT_TIME && source_find(s, c->run, u"连续") < q->all.from) {
        struct run streak = {at, c->run.to}; /* 连续第14年实现安全度夏 */
        streak.from +=
            source_starts(s, streak, u"实现") || source_starts(s, streak, u"保持") ? 2 : 0;
        *behind = true;
        return streak;
    }
    if (!follows && lead->noun.from == lead->noun.to && k + 1 < c->n &&
        c->q[k + 1].all.from == at + 1 &&
        noun_follows(s, exclude_bound_end(s, &c->q[k + 1], c->run.to), c->run.to)) {
        return thing_behind(sc, c, k + 1); /* 109个、424万平方米老旧小区 */
    }
    if (owns(sc, lead, q, follows)) {
        open_items(s, c, lead);
        return c->item_count > 0 ? c->items[0] : lead->noun;
    }
    if (follows) {
        struct run r = thing_behind(sc, c, k);
        if (r.to > r.from) {
            *behind = true;
            return r;
        }
    }
    if (c->item_count > 0 && c->item_next < c->item_count) {
        return c->items[c->item_next++];
    }
    if (lead->noun.to > lead->noun.from && !(lead->listed && follows)) {
        struct run list = lead->noun;
        list.to -= lead->listed ? 1 : 0; /* 送戏下乡、文艺演出等2000场 */
        return list;
    }
    if (c->noun.to > c->noun.from) {
        return c->noun;
    }
    struct run topic = topic_of(sc);
    bool said = sc->antecedent.to > sc->antecedent.from;
    bool fresh = topic.to > topic.from && topic.from > sc->antecedent.to;
    return said && !(fresh && lead->verb != NULL) ? sc->antecedent : topic;
}

/* 不低于城市低保标准的1.6倍, 进入全国40强: the words of the comparison are not the thing. */
static void cut_relative(const struct source *s, const struct quantity *q, struct lead *lead) {
    uint32_t made = source_find(s, lead->noun, u"实现");
    if (q->form == QUANTITY_WHOLE && made != UINT32_MAX && made + 4 <= lead->noun.to) {
        lead->noun.from = made + 2;
    }
    static const char16_t *const cuts[] = {u"不低于", u"达到",   u"高于",   u"进入", u"跻身",
                                           u"较前",   u"比上年", u"较上年", u"同比", u"比去年",
                                           u"较去年", u"向全国", NULL};
    bool relative = q->cls == UNIT_TIMES || q->cls == UNIT_RANK || q->cls == UNIT_PERCENT ||
                    q->cls == UNIT_POINT;
    for (const char16_t *const *w = cuts; relative && *w != NULL; w++) {
        uint32_t at = source_find(s, lead->noun, *w);
        if (at != UINT32_MAX && at > lead->noun.from) {
            lead->noun.to = at;
            while (source_ends(s, lead->noun, u"分别") || source_ends(s, lead->noun, u"均")) {
                lead->noun.to -= source_ends(s, lead->noun, u"均") ? 1 : 2;
                lead->tails |= 1u << TAIL_EACH;
            }
            lead->tails |= w == cuts || w == cuts + 2 ? 1u << TAIL_GE : 0;
        }
    }
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
    cut_relative(sc->s, q, &lead);
    if (lead.noun.from == lead.noun.to && lead.verb == NULL && c->kind != KIND_NONE &&
        lead.tails == 0) {
        lead.tails = c->tails; /* 分别增长8%、9%: the second has the bounds of the first */
    }
    bool behind = false;
    if (!emit_each(sc, c, q, &lead, to)) {
        struct run noun = indicator_of(sc, c, k, &lead, &behind);
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

/* ---- qualitative main targets ---- */

static bool are_long(const struct run *items, int n) {
    for (int i = 0; i < n; i++) {
        if (items[i].to - items[i].from < 6) {
            return false;
        }
    }
    return true;
}

/* 外贸进出口稳中提质: a main target without a number; the thing stands before these words. */
static const char16_t *const predicates[] = {
    u"稳中提质",       u"稳中有进", u"与经济增长", u"和经济增长",   u"增长和经济", u"与经济发展",
    u"与地区生产总值", u"与GDP",    u"增长与经济", u"持续改善",     u"进一步",     u"基本同步",
    u"同步",           u"高于",     u"快于",       u"保持基本稳定", u"保持稳定",   u"稳步",
    u"明显",           u"持续",     u"基本稳定",   u"完成省",       u"完成国家",   u"达到省",
    u"达到国家",       u"控制在省", u"控制在国家", u"好于",         u"优于",       u"保持全省",
    u"不断",           u"继续",     u"保持平稳",   u"保持",         u"全面完成",   u"基本持平",
    u"总体稳定",       u"有所",     u"达到上级",   u"完成上级",     u"促稳提质",   u"量稳质升",
    u"稳定增长",       u"平稳增长", u"较快增长",   u"稳中向好",     u"跑赢",       u"位居",
    u"只降不升",       u"控制在",   u"下降",       u"降低",         u"确保完成",   NULL};

static void read_qualitative(struct figure_scope *sc, struct run clause, struct found_list *to) {
    const struct source *s = sc->s;
    static const char16_t *const openers[] = {
        u"兼顾", u"体现", u"符合", u"需要", u"重点",     u"做好",     u"围绕",     u"坚持", u"要求",
        u"我们", u"工作", u"必须", u"考虑", u"实际工作", u"争取更好", u"总体要求", NULL};
    if (source_has_any(s, clause, openers)) {
        return;
    }
    uint32_t cut = UINT32_MAX;
    static const char16_t *const duties[] = {u"任务", u"目标", u"指标", NULL};
    uint32_t done = source_find(s, clause, u"完成");
    if (done != UINT32_MAX && source_has_any(s, (struct run){done, clause.to}, duties)) {
        cut = done;
    }
    for (const char16_t *const *p = predicates; *p != NULL; p++) {
        uint32_t at = source_find(s, clause, *p);
        cut = at < cut ? at : cut;
    }
    if (cut == UINT32_MAX) {
        return;
    }
    struct run noun = {clause.from, cut};
    struct lead parts;
    lead_read(s, sc->words, noun, false, &parts);
    if (cut > clause.from && parts.noun.from == parts.noun.to) {
        return; /* 努力保持…: a demand, not a thing */
    }
    if (cut == clause.from) { /* 完成省下达的节能减排任务: the thing stands behind */
        uint32_t of = source_find(s, clause, u"的");
        of = of != UINT32_MAX ? of : source_starts(s, clause, u"完成") ? clause.from + 1 : of;
        if (of == UINT32_MAX) {
            return;
        }
        noun = (struct run){of + 1, clause.to};
    }
    struct run items[ITEMS_MAX];
    int n = noun_items(s, noun, items, ITEMS_MAX);
    bool listed = source_find(s, noun, u"、") != UINT32_MAX || are_long(items, n);
    bool split =
        n > 1 && listed && source_find(s, noun, u"等") == UINT32_MAX && !is_short_list(items, n);
    for (int i = 0; i < (split ? n : 1); i++) {
        struct found *f = append(to);
        f->clause = clause;
        f->indicator = split ? items[i] : noun;
        f->qualitative = true;
        f->kind = KIND_QUALITATIVE;
        f->overall = true;
        f->area = sc->area;
        f->task = sc->task;
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
        read_qualitative(sc, run, to);
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
    while (clause_next(scope->s, sentence, &at, &clause)) {
        read_clause(scope, clause, to);
        scope->before = clause;
    }
    const char *named = to->count > before && !scope->past ? horizon_of(scope, sentence) : NULL;
    for (size_t i = before; i < to->count; i++) {
        to->items[i].horizon = named != NULL ? named : scope->horizon;
    }
}
