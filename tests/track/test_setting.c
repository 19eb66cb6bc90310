/* Settings: defaults, ranges, versions, and what they were at an earlier line. */
#include "track/setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/office.h"

static enum code change_job(struct tx *tx, void *data, struct err *err) {
    int64_t line = 0;
    return setting_change(tx, data, &line, err);
}

static struct settings load(struct office *o, int64_t as_of) {
    struct settings s;
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(setting_load(tx, as_of, &s, &o->f.err), OK);
    store_read_end(tx);
    return s;
}

static struct setting_request ask(struct office *o, const char *yellow, const char *red,
                                  const char *days) {
    struct setting_request r = {"u/7", 0, {{dec(yellow), dec(red), dec(days)}}};
    struct tx *tx = fixture_read(&o->f);
    assert_int_equal(setting_version(tx, &r.seen, &o->f.err), OK);
    store_read_end(tx);
    return r;
}

static void expect(struct settings s, const char *yellow, const char *red, const char *days) {
    assert_int_equal(decimal_cmp(s.value[SETTING_YELLOW_FROM], dec(yellow)), 0);
    assert_int_equal(decimal_cmp(s.value[SETTING_RED_ABOVE], dec(red)), 0);
    assert_int_equal(decimal_cmp(s.value[SETTING_SLIP_DAYS], dec(days)), 0);
}

static void they_change_and_stay_known(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    int64_t before = office_lines(&o);
    expect(load(&o, INT64_MAX), "10", "30", "5");
    struct setting_request r = ask(&o, "7.5", "30", "10");
    assert_int_equal(fixture_write(&o.f, change_job, &r), OK);
    office_expect_line(&o, "settings", "settings.changed",
                       "{\"changes\":[{\"name\":\"yellow_from\",\"old\":\"10\",\"now\":\"7.5\"},"
                       "{\"name\":\"slip_days\",\"old\":\"5\",\"now\":\"10\"}]}");
    r = ask(&o, "7.5", "25", "10");
    assert_int_equal(fixture_write(&o.f, change_job, &r), OK);
    expect(load(&o, before), "10", "30", "5");
    expect(load(&o, before + 1), "7.5", "30", "10");
    expect(load(&o, INT64_MAX), "7.5", "25", "10");
    office_fini(&o);
}

static void an_old_version_is_a_conflict(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct setting_request r = ask(&o, "5", "30", "5");
    struct setting_request late = r;
    assert_int_equal(fixture_write(&o.f, change_job, &r), OK);
    assert_int_equal(fixture_write(&o.f, change_job, &late), E_CONFLICT);
    assert_says(&o.f, "the settings are now at version");
    office_fini(&o);
}

static void they_have_ranges(void **state) {
    (void)state;
    struct office o;
    static const struct {
        const char *yellow, *red, *days, *words;
    } bad[] = {
        {"31", "30", "5", "cannot be above"},         {"10", "100.1", "5", "red_above is 0 to 100"},
        {"-1", "30", "5", "yellow_from is 0 to 100"}, {"10", "30", "0", "slip_days is 1 to 60"},
        {"10", "30", "61", "slip_days is 1 to 60"},   {"10", "30", "2.5", "whole number"}};
    office_init(&o);
    int64_t before = office_lines(&o);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct setting_request r = ask(&o, bad[i].yellow, bad[i].red, bad[i].days);
        assert_int_equal(fixture_write(&o.f, change_job, &r), E_INPUT);
        assert_says(&o.f, bad[i].words);
    }
    assert_int_equal(office_lines(&o), before);
    struct decimal d;
    struct err err = ERR_INIT;
    assert_int_equal(setting_parse(SETTING_RED_ABOVE, "12.5", 4, &d, &err), OK);
    assert_int_equal(setting_parse(SETTING_RED_ABOVE, "x", 1, &d, &err), E_INPUT);
    assert_int_equal(setting_parse(SETTING_SLIP_DAYS, "1.5", 3, &d, &err), E_INPUT);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_change_and_stay_known),
        cmocka_unit_test(an_old_version_is_a_conflict),
        cmocka_unit_test(they_have_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
