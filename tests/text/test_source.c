/* test_source: what the grammar sees of a text, and the byte that each place of it stands at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/folded.h"
#include "text/source.h"

struct sample {
    const char *text;
    const char *view;
};

static void check(const struct sample *samples, size_t n) {
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < n; i++) {
        struct source s = fold(samples[i].text, &a);
        const char *view = folded_text(&s, whole(&s), &a);
        if (strcmp(view, samples[i].view) != 0) {
            fail_msg("\"%s\": expected \"%s\", got \"%s\"", samples[i].text, samples[i].view, view);
        }
    }
    arena_fini(&a);
}

#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

static void traditional_reads_as_simplified(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"地區生產總值增長7%", "地区生产总值增长7%"},
        {"無錫市發展和改革委員會", "无锡市发展和改革委员会"},
        {"搶占賽道，優化佈局", "抢占赛道，优化布局"},
        {"地区生产总值增长7%", "地区生产总值增长7%"},
    };
    CHECK(samples);
}

static void full_width_reads_as_half_width(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"增長７％", "增长7%"},
        {"１３．５万人", "13.5万人"},
        {"５Ｇ基站ＡＢｃ", "5G基站ABc"},
        {"10～20家", "10~20家"},
    };
    CHECK(samples);
}

static void marks_read_as_chinese_marks(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"建成,完成;开工:试点!吗?", "建成，完成；开工：试点！吗？"},
        {"(责任单位:市教育局)", "（责任单位：市教育局）"},
        {"「雙招雙引」", "“双招双引”"},
        {"｡､", "。、"},
        {"“引号”", "“引号”"},
    };
    CHECK(samples);
}

static void commas_in_numbers_stay(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"1,200家", "1,200家"},
        {"1，200家", "1,200家"},
        {"12,345,678元", "12,345,678元"},
        {"2020,2021年", "2020，2021年"},
        {"5,6家", "5，6家"},
        {"1,2000家", "1，2000家"},
        {"比例3:1", "比例3:1"},
        {"目标:3家", "目标：3家"},
    };
    CHECK(samples);
}

static void straight_quotes_turn(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"\"一带\"和\"一路\"", "“一带”和“一路”"},
        {"\"未完\n\"新行\"", "“未完\n“新行”"}, /* each line begins anew */
    };
    CHECK(samples);
}

static void stray_blanks_are_not_in_the_view(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新增180 个", "新增180个"},
        {"文化创 意园区", "文化创意园区"},
        {"文化创　意园区", "文化创意园区"},
        {"2012 年工作", "2012年工作"},
        {"增长 7%", "增长7%"},
        {"一 工作回顾", "一 工作回顾"},  /* behind a heading's counter */
        {"建设 5G 基站", "建设5G 基站"}, /* by letters they stay, behind digits not */
        {"甲 | 乙", "甲 | 乙"},
        {"第一行 \n 第二行", "第一行 \n 第二行"},
    };
    CHECK(samples);
}

/* at[i] is the byte of place i, at[n] the end; blanks that were dropped belong to no place. */
static void places_count_bytes(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t n;
        uint32_t at[12];
    } samples[] = {
        {"增長７％，", 5, {0, 3, 6, 9, 12, 15}},
        {"", 0, {0}},
        {"a\xC2\xA0"
         "b",
         3,
         {0, 1, 3, 4}},                             /* a two-byte blank */
        {"新\xF0\xA0\x80\x8B区", 3, {0, 3, 7, 10}}, /* U+2000B: four bytes, one place */
        {"\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 2, {0, 4, 8}},
        {"快增 长7", 4, {0, 3, 7, 10, 11}}, /* the blank before 长 is skipped */
        {"快增　长7", 4, {0, 3, 9, 12, 13}},
    };
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct source s = fold(samples[i].text, &a);
        assert_int_equal(s.n, samples[i].n);
        assert_int_equal(s.ch[s.n], 0);
        for (uint32_t k = 0; k <= s.n; k++) {
            if (s.at[k] != samples[i].at[k]) {
                fail_msg("\"%s\": place %u is byte %u, expected %u", samples[i].text, k, s.at[k],
                         samples[i].at[k]);
            }
        }
    }
    arena_fini(&a);
}

static void beyond_the_basic_plane_is_one_place(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct source s = fold("\xF0\xA0\x80\x8B\xF0\x9F\x98\x80", &a);
    assert_int_equal(s.n, 2);
    assert_int_equal(s.ch[0], SOURCE_OTHER);
    assert_int_equal(s.ch[1], SOURCE_OTHER);
    arena_fini(&a);
}

static void text_of_a_run_is_the_source_s_own(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct source s = fold("實現 增長７％　以上。", &a);
    assert_string_equal(folded_text(&s, whole(&s), &a), "实现增长7%以上。");
    assert_string_equal(source_text(&s, (struct run){2, 6}, &a), "增長７％");
    assert_string_equal(source_text(&s, (struct run){0, 4}, &a), "實現 增長");
    assert_int_equal(source_end(&s, (struct run){2, 6}), 7 + 12); /* the blank behind left out */
    assert_int_equal(source_end(&s, (struct run){3, 3}), s.at[3]);
    arena_fini(&a);
}

static void words_are_found(void **state) {
    (void)state;
    static const char16_t *const growth[] = {u"下降", u"增长", NULL};
    static const char16_t *const none[] = {u"下降", NULL};
    struct arena a = ARENA_INIT;
    struct source s = fold("投資增長，投資增長", &a);
    struct run all = whole(&s);
    assert_true(source_starts(&s, all, u"投资"));
    assert_false(source_starts(&s, all, u"增长"));
    assert_true(source_ends(&s, all, u"增长"));
    assert_false(source_ends(&s, (struct run){0, 1}, u"投资"));
    assert_false(source_starts(&s, (struct run){0, 1}, u"投资"));
    assert_int_equal(source_find(&s, all, u"增长"), 2);
    assert_int_equal(source_find(&s, (struct run){3, s.n}, u"增长"), 7);
    assert_int_equal(source_find(&s, (struct run){0, 3}, u"增长"), UINT32_MAX);
    assert_true(source_has_any(&s, all, growth));
    assert_false(source_has_any(&s, all, none));
    assert_int_equal(word_len(u"投资"), 2);
    arena_fini(&a);
}

static void trimming_cuts_blanks_and_stars(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct source s = fold("\n **一、回顾** \n", &a);
    assert_string_equal(folded_text(&s, source_trim(&s, whole(&s)), &a), "一、回顾");
    struct source blank = fold(" * \n ", &a);
    struct run r = source_trim(&blank, whole(&blank));
    assert_int_equal(r.from, r.to);
    arena_fini(&a);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(traditional_reads_as_simplified),
        cmocka_unit_test(full_width_reads_as_half_width),
        cmocka_unit_test(marks_read_as_chinese_marks),
        cmocka_unit_test(commas_in_numbers_stay),
        cmocka_unit_test(straight_quotes_turn),
        cmocka_unit_test(stray_blanks_are_not_in_the_view),
        cmocka_unit_test(places_count_bytes),
        cmocka_unit_test(beyond_the_basic_plane_is_one_place),
        cmocka_unit_test(text_of_a_run_is_the_source_s_own),
        cmocka_unit_test(words_are_found),
        cmocka_unit_test(trimming_cuts_blanks_and_stars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
