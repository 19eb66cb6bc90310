/* memory: what a room keeps in memory beside the one connection that writes: what it knows of the
 * rows, so that it need not ask, and changes that wait for the end of the transaction to become
 * rows together.
 *
 *   BEGIN  [job]─keep  [job]─undo  [job]─keep  flush  COMMIT  end
 *
 * A job that fails, or a transaction, must leave no trace in it either: undo() and end() say so.
 * Used by the writer's thread alone, within jobs. */
#ifndef TAIHU_STORE_MEMORY_H
#define TAIHU_STORE_MEMORY_H

#include <stdbool.h>

#include "base/err.h"
#include "store/tx.h"

enum { MEMORY_KINDS = 4 }; /* that one store has at most */

struct memory_kind {
    void *(*make)(void);
    void (*free)(void *memory);

    /* Behind each job: what it changed stands, or is undone, what flush() wrote within it too. */
    void (*keep)(void *memory);
    void (*undo)(void *memory);

    /* Writes what waits. Rows that it changes need no line in the journal: which changes may wait
     * is settled in docs/decisions/0020-ingest.md. Not OK before the commit: none of the
     * transaction's jobs is kept. */
    enum code (*flush)(struct tx *tx, void *memory, struct err *err);

    /* All of the transaction's jobs are on disk, or none. */
    void (*end)(void *memory, bool on_disk);
};

/* The memory of that kind, a constant that lives as long as the program; made when it is first
 * asked for. NULL in a snapshot. */
void *memory_of(struct tx *tx, const struct memory_kind *kind);

/* Writes what waits in all memories, for a job that is about to look at rows. Does nothing in a
 * snapshot. */
enum code memory_flush(struct tx *tx, struct err *err);

#endif
