/* test_reflow: printed pages as pdftotext -layout gives them -> paragraphs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/reflow.h"

static void expect(const char *pages, const char *want) {
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    buf_adds(&text, "");
    assert_int_equal(reflow_text(pages, strlen(pages), &text, &err), OK);
    assert_string_equal(text.data, want);
    buf_fini(&text);
}

static void broken_lines_are_joined(void **state) {
    (void)state;
    expect("  全市经济社会发展主要预期目标是：地区生产总值增长\n"
           "7%；规模以上工业增加值增长 8%；社会消费品零售总额\n"
           "增长 8%。\n"
           "  重点抓好以下九个方面工作。\n",
           "全市经济社会发展主要预期目标是：地区生产总值增长7%；规模以上工业增加值增长8%；"
           "社会消费品零售总额增长8%。\n"
           "重点抓好以下九个方面工作。");
}

static void an_indent_begins_a_paragraph_behind_a_full_line(void **state) {
    (void)state;
    expect("  （二）推动供需两端协同发力，促进经济平稳向好\n"
           "  持续扩大有效投资。重点抓好总投资的重大项目建设\n"
           "和产业升级，做强太湖湾科创带主引擎落实建设规划要点\n"
           "和创新。\n",
           "（二）推动供需两端协同发力，促进经济平稳向好\n"
           "持续扩大有效投资。重点抓好总投资的重大项目建设和产业升级，做强太湖湾科创带主引擎落实"
           "建设规划要点和创新。");
}

static void a_block_indented_as_a_whole_is_joined(void **state) {
    (void)state;
    struct buf page = BUF_INIT, want = BUF_INIT;
    for (int i = 0; i < 50; i++) {
        buf_adds(&page, "做强太湖湾科创带主引擎落实建设规划和年度工作要点，\n"
                        "和产业升级。\n");
        buf_adds(&want, "做强太湖湾科创带主引擎落实建设规划和年度工作要点，和产业升级。\n");
    }
    buf_adds(&page, "    持续扩大有效投资重点抓好总投资的重大项目建设\n"
                    "    和产业升级。\n");
    buf_adds(&want, "持续扩大有效投资重点抓好总投资的重大项目建设和产业升级。");
    expect(page.data, want.data);
    buf_fini(&page);
    buf_fini(&want);
}

static void words_are_joined_with_a_blank(void **state) {
    (void)state;
    expect("  the plan of the city says what it will do in a\n"
           "year and who does it\n",
           "the plan of the city says what it will do in a year and who does it");
}

static void page_numbers_and_running_heads_are_dropped(void **state) {
    (void)state;
    expect("           无锡市 2021 年重点\n\n"
           "  做强太湖湾科创带主引擎落实建设规划和年度工作要点\n"
           "出台突破性支持政策设立太湖湾科创带创新发展基金健全\n\n"
           "                 — 1 —\n\f"
           "           无锡市 2021 年重点\n\n"
           "跨区域统筹协调和联动推进机制实施重大科技基础设施。\n"
           "  支持重大创新平台建设。\n\n"
           "                 — 2 —\n\f"
           "           无锡市 2021 年重点\n\n"
           "  优化营商环境。\n\n"
           "                 — 3 —\n\f",
           "做强太湖湾科创带主引擎落实建设规划和年度工作要点出台突破性支持政策设立太湖湾"
           "科创带创新发展基金健全跨区域统筹协调和联动推进机制实施重大科技基础设施。\n"
           "支持重大创新平台建设。\n优化营商环境。");
}

static void page_numbers_in_many_dresses(void **state) {
    (void)state;
    static const char *const feet[] = {"3",    "- 3 -", "—3—", "－ 3 －", "第 3 页", "第3页 共20页",
                                       "3/20", "· 3 ·", "３",  "-12-"};
    for (size_t i = 0; i < sizeof feet / sizeof feet[0]; i++) {
        struct buf page = BUF_INIT;
        buf_addf(&page, "  优化营商环境。\n  %s\n\f", feet[i]);
        expect(page.data, "优化营商环境。");
        buf_fini(&page);
    }
    static const char *const texts[] = {"2021-02-18", "第三章", "20210", "100%", "3 家", "一"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct buf page = BUF_INIT;
        buf_addf(&page, "  优化。\n  %s\n\f", texts[i]);
        struct buf text = BUF_INIT;
        assert_int_equal(reflow_text(page.data, page.len, &text, NULL), OK);
        assert_int_equal(strncmp(text.data, "优化。\n", 10), 0);
        assert_true(text.len > 10);
        buf_fini(&page);
        buf_fini(&text);
    }
}

static void a_line_met_on_one_page_only_stays(void **state) {
    (void)state;
    expect("    标题\n  正文一。\n\f    别题\n  正文二。\n\f", "标题\n正文一。\n别题\n正文二。");
}

static void headings_begin_a_paragraph(void **state) {
    (void)state;
    /* no indents: the number tells, behind a full line that ends a sentence */
    expect("做强太湖湾科创带主引擎落实建设规划和年度工作要点。\n"
           "一、优化营商环境\n"
           "做强太湖湾科创带主引擎落实建设规划和年度工作要点。\n"
           "（一）着力抢占创新驱动发展新赛道做强太湖湾科创带的\n"
           "主引擎\n"
           "第二章 总则\n"
           "1．做强太湖湾科创带主引擎落实建设规划和年度工作要点\n"
           "和13.5万人。\n",
           "做强太湖湾科创带主引擎落实建设规划和年度工作要点。\n"
           "一、优化营商环境\n"
           "做强太湖湾科创带主引擎落实建设规划和年度工作要点。\n"
           "（一）着力抢占创新驱动发展新赛道做强太湖湾科创带的主引擎\n"
           "第二章 总则\n"
           "1．做强太湖湾科创带主引擎落实建设规划和年度工作要点和13.5万人。");
}

static void a_number_at_a_lines_start_is_no_heading(void **state) {
    (void)state;
    expect("  做强太湖湾科创带主引擎落实建设规划，新增城镇就业\n"
           "13.5 万人，投资\n"
           "308.7 亿元。\n"
           "  做强太湖湾科创带主引擎落实建设规划和年度工作要点\n",
           "做强太湖湾科创带主引擎落实建设规划，新增城镇就业13.5万人，投资\n"
           "308.7亿元。\n"
           "做强太湖湾科创带主引擎落实建设规划和年度工作要点");
}

static void a_blank_behind_a_headings_number_stays(void **state) {
    (void)state;
    expect("1 总则\n2.1 目标\n2021 年是开局之年\n", "1 总则\n2.1 目标\n2021年是开局之年");
}

static void table_rows_stay_apart(void **state) {
    (void)state;
    expect("  优化营商环境和做强太湖湾科创带主引擎落实建设规划和\n"
           "序号        任务            责任单位      完成时限\n"
           "1         新增就业 13.5 万人    市人社局       6 月底\n"
           "  后文。\n",
           "优化营商环境和做强太湖湾科创带主引擎落实建设规划和\n"
           "序号 | 任务 | 责任单位 | 完成时限\n"
           "1 | 新增就业13.5万人 | 市人社局 | 6月底\n"
           "后文。");
}

static void a_table_of_contents_is_dropped(void **state) {
    (void)state;
    expect("      目录\n"
           "一、总则 ................... 1\n"
           "二、任务 ………………………… 12\n"
           "三、保障 · · · · · · · 20\n"
           "  正文……见第 3 条。\n",
           "目录\n正文……见第3条。");
}

static void widely_spaced_lines_are_joined(void **state) {
    (void)state;
    expect("  做强太湖湾科创带主引擎落实建设规划和年度工作要点\n\n"
           "出台突破性支持政策设立太湖湾科创带创新发展基金健全。\n\n"
           "跨区域统筹协调和联动推进机制实施重大科技基础设施。\n\n"
           "  支持重大创新平台建设。\n",
           "做强太湖湾科创带主引擎落实建设规划和年度工作要点出台突破性支持政策设立太湖湾"
           "科创带创新发展基金健全。跨区域统筹协调和联动推进机制实施重大科技基础设施。\n"
           "支持重大创新平台建设。");
}

static void blanks_and_strange_signs_are_dropped(void **state) {
    (void)state;
    expect("　　优化\xC2\xA0营商\r\n\x0B\n\xEE\x80\x80\n \xEF\x82\xB7 环境\xE2\x80\x8B好\n",
           "优化 营商\n环境好");
    expect("", "");
    expect("\f\f\n \n\f", "");
}

static void the_number_of_lines_is_bounded(void **state) {
    (void)state;
    struct buf page = BUF_INIT, text = BUF_INIT;
    struct err err = ERR_INIT;
    for (int i = 0; i < REFLOW_LINES_MAX + 1; i++) {
        buf_adds(&page, "a\n");
    }
    assert_int_equal(reflow_text(page.data, page.len - 2, &text, &err), OK);
    buf_clear(&text);
    assert_int_equal(reflow_text(page.data, page.len, &text, &err), E_LIMIT);
    assert_string_equal(err.msg, "more than the 400000 printed lines that are taken");
    buf_fini(&page);
    buf_fini(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_lines_are_joined),
        cmocka_unit_test(an_indent_begins_a_paragraph_behind_a_full_line),
        cmocka_unit_test(a_block_indented_as_a_whole_is_joined),
        cmocka_unit_test(words_are_joined_with_a_blank),
        cmocka_unit_test(page_numbers_and_running_heads_are_dropped),
        cmocka_unit_test(page_numbers_in_many_dresses),
        cmocka_unit_test(a_line_met_on_one_page_only_stays),
        cmocka_unit_test(headings_begin_a_paragraph),
        cmocka_unit_test(a_number_at_a_lines_start_is_no_heading),
        cmocka_unit_test(a_blank_behind_a_headings_number_stays),
        cmocka_unit_test(table_rows_stay_apart),
        cmocka_unit_test(a_table_of_contents_is_dropped),
        cmocka_unit_test(widely_spaced_lines_are_joined),
        cmocka_unit_test(blanks_and_strange_signs_are_dropped),
        cmocka_unit_test(the_number_of_lines_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
