/* item: one task or target: how it stands, and its history. What may be done to it is in
 * item_change.c. */
#include "api/item_int.h"

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

enum { TIMELINE_MAX = 1000 };

/* ---- which ---- */

enum code item_of(struct call *c, struct item *out, struct err *err) {
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

bool item_is_own(struct call *c, struct tx *tx, const struct item *item) {
    struct item at = *item;
    struct charge_set set;
    struct kept_target target;
    bool found = false;
    enum code code = charge_find(tx, &at, INT64_MAX, c->arena, &set, &found, NULL);
    if (code == OK && !found && at.sort == KEPT_TARGET &&
        kept_find_target(tx, at.plan, at.number, c->arena, &target, NULL) == OK &&
        target.task != 0) {
        at = (struct item){at.plan, KEPT_TASK, target.task};
        code = charge_find(tx, &at, INT64_MAX, c->arena, &set, &found, NULL);
    }
    return code == OK && found && has_own(c, &set);
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
    json_put_str(j, "actor_name", api_actor_name(tx, r->actor, c->arena));
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
