/* The working-day calendar against the notices' own lists, the counting rules with their vectors,
 * and what must be an error. The shipped files are read; TAIHU_SOURCE_DIR is the tree. */
#include "city/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/date.h"
#include "city/term.h"

#define DATA TAIHU_SOURCE_DIR "/data"

static struct calendar *shipped;

static int load_shipped(void **state) {
    (void)state;
    struct err err = ERR_INIT;
    shipped = calendar_new();
    if (calendar_load(shipped, DATA, &err) != OK) {
        print_error("%s\n", err.msg);
        return -1;
    }
    return 0;
}

static int free_shipped(void **state) {
    (void)state;
    calendar_free(shipped);
    return 0;
}

static int32_t day_of(const char *text) {
    int32_t day;
    assert_int_equal(date_parse(text, strlen(text), &day, NULL), OK);
    return day;
}

static void expect_day(int32_t got, const char *want) {
    char text[DATE_TEXT_MAX];
    assert_string_equal(date_text(got, text), want);
}

static int32_t add(const char *from, int32_t n) {
    int32_t day;
    struct err err = ERR_INIT;
    assert_int_equal(calendar_add_workdays(shipped, day_of(from), n, &day, &err), OK);
    return day;
}

static bool is_workday(int32_t day) {
    struct calendar_day looked;
    assert_int_equal(calendar_look(shipped, day, &looked, NULL), OK);
    return looked.is_workday;
}

/* ---- the days ---- */

/* What a year's notice says, as standards quote it: first and last day off, both included, and the
 * days worked for them. 国办发明电〔2020〕27号 for 2021. */
struct notice {
    int year;
    struct {
        const char *from, *to;
    } off[8];
    const char *work[8];
};

static const struct notice notices[] = {
    {2020,
     {{"2020-01-01", "2020-01-01"},
      {"2020-01-24", "2020-02-02"},
      {"2020-04-04", "2020-04-06"},
      {"2020-05-01", "2020-05-05"},
      {"2020-06-25", "2020-06-27"},
      {"2020-10-01", "2020-10-08"}},
     {"2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10"}},
    {2021,
     {{"2021-01-01", "2021-01-03"},
      {"2021-02-11", "2021-02-17"},
      {"2021-04-03", "2021-04-05"},
      {"2021-05-01", "2021-05-05"},
      {"2021-06-12", "2021-06-14"},
      {"2021-09-19", "2021-09-21"},
      {"2021-10-01", "2021-10-07"}},
     {"2021-02-07", "2021-02-20", "2021-04-25", "2021-05-08", "2021-09-18", "2021-09-26",
      "2021-10-09"}},
    {2022,
     {{"2022-01-01", "2022-01-03"},
      {"2022-01-31", "2022-02-06"},
      {"2022-04-03", "2022-04-05"},
      {"2022-04-30", "2022-05-04"},
      {"2022-06-03", "2022-06-05"},
      {"2022-09-10", "2022-09-12"},
      {"2022-10-01", "2022-10-07"},
      /* named by the notice for 2023 */
      {"2022-12-31", "2022-12-31"}},
     {"2022-01-29", "2022-01-30", "2022-04-02", "2022-04-24", "2022-05-07", "2022-10-08",
      "2022-10-09"}},
};

static bool is_off(const struct notice *n, int32_t day) {
    for (size_t i = 0; i < 8 && n->off[i].from != NULL; i++) {
        if (day >= day_of(n->off[i].from) && day <= day_of(n->off[i].to)) {
            return true;
        }
    }
    return false;
}

static bool is_worked(const struct notice *n, int32_t day) {
    for (size_t i = 0; i < 8 && n->work[i] != NULL; i++) {
        if (day == day_of(n->work[i])) {
            return true;
        }
    }
    return false;
}

static void each_day_is_as_the_notice_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof notices / sizeof notices[0]; i++) {
        const struct notice *n = &notices[i];
        int32_t last = date_to_day((struct date){n->year, 12, 31});
        for (int32_t day = date_to_day((struct date){n->year, 1, 1}); day <= last; day++) {
            bool want = is_worked(n, day) || (date_weekday(day) < SATURDAY && !is_off(n, day));
            if (is_workday(day) != want) {
                char text[DATE_TEXT_MAX];
                fail_msg("%s: expected %s", date_text(day, text), want ? "worked" : "off");
            }
        }
    }
}

/* By two collections of the notices, which agree: holiday-cn and chinese-days 1.5.7. */
static void working_days_of_each_year(void **state) {
    (void)state;
    static const int counts[] = {250, 250, 249, 250, 249, 249, 251, 248, 248};
    for (int i = 0; i < 9; i++) {
        int32_t count;
        int32_t before = date_to_day((struct date){2018 + i, 1, 1}) - 1;
        int32_t last = date_to_day((struct date){2018 + i, 12, 31});
        assert_int_equal(calendar_workdays_between(shipped, before, last, &count, NULL), OK);
        assert_int_equal(count, counts[i]);
    }
}

static void working_days_of_each_month_of_2021(void **state) {
    (void)state;
    static const int counts[] = {20, 17, 23, 22, 19, 21, 22, 22, 22, 17, 22, 23};
    for (int month = 1; month <= 12; month++) {
        int32_t count;
        int32_t first = date_to_day((struct date){2021, month, 1});
        int32_t last = first + date_month_length(2021, month) - 1;
        assert_int_equal(calendar_workdays_between(shipped, first - 1, last, &count, NULL), OK);
        assert_int_equal(count, counts[month - 1]);
    }
}

static void a_day_says_why(void **state) {
    (void)state;
    struct calendar_day day;
    assert_int_equal(calendar_look(shipped, day_of("2021-02-07"), &day, NULL), OK);
    assert_int_equal(day.kind, CALENDAR_WORKED);
    assert_true(day.is_workday);
    assert_string_equal(day.name, "春节");
    assert_int_equal(calendar_look(shipped, day_of("2021-10-01"), &day, NULL), OK);
    assert_int_equal(day.kind, CALENDAR_OFF);
    assert_false(day.is_workday);
    assert_string_equal(day.name, "国庆节");
    assert_int_equal(calendar_look(shipped, day_of("2021-03-06"), &day, NULL), OK);
    assert_int_equal(day.kind, CALENDAR_ORDINARY);
    assert_false(day.is_workday);
    assert_null(day.name);
    const struct calendar_source *source = calendar_source_find(shipped, 2020);
    assert_int_equal(source->version, 2);
    assert_non_null(strstr(source->notices, "2020-01/27"));
}

/* ---- counting ---- */

/* The vectors of the working-day rule, with those of administrative licensing. */
static void working_days_after_a_day(void **state) {
    (void)state;
    static const struct {
        const char *from;
        int32_t n;
        const char *to;
    } samples[] = {
        {"2021-02-10", 1, "2021-02-18"},
        {"2021-02-10", 5, "2021-02-23"},
        {"2021-02-05", 1, "2021-02-07"},
        {"2021-04-30", 1, "2021-05-06"},
        {"2021-04-23", 5, "2021-04-29"},
        {"2021-09-17", 1, "2021-09-18"},
        {"2021-09-30", 1, "2021-10-08"},
        {"2021-09-24", 20, "2021-10-27"},
        {"2021-01-29", 20, "2021-03-03"},
        {"2021-06-11", 3, "2021-06-17"},
        {"2021-03-31", 10, "2021-04-15"},
        {"2021-12-20", 10, "2022-01-04"},
        /* 行政许可 (licences): supplement, decision, decision extended, joint, delivery */
        {"2021-02-05", 5, "2021-02-18"},
        {"2021-01-29", 30, "2021-03-17"},
        {"2021-04-01", 45, "2021-06-07"},
        {"2021-09-24", 10, "2021-10-13"},
        /* backwards, and not at all */
        {"2021-02-18", -1, "2021-02-10"},
        {"2022-01-04", -10, "2021-12-20"},
        {"2021-02-13", 0, "2021-02-13"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        expect_day(add(samples[i].from, samples[i].n), samples[i].to);
    }
}

/* For each start of three years and each length: the end is a working day, with just so many
 * between, and counting back from a working day returns to it. */
static void adding_and_counting_agree(void **state) {
    (void)state;
    int32_t last = day_of("2022-10-31");
    for (int32_t from = day_of("2020-03-01"); from <= last; from++) {
        for (int32_t n = -25; n <= 25; n++) {
            int32_t to, count, back;
            assert_int_equal(calendar_add_workdays(shipped, from, n, &to, NULL), OK);
            assert_int_equal(calendar_workdays_between(shipped, from, to, &count, NULL), OK);
            assert_int_equal(count, n);
            assert_true(n == 0 || is_workday(to));
            assert_int_equal(calendar_add_workdays(shipped, to, -n, &back, NULL), OK);
            assert_true(!is_workday(from) || back == from);
        }
    }
}

static void a_day_off_rolls_to_the_next_worked(void **state) {
    (void)state;
    static const char *const samples[][2] = {
        {"2021-05-09", "2021-05-10"}, {"2021-10-02", "2021-10-08"}, {"2021-02-07", "2021-02-07"},
        {"2021-02-11", "2021-02-18"}, {"2021-03-01", "2021-03-01"}, {"2022-12-31", "2023-01-03"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        int32_t day;
        assert_int_equal(calendar_roll(shipped, day_of(samples[i][0]), &day, NULL), OK);
        expect_day(day, samples[i][1]);
    }
}

/* 信访 (petitions), 住房租赁 (leases), and months by 民法典 202. */
static void terms_end_by_the_civil_code(void **state) {
    (void)state;
    static const struct {
        const char *start;
        struct term term;
        const char *counted;
        const char *last;
    } samples[] = {
        {"2021-03-01", {15, TERM_DAYS}, "2021-03-16", "2021-03-16"},
        {"2021-03-10", {60, TERM_DAYS}, "2021-05-09", "2021-05-10"},
        {"2021-03-10", {60 + 30, TERM_DAYS}, "2021-06-08", "2021-06-08"},
        {"2021-08-03", {60, TERM_DAYS}, "2021-10-02", "2021-10-08"},
        {"2021-01-08", {30, TERM_DAYS}, "2021-02-07", "2021-02-07"},
        {"2021-09-03", {30, TERM_DAYS}, "2021-10-03", "2021-10-08"},
        {"2021-12-20", {10, TERM_WORKDAYS}, "2022-01-04", "2022-01-04"},
        {"2021-01-31", {1, TERM_MONTHS}, "2021-02-28", "2021-03-01"},
        {"2021-09-01", {1, TERM_MONTHS}, "2021-10-01", "2021-10-08"},
        {"2020-02-29", {1, TERM_YEARS}, "2021-02-28", "2021-03-01"},
        {"2021-02-13", {0, TERM_DAYS}, "2021-02-13", "2021-02-18"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct term_end end;
        assert_int_equal(term_end(shipped, day_of(samples[i].start), samples[i].term, &end, NULL),
                         OK);
        expect_day(end.counted, samples[i].counted);
        expect_day(end.last, samples[i].last);
    }
}

static void a_last_day_ends_at_midnight_in_beijing(void **state) {
    (void)state;
    int64_t end = 7;
    /* 2021-02-07T24:00+08:00 */
    assert_int_equal(term_too_late_ms(day_of("2021-02-07")), 1612713600000);
    assert_int_equal(term_hours_end(1612713600000, 4, &end, NULL), OK);
    assert_int_equal(end, 1612713600000 + 4 * 3600000);
    assert_int_equal(term_hours_end(1612713600000, -1, &end, NULL), E_INPUT);
    assert_int_equal(term_hours_end(INT64_MAX, 1, &end, NULL), E_LIMIT);
    assert_int_equal(end, 1612713600000 + 4 * 3600000);
}

static void a_negative_term_is_refused(void **state) {
    (void)state;
    struct term_end end;
    struct err err = ERR_INIT;
    struct term term = {-3, TERM_DAYS};
    assert_int_equal(term_end(shipped, day_of("2021-03-01"), term, &end, &err), E_INPUT);
    assert_non_null(strstr(err.msg, "-3"));
}

/* ---- years that are not there, and files that are wrong ---- */

static const char year_2021[] = "date,day,name\n"
                                "2021-01-01,off,元旦\n"
                                "2021-10-01,off,国庆节\n";

static enum code parse(struct calendar *c, int year, const char *csv, struct err *err) {
    const struct calendar_source source = {year, 1, "notice"};
    return calendar_parse_year(c, &source, csv, strlen(csv), err);
}

static void a_year_that_is_not_loaded_is_named(void **state) {
    (void)state;
    struct calendar *c = calendar_new();
    struct calendar_day looked;
    struct term_end end;
    struct err err[6] = {ERR_INIT, ERR_INIT, ERR_INIT, ERR_INIT, ERR_INIT, ERR_INIT};
    int32_t day = 7;
    assert_int_equal(calendar_look(c, day_of("2021-03-01"), &looked, &err[0]), E_INPUT);
    assert_non_null(strstr(err[0].msg, "2021 is loaded, nor of any year"));
    assert_int_equal(parse(c, 2021, year_2021, NULL), OK);
    int32_t start = day_of("2021-12-20");
    assert_int_equal(calendar_add_workdays(c, start, 10, &day, &err[1]), E_INPUT);
    assert_non_null(strstr(err[1].msg, "no working-day calendar of 2022 is loaded"));
    assert_int_equal(calendar_workdays_between(c, start, start + 30, &day, &err[2]), E_INPUT);
    assert_non_null(strstr(err[2].msg, "2022"));
    assert_int_equal(calendar_roll(c, day_of("2022-01-01"), &day, &err[3]), E_INPUT);
    assert_non_null(strstr(err[3].msg, "2022"));
    assert_int_equal(term_end(c, start, (struct term){60, TERM_DAYS}, &end, &err[4]), E_INPUT);
    assert_non_null(strstr(err[4].msg, "2022"));
    assert_int_equal(calendar_add_workdays(c, day_of("2021-01-04"), -1, &day, &err[5]), E_INPUT);
    assert_non_null(strstr(err[5].msg, "2020"));
    assert_int_equal(day, 7);
    assert_null(calendar_source_find(c, 2022));
    assert_null(calendar_source_find(c, 1));
    assert_int_equal(calendar_look(c, DATE_DAY_MAX, &looked, NULL), E_INPUT);
    calendar_free(c);
}

static void wrong_files_are_refused_whole(void **state) {
    (void)state;
    static const char head[] = "date,day,name\n2021-01-01,off,元旦\n2021-10-01,off,国庆节\n";
    static const struct {
        const char *row;
        const char *words;
    } samples[] = {
        {"2022-01-01,off,x\n", "line 4: 2022-01-01 is no day of 2021"},
        {"2021-01-01,off,x\n", "line 4: 2021-01-01 stands twice"},
        {"2021-02-30,off,x\n", "line 4: cannot read date \"2021-02-30\": no such day"},
        {"2021-02-20,maybe,x\n", "line 4: a day is off or work, not \"maybe\""},
        {"2021-02-20,work,\n", "line 4: a holiday's name has 1 to 120 bytes, not 0"},
        {"2021-02-20,work\n", "line 4: 2 fields, not 3"},
        {"2021-02-20,work,\xFF\n", "not UTF-8"},
        {"2021-02-20,\"work,x\n", "never closed"},
    };
    struct calendar *c = calendar_new();
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct buf csv = BUF_INIT;
        struct err err = ERR_INIT;
        buf_addf(&csv, "%s%s", head, samples[i].row);
        assert_int_equal(parse(c, 2021, csv.data, &err), E_INPUT);
        if (strstr(err.msg, samples[i].words) == NULL) {
            fail_msg("expected \"%s\" in \"%s\"", samples[i].words, err.msg);
        }
        assert_null(calendar_source_find(c, 2021));
        buf_fini(&csv);
    }
    calendar_free(c);
}

/* A file without a day is what a collection holds for a year that is not announced. */
static void a_cut_file_is_no_year(void **state) {
    (void)state;
    struct calendar *c = calendar_new();
    struct err err = ERR_INIT;
    assert_int_equal(parse(c, 2027, "date,day,name\n", &err), E_INPUT);
    assert_non_null(strstr(err.msg, "not the whole of 2027: 2027-01-01 is not off"));
    memset(&err, 0, sizeof err);
    assert_int_equal(parse(c, 2021, "date,day,name\n2021-01-01,off,元旦\n", &err), E_INPUT);
    assert_non_null(strstr(err.msg, "2021-10-01"));
    assert_int_equal(parse(c, 2021, year_2021, NULL), OK);
    assert_int_equal(parse(c, 2021, year_2021, NULL), E_INPUT);
    assert_int_equal(parse(c, 1949, year_2021, NULL), E_INPUT);
    assert_int_equal(parse(c, 2200, year_2021, NULL), E_INPUT);
    calendar_free(c);
}

static void a_folder_without_an_index_is_an_error(void **state) {
    (void)state;
    struct calendar *c = calendar_new();
    struct err err = ERR_INIT;
    assert_int_equal(calendar_load(c, "no/such", &err), E_IO);
    assert_non_null(strstr(err.msg, "no/such/calendar/index.csv"));
    calendar_free(c);
    calendar_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_day_is_as_the_notice_says),
        cmocka_unit_test(working_days_of_each_year),
        cmocka_unit_test(working_days_of_each_month_of_2021),
        cmocka_unit_test(a_day_says_why),
        cmocka_unit_test(working_days_after_a_day),
        cmocka_unit_test(adding_and_counting_agree),
        cmocka_unit_test(a_day_off_rolls_to_the_next_worked),
        cmocka_unit_test(terms_end_by_the_civil_code),
        cmocka_unit_test(a_last_day_ends_at_midnight_in_beijing),
        cmocka_unit_test(a_negative_term_is_refused),
        cmocka_unit_test(a_year_that_is_not_loaded_is_named),
        cmocka_unit_test(wrong_files_are_refused_whole),
        cmocka_unit_test(a_cut_file_is_no_year),
        cmocka_unit_test(a_folder_without_an_index_is_an_error),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_shipped);
}
