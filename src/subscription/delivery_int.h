/* delivery: what is due to one subscription, sent once, then noted. One thread at a time has a
 * subscription; it reads in a snapshot, waits for the receiver outside of any, and notes in a job
 * of the writer. */
#ifndef TAIHU_SUBSCRIPTION_DELIVERY_INT_H
#define TAIHU_SUBSCRIPTION_DELIVERY_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "ngsi/entity_context.h"
#include "subscription/outbox.h"
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
    bool asked;          /* the receiver was */
    bool no_answer;      /* of DELIVERY_FAILED: the receiver did not answer at all */
    bool is_slow;        /* an answer took longer than DELIVERY_SLOW_MS */
    uint64_t sent;
    int64_t done;                    /* the last change that was taken; 0: none */
    struct outbox_progress progress; /* to be noted */
};

/* Terms of an @context that were read last; a number's never change. */
struct delivery_terms {
    struct arena arena;
    bool is_set;
    int64_t number;
    struct entity_context context;
};

/* A thread's own, from one delivery to the next. Start with DELIVERY_MEMORY_INIT. */
struct delivery_memory {
    struct arena arena; /* of one delivery */
    struct delivery_terms terms;
};

#define DELIVERY_MEMORY_INIT                                                                       \
    {                                                                                              \
        ARENA_INIT, {                                                                              \
            ARENA_INIT, false, 0, {                                                                \
                .count = 0                                                                         \
            }                                                                                      \
        }                                                                                          \
    }

/* Reads what is due and sends it. */
void deliver(const struct sender_config *config, int64_t number, struct delivery_memory *memory,
             struct delivery *out);

/* Notes what became of it, and waits until that is on disk. Where that fails, `d` says that the
 * delivery did: it will be sent again, with the same id. */
void delivery_note(const struct sender_config *config, int64_t number, struct delivery *d);

/* "host:port" of an address that was checked; in `a`. */
const char *delivery_receiver(const char *uri, struct arena *a);

#endif
