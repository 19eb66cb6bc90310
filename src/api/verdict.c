/* verdict: what became of the targets of a plan: what later documents report, and what a person
 * confirmed. */
#include "api/verdict_int.h"

#include <string.h>

#include "api/api_int.h"
#include "plan/write.h"
#include "track/kept.h"

enum { TEXT_BYTES_MAX = 8192 };

/* ---- as JSON ---- */

static void put_outcome(struct json_out *j, const struct ruling_outcome *o) {
    json_key(j, "outcome");
    if (o->plan == 0) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_int(j, "plan", o->plan);
    json_put_str(j, "text", o->text);
    write_span(j, "span", o->span);
    json_put_str(j, "value", o->value);
    json_put_str(j, "unit", o->unit);
    json_obj_end(j);
}

static void put_proposal(struct json_out *j, const struct ruling_proposal *p) {
    json_key(j, "proposed");
    if (p == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_str(j, "verdict", verdict_name(p->verdict));
    json_put_str(j, "why", p->why);
    json_put_str(j, "why_en", p->why_en);
    put_outcome(j, &p->outcome);
    json_obj_end(j);
}

static void put_ruling(struct call *c, struct tx *tx, struct json_out *j, const struct ruling *r) {
    json_key(j, "confirmed");
    if (r == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_str(j, "verdict", verdict_name(r->verdict));
    json_put_str(j, "note", r->note);
    json_put_str(j, "actor", r->actor);
    json_put_str(j, "actor_name", api_actor_name(tx, r->actor, c->arena));
    call_put_time(j, "time", r->time_ms);
    json_put_int(j, "line", r->line);
    json_obj_end(j);
}

void verdict_put(struct call *c, struct tx *tx, struct json_out *j, const struct board *b,
                 int64_t target) {
    json_obj(j);
    json_put_int(j, "target", target);
    put_proposal(j, board_proposal(b, target));
    put_ruling(c, tx, j, board_ruling(b, target));
    json_obj_end(j);
}

/* ---- the list ---- */

/* The plans among `all` whose number is in `ids`. */
static void put_outcomes(struct json_out *j, const struct kept_plan *all, size_t count,
                         const int64_t *ids, size_t id_count) {
    json_key(j, "outcomes");
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < id_count; k++) {
            if (all[i].plan == ids[k]) {
                json_obj(j);
                json_put_int(j, "plan", all[i].plan);
                json_put_int(j, "year", all[i].document.year);
                json_put_str(j, "title", all[i].document.title);
                json_obj_end(j);
            }
        }
    }
    json_arr_end(j);
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct board *b;
    struct board_question question;
    struct kept_plan *plans;
    size_t plan_count;
    int64_t *outcomes;
    size_t outcome_count;
    (void)data;
    enum code code = board_ask(c, tx, &question, err);
    if (code == OK) {
        code = board_find(c, tx, &question, &b, err);
    }
    if (code == OK) {
        code = kept_list(tx, c->arena, &plans, &plan_count, err);
    }
    if (code == OK) {
        code = ruling_outcomes(tx, question.plan, question.line, c->arena, &outcomes,
                               &outcome_count, err);
    }
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_json(c);
    json_obj(j);
    put_outcomes(j, plans, plan_count, outcomes, outcome_count);
    json_key(j, "items");
    json_arr(j);
    for (size_t i = 0; i < b->status.set.target_count; i++) {
        verdict_put(c, tx, j, b, b->status.set.targets[i].number);
    }
    json_arr_end(j);
    json_obj_end(j);
    return OK;
}

enum code api_verdict_list(struct call *c, struct err *err) {
    return call_read(c, list, NULL, err);
}

/* ---- confirming one ---- */

static enum code take_verdict(const struct json_value *body, enum verdict *out, struct err *err) {
    const char *name;
    enum code code = json_need_text(body, "verdict", TEXT_BYTES_MAX, &name, err);
    if (code != OK) {
        return code;
    }
    for (enum verdict v = 0; v < VERDICTS; v++) {
        if (strcmp(name, verdict_name(v)) == 0) {
            *out = v;
            return OK;
        }
    }
    return err_set(err, E_INPUT, "cannot take verdict \"%.40s\": there is none of that name", name);
}

/* Before the job, so that the comparison with later documents, which takes milliseconds, is made
 * while nobody waits for the writer. */
static enum code prepare(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct ruling_request *request = data;
    struct ruling_question question = {.plan = request->item.plan, .as_of = INT64_MAX};
    struct ruling_proposal *proposals;
    size_t count;
    int64_t *outcomes;
    enum code code = ruling_outcomes(tx, question.plan, question.as_of, c->arena, &outcomes,
                                     &question.outcome_count, err);
    if (code == OK) {
        question.outcomes = outcomes;
        code = ruling_propose(tx, c->api->rulings, &question, c->arena, &proposals, &count, err);
    }
    if (code == OK) {
        request->outcomes = question.outcomes;
        request->outcome_count = question.outcome_count;
    }
    return code;
}

static enum code confirm(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct ruling_request *request = data;
    int64_t line;
    enum code code = ruling_confirm(tx, c->api->rulings, request, &line, err);
    if (code == OK) {
        call_put_changed(c, line, 0);
    }
    return code;
}

enum code api_verdict_confirm(struct call *c, struct err *err) {
    static const char *const names[] = {"verdict", "note", NULL};
    const struct json_value *body;
    struct ruling_request request = {
        .actor = c->actor, .item = {.sort = KEPT_TARGET}, .seen = call_seen(c)};
    enum code code = call_number(c, "plan", &request.item.plan, err);
    if (code == OK) {
        code = call_number(c, "number", &request.item.number, err);
    }
    if (code == OK) {
        code = call_body(c, names, &body, err);
    }
    if (code == OK) {
        code = take_verdict(body, &request.verdict, err);
    }
    if (code == OK) {
        code = json_take_text(body, "note", TEXT_BYTES_MAX, &request.note, err);
    }
    if (code == OK) {
        code = call_read(c, prepare, &request, err);
    }
    return code == OK ? call_change(c, confirm, &request, err) : code;
}
