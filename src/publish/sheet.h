/* sheet: one table of rows as a file that a spreadsheet opens: CSV (RFC 4180) or XLSX (Office Open
 * XML, by libxlsxwriter).
 *
 *   sheet_new(SHEET_XLSX, "任务", columns, 3)   header row, frozen, filterable
 *   sheet_text(s, "…"); sheet_number(s, "13.5"); sheet_day(s, "2021-06-30")   left to right
 *   sheet_row(s)                                 ends the row; cells that were not set are empty
 *   sheet_finish(s, &buf, err)                   the file's bytes
 *
 * A text never becomes a formula: XLSX says of each cell what it is; in CSV, where a program has to
 * guess, a text that begins like a formula (= + - @, tab or CR) gets an apostrophe before it
 * (OWASP, "CSV Injection"). The CSV begins with a byte order mark, without which Excel takes UTF-8
 * for the machine's own encoding. Numbers are written as they are in CSV and as IEEE doubles in
 * XLSX, which has no other kind: fifteen digits stay exact. */
#ifndef TAIHU_PUBLISH_SHEET_H
#define TAIHU_PUBLISH_SHEET_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum sheet_format { SHEET_CSV, SHEET_XLSX };

struct sheet_column {
    const char *title;
    int width; /* in characters of the usual font, as spreadsheets count */
};

enum { SHEET_COLUMNS_MAX = 64, SHEET_ROWS_MAX = 100000, SHEET_CELL_MAX = 32767 };

struct sheet;

/* `columns` is borrowed until the sheet is freed; at most SHEET_COLUMNS_MAX. `name` is the tab's.
 */
struct sheet *sheet_new(enum sheet_format format, const char *name,
                        const struct sheet_column *columns, size_t count);

/* The next cell of the row; NULL leaves it empty. Text is cut at SHEET_CELL_MAX characters in XLSX,
 * which holds no more. What sheet_number() cannot read as a number it writes as text, and
 * sheet_day() what is not YYYY-MM-DD. More cells than columns is an error of the caller (assert).
 */
void sheet_text(struct sheet *s, const char *text);
void sheet_number(struct sheet *s, const char *number);
void sheet_day(struct sheet *s, const char *day);

/* E_LIMIT behind SHEET_ROWS_MAX rows. */
enum code sheet_row(struct sheet *s, struct err *err);

/* Appends the whole file to `to`; nothing may be added after. E_IO: libxlsxwriter could not. */
enum code sheet_finish(struct sheet *s, struct buf *to, struct err *err);

void sheet_free(struct sheet *s); /* takes NULL */

/* "text/csv; charset=utf-8", or XLSX's; and "csv", "xlsx". */
const char *sheet_type(enum sheet_format format);
const char *sheet_suffix(enum sheet_format format);

#endif
