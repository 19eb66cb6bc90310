/* quantity: see quantity.h. */
#include "text/quantity.h"

#include "text/number.h"

/* 万 亿 and what stands with them before the unit; 百 and 千 only behind digits (3千人). */
static int scale_at(const struct source *s, uint32_t *at, uint32_t end, bool digits) {
    int scale = 0;
    while (*at < end) {
        char16_t c = s->ch[*at];
        if (c == u'万') {
            scale += 4;
        } else if (c == u'亿') {
            scale += 8;
        } else if (digits && scale == 0 && c == u'百') {
            scale += 2;
        } else if (digits && scale == 0 && c == u'千' &&
                   !(*at + 1 < end && (s->ch[*at + 1] == u'瓦' || s->ch[*at + 1] == u'米' ||
                                       s->ch[*at + 1] == u'克' || s->ch[*at + 1] == u'伏'))) {
            scale += 3;
        } else {
            break;
        }
        (*at)++;
    }
    return scale;
}

/* 头（只）, 套（户）: a second unit in brackets belongs to the first. */
static uint32_t bracket_unit(const struct source *s, const struct lexicon *units, uint32_t at,
                             uint32_t end) {
    if (at + 2 >= end || s->ch[at] != u'（') {
        return at;
    }
    const struct lexeme *w = lexicon_prefix(units, s->ch + at + 1, end - at - 1);
    uint32_t close = w == NULL ? end : at + 1 + w->len;
    return close < end && s->ch[close] == u'）' ? close + 1 : at;
}

/* Reads scale and unit behind a numeral that ends at `at`. */
static void read_unit(const struct source *s, const struct lexicon *units, uint32_t at,
                      uint32_t end, struct quantity *q) {
    uint32_t from = at;
    q->scale = scale_at(s, &at, end, !q->spelled);
    if (q->scale > 0 && at < end && (s->ch[at] == u'余' || s->ch[at] == u'多')) {
        q->more = true; /* 10万余人: the unit is written apart; keep it whole */
        at++;
    }
    const struct lexeme *w = lexicon_prefix(units, s->ch + at, end - at);
    if (w != NULL) {
        at += w->len;
        q->cls = (enum unit_class)w->tag;
        at = bracket_unit(s, units, at, end);
    } else {
        q->cls = UNIT_NONE;
    }
    q->unit = (struct run){from, at};
    q->all.to = at;
}

static bool is_range_mark(char16_t c) {
    return c == u'—' || c == u'-' || c == u'~' || c == u'至' || c == u'到';
}

static bool same_unit(const struct source *s, struct run a, struct run b) {
    if (a.to - a.from != b.to - b.from) {
        return false;
    }
    for (uint32_t i = 0; i < a.to - a.from; i++) {
        if (s->ch[a.from + i] != s->ch[b.from + i]) {
            return false;
        }
    }
    return true;
}

/* 6%—7%, 6—7个: a second numeral joined by a mark, units equal or the first one absent. */
static void read_range(const struct source *s, const struct lexicon *units, uint32_t end,
                       struct quantity *q) {
    uint32_t at = q->all.to;
    if (q->spelled || at + 1 >= end || !is_range_mark(s->ch[at])) {
        return;
    }
    at += s->ch[at] == u'—' && s->ch[at + 1] == u'—' ? 2 : 1;
    struct number n;
    if (at >= end || !is_digit16(s->ch[at]) || !number_parse(s, at, end, &n)) {
        return;
    }
    struct quantity second = {.all = {at, n.to}, .value = n.value};
    read_unit(s, units, n.to, end, &second);
    bool bare = q->unit.from == q->unit.to;
    if ((!bare && !same_unit(s, q->unit, second.unit)) || decimal_cmp(q->value, n.value) >= 0) {
        return;
    }
    q->max = n.value;
    q->has_max = true;
    q->unit = second.unit;
    q->cls = second.cls;
    q->scale = second.scale;
    q->all.to = second.all.to;
}

/* 三分之一, 三分之二: the numeral was the denominator. */
static bool read_fraction(const struct source *s, uint32_t end, struct quantity *q) {
    struct run rest = {q->all.to, end};
    struct number top;
    if (!source_starts(s, rest, u"分之") || !number_parse(s, rest.from + 2, end, &top)) {
        return false;
    }
    struct decimal pct;
    if (!decimal_mul(top.value, decimal_of(100), &pct) || !decimal_div(pct, q->value, 4, &pct)) {
        return false;
    }
    q->value = pct;
    q->all.to = top.to;
    q->unit = (struct run){top.to, top.to};
    q->form = QUANTITY_FRACTION;
    q->cls = UNIT_PERCENT;
    return true;
}

struct fixed {
    const char16_t *word;
    enum quantity_form form;
    enum unit_class cls;
    int value;
};

/* Amounts that are said without a numeral. The longer stand first. */
static const struct fixed fixed_forms[] = {
    {u"全覆盖", QUANTITY_WHOLE, UNIT_PERCENT, 100}, /* full coverage */
    {u"过半数", QUANTITY_HALF, UNIT_PERCENT, 50},   /* more than half */
    {u"半数以上", QUANTITY_HALF, UNIT_PERCENT, 50},
    {u"超半数", QUANTITY_HALF, UNIT_PERCENT, 50},
    {u"过半", QUANTITY_HALF, UNIT_PERCENT, 50},
    {u"翻一番", QUANTITY_DOUBLE, UNIT_TIMES, 1}, /* doubles */
    {u"翻两番", QUANTITY_DOUBLE, UNIT_TIMES, 2}, /* quadruples */
    {u"翻番", QUANTITY_DOUBLE, UNIT_TIMES, 1},
};

static bool read_fixed(const struct source *s, uint32_t at, uint32_t end, struct quantity *q) {
    char16_t c = s->ch[at];
    if (c != u'全' && c != u'过' && c != u'半' && c != u'超' && c != u'翻') {
        return false;
    }
    for (size_t i = 0; i < sizeof fixed_forms / sizeof fixed_forms[0]; i++) {
        const struct fixed *f = &fixed_forms[i];
        if (source_starts(s, (struct run){at, end}, f->word)) {
            uint32_t to = at + word_len(f->word);
            *q = (struct quantity){.all = {at, to},
                                   .unit = {to, to},
                                   .form = f->form,
                                   .cls = f->cls,
                                   .value = decimal_of(f->value),
                                   .spelled = true};
            return true;
        }
    }
    return false;
}

/* 万亿, 亿元 with no numeral before: one of them, as in 突破万亿. */
static bool read_bare_scale(const struct source *s, const struct lexicon *units, uint32_t at,
                            uint32_t end, struct quantity *q) {
    struct run rest = {at, end};
    if (!source_starts(s, rest, u"万亿") && !source_starts(s, rest, u"亿元")) {
        return false;
    }
    *q = (struct quantity){.all = {at, at}, .value = decimal_of(1), .spelled = true};
    read_unit(s, units, at, end, q);
    return true;
}

static bool read_at(const struct source *s, const struct lexicon *units, uint32_t at, uint32_t end,
                    struct quantity *q) {
    if (read_fixed(s, at, end, q) || read_bare_scale(s, units, at, end, q)) {
        return true;
    }
    struct number n;
    if (!number_parse(s, at, end, &n)) {
        return false;
    }
    *q = (struct quantity){
        .all = {at, n.to}, .value = n.value, .spelled = n.spelled, .more = n.more};
    if (!read_fraction(s, end, q)) {
        read_unit(s, units, n.to, end, q);
        read_range(s, units, end, q);
    }
    return true;
}

/* Whether a quantity can begin with this character: a quick no for nearly all text. */
static bool may_begin(char16_t c) {
    switch (c) {
    case u'一':
    case u'二':
    case u'三':
    case u'四':
    case u'五':
    case u'六':
    case u'七':
    case u'八':
    case u'九':
    case u'十':
    case u'百':
    case u'千':
    case u'两':
    case u'零':
    case u'半':
    case u'万':
    case u'亿':
    case u'全':
    case u'过':
    case u'超':
    case u'翻':
        return true;
    default:
        return is_digit16(c);
    }
}

bool quantity_next(const struct source *s, const struct lexicon *units, struct run within,
                   uint32_t *at, struct quantity *out) {
    for (uint32_t i = *at; i < within.to; i++) {
        if (may_begin(s->ch[i]) && read_at(s, units, i, within.to, out)) {
            *at = out->all.to;
            return true;
        }
    }
    *at = within.to;
    return false;
}
