/* http: a server that answers a fixed body of N bytes, for a load generator to ask:
 *
 *   http bare N       libmicrohttpd alone, two threads with epoll: the best there is to be had
 *   http inline N     http/server.c, answered on the I/O thread from shared bytes
 *   http workers N    the same, answered by workers
 *
 * Prints its port and serves until its stdin ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/buf.h"
#include "http/server.h"

enum { THREADS = 2, BODY_MAX = 100000000 };

struct bench {
    struct blob *body;
    bool is_inline;
};

static void die(const char *what, const char *why) {
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static void serve(unsigned port) {
    char c;
    printf("%u\n", port);
    fflush(stdout);
    while (read(0, &c, 1) > 0) {
    }
}

/* ---- libmicrohttpd alone ---- */

static enum MHD_Result answer(void *data, struct MHD_Connection *mhd, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_len, void **its) {
    static const int seen = 0;
    const struct bench *b = data;
    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    (void)upload_len;
    if (*its == NULL) {
        *its = (void *)(uintptr_t)&seen;
        return MHD_YES;
    }
    struct MHD_Response *m = MHD_create_response_from_buffer(
        blob_len(b->body), (void *)(uintptr_t)blob_data(b->body), MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued = MHD_queue_response(mhd, 200, m);
    MHD_destroy_response(m);
    return queued;
}

static void run_bare(struct bench *b) {
    struct MHD_Daemon *mhd =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, b,
                         MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_END);
    if (mhd == NULL) {
        die("bare", "cannot start");
    }
    serve(MHD_get_daemon_info(mhd, MHD_DAEMON_INFO_BIND_PORT)->port);
    MHD_stop_daemon(mhd);
}

/* ---- ours ---- */

static enum server_admission admit(void *ctx, struct server_entry *entry) {
    const struct bench *b = ctx;
    (void)entry;
    return b->is_inline ? SERVER_INLINE : SERVER_QUEUE;
}

static enum server_handled handle(void *ctx, struct http_request *r, struct http_response *out) {
    const struct bench *b = ctx;
    (void)r;
    out->type = "text/plain";
    out->blob = blob_hold(b->body);
    return SERVER_ANSWERED;
}

static int64_t no_time(void *clock) {
    (void)clock;
    return 0;
}

static void run_ours(struct bench *b) {
    static const struct server_calls calls = {admit, handle, NULL, NULL};
    const struct server_config config = {.address = "127.0.0.1",
                                         .calls = &calls,
                                         .ctx = b,
                                         .now_ms = no_time,
                                         .io_threads = THREADS};
    struct server *s;
    struct err err = ERR_INIT;
    if (server_new(&config, &s, &err) != OK) {
        die("server", err.msg);
    }
    serve(server_port(s));
    server_free(s);
}

int main(int argc, char **argv) {
    struct buf body = BUF_INIT;
    struct bench b = {0};
    long n = argc == 3 ? strtol(argv[2], NULL, 10) : -1;
    if (n < 0 || n > BODY_MAX) {
        die("usage", "http bare|inline|workers BYTES");
    }
    memset(buf_room(&body, (size_t)n), 'x', (size_t)n);
    body.len = (size_t)n;
    b.body = blob_take(&body);
    b.is_inline = strcmp(argv[1], "inline") == 0;
    if (strcmp(argv[1], "bare") == 0) {
        run_bare(&b);
    } else {
        run_ours(&b);
    }
    blob_drop(b.body);
    return 0;
}
