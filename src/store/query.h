/* query: one run of one SQL statement within a transaction.
 *
 *   static const char SQL_OF_LEVEL[] = "SELECT code, name FROM city_place WHERE level = ?1";
 *
 *   struct query *q = query_open(tx, SQL_OF_LEVEL);
 *   query_int(q, 1, level);
 *   while (query_row(q)) {
 *       add(query_get_text(q, 0), query_get_text(q, 1));
 *   }
 *   return query_close(q, err);
 *
 * The SQL is a constant that lives as long as the program: a connection prepares it once and finds
 * it again by its address. Parameters are ?1, ?2 ...: bound, never pasted. Only SELECT, INSERT,
 * UPDATE and DELETE are taken, and the tables named journal... and store_... can only be read.
 *
 * A failure at any step is kept in the query: later steps do nothing, query_row() is false, and
 * query_close() returns it. So each query is opened, closed once, and looked at once.
 *
 * Kept to what SQLite and PostgreSQL both understand: see README.md. */
#ifndef TAIHU_STORE_QUERY_H
#define TAIHU_STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/tx.h"

struct query;

/* Never NULL. The same statement may be open several times at once. */
struct query *query_open(struct tx *tx, const char *sql);

/* The same with ?1 bound: for the many statements that are about one thing. */
struct query *query_open_of(struct tx *tx, const char *sql, int64_t number);

/* Bind parameter `at`, counted from 1; one that is not bound is NULL. Text and bytes are borrowed
 * until query_close(). */
void query_int(struct query *q, int at, int64_t v);
void query_text(struct query *q, int at, const char *s); /* NULL binds NULL */
void query_textn(struct query *q, int at, const char *s, size_t n);
void query_blob(struct query *q, int at, const void *bytes, size_t n); /* NULL binds NULL */
void query_null(struct query *q, int at);

/* Moves to the next row; false behind the last one and on failure. */
bool query_row(struct query *q);

enum query_kind { QUERY_INT, QUERY_REAL, QUERY_TEXT, QUERY_BLOB, QUERY_NULL };

/* Columns of the row, counted from 0. What is pointed to lives until the next query_row() or
 * query_close(). NULL reads as 0, or as NULL with length 0. Text has a NUL behind it. */
enum query_kind query_kind(struct query *q, int column);
int64_t query_get_int(struct query *q, int column);
const char *query_get_text(struct query *q, int column);
const void *query_get_blob(struct query *q, int column);
size_t query_get_len(struct query *q, int column); /* bytes of a text or blob */

/* The text of a column, in the arena; NULL stays NULL. */
const char *query_dup_text(struct query *q, int column, struct arena *a);

/* Ends it, also before the last row. Returns the first failure since query_open(): E_INPUT where
 * the rows are against a constraint, E_LIMIT for a value too large, else E_IO. */
enum code query_close(struct query *q, struct err *err);

/* For a statement that gives one number: closes it too. *out is written on OK only; 0 where there
 * is no row, or the number is NULL. */
enum code query_number(struct query *q, int64_t *out, struct err *err);

/* For a statement without rows: runs it and closes it. */
enum code query_run(struct query *q, struct err *err);

#endif
