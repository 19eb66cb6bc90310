/* entity_read: an entity, or a fragment of one, out of JSON that a client sent (CIM 009 section
 * 4.5): normalized, concise or simplified.
 *
 *   normalized   "pm25": {"type": "Property", "value": 35, "unitCode": "GQ", "observedAt": "..."}
 *   concise      "pm25": {"value": 35, "unitCode": "GQ"}   "pm25": 35   "location": {"type":
 * "Point", ...} "at": {"object": "urn:..."} simplified   "pm25": 35   "location": {"type": "Point",
 * ...}   "at": "urn:..."
 *
 * The first two are told apart attribute by attribute; only the simplified form must be asked for,
 * as an object there is a value, whatever it has in it. There a text is a Property: which of them
 * are URIs of other entities nobody said.
 *
 * createdAt, modifiedAt and deletedAt are read over: those are ours to say. */
#ifndef TAIHU_NGSI_ENTITY_READ_H
#define TAIHU_NGSI_ENTITY_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json_read.h"
#include "ngsi/entity.h"
#include "ngsi/entity_context.h"

enum entity_form { ENTITY_NORMALIZED, ENTITY_CONCISE, ENTITY_SIMPLIFIED };

enum entity_need {
    ENTITY_WHOLE,    /* id and type must be there, every attribute has a value that is not null */
    ENTITY_FRAGMENT, /* id and type may be missing; every attribute has a value */
    ENTITY_KEPT,     /* a fragment that the store has: its values were good when they came */
    ENTITY_CHANGE,   /* or it is ENTITY_NULL: that attribute is to go */
    ENTITY_PATCH,    /* and a value too may be missing */
    ENTITY_DEEP,     /* and members within a value may be null: a merge */
};

struct entity_how {
    const struct entity_context *context;
    enum entity_form form; /* ENTITY_SIMPLIFIED, or any other for the two that tell themselves */
    enum entity_need need;
};

/* `*out` lives in `a` and borrows of `v`. E_INPUT, E_LIMIT: what is wrong, and at which attribute.
 */
enum code entity_read(const struct json_value *v, const struct entity_how *how, struct arena *a,
                      struct entity *out, struct err *err);

/* Many entities that are read alike, one after the other. Most have the same few names: what these
 * stand for is looked up once. `how` is set, all else zero; `how` stays as it is. */
enum { ENTITY_RUN_NAMES = 64 };

struct entity_run {
    struct entity_how how;
    struct entity_term known[ENTITY_RUN_NAMES]; /* by a hash of the name */
    const char *moment;                         /* the last observedAt; NULL: none yet */
    int64_t moment_ms;
};

/* The next of the run: as entity_read(), but that `a` and every `v` before it are still there. */
enum code entity_read_next(const struct json_value *v, struct entity_run *run, struct arena *a,
                           struct entity *out, struct err *err);

/* One attribute alone, of a name that is expanded already. */
enum code entity_read_attribute(const char *name, const struct json_value *v,
                                const struct entity_how *how, struct arena *a,
                                struct entity_attribute *out, struct err *err);

#endif
