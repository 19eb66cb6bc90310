/* board_json: a board as JSON: items, the counts at a glance, the whole. Who may see only the bare
 * plan gets the same shape, with nothing in it of who is behind. */
#include "api/board_int.h"

#include <string.h>

#include "api/plan_int.h"
#include "api/setting_int.h"
#include "plan/write.h"

/* ---- items ---- */

static void put_owners(struct json_out *j, const struct board *b, const struct status_item *item) {
    json_key(j, "owners");
    json_arr(j);
    for (size_t i = 0; i < board_owner_count(b, item); i++) {
        struct board_owner o = board_owner(b, item, i);
        json_obj(j);
        json_put_str(j, "organisation", o.organisation);
        json_put_str(j, "name", o.name);
        json_put_str(j, "role", o.role);
        json_put_str(j, "source", o.source);
        json_put_str(j, "confidence", o.confidence);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_put_bool(j, "owners_confirmed", b->whole && item->charge != NULL);
}

static void put_light(struct json_out *j, const struct board *b, const struct light *light) {
    static const struct light hidden = {.why = "", .why_en = ""};
    const struct light *x = b->whole ? light : &hidden;
    json_key(j, "light");
    json_obj(j);
    json_put_str(j, "light", light_colour_name(x->colour));
    json_put_str(j, "expected", x->expected);
    json_put_str(j, "actual", x->actual);
    json_put_str(j, "lag", x->lag);
    json_put_bool(j, "overdue", x->overdue);
    json_put_bool(j, "reported", x->reported);
    json_put_str(j, "why", x->why);
    json_put_str(j, "why_en", x->why_en);
    json_obj_end(j);
}

static void put_progress(struct json_out *j, const struct board *b,
                         const struct progress_report *r) {
    char text[DECIMAL_TEXT_MAX];
    json_key(j, "progress");
    if (r == NULL || !b->whole) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_int(j, "id", r->id);
    json_put_str(j, "value", decimal_text(r->value, text));
    json_put_str(j, "unit", r->unit);
    call_put_day(j, "as_of", r->as_of);
    call_put_time(j, "time", r->time_ms);
    json_put_str(j, "actor", r->actor);
    json_put_str(j, "note", r->note == NULL ? "" : r->note);
    json_put_int(j, "files", (int64_t)r->file_count);
    json_obj_end(j);
}

static void put_slip(struct json_out *j, const struct board *b, const struct item *item) {
    const struct slip *s = b->whole ? board_slip(b, item) : NULL;
    json_key(j, "slip");
    if (s == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_int(j, "id", s->slip);
    json_put_str(j, "state", slip_state_name(s->state));
    call_put_day(j, "due", s->due);
    json_put_bool(j, "overdue", slip_is_overdue(s, b->question.day));
    json_obj_end(j);
}

/* What tasks and targets have in common, behind what is their own. */
static void put_status(struct json_out *j, const struct board *b, const struct status_item *item) {
    call_put_day(j, "due", item->due);
    put_owners(j, b, item);
    put_light(j, b, &item->light);
    put_progress(j, b, item->report);
    json_put_str(j, "path", light_way_name(item->way));
    put_slip(j, b, &item->item);
    json_put_int(j, "version", item->version);
}

/* The area that a measure lies in. */
static int64_t area_of(const struct kept_set *set, int64_t measure) {
    for (size_t i = 0; i < set->measure_count; i++) {
        if (set->measures[i].number == measure) {
            return set->measures[i].area;
        }
    }
    return 0;
}

void board_put_task(struct json_out *j, const struct board *b, size_t i) {
    const struct kept_set *set = &b->status.set;
    const struct kept_task *x = &set->tasks[i];
    json_obj(j);
    json_put_int(j, "number", x->number);
    json_put_str(j, "id", x->id);
    json_put_str(j, "text", x->text);
    write_span(j, "span", x->span);
    json_key(j, "actions");
    json_arr(j);
    for (size_t k = 0; k < x->action_count; k++) {
        write_span(j, NULL, x->actions[k]);
    }
    json_arr_end(j);
    json_put_int(j, "area", area_of(set, x->measure));
    json_put_int(j, "measure", x->measure);
    json_put_str(j, "deadline", x->deadline);
    json_key(j, "targets");
    json_arr(j);
    for (size_t k = 0; k < set->target_count; k++) {
        if (set->targets[k].task == x->number) {
            json_int(j, set->targets[k].number);
        }
    }
    json_arr_end(j);
    put_status(j, b, &b->status.tasks[i]);
    json_obj_end(j);
}

static void put_verdict(struct json_out *j, const struct board *b, int64_t target) {
    const struct ruling *r = board_ruling(b, target);
    const struct ruling_proposal *p = board_proposal(b, target);
    json_key(j, "verdict");
    json_obj(j);
    json_put_str(j, "proposed", p == NULL ? NULL : verdict_name(p->verdict));
    json_put_str(j, "confirmed", r == NULL ? NULL : verdict_name(r->verdict));
    json_obj_end(j);
}

void board_put_target(struct json_out *j, const struct board *b, size_t i) {
    const struct kept_target *x = &b->status.set.targets[i];
    json_obj(j);
    json_put_int(j, "number", x->number);
    json_put_str(j, "id", x->id);
    json_put_str(j, "text", x->text);
    write_span(j, "span", x->span);
    json_put_str(j, "indicator", x->indicator);
    write_span(j, "indicator_span", x->indicator_span);
    if (x->number_span.to > 0) {
        write_span(j, "number_span", x->number_span);
    } else {
        json_put_str(j, "number_span", NULL); /* a qualitative target */
    }
    json_put_str(j, "value", x->value);
    json_put_str(j, "value_max", x->value_max);
    json_put_str(j, "unit", x->unit);
    json_put_str(j, "comparator", x->comparator);
    json_put_str(j, "kind", x->kind);
    json_put_bool(j, "overall", x->overall);
    json_put_str(j, "horizon", x->horizon);
    call_put_number_or_null(j, "area", x->area);
    call_put_number_or_null(j, "task", x->task);
    put_verdict(j, b, x->number);
    put_status(j, b, &b->status.targets[i]);
    json_obj_end(j);
}

/* ---- the glance ---- */

struct glance {
    struct status_counts counts;
    size_t slips_open, slips_overdue;
    size_t met, missed, undecided;
    size_t to_confirm; /* of the undecided: met or missed, as a later document reports */
};

/* The area of a target or task of the plan. */
static int64_t area_of_item(const struct board *b, const struct item *item) {
    const struct kept_set *set = &b->status.set;
    const struct status_item *x = status_find(&b->status, item->sort, item->number);
    if (x == NULL) {
        return 0;
    }
    return item->sort == KEPT_TASK ? area_of(set, set->tasks[x - b->status.tasks].measure)
                                   : set->targets[x - b->status.targets].area;
}

/* `area` 0 counts all. */
static void count_slips(const struct board *b, int64_t area, struct glance *g) {
    for (size_t i = 0; i < b->slip_count; i++) {
        if (area == 0 || area_of_item(b, &b->slips[i].item) == area) {
            g->slips_open++;
            g->slips_overdue += slip_is_overdue(&b->slips[i], b->question.day);
        }
    }
}

/* Whether a verdict is proposed that decides, and nobody has decided. */
static bool waits_for_a_person(const struct board *b, int64_t target) {
    const struct ruling_proposal *p = board_proposal(b, target);
    return p != NULL && board_ruling(b, target) == NULL &&
           (p->verdict == VERDICT_MET || p->verdict == VERDICT_MISSED);
}

static void count_verdicts(const struct board *b, int64_t area, struct glance *g) {
    const struct kept_set *set = &b->status.set;
    for (size_t i = 0; i < set->target_count; i++) {
        if (area == 0 || set->targets[i].area == area) {
            enum verdict v = b->status.targets[i].verdict;
            g->met += v == VERDICT_MET;
            g->missed += v == VERDICT_MISSED;
            g->undecided += v != VERDICT_MET && v != VERDICT_MISSED;
            g->to_confirm += waits_for_a_person(b, set->targets[i].number);
        }
    }
}

static void put_glance(struct json_out *j, const struct board *b,
                       const struct status_counts *counts, int64_t area) {
    struct glance g = {.counts = *counts};
    count_slips(b, area, &g);
    count_verdicts(b, area, &g);
    if (!b->whole) {
        g = (struct glance){
            .met = g.met, .missed = g.missed, .undecided = g.undecided, .to_confirm = g.to_confirm};
    }
    json_key(j, "glance");
    json_obj(j);
    for (enum light_colour colour = 0; colour < LIGHT_COLOURS; colour++) {
        json_put_int(j, light_colour_name(colour), (int64_t)g.counts.colour[colour]);
    }
    json_put_int(j, "unreported", (int64_t)g.counts.unreported);
    json_put_int(j, "unowned", (int64_t)g.counts.unowned);
    json_put_int(j, "slips_open", (int64_t)g.slips_open);
    json_put_int(j, "slips_overdue", (int64_t)g.slips_overdue);
    json_put_int(j, "met", (int64_t)g.met);
    json_put_int(j, "missed", (int64_t)g.missed);
    json_put_int(j, "undecided", (int64_t)g.undecided);
    json_put_int(j, "to_confirm", (int64_t)g.to_confirm);
    json_obj_end(j);
}

/* ---- the whole ---- */

static void put_measure(struct json_out *j, const struct kept_set *set,
                        const struct kept_measure *m) {
    json_obj(j);
    json_put_int(j, "number", m->number);
    json_put_str(j, "title", m->title);
    write_span(j, "span", m->span);
    json_key(j, "tasks");
    json_arr(j);
    for (size_t i = 0; i < set->task_count; i++) {
        if (set->tasks[i].measure == m->number) {
            json_int(j, set->tasks[i].number);
        }
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void put_area(struct json_out *j, const struct board *b, size_t i) {
    const struct kept_set *set = &b->status.set;
    const struct kept_area *area = &set->areas[i];
    json_obj(j);
    json_put_int(j, "number", area->number);
    json_put_int(j, "no", area->no);
    json_put_str(j, "title", area->title);
    write_span(j, "span", area->span);
    put_glance(j, b, &b->status.areas[i].counts, area->number);
    json_key(j, "measures");
    json_arr(j);
    for (size_t k = 0; k < set->measure_count; k++) {
        if (set->measures[k].area == area->number) {
            put_measure(j, set, &set->measures[k]);
        }
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void put_items(struct json_out *j, const struct board *b) {
    json_key(j, "areas");
    json_arr(j);
    for (size_t i = 0; i < b->status.set.area_count; i++) {
        put_area(j, b, i);
    }
    json_arr_end(j);
    json_key(j, "tasks");
    json_arr(j);
    for (size_t i = 0; i < b->status.set.task_count; i++) {
        board_put_task(j, b, i);
    }
    json_arr_end(j);
    json_key(j, "targets");
    json_arr(j);
    for (size_t i = 0; i < b->status.set.target_count; i++) {
        board_put_target(j, b, i);
    }
    json_arr_end(j);
}

static void put_board(struct json_out *j, const struct board *b) {
    json_obj(j);
    json_key(j, "plan");
    plan_put(j, &b->plan);
    call_put_day(j, "at", b->question.day);
    json_put_str(j, "known", b->question.then ? "then" : "now");
    json_put_int(j, "line", b->status.line);
    json_put_bool(j, "year_over", b->status.year_over);
    json_key(j, "settings");
    setting_put(j, &b->status.settings, b->settings_version);
    put_glance(j, b, &b->status.counts, 0);
    put_items(j, b);
    json_obj_end(j);
}

struct blob *board_write(const struct board *b) {
    struct buf body = BUF_INIT;
    struct json_out j;
    json_init(&j, &body, 0);
    put_board(&j, b);
    return blob_take(&body);
}
