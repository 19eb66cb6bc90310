/* count: the server's counters. Every thread adds to them; a reader sees each for itself. */
#ifndef TAIHU_HTTP_COUNT_INT_H
#define TAIHU_HTTP_COUNT_INT_H

#include <stdatomic.h>

#include "http/server.h"

struct count {
    atomic_ullong taken, refused, evicted, timed_out;
    atomic_ullong answers[6];
    atomic_ullong in, out, held, busy;
    atomic_ullong took[SERVER_BUCKETS + 1], took_us;
};

void count_add(atomic_ullong *counter, uint64_t n);
void count_sub(atomic_ullong *counter, uint64_t n);

void count_answer(struct count *c, int status);
void count_took(struct count *c, int64_t us);

/* All that is counted here; the gauges of connections, queue and streams are others'. */
void count_read(struct count *c, struct server_stats *out);

#endif
