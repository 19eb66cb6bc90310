/* store: one database file, one writer, any number of readers.
 *
 * Writing: store_write() hands a job to the writer's thread and waits. The writer runs all jobs
 * that came while the last commit ran in one transaction, a savepoint around each, and commits with
 * one fdatasync. OK means: on disk. A job that fails is undone alone.
 *
 *   callers    job job job ──► queue ──► writer: BEGIN [job] [job] [job] COMMIT ──► callers wake
 *   readers    snapshot ── rows as of its start, whatever the writer does ── end
 *
 * store_submit() hands one over without waiting: the writer's thread says how it ended.
 *
 * Always holds: a job that changed rows added a journal line (journal.h), or none of it is kept.
 * One process writes at a time; others may read.
 *
 *   FILE               the database: SQLite, WAL, synchronous=FULL
 *   FILE-wal FILE-shm  SQLite's own, while it is open or after a crash
 *   FILE.lock          held by the process that writes
 *   FILE.key           the private key that signs checkpoints, PEM, for its owner alone
 *   FILE.checkpoints   what it signed, see journal.h
 *
 * Codes: E_IO the machine said no, and said why; E_INPUT the file is not ours, or rows are against
 * a constraint; E_BUSY from store_write() the queue is full: try again, nothing was run. */
#ifndef TAIHU_STORE_STORE_H
#define TAIHU_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/schema.h"
#include "store/tx.h"

struct store;

enum store_mode {
    STORE_READ,  /* the file is there and is never changed */
    STORE_WRITE, /* made when missing, brought to the newest schema, kept from other writers */
};

struct store_config {
    const char *path;
    enum store_mode mode;
    const struct schema *const *schemas; /* of the rooms above; borrowed for the store's life */
    size_t schema_count;
    int64_t (*now_ms)(void *clock); /* UTC in ms; called by any thread. STORE_READ may do without */
    void *clock;
    size_t queue_max;         /* jobs that may wait; 0: STORE_QUEUE_MAX */
    int64_t checkpoint_every; /* lines between signed checkpoints; 0: STORE_CHECKPOINT_EVERY */
    const char *vfs;          /* SQLite's way to files, by name: tests break it; NULL: the usual */
};

enum {
    /* Each holds a request with its body, which the server counts (held_max). */
    STORE_QUEUE_MAX = 1024,
    /* Each costs an fdatasync more: lost among a thousand lines. Who wants one sooner, as a server
     * by the hour, calls journal_checkpoint(). */
    STORE_CHECKPOINT_EVERY = 1000,
};

/* For the program's first thread, before any store is opened; it may be left out. SQLite then
 * counts no memory, which takes a lock for all threads at each piece. */
void store_prepare(void);

/* Borrows nothing of `config` but the schemas, clock and vfs. E_INPUT: not a database, one of
 * another application, or of a newer version. E_IO: cannot be opened, or another process writes. */
enum code store_open(const struct store_config *config, struct store **out, struct err *err);

/* Runs what is queued, signs a last checkpoint, ends the writer. From here on store_write()
 * refuses; snapshots go on. Call once, from one thread. E_IO: that checkpoint could not be signed.
 */
enum code store_stop(struct store *s, struct err *err);

/* Stops if that was not done, and frees. All snapshots have ended, no call is running. Takes NULL.
 */
void store_close(struct store *s);

/* A job: its changes are kept when it returns OK, else undone. Runs on the writer's thread while
 * the caller waits, so `data` may lie on the caller's stack. It never calls store_write(), and
 * holds up all others: no network, no waiting. */
typedef enum code store_job(struct tx *tx, void *data, struct err *err);

enum store_kind {
    STORE_CHANGE,       /* changed rows and no journal line: refused, E_IO; but see memory.h */
    STORE_HOUSEKEEPING, /* what is not the city's state, as how far a consumer has read */
};

/* Returns what the job returned, or why it could not be committed. Any thread but the writer's. */
enum code store_write(struct store *s, enum store_kind kind, store_job *job, void *data,
                      struct err *err);

/* How a job that was handed over ended: what store_write() would have returned, `err` with its
 * words. Called on the writer's thread, after the commit and in the order of the jobs: it never
 * calls store_write(), and holds up all others. */
typedef void store_done(void *data, enum code code, const struct err *err);

struct store_handed {
    store_job *job;
    store_done *done;
    void *data; /* of both; lives until `done` was called */
};

/* Queues the job and returns. On OK `done` is called exactly once, perhaps before this returns, and
 * at the latest within store_stop(). E_BUSY, E_IO: it was not queued, `done` is never called. Any
 * thread. */
enum code store_submit(struct store *s, enum store_kind kind, const struct store_handed *handed,
                       struct err *err);

/* A snapshot: the rows as of now, until store_read_end(). Never waits for the writer. A long one
 * keeps the -wal file from being reused: end it when the answer is made. */
enum code store_read(struct store *s, struct tx **out, struct err *err);
void store_read_end(struct tx *tx); /* takes NULL */

/* Waits until the journal is longer than `after` lines: its length then, or `after` when timeout_ms
 * have passed or the store stops. STORE_WRITE only: another process asks the journal itself. */
int64_t store_wait(struct store *s, int64_t after, int timeout_ms);

/* How long the journal is on disk; never waits. STORE_WRITE only. */
int64_t store_length(struct store *s);

struct store_stats {
    uint64_t jobs;    /* taken from the queue and done */
    uint64_t failed;  /* of them, not kept */
    uint64_t busy;    /* refused because the queue was full */
    uint64_t commits; /* transactions: jobs / commits is how many share one */
    size_t waiting;   /* in the queue now */
    bool unfiled;     /* a checkpoint is signed and not yet in FILE.checkpoints: its disk is full */
};

void store_stats(struct store *s, struct store_stats *out); /* STORE_WRITE only */

#endif
