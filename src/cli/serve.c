/* serve: `taihu serve`: the board and its API over HTTP, until it is told to stop.
 *
 * On stdout one line, when it answers:   listening on http://127.0.0.1:8080
 * On stderr what a person must see: the first administrator's one-time password, warnings. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/access.h"
#include "api/api.h"
#include "base/json_read.h"
#include "cli/cli_int.h"
#include "cli/clock.h"
#include "cli/data_dir.h"
#include "cli/serve_mqtt.h"
#include "http/server.h"
#include "store/journal.h"
#include "store/store.h"
#include "subscription/notifier.h"

enum {
    ADDRESS_MAX = 64,
    HISTORY_PAGE_MAX = 1000000, /* some 200 MB of JSON */
    CHECKPOINT_S = 3600,        /* store/README.md: a server signs the journal by the clock too */
};

/* ---- where to listen ---- */

struct place {
    char address[ADDRESS_MAX];
    uint16_t port;
};

/* "127.0.0.1:8080", "[::1]:8080". */
static enum code parse_place(const char *text, struct place *out, struct err *err) {
    const char *colon = strrchr(text, ':');
    const char *from = text;
    size_t n = colon == NULL ? 0 : (size_t)(colon - text);
    char *end = NULL;
    if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
        from = text + 1;
        n -= 2;
    }
    errno = 0;
    unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, &end, 10);
    bool right = colon != NULL && n > 0 && n < ADDRESS_MAX && colon[1] >= '0' && colon[1] <= '9' &&
                 *end == '\0' && errno == 0 && port <= UINT16_MAX;
    if (!right) {
        return err_set(err, E_USAGE,
                       "cannot listen on \"%.80s\": it is ADDRESS:PORT, as 127.0.0.1:8080", text);
    }
    memcpy(out->address, from, n);
    out->address[n] = '\0';
    out->port = (uint16_t)port;
    return OK;
}

static bool is_loopback(const struct place *p) {
    return strncmp(p->address, "127.", 4) == 0 || strcmp(p->address, "::1") == 0;
}

/* ---- what is wanted ---- */

struct wish {
    struct place place;
    enum role anonymous;
    const char *origin; /* "https://plan.example.cn", or NULL */
    const char *city;
    struct serve_mqtt mqtt;
};

static enum code parse_role(const char *name, const struct place *place, enum role *out,
                            struct err *err) {
    if (name == NULL) {
        return OK;
    }
    if (!role_parse(name, out)) {
        return err_set(err, E_USAGE, "cannot take --anonymous \"%.40s\": there is no such role",
                       name);
    }
    if (!is_loopback(place)) {
        return err_set(err, E_USAGE,
                       "cannot take --anonymous with --listen %s: only on loopback, as 127.0.0.1",
                       place->address);
    }
    fprintf(stderr,
            "taihu: WARNING: whoever reaches this machine's port has the role %s, "
            "without signing in\n",
            name);
    return OK;
}

static enum code parse_origin(const char *origin, struct err *err) {
    bool right =
        origin == NULL || strncmp(origin, "https://", 8) == 0 || strncmp(origin, "http://", 7) == 0;
    bool bare = origin == NULL || strchr(strstr(origin, "//") + 2, '/') == NULL;
    return right && bare
               ? OK
               : err_set(err, E_USAGE,
                         "cannot take --origin \"%.80s\": it is as https://plan.example.cn",
                         origin);
}

static enum code parse_wish(const struct cli_args *args, struct arena *a, struct wish *out,
                            struct err *err) {
    const char *listen = args->value[CLI_LISTEN];
    *out = (struct wish){.anonymous = ROLE_NONE,
                         .origin = args->value[CLI_ORIGIN],
                         .city = args->value[CLI_CITY] == NULL ? "wuxi" : args->value[CLI_CITY]};
    enum code code = parse_place(listen == NULL ? "127.0.0.1:8080" : listen, &out->place, err);
    if (code == OK) {
        code = parse_role(args->value[CLI_ANONYMOUS], &out->place, &out->anonymous, err);
    }
    if (code == OK) {
        code = parse_origin(out->origin, err);
    }
    return code == OK ? serve_mqtt_read(args, a, &out->mqtt, err) : code;
}

/* ---- the parts, from the bottom up ---- */

struct parts {
    struct store *store;
    struct access *access;
    struct notifier *notifier;
    struct api *api;
    struct server *server;
    struct mqtt *mqtt;
};

static enum code open_store(const struct cli_args *args, struct parts *p, struct err *err) {
    struct store_config config = {.path = args->value[CLI_DB],
                                  .mode = STORE_WRITE,
                                  .schemas = api_schemas,
                                  .schema_count = api_schema_count,
                                  .now_ms = clock_now_ms};
    return store_open(&config, &p->store, err);
}

static enum code open_access(struct parts *p, struct err *err) {
    struct access_config config = {.cost = {0, 0}};
    char password[PASSWORD_ONE_TIME_MAX];
    bool made = false;
    enum code code = access_new(&config, &p->access, err);
    if (code == OK) {
        code = access_bootstrap(p->access, p->store, &made, password, err);
    }
    if (code == OK && made) {
        fprintf(stderr,
                "taihu: the first account is made. Sign in and change its password:\n"
                "  login: admin\n"
                "  one-time password: %s\n",
                password);
    }
    return code;
}

/* "a.org,b.org:8080" in `a`. */
static const char *const *split_hosts(const char *list, struct arena *a, size_t *count) {
    const char **hosts = arena_alloc(a, (list == NULL ? 1 : strlen(list) + 1) * sizeof *hosts);
    *count = 0;
    while (list != NULL && *list != '\0') {
        size_t n = strcspn(list, ",");
        if (n > 0) {
            hosts[(*count)++] = arena_dup(a, list, n);
        }
        list += n + (list[n] == ',');
    }
    return hosts;
}

static enum code open_notifier(const struct cli_args *args, struct parts *p, struct arena *a,
                               struct err *err) {
    struct notifier_config config = {.store = p->store, .now_ms = clock_now_ms, .agent = "taihu"};
    config.hosts = split_hosts(args->value[CLI_NOTIFY_HOST], a, &config.host_count);
    return notifier_new(&config, &p->notifier, err);
}

/* How many instances an answer may have; 0 where it was not said. */
static enum code parse_page(const char *text, size_t *out, struct err *err) {
    int64_t n = 0;
    if (text != NULL &&
        json_whole(text, (struct json_range){1, HISTORY_PAGE_MAX}, &n, NULL) != OK) {
        return err_set(err, E_USAGE, "cannot take --history-page \"%.40s\": it is 1 to %d", text,
                       HISTORY_PAGE_MAX);
    }
    *out = (size_t)n;
    return OK;
}

static enum code open_api(const struct cli_args *args, const struct wish *wish, struct parts *p,
                          struct arena *a, struct err *err) {
    struct api_config config = {.store = p->store,
                                .access = p->access,
                                .notifier = p->notifier,
                                .city = wish->city,
                                .anonymous = wish->anonymous,
                                .origin = wish->origin};
    config.context_hosts =
        split_hosts(args->value[CLI_CONTEXT_HOST], a, &config.context_host_count);
    config.secure = wish->origin == NULL ? !is_loopback(&wish->place)
                                         : strncmp(wish->origin, "https://", 8) == 0;
    enum code code = parse_page(args->value[CLI_HISTORY_PAGE], &config.history_page, err);
    if (code == OK) {
        code = data_dir(args->value[CLI_DATA], a, &config.data_dir, err);
    }
    return code == OK ? api_new(&config, &p->api, err) : code;
}

static enum code open_server(const struct wish *wish, struct parts *p, struct err *err) {
    static const struct server_calls calls = {
        .admit = api_admit, .handle = api_handle, .wait = api_wait, .produce = api_produce};
    struct server_config config = {.address = wish->place.address,
                                   .port = wish->place.port,
                                   .calls = &calls,
                                   .ctx = p->api,
                                   .now_ms = clock_now_ms};
    enum code code = server_new(&config, &p->server, err);
    if (code == OK) {
        api_set_server(p->api, p->server);
    }
    return code;
}

/* What it takes goes the way that requests go. */
static enum code open_mqtt(struct wish *wish, struct parts *p, struct err *err) {
    struct intake_config config = {
        .store = p->store, .models = api_models(p->api), .notifier = p->notifier, .actor = "mqtt"};
    enum code code = serve_mqtt_open(&wish->mqtt, &config, &p->mqtt, err);
    if (code == OK) {
        api_set_mqtt(p->api, p->mqtt);
    }
    return code;
}

/* Top down; each takes NULL. */
static enum code close_parts(struct parts *p, struct err *err) {
    server_free(p->server);
    mqtt_free(p->mqtt);
    api_free(p->api);
    notifier_free(p->notifier);
    access_free(p->access);
    enum code code = p->store == NULL ? OK : store_stop(p->store, err);
    store_close(p->store);
    return code;
}

/* ---- until it is told to stop ---- */

static void say_where(const struct wish *wish, const struct parts *p) {
    bool v6 = strchr(wish->place.address, ':') != NULL;
    printf("listening on http://%s%s%s:%u\n", v6 ? "[" : "", wish->place.address, v6 ? "]" : "",
           (unsigned)server_port(p->server));
    fflush(stdout);
}

/* A failure to sign is told by /metrics (taihu_store_unfiled), and tried again. */
static void wait_for_stop(const sigset_t *stops, struct store *store) {
    struct timespec every = {CHECKPOINT_S, 0};
    while (sigtimedwait(stops, NULL, &every) < 0) {
        if (errno == EAGAIN) {
            (void)journal_checkpoint(store, NULL);
        }
    }
}

static enum code run(const struct cli_args *args, struct wish *wish, struct parts *p,
                     struct arena *a, struct err *err) {
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, NULL); /* before any thread: all of them inherit it */
    signal(SIGXFSZ, SIG_IGN);                 /* a file that may not grow is an error like others */
    enum code code = open_store(args, p, err);
    if (code == OK) {
        code = open_access(p, err);
    }
    if (code == OK) {
        code = open_notifier(args, p, a, err);
    }
    if (code == OK) {
        code = open_api(args, wish, p, a, err);
    }
    if (code == OK) {
        code = open_server(wish, p, err);
    }
    if (code == OK) {
        code = open_mqtt(wish, p, err);
    }
    if (code == OK) {
        say_where(wish, p);
        wait_for_stop(&stops, p->store);
        server_stop(p->server);
        mqtt_free(p->mqtt); /* what it keeps is told, so before the notifier stops */
        p->mqtt = NULL;
        notifier_stop(p->notifier);
    }
    return code;
}

enum code cli_serve(const struct cli_args *args, struct err *err) {
    struct arena a = ARENA_INIT;
    struct parts p = {.store = NULL};
    struct wish wish;
    enum code code = parse_wish(args, &a, &wish, err);
    if (code == OK) {
        code = run(args, &wish, &p, &a, err);
        enum code end = close_parts(&p, err);
        code = code == OK ? end : code;
    }
    arena_fini(&a);
    return code;
}
