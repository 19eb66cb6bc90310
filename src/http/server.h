/* server: HTTP/1.1 for a room that knows what to answer. libmicrohttpd reads and writes; here is
 * what it leaves open: who may stay connected, for how long, and who waits for whom.
 *
 *   acceptor ──► I/O threads (libmicrohttpd) ── header ──► admit()     on the I/O thread
 *                     │  ▲                      body, capped; an answer that is ready goes out
 *                     │  └─ resume ◄── workers ◄─ queue ─► handle()    on a worker, or inline
 *   reaper: cuts who is past a deadline
 *   watcher ─► pump: events to all streams
 *
 * Limits hold from the first byte on: the header, the body (413 as soon as it is known), the time
 * for a whole request, the time to take an answer, connections, streams, requests that wait, bytes
 * of bodies held. At the limit of connections the oldest that has not finished a request goes
 * first, then the one idle longest, one that is slow with a later request, one slow to take its
 * answer.
 *
 * HEAD is handled as GET. Every answer has the defaults of http_set_defaults(). */
#ifndef TAIHU_HTTP_SERVER_H
#define TAIHU_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/http.h"

struct server;

enum server_admission {
    SERVER_QUEUE,  /* handle() on a worker: it may wait for the disk */
    SERVER_INLINE, /* handle() on the I/O thread: only for what is in memory already */
    SERVER_DIRECT, /* handle() on the I/O thread where the body has SERVER_DIRECT_MAX bytes at most,
                    * else on a worker: it computes, hands over and waits for nobody */
    SERVER_READY,  /* the response is filled: sent when the request is whole, without handle() */
    SERVER_REFUSE, /* the response is filled: sent before a byte of the body is taken */
};

enum { SERVER_DIRECT_MAX = 4096 };

/* What admit() decides on, when the header is there. */
struct server_entry {
    struct http_request *request;   /* without its body */
    size_t max_body;                /* out: bytes; 0 at first */
    struct http_response *response; /* out, for SERVER_READY and SERVER_REFUSE; else left empty */
};

enum server_handled {
    SERVER_ANSWERED, /* the response is filled */
    SERVER_LATER,    /* somebody has the request now, and will call server_finish() */
};

/* All threads. `ctx` is the config's. */
struct server_calls {
    enum server_admission (*admit)(void *ctx, struct server_entry *entry);

    /* SERVER_LATER keeps no thread: request, response and arena live on until server_finish(),
     * which may come before this returns. So they are then out of bounds for who returns it. Not
     * for SERVER_INLINE. */
    enum server_handled (*handle)(void *ctx, struct http_request *request,
                                  struct http_response *response);

    /* Streams of events; both NULL where there are none. wait() returns how long the log is as soon
     * as that is more than `after`, or `after` when timeout_ms have passed: store_wait() is one.
     * produce() appends what is behind the cursor, some 16 KB at most, and moves the cursor; false
     * ends the stream. One thread calls it, for one stream after the other. */
    int64_t (*wait)(void *ctx, int64_t after, int timeout_ms);
    bool (*produce)(void *ctx, void *stream, int64_t *cursor, struct buf *to);
};

/* 0 stands for the default. */
struct server_config {
    const char *address; /* "127.0.0.1", "::1"; "::" takes IPv4 too */
    uint16_t port;       /* 0: any free one */
    const struct server_calls *calls;
    void *ctx;
    int64_t (*now_ms)(void *clock); /* UTC */
    void *clock;

    int io_threads;         /* 2 */
    int workers;            /* 8: they mostly wait, for the disk or a password's hash */
    size_t queue_max;       /* 256 requests that wait for a worker */
    size_t header_max;      /* 8 KB, the request line included, as nginx and Apache have it */
    size_t held_max;        /* 256 MB of bodies in memory, all requests together */
    size_t connections_max; /* 12,000, or what the limit of open files leaves */
    size_t streams_max;     /* 500 */
    size_t rate_min; /* 16 KB/s: bodies and answers have as much more time as they are long */

    int request_ms;   /* 20,000: from the connection, or the request line, to the whole request */
    int answer_ms;    /* 20,000: to take the answer, or what a stream has to say */
    int idle_ms;      /* 60,000: between requests */
    int heartbeat_ms; /* 15,000: a comment on a stream that has nothing to say */
    int grace_ms;     /* 10,000: for requests in flight when the server stops */
};

/* Raises the soft limit of open files to the hard one, listens and answers from then on. E_IO: the
 * address or port cannot be had. */
enum code server_new(const struct server_config *config, struct server **out, struct err *err);

uint16_t server_port(const struct server *s);

/* The response of a request that was handled SERVER_LATER is filled: it goes out, and both are
 * gone. Exactly once, from any thread. A server that stops waits for it. */
void server_finish(const struct http_request *request);

/* No new connections; idle ones close, streams end, requests in flight may end within grace_ms,
 * then all is cut. Returns when no callback runs any more. Call once, from one thread. */
void server_stop(struct server *s);

/* Stops if that was not done, and frees. Takes NULL. */
void server_free(struct server *s);

enum { SERVER_BUCKETS = 12 };

/* In milliseconds; the last bucket of server_stats holds what took longer. */
extern const int server_bucket_ms[SERVER_BUCKETS];

struct server_stats {
    uint64_t connections_open;
    uint64_t connections_taken;
    uint64_t connections_refused; /* the limit was reached and nobody could be evicted */
    uint64_t evicted;
    uint64_t timed_out;
    uint64_t answers[6]; /* [2]: 2xx, ... [0]: all of them; not libmicrohttpd's own refusals */
    uint64_t body_bytes_in;
    uint64_t body_bytes_out; /* handed to libmicrohttpd */
    uint64_t held;           /* bytes of bodies in memory */
    uint64_t waiting;        /* requests in the queue */
    uint64_t busy;           /* answered 503: queue, bodies or streams full */
    uint64_t streams;
    /* From the header to the end of the answer, streams left out. */
    uint64_t took[SERVER_BUCKETS + 1];
    uint64_t took_us;
};

void server_stats(struct server *s, struct server_stats *out);

#endif
