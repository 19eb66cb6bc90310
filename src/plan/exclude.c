/* exclude: see exclude.h. Each test is a rule of the annotation guide, in its order. */
#include "plan/exclude.h"

#include "plan/exclude_int.h"
#include "text/sentence.h"

char16_t exclude_before(const struct setting *x, uint32_t at) {
    return at > x->clause.from ? x->s->ch[at - 1] : 0;
}

char16_t exclude_behind(const struct setting *x, uint32_t at) {
    return at < x->clause.to ? x->s->ch[at] : 0;
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
    char16_t b = exclude_before(x, q->all.from);
    char16_t f = exclude_behind(x, q->all.to);
    static const char16_t signs[] = u"+×·.:/-_";
    for (const char16_t *c = signs; *c != 0; c++) {
        if (b == *c || (f == *c && q->cls == UNIT_NONE)) {
            return true;
        }
    }
    return is_letter16(b) || (q->cls == UNIT_NONE && is_letter16(f)) || f == u'+' || f == u'×';
}

static bool ordinal(const struct setting *x, const struct quantity *q) {
    char16_t b = exclude_before(x, q->all.from);
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

/* Whether a noun begins at `at`: an ideograph, a letter or a quote that is no joining particle. */
bool exclude_noun_at(const struct setting *x, uint32_t at) {
    static const char16_t *const joins[] = {u"和",     u"及",     u"与",   u"以上",   u"以内",
                                            u"左右",   u"并",     u"或",   u"的目标", u"目标",
                                            u"的增长", u"的预期", u"任务", NULL};
    char16_t c = exclude_behind(x, at);
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

bool exclude_name(const struct setting *x, const struct quantity *q) {
    if (q->form == QUANTITY_WHOLE || q->form == QUANTITY_DOUBLE) {
        return quoted(x, q);
    }
    return quoted(x, q) || glued(x, q) || ordinal(x, q) || idiom(x, q);
}
