/* rows: see rows_int.h. */
#include "track/rows_int.h"

#include <string.h>

struct decimal rows_decimal(struct query *q, int column) {
    const char *s = query_get_text(q, column);
    struct decimal d;
    bool read = s != NULL && decimal_parse_signed(s, query_get_len(q, column), &d);
    return read ? d : decimal_of(0);
}

void rows_bind_item(struct query *q, int at, const struct item *item) {
    query_int(q, at, item->plan);
    query_text(q, at + 1, kept_sort_name(item->sort));
    query_int(q, at + 2, item->number);
}

struct query *rows_open_item(struct tx *tx, const char *sql, const struct item *item,
                             int64_t number) {
    struct query *q = query_open(tx, sql);
    rows_bind_item(q, 1, item);
    query_int(q, 4, number);
    return q;
}

struct item rows_item(struct query *q, int column, int64_t plan) {
    const char *sort = query_get_text(q, column);
    bool task = sort != NULL && strcmp(sort, kept_sort_name(KEPT_TASK)) == 0;
    return (struct item){plan, task ? KEPT_TASK : KEPT_TARGET, query_get_int(q, column + 1)};
}

int rows_item_cmp(const struct item *a, const struct item *b) {
    int c = (a->sort < b->sort) - (a->sort > b->sort); /* "target" < "task" */
    return c != 0 ? c : (a->number > b->number) - (a->number < b->number);
}
