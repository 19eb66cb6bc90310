/* Reports: what is taken, what is refused, that none is lost or changed, and both axes of time. */
#include "track/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "track/office.h"

static struct progress_report *list(struct office *o, const struct item *item, int64_t as_of,
                                    size_t *count) {
    struct progress_report *all = NULL;
    struct tx *tx = fixture_read(&o->f);
    if (progress_list(tx, item, as_of, &o->arena, &all, count, &o->f.err) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
    store_read_end(tx);
    return all;
}

/* The value of the only current report at (day, line); "" where there is none. */
static void expect_current(struct office *o, const char *day, int64_t line, const char *want) {
    struct progress_report *all = NULL;
    size_t count = 0;
    char text[DECIMAL_TEXT_MAX] = "";
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(
        progress_current(tx, o->plan, day_of(day), line, &o->arena, &all, &count, &o->f.err), OK);
    store_read_end(tx);
    assert_in_range(count, 0, 1);
    assert_string_equal(count == 0 ? "" : decimal_text(all[0].value, text), want);
}

static void refuse(struct office *o, struct progress_request r, enum code code, const char *words) {
    int64_t before = office_lines(o);
    assert_int_equal(office_try_report(o, &r), code);
    assert_says(&o->f, words);
    assert_int_equal(office_lines(o), before);
}

static void it_keeps_a_report(void **state) {
    (void)state;
    struct office o;
    size_t count = 0;
    office_init(&o);
    struct item item = office_item(&o, KEPT_TARGET, "高新技术企业");
    char subject[ITEM_SUBJECT_MAX];
    int64_t before = office_lines(&o);
    struct progress_request r = office_request(&o, &item, "41", "家", "2021-02-28");
    r.note = "第一批\n已认定";
    assert_int_equal(office_try_report(&o, &r), OK);
    assert_int_equal(office_lines(&o), before + 1);
    office_expect_line(&o, item_subject(&item, subject), "progress.reported",
                       "{\"report\":1,\"value\":\"41\",\"unit\":\"家\",\"as_of\":\"2021-02-28\","
                       "\"note\":\"第一批\\n已认定\",\"files\":[],\"supersedes\":null}");
    struct progress_report *all = list(&o, &item, INT64_MAX, &count);
    assert_int_equal(count, 1);
    assert_string_equal(all[0].note, "第一批\n已认定");
    assert_string_equal(all[0].actor, "u/7");
    assert_int_equal(all[0].time_ms, o.f.now);
    assert_int_equal(all[0].line, before + 1);
    assert_int_equal(all[0].superseded_by, 0);
    assert_int_equal(office_version(&o, &item), before + 1);
    office_fini(&o);
}

static void it_refuses_what_cannot_be(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct item target = office_item(&o, KEPT_TARGET, "高新技术企业");
    struct item growth = office_item(&o, KEPT_TARGET, "地区生产总值");
    struct item task = office_item(&o, KEPT_TASK, "公园");
    static const struct {
        const char *value, *unit, *as_of, *words;
    } bad[] = {
        {"41", "个", "2021-02-28", "reported in \"家\", not in \"个\""},
        {"-1", "家", "2021-02-28", "cannot be below 0"},
        {"41", "家", "2021-03-02", "yet to come"},
        {"41", "家", "2011-02-28", "more than 10 years ago"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        refuse(&o, office_request(&o, &target, bad[i].value, bad[i].unit, bad[i].as_of), E_INPUT,
               bad[i].words);
    }
    refuse(&o, office_request(&o, &task, "100.1", "%", "2021-03-01"), E_INPUT, "0 to 100 %");
    refuse(&o, office_request(&o, &task, "-0.1", "%", "2021-03-01"), E_INPUT, "0 to 100 %");
    office_report(&o, &growth, "-2.1", "%", "2021-03-01", 0);
    office_report(&o, &task, "100", "%", "2021-03-01", 0);
    struct progress_request r = office_request(&o, &target, "41", "家", "2011-03-01");
    r.note = "bell \a";
    refuse(&o, r, E_INPUT, "U+0007");
    char *note = arena_alloc(&o.arena, 2002);
    memset(note, 'x', 2001);
    note[2001] = '\0';
    r.note = note;
    refuse(&o, r, E_LIMIT, "2001 characters");
    note[2000] = '\0';
    assert_int_equal(office_try_report(&o, &r), OK);
    struct item none = {o.plan, KEPT_TARGET, 999};
    r.item = none;
    refuse(&o, r, E_ABSENT, "no target 999");
    office_fini(&o);
}

static void an_old_version_is_a_conflict(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct item item = office_item(&o, KEPT_TASK, "公园");
    struct progress_request r = office_request(&o, &item, "10", "%", "2021-02-01");
    assert_int_equal(office_try_report(&o, &r), OK);
    r.as_of = day_of("2021-02-02");
    refuse(&o, r, E_CONFLICT, "is now at version");
    r.seen = 0;
    refuse(&o, r, E_CONFLICT, "version 0");
    office_fini(&o);
}

static void a_correction_names_what_it_corrects(void **state) {
    (void)state;
    struct office o;
    size_t count = 0;
    char subject[ITEM_SUBJECT_MAX];
    office_init(&o);
    struct item item = office_item(&o, KEPT_TASK, "公园");
    struct item other = office_item(&o, KEPT_TASK, "投资");
    office_report(&o, &item, "10", "%", "2021-02-01", 0);
    office_report(&o, &item, "20", "%", "2021-02-15", 0);
    struct progress_request r = office_request(&o, &item, "12", "%", "2021-02-01");
    refuse(&o, r, E_INPUT, "report 1 is as of 2021-02-01 already");
    r.supersedes = 2; /* then two would stand for 1 February */
    refuse(&o, r, E_INPUT, "name it in \"supersedes\"");
    r.supersedes = 7;
    refuse(&o, r, E_INPUT, "report 7 is none of this item");
    office_report(&o, &item, "12", "%", "2021-02-01", 1);
    office_expect_line(&o, item_subject(&item, subject), "progress.corrected", "\"supersedes\":1");
    r = office_request(&o, &item, "13", "%", "2021-02-02");
    r.supersedes = 1;
    refuse(&o, r, E_INPUT, "superseded by report 3 already");
    r = office_request(&o, &other, "13", "%", "2021-02-02");
    r.supersedes = 3;
    refuse(&o, r, E_INPUT, "none of this item");
    office_report(&o, &item, "14", "%", "2021-02-03", 3); /* the day was wrong too */
    struct progress_report *all = list(&o, &item, INT64_MAX, &count);
    static const int64_t by[] = {0, 4, 0, 3};
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(all[i].id, 4 - (int64_t)i);
        assert_int_equal(all[i].superseded_by, by[i]);
    }
    list(&o, &other, INT64_MAX, &count);
    assert_int_equal(count, 0);
    office_fini(&o);
}

static void both_times_can_be_asked(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct item item = office_item(&o, KEPT_TASK, "公园");
    int64_t start = office_lines(&o);
    office_go_to(&o, "2021-04-01");
    office_report(&o, &item, "30", "%", "2021-03-31", 0); /* report 1, line start + 1 */
    office_go_to(&o, "2021-05-01");
    office_report(&o, &item, "10", "%", "2021-01-31", 0); /* late, for an earlier day */
    office_go_to(&o, "2021-06-01");
    office_report(&o, &item, "25", "%", "2021-03-31", 1); /* a correction */
    static const struct {
        const char *day;
        int line;
        const char *value;
    } cases[] = {{"2021-01-30", 9, ""},   {"2021-02-15", 0, ""},   {"2021-02-15", 1, ""},
                 {"2021-02-15", 2, "10"}, {"2021-02-15", 3, "10"}, {"2021-03-31", 1, "30"},
                 {"2021-03-31", 2, "30"}, {"2021-03-31", 3, "25"}, {"2021-12-31", 0, ""},
                 {"2021-12-31", 1, "30"}, {"2021-12-31", 9, "25"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect_current(&o, cases[i].day, start + cases[i].line, cases[i].value);
    }
    size_t count = 0;
    struct progress_report *all = list(&o, &item, start + 2, &count);
    assert_int_equal(count, 2);
    assert_int_equal(all[1].superseded_by, 0); /* not yet known */
    office_fini(&o);
}

static void files_must_be_kept_first(void **state) {
    (void)state;
    struct office o;
    size_t count = 0;
    office_init(&o);
    struct item item = office_item(&o, KEPT_TASK, "公园");
    unsigned char files[PROGRESS_FILES_MAX + 1][SHA256_BYTES];
    memset(files, 7, sizeof files);
    struct progress_request r = office_request(&o, &item, "10", "%", "2021-02-01");
    r.files = (const unsigned char(*)[SHA256_BYTES])files;
    r.file_count = 1;
    refuse(&o, r, E_INPUT, "0707");
    r.file_count = PROGRESS_FILES_MAX + 1;
    refuse(&o, r, E_LIMIT, "at most 10 files");
    list(&o, &item, INT64_MAX, &count);
    assert_int_equal(count, 0);
    office_fini(&o);
}

/* ---- many at once ---- */

enum { REPORTERS = 4, EACH = 12 };

struct reporter {
    struct office *office;
    struct item item;
    int number;
    int kept;
    int conflicts;
};

/* Reports EACH days of its own, looking again after each conflict. */
static void *report_all(void *data) {
    struct reporter *me = data;
    for (int i = 0; i < EACH;) {
        struct err err = ERR_INIT;
        struct tx *tx = NULL;
        struct progress_request r = {.item = me->item,
                                     .actor = "u/7",
                                     .value = decimal_of(me->number),
                                     .unit = "%",
                                     .as_of = day_of("2020-06-01") + me->number * EACH + i};
        if (store_read(me->office->f.store, &tx, &err) != OK ||
            item_version(tx, &me->item, &r.seen, &err) != OK) {
            return NULL;
        }
        store_read_end(tx);
        enum code code =
            store_write(me->office->f.store, STORE_CHANGE, office_progress_job, &r, &err);
        me->kept += code == OK;
        me->conflicts += code == E_CONFLICT;
        i += code == OK;
        if (code != OK && code != E_CONFLICT) {
            return NULL;
        }
    }
    return NULL;
}

static void no_interleaving_loses_a_report(void **state) {
    (void)state;
    struct office o;
    pthread_t thread[REPORTERS];
    struct reporter reporter[REPORTERS];
    size_t count = 0;
    office_init(&o);
    struct item item = office_item(&o, KEPT_TASK, "公园");
    int64_t before = office_lines(&o);
    for (int i = 0; i < REPORTERS; i++) {
        reporter[i] = (struct reporter){&o, item, i, 0, 0};
        assert_int_equal(pthread_create(&thread[i], NULL, report_all, &reporter[i]), 0);
    }
    for (int i = 0; i < REPORTERS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(reporter[i].kept, EACH);
    }
    struct progress_report *all = list(&o, &item, INT64_MAX, &count);
    assert_int_equal(count, REPORTERS * EACH);
    assert_int_equal(office_lines(&o), before + REPORTERS * EACH);
    bool seen[REPORTERS * EACH] = {false};
    for (size_t i = 0; i < count; i++) {
        int32_t at = all[i].as_of - day_of("2020-06-01");
        assert_in_range(at, 0, REPORTERS * EACH - 1);
        assert_false(seen[at]);
        seen[at] = true;
    }
    office_fini(&o);
}

/* Whatever is reported and corrected in whatever order: all accepted reports are there as they
 * were, and one stands for each day at most. */
static void no_order_loses_a_report(void **state) {
    (void)state;
    struct office o;
    int accepted = 0;
    uint32_t seed = 20210301;
    office_init(&o);
    struct item item = office_item(&o, KEPT_TASK, "公园");
    struct decimal value[200];
    for (int i = 0; i < 200; i++) {
        char text[16];
        seed = seed * 1664525u + 1013904223u;
        snprintf(text, sizeof text, "%u.%u", (seed >> 16) % 100, (seed >> 8) % 10);
        struct progress_request r = office_request(&o, &item, text, "%", "2021-02-01");
        r.as_of += (int32_t)(seed >> 20) % 20;
        r.supersedes = accepted > 0 && seed % 3 != 0 ? (int64_t)(seed >> 12) % accepted + 1 : 0;
        if (office_try_report(&o, &r) == OK) {
            value[accepted++] = r.value;
        }
    }
    size_t count = 0;
    bool standing[32] = {false};
    struct progress_report *all = list(&o, &item, INT64_MAX, &count);
    assert_true(accepted > 30);
    assert_int_equal(count, accepted);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(decimal_cmp(all[i].value, value[all[i].id - 1]), 0);
        int32_t at = all[i].as_of - day_of("2021-02-01");
        if (all[i].superseded_by == 0) {
            assert_false(standing[at]);
            standing[at] = true;
        }
    }
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_keeps_a_report),
        cmocka_unit_test(it_refuses_what_cannot_be),
        cmocka_unit_test(an_old_version_is_a_conflict),
        cmocka_unit_test(a_correction_names_what_it_corrects),
        cmocka_unit_test(both_times_can_be_asked),
        cmocka_unit_test(files_must_be_kept_first),
        cmocka_unit_test(no_interleaving_loses_a_report),
        cmocka_unit_test(no_order_loses_a_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
