/* ngsi_int: what the routes below /ngsi-ld/v1 share (ETSI GS CIM 009 v1.8.1, section 6): what a
 * request is written in, which @context it has, what its answer is to look like, its problems.
 *
 * Left out: other brokers (csf, Via), and tenants: whoever names one is told that there is none. */
#ifndef TAIHU_API_NGSI_INT_H
#define TAIHU_API_NGSI_INT_H

#include "api/call.h"
#include "api/ngsi_context.h"
#include "entity/entity_store.h"
#include "ngsi/entity_read.h"
#include "ngsi/entity_write.h"

/* How a problem is written here, whatever its status: decision 29. */
#define NGSI_PROBLEM_TYPE "application/json"

enum ngsi_option {
    NGSI_SYSTEM_TIMES = 1 << 0,
    NGSI_NO_OVERWRITE = 1 << 1,
    NGSI_UPDATE = 1 << 2,
    NGSI_REPLACE = 1 << 3,
    /* Of histories alone: these two exclude each other, and the last one said counts. */
    NGSI_VALUES = 1 << 16,
    NGSI_TALLIES = 1 << 17,
    NGSI_QUALITY = 1 << 18, /* not the standard's */
};

struct ngsi {
    struct call *call;
    const struct json_value *body; /* NULL: the route takes none */
    bool sends_ld, wants_ld;       /* application/ld+json, not application/json */
    bool wants_geo;                /* application/geo+json: only where entities are the answer */
    bool bare_geo;                 /* without @context in its body: Prefer: body=json */
    struct ngsi_contexts *contexts;
    struct entity_context linked; /* of the Link header, or what ngsi_adopt() took */
    const char *link;             /* its address, which the answer names; NULL: the core's */
    const char *lang;             /* the parameter; NULL: none */
    bool unknown_word;            /* `options` or `format` has one: another problem than others */
    enum entity_form form;
    unsigned options;
    struct entity_changes changes; /* by this request's job */
    struct entity_run *run;        /* of many entities with the linked @context; NULL: none */
};

/* Reads headers, options and body. Query parameters that the route's row of routes.c does not name
 * are refused, so a route that takes one says so there. False: the answer is a problem already. */
bool ngsi_begin(struct call *c, struct ngsi *n);

/* The @context of one entity or fragment of the body: its own, or the Link header's. E_INPUT where
 * it has one and may not, or must; E_DENIED as entity_context_read(). */
enum code ngsi_context(const struct ngsi *n, const struct json_value *v, struct entity_context *out,
                       struct err *err);

/* Makes the @context of a body that is a query also the one that the answer is written in. */
enum code ngsi_adopt(struct ngsi *n, const struct json_value *v, struct err *err);

/* Reads an entity or fragment with its @context. */
enum code ngsi_read(const struct ngsi *n, const struct json_value *v, enum entity_need need,
                    struct entity *out, struct err *err);

/* What ?observedAt and ?lang say of a merge. E_INPUT: they are none. */
enum code ngsi_take_merge(const struct ngsi *n, struct entity *e, struct err *err);

/* The id or attribute of the path, in whole. E_INPUT: it cannot be one. */
enum code ngsi_path_id(const struct ngsi *n, const char **out, struct err *err);
enum code ngsi_path_attribute(const struct ngsi *n, const char **out, struct err *err);

/* Names in a query parameter, apart by ',' or '|', as they stand; none where it is not there. */
struct ngsi_names {
    const char **all;
    size_t count;
};

struct ngsi_names ngsi_query_list(const struct ngsi *n, const char *parameter);

/* ---- answers ---- */

/* Begins a JSON answer of the kind that is wanted. */
struct json_out *ngsi_json(struct ngsi *n);

/* How entities are written in it. */
struct entity_look ngsi_look(const struct ngsi *n);

/* One entity, or a list of them, as the answer is to have it: JSON, or features of GeoJSON. */
void ngsi_put_entity(struct ngsi *n, const struct entity *e, const struct entity_look *look,
                     struct json_out *j);
void ngsi_put_entities(struct ngsi *n, const struct entity *all, size_t count,
                       const struct entity_look *look, struct json_out *j);

/* Adds links to the pages before and behind this one to the header Link (6.3.10). */
struct ngsi_pages {
    int64_t offset, limit;
    bool more; /* there is one behind */
};

void ngsi_link_pages(struct call *c, const struct ngsi_pages *pages);

/* The answer is one of the standard's problems (table 6.3.2-1): returns OK. */
enum code ngsi_problem(struct call *c, int status, const char *type, const char *detail);

/* What a failure answers: a problem of the standard where it has one, else the code again. */
enum code ngsi_fail(struct call *c, enum code code, const struct err *err);

/* {"type", "title", "status", "detail"} of a failure, as a batch tells it. */
void ngsi_put_failure(struct json_out *j, enum code code, const char *words);

/* Percent-encodes all that is not plain in a path or query. */
void ngsi_add_encoded(struct buf *to, const char *text);

/* What a request's deeds share; what they change is collected in the request, where somebody wants
 * to be told. */
struct entity_job ngsi_job(struct ngsi *n, struct tx *tx);

/* Ends a request's job: a line in the journal for what it did, unless it brought observations only,
 * and who is to be told of it. */
enum code ngsi_note(struct ngsi *n, struct tx *tx, const char *what, const char *const *ids,
                    size_t count, struct err *err);

#endif
