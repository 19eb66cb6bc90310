/* reader: see reader.h. Ties outline, figures, owners and deadlines together and turns places into
 * bytes. */
#include "plan/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/deadline.h"
#include "plan/figure.h"
#include "plan/outline.h"
#include "plan/owner.h"
#include "plan/period.h"
#include "plan/role.h"
#include "plan/words.h"
#include "text/sentence.h"
#include "text/source.h"

enum { ACTIONS_MAX = 64, OWNER_MAX = 200 };

struct reader {
    struct words words;
    struct owner_index *owners;
};

struct reader *reader_new(void) {
    struct reader *r = mem_alloc(sizeof *r);
    words_init(&r->words);
    r->owners = owner_index_new();
    return r;
}

void reader_free(struct reader *r) {
    if (r == NULL) {
        return;
    }
    words_fini(&r->words);
    owner_index_free(r->owners);
    free(r);
}

/* One document in hand. */
struct job {
    const struct reader *reader;
    struct arena *a;
    struct source s;
    struct outline o;
    struct reading *out;
    uint32_t task; /* the outline task that the next sentences are looked up from */
};

static struct span bytes(const struct source *s, struct run r) {
    return (struct span){s->at[r.from], source_end(s, r)};
}

static const char *text_or_null(struct job *j, struct run r) {
    return r.to > r.from ? source_text(&j->s, r, j->a) : NULL;
}

/* ---- structure ---- */

static void copy_heading(struct job *j) {
    struct reading *r = j->out;
    const struct outline *o = &j->o;
    r->title = bytes(&j->s, o->title);
    r->title_text = text_or_null(j, o->title);
    if (r->title_text == NULL) {
        r->title_text = r->doc.title;
    }
    r->issuer = text_or_null(j, o->issuer);
    r->index_no = text_or_null(j, o->index_no);
    memcpy(r->issued, o->issued, sizeof r->issued);
    r->year = o->year;
}

static void copy_sections(struct job *j) {
    const struct outline *o = &j->o;
    struct reading *r = j->out;
    r->section_count = o->section_count;
    r->sections = arena_alloc(j->a, (o->section_count + 1) * sizeof *r->sections);
    for (size_t i = 0; i < o->section_count; i++) {
        const struct outline_section *x = &o->sections[i];
        r->sections[i] = (struct section){x->role, bytes(&j->s, x->title), bytes(&j->s, x->run)};
    }
}

/* Areas and their measures: the outline keeps measures in order, so each area has a range. */
static void copy_areas(struct job *j) {
    const struct outline *o = &j->o;
    struct reading *r = j->out;
    r->area_count = o->area_count;
    r->areas = arena_zero(j->a, (o->area_count + 1) * sizeof *r->areas);
    uint32_t m = 0;
    for (size_t i = 0; i < o->area_count; i++) {
        struct area *x = &r->areas[i];
        x->no = (int)i + 1;
        x->title = bytes(&j->s, o->areas[i].title);
        x->span = bytes(&j->s, o->areas[i].run);
        x->measure_from = m;
        while (m < o->measure_count && o->measures[m].area == x->no) {
            m++;
        }
        x->measure_to = m;
    }
    r->measure_count = o->measure_count;
    r->measures = arena_zero(j->a, (o->measure_count + 1) * sizeof *r->measures);
    uint32_t t = 0;
    for (size_t i = 0; i < o->measure_count; i++) {
        struct measure *x = &r->measures[i];
        x->title = bytes(&j->s, o->measures[i].title);
        x->span = bytes(&j->s, o->measures[i].run);
        x->task_from = t;
        while (t < o->task_count && o->tasks[t].measure == (int32_t)i) {
            t++;
        }
        x->task_to = t;
    }
}

static void read_actions(struct job *j, struct run task, struct task *out) {
    struct span found[ACTIONS_MAX];
    uint32_t n = 0;
    uint32_t at = task.from;
    struct run clause;
    while (n < ACTIONS_MAX && clause_next(&j->s, task, &at, &clause)) {
        found[n++] = bytes(&j->s, clause);
    }
    out->actions = arena_alloc(j->a, (n + 1) * sizeof *found);
    memcpy(out->actions, found, n * sizeof *found);
    out->action_count = n;
}

/* The task and, where one follows in its line, the sentence that says whose it is. */
static struct run with_owner(const struct job *j, struct run task) {
    static const char16_t *const labels[] = {u"责任单位", u"牵头单位", u"负责单位", u"责任部门",
                                             NULL};
    struct run rest = {task.to, task.to};
    while (rest.to < j->s.n && j->s.ch[rest.to] != u'\n' && rest.to - rest.from < OWNER_MAX) {
        rest.to++;
    }
    rest.from += rest.from < rest.to; /* the mark that closed the task */
    for (const char16_t *const *w = labels; *w != NULL; w++) {
        if (source_starts(&j->s, rest, *w)) {
            return (struct run){task.from, rest.to};
        }
    }
    return task;
}

static void copy_tasks(struct job *j) {
    const struct outline *o = &j->o;
    struct reading *r = j->out;
    r->task_count = o->task_count;
    r->tasks = arena_zero(j->a, (o->task_count + 1) * sizeof *r->tasks);
    for (size_t i = 0; i < o->area_count; i++) {
        const struct area *area = &r->areas[i];
        for (uint32_t m = area->measure_from; m < area->measure_to; m++) {
            const struct measure *measure = &r->measures[m];
            for (uint32_t t = measure->task_from; t < measure->task_to; t++) {
                struct task *x = &r->tasks[t];
                snprintf(x->id, sizeof x->id, "%d.%u.%u", area->no, m - area->measure_from + 1,
                         t - measure->task_from + 1);
                x->text = bytes(&j->s, o->tasks[t].run);
                read_actions(j, o->tasks[t].run, x);
                owner_find(j->reader->owners, &j->s, with_owner(j, o->tasks[t].run), j->a,
                           &x->responsible, &x->responsible_count);
                deadline_find(&j->s, o->tasks[t].run, o->year, x->deadline);
            }
        }
    }
}

/* ---- figures ---- */

/* The unit as written: scale and measure word, less a 余 between them; % where the form implies it.
 */
static const char *unit_text(struct job *j, const struct quantity *q) {
    if (q->form == QUANTITY_DOUBLE) {
        return "番";
    }
    if (q->form != QUANTITY_PLAIN) {
        return "%";
    }
    if (q->unit.from == q->unit.to) {
        return NULL;
    }
    char *text = source_text(&j->s, q->unit, j->a);
    static const char *const more[] = {"余", "餘", "多"};
    for (size_t i = 0; q->more && i < 3; i++) {
        char *hit = strstr(text, more[i]);
        if (hit != NULL) {
            memmove(hit, hit + 3, strlen(hit + 3) + 1);
        }
    }
    return text;
}

static int64_t power_of_ten(int n) {
    int64_t p = 1;
    while (n-- > 0) {
        p *= 10;
    }
    return p;
}

/* 13.5 万人 is 135000 人. The scale signs stand first in the unit. */
static void set_base(struct job *j, const struct quantity *q, struct figure *f) {
    if (q->scale > 17 || q->form == QUANTITY_DOUBLE ||
        !decimal_mul(q->value, decimal_of(power_of_ten(q->scale)), &f->base_value)) {
        return;
    }
    struct run rest = q->unit;
    while (q->scale > 0 && rest.from < rest.to) {
        char16_t c = j->s.ch[rest.from];
        if (c != u'百' && c != u'千' && c != u'万' && c != u'亿' && c != u'余' && c != u'多') {
            break;
        }
        rest.from++;
    }
    f->base_unit = q->form == QUANTITY_PLAIN ? source_text(&j->s, rest, j->a) : "%";
    f->has_base = true;
}

static void copy_figure(struct job *j, const struct found *x, const char *prefix, size_t no,
                        struct figure *f) {
    memset(f, 0, sizeof *f);
    snprintf(f->id, sizeof f->id, "%s%zu", prefix, no);
    f->text = bytes(&j->s, x->clause);
    f->indicator = bytes(&j->s, x->indicator);
    f->kind = x->kind;
    f->overall = x->overall;
    f->horizon = x->horizon;
    f->period = x->period;
    f->area = x->area;
    f->task = x->task;
    if (x->qualitative) {
        return;
    }
    f->number = bytes(&j->s, x->number);
    f->has_value = true;
    f->value = x->quantity.value;
    f->has_max = x->quantity.has_max;
    f->value_max = x->quantity.max;
    f->spelled = x->quantity.spelled;
    f->comparator = x->comparator;
    f->unit = unit_text(j, &x->quantity);
    set_base(j, &x->quantity, f);
}

static void copy_figures(struct job *j, const struct found_list *list, const char *prefix,
                         struct figure **out, size_t *count) {
    *out = arena_alloc(j->a, (list->count + 1) * sizeof **out);
    for (size_t i = 0; i < list->count; i++) {
        copy_figure(j, &list->items[i], prefix, i + 1, &(*out)[i]);
    }
    *count = list->count;
}

/* ---- passages ---- */

static bool states_main_targets(const struct source *s, struct run sentence) {
    static const char16_t *const goals[] = {u"预期目标", u"主要目标", u"发展目标", u"工作目标",
                                            u"奋斗目标", u"主要指标", u"目标是",   u"目标建议",
                                            u"目标为",   NULL};
    static const char16_t *const verbs[] = {u"是",   u"为",   u"：",   u"安排",
                                            u"如下", u"确定", u"建议", NULL};
    static const char16_t *const not_goals[] = {
        u"实现上述", u"为实现", u"围绕",     u"完成上述", u"实现以上", u"为完成", u"实现今年",
        u"按照",     u"对照",   u"完成以上", u"紧扣",     u"达到上述", u"聚焦",   NULL};
    static const char16_t *const firm[] = {u"目标是",   u"目标为",       u"目标：",   u"目标建议为",
                                           u"目标如下", u"目标确定为",   u"目标安排", u"目标拟",
                                           u"指标是",   u"目标初步安排", NULL};
    if (source_has_any(s, sentence, firm)) {
        return true;
    }
    uint32_t at = sentence.from;
    struct run head = {at, sentence.to < at + 60 ? sentence.to : at + 60};
    return source_has_any(s, head, goals) && source_has_any(s, sentence, verbs) &&
           !source_has_any(s, head, not_goals);
}

/* 努力实现地区生产总值增长7%左右，…: the main targets without being called so. */
static bool lists_main_targets(const struct source *s, struct run sentence) {
    static const char16_t *const gdp[] = {u"地区生产总值增长", u"GDP增长", u"生产总值增长",
                                          u"地区生产总值增速", NULL};
    static const char16_t *const others[] = {u"收入增长", u"公共预算", u"投资增长", u"零售总额",
                                             u"失业率",   u"新增就业", NULL};
    int n = 0;
    for (const char16_t *const *w = others; *w != NULL; w++) {
        n += source_find(s, sentence, *w) != UINT32_MAX;
    }
    return n >= 2 && source_has_any(s, sentence, gdp);
}

/* The task a sentence is, looked up from where the last one was found. */
static int32_t task_of(struct job *j, struct run sentence) {
    while (j->task < j->o.task_count && j->o.tasks[j->task].run.from < sentence.from) {
        j->task++;
    }
    bool hit = j->task < j->o.task_count && j->o.tasks[j->task].run.from == sentence.from;
    return hit ? (int32_t)j->task : -1;
}

/* The period of results as the reading names it. */
static const char *period_name(struct job *j, enum period p) {
    if (p == PERIOD_TERM) {
        return "five-year";
    }
    char *text = arena_alloc(j->a, 16);
    snprintf(text, 16, "%d", j->o.year - 1);
    return j->o.year > 0 ? text : NULL;
}

/* Whether the sentence names the plan year itself, in a part on the long term. */
static bool names_year(const struct job *j, struct run sentence) {
    int y = role_year_in(&j->s, sentence);
    return y != 0 && y == j->o.year;
}

static bool ends_with_colon(const struct source *s, struct run r) {
    return r.to > r.from && s->ch[r.to - 1] == u'：';
}

/* What a passage hands on to the next: main targets or five years that go on in a list. */
struct carry {
    bool overall;
    bool dashed; /* the list has begun */
    enum period period;
};

static void read_passage(struct job *j, const struct passage *p, struct carry *carry,
                         struct found_list *targets, struct found_list *outcomes) {
    bool past = p->role == SECTION_REVIEW;
    bool plan = p->role == SECTION_PLAN || p->role == SECTION_CLOSING ||
                p->role == SECTION_SELF_GOVERNMENT || (p->role == SECTION_ANNEX && p->results);
    if (p->table || (!past && !plan && p->role != SECTION_LONG_TERM)) {
        return;
    }
    struct figure_scope sc = {.s = &j->s,
                              .words = &j->reader->words,
                              .arena = j->a,
                              .year = j->o.year,
                              .past = past,
                              .area = p->area,
                              .task = -1};
    if (past) {
        enum period said = period_of_opening(&j->s, p->run, j->o.year);
        carry->period = said == PERIOD_UNSAID ? carry->period : said;
        sc.period = period_name(j, carry->period);
    }
    bool overall = carry->overall && !p->long_term && p->area == 0;
    uint32_t at = p->run.from;
    struct run sentence;
    while (sentence_next(&j->s, p->run, &at, &sentence)) {
        bool opens = !past && !p->long_term && p->role == SECTION_PLAN && p->area == 0 &&
                     (states_main_targets(&j->s, sentence) || lists_main_targets(&j->s, sentence));
        overall = overall || opens;
        sc.overall = overall;
        sc.task = plan ? task_of(j, sentence) : -1;
        sc.horizon = p->long_term && !names_year(j, sentence) ? "long-term" : NULL;
        size_t before = targets->count;
        figure_read(&sc, sentence, past ? outcomes : targets);
        bool stop = at - 1 < p->run.to && j->s.ch[at - 1] == u'。';
        bool counted = false;
        for (size_t i = before; i < targets->count; i++) {
            counted = counted || !targets->items[i].qualitative;
        }
        if (stop && overall && (counted || !opens)) {
            overall = false;
        }
    }
    carry->overall = plan && ends_with_colon(&j->s, p->run) && sc.overall;
}

static void read_figures(struct job *j) {
    struct found_list targets = {0};
    struct found_list outcomes = {0};
    struct carry carry = {0};
    for (size_t i = 0; i < j->o.passage_count; i++) {
        read_passage(j, &j->o.passages[i], &carry, &targets, &outcomes);
    }
    copy_figures(j, &targets, "t", &j->out->targets, &j->out->target_count);
    copy_figures(j, &outcomes, "o", &j->out->outcomes, &j->out->outcome_count);
    free(targets.items);
    free(outcomes.items);
}

enum code reader_read(const struct reader *r, const struct document *doc, struct arena *a,
                      struct reading *out, struct err *err) {
    struct reading result = {.doc = *doc};
    struct job j = {.reader = r, .a = a, .out = &result};
    source_fold(doc->text, doc->len, a, &j.s);
    outline_read(&j.s, a, &j.o);
    copy_heading(&j);
    copy_sections(&j);
    copy_areas(&j);
    copy_tasks(&j);
    read_figures(&j);
    if (result.area_count == 0 && result.target_count == 0) {
        return err_set(err, E_INPUT,
                       "cannot find a plan in %zu bytes of text: no numbered area and no target",
                       doc->len);
    }
    *out = result;
    return OK;
}
