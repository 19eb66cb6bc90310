/* notification: see notification.h. */
#include "subscription/notification.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "entity/entity_write.h"

#define CONTEXT_RELATION "http://www.w3.org/ns/json-ld#context"

void notification_id(int64_t subscription, int64_t first, int64_t last,
                     char to[NOTIFICATION_ID_MAX]) {
    int n = snprintf(to, NOTIFICATION_ID_MAX, "urn:ngsi-ld:Notification:%" PRId64 ":%" PRId64,
                     subscription, first);
    if (last != first) {
        snprintf(to + n, NOTIFICATION_ID_MAX - (size_t)n, "-%" PRId64, last);
    }
}

/* ---- which attributes ---- */

static bool is_told(const struct subscription *s, const struct entity_attribute *x) {
    if (s->attributes.count > 0 && !subscription_names_have(&s->attributes, x->name)) {
        return false;
    }
    if (s->pick.count > 0 && !subscription_names_have(&s->pick, x->name)) {
        return false;
    }
    if (subscription_names_have(&s->omit, x->name)) {
        return false;
    }
    const char *dataset = x->dataset == NULL ? SUBSCRIPTION_DEFAULT : x->dataset;
    return s->datasets.count == 0 || subscription_names_have(&s->datasets, dataset);
}

/* The entity with what is told of it. */
static struct entity pick_told(const struct subscription *s, const struct snapshot *x,
                               struct arena *a) {
    struct entity e = x->entity;
    e.attributes = arena_alloc(a, (e.count + 1) * sizeof *e.attributes);
    e.count = 0;
    for (size_t i = 0; i < x->entity.count && x->event != ENTITY_REMOVED; i++) {
        if (is_told(s, &x->entity.attributes[i])) {
            e.attributes[e.count++] = x->entity.attributes[i];
        }
    }
    return e;
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

/* As it stands in a body. */
static void put_context(const struct subscription_kept *k, struct json_out *j) {
    if (k->s.jsonld_context != NULL || k->context_json == NULL) {
        json_str(j, k->s.jsonld_context == NULL ? ENTITY_CORE_CONTEXT : k->s.jsonld_context);
    } else {
        json_raw(j, k->context_json, strlen(k->context_json));
    }
}

/* ---- entities ---- */

struct telling {
    const struct notification *n;
    struct entity_look look;
    struct arena *arena;
    struct json_out *j;
};

static void put_time(struct json_out *j, const char *key, int64_t at_ms) {
    char text[ENTITY_TIME_MAX];
    json_put_str(j, key, entity_time_text(at_ms, text));
}

/* Members that entity_write() knows nothing of stand behind those it wrote: its object is closed by
 * us. */
static void put_entity(struct telling *t, const struct entity *e, size_t i) {
    const struct snapshot *x = &t->n->entities[i];
    struct buf own = BUF_INIT, more = BUF_INIT;
    struct json_out j;
    json_init(&j, &own, 0);
    entity_write(e, &t->look, t->arena, &j);
    json_init(&j, &more, 0);
    json_obj(&j);
    if (x->event == ENTITY_REMOVED) {
        put_time(&j, "deletedAt", t->n->times_ms[i]);
    }
    if (t->n->to->s.accept == ACCEPT_LD) {
        json_key(&j, "@context");
        put_context(t->n->to, &j);
    }
    json_obj_end(&j);
    if (more.len > 2) {
        own.data[own.len - 1] = ',';
        buf_add(&own, more.data + 1, more.len - 1);
    }
    json_raw(t->j, own.data, own.len);
    buf_fini(&own);
    buf_fini(&more);
}

static size_t put_entities(struct telling *t) {
    size_t told = 0;
    for (size_t i = 0; i < t->n->count; i++) {
        struct entity e = pick_told(&t->n->to->s, &t->n->entities[i], t->arena);
        put_entity(t, &e, i);
        told++;
    }
    return told;
}

/* ---- all of it ---- */

size_t notification_write(const struct notification *n, struct arena *a, struct buf *to) {
    struct json_out j;
    struct telling t = {
        .n = n,
        .look = {.context = &n->to->context, .form = n->to->s.form, .times = n->to->s.sys_attrs},
        .arena = a,
        .j = &j};
    json_init(&j, to, 0);
    json_obj(&j);
    json_put_str(&j, "id", n->id);
    json_put_str(&j, "type", "Notification");
    json_put_str(&j, "subscriptionId", n->to->s.id);
    put_time(&j, "notifiedAt", n->now_ms);
    json_key(&j, "data");
    json_arr(&j);
    size_t told = put_entities(&t);
    json_arr_end(&j);
    json_obj_end(&j);
    return told;
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
