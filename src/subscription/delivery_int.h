/* delivery: what is due to one subscription, sent once, and noted. Called by one thread for one
 * subscription at a time; it reads in a snapshot, waits for the receiver outside of any, and notes
 * in a job of the writer. */
#ifndef TAIHU_SUBSCRIPTION_DELIVERY_INT_H
#define TAIHU_SUBSCRIPTION_DELIVERY_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "subscription/sender.h"

enum {
    DELIVERY_ITEMS = 64,         /* changes that are read at once */
    DELIVERY_THROTTLED = 1000,   /* the same where many become one notification */
    DELIVERY_BYTES = 4 << 20,    /* of their snapshots */
    DELIVERY_ENTITIES = 100,     /* in one notification of changes */
    DELIVERY_TIMEOUT_MS = 10000, /* where the endpoint says none */
    DELIVERY_SLOW_MS = 1000,     /* a notification is some KB: a receiver in the city needs 10 */
    DELIVERY_PERIODIC = 1000,    /* in one by the clock */
};

enum delivery_end {
    DELIVERY_IDLE,    /* nothing is due: until something is added or it is changed */
    DELIVERY_MORE,    /* there may be more at once */
    DELIVERY_WAIT,    /* not before wait_ms have passed */
    DELIVERY_FAILED,  /* not taken: try again later */
    DELIVERY_GONE,    /* there is no such subscription any more */
    DELIVERY_STOPPED, /* the client was stopped: nothing is said of the receiver */
};

struct delivery {
    enum delivery_end end;
    int64_t wait_ms;
    int64_t cooldown_ms; /* of DELIVERY_FAILED: at least so long */
    bool no_answer;      /* of DELIVERY_FAILED: the receiver did not answer at all */
    bool is_slow;        /* an answer took longer than DELIVERY_SLOW_MS */
    uint64_t sent;
};

/* `a` is reset before and holds nothing afterwards. */
void deliver(const struct sender_config *config, int64_t number, struct arena *a,
             struct delivery *out);

/* "host:port" of an address that was checked; in `a`. */
const char *delivery_receiver(const char *uri, struct arena *a);

#endif
