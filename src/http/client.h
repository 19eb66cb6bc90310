/* client: asks another server, over http or https, within hard bounds. It knows nothing of what is
 * asked or why; libcurl does the work, and no other file sees it.
 *
 * Always holds, whatever address it is given and whatever answers:
 *   - it ends within its time, names looked up and redirects followed included;
 *   - no more of an answer is kept than the caps say, and none of it is unpacked;
 *   - it speaks to no host that the configuration does not let it: see below;
 *   - certificates are verified; there are no cookies, no .netrc, no proxy of the environment, no
 *     name or password of an address.
 *
 * Who may be asked. A server that asks whom its clients name can be turned on its own network: so
 * what counts is the address a connection goes to, after the name was looked up, and it is looked
 * at for each connection that is made.
 *
 *   named in `hosts`      asked, whatever its address
 *     "example.org"         that host, on any port; not those below it
 *     "example.org:8080"    on that port alone; "[::1]:8080" likewise
 *     "10.0.0.0/8"          a host whose address is in that network, by whatever name
 *     "*"                   everybody
 *   any other             with `strangers`, where its address is a public one: not loopback,
 *                         private, link-local, multicast or reserved (IANA's registries of special
 *                         addresses, RFC 6890)
 *
 * Connections are kept and used again. All threads may call. The process ignores SIGPIPE.
 *
 * Codes: E_INPUT the address or a header is none; E_DENIED the host is not to be asked; E_LIMIT the
 * answer is larger than the caps; E_IO no answer: no such host, refused, broken off, too late, a
 * certificate that is not good. A status of 500 is an answer, and OK. Words name the address. */
#ifndef TAIHU_HTTP_CLIENT_H
#define TAIHU_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "http/http.h"

struct client;

enum {
    CLIENT_URL_MAX = 2048,  /* bytes; as long as browsers and proxies are sure to take */
    CLIENT_HOSTS_MAX = 256, /* that a configuration names */
    CLIENT_TIMEOUT_MS = 10000,
    CLIENT_BODY_MAX = 1 << 20,
    CLIENT_HEADER_MAX = 16 << 10, /* nginx and Apache send at most 8 KB a line */
};

/* 0 and NULL stand for the default. */
struct client_config {
    const char *const *hosts; /* copied */
    size_t host_count;
    bool strangers;      /* hosts that are not named may be asked too, at public addresses */
    int timeout_ms;      /* for all of a request; CLIENT_TIMEOUT_MS */
    size_t body_max;     /* bytes of an answer's body; CLIENT_BODY_MAX */
    size_t header_max;   /* and of its status line and headers; CLIENT_HEADER_MAX */
    int redirects_max;   /* that a GET follows, each held against the same rules; 0: none */
    const char *agent;   /* User-Agent; NULL: none is sent. Copied. */
    const char *ca_file; /* PEM: certificates to trust; NULL: those of the system. Copied. */
};

struct client_request {
    const char *method;               /* "GET", "POST" */
    const char *url;                  /* http or https, plain ASCII as RFC 3986 has it */
    const struct http_field *headers; /* besides Host and Content-Length */
    size_t header_count;
    const void *body; /* NULL: none */
    size_t body_len;
    int timeout_ms; /* 0: the configuration's; never more than it */
};

/* All of it lives in the arena of the call. */
struct client_response {
    int status;
    const char *type; /* Content-Type, or NULL */
    struct http_field *headers;
    size_t header_count;
    const char *body; /* with a NUL behind it */
    size_t body_len;
    const char *url; /* that answered: another than the request's after a redirect */
};

/* E_INPUT: an entry of `hosts` is none of the above. */
enum code client_new(const struct client_config *config, struct client **out, struct err *err);

/* Whether the address could be asked: its form, its scheme, its host as far as that shows without
 * looking its name up. Makes no connection. E_INPUT, E_DENIED. */
enum code client_check(const struct client *c, const char *url, struct err *err);

/* Asks and waits. `*out` is written on OK only. */
enum code client_send(struct client *c, const struct client_request *request, struct arena *a,
                      struct client_response *out, struct err *err);

/* Requests that are under way end within some second with E_IO, later ones at once. Any thread. */
void client_stop(struct client *c);
bool client_is_stopping(const struct client *c);

/* No call is running. Takes NULL. */
void client_free(struct client *c);

/* The header of that name, in any case, or NULL. */
const char *client_header(const struct client_response *r, const char *name);

#endif
