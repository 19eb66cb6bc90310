/* export: a view of the board as a sheet: the rows that its filters leave, in document order. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api_int.h"
#include "api/board_int.h"
#include "base/date.h"
#include "publish/sheet.h"
#include "text/source.h"

enum view { VIEW_TASKS, VIEW_TARGETS, VIEW_SLIPS, VIEWS };

struct export {
    const struct board *board;
    struct sheet *sheet;
    bool english;

    /* what the filters leave */
    const char *owner;      /* NULL: all */
    const char16_t **words; /* folded, NULL-ended; all of them stand in the row */
    int light;              /* -1: all */
    int64_t area;           /* 0: all */
    int32_t due_before;     /* INT32_MAX: all */
};

/* ---- words ---- */

struct words {
    const char *zh;
    const char *en;
};

static const char *say(const struct export *e, struct words w) {
    return e->english ? w.en : w.zh;
}

static const struct words view_words[VIEWS] = {
    {"任务", "Tasks"}, {"目标", "Targets"}, {"督办单", "Slips"}};

static const struct words light_words[LIGHT_COLOURS] = {
    [LIGHT_NONE] = {"无", "none"},
    [LIGHT_GREEN] = {"绿", "green"},
    [LIGHT_YELLOW] = {"黄", "yellow"},
    [LIGHT_RED] = {"红", "red"},
};

static const struct words verdict_words[VERDICTS] = {
    [VERDICT_MET] = {"达成", "met"},
    [VERDICT_MISSED] = {"未达成", "missed"},
    [VERDICT_NOT_COMPARABLE] = {"不可比", "not comparable"},
    [VERDICT_NOT_REPORTED] = {"未报告", "not reported"},
};

static const struct words state_words[SLIP_STATES] = {
    [SLIP_OPEN] = {"待答复", "open"},
    [SLIP_ANSWERED] = {"已答复", "answered"},
    [SLIP_CLOSED] = {"办结", "closed"},
    [SLIP_WITHDRAWN] = {"撤回", "withdrawn"},
};

/* ---- columns; the rows below fill them in this order ---- */

struct column {
    struct words title;
    int width;
};

static const struct column task_columns[] = {
    {{"编号", "ID"}, 8},         {{"领域", "Area"}, 24},       {{"举措", "Measure"}, 24},
    {{"任务", "Task"}, 60},      {{"责任单位", "Owner"}, 30},  {{"已确认", "Confirmed"}, 8},
    {{"期限", "Due"}, 12},       {{"灯", "Light"}, 6},         {{"应完成%", "Expected %"}, 10},
    {{"实际%", "Actual %"}, 10}, {{"报告值", "Reported"}, 10}, {{"单位", "Unit"}, 8},
    {{"截至", "As of"}, 12},     {{"原因", "Reason"}, 50},
};

static const struct column target_columns[] = {
    {{"编号", "ID"}, 8},          {{"领域", "Area"}, 24},          {{"指标", "Indicator"}, 30},
    {{"原文", "Text"}, 50},       {{"目标值", "Target"}, 10},      {{"上限", "To"}, 10},
    {{"单位", "Unit"}, 8},        {{"责任单位", "Owner"}, 30},     {{"期限", "Due"}, 12},
    {{"灯", "Light"}, 6},         {{"应完成%", "Expected %"}, 10}, {{"实际%", "Actual %"}, 10},
    {{"报告值", "Reported"}, 10}, {{"截至", "As of"}, 12},         {{"原因", "Reason"}, 50},
    {{"结论", "Verdict"}, 12},
};

static const struct column slip_columns[] = {
    {{"编号", "Number"}, 8},  {{"对象", "Item"}, 14},   {{"责任单位", "Organisation"}, 30},
    {{"要求", "Demand"}, 50}, {{"原因", "Reason"}, 50}, {{"状态", "State"}, 10},
    {{"期限", "Due"}, 12},    {{"逾期", "Overdue"}, 8},
};

static const struct {
    const struct column *columns;
    size_t count;
} views[VIEWS] = {
    {task_columns, sizeof task_columns / sizeof task_columns[0]},
    {target_columns, sizeof target_columns / sizeof target_columns[0]},
    {slip_columns, sizeof slip_columns / sizeof slip_columns[0]},
};

/* ---- what the filters leave ---- */

struct searched {
    const char *id;
    const char *text;
    const char *indicator; /* or NULL */
};

static bool has_owner(const struct export *e, const struct status_item *item) {
    for (size_t i = 0; i < board_owner_count(e->board, item); i++) {
        struct board_owner o = board_owner(e->board, item, i);
        if ((o.organisation != NULL && strcmp(o.organisation, e->owner) == 0) ||
            strstr(o.name, e->owner) != NULL) {
            return true;
        }
    }
    return false;
}

/* What a row is searched in: its place, its words, who answers for it; in one script and width, as
 * the page searches. */
static bool has_words(const struct export *e, const struct status_item *item,
                      const struct searched *in) {
    struct arena a = ARENA_INIT;
    struct buf all = BUF_INIT;
    struct source s;
    bool has = true;
    if (e->words[0] == NULL) {
        return true;
    }
    buf_addf(&all, "%s\n%s\n%s", in->id, in->text, in->indicator == NULL ? "" : in->indicator);
    for (size_t i = 0; i < board_owner_count(e->board, item); i++) {
        buf_addf(&all, "\n%s", board_owner(e->board, item, i).name);
    }
    source_fold(all.data, all.len, &a, &s);
    for (size_t i = 0; has && e->words[i] != NULL; i++) {
        has = source_find(&s, (struct run){0, s.n}, e->words[i]) != UINT32_MAX;
    }
    buf_fini(&all);
    arena_fini(&a);
    return has;
}

static bool is_left(const struct export *e, const struct status_item *item, int64_t area,
                    const struct searched *text) {
    enum light_colour colour = e->board->whole ? item->light.colour : LIGHT_NONE;
    return (e->light < 0 || colour == (enum light_colour)e->light) &&
           (e->area == 0 || e->area == area) && item->due < e->due_before &&
           (e->owner == NULL || has_owner(e, item)) && has_words(e, item, text);
}

/* ---- cells ---- */

static void put_day(struct export *e, int32_t day) {
    char text[DATE_TEXT_MAX];
    sheet_day(e->sheet, date_text(day, text));
}

static void put_owners(struct export *e, const struct status_item *item) {
    struct buf names = BUF_INIT;
    for (size_t i = 0; i < board_owner_count(e->board, item); i++) {
        buf_adds(&names, i == 0 ? "" : "、");
        buf_adds(&names, board_owner(e->board, item, i).name);
    }
    sheet_text(e->sheet, names.data);
    buf_fini(&names);
}

static void put_light(struct export *e, const struct status_item *item) {
    const struct light *light = &item->light;
    if (!e->board->whole) {
        for (int i = 0; i < 3; i++) {
            sheet_text(e->sheet, NULL);
        }
        return;
    }
    sheet_text(e->sheet, say(e, light_words[light->colour]));
    sheet_number(e->sheet, light->expected);
    sheet_number(e->sheet, light->actual);
}

/* Reported value, its unit where it has a column, the day, the reason. */
static void put_report(struct export *e, const struct status_item *item, bool unit) {
    const struct progress_report *r = e->board->whole ? item->report : NULL;
    char text[DECIMAL_TEXT_MAX];
    sheet_number(e->sheet, r == NULL ? NULL : decimal_text(r->value, text));
    if (unit) {
        sheet_text(e->sheet, r == NULL ? NULL : r->unit);
    }
    if (r == NULL) {
        sheet_day(e->sheet, NULL);
    } else {
        put_day(e, r->as_of);
    }
    const char *why = e->english ? item->light.why_en : item->light.why;
    sheet_text(e->sheet, e->board->whole ? why : NULL);
}

static const struct kept_area *find_area(const struct kept_set *set, int64_t number) {
    for (size_t i = 0; i < set->area_count; i++) {
        if (set->areas[i].number == number) {
            return &set->areas[i];
        }
    }
    return NULL;
}

static const struct kept_measure *find_measure(const struct kept_set *set, int64_t number) {
    for (size_t i = 0; i < set->measure_count; i++) {
        if (set->measures[i].number == number) {
            return &set->measures[i];
        }
    }
    return NULL;
}

/* ---- rows ---- */

static enum code put_task(struct export *e, size_t i, struct err *err) {
    const struct kept_set *set = &e->board->status.set;
    const struct kept_task *task = &set->tasks[i];
    const struct status_item *item = &e->board->status.tasks[i];
    const struct kept_measure *measure = find_measure(set, task->measure);
    const struct kept_area *area = measure == NULL ? NULL : find_area(set, measure->area);
    struct searched in = {task->id, task->text, NULL};
    if (!is_left(e, item, area == NULL ? 0 : area->number, &in)) {
        return OK;
    }
    sheet_text(e->sheet, task->id);
    sheet_text(e->sheet, area == NULL ? NULL : area->title);
    sheet_text(e->sheet, measure == NULL ? NULL : measure->title);
    sheet_text(e->sheet, task->text);
    put_owners(e, item);
    sheet_text(e->sheet, item->charge == NULL || !e->board->whole
                             ? NULL
                             : say(e, (struct words){"是", "yes"}));
    put_day(e, item->due);
    put_light(e, item);
    put_report(e, item, true);
    return sheet_row(e->sheet, err);
}

static void put_verdict(struct export *e, int64_t target) {
    const struct ruling *r = board_ruling(e->board, target);
    sheet_text(e->sheet, r == NULL ? NULL : say(e, verdict_words[r->verdict]));
}

static enum code put_target(struct export *e, size_t i, struct err *err) {
    const struct kept_set *set = &e->board->status.set;
    const struct kept_target *target = &set->targets[i];
    const struct status_item *item = &e->board->status.targets[i];
    const struct kept_area *area = find_area(set, target->area);
    struct searched in = {target->id, target->text, target->indicator};
    if (!is_left(e, item, target->area, &in)) {
        return OK;
    }
    sheet_text(e->sheet, target->id);
    sheet_text(e->sheet, area == NULL ? NULL : area->title);
    sheet_text(e->sheet, target->indicator);
    sheet_text(e->sheet, target->text);
    sheet_number(e->sheet, target->value);
    sheet_number(e->sheet, target->value_max);
    sheet_text(e->sheet, target->unit);
    put_owners(e, item);
    put_day(e, item->due);
    put_light(e, item);
    put_report(e, item, false);
    put_verdict(e, target->number);
    return sheet_row(e->sheet, err);
}

static enum code put_slip(struct export *e, const struct slip *s, struct err *err) {
    char text[64];
    snprintf(text, sizeof text, "%" PRId64, s->slip);
    sheet_number(e->sheet, text);
    snprintf(text, sizeof text, "%s %" PRId64,
             say(e, view_words[s->item.sort == KEPT_TASK ? VIEW_TASKS : VIEW_TARGETS]),
             s->item.number);
    sheet_text(e->sheet, text);
    sheet_text(e->sheet, s->name);
    sheet_text(e->sheet, s->demand);
    sheet_text(e->sheet, e->english ? s->why_en : s->why);
    sheet_text(e->sheet, say(e, state_words[s->state]));
    put_day(e, s->due);
    sheet_text(e->sheet, slip_is_overdue(s, e->board->question.day)
                             ? say(e, (struct words){"是", "yes"})
                             : NULL);
    return sheet_row(e->sheet, err);
}

static enum code put_slips(struct call *c, struct tx *tx, struct export *e, struct err *err) {
    struct slip_filter filter = {
        .plan = e->board->question.plan, .limit = SIZE_MAX, .as_of = e->board->question.line};
    struct slip *slips;
    size_t count;
    if (access_may(&c->who, ACTION_SLIP_READ) == GRANT_OWN) {
        api_own_codes(c, &filter.organisations, &filter.organisation_count);
        if (filter.organisation_count == 0) {
            return OK;
        }
    }
    enum code code = slip_list(tx, &filter, c->arena, &slips, &count, err);
    for (size_t i = 0; code == OK && i < count; i++) {
        code = put_slip(e, &slips[i], err);
    }
    return code;
}

static enum code put_rows(struct call *c, struct tx *tx, struct export *e, enum view view,
                          struct err *err) {
    const struct kept_set *set = &e->board->status.set;
    enum code code = OK;
    if (view == VIEW_SLIPS) {
        return put_slips(c, tx, e, err);
    }
    size_t count = view == VIEW_TASKS ? set->task_count : set->target_count;
    for (size_t i = 0; code == OK && i < count; i++) {
        code = view == VIEW_TASKS ? put_task(e, i, err) : put_target(e, i, err);
    }
    return code;
}

/* ---- the file ---- */

static void name_file(struct call *c, const struct board *b, enum view view,
                      enum sheet_format format) {
    char day[DATE_TEXT_MAX];
    char text[128];
    snprintf(text, sizeof text, "attachment; filename=\"plan-%d-%s-%s.%s\"",
             b->status.document.year, view_words[view].en, date_text(b->question.day, day),
             sheet_suffix(format));
    http_set_header(c->response, "Content-Disposition", text);
}

static enum code write_sheet(struct call *c, struct tx *tx, struct export *e, enum view view,
                             enum sheet_format format, struct err *err) {
    struct sheet_column columns[SHEET_COLUMNS_MAX];
    for (size_t i = 0; i < views[view].count; i++) {
        columns[i].title = say(e, views[view].columns[i].title);
        columns[i].width = views[view].columns[i].width;
    }
    e->sheet = sheet_new(format, say(e, view_words[view]), columns, views[view].count);
    enum code code = put_rows(c, tx, e, view, err);
    if (code == OK) {
        code = sheet_finish(e->sheet, &c->response->body, err);
    }
    sheet_free(e->sheet);
    if (code == OK) {
        c->response->type = sheet_type(format);
        name_file(c, e->board, view, format);
    }
    return code;
}

struct wish {
    int view;
    int format;
    int english;
    struct export filter;
};

static enum code export(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct wish *w = data; struct board_question question; const struct board * b;
    enum code code = board_ask(c, tx, &question, err);
    if (code == OK){code = board_find(c, tx, &question, &b, err);}
if (code != OK) {
    return code;
}
w->filter.board = b;
w->filter.english = w->english == 1;
return write_sheet(c, tx, &w->filter, (enum view)w->view, (enum sheet_format)w->format, err);
}

/* The words of ?q=, apart by blanks, each folded by itself. */
static void take_words(struct call *c, struct export *e) {
    const char *q = call_query(c, "q");
    size_t n = 0;
    q = q == NULL ? "" : q;
    e->words = arena_zero(c->arena, (strlen(q) + 1) * sizeof *e->words);
    while (*(q += strspn(q, " \t")) != '\0') {
        struct source s;
        size_t len = strcspn(q, " \t");
        source_fold(q, len, c->arena, &s);
        char16_t *word = arena_zero(c->arena, (s.n + 1) * sizeof *word);
        memcpy(word, s.ch, s.n * sizeof *word);
        if (s.n > 0) {
            e->words[n++] = word;
        }
        q += len;
    }
}

static enum code take_filters(struct call *c, struct export *e, struct err *err) {
    enum code code = call_query_word(c, "light", "none|green|yellow|red", &e->light, err);
    if (code == OK) {
        code = call_query_int(c, "area", (struct json_range){1, INT64_MAX}, &e->area, err);
    }
    if (code == OK) {
        code = call_query_day(c, "due_before", &e->due_before, err);
    }
    e->owner = call_query(c, "owner");
    take_words(c, e);
    return code;
}

enum code api_export_get(struct call *c, struct err *err) {
    struct wish w = {.format = SHEET_CSV, .filter = {.light = -1, .due_before = INT32_MAX}};
    enum code code = call_query_word(c, "view", "tasks|targets|slips", &w.view, err);
    if (code == OK) {
        code = call_query_word(c, "format", "csv|xlsx", &w.format, err);
    }
    if (code == OK) {
        code = call_query_word(c, "lang", "zh|en", &w.english, err);
    }
    if (code == OK) {
        code = take_filters(c, &w.filter, err);
    }
    if (code == OK && w.view == VIEW_SLIPS && access_may(&c->who, ACTION_SLIP_READ) == GRANT_NONE) {
        code = err_set(err, E_DENIED, "the role %s may not: slip.read", role_name(c->who.role));
    }
    return code == OK ? call_read(c, export, &w, err) : code;
}
