/* delivery: see delivery_int.h. */
#include "subscription/delivery_int.h"

#include <string.h>

#include "base/mono.h"
#include "entity/entity_list.h"
#include "subscription/filter.h"
#include "subscription/notification.h"
#include "subscription/outbox.h"
#include "subscription/schedule.h"
#include "subscription/snapshot.h"
#include "subscription/subscription_store.h"

/* One go at one subscription. */
struct going {
    const struct sender_config *config;
    struct arena *arena;
    struct delivery_terms *terms;
    int64_t number;
    struct subscription_kept to;
    struct outbox_item *items;
    size_t item_count;
    struct snapshot *snapshots; /* of the items, or of a query by the clock */
    int64_t *times_ms;
    int64_t now_ms;

    struct delivery *out;
};

const char *delivery_receiver(const char *uri, struct arena *a) {
    const char *host = strstr(uri, "://");
    host = host == NULL ? uri : host + 3;
    return arena_dup(a, host, strcspn(host, "/?#"));
}

static void end(struct going *g, enum delivery_end how) {
    g->out->end = how;
}

/* ---- reading ---- */

/* What is asked by the clock: entities as they are now. Where a selector has an id and a pattern
 * the query looks at the id alone, so the filter looks again. */
static enum code query_now(struct going *g, struct tx *tx, const struct filter *f,
                           struct entity_page *out, struct err *err) {
    const struct subscription *s = &g->to.s;
    struct entity_selector *all = arena_zero(g->arena, (s->selector_count + 1) * sizeof *all);
    for (size_t i = 0; i < s->selector_count; i++) {
        all[i].types = f->selectors[i].types;
        all[i].ids = &s->selectors[i].id;
        all[i].id_count = s->selectors[i].id != NULL;
        all[i].id_pattern = s->selectors[i].id_pattern;
    }
    struct entity_query q = {.selectors = all,
                             .selector_count = s->selector_count,
                             .attributes = s->attributes.all,
                             .attribute_count = s->attributes.count,
                             .q = f->q,
                             .region = f->region,
                             .scopes = f->scopes,
                             .limit = DELIVERY_PERIODIC};
    return entity_list(tx, &q, g->arena, out, err);
}

static enum code read_by_clock(struct going *g, struct tx *tx, struct err *err) {
    struct filter f = FILTER_INIT;
    struct entity_page page = {.count = 0};
    enum code code =
        subscription_load_context(tx, g->to.q_context, g->arena, &g->to.s.q_context, err);
    code = code == OK ? filter_compile(&g->to.s, FILTER_KEPT, g->arena, &f, err) : code;
    code = code == OK ? query_now(g, tx, &f, &page, err) : code;
    g->snapshots = arena_alloc(g->arena, (page.count + 1) * sizeof *g->snapshots);
    g->times_ms = arena_alloc(g->arena, (page.count + 1) * sizeof *g->times_ms);
    for (size_t i = 0; i < page.count && code == OK; i++) {
        if (filter_takes(&f, &page.entities[i])) {
            g->times_ms[g->item_count] = page.entities[i].modified_ms;
            g->snapshots[g->item_count++] =
                (struct snapshot){.entity = page.entities[i], .event = ENTITY_UPDATED};
        }
    }
    filter_fini(&f);
    return code;
}

static enum code read_changes(struct going *g, struct tx *tx, struct err *err) {
    bool throttled = g->to.s.throttling_ms > 0;
    struct outbox_bounds bounds = {throttled ? DELIVERY_THROTTLED : DELIVERY_ITEMS, DELIVERY_BYTES};
    enum code code = outbox_list(tx, g->number, bounds, g->arena, &g->items, &g->item_count, err);
    if (code != OK) {
        return code;
    }
    g->snapshots = arena_alloc(g->arena, (g->item_count + 1) * sizeof *g->snapshots);
    g->times_ms = arena_alloc(g->arena, (g->item_count + 1) * sizeof *g->times_ms);
    for (size_t i = 0; i < g->item_count && code == OK; i++) {
        code =
            snapshot_read(g->items[i].snapshot, g->items[i].len, g->arena, &g->snapshots[i], err);
        g->times_ms[i] = g->items[i].time_ms;
    }
    return code;
}

/* The terms that names are made short with: those of the last delivery, where they are the same. */
static enum code read_context(struct going *g, struct tx *tx, struct err *err) {
    struct delivery_terms *t = g->terms;
    if (t->is_set && t->number == g->to.context) {
        return OK;
    }
    arena_reset(&t->arena);
    enum code code = subscription_load_context(tx, g->to.context, &t->arena, &t->context, err);
    t->number = g->to.context;
    t->is_set = code == OK;
    return code;
}

/* What is to be sent now; where that is nothing, `end` says why. */
static enum code read_all(struct going *g, struct tx *tx, struct err *err) {
    enum code code = subscription_load_number(tx, g->number, g->arena, &g->to, err);
    if (code != OK) {
        end(g, code == E_ABSENT ? DELIVERY_GONE : DELIVERY_FAILED);
        return code == E_ABSENT ? OK : code;
    }
    if (strcmp(subscription_status(&g->to.s, g->now_ms), "active") != 0) {
        end(g, DELIVERY_IDLE);
        return OK;
    }
    g->out->wait_ms = schedule_wait(&g->to.s, &g->to.progress, g->now_ms);
    if (g->out->wait_ms > 0) {
        end(g, DELIVERY_WAIT);
        return OK;
    }
    code = read_context(g, tx, err);
    if (code == OK) {
        code = g->to.s.interval_ms > 0 ? read_by_clock(g, tx, err) : read_changes(g, tx, err);
    }
    end(g, code != OK ? DELIVERY_FAILED : g->item_count == 0 ? DELIVERY_IDLE : DELIVERY_MORE);
    return code;
}

/* ---- sending ---- */

/* True: it was taken. */
static bool post(struct going *g, const struct notification *n) {
    struct http_field headers[NOTIFICATION_HEADERS_MAX];
    struct client_response answer;
    struct buf body = BUF_INIT;
    notification_write(n, g->arena, &body);
    struct client_request request = {.method = "POST",
                                     .url = g->to.s.uri,
                                     .headers = headers,
                                     .header_count = notification_headers(n, g->arena, headers),
                                     .body = body.data,
                                     .body_len = body.len,
                                     .timeout_ms = g->to.s.timeout_ms > 0 ? (int)g->to.s.timeout_ms
                                                                          : DELIVERY_TIMEOUT_MS};
    int64_t from_ms = mono_ms();
    g->out->asked = true;
    enum code code = client_send(g->config->client, &request, g->arena, &answer, NULL);
    g->out->is_slow = g->out->is_slow || mono_ms() - from_ms > DELIVERY_SLOW_MS;
    buf_fini(&body);
    bool taken = code == OK && answer.status >= 200 && answer.status <= 299;
    if (!taken) {
        g->out->no_answer = code != OK;
        end(g, client_is_stopping(g->config->client) ? DELIVERY_STOPPED : DELIVERY_FAILED);
    }
    return taken;
}

static void note_attempt(struct going *g, bool taken, int64_t last) {
    int64_t now_ms = g->config->now_ms(g->config->clock);
    g->out->progress.last_ms = now_ms;
    if (taken) {
        g->out->progress.sent++;
        g->out->progress.success_ms = now_ms;
        g->out->done = last;
        g->out->sent++;
    } else {
        g->out->progress.failed++;
        g->out->progress.failure_ms = now_ms;
    }
}

/* The snapshots from..until as one notification of the changes first..last. */
struct stretch {
    size_t from, count;
    int64_t first, last;
};

static bool send_stretch(struct going *g, const struct stretch *s) {
    struct notification n = {.to = &g->to,
                             .context = &g->terms->context,
                             .entities = g->snapshots + s->from,
                             .times_ms = g->times_ms + s->from,
                             .count = s->count,
                             .now_ms = g->config->now_ms(g->config->clock)};
    notification_id(g->number, s->first, s->last, n.id);
    bool taken = post(g, &n);
    if (g->out->end != DELIVERY_STOPPED) {
        note_attempt(g, taken, s->last);
    }
    return taken;
}

static bool is_in(const struct going *g, size_t from, size_t until, const char *id) {
    for (size_t i = from; i < until; i++) {
        if (strcmp(g->snapshots[i].entity.id, id) == 0) {
            return true;
        }
    }
    return false;
}

/* What one request changed, each entity once, goes together. */
static size_t stretch_end(const struct going *g, size_t from) {
    size_t i = from + 1;
    while (i < g->item_count && i - from < DELIVERY_ENTITIES &&
           g->items[i].seq >> OUTBOX_LINE_BITS == g->items[from].seq >> OUTBOX_LINE_BITS &&
           !is_in(g, from, i, g->snapshots[i].entity.id)) {
        i++;
    }
    return i;
}

static void send_changes(struct going *g) {
    size_t next = 0;
    for (size_t from = 0; from < g->item_count; from = next) {
        next = stretch_end(g, from);
        struct stretch s = {from, next - from, g->items[from].seq, g->items[next - 1].seq};
        if (!send_stretch(g, &s)) {
            return;
        }
    }
}

/* Many changes as one notification: each entity as it was last. */
static void send_throttled(struct going *g) {
    struct stretch s = {0, 0, g->items[0].seq, g->items[g->item_count - 1].seq};
    for (size_t i = 0; i < g->item_count; i++) {
        if (!is_in(g, i + 1, g->item_count, g->snapshots[i].entity.id)) {
            g->snapshots[s.count] = g->snapshots[i];
            g->times_ms[s.count++] = g->times_ms[i];
        }
    }
    send_stretch(g, &s);
}

/* Numbers of changes are shifted journal lines, far above any count of milliseconds; the time of a
 * periodic one is told apart by its sign. */
static void send_by_clock(struct going *g) {
    struct stretch s = {0, g->item_count, -g->now_ms, -g->now_ms};
    send_stretch(g, &s);
    g->out->done = 0;
}

/* ---- noting ---- */

struct noting {
    int64_t number;
    const struct delivery *of;
};

static enum code note(struct tx *tx, void *data, struct err *err) {
    const struct noting *n = data;
    enum code code = n->of->done == 0 ? OK : outbox_done(tx, n->number, n->of->done, err);
    return code == OK ? outbox_note(tx, n->number, &n->of->progress, err) : code;
}

void delivery_note(const struct sender_config *config, int64_t number, struct delivery *d) {
    struct noting n = {number, d};
    bool anything = d->progress.sent > 0 || d->progress.failed > 0;
    if (anything && store_write(config->store, STORE_HOUSEKEEPING, note, &n, NULL) != OK &&
        d->end == DELIVERY_MORE) {
        d->end = DELIVERY_FAILED;
    }
}

void deliver(const struct sender_config *config, int64_t number, struct delivery_memory *memory,
             struct delivery *out) {
    struct arena *a = &memory->arena;
    struct going g = {
        .config = config, .arena = a, .terms = &memory->terms, .number = number, .out = out};
    struct tx *tx = NULL;
    *out = (struct delivery){.end = DELIVERY_FAILED};
    arena_reset(a);
    g.now_ms = config->now_ms(config->clock);
    if (store_read(config->store, &tx, NULL) != OK) {
        return;
    }
    enum code code = read_all(&g, tx, NULL);
    store_read_end(tx);
    if (code == OK && out->end == DELIVERY_MORE) {
        if (g.to.s.interval_ms > 0) {
            send_by_clock(&g);
        } else if (g.to.s.throttling_ms > 0) {
            send_throttled(&g);
        } else {
            send_changes(&g);
        }
        out->cooldown_ms =
            g.to.s.interval_ms > g.to.s.cooldown_ms ? g.to.s.interval_ms : g.to.s.cooldown_ms;
    } else if (code == OK && out->end == DELIVERY_IDLE && g.to.s.interval_ms > 0) {
        out->end = DELIVERY_WAIT; /* nobody to tell of: ask again when the interval has passed */
        out->wait_ms = g.to.s.interval_ms;
    }
    arena_reset(a);
}
