/* subscription: who wants to be told of which changes, and how (ETSI GS CIM 009 v1.8.1, sections
 * 5.2.12 to 5.2.15 and 5.2.22). Plain records; what they point to lives in an arena.
 *
 *   {"type": "Subscription", "entities": [{"type": "Vehicle|Bus"}], "watchedAttributes": ["speed"],
 *    "q": "speed>50", "throttling": 5,
 *    "notification": {"attributes": ["speed"], "format": "keyValues",
 *                     "endpoint": {"uri": "https://a.example/told", "accept": "application/json"}}}
 *
 * Types, attributes and the geoproperty are whole names inside; q stays the text it is, with the
 * terms of its @context. Members that are not the standard's, and those that are ours to say
 * (status, timesSent), are read over. Refused in words: lang, join, splitEntities, temporalQ,
 * mqtt endpoints. */
#ifndef TAIHU_SUBSCRIPTION_SUBSCRIPTION_H
#define TAIHU_SUBSCRIPTION_SUBSCRIPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_read.h"
#include "ngsi/entity_context.h"
#include "ngsi/entity_read.h"

enum {
    SUBSCRIPTION_SELECTORS_MAX = 16,
    SUBSCRIPTION_NAMES_MAX = 64, /* watched, told, picked, omitted, datasets */
    SUBSCRIPTION_PAIRS_MAX = 32,
    SUBSCRIPTION_TEXT_MAX = 4096,        /* bytes of a name, description, q, header's value */
    SUBSCRIPTION_SECONDS_MAX = 31536000, /* a year: of throttling, of an interval */
    SUBSCRIPTION_TIMEOUT_MAX_MS = 60000, /* a sender waits so long at most */
    SUBSCRIPTION_COOLDOWN_MAX_MS = 86400000,
};

/* How the instance without datasetId is named in a list of datasets (4.5.5). */
#define SUBSCRIPTION_DEFAULT "@none"

struct subscription_selector {
    const char *types; /* an expression of whole names */
    const char *id;    /* NULL: any */
    const char *id_pattern;
};

struct subscription_names {
    const char **all;
    size_t count;
};

bool subscription_names_have(const struct subscription_names *names, const char *name);

/* A header for the receiver, or a word for us (5.2.22). */
struct subscription_pair {
    const char *key, *value;
};

struct subscription_pairs {
    struct subscription_pair *all;
    size_t count;
};

enum subscription_trigger {
    ON_ENTITY_CREATED = 1 << 0,
    ON_ENTITY_UPDATED = 1 << 1, /* as the last three */
    ON_ENTITY_DELETED = 1 << 2,
    ON_ATTRIBUTE_CREATED = 1 << 3,
    ON_ATTRIBUTE_UPDATED = 1 << 4,
    ON_ATTRIBUTE_DELETED = 1 << 5,
};

enum subscription_accept { ACCEPT_JSON, ACCEPT_LD, ACCEPT_GEO };

struct subscription_geo {
    const char *georel; /* NULL: there is none */
    const char *geometry;
    const char *coordinates; /* JSON */
    const char *property;    /* whole name; NULL: location */
};

struct subscription {
    const char *id; /* NULL: none was sent */
    const char *name, *description;
    struct subscription_selector *selectors;
    size_t selector_count;
    struct subscription_names watched;
    unsigned triggers;
    const char *q, *scope_q, *csf;   /* NULL: none */
    struct entity_context q_context; /* that q is read with */
    struct subscription_geo geo;
    struct subscription_names datasets; /* instances that are told; empty: all */
    bool is_paused;
    int64_t expires_ms;         /* 0: never */
    int64_t throttling_ms;      /* 0: none */
    int64_t interval_ms;        /* 0: told of changes; else told each so often */
    const char *jsonld_context; /* an address, as it was sent; NULL: none */

    struct subscription_names attributes, pick, omit; /* names, "id", "type", "scope" */
    enum entity_form form;
    bool show_changes, sys_attrs;
    const char *uri;
    enum subscription_accept accept;
    int64_t timeout_ms, cooldown_ms; /* 0: not said */
    struct subscription_pairs receiver, notifier;
};

/* What is said of one that is there: the members whose bits are set are of `to`. */
enum subscription_member {
    SAYS_NAME = 1 << 0,
    SAYS_DESCRIPTION = 1 << 1,
    SAYS_ENTITIES = 1 << 2,
    SAYS_WATCHED = 1 << 3,
    SAYS_TRIGGER = 1 << 4,
    SAYS_Q = 1 << 5,
    SAYS_SCOPE_Q = 1 << 6,
    SAYS_GEO = 1 << 7,
    SAYS_ACTIVE = 1 << 8,
    SAYS_EXPIRES = 1 << 9,
    SAYS_THROTTLING = 1 << 10,
    SAYS_INTERVAL = 1 << 11,
    SAYS_CONTEXT = 1 << 12,
    SAYS_NOTIFICATION = 1 << 13,
    SAYS_DATASETS = 1 << 14,
    SAYS_CSF = 1 << 15,
};

/* Reads what a client sent, or subscription_write() wrote. `said` may be NULL. Does not say whether
 * it is whole: subscription_check() does. E_INPUT and E_LIMIT quote the member; E_USAGE: it asks
 * for what we do not have. */
enum code subscription_read(const struct json_value *v, const struct entity_context *context,
                            struct arena *a, struct subscription *out, unsigned *said,
                            struct err *err);

/* Puts what a patch says over one that is there; an expired one that gets a new end is active
 * again, as 5.8.2.4 has it. */
void subscription_patch(struct subscription *to, const struct subscription *from, unsigned said,
                        int64_t now_ms);

/* Whether it is whole and can be kept: E_INPUT where it names no entities, has no endpoint, asks
 * for what excludes each other, where a pattern, q or geoQ is none, or its end is past (only where
 * `said` has that it was told now). */
enum code subscription_check(const struct subscription *s, unsigned said, int64_t now_ms,
                             struct err *err);

/* How it stands, and what became of it: what is told besides. */
struct subscription_progress {
    int64_t sent, failed, dropped, waiting;
    int64_t last_ms, success_ms, failure_ms; /* 0: not yet */
    int64_t created_ms, modified_ms;
};

struct subscription_look {
    const struct entity_context *context;
    const struct subscription_progress *progress; /* NULL: as it is kept */
    int64_t now_ms;                               /* where there is progress */
    bool times;                                   /* createdAt, modifiedAt */
    const char *link; /* an address that is told as @context; NULL: none */
};

void subscription_write(const struct subscription *s, const struct subscription_look *look,
                        struct arena *a, struct json_out *j);

/* "active", "paused", "expired". */
const char *subscription_status(const struct subscription *s, int64_t now_ms);

/* "application/json", ... */
const char *subscription_accept_type(enum subscription_accept accept);

#endif
