/* fuzz_http: the first line is taken as an address, a route's path, a list of cookies and a list of
 * entity tags; what is behind it as the name and tag to look for, and as the value of a header. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "http/cookie.h"
#include "http/etag.h"
#include "http/http.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_target(const char *line, struct arena *a) {
    struct err err = ERR_INIT;
    struct http_request r = {0};
    enum code code = target_parse(line, a, &r, &err);
    assert((code == OK) == (err.msg[0] == '\0'));
    if (code != OK) {
        return;
    }
    assert(r.path[0] == '/' && utf8_check(r.path, strlen(r.path)) == strlen(r.path));
    assert(r.query_count <= TARGET_QUERY_MAX);
    for (size_t i = 0; i < r.query_count; i++) {
        const char *value = r.query[i].value;
        assert(utf8_check(value, strlen(value)) == strlen(value));
        assert(http_query(&r, r.query[i].name) != NULL);
    }
}

static void as_route(const char *line, struct arena *a) {
    static const char *const patterns[] = {"/", "/api/plans", "/api/plans/{plan}/tasks/{n}"};
    struct route_params p;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        if (route_matches(patterns[i], line, a, &p)) {
            assert(p.count == (i == 2 ? 2 : 0));
            assert(i < 2 || route_param(&p, "n")[0] != '\0');
        }
    }
}

static void as_cookie(const char *line, const char *name) {
    size_t len = 0;
    const char *value = cookie_find(line, name, &len);
    if (value != NULL) {
        assert(value >= line && value + len <= line + strlen(line));
        assert(memchr(value, ';', len) == NULL);
    }
}

static void as_etag(const char *line, const char *tag) {
    bool strong = etag_matches(line, tag, ETAG_STRONG);
    assert(!strong || etag_matches(line, tag, ETAG_WEAK));
}

static void as_header(const char *value, struct arena *a) {
    struct http_response r;
    http_response_init(&r, a);
    http_set_header(&r, "X-Name", value);
    assert(strlen(r.headers[0].value) == strlen(value));
    assert(strpbrk(r.headers[0].value, "\r\n") == NULL);
    if (utf8_check(value, strlen(value)) == strlen(value)) {
        problem_set(&r, &(struct problem){.status = 400, .detail = value});
    }
    http_response_fini(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    char *line = arena_dup(&a, (const char *)data, size);
    char *rest = strchr(line, '\n');
    rest = rest == NULL ? line + strlen(line) : rest;
    *rest = '\0';
    rest += rest < line + size;
    as_target(line, &a);
    as_route(line, &a);
    as_cookie(line, rest);
    as_etag(line, rest);
    as_header(rest, &a);
    arena_fini(&a);
    return 0;
}
