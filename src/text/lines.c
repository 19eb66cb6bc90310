/* lines: see lines.h. Borders and blanks are only noted when they are met; what they come to is
 * written before the next character, when both sides are known. */
#include "text/lines.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

enum kind { KIND_PLAIN, KIND_BLANK, KIND_FEED, KIND_BREAK, KIND_NOTHING };

void lines_init(struct lines *l, struct buf *to, size_t max) {
    memset(l, 0, sizeof *l);
    l->to = to;
    l->max = max;
    l->from = to->len;
}

static enum kind kind_of(uint32_t c) {
    if (c >= 0x3001) {
        return c == 0xFEFF ? KIND_NOTHING : KIND_PLAIN;
    }
    if (c == '\n' || c == '\r') {
        return KIND_FEED;
    }
    if (c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == 0xA0 || c == 0x3000 ||
        (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F) {
        return KIND_BLANK;
    }
    if (c == 0x2028 || c == 0x2029) { /* line and paragraph separator */
        return KIND_BREAK;
    }
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
        (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064)) {
        return KIND_NOTHING;
    }
    return KIND_PLAIN;
}

/* Han characters and the punctuation set with them, the quotes and dashes Chinese shares too. */
static bool is_wide(uint32_t c) {
    return (c >= 0x2E80 && c < 0xFFF0) || c >= 0x20000 || (c >= 0x2014 && c <= 0x201D) ||
           c == 0x2026;
}

/* The row being written in the innermost table; NULL outside of tables. */
static struct lines_row *row(struct lines *l) {
    if (l->depth == 0) {
        return NULL;
    }
    int top = l->depth < LINES_TABLES_MAX ? l->depth : LINES_TABLES_MAX;
    return &l->rows[top - 1];
}

/* Every byte goes through here: `max` holds whatever the layout adds. */
static void put(struct lines *l, const char *s, size_t n) {
    assert(l->to->len >= l->from && l->to->len - l->from <= l->max);
    if (l->to->len - l->from + n > l->max) {
        l->full = true;
        return;
    }
    buf_add(l->to, s, n);
}

static bool at_line_start(const struct lines *l) {
    return l->to->len == l->from || l->to->data[l->to->len - 1] == '\n';
}

static void put_feed(struct lines *l) {
    if (!at_line_start(l)) {
        put(l, "\n", 1);
    }
}

/* Writes what stands between the last character and the one that comes, `c`. In this order:
 *   a new cell of a row that is one line so far         " | ", one for each border met
 *   a new block in a cell of a table with joined rows   " "
 *   a new block, or a cell behind one of several lines  a line feed
 *   blanks                                              " ", or nothing */
static void put_between(struct lines *l, uint32_t c) {
    struct lines_row *r = row(l);
    bool in_row = r != NULL && r->text;
    if (in_row && l->cells > 0 && !r->broken) {
        for (int i = 0; i < l->cells; i++) {
            put(l, " |", 2);
        }
        put(l, " ", 1);
    } else if (in_row && l->breaks && l->cells == 0 && r->joined) {
        put(l, " ", 1);
    } else if (l->breaks || l->cells > 0) {
        if (in_row && l->cells == 0) {
            r->broken = true;
        }
        put_feed(l);
    } else if (l->gap != GAP_NONE && !at_line_start(l) &&
               (l->gap == GAP_BLANK || !is_wide(l->last) || !is_wide(c))) {
        put(l, " ", 1);
    }
    l->gap = GAP_NONE;
    l->breaks = false;
    l->cells = 0;
}

static void put_char(struct lines *l, const char *s, size_t n, uint32_t c) {
    put_between(l, c);
    put(l, s, n);
    l->last = c;
    struct lines_row *r = row(l);
    if (r != NULL) {
        r->text = true;
    }
}

void lines_text(struct lines *l, const char *s, size_t n) {
    for (size_t i = 0; i < n && !l->full;) {
        uint32_t c;
        size_t len = utf8_decode(s + i, n - i, &c);
        if (len == 0) {
            i++;
            continue;
        }
        enum kind kind = kind_of(c);
        if (kind == KIND_PLAIN) {
            put_char(l, s + i, len, c);
        } else if (kind == KIND_BREAK || (kind == KIND_FEED && l->keep_feed)) {
            lines_break(l);
        } else if (kind == KIND_BLANK) {
            l->gap = GAP_BLANK;
        } else if (kind == KIND_FEED && l->gap == GAP_NONE) {
            l->gap = GAP_FEED;
        }
        i += len;
    }
}

void lines_break(struct lines *l) {
    l->breaks = true;
}

void lines_table(struct lines *l) {
    l->depth++;
    l->breaks = true;
    l->cells = 0;
    *row(l) = (struct lines_row){0, false, false, false};
}

void lines_table_end(struct lines *l) {
    l->breaks = true;
    l->cells = 0;
    if (l->depth > 0) {
        l->depth--;
    }
    struct lines_row *outer = row(l);
    /* The table was part of a cell, so that cell has several lines. */
    if (outer != NULL) {
        outer->broken = true;
        outer->text = true;
    }
}

void lines_row(struct lines *l) {
    struct lines_row *r = row(l);
    l->breaks = true;
    l->cells = 0;
    if (r != NULL) {
        *r = (struct lines_row){0, false, false, r->joined};
    }
}

void lines_cell(struct lines *l) {
    struct lines_row *r = row(l);
    if (r == NULL) {
        l->breaks = true;
    } else if (r->cells++ > 0) {
        l->cells++;
    }
}

void lines_join_rows(struct lines *l) {
    struct lines_row *r = row(l);
    if (r != NULL) {
        r->joined = true;
    }
}
