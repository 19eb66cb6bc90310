/* progress_db: the tables and statements of progress.h.
 *
 *   progress_report  one report; rows are only ever added. That one is superseded is said by the
 *                    row that supersedes it
 *   progress_file    the files that show it */
#include <string.h>

#include "base/date.h"
#include "store/query.h"
#include "track/progress_int.h"
#include "track/rows_int.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE progress_report ("
        "  id INTEGER PRIMARY KEY," ROWS_ITEM "  line INTEGER NOT NULL,"
        "  time_ms INTEGER NOT NULL,"
        "  actor TEXT NOT NULL,"
        "  value TEXT NOT NULL,"
        "  unit TEXT NOT NULL,"
        "  as_of TEXT NOT NULL,"
        "  note TEXT,"
        "  file_count INTEGER NOT NULL,"
        "  supersedes INTEGER REFERENCES progress_report (id)"
        ") STRICT;"
        "CREATE INDEX progress_report_item ON progress_report (plan, sort, number, as_of);"
        "CREATE UNIQUE INDEX progress_report_once ON progress_report (supersedes)"
        " WHERE supersedes IS NOT NULL;"
        "CREATE TABLE progress_file ("
        "  report INTEGER NOT NULL REFERENCES progress_report (id),"
        "  place INTEGER NOT NULL,"
        "  sha256 BLOB NOT NULL REFERENCES evidence_file (sha256),"
        "  PRIMARY KEY (report, place)"
        ") STRICT;"
        "CREATE INDEX progress_file_sha256 ON progress_file (sha256);"},
};

const struct schema progress_schema = {"progress", migrations,
                                       sizeof migrations / sizeof migrations[0], NULL};

#define COLUMNS                                                                                    \
    "SELECT r.sort, r.number, r.id, r.line, r.time_ms, r.actor, r.value, r.unit, r.as_of, r.note," \
    " r.file_count, r.supersedes"

static const char SQL_LIST[] =
    COLUMNS ", (SELECT s.id FROM progress_report s WHERE s.supersedes = r.id AND s.line <= ?4)"
            " FROM progress_report r"
            " WHERE r.plan = ?1 AND r.sort = ?2 AND r.number = ?3 AND r.line <= ?4"
            " ORDER BY r.id DESC";
/* Backwards through the index, unsorted, so that the first row of an item is its latest. */
static const char SQL_CURRENT[] =
    COLUMNS " FROM progress_report r WHERE r.plan = ?1 AND r.line <= ?2 AND r.as_of <= ?3"
            " AND NOT EXISTS (SELECT 1 FROM progress_report s"
            " WHERE s.supersedes = r.id AND s.line <= ?2)"
            " ORDER BY r.sort DESC, r.number DESC, r.as_of DESC";
static const char SQL_FILES[] =
    "SELECT f.report, f.sha256 FROM progress_file f JOIN progress_report r ON r.id = f.report"
    " WHERE r.plan = ?1 AND r.sort = ?2 AND r.number = ?3 AND r.line <= ?4"
    " ORDER BY f.report DESC, f.place";
static const char SQL_EARLIER[] =
    "SELECT (SELECT s.id FROM progress_report s WHERE s.supersedes = r.id) FROM progress_report r"
    " WHERE r.plan = ?1 AND r.sort = ?2 AND r.number = ?3 AND r.id = ?4";
static const char SQL_OF_DAY[] =
    "SELECT r.id FROM progress_report r WHERE r.plan = ?1 AND r.sort = ?2 AND r.number = ?3"
    " AND r.as_of = ?4"
    " AND NOT EXISTS (SELECT 1 FROM progress_report s WHERE s.supersedes = r.id)";
static const char SQL_ITEMS_OF_FILE[] =
    "SELECT DISTINCT r.sort, r.number, r.plan FROM progress_report r"
    " JOIN progress_file f ON f.report = r.id WHERE f.sha256 = ?1";
static const char SQL_NEXT[] = "SELECT max(id) FROM progress_report";
static const char SQL_ADD[] =
    "INSERT INTO progress_report (plan, sort, number, id, line, time_ms, actor, value, unit, as_of,"
    " note, file_count, supersedes)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
static const char SQL_ADD_FILE[] =
    "INSERT INTO progress_file (report, place, sha256) VALUES (?1, ?2, ?3)";

static int32_t get_day(struct query *q, int column) {
    int32_t day = 0;
    const char *s = query_get_text(q, column);
    bool read = s != NULL && date_parse(s, query_get_len(q, column), &day, NULL) == OK;
    return read ? day : 0; /* 0 of a row that somebody else wrote */
}

static struct progress_report get_report(struct query *q, int64_t plan, struct arena *a) {
    return (struct progress_report){.item = rows_item(q, 0, plan),
                                    .id = query_get_int(q, 2),
                                    .line = query_get_int(q, 3),
                                    .time_ms = query_get_int(q, 4),
                                    .actor = query_dup_text(q, 5, a),
                                    .value = rows_decimal(q, 6),
                                    .unit = query_dup_text(q, 7, a),
                                    .as_of = get_day(q, 8),
                                    .note = query_dup_text(q, 9, a),
                                    .file_count = (size_t)query_get_int(q, 10),
                                    .supersedes = query_get_int(q, 11)};
}

struct file_row {
    int64_t report;
    unsigned char sha256[SHA256_BYTES];
};

static enum code load_files(struct tx *tx, const struct item *item, int64_t as_of,
                            struct query_rows *out, struct err *err) {
    struct query *q = rows_open_item(tx, SQL_FILES, item, as_of);
    while (query_row(q)) {
        struct file_row *row = query_rows_add(out, sizeof *row);
        row->report = query_get_int(q, 0);
        if (query_get_len(q, 1) == SHA256_BYTES) {
            memcpy(row->sha256, query_get_blob(q, 1), SHA256_BYTES);
        }
    }
    return query_close(q, err);
}

/* Reports and rows go from the newest report to the oldest. */
static void give_files(struct progress_report *reports, size_t count, const struct file_row *rows,
                       size_t row_count, struct arena *a) {
    unsigned char(*all)[SHA256_BYTES] = arena_alloc(a, row_count * SHA256_BYTES + 1);
    for (size_t i = 0, r = 0; i < count; i++) {
        size_t from = r;
        for (; r < row_count && rows[r].report == reports[i].id; r++) {
            memcpy(all[r], rows[r].sha256, SHA256_BYTES);
        }
        reports[i].files = (const unsigned char(*)[SHA256_BYTES])(all + from);
        reports[i].file_count = r - from;
    }
}

enum code progress_items_of_file(struct tx *tx, const unsigned char sha256[SHA256_BYTES],
                                 struct arena *a, struct item **out, size_t *count,
                                 struct err *err) {
    struct query_rows items = QUERY_ROWS_INIT;
    struct query *q = query_open(tx, SQL_ITEMS_OF_FILE);
    query_blob(q, 1, sha256, SHA256_BYTES);
    while (query_row(q)) {
        struct item *item = query_rows_add(&items, sizeof *item);
        *item = rows_item(q, 0, query_get_int(q, 2));
    }
    *out = query_rows_take(&items, sizeof **out, a, count);
    return query_close(q, err);
}

enum code progress_list(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                        struct progress_report **out, size_t *count, struct err *err) {
    struct query_rows reports = QUERY_ROWS_INIT;
    struct query_rows files = QUERY_ROWS_INIT;
    size_t file_count = 0;
    struct query *q = rows_open_item(tx, SQL_LIST, item, as_of);
    while (query_row(q)) {
        struct progress_report *r = query_rows_add(&reports, sizeof *r);
        *r = get_report(q, item->plan, a);
        r->superseded_by = query_get_int(q, 12);
    }
    *out = query_rows_take(&reports, sizeof **out, a, count);
    enum code code = query_close(q, err);
    if (code == OK) {
        code = load_files(tx, item, as_of, &files, err);
    }
    const struct file_row *rows = query_rows_take(&files, sizeof *rows, a, &file_count);
    give_files(*out, *count, rows, file_count, a);
    return code;
}

static void reverse(struct progress_report *reports, size_t count) {
    for (size_t i = 0; i < count / 2; i++) {
        struct progress_report x = reports[i];
        reports[i] = reports[count - 1 - i];
        reports[count - 1 - i] = x;
    }
}

enum code progress_current(struct tx *tx, int64_t plan, int32_t day, int64_t as_of, struct arena *a,
                           struct progress_report **out, size_t *count, struct err *err) {
    struct query_rows rows = QUERY_ROWS_INIT;
    struct progress_report *last = NULL;
    char text[DATE_TEXT_MAX];
    struct query *q = query_open(tx, SQL_CURRENT);
    query_int(q, 1, plan);
    query_int(q, 2, as_of);
    query_text(q, 3, date_text(day, text));
    while (query_row(q)) {
        struct item item = rows_item(q, 0, plan);
        if (last == NULL || rows_item_cmp(&last->item, &item) != 0) {
            last = query_rows_add(&rows, sizeof *last);
            *last = get_report(q, plan, a);
        }
    }
    *out = query_rows_take(&rows, sizeof **out, a, count);
    reverse(*out, *count);
    return query_close(q, err);
}

/* ---- writing ---- */

enum code progress_db_earlier(struct tx *tx, const struct item *item, int64_t id,
                              struct progress_earlier *out, struct err *err) {
    struct query *q = rows_open_item(tx, SQL_EARLIER, item, id);
    out->found = query_row(q);
    out->superseded_by = out->found ? query_get_int(q, 0) : 0;
    return query_close(q, err);
}

enum code progress_db_of_day(struct tx *tx, const struct item *item, int32_t as_of, int64_t *id,
                             struct err *err) {
    char text[DATE_TEXT_MAX];
    struct query *q = query_open(tx, SQL_OF_DAY);
    rows_bind_item(q, 1, item);
    query_text(q, 4, date_text(as_of, text));
    return query_number(q, id, err);
}

enum code progress_db_next(struct tx *tx, int64_t *id, struct err *err) {
    enum code code = query_number(query_open(tx, SQL_NEXT), id, err);
    *id += code == OK;
    return code;
}

static enum code add_report(struct tx *tx, const struct progress_request *r,
                            const struct progress_added *as, struct err *err) {
    char value[DECIMAL_TEXT_MAX];
    char day[DATE_TEXT_MAX];
    struct query *q = rows_open_item(tx, SQL_ADD, &r->item, as->id);
    query_int(q, 5, as->line);
    query_int(q, 6, tx_now_ms(tx));
    query_text(q, 7, r->actor);
    query_text(q, 8, decimal_text(r->value, value));
    query_text(q, 9, r->unit);
    query_text(q, 10, date_text(r->as_of, day));
    query_text(q, 11, r->note);
    query_int(q, 12, (int64_t)r->file_count);
    if (r->supersedes != 0) {
        query_int(q, 13, r->supersedes);
    }
    return query_run(q, err);
}

enum code progress_db_add(struct tx *tx, const struct progress_request *r,
                          const struct progress_added *as, struct err *err) {
    enum code code = add_report(tx, r, as, err);
    for (size_t i = 0; code == OK && i < r->file_count; i++) {
        struct query *q = query_open(tx, SQL_ADD_FILE);
        query_int(q, 1, as->id);
        query_int(q, 2, (int64_t)i);
        query_blob(q, 3, r->files[i], SHA256_BYTES);
        code = query_run(q, err);
    }
    return code;
}
