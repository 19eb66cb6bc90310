/* The progress line on a pseudo-terminal, by a clock of the test's own. */
#include "cli/progress.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct terminal {
    int master;
    int slave;
    char seen[4096]; /* what take() read last */
};

static void terminal_open(struct terminal *t) {
    memset(t, 0, sizeof *t);
    t->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(t->master >= 0);
    assert_int_equal(grantpt(t->master), 0);
    assert_int_equal(unlockpt(t->master), 0);
    t->slave = open(ptsname(t->master), O_RDWR | O_NOCTTY);
    assert_true(t->slave >= 0);
}

static void terminal_close(struct terminal *t) {
    close(t->slave);
    close(t->master);
}

/* What was written since the last call. */
static const char *take(struct terminal *t) {
    ssize_t n = read(t->master, t->seen, sizeof t->seen - 1);
    t->seen[n > 0 ? n : 0] = '\0';
    return t->seen;
}

static void it_waits_and_then_draws_ten_times_a_second(void **state) {
    (void)state;
    struct terminal t;
    struct progress p;
    terminal_open(&t);
    progress_init(&p, t.slave, 1000);
    progress_show(&p, "a.txt", 1400);
    assert_string_equal(take(&t), "");
    progress_count(&p, 2500000);
    progress_show(&p, "b.txt", 2000);
    assert_non_null(strstr(take(&t), "\r1 documents, 2.5 MB, 2.5 MB/s: b.txt "));
    progress_show(&p, "c.txt", 2099);
    assert_string_equal(take(&t), "");
    progress_show(&p, "d.txt", 2100);
    assert_non_null(strstr(take(&t), "d.txt"));
    terminal_close(&t);
}

static void it_leaves_an_empty_line(void **state) {
    (void)state;
    struct terminal t;
    struct progress p;
    terminal_open(&t);
    progress_init(&p, t.slave, 0);
    progress_clear(&p);
    assert_string_equal(take(&t), "");
    progress_show(&p, "a.txt", 600);
    take(&t);
    progress_clear(&p);
    const char *seen = take(&t);
    assert_int_equal(seen[0], '\r');
    assert_int_equal(strspn(seen + 1, " "), strlen(seen) - 2);
    assert_int_equal(seen[strlen(seen) - 1], '\r');
    progress_clear(&p);
    assert_string_equal(take(&t), "");
    terminal_close(&t);
}

/* Never wider than the line, and no control character of a file's name reaches the terminal. */
static void a_long_or_wild_name_stays_on_the_line(void **state) {
    (void)state;
    struct terminal t;
    struct progress p;
    char name[512];
    memset(name, 'x', sizeof name);
    memcpy(name, "\x1b[2J\n", 5);
    name[sizeof name - 1] = '\0';
    terminal_open(&t);
    progress_init(&p, t.slave, 0);
    progress_show(&p, name, 600);
    const char *seen = take(&t);
    assert_int_equal(strlen(seen), 1 + 78);
    assert_null(strchr(seen, '\x1b'));
    assert_null(strchr(seen, '\n'));
    terminal_close(&t);
}

static void a_pipe_sees_nothing(void **state) {
    (void)state;
    int ends[2];
    struct progress p;
    char byte;
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    progress_init(&p, ends[1], 0);
    progress_show(&p, "a.txt", 600);
    progress_clear(&p);
    assert_int_equal(read(ends[0], &byte, 1), -1);
    close(ends[0]);
    close(ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_waits_and_then_draws_ten_times_a_second),
        cmocka_unit_test(it_leaves_an_empty_line),
        cmocka_unit_test(a_long_or_wild_name_stays_on_the_line),
        cmocka_unit_test(a_pipe_sees_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
