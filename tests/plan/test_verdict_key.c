/* Which figures belong to one indicator: each on a plan or report of one sentence. */
#include "plan/verdict_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

struct keys {
    struct arena a;
    struct reader *reader;
    struct verdict_key *key;
    size_t n;
};

static void keys_init(struct keys *k) {
    *k = (struct keys){.a = ARENA_INIT, .reader = reader_new()};
}

static void keys_fini(struct keys *k) {
    reader_free(k->reader);
    arena_fini(&k->a);
}

static void read_keys(struct keys *k, const char *form, const char *words) {
    struct buf b = BUF_INIT;
    struct reading r;
    struct err err = ERR_INIT;
    const char *at = strstr(form, "%s");
    buf_add(&b, form, (size_t)(at - form));
    buf_adds(&b, words);
    buf_adds(&b, at + 2);
    struct document doc = {.name = "test.txt", .len = b.len};
    doc.text = arena_dup(&k->a, b.data, b.len);
    buf_fini(&b);
    assert_int_equal(reader_read(k->reader, &doc, &k->a, &r, &err), OK);
    bool plan = form == plan_form;
    verdict_keys(&r, plan ? r.targets : r.outcomes, plan ? r.target_count : r.outcome_count, &k->a,
                 &k->key, &k->n);
}

/* The one key of a sentence, or "" where it has none. */
static const char *key_in(struct keys *k, const char *form, const char *words) {
    read_keys(k, form, words);
    assert_true(k->n <= 1);
    return k->n == 0 ? "" : k->key[0].key;
}

static void it_is_one_key_under_several_names(void **state) {
    (void)state;
    static const char *const same[][2] = {
        {"地区生产总值增长7%", "预计GDP同比增长7.2%"},
        {"地區生產總值增長７％以上", "全市地区生产总值增长6.9%"},
        {"规上工业增加值增长8%左右", "规模以上工业增加值同比增长9%"},
        {"新增高新技术企业100家以上", "新增高新技术企业120家"},
        {"城镇登记失业率控制在4%以内", "城镇登记失业率2.1%"},
        {"单位GDP能耗下降3%", "单位地区生产总值能耗下降3.1%"},
        {"新建公园5个", "建成公园6座"},
    };
    struct keys k;
    keys_init(&k);
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        const char *a = key_in(&k, plan_form, same[i][0]);
        const char *b = key_in(&k, report_form, same[i][1]);
        assert_string_not_equal(a, "");
        assert_string_equal(a, b);
    }
    keys_fini(&k);
}

static void it_parts_what_is_measured_otherwise(void **state) {
    (void)state;
    static const char *const apart[][2] = {
        {"地区生产总值增长7%", "地区生产总值1.4万亿元"},
        {"地区生产总值增长7%", "规上工业增加值增长7%"},
        {"社会融资规模5000亿元", "社会融资规模500亿美元"},
        {"新增5G基站4000个", "5G基站总数达2万个"},
        {"新增高新技术企业100家", "净增高新技术企业100家"},
        {"开工保障房1万套", "竣工保障房1万套"},
        {"单位GDP能耗下降3%", "单位GDP能耗增长3%"},
    };
    struct keys k;
    keys_init(&k);
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
        const char *a = key_in(&k, report_form, apart[i][0]);
        const char *b = key_in(&k, report_form, apart[i][1]);
        assert_string_not_equal(a, b);
        assert_string_not_equal(a, "");
    }
    keys_fini(&k);
}

static void it_has_none_for_other_measures(void **state) {
    (void)state;
    static const char *const none[] = {
        "地区生产总值年均增长7%",
        "上半年地区生产总值增长7%",
        "五年来地区生产总值增长30%",
        "地区生产总值增速高于全省1个百分点",
        "投资增长7%",
        "综合竞争力列全国第10位",
    };
    struct keys k;
    keys_init(&k);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_string_equal(key_in(&k, report_form, none[i]), "");
    }
    keys_fini(&k);
}

static void it_names_the_indicator_for_people(void **state) {
    (void)state;
    static const char *const names[][2] = {
        {"预计GDP同比增长7.2%", "地区生产总值（增长）"},
        {"新增5G基站4000个", "5G基站（新增，个）"},
        {"城镇登记失业率2.1%", "城镇失业率（%）"},
        {"地区生产总值1.4万亿元", "地区生产总值（元）"},
    };
    struct keys k;
    keys_init(&k);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        read_keys(&k, report_form, names[i][0]);
        assert_int_equal(k.n, 1);
        assert_string_equal(k.key[0].name, names[i][1]);
    }
    keys_fini(&k);
}

/* One number that holds for each thing of a list is a point of each. */
static void it_gives_each_of_a_list_its_own(void **state) {
    (void)state;
    struct keys k;
    keys_init(&k);
    const char *retail = key_in(&k, report_form, "社会消费品零售总额增长10%");
    const char *export = key_in(&k, report_form, "外贸出口增长10%");
    read_keys(&k, report_form, "社会消费品零售总额、外贸出口均增长10%");
    assert_int_equal(k.n, 2);
    assert_string_equal(k.key[0].key, retail);
    assert_string_equal(k.key[1].key, export);
    assert_ptr_equal(k.key[0].figure, k.key[1].figure);
    keys_fini(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_one_key_under_several_names),
        cmocka_unit_test(it_parts_what_is_measured_otherwise),
        cmocka_unit_test(it_has_none_for_other_measures),
        cmocka_unit_test(it_names_the_indicator_for_people),
        cmocka_unit_test(it_gives_each_of_a_list_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
