/* tx_int: a connection, which is what a transaction is given out as. A connection is in at most one
 * transaction; between two it lies with the writer or among the store's idle readers. */
#ifndef TAIHU_STORE_TX_INT_H
#define TAIHU_STORE_TX_INT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/journal.h"
#include "store/memory_int.h"
#include "store/query.h"
#include "store/tx.h"

enum tx_step {
    TX_BEGIN_READ,
    TX_BEGIN_WRITE,
    TX_COMMIT,
    TX_ROLLBACK,
    TX_SAVE, /* a savepoint before a job */
    TX_KEEP, /* what was done since stands */
    TX_UNDO, /* what was done since is undone; TX_KEEP must follow */
    TX_STEPS,
};

enum { TX_BUCKETS = 64 }; /* about as many statements as a connection gets to know */

struct tx {
    struct store *store; /* whose idle reader it is; NULL for the writer's */
    const char *path;    /* borrowed from the store */
    sqlite3 *db;
    sqlite3_stmt *step[TX_STEPS];
    struct query *query[TX_BUCKETS]; /* by the address of their SQL */
    size_t open_queries;
    bool trusted;              /* a statement of this room is being prepared or run */
    int system;                /* errno behind the last step that failed */
    int64_t now_ms;            /* of the job or snapshot */
    struct journal_head head;  /* with the lines this transaction added */
    int64_t lines;             /* added by this job */
    bool wants_checkpoint;     /* this transaction was asked for one */
    bool writes;               /* the writer's */
    struct memories *memories; /* of the store; none where it only reads */
    struct memory_view view[MEMORY_KINDS];
    int64_t flushed; /* rows that memories ever changed */
    struct tx *next; /* in the list of idle readers */
};

/* How a connection is opened. */
struct tx_config {
    const char *path; /* must outlive the connection */
    const char *vfs;
    bool write;
    struct memories *memories; /* the same */
};

/* Opens, checks whose file it is, and sets what every connection of ours holds to. *fresh: the file
 * holds nothing yet. Free with tx_close(). */
enum code tx_open(const struct tx_config *config, struct tx **out, bool *fresh, struct err *err);

/* Takes NULL. A transaction that is open is rolled back. */
void tx_close(struct tx *tx);

enum code tx_step(struct tx *tx, enum tx_step step, struct err *err);

/* TX_BEGIN_READ or TX_BEGIN_WRITE, at this time; the snapshot is fixed and the head known. */
enum code tx_begin(struct tx *tx, enum tx_step step, int64_t now_ms, struct err *err);

/* Ends what is open, keeping nothing. */
void tx_rollback(struct tx *tx);

/* SQLite rolls all back by itself on some failures, as a full disk. */
bool tx_is_open(const struct tx *tx);

/* Runs constant SQL of any kind and several statements: for migrations. */
enum code tx_exec(struct tx *tx, const char *sql, struct err *err);

/* Steps a statement; a trusted one may do what authorize() in tx.c else forbids. */
int tx_run(struct tx *tx, sqlite3_stmt *stmt, bool trusted);

/* Says that `what` ("cannot commit to", with the path behind it) failed with SQLite's `rc`. */
enum code tx_fail(const struct tx *tx, const char *what, int rc, struct err *err);

/* query_open() for statements of this room, which may write its own tables. */
struct query *query_open_trusted(struct tx *tx, const char *sql);

/* Frees a list of the cache. */
void query_free_all(struct query *first);

/* Loads tx->head from the journal. */
enum code journal_head_load(struct tx *tx, struct err *err);

#endif
