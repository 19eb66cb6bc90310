/* stream: answers that never end (text/event-stream). The watcher waits for the log to grow; the
 * pump then asks the producer for each stream that has nothing left to send, and wakes it. A stream
 * with bytes waiting is not asked: what a slow client costs is one piece, and its deadline.
 *
 *   parked ── pump: events or a comment ──► sending ── all taken ──► parked
 *
 * While a stream is parked its connection is suspended and the stream is the pump's; else it is its
 * I/O thread's. */
#ifndef TAIHU_HTTP_STREAM_INT_H
#define TAIHU_HTTP_STREAM_INT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/conn_int.h"
#include "http/http.h"

struct MHD_Connection;
struct MHD_Response;
struct stream;

struct streams {
    const struct server_calls *calls;
    void *ctx;
    struct count *count;
    size_t max;
    int answer_ms;
    int heartbeat_ms;

    pthread_t watcher, pump;
    bool started;          /* there are threads */
    struct stream **ready; /* the pump's: max of them */

    pthread_mutex_t lock; /* guards all below, and `parked` and `ended` of each stream */
    pthread_cond_t work;
    struct stream *first;
    size_t open;
    int64_t length; /* of the log, as the watcher saw it */
    bool more;      /* a stream was parked that is behind */
    bool stopping;
};

/* Starts no thread where calls->wait is NULL. */
enum code streams_init(struct streams *s, struct err *err);

/* Ends all streams, and refuses new ones. They are woken: their connections close by themselves. */
void streams_stop(struct streams *s);
void streams_fini(struct streams *s);

size_t streams_open(struct streams *s);

/* The answer that streams, on this connection: takes r->stream. NULL: too many are open. */
struct MHD_Response *stream_new(struct streams *s, struct MHD_Connection *mhd, struct conn *conn,
                                struct http_response *r);

#endif
