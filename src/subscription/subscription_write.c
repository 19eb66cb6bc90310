/* subscription_write: a subscription as JSON; see subscription.h. */
#include <string.h>

#include "ngsi/entity.h"
#include "subscription/subscription.h"
#include "subscription/subscription_int.h"

struct writing {
    const struct subscription *s;
    const struct subscription_look *look;
    struct arena *arena;
    struct json_out *j;
};

static const char *word_of(const struct subscription_word *words, unsigned value) {
    while (words->name != NULL && words->value != value) {
        words++;
    }
    return words->name;
}

static const char *short_name(const struct writing *w, const char *name) {
    return entity_compact(w->look->context, name, w->arena);
}

static void put_names(struct writing *w, const char *key, const struct subscription_names *names) {
    if (names->count == 0) {
        return;
    }
    json_key(w->j, key);
    json_arr(w->j);
    for (size_t i = 0; i < names->count; i++) {
        json_str(w->j, short_name(w, names->all[i]));
    }
    json_arr_end(w->j);
}

/* An expression of types, with each whole name made short. */
static const char *short_types(const struct writing *w, const char *types) {
    struct buf to = BUF_INIT;
    while (*types != '\0') {
        size_t signs = strspn(types, SUBSCRIPTION_TYPE_SIGNS);
        size_t n = strcspn(types + signs, SUBSCRIPTION_TYPE_SIGNS);
        buf_add(&to, types, signs);
        if (n > 0) {
            buf_adds(&to, short_name(w, arena_dup(w->arena, types + signs, n)));
        }
        types += signs + n;
    }
    const char *out = arena_dup(w->arena, to.data == NULL ? "" : to.data, to.len);
    buf_fini(&to);
    return out;
}

static void put_text(struct writing *w, const char *key, const char *text) {
    if (text != NULL) {
        json_put_str(w->j, key, text);
    }
}

static void put_time(struct writing *w, const char *key, int64_t at_ms) {
    char text[ENTITY_TIME_MAX];
    if (at_ms != 0) {
        json_put_str(w->j, key, entity_time_text(at_ms, text));
    }
}

/* Seconds, with a fraction where there is one. */
static void put_seconds(struct writing *w, const char *key, int64_t ms) {
    bool whole = ms % 1000 == 0;
    if (ms != 0) {
        json_key(w->j, key);
        json_dec(w->j, (struct decimal){whole ? ms / 1000 : ms, whole ? 0 : 3});
    }
}

static void put_number(struct writing *w, const char *key, int64_t n) {
    if (n != 0) {
        json_put_int(w->j, key, n);
    }
}

static void put_selectors(struct writing *w) {
    if (w->s->selector_count == 0) {
        return;
    }
    json_key(w->j, "entities");
    json_arr(w->j);
    for (size_t i = 0; i < w->s->selector_count; i++) {
        const struct subscription_selector *x = &w->s->selectors[i];
        json_obj(w->j);
        put_text(w, "id", x->id);
        put_text(w, "idPattern", x->id_pattern);
        put_text(w, "type", x->types == NULL ? NULL : short_types(w, x->types));
        json_obj_end(w->j);
    }
    json_arr_end(w->j);
}

static void put_geo(struct writing *w) {
    const struct subscription_geo *g = &w->s->geo;
    if (g->georel == NULL) {
        return;
    }
    json_key(w->j, "geoQ");
    json_obj(w->j);
    json_put_str(w->j, "geometry", g->geometry);
    json_key(w->j, "coordinates");
    json_raw(w->j, g->coordinates, strlen(g->coordinates));
    json_put_str(w->j, "georel", g->georel);
    put_text(w, "geoproperty", g->property == NULL ? NULL : short_name(w, g->property));
    json_obj_end(w->j);
}

static void put_triggers(struct writing *w) {
    json_key(w->j, "notificationTrigger");
    json_arr(w->j);
    for (const struct subscription_word *t = subscription_triggers; t->name != NULL; t++) {
        if (w->s->triggers & t->value) {
            json_str(w->j, t->name);
        }
    }
    json_arr_end(w->j);
}

static void put_pairs(struct writing *w, const char *key, const struct subscription_pairs *pairs) {
    if (pairs->count == 0) {
        return;
    }
    json_key(w->j, key);
    json_arr(w->j);
    for (size_t i = 0; i < pairs->count; i++) {
        json_obj(w->j);
        json_put_str(w->j, "key", pairs->all[i].key);
        json_put_str(w->j, "value", pairs->all[i].value);
        json_obj_end(w->j);
    }
    json_arr_end(w->j);
}

static void put_endpoint(struct writing *w) {
    json_key(w->j, "endpoint");
    json_obj(w->j);
    json_put_str(w->j, "uri", w->s->uri);
    json_put_str(w->j, "accept", subscription_accept_type(w->s->accept));
    put_number(w, "timeout", w->s->timeout_ms);
    put_number(w, "cooldown", w->s->cooldown_ms);
    put_pairs(w, "receiverInfo", &w->s->receiver);
    put_pairs(w, "notifierInfo", &w->s->notifier);
    json_obj_end(w->j);
}

/* What became of it, where anything did. "waiting" and "dropped" are ours. */
static void put_progress(struct writing *w, const struct subscription_progress *p) {
    if (p->last_ms != 0) {
        json_put_str(w->j, "status", p->failure_ms > p->success_ms ? "failed" : "ok");
        json_put_int(w->j, "timesSent", p->sent);
        put_number(w, "timesFailed", p->failed);
    }
    put_time(w, "lastNotification", p->last_ms);
    put_time(w, "lastSuccess", p->success_ms);
    put_time(w, "lastFailure", p->failure_ms);
    put_number(w, "waiting", p->waiting);
    put_number(w, "dropped", p->dropped);
}

static void put_notification(struct writing *w) {
    const struct subscription *s = w->s;
    json_key(w->j, "notification");
    json_obj(w->j);
    put_names(w, "attributes", &s->attributes);
    put_names(w, "pick", &s->pick);
    put_names(w, "omit", &s->omit);
    json_put_str(w->j, "format", word_of(subscription_forms, s->form));
    if (s->show_changes) {
        json_put_bool(w->j, "showChanges", true);
    }
    if (s->sys_attrs) {
        json_put_bool(w->j, "sysAttrs", true);
    }
    put_endpoint(w);
    if (w->look->progress != NULL) {
        put_progress(w, w->look->progress);
    }
    json_obj_end(w->j);
}

static void put_state(struct writing *w) {
    const struct subscription_look *look = w->look;
    if (look->progress == NULL) {
        return;
    }
    json_put_str(w->j, "status", subscription_status(w->s, look->now_ms));
    if (look->times) {
        put_time(w, "createdAt", look->progress->created_ms);
        put_time(w, "modifiedAt", look->progress->modified_ms);
    }
    put_text(w, "@context", look->link);
}

void subscription_write(const struct subscription *s, const struct subscription_look *look,
                        struct arena *a, struct json_out *j) {
    struct writing w = {s, look, a, j};
    json_obj(j);
    json_put_str(j, "id", s->id);
    json_put_str(j, "type", "Subscription");
    put_text(&w, "subscriptionName", s->name);
    put_text(&w, "description", s->description);
    put_selectors(&w);
    put_names(&w, "watchedAttributes", &s->watched);
    put_triggers(&w);
    put_seconds(&w, "timeInterval", s->interval_ms);
    put_text(&w, "q", s->q);
    put_text(&w, "scopeQ", s->scope_q);
    put_text(&w, "csf", s->csf);
    put_geo(&w);
    put_names(&w, "datasetId", &s->datasets);
    if (s->is_paused || look->progress == NULL) {
        json_put_bool(j, "isActive", !s->is_paused);
    }
    put_time(&w, "expiresAt", s->expires_ms);
    put_seconds(&w, "throttling", s->throttling_ms);
    put_text(&w, "jsonldContext", s->jsonld_context);
    put_notification(&w);
    put_state(&w);
    json_obj_end(j);
}
