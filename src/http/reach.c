/* reach: see reach_int.h. */
#include "http/reach_int.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "http/client.h"

/* ---- addresses ---- */

static const uint8_t MAPPED[12] = {[10] = 0xff, [11] = 0xff};

bool reach_address_of(const struct sockaddr *from, struct reach_address *out) {
    if (from->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, from, sizeof v4);
        memcpy(out->bytes, MAPPED, sizeof MAPPED);
        memcpy(out->bytes + sizeof MAPPED, &v4.sin_addr, 4);
        return true;
    }
    if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, from, sizeof v6);
        memcpy(out->bytes, &v6.sin6_addr, sizeof out->bytes);
        return true;
    }
    return false;
}

static bool is_within(const struct reach_address *a, const struct reach_address *network,
                      int bits) {
    size_t whole = (size_t)bits / 8;
    uint8_t mask = (uint8_t)(0xff00 >> (bits % 8));
    return memcmp(a->bytes, network->bytes, whole) == 0 &&
           (bits % 8 == 0 || ((a->bytes[whole] ^ network->bytes[whole]) & mask) == 0);
}

/* "10.0.0.0" or "fc00::" as 16 bytes; *offset is where its own bits begin. */
static bool read_address(const char *text, struct reach_address *out, int *offset) {
    *offset = 96;
    memcpy(out->bytes, MAPPED, sizeof MAPPED);
    if (inet_pton(AF_INET, text, out->bytes + sizeof MAPPED) == 1) {
        return true;
    }
    *offset = 0;
    return inet_pton(AF_INET6, text, out->bytes) == 1;
}

struct special {
    const char *network;
    int bits;
};

/* IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and what came after it), and
 * multicast. What embeds an IPv4 address (6to4, NAT64, Teredo) is left out with the rest: nobody
 * has a receiver there. */
static const struct special SPECIAL_V4[] = {
    {"0.0.0.0", 8},      {"10.0.0.0", 8},     {"100.64.0.0", 10}, {"127.0.0.0", 8},
    {"169.254.0.0", 16}, {"172.16.0.0", 12},  {"192.0.0.0", 24},  {"192.0.2.0", 24},
    {"192.88.99.0", 24}, {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"198.51.100.0", 24},
    {"203.0.113.0", 24}, {"224.0.0.0", 4},    {"240.0.0.0", 4},
};

/* Within 2000::/3, which alone is global unicast (RFC 4291 section 2.4). */
static const struct special SPECIAL_V6[] = {
    {"2001::", 23}, {"2001:db8::", 32}, {"2002::", 16}, {"3fff::", 20}};

static bool is_in(const struct reach_address *a, const struct special *table, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct reach_address network;
        int offset;
        if (read_address(table[i].network, &network, &offset) &&
            is_within(a, &network, offset + table[i].bits)) {
            return true;
        }
    }
    return false;
}

bool reach_is_public(const struct reach_address *a) {
    if (memcmp(a->bytes, MAPPED, sizeof MAPPED) == 0) {
        return !is_in(a, SPECIAL_V4, sizeof SPECIAL_V4 / sizeof SPECIAL_V4[0]);
    }
    return (a->bytes[0] & 0xe0) == 0x20 &&
           !is_in(a, SPECIAL_V6, sizeof SPECIAL_V6 / sizeof SPECIAL_V6[0]);
}

/* ---- entries ---- */

/* Up to three digits at most `max`. */
static bool read_bits(const char *text, int max, int *out) {
    size_t n = strspn(text, "0123456789");
    *out = n > 0 && n <= 3 && text[n] == '\0' ? (int)strtol(text, NULL, 10) : -1;
    return *out >= 0 && *out <= max;
}

static bool read_network(const char *text, struct reach_entry *out) {
    char address[INET6_ADDRSTRLEN];
    size_t n = strcspn(text, "/");
    int offset;
    if (n >= sizeof address) {
        return false;
    }
    memcpy(address, text, n);
    address[n] = '\0';
    if (!read_address(address, &out->network, &offset) ||
        !read_bits(text + n + 1, 128 - offset, &out->bits)) {
        return false;
    }
    out->bits += offset;
    return true;
}

static bool read_port(const char *text, int *out) {
    size_t n = strspn(text, "0123456789");
    *out = n > 0 && n <= 5 && text[n] == '\0' ? (int)strtol(text, NULL, 10) : 0;
    return *out > 0 && *out <= UINT16_MAX;
}

/* "host", "host:port", "[v6]", "[v6]:port", "*". */
static bool read_host(const char *text, struct reach_entry *out) {
    size_t n = text[0] == '[' ? strcspn(text, "]") + 1 : strcspn(text, ":");
    size_t len = strlen(text);
    if (n == 0 || n > len || strcspn(text, " \t/?#@") < n) {
        return false;
    }
    if (n < len && (text[n] != ':' || !read_port(text + n + 1, &out->port))) {
        return false;
    }
    out->host = mem_alloc(n + 1);
    memcpy(out->host, text, n);
    out->host[n] = '\0';
    return true;
}

enum code reach_init(struct reach *r, const char *const *hosts, size_t count, bool strangers,
                     struct err *err) {
    if (count > CLIENT_HOSTS_MAX) {
        return err_set(err, E_LIMIT, "cannot let %zu hosts be asked: at most %d can be named",
                       count, CLIENT_HOSTS_MAX);
    }
    r->strangers = strangers;
    r->entries = mem_alloc((count + 1) * sizeof *r->entries);
    memset(r->entries, 0, (count + 1) * sizeof *r->entries);
    for (r->count = 0; r->count < count; r->count++) {
        const char *text = hosts[r->count];
        struct reach_entry *entry = &r->entries[r->count];
        bool ok = strchr(text, '/') != NULL ? read_network(text, entry) : read_host(text, entry);
        if (!ok) {
            return err_set(err, E_INPUT,
                           "cannot read host \"%s\": neither a name, an address, either with "
                           ":port, nor a network such as 10.0.0.0/8",
                           text);
        }
    }
    return OK;
}

void reach_fini(struct reach *r) {
    for (size_t i = 0; i < r->count; i++) {
        free(r->entries[i].host);
    }
    free(r->entries);
}

/* ---- asking ---- */

bool reach_names(const struct reach *r, const char *host, int port) {
    for (size_t i = 0; i < r->count; i++) {
        const struct reach_entry *e = &r->entries[i];
        if (e->host != NULL && (e->port == 0 || e->port == port) &&
            (strcmp(e->host, "*") == 0 || strcasecmp(e->host, host) == 0)) {
            return true;
        }
    }
    return false;
}

bool reach_asks_address(const struct reach *r) {
    bool any = r->strangers;
    for (size_t i = 0; i < r->count && !any; i++) {
        any = r->entries[i].host == NULL;
    }
    return any;
}

static bool takes_address(const struct reach *r, const struct reach_address *a) {
    for (size_t i = 0; i < r->count; i++) {
        const struct reach_entry *e = &r->entries[i];
        if (e->host == NULL && is_within(a, &e->network, e->bits)) {
            return true;
        }
    }
    return r->strangers && reach_is_public(a);
}

bool reach_takes(const struct reach *r, const struct sockaddr *to) {
    struct reach_address a;
    return reach_address_of(to, &a) && takes_address(r, &a);
}

bool reach_takes_literal(const struct reach *r, const char *host) {
    char text[INET6_ADDRSTRLEN];
    struct reach_address a;
    int offset;
    bool bracketed = host[0] == '[';
    size_t n = bracketed ? strcspn(host + 1, "]") : strlen(host);
    if (n >= sizeof text) {
        return true; /* a name */
    }
    memcpy(text, host + bracketed, n);
    text[n] = '\0';
    return !read_address(text, &a, &offset) || takes_address(r, &a);
}
