/* series_index: reads all kept texts again and puts their figures into lines.
 *
 * Each figure that has a key becomes a mark. Marks are sorted so that those of a line stand
 * together, by year, in each year the targets before the outcomes, the best of each first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/mem.h"
#include "plan/verdict_key.h"
#include "store/hex.h"
#include "track/place_int.h"
#include "track/series_int.h"

struct mark {
    const char *place;
    const char *key;
    const char *name;
    int year;
    bool is_outcome;
    bool overall;
    int said_in;  /* the year of the document */
    size_t order; /* among all marks: by text, then as they stand there */
    struct series_figure figure;
};

struct marks {
    struct mark *mark;
    size_t count, cap;
};

/* One text in hand. */
struct page {
    const struct kept_text *text;
    struct reading reading;
    const char *place;
    struct kept_number *numbers;
    size_t number_count;
    struct arena *keep; /* of the index */
};

/* ---- marks ---- */

static const char *keep_text(const char *s, struct arena *a) {
    return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

static const char *keep_number(bool has, struct decimal v, struct arena *a) {
    char text[DECIMAL_TEXT_MAX];
    return has ? keep_text(decimal_text(v, text), a) : NULL;
}

static struct series_figure figure_of(const struct page *p, const struct figure *f) {
    const char *text = p->text->text;
    struct series_figure x = {
        .plan = p->text->plan,
        .text = arena_dup(p->keep, text + f->text.from, f->text.to - f->text.from),
        .span = f->text,
        .value = keep_number(f->has_value, f->value, p->keep),
        .value_max = keep_number(f->has_max, f->value_max, p->keep),
        .unit = keep_text(f->unit, p->keep),
        .base_value = keep_number(f->has_base, f->base_value, p->keep),
        .base_unit = f->has_base ? keep_text(f->base_unit, p->keep) : NULL,
        .comparator = comparator_name(f->comparator),
        .kind = figure_kind_name(f->kind),
    };
    if (f->period == NULL) {
        x.number = kept_text_number(p->numbers, p->number_count, f);
    }
    return x;
}

/* The year that a figure speaks of; 0 for none, or several. */
static int year_of(const struct page *p, const struct figure *f) {
    char own[12];
    int year = 0;
    snprintf(own, sizeof own, "%d", p->text->year);
    if (f->period == NULL) {
        return f->horizon == NULL || strcmp(f->horizon, own) == 0 ? p->text->year : 0;
    }
    for (const char *c = f->period; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || year > 999) {
            return 0;
        }
        year = year * 10 + (*c - '0');
    }
    return year;
}

static void add_marks(const struct page *p, const struct verdict_key *keys, size_t count,
                      struct marks *to) {
    for (size_t i = 0; i < count; i++) {
        const struct figure *f = keys[i].figure;
        int year = year_of(p, f);
        if (year == 0) {
            continue;
        }
        to->mark = mem_reserve(to->mark, &to->cap, to->count + 1, sizeof *to->mark);
        to->mark[to->count] = (struct mark){.place = p->place,
                                            .key = keep_text(keys[i].key, p->keep),
                                            .name = keep_text(keys[i].name, p->keep),
                                            .year = year,
                                            .is_outcome = f->period != NULL,
                                            .overall = f->overall,
                                            .said_in = p->text->year,
                                            .order = to->count,
                                            .figure = figure_of(p, f)};
        to->count++;
    }
}

static void add_page(const struct page *p, struct arena *work, struct marks *to) {
    struct verdict_key *keys;
    size_t n;
    const struct reading *r = &p->reading;
    verdict_keys(r, r->targets, r->target_count, work, &keys, &n);
    add_marks(p, keys, n, to);
    verdict_keys(r, r->outcomes, r->outcome_count, work, &keys, &n);
    add_marks(p, keys, n, to);
}

static enum code read_text(struct tx *tx, const struct reader *reader, const struct kept_text *of,
                           struct arena *keep, struct marks *to, struct err *err) {
    struct arena work = ARENA_INIT;
    struct kept_text text = *of;
    struct page p = {.text = &text, .keep = keep};
    enum code code = kept_text_load(tx, &work, &text, err);
    if (code == OK) {
        code = kept_text_read(reader, &text, &work, &p.reading, err);
    }
    if (code == OK) {
        code = kept_text_numbers(tx, &text, &work, &p.numbers, &p.number_count, err);
    }
    if (code == OK) {
        p.place = place_of(text.issuer, text.title, keep);
        add_page(&p, &work, to);
    }
    arena_fini(&work);
    return code;
}

/* ---- lines ---- */

static int by_number(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int by_line(const struct mark *x, const struct mark *y) {
    int c = strcmp(x->place, y->place);
    return c != 0 ? c : strcmp(x->key, y->key);
}

static int compare_marks(const void *a, const void *b) {
    const struct mark *x = a;
    const struct mark *y = b;
    int c = by_line(x, y);
    c = c != 0 ? c : by_number(x->year, y->year);
    c = c != 0 ? c : by_number(x->is_outcome, y->is_outcome);
    c = c != 0 ? c : by_number(y->overall, x->overall);
    c = c != 0 ? c : by_number(y->said_in, x->said_in);
    c = c != 0 ? c : by_number(x->figure.plan, y->figure.plan);
    return c != 0 ? c : by_number((int64_t)x->order, (int64_t)y->order);
}

static void write_key(const struct mark *m, char to[SERIES_KEY_MAX]) {
    unsigned char digest[SHA256_BYTES];
    struct buf b = BUF_INIT;
    buf_addf(&b, "%s\n%s", m->place, m->key);
    sha256_of(b.data, b.len, digest);
    buf_fini(&b);
    hex_text(digest, (SERIES_KEY_MAX - 1) / 2, to);
}

/* One line of marks [0, n); those of a place and key. Its name is as the latest document has it. */
static struct series_entry entry_of(const struct mark *m, size_t n, struct arena *a) {
    struct series_entry e = {.points = arena_zero(a, n * sizeof *e.points)};
    const struct mark *latest = &m[0];
    for (size_t i = 0; i < n; i++) {
        if (e.count == 0 || e.points[e.count - 1].year != m[i].year) {
            e.points[e.count++].year = m[i].year;
        }
        struct series_point *p = &e.points[e.count - 1];
        struct series_figure *f = m[i].is_outcome ? &p->outcome : &p->target;
        if (f->plan == 0) {
            *f = m[i].figure;
        }
        latest = m[i].said_in > latest->said_in ? &m[i] : latest;
    }
    write_key(&m[0], e.line.key);
    e.line.name = latest->name;
    e.line.place = m[0].place;
    e.line.first = e.points[0].year;
    e.line.last = e.points[e.count - 1].year;
    e.line.years = e.count;
    return e;
}

static int compare_entries(const void *a, const void *b) {
    const struct series_entry *x = a;
    const struct series_entry *y = b;
    int c = strcmp(x->line.place, y->line.place);
    c = c != 0 ? c : by_number((int64_t)y->line.years, (int64_t)x->line.years);
    c = c != 0 ? c : strcmp(x->line.name, y->line.name);
    return c != 0 ? c : strcmp(x->line.key, y->line.key);
}

static void make_entries(struct marks *marks, struct series_index *index) {
    struct mark *m = marks->mark;
    index->entries = arena_alloc(&index->arena, (marks->count + 1) * sizeof *index->entries);
    if (marks->count == 0) {
        return;
    }
    qsort(m, marks->count, sizeof *m, compare_marks);
    for (size_t from = 0, to; from < marks->count; from = to) {
        for (to = from + 1; to < marks->count && by_line(&m[from], &m[to]) == 0; to++) {
        }
        index->entries[index->count++] = entry_of(&m[from], to - from, &index->arena);
    }
    qsort(index->entries, index->count, sizeof *index->entries, compare_entries);
}

enum code series_index_make(struct tx *tx, const struct reader *reader, struct series_index *index,
                            struct err *err) {
    struct marks marks = {NULL, 0, 0};
    enum code code = OK;
    for (size_t i = 0; code == OK && i < index->text_count; i++) {
        code = read_text(tx, reader, &index->texts[i], &index->arena, &marks, err);
    }
    if (code == OK) {
        make_entries(&marks, index);
    }
    free(marks.mark);
    return code;
}
