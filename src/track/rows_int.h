/* rows: the columns that several tables of this room share. */
#ifndef TAIHU_TRACK_ROWS_INT_H
#define TAIHU_TRACK_ROWS_INT_H

#include "base/decimal.h"
#include "store/query_rows.h"
#include "track/item.h"

/* A number that we wrote as text; 0 where somebody else wrote what is none. */
struct decimal rows_decimal(struct query *q, int column);

/* An item is three columns: plan, sort ("task", "target"), number. */
#define ROWS_ITEM                                                                                  \
    "plan INTEGER NOT NULL REFERENCES plan_kept (id),"                                             \
    "sort TEXT NOT NULL CHECK (sort IN ('task', 'target')),"                                       \
    "number INTEGER NOT NULL CHECK (number > 0),"

/* Opens a statement of one item: ?1 to ?3 are the item, ?4 is `number`, mostly a journal line. */
struct query *rows_open_item(struct tx *tx, const char *sql, const struct item *item,
                             int64_t number);

/* Binds one to parameters at, at + 1, at + 2; and reads one of a plan from two columns. */
void rows_bind_item(struct query *q, int at, const struct item *item);
struct item rows_item(struct query *q, int column, int64_t plan);

/* Targets first, then by number: the order of ORDER BY sort, number, which the keys have. */
int rows_item_cmp(const struct item *a, const struct item *b);

#endif
