/* memory: what a room keeps in memory beside the rows: what it knows of them, so that it need not
 * ask, and what is on disk as a note and becomes rows later, in larger portions. A room's schema
 * names its kind (schema.h); a store that writes has one of each.
 *
 *   open       recover                                  what a process before left becomes rows
 *   writer     BEGIN  [job]─keep  [job]─undo  [job]─keep  close  COMMIT  end
 *   at rest    BEGIN  rest  close  COMMIT  end          for as long as something waits
 *   snapshot   enter  BEGIN ... END  leave              any thread, at any time
 *
 * A job that fails, or a transaction, must leave no trace in it: undo() and end() say so. All but
 * enter() and leave() is called by the writer's thread alone; what a snapshot is shown besides, the
 * room guards by itself. */
#ifndef TAIHU_STORE_MEMORY_H
#define TAIHU_STORE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/tx.h"

enum { MEMORY_KINDS = 4 }; /* that one store has at most */

/* What a room notes of a snapshot; zeros at first. What it means is the room's. */
struct memory_view {
    int64_t since, until;
};

/* Rows that recover(), flush(), close() and rest() change need no line in the journal: which may
 * wait is settled in docs/decisions/0020-ingest.md. */
struct memory_kind {
    void *(*make)(void);
    void (*free)(void *memory);

    enum code (*recover)(struct tx *tx, void *memory, struct err *err);

    /* Behind each job: what it changed stands, or is undone, what flush() wrote within it too. */
    void (*keep)(void *memory);
    void (*undo)(void *memory);

    /* For a job that is about to look at rows: all that waits becomes rows now. */
    enum code (*flush)(struct tx *tx, void *memory, struct err *err);

    /* Before the commit: what still waits is written down, so that it is on disk with it. Not OK:
     * none of the transaction's jobs is kept. */
    enum code (*close)(struct tx *tx, void *memory, struct err *err);

    /* All of the transaction's jobs are on disk, or none. */
    void (*end)(void *memory, bool on_disk);

    /* Whether anything waits to become rows; and some of it does, while no job is queued: as much
     * as may hold up a job that comes just then. */
    bool (*waits)(const void *memory);
    enum code (*rest)(struct tx *tx, void *memory, struct err *err);

    void (*enter)(void *memory, struct memory_view *view);
    void (*leave)(void *memory, struct memory_view *view);
};

/* The memory of that kind; NULL where the store only reads, or none of its schemas names it. */
void *memory_of(struct tx *tx, const struct memory_kind *kind);

/* What enter() noted; of a snapshot. */
struct memory_view *memory_view_of(struct tx *tx, const struct memory_kind *kind);

/* Runs flush() of all memories, for a job that is about to look at rows. Does nothing in a
 * snapshot. */
enum code memory_flush(struct tx *tx, struct err *err);

/* Between these a memory changes rows within a job: they need no line. */
int64_t memory_begin(const struct tx *tx);
void memory_changed(struct tx *tx, int64_t begun);

#endif
