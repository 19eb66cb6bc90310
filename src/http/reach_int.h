/* reach: which hosts and addresses the client may speak to; see client.h. */
#ifndef TAIHU_HTTP_REACH_INT_H
#define TAIHU_HTTP_REACH_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

/* An address as 16 bytes: an IPv4 one as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). */
struct reach_address {
    uint8_t bytes[16];
};

struct reach_entry {
    char *host; /* without its port; IPv6 in brackets; "*": all; NULL: a network */
    int port;   /* 0: any */
    struct reach_address network;
    int bits;
};

struct reach {
    struct reach_entry *entries;
    size_t count;
    bool strangers;
};

/* E_INPUT: an entry is none. E_LIMIT: too many. `r` is zeros, and reach_fini() frees it also then.
 */
enum code reach_init(struct reach *r, const char *const *hosts, size_t count, bool strangers,
                     struct err *err);
void reach_fini(struct reach *r);

/* Whether the host is named, so that its address does not matter. */
bool reach_names(const struct reach *r, const char *host, int port);

/* Whether a host that is not named could be asked, by its address. */
bool reach_asks_address(const struct reach *r);

/* Whether such a host may be spoken to at this address. */
bool reach_takes(const struct reach *r, const struct sockaddr *to);

/* Whether a host may be spoken to that is an address itself, "10.0.0.1" or "[::1]"; true where it
 * is a name: what that leads to shows later. */
bool reach_takes_literal(const struct reach *r, const char *host);

/* Whether all the world can route to it. */
bool reach_is_public(const struct reach_address *a);

/* False: neither IPv4 nor IPv6. */
bool reach_address_of(const struct sockaddr *from, struct reach_address *out);

#endif
