/* path_db: the tables and statements of path.h.
 *
 *   path_drawn  one path of an item, valid for journal lines [valid_from, valid_to)
 *   path_point  its points; the value is exact, as decimal text */
#include <string.h>

#include "store/query.h"
#include "track/path_int.h"
#include "track/rows_int.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE path_drawn (" ROWS_ITEM "  valid_from INTEGER NOT NULL,"
        "  valid_to INTEGER CHECK (valid_to > valid_from),"
        "  PRIMARY KEY (plan, sort, number, valid_from)"
        ") STRICT;"
        "CREATE UNIQUE INDEX path_drawn_valid ON path_drawn (plan, sort, number)"
        " WHERE valid_to IS NULL;"
        "CREATE TABLE path_point (" ROWS_ITEM "  valid_from INTEGER NOT NULL,"
        "  year INTEGER NOT NULL,"
        "  month INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),"
        "  value TEXT NOT NULL,"
        "  PRIMARY KEY (plan, sort, number, valid_from, year, month),"
        "  FOREIGN KEY (plan, sort, number, valid_from)"
        "   REFERENCES path_drawn (plan, sort, number, valid_from)"
        ") STRICT;"},
};

const struct schema path_schema = {"path", migrations, sizeof migrations / sizeof migrations[0],
                                   NULL};

#define COLUMNS                                                                                    \
    "SELECT d.sort, d.number, d.valid_from, p.year, p.month, p.value FROM path_drawn d"            \
    " JOIN path_point p ON p.plan = d.plan AND p.sort = d.sort AND p.number = d.number"            \
    " AND p.valid_from = d.valid_from"                                                             \
    " WHERE d.plan = ?1 AND d.valid_from <= ?2 AND (d.valid_to IS NULL OR d.valid_to > ?2)"
#define ORDER " ORDER BY d.sort, d.number, p.year, p.month"

static const char SQL_LIST[] = COLUMNS ORDER;
static const char SQL_FIND[] = COLUMNS " AND d.sort = ?3 AND d.number = ?4" ORDER;
static const char SQL_END[] = "UPDATE path_drawn SET valid_to = ?4"
                              " WHERE plan = ?1 AND sort = ?2 AND number = ?3 AND valid_to IS NULL";
static const char SQL_ADD[] =
    "INSERT INTO path_drawn (plan, sort, number, valid_from) VALUES (?1, ?2, ?3, ?4)";
static const char SQL_ADD_POINT[] =
    "INSERT INTO path_point (plan, sort, number, valid_from, year, month, value)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/* The rows as paths: the points of one follow one another, and so point into one array. */
static enum code take_paths(struct query *q, int64_t plan, struct arena *a, struct path **out,
                            size_t *count, struct err *err) {
    struct query_rows points = QUERY_ROWS_INIT;
    struct query_rows paths = QUERY_ROWS_INIT;
    while (query_row(q)) {
        struct item item = rows_item(q, 0, plan);
        struct path *all = (struct path *)(void *)paths.data;
        if (paths.count == 0 || rows_item_cmp(&all[paths.count - 1].item, &item) != 0) {
            struct path *path = query_rows_add(&paths, sizeof *path);
            *path = (struct path){.item = item, .line = query_get_int(q, 2)};
        }
        all = (struct path *)(void *)paths.data;
        all[paths.count - 1].count++;
        struct path_point *point = query_rows_add(&points, sizeof *point);
        *point = (struct path_point){(int)query_get_int(q, 3), (int)query_get_int(q, 4),
                                     rows_decimal(q, 5)};
    }
    size_t all = 0;
    const struct path_point *next = query_rows_take(&points, sizeof *next, a, &all);
    *out = query_rows_take(&paths, sizeof **out, a, count);
    for (size_t i = 0; i < *count; i++) {
        (*out)[i].points = next;
        next += (*out)[i].count;
    }
    return query_close(q, err);
}

enum code path_list(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a, struct path **out,
                    size_t *count, struct err *err) {
    struct query *q = query_open(tx, SQL_LIST);
    query_int(q, 1, plan);
    query_int(q, 2, as_of);
    return take_paths(q, plan, a, out, count, err);
}

enum code path_find(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                    struct path *out, bool *found, struct err *err) {
    struct path *path = NULL;
    size_t count = 0;
    struct query *q = query_open(tx, SQL_FIND);
    query_int(q, 1, item->plan);
    query_int(q, 2, as_of);
    query_text(q, 3, kept_sort_name(item->sort));
    query_int(q, 4, item->number);
    enum code code = take_paths(q, item->plan, a, &path, &count, err);
    if (code == OK) {
        *found = count > 0;
        *out = count > 0 ? path[0] : (struct path){.item = *item};
    }
    return code;
}

enum code path_db_end(struct tx *tx, const struct item *item, int64_t line, struct err *err) {
    return query_run(rows_open_item(tx, SQL_END, item, line), err);
}

enum code path_db_add(struct tx *tx, const struct path_request *r, int64_t line, struct err *err) {
    char text[DECIMAL_TEXT_MAX];
    enum code code = query_run(rows_open_item(tx, SQL_ADD, &r->item, line), err);
    for (size_t i = 0; code == OK && i < r->count; i++) {
        struct query *q = rows_open_item(tx, SQL_ADD_POINT, &r->item, line);
        query_int(q, 5, r->points[i].year);
        query_int(q, 6, r->points[i].month);
        query_text(q, 7, decimal_text(r->points[i].value, text));
        code = query_run(q, err);
    }
    return code;
}
