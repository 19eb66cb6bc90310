/* The server with clients that behave, and with those that send what is wrong. */
#include "http/wire.h"

#define END " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

static void answers_and_defaults(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    ask(f, "GET /inline/%E5%A4%AA?q=a%20b+c" END, &out);
    EXPECT(&out, "HTTP/1.1 200 OK\r\n");
    EXPECT(&out, "\r\nX-Content-Type-Options: nosniff\r\n");
    EXPECT(&out, "\r\nReferrer-Policy: no-referrer\r\n");
    EXPECT(&out, "\r\nCache-Control: no-store\r\n");
    EXPECT(&out, "\r\nContent-Type: text/plain\r\n");
    EXPECT(&out, "\r\n\r\nGET /inline/太 127.0.0.1 q=a b c []");
    ask(f, "GET /worker" END, &out);
    EXPECT(&out, "\r\n\r\nGET /worker 127.0.0.1 []");
    ask(f, "PATCH /worker" END, &out);
    EXPECT(&out, "\r\n\r\nPATCH /worker 127.0.0.1 []");
    ask(f, "GET /empty" END, &out);
    EXPECT(&out, "HTTP/1.1 204 No Content\r\n");
    assert_null(strstr(out.data, "Content-Length"));
    struct server_stats s = stats_of(f);
    assert_int_equal(s.answers[0], 4);
    assert_int_equal(s.answers[2], 4);
    assert_int_equal(s.connections_taken, 4);
    buf_fini(&out);
    fixture_free(f);
}

static void head_has_no_body(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    ask(f, "HEAD /inline" END, &out);
    EXPECT(&out, "\r\nContent-Length: 24\r\n"); /* of "GET /inline 127.0.0.1 []" */
    assert_string_equal(out.data + out.len - 4, "\r\n\r\n");
    assert_ptr_equal(strstr(out.data, "\r\n\r\n"), out.data + out.len - 4);
    buf_fini(&out);
    fixture_free(f);
}

static void keep_alive_and_pipelining(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "GET /one HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(fd, &out, "/one 127.0.0.1 []");
    client_send(fd, "POST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                    "GET /inline/three HTTP/1.1\r\nHost: x\r\n\r\n"
                    "GET /four HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(fd, &out, "/four 127.0.0.1 []");
    EXPECT(&out, "POST /two 127.0.0.1 [abc]");
    assert_true(strstr(out.data, "/two") < strstr(out.data, "/inline/three"));
    assert_true(strstr(out.data, "/inline/three") < strstr(out.data, "/four"));
    assert_int_equal(stats_of(f).connections_taken, 1);
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

/* A number of x. */
static void add_xs(struct buf *b, int n) {
    for (int i = 0; i < n; i++) {
        buf_addc(b, 'x');
    }
}

static void bodies_are_taken(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf request = BUF_INIT;
    struct buf out = BUF_INIT;
    fixture_start(f);
    buf_addf(&request,
             "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d"
             "\r\n\r\n",
             MAX_BODY);
    add_xs(&request, MAX_BODY);
    ask(f, request.data, &out);
    EXPECT(&out, "200 OK");
    EXPECT(&out, "xxx]");
    ask(f,
        "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        &out);
    EXPECT(&out, "[abcde]");
    assert_int_equal(stats_of(f).body_bytes_in, MAX_BODY + 5);
    assert_int_equal(stats_of(f).held, 0);
    buf_fini(&request);
    buf_fini(&out);
    fixture_free(f);
}

/* The client goes on sending: it gets the refusal all the same. */
static void large_bodies_are_refused_at_once(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf xs = BUF_INIT;
    struct buf out = BUF_INIT;
    fixture_start(f);
    add_xs(&xs, 100000);
    int fd = client_open(f);
    client_send(fd, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    client_until(fd, &out, "at most 1000 bytes are taken here");
    EXPECT(&out, "HTTP/1.1 413 Content Too Large\r\n");
    EXPECT(&out, "application/problem+json");
    client_send(fd, xs.data);
    client_to_end(fd, &out);
    close(fd);

    buf_clear(&out);
    fd = client_open(f);
    client_send(fd, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "100000\r\n");
    client_send(fd, xs.data);
    client_to_end(fd, &out);
    EXPECT(&out, "HTTP/1.1 413 ");
    close(fd);

    buf_clear(&out);
    fd = client_open(f);
    client_send(fd, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n"
                    "Expect: 100-continue\r\n\r\n");
    client_to_end(fd, &out);
    EXPECT(&out, "HTTP/1.1 413 ");
    assert_null(strstr(out.data, "100 Continue"));
    close(fd);
    assert_int_equal(stats_of(f).answers[4], 3);
    buf_fini(&xs);
    buf_fini(&out);
    fixture_free(f);
}

static void admit_refuses_before_the_body(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
    client_to_end(fd, &out);
    EXPECT(&out, "HTTP/1.1 403 Forbidden\r\n");
    EXPECT(&out, "Connection: close");
    close(fd);
    buf_clear(&out);
    fd = client_open(f); /* without a body the connection stays */
    client_send(fd, "GET /refused HTTP/1.1\r\nHost: x\r\n\r\n"
                    "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(fd, &out, "/next 127.0.0.1 []");
    EXPECT(&out, "HTTP/1.1 403 Forbidden\r\n");
    close(fd);
    buf_fini(&out);
    fixture_free(f);
}

static void wrong_requests_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *request;
        const char *want;
    } samples[] = {
        {"GET /a%zz" END, "HTTP/1.1 400 "},
        {"GET /a%00" END, "HTTP/1.1 400 "},
        {"GET /a?x=%ff" END, "HTTP/1.1 400 "},
        {"GET *" END, "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "}, /* no Host */
        {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/9.9\r\nHost: x\r\n\r\n", "HTTP/1.1 505 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
         "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
         "0\r\n\r\n",
         "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc", "HTTP/1.1 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
         "ffffffffffffffffff\r\n",
         "HTTP/1.1 413 "},
    };
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        ask(f, samples[i].request, &out);
        EXPECT(&out, samples[i].want);
        assert_null(strstr(out.data, "HTTP/1.1 200"));
    }
    buf_fini(&out);
    fixture_free(f);
}

/* What admit() filled in is not what goes out, and is not lost either. */
static void what_is_ready_is_refused_with_a_large_body(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    fixture_start(f);
    ask(f, "GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab",
        &out);
    EXPECT(&out, "[ready]");
    ask(f, "GET /ready HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", &out);
    EXPECT(&out, "HTTP/1.1 413 ");
    assert_null(strstr(out.data, "[ready]"));
    buf_fini(&out);
    fixture_free(f);
}

static void large_headers_are_refused(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf request = BUF_INIT;
    struct buf out = BUF_INIT;
    f->config.header_max = 4096;
    fixture_start(f);
    for (int n = 4000; n < 40000; n += 4000) { /* ours, libmicrohttpd's, and in between */
        buf_clear(&request);
        buf_adds(&request, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ");
        add_xs(&request, n);
        buf_adds(&request, "\r\n\r\n");
        ask(f, request.data, &out);
        EXPECT(&out, request.len <= 4096 ? "HTTP/1.1 200 " : "HTTP/1.1 431 ");
    }
    buf_clear(&request);
    buf_adds(&request, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    for (int i = 0; i < HTTP_HEADERS_MAX; i++) {
        buf_addf(&request, "X%d: y\r\n", i);
    }
    buf_adds(&request, "\r\n");
    ask(f, request.data, &out);
    EXPECT(&out, "HTTP/1.1 431 ");
    buf_fini(&request);
    buf_fini(&out);
    fixture_free(f);
}

static void a_full_queue_says_so(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.workers = 1;
    f->config.queue_max = 1;
    fixture_start(f);
    int first = client_open(f);
    client_send(first, "GET /hold" END);
    WAIT_FOR(atomic_load(&f->entered) == 1);
    int second = client_open(f);
    client_send(second, "GET /second" END);
    WAIT_FOR(stats_of(f).waiting == 1);
    ask(f, "GET /third" END, &out);
    EXPECT(&out, "HTTP/1.1 503 Service Unavailable\r\n");
    EXPECT(&out, "\r\nRetry-After: 1\r\n");
    ask(f, "GET /inline" END, &out); /* needs no worker */
    EXPECT(&out, "200 OK");
    ask(f, "GET /ready" END, &out); /* nor does what admit() answered */
    EXPECT(&out, "[ready]");
    atomic_store(&f->open, true);
    buf_clear(&out);
    client_to_end(second, &out);
    EXPECT(&out, "GET /second");
    buf_clear(&out);
    client_to_end(first, &out);
    EXPECT(&out, "GET /hold");
    assert_int_equal(stats_of(f).busy, 1);
    close(first);
    close(second);
    buf_fini(&out);
    fixture_free(f);
}

static void who_is_answered_later_keeps_no_thread(void **state) {
    (void)state;
    static const char *const paths[] = {"GET /later" END, "GET /direct/later" END,
                                        "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                                        "Connection: close\r\n\r\nabc"};
    enum { ASKING = 3 };
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    int fd[ASKING];
    f->config.workers = 1;
    fixture_start(f);
    for (int i = 0; i < ASKING; i++) {
        fd[i] = client_open(f);
        client_send(fd[i], paths[i]);
        WAIT_FOR(atomic_load(&f->entered) == i + 1);
    }
    ask(f, "GET /other" END, &out); /* the one worker is free */
    EXPECT(&out, "200 OK");
    ask(f, "GET /early" END, &out);
    EXPECT(&out, "GET /early");
    ask(f, "GET /direct/early" END, &out);
    EXPECT(&out, "GET /direct/early");
    ask(f, "GET /direct" END, &out);
    EXPECT(&out, "GET /direct");
    atomic_store(&f->open, true);
    for (int i = 0; i < ASKING; i++) {
        buf_clear(&out);
        client_to_end(fd[i], &out);
        EXPECT(&out, "200 OK");
        EXPECT(&out, "/later");
        close(fd[i]);
    }
    EXPECT(&out, "[abc]");
    buf_fini(&out);
    fixture_free(f);
}

static void a_client_that_vanishes_meanwhile_is_cleaned_up(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "GET /direct/later" END);
    WAIT_FOR(atomic_load(&f->entered) == 1);
    close(fd);
    atomic_store(&f->open, true);
    WAIT_FOR(stats_of(f).connections_open == 0);
    fixture_free(f);
}

static void held_bodies_are_bounded(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    f->config.held_max = 10;
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n12345678");
    WAIT_FOR(stats_of(f).held == 8);
    ask(f, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc", &out);
    EXPECT(&out, "HTTP/1.1 503 ");
    close(fd);
    WAIT_FOR(stats_of(f).held == 0);
    buf_fini(&out);
    fixture_free(f);
}

static void a_client_that_vanishes_is_cleaned_up(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    fixture_start(f);
    int fd = client_open(f);
    client_send(fd, "GET /hold" END);
    WAIT_FOR(atomic_load(&f->entered) == 1);
    struct linger reset = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
    atomic_store(&f->open, true);
    WAIT_FOR(stats_of(f).connections_open == 0);
    fixture_free(f);
}

static void *stop(void *server) {
    server_stop(server);
    return NULL;
}

static void a_stop_lets_requests_end(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    pthread_t stopper;
    fixture_start(f);
    int idle = client_open(f);
    client_send(idle, "GET /inline HTTP/1.1\r\nHost: x\r\n\r\n");
    client_until(idle, &out, "/inline");
    int busy = client_open(f);
    client_send(busy, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    WAIT_FOR(atomic_load(&f->entered) == 1);
    uint16_t port = server_port(f->server);
    assert_int_equal(pthread_create(&stopper, NULL, stop, f->server), 0);
    buf_clear(&out);
    client_to_end(idle, &out); /* closed while the other one runs */
    int fd = connect_from("127.0.0.1", port);
    assert_int_equal(fd, -1);
    atomic_store(&f->open, true);
    client_to_end(busy, &out);
    EXPECT(&out, "GET /hold");
    EXPECT(&out, "Connection: close");
    pthread_join(stopper, NULL);
    close(idle);
    close(busy);
    buf_fini(&out);
    fixture_free(f);
}

static void a_stop_does_not_wait_for_ever(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct buf out = BUF_INIT;
    pthread_t stopper;
    f->config.grace_ms = 30;
    f->config.workers = 1;
    fixture_start(f);
    int busy = client_open(f);
    client_send(busy, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    WAIT_FOR(atomic_load(&f->entered) == 1);
    int queued = client_open(f);
    client_send(queued, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    WAIT_FOR(stats_of(f).waiting == 1);
    int half = client_open(f);
    client_send(half, "GET /half HTTP/1.1\r\nHo");
    assert_int_equal(pthread_create(&stopper, NULL, stop, f->server), 0);
    client_to_end(half, &out); /* cut after the grace, though a handler still runs */
    client_to_end(busy, &out);
    assert_int_equal(out.len, 0);
    atomic_store(&f->open, true);
    pthread_join(stopper, NULL);
    assert_int_equal(atomic_load(&f->entered), 1); /* the one in the queue was not begun */
    close(busy);
    close(queued);
    close(half);
    buf_fini(&out);
    fixture_free(f);
}

static void addresses_are_tried(void **state) {
    (void)state;
    struct fixture *f = fixture_new();
    struct fixture *g = fixture_new();
    struct err err = ERR_INIT;
    fixture_start(f);
    g->config.port = server_port(f->server);
    assert_int_equal(server_new(&g->config, &g->server, &err), E_IO);
    assert_non_null(strstr(err.msg, "cannot listen on 127.0.0.1 port"));
    err = (struct err)ERR_INIT;
    g->config.address = "localhost";
    assert_int_equal(server_new(&g->config, &g->server, &err), E_USAGE);
    g->config.address = "::";
    g->config.port = 0;
    if (server_new(&g->config, &g->server, NULL) == OK) { /* where there is IPv6 at all */
        struct buf out = BUF_INIT;
        ask(g, "GET /inline" END, &out);
        EXPECT(&out, "GET /inline 127.0.0.1 []");
        buf_fini(&out);
    }
    fixture_free(g);
    fixture_free(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_and_defaults),
        cmocka_unit_test(head_has_no_body),
        cmocka_unit_test(keep_alive_and_pipelining),
        cmocka_unit_test(bodies_are_taken),
        cmocka_unit_test(large_bodies_are_refused_at_once),
        cmocka_unit_test(admit_refuses_before_the_body),
        cmocka_unit_test(wrong_requests_are_refused),
        cmocka_unit_test(what_is_ready_is_refused_with_a_large_body),
        cmocka_unit_test(large_headers_are_refused),
        cmocka_unit_test(a_full_queue_says_so),
        cmocka_unit_test(who_is_answered_later_keeps_no_thread),
        cmocka_unit_test(a_client_that_vanishes_meanwhile_is_cleaned_up),
        cmocka_unit_test(held_bodies_are_bounded),
        cmocka_unit_test(a_client_that_vanishes_is_cleaned_up),
        cmocka_unit_test(a_stop_lets_requests_end),
        cmocka_unit_test(a_stop_does_not_wait_for_ever),
        cmocka_unit_test(addresses_are_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
