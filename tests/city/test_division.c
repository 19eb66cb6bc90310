/* Wuxi's divisions as shipped: counts, tree, kinds, names, and the grid code; then files that are
 * wrong. */
#include "city/division.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

#define DATA TAIHU_SOURCE_DIR "/data"

static struct division_set *wuxi;

static int load_wuxi(void **state) {
    (void)state;
    struct err err = ERR_INIT;
    wuxi = division_set_new();
    if (division_load(wuxi, DATA, "wuxi", &err) != OK) {
        print_error("%s\n", err.msg);
        return -1;
    }
    return 0;
}

static int free_wuxi(void **state) {
    (void)state;
    division_set_free(wuxi);
    return 0;
}

static const struct division *by_code(const char *code) {
    return division_find_code(wuxi, code, strlen(code));
}

static void seven_districts_88_towns_1254_communities(void **state) {
    (void)state;
    size_t levels[4] = {0};
    size_t kinds[DIVISION_OTHER + 1] = {0};
    for (size_t i = 0; i < division_count(wuxi); i++) {
        levels[division_at(wuxi, i)->level]++;
        kinds[division_at(wuxi, i)->kind]++;
    }
    assert_int_equal(levels[DIVISION_CITY], 1);
    assert_int_equal(levels[DIVISION_DISTRICT], 7);
    assert_int_equal(levels[DIVISION_TOWN], 88);
    assert_int_equal(levels[DIVISION_COMMUNITY], 1254);
    /* the totals that standards count: 42 streets, 30 towns, 16 zones */
    assert_int_equal(kinds[DIVISION_STREET], 42);
    assert_int_equal(kinds[DIVISION_TOWN_PROPER], 30);
    assert_int_equal(kinds[DIVISION_ZONE], 16);
    assert_int_equal(kinds[DIVISION_CITY_DISTRICT], 5);
    assert_int_equal(kinds[DIVISION_COUNTY_CITY], 2);
    assert_int_equal(kinds[DIVISION_OTHER] + kinds[DIVISION_TOWNSHIP], 0);
}

/* Streets, towns and zones of each district. */
static void towns_of_each_district(void **state) {
    (void)state;
    static const struct {
        const char *code, *name;
        size_t street, town, zone;
    } samples[] = {
        {"320205", "锡山区", 3, 4, 2},  {"320206", "惠山区", 5, 2, 2},
        {"320211", "滨湖区", 8, 1, 0},  {"320213", "梁溪区", 9, 0, 0},
        {"320214", "新吴区", 6, 0, 4},  {"320281", "江阴市", 6, 10, 5},
        {"320282", "宜兴市", 5, 13, 3},
    };
    const struct division *d = by_code("320200")->first_child;
    for (size_t i = 0; i < 7; i++, d = d->next) {
        size_t kinds[DIVISION_OTHER + 1] = {0};
        assert_string_equal(d->code, samples[i].code);
        assert_string_equal(d->name, samples[i].name);
        for (const struct division *k = d->first_child; k != NULL; k = k->next) {
            assert_ptr_equal(k->parent, d);
            kinds[k->kind]++;
        }
        assert_int_equal(kinds[DIVISION_STREET], samples[i].street);
        assert_int_equal(kinds[DIVISION_TOWN_PROPER], samples[i].town);
        assert_int_equal(kinds[DIVISION_ZONE], samples[i].zone);
        assert_int_equal(d->child_count, samples[i].street + samples[i].town + samples[i].zone);
    }
    assert_null(d);
}

static void every_child_is_linked_once(void **state) {
    (void)state;
    size_t linked = 0;
    for (size_t i = 0; i < division_count(wuxi); i++) {
        const struct division *d = division_at(wuxi, i);
        size_t n = 0;
        for (const struct division *k = d->first_child; k != NULL; k = k->next) {
            assert_ptr_equal(k->parent, d);
            assert_int_equal(k->level, d->level + 1);
            n++;
        }
        assert_int_equal(n, d->child_count);
        assert_ptr_equal(by_code(d->code), d);
        linked += n;
    }
    assert_int_equal(linked, division_count(wuxi) - 1);
}

static void codes_are_found(void **state) {
    (void)state;
    static const struct {
        const char *code, *name;
    } samples[] = {
        {"320200", "无锡市"},        {"320213", "梁溪区"},
        {"320213021", "崇安寺街道"}, {"320213021001", "胜利门社区居委会"},
        {"320213000000", "梁溪区"},  {"320213021000", "崇安寺街道"},
        {"320200000000", "无锡市"},
    };
    static const char *const none[] = {"",       "3202",      "320202",       "32021",
                                       "32021x", "320213000", "320213021999", "3202130210010"};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        assert_non_null(by_code(samples[i].code));
        assert_string_equal(by_code(samples[i].code)->name, samples[i].name);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_null(by_code(none[i]));
    }
    assert_string_equal(division_level_word(by_code("320213021")->level), "town");
    assert_string_equal(division_kind_word(by_code("320213021")->kind), "街道");
}

/* Expects just these codes, apart by blanks. */
static void expect_found(const char *name, const char *codes) {
    const struct division *found[16];
    struct buf got = BUF_INIT;
    size_t n = division_find_name(wuxi, name, strlen(name), found, 16);
    buf_adds(&got, "");
    for (size_t i = 0; i < n && i < 16; i++) {
        buf_addf(&got, "%s%s", i > 0 ? " " : "", found[i]->code);
    }
    if (strcmp(got.data == NULL ? "" : got.data, codes) != 0) {
        fail_msg("%s: expected \"%s\", got \"%s\"", name, codes, got.data);
    }
    buf_fini(&got);
}

static void names_are_found_with_and_without_their_ends(void **state) {
    (void)state;
    static const char *const samples[][2] = {
        {"无锡市", "320200"},
        {"无锡", "320200"},
        {"锡山区", "320205"},
        {"锡山", "320205"},
        {"江阴市", "320281"},
        {"江阴", "320281"},
        {"东亭街道", "320205001"},
        {"东亭街道办事处", "320205001"},
        {"无锡市锡山区东亭街道", "320205001"},
        {"锡山东亭", "320205001 320205001009"},
        {"无锡东亭街道", "320205001"},
        {"惠山区东亭街道", ""},
        {"徐霞客镇", "320281104"},
        {"徐霞客", "320281104 320281104208"},
        {"徐霞客街道", ""},
        {"胜利门社区居委会", "320213021001"},
        {"胜利门社区居民委员会", "320213021001"},
        {"胜利门社区", "320213021001"},
        {"胜利门", "320213021001"},
        {"梁溪区胜利门社区", "320213021001"},
        {"梁溪区崇安寺街道胜利门社区", "320213021001"},
        {"", ""},
        {"区", ""},
        {"无", ""},
        {"崇安区", ""},
        {"锡山区锡山区", ""},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        expect_found(samples[i][0], samples[i][1]);
    }
}

static void an_ambiguous_name_gives_all(void **state) {
    (void)state;
    const struct division *one;
    expect_found("惠山", "320206 320213023 320213028004");
    expect_found("惠山区", "320206");
    expect_found("惠山街道", "320213023");
    expect_found("梁溪惠山", "320213023 320213028004");
    expect_found("梅园社区居委会", "320211002003 320281001057 320282004008");
    /* the count is right also where there is no room */
    assert_int_equal(division_find_name(wuxi, "惠山", strlen("惠山"), &one, 1), 3);
    assert_string_equal(one->code, "320206");
    assert_int_equal(division_find_name(wuxi, "惠山", strlen("惠山"), NULL, 0), 3);
}

/* Every name finds its own division, and every community's code agrees with what its name says. */
static void every_name_finds_its_own(void **state) {
    (void)state;
    for (size_t i = 0; i < division_count(wuxi); i++) {
        const struct division *d = division_at(wuxi, i);
        const struct division *found[64];
        size_t n = division_find_name(wuxi, d->name, strlen(d->name), found, 64);
        size_t self = 0;
        assert_true(n <= 64);
        for (size_t k = 0; k < n; k++) {
            self += found[k] == d;
        }
        assert_int_equal(self, 1);
        assert_true(d->kind != DIVISION_VILLAGERS || strstr(d->name, "村") != NULL);
        assert_true(d->kind != DIVISION_RESIDENTS || strstr(d->name, "居") != NULL);
    }
}

static void grid_codes(void **state) {
    (void)state;
    static const struct {
        const char *code, *words; /* "" where it is right */
    } samples[] = {
        {"320213021001001", ""},
        {"320213021999001", ""}, /* a community that the list does not hold (yet) */
        {"320202021001001", "its first six digits are no district"},
        {"32021302100100", "not 15 digits"},
        {"3202130210010010", "not 15 digits"},
        {"", "not 15 digits"},
        {"32021302100100x", "not 15 digits"},
        {"320200021001001", "its first six digits are no district"},
        {"320213999001001", "its digits 7 to 9 are no town"},
        {"320213000001001", "its digits 7 to 9 are no town"},
        {"320213021000001", "its digits 10 to 12 are 000"},
        {"320213021001000", "its last three digits are 000"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct grid_cell cell;
        struct err err = ERR_INIT;
        const char *code = samples[i].code;
        enum code got = division_parse_grid(wuxi, code, strlen(code), &cell, &err);
        assert_int_equal(got, samples[i].words[0] == '\0' ? OK : E_INPUT);
        assert_non_null(strstr(err.msg, samples[i].words));
    }
}

static void a_grid_code_names_its_places(void **state) {
    (void)state;
    struct grid_cell cell;
    assert_int_equal(division_parse_grid(wuxi, "320213021001017", 15, &cell, NULL), OK);
    assert_string_equal(cell.district->name, "梁溪区");
    assert_string_equal(cell.town->name, "崇安寺街道");
    assert_string_equal(cell.community->name, "胜利门社区居委会");
    assert_int_equal(cell.sequence, 17);
    assert_int_equal(division_parse_grid(wuxi, "320213021999001", 15, &cell, NULL), OK);
    assert_null(cell.community);
}

static void wrong_files_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *csv, *words;
    } samples[] = {
        {"code,name\n320205,锡山区\n", "line 2: code 320205: there is no 320200 above it"},
        {"code,name\n320200,无锡市\n320205001,东亭街道\n",
         "line 3: code 320205001: there is no 320205 above it"},
        {"code,name\n320200,无锡市\n320200,无锡市\n", "line 3: code 320200 does not come after"},
        {"code,name\n320200,无锡市\n320206,惠山区\n320205,锡山区\n", "does not come after 320206"},
        {"code,name\n3202,无锡市\n", "6, 9 or 12 digits, not \"3202\""},
        {"code,name\n32020a,无锡市\n", "6, 9 or 12 digits"},
        {"code,name\n320000,江苏省\n", "is no city's"},
        {"code,name\n320200000,无锡市\n", "is no city's"},
        {"code,name\n320200,\n", "a name has 1 to 120 bytes, not 0"},
        {"code;name\n320200;无锡市\n", "column 1 is \"code;name\""},
        {"code,name\n320200,无锡市,x\n", "line 2: 3 fields, not 2"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct division_set *set = division_set_new();
        struct err err = ERR_INIT;
        const char *csv = samples[i].csv;
        assert_int_equal(division_parse(set, csv, strlen(csv), &err), E_INPUT);
        if (strstr(err.msg, samples[i].words) == NULL) {
            fail_msg("expected \"%s\" in \"%s\"", samples[i].words, err.msg);
        }
        division_set_free(set);
    }
    division_set_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seven_districts_88_towns_1254_communities),
        cmocka_unit_test(towns_of_each_district),
        cmocka_unit_test(every_child_is_linked_once),
        cmocka_unit_test(codes_are_found),
        cmocka_unit_test(names_are_found_with_and_without_their_ends),
        cmocka_unit_test(an_ambiguous_name_gives_all),
        cmocka_unit_test(every_name_finds_its_own),
        cmocka_unit_test(grid_codes),
        cmocka_unit_test(a_grid_code_names_its_places),
        cmocka_unit_test(wrong_files_are_refused),
    };
    return cmocka_run_group_tests(tests, load_wuxi, free_wuxi);
}
