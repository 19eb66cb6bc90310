/* sentence: see sentence.h. */
#include "text/sentence.h"

static char16_t closing_of(char16_t c) {
    switch (c) {
    case u'“':
        return u'”';
    case u'‘':
        return u'’';
    case u'（':
        return u'）';
    case u'《':
        return u'》';
    case u'【':
        return u'】';
    default:
        return 0;
    }
}

uint32_t quote_end(const struct source *s, uint32_t at, uint32_t end) {
    char16_t close = closing_of(s->ch[at]);
    if (close == 0) {
        return at;
    }
    uint32_t depth = 0;
    for (uint32_t i = at; i < end && i - at <= QUOTE_MAX && s->ch[i] != u'\n'; i++) {
        if (s->ch[i] == s->ch[at]) {
            depth++;
        } else if (s->ch[i] == close && --depth == 0) {
            return i;
        }
    }
    return at;
}

bool sentence_ends(char16_t c) {
    return c == u'。' || c == u'；' || c == u'！' || c == u'？' || c == u'\n';
}

static bool ends_clause(char16_t c) {
    return c == u'，' || c == u'：' || sentence_ends(c);
}

static bool next(const struct source *s, struct run within, uint32_t *at, bool (*ends)(char16_t),
                 struct run *out) {
    while (*at < within.to) {
        uint32_t i = *at;
        while (i < within.to && !ends(s->ch[i])) {
            i = quote_end(s, i, within.to) + 1;
        }
        struct run r = source_trim(s, (struct run){*at, i < within.to ? i : within.to});
        *at = i + 1 < within.to ? i + 1 : within.to;
        if (r.from < r.to) {
            *out = r;
            return true;
        }
    }
    *at = within.to;
    return false;
}

bool sentence_next(const struct source *s, struct run within, uint32_t *at, struct run *out) {
    return next(s, within, at, sentence_ends, out);
}

bool clause_next(const struct source *s, struct run within, uint32_t *at, struct run *out) {
    return next(s, within, at, ends_clause, out);
}
