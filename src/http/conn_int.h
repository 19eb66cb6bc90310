/* conn: every connection, what it is doing and until when it may. libmicrohttpd's own timeout is
 * put off by each byte, so it never cuts a client that dribbles; the reaper here does, by shutting
 * the socket down: libmicrohttpd then sees its end and closes it.
 *
 *   FRESH ─ request line ─► READING ─ whole request ─► BUSY ─► WRITING ─► IDLE ─ request line ─►
 * ... └─ refused early ─► LINGERING        └─► STREAM
 *
 * The phase and the deadline are written by the I/O thread of the connection (by the pump for a
 * stream) and read by the reaper without a lock: one that comes a moment late cuts a moment late.
 * The list of connections, oldest first, is under the lock; a socket is in it as long as it is
 * open, so that the reaper never shuts down another's. */
#ifndef TAIHU_HTTP_CONN_INT_H
#define TAIHU_HTTP_CONN_INT_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "http/count_int.h"

enum conn_phase {
    CONN_FRESH,     /* no request line yet */
    CONN_READING,   /* a request is on its way in */
    CONN_BUSY,      /* it is being answered: no deadline, the handler has its own */
    CONN_WRITING,   /* the answer is on its way out */
    CONN_STREAM,    /* deadline only while something waits to be taken */
    CONN_LINGERING, /* refused early: bytes are thrown away so that the refusal arrives */
    CONN_IDLE,      /* between requests */
    CONN_CUT,       /* shut down */
};

struct conn {
    int fd;
    atomic_int phase;
    atomic_bool served;          /* finished a request once: the last to be evicted */
    _Atomic int64_t deadline_ms; /* mono; 0: none */
    char remote[INET6_ADDRSTRLEN];
    char *target; /* the request's, raw; its I/O thread's */
    struct conn *prev, *next;
};

struct conns {
    struct count *count;
    size_t max;
    int request_ms;

    pthread_t reaper;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    struct conn *first, *last;
    size_t open;
    bool stopping;
};

/* Starts the reaper, which looks every tick_ms. */
enum code conns_init(struct conns *c, struct err *err);
void conns_fini(struct conns *c); /* ends the reaper; no connection is open */

/* Takes note of an accepted socket. NULL: full, and none can be evicted. */
struct conn *conn_open(struct conns *c, int fd, const struct sockaddr *peer);
void conn_close(struct conns *c, struct conn *conn); /* before the socket is closed */

/* The record of an open socket; NULL when it has none. */
struct conn *conn_find(struct conns *c, int fd);

/* deadline_ms: from now, 0 for none. */
void conn_enter(struct conn *conn, enum conn_phase phase, int64_t timeout_ms);

size_t conns_open(struct conns *c);

/* Evicts one; whether there was one. For when the process has no more descriptors. */
bool conns_evict(struct conns *c);

/* Closes idle and fresh ones until no other is left or timeout_ms have passed; then cuts all. */
void conns_drain(struct conns *c, int64_t timeout_ms);

#endif
