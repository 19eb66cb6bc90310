/* answer: answers that are kept for who asks the same again: a client that did not hear one sends
 * its Idempotency-Key once more and gets it, and nothing happens twice. Kept for a day, in the
 * transaction of the change itself. */
#ifndef TAIHU_API_ANSWER_H
#define TAIHU_API_ANSWER_H

#include <stdbool.h>

#include "api/call.h"
#include "store/schema.h"

extern const struct schema answer_schema;

enum {
    ANSWER_KEY_MAX = 128,              /* bytes of a key */
    ANSWER_KEPT_MS = 24 * 3600 * 1000, /* longer than any client tries again by itself */
};

/* Gives the call the answer that is kept for its key, *found then. Without a key, or for a route
 * that takes none, nothing is found. E_INPUT: the key is too long, or was of another request. */
enum code answer_find(struct call *c, struct tx *tx, bool *found, struct err *err);

/* Keeps the call's answer for its key, if it has one; forgets those that are too old. */
enum code answer_keep(struct call *c, struct tx *tx, struct err *err);

#endif
