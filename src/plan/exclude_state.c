/* exclude_state: see exclude_state() in exclude.h: words around a number that say nothing is
 * promised. */
#include "plan/exclude.h"
#include "plan/exclude_int.h"
#include "plan/indicator.h"

/* Words that say the number is how things are. */
static bool present(const struct setting *x, const struct quantity *q) {
    static const char16_t *const states[] = {
        u"预计", u"现行", u"现有", u"目前", u"我市共有", u"全市共有",   u"目前共有",
        u"已有", u"已经", u"去年", u"上年", u"近年来",   u"过去",       u"截至",
        u"涉及", u"所有", u"位于", u"针对", u"面向全国", u"每万人拥有", NULL};
    static const char16_t *const compares[] = {
        u"比去年",   u"比上年",     u"较上年",     u"较去年",   u"在去年", u"去年基础", u"高于去年",
        u"高于上年", u"不低于上年", u"不低于去年", u"低于上年", u"同上年", u"上年基础", NULL};
    struct run lead = {x->clause.from, q->all.from};
    if (x->past) {
        return false;
    }
    return source_has_any(x->s, lead, states) && !source_has_any(x->s, lead, compares);
}

/* 3公里范围内, 5公里半径: the reach of something, not an amount. */
static bool scope_of_place(const struct setting *x, const struct quantity *q) {
    static const char16_t *const words[] = {u"范围",   u"半径", u"生活圈", u"圈",     u"内的",
                                            u"健身圈", u"以外", u"经济圈", u"服务圈", NULL};
    uint32_t at = exclude_bound_end(x->s, q, x->clause.to);
    if (q->cls != UNIT_EXTENT && q->cls != UNIT_TIME) {
        return false;
    }
    if (source_ends(x->s, noun_behind(x->s, x->words, at, x->clause.to), u"圈")) {
        return true;
    }
    for (const char16_t *const *w = words; *w != NULL; w++) {
        if (source_starts(x->s, (struct run){at, x->clause.to}, *w)) {
            return true;
        }
    }
    return false;
}

/* 抓好…等3项国家级试点: what is listed exists; 推进…等14个项目建设 is to be built. */
static bool lists_existing(const struct setting *x, const struct quantity *q) {
    struct run lead = {x->lead, q->all.from};
    static const char16_t *const weak[] = {u"试点", u"工作", u"机制", u"改革",     u"制度", u"领域",
                                           u"行业", u"方面", u"环节", u"要素",     u"部门", u"国家",
                                           u"地区", u"县",   u"产业", u"重点领域", u"任务", u"指标",
                                           u"县区", u"协议", u"政策", u"国家战略", u"品牌", u"省市",
                                           u"区县", u"乡镇", u"高校", NULL};
    if (!source_ends(x->s, lead, u"等")) {
        return false;
    }
    struct run noun = noun_behind(x->s, x->words, q->all.to, x->clause.to);
    return source_ends_any(x->s, noun, weak);
}

/* 全市13个县, 各80个乡镇: the divisions a place has. */
static bool divisions(const struct setting *x, const struct quantity *q) {
    static const char16_t *const owners[] = {u"全市", u"全县", u"全州", u"全省", u"我市",
                                             u"全区", u"我州", u"有",   u"这",   u"上述",
                                             u"以",   u"其",   NULL};
    struct run lead = {x->lead, q->all.from};
    static const char16_t *const deeds[] = {u"惠民", u"民生", u"为民", u"实事", NULL};
    struct run due = {q->all.to, q->all.to + 2 < x->clause.to ? q->all.to + 2 : x->clause.to};
    if (source_has_any(x->s, due, deeds)) {
        return false; /* 办好我市十件惠民工程 */
    }
    if (q->cls != UNIT_THING && q->cls != UNIT_PEOPLE) {
        return false;
    }
    for (const char16_t *const *w = owners; *w != NULL; w++) {
        if (source_ends(x->s, lead, *w) && exclude_noun_at(x, q->all.to)) {
            return !x->past;
        }
    }
    return false;
}

/* 全覆盖 that is an attribute (全域全覆盖体系) or has no subject promises nothing. */
static bool coverage_attribute(const struct setting *x, const struct quantity *q) {
    if (q->form != QUANTITY_WHOLE) {
        return false;
    }
    char16_t c = exclude_behind(x, q->all.to);
    bool ends = c == 0 || c == u'、' || c == u'。' || c == u'）' ||
                source_starts(x->s, (struct run){q->all.to, x->clause.to}, u"和") ||
                source_starts(x->s, (struct run){q->all.to, x->clause.to}, u"目标");
    struct run lead = {x->clause.from, q->all.from};
    return !ends || q->all.from - x->clause.from < 2 || source_ends(x->s, lead, u"全域") ||
           source_ends(x->s, lead, u"、");
}

/* 落实民间投资12条措施: a policy's articles, already written. */
static bool measures_taken(const struct setting *x, const struct quantity *q) {
    static const char16_t *const papers[] = {u"措施", u"政策", u"意见", u"举措",
                                             u"条例", u"规定", u"禁令", NULL};
    struct run tail = {q->all.to, x->clause.to < q->all.to + 6 ? x->clause.to : q->all.to + 6};
    struct run unit = q->unit;
    return source_ends(x->s, unit, u"条") && source_has_any(x->s, tail, papers) && !x->past;
}

/* 建设唐人神集团200万头生猪养殖、花椒产业园等重点项目: the size of one named thing in a list. */
static bool in_named_list(const struct setting *x, const struct quantity *q) {
    if (!exclude_noun_at(x, q->all.to) || x->goes_on) {
        return false;
    }
    struct run tail = {q->all.to, x->clause.to};
    uint32_t list = source_find(x->s, tail, u"、");
    uint32_t end = source_find(x->s, tail, u"等");
    if (list == UINT32_MAX || end == UINT32_MAX || end < list) {
        return false;
    }
    struct lead parts;
    lead_read(x->s, x->words, (struct run){x->lead, q->all.from}, false, &parts);
    return parts.noun.to > parts.noun.from && !parts.listed && !parts.verb_at_end;
}

/* 完善5个行政区协同联动机制, 由38户改组: an order of things, a state before. */
static bool works_of_order(const struct setting *x, const struct quantity *q) {
    static const char16_t *const orders[] = {u"机制", u"体系", u"制度", u"格局", u"关系",
                                             u"领域", u"大事", u"环节", u"方向", NULL};
    struct run lead = {x->clause.from, q->all.from};
    if (source_ends(x->s, lead, u"由")) {
        return true;
    }
    if (q->cls != UNIT_THING || !exclude_noun_at(x, q->all.to)) {
        return false;
    }
    struct run noun = noun_behind(x->s, x->words, q->all.to, x->clause.to);
    for (const char16_t *const *w = orders; *w != NULL; w++) {
        if (source_ends(x->s, noun, *w)) {
            return !x->past;
        }
    }
    return false;
}

bool exclude_state(const struct setting *x, const struct quantity *q) {
    if (coverage_attribute(x, q) || present(x, q) || scope_of_place(x, q)) {
        return true;
    }
    if (q->cls == UNIT_TIME) {
        return !exclude_time_promised(x, q);
    }
    if (q->cls == UNIT_RANK) {
        return !exclude_rank_promised(x, q);
    }
    if (q->cls == UNIT_NONE) {
        return !exclude_bare_promised(x, q);
    }
    if (q->spelled && !exclude_spelled_promised(x, q)) {
        return true;
    }
    return lists_existing(x, q) || divisions(x, q) || measures_taken(x, q) || in_named_list(x, q) ||
           works_of_order(x, q);
}
