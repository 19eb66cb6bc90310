/* verdict_why: the reason of a judgement in words, Chinese and English, from one table of
 * templates.
 *
 *   {t} the number promised, as written    {T} the thing promised
 *   {o} the number reported, as written    {O} the clause of the report
 *   {y} the plan's year                    {p} the second clause, where two disagree
 */
#include "plan/verdict_int.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

static const struct {
    const char *zh;
    const char *en;
} templates[REASONS] = {
    [REASON_REACHED] = {"报告 {o}，目标 {t}，已达到", "reported {o}, promised {t}: reached"},
    [REASON_SHORT] = {"报告 {o}，目标 {t}，未达到", "reported {o}, promised {t}: not reached"},
    [REASON_PACE] = {"报告增长 {o}，不低于同一报告中地区生产总值的增速",
                     "reported growth {o}, not below the growth of GDP in the same report"},
    [REASON_SILENT] = {"报告未提及 {y} 年“{T}”的完成情况",
                       "the report says nothing of \"{T}\" for {y}"},
    [REASON_THING] = {"口径不同：目标是“{T}”，报告说的是“{O}”",
                      "different scope: promised \"{T}\", reported \"{O}\""},
    [REASON_PART] = {"报告把“{T}”与其他事项合并计数：“{O}”",
                     "the report counts \"{T}\" together with other things: \"{O}\""},
    [REASON_LEVEL] = {"目标是增速 {t}，报告只有总量 {o}，缺上年基数",
                      "promised growth of {t}, reported a level, {o}, without last year's base"},
    [REASON_GROWTH] = {"目标是 {t}，报告只有增速 {o}", "promised {t}, reported only growth, {o}"},
    [REASON_STOCK] = {"目标 {t} 与报告 {o} 一为当年增量、一为累计总数",
                      "of promised {t} and reported {o} one is the year's addition, one the stock"},
    [REASON_ACT] = {"对象相同而动作不同：目标“{c}”，报告“{O}”",
                    "same thing, different act: promised \"{c}\", reported \"{O}\""},
    [REASON_UNIT] = {"计量单位不同：目标 {t}，报告 {o}",
                     "different units: promised {t}, reported {o}"},
    [REASON_EACH] = {"目标要求各单位分别达到 {t}，报告只有合计 {o}",
                     "promised {t} for each, reported {o} for all together"},
    [REASON_ROUGH] = {"报告 {o} 与目标 {t} 之间有约数或界限，不能断定是否达到",
                      "reported {o}, promised {t}: one is rounded or a bound, too near to decide"},
    [REASON_PERIOD] = {"报告数 {o} 的时段不是 {y} 全年",
                       "the reported {o} is not of the whole of {y}"},
    [REASON_PLAIN] = {"目标没有数值，报告说“{O}”",
                      "the target has no number; the report says \"{O}\""},
    [REASON_CONFLICT] = {"报告两处说法不一：“{O}”之外另有不同数字",
                         "the report disagrees with itself: \"{O}\" and another number elsewhere"},
    [REASON_YEAR] = {"规划没有写明年份，无从对照", "the plan does not say its year"},
};

static void put_span(const struct reading *r, struct span s, struct buf *to) {
    for (uint32_t i = s.from; i < s.to; i++) {
        if (r->doc.text[i] != '\n' && r->doc.text[i] != '"') {
            buf_addc(to, r->doc.text[i]);
        }
    }
}

/* What a letter of a template stands for. */
static void put_part(char letter, const struct statement *t, const struct statement *o,
                     struct buf *to) {
    switch (letter) {
    case 't':
        put_span(t->where, t->figure->number, to);
        break;
    case 'T':
        put_span(t->where, t->figure->indicator, to);
        break;
    case 'c':
        put_span(t->where, t->figure->text, to);
        break;
    case 'o':
        put_span(o->where, o->figure->number, to);
        break;
    case 'O':
        put_span(o->where, o->figure->text, to);
        break;
    case 'y':
        buf_addf(to, "%d", t->where->year);
        break;
    }
}

static const char *fill(const char *form, const struct statement *t, const struct statement *o,
                        struct arena *a) {
    struct buf b = BUF_INIT;
    for (const char *p = form; *p != '\0'; p++) {
        if (p[0] == '{' && p[1] != '\0' && p[2] == '}') {
            put_part(p[1], t, o, &b);
            p += 2;
        } else {
            buf_addc(&b, *p);
        }
    }
    const char *text = arena_dup(a, b.data, b.len);
    buf_fini(&b);
    return text;
}

void verdict_explain(const struct statement *t, const struct finding *f, struct arena *a,
                     struct judgement *out) {
    out->why = fill(templates[f->reason].zh, t, f->outcome, a);
    out->why_en = fill(templates[f->reason].en, t, f->outcome, a);
}
