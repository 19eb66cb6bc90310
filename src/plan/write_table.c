/* write_table: a reading and a scoreboard for people at a terminal; see write.h.
 *
 * Rows fit 120 columns; what is longer is cut with "...". The whole of every text is in the JSON.
 */
#include "plan/write.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/column.h"

static const char GAP[] = "  ";

static void gap(struct buf *to) {
    buf_adds(to, GAP);
}

static void put(struct buf *to, const char *s, int width) {
    column_put(to, s, strlen(s), width);
    gap(to);
}

static void put_span(struct buf *to, const struct reading *r, struct span s, int width) {
    column_put(to, r->doc.text + s.from, s.to - s.from, width);
    gap(to);
}

static void put_span_last(struct buf *to, const struct reading *r, struct span s, int width) {
    column_put_last(to, r->doc.text + s.from, s.to - s.from, width);
}

/* Cuts the blanks that padding left behind the last word, and ends the line. */
static void end_row(struct buf *to) {
    while (to->len > 0 && to->data[to->len - 1] == ' ') {
        to->len--;
    }
    buf_addc(to, '\n');
}

static void put_number(struct buf *to, int n, int width) {
    struct buf b = BUF_INIT;
    buf_addf(&b, "%d", n);
    column_put_right(to, b.data, b.len, width);
    buf_fini(&b);
}

/* "≥4800家", "6-7%", "-" where there is no number. */
static void put_value(struct buf *to, const struct figure *f, int width) {
    static const char *const signs[] = {
        [COMPARATOR_NONE] = "", [COMPARATOR_EQ] = "",     [COMPARATOR_GE] = "≥",
        [COMPARATOR_LE] = "≤",  [COMPARATOR_ABOUT] = "≈",
    };
    char text[DECIMAL_TEXT_MAX];
    struct buf b = BUF_INIT;
    if (f == NULL) {
        buf_adds(&b, "");
    } else if (!f->has_value) {
        buf_adds(&b, "-");
    } else {
        buf_adds(&b, signs[f->comparator]);
        buf_adds(&b, decimal_text(f->value, text));
        if (f->has_max) {
            buf_addc(&b, '-');
            buf_adds(&b, decimal_text(f->value_max, text));
        }
        buf_adds(&b, f->unit == NULL ? "" : f->unit);
    }
    column_put(to, b.data, b.len, width);
    gap(to);
    buf_fini(&b);
}

/* ---- a reading ---- */

/* Where a figure stands: an area, or one of the two kinds of figure outside all areas. */
enum { PLACE_OVERALL = 0, PLACE_OUTSIDE = 1, PLACE_AREAS = 2 };

static size_t place_of(const struct reading *r, const struct figure *f) {
    for (size_t i = 0; f->area != 0 && i < r->area_count; i++) {
        if (r->areas[i].no == f->area) {
            return PLACE_AREAS + i;
        }
    }
    return f->overall ? PLACE_OVERALL : PLACE_OUTSIDE;
}

static void put_place(struct buf *to, const struct reading *r, size_t place, int width) {
    static const char *const outside[] = {"main expected targets", "outside the areas"};
    struct buf b = BUF_INIT;
    if (place < PLACE_AREAS) {
        buf_adds(&b, outside[place]);
    } else {
        const struct area *a = &r->areas[place - PLACE_AREAS];
        buf_addf(&b, "%d ", a->no);
        buf_add(&b, r->doc.text + a->title.from, a->title.to - a->title.from);
    }
    column_put(to, b.data, b.len, width);
    buf_fini(&b);
}

static void put_fact(struct buf *to, const char *label, const char *value) {
    if (value != NULL && value[0] != '\0') {
        buf_addf(to, "  %-9s ", label);
        column_put_last(to, value, strlen(value), 108);
        buf_addc(to, '\n');
    }
}

static void put_head(struct buf *to, const struct reading *r) {
    const char *title = r->title_text == NULL ? "(no title)" : r->title_text;
    column_put_last(to, title, strlen(title), 120);
    buf_addc(to, '\n');
    put_fact(to, "file", r->doc.name);
    put_fact(to, "issuer", r->issuer);
    put_fact(to, "index no", r->index_no);
    put_fact(to, "issued", r->issued);
    if (r->year != 0) {
        buf_addf(to, "  %-9s %d\n", "plan year", r->year);
    }
    buf_addf(to, "  %-9s %zu areas, %zu measures, %zu tasks, %zu targets, %zu outcomes\n", "holds",
             r->area_count, r->measure_count, r->task_count, r->target_count, r->outcome_count);
}

static void put_target(struct buf *to, const struct reading *r, const struct figure *f) {
    const char *kind = figure_kind_name(f->kind);
    buf_adds(to, "  ");
    put(to, f->id, 5);
    put_span(to, r, f->indicator, 36);
    put_value(to, f, 16);
    put(to, kind == NULL ? "" : kind, 11);
    put(to, f->horizon == NULL ? "" : f->horizon, 8);
    put_span_last(to, r, f->text, 32);
    end_row(to);
}

void write_reading_table(const struct reading *r, struct buf *to) {
    put_head(to, r);
    size_t place = SIZE_MAX;
    for (size_t i = 0; i < r->target_count; i++) {
        const struct figure *f = &r->targets[i];
        if (place_of(r, f) != place) {
            place = place_of(r, f);
            buf_addc(to, '\n');
            put_place(to, r, place, 118);
            end_row(to);
        }
        put_target(to, r, f);
    }
}

/* ---- the scoreboard ---- */

/* What a verdict is called here: the sign first, so that a column can be skimmed. */
static const char *const verdict_words[VERDICTS] = {
    [VERDICT_MET] = "✓ met",
    [VERDICT_MISSED] = "✗ missed",
    [VERDICT_NOT_COMPARABLE] = "? not comparable",
    [VERDICT_NOT_REPORTED] = "– not reported",
};

enum { W_VERDICT = 16, W_INDICATOR = 32, W_VALUE = 14, W_CLAUSE = 36, W_AREA = 40, W_COUNT = 18 };

static void rule(struct buf *to, int width) {
    while (width-- > 0) {
        buf_addc(to, '-');
    }
    buf_addc(to, '\n');
}

static void put_judgement(struct buf *to, const struct reading *plan, const struct judgement *j) {
    assert((unsigned)j->verdict < VERDICTS);
    put(to, verdict_words[j->verdict], W_VERDICT);
    put_span(to, plan, j->target->indicator, W_INDICATOR);
    put_value(to, j->target, W_VALUE);
    put_value(to, j->outcome, W_VALUE);
    if (j->outcome != NULL && j->where != NULL) {
        put_span_last(to, j->where, j->outcome->text, W_CLAUSE);
    }
    end_row(to);
}

static void put_by_verdict(struct buf *to, const int counts[VERDICTS], int all) {
    for (size_t v = 0; v < VERDICTS; v++) {
        put(to, verdict_words[v], W_VERDICT);
        put_number(to, counts[v], 5);
        buf_addf(to, "  %3d %%\n", all == 0 ? 0 : (counts[v] * 200 + all) / (2 * all));
    }
    put(to, "all", W_VERDICT);
    put_number(to, all, 5);
    buf_addc(to, '\n');
}

static void put_area_row(struct buf *to, const struct reading *plan, size_t place,
                         const int counts[VERDICTS]) {
    int all = 0;
    put_place(to, plan, place, W_AREA);
    for (size_t v = 0; v < VERDICTS; v++) {
        put_number(to, counts[v], W_COUNT);
        all += counts[v];
    }
    put_number(to, all, 6);
    buf_addc(to, '\n');
}

static void put_by_area(struct buf *to, const struct reading *plan, const int (*counts)[VERDICTS]) {
    column_put(to, "area", 4, W_AREA);
    for (size_t v = 0; v < VERDICTS; v++) {
        column_put_right(to, verdict_words[v], strlen(verdict_words[v]), W_COUNT);
    }
    column_put_right(to, "all", 3, 6);
    buf_addc(to, '\n');
    static const int none[VERDICTS];
    for (size_t p = 0; p < PLACE_AREAS + plan->area_count; p++) {
        if (memcmp(counts[p], none, sizeof none) != 0) {
            put_area_row(to, plan, p, counts[p]);
        }
    }
}

void write_judgements_table(const struct reading *plan, const struct judgement *j, size_t n,
                            struct buf *to) {
    size_t places = PLACE_AREAS + plan->area_count;
    int total[VERDICTS] = {0};
    int(*counts)[VERDICTS] = mem_alloc(places * sizeof *counts);
    memset(counts, 0, places * sizeof *counts);
    put(to, "verdict", W_VERDICT);
    put(to, "indicator", W_INDICATOR);
    put(to, "target", W_VALUE);
    put(to, "outcome", W_VALUE);
    buf_adds(to, "as reported\n");
    rule(to, 120);
    for (size_t i = 0; i < n; i++) {
        put_judgement(to, plan, &j[i]);
        counts[place_of(plan, j[i].target)][j[i].verdict]++;
        total[j[i].verdict]++;
    }
    rule(to, 120);
    put_by_verdict(to, total, (int)n);
    buf_addc(to, '\n');
    put_by_area(to, plan, (const int(*)[VERDICTS])counts);
    free(counts);
}
