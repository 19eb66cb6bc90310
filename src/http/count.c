/* count: see count_int.h. */
#include "http/count_int.h"

#include <string.h>

/* Powers of two and five, from a cached answer to a confined reader of PDF. */
const int server_bucket_ms[SERVER_BUCKETS] = {1,   2,   5,   10,   25,   50,
                                              100, 250, 500, 1000, 2500, 10000};

void count_add(atomic_ullong *counter, uint64_t n) {
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void count_sub(atomic_ullong *counter, uint64_t n) {
    atomic_fetch_sub_explicit(counter, n, memory_order_relaxed);
}

void count_answer(struct count *c, int status) {
    int class = status / 100;
    count_add(&c->answers[0], 1);
    if (class >= 1 && class <= 5) {
        count_add(&c->answers[class], 1);
    }
}

void count_took(struct count *c, int64_t us) {
    size_t i = 0;
    while (i < SERVER_BUCKETS && us > (int64_t)server_bucket_ms[i] * 1000) {
        i++;
    }
    count_add(&c->took[i], 1);
    count_add(&c->took_us, (uint64_t)us);
}

static uint64_t get(atomic_ullong *counter) {
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void count_read(struct count *c, struct server_stats *out) {
    memset(out, 0, sizeof *out);
    out->connections_taken = get(&c->taken);
    out->connections_refused = get(&c->refused);
    out->evicted = get(&c->evicted);
    out->timed_out = get(&c->timed_out);
    out->body_bytes_in = get(&c->in);
    out->body_bytes_out = get(&c->out);
    out->held = get(&c->held);
    out->busy = get(&c->busy);
    out->took_us = get(&c->took_us);
    for (size_t i = 0; i < 6; i++) {
        out->answers[i] = get(&c->answers[i]);
    }
    for (size_t i = 0; i <= SERVER_BUCKETS; i++) {
        out->took[i] = get(&c->took[i]);
    }
}
