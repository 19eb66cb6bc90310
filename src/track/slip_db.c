/* slip_db: the tables and statements of slip.h.
 *
 *   slip       what a slip is from its issue on
 *   slip_step  what was done to it; each row has the due day as it is from then on
 *   slip_file  the files of an answer, by the digest of their bytes */
#include <string.h>

#include "base/date.h"
#include "store/query.h"
#include "track/rows_int.h"
#include "track/slip_int.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE slip ("
        "  id INTEGER PRIMARY KEY,"
        "  plan INTEGER NOT NULL REFERENCES plan_kept (id),"
        "  sort TEXT NOT NULL CHECK (sort IN ('task', 'target')),"
        "  number INTEGER NOT NULL,"
        "  organisation TEXT NOT NULL,"
        "  name TEXT NOT NULL,"
        "  demand TEXT NOT NULL,"
        "  why TEXT NOT NULL,"
        "  why_en TEXT NOT NULL,"
        "  issued_ms INTEGER NOT NULL"
        ") STRICT;"
        "CREATE INDEX slip_of_item ON slip (plan, sort, number);"
        "CREATE TABLE slip_step ("
        "  slip INTEGER NOT NULL REFERENCES slip (id),"
        "  line INTEGER NOT NULL,"
        "  time_ms INTEGER NOT NULL,"
        "  actor TEXT NOT NULL,"
        "  act TEXT NOT NULL CHECK (act IN"
        "    ('issued', 'answered', 'accepted', 'returned', 'withdrawn')),"
        "  text TEXT NOT NULL,"
        "  days INTEGER NOT NULL,"
        "  due TEXT NOT NULL,"
        "  PRIMARY KEY (slip, line)"
        ") STRICT;"
        "CREATE TABLE slip_file ("
        "  slip INTEGER NOT NULL,"
        "  line INTEGER NOT NULL,"
        "  place INTEGER NOT NULL,"
        "  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
        "  PRIMARY KEY (slip, line, place),"
        "  FOREIGN KEY (slip, line) REFERENCES slip_step (slip, line)"
        ") STRICT;"},
};

const struct schema slip_schema = {"slip", migrations, sizeof migrations / sizeof migrations[0],
                                   NULL};

/* ---- writing ---- */

static const char SQL_ADD[] =
    "INSERT INTO slip (plan, sort, number, organisation, name, demand, why, why_en, issued_ms)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id";
static const char SQL_ADD_STEP[] =
    "INSERT INTO slip_step (slip, line, time_ms, actor, act, text, days, due)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char SQL_ADD_FILE[] =
    "INSERT INTO slip_file (slip, line, place, sha256) VALUES (?1, ?2, ?3, ?4)";

enum code slip_db_add(struct tx *tx, const struct slip_request *request, int64_t *slip,
                      struct err *err) {
    struct query *q = query_open(tx, SQL_ADD);
    query_int(q, 1, request->item.plan);
    query_text(q, 2, kept_sort_name(request->item.sort));
    query_int(q, 3, request->item.number);
    query_text(q, 4, request->organisation);
    query_text(q, 5, request->name);
    query_text(q, 6, request->demand);
    query_text(q, 7, request->why);
    query_text(q, 8, request->why_en);
    query_int(q, 9, tx_now_ms(tx));
    return query_number(q, slip, err);
}

static enum code add_file(struct tx *tx, int64_t slip, const struct slip_step *step, size_t place,
                          struct err *err) {
    struct query *q = query_open(tx, SQL_ADD_FILE);
    query_int(q, 1, slip);
    query_int(q, 2, step->line);
    query_int(q, 3, (int64_t)place);
    query_blob(q, 4, step->files[place], SHA256_BYTES);
    return query_run(q, err);
}

enum code slip_db_add_step(struct tx *tx, int64_t slip, const struct slip_step *step,
                           struct err *err) {
    char due[DATE_TEXT_MAX];
    struct query *q = query_open(tx, SQL_ADD_STEP);
    query_int(q, 1, slip);
    query_int(q, 2, step->line);
    query_int(q, 3, step->time_ms);
    query_text(q, 4, step->actor);
    query_text(q, 5, slip_act_name(step->act));
    query_text(q, 6, step->text);
    query_int(q, 7, step->days);
    query_text(q, 8, date_text(step->due, due));
    enum code code = query_run(q, err);
    for (size_t i = 0; code == OK && i < step->file_count; i++) {
        code = add_file(tx, slip, step, i, err);
    }
    return code;
}

/* ---- reading back ---- */

/* A slip and the last of its steps up to line ?1. */
#define SLIPS                                                                                      \
    "SELECT s.id, s.plan, s.sort, s.number, s.organisation, s.name, s.demand, s.why, s.why_en,"    \
    " s.issued_ms, t.line, t.act, t.due"                                                           \
    " FROM slip s JOIN slip_step t ON t.slip = s.id AND t.line ="                                  \
    " (SELECT max(x.line) FROM slip_step x WHERE x.slip = s.id AND x.line <= ?1)"

static const char SQL_ONE[] = SLIPS " WHERE s.id = ?2";
static const char SQL_ALL[] = SLIPS " WHERE s.id > ?2 ORDER BY s.id";
static const char SQL_OF_PLAN[] = SLIPS " WHERE s.id > ?2 AND s.plan = ?3 ORDER BY s.id";
static const char SQL_OF_ITEM[] =
    SLIPS " WHERE s.plan = ?2 AND s.sort = ?3 AND s.number = ?4 ORDER BY s.id";
static const char SQL_STEPS[] = "SELECT line, time_ms, actor, act, text, days, due FROM slip_step"
                                " WHERE slip = ?1 AND line <= ?2 ORDER BY line";
static const char SQL_FILES[] =
    "SELECT sha256 FROM slip_file WHERE slip = ?1 AND line = ?2 ORDER BY place";

/* The table's CHECK lets no other name in. */
static enum slip_act get_act(struct query *q, int column) {
    const char *name = query_get_text(q, column);
    enum slip_act act = SLIP_ISSUE;
    while (act + 1 < SLIP_ACTS && strcmp(slip_act_name(act), name) != 0) {
        act++;
    }
    return act;
}

static enum code get_due(struct query *q, int column, int32_t *due, struct err *err) {
    return date_parse(query_get_text(q, column), query_get_len(q, column), due, err);
}

static enum code get_slip(struct query *q, struct arena *a, struct slip *to, struct err *err) {
    bool task = strcmp(query_get_text(q, 2), kept_sort_name(KEPT_TASK)) == 0;
    *to = (struct slip){
        .slip = query_get_int(q, 0),
        .item = {query_get_int(q, 1), task ? KEPT_TASK : KEPT_TARGET, query_get_int(q, 3)},
        .organisation = query_dup_text(q, 4, a),
        .name = query_dup_text(q, 5, a),
        .demand = query_dup_text(q, 6, a),
        .why = query_dup_text(q, 7, a),
        .why_en = query_dup_text(q, 8, a),
        .issued_ms = query_get_int(q, 9),
        .version = query_get_int(q, 10),
        .state = slip_state_after[get_act(q, 11)]};
    return get_due(q, 12, &to->due, err);
}

static enum code load_files(struct tx *tx, int64_t slip, struct arena *a, struct slip_step *to,
                            struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct query *q = query_open(tx, SQL_FILES);
    query_int(q, 1, slip);
    query_int(q, 2, to->line);
    while (query_row(q)) {
        unsigned char *digest = query_rows_add(&rows, SHA256_BYTES);
        if (query_get_len(q, 0) == SHA256_BYTES) {
            memcpy(digest, query_get_blob(q, 0), SHA256_BYTES);
        }
    }
    to->files = query_rows_take(&rows, SHA256_BYTES, a, &to->file_count);
    return query_close(q, err);
}

static enum code get_step(struct query *q, struct arena *a, struct slip_step *to, struct err *err) {
    *to = (struct slip_step){.line = query_get_int(q, 0),
                             .time_ms = query_get_int(q, 1),
                             .actor = query_dup_text(q, 2, a),
                             .act = get_act(q, 3),
                             .text = query_dup_text(q, 4, a),
                             .days = (int)query_get_int(q, 5)};
    return get_due(q, 6, &to->due, err);
}

static enum code load_steps(struct tx *tx, int64_t as_of, struct arena *a, struct slip *to,
                            struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    enum code code = OK;
    struct query *q = query_open(tx, SQL_STEPS);
    query_int(q, 1, to->slip);
    query_int(q, 2, as_of);
    while (code == OK && query_row(q)) {
        struct slip_step *step = query_rows_add(&rows, sizeof *step);
        code = get_step(q, a, step, err);
        if (code == OK) {
            code = load_files(tx, to->slip, a, step, err);
        }
    }
    to->steps = query_rows_take(&rows, sizeof *to->steps, a, &to->step_count);
    enum code end = query_close(q, err);
    return code == OK ? end : code;
}

enum code slip_find(struct tx *tx, int64_t slip, int64_t as_of, struct arena *a, struct slip *out,
                    struct err *err) {
    struct slip found = {0};
    enum code code = OK;
    struct query *q = query_open(tx, SQL_ONE);
    query_int(q, 1, as_of);
    query_int(q, 2, slip);
    if (query_row(q)) {
        code = get_slip(q, a, &found, err);
    }
    enum code end = query_close(q, err);
    code = code == OK ? end : code;
    if (code == OK && found.slip == 0) {
        return err_set(err, E_ABSENT, "there is no slip %lld", (long long)slip);
    }
    if (code == OK) {
        code = load_steps(tx, as_of, a, &found, err);
    }
    if (code == OK) {
        *out = found;
    }
    return code;
}

/* Whether the filter lets through what its statement did not choose by. */
static bool passes(const struct slip_filter *f, const struct slip *s) {
    bool issued_to = f->organisations == NULL;
    for (size_t i = 0; !issued_to && i < f->organisation_count; i++) {
        issued_to = strcmp(f->organisations[i], s->organisation) == 0;
    }
    return issued_to && (f->states == 0 || (f->states & 1u << s->state) != 0);
}

/* Takes the rows of `q` that pass, and closes it. */
static enum code take_slips(struct query *q, const struct slip_filter *f, struct arena *a,
                            struct slip **out, size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct slip one;
    enum code code = OK;
    while (code == OK && (f->limit == 0 || rows.count < f->limit) && query_row(q)) {
        code = get_slip(q, a, &one, err);
        if (code == OK && passes(f, &one)) {
            struct slip *to = query_rows_add(&rows, sizeof one);
            *to = one;
        }
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    enum code end = query_close(q, err);
    return code == OK ? end : code;
}

enum code slip_list(struct tx *tx, const struct slip_filter *filter, struct arena *a,
                    struct slip **out, size_t *count, struct err *err) {
    struct query *q = query_open(tx, filter->plan == 0 ? SQL_ALL : SQL_OF_PLAN);
    query_int(q, 1, filter->as_of == 0 ? INT64_MAX : filter->as_of);
    query_int(q, 2, filter->after);
    if (filter->plan != 0) {
        query_int(q, 3, filter->plan);
    }
    return take_slips(q, filter, a, out, count, err);
}

enum code slip_list_of_item(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                            struct slip **out, size_t *count, struct err *err) {
    static const struct slip_filter all = {0};
    struct query *q = query_open(tx, SQL_OF_ITEM);
    query_int(q, 1, as_of);
    query_int(q, 2, item->plan);
    query_text(q, 3, kept_sort_name(item->sort));
    query_int(q, 4, item->number);
    return take_slips(q, &all, a, out, count, err);
}
