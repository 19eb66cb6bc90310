/* number: numerals as people write them: 13.5, 4,800, 一百二十, 两, 半, 百, 10余. Knows no units.
 */
#ifndef TAIHU_TEXT_NUMBER_H
#define TAIHU_TEXT_NUMBER_H

#include <stdbool.h>

#include "base/decimal.h"
#include "text/source.h"

struct number {
    uint32_t to; /* behind the last place of the numeral, 余 or 多 included */
    struct decimal value;
    bool spelled; /* in Chinese numerals */
    bool more;    /* 余, 多: somewhat more than the value */
};

/* Reads the numeral that begins at `at` and ends before `end`. Digits: with commas of thousands and
 * one point. Chinese: up to 9999 in positions (三千二百), or digits in a row (二〇二一); 万 and 亿
 * are the unit's business and end the numeral. False when none begins here, or it has over 15
 * digits. */
bool number_parse(const struct source *s, uint32_t at, uint32_t end, struct number *out);

#endif
