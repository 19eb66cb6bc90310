/* verdict_key: see verdict_key.h. */
#include "plan/verdict_key.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "plan/verdict_int.h"

/* How a thing is measured, as the key and as people say it. */
struct manner {
    const char *key;
    const char *words; /* "" where the unit says it all */
    bool by_unit;
};

/* Signs that a number is not of the thing itself in its year. */
enum { FOREIGN = MARK_EACH | MARK_DELTA | MARK_AVERAGE | MARK_PARTIAL | MARK_AMONG | MARK_UNSURE };

/* What was done in the year, by what was done to the thing; the first that fits. To do a thing
 * (实施, 举办) adds none, so that alone is an amount like any other. */
static const struct {
    unsigned acts;
    struct manner manner;
} flows[] = {
    {ACT_NEW | ACT_BUILD | ACT_CREATE | ACT_ATTRACT, {"added", "新增", true}},
    {ACT_REBUILD, {"rebuilt", "改造", true}},
    {ACT_START, {"started", "开工", true}},
    {ACT_SIGN, {"signed", "签约", true}},
    {ACT_FILE, {"filed", "备案", true}},
};

static const struct manner *amount_of(const struct phrase *p) {
    static const struct manner net = {"net", "净增", true};
    static const struct manner amount = {"amount", "", true};
    if (p->marks & MARK_NET) {
        return &net;
    }
    for (size_t i = 0; !(p->acts & ACT_STOCK) && i < sizeof flows / sizeof *flows; i++) {
        if (p->acts & flows[i].acts) {
            return &flows[i].manner;
        }
    }
    return &amount;
}

static const struct manner *manner_of(const struct statement *st) {
    static const struct manner growth = {"growth", "增长", false};
    static const struct manner shrink = {"reduction", "下降", false};
    static const struct manner share = {"share", "%", false};
    switch (st->measure) {
    case MEASURE_GROWTH:
        return &growth;
    case MEASURE_SHRINK:
        return &shrink;
    case MEASURE_SHARE:
    case MEASURE_COVER:
        return &share;
    case MEASURE_AMOUNT:
        return amount_of(&st->what);
    case MEASURE_NONE:
    case MEASURE_OTHER:
        return NULL;
    }
    return NULL;
}

static void add_chars(struct buf *b, const char16_t *s, size_t n) {
    char bytes[UTF8_MAX];
    for (size_t i = 0; i < n; i++) {
        buf_add(b, bytes, utf8_encode(s[i], bytes));
    }
}

static const char *take(struct buf *b, struct arena *a) {
    const char *text = arena_dup(a, b->data, b->len);
    buf_clear(b);
    return text;
}

static struct verdict_key key_of(const struct statement *st, const struct phrase *p,
                                 const struct manner *m, struct arena *a) {
    char16_t sorted[NP_MAX];
    const char16_t *unit = NULL;
    uint32_t n = 0;
    struct verdict_key key = {.figure = st->figure};
    struct buf b = BUF_INIT;
    if (m->by_unit) {
        unit_normal(st, &unit, &n);
    }
    phrase_sort(p, sorted);
    add_chars(&b, sorted, p->n);
    buf_addf(&b, "/%s%s", m->key, m->by_unit ? ":" : "");
    add_chars(&b, unit, n);
    key.key = take(&b, a);
    add_chars(&b, p->np, p->n);
    if (m->words[0] != '\0' || n > 0) {
        buf_addf(&b, "（%s%s", m->words, m->words[0] != '\0' && n > 0 ? "，" : "");
        add_chars(&b, unit, n);
        buf_adds(&b, "）");
    }
    key.name = take(&b, a);
    buf_fini(&b);
    return key;
}

/* A thing has a name of two characters or more; what is left of torn text (1.） has none. */
static bool names_thing(const struct phrase *p) {
    unsigned n = 0;
    for (uint8_t i = 0; i < p->n; i++) {
        n += is_ideograph16(p->np[i]);
    }
    return n > 1 && !phrase_is_bare(p);
}

/* Adds it, unless this number has the key already: the reader of figures may give a number that
 * holds for each of a list as one figure for each. */
static void add_key(struct verdict_key key, struct verdict_key *out, size_t *count) {
    for (size_t i = *count; i > 0 && out[i - 1].figure->number.from == key.figure->number.from;
         i--) {
        if (strcmp(out[i - 1].key, key.key) == 0) {
            return;
        }
    }
    out[(*count)++] = key;
}

static void add_keys(const struct statement *st, struct arena *a, struct verdict_key *out,
                     size_t *count) {
    const struct manner *m = manner_of(st);
    if (m == NULL || !names_thing(&st->what) || st->when == WHEN_TERM ||
        (st->what.marks & FOREIGN)) {
        return;
    }
    if (!(st->what.marks & MARK_BOTH) || st->what.parts < 2) {
        add_key(key_of(st, &st->what, m, a), out, count);
        return;
    }
    for (unsigned k = 0; k < st->what.parts; k++) {
        struct phrase one = st->what;
        phrase_pick(&one, k);
        if (names_thing(&one)) {
            add_key(key_of(st, &one, m, a), out, count);
        }
    }
}

void verdict_keys(const struct reading *r, const struct figure *figures, size_t figure_count,
                  struct arena *a, struct verdict_key **out, size_t *count) {
    struct verdict_words words;
    struct statement_list all;
    size_t n = 0;
    verdict_words_init(&words);
    statements_read(&words, r, figures, figure_count, a, &all);
    *out = arena_alloc(a, (all.count * PARTS_MAX + 1) * sizeof **out);
    for (size_t i = 0; i < all.count; i++) {
        add_keys(&all.items[i], a, *out, &n);
    }
    *count = n;
    verdict_words_fini(&words);
}

const char *verdict_key_words(const char *words, struct arena *a) {
    struct verdict_words known;
    struct source s;
    struct phrase p = {0};
    struct buf b = BUF_INIT;
    verdict_words_init(&known);
    source_fold(words, strlen(words), a, &s);
    phrase_add(&known, &s, (struct run){0, s.n}, &p);
    add_chars(&b, p.np, p.n);
    const char *text = b.len == 0 ? "" : take(&b, a);
    buf_fini(&b);
    verdict_words_fini(&known);
    return text;
}
