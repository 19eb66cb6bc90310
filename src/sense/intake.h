/* intake: messages into the store, a batch of them as one job: entities, the journal's line (where
 * more came than observations: docs/decisions/0020-ingest.md), who is to be told, and dead letters
 * for what cannot be taken. Of a message all is kept, or nothing and it is a dead letter; so a
 * message may come again, whenever somebody died before he could say that it is kept: the same
 * entity, attribute and moment is one observation.
 *
 * What it is not for: messages of which only the last counts, all are kept in order.
 *
 * One thread. */
#ifndef TAIHU_SENSE_INTAKE_H
#define TAIHU_SENSE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ngsi/model.h"
#include "sense/payload.h"
#include "store/store.h"
#include "subscription/notifier.h"

enum {
    INTAKE_MESSAGES_MAX = 1000, /* of a batch */
    INTAKE_BYTES_MAX = 8 << 20, /* of memory that a batch holds before it is full */
};

struct intake_config {
    struct store *store; /* these outlive the intake */
    const struct payload_table *table;
    const struct model_set *models; /* NULL: no type is declared */
    struct notifier *notifier;      /* NULL: nobody is to be told */
    const char *actor;              /* of the journal's lines */
};

struct intake;

struct intake *intake_new(const struct intake_config *config);
void intake_free(struct intake *in); /* takes NULL */

/* Puts a message, of which nothing is borrowed, into the batch. One that is full should be kept
 * before it grows. */
void intake_add(struct intake *in, const struct payload_message *m);

bool intake_is_full(const struct intake *in);
size_t intake_count(const struct intake *in);

struct intake_kept {
    size_t taken; /* messages, also those that say nothing of an entity */
    size_t dead;
};

/* Writes the batch. OK: all of it is on disk, and a new one begins. Else nothing of it that is not
 * counted in *out is kept, and the same call may be right later: E_BUSY the store is busy, E_IO the
 * machine said no. */
enum code intake_keep(struct intake *in, struct intake_kept *out, struct err *err);

#endif
