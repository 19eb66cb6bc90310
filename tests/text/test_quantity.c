/* test_quantity: amounts as official prose writes them, one row each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/folded.h"
#include "text/quantity.h"

static const char *const classes[] = {
    [UNIT_NONE] = "none",   [UNIT_THING] = "thing",   [UNIT_PEOPLE] = "people",
    [UNIT_MONEY] = "money", [UNIT_EXTENT] = "extent", [UNIT_PERCENT] = "percent",
    [UNIT_POINT] = "point", [UNIT_TIMES] = "times",   [UNIT_TIME] = "time",
    [UNIT_GROUP] = "group", [UNIT_RANK] = "rank",     [UNIT_DENSITY] = "density",
};

static const char *const forms[] = {
    [QUANTITY_PLAIN] = "plain", [QUANTITY_FRACTION] = "fraction", [QUANTITY_HALF] = "half",
    [QUANTITY_WHOLE] = "whole", [QUANTITY_DOUBLE] = "double",
};

/* All quantities of `text`: value[-max]|unit|class|scale[|form][|spelled][|more], joined by " ". */
static void describe(const struct lexicon *units, const char *text, struct buf *out) {
    struct arena a = ARENA_INIT;
    struct source s = fold(text, &a);
    struct quantity q;
    uint32_t at = 0;
    buf_clear(out);
    buf_adds(out, "");
    while (quantity_next(&s, units, whole(&s), &at, &q)) {
        char value[DECIMAL_TEXT_MAX];
        char max[DECIMAL_TEXT_MAX];
        assert_true(q.all.from < q.all.to && q.all.to == at && at <= s.n);
        assert_true(q.unit.from == q.unit.to || q.unit.to == q.all.to);
        buf_addf(out, "%s%s%s%s|%s|%s|%d", out->len == 0 ? "" : " ", decimal_text(q.value, value),
                 q.has_max ? "-" : "", q.has_max ? decimal_text(q.max, max) : "",
                 source_text(&s, q.unit, &a), classes[q.cls], q.scale);
        if (q.form != QUANTITY_PLAIN) {
            buf_addf(out, "|%s", forms[q.form]);
        }
        buf_addf(out, "%s%s", q.spelled ? "|spelled" : "", q.more ? "|more" : "");
    }
    arena_fini(&a);
}

struct sample {
    const char *text;
    const char *quantities;
};

static void check(const struct sample *samples, size_t n) {
    struct buf got = BUF_INIT;
    struct lexicon *units = lexicon_new(unit_table, unit_count);
    for (size_t i = 0; i < n; i++) {
        describe(units, samples[i].text, &got);
        if (strcmp(got.data, samples[i].quantities) != 0) {
            fail_msg("%s: expected \"%s\", got \"%s\"", samples[i].text, samples[i].quantities,
                     got.data);
        }
    }
    lexicon_free(units);
    buf_fini(&got);
}

#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

static void digits_with_units(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新增就业13.5万人", "13.5|万人|people|4"},
        {"使用外资38亿美元", "38|亿美元|money|8"},
        {"完成投资308.7亿元", "308.7|亿元|money|8"},
        {"生产总值1.5万亿元", "1.5|万亿元|money|12"},
        {"新增5家", "5|家|thing|0"},
        {"4,800家", "4800|家|thing|0"},
        {"180 个", "180|个|thing|0"},
        {"３００個", "300|個|thing|0"},
        {"3千人", "3|千人|people|3"},
        {"10千瓦", "10|千瓦|extent|0"}, /* 千 is the unit's, not a scale */
        {"100万千瓦", "100|万千瓦|extent|4"},
        {"改造20万平方米", "20|万平方米|extent|4"},
        {"高标准农田15万亩", "15|万亩|extent|4"},
        {"浓度33微克/立方米", "33|微克/立方米|density|0"},
        {"第40强", "40|强|rank|0"},
        {"占比30", "30||none|0"},
        {"2021年", "2021|年|time|0"},
        {"接待100万人次", "100|万人次|people|4"},
        {"1200万头（只）", "1200|万头（只）|thing|4"},
        {"3000套（户）", "3000|套（户）|thing|0"},
        {"5家（含2家）", "5|家|thing|0 2|家|thing|0"},
    };
    CHECK(samples);
}

static void shares_points_and_times(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"增长7%", "7|%|percent|0"},
        {"增長７％", "7|％|percent|0"},
        {"提高0.5个百分点", "0.5|个百分点|point|0"},
        {"出生率5‰", "5|‰|percent|0"},
        {"1.6倍", "1.6|倍|times|0"},
    };
    CHECK(samples);
}

static void ranges(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"6%—7%", "6-7|%|percent|0"},
        {"6%-7%", "6-7|%|percent|0"},
        {"6—7个", "6-7|个|thing|0"},
        {"6——7个", "6-7|个|thing|0"},
        {"6%～7%", "6-7|%|percent|0"},
        {"6.5%至7%", "6.5-7|%|percent|0"},
        {"100到120家", "100-120|家|thing|0"},
        {"3至5个百分点", "3-5|个百分点|point|0"},
        {"10万—12万人", "10|万|none|4 12|万人|people|4"}, /* two units: two amounts */
        {"7%—6%", "7|%|percent|0 6|%|percent|0"},         /* no range falls */
        {"2021—2025年", "2021-2025|年|time|0"},
    };
    CHECK(samples);
}

static void numerals_in_words(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"开工两条新线", "2|条|thing|0|spelled"},    {"十二项", "12|项|thing|0|spelled"},
        {"一百二十家", "120|家|thing|0|spelled"},    {"突破百亿元", "100|亿元|money|8|spelled"},
        {"百亿级", "100|亿级|group|8|spelled"},      {"三万亩", "3|万亩|extent|4|spelled"},
        {"三成", "3|成|percent|0|spelled"},          {"三大任务", "3|大|group|0|spelled"},
        {"突破万亿元", "1|万亿元|money|12|spelled"}, {"突破亿元", "1|亿元|money|8|spelled"},
        {"半年", "0.5|年|time|0|spelled"},
    };
    CHECK(samples);
}

static void fixed_forms(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"实现全覆盖", "100||percent|0|whole|spelled"},
        {"社区过半", "50||percent|0|half|spelled"},
        {"过半数", "50||percent|0|half|spelled"},
        {"半数以上", "50||percent|0|half|spelled"},
        {"翻番", "1||times|0|double|spelled"},
        {"翻一番", "1||times|0|double|spelled"},
        {"翻两番", "2||times|0|double|spelled"},
        {"四分之一", "25||percent|0|fraction|spelled"},
        {"三分之一", "33.3333||percent|0|fraction|spelled"},
        {"三分之二以上", "66.6667||percent|0|fraction|spelled"},
    };
    CHECK(samples);
}

static void more_than_the_value(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"10余家", "10|家|thing|0|more"},          {"300多个", "300|个|thing|0|more"},
        {"10余万人", "10|万人|people|4|more"},     {"10万余人", "10|万余人|people|4|more"},
        {"百余家", "100|家|thing|0|spelled|more"},
    };
    CHECK(samples);
}

/* Words behind an amount that bound it are not its unit. */
static void bounds_stand_behind(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"4000个以上", "4000|个|thing|0"},
        {"3%以内", "3|%|percent|0"},
        {"7%左右", "7|%|percent|0"},
    };
    CHECK(samples);
}

static void several_in_a_row(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"高层次人才1万人、大学生10万人", "1|万人|people|4 10|万人|people|4"},
        {"10件45项实事", "10|件|thing|0 45|项|thing|0"},
        {"9条115公里河流", "9|条|thing|0 115|公里|extent|0"},
        {"超10亿元项目50个", "10|亿元|money|8 50|个|thing|0"},
    };
    CHECK(samples);
}

static void nothing_countable(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"", ""},
        {"推动高质量发展", ""},
        {"全面推进", ""},
        {"超过预期", ""},
    };
    CHECK(samples);
}

/* The scan keeps to the run and goes on where it was. */
static void the_run_bounds_the_scan(void **state) {
    (void)state;
    struct lexicon *units = lexicon_new(unit_table, unit_count);
    struct arena a = ARENA_INIT;
    struct source s = fold("新增10万人、5家", &a);
    struct quantity q;
    uint32_t at = 0;
    assert_true(quantity_next(&s, units, (struct run){0, 5}, &at, &q));
    assert_int_equal(q.cls, UNIT_NONE);
    assert_int_equal(q.all.to, 5);
    assert_false(quantity_next(&s, units, (struct run){0, 5}, &at, &q));
    assert_int_equal(at, 5);
    assert_true(quantity_next(&s, units, whole(&s), &at, &q));
    assert_int_equal(q.value.coef, 5);
    arena_fini(&a);
    lexicon_free(units);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_with_units),
        cmocka_unit_test(shares_points_and_times),
        cmocka_unit_test(ranges),
        cmocka_unit_test(numerals_in_words),
        cmocka_unit_test(fixed_forms),
        cmocka_unit_test(more_than_the_value),
        cmocka_unit_test(bounds_stand_behind),
        cmocka_unit_test(several_in_a_row),
        cmocka_unit_test(nothing_countable),
        cmocka_unit_test(the_run_bounds_the_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
