/* quantity: numbers with their units, found in a run of text. Knows no plans: which of them is a
 * promise is for plan/ to say.
 *
 *   13.5万人   value 13.5  unit 万人   scale 4, class people
 *   6%—7%      value 6 max 7 unit %
 *   百亿元     value 100   unit 亿元   spelled
 *   三分之一   value 33.33 unit %      spelled
 *   过半       value 50    unit %      spelled, behind it nothing
 *   全覆盖     value 100   unit %      spelled
 *   翻一番     value 1     unit 番     spelled
 */
#ifndef TAIHU_TEXT_QUANTITY_H
#define TAIHU_TEXT_QUANTITY_H

#include "base/decimal.h"
#include "text/lexicon.h"
#include "text/source.h"
#include "text/unit.h"

enum quantity_form {
    QUANTITY_PLAIN,
    QUANTITY_FRACTION, /* 三分之一 */
    QUANTITY_HALF,     /* 过半, 半数 */
    QUANTITY_WHOLE,    /* 全覆盖 */
    QUANTITY_DOUBLE,   /* 翻番, 翻一番 */
};

struct quantity {
    struct run all;  /* numeral and unit */
    struct run unit; /* scale and unit as written; empty where none, or where the form implies it */
    enum quantity_form form;
    enum unit_class cls;
    int scale; /* 10^scale from 百 千 万 亿 in the unit */
    struct decimal value;
    struct decimal max;
    bool has_max;
    bool spelled;
    bool more; /* 余, 多 */
};

/* The next quantity at or behind `*at` in the run; moves *at behind it. False at the end. A numeral
 * without a unit is returned too, with cls UNIT_NONE. */
bool quantity_next(const struct source *s, const struct lexicon *units, struct run within,
                   uint32_t *at, struct quantity *out);

#endif
