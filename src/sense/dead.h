/* dead: dead letters: messages that could not be taken, kept with why, for a person to look at. The
 * same message once more is the same letter: it is counted, so a device that repeats itself fills
 * nothing, and neither does a message that a broker delivers twice. The oldest go where there are
 * more than DEAD_MAX. */
#ifndef TAIHU_SENSE_DEAD_H
#define TAIHU_SENSE_DEAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/sha256.h"
#include "store/tx.h"

extern const struct schema dead_schema;

enum {
    DEAD_MAX = 10000,        /* letters that are kept */
    DEAD_PAYLOAD_MAX = 4096, /* bytes of a payload that are kept */
    DEAD_TOPIC_MAX = 1024,
    DEAD_ID_MAX = 2 * SHA256_BYTES + 1,
    DEAD_LIST_MAX = 1000,
};

struct dead_letter {
    char id[DEAD_ID_MAX]; /* the digest of topic and payload, as hex */
    const char *topic;    /* UTF-8, cut */
    const char *why;
    const char *payload; /* any bytes, cut */
    size_t len;
    int64_t size; /* bytes that it had */
    int64_t first_ms, last_ms;
    int64_t times;
};

/* What came. */
struct dead_message {
    const char *topic;
    const char *payload;
    size_t len;
    const char *why;
};

/* Within a job; alone it is STORE_HOUSEKEEPING. */
enum code dead_add(struct tx *tx, const struct dead_message *m, struct err *err);

/* Once behind all dead_add() of a job: the oldest go where there are too many. */
enum code dead_trim(struct tx *tx, struct err *err);

struct dead_page {
    int64_t offset, limit; /* to DEAD_LIST_MAX */
};

/* The newest first; *total is how many there are. */
enum code dead_list(struct tx *tx, struct dead_page page, struct arena *a, struct dead_letter **out,
                    size_t *count, int64_t *total, struct err *err);

/* With a line in the journal: a person looked at it. E_ABSENT: there is none of that id. */
enum code dead_remove(struct tx *tx, const char *id, const char *actor, struct err *err);

#endif
