/* slip: see slip.h. What is decided here: what may be done in which state, when a slip is due, what
 * the journal says. The statements are in slip_db.c. */
#include "track/slip.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "base/json.h"
#include "city/term.h"
#include "store/hex.h"
#include "store/journal.h"
#include "track/said_int.h"
#include "track/slip_int.h"

enum { KIND_MAX = 32 };

const enum slip_state slip_state_after[SLIP_ACTS] = {
    [SLIP_ISSUE] = SLIP_OPEN,  [SLIP_ANSWER] = SLIP_ANSWERED,    [SLIP_ACCEPT] = SLIP_CLOSED,
    [SLIP_RETURN] = SLIP_OPEN, [SLIP_WITHDRAW] = SLIP_WITHDRAWN,
};

/* The states in which each act may be done, as bits. */
static const unsigned allowed_in[SLIP_ACTS] = {
    [SLIP_ISSUE] = 0,
    [SLIP_ANSWER] = 1 << SLIP_OPEN,
    [SLIP_ACCEPT] = 1 << SLIP_ANSWERED,
    [SLIP_RETURN] = 1 << SLIP_ANSWERED,
    [SLIP_WITHDRAW] = 1 << SLIP_OPEN | 1 << SLIP_ANSWERED,
};

const char *slip_state_name(enum slip_state state) {
    static const char *const names[SLIP_STATES] = {"open", "answered", "closed", "withdrawn"};
    return names[state];
}

const char *slip_act_name(enum slip_act act) {
    static const char *const names[SLIP_ACTS] = {"issued", "answered", "accepted", "returned",
                                                 "withdrawn"};
    return names[act];
}

const char *slip_subject(int64_t slip, char to[SLIP_SUBJECT_MAX]) {
    snprintf(to, SLIP_SUBJECT_MAX, "slip/%" PRId64, slip);
    return to;
}

bool slip_is_overdue(const struct slip *slip, int32_t today) {
    return slip->state == SLIP_OPEN && today > slip->due;
}

/* ---- the due day ---- */

static enum code check_days(int days, struct err *err) {
    if (days < 1 || days > SLIP_DAYS_MAX) {
        return err_set(err, E_INPUT, "cannot give a term of %d working days: 1 to %d are taken",
                       days, SLIP_DAYS_MAX);
    }
    return OK;
}

/* The last of `days` working days behind today in Beijing. */
static enum code due_day(struct tx *tx, const struct calendar *calendar, int days, int32_t *due,
                         struct err *err) {
    struct term_end end;
    int32_t today;
    enum code code = check_days(days, err);
    if (code == OK) {
        code = date_of_moment(tx_now_ms(tx), DATE_BEIJING_OFFSET_S, &today, err);
    }
    if (code == OK) {
        code = term_end(calendar, today, (struct term){days, TERM_WORKDAYS}, &end, err);
    }
    if (code == OK) {
        *due = end.last;
    }
    return code;
}

/* ---- the line ---- */

static void put_due(struct json_out *j, int32_t due) {
    char text[DATE_TEXT_MAX];
    json_put_str(j, "due", date_text(due, text));
}

static void put_issue(struct json_out *j, const struct slip_request *r, int32_t due) {
    json_put_str(j, "organisation", r->organisation);
    json_put_str(j, "name", r->name);
    json_put_str(j, "demand", r->demand);
    json_put_int(j, "days", r->days);
    put_due(j, due);
    json_put_str(j, "why", r->why);
    json_put_str(j, "why_en", r->why_en);
}

static void put_files(struct json_out *j, const struct slip_step *step) {
    char hex[2 * SHA256_BYTES + 1];
    json_key(j, "files");
    json_arr(j);
    for (size_t i = 0; i < step->file_count; i++) {
        json_str(j, hex_text(step->files[i], SHA256_BYTES, hex));
    }
    json_arr_end(j);
}

static void put_step(struct json_out *j, const struct slip_step *step) {
    json_put_str(j, "text", step->text);
    if (step->act == SLIP_ANSWER) {
        put_files(j, step);
    }
    if (step->act == SLIP_RETURN) {
        json_key(j, "days");
        if (step->days == 0) {
            json_null(j);
        } else {
            json_int(j, step->days);
        }
        put_due(j, step->due);
    }
}

/* Adds the line of a step and then its row, which bears the line's number. `request` is NULL for
 * all but the issue. */
static enum code add(struct tx *tx, const struct slip *slip, const struct slip_request *request,
                     struct slip_step *step, struct err *err) {
    char item[ITEM_SUBJECT_MAX];
    char subject[SLIP_SUBJECT_MAX];
    char kind[KIND_MAX];
    struct buf payload = BUF_INIT;
    struct json_out j;
    json_init(&j, &payload, 0);
    json_obj(&j);
    json_put_int(&j, "slip", slip->slip);
    json_put_str(&j, "item", item_subject(&slip->item, item));
    if (request != NULL) {
        put_issue(&j, request, step->due);
    } else {
        put_step(&j, step);
    }
    json_obj_end(&j);
    snprintf(kind, sizeof kind, "slip.%s", slip_act_name(step->act));
    struct journal_entry line = {step->actor, slip_subject(slip->slip, subject), kind,
                                 payload.data};
    enum code code = journal_add(tx, &line, &step->line, err);
    buf_fini(&payload);
    return code == OK ? slip_db_add_step(tx, slip->slip, step, err) : code;
}

/* ---- issuing ---- */

static enum code check_request(const struct slip_request *r, struct err *err) {
    const struct {
        const char *what, *text;
    } all[] = {
        {"the demand", r->demand}, {"the reason", r->why}, {"the reason in English", r->why_en}};
    enum code code = said_check_name("the slip's organisation", r->organisation, err);
    if (code == OK) {
        code = said_check_name("the organisation's name", r->name, err);
    }
    for (size_t i = 0; code == OK && i < sizeof all / sizeof all[0]; i++) {
        code = said_check(all[i].what, all[i].text, 1, err);
    }
    return code;
}

/* E_CONFLICT where the item has a slip that is open or answered. */
static enum code check_unsettled(struct tx *tx, const struct item *item, struct err *err) {
    struct arena a = ARENA_INIT;
    struct slip *all;
    size_t count;
    enum code code = slip_list_of_item(tx, item, INT64_MAX, &a, &all, &count, err);
    for (size_t i = 0; code == OK && i < count; i++) {
        if (SLIP_UNSETTLED & 1 << all[i].state) {
            code = err_set(err, E_CONFLICT,
                           "cannot issue a slip for %s %" PRId64 " of plan %" PRId64
                           ": its slip %" PRId64 " is %s",
                           kept_sort_name(item->sort), item->number, item->plan, all[i].slip,
                           slip_state_name(all[i].state));
        }
    }
    arena_fini(&a);
    return code;
}

enum code slip_issue(struct tx *tx, const struct calendar *calendar,
                     const struct slip_request *request, int64_t *slip, int64_t *line,
                     struct err *err) {
    struct slip one = {.item = request->item};
    struct slip_step step = {.time_ms = tx_now_ms(tx),
                             .actor = request->actor,
                             .act = SLIP_ISSUE,
                             .text = "",
                             .days = request->days};
    int64_t version;
    enum code code = check_request(request, err);
    if (code == OK) {
        code = due_day(tx, calendar, request->days, &step.due, err);
    }
    if (code == OK) {
        code = item_version(tx, &request->item, &version, err);
    }
    if (code == OK) {
        code = check_unsettled(tx, &request->item, err);
    }
    if (code == OK) {
        code = slip_db_add(tx, request, &one.slip, err);
    }
    if (code == OK) {
        code = add(tx, &one, request, &step, err);
    }
    if (code == OK) {
        *slip = one.slip;
        *line = step.line;
    }
    return code;
}

/* ---- the steps behind it ---- */

static enum code check_change(const struct slip_change *c, struct err *err) {
    bool may_be_silent = c->act == SLIP_ACCEPT;
    assert(c->act != SLIP_ISSUE);
    assert(c->act == SLIP_ANSWER || c->file_count == 0);
    assert(c->act == SLIP_RETURN || c->days == 0);
    if (c->file_count > SLIP_FILES_MAX) {
        return err_set(err, E_LIMIT, "cannot answer slip %" PRId64 " with %zu files: at most %d",
                       c->slip, c->file_count, SLIP_FILES_MAX);
    }
    return said_check("the text", c->text, may_be_silent ? 0 : 1, err);
}

/* Whether the slip is as the actor saw it, and the act fits its state. */
static enum code check_state(const struct slip *slip, const struct slip_change *c,
                             struct err *err) {
    if (slip->version != c->seen) {
        return err_set(err, E_CONFLICT,
                       "slip %" PRId64 " is now at version %" PRId64
                       ", the change was made to version %" PRId64,
                       slip->slip, slip->version, c->seen);
    }
    if (!(allowed_in[c->act] & 1u << slip->state)) {
        return err_set(err, E_INPUT, "cannot have slip %" PRId64 " %s: it is %s", slip->slip,
                       slip_act_name(c->act), slip_state_name(slip->state));
    }
    return OK;
}

static enum code take_step(struct tx *tx, const struct calendar *calendar, const struct slip *slip,
                           const struct slip_change *c, int64_t *line, struct err *err) {
    struct slip_step step = {.time_ms = tx_now_ms(tx),
                             .actor = c->actor,
                             .act = c->act,
                             .text = c->text == NULL ? "" : c->text,
                             .days = c->days,
                             .due = slip->due,
                             .files = c->files,
                             .file_count = c->file_count};
    enum code code = check_state(slip, c, err);
    if (code == OK && c->days != 0) {
        code = due_day(tx, calendar, c->days, &step.due, err);
    }
    if (code == OK) {
        code = add(tx, slip, NULL, &step, err);
    }
    if (code == OK) {
        *line = step.line;
    }
    return code;
}

enum code slip_add_step(struct tx *tx, const struct calendar *calendar,
                        const struct slip_change *change, int64_t *line, struct err *err) {
    struct arena a = ARENA_INIT;
    struct slip slip;
    enum code code = check_change(change, err);
    if (code == OK) {
        code = slip_find(tx, change->slip, INT64_MAX, &a, &slip, err);
    }
    if (code == OK) {
        code = take_step(tx, calendar, &slip, change, line, err);
    }
    arena_fini(&a);
    return code;
}
