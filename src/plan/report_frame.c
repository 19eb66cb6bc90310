/* report_frame: where each target stands in the page, and the tallies.
 *
 * Every target stands in the left column exactly once: with the year's main targets when it is one
 * of them; else under its task, when an area's measure holds that task; else with its area; else
 * with the rest. */
#include "plan/report_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int32_t *filled(size_t n, int32_t value) {
    int32_t *list = mem_alloc((n + 1) * sizeof *list);
    for (size_t i = 0; i < n; i++) {
        list[i] = value;
    }
    return list;
}

void report_init(struct report *r, const struct reading *plan, const struct reading *outcomes,
                 size_t outcome_count, struct buf *to) {
    size_t n = plan->target_count;
    assert(n <= INT32_MAX && plan->task_count <= INT32_MAX && plan->area_count < INT32_MAX);
    *r = (struct report){.plan = plan,
                         .outcomes = outcomes,
                         .outcome_count = outcome_count,
                         .row_count = ROW_AREAS + plan->area_count + 1,
                         .to = to};
    r->judged = mem_alloc((n + 1) * sizeof *r->judged);
    memset(r->judged, 0, (n + 1) * sizeof *r->judged);
    r->row = mem_alloc((n + 1) * sizeof *r->row);
    r->next = filled(n, NO_TARGET);
    r->row_first = filled(r->row_count, NO_TARGET);
    r->task_first = filled(plan->task_count, NO_TARGET);
    r->tally = mem_alloc((r->row_count + 1) * sizeof *r->tally);
    memset(r->tally, 0, (r->row_count + 1) * sizeof *r->tally);
}

void report_fini(struct report *r) {
    free(r->judged);
    free(r->row);
    free(r->next);
    free(r->row_first);
    free(r->task_first);
    free(r->tally);
    *r = (struct report){0};
}

static void take_judgements(struct report *r, const struct judgement *judgements, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct judgement *j = &judgements[i];
        size_t target = (size_t)(j->target - r->plan->targets);
        assert(target < r->plan->target_count);
        assert(j->outcome == NULL || j->where != NULL);
        assert(j->where == NULL || (size_t)(j->where - r->outcomes) < r->outcome_count);
        r->judged[target] = j;
    }
    r->has_verdicts = count > 0;
}

/* For each task the index of the area that holds it, or NO_AREA. */
static int32_t *areas_of_tasks(const struct reading *plan) {
    int32_t *area_of = filled(plan->task_count, NO_AREA);
    for (size_t a = 0; a < plan->area_count; a++) {
        const struct area *area = &plan->areas[a];
        assert(area->measure_to <= plan->measure_count);
        for (uint32_t m = area->measure_from; m < area->measure_to; m++) {
            const struct measure *measure = &plan->measures[m];
            assert(measure->task_to <= plan->task_count);
            for (uint32_t t = measure->task_from; t < measure->task_to; t++) {
                area_of[t] = (int32_t)a;
            }
        }
    }
    return area_of;
}

/* The index of the area with that number, or NO_AREA. Numbers are 1, 2, ... in order. */
static int32_t area_numbered(const struct reading *plan, int no) {
    bool known = no > 0 && (size_t)no <= plan->area_count && plan->areas[no - 1].no == no;
    return known ? no - 1 : NO_AREA;
}

/* Puts target `i` before those of its chain, so targets come here last to first. */
static void place_target(struct report *r, size_t i, const int32_t *area_of) {
    const struct figure *f = &r->plan->targets[i];
    bool in_task = !f->overall && f->task >= 0 && area_of[f->task] != NO_AREA;
    int32_t area = in_task ? area_of[f->task] : area_numbered(r->plan, f->area);
    size_t row = r->row_count - 1;
    if (f->overall) {
        row = ROW_OVERALL;
    } else if (area != NO_AREA) {
        row = ROW_AREAS + (size_t)area;
    }
    int32_t *first = in_task ? &r->task_first[f->task] : &r->row_first[row];
    r->row[i] = (uint32_t)row;
    r->next[i] = *first;
    *first = (int32_t)i;
}

void report_place(struct report *r, const struct judgement *judgements, size_t count) {
    take_judgements(r, judgements, count);
    int32_t *area_of = areas_of_tasks(r->plan);
    for (size_t i = r->plan->target_count; i-- > 0;) {
        assert(r->plan->targets[i].task < (int64_t)r->plan->task_count);
        place_target(r, i, area_of);
        report_count(r, i, &r->tally[r->row[i]]);
        report_count(r, i, &r->tally[r->row_count]);
    }
    free(area_of);
}

int report_verdict(const struct report *r, size_t i) {
    return r->judged[i] == NULL ? NO_VERDICT : (int)r->judged[i]->verdict;
}

void report_count(const struct report *r, size_t target, struct tally *t) {
    t->total++;
    t->by_verdict[report_verdict(r, target)]++;
    t->by_kind[r->plan->targets[target].kind]++;
}

struct tally report_measure_tally(const struct report *r, const struct measure *m) {
    struct tally t = {0};
    for (uint32_t task = m->task_from; task < m->task_to; task++) {
        for (int32_t i = r->task_first[task]; i != NO_TARGET; i = r->next[i]) {
            report_count(r, (size_t)i, &t);
        }
    }
    return t;
}
