/* charge: see charge.h. */
#include "track/charge.h"

#include <string.h>

#include "base/json.h"
#include "store/journal.h"
#include "track/charge_int.h"
#include "track/plain_int.h"

const char *charge_role_name(enum charge_role role) {
    return role == CHARGE_LEAD ? "lead" : "support";
}

/* ---- what is asked ---- */

static const struct plain_rule name_rule = {"a name in charge", 1, CHARGE_NAME_MAX, false};
static const struct plain_rule code_rule = {"an organisation's code", 1, CHARGE_NAME_MAX, false};
static const struct plain_rule note_rule = {"a note", 0, CHARGE_NOTE_MAX, true};

static enum code check_entry(const struct charge_request *r, size_t at, struct err *err) {
    const struct charge *c = &r->charges[at];
    enum code code = plain_check(&name_rule, c->name, err);
    if (code == OK && c->organisation != NULL) {
        code = plain_check(&code_rule, c->organisation, err);
    }
    for (size_t i = 0; code == OK && i < at; i++) {
        const struct charge *d = &r->charges[i];
        bool same_code = c->organisation != NULL && d->organisation != NULL &&
                         strcmp(c->organisation, d->organisation) == 0;
        if (same_code || strcmp(c->name, d->name) == 0) {
            code = err_set(err, E_INPUT, "\"%.90s\" is in charge twice", c->name);
        }
    }
    return code;
}

static enum code check_request(const struct charge_request *r, struct err *err) {
    size_t leads = 0;
    if (r->count < 1 || r->count > CHARGE_MAX) {
        return err_set(err, E_INPUT, "1 to %d are in charge of an item, not %zu", CHARGE_MAX,
                       r->count);
    }
    enum code code = plain_check(&note_rule, r->note, err);
    for (size_t i = 0; code == OK && i < r->count; i++) {
        code = check_entry(r, i, err);
        leads += r->charges[i].role == CHARGE_LEAD;
    }
    if (code == OK && leads == 0) {
        code = err_set(err, E_INPUT, "nobody of those in charge leads");
    }
    return code;
}

/* ---- what was proposed ---- */

static bool is_proposed(const struct charge *c, const struct responsible *who, size_t count) {
    for (size_t i = 0; i < count; i++) {
        enum charge_role role = who[i].role == PART_LEAD ? CHARGE_LEAD : CHARGE_SUPPORT;
        if (strcmp(who[i].name, c->name) == 0 && (who[i].role == PART_NONE || role == c->role)) {
            return true;
        }
    }
    return false;
}

/* Names stand once on each side, so the same number, and each of ours among theirs, is the same
 * set. */
static bool is_confirmed(const struct charge_request *r, const struct kept_task *task) {
    bool same = r->count == task->responsible_count;
    for (size_t i = 0; same && i < r->count; i++) {
        same = is_proposed(&r->charges[i], task->responsible, task->responsible_count);
    }
    return same;
}

/* The task whose proposal counts; one without any where a target has no task. */
static enum code find_proposal(struct tx *tx, const struct item *item, struct arena *a,
                               struct kept_task *out, struct err *err) {
    struct kept_target target = {.task = item->number};
    enum code code = OK;
    *out = (struct kept_task){.number = 0};
    if (item->sort == KEPT_TARGET) {
        code = kept_find_target(tx, item->plan, item->number, a, &target, err);
    }
    return code == OK && target.task != 0 ? kept_find_task(tx, item->plan, target.task, a, out, err)
                                          : code;
}

/* ---- the line ---- */

static void put_payload(struct json_out *j, const struct charge_request *r) {
    json_obj(j);
    json_key(j, "owners");
    json_arr(j);
    for (size_t i = 0; i < r->count; i++) {
        json_obj(j);
        json_put_str(j, "organisation", r->charges[i].organisation);
        json_put_str(j, "name", r->charges[i].name);
        json_put_str(j, "role", charge_role_name(r->charges[i].role));
        json_obj_end(j);
    }
    json_arr_end(j);
    json_put_str(j, "note", r->note);
    json_obj_end(j);
}

static enum code add_line(struct tx *tx, const struct charge_request *r, const char *kind,
                          int64_t *line, struct err *err) {
    char subject[ITEM_SUBJECT_MAX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    put_payload(&j, r);
    struct journal_entry entry = {r->actor, item_subject(&r->item, subject), kind, payload.data};
    enum code code = journal_add(tx, &entry, line, err);
    buf_fini(&payload);
    return code;
}

enum code charge_put(struct tx *tx, const struct charge_request *request, int64_t *line,
                     struct err *err) {
    struct arena a = ARENA_INIT;
    struct kept_task proposal;
    int64_t at = 0;
    enum code code = check_request(request, err);
    if (code == OK) {
        code = item_check(tx, &request->item, request->seen, err);
    }
    if (code == OK) {
        code = find_proposal(tx, &request->item, &a, &proposal, err);
    }
    if (code == OK) {
        bool same = is_confirmed(request, &proposal);
        code = add_line(tx, request, same ? "owner.confirmed" : "owner.changed", &at, err);
    }
    if (code == OK) {
        code = charge_db_put(tx, request, at, err);
    }
    if (code == OK) {
        *line = at;
    }
    arena_fini(&a);
    return code;
}
