/* exclude_size: see exclude_size() in exclude.h: amounts that only qualify the thing counted. */
#include "plan/exclude.h"
#include "plan/exclude_int.h"
#include "plan/indicator.h"

/* 发放100亿元贷款: the verb moves the money, so the money is the promise. */
bool exclude_moves(const struct setting *x, const struct quantity *q) {
    static const char16_t *const verbs[] = {
        u"完成", u"发放", u"投放", u"争取", u"安排",   u"筹集", u"兑现",     u"落实", u"投入",
        u"减免", u"撬动", u"化解", u"盘活", u"拨付",   u"下达", u"发行",     u"新增", u"筹措",
        u"补助", u"整合", u"募集", u"设立", u"为企业", u"提供", u"统筹",     u"净增", u"新增加",
        u"建设", u"新建", u"改造", u"整治", u"修复",   u"治理", u"打造",     u"实施", u"供应",
        u"种植", u"推广", u"减少", u"压减", u"拆除",   u"建成", u"改建",     u"疏浚", u"铺设",
        u"提升", u"增加", u"贯通", u"打通", u"新改建", u"供地", u"收储",     u"腾退", u"清理",
        u"拓宽", u"形成", u"开工", u"维修", u"改扩建", u"实现", u"开工建设", u"推进", u"开展",
        u"流转", u"栽植", u"消化", u"出让", u"回收",   u"吸引", u"引导",     NULL};
    struct run lead = {x->clause.from, q->all.from};
    static const char16_t *const aside[] = {u"约", u"近", u"各", u"不少于", u"不低于", u"再", NULL};
    for (const char16_t *const *a = aside; *a != NULL; a++) {
        if (source_ends(x->s, lead, *a)) {
            lead.to -= word_len(*a);
            break;
        }
    }
    return source_ends_any(x->s, lead, verbs);
}

/* 安排预算资金6亿元统筹支付…: the money is named before its amount and moved by a verb. */
static bool named_money(const struct setting *x, const struct quantity *q) {
    static const char16_t *const moneys[] = {u"资金", u"投资", u"贷款", u"债券", u"经费", u"补助",
                                             u"补贴", u"基金", u"税费", u"预算", NULL};
    struct lead parts;
    lead_read(x->s, x->words, (struct run){x->lead, q->all.from}, false, &parts);
    for (const char16_t *const *w = moneys; parts.verb != NULL && *w != NULL; w++) {
        if (source_ends(x->s, parts.noun, *w)) {
            return true;
        }
    }
    return false;
}

static bool is_amount(enum unit_class c) {
    return c == UNIT_MONEY || c == UNIT_EXTENT || c == UNIT_DENSITY || c == UNIT_TIMES;
}

/* Whether another number that counts things follows before the clause ends. */
static bool count_follows(const struct setting *x, uint32_t at) {
    return x->next < x->clause.to && x->next >= at;
}

/* 开工…等216公里项目: a verb that builds, examples, and the amount of works. */
static bool listed_works(const struct setting *x, const struct quantity *q) {
    struct run lead = {x->lead, q->all.from};
    if (!source_ends(x->s, lead, u"等") || q->cls != UNIT_EXTENT) {
        return false;
    }
    struct lead parts;
    lead_read(x->s, x->words, lead, false, &parts);
    return parts.verb != NULL && (parts.verb->tag & VERB_STRONG) != 0;
}

/* A number right behind the amount says that the amount is the size of what is counted:
 * 超50亿元15个. */
static bool counts_behind(const struct setting *x, uint32_t at, bool marked) {
    return marked && x->next == at && at < x->clause.to;
}

/* 1%以下的县“清零”: a share with a bound that picks things out. */
static bool picks_out(const struct setting *x, const struct quantity *q) {
    struct lead parts;
    lead_read(x->s, x->words, (struct run){x->lead, q->all.from}, false, &parts);
    return parts.noun.to > parts.noun.from && exclude_before(x, q->all.from) != u'、';
}

/* 改造109个、424万平方米老旧小区; 9条115公里河流: goes on with the number before it. */
static bool joins_last(const struct setting *x, const struct quantity *q, bool counted) {
    char16_t b = exclude_before(x, q->all.from);
    bool joined = b == u'、' || b == u'和' || b == u'及' || x->lead == q->all.from;
    return x->goes_on && joined && !counted;
}

/* With a noun behind the number: whether the number is only that noun's size. */
static bool sizes_noun(const struct setting *x, const struct quantity *q, bool bounded, bool over,
                       bool counted) {
    bool amount = is_amount(q->cls);
    uint32_t at = exclude_bound_end(x->s, q, x->clause.to);
    if (exclude_behind(x, at) == u'的' && amount) {
        return true;
    }
    if (q->cls == UNIT_MONEY && !bounded && !over && named_money(x, q)) {
        return false;
    }
    if (amount) {
        return bounded || !exclude_moves(x, q);
    }
    struct run lead = {x->clause.from, q->all.from};
    if (source_ends(x->s, lead, u"年产") || source_ends(x->s, lead, u"年产约")) {
        return true; /* 年产10万辆新能源汽车项目 */
    }
    bool share = q->cls == UNIT_PERCENT || q->cls == UNIT_POINT;
    return bounded && !share && (counted || q->cls == UNIT_PEOPLE);
}

bool exclude_size(const struct setting *x, const struct quantity *q) {
    uint32_t at = exclude_bound_end(x->s, q, x->clause.to);
    bool bounded = at > q->all.to;
    char16_t b = exclude_before(x, q->all.from);
    bool over = b == u'超' || b == u'过';
    if (q->form != QUANTITY_PLAIN) {
        return false;
    }
    if (exclude_behind(x, at) == u'级') {
        return true;
    }
    if (q->cls == UNIT_NONE) {
        return q->scale > 0 && exclude_noun_at(x, at) && !q->has_max;
    }
    struct run ahead = {x->clause.from, q->all.from};
    if (is_amount(q->cls) && source_find(x->s, ahead, u"一批") != UINT32_MAX) {
        return true;
    }
    if (q->cls == UNIT_PERCENT && bounded && exclude_behind(x, at) == u'的' &&
        x->lead < q->all.from) {
        return picks_out(x, q);
    }
    struct run rest = {at, x->next};
    bool counted = count_follows(x, at) && source_find(x->s, rest, u"、") == UINT32_MAX;
    if (joins_last(x, q, counted) || listed_works(x, q)) {
        return false;
    }
    if (is_amount(q->cls) && counts_behind(x, at, bounded || over)) {
        return true;
    }
    return exclude_noun_at(x, at) && sizes_noun(x, q, bounded, over, counted);
}
