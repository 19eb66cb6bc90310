/* wire: a server for one test, and raw sockets that talk to it. */
#ifndef TAIHU_TESTS_HTTP_WIRE_H
#define TAIHU_TESTS_HTTP_WIRE_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/problem.h"
#include "http/server.h"

enum {
    PATIENCE_MS = 10000, /* a test that waits longer has failed */
    MAX_BODY = 1000,
    BIG = 8 << 20, /* more than both socket buffers hold */
};

struct fixture {
    struct server_config config;
    struct server_calls calls;
    struct server *server;
    struct blob *big;
    atomic_int entered; /* handlers that stand in /hold */
    atomic_bool open;   /* lets them go */
    atomic_llong log;   /* how long the log of events is */
    atomic_int freed;   /* streams that were freed */
};

/* ---- the server ---- */

static enum server_admission admit(void *ctx, struct server_entry *e) {
    const char *path = e->request->path;
    (void)ctx;
    e->max_body = MAX_BODY;
    if (strcmp(path, "/refused") == 0) {
        problem_set(e->response, &(struct problem){.status = 403});
        return SERVER_REFUSE;
    }
    if (strcmp(path, "/ready") == 0) {
        e->response->type = "text/plain";
        buf_adds(&e->response->body, "[ready]");
        return SERVER_READY;
    }
    return strncmp(path, "/inline", 7) == 0   ? SERVER_INLINE
           : strncmp(path, "/direct", 7) == 0 ? SERVER_DIRECT
                                              : SERVER_QUEUE;
}

static void count_freed(void *data) {
    struct fixture *f = data;
    atomic_fetch_add(&f->freed, 1);
}

static void hold(struct fixture *f) {
    atomic_fetch_add(&f->entered, 1);
    while (!atomic_load(&f->open)) {
        sched_yield();
    }
}

/* Says back what came in, so that a test sees what a handler sees. */
static void echo(const struct http_request *r, struct http_response *out) {
    out->type = "text/plain";
    buf_addf(&out->body, "%s %s %s", r->method, r->path, r->remote);
    for (size_t i = 0; i < r->query_count; i++) {
        buf_addf(&out->body, " %s=%s", r->query[i].name, r->query[i].value);
    }
    buf_addf(&out->body, " [%s]", r->body);
}

/* A request that was handed over: answered by a thread of its own, once the test lets it. */
struct handed {
    struct fixture *f;
    struct http_request *request;
    struct http_response *response;
};

static void *answer_later(void *data) {
    struct handed *h = data;
    hold(h->f);
    echo(h->request, h->response);
    server_finish(h->request);
    free(h);
    return NULL;
}

static void hand_over(struct fixture *f, struct http_request *r, struct http_response *out) {
    struct handed *h = malloc(sizeof *h);
    pthread_t thread;
    *h = (struct handed){f, r, out};
    assert_int_equal(pthread_create(&thread, NULL, answer_later, h), 0);
    pthread_detach(thread);
}

static enum server_handled handle(void *ctx, struct http_request *r, struct http_response *out) {
    struct fixture *f = ctx;
    if (strcmp(r->path, "/events") == 0) {
        const char *last = http_header(r, "Last-Event-ID");
        out->type = "text/event-stream";
        out->stream =
            (struct http_stream){true, f, count_freed, last == NULL ? 0 : strtoll(last, NULL, 10)};
    } else if (strcmp(r->path, "/big") == 0) {
        out->type = "text/plain";
        out->blob = blob_hold(f->big);
    } else if (strcmp(r->path, "/empty") == 0) {
        out->status = 204;
    } else if (strstr(r->path, "/later") != NULL) {
        hand_over(f, r, out);
        return SERVER_LATER;
    } else if (strstr(r->path, "/early") != NULL) { /* before this returns */
        echo(r, out);
        server_finish(r);
        return SERVER_LATER;
    } else {
        if (strcmp(r->path, "/hold") == 0) {
            hold(f);
        }
        echo(r, out);
    }
    return SERVER_ANSWERED;
}

static int64_t wait_log(void *ctx, int64_t after, int timeout_ms) {
    struct fixture *f = ctx;
    for (int i = 0; i < timeout_ms && atomic_load(&f->log) <= after; i++) {
        poll(NULL, 0, 1);
    }
    int64_t now = atomic_load(&f->log);
    return now > after ? now : after;
}

static bool produce(void *ctx, void *stream, int64_t *cursor, struct buf *to) {
    struct fixture *f = ctx;
    assert_ptr_equal(stream, f);
    while (*cursor < atomic_load(&f->log) && to->len < 16384) {
        buf_addf(to, "id: %lld\ndata: x\n\n", (long long)++*cursor);
    }
    return *cursor < 1000000;
}

static int64_t some_time(void *clock) {
    (void)clock;
    return 1614564123004;
}

static struct fixture *fixture_new(void) {
    struct fixture *f = calloc(1, sizeof *f);
    struct buf big = BUF_INIT;
    memset(buf_room(&big, BIG), 'x', BIG);
    big.len = BIG;
    f->big = blob_take(&big);
    f->calls = (struct server_calls){admit, handle, wait_log, produce};
    f->config = (struct server_config){
        .address = "127.0.0.1", .calls = &f->calls, .ctx = f, .now_ms = some_time};
    return f;
}

static void fixture_start(struct fixture *f) {
    struct err err = ERR_INIT;
    if (server_new(&f->config, &f->server, &err) != OK) {
        fail_msg("%s", err.msg);
    }
}

static void fixture_free(struct fixture *f) {
    atomic_store(&f->open, true);
    server_free(f->server);
    blob_drop(f->big);
    free(f);
}

static struct server_stats stats_of(struct fixture *f) {
    struct server_stats s;
    server_stats(f->server, &s);
    return s;
}

/* Until the condition holds, or the test has failed. */
#define WAIT_FOR(condition)                                                                        \
    do {                                                                                           \
        for (int waited_ = 0; !(condition); waited_++) {                                           \
            assert_true(waited_ < PATIENCE_MS);                                                    \
            poll(NULL, 0, 1);                                                                      \
        }                                                                                          \
    } while (0)

/* ---- the client ---- */

static int connect_from(const char *source, uint16_t port) {
    struct sockaddr_in from = {.sin_family = AF_INET};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    const int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* else the kernel looks for a port before it knows the peer: slow, when there are thousands */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    inet_pton(AF_INET, source, &from.sin_addr);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        return -1;
    }
    return fd;
}

static int client_open(struct fixture *f) {
    int fd = connect_from("127.0.0.1", server_port(f->server));
    assert_true(fd >= 0);
    return fd;
}

static void client_send(int fd, const char *text) {
    size_t n = strlen(text);
    while (n > 0) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent < 0) {
            return; /* cut: what was answered is there to be read */
        }
        text += sent;
        n -= (size_t)sent;
    }
}

/* Reads a piece; 0 when it was closed or reset. Fails the test when nothing comes. */
static size_t client_more(int fd, struct buf *to) {
    struct pollfd on = {.fd = fd, .events = POLLIN};
    assert_true(poll(&on, 1, PATIENCE_MS) > 0);
    ssize_t n = recv(fd, buf_room(to, 65536), 65536, 0);
    to->len += n > 0 ? (size_t)n : 0;
    to->data[to->len] = '\0';
    return n > 0 ? (size_t)n : 0;
}

static void client_until(int fd, struct buf *to, const char *words) {
    while (to->data == NULL || strstr(to->data, words) == NULL) {
        if (client_more(fd, to) == 0) {
            fail_msg("closed before \"%s\": %s", words, to->data);
        }
    }
}

static void client_to_end(int fd, struct buf *to) {
    while (client_more(fd, to) > 0) {
    }
}

static bool has(const struct buf *b, const char *words) {
    return strstr(b->data, words) != NULL;
}

/* One request on a connection of its own that it closes: all that comes back. */
static void ask(struct fixture *f, const char *request, struct buf *out) {
    int fd = client_open(f);
    buf_clear(out);
    client_send(fd, request);
    client_to_end(fd, out);
    close(fd);
}

#define EXPECT(out, words)                                                                         \
    do {                                                                                           \
        if (!has(out, words)) {                                                                    \
            fail_msg("expected \"%s\" in \"%.600s\"", words, (out)->data);                         \
        }                                                                                          \
    } while (0)

#endif
