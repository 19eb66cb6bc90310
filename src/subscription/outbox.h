/* outbox: what is to be told and was not yet. A change of an entity is kept once, however many
 * subscriptions it is for; a row for each of these says that it is due.
 *
 *   change   1048577   time   the entity as it was then (snapshot.h)
 *   due      subscription 3, change 1048577
 *            subscription 8, change 1048577
 *
 * Changes are numbered in the order of the journal: line << 20 | place within the line's job. A
 * number is never given twice, also when the outbox was empty in between. */
#ifndef TAIHU_SUBSCRIPTION_OUTBOX_H
#define TAIHU_SUBSCRIPTION_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/tx.h"

enum {
    OUTBOX_LINE_BITS = 20, /* places of one line */
};

/* ---- within the job of the change ---- */

enum code outbox_add_change(struct tx *tx, int64_t seq, const void *snapshot, size_t len,
                            struct err *err);
enum code outbox_add_due(struct tx *tx, int64_t subscription, int64_t seq, struct err *err);

/* ---- reading ---- */

enum code outbox_count(struct tx *tx, int64_t subscription, int64_t *out, struct err *err);

/* Which subscriptions have something due behind `*seq`, each once, smallest number first; *seq
 * becomes the last change that is due to anybody. */
enum code outbox_list_ready(struct tx *tx, int64_t *seq, struct arena *a, int64_t **out,
                            size_t *count, struct err *err);

struct outbox_item {
    int64_t seq;
    int64_t time_ms; /* of the change */
    const void *snapshot;
    size_t len;
};

struct outbox_bounds {
    size_t items;
    size_t bytes; /* of snapshots; the first is taken whatever it has */
};

/* What is due to one, in order, up to the bounds. */
enum code outbox_list(struct tx *tx, int64_t subscription, struct outbox_bounds bounds,
                      struct arena *a, struct outbox_item **out, size_t *count, struct err *err);

/* ---- housekeeping ---- */

/* Forgets what was due to one up to `seq`, and the changes that nobody else waits for. */
enum code outbox_done(struct tx *tx, int64_t subscription, int64_t seq, struct err *err);

/* Forgets the oldest `n` that are due to one. */
enum code outbox_drop(struct tx *tx, int64_t subscription, int64_t n, struct err *err);

/* What became of attempts; zeros change nothing. */
struct outbox_progress {
    int64_t sent;    /* notifications that were taken */
    int64_t failed;  /* attempts that were not */
    int64_t dropped; /* changes that will not be told */
    int64_t last_ms, success_ms, failure_ms;
};

enum code outbox_note(struct tx *tx, int64_t subscription, const struct outbox_progress *p,
                      struct err *err);

#endif
