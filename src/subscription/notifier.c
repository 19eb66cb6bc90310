/* notifier: see notifier.h. */
#include "subscription/notifier.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "http/client.h"
#include "subscription/match.h"
#include "subscription/subscription.h"

enum { ANSWER_MAX = 64 * 1024 }; /* nobody reads what a receiver answers */

struct notifier {
    struct client *client;
    struct sender *sender;
    struct match *match;
};

static enum code open_client(struct notifier *n, const struct notifier_config *config,
                             struct err *err) {
    struct client_config c = {.hosts = config->hosts,
                              .host_count = config->host_count,
                              .strangers = true,
                              .timeout_ms = SUBSCRIPTION_TIMEOUT_MAX_MS,
                              .body_max = ANSWER_MAX,
                              .agent = config->agent};
    return client_new(&c, &n->client, err);
}

static enum code open_sender(struct notifier *n, const struct notifier_config *config,
                             struct err *err) {
    struct sender_config c = {.store = config->store,
                              .client = n->client,
                              .now_ms = config->now_ms,
                              .clock = config->clock,
                              .retry_ms = config->retry_ms,
                              .retry_max_ms = config->retry_max_ms};
    return sender_new(&c, &n->sender, err);
}

enum code notifier_new(const struct notifier_config *config, struct notifier **out,
                       struct err *err) {
    struct notifier *n = mem_alloc(sizeof *n);
    *n = (struct notifier){NULL, NULL, NULL};
    enum code code = open_client(n, config, err);
    code = code == OK ? open_sender(n, config, err) : code;
    if (code != OK) {
        notifier_free(n);
        return code;
    }
    struct match_config m = {
        .waiting_max = config->waiting_max, .added = sender_added, .data = n->sender};
    n->match = match_new(&m);
    *out = n;
    return OK;
}

void notifier_stop(struct notifier *n) {
    sender_stop(n->sender);
}

void notifier_free(struct notifier *n) {
    if (n != NULL) {
        sender_free(n->sender);
        match_free(n->match);
        client_free(n->client);
        free(n);
    }
}

struct entity_job notifier_job(struct notifier *n, struct entity_job job) {
    return match_job(n == NULL ? NULL : n->match, job);
}

enum code notifier_changes(struct notifier *n, struct tx *tx, const struct entity_changes *changes,
                           struct err *err) {
    return match_changes(n->match, tx, changes, err);
}

enum code notifier_note(struct notifier *n, struct tx *tx, const struct entity_note *note,
                        const struct entity_changes *changes, struct err *err) {
    return match_note(n == NULL ? NULL : n->match, tx, note, changes, err);
}

enum code notifier_stamp(struct notifier *n, struct tx *tx, int64_t *out, struct err *err) {
    return match_stamp(n->match, tx, out, err);
}

void notifier_changed(struct notifier *n) {
    sender_changed(n->sender);
}

enum code notifier_check(const struct notifier *n, const char *uri, struct err *err) {
    return client_check(n->client, uri, err);
}

void notifier_stats(struct notifier *n, struct sender_stats *out) {
    sender_stats(n->sender, out);
}
