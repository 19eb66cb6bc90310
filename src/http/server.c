/* server: see server.h. This file begins and ends it and hands connections to libmicrohttpd; what
 * becomes of a request is in exchange.c. */
#include "http/server.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/mem.h"
#include "http/exchange_int.h"
#include "http/server_int.h"

enum {
    /* Beside the request's header libmicrohttpd keeps 64 bytes for each field and our answer's
     * header in the same pool. */
    POOL_EXTRA = 8192,
    FILES_KEPT = 256,    /* descriptors for the store, its readers and what handlers open */
    CONNECTIONS = 12000, /* with pools of 16 KB they hold 200 MB at most */
};

/* ---- connections ---- */

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
                              0, NULL, NULL, exchange_request, s, MHD_OPTION_THREAD_POOL_SIZE,
                              (unsigned)c->io_threads, MHD_OPTION_CONNECTION_LIMIT, limit,
                              MHD_OPTION_CONNECTION_MEMORY_LIMIT, c->header_max + POOL_EXTRA,
                              MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED,
                              exchange_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
                              MHD_OPTION_URI_LOG_CALLBACK, exchange_target, s,
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
    pthread_mutex_init(&s->in_hand.lock, NULL);
    pthread_cond_init(&s->in_hand.none, NULL);
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

/* Whoever has a request finishes it: the store does, with whatever its disk says. */
static void wait_for_hands(struct in_hand *h) {
    pthread_mutex_lock(&h->lock);
    while (h->count > 0) {
        pthread_cond_wait(&h->none, &h->lock);
    }
    pthread_mutex_unlock(&h->lock);
}

/* The first `count` parts, which run; the acceptor does not. */
static void end_parts(struct server *s, int count) {
    if (count > STREAMS) {
        streams_stop(&s->streams);
        conns_drain(&s->conns, s->config.grace_ms);
    }
    if (count > WORKERS) {
        workers_stop(&s->workers);
        wait_for_hands(&s->in_hand); /* from here on nothing is suspended */
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

static void dispose(struct server *s) {
    pthread_cond_destroy(&s->in_hand.none);
    pthread_mutex_destroy(&s->in_hand.lock);
    free(s);
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
        dispose(s);
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
    dispose(s);
}

void server_stats(struct server *s, struct server_stats *out) {
    count_read(&s->count, out);
    if (!s->stopped) {
        out->connections_open = conns_open(&s->conns);
        out->waiting = workers_waiting(&s->workers);
        out->streams = streams_open(&s->streams);
    }
}
