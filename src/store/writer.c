/* writer: see writer_int.h. Group commit:
 *
 *   queue     a ─ b ─ c                      d ─ e                  f
 *   writer    BEGIN a COMMIT   BEGIN b c COMMIT    BEGIN d e f COMMIT
 *
 * What comes while a commit runs waits for the next one: no fixed delay, and the slower the disk
 * the more jobs share a commit. The lock guards the queue and the counters, never a transaction. */
#include "store/writer_int.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/mono.h"
#include "store/memory_int.h"

enum {
    YIELDS_MAX = 64,
    REST_MS = 1000, /* without a job: then what waits becomes rows */
};

/* Lies on the stack of the caller, who waits until it is done; or, where there is `tell`, on the
 * heap, and is the writer's. */
struct job {
    enum store_kind kind;
    store_job *run;
    store_done *tell; /* NULL: somebody waits */
    void *data;
    struct err *err; /* the caller's; the writer's until done */
    enum code code;
    bool wants_checkpoint;
    bool done; /* under the lock */
    pthread_cond_t woken;
    struct job *next;
};

/* A job that was handed over, with the words of its failure. */
struct handed {
    struct job job; /* first: a job with `tell` is cast back to this */
    struct err err;
};

struct writer {
    /* The writer's thread's alone, once it runs. */
    struct tx *tx;
    struct signer *signer;
    int64_t (*now_ms)(void *clock);
    void *clock;
    int64_t checkpoint_every;
    int64_t on_disk; /* the last line that a commit brought there */
    uint64_t commits;

    pthread_t thread;
    size_t queue_max;

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work;  /* there is a job, or it stops */
    pthread_cond_t grown; /* the journal is longer, or it stops */
    struct job *first;
    struct job **last; /* where the next one is hung */
    bool stopping;
    bool joined;
    _Atomic int64_t seq; /* on_disk, as others may see it; written under the lock */
    struct store_stats stats;
    enum code end_code; /* how the last checkpoint went */
    struct err end_err;
};

/* ---- one job ---- */

/* What always holds of the store, held against a job that says it went well. */
static enum code check_rules(const struct tx *tx, enum store_kind kind, int64_t changed,
                             struct err *err) {
    if (!tx_is_open(tx)) {
        return err_set(err, E_IO,
                       "cannot write %s: a failure the job passed over ended the "
                       "transaction",
                       tx->path);
    }
    if (kind == STORE_CHANGE && changed > 0 && tx->lines == 0) {
        return err_set(err, E_IO,
                       "cannot write %s: %lld rows were changed and no journal line "
                       "tells of it",
                       tx->path, (long long)changed);
    }
    return OK;
}

/* Rows that jobs changed themselves. */
static int64_t changes(const struct tx *tx) {
    return sqlite3_total_changes64(tx->db) - tx->flushed;
}

static enum code run_within(struct tx *tx, struct job *job) {
    int64_t before = changes(tx);
    tx->lines = 0;
    tx->wants_checkpoint = false;
    enum code code = job->run(tx, job->data, job->err);
    assert(tx->open_queries == 0); /* a query was not closed */
    job->wants_checkpoint = tx->wants_checkpoint;
    if (code == OK) {
        code = check_rules(tx, job->kind, changes(tx) - before, job->err);
    }
    return code == OK ? tx_step(tx, TX_KEEP, job->err) : code;
}

/* Leaves the transaction without the job's changes, or, where even that fails, no transaction. */
static void undo(struct tx *tx, const struct journal_head *head) {
    tx->head = *head;
    if (tx_is_open(tx) && (tx_step(tx, TX_UNDO, NULL) != OK || tx_step(tx, TX_KEEP, NULL) != OK)) {
        tx_rollback(tx);
    }
}

static void run_job(struct writer *w, struct job *job) {
    struct tx *tx = w->tx;
    struct journal_head head = tx->head;
    tx->now_ms = w->now_ms(w->clock);
    job->code = tx_step(tx, TX_SAVE, job->err);
    if (job->code != OK) {
        tx_rollback(tx); /* without a savepoint there is nothing to go back to */
        return;
    }
    job->code = run_within(tx, job);
    memory_end_job(tx, job->code == OK);
    if (job->code != OK) {
        undo(tx, &head);
    }
}

/* ---- one transaction ---- */

static enum code commit(struct writer *w, bool wanted, struct err *err) {
    struct tx *tx = w->tx;
    int64_t fresh = signer_unsigned(w->signer, tx);
    bool sign = fresh > 0 && (wanted || fresh >= w->checkpoint_every);
    enum code code = memory_close(tx, err);
    if (code == OK && sign) {
        code = signer_sign(w->signer, tx, err);
    }
    if (code == OK) {
        code = tx_step(tx, TX_COMMIT, err);
    }
    if (code != OK) {
        return code;
    }
    w->on_disk = tx->head.seq;
    w->commits++;
    if (sign) {
        signer_made(w->signer, tx->head.seq);
    }
    return OK;
}

/* After a commit: the checkpoint goes to its file. Only who asked for one is told of a failure; for
 * the others it is tried again after the next commit. */
static void file_checkpoint(struct writer *w, struct job *first, const struct job *end) {
    if (!signer_is_behind(w->signer)) {
        return;
    }
    struct err err = ERR_INIT;
    enum code code = signer_file(w->signer, w->tx, w->now_ms(w->clock), &err);
    for (struct job *job = first; code != OK && job != end; job = job->next) {
        if (job->wants_checkpoint && job->code == OK) {
            job->code = err_set(job->err, code, "%s", err.msg);
        }
    }
}

/* Jobs that went well fail with the transaction they were part of. */
static void fail_all(struct job *first, const struct job *end, const struct err *err) {
    for (struct job *job = first; job != end; job = job->next) {
        if (job->code == OK) {
            job->code = err_set(job->err, err->code, "%s", err->msg);
        }
    }
}

/* Runs jobs from `first` on until the transaction is over; returns the first that was not run. That
 * there is one means that the failure of a job, as a full disk, ended the transaction. */
static struct job *run_transaction(struct writer *w, struct job *first) {
    struct err err = ERR_INIT;
    bool wanted = false;
    struct job *job = first;
    enum code code = tx_begin(w->tx, TX_BEGIN_WRITE, w->now_ms(w->clock), &err);
    while (code == OK && job != NULL) {
        run_job(w, job);
        wanted = wanted || job->wants_checkpoint;
        job = job->next;
        if (!tx_is_open(w->tx)) {
            code = err_set(&err, E_IO,
                           "cannot write %s: another change failed and took this one "
                           "with it; nothing was kept",
                           w->tx->path);
        }
    }
    if (code == OK) {
        code = commit(w, wanted, &err);
    } else if (job == first) {
        job = NULL; /* it could not begin: for none of them */
    }
    memory_end(w->tx, code == OK);
    if (code != OK) {
        tx_rollback(w->tx);
        fail_all(first, job, &err);
    } else {
        file_checkpoint(w, first, job);
    }
    return job;
}

/* ---- the queue ---- */

/* Who is about to hand over a job and only waits for a processor gets it now: the larger a commit,
 * the less each of its jobs costs. No delay: where nobody waits for a processor this returns at
 * once. Under the lock, which it leaves. */
static void let_others_come(struct writer *w) {
    size_t before = 0;
    for (int i = 0; i < YIELDS_MAX && w->stats.waiting > before; i++) {
        before = w->stats.waiting;
        pthread_mutex_unlock(&w->lock);
        sched_yield();
        pthread_mutex_lock(&w->lock);
    }
}

/* Waits for a job; where something waits to become rows, no longer than REST_MS. Under the lock. */
static void await_work(struct writer *w, bool rests) {
    int64_t until = mono_ms() + REST_MS;
    int64_t left = REST_MS;
    while (w->first == NULL && !w->stopping && left > 0) {
        if (rests) {
            mono_wait(&w->work, &w->lock, left);
            left = until - mono_ms();
        } else {
            pthread_cond_wait(&w->work, &w->lock);
        }
    }
}

/* All that is queued; NULL where nothing came, *stops where nothing will. */
static struct job *take_batch(struct writer *w, bool *stops) {
    bool rests = memory_waits(w->tx);
    pthread_mutex_lock(&w->lock);
    await_work(w, rests);
    *stops = w->stopping && w->first == NULL;
    let_others_come(w);
    struct job *batch = w->first;
    w->first = NULL;
    w->last = &w->first;
    w->stats.waiting = 0;
    pthread_mutex_unlock(&w->lock);
    return batch;
}

/* Counts and wakes the jobs up to `end`. Behind `done` a job may be gone: it is its caller's again.
 * Returns a list of those whose `tell` is to be called. */
static struct job *wake(struct writer *w, struct job *first, const struct job *end) {
    struct job *told = NULL;
    struct job **last = &told;
    pthread_mutex_lock(&w->lock);
    w->stats.commits = w->commits;
    w->stats.unfiled = signer_is_behind(w->signer);
    bool grew = w->seq != w->on_disk;
    w->seq = w->on_disk;
    while (first != end) {
        struct job *next = first->next;
        w->stats.jobs++;
        w->stats.failed += first->code != OK;
        if (first->tell != NULL) {
            *last = first;
            last = &first->next;
        } else {
            first->done = true;
            pthread_cond_signal(&first->woken);
        }
        first = next;
    }
    if (grew) {
        pthread_cond_broadcast(&w->grown);
    }
    pthread_mutex_unlock(&w->lock);
    *last = NULL;
    return told;
}

/* Without the lock: whoever is told may take their time. */
static void tell_all(struct job *first) {
    while (first != NULL) {
        struct job *next = first->next;
        first->tell(first->data, first->code, first->err);
        free(first);
        first = next;
    }
}

static bool is_idle(struct writer *w) {
    pthread_mutex_lock(&w->lock);
    bool idle = w->first == NULL;
    pthread_mutex_unlock(&w->lock);
    return idle;
}

/* What waits becomes rows, until a job comes; where that fails it is tried again later. */
static void rest_all(struct writer *w) {
    enum code code = OK;
    while (code == OK && memory_waits(w->tx) && is_idle(w)) {
        code = memory_rest(w->tx, w->now_ms(w->clock), NULL);
    }
}

/* The lines of this run should not stay unsigned until the next. */
static void sign_last(struct writer *w) {
    struct err *err = &w->end_err;
    int64_t now = w->now_ms(w->clock);
    enum code code = tx_begin(w->tx, TX_BEGIN_WRITE, now, err);
    if (code == OK) {
        code = commit(w, true, err);
        memory_end(w->tx, code == OK);
        tx_rollback(w->tx);
    }
    if (code == OK) {
        code = signer_file(w->signer, w->tx, now, err);
    }
    w->end_code = code; /* read behind pthread_join() */
}

static void *run(void *data) {
    struct writer *w = data;
    bool stops = false;
    while (!stops) {
        struct job *batch = take_batch(w, &stops);
        if (batch == NULL) {
            rest_all(w);
        }
        while (batch != NULL) {
            struct job *rest = run_transaction(w, batch);
            tell_all(wake(w, batch, rest));
            batch = rest;
        }
    }
    sign_last(w);
    return NULL;
}

/* Hangs the job at the end of the queue, under the lock. */
static enum code enqueue(struct writer *w, struct job *job, struct err *err) {
    if (w->stopping) {
        return err_set(err, E_IO, "cannot write %s: the store is closing", w->tx->path);
    }
    if (w->stats.waiting >= w->queue_max) {
        w->stats.busy++;
        return err_set(err, E_BUSY, "cannot write %s now: busy, %zu changes wait already",
                       w->tx->path, w->stats.waiting);
    }
    if (w->first == NULL) {
        pthread_cond_signal(&w->work);
    }
    *w->last = job;
    w->last = &job->next;
    w->stats.waiting++;
    return OK;
}

enum code writer_run(struct writer *w, enum store_kind kind, store_job *run_it, void *data,
                     struct err *err) {
    assert(!pthread_equal(pthread_self(), w->thread)); /* a job that waits for itself */
    struct job job = {.kind = kind, .run = run_it, .data = data, .err = err};
    pthread_cond_init(&job.woken, NULL);
    pthread_mutex_lock(&w->lock);
    enum code code = enqueue(w, &job, err);
    while (code == OK && !job.done) {
        pthread_cond_wait(&job.woken, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&job.woken);
    return code == OK ? job.code : code;
}

enum code writer_submit(struct writer *w, enum store_kind kind, const struct store_handed *handed,
                        struct err *err) {
    struct handed *h = mem_alloc(sizeof *h);
    h->job = (struct job){.kind = kind,
                          .run = handed->job,
                          .tell = handed->done,
                          .data = handed->data,
                          .err = &h->err};
    h->err = (struct err)ERR_INIT;
    pthread_mutex_lock(&w->lock);
    enum code code = enqueue(w, &h->job, err);
    pthread_mutex_unlock(&w->lock);
    if (code != OK) {
        free(h);
    }
    return code;
}

int64_t writer_wait(struct writer *w, int64_t after, int timeout_ms) {
    int64_t until = mono_ms() + timeout_ms;
    int64_t left = timeout_ms;
    pthread_mutex_lock(&w->lock);
    while (w->seq <= after && !w->stopping && left > 0) {
        mono_wait(&w->grown, &w->lock, left);
        left = until - mono_ms();
    }
    int64_t seq = w->seq > after ? w->seq : after;
    pthread_mutex_unlock(&w->lock);
    return seq;
}

int64_t writer_length(struct writer *w) {
    return w->seq;
}

void writer_stats(struct writer *w, struct store_stats *out) {
    pthread_mutex_lock(&w->lock);
    *out = w->stats;
    pthread_mutex_unlock(&w->lock);
}

/* ---- start and end ---- */

/* Signals are for the threads that know them: this one has all blocked. */
static int start(struct writer *w) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&w->thread, NULL, run, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

static void init_locks(struct writer *w) {
    pthread_mutex_init(&w->lock, NULL);
    mono_cond_init(&w->work);
    mono_cond_init(&w->grown); /* a clock that is set must not hold up who waits */
}

static void fini_locks(struct writer *w) {
    pthread_cond_destroy(&w->grown);
    pthread_cond_destroy(&w->work);
    pthread_mutex_destroy(&w->lock);
}

enum code writer_new(const struct store_config *config, struct tx *tx, struct signer *signer,
                     struct writer **out, struct err *err) {
    struct writer *w = mem_alloc(sizeof *w);
    memset(w, 0, sizeof *w);
    w->tx = tx;
    w->signer = signer;
    w->now_ms = config->now_ms;
    w->clock = config->clock;
    w->checkpoint_every =
        config->checkpoint_every > 0 ? config->checkpoint_every : STORE_CHECKPOINT_EVERY;
    w->queue_max = config->queue_max > 0 ? config->queue_max : STORE_QUEUE_MAX;
    w->last = &w->first;
    w->seq = w->on_disk = tx->head.seq;
    w->stats.unfiled = signer_is_behind(signer);
    init_locks(w);
    int rc = start(w);
    if (rc != 0) {
        fini_locks(w);
        free(w);
        return err_set(err, E_IO, "cannot start the thread that writes %s: %s", config->path,
                       strerror(rc));
    }
    *out = w;
    return OK;
}

enum code writer_stop(struct writer *w, struct err *err) {
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->work);
    pthread_cond_broadcast(&w->grown);
    bool joined = w->joined;
    w->joined = true;
    pthread_mutex_unlock(&w->lock);
    if (!joined) {
        int rc = pthread_join(w->thread, NULL);
        assert(rc == 0);
    }
    return w->end_code == OK ? OK : err_set(err, w->end_code, "%s", w->end_err.msg);
}

void writer_free(struct writer *w) {
    if (w == NULL) {
        return;
    }
    assert(w->joined && w->first == NULL);
    fini_locks(w);
    signer_close(w->signer);
    tx_close(w->tx);
    free(w);
}
