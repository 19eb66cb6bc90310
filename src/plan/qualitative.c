/* qualitative: see qualitative.h. */
#include "plan/qualitative.h"

#include "plan/clause.h"
#include "plan/indicator.h"
#include "plan/thing.h"

static bool are_long(const struct run *items, int n) {
    for (int i = 0; i < n; i++) {
        if (items[i].to - items[i].from < 6) {
            return false;
        }
    }
    return true;
}

/* 外贸进出口稳中提质: a main target without a number; the thing stands before these words. */
static const char16_t *const predicates[] = {
    u"稳中提质",   u"保稳提质",   u"促稳保优",       u"稳中有进", u"与经济增长", u"和经济增长",
    u"增长和经济", u"与经济发展", u"与地区生产总值", u"与GDP",    u"增长与经济", u"持续改善",
    u"进一步",     u"基本同步",   u"同步",           u"高于",     u"快于",       u"保持基本稳定",
    u"保持稳定",   u"稳步",       u"明显",           u"持续",     u"基本稳定",   u"完成省",
    u"完成国家",   u"达到省",     u"达到国家",       u"控制在省", u"控制在国家", u"好于",
    u"优于",       u"保持全省",   u"不断",           u"继续",     u"保持平稳",   u"保持",
    u"全面完成",   u"基本持平",   u"总体稳定",       u"有所",     u"达到上级",   u"完成上级",
    u"促稳提质",   u"量稳质升",   u"稳定增长",       u"平稳增长", u"较快增长",   u"稳中向好",
    u"跑赢",       u"位居",       u"只降不升",       u"控制在",   u"下降",       u"降低",
    u"确保完成",   NULL};

/* Where what is said of the thing begins, or UINT32_MAX: the clause says nothing of the kind. */
static uint32_t predicate_at(const struct source *s, struct run clause) {
    static const char16_t *const duties[] = {u"任务", u"目标", u"指标", NULL};
    uint32_t cut = UINT32_MAX;
    uint32_t done = source_find(s, clause, u"完成");
    if (done != UINT32_MAX && source_has_any(s, (struct run){done, clause.to}, duties)) {
        cut = done;
    }
    for (const char16_t *const *p = predicates; *p != NULL; p++) {
        uint32_t at = source_find(s, clause, *p);
        cut = at < cut ? at : cut;
    }
    return cut;
}

/* The thing: before the predicate, or behind it where the predicate opens the clause
 * (完成省下达的节能减排任务). Empty where the words are a demand (努力保持…). */
static struct run thing_said(const struct figure_scope *sc, struct run clause, uint32_t cut) {
    const struct source *s = sc->s;
    struct run none = {0, 0};
    if (cut > clause.from) {
        struct run noun = {clause.from, cut};
        struct lead parts;
        lead_read(s, sc->words, noun, false, &parts);
        return parts.noun.from == parts.noun.to ? none : noun;
    }
    uint32_t of = source_find(s, clause, u"的");
    if (of == UINT32_MAX && !source_starts(s, clause, u"完成")) {
        return none;
    }
    return (struct run){of != UINT32_MAX ? of + 1 : clause.from + 2, clause.to};
}

static void append(struct figure_scope *sc, struct run clause, struct run noun,
                   struct found_list *to) {
    struct found *f = found_append(to);
    f->clause = clause;
    f->indicator = noun;
    f->qualitative = true;
    f->kind = KIND_QUALITATIVE;
    f->overall = true;
    f->area = sc->area;
    f->task = sc->task;
}

void qualitative_read(struct figure_scope *sc, struct run clause, struct found_list *to) {
    static const char16_t *const openers[] = {
        u"兼顾", u"体现", u"符合", u"需要", u"重点",     u"做好",     u"围绕",     u"坚持", u"要求",
        u"我们", u"工作", u"必须", u"考虑", u"实际工作", u"争取更好", u"总体要求", NULL};
    const struct source *s = sc->s;
    uint32_t cut = predicate_at(s, clause);
    if (cut == UINT32_MAX || source_has_any(s, clause, openers)) {
        return;
    }
    struct run noun = thing_said(sc, clause, cut);
    if (noun.from == noun.to) {
        return;
    }
    struct run items[ITEMS_MAX];
    int n = noun_items(s, noun, items, ITEMS_MAX);
    bool listed = source_find(s, noun, u"、") != UINT32_MAX || are_long(items, n);
    bool split = n > 1 && listed && source_find(s, noun, u"等") == UINT32_MAX &&
                 !thing_list_is_short(items, n);
    for (int i = 0; i < (split ? n : 1); i++) {
        append(sc, clause, split ? items[i] : noun, to);
    }
}
