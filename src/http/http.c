/* http: see http.h. */
#include "http/http.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

const char *http_header(const struct http_request *r, const char *name) {
    for (size_t i = 0; i < r->header_count; i++) {
        if (strcasecmp(r->headers[i].name, name) == 0) {
            return r->headers[i].value;
        }
    }
    return NULL;
}

const char *http_query(const struct http_request *r, const char *name) {
    for (size_t i = 0; i < r->query_count; i++) {
        if (strcmp(r->query[i].name, name) == 0) {
            return r->query[i].value;
        }
    }
    return NULL;
}

void http_response_init(struct http_response *r, struct arena *arena) {
    *r = (struct http_response){.arena = arena, .status = 200};
}

void http_response_fini(struct http_response *r) {
    buf_fini(&r->body);
    blob_drop(r->blob);
    r->blob = NULL;
    if (r->stream.free != NULL) {
        r->stream.free(r->stream.data);
    }
    r->stream = (struct http_stream){0};
}

void http_response_clear(struct http_response *r) {
    struct arena *arena = r->arena;
    http_response_fini(r);
    http_response_init(r, arena);
}

static bool is_control(char c) {
    return (unsigned char)c < 0x20 || c == 0x7F;
}

static struct http_field *slot_of(struct http_response *r, const char *name) {
    for (size_t i = 0; i < r->header_count && strcasecmp(name, "Set-Cookie") != 0; i++) {
        if (strcasecmp(r->headers[i].name, name) == 0) {
            return &r->headers[i];
        }
    }
    assert(r->header_count < HTTP_ANSWER_HEADERS_MAX);
    return &r->headers[r->header_count++];
}

void http_set_header(struct http_response *r, const char *name, const char *value) {
    char *copy = arena_dup(r->arena, value, strlen(value));
    for (char *p = copy; *p != '\0'; p++) {
        *p = is_control(*p) ? ' ' : *p;
    }
    *slot_of(r, name) = (struct http_field){arena_dup(r->arena, name, strlen(name)), copy};
}

static bool has_header(const struct http_response *r, const char *name) {
    for (size_t i = 0; i < r->header_count; i++) {
        if (strcasecmp(r->headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

void http_set_defaults(struct http_response *r) {
    static const struct http_field defaults[] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cache-Control", "no-store"},
    };
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        if (!has_header(r, defaults[i].name)) {
            assert(r->header_count < HTTP_ANSWER_HEADERS_MAX);
            r->headers[r->header_count++] = defaults[i];
        }
    }
}
