/* worker: see worker_int.h. */
#include "http/worker_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct worker_job *next_job(struct workers *w) {
    while (w->first == NULL && !w->stopping) {
        pthread_cond_wait(&w->work, &w->lock);
    }
    struct worker_job *job = w->first;
    if (job != NULL) {
        w->first = job->next;
        w->end = w->first == NULL ? &w->first : w->end;
        w->waiting--;
    }
    return job;
}

static void *run(void *data) {
    struct workers *w = data;
    struct worker_job *job;
    pthread_mutex_lock(&w->lock);
    while ((job = next_job(w)) != NULL) {
        bool stopping = w->stopping;
        pthread_mutex_unlock(&w->lock);
        job->run(job, stopping);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum code workers_init(struct workers *w, size_t threads, struct err *err) {
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->work, NULL);
    w->end = &w->first;
    w->threads = mem_alloc(threads * sizeof *w->threads);
    for (w->count = 0; w->count < threads; w->count++) {
        int rc = pthread_create(&w->threads[w->count], NULL, run, w);
        if (rc != 0) {
            enum code code =
                err_set(err, E_IO, "cannot start worker %zu: %s", w->count + 1, strerror(rc));
            workers_stop(w);
            workers_fini(w);
            return code;
        }
    }
    return OK;
}

void workers_stop(struct workers *w) {
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->work);
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < w->count; i++) {
        pthread_join(w->threads[i], NULL);
    }
}

void workers_fini(struct workers *w) {
    free(w->threads);
    pthread_cond_destroy(&w->work);
    pthread_mutex_destroy(&w->lock);
}

bool workers_add(struct workers *w, struct worker_job *job,
                 void (*before)(struct worker_job *job)) {
    pthread_mutex_lock(&w->lock);
    bool room = w->waiting < w->queue_max && !w->stopping;
    if (room) {
        before(job);
        job->next = NULL;
        *w->end = job;
        w->end = &job->next;
        w->waiting++;
        pthread_cond_signal(&w->work);
    }
    pthread_mutex_unlock(&w->lock);
    return room;
}

size_t workers_waiting(struct workers *w) {
    pthread_mutex_lock(&w->lock);
    size_t n = w->waiting;
    pthread_mutex_unlock(&w->lock);
    return n;
}
