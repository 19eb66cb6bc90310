/* indicator: see indicator.h. */
#include "plan/indicator.h"

#include "text/sentence.h"

static const struct lexeme *suffix(const struct lexicon *l, const struct source *s, struct run r) {
    return lexicon_suffix(l, s->ch + r.from, r.to - r.from);
}

static const struct lexeme *prefix(const struct lexicon *l, const struct source *s, struct run r) {
    return lexicon_prefix(l, s->ch + r.from, r.to - r.from);
}

/* Words that end like a bound and are none: 价格涨幅 is the measure itself, 新增 a verb. */
static bool keeps_tail(const struct source *s, struct run r) {
    static const char16_t *const keep[] = {u"居民消费价格涨幅", u"新增", u"净增", NULL};
    return source_ends_any(s, r, keep);
}

/* Cuts bounds from the end: 分别 / 达到 / 增长 ... */
static void cut_tails(const struct source *s, const struct words *w, struct run *r,
                      uint16_t *tails) {
    const struct lexeme *t;
    while ((t = suffix(w->tails, s, *r)) != NULL && !keeps_tail(s, *r)) {
        *tails |= (uint16_t)(1u << t->tag);
        r->to -= t->len;
    }
}

/* Whether the verb at the front is part of a noun: 建设用地, 服务业. */
static bool nominal(const struct source *s, const struct words *w, const struct lexeme *v,
                    struct run rest) {
    if (rest.from >= rest.to) {
        return true;
    }
    const struct lexeme *n = prefix(w->nominals, s, rest);
    if (n == NULL) {
        return false;
    }
    return (v->tag & VERB_NOMINAL) != 0 || s->ch[rest.from] == u'率' || s->ch[rest.from] == u'额' ||
           s->ch[rest.from] == u'的' || s->ch[rest.from] == u'量';
}

/* Words that are no thing without the verb before them: 完成改造项目, 完成植树造林. */
static bool is_stub(const struct source *s, struct run r) {
    static const char16_t *const stubs[] = {u"项目", u"工程", u"任务", u"造林", u"面积", NULL};
    return r.to - r.from == 2 && source_ends_any(s, r, stubs);
}

/* Cuts adverbs, subjects and verbs from the front; the last verb cut governs. */
static void cut_front(const struct source *s, const struct words *w, struct run *r,
                      const struct lexeme **verb) {
    bool made = false; /* a strong verb was cut: weak ones behind it belong to the noun */
    while (prefix(w->heads, s, *r) == NULL) {
        if (r->from < r->to && s->ch[r->from] >= u'①' && s->ch[r->from] <= u'⑳') {
            r->from++;
            continue;
        }
        if (r->to - r->from > 5 && is_digit16(s->ch[r->from]) && s->ch[r->from + 4] == u'年') {
            r->from += 5; /* 2021年全市… */
            continue;
        }
        const struct lexeme *v = prefix(w->verbs, s, *r);
        const struct lexeme *l = prefix(w->leads, s, *r);
        if (v != NULL && (l == NULL || v->len >= l->len)) {
            struct run rest = {r->from + v->len, r->to};
            bool strong = (v->tag & VERB_STRONG) != 0;
            bool stub = is_stub(s, rest);
            if ((made && stub) || nominal(s, w, v, rest) ||
                (made && !strong && (v->tag & VERB_NOMINAL) == 0)) {
                return;
            }
            if (stub && v->len >= 4) {
                *verb = v; /* 完成改造项目: 改造 belongs to the thing */
                r->from += 2;
                return;
            }
            *verb = made && !strong ? *verb : v; /* 新开工建设: the first governs */
            made = made || strong;
            *r = rest;
        } else if (l != NULL) {
            char16_t first = s->ch[r->from];
            made = made && first != u'、' && first != u'和'; /* 新建、筹集租赁房 */
            r->from += l->len;
        } else {
            return;
        }
    }
}

/* 市区新建公共停车位: cuts a strong verb behind a subject. The last one that leaves a noun wins. */
static void cut_middle(const struct source *s, const struct words *w, struct run *r,
                       const struct lexeme **verb) {
    uint32_t i = r->from + 1;
    struct run best = *r;
    bool governed = *verb != NULL; /* then only a verb behind 、 or 并 cuts again */
    while (i + 2 < r->to) {
        uint32_t close = quote_end(s, i, r->to);
        if (close > i) {
            i = close + 1;
            continue;
        }
        const struct lexeme *v = prefix(w->verbs, s, (struct run){i, r->to});
        if (v == NULL) {
            i++;
            continue;
        }
        struct run rest = {i + v->len, r->to};
        char16_t prev = s->ch[i - 1];
        bool joined = prev == u'、' || prev == u'并';
        bool strong = v->len >= 2 && rest.to - rest.from >= 2 &&
                      ((v->tag & VERB_STRONG) != 0 || (joined && (v->tag & VERB_NOMINAL) == 0)) &&
                      (!governed || joined) && prev != u'占' && prev != u'的' && prev != u'与';
        bool investment = source_starts(s, rest, u"投资") || source_starts(s, rest, u"就业") ||
                          source_starts(s, rest, u"固定资产投资");
        char16_t next = rest.from < rest.to ? s->ch[rest.from] : 0;
        bool modifier = next == u'的' || next == u'、' || next == u'和' || next == u'率' ||
                        next == u'等' || next == u'”' || prefix(w->nominals, s, rest) != NULL;
        if (strong && !investment && !modifier &&
            prefix(w->heads, s, (struct run){i, r->to}) == NULL) {
            best = rest;
            *verb = v;
        }
        i += v->len;
    }
    *r = best;
}

/* 综合交通、水利工程等基础设施项目: the examples before 等 are not the thing. */
static void cut_listed(const struct source *s, struct run *r) {
    for (uint32_t i = r->from; i + 2 < r->to; i++) {
        uint32_t close = quote_end(s, i, r->to);
        if (close > i) {
            i = close;
        } else if (s->ch[i] == u'等' && s->ch[i + 1] != u'级' && s->ch[i + 1] != u'次' &&
                   s->ch[i + 1] != u'候' && (i == r->from || s->ch[i - 1] != u'高')) {
            r->from = i + 1;
        }
    }
}

/* Verbs that end the words before a number and are not part of the thing: …投资完成500亿元. */
static bool cut_last_verb(const struct source *s, const struct words *w, struct run *r,
                          const struct lexeme **verb) {
    const struct lexeme *v = suffix(w->verbs, s, *r);
    if (v == NULL) {
        return false;
    }
    bool whole = v->len == r->to - r->from;
    if ((v->tag & VERB_NOMINAL) != 0 && !whole) {
        return false;
    }
    *verb = v;
    r->to -= v->len;
    return true;
}

/* A verb that may end a noun (老旧小区改造): cut only where nothing else would govern the number.
 */
static bool is_deverbal(const struct lexeme *v) {
    static const char16_t last[] = u"造建修育训";
    for (const char16_t *c = last; *c != 0; c++) {
        if (v->text[v->len - 1] == *c && v->len == 2) {
            return true;
        }
    }
    return false;
}

void lead_read(const struct source *s, const struct words *w, struct run run, bool goes_on,
               struct lead *out) {
    *out = (struct lead){.noun = source_trim(s, run)};
    struct run *r = &out->noun;
    cut_tails(s, w, r, &out->tails);
    if (source_ends(s, *r, u"等")) {
        out->listed = true;
        cut_front(s, w, r, &out->verb);
        return;
    }
    struct run whole = *r;
    const struct lexeme *first = NULL;
    struct run front = *r;
    cut_front(s, w, &front, &first);
    const struct lexeme *last = NULL;
    if (cut_last_verb(s, w, r, &last)) {
        bool keep = first != NULL && is_deverbal(last) && front.to > front.from + last->len &&
                    (out->tails & ~(1u << TAIL_EMPTY)) == 0;
        if (keep) {
            *r = whole;
            last = NULL;
        } else {
            cut_tails(s, w, r, &out->tails);
        }
    }
    out->verb_at_end = last != NULL;
    const struct lexeme *rest = prefix(w->verbs, s, *r);
    if (last != NULL && rest != NULL && rest->len == r->to - r->from) {
        r->from = r->to; /* 实施改造: verbs and nothing else */
    }
    const struct lexeme *head = NULL;
    cut_front(s, w, r, &head);
    if (r->to > r->from) {
        uint32_t front_from = r->from;
        if (!goes_on) {
            cut_middle(s, w, r, &head);
        }
        cut_listed(s, r);
        if (r->from > front_from) {
            cut_front(s, w, r, &head);
        }
    }
    bool neutral = last != NULL &&
                   (last->len == 2 &&
                    (last->text[0] == u'实' || last->text[0] == u'确' || last->text[0] == u'力'));
    out->verb = last != NULL && (!neutral || head == NULL) ? last : head;
}

bool noun_ends_at(const struct source *s, const struct words *w, uint32_t at, uint32_t end) {
    return prefix(w->enders, s, (struct run){at, end}) != NULL;
}

/* Whether the words are a thing in themselves, so that what follows a 、 is another:
 * 5所卫生服务中心、 社区医院. */
static bool ends_thing(const struct source *s, struct run r) {
    static const char16_t *const things[] = {u"院", u"校",   u"园",   u"中心", u"站",   u"区",
                                             u"厂", u"馆",   u"企业", u"项目", u"平台", u"基地",
                                             u"村", u"公园", u"农田", NULL};
    for (const char16_t *const *w = things; *w != NULL; w++) {
        if (r.to - r.from >= 4 && source_ends(s, r, *w)) {
            return true;
        }
    }
    return false;
}

struct run noun_behind(const struct source *s, const struct words *w, uint32_t from, uint32_t to) {
    struct run r = {from, to};
    if (from < to && s->ch[from] == u'的') {
        r.from++;
    }
    for (uint32_t i = r.from + 1; i < r.to; i++) {
        uint32_t close = quote_end(s, i, r.to);
        if (close > i && (s->ch[i] != u'（' || close - i <= 6)) {
            i = close;
            continue;
        }
        bool fresh = s->ch[i - 1] == u'新'; /* 240个新开工项目 */
        if ((!fresh && noun_ends_at(s, w, i, r.to)) ||
            (s->ch[i] == u'、' && ends_thing(s, (struct run){r.from, i}))) {
            r.to = i;
            break;
        }
    }
    while (r.to > r.from + 2) {
        const struct lexeme *v = suffix(w->verbs, s, r);
        char16_t c = s->ch[r.to - 1];
        if (c == u'、' || c == u'和' || c == u'及' || c == u'与' || c == u'的') {
            r.to--;
        } else if (v != NULL && v->len >= 2 && r.to - r.from >= v->len + 2u &&
                   ((v->tag & VERB_NOMINAL) != 0 || is_deverbal(v))) {
            r.to -= v->len;
            break;
        } else {
            break;
        }
    }
    return source_trim(s, r);
}

int noun_items(const struct source *s, struct run noun, struct run *items, int max) {
    int n = 0;
    uint32_t from = noun.from;
    for (uint32_t i = noun.from; i <= noun.to && n < max; i++) {
        if (i < noun.to) {
            uint32_t close = quote_end(s, i, noun.to);
            if (close > i) {
                i = close;
                continue;
            }
        }
        char16_t c = i < noun.to ? s->ch[i] : u'、';
        bool joint = c == u'、' || ((c == u'和' || c == u'与' || c == u'及') && i > from);
        if (joint && i > from) {
            items[n++] = (struct run){from, i};
            from = i + 1;
        }
    }
    return n;
}
