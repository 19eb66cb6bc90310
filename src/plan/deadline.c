/* deadline: see deadline.h. A deadline is read as [year] part [tail]:
 *
 *   year   今年 本年 当年 明年 去年 上年 每年, 2021年, or nothing: then the plan year's
 *   part   a half, a quarter, a month with or without a day, the end of the year, a holiday
 *   tail   before, by, within: 前 之前 以前 底前 内; some parts want one, some do without
 *
 * What a tail means: before a day or within a period is its last day (6月30日前 is 30 June, 6月底前
 * is 30 June); before a month is the last day of the month before it (6月前 is 31 May); before a
 * holiday is the day before its first (国庆节前 is 30 September). The latest day that a task names
 * wins.
 *
 * No deadline: a mention in a clause that looks back or compares (去年, 同比, 较一季度, 已于), a
 * year that is over, 每年 (every year), 三年内 (in three years), a month or a day alone (3月植树,
 * 5月1日) without 今年, a tail or a promise (确保9月招生), and 年末 as part of a statistic's name
 * (年末常住人口, residents at the year's end).
 *
 * Left out: seasons and events without a day of their own (汛期前, before the floods; 开学前,
 * before school), 清明, 端午 and 中秋, whose days move and that plans hardly name, and 2030年前. */
#include "plan/deadline.h"

#include <stdbool.h>
#include <stdio.h>

struct day {
    int year, month, day;
};

/* ---- days ---- */

static int month_length(int year, int month) {
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : length[month - 1];
}

static struct day day_before(struct day d) {
    if (d.day > 1) {
        return (struct day){d.year, d.month, d.day - 1};
    }
    if (d.month > 1) {
        return (struct day){d.year, d.month - 1, month_length(d.year, d.month - 1)};
    }
    return (struct day){d.year - 1, 12, 31};
}

static bool is_later(struct day a, struct day b) {
    if (a.year != b.year) {
        return a.year > b.year;
    }
    return a.month != b.month ? a.month > b.month : a.day > b.day;
}

/* Spring Festival, the first day of the lunar year, as month * 100 + day; from 2000. Computed by
 * the rule of GB/T 33661-2017 (the second new moon after the winter solstice, in Beijing time). */
enum { SPRING_FROM = 2000, SPRING_TO = 2035 };

static const uint16_t spring[] = {
    205, 124, 212, 201, 122, 209, 129, 218, 207, 126, 214, 203, 123, 210, 131, 219, 208, 128,
    216, 205, 125, 212, 201, 122, 210, 129, 217, 206, 126, 213, 203, 123, 211, 131, 219, 208,
};

/* The eve; false for a year outside the table. */
static bool before_spring(int year, struct day *out) {
    if (year < SPRING_FROM || year > SPRING_TO) {
        return false;
    }
    int first = spring[year - SPRING_FROM];
    *out = day_before((struct day){year, first / 100, first % 100});
    return true;
}

/* ---- what stands at a place ---- */

/* The part of a sentence still to be read. */
struct scan {
    const struct source *s;
    uint32_t at;
    uint32_t to;
};

static char16_t unit_at(const struct scan *c, uint32_t ahead) {
    return c->at + ahead < c->to ? c->s->ch[c->at + ahead] : 0;
}

static bool take(struct scan *c, const char16_t *word) {
    if (!source_starts(c->s, (struct run){c->at, c->to}, word)) {
        return false;
    }
    c->at += word_len(word);
    return true;
}

static bool take_any(struct scan *c, const char16_t *const *words) {
    for (; *words != NULL; words++) {
        if (take(c, *words)) {
            return true;
        }
    }
    return false;
}

/* One to two digits, or a Chinese numeral from 一 to 三十一 (1 to 31); 0 where there is none. */
static int take_number(struct scan *c) {
    static const char16_t digits[] = u"一二三四五六七八九";
    int n = 0;
    int tens = 0;
    for (int i = 0; i < 2 && is_digit16(unit_at(c, 0)); i++, c->at++) {
        n = n * 10 + (unit_at(c, 0) - u'0');
    }
    if (n > 0 || is_digit16(unit_at(c, 0))) {
        return is_digit16(unit_at(c, 0)) ? 0 : n;
    }
    for (uint32_t i = 0; i < 3; i++) {
        int digit = 0;
        for (int d = 0; d < 9; d++) {
            digit = unit_at(c, 0) == digits[d] ? d + 1 : digit;
        }
        if (unit_at(c, 0) == u'十') { /* ten */
            tens = n == 0 ? 10 : n * 10;
            n = 0;
        } else if (digit != 0 && n == 0) {
            n = digit;
        } else {
            break;
        }
        c->at++;
    }
    return tens + n;
}

/* ---- the year ---- */

/* Not said; said in a word; said in digits; said, and no deadline. */
enum year_word { YEAR_SILENT, YEAR_SAID, YEAR_FULL, YEAR_NEVER };

struct year {
    enum year_word how;
    int year;
    bool promised; /* 力争, 确保 and the like right before: 确保9月招生 (by September) */
};

/* Words for a year, and how far it is from the plan year; NEVER: a date behind it is no deadline.
 */
static const struct {
    const char16_t *word;
    int offset;
    enum year_word how;
} year_words[] = {
    {u"今年", 0, YEAR_SAID},  {u"本年", 0, YEAR_SAID},  {u"当年", 0, YEAR_SAID},
    {u"明年", 1, YEAR_SAID},  {u"次年", 1, YEAR_SAID},  {u"去年", 0, YEAR_NEVER},
    {u"上年", 0, YEAR_NEVER}, {u"前年", 0, YEAR_NEVER}, {u"每年", 0, YEAR_NEVER},
    {u"往年", 0, YEAR_NEVER}, {u"历年", 0, YEAR_NEVER}, {u"逐年", 0, YEAR_NEVER},
};

/* Four digits and 年 (year) at the place, itself not behind a digit. */
static bool take_full_year(struct scan *c, int *year) {
    int n = 0;
    for (uint32_t i = 0; i < 4; i++) {
        if (!is_digit16(unit_at(c, i))) {
            return false;
        }
        n = n * 10 + (unit_at(c, i) - u'0');
    }
    if (unit_at(c, 4) != u'年' || n < 1949 || n > 2099) {
        return false;
    }
    c->at += 5;
    *year = n;
    return true;
}

/* The year at the cursor; `before` is the unit before it: 以上年内 is not 上年 (last year), nor is
 * 提前年底 前年 (the year before). */
static struct year take_year(struct scan *c, char16_t before, int plan_year) {
    int n;
    if (take_full_year(c, &n)) {
        return (struct year){n < plan_year ? YEAR_NEVER : YEAR_FULL, n, false};
    }
    bool joined = before == u'以' || before == u'提';
    for (size_t i = 0; i < sizeof year_words / sizeof year_words[0] && !joined; i++) {
        if (take(c, year_words[i].word)) {
            return (struct year){year_words[i].how, plan_year + year_words[i].offset, false};
        }
    }
    return (struct year){YEAR_SILENT, plan_year, false};
}

/* ---- the part ---- */

static const char16_t *const before_words[] = {u"之前", u"以前", u"前", NULL}; /* before */
static const char16_t *const holiday_tails[] = {
    u"到来之前", u"来临之前", u"来临前", u"假期前", u"前夕", u"之前", u"以前", u"前", NULL};

/* Periods by their names; each ends on the last day of the month. */
static const struct {
    const char16_t *word;
    int month;
} periods[] = {
    {u"上半年", 6},   {u"下半年", 12},  {u"前三季度", 9},  {u"前三个季度", 9}, {u"第一季度", 3},
    {u"第二季度", 6}, {u"第三季度", 9}, {u"第四季度", 12}, {u"一季度", 3},     {u"二季度", 6},
    {u"三季度", 9},   {u"四季度", 12},  {u"1季度", 3},     {u"2季度", 6},      {u"3季度", 9},
    {u"4季度", 12},   {u"首季", 3},
};

/* The end of the year; the first group stands alone, the second behind a year that is said. */
static const char16_t *const year_ends[] = {u"年底",   u"年内",   u"年终前",
                                            u"年末前", u"岁末前", NULL};
static const char16_t *const said_year_ends[] = {u"年底", u"年内", u"年末", u"底",
                                                 u"内",   u"末",   NULL};

/* Holidays and the last day before them; quotes (“七一”) were taken by the caller. */
static const struct {
    const char16_t *word;
    int month, day;
} holidays[] = {
    {u"元旦", 12, 31},  {u"五一", 4, 30},  {u"五·一", 4, 30}, {u"劳动节", 4, 30}, {u"六一", 5, 31},
    {u"儿童节", 5, 31}, {u"七一", 6, 30},  {u"七·一", 6, 30}, {u"建党节", 6, 30}, {u"八一", 7, 31},
    {u"建军节", 7, 31}, {u"教师节", 9, 9}, {u"十一", 9, 30},  {u"国庆", 9, 30},
};

/* Parts of a month and the day they end on, 0 the last; 6月底 (the end of June) does without a
 * tail. */
static const struct {
    const char16_t *word;
    int day;
    bool alone;
} thirds[] = {
    {u"上旬", 10, false}, {u"中旬", 20, false}, {u"下旬", 0, false},
    {u"底", 0, true},     {u"末", 0, true},
};

/* The festival itself or the day of a table, behind optional quotes, before a tail that says
 * before. */
static bool take_holiday(struct scan *c, int year, struct day *out) {
    bool quoted = take(c, u"“");
    bool found = take(c, u"春节") || take(c, u"农历新年"); /* Spring Festival */
    if (found && !before_spring(year, out)) {
        return false;
    }
    for (size_t i = 0; i < sizeof holidays / sizeof holidays[0] && !found; i++) {
        found = take(c, holidays[i].word);
        *out = (struct day){year, holidays[i].month, holidays[i].day};
    }
    if (quoted && found) {
        found = take(c, u"”");
    }
    take(c, u"节"); /* festival */
    return found && take_any(c, holiday_tails);
}

static bool take_period(struct scan *c, int year, struct day *out) {
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        if (take(c, periods[i].word)) {
            *out = (struct day){year, periods[i].month, month_length(year, periods[i].month)};
            return true;
        }
    }
    return false;
}

static bool take_year_end(struct scan *c, const struct year *y, struct day *out) {
    if (!take_any(c, y->how == YEAR_SILENT ? year_ends : said_year_ends)) {
        return false;
    }
    *out = (struct day){y->year, 12, 31};
    return true;
}

/* 6月30日前 (by 30 June), 6月底前, 6月中旬 (mid-June), 6月前; with the year said also 今年6月
 * alone. */
static bool take_month(struct scan *c, const struct year *y, struct day *out) {
    int month = take_number(c);
    if (month < 1 || month > 12 || !take(c, u"月")) {
        return false;
    }
    take(c, u"份");
    int last = month_length(y->year, month);
    bool firm = y->how == YEAR_SAID || y->how == YEAR_FULL || y->promised;
    struct scan day = *c;
    int n = take_number(&day);
    if (n >= 1 && n <= last && (take(&day, u"日") || take(&day, u"号"))) {
        *c = day;
        *out = (struct day){y->year, month, n};
        return take_any(c, before_words) || y->promised;
    }
    for (size_t i = 0; i < sizeof thirds / sizeof thirds[0]; i++) {
        if (take(c, thirds[i].word)) {
            *out = (struct day){y->year, month, thirds[i].day == 0 ? last : thirds[i].day};
            return take_any(c, before_words) || firm || thirds[i].alone;
        }
    }
    *out = (struct day){y->year, month, last};
    if (take_any(c, before_words)) {
        *out = day_before((struct day){y->year, month, 1});
        return true;
    }
    return firm;
}

/* --- a mention in its clause
 * ----------------------------------------------------------------------- */

static bool is_mark(char16_t c) {
    return c == u'，' || c == u'。' || c == u'；' || c == u'！' || c == u'？' || c == u'\n';
}

/* What says, in the clause before the mention or right behind it, that it looks back or compares.
 */
static const char16_t *const back_words[] = {
    u"去年", u"上年", u"同比", u"以来", u"截至", u"已于", u"已在",
    u"早在", u"曾于", u"延长", u"延续", u"延缓", u"顺延", NULL,
};
static const char16_t *const back_tails[] = {u"以来",   u"已",     u"即已",   u"我们",
                                             u"实现了", u"完成了", u"建成了", NULL};
/* 比 较 同 (than, against, as in), 每 (every), 从 自 (since) right before a mention. */
static const char16_t compare_before[] = u"比较同每从自";
/* What before 年内 and 年底 makes it another thing: 三年内 (in three years), 周年, 学年, 近年. */
static const char16_t not_a_year[] = u"一二三四五六七八九十两几数多半近周学全每往财单0123456789";

static bool looks_back(const struct source *s, struct run clause, struct run mention) {
    struct scan behind = {s, mention.to, clause.to};
    if (mention.from > clause.from && is_one_of16(s->ch[mention.from - 1], compare_before)) {
        return true;
    }
    return take_any(&behind, back_tails) ||
           source_has_any(s, (struct run){clause.from, mention.from}, back_words);
}

/* The part at the cursor, by the order in which one could pass for another. */
static bool take_part(struct scan *c, const struct year *y, struct day *out) {
    struct scan start = *c;
    if (take_period(c, y->year, out) || take_year_end(c, y, out)) {
        return true;
    }
    *c = start;
    if (take_month(c, y, out)) {
        return true;
    }
    *c = start;
    return take_holiday(c, y->year, out);
}

/* Behind a date these make it the start of something: 7月1日起施行 (in force from 1 July). */
static const char16_t start_behind[] = u"起至到—-";

/* 到2025年 (by 2025), with nothing nearer behind it; not 到2030年前, a slogan more than a date. */
static bool take_up_to(const struct scan *c, const struct year *y, char16_t before, int plan_year,
                       struct day *out) {
    bool by = before == u'到' || before == u'至'; /* by, until */
    *out = (struct day){y->year, 12, 31};
    return by && y->how == YEAR_FULL && y->year > plan_year && unit_at(c, 0) != u'前';
}

/* 三年内 (in three years) is not 年内, and the 6月 of 16月 is no month. */
static bool is_cut(char16_t before, char16_t first) {
    bool countable =
        first == u'年' || is_digit16(first) || is_one_of16(first, u"一二三四五六七八十");
    return countable && (is_digit16(before) || is_one_of16(before, not_a_year));
}

static bool ends_with_promise(const struct source *s, struct run before) {
    static const char16_t *const promises[] = {u"力争", u"确保", u"争取", u"力保", u"计划", NULL};
    for (const char16_t *const *p = promises; *p != NULL; p++) {
        if (source_ends(s, before, *p)) {
            return true;
        }
    }
    return false;
}

/* The mention at the place, if there is one: then the cursor stands behind it. */
static bool take_mention(struct scan *c, struct run clause, int plan_year, struct day *out) {
    struct scan start = *c;
    char16_t before = start.at > clause.from ? c->s->ch[start.at - 1] : 0;
    struct year y = take_year(c, before, plan_year);
    y.promised = ends_with_promise(c->s, (struct run){clause.from, start.at});
    struct scan after_year = *c;
    if (!take_part(c, &y, out)) {
        *c = after_year;
        if (!take_up_to(c, &y, before, plan_year, out)) {
            *c = start;
            return false;
        }
    }
    take_any(c, before_words);
    if (y.how == YEAR_NEVER || (y.how == YEAR_SILENT && is_cut(before, unit_at(&start, 0)))) {
        return false;
    }
    return !is_one_of16(unit_at(c, 0), start_behind) &&
           !looks_back(c->s, clause, (struct run){start.at, c->at});
}

/* The first units of all that take_mention() knows. */
static bool may_begin(char16_t c) {
    static const char16_t heads[] = u"今本当明次去上前每往历逐年岁下第首"
                                    u"一二三四五六七八九十“春农元劳儿建教国";
    return is_digit16(c) || (c >= 0x2018 && is_one_of16(c, heads));
}

/* Whether one of the units without which there is no mention stands at the place or in the five
 * behind it: nearly every sentence is passed over by this alone. */
static bool is_near(const struct scan *c) {
    for (uint32_t i = 0; i < 6; i++) {
        switch (unit_at(c, i)) {
        case u'年': /* year */
        case u'月': /* month */
        case u'季': /* quarter */
        case u'节': /* festival */
        case u'前': /* before */
            return true;
        default:
            break;
        }
    }
    return false;
}

static uint32_t clause_end(const struct source *s, uint32_t from, uint32_t to) {
    while (from < to && !is_mark(s->ch[from])) {
        from++;
    }
    return from;
}

void deadline_find(const struct source *s, struct run task, int year, char out[DEADLINE_TEXT]) {
    struct day best = {0, 0, 0};
    out[0] = '\0';
    for (uint32_t from = task.from; from < task.to && year > 0;) {
        struct run clause = {from, clause_end(s, from, task.to)};
        struct scan c = {s, clause.from, clause.to};
        while (c.at < clause.to) {
            uint32_t here = c.at;
            struct day d;
            if (is_near(&c) && may_begin(s->ch[here]) && take_mention(&c, clause, year, &d) &&
                is_later(d, best)) {
                best = d;
            }
            c.at = c.at > here ? c.at : here + 1;
        }
        from = clause.to + 1;
    }
    if (best.year > 0) {
        snprintf(out, DEADLINE_TEXT, "%04d-%02d-%02d", best.year % 10000, best.month, best.day);
    }
}
