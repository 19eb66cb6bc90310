/* ngsi_context: where this program finds JSON-LD contexts: those it hosts, those it has fetched,
 * and those it may fetch (CIM 009 v1.8.1 sections 4.4 and 5.13).
 *
 * An address is fetched only where api_config names its host, within the bounds of http/client.h,
 * and kept. What it says from then on is what was fetched, until somebody asks to fetch it again.
 */
#ifndef TAIHU_API_NGSI_CONTEXT_H
#define TAIHU_API_NGSI_CONTEXT_H

#include "api/api.h"
#include "base/json_read.h"
#include "ngsi/entity_context.h"

/* A source of contexts for entity_context_load(). What could not be had is not tried again by the
 * same one: a batch may name it a thousand times. Belongs to one thread. */
struct ngsi_contexts {
    struct api *api;
    int64_t now_ms;
    const char *missed;            /* the address that could not be had; NULL: none */
    const struct json_value *last; /* what was read last, of addresses alone; NULL: nothing */
    struct entity_context last_context;
    struct entity_context_source source;
};

void ngsi_contexts_init(struct ngsi_contexts *c, struct api *api, int64_t now_ms);

/* Reads an @context with it. E_DENIED: a document cannot be had. E_INPUT, E_LIMIT: it is none. Not
 * from within a job: it reads the database, and may write and wait for the network. */
enum code ngsi_contexts_load(struct ngsi_contexts *c, const struct json_value *v, struct arena *a,
                             struct entity_context *out, struct err *err);

/* Fetches a document. The same codes. */
enum code ngsi_contexts_fetch(struct api *api, const char *url, struct arena *a, const char **body,
                              struct err *err);

/* The @context of a document's bytes. E_INPUT: it has none. */
enum code ngsi_contexts_parse(const char *url, const char *body, struct arena *a,
                              const struct json_value **out, struct err *err);

#endif
