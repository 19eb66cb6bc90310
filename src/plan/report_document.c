/* report_document: the right column: each document's own text, its figures marked.
 *
 * A document is a text and a list of pieces, byte ranges that an element stands for:
 *
 *     text     …形成创新矩阵，有效期内高新技术企业增至4800家。…
 *     MARK                    [                        )          <mark id="s-t10">
 *     LINK                                       [     )          <a href="#t10">
 *
 * Pieces may nest, touch, overlap or be the same; elements may only nest. So a piece that ends
 * while a later one is open closes that one too and opens it again behind, without its id; and so
 * does the end of a line, which is the end of a paragraph. Links never stand in one another: of two
 * that overlap the later becomes a point behind the earlier, shown as a sign alone. Every piece is
 * opened exactly once with its id, whatever the ranges are. */
#include "plan/report_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The outer first, where two ranges are the same. */
enum piece_kind { PIECE_AREA, PIECE_MEASURE, PIECE_TASK, PIECE_MARK, PIECE_LINK };

struct piece {
    uint32_t from;
    uint32_t to;
    enum piece_kind kind;
    int verdict;    /* MARK, LINK: of the target, or NO_VERDICT */
    const char *id; /* TASK: the task's; MARK, LINK: the target's */
};

/* Elements open at once. Browsers cut deeper nesting than 512; a clause holds a handful of figures.
 * Past this a piece is a point: it has its id, and marks nothing. */
enum { DEPTH_MAX = 24 };

struct pane {
    struct buf *to;
    const struct document *doc;
    char prefix; /* of a mark's id: 's' in the plan, 'e' in an outcome */
    struct piece *pieces;
    size_t count;
    size_t cap;
    size_t next;                         /* the first piece not opened yet */
    const struct piece *open[DEPTH_MAX]; /* from the outermost in */
    size_t depth;
};

/* ---- collecting ---- */

static struct piece *add_piece(struct pane *p, enum piece_kind kind, struct span span) {
    assert(span.from <= span.to && span.to <= p->doc->len);
    p->pieces = mem_reserve(p->pieces, &p->cap, p->count + 1, sizeof *p->pieces);
    struct piece *piece = &p->pieces[p->count++];
    *piece = (struct piece){span.from, span.to, kind, NO_VERDICT, NULL};
    return piece;
}

/* The figure's clause, and its number as the link to target `id`. */
static void add_figure(struct pane *p, const struct figure *f, const char *id, int verdict) {
    struct span number = f->number.to > f->number.from ? f->number : f->text;
    struct piece *mark = add_piece(p, PIECE_MARK, f->text);
    mark->id = id;
    mark->verdict = verdict;
    struct piece *link = add_piece(p, PIECE_LINK, number);
    link->id = id;
    link->verdict = verdict;
}

static void add_plan(struct pane *p, const struct report *r) {
    for (size_t i = 0; i < r->plan->area_count; i++) {
        add_piece(p, PIECE_AREA, r->plan->areas[i].title);
    }
    for (size_t i = 0; i < r->plan->measure_count; i++) {
        add_piece(p, PIECE_MEASURE, r->plan->measures[i].title);
    }
    for (size_t i = 0; i < r->plan->task_count; i++) {
        add_piece(p, PIECE_TASK, r->plan->tasks[i].text)->id = r->plan->tasks[i].id;
    }
    for (size_t i = 0; i < r->plan->target_count; i++) {
        const struct figure *f = &r->plan->targets[i];
        add_figure(p, f, f->id, report_verdict(r, i));
    }
}

static void add_outcome(struct pane *p, const struct report *r, const struct reading *outcome) {
    for (size_t i = 0; i < r->plan->target_count; i++) {
        const struct judgement *j = r->judged[i];
        if (j != NULL && j->where == outcome && j->outcome != NULL) {
            add_figure(p, j->outcome, r->plan->targets[i].id, (int)j->verdict);
        }
    }
}

/* By where it begins; points first, so that they stand outside what begins there; then the longer
 * first, the outer kind first. Pieces that are alike in all that keep the order they were added in,
 * which is their order in memory while pointers are sorted. */
static int compare_pieces(const void *a, const void *b) {
    const struct piece *x = *(const struct piece *const *)a;
    const struct piece *y = *(const struct piece *const *)b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if ((x->to == x->from) != (y->to == y->from)) {
        return x->to == x->from ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to > y->to ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    return (x > y) - (x < y);
}

static void sort_pieces(struct pane *p) {
    struct piece **order = mem_alloc((p->count + 1) * sizeof *order);
    struct piece *sorted = mem_alloc((p->count + 1) * sizeof *sorted);
    for (size_t i = 0; i < p->count; i++) {
        order[i] = &p->pieces[i];
    }
    qsort(order, p->count, sizeof(struct piece *), compare_pieces);
    for (size_t i = 0; i < p->count; i++) {
        sorted[i] = *order[i];
    }
    free(order);
    free(p->pieces);
    p->pieces = sorted;
    p->cap = p->count + 1;
}

/* Makes a point of each link that begins inside the one before it: behind that one. Needs sorted
 * pieces; they must be sorted again. */
static void part_links(struct pane *p) {
    uint32_t end = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct piece *piece = &p->pieces[i];
        if (piece->kind != PIECE_LINK) {
            continue;
        }
        if (piece->from < end) {
            piece->from = piece->to = end;
        } else if (piece->to > end) {
            end = piece->to;
        }
    }
}

/* ---- writing ---- */

static void write_link(const struct pane *p, const struct piece *piece, bool first) {
    bool is_hollow = piece->from == piece->to || p->depth == DEPTH_MAX;
    buf_addf(p->to, "<a class=\"figure %s%s\" href=\"#", report_verdict_class(piece->verdict),
             first ? "" : " rest");
    report_string(p->to, piece->id);
    buf_adds(p->to, "\" data-target=\"");
    report_string(p->to, piece->id);
    if (is_hollow) {
        buf_adds(p->to, "\" aria-label=\"");
        report_string(p->to, piece->id);
    }
    buf_adds(p->to, "\">");
}

static void write_mark(const struct pane *p, const struct piece *piece, bool first) {
    buf_addf(p->to, "<mark class=\"%s\" ", report_verdict_class(piece->verdict));
    buf_addf(p->to, first ? "id=\"%c-" : "data-rest=\"%c-", p->prefix);
    report_string(p->to, piece->id);
    buf_adds(p->to, "\">");
}

/* The start of the element; `first` is false where it goes on behind a break. */
static void write_start(const struct pane *p, const struct piece *piece, bool first) {
    switch (piece->kind) {
    case PIECE_AREA:
        buf_adds(p->to, "<strong class=\"heading\">");
        break;
    case PIECE_MEASURE:
        buf_adds(p->to, "<strong>");
        break;
    case PIECE_TASK:
        buf_adds(p->to, "<span");
        if (first) {
            buf_adds(p->to, " id=\"w-");
            report_string(p->to, piece->id);
            buf_adds(p->to, "\"");
        }
        buf_adds(p->to, ">");
        break;
    case PIECE_MARK:
        write_mark(p, piece, first);
        break;
    case PIECE_LINK:
        write_link(p, piece, first);
        break;
    }
}

static void write_end(const struct pane *p, const struct piece *piece) {
    static const char *const ends[] = {
        [PIECE_AREA] = "</strong>", [PIECE_MEASURE] = "</strong>", [PIECE_TASK] = "</span>",
        [PIECE_MARK] = "</mark>",   [PIECE_LINK] = "</a>",
    };
    buf_adds(p->to, ends[piece->kind]);
}

/* Opens again what was open from depth `keep` on and does not end at `at`. */
static void resume_pieces(struct pane *p, size_t keep, uint32_t at) {
    size_t depth = keep;
    for (size_t i = keep; i < p->depth; i++) {
        if (p->open[i]->to > at) {
            write_start(p, p->open[i], false);
            p->open[depth++] = p->open[i];
        }
    }
    p->depth = depth;
}

/* Closes what ends at `at` or before, and with it what is open inside; that opens again. */
static void close_pieces(struct pane *p, uint32_t at) {
    size_t keep = 0;
    while (keep < p->depth && p->open[keep]->to > at) {
        keep++;
    }
    for (size_t i = p->depth; i-- > keep;) {
        write_end(p, p->open[i]);
    }
    resume_pieces(p, keep, at);
}

static void open_pieces(struct pane *p, uint32_t at) {
    for (; p->next < p->count && p->pieces[p->next].from <= at; p->next++) {
        const struct piece *piece = &p->pieces[p->next];
        write_start(p, piece, true);
        if (piece->to > at && p->depth < DEPTH_MAX) {
            p->open[p->depth++] = piece;
        } else {
            write_end(p, piece);
        }
    }
}

/* The next place after `at`, at most `end`, where a piece begins or ends. */
static uint32_t next_place(const struct pane *p, uint32_t at, uint32_t end) {
    uint32_t place = end;
    if (p->next < p->count && p->pieces[p->next].from < place) {
        place = p->pieces[p->next].from;
    }
    for (size_t i = 0; i < p->depth; i++) {
        if (p->open[i]->to < place) {
            place = p->open[i]->to;
        }
    }
    return place > at ? place : at;
}

/* One line of the text as a paragraph. */
static void write_line(struct pane *p, uint32_t from, uint32_t to) {
    buf_adds(p->to, "<p>");
    resume_pieces(p, 0, from); /* what the line before left open */
    for (uint32_t at = from;;) {
        close_pieces(p, at);
        open_pieces(p, at);
        if (at == to) {
            break;
        }
        uint32_t place = next_place(p, at, to);
        report_text(p->to, p->doc->text + at, place - at);
        at = place;
    }
    for (size_t i = p->depth; i-- > 0;) {
        write_end(p, p->open[i]);
    }
    buf_adds(p->to, "</p>\n");
}

static bool is_blank(const char *s, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r') {
            return false;
        }
    }
    return true;
}

static void write_lines(struct pane *p) {
    const char *text = p->doc->text;
    uint32_t len = (uint32_t)p->doc->len;
    for (uint32_t from = 0; from <= len;) {
        const char *feed = from < len ? memchr(text + from, '\n', len - from) : NULL;
        uint32_t to = feed != NULL ? (uint32_t)(feed - text) : len;
        bool holds_piece = p->next < p->count && p->pieces[p->next].from <= to;
        if (holds_piece || !is_blank(text + from, to - from)) {
            write_line(p, from, to);
        }
        from = to + 1;
    }
    assert(p->next == p->count);
}

static void write_document(const struct report *r, size_t no) {
    bool is_plan = no == 0;
    const struct reading *reading = is_plan ? r->plan : &r->outcomes[no - 1];
    struct pane p = {.to = r->to, .doc = &reading->doc, .prefix = is_plan ? 's' : 'e'};
    assert(p.doc->len < UINT32_MAX);
    if (is_plan) {
        add_plan(&p, r);
    } else {
        add_outcome(&p, r, reading);
    }
    sort_pieces(&p);
    part_links(&p);
    sort_pieces(&p);
    buf_addf(r->to, "<article class=\"doc\" id=\"doc-%zu\" aria-labelledby=\"doc-title-%zu\">\n",
             no, no);
    buf_addf(r->to, "<h3 id=\"doc-title-%zu\"><span class=\"key\">", no);
    report_label(r->to, is_plan ? LABEL_PLAN_DOCUMENT : LABEL_OUTCOME_DOCUMENT);
    buf_adds(r->to, "</span> <span lang=\"zh\">");
    report_title(r->to, reading);
    buf_adds(r->to, "</span> <small>");
    report_file_name(r->to, p.doc->name);
    buf_adds(r->to, "</small></h3>\n<div class=\"text\" lang=\"zh\">\n");
    write_lines(&p);
    buf_adds(r->to, "</div>\n</article>\n");
    free(p.pieces);
}

static void write_tabs(const struct report *r) {
    buf_adds(r->to, "<nav class=\"tabs\" aria-labelledby=\"documents\">\n");
    for (size_t no = 0; no <= r->outcome_count; no++) {
        const struct reading *reading = no == 0 ? r->plan : &r->outcomes[no - 1];
        buf_addf(r->to, "<a href=\"#doc-%zu\">", no);
        report_label(r->to, no == 0 ? LABEL_PLAN_DOCUMENT : LABEL_OUTCOME_DOCUMENT);
        buf_adds(r->to, " <small>");
        report_file_name(r->to, reading->doc.name);
        buf_adds(r->to, "</small></a>\n");
    }
    buf_adds(r->to, "</nav>\n");
}

void report_documents(const struct report *r) {
    buf_adds(r->to, "<h2 id=\"documents\" tabindex=\"-1\">");
    report_label(r->to, LABEL_DOCUMENT_PANE);
    buf_adds(r->to, "</h2>\n");
    write_tabs(r);
    for (size_t no = 0; no <= r->outcome_count; no++) {
        write_document(r, no);
    }
}
