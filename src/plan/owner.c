/* owner: see owner.h. What the document states is read by owner_stated.c; here are the proposals.
 *
 * One pass over the task finds the longest word of the duties (owner_duty.c) at each place; a word
 * counts once. A body's score S is the sum of the weights of its words, R the best other body's.
 *
 *   proposed     S >= 6: one sure word, or two likely ones; beside the first also S >= half of it
 *   confidence   0.95 * S / (S + 6) * S / (S + R / 2), not under 0.10
 *
 * The second factor is the strength of the evidence (one sure word 0.50, three 0.75), the third
 * what a rival leaves of it (2/3 where both score the same). It orders proposals; it is no
 * probability.
 *
 * Not looked at: the measure and area around the task, and a city's own division of work. */
#include "plan/owner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/owner_int.h"
#include "text/lexicon.h"

enum {
    EVIDENCE_LEAST = DUTY_SURE,
    CONFIDENCE_BEST = 95, /* hundredths: a proposal is never certain */
    CONFIDENCE_LEAST = 10,
    WORDS_COUNTED = 128, /* of one task; more are not counted */
};

/* A word stands for a body with a weight; the pointers of one word follow each other. */
struct pointer {
    struct lexeme word;
    uint16_t duty;
    uint16_t weight;
};

struct owner_index {
    struct pointer *pointers; /* sorted by word, then by duty */
    size_t pointer_count;
    struct lexeme *words; /* the tag is the place of the first pointer */
    size_t word_count;
    struct lexicon *lexicon;
};

/* ---- the index ---- */

/* Adds the words of a list, apart by blanks. */
static void add_words(struct owner_index *ix, size_t *cap, const char16_t *list, size_t duty,
                      enum duty_weight weight) {
    while (*list != 0) {
        size_t n = 0;
        while (list[n] != 0 && list[n] != u' ') {
            n++;
        }
        if (n > 0) {
            ix->pointers =
                mem_reserve(ix->pointers, cap, ix->pointer_count + 1, sizeof *ix->pointers);
            ix->pointers[ix->pointer_count++] =
                (struct pointer){{list, (uint16_t)n, 0}, (uint16_t)duty, (uint16_t)weight};
        }
        list += n + (list[n] == u' ');
    }
}

static bool same_word(const struct lexeme *a, const struct lexeme *b) {
    return a->len == b->len && memcmp(a->text, b->text, a->len * sizeof *a->text) == 0;
}

static int by_word(const void *a, const void *b) {
    const struct pointer *p = a;
    const struct pointer *q = b;
    if (!same_word(&p->word, &q->word)) {
        size_t n = p->word.len < q->word.len ? p->word.len : q->word.len;
        int c = memcmp(p->word.text, q->word.text, n * sizeof *p->word.text);
        return c != 0 ? c : (p->word.len > q->word.len) - (p->word.len < q->word.len);
    }
    if (p->duty != q->duty) {
        return p->duty < q->duty ? -1 : 1;
    }
    return (q->weight > p->weight) - (q->weight < p->weight);
}

/* One lexeme for each word, however many bodies it points to. */
static void gather_words(struct owner_index *ix) {
    ix->words = mem_alloc(ix->pointer_count * sizeof *ix->words);
    for (size_t i = 0; i < ix->pointer_count; i++) {
        if (i == 0 || !same_word(&ix->pointers[i].word, &ix->pointers[i - 1].word)) {
            struct lexeme word = ix->pointers[i].word;
            word.tag = (uint16_t)i;
            ix->words[ix->word_count++] = word;
        }
    }
}

struct owner_index *owner_index_new(void) {
    struct owner_index *ix = mem_alloc(sizeof *ix);
    size_t cap = 0;
    memset(ix, 0, sizeof *ix);
    for (size_t i = 0; i < owner_duty_count; i++) {
        add_words(ix, &cap, owner_duties[i].sure, i, DUTY_SURE);
        add_words(ix, &cap, owner_duties[i].likely, i, DUTY_LIKELY);
        add_words(ix, &cap, owner_duties[i].hint, i, DUTY_HINT);
    }
    assert(ix->pointer_count < UINT16_MAX);
    qsort(ix->pointers, ix->pointer_count, sizeof *ix->pointers, by_word);
    gather_words(ix);
    ix->lexicon = lexicon_new(ix->words, ix->word_count);
    return ix;
}

void owner_index_free(struct owner_index *index) {
    if (index == NULL) {
        return;
    }
    lexicon_free(index->lexicon);
    free(index->words);
    free(index->pointers);
    free(index);
}

/* ---- the scores ---- */

enum { DUTIES_MAX = 64 };

struct scores {
    int of[DUTIES_MAX]; /* by duty */
    const struct lexeme *counted[WORDS_COUNTED];
    size_t count;
};

static bool is_counted(const struct scores *sc, const struct lexeme *word) {
    for (size_t i = 0; i < sc->count; i++) {
        if (sc->counted[i] == word) {
            return true;
        }
    }
    return false;
}

/* A word that stands twice for one body (as sure and as a hint) counts by its first, heavier row.
 */
static void count_word(const struct owner_index *ix, const struct lexeme *word, struct scores *sc) {
    if (sc->count == WORDS_COUNTED || is_counted(sc, word)) {
        return;
    }
    sc->counted[sc->count++] = word;
    size_t last = SIZE_MAX;
    for (size_t i = word->tag; i < ix->pointer_count; i++) {
        const struct pointer *p = &ix->pointers[i];
        if (!same_word(&p->word, word)) {
            break;
        }
        if (p->duty != last && owner_duties[p->duty].name != NULL) {
            sc->of[p->duty] += p->weight;
        }
        last = p->duty;
    }
}

static void count_words(const struct owner_index *ix, const struct source *s, struct run task,
                        struct scores *sc) {
    for (uint32_t i = task.from; i < task.to;) {
        const struct lexeme *word = lexicon_prefix(ix->lexicon, s->ch + i, task.to - i);
        if (word != NULL) {
            count_word(ix, word, sc);
        }
        i += word == NULL ? 1 : word->len;
    }
}

/* The duty with the best score, the first in the table among equals; its score is then taken out.
 */
static size_t take_best(struct scores *sc, int *score) {
    size_t best = 0;
    for (size_t i = 1; i < owner_duty_count; i++) {
        if (sc->of[i] > sc->of[best]) {
            best = i;
        }
    }
    *score = sc->of[best];
    sc->of[best] = 0;
    return best;
}

static struct decimal confidence(int s, int rival) {
    int hundredths = CONFIDENCE_BEST * s / (s + EVIDENCE_LEAST) * 2 * s / (2 * s + rival);
    struct decimal c;
    if (hundredths < CONFIDENCE_LEAST) {
        hundredths = CONFIDENCE_LEAST;
    }
    bool fits = decimal_div(decimal_of(hundredths), decimal_of(100), 2, &c);
    assert(fits);
    return c;
}

static uint32_t propose(const struct owner_index *ix, const struct source *s, struct run task,
                        struct responsible out[PROPOSALS_MAX]) {
    struct scores sc = {.count = 0};
    int score[PROPOSALS_MAX + 1];
    size_t duty[PROPOSALS_MAX + 1];
    count_words(ix, s, task, &sc);
    for (size_t i = 0; i <= PROPOSALS_MAX; i++) {
        duty[i] = take_best(&sc, &score[i]);
    }
    uint32_t n = 0;
    while (n < PROPOSALS_MAX && score[n] >= EVIDENCE_LEAST && 2 * score[n] >= score[0]) {
        int rival = n == 0 ? score[1] : score[0];
        out[n] = (struct responsible){owner_duties[duty[n]].name, n == 0 ? PART_LEAD : PART_SUPPORT,
                                      OWNER_PROPOSED, confidence(score[n], rival)};
        n++;
    }
    return n;
}

void owner_find(const struct owner_index *index, const struct source *s, struct run task,
                struct arena *a, struct responsible **out, uint32_t *count) {
    assert(owner_duty_count <= DUTIES_MAX && task.from <= task.to && task.to <= s->n);
    struct responsible found[OWNERS_MAX];
    uint32_t n = owner_stated(s, task, a, found);
    if (n == 0) {
        n = propose(index, s, task, found);
    }
    *out = NULL;
    *count = n;
    if (n > 0) {
        *out = arena_alloc(a, n * sizeof **out);
        memcpy(*out, found, n * sizeof **out);
    }
}
