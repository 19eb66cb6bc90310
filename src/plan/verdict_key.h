/* verdict_key: the indicator that a figure belongs to, so that figures of many years' documents
 * fall on one line: 地区生产总值增长7%, GDP同比增长6.5%以上.
 *
 * Two figures are of one indicator where the verdict room finds that they speak of the same thing:
 * the noun phrase in normal words, whatever the order of its characters. And they must be measured
 * alike: growth, reduction, a share, or an amount in one unit; what was added (新增), rebuilt
 * (改造) or begun (开工) in the year is not what there is in all. The key is text, made of these
 * alone: it stays the same in every run, as long as the words of verdict_terms do.
 *
 *   地区生产总值/growth    地区生产总值（增长）
 *   就业城镇/added:人      城镇就业（新增，人）      the key's characters are in an order of their
 * own
 *
 * No indicator have: figures without a number; ranks, points, multiples; what is measured from
 * something else (高于全国, 年均, 上半年, 其中, 每个); results of several years; what names no
 * thing of its own. */
#ifndef TAIHU_PLAN_VERDICT_KEY_H
#define TAIHU_PLAN_VERDICT_KEY_H

#include "plan/reading.h"

struct verdict_key {
    const struct figure *figure;
    const char *key;  /* UTF-8 */
    const char *name; /* for people, UTF-8 Chinese: "地区生产总值（增长）" */
};

/* The indicators of reading.targets or reading.outcomes, in their order, into out[0..*count). A
 * figure that speaks of each thing of a list (…均增长10%) has one for each. `out` and all it points
 * to but the figures live in `a`. */
void verdict_keys(const struct reading *r, const struct figure *figures, size_t figure_count,
                  struct arena *a, struct verdict_key **out, size_t *count);

/* The words of a search as keys' names have them: 地区生产总值 for "GDP", simplified and half
 * width.
 * "" where nothing is left of them (增长). In `a`. */
const char *verdict_key_words(const char *words, struct arena *a);

#endif
