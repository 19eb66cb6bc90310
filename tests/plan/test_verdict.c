/* What becomes of a promise, by what a later report says: each rule of verdict.h on a plan of one
 * sentence and a report of one sentence, read by the reader as documents are. */
#include "plan/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "plan/reader.h"

static const char plan_form[] =
    "2021年政府工作报告\n\n一、2020年工作回顾\n\n一年来，各项工作稳步推进。\n\n"
    "二、2021年工作安排\n\n（一）推动高质量发展。做好今年工作。%s。\n";
static const char report_form[] =
    "2022年政府工作报告\n\n一、2021年工作回顾\n\n2021年，我们做了以下工作。%s。\n\n"
    "二、2022年工作安排\n\n今年，新增路灯100盏。\n";

/* ---- one comparison ---- */

struct comparison {
    struct arena a;
    struct reader *reader;
    struct reading plan;
    struct reading report;
    struct judgement *j;
    size_t n;
};

static void read_text(struct comparison *c, const char *form, const char *words,
                      struct reading *out) {
    struct buf b = BUF_INIT;
    const char *at = strstr(form, "%s");
    buf_add(&b, form, (size_t)(at - form));
    buf_adds(&b, words);
    buf_adds(&b, at + 2);
    struct document doc = {.name = "test.txt", .len = b.len};
    doc.text = arena_dup(&c->a, b.data, b.len);
    buf_fini(&b);
    struct err err = {0};
    assert_int_equal(reader_read(c->reader, &doc, &c->a, out, &err), OK);
}

static void compare(struct comparison *c, const char *promise, const char *result) {
    *c = (struct comparison){.a = ARENA_INIT, .reader = reader_new()};
    read_text(c, plan_form, promise, &c->plan);
    read_text(c, report_form, result, &c->report);
    plan_reconcile(&c->plan, &c->report, 1, &c->a, &c->j, &c->n);
}

static void comparison_fini(struct comparison *c) {
    reader_free(c->reader);
    arena_fini(&c->a);
}

/* ---- tables of cases ---- */

struct sample {
    const char *promise;
    const char *result;
    const char *number; /* the reported number that is quoted, or NULL */
    enum verdict verdict;
    size_t which; /* of the promise's targets */
};

static void check_one(const struct sample *x) {
    struct comparison c;
    compare(&c, x->promise, x->result);
    if (x->which >= c.n) {
        fail_msg("%s: %zu targets", x->promise, c.n);
    }
    const struct judgement *j = &c.j[x->which];
    if (j->verdict != x->verdict) {
        fail_msg("%s / %s: expected %s, got %s (%s)", x->promise, x->result,
                 verdict_name(x->verdict), verdict_name(j->verdict), j->why);
    }
    assert_true(strlen(j->why) > 0 && strlen(j->why_en) > 0);
    assert_true((j->outcome == NULL) == (j->where == NULL));
    if (x->number != NULL) {
        assert_non_null(j->outcome);
        struct span s = j->outcome->number;
        if (s.to - s.from != strlen(x->number) ||
            memcmp(c.report.doc.text + s.from, x->number, s.to - s.from) != 0) {
            fail_msg("%s / %s: quotes %.*s", x->promise, x->result, (int)(s.to - s.from),
                     c.report.doc.text + s.from);
        }
    }
    comparison_fini(&c);
}

static void check(const struct sample *samples, size_t n) {
    for (size_t i = 0; i < n; i++) {
        check_one(&samples[i]);
    }
}

#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

#define MET VERDICT_MET
#define MISSED VERDICT_MISSED
#define OPEN VERDICT_NOT_COMPARABLE
#define SILENT VERDICT_NOT_REPORTED

static void numbers_of_one_thing_are_compared(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"城镇新增就业13.5万人", "城镇新增就业16.5万人", "16.5万人", MET, 0},
        {"城镇新增就业13.5万人", "新增城镇就业12万人", "12万人", MISSED, 0},
        {"新增高标准农田3万亩", "新增高标准农田30000亩", "30000亩", MET, 0},
        {"新建5G基站6500个", "新建5G基站6580座", "6580座", MET, 0},
        {"新增高標準農田3萬畝", "新增高标准农田4.1万亩", "4.1万亩", MET, 0},
        {"实际使用外资38亿美元", "实际使用外资突破40亿美元", "40亿美元", MET, 0},
        {"实际使用外资38亿美元", "实际使用外资突破36.5亿美元", "36.5亿美元", OPEN, 0},
        {"高新技术企业达到4800家", "高新技术企业增至4608家", "4608家", MISSED, 0},
    };
    CHECK(samples);
}

static void one_thing_has_several_names(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"地区生产总值增长7%", "GDP增长8.8%", "8.8%", MET, 0},
        {"规模以上工业增加值增长8%", "规上工业增加值增长7%", "7%", MISSED, 0},
        {"外贸进出口增长5%", "全市进出口总额增长29.7%", "29.7%", MET, 0},
        {"脱困转化经济薄弱村26个", "26个经济薄弱村实现脱困转化", "26个", MET, 0},
        {"办好10件45项为民办实事项目", "10件45项民生实事全部完成", "45项", MET, 1},
        {"新建幼儿园、中小学校24所", "新建中小学和幼儿园25所", "25所", MET, 0},
        {"完成30公里架空线整治", "完成架空线专项整治65公里", "65公里", MET, 0},
        {"新增新型研发机构10家以上", "4家新型研发机构新增落地", "4家", MISSED, 0},
        {"改造老旧小区68个", "完成老旧小区改造60个", "60个", MISSED, 0},
    };
    CHECK(samples);
}

static void another_thing_never_decides(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新开工棚改安置房2.2万套", "新建保障性住房2.5万套", "2.5万套", OPEN, 0},
        {"新改建口袋公园20座", "新改建公园游园58个", "58个", OPEN, 0},
        {"新增上市公司15家", "新增A股上市公司11家", "11家", OPEN, 0},
        {"新增省智能工厂（车间）25个", "新增省智能工厂17个", "17个", OPEN, 0},
        {"建设重点实验室10家", "建设重点实验室、创新联合体80家", NULL, SILENT, 0},
        {"税收收入增长7%", "一般公共预算收入增长11.6%", NULL, SILENT, 0},
        {"工业投资增长10%", "固定资产投资增长4.5%", NULL, SILENT, 0},
        {"新增总部企业5家", "新增雏鹰企业300家", NULL, SILENT, 0},
        {"实现污水管网全覆盖", "实现医疗联合体全覆盖", NULL, SILENT, 0},
        {"新引进超50亿元产业项目15个", "新引进超10亿元产业项目80个", NULL, SILENT, 0},
        {"当年完成投资超680亿元", "八大园区完成投资705亿元", NULL, SILENT, 0},
    };
    CHECK(samples);
}

static void acts_of_unlike_strength_do_not_compare(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新建幼儿园、中小学校24所", "新建、改扩建幼儿园和中小学40所", "40所", OPEN, 0},
        {"新开工公共停车场20个", "新建公共停车场30个", "30个", OPEN, 0},
        {"创建20个省级特色田园乡村", "新增30个省级特色田园乡村", "30个", MET, 0},
        {"创建20个省级特色田园乡村", "新增10个省级特色田园乡村", "10个", OPEN, 0},
        {"新引进超10亿元产业项目50个以上", "备案超10亿元产业项目80个", "80个", MET, 0},
        {"净增规上企业400家", "新增规上企业517家", "517家", OPEN, 0},
        {"新增规上企业400家", "净增规上企业517家", "517家", MET, 0},
    };
    CHECK(samples);
}

static void growth_level_and_stock_do_not_compare(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"一般公共预算收入增长5%", "一般公共预算收入1200.5亿元", "1200.5亿元", OPEN, 0},
        {"一般公共预算收入增长5%", "一般公共预算收入1200.5亿元、增长11.6%", "11.6%", MET, 0},
        {"一般公共预算收入增长5%", "一般公共预算收入下降2.1%", "2.1%", MISSED, 0},
        {"新增专精特新企业70家", "专精特新企业增至232家", "232家", OPEN, 0},
        {"一般公共预算收入1300亿元", "一般公共预算收入增长3%", "3%", OPEN, 0},
        {"外贸进出口1100亿美元", "外贸进出口7065亿元", "7065亿元", OPEN, 0},
    };
    CHECK(samples);
}

static void lists_pair_off(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"社会消费品零售总额增长8%",
         "完成固定资产投资3985亿元、社会消费品零售总额3306亿元、进出口总额1057亿美元，"
         "分别增长4.5%、10.4%和20.4%",
         "10.4%", MET, 0},
        {"力争科技型中小企业、高新技术企业分别突破12000家、6500家",
         "科技型中小企业、高新技术企业分别达12453家、6310家", "12453家", MET, 0},
        {"力争科技型中小企业、高新技术企业分别突破12000家、6500家",
         "科技型中小企业、高新技术企业分别达12453家、6310家", "6310家", MISSED, 1},
        {"集成电路产业增长10%", "集成电路、生物医药、软件等产业增幅均超20%", "20%", MET, 0},
        {"集成电路产业产值增长10%", "集成电路、生物医药、软件等产业增幅均超20%", "20%", OPEN, 0},
        {"引进大学生10万人", "引进高层次人才1.3万人、大学生10.6万人", "10.6万人", MET, 0},
    };
    CHECK(samples);
}

static void scope_and_coverage(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"江阴、宜兴、新吴各招引超百亿元产业项目1个以上", "招引超100亿元产业项目5个", "5个", OPEN,
         0},
        {"市区新增绿地200万平方米", "新增绿地306万平方米", "306万平方米", OPEN, 0},
        {"实现街道综合养老服务中心全覆盖", "街道综合养老服务中心实现全覆盖", NULL, MET, 0},
        {"地区生产总值增长6%", "前三季度地区生产总值增长7%", "7%", OPEN, 0},
        {"地区生产总值增长6%", "地区生产总值两年平均增长7%", "7%", OPEN, 0},
        {"地区生产总值增长6%", "地区生产总值增速高于全省1.2个百分点", NULL, SILENT, 0},
    };
    CHECK(samples);
}

static void bounds_and_ceilings(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"城镇登记失业率控制在3.5%以内", "城镇登记失业率2.6%", "2.6%", MET, 0},
        {"城镇登记失业率控制在3.5%以内", "城镇登记失业率3.9%", "3.9%", MISSED, 0},
        {"居民消费价格涨幅控制在3%左右", "居民消费价格上涨1.8%", "1.8%", MET, 0},
        {"企业研发经费占销售收入比重达到1.78%", "企业研发经费占销售收入比重达到1.73%", "1.73%",
         MISSED, 0},
        {"地区生产总值增长6%—7%", "地区生产总值增长6.3%", "6.3%", MET, 0},
        {"地区生产总值增长6%—7%", "地区生产总值增长5.3%", "5.3%", MISSED, 0},
        {"地区生产总值增长5%以上", "地区生产总值增长6%左右", "6%", MET, 0},
        {"地区生产总值增长8%左右", "地区生产总值增长7.8%", "7.8%", OPEN, 0},
        {"城镇登记失业率控制在3%以内、新增就业11万人以上", "新增就业11.5万人", "11.5万人", MET, 1},
    };
    CHECK(samples);
}

/* A term's sums are no year's figures, though one report gives both. */
static void a_term_is_not_a_year(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新建高标准农田40万亩", "五年来，新建高标准农田202万亩", "202万亩", OPEN, 0},
        {"新建高标准农田40万亩",
         "各项工作有序推进。\n\n过去五年，成绩来之不易。\n\n（一）农业。新建高标准农田202万亩。\n\n"
         "2021年是收官之年。\n\n（一）农业。新建高标准农田41万亩",
         "41万亩", MET, 0},
    };
    CHECK(samples);
}

static void a_target_without_a_number(void **state) {
    (void)state;
    static const char promise[] =
        "2021年政府工作报告\n\n一、2020年工作回顾\n\n一年来，稳步推进。\n\n"
        "二、2021年工作安排\n\n今年经济社会发展主要预期目标是：地区生产总值增长7%，"
        "居民收入增长与经济增长基本同步%s。\n\n（一）推动发展。做好工作。\n";
    struct comparison c = {.a = ARENA_INIT, .reader = reader_new()};
    read_text(&c, promise, "", &c.plan);
    read_text(&c, report_form, "地区生产总值增长8.8%，居民人均可支配收入6.3万元、增长9.4%",
              &c.report);
    plan_reconcile(&c.plan, &c.report, 1, &c.a, &c.j, &c.n);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.j[1].verdict, VERDICT_MET);
    read_text(&c, report_form, "地区生产总值增长8.8%，居民人均可支配收入6.3万元、增长8.4%",
              &c.report);
    plan_reconcile(&c.plan, &c.report, 1, &c.a, &c.j, &c.n);
    assert_int_equal(c.j[1].verdict, VERDICT_NOT_COMPARABLE);
    comparison_fini(&c);
}

static void reports_that_disagree_decide_nothing(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"新增绿地200公顷", "新增绿地306公顷。新增绿地150公顷", NULL, OPEN, 0},
        {"水质优良比例达到92%", "水质优良比例首次超过90%、达93%", "93%", MET, 0},
    };
    CHECK(samples);
}

static void another_year_is_not_looked_at(void **state) {
    (void)state;
    struct comparison c;
    compare(&c, "新增绿地200公顷", "新增绿地306公顷");
    assert_int_equal(c.j[0].verdict, VERDICT_MET);
    assert_ptr_equal(c.j[0].target, &c.plan.targets[0]);
    assert_ptr_equal(c.j[0].where, &c.report);
    c.plan.year = 2019;
    plan_reconcile(&c.plan, &c.report, 1, &c.a, &c.j, &c.n);
    assert_int_equal(c.j[0].verdict, VERDICT_NOT_REPORTED);
    assert_null(c.j[0].outcome);
    c.plan.year = 0;
    plan_reconcile(&c.plan, &c.report, 1, &c.a, &c.j, &c.n);
    assert_int_equal(c.j[0].verdict, VERDICT_NOT_REPORTED);
    c.plan.targets[0].horizon = "2025";
    plan_reconcile(&c.plan, &c.report, 1, &c.a, &c.j, &c.n);
    assert_int_equal(c.n, 0);
    comparison_fini(&c);
}

static void the_reason_names_both_numbers(void **state) {
    (void)state;
    struct comparison c;
    compare(&c, "新增绿地200公顷", "新增绿地150公顷");
    assert_string_equal(c.j[0].why, "报告 150公顷，目标 200公顷，未达到");
    assert_string_equal(c.j[0].why_en, "reported 150公顷, promised 200公顷: not reached");
    comparison_fini(&c);
}

static void no_outcome_document_at_all(void **state) {
    (void)state;
    struct comparison c;
    compare(&c, "新增绿地200公顷", "新增绿地150公顷");
    plan_reconcile(&c.plan, NULL, 0, &c.a, &c.j, &c.n);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.j[0].verdict, VERDICT_NOT_REPORTED);
    comparison_fini(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_one_thing_are_compared),
        cmocka_unit_test(one_thing_has_several_names),
        cmocka_unit_test(another_thing_never_decides),
        cmocka_unit_test(acts_of_unlike_strength_do_not_compare),
        cmocka_unit_test(growth_level_and_stock_do_not_compare),
        cmocka_unit_test(lists_pair_off),
        cmocka_unit_test(scope_and_coverage),
        cmocka_unit_test(bounds_and_ceilings),
        cmocka_unit_test(a_term_is_not_a_year),
        cmocka_unit_test(a_target_without_a_number),
        cmocka_unit_test(reports_that_disagree_decide_nothing),
        cmocka_unit_test(another_year_is_not_looked_at),
        cmocka_unit_test(the_reason_names_both_numbers),
        cmocka_unit_test(no_outcome_document_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
