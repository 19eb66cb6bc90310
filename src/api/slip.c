/* slip: supervision slips: a list for whoever supervises or has to answer, one with its steps, and
 * the steps themselves. Issuing one is in item.c, where the item is. */
#include "api/slip_int.h"

#include "track/slip.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/file_int.h"
#include "base/date.h"

enum { LIMIT = 100, LIMIT_MAX = 1000, TEXT_BYTES_MAX = 8192 };

/* ---- as JSON ---- */

static void put_step(struct call *c, struct tx *tx, struct json_out *j,
                     const struct slip_step *step) {
    struct file_list files = {step->files, step->file_count};
    json_obj(j);
    json_put_str(j, "kind", slip_act_name(step->act));
    json_put_str(j, "text", step->text);
    file_put_list(c, tx, j, &files);
    json_put_str(j, "actor", step->actor);
    json_put_str(j, "actor_name", api_actor_name(tx, step->actor, c->arena));
    call_put_time(j, "time", step->time_ms);
    json_put_int(j, "line", step->line);
    json_obj_end(j);
}

static int32_t day_of(int64_t time_ms) {
    int32_t day = 0;
    (void)date_of_moment(time_ms, DATE_BEIJING_OFFSET_S, &day, NULL);
    return day;
}

/* What the item says now; NULL where a correction took it out of the plan. */
static const char *item_text(struct call *c, struct tx *tx, const struct item *item) {
    struct kept_task task;
    struct kept_target target;
    if (item->sort == KEPT_TASK) {
        return kept_find_task(tx, item->plan, item->number, c->arena, &task, NULL) == OK ? task.text
                                                                                         : NULL;
    }
    return kept_find_target(tx, item->plan, item->number, c->arena, &target, NULL) == OK
               ? target.text
               : NULL;
}

void slip_put(struct call *c, struct tx *tx, struct json_out *j, const struct slip *s) {
    json_obj(j);
    json_put_int(j, "id", s->slip);
    json_put_int(j, "plan", s->item.plan);
    json_put_str(j, "of", kept_sort_name(s->item.sort));
    json_put_int(j, "number", s->item.number);
    json_put_str(j, "item_text", item_text(c, tx, &s->item));
    json_put_str(j, "organisation", s->organisation);
    json_put_str(j, "organisation_name", s->name);
    json_put_str(j, "demand", s->demand);
    json_put_str(j, "why", s->why);
    json_put_str(j, "why_en", s->why_en);
    call_put_day(j, "issued", day_of(s->issued_ms));
    call_put_day(j, "due", s->due);
    json_put_str(j, "state", slip_state_name(s->state));
    json_put_bool(j, "overdue", slip_is_overdue(s, call_today(c)));
    json_put_int(j, "version", s->version);
    json_key(j, "steps");
    json_arr(j);
    for (size_t i = 0; i < s->step_count; i++) {
        put_step(c, tx, j, &s->steps[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

/* ---- the list ---- */

struct page {
    struct slip_filter filter;
    int64_t limit;
};

static void put_page(struct call *c, struct tx *tx, const struct slip *slips, size_t count,
                     bool more) {
    struct json_out *j = call_json(c);
    char next[24];
    json_obj(j);
    json_key(j, "items");
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        slip_put(c, tx, j, &slips[i]);
    }
    json_arr_end(j);
    snprintf(next, sizeof next, "%" PRId64, count == 0 ? 0 : slips[count - 1].slip);
    json_put_str(j, "next", more ? next : NULL);
    json_obj_end(j);
}

static enum code list(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct page *page = data;
    struct slip *slips;
    size_t count;
    enum code code = slip_list(tx, &page->filter, c->arena, &slips, &count, err);
    if (code == OK) {
        put_page(c, tx, slips, count, count == page->filter.limit);
    }
    return code;
}

static enum code take_filter(struct call *c, struct page *page, struct err *err) {
    int state = -1;
    int mine = -1;
    enum code code = call_query_word(c, "state", "open|answered|closed|withdrawn", &state, err);
    if (code == OK) {
        code = call_query_word(c, "mine", "1", &mine, err);
    }
    if (code == OK) {
        code =
            call_query_int(c, "plan", (struct json_range){1, INT64_MAX}, &page->filter.plan, err);
    }
    if (code == OK) {
        code =
            call_query_int(c, "after", (struct json_range){0, INT64_MAX}, &page->filter.after, err);
    }
    if (code == OK) {
        code = call_query_int(c, "limit", (struct json_range){1, LIMIT_MAX}, &page->limit, err);
    }
    page->filter.states = state < 0 ? 0 : 1u << state;
    page->filter.limit = (size_t)page->limit;
    if (mine >= 0 || c->grant == GRANT_OWN) {
        api_own_codes(c, &page->filter.organisations, &page->filter.organisation_count);
    }
    return code;
}

/* Nobody's slips are of an organisation that nobody has. */
static bool asks_for_none(const struct call *c, const struct page *page) {
    bool own = call_query(c, "mine") != NULL || c->grant == GRANT_OWN;
    return own && page->filter.organisation_count == 0;
}

enum code api_slip_list(struct call *c, struct err *err) {
    struct page page = {.limit = LIMIT};
    enum code code = take_filter(c, &page, err);
    if (code != OK) {
        return code;
    }
    if (asks_for_none(c, &page)) {
        put_page(c, NULL, NULL, 0, false);
        return OK;
    }
    return call_read(c, list, &page, err);
}

/* ---- one ---- */

/* E_DENIED where it is somebody else's and the grant is for one's own. */
static enum code find(struct call *c, struct tx *tx, struct slip *out, struct err *err) {
    int64_t id;
    enum code code = call_number(c, "id", &id, err);
    if (code == OK) {
        code = slip_find(tx, id, INT64_MAX, c->arena, out, err);
    }
    if (code == OK && c->grant == GRANT_OWN && !api_is_own(c, out->organisation)) {
        code = err_set(err, E_DENIED, "slip %" PRId64 " is another organisation's", id);
    }
    return code;
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct slip slip;
    (void)data;
    enum code code = find(c, tx, &slip, err);
    if (code == OK) {
        slip_put(c, tx, call_json(c), &slip);
        call_set_version(c, slip.version);
    }
    return code;
}

enum code api_slip_get(struct call *c, struct err *err) {
    return call_read(c, get, NULL, err);
}

/* ---- a step ---- */

static enum code step(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct slip_change *change = data;
    struct slip slip;
    int64_t line = 0;
    enum code code = find(c, tx, &slip, err);
    if (code != OK) {
        return code;
    }
    change->slip = slip.slip;
    struct file_list files = {change->files, change->file_count};
    code = file_check_list(c, tx, &files, err);
    if (code == OK) {
        code = slip_add_step(tx, c->api->calendar, change, &line, err);
    }
    if (code == OK) {
        call_put_changed(c, line, slip.slip);
    }
    return code;
}

/* Whose it is comes before what is wrong with the body: who may not, learns nothing else. */
static enum code look_own(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct slip slip;
    (void)data;
    return find(c, tx, &slip, err);
}

enum code api_slip_answer(struct call *c, struct err *err) {
    static const char *const names[] = {"text", "files", NULL};
    const struct json_value *body;
    struct slip_change change = {.act = SLIP_ANSWER, .actor = c->actor, .seen = call_seen(c)};
    struct file_list files = {NULL, 0};
    enum code code = call_read(c, look_own, NULL, err);
    if (code == OK) {
        code = call_body(c, names, &body, err);
    }
    if (code == OK) {
        code = json_need_text(body, "text", TEXT_BYTES_MAX, &change.text, err);
    }
    if (code == OK) {
        code = file_take_list(c, body, &files, err);
    }
    change.files = files.sha256;
    change.file_count = files.count;
    return code == OK ? call_change(c, step, &change, err) : code;
}

enum code api_slip_close(struct call *c, struct err *err) {
    static const char *const names[] = {"accepted", "text", "days", NULL};
    const struct json_value *body;
    struct slip_change change = {.actor = c->actor, .seen = call_seen(c)};
    bool accepted = false;
    int64_t days = 0;
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = json_need_bool(body, "accepted", &accepted, err);
    }
    if (code == OK) {
        code = json_take_text(body, "text", TEXT_BYTES_MAX, &change.text, err);
    }
    if (code == OK) {
        code = json_take_int(body, "days", (struct json_range){1, SLIP_DAYS_MAX}, &days, err);
    }
    change.act = accepted ? SLIP_ACCEPT : SLIP_RETURN;
    change.days = accepted ? 0 : (int)days;
    return code == OK ? call_change(c, step, &change, err) : code;
}

enum code api_slip_withdraw(struct call *c, struct err *err) {
    static const char *const names[] = {"text", NULL};
    const struct json_value *body;
    struct slip_change change = {.act = SLIP_WITHDRAW, .actor = c->actor, .seen = call_seen(c)};
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = json_need_text(body, "text", TEXT_BYTES_MAX, &change.text, err);
    }
    return code == OK ? call_change(c, step, &change, err) : code;
}
