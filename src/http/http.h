/* http: a request as a handler sees it and the answer it fills. Plain records, so that a handler is
 * tested without a socket. What comes from outside is text here: path and query are percent-decoded
 * UTF-8 without NUL; header values and the body are bytes as they came. */
#ifndef TAIHU_HTTP_HTTP_H
#define TAIHU_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/blob.h"

enum {
    HTTP_HEADERS_MAX = 64,        /* of a request; browsers send some 20 */
    HTTP_ANSWER_HEADERS_MAX = 16, /* of an answer, the defaults included */
};

struct http_field {
    const char *name;
    const char *value;
};

/* Borrowed by the handler until it returns. */
struct http_request {
    const char *method; /* "GET" also where HEAD was sent: the server leaves the body out */
    const char *path;   /* begins with '/'; %2F and %25 are not decoded */
    const struct http_field *query; /* in order */
    size_t query_count;
    const struct http_field *headers;
    size_t header_count;
    const char *body; /* with a NUL behind it; "" while the request is being admitted */
    size_t body_len;
    const char *remote; /* the peer's address, "127.0.0.1" or "2001:db8::1" */
    int64_t now_ms;     /* UTC, when the header was there */
    struct arena *arena;
    void *tag;      /* NULL at first: what admit() leaves for handle(), best in the arena */
    void *exchange; /* the server's own */
};

/* The first header of that name, in any case, or NULL. */
const char *http_header(const struct http_request *r, const char *name);

/* The first query parameter of that name, or NULL. */
const char *http_query(const struct http_request *r, const char *name);

/* What a stream of events is for its producer; see server.h. */
struct http_stream {
    bool wanted;
    void *data;               /* the producer's, for this stream */
    void (*free)(void *data); /* called once, whatever becomes of the answer; may be NULL */
    int64_t cursor;           /* behind this the stream begins */
};

struct http_response {
    struct arena *arena;
    int status;       /* 200 at first */
    const char *type; /* Content-Type, NULL without a body; lives in the arena or for ever */
    struct http_field headers[HTTP_ANSWER_HEADERS_MAX];
    size_t header_count;
    struct buf body; /* sent when blob is NULL */
    struct blob
        *blob; /* held by the response; give a 304 the blob of the 200: its length is told */
    struct http_stream stream;
};

void http_response_init(struct http_response *r, struct arena *arena);
void http_response_fini(struct http_response *r);

/* Begins anew: what was filled in is gone. */
void http_response_clear(struct http_response *r);

/* Sets a header, in place of one of the same name, except for Set-Cookie, which may stand more than
 * once. Both are copied. A control character in the value becomes a blank, so that no value ends
 * its line; `name` is a constant of ours. */
void http_set_header(struct http_response *r, const char *name, const char *value);

/* The headers that every answer has unless it set them itself: nosniff, no-referrer, no-store. The
 * server calls it. */
void http_set_defaults(struct http_response *r);

#endif
