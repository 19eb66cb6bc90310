/* Clients that take their time: who is cut, who is evicted, and who is still answered. */
#include <sys/resource.h>
#include <sys/wait.h>

#include "http/wire.h"

/* A byte every other millisecond puts off no deadline. */
static void dribble(struct fixture *f, const char *head, const char *drop) {
    struct buf out = BUF_INIT;
    int fd = client_open(f);
    struct pollfd on = {.fd = fd, .events = POLLIN};
    client_send(fd, head);
    int sent = 0;
    while (poll(&on, 1, 2) == 0) {
        client_send(fd, drop);
        assert_true(++sent < PATIENCE_MS);
    }
    client_to_end(fd, &out);
    assert_int_equal(out.len, 0);
    close(fd);
    buf_fini(&out);
}

static void a_dribbling_client_is_cut(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    f->config.request_ms = 60;
    fixture_start(f);
    dribble(f, "", "\r\n");                       /* before the request line */
    dribble(f, "GET /", "a");                     /* in it */
    dribble(f, "GET / HTTP/1.1\r\n", "X: y\r\n"); /* in the header */
    dribble(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", "a");
    assert_int_equal(stats_of(f).timed_out, 4);
    WAIT_FOR(stats_of(f).connections_open == 0);
    assert_int_equal(stats_of(f).held, 0);
    fixture_free(f);
}

static void an_idle_client_is_cut(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.request_ms = 100; /* the reaper looks more often */
    f->config.idle_ms = 20;
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    client_to_end(fd, &out);
    EXPECT(&out, "200 OK");
    assert_int_equal(stats_of(f).timed_out, 1);
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

static void a_client_that_does_not_read_is_cut(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.request_ms = 100;
    f->config.answer_ms = 50;
    f->config.rate_min = BIG * 10;
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    WAIT_FOR(stats_of(f).timed_out == 1);
    client_to_end(fd, &out);
    assert_true(out.len < BIG);
    WAIT_FOR(stats_of(f).connections_open == 0);
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

static void a_long_answer_has_more_time(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.request_ms = 100;
    f->config.answer_ms = 20;
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    poll(NULL, 0, 60); /* longer than answer_ms: 8 MB have 500 s more */
    client_to_end(fd, &out);
    assert_true(out.len > BIG);
    assert_int_equal(stats_of(f).timed_out, 0);
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

/* ---- who goes first ---- */

static void the_oldest_without_a_request_goes_first(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.connections_max = 3;
    fixture_start(f);
    int served = client_open(f);
    client_send(served, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(served, &out, "/a 127");
    int older = client_open(f);
    WAIT_FOR(stats_of(f).connections_open == 2);
    int newer = client_open(f);
    WAIT_FOR(stats_of(f).connections_open == 3);
    ask(f, "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    EXPECT(&out, "GET /b");
    buf_clear(&out);
    client_to_end(older, &out); /* evicted */
    client_send(newer, "GET /c HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(newer, &out, "/c 127");
    client_send(served, "GET /d HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(served, &out, "/d 127");
    assert_int_equal(stats_of(f).evicted, 1);
    close(served);
    close(older);
    close(newer);
    buf_fini(&out);
    fixture_free(f);
}

static void who_is_answered_stays(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    int busy[2];
    f->config.connections_max = 2;
    fixture_start(f);
    for (int i = 0; i < 2; i++) {
        busy[i] = client_open(f);
        client_send(busy[i], "GET /hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        WAIT_FOR(atomic_load(&f->entered) == i + 1);
    }
    ask(f, "", &out);
    EXPECT(&out, "HTTP/1.1 503 ");
    assert_int_equal(stats_of(f).connections_refused, 1);
    atomic_store(&f->open, true);
    for (int i = 0; i < 2; i++) {
        buf_clear(&out);
        client_to_end(busy[i], &out);
        EXPECT(&out, "GET /hold");
        close(busy[i]);
    }
    buf_fini(&out);
    fixture_free(f);
}

static void who_does_not_read_makes_room(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.connections_max = 1;
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    WAIT_FOR(stats_of(f).body_bytes_out == BIG); /* libmicrohttpd has it, the client does not */
    ask(f, "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    EXPECT(&out, "GET /b");
    assert_int_equal(stats_of(f).evicted, 1);
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

/* ---- many ---- */

enum { SLOW = 10000 };

/* Opens connections that send half a header and nothing more, as fast as they go; says so, and
 * holds them until the pipe is closed. A process of its own: they need as many descriptors again.
 */
static void be_slow(uint16_t port, int ready, int over) {
    struct rlimit limit;
    char c = 0;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int opened = 0;
    for (int i = 0; i < SLOW; i++) {
        int fd = connect_from("127.0.0.2", port);
        opened += fd >= 0;
        if (fd >= 0 && send(fd, "GET / HTTP/1.1\r\nX: ", 19, MSG_NOSIGNAL) < 0) {
            continue; /* evicted already */
        }
    }
    ssize_t n = write(ready, opened == SLOW ? "y" : "n", 1);
    n = read(over, &c, 1);
    _exit(n == 0 ? 0 : 1);
}

static bool few_files(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_max < SLOW + 1000;
}

/* While they come, and when all are there. */
static void good_ones_are_answered(struct fixture *f, int ready, int *asked) {
    struct pollfd on = {.fd = ready, .events = POLLIN};
    struct buf out = BUF_INIT;
    char all = 0;
    while (poll(&on, 1, 20) == 0) {
        ask(f, "GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
        EXPECT(&out, "GET /good");
        ++*asked;
    }
    assert_int_equal(read(ready, &all, 1), 1);
    assert_int_equal(all, 'y');
    ask(f, "GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    EXPECT(&out, "GET /good");
    buf_fini(&out);
}

/* The child is forked before the server has threads, and told the port through a pipe. */
static void withstand(size_t connections_max) {
    struct fixture *f = fixture_new();
    int port[2], ready[2], over[2];
    uint16_t number = 0;
    int asked = 0, status = 1;
    assert_int_equal(pipe(port) | pipe(ready) | pipe(over), 0);
    pid_t child = fork();
    if (child == 0) {
        close(over[1]);
        if (read(port[0], &number, sizeof number) == sizeof number) {
            be_slow(number, ready[1], over[0]);
        }
        _exit(1);
    }
    f->config.connections_max = connections_max;
    fixture_start(f);
    number = server_port(f->server);
    assert_int_equal(write(port[1], &number, sizeof number), sizeof number);
    good_ones_are_answered(f, ready[0], &asked);
    struct server_stats s = stats_of(f);
    assert_int_equal(s.answers[2], asked + 1);
    assert_true(s.connections_taken >= SLOW);
    /* Making room takes a moment, in which a busy machine may have to refuse some. */
    assert_true(s.connections_refused <= (connections_max < SLOW ? SLOW / 50 : 0));
    assert_true(s.connections_open <= connections_max + connections_max / 8 + 1);
    assert_int_equal(s.evicted > 0, connections_max < SLOW);
    close(over[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    for (int i = 0; i < 2; i++) {
        close(port[i]);
        close(ready[i]);
    }
    close(over[0]);
    fixture_free(f);
}

static void ten_thousand_slow_ones_are_borne(void **state) {
    (void)state;
    if (few_files()) {
        skip();
    }
    withstand(SLOW + 500);
}

static void ten_thousand_slow_ones_are_evicted(void **state) {
    (void)state;
    if (few_files()) {
        skip();
    }
    withstand(1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_slow_ones_are_borne),
        cmocka_unit_test(ten_thousand_slow_ones_are_evicted),
        cmocka_unit_test(a_dribbling_client_is_cut),
        cmocka_unit_test(an_idle_client_is_cut),
        cmocka_unit_test(a_client_that_does_not_read_is_cut),
        cmocka_unit_test(a_long_answer_has_more_time),
        cmocka_unit_test(the_oldest_without_a_request_goes_first),
        cmocka_unit_test(who_is_answered_stays),
        cmocka_unit_test(who_does_not_read_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
