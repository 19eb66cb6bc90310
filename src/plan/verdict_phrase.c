/* verdict_phrase: a run of text as a noun phrase in normal words, and the acts done to the thing.
 *
 *   全年新增规上工业企业500家以上 -> np 规上工业企业, acts NEW
 *   4家新型研发机构新增落地       -> np 新型研发机构, acts NEW ATTRACT
 *   完成架空线专项整治65公里      -> np 架空线,       acts DONE REBUILD
 *
 * Always: 0 = part[0] <= part[1] <= ... <= part[parts] = n <= NP_MAX; a phrase that would be longer
 * is cut. What stands in brackets belongs to the thing: 智能工厂（车间） is wider than 智能工厂. */
#include "plan/verdict_int.h"

#include <assert.h>
#include <string.h>

/* Where in a run the reading stands. */
struct walk {
    const struct verdict_words *w;
    const struct source *s;
    uint32_t at;
    uint32_t end;
    bool begin; /* nothing of the present part has been kept yet */
    struct phrase *p;
};

static void put(struct walk *k, const char16_t *s, size_t n) {
    struct phrase *p = k->p;
    for (size_t i = 0; i < n && p->n < NP_MAX; i++) {
        p->np[p->n++] = s[i];
    }
    k->begin = false;
}

static unsigned use_of(const struct lexeme *x) {
    return x == NULL ? 0 : x->tag & (unsigned)USE_MASK;
}

static unsigned value_of(const struct lexeme *x) {
    return x->tag & ~(unsigned)USE_MASK;
}

/* Takes verbs and empty tails from the end of the part that began at `from`. */
static void trim_end(struct walk *k, uint8_t from) {
    struct phrase *p = k->p;
    while (p->n > from) {
        const struct lexeme *x = lexicon_suffix(k->w->all, p->np + from, p->n - from);
        unsigned use = use_of(x);
        if (use != USE_TAIL && use != USE_LEAD && use != USE_VERB) {
            return;
        }
        if (use == USE_VERB) {
            p->acts |= (uint16_t)value_of(x);
        }
        p->n = (uint8_t)(p->n - x->len);
    }
}

/* Ends the part; an empty one leaves no trace. */
static void close_part(struct walk *k) {
    struct phrase *p = k->p;
    trim_end(k, p->part[p->parts]);
    if (p->n > p->part[p->parts] && p->parts + 1 < PARTS_MAX) {
        p->part[++p->parts] = p->n;
    }
    k->begin = true;
}

/* 新 before an act belongs to it: 新引进, 新竣工. */
static bool is_new_act(const struct walk *k) {
    const char16_t *ch = k->s->ch + k->at;
    if (ch[0] != u'新' || k->at + 1 >= k->end) {
        return false;
    }
    unsigned use = use_of(lexicon_prefix(k->w->all, ch + 1, k->end - k->at - 1));
    return use == USE_ACT || use == USE_VERB;
}

/* Behind a count of another kind at the head of a phrase, or `at`: 12类 of 12类40项民生实事. */
static uint32_t skip_count(const struct walk *k) {
    uint32_t at = k->at;
    while (at < k->end && is_digit16(k->s->ch[at])) {
        at++;
    }
    static const char16_t counts[] = u"类件项个批家";
    for (const char16_t *c = counts; at > k->at && at < k->end && *c != 0; c++) {
        if (k->s->ch[at] == *c) {
            return at + 1;
        }
    }
    return k->at;
}

static void take_char(struct walk *k) {
    char16_t c = k->s->ch[k->at];
    uint32_t behind = k->begin ? skip_count(k) : k->at;
    if (behind > k->at) {
        k->at = behind;
        return;
    }
    if (is_ideograph16(c) || is_letter16(c) || is_digit16(c) || c == u'.' || c == u'%' ||
        (c >= 0x2160 && c < 0x2180)) { /* Roman numerals: 优Ⅲ比例 */
        put(k, &c, 1);
    }
    k->at++;
}

static void take_word(struct walk *k, const struct lexeme *x) {
    struct phrase *p = k->p;
    unsigned value = value_of(x);
    switch (use_of(x)) {
    case USE_ACT:
        p->acts |= (uint16_t)value;
        break;
    case USE_VERB:
        if (k->begin && !(value & ACT_REACH)) { /* 超10亿元项目 keeps its 超 */
            p->acts |= (uint16_t)value;
        } else {
            put(k, x->text, x->len);
        }
        break;
    case USE_MARK:
        p->marks |= (uint16_t)value;
        if (value == MARK_NET) {
            p->acts |= ACT_NEW;
        }
        if (value == MARK_EACH) { /* 甲、乙、丙各…: the places are no part of the thing */
            p->n = p->parts = 0;
            k->begin = true;
        }
        break;
    case USE_PART:
        close_part(k);
        break;
    case USE_CANON: {
        const char16_t *to = verdict_canon(x->tag);
        put(k, to, word_len(to));
        break;
    }
    case USE_DROP:
        break;
    case USE_LEAD:
        if (!k->begin) {
            put(k, x->text, x->len);
        }
        break;
    default: /* USE_KEEP, and USE_TAIL until the part ends */
        put(k, x->text, x->len);
    }
    k->at += x->len;
}

void phrase_add(const struct verdict_words *w, const struct source *s, struct run r,
                struct phrase *p) {
    assert(p->parts < PARTS_MAX);
    struct walk k = {.w = w, .s = s, .at = r.from, .end = r.to, .begin = true, .p = p};
    while (k.at < k.end) {
        const struct lexeme *x = lexicon_prefix(w->all, s->ch + k.at, k.end - k.at);
        if (x != NULL) {
            take_word(&k, x);
        } else if (k.begin && is_new_act(&k)) {
            k.at++;
        } else {
            take_char(&k);
        }
    }
    close_part(&k);
}

/* ---- lists ---- */

/* Heads that the last part of a list lends to the parts before it. */
static const char16_t *const heads[] = {u"居民", u"产业", u"企业", u"产值",  u"增加值",
                                        u"营收", u"投资", u"项目", u"人才",  u"比重",
                                        u"机构", u"收入", u"消费", u"处理率"};

static uint8_t find(const char16_t *s, uint8_t n, const char16_t *word) {
    uint8_t len = (uint8_t)word_len(word);
    for (uint8_t i = 0; i + len <= n; i++) {
        if (memcmp(s + i, word, len * sizeof *s) == 0) {
            return i;
        }
    }
    return n;
}

/* Where the head begins that the last part has and the k-th has not; its length where there is
 * none. */
static uint8_t lent_head(const char16_t *part, uint8_t part_n, const char16_t *last,
                         uint8_t last_n) {
    uint8_t best = last_n;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        uint8_t at = find(last, last_n, heads[i]);
        if (at < best && find(part, part_n, heads[i]) == part_n) {
            best = at;
        }
    }
    return best;
}

void phrase_pick(struct phrase *p, unsigned k) {
    assert(k < p->parts);
    struct phrase one = {.acts = p->acts, .marks = p->marks, .parts = 1};
    one.n = (uint8_t)(p->part[k + 1] - p->part[k]);
    memcpy(one.np, p->np + p->part[k], one.n * sizeof *one.np);
    const char16_t *last = p->np + p->part[p->parts - 1];
    uint8_t last_n = (uint8_t)(p->n - p->part[p->parts - 1]);
    if (k + 1u < p->parts) {
        uint8_t head = lent_head(one.np, one.n, last, last_n);
        while (head < last_n && one.n < NP_MAX) {
            one.np[one.n++] = last[head++];
        }
    }
    one.part[1] = one.n;
    *p = one;
}
