/* unit: the measure words that follow a number in Chinese official prose, and what they measure. */
#ifndef TAIHU_TEXT_UNIT_H
#define TAIHU_TEXT_UNIT_H

#include "text/lexicon.h"

enum unit_class {
    UNIT_NONE,
    UNIT_THING,   /* 个 家 座: a count of things, noun before or behind */
    UNIT_PEOPLE,  /* 人 户 名 人次 */
    UNIT_MONEY,   /* 元 美元 */
    UNIT_EXTENT,  /* 公里 平方米 亩 吨 立方米 千瓦: a measured amount */
    UNIT_PERCENT, /* % ‰ 成 */
    UNIT_POINT,   /* 个百分点 */
    UNIT_TIMES,   /* 倍 番 */
    UNIT_TIME,    /* 年 月 日 小时: dates and spans of time */
    UNIT_GROUP,   /* 大 类 方面 级 批: groups or grades, hardly ever counted as promises */
    UNIT_RANK,    /* 位 强 with 前 before the number */
    UNIT_DENSITY, /* 微克/立方米, 元/月 */
};

/* The units; a lexeme's tag is its enum unit_class. */
extern const struct lexeme unit_table[];
extern const size_t unit_count;

#endif
