/* plan: the plans that are kept: which, their texts, loading another, the page to print. */
#include "api/plan_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "plan/report.h"
#include "plan/verdict.h"
#include "store/hex.h"
#include "text/document.h"
#include "track/kept.h"

/* ---- which there are ---- */

void plan_put(struct json_out *j, const struct kept_plan *p) {
    json_obj(j);
    json_put_int(j, "plan", p->plan);
    json_put_int(j, "year", p->document.year);
    json_put_str(j, "title", p->document.title);
    json_put_str(j, "issuer", p->document.issuer);
    json_put_str(j, "issued", p->document.issued);
    json_put_int(j, "areas", (int64_t)p->areas);
    json_put_int(j, "measures", (int64_t)p->measures);
    json_put_int(j, "tasks", (int64_t)p->tasks);
    json_put_int(j, "targets", (int64_t)p->targets);
    json_put_int(j, "line", p->document.from);
    call_put_time(j, "loaded", p->document.time_ms);
    json_obj_end(j);
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct kept_plan *plans;
    size_t count;
    (void)data;
    enum code code = kept_list(tx, c->arena, &plans, &count, err);
    if (code != OK) {
        return code;
    }
    struct json_out *j = call_list(c);
    for (size_t i = 0; i < count; i++) {
        plan_put(j, &plans[i]);
    }
    call_list_end(c);
    return OK;
}

enum code api_plan_list(struct call *c, struct err *err) {
    return call_read(c, list, NULL, err);
}

/* ---- its text ---- */

static enum code load_text(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct kept_document *document = data;
    int64_t plan;
    enum code code = call_number(c, "plan", &plan, err);
    return code == OK ? kept_find_document(tx, plan, INT64_MAX, c->arena, document, err) : code;
}

enum code api_plan_document(struct call *c, struct err *err) {
    struct kept_document d;
    char tag[2 * SHA256_BYTES + 1];
    enum code code = call_read(c, load_text, &d, err);
    if (code != OK) {
        return code;
    }
    if (!call_not_modified(c, hex_text(d.sha256, SHA256_BYTES, tag))) {
        c->response->type = "text/plain; charset=utf-8";
        buf_add(&c->response->body, d.text, d.len);
    }
    return OK;
}

/* ---- loading one ---- */

struct load {
    struct reading reading;
    struct kept_request request;
    struct kept_answer answer;
};

/* What a correction would change, as a problem with members of its own (RFC 9457, 3.2). */
static void put_correction(struct call *c, const struct kept_answer *answer) {
    struct json_out *j = call_json(c);
    c->response->status = 409;
    c->response->type = "application/problem+json";
    json_obj(j);
    json_put_str(j, "type", "/problems/correction");
    json_put_str(j, "title", "Correction");
    json_put_int(j, "status", 409);
    json_put_str(j, "detail",
                 "another text of this plan is kept: look at the changes, then send it again with "
                 "confirm");
    json_put_int(j, "plan", answer->plan);
    json_put_int(j, "line", answer->line);
    json_key(j, "changes");
    json_arr(j);
    for (size_t i = 0; i < answer->change_count; i++) {
        kept_put_change(j, &answer->changes[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void put_answer(struct call *c, const struct kept_answer *answer) {
    static const char *const words[] = {
        [KEPT_LOADED] = "loaded", [KEPT_SAME] = "unchanged", [KEPT_REVISED] = "revised"};
    if (answer->result == KEPT_CORRECTED) {
        put_correction(c, answer);
        return;
    }
    c->response->status = answer->result == KEPT_LOADED ? 201 : 200;
    struct json_out *j = call_json(c);
    json_obj(j);
    json_put_str(j, "result", words[answer->result]);
    json_put_int(j, "plan", answer->plan);
    json_put_int(j, "line", answer->line);
    json_obj_end(j);
}

static enum code keep(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct load *load = data;
    enum code code = kept_add(tx, &load->request, c->arena, &load->answer, err);
    if (code == OK) {
        put_answer(c, &load->answer);
    }
    return code;
}

/* The file's name stands before what is wrong with it, as on the command line. */
static enum code read_upload(struct call *c, const char *name, struct reading *out,
                             struct err *err) {
    struct document doc;
    enum code code =
        document_parse(name, c->request->body, c->request->body_len, c->arena, &doc, err);
    if (code == OK) {
        code = reader_read(c->api->reader, &doc, c->arena, out, err);
    }
    err_prefix(err, name);
    return code;
}

enum code api_plan_load(struct call *c, struct err *err) {
    const char *name = call_query(c, "name");
    struct load load = {.request = {.actor = c->actor}};
    if (name == NULL || name[0] == '\0') {
        return err_set(err, E_INPUT, "say the file's name: ?name=");
    }
    enum code code =
        call_query_int(c, "confirm", (struct json_range){1, INT64_MAX}, &load.request.against, err);
    if (code == OK) {
        code = read_upload(c, name, &load.reading, err);
    }
    load.request.reading = &load.reading;
    load.request.confirmed = load.request.against != 0;
    return code == OK ? call_change(c, keep, &load, err) : code;
}

/* ---- the page to print ---- */

/* Reads a kept text with the grammar of today. */
static enum code read_again(struct call *c, const struct kept_document *d, struct reading *out,
                            struct err *err) {
    struct document doc = {DOCUMENT_TEXT, d->name, d->title, d->text, d->len};
    return reader_read(c->api->reader, &doc, c->arena, out, err);
}

struct report {
    struct kept_document document;
    struct kept_document *outcomes;
    size_t outcome_count;
};

static enum code load_report(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct report *r = data;
    int64_t plan;
    int64_t *found = NULL;
    enum code code = call_number(c, "plan", &plan, err);
    if (code == OK) {
        code = kept_find_document(tx, plan, INT64_MAX, c->arena, &r->document, err);
    }
    /* What the page holds it against is not decided by anybody: that is for officials. */
    bool whole = access_may(&c->who, ACTION_PROGRESS_READ) != GRANT_NONE;
    if (code == OK && whole) {
        code = ruling_outcomes(tx, plan, INT64_MAX, c->arena, &found, &r->outcome_count, err);
    }
    r->outcomes = arena_zero(c->arena, (r->outcome_count + 1) * sizeof *r->outcomes);
    for (size_t i = 0; code == OK && i < r->outcome_count; i++) {
        code = kept_find_document(tx, found[i], INT64_MAX, c->arena, &r->outcomes[i], err);
    }
    return code;
}

static enum code write_report(struct call *c, const struct report *r, struct err *err) {
    struct reading plan;
    struct reading *outcomes = arena_zero(c->arena, (r->outcome_count + 1) * sizeof *outcomes);
    struct judgement *judgements = NULL;
    size_t count = 0;
    enum code code = read_again(c, &r->document, &plan, err);
    for (size_t i = 0; code == OK && i < r->outcome_count; i++) {
        code = read_again(c, &r->outcomes[i], &outcomes[i], err);
    }
    if (code != OK) {
        return code;
    }
    if (r->outcome_count > 0) {
        plan_reconcile(&plan, outcomes, r->outcome_count, c->arena, &judgements, &count);
    }
    c->response->type = "text/html; charset=utf-8";
    /* a page of its own: its script cannot reach the session of whoever looks at it */
    http_set_header(c->response, "Content-Security-Policy", "sandbox allow-scripts allow-modals");
    report_write(&plan, outcomes, r->outcome_count, judgements, count, &c->response->body);
    return OK;
}

enum code api_plan_report(struct call *c, struct err *err) {
    struct report r = {.outcome_count = 0};
    enum code code = call_read(c, load_report, &r, err);
    return code == OK ? write_report(c, &r, err) : code;
}
