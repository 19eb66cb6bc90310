/* Series: which figures of several years' documents become one line, which of several stands, and
 * that the lines follow what is kept. */
#include "track/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "track/desk.h"
#include "track/place_int.h"

static const struct schema *const schemas[] = {&kept_schema};

#define CITY "湖州市人民政府"
#define REPORT(year, by, past, facts, goals)                                                       \
    year "年政府工作报告\n各位代表：\n现在，我代表" by "，向大会报告工作。\n一、" past             \
         "年工作回顾\n" past "年，我们做了以下工作。" facts "\n二、" year                          \
         "年工作安排\n今年主要预期目标是：" goals "\n（一）着力改善民生\n新增路灯100盏。\n"

static const char year_2020[] = REPORT("2020", CITY, "2019", "GDP增长6.9%。新建公园4个。",
                                       "地区生产总值增长7%以上，城镇新增就业12万人。");
static const char year_2021[] =
    REPORT("2021", CITY, "2020", "地区生产总值增长3.7%，达1.2万亿元。城镇新增就业12.6万人。",
           "地區生產總值增長6.5%-7%，城鎮新增就業13.5萬人。");
static const char year_2022[] =
    REPORT("2022", CITY, "2021", "全市地区生产总值增长8.8%。", "地区生产总值增长6%左右。");

struct shelf {
    struct desk d;
    struct series *series;
};

static void shelf_init(struct shelf *s) {
    desk_init(&s->d, schemas, 1);
    s->series = series_new(s->d.reader);
}

static void shelf_fini(struct shelf *s) {
    series_free(s->series);
    desk_fini(&s->d);
}

static struct series_line *list(struct shelf *s, const char *words, size_t *n) {
    struct series_line *all = NULL;
    struct tx *tx = fixture_read(&s->d.f);
    if (series_list(tx, s->series, words, &s->d.arena, &all, n, &s->d.f.err) != OK) {
        fail_msg("%s", s->d.f.err.msg);
    }
    store_read_end(tx);
    return all;
}

/* The one line of this name in this place. */
static struct series_line line_named(struct shelf *s, const char *place, const char *name) {
    size_t n;
    struct series_line *all = list(s, NULL, &n);
    struct series_line found = {.name = NULL};
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i].name, name) == 0 && strcmp(all[i].place, place) == 0) {
            assert_null(found.name);
            found = all[i];
        }
    }
    if (found.name == NULL) {
        fail_msg("no line %s of %s", name, place);
    }
    return found;
}

static struct series_point *points(struct shelf *s, const char *place, const char *name,
                                   size_t *n) {
    struct series_line want = line_named(s, place, name);
    struct series_line line;
    struct series_point *all = NULL;
    struct tx *tx = fixture_read(&s->d.f);
    if (series_find(tx, s->series, want.key, &s->d.arena, &line, &all, n, &s->d.f.err) != OK) {
        fail_msg("%s", s->d.f.err.msg);
    }
    store_read_end(tx);
    assert_string_equal(line.key, want.key);
    assert_string_equal(line.name, name);
    assert_int_equal(line.years, *n);
    assert_int_equal(line.first, all[0].year);
    assert_int_equal(line.last, all[*n - 1].year);
    return all;
}

static void assert_value(const struct series_figure *f, int64_t plan, const char *value,
                         const char *unit) {
    assert_int_equal(f->plan, plan);
    if (value == NULL) {
        assert_null(f->value);
        return;
    }
    assert_string_equal(f->value, value);
    assert_string_equal(f->unit, unit);
}

static void it_puts_the_years_of_an_indicator_on_one_line(void **state) {
    (void)state;
    struct shelf s;
    size_t n;
    shelf_init(&s);
    int64_t b = desk_keep(&s.d, year_2021);
    int64_t a = desk_keep(&s.d, year_2020); /* in any order */
    int64_t c = desk_keep(&s.d, year_2022);
    struct series_point *p = points(&s, "湖州市", "地区生产总值（增长）", &n);
    assert_int_equal(n, 4);
    assert_int_equal(p[0].year, 2019);
    assert_value(&p[0].target, 0, NULL, NULL);
    assert_value(&p[0].outcome, a, "6.9", "%");
    assert_value(&p[1].target, a, "7", "%");
    assert_string_equal(p[1].target.comparator, "ge");
    assert_string_equal(p[1].target.kind, "growth_rate");
    assert_int_equal(p[1].target.number, 1);
    assert_null(p[1].target.value_max);
    assert_value(&p[1].outcome, b, "3.7", "%");
    assert_int_equal(p[1].outcome.number, 0);
    assert_value(&p[2].target, b, "6.5", "%");
    assert_string_equal(p[2].target.value_max, "7");
    assert_value(&p[2].outcome, c, "8.8", "%");
    assert_value(&p[3].target, c, "6", "%");
    assert_string_equal(p[3].target.comparator, "about");
    assert_value(&p[3].outcome, 0, NULL, NULL);
    assert_string_equal(p[2].outcome.text, "全市地区生产总值增长8.8%");
    assert_memory_equal(year_2022 + p[2].outcome.span.from, p[2].outcome.text,
                        strlen(p[2].outcome.text));
    p = points(&s, "湖州市", "地区生产总值（元）", &n); /* a level is another line */
    assert_int_equal(n, 1);
    assert_value(&p[0].outcome, b, "1.2", "万亿元");
    assert_string_equal(p[0].outcome.base_value, "1200000000000");
    assert_string_equal(p[0].outcome.base_unit, "元");
    p = points(&s, "湖州市", "城镇就业（人）", &n);
    assert_int_equal(n, 2);
    assert_value(&p[1].target, b, "13.5", "萬人");
    shelf_fini(&s);
}

static void it_finds_lines_by_their_words(void **state) {
    (void)state;
    static const struct {
        const char *words;
        size_t lines;
    } searches[] = {
        {"地区生产总值", 2}, {"地區生產總值", 2}, {"GDP", 2}, {"gdp", 2},
        {"就业", 1},         {"（增长）", 1},     {"", 5},    {"没有这个", 0},
    };
    struct shelf s;
    size_t n;
    shelf_init(&s);
    assert_int_equal((list(&s, NULL, &n), n), 0); /* nothing is kept */
    desk_keep(&s.d, year_2020);
    desk_keep(&s.d, year_2021);
    for (size_t i = 0; i < sizeof searches / sizeof searches[0]; i++) {
        list(&s, searches[i].words, &n);
        if (n != searches[i].lines) {
            fail_msg("\"%s\" finds %zu lines", searches[i].words, n);
        }
    }
    struct series_line *all = list(&s, NULL, &n);
    assert_int_equal(n, 5);
    for (size_t i = 1; i < n; i++) {
        assert_true(all[i - 1].years >= all[i].years);
    }
    struct series_line line;
    struct series_point *p;
    struct tx *tx = fixture_read(&s.d.f);
    assert_int_equal(
        series_find(tx, s.series, "0123456789abcdef", &s.d.arena, &line, &p, &n, &s.d.f.err),
        E_ABSENT);
    store_read_end(tx);
    shelf_fini(&s);
}

/* Of two plans for one year the one kept first, but main targets before others; of two reports of
 * one year the one kept first. */
static void it_takes_one_of_several(void **state) {
    (void)state;
    struct shelf s;
    size_t n;
    shelf_init(&s);
    int64_t side = desk_keep(
        &s.d, "2021年工作要点\n各位代表：\n现在，我代表湖州市发展改革委，向大会报告工作。\n"
              "一、2021年重点工作\n（一）着力推进创新\n地区生产总值增长9%。城镇新增就业15万人。\n");
    int64_t main = desk_keep(&s.d, year_2021);
    struct series_point *p = points(&s, "湖州市", "地区生产总值（增长）", &n);
    assert_value(&p[1].target, main, "6.5", "%");
    assert_true(side < main);
    int64_t first = desk_keep(&s.d, year_2022);
    desk_keep(&s.d,
              REPORT("2022", "湖州市统计局", "2021", "地区生产总值增长8.6%。", "新建公园5个。"));
    p = points(&s, "湖州市", "地区生产总值（增长）", &n);
    assert_int_equal(p[1].year, 2021);
    assert_value(&p[1].outcome, first, "8.8", "%");
    shelf_fini(&s);
}

static void it_keeps_cities_apart(void **state) {
    (void)state;
    struct shelf s;
    size_t n;
    shelf_init(&s);
    int64_t a = desk_keep(&s.d, year_2020);
    int64_t b = desk_keep(
        &s.d, REPORT("2020", "太湖市人民政府", "2019", "GDP增长5%。", "地区生产总值增长5.5%。"));
    struct series_point *p = points(&s, "湖州市", "地区生产总值（增长）", &n);
    assert_value(&p[1].target, a, "7", "%");
    p = points(&s, "太湖市", "地区生产总值（增长）", &n);
    assert_value(&p[1].target, b, "5.5", "%");
    struct series_line x = line_named(&s, "湖州市", "地区生产总值（增长）");
    struct series_line y = line_named(&s, "太湖市", "地区生产总值（增长）");
    assert_string_not_equal(x.key, y.key);
    shelf_fini(&s);
}

static void it_follows_what_is_kept(void **state) {
    (void)state;
    struct shelf s;
    size_t n;
    shelf_init(&s);
    int64_t plan = desk_keep(&s.d, year_2020);
    struct series_line before = line_named(&s, "湖州市", "地区生产总值（增长）");
    struct tx *old = fixture_read(&s.d.f);
    desk_keep(&s.d, REPORT("2020", CITY, "2019", "GDP增长6.9%。新建公园4个。",
                           "固定资产投资增长5%，地区生产总值增长8%以上，城镇新增就业12万人。"));
    struct series_point *p = points(&s, "湖州市", "地区生产总值（增长）", &n);
    assert_value(&p[1].target, plan, "8", "%");
    assert_int_equal(p[1].target.number, 1); /* its own through the correction */
    assert_string_equal(line_named(&s, "湖州市", "地区生产总值（增长）").key, before.key);
    desk_keep(&s.d, year_2021);
    points(&s, "湖州市", "地区生产总值（增长）", &n);
    assert_int_equal(n, 3);
    struct series_line line; /* a snapshot of before still sees what was so */
    assert_int_equal(series_find(old, s.series, before.key, &s.d.arena, &line, &p, &n, &s.d.f.err),
                     OK);
    assert_int_equal(n, 2);
    assert_value(&p[1].target, plan, "7", "%");
    store_read_end(old);
    shelf_fini(&s);
}

/* Rows that an earlier version of the grammar would have left: the point stands, its number not. */
static void it_leaves_a_number_open_that_cannot_be_told(void **state) {
    (void)state;
    struct shelf s;
    size_t n;
    shelf_init(&s);
    int64_t plan = desk_keep(&s.d, year_2020);
    raw_change(s.d.f.path, "UPDATE plan_target SET span_to = span_to - 3 WHERE number = 1");
    struct series_point *p = points(&s, "湖州市", "地区生产总值（增长）", &n);
    assert_value(&p[1].target, plan, "7", "%");
    assert_int_equal(p[1].target.number, 0);
    shelf_fini(&s);
}

/* Real reports of one city, of years with gaps between, and the office's plan in traditional
 * characters. */
static void it_reads_a_citys_reports_as_one_line(void **state) {
    (void)state;
    static const char *const files[] = {"tests/golden/documents/wuxi-2013.txt",
                                        "tests/golden/documents/wuxi-2018.txt",
                                        "samples/wuxi-2021.txt",
                                        "samples/wuxi-2022.txt",
                                        "tests/golden/documents/wuxi-2023.txt",
                                        "tests/golden/documents/wuxi-2024.txt",
                                        "tests/golden/documents/nantong-2021.txt"};
    static const struct {
        int year;
        const char *target, *outcome;
    } want[] = {{2012, NULL, "10"}, {2013, "10", NULL}, {2017, NULL, "7.4"}, {2018, "7", NULL},
                {2021, "7", "8.8"}, {2022, "6", "3"},   {2023, "5", "6"},    {2024, "5.5", NULL}};
    struct shelf s;
    size_t n;
    shelf_init(&s);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        desk_keep_file(&s.d, files[i]);
    }
    struct series_point *p = points(&s, "无锡市", "地区生产总值（增长）", &n);
    assert_int_equal(n, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(p[i].year, want[i].year);
        if (want[i].target == NULL) {
            assert_int_equal(p[i].target.plan, 0);
        } else {
            assert_string_equal(p[i].target.value, want[i].target);
        }
        if (want[i].outcome == NULL) {
            assert_int_equal(p[i].outcome.plan, 0);
        } else {
            assert_string_equal(p[i].outcome.value, want[i].outcome);
        }
    }
    assert_string_equal(p[3].target.value_max, "7.5");
    line_named(&s, "南通市", "地区生产总值（增长）");
    shelf_fini(&s);
}

/* ---- whose plan it is ---- */

static void it_tells_whose_plan_it_is(void **state) {
    (void)state;
    static const struct {
        const char *issuer, *title, *place;
    } all[] = {
        {"无锡市人民政府", "2021年政府工作报告", "无锡市"},
        {"無錫市發展和改革委員會", "2021年政府工作重點", "无锡市"},
        {"无锡市市场监督管理局", NULL, "无锡市"},
        {"市人民政府", "南通市政府工作报告（2021年1月19日 王晖）", "南通市"},
        {"市人民政府", "武汉市2021年政府工作报告", "武汉市"},
        {"市人民政府", "银川市第十五届人民代表大会第五次会议政府工作报告（2021年）", "银川市"},
        {"市人民政府", "重庆市人民政府工作报告（2021年）", "重庆市"},
        {"无锡市梁溪区人民政府", NULL, "无锡市梁溪区"},
        {NULL, "无锡市梁溪区2021年政府工作报告", "无锡市梁溪区"},
        {"江苏省人民政府", NULL, "江苏省"},
        {"市人民政府", "2021年政府工作报告", "市人民政府"},
        {NULL, "2021年政府工作報告", "2021年政府工作报告"},
        {NULL, NULL, ""},
    };
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        assert_string_equal(place_of(all[i].issuer, all[i].title, &a), all[i].place);
    }
    arena_fini(&a);
}

/* ---- threads ---- */

enum { THREADS = 6, ROUNDS = 8 };

struct asker {
    struct shelf *shelf;
    const char *key;
    int wrong;
};

/* While another keeps plans: each answer is whole, and of as many years as plans are seen. */
static void *ask_often(void *data) {
    struct asker *k = data;
    struct arena a = ARENA_INIT;
    for (int i = 0; i < ROUNDS; i++) {
        struct tx *tx;
        struct err err = ERR_INIT;
        struct kept_plan *plans;
        struct series_line line;
        struct series_point *p;
        size_t plan_count;
        size_t n;
        if (store_read(k->shelf->d.f.store, &tx, &err) != OK) {
            k->wrong++;
            continue;
        }
        bool right = kept_list(tx, &a, &plans, &plan_count, &err) == OK &&
                     series_find(tx, k->shelf->series, k->key, &a, &line, &p, &n, &err) == OK &&
                     n == plan_count + 1 && strcmp(p[0].outcome.value, "6.9") == 0;
        k->wrong += !right;
        store_read_end(tx);
        arena_reset(&a);
    }
    arena_fini(&a);
    return NULL;
}

static void threads_may_share_it(void **state) {
    (void)state;
    struct shelf s;
    pthread_t thread[THREADS];
    struct asker asker[THREADS];
    shelf_init(&s);
    desk_keep(&s.d, year_2020);
    struct series_line line = line_named(&s, "湖州市", "地区生产总值（增长）");
    for (int i = 0; i < THREADS; i++) {
        asker[i] = (struct asker){&s, line.key, 0};
        assert_int_equal(pthread_create(&thread[i], NULL, ask_often, &asker[i]), 0);
    }
    desk_keep(&s.d, year_2021);
    desk_keep(&s.d, year_2022);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(asker[i].wrong, 0);
    }
    shelf_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_puts_the_years_of_an_indicator_on_one_line),
        cmocka_unit_test(it_finds_lines_by_their_words),
        cmocka_unit_test(it_takes_one_of_several),
        cmocka_unit_test(it_keeps_cities_apart),
        cmocka_unit_test(it_follows_what_is_kept),
        cmocka_unit_test(it_leaves_a_number_open_that_cannot_be_told),
        cmocka_unit_test(it_reads_a_citys_reports_as_one_line),
        cmocka_unit_test(it_tells_whose_plan_it_is),
        cmocka_unit_test(threads_may_share_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
