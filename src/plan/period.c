/* period: see period.h. The first of the two kinds of words wins: 2021年是本届政府的收官之年 is of
 * the year. */
#include "plan/period.h"

enum { OPENING_MAX = 30 };

static const char16_t *const term_words[] = {u"五年",    u"四年来",   u"五”时期", u"五”期间",
                                             u"五”以来", u"本届政府", NULL};
static const char16_t *const year_words[] = {u"过去一年", u"一年来", u"去年",
                                             u"这一年",   u"年以来", NULL};

static uint32_t first_of(const struct source *s, struct run r, const char16_t *const *words) {
    uint32_t first = UINT32_MAX;
    for (; *words != NULL; words++) {
        uint32_t at = source_find(s, r, *words);
        first = at < first ? at : first;
    }
    return first;
}

enum period period_of_opening(const struct source *s, struct run paragraph, int plan_year) {
    struct run opening = paragraph;
    if (opening.to - opening.from > OPENING_MAX) {
        opening.to = opening.from + OPENING_MAX;
    }
    char16_t year[] = u"0000年";
    const char16_t *const own[] = {year, NULL};
    for (int i = 3, y = plan_year - 1; i >= 0 && y > 0; i--, y /= 10) {
        year[i] = (char16_t)(u'0' + y % 10);
    }
    uint32_t term = first_of(s, opening, term_words);
    uint32_t one = first_of(s, opening, year_words);
    uint32_t named = first_of(s, opening, own);
    one = named < one ? named : one;
    return term < one ? PERIOD_TERM : one < term ? PERIOD_YEAR : PERIOD_UNSAID;
}
