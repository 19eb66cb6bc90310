/* charge_db: the tables and statements of charge.h.
 *
 *   charge_set    one set of an item, valid for journal lines [valid_from, valid_to)
 *   charge_entry  who is in it */
#include <string.h>

#include "store/query.h"
#include "track/charge_int.h"
#include "track/rows_int.h"

static const struct migration migrations[] = {
    {1, "CREATE TABLE charge_set (" ROWS_ITEM "  valid_from INTEGER NOT NULL,"
        "  valid_to INTEGER CHECK (valid_to > valid_from),"
        "  note TEXT,"
        "  PRIMARY KEY (plan, sort, number, valid_from)"
        ") STRICT;"
        "CREATE UNIQUE INDEX charge_set_valid ON charge_set (plan, sort, number)"
        " WHERE valid_to IS NULL;"
        "CREATE TABLE charge_entry (" ROWS_ITEM "  valid_from INTEGER NOT NULL,"
        "  place INTEGER NOT NULL,"
        "  organisation TEXT,"
        "  name TEXT NOT NULL,"
        "  role TEXT NOT NULL CHECK (role IN ('lead', 'support')),"
        "  PRIMARY KEY (plan, sort, number, valid_from, place),"
        "  FOREIGN KEY (plan, sort, number, valid_from)"
        "   REFERENCES charge_set (plan, sort, number, valid_from)"
        ") STRICT;"},
};

const struct schema charge_schema = {"charge", migrations, sizeof migrations / sizeof migrations[0],
                                     NULL};

#define COLUMNS                                                                                    \
    "SELECT s.sort, s.number, s.valid_from, e.organisation, e.name, e.role FROM charge_set s"      \
    " JOIN charge_entry e ON e.plan = s.plan AND e.sort = s.sort AND e.number = s.number"          \
    " AND e.valid_from = s.valid_from"                                                             \
    " WHERE s.plan = ?1 AND s.valid_from <= ?2 AND (s.valid_to IS NULL OR s.valid_to > ?2)"
#define ORDER " ORDER BY s.sort, s.number, e.place"

static const char SQL_LIST[] = COLUMNS ORDER;
static const char SQL_FIND[] = COLUMNS " AND s.sort = ?3 AND s.number = ?4" ORDER;
static const char SQL_END[] = "UPDATE charge_set SET valid_to = ?4"
                              " WHERE plan = ?1 AND sort = ?2 AND number = ?3 AND valid_to IS NULL";
static const char SQL_ADD[] = "INSERT INTO charge_set (plan, sort, number, valid_from, note)"
                              " VALUES (?1, ?2, ?3, ?4, ?5)";
static const char SQL_ADD_ENTRY[] =
    "INSERT INTO charge_entry (plan, sort, number, valid_from, place, organisation, name, role)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

static struct charge get_charge(struct query *q, struct arena *a) {
    bool lead = strcmp(query_get_text(q, 5), charge_role_name(CHARGE_LEAD)) == 0;
    return (struct charge){query_dup_text(q, 3, a), query_dup_text(q, 4, a),
                           lead ? CHARGE_LEAD : CHARGE_SUPPORT};
}

/* The rows as sets: a set's entries follow one another, and so point into one array. */
static enum code take_sets(struct query *q, int64_t plan, struct arena *a, struct charge_set **out,
                           size_t *count, struct err *err) {
    struct query_rows entries = QUERY_ROWS_INIT;
    struct query_rows sets = QUERY_ROWS_INIT;
    while (query_row(q)) {
        struct item item = rows_item(q, 0, plan);
        struct charge_set *last = sets.count == 0 ? NULL : (struct charge_set *)(void *)sets.data;
        if (last == NULL || rows_item_cmp(&last[sets.count - 1].item, &item) != 0) {
            struct charge_set *set = query_rows_add(&sets, sizeof *set);
            *set = (struct charge_set){.item = item, .line = query_get_int(q, 2)};
        }
        last = (struct charge_set *)(void *)sets.data;
        last[sets.count - 1].count++;
        *(struct charge *)query_rows_add(&entries, sizeof(struct charge)) = get_charge(q, a);
    }
    size_t all = 0;
    const struct charge *next = query_rows_take(&entries, sizeof *next, a, &all);
    *out = query_rows_take(&sets, sizeof **out, a, count);
    for (size_t i = 0; i < *count; i++) {
        (*out)[i].charges = next;
        next += (*out)[i].count;
    }
    return query_close(q, err);
}

enum code charge_list(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                      struct charge_set **out, size_t *count, struct err *err) {
    struct query *q = query_open(tx, SQL_LIST);
    query_int(q, 1, plan);
    query_int(q, 2, as_of);
    return take_sets(q, plan, a, out, count, err);
}

enum code charge_find(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                      struct charge_set *out, bool *found, struct err *err) {
    struct charge_set *set = NULL;
    size_t count = 0;
    struct query *q = query_open(tx, SQL_FIND);
    query_int(q, 1, item->plan);
    query_int(q, 2, as_of);
    query_text(q, 3, kept_sort_name(item->sort));
    query_int(q, 4, item->number);
    enum code code = take_sets(q, item->plan, a, &set, &count, err);
    if (code == OK) {
        *found = count > 0;
        *out = count > 0 ? set[0] : (struct charge_set){.item = *item};
    }
    return code;
}

enum code charge_db_put(struct tx *tx, const struct charge_request *r, int64_t line,
                        struct err *err) {
    enum code code = query_run(rows_open_item(tx, SQL_END, &r->item, line), err);
    if (code == OK) {
        struct query *q = rows_open_item(tx, SQL_ADD, &r->item, line);
        query_text(q, 5, r->note);
        code = query_run(q, err);
    }
    for (size_t i = 0; code == OK && i < r->count; i++) {
        struct query *q = rows_open_item(tx, SQL_ADD_ENTRY, &r->item, line);
        query_int(q, 5, (int64_t)i);
        query_text(q, 6, r->charges[i].organisation);
        query_text(q, 7, r->charges[i].name);
        query_text(q, 8, charge_role_name(r->charges[i].role));
        code = query_run(q, err);
    }
    return code;
}
