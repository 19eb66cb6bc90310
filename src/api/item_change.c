/* item_change: what may be done to a task or target: who answers for it, its path, a report, a
 * slip.
 */
#include "api/item_int.h"

#include <inttypes.h>
#include <string.h>

#include "api/api_int.h"
#include "api/board_int.h"
#include "api/file_int.h"
#include "track/charge.h"
#include "track/path.h"
#include "track/progress.h"
#include "track/slip.h"

enum { TEXT_BYTES_MAX = 8192 };

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

static enum code check_own(struct call *c, struct tx *tx, const struct item *item,
                           struct err *err) {
    return c->grant == GRANT_ALL || item_is_own(c, tx, item)
               ? OK
               : err_set(err, E_DENIED, "%s %" PRId64 " is not confirmed to be your organisation's",
                         kept_sort_name(item->sort), item->number);
}

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
