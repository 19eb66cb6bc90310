/* board: a whole plan as it stands on a day, in one answer: the page needs all of it at once, to
 * filter and to search without asking again. Loaded and written once for all who look. */
#include "api/board_int.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
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
    s->json = board_write(&s->board);
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
