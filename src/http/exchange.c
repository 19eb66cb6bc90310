/* exchange: see exchange_int.h. */
#include "http/exchange_int.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/mono.h"
#include "http/problem.h"
#include "http/server_int.h"
#include "http/target.h"

enum { LINGER_MS = 2000 }; /* RFC 9112 section 9.6: long enough for the refusal to arrive */

enum state {
    TAKING,    /* the body */
    LINGERING, /* refused; the body is thrown away */
    WORKING,   /* queued or on a worker */
    ANSWERED,  /* the response is filled, or with libmicrohttpd */
};

/* Who has a request that is handled: the thread that called handle() until it returns, then nobody,
 * and the connection is suspended. Whoever comes second of that thread and server_finish() resumes
 * it. */
enum hand { HAND_HERE, HAND_GONE, HAND_FINISHED };

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
    atomic_int hand;
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

/* How long the body will be, by its head; 0: that says nothing. Room for it costs nothing before it
 * comes: the kernel gives pages as they are written. */
static size_t announced(const struct exchange *x) {
    const char *length = length_text(x);
    uintmax_t n = length == NULL ? 0 : strtoumax(length, NULL, 10);
    return n <= x->max_body ? (size_t)n : 0;
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
        .exchange = x,
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
    if (x->body.cap == 0) {
        buf_room(&x->body, announced(x));
    }
    buf_add(&x->body, data, n);
}

/* ---- the whole request ---- */

static enum server_handled handle(struct exchange *x) {
    struct server *s = x->server;
    return s->config.calls->handle(s->config.ctx, &x->request, &x->response);
}

static void take_in_hand(struct server *s) {
    pthread_mutex_lock(&s->in_hand.lock);
    s->in_hand.count++;
    pthread_mutex_unlock(&s->in_hand.lock);
}

static void leave(struct server *s) {
    pthread_mutex_lock(&s->in_hand.lock);
    if (--s->in_hand.count == 0) {
        pthread_cond_broadcast(&s->in_hand.none);
    }
    pthread_mutex_unlock(&s->in_hand.lock);
}

/* From here on it is its I/O thread's again. */
static void resume(struct exchange *x) {
    struct server *s = x->server;
    MHD_resume_connection(x->mhd);
    leave(s);
}

void server_finish(const struct http_request *request) {
    struct exchange *x = request->exchange;
    x->state = ANSWERED;
    if (atomic_exchange(&x->hand, HAND_FINISHED) == HAND_GONE) {
        resume(x);
    }
}

static void suspend(struct worker_job *job) {
    struct exchange *x = (struct exchange *)job;
    x->state = WORKING;
    atomic_store(&x->hand, HAND_GONE);
    MHD_suspend_connection(x->mhd);
}

static enum MHD_Result handle_direct(struct exchange *x) {
    x->state = WORKING;
    atomic_store(&x->hand, HAND_HERE);
    take_in_hand(x->server);
    if (handle(x) == SERVER_ANSWERED) {
        leave(x->server);
        return answer(x);
    }
    MHD_suspend_connection(x->mhd);
    if (atomic_exchange(&x->hand, HAND_GONE) == HAND_FINISHED) {
        resume(x);
    }
    return MHD_YES;
}

static void work(struct worker_job *job, bool stopping) {
    struct exchange *x = (struct exchange *)job;
    bool cut = atomic_load_explicit(&x->conn->phase, memory_order_relaxed) == CONN_CUT;
    take_in_hand(x->server);
    if (stopping || cut) { /* nobody is left to tell */
        set_busy(x, "the server stops");
    } else if (handle(x) == SERVER_LATER) {
        return;
    }
    server_finish(&x->request);
}

static enum MHD_Result dispatch(struct exchange *x) {
    x->request.body = x->body.data == NULL ? "" : x->body.data;
    x->request.body_len = x->body.len;
    atomic_store_explicit(&x->conn->served, true, memory_order_relaxed);
    conn_enter(x->conn, CONN_BUSY, 0);
    if (x->admission == SERVER_INLINE) {
        enum server_handled handled = handle(x);
        assert(handled == SERVER_ANSWERED);
    }
    if (x->admission == SERVER_INLINE || x->admission == SERVER_READY) {
        return answer(x);
    }
    if (x->admission == SERVER_DIRECT && x->body.len <= SERVER_DIRECT_MAX) {
        return handle_direct(x);
    }
    x->job.run = work;
    if (!workers_add(&x->server->workers, &x->job, suspend)) {
        set_busy(x, "too many requests wait");
        return answer(x);
    }
    return MHD_YES;
}

/* ---- what libmicrohttpd calls ---- */

enum MHD_Result exchange_request(void *data, struct MHD_Connection *mhd, const char *url,
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

void exchange_completed(void *data, struct MHD_Connection *mhd, void **its,
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

void *exchange_target(void *data, const char *target, struct MHD_Connection *mhd) {
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
