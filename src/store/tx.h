/* tx: one transaction, as a write job or a reader is handed it. It is used by the thread that was
 * given it, until that job or snapshot ends, and by nobody else. Statements: query.h; lines:
 * journal.h. */
#ifndef TAIHU_STORE_TX_H
#define TAIHU_STORE_TX_H

#include <stdbool.h>
#include <stdint.h>

struct tx;

/* The time of this job or snapshot, UTC in ms, by the clock of store_config: the journal lines of a
 * job bear it, and so should its rows. */
int64_t tx_now_ms(const struct tx *tx);

/* Whether it is a job; else it is a snapshot. */
bool tx_writes(const struct tx *tx);

#endif
