/* reflow: see reflow.h. Four passes: split into printed lines and measure them; drop what belongs
 * to the page, not to the text; find how wide a full line is; write, joining where a line goes on.
 *
 * Widths are in half-widths: an ASCII character 1, a Han character 2. */
#include "text/reflow.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum {
    EDGE_LINES = 2,       /* of a page, at either end, that may be a head or a foot */
    INDENT_MIN = 2,       /* columns: Chinese paragraphs begin two characters in */
    INDENT_WIDTH = 4,     /* what such an indent takes of the line */
    SLACK = 6,            /* a full line may end three characters early: none begins with a comma */
    SLACK_END = 2,        /* where only the width tells that a paragraph ended, one */
    INDENTED_ONE_IN = 40, /* lines, that is indented where Chinese paragraphs are */
    GAP_MIN = 3,          /* blanks between the columns of a table */
    NARROW_LINE = 20,     /* shorter lines say nothing of the edge */
    HEADING_DIGITS = 3,   /* 1. to 999. */
    BARE_NUMBER_MAX = 6   /* 12.3.1 */
};

struct line {
    const char *s; /* without blanks at either end */
    uint32_t len;
    uint32_t page;
    uint32_t indent; /* columns of blanks before it */
    uint32_t width;  /* of what is not blank before it */
    bool above;      /* an empty line stands before it on the page */
    bool table;      /* its parts stand far apart */
    bool dropped;
};

struct flow {
    struct line *lines;
    size_t count, cap;
    uint32_t pages;
    uint32_t full; /* the usual width of a full line; 0 where there is none */
    uint32_t base; /* the left margin of the page being written, in columns */
    bool spaced;   /* empty lines stand between the lines of a paragraph too */
    bool indented; /* paragraphs begin with an indent */
    struct buf *to;
};

/* --- characters --- */

static bool is_wide(uint32_t c) {
    return (c >= 0x2E80 && c < 0xFFF0) || c >= 0x20000 || (c >= 0x2014 && c <= 0x201D) ||
           c == 0x2026 || (c >= 0x2460 && c <= 0x24FF);
}

static bool is_blank(uint32_t c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == 0xA0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200A);
}

/* Control characters, zero-width characters and the signs of private fonts' bullets. */
static bool is_nothing(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || c == 0xFEFF || (c >= 0xE000 && c <= 0xF8FF);
}

static bool is_alnum(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The character at s[0..n) in *c; its bytes, at least 1: the text is valid. */
static size_t char_at(const char *s, size_t n, uint32_t *c) {
    *c = 0;
    size_t len = utf8_decode(s, n, c);
    return len == 0 ? 1 : len;
}

static uint32_t first_char(const char *s, size_t n) {
    uint32_t c = 0;
    char_at(s, n, &c);
    return c;
}

static uint32_t last_char(const char *s, size_t n) {
    size_t i = n;
    while (i > 0 && ((unsigned char)s[--i] & 0xC0) == 0x80) {
    }
    return first_char(s + i, n - i);
}

static bool is_one_of(uint32_t c, const char *set) {
    size_t n = strlen(set);
    for (size_t i = 0; i < n;) {
        uint32_t member;
        i += char_at(set + i, n - i, &member);
        if (member == c) {
            return true;
        }
    }
    return false;
}

/* --- lines --- */

/* Measures what stands between two line ends. An empty line only marks the next one. */
static bool measure(const char *s, size_t n, struct line *out) {
    struct line line = {0};
    size_t from = 0, to = 0;
    uint32_t width = 0, gap = 0;
    bool begun = false;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = char_at(s + i, n - i, &c);
        uint32_t w = is_wide(c) || c == 0x3000 ? 2 : 1;
        if (is_blank(c)) {
            line.indent += begun ? 0 : c == '\t' ? 4 : 1;
            gap += c == '\t' ? GAP_MIN : 1;
            width += begun ? w : 0;
        } else if (!is_nothing(c)) {
            from = begun ? from : i;
            line.table |= begun && gap >= GAP_MIN;
            begun = true;
            gap = 0;
            width += w;
            to = i + len;
            line.width = width;
        }
        i += len;
    }
    line.s = s + from;
    line.len = (uint32_t)(to - from);
    *out = line;
    return begun;
}

static enum code add_line(struct flow *f, const char *s, size_t n, bool *above, struct err *err) {
    struct line line;
    if (!measure(s, n, &line)) {
        *above = true;
        return OK;
    }
    if (f->count == REFLOW_LINES_MAX) {
        return err_set(err, E_LIMIT, "more than the %d printed lines that are taken",
                       REFLOW_LINES_MAX);
    }
    line.page = f->pages;
    line.above = *above;
    *above = false;
    f->lines = mem_reserve(f->lines, &f->cap, f->count + 1, sizeof *f->lines);
    f->lines[f->count++] = line;
    return OK;
}

/* Line feeds end lines, form feeds end pages. */
static enum code split(struct flow *f, const char *s, size_t n, struct err *err) {
    bool above = false;
    size_t from = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && s[i] != '\n' && s[i] != '\f') {
            continue;
        }
        enum code code = add_line(f, s + from, i - from, &above, err);
        if (code != OK) {
            return code;
        }
        if (i < n && s[i] == '\f') {
            f->pages++;
            above = false;
        }
        from = i + 1;
    }
    return OK;
}

/* --- what belongs to the page --- */

/* A page number alone: 3, - 3 -, — 3 —, ·3·, 第 3 页, 第3页 共20页, 3/20. One or two numbers of at
 * most four digits with dashes, dots and these words about them; a date has three. */
static bool is_page_number(const struct line *l) {
    int digits = 0, numbers = 0;
    for (size_t i = 0; i < l->len;) {
        uint32_t c;
        i += char_at(l->s + i, l->len - i, &c);
        bool digit = (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
        numbers += digit && digits == 0;
        digits = digit ? digits + 1 : 0;
        if (digits > 4 || (!digit && !is_blank(c) && !is_one_of(c, "-–—－―─·•/第页頁共,，()"))) {
            return false;
        }
    }
    return numbers == 1 || (numbers == 2 && l->width <= 24);
}

/* A line of a table of contents: at least four dots or two …, and a page number at the end. */
static bool is_leader(const struct line *l) {
    int dots = 0, most = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < l->len;) {
        uint32_t c;
        i += char_at(l->s + i, l->len - i, &c);
        dots = is_one_of(c, ".·․‥．") ? dots + 1 : c == 0x2026 ? dots + 2 : is_blank(c) ? dots : 0;
        most = dots > most ? dots : most;
        last = is_blank(c) ? last : c;
    }
    return most >= 4 && is_one_of(last, "0123456789０１２３４５６７８９");
}

/* A line at a page's edge, by what it says: digits and blanks do not count, so that a head with the
 * page number in it is the same on each page. FNV-1a; 0 for a line with nothing left. */
static uint64_t print_of(const struct line *l) {
    uint64_t hash = 14695981039346656037u;
    bool any = false;
    for (size_t i = 0; i < l->len;) {
        uint32_t c;
        i += char_at(l->s + i, l->len - i, &c);
        if (is_blank(c) || (c >= '0' && c <= '9')) {
            continue;
        }
        hash = (hash ^ c) * 1099511628211u;
        any = true;
    }
    return any ? hash : 0;
}

struct edge {
    uint64_t print;
    uint32_t line;
    uint32_t page;
};

static int cmp_edge(const void *a, const void *b) {
    const struct edge *x = a, *y = b;
    if (x->print != y->print) {
        return x->print < y->print ? -1 : 1;
    }
    return (x->line > y->line) - (x->line < y->line);
}

/* Calls `visit` for the lines of each page. */
static void each_page(struct flow *f, void (*visit)(struct line *lines, size_t n, void *ctx),
                      void *ctx) {
    for (size_t i = 0; i < f->count;) {
        size_t end = i;
        while (end < f->count && f->lines[end].page == f->lines[i].page) {
            end++;
        }
        visit(f->lines + i, end - i, ctx);
        i = end;
    }
}

struct edges {
    struct edge *items;
    size_t count, cap;
    const struct line *first;
    uint32_t pages;
};

static void note_edges(struct line *lines, size_t n, void *ctx) {
    struct edges *e = ctx;
    e->pages++;
    for (size_t i = 0; i < n; i++) {
        bool at_edge = i < EDGE_LINES || n - i <= EDGE_LINES;
        uint64_t print = at_edge ? print_of(&lines[i]) : 0;
        if (print != 0) {
            e->items = mem_reserve(e->items, &e->cap, e->count + 1, sizeof *e->items);
            e->items[e->count++] =
                (struct edge){print, (uint32_t)(&lines[i] - e->first), lines[i].page};
        }
    }
}

/* Drops the lines that stand at the edge of many pages: on all of two, else on three or more and a
 * third of all, since odd and even pages may differ. */
static void drop_running(struct flow *f) {
    struct edges e = {.first = f->lines};
    each_page(f, note_edges, &e);
    if (e.count > 0) {
        qsort(e.items, e.count, sizeof *e.items, cmp_edge);
    }
    for (size_t i = 0; i < e.count;) {
        size_t end = i;
        size_t on = 0;
        while (end < e.count && e.items[end].print == e.items[i].print) {
            on += end == i || e.items[end].page != e.items[end - 1].page;
            end++;
        }
        bool running = e.pages == 2 ? on == 2 : on >= 3 && on * 3 >= e.pages;
        for (; i < end; i++) {
            f->lines[e.items[i].line].dropped |= running;
        }
    }
    free(e.items);
}

/* Drops page numbers from the ends of a page, past what is dropped already. */
static void drop_numbers(struct line *lines, size_t n, void *ctx) {
    (void)ctx;
    size_t first = 0;
    while (first < n && first < EDGE_LINES + 1 &&
           (lines[first].dropped || is_page_number(&lines[first]))) {
        lines[first++].dropped = true;
    }
    for (size_t i = n; i > first && n - i < EDGE_LINES + 1; i--) {
        if (!lines[i - 1].dropped && !is_page_number(&lines[i - 1])) {
            break;
        }
        lines[i - 1].dropped = true;
    }
}

static void drop_furniture(struct flow *f) {
    drop_running(f);
    each_page(f, drop_numbers, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++) {
        struct line *l = &f->lines[i];
        if (l->dropped || is_leader(l)) {
            continue;
        }
        /* The empty line behind a running head parts no paragraphs. */
        l->above = l->above && kept > 0 && f->lines[kept - 1].page == l->page;
        f->lines[kept++] = *l;
    }
    f->count = kept;
}

/* --- measures of the whole --- */

static int cmp_width(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The usual full width: nine of ten lines of running text are no wider. */
static void find_full_width(struct flow *f) {
    uint32_t *widths = mem_alloc((f->count + 1) * sizeof *widths);
    size_t n = 0;
    for (size_t i = 0; i < f->count; i++) {
        if (!f->lines[i].table && f->lines[i].width >= NARROW_LINE) {
            widths[n++] = f->lines[i].width;
        }
    }
    if (n > 0) {
        qsort(widths, n, sizeof *widths, cmp_width);
        f->full = widths[(n - 1) * 9 / 10];
    }
    free(widths);
}

/* Whether empty lines part the lines of a paragraph, as they do where they are set far apart. */
static void find_spacing(struct flow *f) {
    size_t pairs = 0, apart = 0;
    for (size_t i = 1; i < f->count; i++) {
        if (f->lines[i].page == f->lines[i - 1].page) {
            pairs++;
            apart += f->lines[i].above;
        }
    }
    f->spaced = apart * 2 > pairs;
}

/* The left margin of the page that line `i` begins: the smallest indent of its wide lines, for a
 * table or a photograph may push all of a page to the right. */
static uint32_t margin_of(const struct flow *f, size_t i) {
    uint32_t page = f->lines[i].page;
    uint32_t margin = UINT32_MAX, any = UINT32_MAX;
    for (; i < f->count && f->lines[i].page == page; i++) {
        const struct line *l = &f->lines[i];
        any = l->indent < any ? l->indent : any;
        if (!l->table && l->width + SLACK >= f->full && l->indent < margin) {
            margin = l->indent;
        }
    }
    return margin != UINT32_MAX ? margin : any;
}

/* How far in from the page's margin a line begins. */
static uint32_t indent_of(const struct flow *f, const struct line *l) {
    return l->indent > f->base ? l->indent - f->base : 0;
}

/* Whether paragraphs begin with an indent: a line of usual width, two to eight columns in, is met
 * often enough. Titles in the middle are narrower or further in. */
static void find_indents(struct flow *f) {
    size_t indents = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct line *l = &f->lines[i];
        if (i == 0 || l[-1].page != l->page) {
            f->base = margin_of(f, i);
        }
        uint32_t indent = indent_of(f, l);
        indents += !l->table && indent >= INDENT_MIN && indent <= 8 && l->width + 12 > f->full;
    }
    f->indented = indents * INDENTED_ONE_IN > f->count;
}

/* --- where a paragraph begins --- */

/* The bytes of at most `most` characters of `set` that s[0..n) begins with. */
static size_t digits_at(const char *s, size_t n, const char *set, size_t most) {
    size_t i = 0;
    for (size_t count = 0; i < n && count < most; count++) {
        uint32_t c;
        size_t len = char_at(s + i, n - i, &c);
        if (!is_one_of(c, set)) {
            break;
        }
        i += len;
    }
    return i;
}

/* Whether a line begins with a heading's number: 一、  （一）  (1)  第一章  第3条  1.  1、  1．
 * and not with a figure that was carried over: 13.5万人. */
static bool is_heading(const struct line *l) {
    static const char han[] = "一二三四五六七八九十百零〇";
    static const char digits[] = "0123456789０１２３４５６７８９";
    static const char both[] = "一二三四五六七八九十百零〇0123456789０１２３４５６７８９";
    const char *s = l->s;
    size_t n = l->len;
    uint32_t c = first_char(s, n);
    size_t open = is_one_of(c, "（(第") ? char_at(s, n, &c) : 0;
    const char *set = open > 0 ? both : is_one_of(c, han) ? han : digits;
    size_t number = digits_at(s + open, n - open, set, HEADING_DIGITS + 2);
    size_t at = open + number;
    if (number == 0 || at >= n) {
        return false;
    }
    uint32_t close;
    size_t behind = at + char_at(s + at, n - at, &close);
    if (open > 0) {
        return is_one_of(close, c == 0x7B2C ? "章节篇编部分条" : "）)");
    }
    if (set == han) {
        return is_one_of(close, "、．.");
    }
    uint32_t next = first_char(s + behind, n - behind);
    return is_one_of(close, ".．、") && !(next >= '0' && next <= '9');
}

static bool ends_sentence(const struct line *l) {
    return is_one_of(last_char(l->s, l->len), "。！？；：!?;:”」』）");
}

/* Whether the sentence must go on, however short the line is. */
static bool ends_open(const struct line *l) {
    return is_one_of(last_char(l->s, l->len), "，、,《（(“‘");
}

/* The width of what cannot be broken at the start of a line: a number, a word, one character. */
static uint32_t head_width(const struct line *l) {
    uint32_t width = 0;
    for (size_t i = 0; i < l->len;) {
        uint32_t c;
        i += char_at(l->s + i, l->len - i, &c);
        if (is_wide(c) || is_blank(c)) {
            return width == 0 ? 2 : width;
        }
        width++;
    }
    return width;
}

/* Whether `a` was broken because what begins `b` had no room. */
static bool reaches_edge(const struct flow *f, const struct line *a, const struct line *b,
                         uint32_t indent) {
    uint32_t slack = f->indented || !ends_sentence(a) ? SLACK : SLACK_END;
    uint32_t head = head_width(b);
    head = head < f->full / 2 ? head : f->full / 2;
    uint32_t left = indent >= INDENT_MIN ? INDENT_WIDTH : 0;
    return f->full > 0 && a->width + left + head + slack > f->full;
}

/* Whether `b` goes on with the paragraph that `a` is the last line of. `indent` is a's. */
static bool goes_on(const struct flow *f, const struct line *a, const struct line *b,
                    uint32_t indent) {
    if (a->table || b->table) {
        return false;
    }
    uint32_t next = indent_of(f, b);
    bool reaches = reaches_edge(f, a, b, indent);
    bool ends = ends_sentence(a);
    if (next >= INDENT_MIN) {
        /* Else a block that is indented as a whole, a quotation or a list. */
        return !f->indented && next == indent && reaches && !ends && !is_heading(b);
    }
    if (ends && (is_heading(b) || (b->above && !f->spaced))) {
        return false;
    }
    return reaches || ends_open(a);
}

/* --- writing --- */

/* A blank between a Han character and a number or word is the typesetter's, not the writer's. */
static bool keeps_blank(uint32_t before, uint32_t behind) {
    return !((is_wide(before) && (is_alnum(behind) || behind == '%')) ||
             ((is_alnum(before) || before == '%') && is_wide(behind)));
}

/* "1 总则", "2.1 目标": the blank behind a heading's number stays. */
static bool is_bare_number(const char *s, size_t n) {
    if (n == 0 || n > BARE_NUMBER_MAX || s[0] == '.') {
        return false;
    }
    int digits = 0;
    for (size_t i = 0; i < n; i++) {
        digits = s[i] == '.' ? 0 : digits + 1;
        if (digits > 2 || (s[i] != '.' && (s[i] < '0' || s[i] > '9'))) {
            return false; /* 2021, 100: a year or a quantity */
        }
    }
    return true;
}

/* Adds a line's text behind what stands since `start`, its runs of blanks made one, or none, or the
 * border of a column. */
static void put_line(struct flow *f, const struct line *l, size_t start) {
    struct buf *to = f->to;
    uint32_t last = to->len > start ? last_char(to->data + start, to->len - start) : 0;
    size_t gap = 0;
    bool joint = to->len > start; /* between two printed lines */
    for (size_t i = 0; i < l->len;) {
        uint32_t c;
        size_t len = char_at(l->s + i, l->len - i, &c);
        if (is_blank(c)) {
            gap += c == '\t' ? GAP_MIN : 1;
        } else if (!is_nothing(c)) {
            bool number = is_bare_number(to->data + start, to->len - start);
            if (gap >= GAP_MIN && l->table) {
                buf_adds(to, " | ");
            } else if (gap > 0 && (keeps_blank(last, c) || number)) {
                buf_addc(to, ' ');
            } else if (joint && !is_wide(last) && !is_wide(c)) {
                buf_addc(to, ' ');
            }
            buf_add(to, l->s + i, len);
            last = c;
            gap = 0;
            joint = false;
        }
        i += len;
    }
}

static void write_lines(struct flow *f) {
    size_t start = f->to->len;
    uint32_t indent = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct line *l = &f->lines[i];
        const struct line *prev = i > 0 ? l - 1 : NULL;
        if (prev == NULL || prev->page != l->page) {
            f->base = margin_of(f, i);
        }
        if (prev != NULL && !goes_on(f, prev, l, indent)) {
            buf_addc(f->to, '\n');
            start = f->to->len;
        }
        indent = indent_of(f, l);
        put_line(f, l, start);
    }
}

enum code reflow_text(const char *s, size_t n, struct buf *to, struct err *err) {
    struct flow f = {.to = to};
    buf_add(to, "", 0);
    enum code code = split(&f, s, n, err);
    if (code == OK) {
        drop_furniture(&f);
        find_full_width(&f);
        find_spacing(&f);
        find_indents(&f);
        write_lines(&f);
    }
    free(f.lines);
    return code;
}
