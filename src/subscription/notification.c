/* notification: see notification.h. */
#include "subscription/notification.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "subscription/told.h"

#define CONTEXT_RELATION "http://www.w3.org/ns/json-ld#context"

void notification_id(int64_t subscription, int64_t first, int64_t last,
                     char to[NOTIFICATION_ID_MAX]) {
    int n = snprintf(to, NOTIFICATION_ID_MAX, "urn:ngsi-ld:Notification:%" PRId64 ":%" PRId64,
                     subscription, first);
    if (last != first) {
        snprintf(to + n, NOTIFICATION_ID_MAX - (size_t)n, "-%" PRId64, last);
    }
}

/* ---- the @context ---- */

/* The address that stands for the subscription's @context: its own jsonldContext, or the one it was
 * sent with where that is an address; the core's where it is not. */
static const char *context_address(const struct subscription_kept *k, struct arena *a) {
    const struct json_value *v = NULL;
    if (k->s.jsonld_context != NULL) {
        return k->s.jsonld_context;
    }
    if (k->context_json == NULL ||
        json_read(k->context_json, strlen(k->context_json), a, &v, NULL) != OK) {
        return ENTITY_CORE_CONTEXT;
    }
    v = v->kind == JSON_ARRAY && v->count == 1 ? v->first : v;
    return v->kind == JSON_STRING ? v->text : ENTITY_CORE_CONTEXT;
}

/* ---- entities ---- */

static void put_time(struct json_out *j, const char *key, int64_t at_ms) {
    char text[ENTITY_TIME_MAX];
    json_put_str(j, key, entity_time_text(at_ms, text));
}

/* As it stands in a body. */
static const char *context_in_body(const struct subscription_kept *k, struct arena *a) {
    const char *url = k->s.jsonld_context;
    if (url == NULL && k->context_json != NULL) {
        return k->context_json;
    }
    struct json_value v = {.kind = JSON_STRING, .text = url == NULL ? ENTITY_CORE_CONTEXT : url};
    v.len = strlen(v.text);
    return json_text(&v, a);
}

static void put_entities(const struct notification *n, struct arena *a, struct json_out *j) {
    struct told told = {.s = &n->to->s,
                        .context = n->context,
                        .context_json =
                            n->to->s.accept == ACCEPT_LD ? context_in_body(n->to, a) : NULL,
                        .arena = a};
    json_arr(j);
    for (size_t i = 0; i < n->count; i++) {
        told_write(&told, &n->entities[i], n->times_ms[i], j);
    }
    json_arr_end(j);
}

static void put_data(const struct notification *n, struct arena *a, struct json_out *j) {
    json_key(j, "data");
    if (n->to->s.accept != ACCEPT_GEO) {
        put_entities(n, a, j);
        return;
    }
    json_obj(j);
    json_put_str(j, "type", "FeatureCollection");
    json_key(j, "features");
    put_entities(n, a, j);
    json_obj_end(j);
}

/* ---- all of it ---- */

void notification_write(const struct notification *n, struct arena *a, struct buf *to) {
    struct json_out j;
    json_init(&j, to, 0);
    json_obj(&j);
    json_put_str(&j, "id", n->id);
    json_put_str(&j, "type", "Notification");
    json_put_str(&j, "subscriptionId", n->to->s.id);
    put_time(&j, "notifiedAt", n->now_ms);
    put_data(n, a, &j);
    json_obj_end(&j);
}

size_t notification_headers(const struct notification *n, struct arena *a,
                            struct http_field to[NOTIFICATION_HEADERS_MAX]) {
    const struct subscription *s = &n->to->s;
    size_t count = 0;
    to[count++] = (struct http_field){"Content-Type", subscription_accept_type(s->accept)};
    if (s->accept != ACCEPT_LD) {
        struct buf link = BUF_INIT;
        buf_addf(&link, "<%s>; rel=\"" CONTEXT_RELATION "\"; type=\"application/ld+json\"",
                 context_address(n->to, a));
        to[count++] = (struct http_field){"Link", arena_dup(a, link.data, link.len)};
        buf_fini(&link);
    }
    for (size_t i = 0; i < s->receiver.count; i++) {
        to[count++] = (struct http_field){s->receiver.all[i].key, s->receiver.all[i].value};
    }
    return count;
}
