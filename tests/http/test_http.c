/* The small readers of a request: address, cookies, entity tags, routes; answers and problems. */
#include "http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/cookie.h"
#include "http/etag.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/target.h"

/* "path|name=value|..." of what was read. */
static void check_target(const char *raw, const char *want) {
    struct arena a = ARENA_INIT;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    struct http_request r = {0};
    if (target_parse(raw, &a, &r, &err) != OK) {
        fail_msg("%s: %s", raw, err.msg);
    }
    buf_adds(&out, r.path);
    for (size_t i = 0; i < r.query_count; i++) {
        buf_addf(&out, "|%s=%s", r.query[i].name, r.query[i].value);
    }
    assert_string_equal(out.data, want);
    buf_fini(&out);
    arena_fini(&a);
}

static void addresses_are_decoded(void **state) {
    (void)state;
    check_target("/", "/");
    check_target("/a/b", "/a/b");
    check_target("/a?", "/a");
    check_target("/a?x=1&y=2", "/a|x=1|y=2");
    check_target("/a?x&&y=&=z", "/a|x=|y=|=z");
    check_target("/%E5%A4%AA%E6%B9%96?q=%e6%96%b0%E5%A2%9E+5G%2B", "/太湖|q=新增 5G+");
    check_target("/a+b?c=d=e?f", "/a+b|c=d=e?f");
    check_target("/a?q=%2F%26%3D", "/a|q=/&=");
    check_target("/a%2fb%2F%25/c%2525", "/a%2Fb%2F%25/c%2525");
    check_target("//a/../b", "//a/../b");
}

static void broken_addresses_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *raw;
        const char *words;
    } samples[] = {
        {"", "no path"},
        {"*", "no path"},
        {"http://x/", "no path"},
        {"/%", "at byte 1: a % without"},
        {"/a%4", "at byte 2: a % without"},
        {"/a%zz", "at byte 2: a % without"},
        {"/a%00", "at byte 2: a NUL"},
        {"/a?b=%00", "a NUL"},
        {"/a%80", "at byte 2: not UTF-8"},
        {"/a?b=%ED%A0%80", "not UTF-8"},
        {"/\xff", "at byte 1: not UTF-8"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct http_request r = {0};
        assert_int_equal(target_parse(samples[i].raw, &a, &r, &err), E_INPUT);
        if (strstr(err.msg, samples[i].words) == NULL) {
            fail_msg("%s: \"%s\"", samples[i].raw, err.msg);
        }
        arena_fini(&a);
    }
}

static void parameters_are_capped(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct buf raw = BUF_INIT;
    struct http_request r = {0};
    buf_adds(&raw, "/?a");
    for (int i = 1; i < TARGET_QUERY_MAX; i++) {
        buf_adds(&raw, "&a");
    }
    assert_int_equal(target_parse(raw.data, &a, &r, NULL), OK);
    assert_int_equal(r.query_count, TARGET_QUERY_MAX);
    buf_adds(&raw, "&a");
    assert_int_equal(target_parse(raw.data, &a, &r, NULL), E_LIMIT);
    buf_fini(&raw);
    arena_fini(&a);
}

static void a_cookie_is_found(void **state) {
    (void)state;
    static const struct {
        const char *header;
        const char *want; /* of the cookie "s" */
    } samples[] = {
        {"s=1", "1"},     {"a=2; s=1", "1"},    {"a=2;s=1 ; b=3", "1"},
        {"s=", ""},       {"as=2; s=1", "1"},   {"s=1; s=2", "1"},
        {"s=a=b", "a=b"}, {"s=\"q\"", "\"q\""}, {"; ;\t; s=1;;", "1"},
        {"ss=1", NULL},   {"s", NULL},          {"", NULL},
        {"S=1", NULL},    {"a=s=1", NULL},      {"s ; s=4", "4"},
    };
    size_t len = 0;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        const char *value = cookie_find(samples[i].header, "s", &len);
        if (samples[i].want == NULL) {
            assert_null(value);
        } else {
            assert_non_null(value);
            assert_int_equal(len, strlen(samples[i].want));
            assert_memory_equal(value, samples[i].want, len);
        }
    }
    assert_null(cookie_find(NULL, "s", &len));
}

static void tags_are_matched(void **state) {
    (void)state;
    static const struct {
        const char *header;
        bool strong, weak; /* whether it holds 17 */
    } samples[] = {
        {"\"17\"", true, true},
        {"W/\"17\"", false, true},
        {" \"1\" , \"17\"", true, true},
        {"\"1\",W/\"17\",\"18\"", false, true},
        {"*", true, true},
        {" *", true, true},
        {"\"1\"", false, false},
        {"\"177\"", false, false},
        {"17", false, false},
        {"\"17", false, false},
        {"w/\"17\"", false, false},
        {"x, \"17\"", false, false},
        {"", false, false},
        {"\"\"", false, false},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        assert_int_equal(etag_matches(samples[i].header, "17", ETAG_STRONG), samples[i].strong);
        assert_int_equal(etag_matches(samples[i].header, "17", ETAG_WEAK), samples[i].weak);
    }
    assert_false(etag_matches(NULL, "17", ETAG_WEAK));
}

static void routes_are_matched(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *path;
        bool want;
    } samples[] = {
        {"/", "/", true},
        {"/", "/a", false},
        {"/a", "/", false},
        {"/a", "/a", true},
        {"/a", "/a/", false},
        {"/a", "/ab", false},
        {"/a/{x}", "/a/b", true},
        {"/a/{x}", "/a/", false},
        {"/a/{x}", "/a", false},
        {"/a/{x}", "/a/b/c", false},
        {"/a/{x}/c", "/a/b/c", true},
        {"/a/{x}/c", "/a/b/d", false},
        {"/a", "", false},
        {"/a", "a", false},
    };
    struct arena a = ARENA_INIT;
    struct route_params p;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        assert_int_equal(route_matches(samples[i].pattern, samples[i].path, &a, &p),
                         samples[i].want);
    }
    assert_true(route_matches("/api/plans/{plan}/tasks/{n}", "/api/plans/太湖/tasks/35", &a, &p));
    assert_int_equal(p.count, 2);
    assert_string_equal(route_param(&p, "plan"), "太湖");
    assert_string_equal(route_param(&p, "n"), "35");
    assert_true(route_matches("/e/{x}/attrs", "/e/http:%2F%2Fa%252F/attrs", &a, &p));
    assert_string_equal(route_param(&p, "x"), "http://a%2F");
    arena_fini(&a);
}

static void headers_are_kept_whole(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct http_response r;
    http_response_init(&r, &a);
    http_set_header(&r, "X-Name", "a\r\nSet-Cookie: b\x7f");
    assert_string_equal(r.headers[0].value, "a  Set-Cookie: b ");
    http_set_header(&r, "x-name", "c");
    assert_int_equal(r.header_count, 1);
    assert_string_equal(r.headers[0].value, "c");
    http_set_header(&r, "Set-Cookie", "a=1");
    http_set_header(&r, "Set-Cookie", "b=2");
    http_set_header(&r, "Cache-Control", "no-cache");
    http_set_defaults(&r);
    assert_int_equal(r.header_count, 6);
    http_response_fini(&r);
    arena_fini(&a);
}

static void check_problem(struct http_response *r, int status, const char *body) {
    assert_int_equal(r->status, status);
    assert_string_equal(r->type, "application/problem+json");
    assert_string_equal(r->body.data, body);
}

static void problems_are_written(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct http_response r;
    http_response_init(&r, &a);
    problem_set(&r, &(struct problem){.status = 404});
    check_problem(&r, 404, "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}");
    problem_set(&r, &(struct problem){.status = 409,
                                      .name = "correction",
                                      .title = "A \"correction\"",
                                      .detail = "3 changes"});
    check_problem(&r, 409,
                  "{\"type\":\"/problems/correction\",\"title\":\"A \\\"correction\\\"\","
                  "\"status\":409,\"detail\":\"3 changes\"}");
    problem_set(&r, &(struct problem){.status = 409, .type = "https://example.org/there"});
    check_problem(&r, 409,
                  "{\"type\":\"https://example.org/there\",\"title\":\"Conflict\","
                  "\"status\":409}");
    err_set(&err, E_BUSY, "the queue is full");
    problem_set_err(&r, E_BUSY, &err);
    check_problem(&r, 503,
                  "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
                  "\"detail\":\"the queue is full\"}");
    assert_string_equal(r.headers[0].name, "Retry-After");
    assert_int_equal(problem_status(E_INPUT), 422);
    assert_int_equal(problem_status(E_LIMIT), 413);
    assert_int_equal(problem_status(E_CONFLICT), 412);
    http_response_fini(&r);
    arena_fini(&a);
}

static void blobs_are_shared(void **state) {
    (void)state;
    struct buf b = BUF_INIT;
    buf_adds(&b, "board");
    struct blob *blob = blob_take(&b);
    assert_null(b.data);
    struct blob *second = blob_hold(blob);
    blob_drop(blob);
    assert_int_equal(blob_len(second), 5);
    assert_string_equal(blob_data(second), "board");
    blob_drop(second);
    blob_drop(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_decoded),  cmocka_unit_test(broken_addresses_are_refused),
        cmocka_unit_test(parameters_are_capped),  cmocka_unit_test(a_cookie_is_found),
        cmocka_unit_test(tags_are_matched),       cmocka_unit_test(routes_are_matched),
        cmocka_unit_test(headers_are_kept_whole), cmocka_unit_test(problems_are_written),
        cmocka_unit_test(blobs_are_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
