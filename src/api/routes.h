/* routes: every way into the program over HTTP, as one table: what may be asked, by whom, with what
 * body and what answer. The dispatch (dispatch.c), the OpenAPI document (openapi.c) and the tests'
 * permission matrix all read it, so none can know a route that the others do not. */
#ifndef TAIHU_API_ROUTES_H
#define TAIHU_API_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "access/role.h"
#include "base/err.h"

struct call;

/* Answers a call. A failure becomes a problem document; *c is then as far as it came. */
typedef enum code route_answer(struct call *c, struct err *err);

enum route_guard {
    ROUTE_OPEN,   /* anybody; the handler itself tells what it may */
    ROUTE_SIGNED, /* who has the grant of `action`; nobody else knows whether the thing is there */
};

enum route_flag {
    ROUTE_MATCH = 1 << 0,       /* changes a thing that is there: wants If-Match */
    ROUTE_KEY = 1 << 1,         /* takes Idempotency-Key */
    ROUTE_MUST_CHANGE = 1 << 2, /* also while a one-time password must be changed */
    ROUTE_QUIET = 1 << 3,       /* not in the OpenAPI document: pages and their files */
    ROUTE_DIRECT = 1 << 4,      /* a small one needs no worker: it waits for nobody */
};

enum {
    ROUTE_BODY_SMALL = 64 * 1024,
    ROUTE_BODY_FILE = 10 * 1024 * 1024,
    ROUTE_BODY_NGSI = 1024 * 1024
};

struct route {
    const char *method;
    const char *pattern; /* "/api/plans/{plan}" */
    const char *name;    /* "plans.list": operationId */
    const char *summary;
    enum route_guard guard;
    enum action action; /* ROUTE_SIGNED only */
    route_answer *answer;
    unsigned flags;
    size_t body_max;      /* 0: none is taken */
    const char *request;  /* name of a schema, or a media type; NULL for no body */
    int status;           /* when it goes well */
    const char *response; /* likewise; NULL for none */
    const char *query;    /* names of query parameters, apart by blanks; "" for none */
};

extern const struct route routes[];
extern const size_t route_count;

#endif
