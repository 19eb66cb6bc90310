/* stream: see stream_int.h. */
#include "http/stream_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "base/mem.h"
#include "base/mono.h"

enum {
    WATCH_MS = 200,  /* a stop waits this long for the watcher */
    PIECE = 4096,    /* libmicrohttpd's buffer for an answer without a length */
    BUF_KEPT = 8192, /* a parked stream keeps no more memory than this */
};

/* A comment: a line that begins with a colon (HTML, section 9.2.6). */
static const char COMMENT[] = ":\n\n";

struct stream {
    struct streams *all;
    struct MHD_Connection *mhd;
    struct conn *conn;
    struct http_stream its;
    struct buf out;
    size_t sent;
    int64_t spoke_ms; /* when it last had something to say */
    bool parked;
    bool ended;
    struct stream *prev, *next;
};

/* ---- the I/O thread's side ---- */

/* Under the lock. */
static void park(struct stream *t) {
    struct streams *s = t->all;
    if (t->out.cap > BUF_KEPT) {
        buf_fini(&t->out);
    }
    buf_clear(&t->out);
    t->sent = 0;
    t->parked = true;
    conn_enter(t->conn, CONN_STREAM, 0);
    MHD_suspend_connection(t->mhd);
    if (s->length > t->its.cursor) {
        s->more = true;
        pthread_cond_signal(&s->work);
    }
}

static ssize_t read_stream(void *data, uint64_t pos, char *to, size_t max) {
    struct stream *t = data;
    struct streams *s = t->all;
    (void)pos;
    size_t n = t->out.len - t->sent;
    n = n < max ? n : max;
    if (n > 0) {
        memcpy(to, t->out.data + t->sent, n);
        t->sent += n;
        count_add(&s->count->out, n);
        conn_enter(t->conn, CONN_STREAM, s->answer_ms);
        return (ssize_t)n;
    }
    pthread_mutex_lock(&s->lock);
    bool over = t->ended || s->stopping;
    if (!over) {
        park(t);
    }
    pthread_mutex_unlock(&s->lock);
    return over ? MHD_CONTENT_READER_END_OF_STREAM : 0;
}

static void free_stream(void *data) {
    struct stream *t = data;
    struct streams *s = t->all;
    pthread_mutex_lock(&s->lock);
    assert(!t->parked);
    *(t->prev == NULL ? &s->first : &t->prev->next) = t->next;
    if (t->next != NULL) {
        t->next->prev = t->prev;
    }
    s->open--;
    pthread_mutex_unlock(&s->lock);
    if (t->its.free != NULL) {
        t->its.free(t->its.data);
    }
    buf_fini(&t->out);
    free(t);
}

static bool add(struct streams *s, struct stream *t) {
    pthread_mutex_lock(&s->lock);
    bool room = s->started && !s->stopping && s->open < s->max;
    if (room) {
        t->next = s->first;
        if (t->next != NULL) {
            t->next->prev = t;
        }
        s->first = t;
        s->open++;
    }
    pthread_mutex_unlock(&s->lock);
    return room;
}

struct MHD_Response *stream_new(struct streams *s, struct MHD_Connection *mhd, struct conn *conn,
                                struct http_response *r) {
    struct stream *t = mem_alloc(sizeof *t);
    memset(t, 0, sizeof *t);
    t->all = s;
    t->mhd = mhd;
    t->conn = conn;
    t->spoke_ms = mono_ms();
    t->its = r->stream;
    buf_adds(&t->out, COMMENT); /* so that the header leaves at once, and does not wait for more */
    if (!add(s, t)) {
        buf_fini(&t->out);
        free(t);
        return NULL;
    }
    struct MHD_Response *m =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_stream, t, free_stream);
    if (m == NULL) {
        abort(); /* as mem_alloc() */
    }
    r->stream = (struct http_stream){0};
    return m;
}

/* ---- the pump ---- */

/* The stream is parked, so ours: fills it; whether it is to be woken. */
static bool fill(struct stream *t, int64_t length, int64_t now) {
    struct streams *s = t->all;
    if (length > t->its.cursor) {
        t->ended = !s->calls->produce(s->ctx, t->its.data, &t->its.cursor, &t->out);
    }
    if (t->out.len == 0 && now - t->spoke_ms >= s->heartbeat_ms) {
        buf_adds(&t->out, COMMENT);
    }
    return t->ended || t->out.len > 0;
}

static void wake(struct stream *t, int64_t now) {
    struct streams *s = t->all;
    struct MHD_Connection *mhd = t->mhd;
    t->spoke_ms = now;
    pthread_mutex_lock(&s->lock);
    t->parked = false;
    MHD_resume_connection(mhd);
    pthread_mutex_unlock(&s->lock);
}

static size_t list_parked(struct streams *s) {
    size_t n = 0;
    for (struct stream *t = s->first; t != NULL; t = t->next) {
        if (t->parked) {
            s->ready[n++] = t;
        }
    }
    return n;
}

static void *run_pump(void *data) {
    struct streams *s = data;
    int tick = s->heartbeat_ms / 4 + 1;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        if (!s->more) {
            mono_wait(&s->work, &s->lock, tick);
        }
        s->more = false;
        size_t n = list_parked(s);
        int64_t length = s->length;
        pthread_mutex_unlock(&s->lock);
        int64_t now = mono_ms();
        for (size_t i = 0; i < n; i++) {
            if (fill(s->ready[i], length, now)) {
                wake(s->ready[i], now);
            }
        }
        pthread_mutex_lock(&s->lock);
    }
    for (size_t n = list_parked(s); n-- > 0;) {
        s->ready[n]->parked = false;
        MHD_resume_connection(s->ready[n]->mhd);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void *run_watcher(void *data) {
    struct streams *s = data;
    int64_t length = 0;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        pthread_mutex_unlock(&s->lock);
        int64_t now = s->calls->wait(s->ctx, length, WATCH_MS);
        pthread_mutex_lock(&s->lock);
        if (now > length) {
            s->length = length = now;
            s->more = true;
            pthread_cond_broadcast(&s->work);
        } else if (!s->stopping) { /* it may return at once, when its store has stopped */
            mono_wait(&s->work, &s->lock, 1);
        }
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- beginning and end ---- */

static enum code start(struct streams *s, struct err *err) {
    int rc = pthread_create(&s->watcher, NULL, run_watcher, s);
    if (rc == 0) {
        rc = pthread_create(&s->pump, NULL, run_pump, s);
        s->started = rc == 0;
        if (rc != 0) {
            pthread_mutex_lock(&s->lock);
            s->stopping = true;
            pthread_mutex_unlock(&s->lock);
            pthread_join(s->watcher, NULL);
        }
    }
    return rc == 0
               ? OK
               : err_set(err, E_IO, "cannot start the threads of event streams: %s", strerror(rc));
}

enum code streams_init(struct streams *s, struct err *err) {
    pthread_mutex_init(&s->lock, NULL);
    mono_cond_init(&s->work);
    s->ready = mem_alloc(s->max * sizeof(struct stream *));
    enum code code = s->calls->wait == NULL ? OK : start(s, err);
    if (code != OK) {
        streams_fini(s);
    }
    return code;
}

void streams_stop(struct streams *s) {
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->work);
    pthread_mutex_unlock(&s->lock);
    if (s->started) {
        pthread_join(s->watcher, NULL);
        pthread_join(s->pump, NULL);
        s->started = false;
    }
}

void streams_fini(struct streams *s) {
    assert(s->first == NULL && !s->started);
    free(s->ready);
    pthread_cond_destroy(&s->work);
    pthread_mutex_destroy(&s->lock);
}

size_t streams_open(struct streams *s) {
    pthread_mutex_lock(&s->lock);
    size_t n = s->open;
    pthread_mutex_unlock(&s->lock);
    return n;
}
