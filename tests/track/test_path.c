/* Drawn paths: what may be drawn, cleared, and what was drawn at an earlier line. What a path
 * expects on a day is in test_light.c. */
#include "track/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/office.h"

static enum code draw_job(struct tx *tx, void *data, struct err *err) {
    int64_t line = 0;
    return path_draw(tx, data, &line, err);
}

static enum code clear_job(struct tx *tx, void *data, struct err *err) {
    int64_t line = 0;
    return path_clear(tx, data, &line, err);
}

/* Points as words: "2021-03 25", NULL behind the last. */
static enum code draw(struct office *o, const struct item *item, const char *const *words) {
    struct path_point points[8];
    struct path_request r = {*item, office_version(o, item), "u/7", points, 0};
    for (; words[r.count] != NULL; r.count++) {
        assert_int_equal(path_parse_month(words[r.count], 7, &points[r.count], NULL), OK);
        points[r.count].value = dec(words[r.count] + 8);
    }
    return fixture_write(&o->f, draw_job, &r);
}

static enum code clear(struct office *o, const struct item *item) {
    struct path_request r = {*item, office_version(o, item), "u/7", NULL, 0};
    return fixture_write(&o->f, clear_job, &r);
}

static bool find(struct office *o, const struct item *item, int64_t as_of, struct path *path) {
    bool found = false;
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(path_find(tx, item, as_of, &o->arena, path, &found, &o->f.err), OK);
    store_read_end(tx);
    return found;
}

static const char *const even[] = {"2021-03 25", "2021-06 50", "2021-12 100", NULL};
static const char *const late[] = {"2021-09 3", NULL};

static void it_is_drawn_and_cleared(void **state) {
    (void)state;
    struct office o;
    struct path path;
    char subject[ITEM_SUBJECT_MAX];
    office_init(&o);
    struct item task = office_item(&o, KEPT_TASK, "投资");
    int64_t before = office_lines(&o);
    assert_int_equal(draw(&o, &task, even), OK);
    office_expect_line(&o, item_subject(&task, subject), "path.drawn",
                       "{\"points\":[{\"month\":\"2021-03\",\"value\":\"25\"},"
                       "{\"month\":\"2021-06\",\"value\":\"50\"},");
    assert_int_equal(draw(&o, &task, late), OK);
    assert_int_equal(clear(&o, &task), OK);
    office_expect_line(&o, item_subject(&task, subject), "path.cleared", "{}");
    assert_int_equal(clear(&o, &task), E_ABSENT);
    assert_false(find(&o, &task, before, &path));
    assert_true(find(&o, &task, before + 1, &path));
    assert_int_equal(path.count, 3);
    assert_int_equal(path.points[1].month, 6);
    assert_int_equal(decimal_cmp(path.points[1].value, decimal_of(50)), 0);
    assert_true(find(&o, &task, before + 2, &path));
    assert_int_equal(path.count, 1);
    assert_false(find(&o, &task, INT64_MAX, &path));
    office_fini(&o);
}

static void it_refuses_what_is_no_path(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct item share = office_item(&o, KEPT_TASK, "投资");
    struct item half = office_item(&o, KEPT_TARGET, "高新技术企业"); /* due on 30 June */
    static const struct {
        const char *points[4];
        const char *words;
    } bad[] = {{{NULL}, "at least one point"},
               {{"2021-03 5", "2021-03 6", NULL}, "2021-03 does not"},
               {{"2021-04 5", "2021-03 6", NULL}, "2021-03 does not"},
               {{"2020-12 5", NULL}, "2020-12 lies outside 2021-01 to 2021-12"},
               {{"2022-01 5", NULL}, "2022-01 lies outside"},
               {{"2021-05 -1", NULL}, "does not go below 0"},
               {{"2021-05 100.5", NULL}, "0 to 100 %"}};
    int64_t before = office_lines(&o);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(draw(&o, &share, bad[i].points), E_INPUT);
        assert_says(&o.f, bad[i].words);
    }
    static const char *const july[] = {"2021-07 5", NULL};
    static const char *const june[] = {"2021-05 500", "2021-06 100", NULL}; /* may fall */
    assert_int_equal(draw(&o, &half, july), E_INPUT);
    assert_says(&o.f, "outside 2021-01 to 2021-06");
    assert_int_equal(office_lines(&o), before);
    assert_int_equal(draw(&o, &half, june), OK);
    struct path_point point = {2021, 5, {1, 0}};
    struct path_request stale = {half, before, "u/7", &point, 1};
    assert_int_equal(fixture_write(&o.f, draw_job, &stale), E_CONFLICT);
    stale.seen = office_version(&o, &half);
    stale.count = PATH_POINTS_MAX + 1;
    assert_int_equal(fixture_write(&o.f, draw_job, &stale), E_LIMIT);
    office_fini(&o);
}

static void months_are_read_exactly(void **state) {
    (void)state;
    static const char *const bad[] = {"2021-13",    "2021-00", "2021/03", "21-03",  "2021-3",
                                      "2021-03-01", "0000-01", "",        "2o21-03"};
    struct path_point p;
    char text[PATH_MONTH_TEXT];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(path_parse_month(bad[i], strlen(bad[i]), &p, NULL), E_INPUT);
    }
    assert_int_equal(path_parse_month("2021-03", 7, &p, NULL), OK);
    assert_string_equal(path_month_text(&p, text), "2021-03");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_drawn_and_cleared),
        cmocka_unit_test(it_refuses_what_is_no_path),
        cmocka_unit_test(months_are_read_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
