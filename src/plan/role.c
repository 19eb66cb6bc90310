/* role: see role.h. The word lists are what headings of government work reports are made of. */
#include "plan/role.h"

#include "text/number.h"

static const char16_t *const past_words[] = {u"回顾",   u"总结",       u"成就",   u"成绩",
                                             u"过去",   u"以来的工作", u"一年来", u"五年来",
                                             u"四年来", u"取得的",     NULL};
static const char16_t *const self_words[] = {
    u"自身建设",   u"服务型政府", u"法治政府", u"满意政府", u"人民满意的政府", u"效能政府",
    u"廉洁政府",   u"建设政府",   u"现代政府", u"政府建设", u"治理型政府",     u"政府治理",
    u"施政能力",   u"政府效能",   u"高效政府", u"阳光政府", u"责任政府",       u"行政效能",
    u"满意的服务", u"有为政府",   u"模范机关", u"公仆",     u"一流政府",       u"政府履职",
    u"履职能力",   NULL};
static const char16_t *const long_words[] = {
    u"今后五年", u"未来五年", u"远景",     u"今后一个时期", u"下一个五年", u"五年规划",
    u"今后几年", u"“十四五”", u"“十五五”", u"“十三五”",     u"“十二五”",   u"“十一五”",
    u"“十五”",   u"“九五”",   u"十四五",   u"十三五",       u"十五五",     u"十二五",
    u"十一五",   u"新时代",   u"新征程",   u"未来发展",     u"中长期",     NULL};
static const char16_t *const start_words[] = {u"开局", u"开好局", u"起好步",
                                              u"收官", u"今年",   NULL};
static const char16_t *const plan_words[] = {
    u"工作安排", u"主要任务", u"重点工作", u"工作部署", u"主要工作", u"工作任务", u"目标任务",
    u"主要目标", u"重点任务", u"工作目标", u"工作要求", u"总体要求", u"工作重点", u"总体部署",
    u"目标定位", u"发展目标", u"预期目标", u"工作建议", u"政府工作", u"工作的",   NULL};
static const char16_t *const annex_words[] = {
    u"名词解释", u"附注",     u"名词注释", u"注释",     u"附件",     u"附表",     u"附录",
    u"名词说明", u"用语说明", u"相关名词", u"用语释义", u"有关用语", u"词语解释", NULL};

int role_year_in(const struct source *s, struct run r) {
    for (uint32_t i = r.from; i + 4 < r.to; i++) {
        struct number n;
        bool fresh = i == r.from || !is_digit16(s->ch[i - 1]);
        if (!fresh || !number_parse(s, i, r.to, &n) || n.to - i != 4) {
            continue;
        }
        n.to += n.to < r.to && s->ch[n.to] == u' '; /* 2012 年 */
        if (n.to < r.to && s->ch[n.to] == u'年' && n.value.scale == 0 && n.value.coef >= 1990 &&
            n.value.coef <= 2060) {
            return (int)n.value.coef;
        }
    }
    return 0;
}

/* Whether any year in the run is `year`. */
static bool names_year(const struct source *s, struct run r, int year) {
    for (uint32_t i = r.from; i + 4 < r.to; i++) {
        if (role_year_in(s, (struct run){i, i + 5}) == year) {
            return true;
        }
    }
    return false;
}

int role_of_heading(const struct source *s, struct run title, int year, bool *mixed) {
    *mixed = false;
    bool now = year != 0 && names_year(s, title, year);
    bool far = source_has_any(s, title, long_words);
    if (source_has_any(s, title, annex_words)) {
        return SECTION_ANNEX;
    }
    bool past = source_has_any(s, title, past_words);
    if (past && !(now && source_has_any(s, title, plan_words))) {
        return SECTION_REVIEW;
    }
    if (now && far && !source_has_any(s, title, start_words)) {
        *mixed = true;
        return SECTION_PLAN;
    }
    if (now || source_has_any(s, title, start_words)) {
        return SECTION_PLAN;
    }
    if (source_has_any(s, title, self_words)) {
        return SECTION_SELF_GOVERNMENT;
    }
    if (far) {
        return SECTION_LONG_TERM;
    }
    return source_has_any(s, title, plan_words) ? SECTION_PLAN : ROLE_UNKNOWN;
}

bool role_is_part_heading(const struct source *s, struct run line) {
    static const char16_t *const never[] = {
        u"。",   u"，",   u"：",   u"各位代表", u"会议上", u"大会上", u"市长",     u"我们", u"；",
        u"州长", u"主席", u"省长", u"总理",     u"title",  u"source", u"工作报告", u"|",    NULL};
    line.to -= source_ends(s, line, u"：");
    uint32_t n = line.to - line.from;
    bool annex = source_starts(s, line, u"附件") || source_starts(s, line, u"附表") ||
                 source_starts(s, line, u"附注");
    if (annex && n <= 34 && source_find(s, line, u"。") == UINT32_MAX) {
        return true; /* 附件2：名词解释 */
    }
    if (n < 4 || n > 34 || source_has_any(s, line, never)) {
        return false;
    }
    bool mixed;
    int role = role_of_heading(s, line, 0, &mixed);
    if (role == SECTION_REVIEW || role == SECTION_ANNEX || role == SECTION_SELF_GOVERNMENT) {
        return true;
    }
    bool dated = role_year_in(s, line) != 0 || source_has_any(s, line, long_words) ||
                 source_has_any(s, line, start_words);
    return dated && source_has_any(s, line, plan_words);
}

bool role_speaks_long_term(const struct source *s, struct run r, int year) {
    static const char16_t *const periods[] = {u"今后五年", u"未来五年", u"五”期间", u"五”时期",
                                              u"五”末",    u"五时期",   u"五期间",  u"未来几年",
                                              u"今后几年", NULL};
    if (source_has_any(s, r, periods)) {
        return true;
    }
    for (uint32_t i = source_find(s, r, u"到20"); i != UINT32_MAX;) {
        int y = role_year_in(s, (struct run){i + 1, i + 6 < r.to ? i + 6 : r.to});
        if (y > year && year != 0) {
            return true;
        }
        i = source_find(s, (struct run){i + 1, r.to}, u"到20");
    }
    return false;
}
