/* exclude: see exclude.h. Each test is a rule of the annotation guide, in its order. */
#include "plan/exclude.h"

#include "plan/indicator.h"
#include "text/sentence.h"

static char16_t before(const struct setting *x, uint32_t at) {
    return at > x->clause.from ? x->s->ch[at - 1] : 0;
}

static char16_t behind(const struct setting *x, uint32_t at) {
    return at < x->clause.to ? x->s->ch[at] : 0;
}

static bool has_unit(const struct quantity *q) {
    return q->cls != UNIT_NONE;
}

uint32_t exclude_bound_end(const struct source *s, const struct quantity *q, uint32_t end) {
    static const char16_t *const bounds[] = {u"及以上", u"以上", u"以下",       u"以内",   u"之内",
                                             u"左右",   u"上下", u"（含）以上", u"（含）", NULL};
    for (const char16_t *const *b = bounds; *b != NULL; b++) {
        if (source_starts(s, (struct run){q->all.to, end}, *b)) {
            return q->all.to + word_len(*b);
        }
    }
    return q->all.to;
}

/* Inside “…”, 《…》, （…） that close within the clause. */
static bool quoted(const struct setting *x, const struct quantity *q) {
    for (uint32_t i = x->clause.from; i < q->all.from; i++) {
        uint32_t end = quote_end(x->s, i, x->clause.to);
        if (end > q->all.from) {
            return true;
        }
        i = end;
    }
    return false;
}

/* G42, PM2.5, 1+3, 7×24, 6·17: letters and signs that glue a number to a name. */
static bool glued(const struct setting *x, const struct quantity *q) {
    char16_t b = before(x, q->all.from);
    char16_t f = behind(x, q->all.to);
    static const char16_t signs[] = u"+×·.:/-_";
    for (const char16_t *c = signs; *c != 0; c++) {
        if (b == *c || (f == *c && q->cls == UNIT_NONE)) {
            return true;
        }
    }
    return is_letter16(b) || (q->cls == UNIT_NONE && is_letter16(f)) || f == u'+' || f == u'×';
}

static bool ordinal(const struct setting *x, const struct quantity *q) {
    char16_t b = before(x, q->all.from);
    static const char16_t *const streak[] = {u"连续第", NULL};
    if (b == u'第') {
        struct run lead = {x->clause.from, q->all.from};
        return !(source_ends(x->s, lead, streak[0]) && q->cls == UNIT_TIME && !q->spelled);
    }
    return q->cls == UNIT_GROUP;
}

/* Words in which a numeral with a measure word counts nothing. */
static bool idiom(const struct setting *x, const struct quantity *q) {
    static const char16_t *const idioms[] = {
        u"千家万户", u"一户一",   u"一村一", u"一企一",     u"一县一",   u"一镇一",   u"一件事",
        u"一站",     u"一条龙",   u"一张网", u"一张图",     u"一头",     u"百家争鸣", u"一批",
        u"一系列",   u"一场",     u"一体",   u"一个重要",   u"一家人",   u"一处",     u"千人",
        u"万人",     u"一校一",   u"一园一", u"一业一",     u"一案一",   u"一人一",   u"一品一",
        u"一台戏",   u"万家灯火", u"万家",   u"两个一百年", u"一支队伍", u"一盘棋",   u"三个月",
        u"百企",     u"千企",     u"万企",   u"百村",       u"千村",     u"百校",     u"百县",
        u"十村",     u"一线",     u"两会",   u"两岸",       u"一门",     u"一窗",     u"一网",
        u"一号",     u"一日",     u"一次",   u"一天",       u"二手",     u"一公里",   u"一米",
        u"两手",     u"两不",     u"三农",   u"一方",       u"两方",     u"四方",     u"八方",
        u"一面",     u"三方",     u"双",     u"一家亲",     u"一部分",   u"一本账",   u"一部手机",
        u"一对一",   u"一件",     u"两点一", u"千万工程",   u"百日",     u"百年",     NULL};
    struct run here = {q->all.from, x->clause.to};
    for (const char16_t *const *w = idioms; q->spelled && *w != NULL; w++) {
        if (source_starts(x->s, here, *w)) {
            return true;
        }
    }
    return false;
}

bool exclude_name(const struct setting *x, const struct quantity *q) {
    if (q->form == QUANTITY_WHOLE || q->form == QUANTITY_DOUBLE) {
        return quoted(x, q);
    }
    return quoted(x, q) || glued(x, q) || ordinal(x, q) || idiom(x, q);
}

/* Whether a noun begins at `at`: an ideograph, a letter or a quote that is no joining particle. */
static bool noun_at(const struct setting *x, uint32_t at) {
    static const char16_t *const joins[] = {u"和",     u"及",     u"与",   u"以上",   u"以内",
                                            u"左右",   u"并",     u"或",   u"的目标", u"目标",
                                            u"的增长", u"的预期", u"任务", NULL};
    char16_t c = behind(x, at);
    if (!is_ideograph16(c) && !is_letter16(c) && c != u'“' && c != u'《') {
        return false;
    }
    for (const char16_t *const *w = joins; *w != NULL; w++) {
        if (source_starts(x->s, (struct run){at, x->clause.to}, *w)) {
            return false;
        }
    }
    return true;
}

/* 发放100亿元贷款: the verb moves the money, so the money is the promise. */
static bool moves_amount(const struct setting *x, const struct quantity *q) {
    static const char16_t *const verbs[] = {
        u"完成", u"发放", u"投放", u"争取", u"安排",   u"筹集", u"兑现",     u"落实", u"投入",
        u"减免", u"撬动", u"化解", u"盘活", u"拨付",   u"下达", u"发行",     u"新增", u"筹措",
        u"补助", u"整合", u"募集", u"设立", u"为企业", u"提供", u"统筹",     u"净增", u"新增加",
        u"建设", u"新建", u"改造", u"整治", u"修复",   u"治理", u"打造",     u"实施", u"供应",
        u"种植", u"推广", u"减少", u"压减", u"拆除",   u"建成", u"改建",     u"疏浚", u"铺设",
        u"提升", u"增加", u"贯通", u"打通", u"新改建", u"供地", u"收储",     u"腾退", u"清理",
        u"拓宽", u"形成", u"开工", u"维修", u"改扩建", u"实现", u"开工建设", u"推进", u"开展",
        u"盘活", u"流转", u"栽植", u"消化", u"出让",   u"回收", u"吸引",     u"引导", NULL};
    struct run lead = {x->clause.from, q->all.from};
    static const char16_t *const aside[] = {u"约", u"近", u"各", u"不少于", u"不低于", u"再", NULL};
    for (const char16_t *const *a = aside; *a != NULL; a++) {
        if (source_ends(x->s, lead, *a)) {
            lead.to -= word_len(*a);
            break;
        }
    }
    for (const char16_t *const *v = verbs; *v != NULL; v++) {
        if (source_ends(x->s, lead, *v)) {
            return true;
        }
    }
    return false;
}

/* 总投资100亿元的项目: a word before that makes the amount a description. */
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

static bool described(const struct setting *x, const struct quantity *q) {
    static const char16_t *const words[] = {
        u"总投资",     u"计划总投资", u"年产",     u"总面积",   u"建筑面积", u"长约",
        u"全长",       u"规模",       u"占地",     u"可容纳",   u"年产值",   u"总规模",
        u"总建筑面积", u"投资额",     u"产值",     u"单体投资", u"投资",     u"营收",
        u"收入",       u"税收",       u"销售",     u"年营收",   u"年收入",   u"主营业务收入",
        u"年销售收入", u"营业收入",   u"注册资本", u"年纳税",   NULL};
    struct run lead = {x->clause.from, q->all.from};
    static const char16_t *const aside[] = {u"约", u"近", u"超",     u"超过", u"达",
                                            u"在", u"过", u"不低于", u"达到", NULL};
    for (const char16_t *const *a = aside; *a != NULL; a++) {
        if (source_ends(x->s, lead, *a)) {
            lead.to -= word_len(*a);
            break;
        }
    }
    for (const char16_t *const *w = words; *w != NULL; w++) {
        if (source_ends(x->s, lead, *w)) {
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

bool exclude_size(const struct setting *x, const struct quantity *q) {
    if (q->form != QUANTITY_PLAIN) {
        return false;
    }
    uint32_t at = exclude_bound_end(x->s, q, x->clause.to);
    bool bounded = at > q->all.to;
    char16_t c = behind(x, at);
    if (c == u'级') {
        return true;
    }
    if (q->cls == UNIT_NONE) {
        return q->scale > 0 && noun_at(x, at) && !q->has_max;
    }
    char16_t b = before(x, q->all.from);
    bool over = b == u'超' || b == u'过';
    bool number_next = x->next == at && at < x->clause.to && (bounded || over);
    struct run ahead = {x->clause.from, q->all.from};
    if (is_amount(q->cls) && source_find(x->s, ahead, u"一批") != UINT32_MAX) {
        return true;
    }
    if (q->cls == UNIT_PERCENT && bounded && c == u'的' && x->lead < q->all.from &&
        x->s->ch[q->all.from - 1] != u'、') {
        struct lead parts;
        lead_read(x->s, x->words, (struct run){x->lead, q->all.from}, false, &parts);
        return parts.noun.to > parts.noun.from;
    }
    struct run rest = {at, x->next};
    bool counted = count_follows(x, at) && source_find(x->s, rest, u"、") == UINT32_MAX;
    if (x->goes_on && !counted &&
        (b == u'、' || b == u'和' || b == u'及' || x->lead == q->all.from)) {
        return false; /* 改造109个、424万平方米老旧小区; 9条115公里河流 */
    }
    if (listed_works(x, q)) {
        return false;
    }
    if (number_next && is_amount(q->cls)) {
        return true;
    }
    bool noun = noun_at(x, at);
    if (!noun) {
        return false;
    }
    if (c == u'的' && is_amount(q->cls)) {
        return true;
    }
    if (q->cls == UNIT_MONEY && !bounded && !over && named_money(x, q)) {
        return false;
    }
    if (is_amount(q->cls)) {
        return bounded || described(x, q) || !moves_amount(x, q);
    }
    if (bounded && q->cls != UNIT_PERCENT && q->cls != UNIT_POINT) {
        return counted || q->cls == UNIT_PEOPLE;
    }
    return false;
}

/* A time promised: 压缩至3个工作日以内, 连续第14年. All other times are dates. */
static bool time_promised(const struct setting *x, const struct quantity *q) {
    struct run lead = {x->clause.from, q->all.from};
    static const char16_t *const shrink[] = {
        u"压缩至", u"压缩到", u"缩短至", u"缩短到", u"缩短为", u"压减至", u"压减到", u"控制在",
        u"压缩在", u"压缩为", u"压缩",   u"缩短",   u"减少到", u"减至",   u"提速到", NULL};
    static const char16_t *const firm[] = {u"确保", u"力争", NULL};
    if (source_ends(x->s, lead, u"连续第") || source_ends(x->s, lead, u"连续")) {
        return !q->spelled && source_has_any(x->s, lead, firm);
    }
    static const char16_t *const spans[] = {u"天", u"日", u"小时", u"分钟", NULL};
    static const char16_t *const lives[] = {
        u"年限",     u"寿命",       u"预期寿命达到", u"寿命达到", u"寿命提高到",
        u"年限达到", u"年限提高到", u"寿命达",       u"年限达",   NULL};
    for (const char16_t *const *w = lives; *w != NULL; w++) {
        if (source_ends(x->s, lead, *w)) {
            return true;
        }
    }
    bool span = false;
    for (const char16_t *const *w = spans; *w != NULL; w++) {
        span = span || source_ends(x->s, q->unit, *w);
    }
    if (!span) {
        return false;
    }
    for (const char16_t *const *w = shrink; *w != NULL; w++) {
        if (source_ends(x->s, lead, *w)) {
            return true;
        }
    }
    return false;
}

/* 进入全国40强, not 世界500强企业. */
static bool rank_promised(const struct setting *x, const struct quantity *q) {
    static const char16_t *const verbs[] = {u"进入", u"跻身", u"进位", u"迈进", u"挺进",
                                            u"争进", u"冲刺", u"冲进", NULL};
    struct run lead = {x->clause.from, q->all.from};
    return !noun_at(x, q->all.to) && source_has_any(x->s, lead, verbs);
}

/* A bare number counts where a bound stands before it and a measure ends before the bound. */
static bool bare_promised(const struct setting *x, const struct quantity *q) {
    struct run lead = {x->lead, q->all.from};
    if (q->spelled && q->scale == 0) {
        return false;
    }
    const struct lexeme *w =
        lexicon_suffix(x->words->tails, x->s->ch + lead.from, lead.to - lead.from);
    bool bound = w != NULL && (w->tag == TAIL_GE || w->tag == TAIL_LE || w->tag == TAIL_REACH ||
                               w->tag == TAIL_GROW_TO);
    if (noun_at(x, exclude_bound_end(x->s, q, x->clause.to))) {
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
    bool concrete =
        u == u'座' || u == u'所' || u == u'家' || u == u'条' || u == u'处' || u == u'台';
    if (!concrete || noun_at(x, q->all.to)) {
        return false;
    }
    struct lead parts;
    lead_read(x->s, x->words, (struct run){x->lead, q->all.from}, x->goes_on, &parts);
    bool thing = parts.noun.to - parts.noun.from >= 2;
    return thing && (x->goes_on || (parts.verb != NULL && (parts.verb->tag & VERB_SPELLED) != 0));
}

/* A number in words is a promise when a verb that makes one stands right before it. */
static bool spelled_promised(const struct setting *x, const struct quantity *q) {
    if (q->form != QUANTITY_PLAIN) {
        return true;
    }
    struct run lead = {x->lead, q->all.from};
    const char16_t *ch = x->s->ch + lead.from;
    const struct lexeme *bound = lexicon_suffix(x->words->tails, ch, lead.to - lead.from);
    bool bounded = bound != NULL && bound->tag <= TAIL_GROW_TO;
    if (q->cls == UNIT_MONEY || q->scale > 0) {
        return bounded || (!noun_at(x, q->all.to) && lead.to > lead.from) || moves_amount(x, q);
    }
    if (q->cls != UNIT_THING && q->cls != UNIT_PEOPLE) {
        return bounded && q->cls != UNIT_TIME;
    }
    const struct lexeme *verb = lexicon_suffix(x->words->verbs, ch, lead.to - lead.from);
    if (source_ends(x->s, lead, u"等") && !(q->value.coef == 1)) {
        static const char16_t *const due[] = {u"实事", u"项目", u"工程", NULL};
        struct run noun = noun_behind(x->s, x->words, q->all.to, x->clause.to);
        return source_ends(x->s, noun, due[0]) || source_ends(x->s, noun, due[1]) ||
               source_ends(x->s, noun, due[2]);
    }
    struct run due = {q->all.to, x->clause.to};
    if (source_starts(x->s, due, u"实事") || source_starts(x->s, due, u"民生实事") ||
        source_starts(x->s, due, u"为民")) {
        return q->value.coef > 1; /* 办好民生十件实事 */
    }
    static const char16_t *const names[] = {u"工程", u"行动", u"计划", u"活动", NULL};
    for (const char16_t *const *w = names; *w != NULL; w++) {
        if (source_ends(x->s, x->clause, *w)) {
            return false; /* 十名院士、百名专家入莆工程 */
        }
    }
    if (postposed(x, q)) {
        return true;
    }
    bool one = q->value.coef == 1 && q->value.scale == 0;
    bool makes = verb != NULL && (verb->tag & VERB_SPELLED) != 0;
    char16_t u = x->s->ch[q->unit.to - 1];
    if (one) {
        int kind = verb == NULL ? 0 : verb->tag & VERB_KIND;
        return makes && (kind == KIND_NEW || kind == KIND_COMPLETE) &&
               (u == u'所' || u == u'座' || u == u'家');
    }
    static const char16_t *const abstract[] = {
        u"机制", u"制度", u"行动", u"战略", u"工程",   u"计划", u"体系", u"攻坚", u"改革",
        u"任务", u"关系", u"问题", u"重点", u"关键",   u"统筹", u"工作", u"方面", u"责任",
        u"清单", u"专项", u"政策", u"文章", u"优势",   u"高地", u"战役", u"结构", u"维护",
        u"意识", u"确保", u"红线", u"底线", u"控制线", u"文明", NULL};
    struct run tail = {q->all.to, x->clause.to < q->all.to + 14 ? x->clause.to : q->all.to + 14};
    bool after_each = source_ends(x->s, lead, u"各") || source_ends(x->s, lead, u"每年");
    return (makes || after_each) && !source_has_any(x->s, tail, abstract);
}

/* Words that say the number is how things are. */
static bool present(const struct setting *x, const struct quantity *q) {
    static const char16_t *const states[] = {
        u"预计", u"现有", u"目前", u"共有", u"已有", u"已经", u"去年",     u"上年",       u"近年来",
        u"过去", u"截至", u"涉及", u"所有", u"位于", u"针对", u"面向全国", u"每万人拥有", NULL};
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
    for (const char16_t *const *w = weak; *w != NULL; w++) {
        if (source_ends(x->s, noun, *w)) {
            return true;
        }
    }
    return false;
}

/* 全市13个县, 各80个乡镇: the divisions a place has. */
static bool divisions(const struct setting *x, const struct quantity *q) {
    static const char16_t *const owners[] = {u"全市", u"全县", u"全州", u"全省", u"我市",
                                             u"全区", u"我州", u"有",   u"这",   u"上述",
                                             u"以",   u"其",   NULL};
    struct run lead = {x->lead, q->all.from};
    if (q->cls != UNIT_THING && q->cls != UNIT_PEOPLE) {
        return false;
    }
    for (const char16_t *const *w = owners; *w != NULL; w++) {
        if (source_ends(x->s, lead, *w) && noun_at(x, q->all.to)) {
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
    char16_t c = behind(x, q->all.to);
    bool ends = c == 0 || c == u'、' || c == u'。' || c == u'）' ||
                source_starts(x->s, (struct run){q->all.to, x->clause.to}, u"和") ||
                source_starts(x->s, (struct run){q->all.to, x->clause.to}, u"目标");
    struct run lead = {x->clause.from, q->all.from};
    return !ends || q->all.from - x->clause.from < 2 || source_ends(x->s, lead, u"全域") ||
           source_ends(x->s, lead, u"、") || source_ends(x->s, lead, u"”");
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
    if (!noun_at(x, q->all.to) || x->goes_on) {
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
    if (q->cls != UNIT_THING || !noun_at(x, q->all.to)) {
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
        return !time_promised(x, q);
    }
    if (q->cls == UNIT_RANK) {
        return !rank_promised(x, q);
    }
    if (!has_unit(q)) {
        return !bare_promised(x, q);
    }
    if (q->spelled && !spelled_promised(x, q)) {
        return true;
    }
    return lists_existing(x, q) || divisions(x, q) || measures_taken(x, q) || in_named_list(x, q) ||
           works_of_order(x, q);
}
