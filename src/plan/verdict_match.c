/* verdict_match: whether two statements speak of one thing.
 *
 * The same: the noun phrases hold the same characters in normal words, in any order (幼儿园、中小学校
 * and 中小学幼儿园). Near: the pairs of characters they share weigh enough, rare pairs more than common
 * ones; how common a pair is, the documents themselves tell (企业, 项目 weigh little everywhere). */
#include "plan/verdict_int.h"

#include <string.h>

enum { FAMILY_WEIGHT = 8 }; /* as the rarest pair of a comparison of 256 statements */

void rarity_init(struct rarity *r, struct arena *a) {
    r->df = arena_zero(a, 65536 * sizeof *r->df);
    r->total = 0;
}

void rarity_add(struct rarity *r, struct statement_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct statement *st = &list->items[i];
        for (uint16_t g = 0; g < st->grams; g++) {
            bool first = g == 0 || st->gram[g] != st->gram[g - 1];
            r->df[st->gram[g]] = (uint16_t)(r->df[st->gram[g]] + (first && r->df[st->gram[g]] < UINT16_MAX));
        }
    }
    r->total += (uint32_t)list->count;
}

/* 1 for a pair that stands everywhere, one more with each halving of its share. */
static unsigned weight_of(const struct rarity *r, uint16_t gram) {
    uint32_t share = (r->total + 1) / (r->df[gram] == 0 ? 1 : r->df[gram]);
    unsigned w = 1;
    while (share > 1) {
        share >>= 1;
        w++;
    }
    return w;
}

void rarity_weigh(const struct rarity *r, struct statement_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        struct statement *st = &list->items[i];
        for (uint16_t g = 0; g < st->grams; g++) {
            st->weight += weight_of(r, st->gram[g]);
        }
    }
}

static void sort_chars(const struct phrase *p, char16_t to[NP_MAX]) {
    for (uint8_t i = 0; i < p->n; i++) {
        uint8_t j = i;
        for (; j > 0 && to[j - 1] > p->np[i]; j--) {
            to[j] = to[j - 1];
        }
        to[j] = p->np[i];
    }
}

static bool same_phrase(const struct phrase *a, const struct phrase *b) {
    if (a->n != b->n || a->n == 0) {
        return false;
    }
    if (memcmp(a->np, b->np, a->n * sizeof *a->np) == 0) {
        return true;
    }
    char16_t x[NP_MAX];
    char16_t y[NP_MAX];
    sort_chars(a, x);
    sort_chars(b, y);
    return memcmp(x, y, a->n * sizeof *x) == 0;
}

/* Whether a list that holds for each part (均) has the thing among them. */
static bool among_parts(const struct phrase *t, const struct phrase *list) {
    for (unsigned k = 0; list->parts > 1 && k < list->parts; k++) {
        struct phrase one = *list;
        phrase_pick(&one, k);
        if (same_phrase(t, &one)) {
            return true;
        }
    }
    return false;
}

static uint32_t common_weight(const struct rarity *r, const struct statement *t,
                              const struct statement *o) {
    uint32_t sum = 0;
    for (uint16_t i = 0, j = 0; i < t->grams && j < o->grams;) {
        if (t->gram[i] == o->gram[j]) {
            sum += weight_of(r, t->gram[i]);
            i++;
            j++;
        } else if (t->gram[i] < o->gram[j]) {
            i++;
        } else {
            j++;
        }
    }
    return sum;
}

enum link thing_link(const struct rarity *r, const struct statement *t, const struct statement *o,
                     unsigned *nearness) {
    *nearness = 1000;
    if (same_phrase(&t->what, &o->what)) {
        return LINK_SAME;
    }
    if ((o->what.marks & MARK_BOTH) && among_parts(&t->what, &o->what)) {
        return LINK_SAME;
    }
    uint32_t common = common_weight(r, t, o);
    uint32_t weight = t->weight + o->weight;
    uint32_t kin = (t->families & o->families) != 0 ? FAMILY_WEIGHT : 0;
    *nearness = weight == 0 ? 0 : (unsigned)((2 * (common + kin) * 1000) / (weight + 2 * kin));
    return *nearness > 0 ? LINK_NEAR : LINK_NONE;
}
