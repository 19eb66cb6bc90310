/* kind: see kind.h. The order of the tests is the order of the evidence: a share is told by its
 * bound, an amount by its verb, and only where neither speaks by its noun. */
#include "plan/kind.h"

#include <string.h>

static enum figure_kind share_kind(const struct source *s, const struct quantity *q,
                                   struct run noun, const struct lead *lead,
                                   enum figure_kind inherited) {
    static const char16_t *const growth[] = {u"增长",     u"增速",     u"增幅",       u"涨幅",
                                             u"增长率",   u"增长速度", u"提升幅度",   u"涨幅控制",
                                             u"消费价格", u"价格指数", u"价格总水平", NULL};
    static const char16_t *const shrink[] = {u"降幅", u"下降率", u"下降幅度", u"降低率",
                                             u"削减", u"降低",   u"下降",     NULL};
    uint16_t tails = lead->tails;
    bool less = lead->verb != NULL && (lead->verb->tag & VERB_KIND) == KIND_REDUCTION;
    if (has_tail(tails, TAIL_SHRINK) || less) {
        return KIND_REDUCTION;
    }
    if (has_tail(tails, TAIL_GROW)) {
        return KIND_GROWTH_RATE;
    }
    if (source_ends_any(s, noun, growth)) {
        return KIND_GROWTH_RATE;
    }
    if (source_ends_any(s, noun, shrink)) {
        return KIND_REDUCTION;
    }
    if (q->cls == UNIT_TIMES || q->cls == UNIT_POINT) {
        return inherited == KIND_REDUCTION ? KIND_REDUCTION : KIND_GROWTH_RATE;
    }
    static const char16_t *const shares[] = {u"率", u"比重", u"比例", u"占比", u"面", u"度", NULL};
    bool list = inherited == KIND_GROWTH_RATE || inherited == KIND_REDUCTION;
    bool bare = (tails & (uint16_t) ~(1u << TAIL_EMPTY | 1u << TAIL_EACH)) == 0;
    return list && bare && !source_ends_any(s, noun, shares) ? inherited : KIND_RATIO;
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
    static const char16_t *const averages[] = {u"亩均", u"人均", u"户均", u"村均", NULL};
    if (source_has_any(s, noun, averages)) {
        return KIND_LEVEL;
    }
    if (source_has_any(s, noun, made)) {
        return KIND_NEW;
    }
    if (has_tail(tails, TAIL_REACH) || has_tail(tails, TAIL_GE) || has_tail(tails, TAIL_GROW_TO)) {
        return source_has_any(s, noun, done) && !has_tail(tails, TAIL_REACH) ? KIND_COMPLETE
                                                                             : KIND_LEVEL;
    }
    if (source_starts(s, noun, u"存栏") || source_starts(s, noun, u"出栏")) {
        return KIND_LEVEL;
    }
    if (source_has_any(s, noun, done)) {
        return KIND_COMPLETE;
    }
    return source_ends_any(s, noun, stocks) ? KIND_LEVEL : KIND_COMPLETE;
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

enum figure_kind kind_of(const struct figure_scope *sc, const struct clause *c,
                         const struct quantity *q, const struct lead *lead, struct run noun,
                         bool behind) {
    const struct source *s = sc->s;
    if (q->cls == UNIT_PERCENT || q->cls == UNIT_POINT || q->cls == UNIT_TIMES) {
        return share_kind(s, q, noun, lead, c->kind);
    }
    if (q->cls == UNIT_RANK || clause_ranks(s, q)) {
        return KIND_RANK;
    }
    if (q->cls == UNIT_TIME && !has_tail(lead->tails, TAIL_SHRINK)) {
        return source_find(s, c->run, u"连续") != UINT32_MAX ? KIND_OTHER : KIND_LEVEL;
    }
    if (has_tail(lead->tails, TAIL_SHRINK)) {
        return KIND_REDUCTION;
    }
    if (has_tail(lead->tails, TAIL_GROW_TO)) {
        return KIND_LEVEL;
    }
    if (has_tail(lead->tails, TAIL_GROW)) {
        return behind ? KIND_COUNT : KIND_NEW; /* 提升5个园区; 增加500个 */
    }
    bool reaches = has_tail(lead->tails, TAIL_REACH) || has_tail(lead->tails, TAIL_GE);
    if (q->cls == UNIT_DENSITY) {
        return KIND_LEVEL;
    }
    if (lead->verb != NULL && !is_neutral(lead->verb)) {
        enum figure_kind k = (enum figure_kind)(lead->verb->tag & VERB_KIND);
        bool strong = (lead->verb->tag & VERB_STRONG) != 0;
        if (source_find(s, (struct run){c->lead, q->all.from}, u"累计") != UINT32_MAX) {
            return KIND_LEVEL; /* 累计建成5G基站2万个 */
        }
        bool stock = (has_tail(lead->tails, TAIL_REACH) && k == KIND_COUNT) ||
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
