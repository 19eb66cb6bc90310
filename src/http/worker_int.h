/* worker: a fixed number of threads that take jobs from a queue of fixed length. */
#ifndef TAIHU_HTTP_WORKER_INT_H
#define TAIHU_HTTP_WORKER_INT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct worker_job {
    void (*run)(struct worker_job *job, bool stopping); /* stopping: end at once, undone */
    struct worker_job *next;
};

struct workers {
    size_t queue_max;
    pthread_t *threads;
    size_t count;

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work;
    struct worker_job *first;
    struct worker_job **end;
    size_t waiting;
    bool stopping;
};

enum code workers_init(struct workers *w, size_t threads, struct err *err);

/* Every queued job is run, told that it stops; then the threads end. No job is taken any more. */
void workers_stop(struct workers *w);
void workers_fini(struct workers *w); /* stopped; nobody calls workers_add() any more */

/* Queues the job; false when the queue is full or the workers stop. `before` is called first, when
 * the place is sure and no worker can have the job yet. */
bool workers_add(struct workers *w, struct worker_job *job, void (*before)(struct worker_job *job));

size_t workers_waiting(struct workers *w);

#endif
