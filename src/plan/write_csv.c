/* write_csv: a reading as rows for a spreadsheet; see write.h. RFC 4180: comma, CRLF, a field with
 * a comma, quote or line break in double quotes, quotes doubled. No byte order mark. An absent
 * value is an empty field; `from` and `to` are bytes of the document's text, as in the JSON. */
#include "plan/write.h"

#include <string.h>

#include "base/csv.h"

/* What a field is made from, and the columns in their order. */
struct row {
    const struct reading *r;
    const struct figure *f;
    const char *list; /* "target" or "outcome" */
    const struct area *area;
};

static void put_str(struct buf *to, const char *s) {
    if (s != NULL) {
        csv_put(to, s, strlen(s));
    }
}

static void put_span(struct buf *to, const struct reading *r, struct span s) {
    csv_put(to, r->doc.text + s.from, s.to - s.from);
}

static void put_dec(struct buf *to, bool has, struct decimal v) {
    char text[DECIMAL_TEXT_MAX];
    if (has) {
        buf_adds(to, decimal_text(v, text));
    }
}

static void put_bool(struct buf *to, bool v) {
    buf_adds(to, v ? "true" : "false");
}

static void put_file(const struct row *w, struct buf *to) {
    put_str(to, w->r->doc.name);
}
static void put_list(const struct row *w, struct buf *to) {
    put_str(to, w->list);
}
static void put_id(const struct row *w, struct buf *to) {
    put_str(to, w->f->id);
}
static void put_area(const struct row *w, struct buf *to) {
    if (w->f->area != 0) {
        buf_addf(to, "%d", w->f->area);
    }
}
static void put_area_title(const struct row *w, struct buf *to) {
    if (w->area != NULL) {
        put_span(to, w->r, w->area->title);
    }
}
static void put_task(const struct row *w, struct buf *to) {
    if (w->f->task >= 0) {
        put_str(to, w->r->tasks[w->f->task].id);
    }
}
static void put_indicator(const struct row *w, struct buf *to) {
    put_span(to, w->r, w->f->indicator);
}
static void put_comparator(const struct row *w, struct buf *to) {
    put_str(to, comparator_name(w->f->comparator));
}
static void put_value(const struct row *w, struct buf *to) {
    put_dec(to, w->f->has_value, w->f->value);
}
static void put_value_max(const struct row *w, struct buf *to) {
    put_dec(to, w->f->has_max, w->f->value_max);
}
static void put_unit(const struct row *w, struct buf *to) {
    put_str(to, w->f->unit);
}
static void put_base_value(const struct row *w, struct buf *to) {
    put_dec(to, w->f->has_base, w->f->base_value);
}
static void put_base_unit(const struct row *w, struct buf *to) {
    put_str(to, w->f->has_base ? w->f->base_unit : NULL);
}
static void put_kind(const struct row *w, struct buf *to) {
    put_str(to, figure_kind_name(w->f->kind));
}
static void put_overall(const struct row *w, struct buf *to) {
    put_bool(to, w->f->overall);
}
static void put_spelled(const struct row *w, struct buf *to) {
    put_bool(to, w->f->spelled);
}
static void put_horizon(const struct row *w, struct buf *to) {
    put_str(to, w->f->horizon);
}
static void put_period(const struct row *w, struct buf *to) {
    put_str(to, w->f->period);
}
static void put_from(const struct row *w, struct buf *to) {
    buf_addf(to, "%u", w->f->text.from);
}
static void put_to(const struct row *w, struct buf *to) {
    buf_addf(to, "%u", w->f->text.to);
}
static void put_text(const struct row *w, struct buf *to) {
    put_span(to, w->r, w->f->text);
}

static const struct {
    const char *name;
    void (*put)(const struct row *w, struct buf *to);
} columns[] = {
    {"file", put_file},
    {"list", put_list},
    {"id", put_id},
    {"area", put_area},
    {"area_title", put_area_title},
    {"task", put_task},
    {"indicator", put_indicator},
    {"comparator", put_comparator},
    {"value", put_value},
    {"value_max", put_value_max},
    {"unit", put_unit},
    {"base_value", put_base_value},
    {"base_unit", put_base_unit},
    {"kind", put_kind},
    {"overall", put_overall},
    {"spelled", put_spelled},
    {"horizon", put_horizon},
    {"period", put_period},
    {"from", put_from},
    {"to", put_to},
    {"text", put_text},
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const struct area *area_of(const struct reading *r, int no) {
    for (size_t i = 0; no != 0 && i < r->area_count; i++) {
        if (r->areas[i].no == no) {
            return &r->areas[i];
        }
    }
    return NULL;
}

static void put_rows(const struct reading *r, const char *list, const struct figure *f, size_t n,
                     struct buf *to) {
    for (size_t i = 0; i < n; i++) {
        struct row w = {r, &f[i], list, area_of(r, f[i].area)};
        for (size_t c = 0; c < COLUMNS; c++) {
            if (c > 0) {
                buf_addc(to, ',');
            }
            columns[c].put(&w, to);
        }
        buf_adds(to, "\r\n");
    }
}

void write_reading_csv(const struct reading *r, bool header, struct buf *to) {
    for (size_t c = 0; header && c < COLUMNS; c++) {
        buf_adds(to, columns[c].name);
        buf_adds(to, c + 1 < COLUMNS ? "," : "\r\n");
    }
    put_rows(r, "target", r->targets, r->target_count, to);
    put_rows(r, "outcome", r->outcomes, r->outcome_count, to);
}
