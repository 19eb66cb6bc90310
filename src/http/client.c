/* client: see client.h. A request borrows one of libcurl's handles, the one that spoke to the same
 * host last where it is free: each keeps its own connections. There are as many handles as there
 * were calls at once.
 *
 *   client_send() ─► hop: address read, host held against the rules ─► handle ─► libcurl
 *                     ▲                                                │  each connection's address
 *                     └────────────── a redirect, of a GET ◄───────────┘  held against them too */
#include "http/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/mono.h"
#include "http/reach_int.h"

enum {
    HOST_MAX = 256,         /* bytes: a name of DNS has 253 (RFC 1035 section 2.3.4) */
    KEY_MAX = HOST_MAX + 8, /* with ":65535" */
    HANDLE_CONNECTIONS = 4, /* that one handle keeps open */
    URL_SHOWN_MAX = 200,    /* bytes of an address in an error: its cause is to fit in too */
};

struct handle {
    CURL *curl;
    char key[KEY_MAX]; /* host and port of the last request */
    struct handle *next;
};

struct client {
    struct reach reach;
    int timeout_ms;
    size_t body_max, header_max;
    int redirects_max;
    char *agent, *ca_file;
    atomic_bool stopping;

    pthread_mutex_t lock; /* guards the list */
    struct handle *idle;
};

/* Where one request goes. */
struct place {
    CURLU *url;
    char host[HOST_MAX];
    int port;
    bool named; /* in the configuration: its address does not matter */
};

/* One exchange with one place. */
struct transfer {
    struct client *client;
    const struct client_request *request;
    const char *url;
    struct place *place;
    struct arena *arena;
    struct buf body;
    struct buf head; /* header lines, each ended by NUL */
    size_t header_bytes;
    bool denied, too_long;
    char words[CURL_ERROR_SIZE];
};

/* ---- addresses ---- */

static enum code bad_url(const char *url, const char *why, struct err *err) {
    return err_set(err, E_INPUT, "cannot ask \"%.*s\": %s", URL_SHOWN_MAX, url, why);
}

/* A part of the address into `to`; "" where it has none. False: it is longer. */
static bool url_part(CURLU *url, CURLUPart part, char *to, size_t cap) {
    char *text = NULL;
    to[0] = '\0';
    if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) {
        return true;
    }
    int n = snprintf(to, cap, "%s", text);
    curl_free(text);
    return n >= 0 && (size_t)n < cap;
}

static enum code check_form(const char *url, struct err *err) {
    if (strlen(url) > CLIENT_URL_MAX) {
        return err_set(err, E_INPUT, "cannot ask \"%.*s...\": longer than %d bytes", URL_SHOWN_MAX,
                       url, CLIENT_URL_MAX);
    }
    for (const char *p = url; *p != '\0'; p++) {
        if (*p <= ' ' || *p > '~') { /* also all that is not ASCII, where char has a sign */
            return err_set(err, E_INPUT, "cannot ask an address whose byte %zu is 0x%02x",
                           (size_t)(p - url), (unsigned char)*p);
        }
    }
    return OK;
}

/* libcurl guesses what "//host" and "http:///host" mean; here they mean nothing. */
static bool has_form(const char *url) {
    size_t n = strncasecmp(url, "http://", 7) == 0    ? 7
               : strncasecmp(url, "https://", 8) == 0 ? 8
                                                      : 0;
    return n > 0 && url[n] != '/';
}

static enum code read_place(const char *url, struct place *out, struct err *err) {
    char user[2], password[2], port[8];
    if (!has_form(url) || curl_url_set(out->url, CURLUPART_URL, url, 0) != CURLUE_OK) {
        return bad_url(url, "no address of the form http://host/path or https://host/path", err);
    }
    if (!url_part(out->url, CURLUPART_USER, user, sizeof user) || user[0] != '\0' ||
        !url_part(out->url, CURLUPART_PASSWORD, password, sizeof password) || password[0] != '\0') {
        return bad_url(url, "an address bears no name or password", err);
    }
    if (!url_part(out->url, CURLUPART_HOST, out->host, sizeof out->host) || out->host[0] == '\0') {
        return bad_url(url, "its host is none", err);
    }
    url_part(out->url, CURLUPART_PORT, port, sizeof port);
    out->port = (int)strtol(port, NULL, 10);
    return OK;
}

static enum code place_of(const struct client *c, const char *url, struct place *out,
                          struct err *err) {
    enum code code = check_form(url, err);
    code = code == OK ? read_place(url, out, err) : code;
    if (code != OK) {
        return code;
    }
    out->named = reach_names(&c->reach, out->host, out->port);
    if (!out->named && !reach_asks_address(&c->reach)) {
        return err_set(err, E_DENIED, "cannot ask \"%.*s\": its host is not among those allowed",
                       URL_SHOWN_MAX, url);
    }
    if (!out->named && !reach_takes_literal(&c->reach, out->host)) {
        return err_set(err, E_DENIED,
                       "cannot ask \"%.*s\": its host is not among those allowed, and its address "
                       "is not a public one",
                       URL_SHOWN_MAX, url);
    }
    return OK;
}

static CURLU *new_url(void) {
    CURLU *url = curl_url();
    if (url == NULL) {
        abort(); /* as mem_alloc() */
    }
    return url;
}

enum code client_check(const struct client *c, const char *url, struct err *err) {
    struct place place = {.url = new_url()};
    enum code code = place_of(c, url, &place, err);
    curl_url_cleanup(place.url);
    return code;
}

/* ---- what libcurl calls ---- */

static curl_socket_t on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *to) {
    (void)purpose;
    struct transfer *t = data;
    if (!t->place->named && !reach_takes(&t->client->reach, &to->addr)) {
        t->denied = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t on_header(char *data, size_t size, size_t count, void *user) {
    struct transfer *t = user;
    size_t n = size * count;
    t->header_bytes += n;
    if (t->header_bytes > t->client->header_max) {
        t->too_long = true;
        return 0;
    }
    if (n > 5 && memcmp(data, "HTTP/", 5) == 0) { /* "100 Continue" may come before the answer */
        buf_clear(&t->head);
        return n;
    }
    size_t len = n;
    while (len > 0 && (data[len - 1] == '\r' || data[len - 1] == '\n')) {
        len--;
    }
    if (len > 0 && memchr(data, '\0', len) == NULL) {
        buf_add(&t->head, data, len);
        buf_addc(&t->head, '\0');
    }
    return n;
}

static size_t on_body(char *data, size_t size, size_t count, void *user) {
    struct transfer *t = user;
    size_t n = size * count;
    if (n > t->client->body_max - t->body.len) {
        t->too_long = true;
        return 0;
    }
    buf_add(&t->body, data, n);
    return n;
}

/* Called at least once a second: ends what runs when the client stops. */
static int on_progress(void *user, curl_off_t down, curl_off_t down_now, curl_off_t up,
                       curl_off_t up_now) {
    (void)down, (void)down_now, (void)up, (void)up_now;
    struct transfer *t = user;
    return atomic_load(&t->client->stopping) ? 1 : 0;
}

/* ---- handles ---- */

static struct handle *handle_new(void) {
    struct handle *h = mem_alloc(sizeof *h);
    *h = (struct handle){.curl = curl_easy_init()};
    if (h->curl == NULL) {
        abort();
    }
    return h;
}

static void handle_free(struct handle *h) {
    curl_easy_cleanup(h->curl);
    free(h);
}

/* The one that spoke to this place last, else the one used last, else a new one. */
static struct handle *handle_take(struct client *c, const char *key) {
    pthread_mutex_lock(&c->lock);
    struct handle **at = &c->idle;
    while (*at != NULL && strcmp((*at)->key, key) != 0) {
        at = &(*at)->next;
    }
    at = *at == NULL ? &c->idle : at;
    struct handle *h = *at;
    if (h != NULL) {
        *at = h->next;
    }
    pthread_mutex_unlock(&c->lock);
    h = h == NULL ? handle_new() : h;
    snprintf(h->key, sizeof h->key, "%s", key);
    return h;
}

static void handle_give(struct client *c, struct handle *h) {
    curl_easy_reset(h->curl); /* what pointed into the request; connections stay */
    pthread_mutex_lock(&c->lock);
    h->next = c->idle;
    c->idle = h;
    pthread_mutex_unlock(&c->lock);
}

/* ---- one exchange ---- */

static bool is_header_name(const char *s) {
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                         "!#$%&'*+-.^_`|~"); /* token of RFC 9110 section 5.6.2 */
    return n > 0 && s[n] == '\0';
}

static bool is_header_value(const char *s) {
    while ((unsigned char)*s >= ' ' && *s != '\x7f') {
        s++;
    }
    return *s == '\0';
}

static void add_line(struct curl_slist **list, const char *line) {
    struct curl_slist *more = curl_slist_append(*list, line);
    if (more == NULL) {
        abort();
    }
    *list = more;
}

/* The lines of a request. Expect would cost a round trip; what is not asked for as packed is not.
 */
static enum code make_lines(const struct client_request *r, struct curl_slist **out,
                            struct err *err) {
    struct buf line = BUF_INIT;
    enum code code = OK;
    add_line(out, "Expect:");
    for (size_t i = 0; i < r->header_count && code == OK; i++) {
        const struct http_field *h = &r->headers[i];
        if (!is_header_name(h->name) || !is_header_value(h->value)) {
            code = err_set(err, E_INPUT,
                           "cannot send header \"%.64s\": a name is letters, digits "
                           "and signs, a value has no control characters",
                           h->name);
            break;
        }
        buf_clear(&line);
        /* "Name;" is how libcurl is told of a header without a value */
        buf_addf(&line, h->value[0] == '\0' ? "%s;" : "%s: %s", h->name, h->value);
        add_line(out, line.data);
    }
    buf_fini(&line);
    return code;
}

static void set_bounds(CURL *curl, struct transfer *t, int64_t left_ms) {
    const struct client *c = t->client;
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* nor one of the environment */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)left_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)left_ms);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT,
                     1L); /* not to wait for a name's look-up at the end */
    curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, (long)HANDLE_CONNECTIONS);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (c->ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, c->ca_file);
    }
    if (c->agent != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERAGENT, c->agent);
    }
}

static void set_calls(CURL *curl, struct transfer *t) {
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->words);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
}

static void set_request(CURL *curl, const struct transfer *t, struct curl_slist *lines) {
    const struct client_request *r = t->request;
    curl_easy_setopt(curl, CURLOPT_CURLU, t->place->url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    if (r->body != NULL) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
    }
    if (strcmp(r->method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
    }
}

/* Why there is no answer. */
static enum code say_failure(const struct transfer *t, CURLcode rc, struct err *err) {
    const char *method = t->request->method;
    if (t->too_long) {
        return err_set(err, E_LIMIT,
                       "cannot %s \"%.*s\": the answer has more than %zu bytes of headers or %zu "
                       "of a body",
                       method, URL_SHOWN_MAX, t->url, t->client->header_max, t->client->body_max);
    }
    if (t->denied && rc == CURLE_COULDNT_CONNECT) {
        return err_set(err, E_DENIED,
                       "cannot %s \"%.*s\": its host is not among those allowed, and its address "
                       "is not a public one",
                       method, URL_SHOWN_MAX, t->url);
    }
    const char *why = t->words[0] != '\0' ? t->words : curl_easy_strerror(rc);
    why = rc == CURLE_ABORTED_BY_CALLBACK ? "stopping" : why;
    return err_set(err, E_IO, "cannot %s \"%.*s\": %s", method, URL_SHOWN_MAX, t->url, why);
}

static size_t count_lines(const struct buf *head) {
    size_t n = 0;
    for (size_t i = 0; i < head->len; i++) {
        n += head->data[i] == '\0';
    }
    return n;
}

/* "Name: value" becomes a header; a line without a colon is none. */
static void read_header(char *line, struct client_response *out) {
    char *colon = strchr(line, ':');
    if (colon != NULL) {
        *colon = '\0';
        char *value = colon + 1 + strspn(colon + 1, " \t");
        out->headers[out->header_count++] = (struct http_field){line, value};
    }
}

static void read_headers(const struct transfer *t, struct client_response *out) {
    char *line = arena_dup(t->arena, t->head.len == 0 ? "" : t->head.data, t->head.len);
    char *end = line + t->head.len;
    out->headers = arena_alloc(t->arena, (count_lines(&t->head) + 1) * sizeof *out->headers);
    while (line < end) {
        char *next = line + strlen(line) + 1; /* before the line is cut in two */
        read_header(line, out);
        line = next;
    }
    out->type = client_header(out, "Content-Type");
}

static void make_response(struct transfer *t, CURL *curl, struct client_response *out) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    *out = (struct client_response){
        .status = (int)status,
        .body = arena_dup(t->arena, t->body.len == 0 ? "" : t->body.data, t->body.len),
        .body_len = t->body.len,
        .url = t->url,
    };
    read_headers(t, out);
}

/* The address that a redirect leads to, in the arena; NULL: it is none. */
static const char *redirect_of(const struct transfer *t, CURL *curl, int status) {
    char *to = NULL;
    if (status < 300 || status > 399 || strcmp(t->request->method, "GET") != 0) {
        return NULL;
    }
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &to);
    return to == NULL ? NULL : arena_dup(t->arena, to, strlen(to));
}

static enum code exchange(struct transfer *t, int64_t left_ms, struct client_response *out,
                          const char **redirect, struct err *err) {
    char key[KEY_MAX];
    struct curl_slist *lines = NULL;
    enum code code = make_lines(t->request, &lines, err);
    if (code == OK) {
        snprintf(key, sizeof key, "%s:%d", t->place->host, t->place->port);
        struct handle *h = handle_take(t->client, key);
        set_bounds(h->curl, t, left_ms);
        set_calls(h->curl, t);
        set_request(h->curl, t, lines);
        CURLcode rc = curl_easy_perform(h->curl);
        code = rc == CURLE_OK ? OK : say_failure(t, rc, err);
        if (code == OK) {
            make_response(t, h->curl, out);
            *redirect = redirect_of(t, h->curl, out->status);
        }
        handle_give(t->client, h);
    }
    curl_slist_free_all(lines);
    return code;
}

/* ---- a request ---- */

/* One address of a request: asked, until `deadline_ms`. */
static enum code hop(struct transfer *t, int64_t deadline_ms, struct client_response *out,
                     const char **redirect, struct err *err) {
    struct place place = {.url = new_url()};
    int64_t left_ms = deadline_ms - mono_ms();
    enum code code = place_of(t->client, t->url, &place, err);
    if (code == OK && (left_ms <= 0 || atomic_load(&t->client->stopping))) {
        code = err_set(err, E_IO, "cannot %s \"%.*s\": %s", t->request->method, URL_SHOWN_MAX,
                       t->url, left_ms <= 0 ? "out of time" : "stopping");
    }
    if (code == OK) {
        t->place = &place;
        code = exchange(t, left_ms, out, redirect, err);
    }
    curl_url_cleanup(place.url);
    buf_fini(&t->body);
    buf_fini(&t->head);
    return code;
}

enum code client_send(struct client *c, const struct client_request *request, struct arena *a,
                      struct client_response *out, struct err *err) {
    bool shorter = request->timeout_ms > 0 && request->timeout_ms < c->timeout_ms;
    int64_t deadline_ms = mono_ms() + (shorter ? request->timeout_ms : c->timeout_ms);
    const char *url = arena_dup(a, request->url, strlen(request->url));
    for (int followed = 0;; followed++) {
        struct transfer t = {.client = c, .request = request, .url = url, .arena = a};
        struct client_response answer;
        const char *redirect = NULL;
        enum code code = hop(&t, deadline_ms, &answer, &redirect, err);
        if (code != OK) {
            return code;
        }
        if (redirect == NULL || c->redirects_max == 0) {
            *out = answer;
            return OK;
        }
        if (followed == c->redirects_max) {
            return err_set(err, E_LIMIT, "cannot GET \"%.*s\": more than %d redirects",
                           URL_SHOWN_MAX, request->url, c->redirects_max);
        }
        url = redirect;
    }
}

const char *client_header(const struct client_response *r, const char *name) {
    for (size_t i = 0; i < r->header_count; i++) {
        if (strcasecmp(r->headers[i].name, name) == 0) {
            return r->headers[i].value;
        }
    }
    return NULL;
}

/* ---- beginning and ending ---- */

static char *copy_or_null(const char *s) {
    size_t n = s == NULL ? 0 : strlen(s) + 1;
    return s == NULL ? NULL : memcpy(mem_alloc(n), s, n);
}

enum code client_new(const struct client_config *config, struct client **out, struct err *err) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return err_set(err, E_IO, "cannot make libcurl ready");
    }
    struct client *c = mem_alloc(sizeof *c);
    memset(c, 0, sizeof *c);
    c->timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : CLIENT_TIMEOUT_MS;
    c->body_max = config->body_max > 0 ? config->body_max : CLIENT_BODY_MAX;
    c->header_max = config->header_max > 0 ? config->header_max : CLIENT_HEADER_MAX;
    c->redirects_max = config->redirects_max;
    c->agent = copy_or_null(config->agent);
    c->ca_file = copy_or_null(config->ca_file);
    atomic_init(&c->stopping, false);
    pthread_mutex_init(&c->lock, NULL);
    enum code code =
        reach_init(&c->reach, config->hosts, config->host_count, config->strangers, err);
    if (code != OK) {
        client_free(c);
        return code;
    }
    *out = c;
    return OK;
}

void client_stop(struct client *c) {
    atomic_store(&c->stopping, true);
}

bool client_is_stopping(const struct client *c) {
    return atomic_load(&c->stopping);
}

void client_free(struct client *c) {
    if (c == NULL) {
        return;
    }
    while (c->idle != NULL) {
        struct handle *h = c->idle;
        c->idle = h->next;
        handle_free(h);
    }
    reach_fini(&c->reach);
    pthread_mutex_destroy(&c->lock);
    free(c->agent);
    free(c->ca_file);
    free(c);
    curl_global_cleanup();
}
