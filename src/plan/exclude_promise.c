/* exclude_promise: numbers that look like names, dates or codes and are promises after all: in
 * words, without a unit, a time, a rank. See exclude_int.h. */
#include "plan/exclude_int.h"
#include "plan/indicator.h"

/* A time promised: 压缩至3个工作日以内, 连续第14年. All other times are dates. */
bool exclude_time_promised(const struct setting *x, const struct quantity *q) {
    struct run lead = {x->clause.from, q->all.from};
    static const char16_t *const shrink[] = {
        u"时间不超过", u"时限不超过", u"压缩至", u"压缩到", u"缩短至", u"缩短到",
        u"缩短为",     u"压减至",     u"压减到", u"控制在", u"压缩在", u"压缩为",
        u"压缩",       u"缩短",       u"减少到", u"减至",   u"提速到", NULL};
    static const char16_t *const firm[] = {u"确保", u"力争", NULL};
    if (source_ends(x->s, lead, u"连续第") || source_ends(x->s, lead, u"连续")) {
        return !q->spelled && source_has_any(x->s, lead, firm);
    }
    static const char16_t *const spans[] = {u"天", u"日", u"小时", u"分钟", NULL};
    static const char16_t *const lives[] = {
        u"年限",     u"寿命",       u"预期寿命达到", u"寿命达到", u"寿命提高到",
        u"年限达到", u"年限提高到", u"寿命达",       u"年限达",   NULL};
    if (source_ends_any(x->s, lead, lives)) {
        return true;
    }
    bool span = false;
    for (const char16_t *const *w = spans; *w != NULL; w++) {
        span = span || source_ends(x->s, q->unit, *w);
    }
    if (!span) {
        return false;
    }
    return source_ends_any(x->s, lead, shrink);
}

/* 进入全国40强, not 世界500强企业. */
bool exclude_rank_promised(const struct setting *x, const struct quantity *q) {
    static const char16_t *const verbs[] = {u"进入", u"跻身", u"进位", u"迈进", u"挺进",
                                            u"争进", u"冲刺", u"冲进", NULL};
    struct run lead = {x->clause.from, q->all.from};
    return !exclude_noun_at(x, q->all.to) && source_has_any(x->s, lead, verbs);
}

/* A bare number counts where a bound stands before it and a measure ends before the bound. */
bool exclude_bare_promised(const struct setting *x, const struct quantity *q) {
    struct run lead = {x->lead, q->all.from};
    if (q->spelled && q->scale == 0) {
        return false;
    }
    const struct lexeme *w =
        lexicon_suffix(x->words->tails, x->s->ch + lead.from, lead.to - lead.from);
    bool bound = w != NULL && (w->tag == TAIL_GE || w->tag == TAIL_LE || w->tag == TAIL_REACH ||
                               w->tag == TAIL_GROW_TO);
    if (exclude_noun_at(x, exclude_bound_end(x->s, q, x->clause.to))) {
        return false;
    }
    static const char16_t *const measures[] = {u"比",   u"指数", u"系数", u"倍差",
                                               u"得分", u"值",   u"率",   NULL};
    const struct lexeme *verb =
        lexicon_prefix(x->words->verbs, x->s->ch + lead.from, lead.to - lead.from);
    static const char16_t *const people[] = {u"人才", u"就业", u"人口", u"培训", NULL};
    if (q->scale > 0 && verb != NULL && source_has_any(x->s, lead, people)) {
        return true;
    }
    return bound && (q->scale > 0 || source_has_any(x->s, lead, measures));
}

/* 启动建设热源厂一座: verb, thing, and the number behind it. */
static bool postposed(const struct setting *x, const struct quantity *q) {
    char16_t u = x->s->ch[q->unit.to - 1];
    bool several = q->value.coef > 1 && (u == u'项' || u == u'个');
    bool concrete =
        u == u'座' || u == u'所' || u == u'家' || u == u'条' || u == u'处' || u == u'台' || several;
    if (!concrete || exclude_noun_at(x, q->all.to)) {
        return false;
    }
    struct lead parts;
    lead_read(x->s, x->words, (struct run){x->lead, q->all.from}, x->goes_on, &parts);
    bool thing = parts.noun.to - parts.noun.from >= 2;
    return thing && (x->goes_on || (parts.verb != NULL && (parts.verb->tag & VERB_SPELLED) != 0));
}

/* 办好…等十件实事: a list of examples, then their number. */
static bool listed_due(const struct setting *x, const struct quantity *q) {
    static const char16_t *const due[] = {u"实事", u"项目", u"工程", NULL};
    return source_ends_any(x->s, noun_behind(x->s, x->words, q->all.to, x->clause.to), due);
}

/* 办好民生十件实事: a number of good deeds is always a promise. */
static bool deeds(const struct setting *x, const struct quantity *q) {
    struct run due = {q->all.to, x->clause.to};
    return q->value.coef > 1 &&
           (source_starts(x->s, due, u"实事") || source_starts(x->s, due, u"民生实事") ||
            source_starts(x->s, due, u"惠民") || source_starts(x->s, due, u"为民"));
}

/* 新建一所: one counts only of what is built and stands alone. */
static bool one_promised(const struct setting *x, const struct quantity *q,
                         const struct lexeme *verb) {
    char16_t u = x->s->ch[q->unit.to - 1];
    int kind = verb == NULL ? 0 : verb->tag & VERB_KIND;
    bool makes = verb != NULL && (verb->tag & VERB_SPELLED) != 0;
    return makes && (kind == KIND_NEW || kind == KIND_COMPLETE) &&
           (u == u'所' || u == u'座' || u == u'家');
}

/* 三大攻坚战, 五项机制: what is counted cannot be delivered by the piece. */
static bool abstract(const struct setting *x, const struct quantity *q) {
    static const char16_t *const words[] = {
        u"机制", u"制度", u"行动", u"战略", u"工程",   u"计划", u"体系", u"攻坚", u"改革",
        u"任务", u"关系", u"问题", u"重点", u"关键",   u"统筹", u"工作", u"方面", u"责任",
        u"清单", u"专项", u"政策", u"文章", u"优势",   u"高地", u"战役", u"结构", u"维护",
        u"意识", u"确保", u"红线", u"底线", u"控制线", u"文明", NULL};
    uint32_t end = q->all.to + 14;
    return source_has_any(x->s, (struct run){q->all.to, end < x->clause.to ? end : x->clause.to},
                          words);
}

/* Things and people counted in words: 开工两条新线, 各两家. */
static bool things_promised(const struct setting *x, const struct quantity *q) {
    static const char16_t *const names[] = {u"工程", u"行动", u"计划", u"活动", NULL};
    struct run lead = {x->lead, q->all.from};
    bool one = q->value.coef == 1 && q->value.scale == 0;
    if (source_ends(x->s, lead, u"等") && !one) {
        return listed_due(x, q);
    }
    if (deeds(x, q)) {
        return true;
    }
    if (source_ends_any(x->s, x->clause, names)) {
        return false; /* 十名院士、百名专家入莆工程 */
    }
    if (postposed(x, q)) {
        return true;
    }
    const struct lexeme *verb =
        lexicon_suffix(x->words->verbs, x->s->ch + lead.from, lead.to - lead.from);
    if (one) {
        return one_promised(x, q, verb);
    }
    bool makes = verb != NULL && (verb->tag & VERB_SPELLED) != 0;
    bool each = source_ends(x->s, lead, u"各") || source_ends(x->s, lead, u"每年");
    return (makes || each) && !abstract(x, q);
}

bool exclude_spelled_promised(const struct setting *x, const struct quantity *q) {
    struct run lead = {x->lead, q->all.from};
    const struct lexeme *bound =
        lexicon_suffix(x->words->tails, x->s->ch + lead.from, lead.to - lead.from);
    bool bounded = bound != NULL && bound->tag <= TAIL_GROW_TO;
    if (q->form != QUANTITY_PLAIN) {
        return true;
    }
    if (q->cls == UNIT_MONEY || q->scale > 0) {
        return bounded || (!exclude_noun_at(x, q->all.to) && lead.to > lead.from) ||
               exclude_moves(x, q);
    }
    if (q->cls == UNIT_THING || q->cls == UNIT_PEOPLE) {
        return things_promised(x, q);
    }
    return bounded && q->cls != UNIT_TIME;
}
