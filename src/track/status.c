/* status: see status.h. A plan is loaded by some ten queries, whatever its size; then all is found
 * in sorted lists. */
#include "track/status.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "store/journal.h"
#include "track/due.h"
#include "track/rows_int.h"

enum code status_line_then(struct tx *tx, int32_t day, int64_t *line, struct err *err) {
    return journal_last_before(tx, date_start_ms(day + 1, DATE_BEIJING_OFFSET_S), line, err);
}

/* ---- what is loaded ---- */

struct pace_of_day {
    int32_t due;
    struct light_pace pace;
};

/* An item's number and its place in the set. */
struct place {
    int64_t number;
    size_t at;
};

struct loader {
    struct tx *tx;
    const struct status_request *request;
    struct arena *arena;
    struct status *status;
    struct charge_set *charges; /* these four lists: targets first, by number */
    size_t charge_count;
    struct progress_report *reports;
    size_t report_count;
    struct path *paths;
    size_t path_count;
    struct journal_last *lasts; /* by subject */
    size_t last_count;
    struct place *tasks; /* by number */
    struct pace_of_day *paces;
    size_t pace_count;
    size_t pace_cap;
};

static enum code load_kept(struct loader *l, struct err *err) {
    struct status *s = l->status;
    return kept_find(l->tx, l->request->plan, l->request->line, l->arena, &s->document, &s->set,
                     err);
}

static enum code load_settings(struct loader *l, struct err *err) {
    return setting_load(l->tx, l->request->line, &l->status->settings, err);
}

static enum code load_charges(struct loader *l, struct err *err) {
    return charge_list(l->tx, l->request->plan, l->request->line, l->arena, &l->charges,
                       &l->charge_count, err);
}

static enum code load_reports(struct loader *l, struct err *err) {
    return progress_current(l->tx, l->request->plan, l->request->day, l->request->line, l->arena,
                            &l->reports, &l->report_count, err);
}

static enum code load_paths(struct loader *l, struct err *err) {
    return path_list(l->tx, l->request->plan, l->request->line, l->arena, &l->paths, &l->path_count,
                     err);
}

static enum code load_lasts(struct loader *l, struct err *err) {
    struct buf prefix = BUF_INIT;
    buf_addf(&prefix, "plan/%lld/", (long long)l->request->plan);
    enum code code = journal_last_of_each(l->tx, prefix.data, l->request->line, l->arena, &l->lasts,
                                          &l->last_count, err);
    buf_fini(&prefix);
    return code;
}

/* ---- finding ---- */

/* All that belongs to items begins with the item it belongs to, or holds it where `member` says. */
static int compare_item(const void *key, const void *member) {
    return rows_item_cmp(key, member);
}

static const struct charge_set *find_charge(const struct loader *l, const struct item *item) {
    _Static_assert(offsetof(struct charge_set, item) == 0, "compare_item() looks there");
    return bsearch(item, l->charges, l->charge_count, sizeof *l->charges, compare_item);
}

static const struct path *find_path(const struct loader *l, const struct item *item) {
    _Static_assert(offsetof(struct path, item) == 0, "compare_item() looks there");
    return bsearch(item, l->paths, l->path_count, sizeof *l->paths, compare_item);
}

static int compare_report(const void *key, const void *member) {
    const struct progress_report *r = member;
    return rows_item_cmp(key, &r->item);
}

static const struct progress_report *find_report(const struct loader *l, const struct item *item) {
    return bsearch(item, l->reports, l->report_count, sizeof *l->reports, compare_report);
}

static int compare_last(const void *key, const void *member) {
    const struct journal_last *last = member;
    return strcmp(key, last->subject);
}

static int64_t find_version(const struct loader *l, const struct item *item) {
    char subject[ITEM_SUBJECT_MAX];
    const struct journal_last *last = bsearch(item_subject(item, subject), l->lasts, l->last_count,
                                              sizeof *l->lasts, compare_last);
    int64_t text = l->status->document.from; /* all items of a text begin with it */
    return last != NULL && last->seq > text ? last->seq : text;
}

static int compare_place(const void *x, const void *y) {
    const struct place *p = x;
    const struct place *q = y;
    return (p->number > q->number) - (p->number < q->number);
}

static void index_tasks(struct loader *l) {
    const struct kept_set *set = &l->status->set;
    l->tasks = arena_alloc(l->arena, (set->task_count + 1) * sizeof *l->tasks);
    for (size_t i = 0; i < set->task_count; i++) {
        l->tasks[i] = (struct place){set->tasks[i].number, i};
    }
    qsort(l->tasks, set->task_count, sizeof *l->tasks, compare_place);
}

/* Its place in set.tasks; task_count where there is none. */
static size_t find_task(const struct loader *l, int64_t number) {
    struct place key = {number, 0};
    size_t count = l->status->set.task_count;
    const struct place *p = bsearch(&key, l->tasks, count, sizeof key, compare_place);
    return p == NULL ? count : p->at;
}

/* Working days are counted once for each day that anything is due on. */
static struct light_pace find_pace(struct loader *l, int32_t due) {
    for (size_t i = 0; i < l->pace_count; i++) {
        if (l->paces[i].due == due) {
            return l->paces[i].pace;
        }
    }
    struct light_pace pace =
        light_pace(l->request->calendar, l->status->document.year, l->request->day, due);
    l->paces = mem_reserve(l->paces, &l->pace_cap, l->pace_count + 1, sizeof *l->paces);
    l->paces[l->pace_count++] = (struct pace_of_day){due, pace};
    return pace;
}

static enum verdict find_verdict(const struct loader *l, int64_t target) {
    for (size_t i = 0; i < l->request->verdict_count; i++) {
        if (l->request->verdicts[i].target == target) {
            return l->request->verdicts[i].verdict;
        }
    }
    return VERDICTS;
}

/* ---- one item ---- */

static struct light_question question_of(const struct status *s, const struct status_item *x,
                                         int32_t day) {
    return (struct light_question){.goal = &x->goal,
                                   .path = x->path,
                                   .verdict = x->verdict,
                                   .plan_year = s->document.year,
                                   .due = x->due,
                                   .day = day,
                                   .yellow_from = s->settings.value[SETTING_YELLOW_FROM],
                                   .red_above = s->settings.value[SETTING_RED_ABOVE]};
}

struct light_question status_question(const struct status *status, const struct status_item *item,
                                      int32_t day, const struct calendar *calendar) {
    struct light_question q = question_of(status, item, day);
    q.pace = light_pace(calendar, status->document.year, day, item->due);
    return q;
}

/* The item with what is told of it; `goal`, `due` and `verdict` are there. */
static void fill(struct loader *l, struct status_item *x) {
    struct light_report report;
    x->version = find_version(l, &x->item);
    x->charge = find_charge(l, &x->item);
    x->report = find_report(l, &x->item);
    x->path = find_path(l, &x->item);
    x->way = light_way_of(&x->goal, x->path);
    struct light_question q = question_of(l->status, x, l->request->day);
    q.pace = find_pace(l, x->due);
    if (x->report != NULL) {
        report = (struct light_report){x->report->value, x->report->unit, x->report->as_of};
        q.report = &report;
    }
    x->light = light_of(&q, l->arena);
}

static void fill_task(struct loader *l, size_t i) {
    const struct kept_task *task = &l->status->set.tasks[i];
    struct status_item *x = &l->status->tasks[i];
    *x = (struct status_item){.item = {l->request->plan, KEPT_TASK, task->number},
                              .due = due_of_task(task, l->status->document.year),
                              .goal = goal_of_task(),
                              .verdict = VERDICTS};
    fill(l, x);
}

static void fill_target(struct loader *l, size_t i) {
    const struct kept_target *target = &l->status->set.targets[i];
    struct status_item *x = &l->status->targets[i];
    size_t at = find_task(l, target->task);
    bool has_task = target->task != 0 && at < l->status->set.task_count;
    const struct kept_task *task = has_task ? &l->status->set.tasks[at] : NULL;
    *x = (struct status_item){.item = {l->request->plan, KEPT_TARGET, target->number},
                              .due = due_of_target(target, task, l->status->document.year),
                              .goal = goal_of_target(target),
                              .verdict = find_verdict(l, target->number)};
    fill(l, x);
    if (x->charge == NULL && has_task) {
        x->charge = l->status->tasks[at].charge;
    }
}

/* ---- a task by its targets ---- */

static bool is_told(const struct status_item *target) {
    return target->report != NULL || target->verdict == VERDICT_MET ||
           target->verdict == VERDICT_MISSED;
}

/* What the targets of a task come to. */
struct sum {
    const struct status_item *worst;
    const char *id; /* of the worst */
    size_t count;
    size_t told;     /* with a report or a confirmed verdict */
    size_t reported; /* with a report */
};

static struct sum *sum_targets(const struct loader *l) {
    const struct status *s = l->status;
    struct sum *sums = arena_zero(l->arena, (s->set.task_count + 1) * sizeof *sums);
    for (size_t i = 0; i < s->set.target_count; i++) {
        size_t at = find_task(l, s->set.targets[i].task);
        struct sum *sum = &sums[at]; /* behind the last: of no task */
        const struct status_item *x = &s->targets[i];
        if (sum->worst == NULL || x->light.colour > sum->worst->light.colour) {
            sum->worst = x;
            sum->id = s->set.targets[i].id;
        }
        sum->count++;
        sum->told += is_told(x);
        sum->reported += x->report != NULL;
    }
    return sums;
}

static const char *take(struct buf *b, struct arena *a) {
    const char *text = arena_dup(a, b->data, b->len);
    buf_fini(b);
    return text;
}

static void light_by_targets(const struct loader *l, struct status_item *task,
                             const struct sum *sum) {
    struct buf zh = BUF_INIT;
    struct buf en = BUF_INIT;
    const struct light *worst = &sum->worst->light;
    buf_addf(&zh, "按所属指标（%zu项中已报%zu项），最差的%s：%s", sum->count, sum->told, sum->id,
             worst->why);
    buf_addf(&en, "by its targets (%zu of %zu told), the worst is %s: %s", sum->told, sum->count,
             sum->id, worst->why_en);
    task->light = *worst;
    task->light.reported = sum->reported > 0;
    task->light.why = take(&zh, l->arena);
    task->light.why_en = take(&en, l->arena);
}

static void light_tasks(const struct loader *l) {
    const struct sum *sums = sum_targets(l);
    for (size_t i = 0; i < l->status->set.task_count; i++) {
        struct status_item *task = &l->status->tasks[i];
        if (task->report == NULL && sums[i].told > 0) {
            light_by_targets(l, task, &sums[i]);
        }
    }
}

/* ---- counts ---- */

static void count_item(struct status_counts *c, const struct status_item *x) {
    c->colour[x->light.colour]++;
    c->unreported += !x->light.reported;
    c->unowned += x->charge == NULL;
}

/* The counts of an area; NULL for a number that none has. */
static struct status_counts *counts_of(struct status *s, int64_t area) {
    for (size_t i = 0; i < s->set.area_count; i++) {
        if (s->areas[i].number == area) {
            return &s->areas[i].counts;
        }
    }
    return NULL;
}

static int64_t area_of_measure(const struct kept_set *set, int64_t measure) {
    for (size_t i = 0; i < set->measure_count; i++) {
        if (set->measures[i].number == measure) {
            return set->measures[i].area;
        }
    }
    return 0;
}

static void count_in(struct status *s, int64_t area, const struct status_item *x) {
    struct status_counts *of_area = counts_of(s, area);
    count_item(&s->counts, x);
    if (of_area != NULL) {
        count_item(of_area, x);
    }
}

static void count_all(struct status *s) {
    for (size_t i = 0; i < s->set.area_count; i++) {
        s->areas[i].number = s->set.areas[i].number;
    }
    for (size_t i = 0; i < s->set.task_count; i++) {
        count_in(s, area_of_measure(&s->set, s->set.tasks[i].measure), &s->tasks[i]);
    }
    for (size_t i = 0; i < s->set.target_count; i++) {
        const struct status_item *x = &s->targets[i];
        if (s->set.targets[i].task == 0) {
            count_in(s, s->set.targets[i].area, x);
        }
        s->met += x->verdict == VERDICT_MET;
        s->missed += x->verdict == VERDICT_MISSED;
    }
    s->undecided = s->set.target_count - s->met - s->missed;
}

/* ---- all ---- */

static void fill_all(struct loader *l) {
    struct status *s = l->status;
    s->tasks = arena_zero(l->arena, (s->set.task_count + 1) * sizeof *s->tasks);
    s->targets = arena_zero(l->arena, (s->set.target_count + 1) * sizeof *s->targets);
    s->areas = arena_zero(l->arena, (s->set.area_count + 1) * sizeof *s->areas);
    index_tasks(l);
    for (size_t i = 0; i < s->set.task_count; i++) {
        fill_task(l, i);
    }
    for (size_t i = 0; i < s->set.target_count; i++) {
        fill_target(l, i);
    }
    light_tasks(l);
    count_all(s);
}

enum code status_load(struct tx *tx, const struct status_request *request, struct arena *a,
                      struct status *out, struct err *err) {
    typedef enum code load(struct loader * l, struct err * err);
    static load *const loads[] = {load_kept,    load_settings, load_charges,
                                  load_reports, load_paths,    load_lasts};
    struct status status = {.line = journal_head(tx)->seq};
    struct loader l = {.tx = tx, .request = request, .arena = a, .status = &status};
    enum code code = OK;
    for (size_t i = 0; code == OK && i < sizeof loads / sizeof loads[0]; i++) {
        code = loads[i](&l, err);
    }
    if (code != OK) {
        return code;
    }
    if (status.line > request->line) {
        status.line = request->line;
    }
    status.year_over = request->day > date_to_day((struct date){status.document.year, 12, 31});
    fill_all(&l);
    free(l.paces);
    *out = status;
    return OK;
}

const struct status_item *status_find(const struct status *status, enum kept_sort sort,
                                      int64_t number) {
    size_t count = sort == KEPT_TASK ? status->set.task_count : status->set.target_count;
    const struct status_item *items = sort == KEPT_TASK ? status->tasks : status->targets;
    for (size_t i = 0; i < count; i++) {
        if (items[i].item.number == number) {
            return &items[i];
        }
    }
    return NULL;
}
