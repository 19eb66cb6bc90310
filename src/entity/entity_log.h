/* entity_log: notes of observations, as they are on disk until they are rows. A transaction writes
 * one row of notes, however many observations it has:
 *
 *   row     seq     the number of its last note (fresh_at): rises, never again the same
 *           body    notes, one behind the other
 *
 *   note    'o' entity name dataset modified -observed kind flags quality
 *               [before_ms before] value [unit] [json] [extra] [state_ms] state
 *           'm' entity                  what waited of the entity became rows
 *           'a'                         what waited of all did
 *
 *   numbers are in base 128, the lowest seven bits first, the highest bit says that more follow;
 *   those that may be negative are folded: 0, -1, 1, -2 ... A text is its length and its bytes with
 *   a NUL behind. `state`, of the tests of quality, is mostly zeros: its length; then for each
 * eight of its bytes one whose bits say which are not zero, the lowest the first, and those.
 *   -observed is modified less observed; flags are FLAG_... of entity_log.c. */
#ifndef TAIHU_ENTITY_ENTITY_LOG_H
#define TAIHU_ENTITY_ENTITY_LOG_H

#include "base/buf.h"
#include "base/err.h"
#include "entity/entity_fresh.h"
#include "ngsi/model.h"
#include "store/tx.h"

void entity_log_write(const struct fresh_note *note, struct buf *to);

/* Where in a body one is. */
struct entity_log_reader {
    const char *at, *end;
    unsigned char state[MODEL_SERIES_MAX];
};

/* The next note; its texts are borrowed from the body, its state from the reader until the next
 * one; seen.at is 0. *there false: the body has ended. E_IO: it is none that entity_log_write()
 * wrote. */
enum code entity_log_read(struct entity_log_reader *r, struct fresh_note *out, bool *there,
                          struct err *err);

/* ---- rows (entity_log_db.c) ---- */

enum code entity_log_db_add(struct tx *tx, int64_t seq, const struct buf *body, struct err *err);

/* Keeps notes that cannot become rows, with why, for whoever mends those that are in the way. */
enum code entity_log_db_set_aside(struct tx *tx, const char *why, const struct buf *body,
                                  struct err *err);

/* Removes rows up to `last`. */
enum code entity_log_db_remove(struct tx *tx, int64_t last, struct err *err);

/* The number of the last row; 0 where there is none. */
enum code entity_log_db_last(struct tx *tx, int64_t *out, struct err *err);

/* Calls `each` with the bodies, the oldest first. */
typedef enum code entity_log_each(void *data, const char *body, size_t n, struct err *err);
enum code entity_log_db_list(struct tx *tx, entity_log_each *each, void *data, struct err *err);

#endif
