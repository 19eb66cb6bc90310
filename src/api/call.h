/* call: one request on its way through this room, and what every resource needs of it: numbers out
 * of the path, JSON out of the body, who asks, the version they saw, JSON for the answer. */
#ifndef TAIHU_API_CALL_H
#define TAIHU_API_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "access/access.h"
#include "api/routes.h"
#include "base/arena.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_read.h"
#include "http/http.h"
#include "http/problem.h"
#include "http/route.h"
#include "store/store.h"
#include "store/tx.h"

struct api;
struct board_shared;

enum { CALL_ACTOR_MAX = ACCOUNT_ACTOR_MAX };

struct call;

/* How a route's family words a failure: fills in the answer and returns OK, or the code again. */
typedef enum code call_fail(struct call *c, enum code code, const struct err *err);

struct call {
    struct api *api;
    const struct http_request *request;
    struct http_response *response;
    const struct route *route;
    struct route_params params;
    struct subject who;
    char actor[CALL_ACTOR_MAX]; /* who, as the journal names them */
    const char *secret;         /* the cookie or token that says so; NULL for none */
    enum grant grant;           /* of the route's action */
    struct arena *arena;
    call_fail *fail;            /* NULL: as all routes */
    bool *handed;               /* set by call_change_later() */
    bool malformed;             /* the body is not JSON at all */
    struct json_out json;       /* writes the response's body, after call_json() */
    struct board_shared *board; /* what board_find() found; NULL for none */
};

/* ---- what is asked ---- */

/* The number in the path. E_ABSENT: it is none, so there is no such thing. */
enum code call_number(const struct call *c, const char *name, int64_t *out, struct err *err);

/* A query parameter; NULL where it is not there. */
const char *call_query(const struct call *c, const char *name);

/* Query parameters that are whole numbers, days, or one of some words (apart by '|'; *which is its
 * place). Absent leaves *out. E_INPUT: it is something else. */
enum code call_query_int(const struct call *c, const char *name, struct json_range range,
                         int64_t *out, struct err *err);
enum code call_query_day(const struct call *c, const char *name, int32_t *out, struct err *err);
enum code call_query_word(const struct call *c, const char *name, const char *words, int *which,
                          struct err *err);

/* The body, an object that has no member but `names` (a list that ends with NULL). */
enum code call_body(struct call *c, const char *const *names, const struct json_value **out,
                    struct err *err);

/* A member that is a day, or an exact decimal that may have a sign. E_INPUT. */
enum code call_need_day(const struct json_value *object, const char *name, int32_t *out,
                        struct err *err);

/* The version in If-Match: "12". The dispatch saw that the header is there; what is no version of
 * ours is -1, which nothing is at. */
int64_t call_seen(const struct call *c);

/* The day it is in Beijing. */
int32_t call_today(const struct call *c);

/* ---- what is answered ---- */

/* Begins a JSON body: then write c->json, one value. */
struct json_out *call_json(struct call *c);

/* The same for a list: {"items": [ ... ]}; write the items between the two. */
struct json_out *call_list(struct call *c);
void call_list_end(struct call *c);

/* ETag: "version". */
void call_set_version(struct call *c, int64_t version);

/* True, with 304 set, where If-None-Match has the tag, which is without quotes; the tag is set as a
 * weak ETag in any case. */
bool call_not_modified(struct call *c, const char *tag);

/* The answer is a problem of its own kind, and no failure of ours: returns OK. */
enum code call_problem(struct call *c, int status, const char *name, const char *detail);

/* {"version", "line", "id"}: what a change answers; its line is the version of what it changed. The
 * ETag says so too. 0 for no id. */
void call_put_changed(struct call *c, int64_t line, int64_t id);

void call_put_time(struct json_out *j, const char *key, int64_t time_ms);
void call_put_day(struct json_out *j, const char *key, int32_t day);
void call_put_digest(struct json_out *j, const char *key, const unsigned char *sha256);
void call_put_number_or_null(struct json_out *j, const char *key, int64_t v); /* 0: null */

/* ---- reading and writing ---- */

/* Runs `read` in a snapshot. */
typedef enum code call_reader(struct call *c, struct tx *tx, void *data, struct err *err);
enum code call_read(struct call *c, call_reader *read, void *data, struct err *err);

/* Runs `change` as a write job, which also writes the answer: status, headers, c->json. With an
 * Idempotency-Key the answer is kept in the same transaction, and the same request within a day
 * gets it again without running `change`. E_INPUT: the key was of another request. */
enum code call_change(struct call *c, call_reader *change, void *data, struct err *err);

/* The same without waiting: the answer goes out when it is on disk, and this thread is free. So
 * `data` lies in the arena, `change` writes all of the answer, a failure is worded by c->fail, and
 * after OK the call is out of bounds: return at once. */
enum code call_change_later(struct call *c, call_reader *change, void *data, struct err *err);

#endif
