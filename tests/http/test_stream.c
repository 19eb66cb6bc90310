/* Streams of events: who gets what, from where, and what happens to those who do not read. */
#include "http/wire.h"

static int open_stream(struct fixture *f, const char *headers) {
    struct buf request = BUF_INIT;
    int fd = client_open(f);
    buf_addf(&request, "GET /events HTTP/1.1\r\nHost: x\r\n%s\r\n", headers);
    client_send(fd, request.data);
    buf_fini(&request);
    return fd;
}

static void two_streams_and_a_resume(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf a = BUF_INIT;
    struct buf b = BUF_INIT;
    fixture_start(f);
    atomic_store(&f->log, 3);
    int first = open_stream(f, "");
    client_until(first, &a, "id: 3\n");
    EXPECT(&a, "Content-Type: text/event-stream\r\n");
    EXPECT(&a, "\r\n:\n\n"); /* the header did not wait for an event */
    EXPECT(&a, "id: 1\n");
    int second = open_stream(f, "Last-Event-ID: 2\r\n");
    client_until(second, &b, "id: 3\n");
    assert_false(has(&b, "id: 2\n"));
    atomic_store(&f->log, 4);
    client_until(first, &a, "id: 4\n");
    client_until(second, &b, "id: 4\n");
    assert_int_equal(stats_of(f).streams, 2);
    close(first);
    WAIT_FOR((atomic_fetch_add(&f->log, 1), stats_of(f).streams == 1));
    assert_int_equal(atomic_load(&f->freed), 1);
    close(second);
    buf_fini(&a);
    buf_fini(&b);
    fixture_free(f);
}

static void a_long_past_comes_in_pieces(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    atomic_store(&f->log, 20000);
    int fd = open_stream(f, "");
    client_until(fd, &out, "id: 20000\n");
    EXPECT(&out, "id: 1\n");
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

static void silence_has_a_heartbeat(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.heartbeat_ms = 10;
    fixture_start(f);
    int fd = open_stream(f, "");
    client_until(fd, &out, ":\n\n\r\n3\r\n:\n\n\r\n3\r\n:\n\n");
    close(fd);
    WAIT_FOR(stats_of(f).streams == 0); /* the next comment finds nobody */
    buf_fini(&out);
    fixture_free(f);
}

static void streams_are_capped(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.streams_max = 1;
    fixture_start(f);
    int fd = open_stream(f, "");
    client_until(fd, &out, ":\n\n");
    ask(f, "GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    EXPECT(&out, "HTTP/1.1 503 ");
    EXPECT(&out, "Retry-After: ");
    assert_int_equal(atomic_load(&f->freed), 1); /* the one that was refused */
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

/* Its events pile up in the log, not in memory, and then it is cut. */
static void a_stream_that_is_not_read_is_cut(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.request_ms = 100;
    f->config.answer_ms = 50;
    fixture_start(f);
    int small = 4096;
    int fd = client_open(f);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    client_send(fd, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(fd, &out, ":\n\n");
    atomic_store(&f->log, 900000);
    WAIT_FOR(stats_of(f).timed_out == 1);
    WAIT_FOR(stats_of(f).streams == 0);
    assert_true(stats_of(f).body_bytes_out < 900000 * 10);
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

static void a_producer_ends_its_stream(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    int fd = open_stream(f, "Last-Event-ID: 999999\r\nConnection: close\r\n");
    client_until(fd, &out, ":\n\n");
    atomic_store(&f->log, 1000000);
    client_to_end(fd, &out);
    EXPECT(&out, "id: 1000000\n");
    EXPECT(&out, "\r\n0\r\n\r\n");
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

static void a_stop_ends_streams(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    int quiet = open_stream(f, "");
    client_until(quiet, &out, ":\n\n");
    server_stop(f->server);
    client_to_end(quiet, &out);
    EXPECT(&out, "\r\n0\r\n\r\n");
    assert_int_equal(atomic_load(&f->freed), 1);
    close(quiet);
    buf_fini(&out);
    fixture_free(f);
}

static void head_of_a_stream_ends(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    ask(f, "HEAD /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
    EXPECT(&out, "Content-Type: text/event-stream\r\n");
    WAIT_FOR(atomic_load(&f->freed) == 1);
    buf_fini(&out);
    fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_streams_and_a_resume),
        cmocka_unit_test(a_long_past_comes_in_pieces),
        cmocka_unit_test(silence_has_a_heartbeat),
        cmocka_unit_test(streams_are_capped),
        cmocka_unit_test(a_stream_that_is_not_read_is_cut),
        cmocka_unit_test(a_producer_ends_its_stream),
        cmocka_unit_test(a_stop_ends_streams),
        cmocka_unit_test(head_of_a_stream_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
