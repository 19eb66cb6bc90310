/* server: see server.h. This file is what libmicrohttpd calls: a request from its header to its
 * answer. An exchange is one request and its answer:
 *
 *   header   check, admit()  ──► refused: without a body the answer is queued; with one it is
 *                                written to the socket here and the body thrown away, for
 *                                libmicrohttpd would close with unread bytes, and the reset that
 *                                follows could overtake the refusal
 *   body     append, up to max_body
 *   whole    inline: handle(), answer;  else suspend, queue ──► worker: handle(), resume ──► answer
 */
#include "http/server.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/mem.h"
#include "http/conn_int.h"
#include "http/count_int.h"
#include "http/listen_int.h"
#include "http/mono_int.h"
#include "http/problem.h"
#include "http/stream_int.h"
#include "http/target.h"
#include "http/worker_int.h"

enum {
    /* Beside the request's header libmicrohttpd keeps 64 bytes for each field and our answer's
     * header in the same pool. */
    POOL_EXTRA = 8192,
    LINGER_MS = 2000,    /* RFC 9112 section 9.6: long enough for the refusal to arrive */
    FILES_KEPT = 256,    /* descriptors for the store, its readers and what handlers open */
    CONNECTIONS = 12000, /* at 24 KB each the pools hold 280 MB at most */
};

struct server {
    struct server_config config; /* defaults filled in */
    struct count count;
    struct conns conns;
    struct workers workers;
    struct streams streams;
    struct listener listener;
    struct MHD_Daemon *mhd;
    atomic_bool stopping; /* answers say that the connection closes */
    bool stopped;
};

enum state {
    TAKING,    /* the body */
    LINGERING, /* refused; the body is thrown away */
    WORKING,   /* queued or on a worker */
    ANSWERED,  /* the response is filled, or with libmicrohttpd */
};

struct exchange {
    struct worker_job job; /* first: a job is cast back to its exchange */
    struct server *server;
    struct conn *conn;
    struct MHD_Connection *mhd;
    struct arena arena;
    struct http_field headers[HTTP_HEADERS_MAX];
    struct http_request request;
    struct http_response response;
    struct buf body;
    size_t max_body;
    enum server_admission admission;
    enum state state;
    bool streams;
    int64_t start_us;
};

/* ---- answering ---- */

static int64_t answer_ms(const struct server *s, size_t n) {
    return s->config.answer_ms + (int64_t)(n / s->config.rate_min) * 1000;
}

static size_t body_len(const struct http_response *r) {
    return r->blob != NULL ? blob_len(r->blob) : r->body.len;
}

static const char *body_data(const struct http_response *r) {
    return r->blob != NULL ? blob_data(r->blob) : r->body.data == NULL ? "" : r->body.data;
}

static void drop_blob(void *blob) {
    blob_drop(blob);
}

/* The body leaves the response for libmicrohttpd's, which frees it. */
static struct MHD_Response *hand_over(struct http_response *r) {
    if (r->blob == NULL && r->body.len == 0) {
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    if (r->blob == NULL) {
        size_t n = r->body.len;
        char *data = r->body.data;
        r->body = (struct buf)BUF_INIT;
        return MHD_create_response_from_buffer(n, data, MHD_RESPMEM_MUST_FREE);
    }
    struct blob *blob = r->blob;
    r->blob = NULL;
    /* libmicrohttpd never writes to it */
    return MHD_create_response_from_buffer_with_free_callback_cls(
        blob_len(blob), (void *)(uintptr_t)blob_data(blob), drop_blob, blob);
}

/* libmicrohttpd takes no empty value, and one that is empty says nothing. */
static void add_header(struct MHD_Response *m, const char *name, const char *value) {
    if (value[0] != '\0') {
        enum MHD_Result added = MHD_add_response_header(m, name, value);
        assert(added == MHD_YES);
    }
}

static enum MHD_Result send_response(struct exchange *x, struct MHD_Response *m) {
    struct http_response *r = &x->response;
    http_set_defaults(r);
    if (atomic_load_explicit(&x->server->stopping, memory_order_relaxed)) {
        http_set_header(r, "Connection", "close");
    }
    if (r->type != NULL) {
        add_header(m, "Content-Type", r->type);
    }
    for (size_t i = 0; i < r->header_count; i++) {
        add_header(m, r->headers[i].name, r->headers[i].value);
    }
    x->state = ANSWERED;
    count_answer(&x->server->count, r->status);
    enum MHD_Result queued = MHD_queue_response(x->mhd, (unsigned)r->status, m);
    MHD_destroy_response(m);
    return queued;
}

static void set_busy(struct exchange *x, const char *detail) {
    problem_set(&x->response, &(struct problem){.status = 503, .detail = detail});
    http_set_header(&x->response, "Retry-After", "1");
    count_add(&x->server->count.busy, 1);
}

static enum MHD_Result answer(struct exchange *x) {
    struct server *s = x->server;
    struct http_response *r = &x->response;
    struct MHD_Response *m = NULL;
    if (r->stream.wanted) {
        m = stream_new(&s->streams, x->mhd, x->conn, r);
        x->streams = m != NULL;
        if (m == NULL) {
            set_busy(x, "too many streams are open");
        }
    }
    if (m == NULL) {
        size_t n = body_len(r);
        conn_enter(x->conn, CONN_WRITING, answer_ms(s, n));
        count_add(&s->count.out, n);
        m = hand_over(r);
    } else {
        conn_enter(x->conn, CONN_STREAM, s->config.answer_ms);
    }
    if (m == NULL) {
        abort(); /* as mem_alloc() */
    }
    return send_response(x, m);
}

/* ---- refusing while the body is on its way ---- */

static void write_response(struct http_response *r, struct buf *to) {
    http_set_defaults(r);
    http_set_header(r, "Connection", "close");
    buf_addf(to, "HTTP/1.1 %d %s\r\n", r->status, problem_title(r->status));
    if (r->type != NULL) {
        buf_addf(to, "Content-Type: %s\r\n", r->type);
    }
    for (size_t i = 0; i < r->header_count; i++) {
        buf_addf(to, "%s: %s\r\n", r->headers[i].name, r->headers[i].value);
    }
    buf_addf(to, "Content-Length: %zu\r\n\r\n", body_len(r));
    buf_add(to, body_data(r), body_len(r));
}

/* All earlier answers of the connection are in the kernel's hands, and this one is shorter than the
 * smallest send buffer: one send() takes it, or the client takes nothing anyway. */
static void refuse_now(struct exchange *x) {
    struct buf out = BUF_INIT;
    count_answer(&x->server->count, x->response.status);
    write_response(&x->response, &out);
    ssize_t sent = send(x->conn->fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    count_add(&x->server->count.out, sent > 0 ? body_len(&x->response) : 0);
    shutdown(x->conn->fd, SHUT_WR);
    buf_fini(&out);
    conn_enter(x->conn, CONN_LINGERING, LINGER_MS);
    x->state = LINGERING;
}

/* ---- the header ---- */

static enum MHD_Result take_field(void *data, enum MHD_ValueKind kind, const char *name,
                                  const char *value) {
    struct exchange *x = data;
    (void)kind;
    if (x->request.header_count < HTTP_HEADERS_MAX) {
        x->headers[x->request.header_count] = (struct http_field){name, value == NULL ? "" : value};
    }
    x->request.header_count++;
    return MHD_YES;
}

static size_t count_header(const struct http_request *r, const char *name) {
    size_t n = 0;
    for (size_t i = 0; i < r->header_count; i++) {
        n += strcasecmp(r->headers[i].name, name) == 0;
    }
    return n;
}

/* What was not understood may go on in the next bytes: the connection ends. */
static bool refuse(struct exchange *x, int status, const char *detail) {
    problem_set(&x->response, &(struct problem){.status = status, .detail = detail});
    http_set_header(&x->response, "Connection", "close");
    return false;
}

/* What two readers could take for two different requests is refused (RFC 9112 section 11.2). */
static bool check_framing(struct exchange *x) {
    const struct http_request *r = &x->request;
    const char *coding = http_header(r, "Transfer-Encoding");
    size_t lengths = count_header(r, "Content-Length");
    if (coding != NULL && (lengths > 0 || count_header(r, "Transfer-Encoding") > 1)) {
        return refuse(x, 400, "the request says its length twice");
    }
    if (coding != NULL && strcasecmp(coding, "chunked") != 0) {
        return refuse(x, 501, "of the transfer codings only \"chunked\" is known");
    }
    if (lengths > 1) {
        return refuse(x, 400, "the request says its length twice");
    }
    return count_header(r, "Host") <= 1 || refuse(x, 400, "the request names two hosts");
}

static bool check_size(struct exchange *x) {
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, take_field, x);
    x->request.headers = x->headers;
    if (x->request.header_count > HTTP_HEADERS_MAX ||
        (size != NULL && size->header_size > x->server->config.header_max)) {
        x->request.header_count = 0;
        return refuse(x, 431, NULL);
    }
    return true;
}

static bool check_target(struct exchange *x) {
    struct err err = ERR_INIT;
    const char *raw = x->conn->target == NULL ? "" : x->conn->target;
    return target_parse(raw, &x->arena, &x->request, &err) == OK || refuse(x, 400, err.msg);
}

static const char *length_text(const struct exchange *x) {
    return http_header(&x->request, "Content-Length");
}

static bool has_body(const struct exchange *x) {
    const char *length = length_text(x);
    return (length != NULL && strtoumax(length, NULL, 10) > 0) ||
           http_header(&x->request, "Transfer-Encoding") != NULL;
}

/* A wrong number was refused by libmicrohttpd before. */
static bool check_length(struct exchange *x) {
    const char *length = length_text(x);
    char detail[80];
    if (length == NULL || strtoumax(length, NULL, 10) <= x->max_body) {
        return true;
    }
    snprintf(detail, sizeof detail, "at most %zu bytes are taken here", x->max_body);
    return refuse(x, 413, detail);
}

static bool admit(struct exchange *x) {
    struct server *s = x->server;
    if (!check_size(x) || !check_framing(x) || !check_target(x)) {
        return false;
    }
    struct server_entry entry = {&x->request, 0, &x->response};
    x->admission = s->config.calls->admit(s->config.ctx, &entry);
    x->max_body = entry.max_body;
    return x->admission != SERVER_REFUSE && check_length(x);
}

static struct exchange *exchange_new(struct server *s, struct MHD_Connection *mhd,
                                     const char *method) {
    struct exchange *x = mem_alloc(sizeof *x);
    /* the table of headers needs no clearing */
    x->job = (struct worker_job){0};
    x->server = s;
    x->mhd = mhd;
    x->conn = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    x->arena = (struct arena)ARENA_INIT;
    x->body = (struct buf)BUF_INIT;
    x->max_body = 0;
    x->admission = SERVER_REFUSE;
    x->state = TAKING;
    x->streams = false;
    x->start_us = mono_us();
    x->request = (struct http_request){
        .method = strcmp(method, "HEAD") == 0 ? "GET" : method,
        .path = "",
        .body = "",
        .remote = x->conn->remote,
        .now_ms = s->config.now_ms(s->config.clock),
        .arena = &x->arena,
    };
    http_response_init(&x->response, &x->arena);
    return x;
}

static enum MHD_Result begin(struct exchange *x) {
    bool admitted = admit(x);
    bool body = has_body(x);
    if (admitted) {
        const struct server_config *c = &x->server->config;
        if (body) {
            conn_enter(x->conn, CONN_READING,
                       c->request_ms + (int64_t)(x->max_body / c->rate_min) * 1000);
        }
        return MHD_YES;
    }
    if (body || x->response.status == 431) { /* what was not read as a header may hide a body */
        refuse_now(x);
    } else {
        x->state = ANSWERED; /* by the next call: an answer to this one would end the connection */
    }
    return MHD_YES;
}

/* ---- the body ---- */

static void take_body(struct exchange *x, const char *data, size_t n) {
    struct server *s = x->server;
    count_add(&s->count.in, n);
    if (x->state == LINGERING) {
        return;
    }
    if (n > x->max_body - x->body.len) {
        char detail[80];
        snprintf(detail, sizeof detail, "at most %zu bytes are taken here", x->max_body);
        refuse(x, 413, detail);
        refuse_now(x);
        return;
    }
    if (atomic_load(&s->count.held) + n > s->config.held_max) {
        set_busy(x, "too many requests hold bodies");
        refuse_now(x);
        return;
    }
    count_add(&s->count.held, n);
    buf_add(&x->body, data, n);
}

/* ---- the whole request ---- */

static void handle(struct exchange *x) {
    struct server *s = x->server;
    s->config.calls->handle(s->config.ctx, &x->request, &x->response);
}

static void suspend(struct worker_job *job) {
    struct exchange *x = (struct exchange *)job;
    x->state = WORKING;
    MHD_suspend_connection(x->mhd);
}

static void work(struct worker_job *job, bool stopping) {
    struct exchange *x = (struct exchange *)job;
    bool cut = atomic_load_explicit(&x->conn->phase, memory_order_relaxed) == CONN_CUT;
    if (stopping || cut) { /* nobody is left to tell */
        set_busy(x, "the server stops");
    } else {
        handle(x);
    }
    x->state = ANSWERED;
    MHD_resume_connection(x->mhd); /* from here on it is its I/O thread's again */
}

static enum MHD_Result dispatch(struct exchange *x) {
    x->request.body = x->body.data == NULL ? "" : x->body.data;
    x->request.body_len = x->body.len;
    atomic_store_explicit(&x->conn->served, true, memory_order_relaxed);
    conn_enter(x->conn, CONN_BUSY, 0);
    if (x->admission == SERVER_INLINE) {
        handle(x);
        return answer(x);
    }
    x->job.run = work;
    if (!workers_add(&x->server->workers, &x->job, suspend)) {
        set_busy(x, "too many requests wait");
        return answer(x);
    }
    return MHD_YES;
}

/* ---- what libmicrohttpd calls ---- */

static enum MHD_Result on_request(void *data, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **its) {
    struct exchange *x = *its;
    (void)url;
    (void)version;
    if (x == NULL) {
        *its = x = exchange_new(data, mhd, method);
        return begin(x);
    }
    if (*upload_len > 0) {
        take_body(x, upload, *upload_len);
        *upload_len = 0;
        return MHD_YES;
    }
    switch (x->state) {
    case TAKING:
        return dispatch(x);
    case LINGERING:
        return MHD_NO; /* all is thrown away: close */
    case WORKING:
        return MHD_YES;
    case ANSWERED:
        return answer(x);
    }
    return MHD_NO;
}

static void on_completed(void *data, struct MHD_Connection *mhd, void **its,
                         enum MHD_RequestTerminationCode why) {
    struct server *s = data;
    struct exchange *x = *its;
    (void)mhd;
    (void)why;
    if (x == NULL) {
        return;
    }
    if (!x->streams) {
        count_took(&s->count, mono_us() - x->start_us);
    }
    if (x->state != LINGERING) {
        conn_enter(x->conn, CONN_IDLE, s->config.idle_ms);
    }
    count_sub(&s->count.held, x->body.len);
    http_response_fini(&x->response);
    buf_fini(&x->body);
    arena_fini(&x->arena);
    free(x);
    *its = NULL;
}

/* The request line is there. libmicrohttpd decodes the target in place afterwards. */
static void *on_target(void *data, const char *target, struct MHD_Connection *mhd) {
    struct server *s = data;
    struct conn *conn =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    size_t n = strlen(target);
    conn->target = mem_grow(conn->target, n + 1);
    memcpy(conn->target, target, n + 1);
    if (atomic_load_explicit(&conn->phase, memory_order_relaxed) == CONN_IDLE) {
        conn_enter(conn, CONN_READING, s->config.request_ms);
    } else { /* the first one's deadline runs from the connection */
        atomic_store_explicit(&conn->phase, CONN_READING, memory_order_relaxed);
    }
    return NULL;
}

static void on_connection(void *data, struct MHD_Connection *mhd, void **its,
                          enum MHD_ConnectionNotificationCode what) {
    struct server *s = data;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        int fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        *its = conn_find(&s->conns, fd);
        assert(*its != NULL);
    } else {
        conn_close(&s->conns, *its);
    }
}

static size_t keep_encoded(void *data, struct MHD_Connection *mhd, char *text) {
    (void)data;
    (void)mhd;
    return strlen(text); /* target.c decodes, and says what is wrong */
}

/* ---- connections ---- */

static void on_accepted(void *data, int fd, const struct sockaddr *peer, socklen_t len) {
    static const char full[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
                               "Content-Length: 0\r\nConnection: close\r\n\r\n";
    struct server *s = data;
    struct conn *conn = conn_open(&s->conns, fd, peer);
    if (conn == NULL) {
        ssize_t sent = send(fd, full, sizeof full - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        (void)sent; /* a courtesy */
        close(fd);
    } else if (MHD_add_connection(s->mhd, fd, peer, len) != MHD_YES) { /* which closed it */
        conn_close(&s->conns, conn);
    }
}

static void on_exhausted(void *data) {
    struct server *s = data;
    conns_evict(&s->conns);
}

/* ---- beginning and end ---- */

static void fill_int(int *value, int standard) {
    *value = *value > 0 ? *value : standard;
}

static void fill_size(size_t *value, size_t standard) {
    *value = *value > 0 ? *value : standard;
}

static void fill_defaults(struct server_config *c) {
    size_t files = listener_raise_limit();
    size_t room = files > 2 * FILES_KEPT ? (files - FILES_KEPT) / 9 * 8 : FILES_KEPT / 2;
    fill_int(&c->io_threads, 2);
    fill_int(&c->workers, 8);
    fill_size(&c->queue_max, 256);
    fill_size(&c->header_max, 8192);
    fill_size(&c->held_max, (size_t)256 << 20);
    fill_size(&c->connections_max, CONNECTIONS);
    c->connections_max = c->connections_max < room ? c->connections_max : room;
    fill_size(&c->streams_max, 500);
    fill_size(&c->rate_min, 16384);
    fill_int(&c->request_ms, 20000);
    fill_int(&c->answer_ms, 20000);
    fill_int(&c->idle_ms, 60000);
    fill_int(&c->heartbeat_ms, 15000);
    fill_int(&c->grace_ms, 10000);
}

static enum code start_mhd(struct server *s, struct err *err) {
    const struct server_config *c = &s->config;
    /* Room for the eighth that is being evicted, on whatever thread it is. */
    unsigned limit = (unsigned)(c->connections_max * 2 + 64) * (unsigned)c->io_threads;
    s->mhd = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET |
                                  MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME,
                              0, NULL, NULL, on_request, s, MHD_OPTION_THREAD_POOL_SIZE,
                              (unsigned)c->io_threads, MHD_OPTION_CONNECTION_LIMIT, limit,
                              MHD_OPTION_CONNECTION_MEMORY_LIMIT, c->header_max + POOL_EXTRA,
                              MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED,
                              on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
                              MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
                              MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL, MHD_OPTION_END);
    return s->mhd != NULL ? OK
                          : err_set(err, E_IO, "cannot start libmicrohttpd: %s", strerror(errno));
}

static void configure(struct server *s) {
    const struct server_config *c = &s->config;
    s->conns.count = &s->count;
    s->conns.max = c->connections_max;
    s->conns.request_ms = c->request_ms;
    s->workers.queue_max = c->queue_max;
    s->streams.calls = c->calls;
    s->streams.ctx = c->ctx;
    s->streams.count = &s->count;
    s->streams.max = c->streams_max;
    s->streams.answer_ms = c->answer_ms;
    s->streams.heartbeat_ms = c->heartbeat_ms;
    s->listener.ctx = s;
    s->listener.accepted = on_accepted;
    s->listener.exhausted = on_exhausted;
}

/* In the order they start; each needs those before it. */
enum part { LISTENER, CONNS, WORKERS, STREAMS, MHD, PARTS };

static enum code start_part(struct server *s, enum part part, struct err *err) {
    switch (part) {
    case LISTENER:
        return listener_open(&s->listener, s->config.address, s->config.port, err);
    case CONNS:
        return conns_init(&s->conns, err);
    case WORKERS:
        return workers_init(&s->workers, (size_t)s->config.workers, err);
    case STREAMS:
        return streams_init(&s->streams, err);
    case MHD:
        return start_mhd(s, err);
    case PARTS:
        return listener_start(&s->listener, err);
    }
    return OK;
}

/* The first `count` parts, which run; the acceptor does not. */
static void end_parts(struct server *s, int count) {
    if (count > STREAMS) {
        streams_stop(&s->streams);
        conns_drain(&s->conns, s->config.grace_ms);
    }
    if (count > WORKERS) {
        workers_stop(&s->workers); /* from here on nothing is suspended */
    }
    if (count > MHD) {
        MHD_stop_daemon(s->mhd); /* from here on nothing calls the others */
    }
    if (count > STREAMS) {
        streams_fini(&s->streams);
    }
    if (count > WORKERS) {
        workers_fini(&s->workers);
    }
    if (count > CONNS) {
        conns_fini(&s->conns);
    }
    if (count > LISTENER) {
        listener_close(&s->listener);
    }
}

static enum code start_all(struct server *s, struct err *err) {
    enum code code = OK;
    for (int i = 0; i <= PARTS && code == OK; i++) {
        code = start_part(s, (enum part)i, err);
        if (code != OK) {
            end_parts(s, i);
        }
    }
    return code;
}

enum code server_new(const struct server_config *config, struct server **out, struct err *err) {
    sigset_t all;
    sigset_t before;
    struct server *s = mem_alloc(sizeof *s);
    memset(s, 0, sizeof *s);
    s->config = *config;
    fill_defaults(&s->config);
    configure(s);
    sigfillset(&all); /* signals are for the threads that know them: none of ours does */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum code code = start_all(s, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code != OK) {
        free(s);
        return code;
    }
    *out = s;
    return OK;
}

uint16_t server_port(const struct server *s) {
    return s->listener.port;
}

void server_stop(struct server *s) {
    assert(!s->stopped);
    atomic_store_explicit(&s->stopping, true, memory_order_relaxed);
    listener_stop(&s->listener);
    end_parts(s, PARTS);
    s->stopped = true;
}

void server_free(struct server *s) {
    if (s == NULL) {
        return;
    }
    if (!s->stopped) {
        server_stop(s);
    }
    free(s);
}

void server_stats(struct server *s, struct server_stats *out) {
    count_read(&s->count, out);
    if (!s->stopped) {
        out->connections_open = conns_open(&s->conns);
        out->waiting = workers_waiting(&s->workers);
        out->streams = streams_open(&s->streams);
    }
}
