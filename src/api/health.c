/* health: whether it answers, what it counts (for Prometheus), and its own description. */
#include <inttypes.h>
#include <stdio.h>

#include "api/api_int.h"
#include "store/journal.h"
#include "subscription/notifier.h"

static enum code put_health(struct call *c, struct tx *tx, void *data, struct err *err) {
    struct json_out *j = call_json(c);
    (void)data;
    (void)err;
    json_obj(j);
    json_put_str(j, "status", "ok");
    json_put_int(j, "journal", journal_head(tx)->seq);
    json_obj_end(j);
    return OK;
}

enum code api_health_get(struct call *c, struct err *err) {
    return call_read(c, put_health, NULL, err);
}

enum code api_openapi_get(struct call *c, struct err *err) {
    (void)err;
    c->response->type = "application/json";
    c->response->blob = blob_hold(c->api->openapi);
    return OK;
}

/* ---- metrics: https://prometheus.io/docs/instrumenting/exposition_formats/ ---- */

static void put_head(struct buf *to, const char *name, const char *type, const char *help) {
    buf_addf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_one(struct buf *to, const char *name, const char *type, const char *help,
                    uint64_t v) {
    put_head(to, name, type, help);
    buf_addf(to, "%s %" PRIu64 "\n", name, v);
}

static void put_answers(struct buf *to, const struct server_stats *s) {
    static const char name[] = "taihu_http_requests_total";
    put_head(to, name, "counter", "Requests answered, by class of status.");
    for (int class = 1; class <= 5; class ++) {
        buf_addf(to, "%s{status=\"%dxx\"} %" PRIu64 "\n", name, class, s->answers[class]);
    }
}

static void put_times(struct buf *to, const struct server_stats *s) {
    static const char name[] = "taihu_http_request_duration_seconds";
    uint64_t sum = 0;
    put_head(to, name, "histogram", "From the header to the end of the answer.");
    for (int i = 0; i < SERVER_BUCKETS; i++) {
        sum += s->took[i];
        buf_addf(to, "%s_bucket{le=\"%d.%03d\"} %" PRIu64 "\n", name, server_bucket_ms[i] / 1000,
                 server_bucket_ms[i] % 1000, sum);
    }
    sum += s->took[SERVER_BUCKETS];
    buf_addf(to, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, sum);
    buf_addf(to, "%s_sum %" PRIu64 ".%06" PRIu64 "\n", name, s->took_us / 1000000,
             s->took_us % 1000000);
    buf_addf(to, "%s_count %" PRIu64 "\n", name, sum);
}

static void put_server(struct buf *to, const struct server_stats *s) {
    put_answers(to, s);
    put_times(to, s);
    put_one(to, "taihu_http_connections", "gauge", "Connections that are open.",
            s->connections_open);
    put_one(to, "taihu_http_connections_refused_total", "counter", "Refused at the limit.",
            s->connections_refused);
    put_one(to, "taihu_http_evicted_total", "counter", "Slow clients cut to make room.",
            s->evicted);
    put_one(to, "taihu_http_timed_out_total", "counter", "Clients cut at a deadline.",
            s->timed_out);
    put_one(to, "taihu_http_body_bytes_in_total", "counter", "Bytes of bodies taken.",
            s->body_bytes_in);
    put_one(to, "taihu_http_body_bytes_out_total", "counter", "Bytes of bodies sent.",
            s->body_bytes_out);
    put_one(to, "taihu_http_waiting", "gauge", "Requests that wait for a worker.", s->waiting);
    put_one(to, "taihu_http_busy_total", "counter", "Requests refused with 503.", s->busy);
    put_one(to, "taihu_http_streams", "gauge", "Streams of events that are open.", s->streams);
}

static void put_store(struct buf *to, const struct store_stats *s) {
    put_one(to, "taihu_store_jobs_total", "counter", "Write jobs done.", s->jobs);
    put_one(to, "taihu_store_failed_total", "counter", "Write jobs that were not kept.", s->failed);
    put_one(to, "taihu_store_busy_total", "counter", "Write jobs refused by a full queue.",
            s->busy);
    put_one(to, "taihu_store_commits_total", "counter", "Transactions on disk.", s->commits);
    put_one(to, "taihu_store_unfiled", "gauge",
            "1 while a signed checkpoint does not stand in its file.", s->unfiled);
}

static void put_access(struct buf *to, const struct access_stats *s) {
    put_one(to, "taihu_sessions_opened_total", "counter", "Sign-ins.", s->opened);
    put_one(to, "taihu_sign_ins_refused_total", "counter", "Wrong logins or passwords.",
            s->refused);
    put_one(to, "taihu_sign_ins_limited_total", "counter", "Tries that had to wait.", s->limited);
}

static void put_mqtt(struct buf *to, const struct mqtt_stats *s) {
    put_one(to, "taihu_mqtt_connected", "gauge", "1 while the broker has us.", s->connected);
    put_one(to, "taihu_mqtt_connects_total", "counter", "Connections made.", s->connects);
    put_one(to, "taihu_mqtt_received_total", "counter",
            "Messages received, also those that came again.", s->received);
    put_one(to, "taihu_mqtt_kept_total", "counter", "Messages on disk.", s->kept);
    put_one(to, "taihu_mqtt_dead_total", "counter", "Messages kept as dead letters.", s->dead);
    put_one(to, "taihu_mqtt_commits_total", "counter", "Batches of messages on disk.", s->commits);
    put_one(to, "taihu_mqtt_retries_total", "counter",
            "Batches that the store did not take and that were tried again.", s->retries);
}

static void put_sender(struct buf *to, const struct sender_stats *s) {
    put_one(to, "taihu_notifications_sent_total", "counter", "Notifications that were taken.",
            s->sent);
    put_one(to, "taihu_notifications_failed_total", "counter", "Attempts that were not.",
            s->failed);
    put_one(to, "taihu_subscriptions", "gauge", "Subscriptions.", s->posts);
    put_one(to, "taihu_receivers", "gauge", "Hosts and ports that are told.", s->receivers);
    put_one(to, "taihu_receivers_failing", "gauge", "Of them, those that did not answer last.",
            s->failing);
}

static enum code put_journal(struct call *c, struct tx *tx, void *data, struct err *err) {
    (void)data;
    (void)err;
    put_one(&c->response->body, "taihu_journal_lines", "counter", "Lines of the journal.",
            (uint64_t)journal_head(tx)->seq);
    return OK;
}

enum code api_metrics_get(struct call *c, struct err *err) {
    struct server *running = c->api->server;
    struct server_stats server;
    struct store_stats store;
    struct access_stats access;
    struct sender_stats sender;
    if (running == NULL) {
        return err_set(err, E_BUSY, "the server is starting");
    }
    c->response->type = "text/plain; version=0.0.4; charset=utf-8";
    server_stats(running, &server);
    store_stats(c->api->store, &store);
    access_stats(c->api->access, &access);
    notifier_stats(c->api->notifier, &sender);
    put_server(&c->response->body, &server);
    put_store(&c->response->body, &store);
    put_access(&c->response->body, &access);
    put_sender(&c->response->body, &sender);
    struct mqtt *mqtt = c->api->mqtt;
    if (mqtt != NULL) {
        struct mqtt_stats stats;
        mqtt_stats(mqtt, &stats);
        put_mqtt(&c->response->body, &stats);
    }
    return call_read(c, put_journal, NULL, err);
}
