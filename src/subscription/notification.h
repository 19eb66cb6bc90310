/* notification: what a receiver is told, as it is sent (CIM 009 v1.8.1, sections 5.3.1 and 6.3.9).
 *
 *   POST /told
 *   Content-Type: application/json
 *   Link: <...>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"
 *
 *   {"id": "urn:ngsi-ld:Notification:3:1048577", "type": "Notification",
 *    "subscriptionId": "urn:...", "notifiedAt": "2026-03-01T08:00:00Z", "data": [{...}, ...]}
 *
 * The id is made of the subscription's number and the first and last change that are told: it is
 * the same whenever the same is sent again, also after a restart, and never that of anything else.
 */
#ifndef TAIHU_SUBSCRIPTION_NOTIFICATION_H
#define TAIHU_SUBSCRIPTION_NOTIFICATION_H

#include "base/arena.h"
#include "base/buf.h"
#include "http/http.h"
#include "subscription/snapshot.h"
#include "subscription/subscription_store.h"

enum { NOTIFICATION_ID_MAX = 96, NOTIFICATION_HEADERS_MAX = SUBSCRIPTION_PAIRS_MAX + 3 };

struct notification {
    char id[NOTIFICATION_ID_MAX];
    const struct subscription_kept *to;
    const struct entity_context *context; /* its terms */
    const struct snapshot *entities;
    const int64_t *times_ms; /* of each one's change */
    size_t count;
    int64_t now_ms;
};

/* The id of what tells these changes. */
void notification_id(int64_t subscription, int64_t first, int64_t last,
                     char to[NOTIFICATION_ID_MAX]);

/* Appends the body. */
void notification_write(const struct notification *n, struct arena *a, struct buf *to);

/* The headers, in `a`; how many. */
size_t notification_headers(const struct notification *n, struct arena *a,
                            struct http_field to[NOTIFICATION_HEADERS_MAX]);

#endif
