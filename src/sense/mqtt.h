/* mqtt: messages of an MQTT broker into the store: one connection (MQTT 5.0, QoS 1), one thread.
 *
 *   broker ──PUBLISH──► read what is there ─► intake: one job ─► on disk ──PUBACK──► broker
 *
 * A message is acknowledged when it, or a dead letter of it, is on disk, and never before: who dies
 * in between gets it again. While the disk is full or the store is busy nothing is acknowledged and
 * the batch is tried again, later each time. The session outlives connections by MQTT_EXPIRY_S, so
 * what is published while we are away waits at the broker, as far as that keeps it.
 *
 * A connection that is lost, or cannot be made, is tried again: after 1 s, 2 s, 4 s ... 30 s. Order
 * is kept: there is one connection, and no shared subscription. */
#ifndef TAIHU_SENSE_MQTT_H
#define TAIHU_SENSE_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "sense/intake.h"
#include "sense/payload.h"

enum {
    MQTT_PORT = 1883, /* registered with IANA; 8883 with TLS */
    MQTT_TLS_PORT = 8883,
    MQTT_EXPIRY_S = 7 * 86400, /* of the session at the broker: a long weekend and more */
    MQTT_KEEPALIVE_S = 60,
    /* What a broker sends without an acknowledgement: a batch cannot be larger. */
    MQTT_RECEIVE_MAX = INTAKE_MESSAGES_MAX,
    /* A broker drops what is larger unseen; what is larger than JSON may be is a dead letter. */
    MQTT_PACKET_MAX = 4 << 20,
    MQTT_CLIENT_MAX = PAYLOAD_CLIENT_MAX + 1,
};

struct mqtt_address {
    bool tls;
    const char *host; /* without brackets */
    int port;
    const char *user; /* NULL: none */
};

/* "mqtt://user@host:port", "mqtts://[::1]"; what is made lives in `a`. E_USAGE: it is none, or a
 * password stands in it. */
enum code mqtt_parse_address(const char *url, struct arena *a, struct mqtt_address *out,
                             struct err *err);

/* How a broker knows this database: "taihu" and 16 digits of its journal's first line. */
enum code mqtt_name_client(struct store *store, char to[MQTT_CLIENT_MAX], struct err *err);

struct mqtt_config {
    struct mqtt_address address; /* all that it points to outlives the connection */
    const char *password;        /* NULL: none */
    const char *ca_file;         /* whom to trust, PEM; NULL: whom the system trusts */
    const char *client;
    struct intake_config intake;
    int64_t (*now_ms)(void *clock); /* UTC; called by the connection's thread */
    void *clock;
    void (*say)(void *data, const char *words); /* what a person should know, on that thread */
    void *data;
};

struct mqtt;

/* The thread runs from here on. E_INPUT: the CA file is none. E_IO: no thread. */
enum code mqtt_new(const struct mqtt_config *config, struct mqtt **out, struct err *err);

/* Keeps and acknowledges what is under way where the store lets it, and disconnects. */
void mqtt_free(struct mqtt *m); /* takes NULL */

struct mqtt_stats {
    uint64_t received; /* messages, also those that come again */
    uint64_t kept;     /* of them, on disk */
    uint64_t dead;     /* of them, as dead letters */
    uint64_t commits;  /* batches */
    uint64_t retries;  /* batches that the store did not take */
    uint64_t connects; /* times that a connection was made */
    bool connected;
};

void mqtt_stats(struct mqtt *m, struct mqtt_stats *out); /* any thread */

#endif
