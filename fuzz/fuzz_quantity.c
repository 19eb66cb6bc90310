/* fuzz_quantity: any valid UTF-8 -> the folded view, its sentences, clauses and quantities.
 *
 * Held: each step makes progress and stays in its run; places count bytes upwards and end at the
 * length. A line feed parts all that the grammar reads: the view, the sentences and the quantities
 * of a text are those of its lines, one after the other. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/quantity.h"
#include "text/sentence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool next_fn(const struct source *, struct run, uint32_t *, struct run *);

static bool same_run(struct run a, struct run b, uint32_t shift) {
    return a.from == b.from + shift && a.to == b.to + shift;
}

static void check_source(const struct source *s, size_t size) {
    assert(s->at[s->n] == size && s->ch[s->n] == 0 && s->n <= size);
    for (uint32_t i = 0; i < s->n; i++) {
        assert(s->at[i] < s->at[i + 1] && (s->utf8[s->at[i]] & 0xC0) != 0x80);
        assert(source_end(s, (struct run){i, i + 1}) <= s->at[i + 1]);
    }
}

static void check_pieces(const struct source *s, struct run within, next_fn *next) {
    uint32_t at = within.from;
    uint32_t last = at;
    struct run r;
    while (next(s, within, &at, &r)) {
        assert(last <= r.from && r.from < r.to && r.to <= at && at <= within.to);
        last = at;
    }
    assert(at == within.to);
}

static void check_quantity(const struct quantity *q, uint32_t last, uint32_t at) {
    assert(last <= q->all.from && q->all.from < q->all.to && q->all.to == at);
    assert(q->all.from <= q->unit.from && q->unit.from <= q->unit.to && q->unit.to <= q->all.to);
    assert(q->value.coef >= 0 && q->scale >= 0);
    assert(!q->has_max || decimal_cmp(q->value, q->max) < 0);
    assert(q->cls <= UNIT_DENSITY && q->form <= QUANTITY_DOUBLE);
}

static void check_quantities(const struct source *s, const struct lexicon *units) {
    struct run all = {0, s->n};
    struct quantity q;
    uint32_t at = 0;
    uint32_t last = 0;
    while (quantity_next(s, units, all, &at, &q)) {
        check_quantity(&q, last, at);
        last = at;
    }
    assert(at == s->n);
}

/* The line that begins at `from` in `s`, folded alone, has the same view, sentences, quantities. */
static void check_line(const struct source *s, const struct lexicon *units, struct run line,
                       struct arena *a) {
    struct source one;
    uint32_t byte = s->at[line.from];
    source_fold(s->utf8 + byte, s->at[line.to] - byte, a, &one);
    assert(one.n == line.to - line.from);
    for (uint32_t i = 0; i < one.n; i++) {
        assert(one.ch[i] == s->ch[line.from + i] && one.at[i] + byte == s->at[line.from + i]);
    }
    struct run all = {0, one.n};
    struct run rest = {line.from, s->n}; /* the line feed must end it, not the run */
    struct run r;
    struct run r1;
    uint32_t at = line.from;
    uint32_t at1 = 0;
    while (sentence_next(&one, all, &at1, &r1)) {
        assert(sentence_next(s, rest, &at, &r) && same_run(r, r1, line.from));
        check_pieces(&one, r1, clause_next);
    }
    struct quantity q;
    struct quantity q1;
    at = line.from;
    at1 = 0;
    while (quantity_next(&one, units, all, &at1, &q1)) {
        assert(quantity_next(s, units, rest, &at, &q) && same_run(q.all, q1.all, line.from));
        assert(same_run(q.unit, q1.unit, line.from) && q.cls == q1.cls && q.form == q1.form);
        assert(decimal_cmp(q.value, q1.value) == 0 && q.has_max == q1.has_max);
    }
}

static void check_lines(const struct source *s, const struct lexicon *units, struct arena *a) {
    uint32_t from = 0;
    for (uint32_t i = 0; i <= s->n; i++) {
        if (i == s->n || s->ch[i] == u'\n') {
            check_line(s, units, (struct run){from, i}, a);
            from = i + 1;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct lexicon *units; /* read-only once made */
    if (units == NULL) {
        units = lexicon_new(unit_table, unit_count);
    }
    const char *text = (const char *)data;
    if (utf8_check(text, size) != size || memchr(text, 0, size) != NULL) {
        return 0;
    }
    struct arena a = ARENA_INIT;
    struct source s;
    source_fold(text, size, &a, &s);
    check_source(&s, size);
    check_pieces(&s, (struct run){0, s.n}, sentence_next);
    check_pieces(&s, (struct run){0, s.n}, clause_next);
    check_quantities(&s, units);
    check_lines(&s, units, &a);
    arena_fini(&a);
    return 0;
}
