/* item: one task or target: how it stands, its history, and what may be done to it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "api/board_int.h"
#include "api/file_int.h"
#include "api/slip_int.h"
#include "api/verdict_int.h"
#include "base/date.h"
#include "store/journal.h"
#include "track/charge.h"
#include "track/path.h"
#include "track/progress.h"

enum { TEXT_BYTES_MAX = 8192, TIMELINE_MAX = 1000 };

/* ---- which ---- */

/* The item that the path names: /api/plans/{plan}/tasks/{number} or .../targets/{number}. */
static enum code item_of(struct call *c, struct item *out, struct err *err) {
    bool is_task = strstr(c->route->pattern, "/tasks/") != NULL;
    out->sort = is_task ? KEPT_TASK : KEPT_TARGET;
    enum code code = call_number(c, "plan", &out->plan, err);
    return code == OK ? call_number(c, "number", &out->number, err) : code;
}

static bool has_own(const struct call *c, const struct charge_set *set) {
    for (size_t i = 0; i < set->count; i++) {
        if (api_is_own(c, set->charges[i].organisation)) {
            return true;
        }
    }
    return false;
}

/* Where the grant is for one's own: an organisation of the caller's is confirmed to be in charge of
 * it, or of the task that a target without a confirmation of its own belongs to. */
static enum code check_own(struct call *c, struct tx *tx, const struct item *item,
                           struct err *err) {
    struct item at = *item;
    struct charge_set set;
    struct kept_target target;
    bool found = false;
    if (c->grant == GRANT_ALL) {
        return OK;
    }
    enum code code = charge_find(tx, &at, INT64_MAX, c->arena, &set, &found, err);
    if (code == OK && !found && at.sort == KEPT_TARGET) {
        code = kept_find_target(tx, at.plan, at.number, c->arena, &target, err);
        at = (struct item){at.plan, KEPT_TASK, code == OK ? target.task : 0};
        if (code == OK && at.number != 0) {
            code = charge_find(tx, &at, INT64_MAX, c->arena, &set, &found, err);
        }
    }
    if (code == OK && (!found || !has_own(c, &set))) {
        code = err_set(err, E_DENIED, "%s %" PRId64 " is not confirmed to be your organisation's",
                       kept_sort_name(item->sort), item->number);
    }
    return code;
}

/* ---- its history ---- */

static void put_report(struct call *c, struct tx *tx, struct json_out *j,
                       const struct progress_report *r) {
    char text[DECIMAL_TEXT_MAX];
    struct file_list files = {r->files, r->file_count};
    json_obj(j);
    json_put_int(j, "id", r->id);
    json_put_str(j, "value", decimal_text(r->value, text));
    json_put_str(j, "unit", r->unit);
    call_put_day(j, "as_of", r->as_of);
    json_put_str(j, "note", r->note == NULL ? "" : r->note);
    file_put_list(c, tx, j, &files);
    call_put_number_or_null(j, "supersedes", r->supersedes);
    call_put_number_or_null(j, "superseded_by", r->superseded_by);
    json_put_str(j, "actor", r->actor);
    json_put_str(j, "actor_name", api_actor_name(c, tx, r->actor));
    call_put_time(j, "time", r->time_ms);
    json_put_int(j, "line", r->line);
    json_obj_end(j);
}

struct history {
    const struct progress_report *reports;
    size_t report_count;
    const struct slip *slips; /* with their steps */
    size_t slip_count;
    struct journal_batch *batches; /* of the item, then of each slip */
    size_t batch_count;
};

static enum code load_slips(struct call *c, struct tx *tx, const struct board *b,
                            const struct item *item, struct history *h, struct err *err) {
    struct slip *list = NULL;
    enum code code =
        slip_list_of_item(tx, item, b->question.line, c->arena, &list, &h->slip_count, err);
    for (size_t i = 0; code == OK && i < h->slip_count; i++) {
        code = slip_find(tx, list[i].slip, b->question.line, c->arena, &list[i], err);
    }
    h->slips = list;
    return code;
}

static enum code load_lines(struct call *c, struct tx *tx, const struct item *item,
                            struct history *h, struct err *err) {
    char subject[ITEM_SUBJECT_MAX];
    h->batches = arena_zero(c->arena, (h->slip_count + 1) * sizeof *h->batches);
    enum code code = journal_list_of(tx, item_subject(item, subject), 0, TIMELINE_MAX,
                                     &h->batches[h->batch_count++], err);
    for (size_t i = 0; code == OK && i < h->slip_count; i++) {
        code = journal_list_of(tx, slip_subject(h->slips[i].slip, subject), 0, TIMELINE_MAX,
                               &h->batches[h->batch_count++], err);
    }
    return code;
}

static void history_fini(struct history *h) {
    for (size_t i = 0; i < h->batch_count; i++) {
        journal_batch_fini(&h->batches[i]);
    }
}

static enum code history_load(struct call *c, struct tx *tx, const struct board *b,
                              const struct item *item, struct history *h, struct err *err) {
    struct progress_report *reports = NULL;
    if (!b->whole) {
        return OK;
    }
    enum code code =
        progress_list(tx, item, b->question.line, c->arena, &reports, &h->report_count, err);
    h->reports = reports;
    if (code == OK) {
        code = load_slips(c, tx, b, item, h, err);
    }
    return code == OK ? load_lines(c, tx, item, h, err) : code;
}

static int by_line(const void *a, const void *b) {
    const struct journal_line *const *x = a;
    const struct journal_line *const *y = b;
    return ((*x)->seq > (*y)->seq) - ((*x)->seq < (*y)->seq);
}

/* All lines of all batches up to the line as known at which was asked, in order. */
static const struct journal_line **sort_lines(struct call *c, const struct history *h,
                                              int64_t as_of, size_t *count) {
    size_t n = 0;
    for (size_t i = 0; i < h->batch_count; i++) {
        n += h->batches[i].count;
    }
    const struct journal_line **lines = arena_alloc(c->arena, (n + 1) * sizeof *lines);
    *count = 0;
    for (size_t i = 0; i < h->batch_count; i++) {
        for (size_t k = 0; k < h->batches[i].count; k++) {
            if (h->batches[i].line[k].seq <= as_of) {
                lines[(*count)++] = &h->batches[i].line[k];
            }
        }
    }
    qsort(lines, *count, sizeof(const struct journal_line *), by_line);
    return lines;
}

static void put_timeline(struct call *c, struct tx *tx, struct json_out *j, const struct history *h,
                         int64_t as_of) {
    size_t count;
    const struct journal_line **lines = sort_lines(c, h, as_of, &count);
    json_key(j, "timeline");
    json_arr(j);
    for (size_t i = 0; i < count; i++) {
        json_obj(j);
        api_put_line(c, tx, j, lines[i]);
        json_put_str(j, "kind", lines[i]->kind);
        json_key(j, "summary");
        json_raw(j, lines[i]->payload, strlen(lines[i]->payload));
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void put_history(struct call *c, struct tx *tx, struct json_out *j, const struct board *b,
                        const struct history *h) {
    json_key(j, "progress");
    json_arr(j);
    for (size_t i = 0; i < h->report_count; i++) {
        put_report(c, tx, j, &h->reports[i]);
    }
    json_arr_end(j);
    json_key(j, "slips");
    json_arr(j);
    for (size_t i = 0; i < h->slip_count; i++) {
        slip_put(c, tx, j, &h->slips[i]);
    }
    json_arr_end(j);
    put_timeline(c, tx, j, h, b->question.line);
}

/* ---- what is expected of it ---- */

static void put_path(struct json_out *j, const struct path *path) {
    char month[PATH_MONTH_TEXT];
    char value[DECIMAL_TEXT_MAX];
    json_key(j, "path");
    if (path == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_key(j, "points");
    json_arr(j);
    for (size_t i = 0; i < path->count; i++) {
        json_obj(j);
        json_put_str(j, "month", path_month_text(&path->points[i], month));
        json_put_str(j, "value", decimal_text(path->points[i].value, value));
        json_obj_end(j);
    }
    json_arr_end(j);
    json_obj_end(j);
}

static void put_expected_day(struct call *c, struct json_out *j, const struct board *b,
                             const struct status_item *item, int32_t day) {
    char text[DECIMAL_TEXT_MAX];
    struct decimal value;
    struct light_question q = status_question(&b->status, item, day, c->api->calendar);
    if (light_expected_value(&q, &value)) {
        json_obj(j);
        call_put_day(j, "day", day);
        json_put_str(j, "value", decimal_text(value, text));
        json_obj_end(j);
    }
}

/* At the end of each month from the plan year's first to the one in which it is due. */
static void put_expected(struct call *c, struct json_out *j, const struct board *b,
                         const struct status_item *item) {
    struct date at = {b->status.document.year, 1, 1};
    struct date due = date_of_day(item->due);
    put_expected_day(c, j, b, item, date_to_day(at));
    for (; at.year < due.year || (at.year == due.year && at.month <= due.month); at.month++) {
        if (at.month > 12) {
            at = (struct date){at.year + 1, 1, 1};
        }
        at.day = date_month_length(at.year, at.month);
        int32_t end = date_to_day(at);
        put_expected_day(c, j, b, item, end < item->due ? end : item->due);
    }
}

/* ---- one ---- */

static void put_item(struct call *c, struct tx *tx, const struct board *b,
                     const struct status_item *item, const struct history *h) {
    bool is_task = item->item.sort == KEPT_TASK;
    struct json_out *j = call_json(c);
    json_obj(j);
    json_key(j, "item");
    if (is_task) {
        board_put_task(j, b, (size_t)(item - b->status.tasks));
    } else {
        board_put_target(j, b, (size_t)(item - b->status.targets));
    }
    put_path(j, b->whole ? item->path : NULL);
    json_key(j, "expected");
    json_arr(j);
    if (b->whole) {
        put_expected(c, j, b, item);
    }
    json_arr_end(j);
    put_history(c, tx, j, b, h);
    json_key(j, "verdict");
    if (is_task) {
        json_null(j);
    } else {
        verdict_put(c, tx, j, b, item->item.number);
    }
    json_obj_end(j);
}

static enum code get(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct item *which = data;
    struct board_question question;
    const struct board *b;
    struct history h = {NULL, 0, NULL, 0, NULL, 0};
    enum code code = board_ask(c, tx, &question, err);
    if (code == OK) {
        code = board_find(c, tx, &question, &b, err);
    }
    if (code != OK) {
        return code;
    }
    const struct status_item *item = status_find(&b->status, which->sort, which->number);
    if (item == NULL) {
        return err_set(err, E_ABSENT, "plan %" PRId64 " has no %s %" PRId64, which->plan,
                       kept_sort_name(which->sort), which->number);
    }
    code = history_load(c, tx, b, which, &h, err);
    if (code == OK) {
        put_item(c, tx, b, item, &h);
        call_set_version(c, item->version);
    }
    history_fini(&h);
    return code;
}

enum code api_item_get(struct call *c, struct err *err) {
    struct item item;
    enum code code = item_of(c, &item, err);
    return code == OK ? call_read(c, get, &item, err) : code;
}

/* ---- who answers for it ---- */

static enum code take_charge(struct call *c, const struct json_value *v, struct charge *out,
                             struct err *err) {
    static const char *const names[] = {"organisation", "name", "role", NULL};
    const char *role;
    enum code code = json_check_members(v, names, err);
    if (code == OK) {
        code = json_take_text(v, "organisation", TEXT_BYTES_MAX, &out->organisation, err);
    }
    if (code == OK) {
        code = json_need_text(v, "name", TEXT_BYTES_MAX, &out->name, err);
    }
    if (code == OK) {
        code = json_need_text(v, "role", TEXT_BYTES_MAX, &role, err);
    }
    if (code != OK) {
        return code;
    }
    if (out->organisation != NULL && api_organisation_name(c, out->organisation) == NULL) {
        return err_set(err, E_INPUT, "cannot take organisation \"%.64s\": there is none",
                       out->organisation);
    }
    bool leads = strcmp(role, charge_role_name(CHARGE_LEAD)) == 0;
    if (!leads && strcmp(role, charge_role_name(CHARGE_SUPPORT)) != 0) {
        return err_set(err, E_INPUT, "cannot take role \"%.40s\": it is lead or support", role);
    }
    out->role = leads ? CHARGE_LEAD : CHARGE_SUPPORT;
    return OK;
}

static enum code put_owners(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct charge_request *request = data;
    int64_t line;
    enum code code = charge_put(tx, request, &line, err);
    if (code == OK) {
        call_put_changed(c, line, 0);
    }
    return code;
}

enum code api_item_owners(struct call *c, struct err *err) {
    static const char *const names[] = {"owners", "note", NULL};
    const struct json_value *body;
    const struct json_value *owners;
    struct charge_request request = {.seen = call_seen(c), .actor = c->actor};
    enum code code = item_of(c, &request.item, err);
    if (code == OK) {
        code = call_body(c, names, &body, err);
    }
    if (code == OK) {
        code = json_need_array(body, "owners", CHARGE_MAX, &owners, err);
    }
    if (code == OK) {
        code = json_take_text(body, "note", TEXT_BYTES_MAX, &request.note, err);
    }
    if (code != OK) {
        return code;
    }
    struct charge *charges = arena_zero(c->arena, (owners->count + 1) * sizeof *charges);
    for (const struct json_value *v = owners->first; code == OK && v != NULL; v = v->next) {
        code = take_charge(c, v, &charges[request.count++], err);
    }
    request.charges = charges;
    return code == OK ? call_change(c, put_owners, &request, err) : code;
}

/* ---- its path ---- */

static enum code take_decimal(const struct json_value *object, const char *name,
                              struct decimal *out, struct err *err) {
    const char *text;
    enum code code = json_need_text(object, name, DECIMAL_TEXT_MAX, &text, err);
    if (code == OK && !decimal_parse_signed(text, strlen(text), out)) {
        code = err_set(err, E_INPUT, "cannot take %s \"%s\": it is no decimal number", name, text);
    }
    return code;
}

static enum code take_point(const struct json_value *v, struct path_point *out, struct err *err) {
    static const char *const names[] = {"month", "value", NULL};
    const char *month;
    enum code code = json_check_members(v, names, err);
    if (code == OK) {
        code = json_need_text(v, "month", TEXT_BYTES_MAX, &month, err);
    }
    if (code == OK) {
        code = path_parse_month(month, strlen(month), out, err);
    }
    return code == OK ? take_decimal(v, "value", &out->value, err) : code;
}

static enum code draw(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct path_request *request = data;
    int64_t line;
    enum code code = request->count > 0 ? path_draw(tx, request, &line, err)
                                        : path_clear(tx, request, &line, err);
    if (code == OK) {
        call_put_changed(c, line, 0);
    }
    return code;
}

enum code api_item_path(struct call *c, struct err *err) {
    static const char *const names[] = {"points", NULL};
    const struct json_value *body;
    const struct json_value *list;
    struct path_request request = {.seen = call_seen(c), .actor = c->actor};
    enum code code = item_of(c, &request.item, err);
    if (code == OK) {
        code = call_body(c, names, &body, err);
    }
    if (code == OK) {
        code = json_need_array(body, "points", PATH_POINTS_MAX, &list, err);
    }
    if (code == OK && list->count == 0) {
        code = err_set(err, E_INPUT, "cannot draw a path without points");
    }
    if (code != OK) {
        return code;
    }
    struct path_point *points = arena_zero(c->arena, list->count * sizeof *points);
    for (const struct json_value *v = list->first; code == OK && v != NULL; v = v->next) {
        code = take_point(v, &points[request.count++], err);
    }
    request.points = points;
    return code == OK ? call_change(c, draw, &request, err) : code;
}

enum code api_item_path_clear(struct call *c, struct err *err) {
    struct path_request request = {.seen = call_seen(c), .actor = c->actor};
    enum code code = item_of(c, &request.item, err);
    return code == OK ? call_change(c, draw, &request, err) : code;
}

/* ---- its progress ---- */

static enum code report(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct progress_request *request = data;
    struct progress_added added;
    enum code code = check_own(c, tx, &request->item, err);
    if (code == OK) {
        code = progress_add(tx, request, &added, err);
    }
    if (code == OK) {
        call_put_changed(c, added.line, added.id);
    }
    return code;
}

/* Whose it is comes before what is wrong with the body: who may not, learns nothing else. */
static enum code look_own(struct call *c, struct tx *tx, void *data, struct err *err) {
    return check_own(c, tx, data, err);
}

static enum code take_report(struct call *c, struct progress_request *r, struct err *err) {
    static const char *const names[] = {"as_of", "value",      "unit", "note",
                                        "files", "supersedes", NULL};
    const struct json_value *body;
    struct file_list files = {NULL, 0};
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = call_need_day(body, "as_of", &r->as_of, err);
    }
    if (code == OK) {
        code = take_decimal(body, "value", &r->value, err);
    }
    if (code == OK) {
        code = json_need_text(body, "unit", TEXT_BYTES_MAX, &r->unit, err);
    }
    if (code == OK) {
        code = json_take_text(body, "note", TEXT_BYTES_MAX, &r->note, err);
    }
    if (code == OK) {
        code = file_take_list(c, body, &files, err);
    }
    if (code == OK) {
        code = json_take_int(body, "supersedes", (struct json_range){1, INT64_MAX}, &r->supersedes,
                             err);
    }
    r->files = files.sha256;
    r->file_count = files.count;
    return code;
}

enum code api_item_progress(struct call *c, struct err *err) {
    struct progress_request request = {.seen = call_seen(c), .actor = c->actor};
    enum code code = item_of(c, &request.item, err);
    if (code == OK) {
        code = call_read(c, look_own, &request.item, err);
    }
    if (code == OK) {
        code = take_report(c, &request, err);
    }
    return code == OK ? call_change(c, report, &request, err) : code;
}

/* ---- a slip on it ---- */

/* The item's light today: only what is red may have a slip, and what is overdue is red. */
static enum code find_reason(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct slip_request *r = data;
    const struct board *b;
    struct board_question question = {r->item.plan, call_today(c), false, INT64_MAX};
    enum code code = board_find(c, tx, &question, &b, err);
    if (code != OK) {
        return code;
    }
    const struct status_item *item = status_find(&b->status, r->item.sort, r->item.number);
    if (item == NULL) {
        return err_set(err, E_ABSENT, "plan %" PRId64 " has no %s %" PRId64, r->item.plan,
                       kept_sort_name(r->item.sort), r->item.number);
    }
    if (item->light.colour != LIGHT_RED && !item->light.overdue) {
        return err_set(err, E_INPUT, "cannot issue a slip: the %s is %s, not red or overdue",
                       kept_sort_name(r->item.sort), light_colour_name(item->light.colour));
    }
    r->why = item->light.why;
    r->why_en = item->light.why_en;
    return OK;
}

struct issue {
    struct slip_request slip;
    int64_t seen;
};

static enum code issue(struct call *c, struct tx *tx, void *data, struct err *err) {
    const struct issue *wanted = data;
    int64_t slip;
    int64_t line;
    enum code code = item_check(tx, &wanted->slip.item, wanted->seen, err);
    if (code == OK) {
        code = slip_issue(tx, c->api->calendar, &wanted->slip, &slip, &line, err);
    }
    if (code == OK) {
        call_put_changed(c, line, slip);
    }
    return code;
}

static enum code take_slip(struct call *c, struct slip_request *r, struct err *err) {
    static const char *const names[] = {"organisation", "demand", "days", NULL};
    const struct json_value *body;
    int64_t days = 0;
    enum code code = call_body(c, names, &body, err);
    if (code == OK) {
        code = json_need_text(body, "organisation", TEXT_BYTES_MAX, &r->organisation, err);
    }
    if (code == OK) {
        code = json_need_text(body, "demand", TEXT_BYTES_MAX, &r->demand, err);
    }
    if (code == OK) {
        code = json_need_int(body, "days", (struct json_range){1, SLIP_DAYS_MAX}, &days, err);
    }
    r->days = (int)days;
    r->name = code == OK ? api_organisation_name(c, r->organisation) : NULL;
    if (code == OK && r->name == NULL) {
        code = err_set(err, E_INPUT, "cannot take organisation \"%.64s\": there is none",
                       r->organisation);
    }
    return code;
}

enum code api_item_slip(struct call *c, struct err *err) {
    struct issue wanted = {.slip = {.actor = c->actor}, .seen = call_seen(c)};
    enum code code = item_of(c, &wanted.slip.item, err);
    if (code == OK) {
        code = take_slip(c, &wanted.slip, err);
    }
    if (code == OK) {
        code = call_read(c, find_reason, &wanted.slip, err);
    }
    return code == OK ? call_change(c, issue, &wanted, err) : code;
}
