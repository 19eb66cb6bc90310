/* journal: every change of state as a line that cannot be changed later without showing.
 *
 * A line is added within the transaction of the change it tells of: both are on disk, or neither.
 * Lines are numbered 1, 2, 3 ... without a gap, and each holds the hash of the one before it:
 *
 *   hash = SHA-256 of
 *     "taihu-journal-1"  15 bytes, no NUL: which format this is
 *     seq                8 bytes, big-endian
 *     time_ms            8 bytes, big-endian, two's complement: UTC, ms since 1970
 *     actor              4 bytes of length, big-endian, then its bytes; who did it: "u/17",
 * "system" subject            so too; what it was done to: "task/2021/t35" kind               so
 * too; what was done: "task.confirmed" payload            so too; JSON on one line prev 32 bytes:
 * the hash of the line before; zeros for line 1
 *
 * A chain alone can be cut at its end, or written anew from some line on. So every some lines, on
 * demand and when the store stops, a checkpoint is signed (Ed25519, RFC 8032), kept as a row and
 * appended to FILE.checkpoints, a copy of which belongs on another machine. A line of that file:
 *
 *   taihu-checkpoint 1 SEQ TIME_MS HASH PUBLIC_KEY SIGNATURE\n
 *
 * decimal numbers and lower-case hex, a blank between each; the signature is over all that stands
 * before the blank in front of it. The public key stands in the chain: the line that makes a key
 * known has the kind "journal.key" and the key as its subject.
 *
 * What this cannot show: lines cut off behind the last checkpoint that is kept elsewhere, and lines
 * added by a program that was given the file to write. */
#ifndef TAIHU_STORE_JOURNAL_H
#define TAIHU_STORE_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/sha256.h"
#include "store/store.h"
#include "store/tx.h"

enum {
    JOURNAL_HASH = SHA256_BYTES,
    JOURNAL_HEX = 64 + 1,   /* the same, or an Ed25519 public key, as text */
    JOURNAL_NAME_MAX = 255, /* bytes of actor, subject, kind and cursor name; at least 1 */
    JOURNAL_PAYLOAD_MAX = 1 << 20,
    JOURNAL_READ_MAX = 8 << 20 /* bytes that one batch holds, or one line */
};

/* What the caller says of a change: UTF-8, payload one JSON value without control characters. */
struct journal_entry {
    const char *actor;
    const char *subject;
    const char *kind;
    const char *payload;
};

struct journal_line {
    int64_t seq;
    int64_t time_ms;
    const char *actor;
    const char *subject;
    const char *kind;
    const char *payload;
    unsigned char prev[JOURNAL_HASH];
    unsigned char hash[JOURNAL_HASH];
};

/* Adds a line, within a write job; its number goes to *seq where that is not NULL. E_INPUT,
 * E_LIMIT: the entry is not as said above; E_IO as query_close(). */
enum code journal_add(struct tx *tx, const struct journal_entry *entry, int64_t *seq,
                      struct err *err);

/* The last line, as this transaction sees it. */
struct journal_head {
    int64_t seq;
    unsigned char hash[JOURNAL_HASH];
};

const struct journal_head *journal_head(const struct tx *tx);

/* Lines that were read, in order. Start with JOURNAL_BATCH_INIT; reading into it again forgets what
 * it held. */
struct journal_batch {
    struct arena arena;
    struct journal_line *line;
    size_t count;
};

#define JOURNAL_BATCH_INIT                                                                         \
    { ARENA_INIT, NULL, 0 }

void journal_batch_fini(struct journal_batch *b);

/* Up to `limit` lines behind number `after`; fewer where they would pass JOURNAL_READ_MAX. */
enum code journal_list(struct tx *tx, int64_t after, size_t limit, struct journal_batch *out,
                       struct err *err);

/* The same of the lines whose subject is this one. */
enum code journal_list_of(struct tx *tx, const char *subject, int64_t after, size_t limit,
                          struct journal_batch *out, struct err *err);

/* The number of the last line of this subject, 0 where there is none: what a change of it is held
 * against, so that two people who change one thing do not undo each other unseen. */
enum code journal_last_of(struct tx *tx, const char *subject, int64_t *seq, struct err *err);

/* The same, as of line `as_of`, of each subject that begins with `prefix` and has lines by then, in
 * byte order: as "plan/1/" for all items of a plan. What comes out lives in `a`. Takes as long as
 * there are subjects, however many lines each has. */
struct journal_last {
    const char *subject;
    int64_t seq;
};

enum code journal_last_of_each(struct tx *tx, const char *prefix, int64_t as_of, struct arena *a,
                               struct journal_last **out, size_t *count, struct err *err);

/* The number of the last line written before `time_ms`; 0 where there is none. */
enum code journal_last_before(struct tx *tx, int64_t time_ms, int64_t *seq, struct err *err);

/* --- consumers
 * ------------------------------------------------------------------------------------ Each has a
 * name and a cursor: the last line it is done with; 0 when it was never heard of. It reads, acts,
 * acknowledges. Who dies between the last two reads the same lines again: at least once. One whose
 * effect lies in this database acknowledges in the job that has the effect, and so meets each line
 * exactly once. */

/* The lines behind the cursor, as journal_list(). Moves nothing. */
enum code journal_read(struct tx *tx, const char *consumer, size_t limit, struct journal_batch *out,
                       struct err *err);

/* Moves the cursor to `seq`, within a write job; alone it is STORE_HOUSEKEEPING. Never back: a
 * number it has passed changes nothing. E_INPUT: no such line yet. */
enum code journal_ack(struct tx *tx, const char *consumer, int64_t seq, struct err *err);

/* ---- proof ---- */

/* Signs the last line now and waits until that stands in FILE.checkpoints. */
enum code journal_checkpoint(struct store *s, struct err *err);

/* The key that signs now, as hex. E_INPUT: none yet. */
enum code journal_public_key(struct tx *tx, char hex[JOURNAL_HEX], struct err *err);

struct journal_report {
    int64_t lines;
    int64_t last_time_ms;
    unsigned char last_hash[JOURNAL_HASH];
    int64_t checkpoints; /* rows and lines of FILE.checkpoints that were checked */
    int64_t signed_seq;  /* the last line that one of them vouches for; 0 for none */
};

/* Walks the whole chain on one snapshot, in constant memory, and holds it against every checkpoint
 * of the database and of FILE.checkpoints. E_INPUT names the first line that was altered, dropped,
 * inserted or moved, or that is missing at the end. *out is written in both cases: how far it came.
 */
enum code journal_verify(struct store *s, struct journal_report *out, struct err *err);

#endif
