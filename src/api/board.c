/* board: a whole plan as it stands on a day, in one answer: the page needs all of it at once, to
 * filter and to search without asking again. Loaded and written once for all who look. */
#include "api/board_int.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "api/plan_int.h"
#include "api/setting_int.h"
#include "base/date.h"
#include "base/mem.h"

enum { TAG_MAX = 80 };

/* ---- what is asked ---- */

enum code board_ask(struct call *c, struct tx *tx, struct board_question *out, struct err *err) {
    struct board_question q = {.day = call_today(c), .line = INT64_MAX};
    int known = 0;
    enum code code = call_number(c, "plan", &q.plan, err);
    if (code == OK) {
        code = call_query_day(c, "at", &q.day, err);
    }
    if (code == OK) {
        code = call_query_word(c, "known", "now|then", &known, err);
    }
    q.then = known == 1;
    if (code == OK && q.then) {
        code = status_line_then(tx, q.day, &q.line, err);
    }
    if (code == OK) {
        *out = q;
    }
    return code;
}

/* ---- loading ---- */

struct from {
    const struct api *api;
    struct tx *tx;
    struct arena *arena;
};

static enum code load_rulings(const struct from *f, struct board *b, struct err *err) {
    struct ruling *rulings = NULL;
    struct ruling_proposal *proposals = NULL;
    struct ruling_question question = {.plan = b->question.plan, .as_of = b->question.line};
    int64_t *outcomes = NULL;
    enum code code = ruling_list(f->tx, question.plan, question.as_of, f->arena, &rulings,
                                 &b->ruling_count, err);
    if (code == OK) {
        code = ruling_outcomes(f->tx, question.plan, question.as_of, f->arena, &outcomes,
                               &question.outcome_count, err);
    }
    question.outcomes = outcomes;
    if (code == OK) {
        code = ruling_propose(f->tx, f->api->rulings, &question, f->arena, &proposals,
                              &b->proposal_count, err);
    }
    b->rulings = rulings;
    b->proposals = proposals;
    return code;
}

static enum code load_status(const struct from *f, struct board *b, struct err *err) {
    struct status_verdict *verdicts =
        arena_alloc(f->arena, (b->ruling_count + 1) * sizeof *verdicts);
    for (size_t i = 0; i < b->ruling_count; i++) {
        verdicts[i] = (struct status_verdict){b->rulings[i].target, b->rulings[i].verdict};
    }
    struct status_request request = {.plan = b->question.plan,
                                     .day = b->question.day,
                                     .line = b->question.line,
                                     .calendar = f->api->calendar,
                                     .verdicts = verdicts,
                                     .verdict_count = b->ruling_count};
    return status_load(f->tx, &request, f->arena, &b->status, err);
}

static enum code load_slips(const struct from *f, struct board *b, struct err *err) {
    struct slip_filter filter = {.plan = b->question.plan,
                                 .states = SLIP_UNSETTLED,
                                 .limit = SIZE_MAX,
                                 .as_of = b->question.line};
    struct slip *slips = NULL;
    enum code code = slip_list(f->tx, &filter, f->arena, &slips, &b->slip_count, err);
    b->slips = slips;
    return code;
}

static enum code load(const struct from *f, struct board *b, struct err *err) {
    enum code code = load_rulings(f, b, err);
    if (code == OK) {
        code = load_status(f, b, err);
    }
    if (code == OK) {
        code = load_slips(f, b, err);
    }
    if (code == OK) {
        code = b->question.then ? OK : setting_version(f->tx, &b->settings_version, err);
    }
    if (code == OK) {
        const struct kept_set *set = &b->status.set;
        b->organisations = f->api->organisations;
        b->plan = (struct kept_plan){b->question.plan,   b->status.document, set->area_count,
                                     set->measure_count, set->task_count,    set->target_count};
    }
    return code;
}

/* ---- finding ---- */

const struct slip *board_slip(const struct board *b, const struct item *item) {
    for (size_t i = 0; i < b->slip_count; i++) {
        const struct item *x = &b->slips[i].item;
        if (x->sort == item->sort && x->number == item->number) {
            return &b->slips[i];
        }
    }
    return NULL;
}

const struct ruling *board_ruling(const struct board *b, int64_t target) {
    for (size_t i = 0; i < b->ruling_count; i++) {
        if (b->rulings[i].target == target) {
            return &b->rulings[i];
        }
    }
    return NULL;
}

/* What nobody has decided is for those who decide. */
const struct ruling_proposal *board_proposal(const struct board *b, int64_t target) {
    if (!b->whole) {
        return NULL;
    }
    for (size_t i = 0; i < b->proposal_count; i++) {
        if (b->proposals[i].target == target) {
            return &b->proposals[i];
        }
    }
    return NULL;
}

/* ---- who answers for it ---- */

/* The task itself, or the one that a target belongs to; NULL for none. */
static const struct kept_task *task_of(const struct board *b, const struct item *item) {
    const struct kept_set *set = &b->status.set;
    int64_t number = item->number;
    if (item->sort == KEPT_TARGET) {
        const struct status_item *x = status_find(&b->status, KEPT_TARGET, number);
        number = set->targets[x - b->status.targets].task;
    }
    const struct status_item *task =
        number == 0 ? NULL : status_find(&b->status, KEPT_TASK, number);
    return task == NULL ? NULL : &set->tasks[task - b->status.tasks];
}

size_t board_owner_count(const struct board *b, const struct status_item *item) {
    if (!b->whole) {
        return 0;
    }
    if (item->charge != NULL) {
        return item->charge->count;
    }
    const struct kept_task *task = task_of(b, &item->item);
    return task == NULL ? 0 : task->responsible_count;
}

static const char *confidence_text(struct decimal d) {
    static const char *const tenths[] = {"0",   "0.1", "0.2", "0.3", "0.4", "0.5",
                                         "0.6", "0.7", "0.8", "0.9", "1"};
    struct decimal ten = decimal_of(10);
    for (int i = 10; i > 0; i--) {
        struct decimal scaled;
        if (decimal_mul(d, ten, &scaled) && decimal_cmp(scaled, decimal_of(i)) >= 0) {
            return tenths[i];
        }
    }
    return tenths[0];
}

struct board_owner board_owner(const struct board *b, const struct status_item *item, size_t i) {
    static const char *const roles[] = {
        [PART_NONE] = NULL, [PART_LEAD] = "lead", [PART_SUPPORT] = "support"};
    if (item->charge != NULL) {
        const struct charge *x = &item->charge->charges[i];
        return (struct board_owner){x->organisation, x->name, charge_role_name(x->role),
                                    "confirmed", "1"};
    }
    const struct responsible *x = &task_of(b, &item->item)->responsible[i];
    const struct organisation *o =
        organisation_find_name(b->organisations, x->name, strlen(x->name));
    return (struct board_owner){o == NULL ? NULL : o->code, x->name, roles[x->role],
                                x->source == OWNER_DOCUMENT ? "document" : "proposed",
                                confidence_text(x->confidence)};
}

/* ---- as JSON ---- */

static void put_span(struct json_out *j, const char *key, struct span s) {
    if (key != NULL) {
        json_key(j, key);
    }
    json_arr(j);
    json_int(j, s.from);
    json_int(j, s.to);
    json_arr_end(j);
}

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
    put_span(j, "span", x->span);
    json_key(j, "actions");
    json_arr(j);
    for (size_t k = 0; k < x->action_count; k++) {
        put_span(j, NULL, x->actions[k]);
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
    put_span(j, "span", x->span);
    json_put_str(j, "indicator", x->indicator);
    put_span(j, "indicator_span", x->indicator_span);
    if (x->number_span.to > 0) {
        put_span(j, "number_span", x->number_span);
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
    put_span(j, "span", m->span);
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
    put_span(j, "span", area->span);
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

static struct blob *write_board(const struct board *b) {
    struct buf body = BUF_INIT;
    struct json_out j;
    json_init(&j, &body, 0);
    put_board(&j, b);
    return blob_take(&body);
}

/* ---- sharing ---- */

struct board_shared *board_hold(struct board_shared *s) {
    int was = atomic_fetch_add_explicit(&s->holders, 1, memory_order_relaxed);
    assert(was > 0);
    return s;
}

void board_drop(struct board_shared *s) {
    /* What another holder read of it comes before it is freed. */
    if (s != NULL && atomic_fetch_sub_explicit(&s->holders, 1, memory_order_acq_rel) == 1) {
        blob_drop(s->json);
        arena_fini(&s->arena);
        free(s);
    }
}

/* Loads the board and writes it; the caller is its first holder. */
static enum code share(const struct call *c, struct tx *tx, const struct board *empty,
                       struct board_shared **out, struct err *err) {
    struct board_shared *s = mem_alloc(sizeof *s);
    *s = (struct board_shared){.arena = ARENA_INIT, .board = *empty};
    atomic_init(&s->holders, 1);
    struct from f = {c->api, tx, &s->arena};
    enum code code = load(&f, &s->board, err);
    if (code != OK) {
        board_drop(s);
        return code;
    }
    s->json = write_board(&s->board);
    *out = s;
    return OK;
}

static struct board_key key_of(const struct call *c, const struct tx *tx,
                               const struct board_question *question) {
    bool whole = access_may(&c->who, ACTION_PROGRESS_READ) != GRANT_NONE;
    return (struct board_key){.plan = question->plan,
                              .line = question->then ? question->line : journal_head(tx)->seq,
                              .day = question->day,
                              .today = call_today(c),
                              .then = question->then,
                              .whole = whole};
}

enum code board_find(struct call *c, struct tx *tx, const struct board_question *question,
                     const struct board **out, struct err *err) {
    struct board_key key = key_of(c, tx, question);
    struct board_shared *s = board_cache_find(c->api->boards, &key);
    enum code code = OK;
    assert(c->board == NULL);
    if (s == NULL) {
        struct board empty = {.question = *question, .whole = key.whole};
        code = share(c, tx, &empty, &s, err);
        board_cache_put(c->api->boards, &key, s);
    }
    if (code == OK) {
        c->board = s;
        *out = &s->board;
    }
    return code;
}

/* ---- the answer ---- */

static void name_tag(const struct board_key *k, char to[TAG_MAX]) {
    snprintf(to, TAG_MAX, "%lld-%lld-%d-%d-%c%c", (long long)k->plan, (long long)k->line,
             (int)k->day, (int)k->today, k->then ? 't' : 'n', k->whole ? 'w' : 'p');
}

static void give(struct call *c, const struct board_shared *s) {
    c->response->blob = blob_hold(s->json);
    c->response->type = "application/json";
}

static bool is_not_modified(struct call *c, const struct board_key *key) {
    char tag[TAG_MAX];
    name_tag(key, tag);
    return call_not_modified(c, tag);
}

bool api_board_ready(struct call *c, struct tx *tx) {
    struct board_question question;
    if (board_ask(c, tx, &question, NULL) != OK) {
        return false;
    }
    struct board_key key = key_of(c, tx, &question);
    if (is_not_modified(c, &key)) {
        return true;
    }
    struct board_shared *s = board_cache_peek(c->api->boards, &key);
    if (s == NULL) {
        http_response_clear(c->response);
        return false;
    }
    give(c, s);
    board_drop(s);
    return true;
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct board_question question;
    const struct board *board;
    (void)data;
    enum code code = board_ask(c, tx, &question, err);
    if (code != OK) {
        return code;
    }
    struct board_key key = key_of(c, tx, &question);
    if (is_not_modified(c, &key)) {
        return OK;
    }
    code = board_find(c, tx, &question, &board, err);
    if (code == OK) {
        give(c, c->board);
    }
    return code;
}

enum code api_board_get(struct call *c, struct err *err) {
    return call_read(c, get, NULL, err);
}
