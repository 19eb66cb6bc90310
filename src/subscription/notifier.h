/* notifier: the whole of this room as a server holds it: who is to be told (match.h), the threads
 * that tell (sender.h), and the client they speak through.
 *
 * Whom a subscription may name: hosts that the configuration names, and any public address
 * (http/client.h). */
#ifndef TAIHU_SUBSCRIPTION_NOTIFIER_H
#define TAIHU_SUBSCRIPTION_NOTIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "entity/entity_store.h"
#include "store/store.h"
#include "subscription/sender.h"

struct notifier;

/* 0 and NULL stand for the default. */
struct notifier_config {
    struct store *store; /* outlives the notifier */
    int64_t (*now_ms)(void *clock);
    void *clock;
    const char *const *hosts; /* "10.0.0.0/8", "a.example": as client_config has it; copied */
    size_t host_count;
    const char *agent;
    int64_t retry_ms, retry_max_ms;
    int64_t waiting_max;
};

/* Threads run from here on. E_INPUT: a host is none. E_IO: no threads. */
enum code notifier_new(const struct notifier_config *config, struct notifier **out,
                       struct err *err);

/* Ends within some two seconds what is under way; what waits is sent after the next start. The
 * store still runs. Call once. */
void notifier_stop(struct notifier *n);

/* Stops if that was not done. Takes NULL. */
void notifier_free(struct notifier *n);

/* Begins a job that changes entities: the same again, its changes emptied, and collected where
 * somebody may want to be told of them (match_job()). `n` NULL: nobody does. */
struct entity_job notifier_job(struct notifier *n, struct entity_job job);

/* Within a job: what it did, once, after its line of the journal. */
enum code notifier_changes(struct notifier *n, struct tx *tx, const struct entity_changes *changes,
                           struct err *err);

/* Ends a job that changed entities: its line of the journal, then the above. `n` NULL: there is
 * nobody to tell. */
enum code notifier_note(struct notifier *n, struct tx *tx, const struct entity_note *note,
                        const struct entity_changes *changes, struct err *err);

/* Within a job that makes, changes or deletes a subscription: its stamp. */
enum code notifier_stamp(struct notifier *n, struct tx *tx, int64_t *out, struct err *err);

/* After such a job, when it is on disk. */
void notifier_changed(struct notifier *n);

/* Whether a receiver may be at this address: E_INPUT it is none, E_DENIED it may not. */
enum code notifier_check(const struct notifier *n, const char *uri, struct err *err);

void notifier_stats(struct notifier *n, struct sender_stats *out);

#endif
