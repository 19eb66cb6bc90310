/* outline: see outline.h. Three passes over the lines: what each line is; which headings are parts
 * and what for; areas, measures and tasks inside the plan. */
#include "plan/outline.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "plan/line.h"
#include "plan/role.h"
#include "text/number.h"
#include "text/sentence.h"

/* What opens an area where no mark does: unnumbered heading lines, or the parts of the plan. */
enum { AREA_BARE = MARKS, AREA_PARTS };

/* The work in hand: arrays sized by the number of lines, which bounds all of them but tasks. */
struct work {
    const struct source *s;
    struct arena *a;
    struct outline *out;
    struct line *lines;
    size_t line_count;
    size_t first;  /* the first line behind front matter */
    bool *part;    /* for each line: opens a part */
    enum mark top; /* the mark of numbered parts, MARK_NONE where they are unnumbered */
    int area;      /* the mark of areas, or one of the two below */
    bool framed;   /* areas stand in parts that frame the work, for want of others */
    size_t task_cap;
};

static bool equals(const struct source *s, struct run r, const char16_t *word) {
    return r.to - r.from == word_len(word) && source_starts(s, r, word);
}

/* ---- lines ---- */

/* Where 重点做好以下工作：（一）着力… runs its first heading on: the place of （一）, or the end.
 */
static uint32_t inner_heading(const struct source *s, struct run line) {
    uint32_t at = source_find(s, line, u"：（一）");
    if (at == UINT32_MAX || line.to - at > 60 || at - line.from < 4) {
        return line.to;
    }
    return at + 1;
}

static void split_lines(struct work *w) {
    const struct source *s = w->s;
    size_t count = 1;
    for (uint32_t i = 0; i < s->n; i++) {
        count += s->ch[i] == u'\n' || s->ch[i] == u'（';
    }
    w->lines = arena_alloc(w->a, count * sizeof *w->lines);
    uint32_t from = 0;
    while (from < s->n) {
        uint32_t to = from;
        while (to < s->n && s->ch[to] != u'\n') {
            to++;
        }
        uint32_t end = to;
        to = inner_heading(s, (struct run){from, to});
        struct run r = source_trim(s, (struct run){from, to});
        if (r.from < r.to) {
            line_read(s, r, &w->lines[w->line_count++]);
        }
        from = to < end ? to : to + 1;
    }
}

/* ---- what the document says of itself ---- */

/* The run behind "title:" in front matter, or behind a label of an index table cell. */
static struct run value_behind(const struct source *s, struct run line, const char16_t *label,
                               char16_t stop) {
    uint32_t at = source_find(s, line, label);
    if (at == UINT32_MAX) {
        return (struct run){0, 0};
    }
    uint32_t from = at + word_len(label);
    while (from < line.to && (s->ch[from] == u'|' || s->ch[from] == u' ' || s->ch[from] == u'：')) {
        from++;
    }
    uint32_t to = from;
    while (to < line.to && s->ch[to] != stop) {
        to++;
    }
    struct run r = source_trim(s, (struct run){from, to});
    bool blank = r.from == r.to || s->ch[r.from] == u'—' || s->ch[r.from] == u'|';
    return blank ? (struct run){0, 0} : r;
}

static void keep_first(struct run *to, struct run found) {
    if (to->from == to->to) {
        *to = found;
    }
}

/* YAML front matter between two --- lines; the lines in it are skipped. */
static void read_front_matter(struct work *w) {
    const struct source *s = w->s;
    if (w->line_count < 2 || !equals(s, w->lines[0].run, u"---")) {
        return;
    }
    for (size_t i = 1; i < w->line_count && i < 20; i++) {
        struct run r = w->lines[i].run;
        if (equals(s, r, u"---")) {
            w->first = i + 1;
            return;
        }
        if (source_starts(s, r, u"title：")) {
            keep_first(&w->out->title, value_behind(s, r, u"title：", 0));
        }
    }
}

static void read_date(const struct source *s, struct run r, char out[11]) {
    struct run v = value_behind(s, r, u"公开日期", u'|');
    if (v.from == v.to) {
        v = value_behind(s, r, u"生成日期", u'|');
    }
    if (v.to - v.from < 10 || s->ch[v.from + 4] != u'-' || s->ch[v.from + 7] != u'-') {
        return;
    }
    for (int i = 0; i < 10; i++) {
        char16_t c = s->ch[v.from + (uint32_t)i];
        bool dash = i == 4 || i == 7;
        if (dash ? c != u'-' : !is_digit16(c)) {
            out[0] = '\0';
            return;
        }
        out[i] = (char)c;
    }
    out[10] = '\0';
}

/* The index table of a government web page: 信息索引号 | 0144… | 生成日期 | 2021-02-18 | ... */
static void read_index_table(struct work *w) {
    struct outline *o = w->out;
    for (size_t i = w->first; i < w->line_count && i < w->first + 40; i++) {
        struct run r = w->lines[i].run;
        if (source_find(w->s, r, u"|") == UINT32_MAX) {
            continue;
        }
        keep_first(&o->index_no, value_behind(w->s, r, u"索引号", u'|'));
        keep_first(&o->issuer, value_behind(w->s, r, u"发布机构", u'|'));
        keep_first(&o->title, value_behind(w->s, r, u"内容概述", u'|'));
        if (o->issued[0] == '\0') {
            read_date(w->s, r, o->issued);
        }
    }
}

/* A title line above the text: ends with 工作报告, 工作重点, 工作要点, 工作计划, 纲要 ... */
static void find_title_line(struct work *w) {
    static const char16_t *const ends[] = {u"工作报告", u"工作重点", u"工作要点", u"工作计划",
                                           u"纲要",     u"实施方案", u"行动计划", u"任务分解",
                                           u"重点工作", u"责任分解", NULL};
    for (size_t i = w->first; i < w->line_count && i < w->first + 12; i++) {
        struct run r = w->lines[i].body;
        if (r.to - r.from > 50 || w->lines[i].skipped) {
            continue;
        }
        for (const char16_t *const *e = ends; *e != NULL; e++) {
            if (source_ends(w->s, r, *e) && w->lines[i].mark == MARK_NONE) {
                keep_first(&w->out->title, r);
            }
        }
    }
}

/* 我代表无锡市人民政府，向大会报告: the issuer of a work report. */
static void find_issuer(struct work *w) {
    for (size_t i = w->first; i < w->line_count && i < w->first + 15; i++) {
        struct run r = w->lines[i].run;
        uint32_t at = source_find(w->s, r, u"我代表");
        uint32_t to = source_find(w->s, r, u"人民政府");
        if (at != UINT32_MAX && to != UINT32_MAX && to > at) {
            keep_first(&w->out->issuer, (struct run){at + 3, to + 4});
        }
    }
}

/* ---- the plan year ---- */

/* The greatest year a heading promises work for: 三、2021年主要工作. */
static int year_of_headings(const struct work *w) {
    int best = 0;
    static const char16_t *const work_words[] = {u"工作", u"任务", u"安排", u"重点", u"目标", NULL};
    static const char16_t *const past[] = {u"回顾", u"总结", u"远景", u"成就", NULL};
    for (size_t i = w->first; i < w->line_count; i++) {
        const struct line *l = &w->lines[i];
        if (!l->alone || l->title.to - l->title.from > 40) {
            continue;
        }
        int y = role_year_in(w->s, l->title);
        bool promises =
            source_has_any(w->s, l->title, work_words) && (!source_has_any(w->s, l->title, past));
        if (promises && y > best && y < best + 5 + (best == 0) * 3000) {
            best = y;
        }
    }
    return best;
}

static void find_year(struct work *w) {
    struct outline *o = w->out;
    int titled = role_year_in(w->s, o->title);
    int head = year_of_headings(w);
    int met = 0;
    for (size_t i = w->first; i < w->line_count && i < w->first + 8 && met == 0; i++) {
        met = role_year_in(w->s, w->lines[i].run);
    }
    int base = titled != 0 ? titled : met;
    bool near = head != 0 && (base == 0 || (head >= base && head <= base + 1));
    o->year = near ? head : base;
}

/* ---- parts ---- */

/* Whether two or more lines with this mark have headings that name a role. */
static bool marks_parts(const struct work *w, enum mark m) {
    int found = 0;
    for (size_t i = w->first; i < w->line_count; i++) {
        const struct line *l = &w->lines[i];
        bool mixed;
        if (l->mark == m && l->title.to - l->title.from <= 60) {
            int role = role_of_heading(w->s, l->title, w->out->year, &mixed);
            found += role != ROLE_UNKNOWN;
        }
    }
    return found >= 2;
}

/* Whether an unnumbered heading opens an annex or the part on the government itself: such a part
 * may stand among numbered ones. */
static bool names_house(const struct source *s, struct run title, int year) {
    bool mixed;
    int role = role_of_heading(s, title, year, &mixed);
    return role == SECTION_ANNEX || role == SECTION_SELF_GOVERNMENT;
}

/* Finds the lines that open parts: unnumbered headings that name two roles or more, or all the
 * headings of the mark that does. */
static void find_parts(struct work *w) {
    int bare = 0;
    for (size_t i = w->first; i < w->line_count; i++) {
        const struct line *l = &w->lines[i];
        w->part[i] = l->mark == MARK_NONE && l->alone && role_is_part_heading(w->s, l->body);
        bare += w->part[i] && !names_house(w->s, l->body, w->out->year);
    }
    w->top = MARK_NONE;
    static const enum mark tops[] = {MARK_PART, MARK_CN};
    for (size_t t = 0; t < 2; t++) {
        if (w->top == MARK_NONE && marks_parts(w, tops[t]) && (bare < 3 || tops[t] == MARK_PART)) {
            w->top = tops[t];
        }
    }
    for (size_t i = w->first; i < w->line_count && w->top != MARK_NONE; i++) {
        const struct line *l = &w->lines[i];
        bool kept = w->part[i] && names_house(w->s, l->body, w->out->year);
        w->part[i] = kept || (l->mark == w->top && l->title.to - l->title.from <= 60);
    }
}

/* ---- passages ---- */

/* A part that says what the work is for and how it is to be done, before the work itself. */
static bool frames_work(const struct source *s, struct run title) {
    static const char16_t *const frame[] = {u"总体部署", u"总体要求", u"主要目标", u"预期目标",
                                            u"指导思想", u"工作思路", u"工作要求", u"总体思路",
                                            u"目标定位", NULL};
    static const char16_t *const work[] = {u"任务", u"重点工作", NULL};
    return source_has_any(s, title, frame) && !source_has_any(s, title, work);
}

/* An annex of promised items, not of words explained. */
static bool lists_results(const struct work *w, size_t i) {
    static const char16_t *const words[] = {u"实事", u"民生", u"项目", u"任务", NULL};
    static const char16_t *const done[] = {u"完成情况", u"落实情况", u"解释", u"说明", NULL};
    struct run title = w->lines[i].run;
    if (title.to - title.from < 8 && i + 1 < w->line_count && w->lines[i + 1].alone) {
        title.to = w->lines[i + 1].run.to; /* 附件二 has its name on the next line */
    }
    return source_has_any(w->s, title, words) && !source_has_any(w->s, title, done);
}

/* In the plan, 各位代表 opens what follows it: the government's own house, then the close. */
static int role_of_address(const struct source *s, struct run r) {
    static const char16_t *const self[] = {u"自身建设", u"依法行政", u"法治政府", u"廉洁",
                                           u"作风",     u"服务型",   u"人民满意", u"政府工作人员",
                                           u"廉政",     u"为民",     NULL};
    struct run head = {r.from, r.to < r.from + 160 ? r.to : r.from + 160};
    return source_has_any(s, head, self) ? SECTION_SELF_GOVERNMENT : SECTION_CLOSING;
}

/* A report that looks back without a heading: a long paragraph on the year before. */
static bool looks_back(const struct source *s, struct run r, int year) {
    return r.to - r.from > 80 && year != 0 && role_year_in(s, r) == year - 1;
}

static bool opens_main_targets(const struct source *s, struct run r, int year) {
    static const char16_t *const goal[] = {u"预期目标", u"主要目标", u"工作目标", u"发展目标",
                                           NULL};
    if (!source_has_any(s, r, goal)) {
        return false;
    }
    return source_find(s, r, u"今年") != UINT32_MAX || role_year_in(s, r) == year;
}

/* Whether the part that line `i` is in has a numbered line before it. */
static bool numbered_before(const struct work *w, size_t i) {
    while (i > w->first && !w->part[i]) {
        enum mark m = w->lines[--i].mark;
        if (!w->part[i] &&
            (m == MARK_PAREN || m == MARK_SECTION || (m == MARK_CN && w->top != MARK_CN))) {
            return true;
        }
    }
    return false;
}

/* Whether the next numbered line goes on counting (…（十）): then 各位代表 closed nothing. */
static bool numbering_goes_on(const struct work *w, size_t i) {
    for (size_t k = i + 1; k < w->line_count; k++) {
        enum mark m = w->lines[k].mark;
        if (m == MARK_PAREN || m == MARK_SECTION || (m == MARK_CN && w->top != MARK_CN)) {
            return w->lines[k].no > 1 || !numbered_before(w, i);
        }
    }
    return false;
}

static void open_section(struct work *w, int role, struct run title, uint32_t from) {
    struct outline *o = w->out;
    if (o->section_count > 0) {
        o->sections[o->section_count - 1].run.to = from;
    }
    o->sections[o->section_count++] =
        (struct outline_section){(enum section_role)role, title, {from, from}};
}

/* The role of part `i`, whose heading may not say: between review and plan the long term, behind
 * the plan more plan. */
static int resolve_role(const struct work *w, size_t i, int last, bool *mixed) {
    int role = role_of_heading(w->s, w->lines[i].title, w->out->year, mixed);
    if (role != ROLE_UNKNOWN && !(role == SECTION_REVIEW && last == SECTION_PLAN)) {
        return role;
    }
    if (last == SECTION_PLAN || last == SECTION_SELF_GOVERNMENT || last == SECTION_ANNEX) {
        return last;
    }
    for (size_t k = i + 1; k < w->line_count; k++) {
        bool other;
        if (w->part[k] &&
            role_of_heading(w->s, w->lines[k].title, w->out->year, &other) == SECTION_PLAN) {
            return last == SECTION_REVIEW ? SECTION_LONG_TERM : SECTION_PREAMBLE;
        }
    }
    return SECTION_PLAN;
}

static void find_passages(struct work *w) {
    const struct source *s = w->s;
    struct outline *o = w->out;
    bool any_part = false;
    for (size_t i = w->first; i < w->line_count; i++) {
        any_part = any_part || (w->part[i] && !names_house(w->s, w->lines[i].title, o->year));
    }
    int role = any_part ? SECTION_PREAMBLE : SECTION_PLAN;
    bool mixed = false;
    bool results = false;
    bool frame = false;
    for (size_t i = w->first; i < w->line_count; i++) {
        const struct line *l = &w->lines[i];
        struct passage *p = &o->passages[o->passage_count];
        *p = (struct passage){.run = l->body};
        if (w->part[i]) {
            role = resolve_role(w, i, role, &mixed);
            bool other;
            bool named = role_of_heading(s, l->title, o->year, &other) == SECTION_ANNEX;
            results = role == SECTION_ANNEX && (named ? lists_results(w, i) : results);
            open_section(w, role, l->title, l->run.from);
        } else if (o->section_count == 0 && !l->skipped) {
            open_section(w, role, (struct run){0, 0}, l->run.from);
        } else if (role == SECTION_PREAMBLE && any_part && looks_back(s, l->body, o->year)) {
            role = SECTION_REVIEW;
            open_section(w, role, (struct run){0, 0}, l->run.from);
        } else if (role == SECTION_LONG_TERM && opens_main_targets(s, l->body, o->year)) {
            role = SECTION_PLAN;
            mixed = false;
            open_section(w, role, (struct run){0, 0}, l->run.from);
        } else if ((role == SECTION_PLAN || role == SECTION_SELF_GOVERNMENT) &&
                   source_starts(s, l->body, u"各位代表") && i * 2 > w->line_count &&
                   !numbering_goes_on(w, i)) {
            role = role == SECTION_PLAN ? role_of_address(s, l->body) : SECTION_CLOSING;
            open_section(w, role, (struct run){0, 0}, l->run.from);
        }
        p->role = (enum section_role)role;
        p->table = l->skipped;
        p->results = results;
        frame = w->part[i] ? frames_work(s, l->title) : frame;
        p->frame = frame;
        p->long_term =
            role == SECTION_LONG_TERM || (mixed && role_speaks_long_term(s, l->body, o->year));
        o->passage_count++;
    }
    if (o->section_count > 0) {
        o->sections[o->section_count - 1].run.to = s->n;
    }
}

/* ---- areas ---- */

/* How often the mark counts 1, 2 in the plan part, in parts of work or in those that frame it. */
static int marks_areas(const struct work *w, enum mark m, bool frame) {
    int n = 0;
    bool one = false;
    for (size_t i = w->first; i < w->line_count; i++) {
        const struct line *l = &w->lines[i];
        const struct passage *p = &w->out->passages[i - w->first];
        if (p->role != SECTION_PLAN || w->part[i] || l->mark != m || p->long_term ||
            p->frame != frame) {
            continue;
        }
        one = one || l->no == 1 || l->no == 2;
        n++;
    }
    return one ? n : 0;
}

static bool is_bare_heading(const struct work *w, size_t i) {
    const struct line *l = &w->lines[i];
    const struct passage *p = &w->out->passages[i - w->first];
    uint32_t n = l->body.to - l->body.from;
    return p->role == SECTION_PLAN && !w->part[i] && l->mark == MARK_NONE && l->alone && n >= 4 &&
           n <= 40 && source_find(w->s, l->body, u"。") == UINT32_MAX &&
           source_find(w->s, l->body, u"：") == UINT32_MAX && !l->skipped &&
           !source_starts(w->s, l->body, u"各位代表");
}

/* A part of the plan that is work to do, not its demands or targets. */
static bool is_area_part(const struct work *w, size_t i) {
    return w->part[i] && w->out->passages[i - w->first].role == SECTION_PLAN &&
           !frames_work(w->s, w->lines[i].title);
}

static void choose_area_mark(struct work *w) {
    static const enum mark order[] = {MARK_PART,    MARK_CN,     MARK_PAREN,
                                      MARK_SECTION, MARK_ARABIC, MARK_ITEM};
    w->area = MARK_NONE;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (order[i] == w->top) {
            continue;
        }
        w->framed = marks_areas(w, order[i], false) < 2;
        if (!w->framed || marks_areas(w, order[i], true) >= 2) {
            w->area = order[i];
            return;
        }
    }
    int bare = 0;
    for (size_t i = w->first; i < w->line_count; i++) {
        bare += is_bare_heading(w, i);
    }
    int parts = 0;
    for (size_t i = w->first; i < w->line_count; i++) {
        parts += is_area_part(w, i);
    }
    w->area = bare >= 2 ? AREA_BARE : parts >= 3 ? AREA_PARTS : MARK_NONE;
}

static bool opens_area(const struct work *w, size_t i) {
    const struct line *l = &w->lines[i];
    const struct passage *p = &w->out->passages[i - w->first];
    if (w->area == AREA_PARTS) {
        return is_area_part(w, i);
    }
    if (p->role != SECTION_PLAN || w->part[i] || p->long_term || l->skipped) {
        return false;
    }
    if (w->area == AREA_BARE) {
        return is_bare_heading(w, i);
    }
    return w->area != MARK_NONE && (int)l->mark == w->area && (!p->frame || w->framed);
}

static void open_area(struct work *w, const struct line *l) {
    struct outline *o = w->out;
    o->areas[o->area_count++] = (struct outline_area){l->title, {l->run.from, l->run.to}};
}

/* ---- measures and tasks ---- */

static void add_task(struct work *w, struct run r) {
    struct outline *o = w->out;
    if (o->task_count == w->task_cap) {
        w->task_cap = w->task_cap == 0 ? 256 : w->task_cap * 2;
        struct outline_task *grown = arena_alloc(w->a, w->task_cap * sizeof *grown);
        if (o->task_count > 0) {
            memcpy(grown, o->tasks, o->task_count * sizeof *grown);
        }
        o->tasks = grown;
    }
    o->tasks[o->task_count++] = (struct outline_task){r, (int32_t)o->measure_count - 1};
}

enum { MEASURE_TITLE_MAX = 45, OWNER_MAX = 200 };

/* （责任单位：…）: says who, not what; it belongs to the sentence before. */
static bool names_owner(const struct source *s, struct run r) {
    static const char16_t *const words[] = {u"单位", u"牵头", u"负责", u"配合", NULL};
    bool label = source_starts(s, r, u"（") || source_starts(s, r, u"责任单位") ||
                 source_starts(s, r, u"牵头单位") || source_starts(s, r, u"配合单位");
    return label && r.to - r.from <= OWNER_MAX && source_has_any(s, r, words);
}

static void add_tasks(struct work *w, struct run body) {
    uint32_t at = body.from;
    struct run task;
    while (sentence_next(w->s, body, &at, &task)) {
        if (!names_owner(w->s, task)) {
            add_task(w, task);
        }
    }
}

static void open_measure(struct work *w, struct run title, struct run run, int area) {
    struct outline *o = w->out;
    o->measures[o->measure_count++] = (struct outline_measure){title, run, area};
}

/* A paragraph of an area: its first sentence is the measure's title and the others its tasks; when
 * the first is long or the only one it is a task itself and its first clause the title. */
static void read_measure(struct work *w, struct run body, int area) {
    const struct source *s = w->s;
    uint32_t at = body.from;
    struct run first;
    if (!sentence_next(s, body, &at, &first) || names_owner(s, body)) {
        return;
    }
    struct run rest = source_trim(s, (struct run){at, body.to});
    bool alone = rest.from == rest.to || names_owner(s, rest);
    bool headed = !alone && first.to - first.from <= MEASURE_TITLE_MAX;
    struct run title = first;
    if (!headed) {
        uint32_t c = first.from;
        clause_next(s, first, &c, &title);
    }
    open_measure(w, title, body, area);
    add_tasks(w, headed ? rest : body);
}

/* 第一节 …, 1. … on a line of its own, of a lower level than areas: the title of the paragraphs
 * that follow it. */
static bool titles_measure(const struct work *w, size_t i) {
    const struct line *l = &w->lines[i];
    if (i + 1 >= w->line_count || w->part[i + 1] || !l->alone || l->mark == MARK_NONE ||
        l->mark == MARK_ITEM || l->mark == MARK_DASH ||
        l->title.to - l->title.from > MEASURE_TITLE_MAX) {
        return false;
    }
    static const char16_t *const ends[] = {u"。", u"；", u"，", NULL};
    return !source_has_any(w->s, l->body, ends) && w->lines[i + 1].mark != l->mark &&
           !opens_area(w, i + 1);
}

/* Opens the area that line `i` begins; *body is what stands behind its title. */
static int begin_area(struct work *w, size_t i, struct run *body) {
    const struct line *l = &w->lines[i];
    open_area(w, l);
    uint32_t at = l->title.to;
    while (at < body->to &&
           (w->s->ch[at] == u'。' || w->s->ch[at] == u'：' || w->s->ch[at] == u'；')) {
        at++;
    }
    *body = source_trim(w->s, (struct run){at, body->to});
    return (int)w->out->area_count;
}

/* Adds a paragraph to the area: as a measure of its own, or under the title before it. */
static void add_paragraph(struct work *w, size_t i, struct run body, int area, bool *titled) {
    struct outline *o = w->out;
    const struct line *l = &w->lines[i];
    if (titles_measure(w, i)) {
        open_measure(w, l->title, l->run, area);
        *titled = true;
    } else if (*titled && l->mark == MARK_NONE) {
        o->measures[o->measure_count - 1].run.to = l->run.to;
        add_tasks(w, body);
    } else {
        *titled = false;
        read_measure(w, body, area);
    }
}

static void find_areas(struct work *w) {
    struct outline *o = w->out;
    int area = 0;
    bool titled = false;
    for (size_t i = w->first; i < w->line_count; i++) {
        const struct line *l = &w->lines[i];
        struct passage *p = &o->passages[i - w->first];
        bool opens = opens_area(w, i);
        if ((w->part[i] && !opens) || p->role != SECTION_PLAN || l->skipped) {
            area = p->role == SECTION_PLAN && !w->part[i] ? area : 0;
            continue;
        }
        struct run body = l->body;
        if (opens) {
            area = begin_area(w, i, &body);
            titled = false;
        }
        p->area = area;
        if (area == 0) {
            continue;
        }
        o->areas[area - 1].run.to = l->run.to;
        if (body.from < body.to && opens) {
            read_measure(w, body, area);
        } else if (body.from < body.to) {
            add_paragraph(w, i, body, area, &titled);
        }
    }
}

void outline_read(const struct source *s, struct arena *a, struct outline *out) {
    memset(out, 0, sizeof *out);
    struct work w = {.s = s, .a = a, .out = out};
    split_lines(&w);
    size_t n = w.line_count + 1;
    out->sections = arena_alloc(a, n * sizeof *out->sections);
    out->areas = arena_alloc(a, n * sizeof *out->areas);
    out->measures = arena_alloc(a, n * sizeof *out->measures);
    out->passages = arena_alloc(a, n * sizeof *out->passages);
    w.part = arena_zero(a, n * sizeof *w.part);
    read_front_matter(&w);
    read_index_table(&w);
    find_title_line(&w);
    find_issuer(&w);
    find_year(&w);
    find_parts(&w);
    find_passages(&w);
    choose_area_mark(&w);
    find_areas(&w);
    assert(out->passage_count == w.line_count - w.first);
}
