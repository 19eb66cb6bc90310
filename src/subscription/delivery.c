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
    int64_t number;
    struct subscription_kept to;
    struct outbox_item *items;
    size_t item_count;
    struct snapshot *snapshots; /* of the items, or of a query by the clock */
    int64_t *times_ms;
    int64_t now_ms;

    int64_t done; /* the last change that was taken; 0: none */
    struct outbox_progress progress;
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

/* What is asked by the clock: entities as they are now. */
static enum code query_selector(struct going *g, struct tx *tx, const struct filter_selector *s,
                                const struct subscription_selector *said, struct entity_page *out,
                                struct err *err) {
    const char **id = arena_alloc(g->arena, sizeof *id);
    *id = said->id;
    struct entity_selector selector = {.types = s->types,
                                       .ids = id,
                                       .id_count = said->id == NULL ? 0 : 1,
                                       .id_pattern = said->id_pattern};
    struct entity_query q = {
        .selectors = &selector, .selector_count = 1, .limit = DELIVERY_PERIODIC};
    return entity_list(tx, &q, g->arena, out, err);
}

static void add_entity(struct going *g, const struct entity *e) {
    if (g->item_count < DELIVERY_PERIODIC) {
        g->snapshots[g->item_count] = (struct snapshot){.entity = *e, .event = ENTITY_UPDATED};
        g->times_ms[g->item_count++] = e->modified_ms;
    }
}

static enum code read_by_clock(struct going *g, struct tx *tx, struct err *err) {
    struct filter f = FILTER_INIT;
    enum code code = filter_compile(&g->to.s, g->arena, &f, err);
    g->snapshots = arena_alloc(g->arena, DELIVERY_PERIODIC * sizeof *g->snapshots);
    g->times_ms = arena_alloc(g->arena, DELIVERY_PERIODIC * sizeof *g->times_ms);
    for (size_t i = 0; i < f.selector_count && code == OK; i++) {
        struct entity_page page = {NULL, 0, 0, false};
        code = query_selector(g, tx, &f.selectors[i], &g->to.s.selectors[i], &page, err);
        for (size_t k = 0; k < page.count && code == OK; k++) {
            if (filter_takes(&f, &page.entities[k])) {
                add_entity(g, &page.entities[k]);
            }
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
    code = g->to.s.interval_ms > 0 ? read_by_clock(g, tx, err) : read_changes(g, tx, err);
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
    g->progress.last_ms = now_ms;
    if (taken) {
        g->progress.sent++;
        g->progress.success_ms = now_ms;
        g->done = last;
        g->out->sent++;
    } else {
        g->progress.failed++;
        g->progress.failure_ms = now_ms;
    }
}

/* The snapshots from..until as one notification of the changes first..last. */
struct stretch {
    size_t from, count;
    int64_t first, last;
};

static bool send_stretch(struct going *g, const struct stretch *s) {
    struct notification n = {.to = &g->to,
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
    g->done = 0;
}

/* ---- noting ---- */

static enum code note(struct tx *tx, void *data, struct err *err) {
    struct going *g = data;
    enum code code = g->done == 0 ? OK : outbox_done(tx, g->number, g->done, err);
    return code == OK ? outbox_note(tx, g->number, &g->progress, err) : code;
}

static void note_progress(struct going *g) {
    bool anything = g->progress.sent > 0 || g->progress.failed > 0;
    if (anything && store_write(g->config->store, STORE_HOUSEKEEPING, note, g, NULL) != OK &&
        g->out->end == DELIVERY_MORE) {
        end(g, DELIVERY_FAILED); /* it will be sent again, with the same id */
    }
}

void deliver(const struct sender_config *config, int64_t number, struct arena *a,
             struct delivery *out) {
    struct going g = {.config = config, .arena = a, .number = number, .out = out};
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
        note_progress(&g);
    } else if (code == OK && out->end == DELIVERY_IDLE && g.to.s.interval_ms > 0) {
        out->end = DELIVERY_WAIT; /* nobody to tell of: ask again when the interval has passed */
        out->wait_ms = g.to.s.interval_ms;
    }
    arena_reset(a);
}
