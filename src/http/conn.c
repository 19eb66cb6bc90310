/* conn: see conn_int.h. */
#include "http/conn_int.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/mono.h"

enum {
    TICK_MIN_MS = 5,
    TICK_MAX_MS = 250, /* deadlines are seconds: a quarter more does not matter */
    DRAIN_MS = 5,      /* how often a stop looks again */
};

static enum conn_phase phase_of(struct conn *c) {
    return (enum conn_phase)atomic_load_explicit(&c->phase, memory_order_relaxed);
}

/* Under the lock: the socket is still this connection's. */
static void cut(struct conn *c) {
    atomic_store_explicit(&c->phase, CONN_CUT, memory_order_relaxed);
    atomic_store_explicit(&c->deadline_ms, 0, memory_order_relaxed);
    shutdown(c->fd, SHUT_RDWR);
}

/* ---- the reaper ---- */

static void reap(struct conns *c, int64_t now) {
    for (struct conn *p = c->first; p != NULL; p = p->next) {
        int64_t deadline = atomic_load_explicit(&p->deadline_ms, memory_order_relaxed);
        if (deadline != 0 && now >= deadline && phase_of(p) != CONN_CUT) {
            count_add(&c->count->timed_out, phase_of(p) != CONN_LINGERING);
            cut(p);
        }
    }
}

static void *run(void *data) {
    struct conns *c = data;
    int tick = c->request_ms / 8;
    tick = tick < TICK_MIN_MS ? TICK_MIN_MS : tick > TICK_MAX_MS ? TICK_MAX_MS : tick;
    pthread_mutex_lock(&c->lock);
    while (!c->stopping) {
        mono_wait(&c->changed, &c->lock, tick);
        reap(c, mono_ms());
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

enum code conns_init(struct conns *c, struct err *err) {
    pthread_mutex_init(&c->lock, NULL);
    mono_cond_init(&c->changed);
    int rc = pthread_create(&c->reaper, NULL, run, c);
    if (rc != 0) {
        pthread_cond_destroy(&c->changed);
        pthread_mutex_destroy(&c->lock);
        return err_set(err, E_IO, "cannot start the thread that cuts connections: %s",
                       strerror(rc));
    }
    return OK;
}

void conns_fini(struct conns *c) {
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->reaper, NULL);
    while (c->first != NULL) { /* accepted, and never begun by libmicrohttpd */
        conn_close(c, c->first);
    }
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
}

/* ---- who goes when it is full ---- */

/* 0 goes first; -1 stays. */
static int eviction_rank(struct conn *c) {
    bool served = atomic_load_explicit(&c->served, memory_order_relaxed);
    switch (phase_of(c)) {
    case CONN_FRESH:
    case CONN_LINGERING:
        return 0;
    case CONN_READING:
        return served ? 2 : 0;
    case CONN_IDLE:
        return 1;
    case CONN_WRITING: /* larger than the socket's buffer, and not taken at once */
        return 3;
    case CONN_BUSY:
    case CONN_STREAM:
    case CONN_CUT:
        return -1;
    }
    return -1;
}

static bool evict(struct conns *c) {
    struct conn *best = NULL;
    int rank = 4;
    for (struct conn *p = c->first; p != NULL && rank > 0; p = p->next) {
        int r = eviction_rank(p);
        if (r >= 0 && r < rank) {
            best = p;
            rank = r;
        }
    }
    if (best != NULL) {
        cut(best);
        count_add(&c->count->evicted, 1);
    }
    return best != NULL;
}

bool conns_evict(struct conns *c) {
    pthread_mutex_lock(&c->lock);
    bool any = evict(c);
    pthread_mutex_unlock(&c->lock);
    return any;
}

/* An evicted one is open until its I/O thread has closed it, so the limit may be passed by an
 * eighth; beyond that we wait for them. */
static bool make_room(struct conns *c) {
    if (c->open < c->max) {
        return true;
    }
    if (!evict(c)) {
        return false;
    }
    int64_t until = mono_ms() + 1000;
    while (c->open >= c->max + c->max / 8 + 1 && mono_ms() < until) {
        mono_wait(&c->changed, &c->lock, DRAIN_MS);
    }
    return c->open < c->max + c->max / 8 + 1;
}

/* ---- the list ---- */

static void name_peer(const struct sockaddr *peer, char to[INET6_ADDRSTRLEN]) {
    to[0] = '\0';
    if (peer->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)peer;
        inet_ntop(AF_INET, &in->sin_addr, to, INET6_ADDRSTRLEN);
    } else if (peer->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const void *)peer;
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, to, INET6_ADDRSTRLEN);
        } else {
            inet_ntop(AF_INET6, &in6->sin6_addr, to, INET6_ADDRSTRLEN);
        }
    }
}

static void append(struct conns *c, struct conn *conn) {
    conn->prev = c->last;
    conn->next = NULL;
    *(c->last == NULL ? &c->first : &c->last->next) = conn;
    c->last = conn;
    c->open++;
}

struct conn *conn_open(struct conns *c, int fd, const struct sockaddr *peer) {
    struct conn *conn = mem_alloc(sizeof *conn);
    memset(conn, 0, sizeof *conn);
    conn->fd = fd;
    name_peer(peer, conn->remote);
    conn_enter(conn, CONN_FRESH, c->request_ms);
    pthread_mutex_lock(&c->lock);
    bool room = make_room(c);
    if (room) {
        append(c, conn);
    }
    pthread_mutex_unlock(&c->lock);
    count_add(room ? &c->count->taken : &c->count->refused, 1);
    if (!room) {
        free(conn);
    }
    return room ? conn : NULL;
}

void conn_close(struct conns *c, struct conn *conn) {
    pthread_mutex_lock(&c->lock);
    *(conn->prev == NULL ? &c->first : &conn->prev->next) = conn->next;
    *(conn->next == NULL ? &c->last : &conn->next->prev) = conn->prev;
    c->open--;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    free(conn->target);
    free(conn);
}

struct conn *conn_find(struct conns *c, int fd) {
    pthread_mutex_lock(&c->lock);
    struct conn *p = c->last; /* the newest: it was accepted a moment ago */
    while (p != NULL && p->fd != fd) {
        p = p->prev;
    }
    pthread_mutex_unlock(&c->lock);
    return p;
}

void conn_enter(struct conn *conn, enum conn_phase phase, int64_t timeout_ms) {
    int64_t deadline = timeout_ms == 0 ? 0 : mono_ms() + timeout_ms;
    atomic_store_explicit(&conn->deadline_ms, deadline, memory_order_relaxed);
    atomic_store_explicit(&conn->phase, phase, memory_order_relaxed);
}

size_t conns_open(struct conns *c) {
    pthread_mutex_lock(&c->lock);
    size_t n = c->open;
    pthread_mutex_unlock(&c->lock);
    return n;
}

/* ---- the end ---- */

/* Cuts who has no request in flight; whether anybody else is left. */
static bool cut_resting(struct conns *c) {
    bool busy = false;
    for (struct conn *p = c->first; p != NULL; p = p->next) {
        enum conn_phase phase = phase_of(p);
        if (phase == CONN_FRESH || phase == CONN_IDLE) {
            cut(p);
        }
        busy = busy || phase_of(p) != CONN_CUT;
    }
    return busy;
}

void conns_drain(struct conns *c, int64_t timeout_ms) {
    int64_t until = mono_ms() + timeout_ms;
    pthread_mutex_lock(&c->lock);
    while (cut_resting(c) && mono_ms() < until) {
        mono_wait(&c->changed, &c->lock, DRAIN_MS);
    }
    for (struct conn *p = c->first; p != NULL; p = p->next) {
        cut(p);
    }
    pthread_mutex_unlock(&c->lock);
}
