/* The last lines of all subjects below one prefix, as known at any line. */
#include "store/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/fixture.h"

static enum code add_job(struct tx *tx, void *subject, struct err *err) {
    struct journal_entry line = {"u/1", subject, "test.done", "{}"};
    return journal_add(tx, &line, NULL, err);
}

static void add(struct fixture *f, const char *subject) {
    char copy[64];
    snprintf(copy, sizeof copy, "%s", subject);
    assert_int_equal(fixture_write(f, add_job, copy), OK);
}

/* What is found below "plan/1/", as "subject:line after `start`" words. */
static void expect(struct fixture *f, int64_t start, int64_t as_of, const char *want) {
    struct arena a = ARENA_INIT;
    struct journal_last *all = NULL;
    size_t count = 0;
    char got[256] = "";
    struct tx *tx = fixture_read(f);
    assert_int_equal(journal_last_of_each(tx, "plan/1/", as_of, &a, &all, &count, &f->err), OK);
    store_read_end(tx);
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(got);
        snprintf(got + n, sizeof got - n, "%s%s:%d", i > 0 ? " " : "", all[i].subject + 7,
                 (int)(all[i].seq - start));
    }
    assert_string_equal(got, want);
    arena_fini(&a);
}

static void each_subject_has_its_last_line(void **state) {
    (void)state;
    struct fixture f;
    fixture_init(&f);
    fixture_open(&f);
    struct tx *tx = fixture_read(&f);
    int64_t start = journal_head(tx)->seq;
    store_read_end(tx);
    expect(&f, start, INT64_MAX, "");
    static const char *const subjects[] = {"plan/1/task/2",  "plan/1/target/1", "plan/1",
                                           "plan/10/task/2", "plan/1/task/2",   "plan/1/task/10",
                                           "plan/2/task/2"};
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        add(&f, subjects[i]);
    }
    expect(&f, start, INT64_MAX, "target/1:2 task/10:6 task/2:5");
    expect(&f, start, start + 5, "target/1:2 task/2:5");
    expect(&f, start, start + 4, "target/1:2 task/2:1");
    expect(&f, start, start, "");
    fixture_fini(&f);
}

/* The same as asking for each, whatever the subjects. */
static void it_agrees_with_asking_for_each(void **state) {
    (void)state;
    struct fixture f;
    uint32_t seed = 3;
    fixture_init(&f);
    fixture_open(&f);
    for (int i = 0; i < 120; i++) {
        char subject[64];
        seed = seed * 1664525u + 1013904223u;
        snprintf(subject, sizeof subject, "plan/%u/task/%u", 1 + (seed >> 30), (seed >> 16) % 12);
        add(&f, subject);
    }
    struct arena a = ARENA_INIT;
    struct journal_last *all = NULL;
    size_t count = 0;
    size_t found = 0;
    struct tx *tx = fixture_read(&f);
    assert_int_equal(journal_last_of_each(tx, "plan/1/", INT64_MAX, &a, &all, &count, &f.err), OK);
    for (int i = 0; i < 12; i++) {
        char subject[64];
        int64_t seq = 0;
        snprintf(subject, sizeof subject, "plan/1/task/%d", i);
        assert_int_equal(journal_last_of(tx, subject, &seq, &f.err), OK);
        for (size_t k = 0; k < count; k++) {
            if (strcmp(all[k].subject, subject) == 0) {
                assert_int_equal(all[k].seq, seq);
                found++;
            }
        }
    }
    assert_true(count > 5);
    assert_int_equal(found, count);
    store_read_end(tx);
    arena_fini(&a);
    fixture_fini(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_subject_has_its_last_line),
        cmocka_unit_test(it_agrees_with_asking_for_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
