/* gate: a job that holds the writer until it is let go; meanwhile others queue up. */
#ifndef TAIHU_TESTS_STORE_GATE_H
#define TAIHU_TESTS_STORE_GATE_H

#include <sched.h>
#include <stdatomic.h>

#include "base/err.h"
#include "store/tx.h"

struct gate {
    atomic_bool entered, open;
};

/* `data` is the struct gate. */
static inline enum code gate_hold(struct tx *tx, void *data, struct err *err) {
    struct gate *g = data;
    (void)tx;
    (void)err;
    atomic_store(&g->entered, true);
    while (!atomic_load(&g->open)) {
        sched_yield();
    }
    return OK;
}

#endif
