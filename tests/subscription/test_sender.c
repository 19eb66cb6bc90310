/* The threads that tell, against a server of our own: order, repeats, a receiver that refuses, one
 * that is dead, an end in between. What counts is what came, never how long it took. */
#include "subscription/notifier.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mono.h"
#include "http/server.h"
#include "subscription/desk.h"
#include "subscription/notifier.h"

enum { PATIENCE_MS = 30000, SEEN_MAX = 4096, PATHS = 8 };

struct receiver {
    struct server *server;
    pthread_mutex_t lock; /* guards all below */
    int refusals;         /* that are still to be given */
    int count;
    struct {
        int path;
        char id[96];
        int speed;
    } seen[SEEN_MAX];
};

static enum server_admission admit(void *ctx, struct server_entry *entry) {
    (void)ctx;
    entry->max_body = 1 << 20;
    return SERVER_QUEUE;
}

/* /3 with {"id": "urn:...", ... "speed": 7} */
static enum server_handled handle(void *ctx, struct http_request *request,
                                  struct http_response *response) {
    struct receiver *r = ctx;
    const char *id = strstr(request->body, "\"id\":\"");
    const char *speed = strstr(request->body, "\"speed\":{\"type\":\"Property\",\"value\":");
    pthread_mutex_lock(&r->lock);
    if (r->refusals > 0) {
        r->refusals--;
        response->status = 503;
    } else if (id != NULL && speed != NULL && r->count < SEEN_MAX) {
        r->seen[r->count].path = request->path[1] - '0';
        snprintf(r->seen[r->count].id, sizeof r->seen[0].id, "%.*s", (int)strcspn(id + 6, "\""),
                 id + 6);
        r->seen[r->count].speed = (int)strtol(strstr(speed, "value\":") + 7, NULL, 10);
        r->count++;
    }
    pthread_mutex_unlock(&r->lock);
    return SERVER_ANSWERED;
}

static void receiver_start(struct receiver *r) {
    static const struct server_calls calls = {.admit = admit, .handle = handle};
    struct server_config config = {
        .address = "127.0.0.1", .calls = &calls, .ctx = r, .now_ms = fixture_now};
    static struct fixture clock;
    struct err err = ERR_INIT;
    memset(r, 0, sizeof *r);
    pthread_mutex_init(&r->lock, NULL);
    config.clock = &clock;
    if (server_new(&config, &r->server, &err) != OK) {
        fail_msg("%s", err.msg);
    }
}

static void receiver_stop(struct receiver *r) {
    server_free(r->server);
    pthread_mutex_destroy(&r->lock);
}

/* How many paths have been told this speed. */
static int count_paths(struct receiver *r, int speed) {
    bool told[PATHS] = {false};
    int n = 0;
    pthread_mutex_lock(&r->lock);
    for (int i = 0; i < r->count; i++) {
        told[r->seen[i].path % PATHS] |= r->seen[i].speed == speed;
    }
    pthread_mutex_unlock(&r->lock);
    for (int i = 0; i < PATHS; i++) {
        n += told[i];
    }
    return n;
}

/* Until the last is told at all paths: repeats may come before it. */
static void wait_for(struct receiver *r, int paths, int speed) {
    int64_t end = mono_ms() + PATIENCE_MS;
    while (count_paths(r, speed) < paths) {
        if (mono_ms() > end) {
            fail_msg("%d of %d paths were told the last", count_paths(r, speed), paths);
        }
        sched_yield();
    }
}

/* ---- a desk whose changes are told ---- */

static struct notifier *start(struct desk *d) {
    static const char *const hosts[] = {"127.0.0.1"};
    struct notifier_config config = {.store = d->f.store,
                                     .now_ms = fixture_now,
                                     .clock = &d->f,
                                     .hosts = hosts,
                                     .host_count = 1,
                                     .retry_ms = 1,
                                     .retry_max_ms = 20};
    struct notifier *n = NULL;
    struct err err = ERR_INIT;
    if (notifier_new(&config, &n, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    return n;
}

struct subscribing {
    struct desk *desk;
    struct notifier *notifier;
    struct subscription_kept kept;
};

static enum code subscribe_job(struct tx *tx, void *data, struct err *err) {
    struct subscribing *s = data;
    enum code code = notifier_stamp(s->notifier, tx, &s->kept.stamp, err);
    code = code == OK ? subscription_add(tx, &s->kept, err) : code;
    return code == OK ? desk_note(tx, "created", s->kept.s.id, err) : code;
}

static int64_t subscribe(struct desk *d, struct notifier *n, const char *uri) {
    struct subscribing s = {.desk = d, .notifier = n};
    s.kept = desk_read_wish(d, "\"entities\":[{\"type\":\"Bus\"}]").kept;
    s.kept.s.uri = uri;
    assert_int_equal(fixture_write(&d->f, subscribe_job, &s), OK);
    notifier_changed(n);
    return s.kept.stamp;
}

struct changing {
    struct desk *desk;
    struct notifier *notifier;
    int from, until;
};

struct one_change {
    const struct changing *of;
    struct arena arena;
    struct entity entity;
};

static enum code change_job(struct tx *tx, void *data, struct err *err) {
    struct one_change *c = data;
    struct entity_changes changes = {NULL, NULL};
    struct entity_outcome outcome;
    const struct entity_job job = {.tx = tx, .arena = &c->arena, .changes = &changes};
    struct entity_note note = {"u/1", "changed", &c->entity.id, 1, "{}", 2};
    enum code code = entity_apply(&job, ENTITY_PUT, &c->entity, &outcome, err);
    code = code == OK ? entity_note(tx, &note, err) : code;
    return code == OK ? notifier_changes(c->of->notifier, tx, &changes, err) : code;
}

static void change(const struct changing *of, int speed) {
    static const char *types[] = {V "Bus"};
    char value[16];
    snprintf(value, sizeof value, "%d", speed);
    struct entity_attribute x = {.name = V "speed", .value = value};
    struct one_change c = {.of = of};
    c.entity = (struct entity){
        .id = "urn:x:bus", .types = types, .type_count = 1, .attributes = &x, .count = 1};
    assert_int_equal(store_write(of->desk->f.store, STORE_CHANGE, change_job, &c, NULL), OK);
    arena_fini(&c.arena);
}

static void *change_many(void *data) {
    const struct changing *c = data;
    for (int i = c->from; i < c->until; i++) {
        change(c, i);
    }
    return NULL;
}

/* At each path each speed came, in order; one that came twice came with the same id. */
static void check_order(struct receiver *r, int paths, int speeds) {
    int next[PATHS] = {0};
    char last[PATHS][96] = {{0}};
    pthread_mutex_lock(&r->lock);
    for (int i = 0; i < r->count; i++) {
        int path = r->seen[i].path;
        assert_in_range(path, 0, paths - 1);
        if (r->seen[i].speed == next[path] - 1) {
            assert_string_equal(r->seen[i].id, last[path]);
            continue;
        }
        assert_int_equal(r->seen[i].speed, next[path]);
        assert_string_not_equal(r->seen[i].id, last[path]);
        memcpy(last[path], r->seen[i].id, sizeof last[path]);
        next[path]++;
    }
    pthread_mutex_unlock(&r->lock);
    for (int i = 0; i < paths; i++) {
        assert_int_equal(next[i], speeds);
    }
}

static void subscribe_paths(struct desk *d, struct notifier *n, struct receiver *r, int paths) {
    for (int i = 0; i < paths; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "http://127.0.0.1:%d/%d", server_port(r->server), i);
        subscribe(d, n, arena_dup(&d->arena, uri, strlen(uri)));
    }
}

static void all_is_told_in_order(void **state) {
    (void)state;
    struct desk d;
    struct receiver r;
    desk_init(&d, 0);
    receiver_start(&r);
    struct notifier *n = start(&d);
    subscribe_paths(&d, n, &r, PATHS);
    int64_t dead = subscribe(&d, n, "http://127.0.0.1:1/dead");
    struct changing c = {&d, n, 0, 60};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, change_many, &c), 0);
    pthread_join(thread, NULL);
    wait_for(&r, PATHS, 59);
    notifier_free(n);
    check_order(&r, PATHS, 60);
    assert_int_equal(desk_due(&d, dead), 60); /* kept for when it comes back */
    receiver_stop(&r);
    desk_fini(&d);
}

/* The threads end in the middle and begin again; the receiver refuses now and then. */
static void nothing_is_lost_over_an_end(void **state) {
    (void)state;
    struct desk d;
    struct receiver r;
    desk_init(&d, 0);
    receiver_start(&r);
    r.refusals = 30;
    struct notifier *n = start(&d);
    subscribe_paths(&d, n, &r, 3);
    for (int round = 0; round < 4; round++) {
        struct changing c = {&d, n, round * 10, round * 10 + 10};
        change_many(&c);
        notifier_free(n);
        n = start(&d);
    }
    wait_for(&r, 3, 39);
    notifier_stop(n);
    struct sender_stats stats;
    notifier_stats(n, &stats);
    assert_int_equal(stats.posts, 3);
    assert_int_equal(stats.receivers, 1);
    notifier_free(n);
    check_order(&r, 3, 40);
    receiver_stop(&r);
    desk_fini(&d);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_told_in_order),
        cmocka_unit_test(nothing_is_lost_over_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
