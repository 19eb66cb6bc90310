/* sender: tells receivers what is due to them, over HTTP, on threads of its own. Nobody who changes
 * an entity waits for it.
 *
 *   planner        a line of the journal with something due is on disk ─► its posts are ready
 *   16 threads     take a post that is ready ─► read what is due ─► POST ─► note what was taken
 *
 * A post is a subscription on its way: at most one thread has it, so what is due to one is told in
 * order. What was taken is forgotten after it was: who is killed in between tells it again, with
 * the same id (notification.h). What was not taken is tried again, later each time: 1 s, 2 s, 4 s
 * ... up to 5 minutes, for as long as the subscription stands.
 *
 * A receiver is a host and port. SENDER_AT_ONCE threads speak to one at most, and one alone once
 * it failed to answer or took longer than a second; all such share half of the threads. So one that
 * is dead or slow slows nobody, however many subscriptions it has.
 *
 * Codes: none travel from here; what failed is in the subscription's progress. */
#ifndef TAIHU_SUBSCRIPTION_SENDER_H
#define TAIHU_SUBSCRIPTION_SENDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "http/client.h"
#include "store/store.h"

struct sender;

enum {
    SENDER_THREADS = 16, /* they wait for the network */
    SENDER_AT_ONCE = 4,
};

/* 0 stands for the default. */
struct sender_config {
    struct store *store;            /* outlives the sender */
    struct client *client;          /* likewise; sender_stop() stops it */
    int64_t (*now_ms)(void *clock); /* UTC */
    void *clock;
    int threads;
    int64_t retry_ms, retry_max_ms; /* 1,000 and 300,000 */
};

/* What waited when the program ended is sent from now on. E_IO: a thread cannot be started. */
enum code sender_new(const struct sender_config *config, struct sender **out, struct err *err);

/* Something is due as soon as this line of the journal is on disk: what match_config.added is.
 * Never waits. Any thread. */
void sender_added(void *sender, int64_t line);

/* A subscription was made, changed or deleted, and that is on disk. Any thread. */
void sender_changed(struct sender *s);

/* Ends what is under way, within some two seconds, and all threads. Call once, from one thread. */
void sender_stop(struct sender *s);

/* Stops if that was not done, and frees. Takes NULL. */
void sender_free(struct sender *s);

struct sender_stats {
    uint64_t sent;   /* notifications that were taken, since the start */
    uint64_t failed; /* attempts that were not */
    size_t posts;    /* subscriptions */
    size_t receivers;
    size_t failing; /* receivers that failed last */
};

void sender_stats(struct sender *s, struct sender_stats *out);

#endif
