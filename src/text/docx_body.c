/* docx_body: word/document.xml -> lines. What matters of WordprocessingML (ECMA-376 part 1, 17):
 *
 *   w:body ─ w:p ─┬─ w:pPr: w:pStyle, w:numPr (w:numId, w:ilvl)
 *                 └─ w:r ─┬─ w:rPr: w:vanish
 *                         └─ w:t text, w:tab, w:br, w:cr, w:noBreakHyphen
 *          ─ w:tbl ─ w:tblGrid (w:gridCol), w:tr ─ w:tc ─ w:p
 *
 * All else is stepped through, so text in hyperlinks, content controls and insertions is found. */
#include "text/docx_int.h"

#include <assert.h>
#include <string.h>

#include "text/lines.h"

/* A paragraph may hold another, in a text box; deeper ones share the last place. */
enum { PARAGRAPHS_MAX = 8 };

struct paragraph {
    const struct docx_style *style;
    int num_id, level; /* -1: not stated */
    bool counted;      /* its number is taken */
};

struct body {
    struct lines lines;
    struct docx_numbers *numbers;
    struct paragraph paragraphs[PARAGRAPHS_MAX];
    int paragraph_depth;
    int run_depth;
    int columns;       /* declared by the table that opened last */
    bool in_props;     /* in w:pPr */
    bool in_text;      /* in w:t */
    bool hidden;       /* the run is w:vanish */
    struct buf number; /* scratch */
};

static struct paragraph *paragraph(struct body *b) {
    int depth = b->paragraph_depth < PARAGRAPHS_MAX ? b->paragraph_depth : PARAGRAPHS_MAX;
    return depth == 0 ? NULL : &b->paragraphs[depth - 1];
}

/* Takes the paragraph's number, once; shown only where text follows. */
static void count(struct body *b, bool shown) {
    struct paragraph *p = paragraph(b);
    if (p == NULL || p->counted) {
        return;
    }
    p->counted = true;
    buf_clear(&b->number);
    docx_number_next(b->numbers, p->style, p->num_id, p->level, &b->number);
    if (shown && b->number.len > 0) {
        lines_text(&b->lines, b->number.data, b->number.len);
    }
}

static void p_start(struct body *b, const struct xml_element *e) {
    (void)e;
    b->paragraph_depth++;
    *paragraph(b) = (struct paragraph){docx_style_default(b->numbers), -1, -1, false};
    lines_break(&b->lines);
}

static void p_end(struct body *b) {
    assert(b->paragraph_depth > 0); /* the parser sees to it that what ends has begun */
    count(b, false);
    b->paragraph_depth--;
    lines_break(&b->lines);
}

static void props_start(struct body *b, const struct xml_element *e) {
    (void)e;
    b->in_props = true;
}

static void props_end(struct body *b) {
    b->in_props = false;
}

static void style_start(struct body *b, const struct xml_element *e) {
    size_t n = 0;
    const char *id = xml_attr(e, "val", &n);
    if (b->in_props && id != NULL && paragraph(b) != NULL) {
        paragraph(b)->style = docx_style_find(b->numbers, id, n);
    }
}

static void num_start(struct body *b, const struct xml_element *e) {
    if (b->in_props && paragraph(b) != NULL) {
        paragraph(b)->num_id = xml_attr_int(e, "val", -1);
    }
}

static void level_start(struct body *b, const struct xml_element *e) {
    if (b->in_props && paragraph(b) != NULL) {
        paragraph(b)->level = xml_attr_int(e, "val", -1);
    }
}

static void run_start(struct body *b, const struct xml_element *e) {
    (void)e;
    b->run_depth++;
    b->hidden = false;
}

static void run_end(struct body *b) {
    assert(b->run_depth > 0);
    b->run_depth--;
    b->hidden = false;
}

static void vanish_start(struct body *b, const struct xml_element *e) {
    b->hidden = b->run_depth > 0 && !b->in_props && !xml_attr_is(e, "val", "0") &&
                !xml_attr_is(e, "val", "false");
}

static void text_start(struct body *b, const struct xml_element *e) {
    (void)e;
    b->in_text = true;
}

static void text_end(struct body *b) {
    b->in_text = false;
}

/* Whether what comes now is shown: not so in hidden runs, tables of contents and settings (w:pPr
 * has w:tab elements too, for its tab stops). */
static bool is_shown(struct body *b) {
    const struct paragraph *p = paragraph(b);
    return b->run_depth > 0 && !b->hidden && !b->in_props && p != NULL &&
           !docx_style_is_toc(p->style);
}

static void tab_start(struct body *b, const struct xml_element *e) {
    (void)e;
    if (is_shown(b)) {
        lines_text(&b->lines, "\t", 1);
    }
}

static void break_start(struct body *b, const struct xml_element *e) {
    (void)e;
    if (is_shown(b)) {
        lines_break(&b->lines);
    }
}

static void hyphen_start(struct body *b, const struct xml_element *e) {
    (void)e;
    if (is_shown(b)) {
        count(b, true);
        lines_text(&b->lines, "-", 1);
    }
}

static void table_start(struct body *b, const struct xml_element *e) {
    (void)e;
    b->columns = 0;
    lines_table(&b->lines);
}

static void table_end(struct body *b) {
    lines_table_end(&b->lines);
}

/* A table of one column is a frame around paragraphs; one of several holds data. */
static void column_start(struct body *b, const struct xml_element *e) {
    (void)e;
    if (++b->columns == 2) {
        lines_join_rows(&b->lines);
    }
}

static void row_start(struct body *b, const struct xml_element *e) {
    (void)e;
    lines_row(&b->lines);
}

static void cell_start(struct body *b, const struct xml_element *e) {
    (void)e;
    lines_cell(&b->lines);
}

static const struct {
    const char *name;
    void (*start)(struct body *b, const struct xml_element *e);
    void (*end)(struct body *b);
} elements[] = {
    {"r", run_start, run_end},       {"t", text_start, text_end},
    {"p", p_start, p_end},           {"pPr", props_start, props_end},
    {"pStyle", style_start, NULL},   {"numId", num_start, NULL},
    {"ilvl", level_start, NULL},     {"vanish", vanish_start, NULL},
    {"tab", tab_start, NULL},        {"br", break_start, NULL},
    {"cr", break_start, NULL},       {"noBreakHyphen", hyphen_start, NULL},
    {"tbl", table_start, table_end}, {"tr", row_start, NULL},
    {"tc", cell_start, NULL},        {"gridCol", column_start, NULL},
};

enum { ELEMENTS = sizeof elements / sizeof elements[0] };

static enum code on_start(void *ctx, const struct xml_element *e, struct err *err) {
    (void)err;
    for (size_t i = 0; i < ELEMENTS; i++) {
        if (strcmp(elements[i].name, e->name) == 0) {
            elements[i].start(ctx, e);
            break;
        }
    }
    return OK;
}

static enum code on_end(void *ctx, const char *name, struct err *err) {
    struct body *b = ctx;
    for (size_t i = 0; i < ELEMENTS; i++) {
        if (strcmp(elements[i].name, name) == 0 && elements[i].end != NULL) {
            elements[i].end(b);
            break;
        }
    }
    if (b->lines.full) {
        return err_set(err, E_LIMIT, "more than %zu bytes of text", b->lines.max);
    }
    return OK;
}

static void on_text(void *ctx, const char *s, size_t n) {
    struct body *b = ctx;
    if (b->in_text && is_shown(b)) {
        count(b, true);
        lines_text(&b->lines, s, n);
    }
}

enum code docx_body_parse(struct docx_numbers *n, const struct xml_source *src, size_t max,
                          struct buf *text, struct err *err) {
    /* Deleted and moved-away text; what was before a change; the second form of an alternative. */
    static const char *const skip[] = {"del",        "moveFrom",    "pPrChange",     "rPrChange",
                                       "Fallback",   "tblPrChange", "tblGridChange", "trPrChange",
                                       "tcPrChange", "rt",          "sectPrChange",  NULL};
    static const struct xml_handler handler = {on_start, on_end, on_text, skip};
    struct body b = {.numbers = n};
    lines_init(&b.lines, text, max);
    enum code code = xml_parse(src, &handler, &b, err);
    buf_fini(&b.number);
    return code;
}
