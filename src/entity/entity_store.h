/* entity_store: entities that are kept: their state now, and what was observed.
 *
 * A change is one job, with one line in the journal for the whole request, which entity_note()
 * adds. Whoever writes last is right, as the standard has it (CIM 009 section 5.6): no versions. */
#ifndef TAIHU_ENTITY_ENTITY_STORE_H
#define TAIHU_ENTITY_ENTITY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "ngsi/entity.h"
#include "ngsi/model.h"
#include "store/schema.h"
#include "store/tx.h"

extern const struct schema entity_schema;

enum {
    ENTITY_NAMES_MAX = 16, /* types or attributes that a query of histories names */
};

/* ---- reading ---- */

/* E_ABSENT: there is none of that id. */
enum code entity_load(struct tx *tx, const char *id, struct arena *a, struct entity *out,
                      struct err *err);

/* ---- changing, within a job ---- */

enum entity_deed {
    ENTITY_CREATE,     /* E_CONFLICT: it is there */
    ENTITY_REPLACE,    /* all attributes and types; it is there */
    ENTITY_APPEND,     /* attributes are added or replaced; types are added */
    ENTITY_APPEND_NEW, /* attributes are added; those that are there are skipped */
    ENTITY_UPDATE,     /* attributes that are there are replaced; others are skipped */
    ENTITY_MERGE,      /* what is said of an attribute is changed, all else stays (a patch) */
    ENTITY_PUT,        /* ENTITY_CREATE, or ENTITY_REPLACE where it is there */
    ENTITY_PUT_APPEND, /* ENTITY_CREATE, or ENTITY_APPEND where it is there */
    ENTITY_DELETE,
};

struct entity_outcome {
    bool created;
    const char **skipped; /* names of attributes that were not written */
    size_t skipped_count;
    size_t written;
};

/* What became of an instance of an attribute. */
enum entity_event { ENTITY_ADDED, ENTITY_UPDATED, ENTITY_REMOVED };

struct entity_change_attribute {
    const char *name;
    const char *dataset; /* NULL: the default instance */
    enum entity_event event;
    const struct entity_attribute *was; /* before it; NULL: it was not there */
};

/* What became of an entity: for whoever wants to know within the same job. */
struct entity_change {
    const struct entity_change *next; /* in the order in which they came; NULL: the last */
    int64_t number;
    const char *id;
    enum entity_event event;
    const struct entity_change_attribute *attributes;
    size_t count;
    const struct entity *gone; /* as it was, where it was removed; else NULL */
};

struct entity_changes {
    const struct entity_change *first;
    struct entity_change *last;
};

/* Who is asked, for each entity that only brings observations, whether somebody wants to know of
 * them: where nobody does they need no look at the rows, and are not among the changes. `types` are
 * all that it has, as far as they are known; asked again where more are. Must not change rows. */
struct entity_listener {
    bool (*means)(void *data, const struct entity *e, const char *const *types, size_t count);
    void *data;
};

/* What the deeds of one job share. */
struct entity_job {
    struct tx *tx;
    struct arena *arena;             /* of what comes out */
    struct entity_changes *changes;  /* zeros at first; NULL: nobody wants to know */
    const struct model_set *models;  /* types that are declared; NULL: none is */
    struct entity_listener listener; /* zeros: all is wanted, where there are `changes` */
};

/* E_ABSENT: it is not there. E_INPUT: a merge that cannot be, or an attribute that its declared
 * type refuses (model.h). With these and E_CONFLICT nothing was written; E_LIMIT (an attribute is
 * too large) and E_IO are for the whole job. For ENTITY_DELETE only the id counts. */
enum code entity_apply(const struct entity_job *job, enum entity_deed deed, const struct entity *e,
                       struct entity_outcome *out, struct err *err);

enum entity_attribute_deed {
    ENTITY_ATTRIBUTE_REPLACE,
    ENTITY_ATTRIBUTE_PATCH,
    ENTITY_ATTRIBUTE_DELETE,
    ENTITY_ATTRIBUTE_DELETE_ALL, /* its instances, whatever their datasetId */
};

/* The same of one instance of an attribute of entity `id` that is there: E_ABSENT where either is
 * not. */
enum code entity_apply_attribute(const struct entity_job *job, enum entity_attribute_deed deed,
                                 const char *id, const struct entity_attribute *x, struct err *err);

/* Whether this job so far did nothing but bring observations of attributes that are there. Those
 * need no line in the journal: docs/decisions/0020-ingest.md. */
bool entity_only_observed(struct tx *tx);

/* One line for a request: "entity/ID" with its id, or "entities" with how many
 * and the digest of their ids, each followed by a line feed. */
struct entity_note {
    const char *actor;
    const char *what; /* "created", "changed", "deleted", "put" */
    const char *const *ids;
    size_t count;
    const void *body; /* of the request: its digest stands in the line */
    size_t body_len;
};

enum code entity_note(struct tx *tx, const struct entity_note *note, struct err *err);

#endif
