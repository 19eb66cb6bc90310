/* test_reader: one small document read whole: its tree, its targets and results, and that every
 * span quotes the document's own bytes. */
#include "plan/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static const char report[] =
    "---\n"
    "source: https://example.org/report\n"
    "title: 某市政府工作报告（2021年1月20日 张三）\n"
    "---\n"
    "\n"
    "各位代表：\n"
    "现在，我代表某市人民政府，向大会报告工作。\n"
    "一、2020年工作回顾\n"
    "过去一年，新增就业10万人，生产总值增长6%。\n"
    "“十三五”时期，建成地铁3条。\n"
    "二、“十四五”时期目标任务\n"
    "到2025年，生产总值突破２万亿元。\n"
    "三、2021年重点工作\n"
    "今年经济社会发展主要预期目标是：地区生产总值增长6%—7%，空气质量持续改善。\n"
    "（一）着力推進創新\n"
    "提升企业能力。上半年新增高新技术企业100家以上，培育\xF0\xA0\x80\x8B企业5家；"
    "完成投资13.5亿元（责任单位：市工信局）。\n"
    "激发人才活力。引进大学生10余万人。\n"
    "（二）着力改善民生\n"
    "6月底前开工两条新线，生活垃圾分类实现全覆盖。\n"
    "各位代表！让我们团结奋斗。\n";

struct fixture {
    struct arena arena;
    struct reading reading;
};

static int set_up(void **state) {
    static struct fixture f;
    struct reader *reader = reader_new();
    struct err err = ERR_INIT;
    struct document doc = {DOCUMENT_TEXT, "report.txt", NULL, report, sizeof report - 1};
    f = (struct fixture){.arena = ARENA_INIT};
    assert_int_equal(reader_read(reader, &doc, &f.arena, &f.reading, &err), OK);
    reader_free(reader); /* a reading does not need its reader */
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    arena_fini(&f->arena);
    return 0;
}

static const char *quote(struct fixture *f, struct span s) {
    assert_true(s.from <= s.to && s.to <= f->reading.doc.len);
    return arena_dup(&f->arena, f->reading.doc.text + s.from, s.to - s.from);
}

static void the_document_says_what_it_is(void **state) {
    struct fixture *f = *state;
    const struct reading *r = &f->reading;
    assert_string_equal(r->title_text, "某市政府工作报告（2021年1月20日 张三）");
    assert_string_equal(quote(f, r->title), r->title_text);
    assert_string_equal(r->issuer, "某市人民政府");
    assert_null(r->index_no);
    assert_string_equal(r->issued, "");
    assert_int_equal(r->year, 2021);
}

static void sections_cover_the_document(void **state) {
    struct fixture *f = *state;
    static const struct {
        enum section_role role;
        const char *title;
    } want[] = {
        {SECTION_PREAMBLE, ""},
        {SECTION_REVIEW, "2020年工作回顾"},
        {SECTION_LONG_TERM, "“十四五”时期目标任务"},
        {SECTION_PLAN, "2021年重点工作"},
        {SECTION_CLOSING, ""},
    };
    const struct reading *r = &f->reading;
    assert_int_equal(r->section_count, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < r->section_count; i++) {
        const struct section *x = &r->sections[i];
        assert_int_equal(x->role, want[i].role);
        assert_string_equal(quote(f, x->title), want[i].title);
        if (i > 0) {
            assert_true(r->sections[i - 1].span.to <= x->span.from);
        }
    }
}

static void areas_hold_measures_and_tasks(void **state) {
    struct fixture *f = *state;
    const struct reading *r = &f->reading;
    assert_int_equal(r->area_count, 2);
    assert_int_equal(r->areas[0].no, 1);
    assert_string_equal(quote(f, r->areas[0].title), "着力推進創新");
    assert_int_equal(r->areas[1].no, 2);
    assert_string_equal(quote(f, r->areas[1].title), "着力改善民生");
    assert_int_equal(r->areas[0].measure_from, 0);
    assert_int_equal(r->areas[0].measure_to, 2);
    assert_int_equal(r->areas[1].measure_from, 2);
    assert_int_equal(r->areas[1].measure_to, 3);
    assert_int_equal(r->measure_count, 3);
    assert_string_equal(quote(f, r->measures[0].title), "提升企业能力");
    assert_string_equal(quote(f, r->measures[1].title), "激发人才活力");
    assert_string_equal(quote(f, r->measures[2].title), "6月底前开工两条新线");
}

static void tasks_have_ids_clauses_and_days(void **state) {
    struct fixture *f = *state;
    static const struct {
        const char *id;
        const char *text;
        uint32_t actions;
        const char *deadline;
    } want[] = {
        {"1.1.1", "上半年新增高新技术企业100家以上，培育\xF0\xA0\x80\x8B企业5家", 2, "2021-06-30"},
        {"1.1.2", "完成投资13.5亿元（责任单位：市工信局）", 1, ""},
        {"1.2.1", "引进大学生10余万人", 1, ""},
        {"2.1.1", "6月底前开工两条新线，生活垃圾分类实现全覆盖", 2, "2021-06-30"},
    };
    const struct reading *r = &f->reading;
    assert_int_equal(r->task_count, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < r->task_count; i++) {
        assert_string_equal(r->tasks[i].id, want[i].id);
        assert_string_equal(quote(f, r->tasks[i].text), want[i].text);
        assert_int_equal(r->tasks[i].action_count, want[i].actions);
        assert_string_equal(r->tasks[i].deadline, want[i].deadline);
    }
    assert_string_equal(quote(f, r->tasks[0].actions[0]), "上半年新增高新技术企业100家以上");
    assert_string_equal(quote(f, r->tasks[0].actions[1]), "培育\xF0\xA0\x80\x8B企业5家");
}

static void the_stated_owner_is_kept(void **state) {
    struct fixture *f = *state;
    const struct task *t = &f->reading.tasks[1];
    assert_true(t->responsible_count >= 1);
    assert_string_equal(t->responsible[0].name, "市工信局");
    assert_int_equal(t->responsible[0].source, OWNER_DOCUMENT);
}

static const char *or_none(const char *s) {
    return s == NULL ? "-" : s;
}

/* id|clause|indicator|number|unit|in base units|comparator|kind|horizon or period|area|task id, and
 * what else is true of it. */
static void describe(struct fixture *f, const struct figure *x, struct buf *out) {
    char value[DECIMAL_TEXT_MAX];
    buf_clear(out);
    buf_addf(out, "%s|%s|%s|%s|%s", x->id, quote(f, x->text), quote(f, x->indicator),
             quote(f, x->number), or_none(x->unit));
    buf_addf(out, "|%s%s%s", x->has_base ? decimal_text(x->base_value, value) : "",
             x->has_base ? " " : "", x->has_base ? x->base_unit : "-");
    buf_addf(out, "|%s|%s|%s|%d|%s", or_none(comparator_name(x->comparator)),
             or_none(figure_kind_name(x->kind)),
             or_none(x->period != NULL ? x->period : x->horizon), x->area,
             x->task < 0 ? "-" : f->reading.tasks[x->task].id);
    buf_addf(out, "%s%s%s", x->overall ? "|overall" : "", x->spelled ? "|spelled" : "",
             x->has_max ? "|to " : "");
    buf_adds(out, x->has_max ? decimal_text(x->value_max, value) : "");
}

static void expect_figures(struct fixture *f, const struct figure *figures, size_t count,
                           const char *const *want, size_t n) {
    struct buf got = BUF_INIT;
    assert_int_equal(count, n);
    for (size_t i = 0; i < n; i++) {
        describe(f, &figures[i], &got);
        assert_string_equal(got.data, want[i]);
    }
    buf_fini(&got);
}

static void targets_in_document_order(void **state) {
    struct fixture *f = *state;
    static const char *const want[] = {
        "t1|生产总值突破２万亿元|生产总值|２万亿元|万亿元|2000000000000 元|ge|level|2025|0|-",
        "t2|地区生产总值增长6%—7%|地区生产总值|6%—7%|%|6 %|eq|growth_rate|-|0|-|overall|to 7",
        "t3|空气质量持续改善|空气质量||-|-|-|qualitative|-|0|-|overall",
        "t4|上半年新增高新技术企业100家以上|高新技术企业|100家|家|100 家|ge|new|-|1|1.1.1",
        "t5|培育\xF0\xA0\x80\x8B企业5家|\xF0\xA0\x80\x8B企业|5家|家|5 家|eq|count|-|1|1.1.1",
        "t6|完成投资13.5亿元（责任单位：市工信局）|投资|13.5亿元|亿元|1350000000 "
        "元|eq|complete|-|1|"
        "1.1.2",
        "t7|引进大学生10余万人|大学生|10余万人|万人|100000 人|ge|new|-|1|1.2.1",
        "t8|6月底前开工两条新线|新线|两条|条|2 条|eq|new|-|2|2.1.1|spelled",
        "t9|生活垃圾分类实现全覆盖|生活垃圾分类|全覆盖|%|100 %|eq|ratio|-|2|2.1.1|spelled",
    };
    const struct reading *r = &f->reading;
    expect_figures(f, r->targets, r->target_count, want, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < r->target_count; i++) {
        assert_null(r->targets[i].period);
    }
    assert_false(r->targets[2].has_value);
    assert_int_equal(r->targets[5].value.coef, 135);
    assert_int_equal(r->targets[5].value.scale, 1);
}

static void outcomes_name_their_period(void **state) {
    struct fixture *f = *state;
    static const char *const want[] = {
        "o1|新增就业10万人|新增就业|10万人|万人|100000 人|eq|new|2020|0|-",
        "o2|生产总值增长6%|生产总值|6%|%|6 %|eq|growth_rate|2020|0|-",
        "o3|建成地铁3条|地铁|3条|条|3 条|eq|complete|five-year|0|-",
    };
    const struct reading *r = &f->reading;
    expect_figures(f, r->outcomes, r->outcome_count, want, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < r->outcome_count; i++) {
        assert_null(r->outcomes[i].horizon);
    }
}

static void a_text_without_a_plan_is_an_error(void **state) {
    (void)state;
    static const char *const texts[] = {"", "今天天气很好。\n", "会议通知\n请于3月5日到会。\n"};
    struct reader *reader = reader_new();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct reading untouched = {.year = 1};
        struct document doc = {DOCUMENT_TEXT, "note.txt", NULL, texts[i], strlen(texts[i])};
        assert_int_equal(reader_read(reader, &doc, &a, &untouched, &err), E_INPUT);
        assert_non_null(strstr(err.msg, "cannot find a plan"));
        assert_int_equal(untouched.year, 1);
        arena_fini(&a);
    }
    reader_free(reader);
    reader_free(NULL);
}

/* The file's own title stands in where the text has none. */
static void the_file_s_title_stands_in(void **state) {
    (void)state;
    static const char text[] = "一、推进创新\n新增企业100家。\n二、改善民生\n新建学校10所。\n";
    struct reader *reader = reader_new();
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct reading r;
    struct document doc = {DOCUMENT_DOCX, "a.docx", "工作要点", text, sizeof text - 1};
    assert_int_equal(reader_read(reader, &doc, &a, &r, &err), OK);
    assert_string_equal(r.title_text, "工作要点");
    assert_int_equal(r.title.from, r.title.to);
    assert_int_equal(r.year, 0);
    arena_fini(&a);
    reader_free(reader);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_says_what_it_is),
        cmocka_unit_test(sections_cover_the_document),
        cmocka_unit_test(areas_hold_measures_and_tasks),
        cmocka_unit_test(tasks_have_ids_clauses_and_days),
        cmocka_unit_test(the_stated_owner_is_kept),
        cmocka_unit_test(targets_in_document_order),
        cmocka_unit_test(outcomes_name_their_period),
        cmocka_unit_test(a_text_without_a_plan_is_an_error),
        cmocka_unit_test(the_file_s_title_stands_in),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
