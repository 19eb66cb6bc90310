/* test_outline: the parts, areas, measures and tasks of documents headed in every usual style. Each
 * document is small and whole; its outline is compared as text:
 *
 *   review 2020年工作回顾        a section: its role and title
 *   + 推进创新                   an area
 *   - 提升企业能力               a measure
 *   . 新增企业100家              a task
 */
#include "plan/outline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/folded.h"

static void put(struct buf *to, const char *mark, const struct source *s, struct run r,
                struct arena *a) {
    const char *text = source_text(s, r, a);
    buf_addf(to, "%s%s%s\n", mark, text[0] == '\0' ? "" : " ", text);
}

static void put_tree(const struct source *s, const struct outline *o, struct arena *a,
                     struct buf *to) {
    size_t m = 0;
    size_t t = 0;
    for (size_t i = 0; i < o->area_count; i++) {
        put(to, "+", s, o->areas[i].title, a);
        for (; m < o->measure_count && o->measures[m].area == (int)i + 1; m++) {
            put(to, "-", s, o->measures[m].title, a);
            for (; t < o->task_count && o->tasks[t].measure == (int32_t)m; t++) {
                put(to, ".", s, o->tasks[t].run, a);
            }
        }
    }
    assert_int_equal(m, o->measure_count); /* every one belongs to an area, in order */
    assert_int_equal(t, o->task_count);
}

static void outline_of(const char *text, struct arena *a, struct source *s, struct outline *o) {
    *s = fold(text, a);
    outline_read(s, a, o);
}

static void expect(const char *text, const char *outline) {
    struct arena a = ARENA_INIT;
    struct buf got = BUF_INIT;
    struct source s;
    struct outline o;
    outline_of(text, &a, &s, &o);
    buf_adds(&got, "");
    for (size_t i = 0; i < o.section_count; i++) {
        put(&got, section_role_name(o.sections[i].role), &s, o.sections[i].title, &a);
    }
    put_tree(&s, &o, &a, &got);
    assert_string_equal(got.data, outline);
    buf_fini(&got);
    arena_fini(&a);
}

/* What stands before the areas in most of the documents below, and its outline. */
#define PAST "一、2020年工作回顾\n去年新增就业10万人。\n"
#define PLAN "二、2021年工作安排\n"
#define PARTS "preamble\nreview 2020年工作回顾\nplan 2021年工作安排\n"
#define TITLE "2021年政府工作报告\n"
#define AREAS                                                                                      \
    "+ 推进创新\n- 提升企业能力\n. 新增企业100家\n. 完成投资10亿元\n"         \
    "+ 改善民生\n- 办好教育\n. 新建学校10所\n"

/* ---- headings ---- */

static void bracketed_areas_in_numbered_parts(void **state) {
    (void)state;
    expect(TITLE PAST PLAN "（一）推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                           "（二）改善民生\n办好教育。新建学校10所。\n",
           PARTS AREAS);
    expect(TITLE PAST PLAN "(一)推进创新\n提升企业能力。新增企业100家；完成投资10亿元。\n"
                           "(二)改善民生\n办好教育。新建学校10所。\n",
           PARTS AREAS);
}

static void numbered_areas_in_unnumbered_parts(void **state) {
    (void)state;
    expect(TITLE "2020年工作回顾\n去年新增就业10万人。\n2021年工作安排\n"
                 "一、推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                 "二、改善民生\n办好教育。新建学校10所。\n",
           PARTS AREAS);
}

static void chapters_and_sections(void **state) {
    (void)state;
    expect(TITLE "第一章 2020年工作回顾\n去年新增就业10万人。\n第二章 2021年工作安排\n"
                 "第一节 推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                 "第二节 改善民生\n办好教育。新建学校10所。\n",
           PARTS AREAS);
    expect(TITLE "第一部分 2020年工作回顾\n去年新增就业10万人。\n第二部分 2021年工作安排\n"
                 "一、推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                 "二、改善民生\n办好教育。新建学校10所。\n",
           PARTS AREAS);
}

static void arabic_areas(void **state) {
    (void)state;
    expect(TITLE PAST PLAN "1. 推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                           "2. 改善民生\n办好教育。新建学校10所。\n",
           PARTS AREAS);
    expect(TITLE PAST PLAN "1、推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                           "2、改善民生\n办好教育。新建学校10所。\n",
           PARTS AREAS);
}

static void spoken_counters(void **state) {
    (void)state;
    expect(TITLE PAST PLAN "第一，推进创新。新增企业100家。\n第二，改善民生。新建学校10所。\n",
           PARTS "+ 推进创新\n- 新增企业100家\n. 新增企业100家\n"
                 "+ 改善民生\n- 新建学校10所\n. 新建学校10所\n");
    expect(TITLE PAST PLAN "一是推进创新。新增企业100家。\n二是改善民生。新建学校10所。\n",
           PARTS "+ 推进创新\n- 新增企业100家\n. 新增企业100家\n"
                 "+ 改善民生\n- 新建学校10所\n. 新建学校10所\n");
}

static void markdown_headings(void **state) {
    (void)state;
    expect("# 2021年政府工作报告\n\n## 一、2020年工作回顾\n\n去年新增就业10万人。\n\n"
           "## 二、2021年工作安排\n\n### （一）推进创新\n\n"
           "提升企业能力。新增企业100家。完成投资10亿元。\n\n### （二）改善民生\n\n"
           "办好教育。新建学校10所。\n",
           PARTS AREAS);
    expect(TITLE "**一、2020年工作回顾**\n去年新增就业10万人。\n**二、2021年工作安排**\n"
                 "**（一）推进创新**\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                 "**（二）改善民生**\n办好教育。新建学校10所。\n",
           PARTS AREAS);
}

static void a_blank_behind_the_counter(void **state) {
    (void)state;
    expect("某市2021年政府工作要点\n一 推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
           "二 改善民生\n办好教育。新建学校10所。\n",
           "plan 某市2021年政府工作要点\n" AREAS);
}

/* The heading opens its own paragraph; what follows it is the area's first measure. */
static void inline_headings(void **state) {
    (void)state;
    expect(TITLE PAST PLAN "（一）推进创新。新增企业100家，完成投资。引进人才1万人。\n"
                           "（二）改善民生。新建学校10所。\n",
           PARTS "+ 推进创新\n- 新增企业100家，完成投资\n. 引进人才1万人\n"
                 "+ 改善民生\n- 新建学校10所\n. 新建学校10所\n");
    expect(TITLE PAST PLAN "**1．推进创新。**新增企业100家。完成投资5亿元。\n"
                           "**2．改善民生。**新建学校10所。\n",
           PARTS "+ 推进创新\n- 新增企业100家\n. 完成投资5亿元\n"
                 "+ 改善民生\n- 新建学校10所\n. 新建学校10所\n");
    expect(TITLE PAST PLAN "重点做好以下工作：（一）推进创新。新增企业100家。\n"
                           "（二）改善民生。新建学校10所。\n",
           PARTS "+ 推进创新\n- 新增企业100家\n. 新增企业100家\n"
                 "+ 改善民生\n- 新建学校10所\n. 新建学校10所\n");
}

static void unnumbered_areas(void **state) {
    (void)state;
    expect(TITLE "过去一年工作回顾\n去年新增就业10万人。\n2021年工作安排\n"
                 "推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                 "改善民生\n办好教育。新建学校10所。\n",
           "preamble\nreview 过去一年工作回顾\nplan 2021年工作安排\n" AREAS);
}

/* ---- measures and tasks ---- */

static void numbered_measures(void **state) {
    (void)state;
    expect("2021年政府工作重点\n一、推进创新\n1. 提升企业能力。新增企业100家。完成投资10亿元。\n"
           "二、改善民生\n1. 办好教育。新建学校10所。\n",
           "plan 2021年政府工作重点\n" AREAS);
    expect(TITLE "第一部分 2020年工作回顾\n去年新增就业10万人。\n第二部分 2021年工作安排\n"
                 "一、推进创新\n（一）提升企业能力。新增企业100家。完成投资10亿元。\n"
                 "二、改善民生\n（一）办好教育。新建学校10所。\n",
           PARTS AREAS);
}

/* A paragraph of one sentence has no heading: the sentence is a task, its first clause the title.
 */
static void a_single_sentence_is_its_own_task(void **state) {
    (void)state;
    expect("2021年政府工作重点\n一、推进创新\n做好就业工作，新增就业5万人。\n二、改善民生\n"
           "新建学校10所。\n",
           "plan 2021年政府工作重点\n"
           "+ 推进创新\n- 做好就业工作\n. 做好就业工作，新增就业5万人\n"
           "+ 改善民生\n- 新建学校10所\n. 新建学校10所\n");
}

static void a_long_first_sentence_is_a_task(void **state) {
    (void)state;
    expect("2021年政府工作重点\n一、推进创新\n"
           "全面提升企业技术创新能力，支持企业加大研发投入，建设高水平研发机构，"
           "推动产学研深度融合，加快科技成果转化。新增企业100家。\n二、改善民生\n"
           "办好教育。新建学校10所。\n",
           "plan 2021年政府工作重点\n+ 推进创新\n- 全面提升企业技术创新能力\n"
           ". 全面提升企业技术创新能力，支持企业加大研发投入，建设高水平研发机构，"
           "推动产学研深度融合，加快科技成果转化\n. 新增企业100家\n"
           "+ 改善民生\n- 办好教育\n. 新建学校10所\n");
}

/* A heading on a line of its own titles the paragraph that follows it. */
static void a_measure_titled_on_its_own_line(void **state) {
    (void)state;
    expect("2021年政府工作重点\n一、推进创新\n（一）提升企业能力\n新增企业100家。完成投资10亿元。\n"
           "二、改善民生\n（一）办好教育\n新建学校10所。\n",
           "plan 2021年政府工作重点\n" AREAS);
}

static void owners_are_no_task(void **state) {
    (void)state;
    expect("2021年政府工作重点\n一、推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
           "（责任单位：市工信局、市科技局）\n"
           "二、改善民生\n办好教育。新建学校10所。\n责任单位：市教育局\n",
           "plan 2021年政府工作重点\n" AREAS);
}

static void page_furniture_is_skipped(void **state) {
    (void)state;
    expect(TITLE PAST PLAN "【字体：大 中 小】\n（一）推进创新\n提升企业能力。新增企业100家。"
                           "完成投资10亿元。\n— 12 —\n13\n第14页\n责任编辑：某某\n"
                           "（二）改善民生\n办好教育。新建学校10所。\n来源：某市人民政府\n",
           PARTS AREAS);
}

static void texts_are_the_source_s_own(void **state) {
    (void)state;
    expect("2021年政府工作重點\n一、著力推進創新\n做強產業。新增企業１００家。\n"
           "二、著力改善民生\n辦好教育。新建學校 10 所。\n",
           "plan 2021年政府工作重點\n+ 著力推進創新\n- 做強產業\n. 新增企業１００家\n"
           "+ 著力改善民生\n- 辦好教育\n. 新建學校 10 所\n");
}

/* ---- parts ---- */

static void a_long_term_part(void **state) {
    (void)state;
    expect(TITLE PAST "二、“十四五”时期目标任务\n到2025年，生产总值达到2万亿元。\n"
                      "三、2021年工作安排\n（一）推进创新\n新增企业100家。\n"
                      "（二）改善民生\n新建学校10所。\n",
           "preamble\nreview 2020年工作回顾\nlong_term “十四五”时期目标任务\n"
           "plan 2021年工作安排\n+ 推进创新\n- 新增企业100家\n. 新增企业100家\n"
           "+ 改善民生\n- 新建学校10所\n. 新建学校10所\n");
}

/* The year's main targets end a part on the long term. */
static void the_plan_begins_in_a_long_term_part(void **state) {
    (void)state;
    expect(TITLE PAST "二、“十四五”时期目标任务\n到2025年，生产总值达到2万亿元。\n"
                      "2021年经济社会发展主要预期目标是：地区生产总值增长7%。\n"
                      "（一）推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                      "（二）改善民生\n办好教育。新建学校10所。\n",
           "preamble\nreview 2020年工作回顾\nlong_term “十四五”时期目标任务\nplan\n" AREAS);
}

/* A long paragraph on the year before is the review that has no heading. */
static void a_review_without_a_heading(void **state) {
    (void)state;
    expect(TITLE
           "2020年，面对严峻复杂的形势，全市上下团结一心，地区生产总值增长6%，新增就业10万人，"
           "完成投资500亿元，新建学校20所，引进人才1万人，改造老旧小区100个，"
           "城乡居民收入稳步增长，全面完成了年度目标任务。\n2021年工作安排\n"
           "一、推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
           "二、改善民生\n办好教育。新建学校10所。\n",
           "preamble\nreview\nplan 2021年工作安排\n" AREAS);
    expect(TITLE "2020年很不平凡。\n2021年工作安排\n"
                 "一、推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                 "二、改善民生\n办好教育。新建学校10所。\n",
           "preamble\nplan 2021年工作安排\n" AREAS); /* a sentence is no review */
}

/* A part of demands and targets counts no areas where another part holds the work. */
static void demands_are_no_areas(void **state) {
    (void)state;
    expect(TITLE PAST "二、2021年总体要求和预期目标\n（一）总体要求。坚持稳中求进。\n"
                      "（二）预期目标。地区生产总值增长7%。\n三、2021年重点工作任务\n"
                      "（一）推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                      "（二）改善民生\n办好教育。新建学校10所。\n",
           "preamble\nreview 2020年工作回顾\nplan 2021年总体要求和预期目标\n"
           "plan 2021年重点工作任务\n" AREAS);
}

/* Where nothing below is numbered, the parts of work are the areas. */
static void parts_that_are_areas(void **state) {
    (void)state;
    expect("2021年政府工作报告\n第一部分 2020年工作回顾\n去年新增就业10万人。\n"
           "第二部分 2021年总体要求和主要目标\n地区生产总值增长7%。\n"
           "第三部分 2021年重点任务之创新\n新增企业100家。\n"
           "第四部分 2021年重点任务之民生\n新建学校10所。\n"
           "第五部分 2021年重点任务之生态\n造林1万亩。\n",
           "preamble\nreview 2020年工作回顾\nplan 2021年总体要求和主要目标\n"
           "plan 2021年重点任务之创新\nplan 2021年重点任务之民生\nplan 2021年重点任务之生态\n"
           "+ 2021年重点任务之创新\n- 新增企业100家\n. 新增企业100家\n"
           "+ 2021年重点任务之民生\n- 新建学校10所\n. 新建学校10所\n"
           "+ 2021年重点任务之生态\n- 造林1万亩\n. 造林1万亩\n");
}

/* 各位代表 opens the government's own house, then the close. */
static void closings(void **state) {
    (void)state;
    expect(TITLE PAST PLAN "（一）推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                           "（二）改善民生\n办好教育。新建学校10所。\n"
                           "各位代表，我们要加强政府自身建设，坚持依法行政。\n"
                           "各位代表！让我们团结奋斗。\n",
           PARTS "self_government\nclosing\n" AREAS);
    expect(TITLE PAST PLAN "（一）推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                           "各位代表，民生是头等大事。\n（二）改善民生\n办好教育。新建学校10所。\n",
           PARTS "+ 推进创新\n- 提升企业能力\n. 新增企业100家\n. 完成投资10亿元\n"
                 "- 各位代表\n. 各位代表，民生是头等大事\n+ 改善民生\n- 办好教育\n"
                 ". 新建学校10所\n"); /* the numbering goes on: nothing closed */
}

static void the_government_s_own_house(void **state) {
    (void)state;
    expect(TITLE PAST PLAN "（一）推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
                           "（二）改善民生\n办好教育。新建学校10所。\n"
                           "三、加强政府自身建设\n（一）依法行政\n办结建议100件。\n",
           PARTS "self_government 加强政府自身建设\n" AREAS);
}

static void annexes(void **state) {
    (void)state;
    expect(TITLE PAST PLAN
           "（一）推进创新\n提升企业能力。新增企业100家。完成投资10亿元。\n"
           "（二）改善民生\n办好教育。新建学校10所。\n"
           "附件\n2021年为民办实事项目\n1. 新建公园5个。\n名词解释\n1. “双招双引”。\n",
           PARTS "annex 附件\nannex 名词解释\n" AREAS);
}

/* ---- passages: what figures are read from ---- */

/* Expects the paragraph that begins with `head` to be of this role and kind. */
static void expect_passage(const char *text, const char16_t *head, enum section_role role,
                           bool long_term, bool results) {
    struct arena a = ARENA_INIT;
    struct source s;
    struct outline o;
    outline_of(text, &a, &s, &o);
    const struct passage *p = NULL;
    for (size_t i = 0; i < o.passage_count && p == NULL; i++) {
        p = source_starts(&s, o.passages[i].run, head) ? &o.passages[i] : NULL;
    }
    assert_non_null(p);
    assert_int_equal(p->role, role);
    assert_int_equal(p->long_term, long_term);
    assert_int_equal(p->results, results);
    arena_fini(&a);
}

/* One part on both: each paragraph says which it speaks of. */
static void a_part_on_the_long_term_and_the_year(void **state) {
    (void)state;
    static const char text[] = TITLE PAST "二、“十四五”时期目标任务和2021年工作安排\n"
                                          "“十四五”时期，新增就业50万人。\n"
                                          "到2025年，生产总值突破2万亿元。\n"
                                          "今年，新增就业10万人。\n（一）推进创新\n"
                                          "新增企业100家。\n（二）改善民生\n新建学校10所。\n";
    expect_passage(text, u"“十四五”时期，", SECTION_PLAN, true, false);
    expect_passage(text, u"到2025年", SECTION_PLAN, true, false);
    expect_passage(text, u"今年", SECTION_PLAN, false, false);
    expect_passage(text, u"去年", SECTION_REVIEW, false, false);
}

/* An annex of promised items counts, one of words explained does not. */
static void annexes_of_items_and_of_words(void **state) {
    (void)state;
    static const char text[] = TITLE PAST PLAN "（一）推进创新\n新增企业100家。\n"
                                               "（二）改善民生\n新建学校10所。\n"
                                               "附件\n2021年为民办实事项目\n1. 改造小区5个。\n"
                                               "名词解释\n1. 专精特新企业3家。\n";
    expect_passage(text, u"改造小区", SECTION_ANNEX, false, true);
    expect_passage(text, u"专精特新", SECTION_ANNEX, false, false);
}

/* ---- what the document says of itself ---- */

static void expect_heading(const char *text, const char *title, const char *issuer,
                           const char *index_no, const char *issued, int year) {
    struct arena a = ARENA_INIT;
    struct source s;
    struct outline o;
    outline_of(text, &a, &s, &o);
    assert_string_equal(source_text(&s, o.title, &a), title);
    assert_string_equal(source_text(&s, o.issuer, &a), issuer);
    assert_string_equal(source_text(&s, o.index_no, &a), index_no);
    assert_string_equal(o.issued, issued);
    assert_int_equal(o.year, year);
    arena_fini(&a);
}

static void front_matter(void **state) {
    (void)state;
    expect_heading("---\nsource: https://example.org/2019/1\n"
                   "title: 某市政府工作报告（2021年1月20日 张三）\n---\n\n各位代表：\n"
                   "现在，我代表某市人民政府，向大会报告工作。\n" PAST PLAN
                   "（一）推进创新\n新增企业100家。\n（二）改善民生\n新建学校10所。\n",
                   "某市政府工作报告（2021年1月20日 张三）", "某市人民政府", "", "", 2021);
}

static void index_table(void **state) {
    (void)state;
    static const char page[] = "文字大小: [ 大 中 小 ] 瀏覽次數:\n"
                               "信息索引號 | 014006438/2021-00798 | 生成日期 | 2021-02-18 | "
                               "公開日期 | 2021-02-19 |\n"
                               "文件編號 | — — | 發布機構 | 無錫市發展和改革委員會 | ||\n"
                               "效力狀況 | 有效 | 附件下載 | — — | ||\n"
                               "內容概述 | 2021年政府工作重點 |\n今年工作總體要求。\n"
                               "一、著力推進創新\n做強產業。新增企業100家。\n"
                               "二、著力改善民生\n辦好教育。新建學校10所。\n";
    expect_heading(page, "2021年政府工作重點", "無錫市發展和改革委員會", "014006438/2021-00798",
                   "2021-02-19", 2021);
    expect(page, "plan\n+ 著力推進創新\n- 做強產業\n. 新增企業100家\n"
                 "+ 著力改善民生\n- 辦好教育\n. 新建學校10所\n");
}

static void the_plan_year(void **state) {
    (void)state;
    expect_heading("2021年政府工作重点\n一、推进创新\n二、改善民生\n", "2021年政府工作重点", "", "",
                   "", 2021);
    expect_heading("二〇二一年政府工作报告\n", "二〇二一年政府工作报告", "", "", "", 2021);
    /* a heading that promises work for a year knows better than the title, by one year */
    expect_heading("2020年政府工作报告\n一、2020年工作回顾\n新增就业。\n二、2021年工作安排\n"
                   "新增企业100家。\n",
                   "2020年政府工作报告", "", "", "", 2021);
    expect_heading("政府工作报告\n新增企业100家。\n", "政府工作报告", "", "", "", 0);
}

static void a_text_without_headings(void **state) {
    (void)state;
    expect("没有标题的一段话。\n", "plan\n");
    expect("", "");
    expect("\n \n", "");
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(bracketed_areas_in_numbered_parts),
        cmocka_unit_test(numbered_areas_in_unnumbered_parts),
        cmocka_unit_test(chapters_and_sections),
        cmocka_unit_test(arabic_areas),
        cmocka_unit_test(spoken_counters),
        cmocka_unit_test(markdown_headings),
        cmocka_unit_test(a_blank_behind_the_counter),
        cmocka_unit_test(inline_headings),
        cmocka_unit_test(unnumbered_areas),
        cmocka_unit_test(numbered_measures),
        cmocka_unit_test(a_single_sentence_is_its_own_task),
        cmocka_unit_test(a_long_first_sentence_is_a_task),
        cmocka_unit_test(a_measure_titled_on_its_own_line),
        cmocka_unit_test(owners_are_no_task),
        cmocka_unit_test(page_furniture_is_skipped),
        cmocka_unit_test(texts_are_the_source_s_own),
        cmocka_unit_test(a_long_term_part),
        cmocka_unit_test(the_plan_begins_in_a_long_term_part),
        cmocka_unit_test(a_review_without_a_heading),
        cmocka_unit_test(demands_are_no_areas),
        cmocka_unit_test(parts_that_are_areas),
        cmocka_unit_test(closings),
        cmocka_unit_test(the_government_s_own_house),
        cmocka_unit_test(annexes),
        cmocka_unit_test(a_part_on_the_long_term_and_the_year),
        cmocka_unit_test(annexes_of_items_and_of_words),
        cmocka_unit_test(front_matter),
        cmocka_unit_test(index_table),
        cmocka_unit_test(the_plan_year),
        cmocka_unit_test(a_text_without_headings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
