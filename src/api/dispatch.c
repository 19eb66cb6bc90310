/* dispatch: the way of a request through this room.
 *
 *   admit    the path and method ─► a route, or 404, 405
 *            the cookie or token ─► a subject; 401 where the route wants one and there is none
 *            the table of roles  ─► a grant; 403 where there is none
 *            a change by cookie  ─► the CSRF token and the origin; 403
 *            a thing that is there ─► If-Match, or 428
 *            a board that is written already ─► the answer
 *   handle   the route's answer; a failure becomes a problem
 *
 * All of it stands before the first byte of a body is taken, so who may not send one sends none. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "api/answer.h"
#include "api/api_int.h"
#include "api/board_int.h"
#include "api/ngsi_int.h"
#include "http/cookie.h"
#include "http/etag.h"

enum { ALLOW_MAX = 64 };

/* ---- the route ---- */

#define NGSI "/ngsi-ld/"
#define NGSI_ERRORS "https://uri.etsi.org/ngsi-ld/errors/"

/* Whether what stands before the pattern's first parameter begins the path: most routes are
 * another's by that alone. */
static bool begins(const char *pattern, const char *path) {
    while (*pattern == *path && *pattern != '\0' && *pattern != '{') {
        pattern++;
        path++;
    }
    return *pattern == '\0' || *pattern == '{';
}

/* Below NGSI ids are URIs, which may have a / in them, and clients write /entities/ as well as
 * /entities. Nowhere else does either stand for anything. */
static bool is_of(const struct route *route, const struct http_request *r,
                  struct route_params *params) {
    const char *path = r->path;
    if (!begins(route->pattern, path)) {
        return false;
    }
    if (strncmp(path, NGSI, sizeof NGSI - 1) != 0) {
        return strstr(path, "%2F") == NULL && route_matches(route->pattern, path, r->arena, params);
    }
    size_t n = strlen(path);
    if (path[n - 1] == '/') {
        path = arena_dup(r->arena, path, n - 1);
    }
    return route_matches(route->pattern, path, r->arena, params);
}

/* A problem is written as those are that the standard names: decision 29. */
static void settle_type(const struct http_request *r, struct http_response *response) {
    if (strncmp(r->path, NGSI, sizeof NGSI - 1) == 0) {
        response->type = NGSI_PROBLEM_TYPE;
    }
}

/* The methods that the path has, for Allow; "" where it has none. */
static void list_methods(const struct http_request *r, char to[ALLOW_MAX]) {
    struct route_params params;
    size_t n = 0;
    to[0] = '\0';
    for (size_t i = 0; i < route_count; i++) {
        if (is_of(&routes[i], r, &params)) {
            n += (size_t)snprintf(to + n, ALLOW_MAX - n, "%s%s", n == 0 ? "" : ", ",
                                  routes[i].method);
            assert(n < ALLOW_MAX);
        }
    }
}

static const struct route *find_route(const struct http_request *r, struct route_params *params) {
    for (size_t i = 0; i < route_count; i++) {
        if (strcmp(routes[i].method, r->method) == 0 && is_of(&routes[i], r, params)) {
            return &routes[i];
        }
    }
    return NULL;
}

static enum server_admission refuse(struct http_response *response, int status, const char *name,
                                    const char *detail) {
    struct problem p = {.status = status, .name = name, .detail = detail};
    problem_set(response, &p);
    if (status == 401) {
        http_set_header(response, "WWW-Authenticate", "Bearer");
    }
    return SERVER_REFUSE;
}

/* The same in the words of NGSI-LD; a path of entities that leaves out an id or a name asks for
 * something of none. */
static enum server_admission refuse_ngsi(const struct http_request *r,
                                         struct http_response *response, const char *allow) {
    static const char entities[] = NGSI "v1/entities/";
    static const char histories[] = NGSI "v1/temporal/entities/";
    bool is_under = strncmp(r->path, entities, sizeof entities - 1) == 0 ||
                    strncmp(r->path, histories, sizeof histories - 1) == 0;
    bool empty = strcmp(r->path, entities) == 0 || (is_under && strstr(r->path, "//") != NULL);
    struct problem p = {.status = 404,
                        .type = NGSI_ERRORS "ResourceNotFound",
                        .detail = "there is nothing at this path"};
    if (empty) {
        p = (struct problem){.status = 400,
                             .type = NGSI_ERRORS "BadRequestData",
                             .detail = "the path has no id where one must be"};
    } else if (allow[0] != '\0') {
        p = (struct problem){.status = 405,
                             .type = NGSI_ERRORS "OperationNotSupported",
                             .detail = "this path has other methods"};
    }
    problem_set(response, &p);
    if (p.status == 405) {
        http_set_header(response, "Allow", allow);
    }
    return SERVER_REFUSE;
}

static enum server_admission refuse_path(const struct http_request *r,
                                         struct http_response *response) {
    char allow[ALLOW_MAX];
    list_methods(r, allow);
    if (strncmp(r->path, NGSI, sizeof NGSI - 1) == 0) {
        return refuse_ngsi(r, response, allow);
    }
    if (allow[0] == '\0') {
        return refuse(response, 404, NULL, "there is nothing at this path");
    }
    refuse(response, 405, NULL, "this path has other methods");
    http_set_header(response, "Allow", allow);
    return SERVER_REFUSE;
}

/* ---- who asks ---- */

static const char *bearer(const struct http_request *r) {
    const char *header = http_header(r, "Authorization");
    return header != NULL && strncasecmp(header, "Bearer ", 7) == 0 ? header + 7 : NULL;
}

static const char *session_cookie(const struct http_request *r) {
    size_t n;
    const char *value = cookie_find(http_header(r, "Cookie"), "taihu_session", &n);
    return value == NULL ? NULL : arena_dup(r->arena, value, n);
}

/* Whether the page was asked for by a name of this machine itself. Else some site had its own name
 * point here (DNS rebinding), and whoever merely visits it would act with the role of who is not
 * signed in. */
static bool is_loopback_host(const struct http_request *r) {
    const char *host = http_header(r, "Host");
    if (host == NULL) {
        return false;
    }
    size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    bool digits = strspn(host, "0123456789.") == n && strncmp(host, "127.", 4) == 0;
    return digits || (n == 9 && strncasecmp(host, "localhost", n) == 0) ||
           (n == 5 && memcmp(host, "[::1]", n) == 0);
}

/* A token that is given counts alone: who sends a wrong one is not somebody else by cookie. */
static enum code find_subject(struct call *c, struct tx *tx, struct err *err) {
    const char *token = bearer(c->request);
    const char *cookie = token == NULL ? session_cookie(c->request) : NULL;
    enum code code = E_ABSENT;
    c->secret = token != NULL ? token : cookie;
    if (token != NULL) {
        code = access_by_token(tx, token, c->arena, &c->who, NULL);
        if (code == OK) {
            token_cache_put(c->api->tokens, token, journal_head(tx)->seq, &c->who);
        }
    } else if (cookie != NULL) {
        code = access_by_cookie(tx, cookie, c->arena, &c->who, err);
    }
    if (code == E_ABSENT) {
        bool granted = token == NULL && is_loopback_host(c->request);
        c->who = access_anonymous(granted ? c->api->config.anonymous : ROLE_NONE);
        code = OK;
    }
    return code;
}

/* ---- whether they may ---- */

static bool is_change(const struct route *route) {
    return strcmp(route->method, "GET") != 0;
}

/* Browsers say where a request comes from: Sec-Fetch-Site, or at least Origin. A program says
 * neither. The host is compared as the browser wrote it; behind a proxy the configured origin. */
static bool is_same_origin(const struct call *c) {
    const char *site = http_header(c->request, "Sec-Fetch-Site");
    const char *origin = http_header(c->request, "Origin");
    const char *host = http_header(c->request, "Host");
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) {
        return false;
    }
    if (origin == NULL) {
        return true;
    }
    if (c->api->config.origin != NULL) {
        return strcmp(origin, c->api->config.origin) == 0;
    }
    const char *at = strstr(origin, "://");
    return at != NULL && host != NULL && strcmp(at + 3, host) == 0;
}

static enum server_admission check_forgery(struct call *c) {
    const char *csrf = http_header(c->request, "X-CSRF-Token");
    if (!is_change(c->route)) {
        return SERVER_QUEUE;
    }
    if (!is_same_origin(c)) {
        return refuse(c->response, 403, PROBLEM_CSRF, "the request comes from another site");
    }
    /* Signing in is what has no session yet: a session it came with counts for nothing. */
    bool signs_in = c->route->answer == api_session_open;
    if (c->who.how == SUBJECT_SESSION && !signs_in &&
        (csrf == NULL || !access_csrf_is(&c->who, csrf))) {
        return refuse(c->response, 403, PROBLEM_CSRF,
                      "a change by session wants X-CSRF-Token, as GET /api/session tells it");
    }
    return SERVER_QUEUE;
}

static enum server_admission check_grant(struct call *c) {
    if (c->route->guard == ROUTE_OPEN) {
        return SERVER_QUEUE;
    }
    if (c->who.role == ROLE_NONE) {
        return refuse(c->response, 401, NULL, "sign in first");
    }
    if (c->who.must_change && !(c->route->flags & ROUTE_MUST_CHANGE)) {
        return refuse(c->response, 403, PROBLEM_PASSWORD,
                      "the one-time password must be changed first");
    }
    c->grant = access_may(&c->who, c->route->action);
    if (c->grant == GRANT_NONE) {
        char detail[128];
        snprintf(detail, sizeof detail, "the role %s may not: %s", role_name(c->who.role),
                 action_name(c->route->action));
        return refuse(c->response, 403, NULL, detail);
    }
    return SERVER_QUEUE;
}

static enum server_admission check(struct call *c) {
    enum server_admission a = check_grant(c);
    if (a == SERVER_QUEUE) {
        a = check_forgery(c);
    }
    if (a == SERVER_QUEUE && (c->route->flags & ROUTE_MATCH) &&
        http_header(c->request, "If-Match") == NULL) {
        a = refuse(c->response, 428, NULL, "say with If-Match which version this changes");
    }
    return a;
}

/* ---- admit ---- */

static enum server_admission fail(struct call *c, enum code code, const struct err *err) {
    problem_set_err(c->response, code, err);
    return SERVER_REFUSE;
}

/* Whether the answer is at hand, so that no worker is needed. Who is stale is for one: noting that
 * waits for the disk. */
static bool is_ready(struct call *c, struct tx *tx) {
    return c->route->answer == api_board_get && !c->who.stale && api_board_ready(c, tx);
}

static enum code decide(struct call *c, struct tx *tx, void *data, struct err *err) {
    enum server_admission *admission = data;
    enum code code = find_subject(c, tx, err);
    if (code != OK) {
        return code;
    }
    snprintf(c->actor, sizeof c->actor, "%s", c->who.actor);
    enum server_admission a = check(c);
    *admission = a == SERVER_QUEUE && is_ready(c, tx) ? SERVER_READY : a;
    return OK;
}

/* Most that comes by token is of who came a moment ago: that takes no snapshot. */
static bool is_known(struct call *c) {
    const char *token = bearer(c->request);
    struct token_moment at = {store_length(c->api->store), c->request->now_ms};
    bool known = token != NULL && c->route->answer != api_board_get &&
                 token_cache_find(c->api->tokens, token, at, c->arena, &c->who);
    if (known) {
        c->secret = token;
        snprintf(c->actor, sizeof c->actor, "%s", c->who.actor);
    }
    return known;
}

/* A small change that needs nothing but the store is handed over by the I/O thread itself: no
 * @context that may have to be fetched, nobody whose visit is to be noted, which waits. */
static bool is_direct(const struct call *c) {
    const char *type = http_header(c->request, "Content-Type");
    bool plain = c->route->body_max == 0 || (type != NULL && strcmp(type, "application/json") == 0);
    return (c->route->flags & ROUTE_DIRECT) && !c->who.stale && plain &&
           http_header(c->request, "Link") == NULL;
}

static enum server_admission admit(struct call *c) {
    struct err err = ERR_INIT;
    enum server_admission a;
    if (is_known(c)) {
        a = check(c);
        return a == SERVER_QUEUE && is_direct(c) ? SERVER_DIRECT : a;
    }
    enum code code = call_read(c, decide, &a, &err);
    return code == OK ? a : fail(c, code, &err);
}

enum server_admission api_admit(void *ctx, struct server_entry *entry) {
    struct http_request *r = entry->request;
    struct call *c = arena_zero(r->arena, sizeof *c);
    c->api = ctx;
    c->request = r;
    c->arena = r->arena;
    c->response = entry->response;
    c->route = find_route(r, &c->params);
    enum server_admission a = c->route == NULL ? refuse_path(r, entry->response) : admit(c);
    if (a == SERVER_REFUSE) {
        settle_type(r, entry->response);
    }
    if (c->route == NULL) {
        return a;
    }
    entry->max_body = c->route->body_max;
    r->tag = c;
    c->response = NULL; /* handle() brings it again */
    return a;
}

/* ---- handle ---- */

void api_answer_failure(struct call *c, enum code code, const struct err *err) {
    if (c->fail != NULL && c->fail(c, code, err) == OK) {
        return;
    }
    struct problem p = {.status = problem_status(code), .detail = err->msg};
    if (code == E_CONFLICT && !(c->route->flags & ROUTE_MATCH)) {
        p.status = 409; /* no precondition was given that could have failed */
    }
    if (c->malformed) {
        p.status = 400;
    }
    problem_set(c->response, &p);
    settle_type(c->request, c->response);
    if (code == E_BUSY) {
        http_set_header(c->response, "Retry-After", "1");
    }
}

static enum code look_for_answer(struct call *c, struct tx *tx, void *data, struct err *err) {
    return answer_find(c, tx, data, err);
}

/* Who asks the same again gets what was answered, whatever has become of the thing since. The write
 * job looks once more: two of the same may be under way. */
static enum code answer(struct call *c, struct err *err) {
    bool found = false;
    enum code code = OK;
    if ((c->route->flags & ROUTE_KEY) && http_header(c->request, "Idempotency-Key") != NULL) {
        code = call_read(c, look_for_answer, &found, err);
    }
    return code == OK && !found ? c->route->answer(c, err) : code;
}

enum server_handled api_handle(void *ctx, struct http_request *request,
                               struct http_response *response) {
    struct call *c = request->tag;
    struct err err = ERR_INIT;
    bool handed = false; /* not in the call, which is then not ours to look at */
    (void)ctx;
    c->request = request;
    c->response = response;
    c->arena = request->arena;
    c->handed = &handed;
    response->status = c->route->status;
    enum code code = answer(c, &err);
    if (handed) {
        return SERVER_LATER;
    }
    if (code != OK) {
        api_answer_failure(c, code, &err);
    }
    if (c->who.stale && (c->who.how == SUBJECT_SESSION || c->who.how == SUBJECT_TOKEN)) {
        (void)access_touch(c->api->store, &c->who, NULL); /* next time, then */
    }
    board_drop(c->board);
    return SERVER_ANSWERED;
}
