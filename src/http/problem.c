/* problem: see problem.h. */
#include "http/problem.h"

#include <assert.h>
#include <stddef.h>

#include "base/json.h"

/* RFC 9110 section 15, RFC 6585 and RFC 9112: those that we send. */
const char *problem_title(int status) {
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {409, "Conflict"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (titles[i].status == status) {
            return titles[i].title;
        }
    }
    return "Error";
}

int problem_status(enum code code) {
    static const int status[] = {
        [E_USAGE] = 422,  [E_INPUT] = 422,  [E_LIMIT] = 413,    [E_IO] = 500,      [E_BUSY] = 503,
        [E_ABSENT] = 404, [E_DENIED] = 403, [E_CONFLICT] = 412, [E_DAMAGED] = 500,
    };
    assert(code != OK && (size_t)code < sizeof status / sizeof status[0]);
    return status[code];
}

void problem_set(struct http_response *r, const struct problem *p) {
    struct json_out j;
    struct buf type = BUF_INIT;
    http_response_clear(r);
    r->status = p->status;
    r->type = "application/problem+json";
    if (p->type != NULL) {
        buf_adds(&type, p->type);
    } else {
        buf_adds(&type, p->name == NULL ? "about:blank" : "/problems/");
        buf_adds(&type, p->name == NULL ? "" : p->name);
    }
    json_init(&j, &r->body, 0);
    json_obj(&j);
    json_put_str(&j, "type", type.data);
    json_put_str(&j, "title", p->title == NULL ? problem_title(p->status) : p->title);
    json_put_int(&j, "status", p->status);
    if (p->detail != NULL) {
        json_put_str(&j, "detail", p->detail);
    }
    json_obj_end(&j);
    buf_fini(&type);
}

void problem_set_err(struct http_response *r, enum code code, const struct err *err) {
    problem_set(r, &(struct problem){.status = problem_status(code), .detail = err->msg});
    if (code == E_BUSY) {
        http_set_header(r, "Retry-After", "1");
    }
}
