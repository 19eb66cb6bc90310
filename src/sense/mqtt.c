/* mqtt: see mqtt.h. The connection, by libmosquitto.
 *
 * That library has no acknowledgement by hand: it queues the PUBACK of a message before it calls
 * us. But told that its user has threads of his own (mosquitto_threaded_set()) it only queues, and
 * mosquitto_loop_write() alone sends. So the loop here is ours: read until nothing is there or the
 * batch is full, write the batch to the store, and only then let the queue go. What is to stay
 * unacknowledged is dropped with its connection. docs/decisions/0028-mqtt.md says what was checked.
 */
#include "sense/mqtt.h"

#include <assert.h>
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/mono.h"
#include "base/utf8.h"
#include "store/hex.h"
#include "store/journal.h"

enum {
    CONNECT_MS = 15000, /* from the first packet to the broker's answer */
    TICK_MS = 1000,     /* how often the library may look at its keep-alive */
    RETRY_MS = 1000,
    RETRY_MAX_MS = 30000,
    HANDSHAKE_MS = 2,
    BUSY_MS = 50, /* before a batch is tried again, and at most: */
    BUSY_MAX_MS = 5000,
    WORDS_MAX = 256,
};

struct mqtt {
    struct mqtt_config c;
    struct mosquitto *client;
    struct intake *intake;
    char **filters;
    int wake; /* an eventfd, readable once it is to stop */
    pthread_t thread;
    bool running;
    /* of the thread */
    bool up;               /* the broker took us */
    bool prepared;         /* the library knows the properties of our CONNECT */
    bool refused;          /* why: `words` */
    char words[WORDS_MAX]; /* the last error of the library */
    char said[WORDS_MAX];  /* what was last told */
    /* for all */
    atomic_uint_fast64_t received, kept, dead, commits, retries, connects;
    atomic_bool connected;
};

/* ---- addresses ---- */

static enum code no_address(const char *url, const char *why, struct err *err) {
    return err_set(err, E_USAGE, "cannot take \"%.100s\": %s", url, why);
}

static enum code parse_port(const char *text, const char *url, int *out, struct err *err) {
    char *end = NULL;
    errno = 0;
    unsigned long port = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    if (port == 0 || port > UINT16_MAX || *end != '\0' || errno != 0) {
        return no_address(url, "the port is not 1 to 65535", err);
    }
    *out = (int)port;
    return OK;
}

/* "host", "host:port", "[::1]:port" */
static enum code parse_host(const char *at, const char *url, struct arena *a,
                            struct mqtt_address *out, struct err *err) {
    bool bracket = at[0] == '[';
    size_t n = bracket ? strcspn(at, "]") : strcspn(at, ":");
    const char *host = bracket ? at + 1 : at;
    const char *rest = bracket && at[n] == ']' ? at + n + 1 : at + n;
    n -= bracket;
    if (n == 0 || n > 255 || strpbrk(at, "/?# ") != NULL || (bracket && at[n + 1] != ']')) {
        return no_address(url, "it is as mqtt://user@host:port, with nothing behind", err);
    }
    out->host = arena_dup(a, host, n);
    if (rest[0] == '\0') {
        return OK;
    }
    return rest[0] == ':' ? parse_port(rest + 1, url, &out->port, err)
                          : no_address(url, "what is behind the host is no port", err);
}

enum code mqtt_parse_address(const char *url, struct arena *a, struct mqtt_address *out,
                             struct err *err) {
    bool tls = strncmp(url, "mqtts://", 8) == 0;
    *out = (struct mqtt_address){.tls = tls, .port = tls ? MQTT_TLS_PORT : MQTT_PORT};
    if (!tls && strncmp(url, "mqtt://", 7) != 0) {
        return no_address(url, "it begins with mqtt:// or mqtts://", err);
    }
    const char *at = url + (tls ? 8 : 7);
    const char *sign = strrchr(at, '@');
    if (sign != NULL) {
        size_t n = (size_t)(sign - at);
        if (memchr(at, ':', n) != NULL) {
            return err_set(err, E_USAGE,
                           "cannot take a password in an address: all users of this "
                           "machine would see it");
        }
        out->user = n == 0 ? NULL : arena_dup(a, at, n);
        at = sign + 1;
    }
    return parse_host(at, url, a, out, err);
}

enum code mqtt_name_client(struct store *store, char to[MQTT_CLIENT_MAX], struct err *err) {
    struct journal_batch first = JOURNAL_BATCH_INIT;
    struct tx *tx = NULL;
    char hex[2 * 8 + 1];
    enum code code = store_read(store, &tx, err);
    if (code == OK) {
        code = journal_list(tx, 0, 1, &first, err);
        store_read_end(tx);
    }
    if (code == OK && first.count == 1) {
        snprintf(to, MQTT_CLIENT_MAX, "taihu%s", hex_text(first.line[0].hash, 8, hex));
    } else if (code == OK) {
        code = err_set(err, E_INPUT, "the journal has no first line");
    }
    journal_batch_fini(&first);
    return code;
}

/* ---- telling ---- */

/* Once, until something else is to be said. */
static void say(struct mqtt *m, const char *what, const char *why) {
    char words[WORDS_MAX];
    snprintf(words, sizeof words, "mqtt: %s%s%s", what, why[0] == '\0' ? "" : ": ", why);
    words[utf8_check(words, strlen(words))] = '\0';
    if (strcmp(words, m->said) != 0) {
        memcpy(m->said, words, sizeof words);
        m->c.say(m->c.data, words);
    }
}

/* ---- what the library calls: all within mosquitto_loop_read() and the like, on our thread ---- */

static void on_log(struct mosquitto *client, void *data, int level, const char *text) {
    struct mqtt *m = data;
    (void)client;
    if (level == MOSQ_LOG_ERR) {
        snprintf(m->words, sizeof m->words, "%s", text);
    }
}

static void on_connect(struct mosquitto *client, void *data, int reason, int flags,
                       const mosquitto_property *properties) {
    struct mqtt *m = data;
    (void)flags;
    (void)properties;
    if (reason != MQTT_RC_SUCCESS) {
        snprintf(m->words, sizeof m->words, "the broker refuses us: %s",
                 mosquitto_reason_string(reason));
        return;
    }
    m->up = true;
    m->connects++;
    m->connected = true;
    /* what a broker retains comes once, when the subscription is new */
    int rc = mosquitto_subscribe_multiple(client, NULL, (int)m->c.intake.table->count, m->filters,
                                          1, MQTT_SUB_OPT_SEND_RETAIN_NEW, NULL);
    if (rc != MOSQ_ERR_SUCCESS) {
        say(m, "cannot subscribe", mosquitto_strerror(rc));
    } else {
        say(m, "connected", "");
    }
}

/* QoS 0 is taken too: such a filter is told of, as what it sends may be lost. */
static void on_subscribe(struct mosquitto *client, void *data, int id, int count,
                         const int *granted, const mosquitto_property *properties) {
    struct mqtt *m = data;
    (void)client;
    (void)id;
    (void)properties;
    for (int i = 0; i < count; i++) {
        if (granted[i] != 1) {
            char what[WORDS_MAX];
            snprintf(what, sizeof what, "the broker does not grant \"%.150s\" with QoS 1",
                     m->filters[i]);
            say(m, what, granted[i] > 2 ? mosquitto_reason_string(granted[i]) : "");
        }
    }
}

static void on_disconnect(struct mosquitto *client, void *data, int reason,
                          const mosquitto_property *properties) {
    struct mqtt *m = data;
    (void)client;
    (void)properties;
    if (m->words[0] == '\0') {
        snprintf(m->words, sizeof m->words, "%s",
                 reason < MQTT_RC_UNSPECIFIED ? mosquitto_strerror(reason)
                                              : mosquitto_reason_string(reason));
    }
    m->up = false;
}

static void on_message(struct mosquitto *client, void *data, const struct mosquitto_message *x,
                       const mosquitto_property *properties) {
    struct mqtt *m = data;
    struct payload_message message = {.topic = x->topic,
                                      .bytes = x->payload,
                                      .len = (size_t)x->payloadlen,
                                      .arrived_ms = m->c.now_ms(m->c.clock)};
    (void)client;
    (void)properties;
    m->received++;
    intake_add(m->intake, &message);
}

/* ---- waiting ---- */

static bool is_stopping(struct mqtt *m) {
    struct pollfd p = {m->wake, POLLIN, 0};
    return poll(&p, 1, 0) > 0;
}

/* Until that time is over, or it is to stop. */
static void rest(struct mqtt *m, int64_t ms) {
    struct pollfd p = {m->wake, POLLIN, 0};
    (void)poll(&p, 1, (int)ms);
}

/* Until the broker's socket can be read, or written where the library has something to write, or it
 * is to stop. Returns what poll() says of the socket. */
static short wait_for_socket(struct mqtt *m, bool *stop) {
    short events =
        mosquitto_want_write(m->client) ? POLLIN | POLLRDHUP | POLLOUT : POLLIN | POLLRDHUP;
    struct pollfd p[2] = {{mosquitto_socket(m->client), events, 0}, {m->wake, POLLIN, 0}};
    (void)poll(p, 2, TICK_MS);
    *stop = p[1].revents != 0;
    return p[0].revents;
}

/* ---- a connection ---- */

/* Drops it with all that is queued: a message whose PUBACK was not sent comes again. The library
 * closes the socket before it connects anew, or when it ends. */
static void drop(struct mqtt *m) {
    int fd = mosquitto_socket(m->client);
    if (fd >= 0) {
        (void)shutdown(fd, SHUT_RDWR);
    }
    m->up = false;
    m->connected = false;
}

/* Reads until nothing is there or the batch is full. The library reads a packet a call, or more
 * where TLS has decrypted more: once a call brings no message, and the socket has nothing, it is
 * over. False: the connection is. */
static bool read_batch(struct mqtt *m) {
    bool more = true;
    while (more && !intake_is_full(m->intake)) {
        size_t before = intake_count(m->intake);
        int rc = mosquitto_loop_read(m->client, 1);
        if (rc != MOSQ_ERR_SUCCESS || mosquitto_socket(m->client) < 0) {
            return false;
        }
        struct pollfd p = {mosquitto_socket(m->client), POLLIN, 0};
        more = intake_count(m->intake) > before || poll(&p, 1, 0) > 0;
    }
    return true;
}

/* The batch into the store, tried until it is there. False: it is to stop first. */
static bool keep_batch(struct mqtt *m) {
    int64_t wait = BUSY_MS;
    while (intake_count(m->intake) > 0) {
        struct err err = ERR_INIT;
        struct intake_kept kept;
        enum code code = intake_keep(m->intake, &kept, &err);
        m->kept += kept.taken;
        m->dead += kept.dead;
        if (code == OK) {
            m->commits++;
            return true;
        }
        m->retries++;
        say(m, "messages wait, as they cannot be kept", err.msg);
        if (is_stopping(m)) {
            return false;
        }
        rest(m, wait);
        wait = wait * 2 < BUSY_MAX_MS ? wait * 2 : BUSY_MAX_MS;
    }
    return true;
}

/* Reads, keeps, acknowledges. False: the connection is over, by itself or as it is to stop. */
static bool serve_socket(struct mqtt *m) {
    bool alive = read_batch(m);
    if (!keep_batch(m)) {
        drop(m);
        return false;
    }
    return alive && mosquitto_loop_write(m->client, 1) == MOSQ_ERR_SUCCESS;
}

/* The first CONNECT is made with the properties, which the library keeps, but it would wait for the
 * network, for minutes where a firewall swallows packets, and a server could not stop: so it goes
 * to a port that nobody can have, fails at once, and what is waited for is the second. */
static int connect_first(struct mqtt *m) {
    mosquitto_property *properties = NULL;
    int rc =
        mosquitto_property_add_int32(&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL, MQTT_EXPIRY_S);
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
                                          MQTT_PACKET_MAX);
    }
    if (rc == MOSQ_ERR_SUCCESS) {
        (void)mosquitto_connect_bind_v5(m->client, "127.0.0.1", 0, MQTT_KEEPALIVE_S, NULL,
                                        properties);
        m->prepared = true;
    }
    mosquitto_property_free_all(&properties);
    return rc;
}

static int connect_once(struct mqtt *m) {
    int rc = m->prepared ? MOSQ_ERR_SUCCESS : connect_first(m);
    m->words[0] = '\0';
    errno = 0;
    return rc != MOSQ_ERR_SUCCESS
               ? rc
               : mosquitto_connect_bind_async(m->client, m->c.address.host, m->c.address.port,
                                              MQTT_KEEPALIVE_S, NULL);
}

/* What is ready on the socket. False: the connection is over. */
static bool serve_ready(struct mqtt *m, short ready) {
    if (!serve_socket(m)) {
        return false;
    }
    if (!m->up && (ready & POLLIN) == 0) {
        rest(m, HANDSHAKE_MS); /* the library asks to write all through a handshake */
    }
    return (ready & (POLLERR | POLLHUP | POLLRDHUP)) == 0;
}

/* From the first packet to the last. *stop: it is to stop. */
static void run_connection(struct mqtt *m, bool *stop) {
    int64_t end = mono_ms() + CONNECT_MS;
    bool alive = true;
    while (alive && !*stop) {
        short ready = wait_for_socket(m, stop);
        alive = ready == 0 || serve_ready(m, ready);
        if (alive && !m->up && mono_ms() > end) {
            snprintf(m->words, sizeof m->words, "no answer within %d s", CONNECT_MS / 1000);
            alive = false;
        }
        alive = alive && mosquitto_loop_misc(m->client) == MOSQ_ERR_SUCCESS;
    }
}

/* Says goodbye, so that the broker need not find out. All is acknowledged by now. */
static void part(struct mqtt *m) {
    if (m->up && mosquitto_disconnect(m->client) == MOSQ_ERR_SUCCESS) {
        (void)mosquitto_loop_write(m->client, 1);
    }
}

static void *run(void *data) {
    struct mqtt *m = data;
    int64_t wait = RETRY_MS;
    bool stop = is_stopping(m);
    while (!stop) {
        uint64_t connects = m->connects;
        int rc = connect_once(m);
        if (rc <= MOSQ_ERR_SUCCESS) { /* less: it is under way */
            run_connection(m, &stop);
            stop = stop || is_stopping(m);
        } else if (m->words[0] == '\0') {
            snprintf(m->words, sizeof m->words, "%s",
                     rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
        }
        if (stop) {
            part(m);
        } else {
            bool was = m->connects > connects;
            say(m, was ? "the connection is lost" : "cannot connect", m->words);
            drop(m);
            wait = was ? RETRY_MS : wait;
            rest(m, wait);
            stop = is_stopping(m);
            wait = wait * 2 < RETRY_MAX_MS ? wait * 2 : RETRY_MAX_MS;
        }
    }
    m->connected = false;
    return NULL;
}

/* ---- beginning and end ---- */

static void set_callbacks(struct mosquitto *client) {
    mosquitto_log_callback_set(client, on_log);
    mosquitto_connect_v5_callback_set(client, on_connect);
    mosquitto_disconnect_v5_callback_set(client, on_disconnect);
    mosquitto_subscribe_v5_callback_set(client, on_subscribe);
    mosquitto_message_v5_callback_set(client, on_message);
}

/* TLS 1.2 and above; the certificate and the name in it are verified. */
static int set_tls(const struct mqtt_config *c, struct mosquitto *client) {
    if (!c->address.tls) {
        return MOSQ_ERR_SUCCESS;
    }
    int rc = c->ca_file == NULL ? mosquitto_int_option(client, MOSQ_OPT_TLS_USE_OS_CERTS, 1)
                                : mosquitto_tls_set(client, c->ca_file, NULL, NULL, NULL, NULL);
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_tls_opts_set(client, 1, NULL, NULL); /* SSL_VERIFY_PEER */
    }
    return rc == MOSQ_ERR_SUCCESS ? mosquitto_tls_insecure_set(client, false) : rc;
}

static int set_options(const struct mqtt_config *c, struct mosquitto *client) {
    int rc = mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_int_option(client, MOSQ_OPT_RECEIVE_MAXIMUM, MQTT_RECEIVE_MAX);
    }
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    }
    if (rc == MOSQ_ERR_SUCCESS) {
        rc = mosquitto_threaded_set(client, true);
    }
    if (rc == MOSQ_ERR_SUCCESS && c->address.user != NULL) {
        rc = mosquitto_username_pw_set(client, c->address.user, c->password);
    }
    return rc == MOSQ_ERR_SUCCESS ? set_tls(c, client) : rc;
}

static enum code open_client(struct mqtt *m, struct err *err) {
    m->client = mosquitto_new(m->c.client, false, m);
    if (m->client == NULL) {
        return err_set(err, E_IO, "cannot make an MQTT client: %s", strerror(errno));
    }
    set_callbacks(m->client);
    int rc = set_options(&m->c, m->client);
    if (rc != MOSQ_ERR_SUCCESS) {
        return err_set(err, E_INPUT, "cannot use %s: %s",
                       m->c.ca_file == NULL ? "MQTT" : m->c.ca_file, mosquitto_strerror(rc));
    }
    return OK;
}

static enum code start(struct mqtt *m, struct err *err) {
    m->wake = eventfd(0, EFD_CLOEXEC);
    if (m->wake < 0) {
        return err_set(err, E_IO, "cannot make an eventfd: %s", strerror(errno));
    }
    enum code code = open_client(m, err);
    if (code != OK) {
        return code;
    }
    int rc = pthread_create(&m->thread, NULL, run, m);
    m->running = rc == 0;
    return rc == 0 ? OK : err_set(err, E_IO, "cannot start a thread: %s", strerror(rc));
}

enum code mqtt_new(const struct mqtt_config *config, struct mqtt **out, struct err *err) {
    size_t count = config->intake.table->count;
    struct mqtt *m = mem_alloc(sizeof *m);
    memset(m, 0, sizeof *m);
    m->c = *config;
    (void)mosquitto_lib_init();
    m->intake = intake_new(&config->intake);
    m->filters = mem_alloc((count + 1) * sizeof *m->filters);
    for (size_t i = 0; i < count; i++) {
        m->filters[i] = strdup(payload_filter(config->intake.table, i)->subscription);
        assert(m->filters[i] != NULL);
    }
    enum code code = start(m, err);
    if (code != OK) {
        mqtt_free(m);
        return code;
    }
    *out = m;
    return OK;
}

void mqtt_free(struct mqtt *m) {
    uint64_t one = 1;
    if (m == NULL) {
        return;
    }
    if (m->running) {
        (void)!write(m->wake, &one, sizeof one);
        pthread_join(m->thread, NULL);
    }
    if (m->client != NULL) {
        mosquitto_destroy(m->client);
    }
    if (m->wake >= 0) {
        close(m->wake);
    }
    for (size_t i = 0; i < m->c.intake.table->count; i++) {
        free(m->filters[i]);
    }
    free(m->filters);
    intake_free(m->intake);
    mosquitto_lib_cleanup();
    free(m);
}

void mqtt_stats(struct mqtt *m, struct mqtt_stats *out) {
    *out = (struct mqtt_stats){m->received, m->kept,     m->dead,     m->commits,
                               m->retries,  m->connects, m->connected};
}
