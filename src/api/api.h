/* api: what Taihu answers over HTTP: who asks, whether they may, which resource it is. Knows the
 * rooms below; http/ knows none of it and calls the three functions here.
 *
 *   api_admit()    the header is there: which route, who, may they, how large a body
 *   api_handle()   the whole request is there: the route's answer, or a problem (RFC 9457)
 *   api_wait(), api_produce()   server-sent events out of the journal
 *
 * Everything is denied unless the table of routes.h says who may. */
#ifndef TAIHU_API_API_H
#define TAIHU_API_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access/access.h"
#include "access/role.h"
#include "base/err.h"
#include "http/server.h"
#include "store/store.h"

struct api;
struct model_set;
struct mqtt;
struct notifier;

struct api_config {
    struct store *store;              /* STORE_WRITE; outlives the api */
    struct access *access;            /* likewise */
    struct notifier *notifier;        /* tells who subscribed; outlives the api */
    const char *data_dir;             /* calendars, divisions, organisations, types */
    const char *city;                 /* "wuxi": which of them */
    enum role anonymous;              /* what who is not signed in is granted; ROLE_NONE: nothing */
    bool secure;                      /* cookies are for https alone */
    const char *const *context_hosts; /* that JSON-LD contexts may be fetched from; copied */
    size_t context_host_count;        /* 0: none is fetched */
    size_t history_page; /* instances in one answer about histories; 0: ENTITY_HISTORY_PAGE */
    const char *origin;  /* the address people use, where it is not the request's Host; or NULL */
};

/* Schemas of all tables that this room and those below keep. */
extern const struct schema *const api_schemas[];
extern const size_t api_schema_count;

/* Loads the city's data. E_IO, E_INPUT: it is not there, or not as it should be. */
enum code api_new(const struct api_config *config, struct api **out, struct err *err);
void api_free(struct api *api); /* no call is running; takes NULL */

/* The server, whose counters /metrics tells, as soon as there is one: requests may come before. */
void api_set_server(struct api *api, struct server *server);

/* The types that are declared, as long as the api lives. */
const struct model_set *api_models(const struct api *api);

/* The connection whose counters /metrics tells; it outlives the server. */
void api_set_mqtt(struct api *api, struct mqtt *mqtt);

enum server_admission api_admit(void *api, struct server_entry *entry);
enum server_handled api_handle(void *api, struct http_request *request,
                               struct http_response *response);
int64_t api_wait(void *api, int64_t after, int timeout_ms);
bool api_produce(void *api, void *stream, int64_t *cursor, struct buf *to);

#endif
