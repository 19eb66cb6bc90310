/* ruling: see ruling.h. What a person decides; ruling_propose.c is what is laid before them, the
 * statements are in ruling_db.c. */
#include "track/ruling.h"

#include <assert.h>

#include "base/json.h"
#include "plan/write.h"
#include "store/hex.h"
#include "store/journal.h"
#include "track/ruling_int.h"
#include "track/said_int.h"

/* ---- the line ---- */

static void put_proposal(struct json_out *j, const struct ruling *r) {
    json_key(j, "proposed");
    if (!r->had_proposal) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_str(j, "verdict", verdict_name(r->proposed.verdict));
    json_put_str(j, "why", r->proposed.why);
    json_put_str(j, "why_en", r->proposed.why_en);
    json_obj_end(j);
}

static void put_outcome(struct json_out *j, const struct ruling_outcome *o) {
    char hex[2 * SHA256_BYTES + 1];
    json_key(j, "outcome");
    if (o->plan == 0) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_put_int(j, "plan", o->plan);
    json_put_str(j, "sha256", hex_text(o->sha256, SHA256_BYTES, hex));
    json_put_str(j, "text", o->text);
    write_span(j, "span", o->span);
    json_put_str(j, "value", o->value);
    json_put_str(j, "unit", o->unit);
    json_obj_end(j);
}

/* `before` is the decision that is superseded; its line is 0 where there is none. */
static enum code add_line(struct tx *tx, const struct item *item, const struct ruling *before,
                          struct ruling *r, struct err *err) {
    char subject[ITEM_SUBJECT_MAX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_str(&j, "verdict", verdict_name(r->verdict));
    json_put_str(&j, "note", r->note);
    json_put_str(&j, "before", before->line == 0 ? NULL : verdict_name(before->verdict));
    put_proposal(&j, r);
    put_outcome(&j, &r->proposed.outcome);
    json_obj_end(&j);
    struct journal_entry line = {r->actor, item_subject(item, subject),
                                 before->line == 0 ? "verdict.confirmed" : "verdict.changed",
                                 payload.data};
    enum code code = journal_add(tx, &line, &r->line, err);
    buf_fini(&payload);
    return code;
}

/* ---- deciding ---- */

/* Takes over what is proposed for the target now, if anything is. */
static enum code take_proposal(struct tx *tx, struct ruling_cache *cache,
                               const struct ruling_request *request, struct arena *a,
                               struct ruling *r, struct err *err) {
    struct ruling_question question = {.plan = request->item.plan,
                                       .outcomes = request->outcomes,
                                       .outcome_count = request->outcome_count,
                                       .as_of = INT64_MAX};
    struct ruling_proposal *all;
    size_t count;
    enum code code = ruling_propose(tx, cache, &question, a, &all, &count, err);
    for (size_t i = 0; code == OK && i < count; i++) {
        if (all[i].target == r->target) {
            r->had_proposal = true;
            r->proposed = all[i];
        }
    }
    return code;
}

static enum code confirm(struct tx *tx, struct ruling_cache *cache,
                         const struct ruling_request *request, struct arena *a, int64_t *line,
                         struct err *err) {
    struct ruling before;
    struct ruling r = {.target = request->item.number,
                       .time_ms = tx_now_ms(tx),
                       .actor = request->actor,
                       .verdict = request->verdict,
                       .note = request->note == NULL ? "" : request->note};
    enum code code = item_check(tx, &request->item, request->seen, err);
    if (code == OK) {
        code = take_proposal(tx, cache, request, a, &r, err);
    }
    if (code == OK) {
        code = ruling_db_find(tx, &request->item, a, &before, err);
    }
    if (code == OK) {
        code = add_line(tx, &request->item, &before, &r, err);
    }
    if (code == OK) {
        code = ruling_db_add(tx, &request->item, &r, err);
    }
    if (code == OK) {
        *line = r.line;
    }
    return code;
}

enum code ruling_confirm(struct tx *tx, struct ruling_cache *cache,
                         const struct ruling_request *request, int64_t *line, struct err *err) {
    struct arena a = ARENA_INIT;
    assert(request->item.sort == KEPT_TARGET);
    enum code code = said_check("the note", request->note, 0, err);
    if (code == OK) {
        code = confirm(tx, cache, request, &a, line, err);
    }
    arena_fini(&a);
    return code;
}
