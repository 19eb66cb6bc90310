/* Wuxi's bodies as shipped: the tree, every form of a name, names in running text; then files that
 * are wrong. */
#include "city/organisation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "city/division.h"

#define DATA TAIHU_SOURCE_DIR "/data"

static struct organisation_set *wuxi;

static int load_wuxi(void **state) {
    (void)state;
    struct err err = ERR_INIT;
    wuxi = organisation_set_new();
    if (organisation_load(wuxi, DATA, "wuxi", &err) != OK) {
        print_error("%s\n", err.msg);
        return -1;
    }
    return 0;
}

static int free_wuxi(void **state) {
    (void)state;
    organisation_set_free(wuxi);
    return 0;
}

static void expect_name(const char *name, const char *code) {
    const struct organisation *o = organisation_find_name(wuxi, name, strlen(name));
    if (strcmp(o == NULL ? "" : o->code, code) != 0) {
        fail_msg("%s: expected \"%s\", got \"%s\"", name, code, o == NULL ? "" : o->code);
    }
}

static void the_tree_stands_under_the_city(void **state) {
    (void)state;
    const struct organisation *city = organisation_at(wuxi, 0);
    size_t governments = 0;
    size_t linked = 0;
    assert_string_equal(city->name, "无锡市人民政府");
    assert_null(city->parent);
    for (size_t i = 0; i < organisation_count(wuxi); i++) {
        const struct organisation *o = organisation_at(wuxi, i);
        size_t n = 0;
        for (const struct organisation *k = o->first_child; k != NULL; k = k->next) {
            assert_ptr_equal(k->parent, o);
            n++;
        }
        assert_int_equal(n, o->child_count);
        assert_ptr_equal(organisation_find_code(wuxi, o->code), o);
        assert_true(o->until == 0 || o->until > o->since);
        governments += o->level == ORGANISATION_DISTRICT && strstr(o->name, "人民政府") != NULL;
        linked += n;
    }
    assert_int_equal(governments, 7);
    assert_int_equal(linked, organisation_count(wuxi) - 1);
    assert_string_equal(organisation_level_word(ORGANISATION_DISTRICT), "district");
}

static void every_body_serves_a_division(void **state) {
    (void)state;
    struct division_set *places = division_set_new();
    assert_int_equal(division_load(places, DATA, "wuxi", NULL), OK);
    for (size_t i = 0; i < organisation_count(wuxi); i++) {
        const char *code = organisation_at(wuxi, i)->division;
        assert_non_null(division_find_code(places, code, strlen(code)));
    }
    division_set_free(places);
}

static void every_form_finds_the_body(void **state) {
    (void)state;
    static const char *const samples[][2] = {
        {"无锡市发展和改革委员会", "wuxi.development"},
        {"市发展和改革委员会", "wuxi.development"},
        {"发展和改革委员会", "wuxi.development"},
        {"无锡市发改委", "wuxi.development"},
        {"市发改委", "wuxi.development"},
        {"发改委", "wuxi.development"},
        {"市财政局", "wuxi.finance"},
        {"财政局", "wuxi.finance"},
        {"市市场监督管理局", "wuxi.market"},
        {"市场监督管理局", "wuxi.market"},
        {"市场监管局", "wuxi.market"},
        {"市市政和园林局", "wuxi.parks"},
        {"市政园林局", "wuxi.parks"},
        {"市国资委", "wuxi.assets"},
        {"市大数据管理局", "wuxi.bigdata"},
        {"市数据局", "wuxi.data"},
        {"市政府", "wuxi.government"},
        {"无锡市人民政府", "wuxi.government"},
        {"锡山区人民政府", "xishan.government"},
        {"锡山区政府", "xishan.government"},
        {"江阴市政府", "jiangyin.government"},
        {"经开区管委会", "jingkai.committee"},
        {"政府", ""},
        {"省财政厅", ""},
        {"江阴市财政局", ""},
        {"", ""},
        {"市", ""},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        expect_name(samples[i][0], samples[i][1]);
    }
}

/* Expects just these bodies in the text, in its order, apart by blanks. */
static void expect_scan(const char *text, const char *codes) {
    struct organisation_hit hit = {NULL, 0, 0};
    struct buf got = BUF_INIT;
    while (organisation_scan(wuxi, text, strlen(text), &hit)) {
        buf_addf(&got, "%s%s", got.len > 0 ? " " : "", hit.body->code);
    }
    if (strcmp(got.data == NULL ? "" : got.data, codes) != 0) {
        fail_msg("%s: expected \"%s\", got \"%s\"", text, codes, got.data);
    }
    buf_fini(&got);
}

static void names_are_found_in_text(void **state) {
    (void)state;
    static const char *const samples[][2] = {
        {"由市发改委牵头，市财政局配合。", "wuxi.development wuxi.finance"},
        {"责任单位：市教育局、财政局、住建局", "wuxi.education wuxi.finance wuxi.housing"},
        {"市公安局和应急局、以及卫健委", "wuxi.police wuxi.emergency"},
        {"各单位财政局、教育局", ""},
        {"区教育局、财政局", ""},
        {"江阴市公安局、教育局", ""},
        {"苏州市财政局来访", ""},
        {"无锡市财政局与江阴市财政局", "wuxi.finance"},
        {"江阴市政府、锡山区政府", "jiangyin.government xishan.government"},
        {"城市政府治理", ""},
        {"压减市政府性基金支出", ""},
        {"市政府投资项目由市政府决定", "wuxi.government"},
        {"市政府办公室印发", "wuxi.office"},
        {"市市场监管局", "wuxi.market"},
        {"市政园林局", ""},
        {"、财政局", ""},
        {"和财政局", ""},
        {"", ""},
        {"市", ""},
        {"市发", ""},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        expect_scan(samples[i][0], samples[i][1]);
    }
}

static void a_hit_says_where(void **state) {
    (void)state;
    static const char text[] = "由市发改委牵头";
    struct organisation_hit hit = {NULL, 0, 0};
    assert_true(organisation_scan(wuxi, text, sizeof text - 1, &hit));
    assert_int_equal(hit.from, 3);
    assert_int_equal(hit.to, 15);
    assert_false(organisation_scan(wuxi, text, sizeof text - 1, &hit));
    assert_false(organisation_scan(wuxi, text, sizeof text - 1, &hit));
}

#define HEAD "code,name,short,level,parent,division,since,until,seen\n"
#define CITY "c,无锡市人民政府,市政府,city,,320200,,,\n"

static void wrong_files_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *csv, *words;
    } samples[] = {
        {"code,name\n", "2 columns, not 9"},
        {HEAD "c,无锡市财政局,,city,,320200,,,\n", "the first row is a city's government"},
        {HEAD "c,市人民政府,,city,,320200,,,\n", "the first row is a city's government"},
        {HEAD "c,无锡市人民政府,,city,x,320200,,,\n", "the first row has no parent"},
        {HEAD CITY "d,无锡市财政局,,city,x,320200,,,\n", "line 3: d: there is no \"x\" before it"},
        {HEAD CITY "c,无锡市财政局,,city,c,320200,,,\n", "line 3: code c stands twice"},
        {HEAD CITY "D,无锡市财政局,,city,c,320200,,,\n", "line 3: a code is made of"},
        {HEAD CITY "d,无锡市财政局,,realm,c,320200,,,\n", "a level is city, district or town"},
        {HEAD CITY "d,无锡市财政局,,city,c,32x,,,\n", "are digits"},
        {HEAD CITY "d,无锡市财政局,,city,c,320200,20190,,\n", "since has 5 bytes, not 0 to 4"},
        {HEAD CITY "d,,,city,c,320200,,,\n", "name has 0 bytes, not 1 to 120"},
        {HEAD CITY "d,无锡市财政局,,city,c,320200,,,\ne,无锡市财务局,市财政局,city,c,320200,,,\n",
         "line 4: \"无锡市财政局\" names d already"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct organisation_set *set = organisation_set_new();
        struct err err = ERR_INIT;
        const char *csv = samples[i].csv;
        assert_int_equal(organisation_parse(set, csv, strlen(csv), &err), E_INPUT);
        if (strstr(err.msg, samples[i].words) == NULL) {
            fail_msg("expected \"%s\" in \"%s\"", samples[i].words, err.msg);
        }
        organisation_set_free(set);
    }
    organisation_set_free(NULL);
}

/* A short name that repeats the name is no clash with itself. */
static void a_form_may_repeat_within_a_body(void **state) {
    (void)state;
    static const char csv[] = HEAD CITY "d,无锡市财政局,市财政局 无锡市财政局,city,c,320200,,,\n";
    struct organisation_set *set = organisation_set_new();
    struct err err = ERR_INIT;
    assert_int_equal(organisation_parse(set, csv, sizeof csv - 1, &err), OK);
    assert_int_equal(organisation_count(set), 2);
    organisation_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_stands_under_the_city),
        cmocka_unit_test(every_body_serves_a_division),
        cmocka_unit_test(every_form_finds_the_body),
        cmocka_unit_test(names_are_found_in_text),
        cmocka_unit_test(a_hit_says_where),
        cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(a_form_may_repeat_within_a_body),
    };
    return cmocka_run_group_tests(tests, load_wuxi, free_wuxi);
}
