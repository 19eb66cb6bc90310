/* kept_db: the tables and statements of kept.h.
 *
 *   plan_kept         what makes a plan one: who, year; its ID
 *   plan_document     a text of it, whole
 *   plan_area, plan_measure, plan_task, plan_target
 *                     the items of a text; `number` is the item's own through all texts of a plan
 *   plan_action, plan_responsible
 *                     parts of a task's row: they hold as long as it does
 *
 * Numbers that are measured are decimal text: exact, as they stand in the document. */
#include <string.h>

#include "store/query.h"
#include "track/kept_int.h"
#include "track/rows_int.h"

#define VALID "valid_from INTEGER NOT NULL, valid_to INTEGER CHECK (valid_to > valid_from),"
#define ITEM                                                                                       \
    "plan INTEGER NOT NULL REFERENCES plan_kept (id),"                                             \
    "number INTEGER NOT NULL CHECK (number > 0)," VALID                                            \
    "span_from INTEGER NOT NULL, span_to INTEGER NOT NULL,"
#define ITEM_END ", PRIMARY KEY (plan, number, valid_from)) STRICT;"
#define PART                                                                                       \
    "plan INTEGER NOT NULL, task INTEGER NOT NULL, valid_from INTEGER NOT NULL,"                   \
    "place INTEGER NOT NULL,"
#define PART_END                                                                                   \
    ", PRIMARY KEY (plan, task, valid_from, place),"                                               \
    " FOREIGN KEY (plan, task, valid_from) REFERENCES plan_task (plan, number, valid_from)"        \
    ") STRICT;"

static const struct migration migrations[] = {
    {1,
     "CREATE TABLE plan_kept (id INTEGER PRIMARY KEY, who TEXT NOT NULL, year INTEGER NOT NULL,"
     " UNIQUE (who, year)) STRICT;"
     "CREATE TABLE plan_document ("
     "  plan INTEGER NOT NULL REFERENCES plan_kept (id)," VALID "  time_ms INTEGER NOT NULL,"
     "  name TEXT NOT NULL,"
     "  title TEXT,"
     "  issuer TEXT,"
     "  index_no TEXT,"
     "  issued TEXT,"
     "  year INTEGER NOT NULL,"
     "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
     "  text TEXT NOT NULL,"
     "  PRIMARY KEY (plan, valid_from)"
     ") STRICT;"
     "CREATE UNIQUE INDEX plan_document_valid ON plan_document (plan) WHERE valid_to IS NULL;"
     "CREATE TABLE plan_area (" ITEM "  no INTEGER NOT NULL,"
     "  title TEXT NOT NULL" ITEM_END "CREATE TABLE plan_measure (" ITEM "  area INTEGER NOT NULL,"
     "  title TEXT NOT NULL" ITEM_END "CREATE TABLE plan_task (" ITEM "  measure INTEGER NOT NULL,"
     "  id TEXT NOT NULL,"
     "  text TEXT NOT NULL,"
     "  deadline TEXT" ITEM_END "CREATE TABLE plan_action (" PART "  span_from INTEGER NOT NULL,"
     "  span_to INTEGER NOT NULL" PART_END "CREATE TABLE plan_responsible (" PART
     "  name TEXT NOT NULL,"
     "  role TEXT CHECK (role IN ('lead', 'support')),"
     "  source TEXT NOT NULL CHECK (source IN ('document', 'proposed')),"
     "  confidence TEXT NOT NULL" PART_END "CREATE TABLE plan_target (" ITEM "  id TEXT NOT NULL,"
     "  text TEXT NOT NULL,"
     "  indicator TEXT NOT NULL,"
     "  indicator_from INTEGER NOT NULL,"
     "  indicator_to INTEGER NOT NULL,"
     "  number_from INTEGER NOT NULL,"
     "  number_to INTEGER NOT NULL,"
     "  value TEXT,"
     "  value_max TEXT,"
     "  unit TEXT,"
     "  base_value TEXT,"
     "  base_unit TEXT,"
     "  comparator TEXT,"
     "  kind TEXT,"
     "  overall INTEGER NOT NULL,"
     "  spelled INTEGER NOT NULL,"
     "  horizon TEXT,"
     "  area INTEGER,"
     "  task INTEGER" ITEM_END},
};

const struct schema kept_schema = {"plan", migrations, sizeof migrations / sizeof migrations[0],
                                   NULL};

/* ---- plans ---- */

static const char SQL_FIND[] = "SELECT id FROM plan_kept WHERE who = ?1 AND year = ?2";
static const char SQL_ADD[] = "INSERT INTO plan_kept (who, year) VALUES (?1, ?2) RETURNING id";
static const char SQL_KNOWN[] = "SELECT count(*) FROM store_migration WHERE room = 'plan'";
static const char SQL_LIST[] =
    "SELECT d.valid_from, d.time_ms, d.name, d.title, d.issuer, d.index_no, d.issued, d.year,"
    " d.sha256, d.plan,"
    " (SELECT count(*) FROM plan_area x WHERE x.plan = d.plan AND x.valid_to IS NULL),"
    " (SELECT count(*) FROM plan_measure x WHERE x.plan = d.plan AND x.valid_to IS NULL),"
    " (SELECT count(*) FROM plan_task x WHERE x.plan = d.plan AND x.valid_to IS NULL),"
    " (SELECT count(*) FROM plan_target x WHERE x.plan = d.plan AND x.valid_to IS NULL)"
    " FROM plan_document d JOIN plan_kept k ON k.id = d.plan WHERE d.valid_to IS NULL"
    " ORDER BY d.year, k.who, d.plan";

static enum code find_or_add(struct tx *tx, const char *sql, const struct kept_identity *id,
                             int64_t *out, struct err *err) {
    struct query *q = query_open(tx, sql);
    query_text(q, 1, id->who);
    query_int(q, 2, id->year);
    return query_number(q, out, err);
}

enum code kept_db_find(struct tx *tx, const struct kept_identity *id, int64_t *out,
                       struct err *err) {
    return find_or_add(tx, SQL_FIND, id, out, err);
}

enum code kept_db_add(struct tx *tx, const struct kept_identity *id, int64_t *out,
                      struct err *err) {
    return find_or_add(tx, SQL_ADD, id, out, err);
}

static struct span get_span(struct query *q, int column) {
    return (struct span){(uint32_t)query_get_int(q, column),
                         (uint32_t)query_get_int(q, column + 1)};
}

/* Columns 0 to 8, as SQL_LIST and SQL_DOCUMENT name them. */
static struct kept_document get_document(struct query *q, struct arena *a) {
    struct kept_document d = {.from = query_get_int(q, 0),
                              .time_ms = query_get_int(q, 1),
                              .name = query_dup_text(q, 2, a),
                              .title = query_dup_text(q, 3, a),
                              .issuer = query_dup_text(q, 4, a),
                              .index_no = query_dup_text(q, 5, a),
                              .issued = query_dup_text(q, 6, a),
                              .year = (int)query_get_int(q, 7)};
    if (query_get_len(q, 8) == sizeof d.sha256) {
        memcpy(d.sha256, query_get_blob(q, 8), sizeof d.sha256);
    }
    return d;
}

/* Whether this database has our tables: one that only other rooms ever wrote has not. */
static enum code load_known(struct tx *tx, bool *out, struct err *err) {
    struct query *q = query_open(tx, SQL_KNOWN);
    bool known = query_row(q) && query_get_int(q, 0) > 0;
    enum code code = query_close(q, err);
    *out = known;
    return code;
}

enum code kept_list(struct tx *tx, struct arena *a, struct kept_plan **out, size_t *count,
                    struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    bool known;
    enum code code = load_known(tx, &known, err);
    if (code == OK && known) {
        struct query *q = query_open(tx, SQL_LIST);
        while (query_row(q)) {
            struct kept_plan *p = query_rows_add(&rows, sizeof *p);
            *p = (struct kept_plan){.plan = query_get_int(q, 9),
                                    .document = get_document(q, a),
                                    .areas = (size_t)query_get_int(q, 10),
                                    .measures = (size_t)query_get_int(q, 11),
                                    .tasks = (size_t)query_get_int(q, 12),
                                    .targets = (size_t)query_get_int(q, 13)};
        }
        code = query_close(q, err);
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    return code;
}

/* ---- reading back ---- */

#define AS_OF " AND valid_from <= ?2 AND (valid_to IS NULL OR valid_to > ?2)"
#define OF_PLAN " WHERE plan = ?1" AS_OF " ORDER BY span_from, span_to, number"

static const char SQL_DOCUMENT[] =
    "SELECT valid_from, time_ms, name, title, issuer, index_no, issued, year, sha256, text"
    " FROM plan_document WHERE plan = ?1" AS_OF;
static const char SQL_AREAS[] =
    "SELECT number, span_from, span_to, no, title FROM plan_area" OF_PLAN;
static const char SQL_MEASURES[] =
    "SELECT number, span_from, span_to, area, title FROM plan_measure" OF_PLAN;
#define TASK_COLUMNS                                                                               \
    "SELECT number, span_from, span_to, measure, id, text, deadline, valid_from FROM plan_task"
#define TARGET_COLUMNS                                                                             \
    "SELECT number, span_from, span_to, id, text, indicator, indicator_from, indicator_to,"        \
    " number_from, number_to, value, value_max, unit, base_value, base_unit, comparator, kind,"    \
    " overall, spelled, horizon, area, task FROM plan_target"
static const char SQL_TASKS[] = TASK_COLUMNS OF_PLAN;
static const char SQL_TARGETS[] =
    TARGET_COLUMNS " WHERE plan = ?1" AS_OF " ORDER BY span_from, number_from, number";
static const char SQL_TASK[] = TASK_COLUMNS " WHERE plan = ?1" AS_OF " AND number = ?3";
static const char SQL_TARGET[] = TARGET_COLUMNS " WHERE plan = ?1" AS_OF " AND number = ?3";
static const char SQL_YEAR[] = "SELECT year FROM plan_kept WHERE id = ?1";
static const char SQL_ACTIONS[] = "SELECT task, span_from, span_to FROM plan_action"
                                  " WHERE plan = ?1 AND valid_from = ?2 ORDER BY task, place";
static const char SQL_RESPONSIBLE[] =
    "SELECT task, name, role, source, confidence FROM plan_responsible"
    " WHERE plan = ?1 AND valid_from = ?2 ORDER BY task, place";
static const char SQL_RESPONSIBLE_OF[] =
    "SELECT task, name, role, source, confidence FROM plan_responsible"
    " WHERE plan = ?1 AND task = ?3 AND valid_from = ?2 ORDER BY place";

/* What a load of one plan needs. */
struct from {
    struct tx *tx;
    int64_t plan;
    int64_t as_of;
    struct arena *arena;
};

static struct query *open_of(const struct from *f, const char *sql) {
    struct query *q = query_open(f->tx, sql);
    query_int(q, 1, f->plan);
    query_int(q, 2, f->as_of);
    return q;
}

static enum code load_document(const struct from *f, struct kept_document *out, struct err *err) {
    struct query *q = open_of(f, SQL_DOCUMENT);
    bool found = query_row(q);
    if (found) {
        *out = get_document(q, f->arena);
        out->text = query_dup_text(q, 9, f->arena);
        out->len = query_get_len(q, 9);
    }
    enum code code = query_close(q, err);
    if (code == OK && !found) {
        return err_set(err, E_ABSENT, "cannot find plan %lld as of line %lld: it is not kept",
                       (long long)f->plan, (long long)f->as_of);
    }
    return code;
}

static enum code load_areas(const struct from *f, struct kept_set *set, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = open_of(f, SQL_AREAS);
    while (query_row(q)) {
        struct kept_area *x = query_rows_add(&rows, sizeof *x);
        *x = (struct kept_area){.number = query_get_int(q, 0),
                                .span = get_span(q, 1),
                                .no = (int)query_get_int(q, 3),
                                .title = query_dup_text(q, 4, f->arena)};
    }
    set->areas = query_rows_take(&rows, sizeof *set->areas, f->arena, &set->area_count);
    return query_close(q, err);
}

static enum code load_measures(const struct from *f, struct kept_set *set, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = open_of(f, SQL_MEASURES);
    while (query_row(q)) {
        struct kept_measure *x = query_rows_add(&rows, sizeof *x);
        *x = (struct kept_measure){.number = query_get_int(q, 0),
                                   .span = get_span(q, 1),
                                   .area = query_get_int(q, 3),
                                   .title = query_dup_text(q, 4, f->arena)};
    }
    set->measures = query_rows_take(&rows, sizeof *set->measures, f->arena, &set->measure_count);
    return query_close(q, err);
}

static struct responsible get_responsible(struct query *q, struct arena *a) {
    const char *role = query_get_text(q, 2);
    struct responsible x = {.name = query_dup_text(q, 1, a), .role = PART_NONE};
    if (role != NULL) {
        x.role = strcmp(role, "lead") == 0 ? PART_LEAD : PART_SUPPORT;
    }
    x.source = strcmp(query_get_text(q, 3), "document") == 0 ? OWNER_DOCUMENT : OWNER_PROPOSED;
    if (!decimal_parse(query_get_text(q, 4), query_get_len(q, 4), &x.confidence)) {
        x.confidence = decimal_of(0); /* a row that somebody else wrote */
    }
    return x;
}

/* Parts of tasks, and beside each the number of its task; by that number, then place. */
struct parts {
    int64_t *task;
    char *part;
    size_t count;
    size_t size;
};

typedef void part_reader(struct query *q, struct arena *a, void *to);

static void read_action(struct query *q, struct arena *a, void *to) {
    (void)a;
    *(struct span *)to = get_span(q, 1);
}

static void read_responsible(struct query *q, struct arena *a, void *to) {
    *(struct responsible *)to = get_responsible(q, a);
}

/* All parts of one sort in one query: a query for each task would take most of the time. They are
 * of the text that began with line `line`, as their tasks are. */
static enum code load_parts(const struct from *f, const char *sql, int64_t line,
                            part_reader *reader, struct parts *out, struct err *err) {
    struct query_rows tasks = QUERY_ROWS_INIT;
    struct query_rows parts = QUERY_ROWS_INIT;
    struct query *q = query_open(f->tx, sql);
    query_int(q, 1, f->plan);
    query_int(q, 2, line);
    while (query_row(q)) {
        *(int64_t *)query_rows_add(&tasks, sizeof(int64_t)) = query_get_int(q, 0);
        reader(q, f->arena, query_rows_add(&parts, out->size));
    }
    out->task = query_rows_take(&tasks, sizeof(int64_t), f->arena, &out->count);
    out->part = query_rows_take(&parts, out->size, f->arena, &out->count);
    return query_close(q, err);
}

/* Those of one task: NULL and 0 where it has none. */
static const void *parts_of(const struct parts *p, int64_t task, size_t *count) {
    size_t from = 0;
    for (size_t to = p->count; from < to;) {
        size_t middle = from + (to - from) / 2;
        if (p->task[middle] < task) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    size_t end = from;
    while (end < p->count && p->task[end] == task) {
        end++;
    }
    *count = end - from;
    return end == from ? NULL : p->part + from * p->size;
}

static struct kept_task get_task(struct query *q, struct arena *a) {
    return (struct kept_task){.number = query_get_int(q, 0),
                              .span = get_span(q, 1),
                              .measure = query_get_int(q, 3),
                              .id = query_dup_text(q, 4, a),
                              .text = query_dup_text(q, 5, a),
                              .deadline = query_dup_text(q, 6, a)};
}

static enum code load_tasks(const struct from *f, struct kept_set *set, struct err *err) {
    struct parts actions = {.size = sizeof(struct span)};
    struct parts responsible = {.size = sizeof(struct responsible)};
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = open_of(f, SQL_TASKS);
    int64_t line = 0; /* all of a text have the same */
    while (query_row(q)) {
        line = query_get_int(q, 7);
        *(struct kept_task *)query_rows_add(&rows, sizeof(struct kept_task)) =
            get_task(q, f->arena);
    }
    set->tasks = query_rows_take(&rows, sizeof *set->tasks, f->arena, &set->task_count);
    enum code code = query_close(q, err);
    if (code == OK) {
        code = load_parts(f, SQL_ACTIONS, line, read_action, &actions, err);
    }
    if (code == OK) {
        code = load_parts(f, SQL_RESPONSIBLE, line, read_responsible, &responsible, err);
    }
    for (size_t i = 0; code == OK && i < set->task_count; i++) {
        struct kept_task *t = &set->tasks[i];
        t->actions = parts_of(&actions, t->number, &t->action_count);
        t->responsible = parts_of(&responsible, t->number, &t->responsible_count);
    }
    return code;
}

static struct kept_target get_target(struct query *q, struct arena *a) {
    return (struct kept_target){.number = query_get_int(q, 0),
                                .span = get_span(q, 1),
                                .id = query_dup_text(q, 3, a),
                                .text = query_dup_text(q, 4, a),
                                .indicator = query_dup_text(q, 5, a),
                                .indicator_span = get_span(q, 6),
                                .number_span = get_span(q, 8),
                                .value = query_dup_text(q, 10, a),
                                .value_max = query_dup_text(q, 11, a),
                                .unit = query_dup_text(q, 12, a),
                                .base_value = query_dup_text(q, 13, a),
                                .base_unit = query_dup_text(q, 14, a),
                                .comparator = query_dup_text(q, 15, a),
                                .kind = query_dup_text(q, 16, a),
                                .overall = query_get_int(q, 17) != 0,
                                .spelled = query_get_int(q, 18) != 0,
                                .horizon = query_dup_text(q, 19, a),
                                .area = query_get_int(q, 20),
                                .task = query_get_int(q, 21)};
}

static enum code load_responsible_of(const struct from *f, int64_t line, struct kept_task *task,
                                     struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open(f->tx, SQL_RESPONSIBLE_OF);
    query_int(q, 1, f->plan);
    query_int(q, 2, line);
    query_int(q, 3, task->number);
    while (query_row(q)) {
        read_responsible(q, f->arena, query_rows_add(&rows, sizeof(struct responsible)));
    }
    task->responsible =
        query_rows_take(&rows, sizeof *task->responsible, f->arena, &task->responsible_count);
    return query_close(q, err);
}

static struct query *open_one(const struct from *f, const char *sql, int64_t number) {
    struct query *q = open_of(f, sql);
    query_int(q, 3, number);
    return q;
}

static enum code no_such(const struct from *f, enum kept_sort sort, int64_t number,
                         struct err *err) {
    return err_set(err, E_ABSENT, "plan %lld has no %s %lld", (long long)f->plan,
                   kept_sort_name(sort), (long long)number);
}

enum code kept_find_task(struct tx *tx, int64_t plan, int64_t number, struct arena *a,
                         struct kept_task *out, struct err *err) {
    struct from f = {tx, plan, INT64_MAX, a};
    struct query *q = open_one(&f, SQL_TASK, number);
    struct kept_task task;
    int64_t line = 0;
    bool found = query_row(q);
    if (found) {
        task = get_task(q, a);
        line = query_get_int(q, 7);
    }
    enum code code = query_close(q, err);
    if (code == OK && !found) {
        code = no_such(&f, KEPT_TASK, number, err);
    }
    if (code == OK) {
        code = load_responsible_of(&f, line, &task, err);
    }
    if (code == OK) {
        *out = task;
    }
    return code;
}

enum code kept_find_target(struct tx *tx, int64_t plan, int64_t number, struct arena *a,
                           struct kept_target *out, struct err *err) {
    struct from f = {tx, plan, INT64_MAX, a};
    struct query *q = open_one(&f, SQL_TARGET, number);
    bool found = query_row(q);
    if (found) {
        *out = get_target(q, a);
    }
    enum code code = query_close(q, err);
    return code == OK && !found ? no_such(&f, KEPT_TARGET, number, err) : code;
}

enum code kept_find_year(struct tx *tx, int64_t plan, int *year, struct err *err) {
    struct query *q = query_open(tx, SQL_YEAR);
    query_int(q, 1, plan);
    bool found = query_row(q);
    int got = found ? (int)query_get_int(q, 0) : 0;
    enum code code = query_close(q, err);
    if (code == OK && !found) {
        code = err_set(err, E_ABSENT, "there is no plan %lld", (long long)plan);
    }
    if (code == OK) {
        *year = got;
    }
    return code;
}

static enum code load_targets(const struct from *f, struct kept_set *set, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = open_of(f, SQL_TARGETS);
    while (query_row(q)) {
        struct kept_target *x = query_rows_add(&rows, sizeof *x);
        *x = get_target(q, f->arena);
    }
    set->targets = query_rows_take(&rows, sizeof *set->targets, f->arena, &set->target_count);
    return query_close(q, err);
}

enum code kept_find_document(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                             struct kept_document *out, struct err *err) {
    struct from f = {tx, plan, as_of, a};
    return load_document(&f, out, err);
}

enum code kept_find(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                    struct kept_document *document, struct kept_set *set, struct err *err) {
    typedef enum code load(const struct from *f, struct kept_set *set, struct err *err);
    static load *const loads[] = {load_areas, load_measures, load_tasks, load_targets};
    struct from f = {tx, plan, as_of, a};
    enum code code = load_document(&f, document, err);
    for (size_t i = 0; code == OK && i < sizeof loads / sizeof loads[0]; i++) {
        code = loads[i](&f, set, err);
    }
    return code;
}

/* ---- writing ---- */

static const char SQL_HIGHEST_AREA[] = "SELECT max(number) FROM plan_area WHERE plan = ?1";
static const char SQL_HIGHEST_MEASURE[] = "SELECT max(number) FROM plan_measure WHERE plan = ?1";
static const char SQL_HIGHEST_TASK[] = "SELECT max(number) FROM plan_task WHERE plan = ?1";
static const char SQL_HIGHEST_TARGET[] = "SELECT max(number) FROM plan_target WHERE plan = ?1";

#define END_OF_VALID " SET valid_to = ?2 WHERE plan = ?1 AND valid_to IS NULL"
static const char SQL_END_DOCUMENT[] = "UPDATE plan_document" END_OF_VALID;
static const char SQL_END_AREAS[] = "UPDATE plan_area" END_OF_VALID;
static const char SQL_END_MEASURES[] = "UPDATE plan_measure" END_OF_VALID;
static const char SQL_END_TASKS[] = "UPDATE plan_task" END_OF_VALID;
static const char SQL_END_TARGETS[] = "UPDATE plan_target" END_OF_VALID;

static const char SQL_ADD_DOCUMENT[] =
    "INSERT INTO plan_document (plan, valid_from, time_ms, name, title, issuer, index_no, issued,"
    " year, sha256, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
static const char SQL_ADD_AREA[] =
    "INSERT INTO plan_area (plan, valid_from, number, span_from, span_to, no, title)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char SQL_ADD_MEASURE[] =
    "INSERT INTO plan_measure (plan, valid_from, number, span_from, span_to, area, title)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char SQL_ADD_TASK[] =
    "INSERT INTO plan_task (plan, valid_from, number, span_from, span_to, measure, id, text,"
    " deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char SQL_ADD_ACTION[] =
    "INSERT INTO plan_action (plan, valid_from, task, place, span_from, span_to)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char SQL_ADD_RESPONSIBLE[] =
    "INSERT INTO plan_responsible (plan, valid_from, task, place, name, role, source, confidence)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char SQL_ADD_TARGET[] =
    "INSERT INTO plan_target (plan, valid_from, number, span_from, span_to, id, text, indicator,"
    " indicator_from, indicator_to, number_from, number_to, value, value_max, unit, base_value,"
    " base_unit, comparator, kind, overall, spelled, horizon, area, task)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
    " ?19, ?20, ?21, ?22, ?23, ?24)";

static const char SQL_TASK_LINE[] =
    "SELECT valid_from FROM plan_task WHERE plan = ?1 AND number = ?2 AND valid_to IS NULL";
static const char SQL_TARGET_LINE[] =
    "SELECT valid_from FROM plan_target WHERE plan = ?1 AND number = ?2 AND valid_to IS NULL";

enum code kept_db_item_line(struct tx *tx, int64_t plan, enum kept_sort sort, int64_t number,
                            int64_t *line, struct err *err) {
    struct query *q = query_open(tx, sort == KEPT_TASK ? SQL_TASK_LINE : SQL_TARGET_LINE);
    query_int(q, 1, plan);
    query_int(q, 2, number);
    return query_number(q, line, err);
}

enum code kept_db_highest(struct tx *tx, int64_t plan, int64_t out[KEPT_SORTS], struct err *err) {
    static const char *const sql[KEPT_SORTS] = {
        [KEPT_AREA] = SQL_HIGHEST_AREA,
        [KEPT_MEASURE] = SQL_HIGHEST_MEASURE,
        [KEPT_TASK] = SQL_HIGHEST_TASK,
        [KEPT_TARGET] = SQL_HIGHEST_TARGET,
    };
    enum code code = OK;
    out[KEPT_DOCUMENT] = 0;
    for (int sort = KEPT_AREA; code == OK && sort < KEPT_SORTS; sort++) {
        struct query *q = query_open(tx, sql[sort]);
        query_int(q, 1, plan);
        code = query_number(q, &out[sort], err);
    }
    return code;
}

enum code kept_db_end(struct tx *tx, int64_t plan, int64_t line, struct err *err) {
    static const char *const sql[] = {SQL_END_DOCUMENT, SQL_END_AREAS, SQL_END_MEASURES,
                                      SQL_END_TASKS, SQL_END_TARGETS};
    enum code code = OK;
    for (size_t i = 0; code == OK && i < sizeof sql / sizeof sql[0]; i++) {
        struct query *q = query_open(tx, sql[i]);
        query_int(q, 1, plan);
        query_int(q, 2, line);
        code = query_run(q, err);
    }
    return code;
}

/* What a row that is added begins with. */
struct into {
    struct tx *tx;
    int64_t plan;
    int64_t line;
};

static struct query *open_add(const struct into *to, const char *sql) {
    struct query *q = query_open(to->tx, sql);
    query_int(q, 1, to->plan);
    query_int(q, 2, to->line);
    return q;
}

static void bind_span(struct query *q, int at, struct span s) {
    query_int(q, at, s.from);
    query_int(q, at + 1, s.to);
}

static struct query *open_add_item(const struct into *to, const char *sql, int64_t number,
                                   struct span s) {
    struct query *q = open_add(to, sql);
    query_int(q, 3, number);
    bind_span(q, 4, s);
    return q;
}

/* 0 is how a record says "none". */
static void bind_nonzero(struct query *q, int at, int64_t v) {
    if (v == 0) {
        query_null(q, at);
    } else {
        query_int(q, at, v);
    }
}

static enum code add_document(const struct into *to, const struct kept_document *d,
                              struct err *err) {
    struct query *q = open_add(to, SQL_ADD_DOCUMENT);
    query_int(q, 3, d->time_ms);
    query_text(q, 4, d->name);
    query_text(q, 5, d->title);
    query_text(q, 6, d->issuer);
    query_text(q, 7, d->index_no);
    query_text(q, 8, d->issued);
    query_int(q, 9, d->year);
    query_blob(q, 10, d->sha256, sizeof d->sha256);
    query_textn(q, 11, d->text, d->len);
    return query_run(q, err);
}

static enum code add_area(const struct into *to, const struct kept_area *x, struct err *err) {
    struct query *q = open_add_item(to, SQL_ADD_AREA, x->number, x->span);
    query_int(q, 6, x->no);
    query_text(q, 7, x->title);
    return query_run(q, err);
}

static enum code add_measure(const struct into *to, const struct kept_measure *x, struct err *err) {
    struct query *q = open_add_item(to, SQL_ADD_MEASURE, x->number, x->span);
    query_int(q, 6, x->area);
    query_text(q, 7, x->title);
    return query_run(q, err);
}

static enum code add_action(const struct into *to, const struct kept_task *task, size_t place,
                            struct err *err) {
    struct query *q = open_add(to, SQL_ADD_ACTION);
    query_int(q, 3, task->number);
    query_int(q, 4, (int64_t)place);
    bind_span(q, 5, task->actions[place]);
    return query_run(q, err);
}

static enum code add_responsible(const struct into *to, const struct kept_task *task, size_t place,
                                 struct err *err) {
    static const char *const roles[] = {
        [PART_NONE] = NULL, [PART_LEAD] = "lead", [PART_SUPPORT] = "support"};
    const struct responsible *who = &task->responsible[place];
    char confidence[DECIMAL_TEXT_MAX];
    struct query *q = open_add(to, SQL_ADD_RESPONSIBLE);
    query_int(q, 3, task->number);
    query_int(q, 4, (int64_t)place);
    query_text(q, 5, who->name);
    query_text(q, 6, roles[who->role]);
    query_text(q, 7, who->source == OWNER_DOCUMENT ? "document" : "proposed");
    query_text(q, 8, decimal_text(who->confidence, confidence));
    return query_run(q, err);
}

static enum code add_task(const struct into *to, const struct kept_task *x, struct err *err) {
    struct query *q = open_add_item(to, SQL_ADD_TASK, x->number, x->span);
    query_int(q, 6, x->measure);
    query_text(q, 7, x->id);
    query_text(q, 8, x->text);
    query_text(q, 9, x->deadline);
    enum code code = query_run(q, err);
    for (size_t i = 0; code == OK && i < x->action_count; i++) {
        code = add_action(to, x, i, err);
    }
    for (size_t i = 0; code == OK && i < x->responsible_count; i++) {
        code = add_responsible(to, x, i, err);
    }
    return code;
}

static enum code add_target(const struct into *to, const struct kept_target *x, struct err *err) {
    struct query *q = open_add_item(to, SQL_ADD_TARGET, x->number, x->span);
    query_text(q, 6, x->id);
    query_text(q, 7, x->text);
    query_text(q, 8, x->indicator);
    bind_span(q, 9, x->indicator_span);
    bind_span(q, 11, x->number_span);
    query_text(q, 13, x->value);
    query_text(q, 14, x->value_max);
    query_text(q, 15, x->unit);
    query_text(q, 16, x->base_value);
    query_text(q, 17, x->base_unit);
    query_text(q, 18, x->comparator);
    query_text(q, 19, x->kind);
    query_int(q, 20, x->overall);
    query_int(q, 21, x->spelled);
    query_text(q, 22, x->horizon);
    bind_nonzero(q, 23, x->area);
    bind_nonzero(q, 24, x->task);
    return query_run(q, err);
}

enum code kept_db_add_rows(struct tx *tx, int64_t plan, const struct kept_document *document,
                           const struct kept_set *set, struct err *err) {
    struct into to = {tx, plan, document->from};
    enum code code = add_document(&to, document, err);
    for (size_t i = 0; code == OK && i < set->area_count; i++) {
        code = add_area(&to, &set->areas[i], err);
    }
    for (size_t i = 0; code == OK && i < set->measure_count; i++) {
        code = add_measure(&to, &set->measures[i], err);
    }
    for (size_t i = 0; code == OK && i < set->task_count; i++) {
        code = add_task(&to, &set->tasks[i], err);
    }
    for (size_t i = 0; code == OK && i < set->target_count; i++) {
        code = add_target(&to, &set->targets[i], err);
    }
    return code;
}
