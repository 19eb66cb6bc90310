/* subscription_store: subscriptions that are kept, and how far each is told. Changing is done
 * within a job of the writer, reading in any snapshot. */
#ifndef TAIHU_SUBSCRIPTION_SUBSCRIPTION_STORE_H
#define TAIHU_SUBSCRIPTION_SUBSCRIPTION_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/tx.h"
#include "subscription/subscription.h"

extern const struct schema subscription_schema;

struct subscription_kept {
    int64_t number; /* never given twice */
    int64_t stamp;  /* another after each change of it */
    struct subscription s;
    int64_t q_context, context; /* numbers of the terms that q is read with, and of those that
                                   names are made short with for the receiver; 0: the core's */
    const char *context_json;   /* the @context that is told: JSON; NULL: the core's alone */
    struct subscription_progress progress;
};

/* Keeps the terms of an @context, once however many have it; *out is their number, never that of
 * others. */
enum code subscription_keep_context(struct tx *tx, const struct entity_context *context,
                                    int64_t *out, struct err *err);

/* The terms of a number, in `a`. */
enum code subscription_load_context(struct tx *tx, int64_t number, struct arena *a,
                                    struct entity_context *out, struct err *err);

/* A stamp that was never given: `*last` is the greatest that this process has seen, and is moved. A
 * job that is undone takes its stamp with it, so the database alone cannot say. */
enum code subscription_stamp(struct tx *tx, int64_t *last, int64_t *out, struct err *err);

/* The stamp of the last change of any; 0: there never was one. */
enum code subscription_last_stamp(struct tx *tx, int64_t *out, struct err *err);

/* E_CONFLICT: the id is taken. `k->stamp` is fresh; the number becomes the same. */
enum code subscription_add(struct tx *tx, const struct subscription_kept *k, struct err *err);

/* `k` was loaded; its stamp is fresh. */
enum code subscription_replace(struct tx *tx, const struct subscription_kept *k, struct err *err);

/* With all that waits to be told. A stamp is drawn in the same job: so others see that one is gone.
 */
enum code subscription_remove(struct tx *tx, const struct subscription_kept *k, struct err *err);

/* E_ABSENT: there is none. The subscription's q_context is empty: its number says which it is. */
enum code subscription_load(struct tx *tx, const char *id, struct arena *a,
                            struct subscription_kept *out, struct err *err);
enum code subscription_load_number(struct tx *tx, int64_t number, struct arena *a,
                                   struct subscription_kept *out, struct err *err);

struct subscription_page {
    int64_t offset, limit;
};

/* In the order in which they were made. */
enum code subscription_list(struct tx *tx, struct subscription_page page, struct arena *a,
                            struct subscription_kept **out, size_t *count, struct err *err);
enum code subscription_count(struct tx *tx, int64_t *out, struct err *err);

/* Numbers and stamps of all, by number. */
struct subscription_key {
    int64_t number, stamp;
};

enum code subscription_list_keys(struct tx *tx, struct arena *a, struct subscription_key **out,
                                 size_t *count, struct err *err);

/* A line in the journal: "subscription/ID", with the digest of what was sent: headers for the
 * receiver may be secrets. */
struct subscription_note {
    const char *actor;
    const char *what; /* "created", "changed", "deleted" */
    const char *id;
    const void *body;
    size_t body_len;
};

enum code subscription_note(struct tx *tx, const struct subscription_note *note, struct err *err);

#endif
