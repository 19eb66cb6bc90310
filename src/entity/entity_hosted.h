/* entity_hosted: JSON-LD contexts that are kept (CIM 009 v1.8.1 sections 5.13 and 4.4): those that
 * a client gave us to host, those that were fetched, and those made of what a subscription said.
 *
 *   Hosted              found by its id, and by the path it is served at
 *   Cached              found by the address it was fetched from, and by its id
 *   ImplicitlyCreated   as Hosted
 *
 * The bytes are a JSON document with "@context" that was read before it came here. What is fetched
 * is no state of the city's: it is kept without a line in the journal. */
#ifndef TAIHU_ENTITY_ENTITY_HOSTED_H
#define TAIHU_ENTITY_ENTITY_HOSTED_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/tx.h"

extern const struct schema entity_hosted_schema;

#define ENTITY_HOSTED_PATH "/ngsi-ld/v1/jsonldContexts/"

enum {
    ENTITY_HOSTED_MAX = 1000, /* kept at once, of all kinds */
    ENTITY_HOSTED_ID = 32,    /* bytes of an id, without the NUL */
};

/* The numbers stand in the database. */
enum entity_hosted_kind {
    ENTITY_HOSTED_ADDED = 1,
    ENTITY_HOSTED_CACHED = 2,
    ENTITY_HOSTED_IMPLICIT = 3,
};

struct entity_hosted {
    const char *id;  /* 32 hexadecimal digits */
    const char *url; /* of a cached one; the path of another: ENTITY_HOSTED_PATH and the id */
    enum entity_hosted_kind kind;
    const char *body;
    int64_t created_ms;
};

/* "Hosted", "Cached", "ImplicitlyCreated". */
const char *entity_hosted_kind_name(enum entity_hosted_kind kind);

/* By id, by address, or by an address of ours, whatever its host. E_ABSENT. */
enum code entity_hosted_find(struct tx *tx, const char *key, struct arena *a,
                             struct entity_hosted *out, struct err *err);

/* All of a kind, 0 for every kind, oldest first. */
enum code entity_hosted_list(struct tx *tx, int kind, struct arena *a, struct entity_hosted **out,
                             size_t *count, struct err *err);

/* Keeps a document: a cached one in place of that of the same address. Gives it its id and time;
 * for one that is cached `url` says from where. E_LIMIT: there are too many. */
enum code entity_hosted_put(struct tx *tx, enum entity_hosted_kind kind, const char *url,
                            const char *body, struct arena *a, struct entity_hosted *out,
                            struct err *err);

enum code entity_hosted_remove(struct tx *tx, const char *id, struct err *err);

/* A line in the journal: "context/ID", with the body's digest. `what`: "created", "deleted". */
enum code entity_hosted_note(struct tx *tx, const char *actor, const char *what,
                             const struct entity_hosted *h, struct err *err);

#endif
