/* thing: see thing.h. A noun before the number (新增总部企业5家), a noun behind it
 * (集聚200个领军人才), an item of a list (A、B分别…x、y), or the nearest thing said before
 * (…、增长13.8%). */
#include "plan/thing.h"

#include "plan/exclude.h"

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

/* 150个老旧小区570万平方米改造: a second measure of the same thing stands behind the thing. */
static bool measures_too(const struct source *s, const struct quantity *q, uint32_t noun) {
    static const char16_t *const sizes[] = {u"占地", u"面积", u"长", u"超", u"约",
                                            u"近",   u"投资", u"的", NULL};
    struct run between = {noun, q->all.from};
    if (q->cls != UNIT_EXTENT || between.to < between.from + 3) {
        return false;
    }
    if (source_ends_any(s, between, sizes)) {
        return false;
    }
    return true;
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
        bool part = exclude_name(&x, &c->q[i]) || c->q[i].cls == UNIT_TIME ||
                    (exclude_size(&x, &c->q[i]) && !measures_too(sc->s, &c->q[i], from));
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
    bool grade = noun.to > noun.from && sc->s->ch[noun.to - 1] == u'级';
    if (grade && k + 1 < c->n && c->q[k + 1].all.from == noun.to + 1) {
        return thing_behind(sc, c,
                            k + 1); /* 2个省级、4个市级产业园: once for each number at most */
    }
    return noun;
}

bool thing_list_is_short(const struct run *items, int n) {
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
    if (!has_tail(lead->tails, TAIL_EACH) || source_find(s, c->run, u"分别") == UINT32_MAX) {
        return;
    }
    c->item_count = noun_items(s, lead->noun, c->items, ITEMS_MAX);
    c->item_next = 1;
    if (c->item_count < 2 || thing_list_is_short(c->items, c->item_count)) {
        c->item_count = 0;
    }
}

/* 投资3985亿元、零售总额3306亿元，分别增长4.5%、10.4%: a clause of numbers alone takes the things
 * of the clause before, one for each. */
static void take_things(const struct figure_scope *sc, struct clause *c, const struct lead *lead) {
    bool alone = lead->noun.from == lead->noun.to && c->kind == KIND_NONE;
    if (!alone || !has_tail(lead->tails, TAIL_EACH) || sc->thing_count != c->n || c->n < 2) {
        return;
    }
    for (int i = 0; i < sc->thing_count; i++) {
        c->items[i] = sc->things[i];
    }
    c->item_count = sc->thing_count;
    c->item_next = 0;
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

struct run thing_of(struct figure_scope *sc, struct clause *c, int k, const struct lead *lead,
                    bool *behind) {
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
    if (lead->noun.from == lead->noun.to && c->noun.to == q->all.from &&
        c->noun.to > c->noun.from) {
        return c->noun; /* 150个老旧小区570万平方米 */
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
    take_things(sc, c, lead);
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
void thing_cut_comparison(const struct source *s, const struct quantity *q, struct lead *lead) {
    uint32_t made = source_find(s, lead->noun, u"实现");
    if (q->form == QUANTITY_WHOLE && made != UINT32_MAX && made + 4 <= lead->noun.to) {
        lead->noun.from = made + 2;
    }
    static const char16_t *const cuts[] = {
        u"不低于", u"达到",   u"高于", u"进入",   u"跻身",   u"较前",   u"比前",
        u"比上年", u"较上年", u"同比", u"比去年", u"较去年", u"向全国", u"进位",
        u"前移",   u"迈进",   u"位居", u"居全",   u"保持全", u"稳居",   NULL};
    bool relative = q->cls == UNIT_TIMES || q->cls == UNIT_RANK || q->cls == UNIT_PERCENT ||
                    q->cls == UNIT_POINT || clause_ranks(s, q);
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
