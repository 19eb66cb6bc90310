/* lines: text laid out in lines, as the readers of marked-up formats write it.
 *
 * A reader says what it meets (text, the border of a block, a row, a cell) and the writer keeps the
 * layout, whatever the order and nesting:
 *   - a run of blanks of any kind is one ' '; none at the start or the end of a line
 *   - a line feed within Chinese text is nothing, as browsers show it
 *   - no empty lines; the text neither begins nor ends with a line feed
 *   - control and zero-width characters are dropped
 *   - a table's row is one line, its cells separated by " | ":   信息索引號 | 014006438 | 生成日期
 * Many pages and papers use tables for layout, with paragraphs in the cells. So a row is one line
 * only as long as each cell is: behind a cell of several lines the next cell begins a line. */
#ifndef TAIHU_TEXT_LINES_H
#define TAIHU_TEXT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { LINES_TABLES_MAX = 32 }; /* tables within tables; deeper ones share the last */

struct lines_row {
    int cells;   /* begun in this row */
    bool text;   /* some was written in this row */
    bool broken; /* a cell of this row has several lines */
    bool joined; /* this table keeps a row on one line whatever its cells hold */
};

struct lines {
    struct buf *to;
    size_t max;
    size_t from;    /* where in `to` the text begins */
    bool full;      /* more than `max` bytes came; what did not fit was dropped */
    bool keep_feed; /* a line feed breaks the line, as in <pre> */
    enum { GAP_NONE, GAP_FEED, GAP_BLANK } gap; /* blanks met since the last character */
    bool breaks;                                /* a border of a block met since then */
    int cells;                                  /* borders of cells met since then */
    uint32_t last;                              /* the last character, 0 at the start */
    int depth;                                  /* tables open */
    struct lines_row rows[LINES_TABLES_MAX];
};

/* Lines are added to `to`, borrowed, at most `max` bytes of them. */
void lines_init(struct lines *l, struct buf *to, size_t max);

/* Bytes that are not well-formed UTF-8 are dropped. Each call holds whole characters. */
void lines_text(struct lines *l, const char *s, size_t n);

/* What follows begins a line. */
void lines_break(struct lines *l);

void lines_table(struct lines *l);
void lines_table_end(struct lines *l);
void lines_row(struct lines *l);
void lines_cell(struct lines *l);

/* Keeps each row of the table that is open on one line: its columns were declared, so it holds
 * data. */
void lines_join_rows(struct lines *l);

#endif
