/* payload: what messages of MQTT mean: a JSON file says, topic by topic, how one becomes entities.
 * docs/mqtt.md is its manual; this is its shape:
 *
 *   {"client": "taihu-wuxi",                        how the broker knows us; else we make a name up
 *    "topics": [
 *     {"topic": "ngsi/#", "payload": "ngsi-ld",     entities, normalized or concise; one or a list
 *      "@context": {...},
 *      "id": "urn:ngsi-ld:Device:{station}", "type": "Device",   for those that name none
 *      "time": "arrival"},                          for attributes without observedAt; or "needed"
 *     {"topic": "air/{station}/hourly", "payload": "flat",      one object or a list of them
 *      "missing": ["-9999"], "decimal": ".", "@context": {...},
 *      "id": "urn:ngsi-ld:AirQualityObserved:wuxi:{station}", "type": "AirQualityObserved",
 *      "time": {"text": "{time}", "format": "%Y-%m-%d %H:%M:%S", "zone": "+08:00",
 *               "else": "arrival"},                 or "arrival" alone; without "else" refused
 *      "attributes": [{"name": "pm25", "column": "PM2.5", "kind": "number", "unitCode": "GQ"}]}]}
 *
 * A flat payload is a row of a file to import (map.h), and the rest of its line is a map: columns
 * are named levels of the topic, then members of the payload ("a.b" of an object within it), and
 * {$topic} and {$arrival} (ms since 1970). In place of "id", "type" ... there may be "entities".
 * Members that no column names are read over. The first line that a topic matches counts.
 *
 * A table is made once and then only read; any thread. */
#ifndef TAIHU_SENSE_PAYLOAD_H
#define TAIHU_SENSE_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity.h"
#include "sense/topic.h"

enum {
    PAYLOAD_TABLE_BYTES_MAX = 1 << 20,
    PAYLOAD_TOPICS_MAX = 200,
    PAYLOAD_RECORDS_MAX = 1000, /* entities or rows of one message */
    PAYLOAD_CLIENT_MAX = 64,    /* bytes of a client's name; a broker must take 23 */
};

struct payload_topic;

struct payload_table {
    const char *client; /* NULL: not said */
    const struct payload_topic *topics;
    size_t count;
};

/* All of it lives in `a`. E_INPUT, E_LIMIT: what is wrong, and in which line. */
enum code payload_parse(const char *json, size_t n, struct arena *a, struct payload_table *out,
                        struct err *err);

/* The filters to subscribe, in the order of the table. */
const struct topic_filter *payload_filter(const struct payload_table *table, size_t i);

struct payload_message {
    const char *topic;
    const char *bytes;
    size_t len;
    int64_t arrived_ms; /* UTC, since 1970 */
};

struct payload_result {
    const struct entity *entities; /* none where no "when" of the table holds */
    size_t count;
};

/* What a message says; it lives in `a` and borrows of the table and the message. E_INPUT, E_LIMIT:
 * why it cannot be taken. */
enum code payload_read(const struct payload_table *table, const struct payload_message *message,
                       struct arena *a, struct payload_result *out, struct err *err);

#endif
