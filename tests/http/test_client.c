/* The client against servers that answer what they are told to, and against addresses it may not
 * speak to. */
#include "http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/reach_int.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "

enum { ANSWERS_MAX = 64, URL_SPACE = 128 };

/* A server that gives its answers one after the other, whatever is asked, and then ends. An answer
 * that is NULL closes the connection; "" is never given: the connection stays silent. */
struct peer {
    int fd;
    int port;
    pthread_t thread;
    const char *answers[ANSWERS_MAX];
    size_t count;
    size_t given;
    int connections;
    struct buf seen; /* all requests */
};

/* Reads one request to its end; false: the client is gone. */
static bool take_request(int fd, struct buf *seen) {
    size_t start = seen->len;
    const char *end = NULL;
    for (;;) {
        end = seen->len == start ? NULL : strstr(seen->data + start, "\r\n\r\n");
        const char *length = end == NULL ? NULL : strstr(seen->data + start, "Content-Length: ");
        size_t body = length == NULL ? 0 : (size_t)strtoul(length + 16, NULL, 10);
        if (end != NULL && seen->len >= (size_t)(end + 4 - seen->data) + body) {
            return true;
        }
        ssize_t n = read(fd, buf_room(seen, 4096), 4096);
        if (n <= 0) {
            return false;
        }
        seen->len += (size_t)n;
        seen->data[seen->len] = '\0';
    }
}

static void serve_one(struct peer *p, int fd) {
    while (p->given < p->count && take_request(fd, &p->seen)) {
        const char *answer = p->answers[p->given++];
        if (answer == NULL) {
            break;
        }
        if (write(fd, answer, strlen(answer)) < 0) {
            break;
        }
    }
}

static void *serve(void *data) {
    struct peer *p = data;
    while (p->given < p->count) {
        int fd = accept(p->fd, NULL, NULL);
        if (fd < 0) {
            break;
        }
        p->connections++;
        serve_one(p, fd);
        if (p->given == p->count && p->count > 0 && p->answers[p->count - 1] != NULL &&
            p->answers[p->count - 1][0] == '\0') {
            char c;
            while (read(fd, &c, 1) > 0) { /* silent until the client goes */
            }
        }
        close(fd);
    }
    return NULL;
}

static void listen_any(struct peer *p) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(p->fd >= 0);
    assert_int_equal(bind(p->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p->fd, 64), 0);
    assert_int_equal(getsockname(p->fd, (struct sockaddr *)&at, &len), 0);
    p->port = ntohs(at.sin_port);
}

static void peer_listen(struct peer *p) {
    memset(p, 0, sizeof *p);
    listen_any(p);
}

static void peer_add(struct peer *p, const char *answer) {
    assert_true(p->count < ANSWERS_MAX);
    p->answers[p->count++] = answer;
}

static void peer_start(struct peer *p) {
    assert_int_equal(pthread_create(&p->thread, NULL, serve, p), 0);
}

static void peer_end(struct peer *p) {
    shutdown(p->fd, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    close(p->fd);
    buf_fini(&p->seen);
}

static const char *peer_url(const struct peer *p, const char *path, char to[URL_SPACE]) {
    snprintf(to, URL_SPACE, "http://127.0.0.1:%d%s", p->port, path);
    return to;
}

static struct client *new_client(struct client_config config) {
    static const char *const LOOPBACK[] = {"127.0.0.1"};
    struct err err = ERR_INIT;
    struct client *c = NULL;
    if (config.hosts == NULL && !config.strangers) {
        config.hosts = LOOPBACK;
        config.host_count = 1;
    }
    assert_int_equal(client_new(&config, &c, &err), OK);
    return c;
}

struct asked {
    struct arena arena;
    struct err err;
    struct client_response response;
    enum code code;
};

static struct asked get(struct client *c, const char *url) {
    struct asked x = {ARENA_INIT, ERR_INIT, {0}, OK};
    struct client_request r = {.method = "GET", .url = url};
    x.code = client_send(c, &r, &x.arena, &x.response, &x.err);
    assert_true((x.code == OK) == (x.err.msg[0] == '\0'));
    return x;
}

#define assert_refused(c, url, want, words)                                                        \
    do {                                                                                           \
        struct asked x_ = get(c, url);                                                             \
        assert_int_equal(x_.code, want);                                                           \
        if (strstr(x_.err.msg, words) == NULL) {                                                   \
            fail_msg("\"%s\" does not say \"%s\"", x_.err.msg, words);                             \
        }                                                                                          \
        arena_fini(&x_.arena);                                                                     \
    } while (0)

/* ---- what is sent and what comes back ---- */

static void sends_and_reads(void **state) {
    (void)state;
    static const struct http_field headers[] = {
        {"Content-Type", "application/json"}, {"X-Empty", ""}, {"X-Words", "一 two"}};
    struct peer p;
    char url[URL_SPACE];
    peer_listen(&p);
    peer_add(&p, "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
                 "HTTP/1.1 503 Not Now\r\nContent-Type: text/plain\r\nRetry-After:  7\r\n"
                 "Content-Length: 5\r\n\r\nlater");
    peer_start(&p);
    struct client *c = new_client((struct client_config){.agent = "tester/1"});
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct client_response out;
    struct client_request r = {.method = "POST",
                               .url = peer_url(&p, "/x?y=%20z", url),
                               .headers = headers,
                               .header_count = 3,
                               .body = "{\"a\":1}",
                               .body_len = 7};
    assert_int_equal(client_send(c, &r, &a, &out, &err), OK);
    assert_int_equal(out.status, 503);
    assert_string_equal(out.type, "text/plain");
    assert_string_equal(out.body, "later");
    assert_int_equal(out.body_len, 5);
    assert_string_equal(client_header(&out, "retry-after"), "7");
    assert_null(client_header(&out, "X-Early"));
    assert_string_equal(out.url, url);
    client_free(c);
    pthread_join(p.thread, NULL);
    assert_non_null(strstr(p.seen.data, "POST /x?y=%20z HTTP/1.1\r\n"));
    assert_non_null(strstr(p.seen.data, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(p.seen.data, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(p.seen.data, "\r\nX-Words: 一 two\r\n"));
    assert_non_null(strstr(p.seen.data, "\r\nUser-Agent: tester/1\r\n"));
    assert_non_null(strstr(p.seen.data, "\r\nContent-Length: 7\r\n"));
    assert_non_null(strstr(p.seen.data, "\r\n\r\n{\"a\":1}"));
    assert_null(strstr(p.seen.data, "Expect"));
    assert_null(strstr(p.seen.data, "Accept-Encoding"));
    arena_fini(&a);
    close(p.fd);
    buf_fini(&p.seen);
}

static void keeps_connections_and_no_cookies(void **state) {
    (void)state;
    struct peer p;
    char url[URL_SPACE];
    peer_listen(&p);
    for (int i = 0; i < 5; i++) {
        peer_add(&p, "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok");
    }
    peer_start(&p);
    struct client *c = new_client((struct client_config){0});
    for (int i = 0; i < 5; i++) {
        struct asked x = get(c, peer_url(&p, "/", url));
        assert_int_equal(x.code, OK);
        assert_int_equal(x.response.status, 200);
        arena_fini(&x.arena);
    }
    client_free(c);
    pthread_join(p.thread, NULL);
    assert_int_equal(p.connections, 1);
    assert_null(strstr(p.seen.data, "Cookie"));
    close(p.fd);
    buf_fini(&p.seen);
}

/* A proxy of the environment would be spoken to in place of the host. */
static void heeds_no_environment(void **state) {
    (void)state;
    struct peer p;
    char url[URL_SPACE];
    peer_listen(&p);
    peer_add(&p, OK_HEAD "2\r\n\r\nok");
    peer_start(&p);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    struct client *c = new_client((struct client_config){0});
    struct asked x = get(c, peer_url(&p, "/", url));
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    assert_int_equal(x.code, OK);
    arena_fini(&x.arena);
    client_free(c);
    peer_end(&p);
}

/* ---- bounds ---- */

static void caps_body_and_headers(void **state) {
    (void)state;
    struct peer p;
    char url[URL_SPACE];
    struct buf long_header = BUF_INIT;
    buf_adds(&long_header, "HTTP/1.1 200 OK\r\nX-Long: ");
    for (int i = 0; i < 300; i++) {
        buf_addc(&long_header, 'x');
    }
    buf_adds(&long_header, "\r\nContent-Length: 0\r\n\r\n");
    peer_listen(&p);
    peer_add(&p, NULL);
    peer_add(&p, OK_HEAD "10\r\n\r\n0123456789");
    peer_add(&p, OK_HEAD "11\r\n\r\n01234567890");
    peer_add(&p, "HTTP/1.1 200 OK\r\n\r\n01234567890123"); /* without a length */
    peer_add(&p, long_header.data);
    peer_start(&p);
    struct client *c = new_client((struct client_config){.body_max = 10, .header_max = 200});
    assert_refused(c, peer_url(&p, "/closed", url), E_IO, "/closed");
    struct asked x = get(c, peer_url(&p, "/fits", url));
    assert_int_equal(x.code, OK);
    assert_string_equal(x.response.body, "0123456789");
    arena_fini(&x.arena);
    assert_refused(c, peer_url(&p, "/told", url), E_LIMIT, "more than 200 bytes of headers or 10");
    assert_refused(c, peer_url(&p, "/untold", url), E_LIMIT, "/untold");
    assert_refused(c, peer_url(&p, "/headers", url), E_LIMIT, "/headers");
    client_free(c);
    peer_end(&p);
    buf_fini(&long_header);
}

static void ends_within_its_time(void **state) {
    (void)state;
    struct peer p;
    char url[URL_SPACE];
    peer_listen(&p);
    peer_add(&p, "");
    peer_start(&p);
    struct client *c = new_client((struct client_config){.timeout_ms = 100});
    assert_refused(c, peer_url(&p, "/silent", url), E_IO, "timed out");
    client_free(c);
    peer_end(&p);
}

struct stopper {
    struct client *client;
    struct peer *peer;
};

static void *stop_when_asked(void *data) {
    struct stopper *s = data;
    char c;
    int fd = accept(s->peer->fd, NULL, NULL);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, &c, 1), 1); /* the request is under way */
    client_stop(s->client);
    while (read(fd, &c, 1) > 0) {
    }
    close(fd);
    return NULL;
}

static void stops_what_is_under_way(void **state) {
    (void)state;
    struct peer p;
    char url[URL_SPACE];
    pthread_t thread;
    peer_listen(&p);
    struct client *c = new_client((struct client_config){.timeout_ms = 3600000});
    struct stopper s = {c, &p};
    assert_int_equal(pthread_create(&thread, NULL, stop_when_asked, &s), 0);
    assert_refused(c, peer_url(&p, "/", url), E_IO, "stopping");
    assert_refused(c, peer_url(&p, "/", url), E_IO, "stopping");
    pthread_join(thread, NULL);
    client_free(c);
    close(p.fd);
}

static void says_what_failed(void **state) {
    (void)state;
    struct peer p;
    char url[URL_SPACE];
    peer_listen(&p);
    close(p.fd); /* a port that nobody listens on */
    struct client *c = new_client((struct client_config){0});
    assert_refused(c, peer_url(&p, "/nobody", url), E_IO, "/nobody\": Failed to connect");
    client_free(c);
}

/* ---- whom it may ask ---- */

static void refuses_what_is_no_address(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "x",
        "//127.0.0.1/",
        "/path",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "mqtt://127.0.0.1/topic",
        "http://",
        "http:///path",
        "http://127.0.0.1:99999/",
        "http://user@127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1/\xe4\xb8\x80",
        "http://\xe4\xb8\x80/",
    };
    struct client *c = new_client((struct client_config){0});
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = ERR_INIT;
        assert_int_equal(client_check(c, bad[i], &err), E_INPUT);
        assert_refused(c, bad[i], E_INPUT, "cannot ask");
    }
    struct buf url = BUF_INIT;
    buf_adds(&url, "http://127.0.0.1/");
    while (url.len <= CLIENT_URL_MAX) {
        buf_addc(&url, 'x');
    }
    assert_refused(c, url.data, E_INPUT, "longer than 2048 bytes");
    buf_fini(&url);
    client_free(c);
}

static void refuses_bad_headers(void **state) {
    (void)state;
    static const struct http_field bad[] = {{"", "x"},          {"A B", "x"},    {"A:", "x"},
                                            {"A", "x\r\nB: y"}, {"A\r\nB", "x"}, {"A", "\x7f"}};
    struct client *c = new_client((struct client_config){0});
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct client_response out;
        struct client_request r = {
            .method = "GET", .url = "http://127.0.0.1:1/", .headers = &bad[i], .header_count = 1};
        assert_int_equal(client_send(c, &r, &a, &out, &err), E_INPUT);
        arena_fini(&a);
    }
    client_free(c);
}

static void asks_only_hosts_that_are_named(void **state) {
    (void)state;
    static const char *const hosts[] = {"a.example", "b.example:8080", "[::1]", "[::2]:80"};
    struct client *c = new_client((struct client_config){.hosts = hosts, .host_count = 4});
    struct err err = ERR_INIT;
    assert_int_equal(client_check(c, "http://a.example/x", &err), OK);
    assert_int_equal(client_check(c, "https://A.Example:999/x", &err), OK);
    assert_int_equal(client_check(c, "http://b.example:8080/", &err), OK);
    assert_int_equal(client_check(c, "http://[::1]:5/", &err), OK);
    assert_int_equal(client_check(c, "http://[::2]/", &err), OK);
    static const char *const others[] = {
        "http://b.example/",  "http://c.example/", "http://a.example.evil/", "http://x.a.example/",
        "http://a.example./", "http://[::2]:81/",  "http://[::3]/",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_refused(c, others[i], E_DENIED, "not among those allowed");
    }
    client_free(c);
}

/* A host that nobody named is held against the rules by the address of each connection. */
static void strangers_only_at_public_addresses(void **state) {
    (void)state;
    static const char *const inside[] = {
        "http://127.0.0.1:1/", "http://localhost:1/",     "http://2130706433:1/",
        "http://0x7f.1:1/",    "http://[::1]:1/",         "http://[::ffff:127.0.0.1]:1/",
        "http://10.1.2.3:1/",  "http://169.254.169.254/", "http://0.0.0.0:1/",
    };
    struct client *c = new_client((struct client_config){.strangers = true});
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        struct err err = ERR_INIT;
        bool is_name = strstr(inside[i], "localhost") != NULL; /* is not looked up yet */
        assert_int_equal(client_check(c, inside[i], &err), is_name ? OK : E_DENIED);
        assert_refused(c, inside[i], E_DENIED, "its address is not a public one");
    }
    client_free(c);
}

static void networks_are_allowed_by_address(void **state) {
    (void)state;
    static const char *const right[] = {"127.0.0.0/8"};
    static const char *const wrong[] = {"127.0.0.128/25"};
    struct peer p;
    char url[URL_SPACE];
    peer_listen(&p);
    peer_add(&p, OK_HEAD "2\r\n\r\nok");
    peer_start(&p);
    snprintf(url, sizeof url, "http://localhost:%d/", p.port);
    struct client *c = new_client((struct client_config){.hosts = wrong, .host_count = 1});
    assert_refused(c, url, E_DENIED, "its address is not a public one");
    client_free(c);
    c = new_client((struct client_config){.hosts = right, .host_count = 1});
    struct asked x = get(c, url);
    assert_int_equal(x.code, OK);
    arena_fini(&x.arena);
    client_free(c);
    peer_end(&p);
}

static void knows_public_addresses(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_public;
    } rows[] = {
        {"1.1.1.1", true},
        {"9.255.255.255", true},
        {"11.0.0.0", true},
        {"100.63.255.255", true},
        {"100.64.0.0", false},
        {"100.127.255.255", false},
        {"100.128.0.0", true},
        {"172.15.255.255", true},
        {"172.16.0.0", false},
        {"172.31.255.255", false},
        {"172.32.0.0", true},
        {"192.167.255.255", true},
        {"192.168.1.1", false},
        {"169.254.0.1", false},
        {"223.255.255.255", true},
        {"224.0.0.1", false},
        {"255.255.255.255", false},
        {"0.1.2.3", false},
        {"127.255.255.255", false},
        {"2400:3200::1", true},
        {"2001:200::1", true},
        {"2001:1ff:ffff::1", false},
        {"2001:db8::1", false},
        {"2002:7f00:1::", false},
        {"3fff::1", false},
        {"::", false},
        {"::1", false},
        {"64:ff9b::7f00:1", false},
        {"fc00::1", false},
        {"fe80::1", false},
        {"ff02::1", false},
        {"::ffff:10.0.0.1", false},
        {"::ffff:1.1.1.1", true},
        {"4000::1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool is_v4 = inet_pton(AF_INET, rows[i].text, &v4.sin_addr) == 1;
        assert_true(is_v4 || inet_pton(AF_INET6, rows[i].text, &v6.sin6_addr) == 1);
        struct reach_address a;
        assert_true(reach_address_of(
            is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6, &a));
        if (reach_is_public(&a) != rows[i].is_public) {
            fail_msg("%s: public should be %d", rows[i].text, rows[i].is_public);
        }
    }
}

static void refuses_bad_entries(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "http://a.example",
        "a.example/x",
        "10.0.0.0/33",
        "10.0.0/8",
        "::/129",
        "fc00::/",
        "a.example:",
        "a:0",
        "a:65536",
        "a:80:80",
        "[::1",
        "[::1]x",
        "a b",
        "user@host",
        ":80",
        "1.2.3.4/x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct client_config config = {.hosts = &bad[i], .host_count = 1};
        struct client *c = NULL;
        struct err err = ERR_INIT;
        if (client_new(&config, &c, &err) != E_INPUT) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
    }
    const char *many[CLIENT_HOSTS_MAX + 1];
    for (size_t i = 0; i <= CLIENT_HOSTS_MAX; i++) {
        many[i] = "a.example";
    }
    struct client_config config = {.hosts = many, .host_count = CLIENT_HOSTS_MAX + 1};
    struct client *c = NULL;
    assert_int_equal(client_new(&config, &c, NULL), E_LIMIT);
}

/* ---- redirects ---- */

static void redirects_are_off(void **state) {
    (void)state;
    struct peer p;
    char url[URL_SPACE];
    peer_listen(&p);
    peer_add(&p, "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
    peer_start(&p);
    struct client *c = new_client((struct client_config){0});
    struct asked x = get(c, peer_url(&p, "/", url));
    assert_int_equal(x.code, OK);
    assert_int_equal(x.response.status, 302);
    assert_string_equal(client_header(&x.response, "Location"), "/other");
    arena_fini(&x.arena);
    client_free(c);
    peer_end(&p);
}

static void redirects_are_counted_and_held_against_the_rules(void **state) {
    (void)state;
    static const char MOVED[] =
        "HTTP/1.1 301 Moved\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n";
    struct peer p;
    char url[URL_SPACE], next[URL_SPACE], away[256];
    peer_listen(&p);
    snprintf(away, sizeof away,
             "HTTP/1.1 307 Away\r\nLocation: http://localhost:%d/\r\nContent-Length: 0\r\n\r\n",
             p.port);
    peer_add(&p, MOVED);
    peer_add(&p, MOVED);
    peer_add(&p, OK_HEAD "2\r\n\r\nok");
    peer_add(&p, MOVED);
    peer_add(&p, MOVED);
    peer_add(&p, MOVED);
    peer_add(&p, away);
    peer_add(&p, "HTTP/1.1 302 File\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    peer_add(&p, MOVED); /* of a POST */
    peer_start(&p);
    struct client *c = new_client((struct client_config){.redirects_max = 2});
    struct asked x = get(c, peer_url(&p, "/", url));
    assert_int_equal(x.code, OK);
    assert_int_equal(x.response.status, 200);
    assert_string_equal(x.response.url, peer_url(&p, "/next", next));
    arena_fini(&x.arena);
    assert_refused(c, url, E_LIMIT, "more than 2 redirects");
    assert_refused(c, url, E_DENIED, "localhost");
    assert_refused(c, url, E_INPUT, "file:///etc/passwd");
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct client_response out;
    struct client_request r = {.method = "POST", .url = url, .body = "x", .body_len = 1};
    assert_int_equal(client_send(c, &r, &a, &out, &err), OK);
    assert_int_equal(out.status, 301);
    arena_fini(&a);
    client_free(c);
    peer_end(&p);
}

/* ---- many threads ---- */

struct crowd {
    struct client *client;
    const char *url;
    atomic_int answers;
};

static void *ask_often(void *data) {
    struct crowd *crowd = data;
    for (int i = 0; i < 8; i++) {
        struct asked x = get(crowd->client, crowd->url);
        if (x.code == OK && strcmp(x.response.body, "ok") == 0) {
            atomic_fetch_add(&crowd->answers, 1);
        }
        arena_fini(&x.arena);
    }
    return NULL;
}

/* Each connection has a thread of the peer, as each thread of the client has one of its own. */
static void *serve_connection(void *data) {
    struct peer own = {.fd = *(int *)data};
    free(data);
    while (take_request(own.fd, &own.seen)) {
        buf_clear(&own.seen);
        if (write(own.fd, OK_HEAD "2\r\n\r\nok", sizeof OK_HEAD "2\r\n\r\nok" - 1) < 0) {
            break;
        }
    }
    buf_fini(&own.seen);
    close(own.fd);
    return NULL;
}

static void *serve_many(void *data) {
    struct peer *p = data;
    pthread_t threads[ANSWERS_MAX];
    for (int fd; p->connections < ANSWERS_MAX && (fd = accept(p->fd, NULL, NULL)) >= 0;) {
        int *own = malloc(sizeof *own);
        assert_non_null(own);
        *own = fd;
        pthread_create(&threads[p->connections++], NULL, serve_connection, own);
    }
    for (int i = 0; i < p->connections; i++) {
        pthread_join(threads[i], NULL);
    }
    return NULL;
}

static void many_threads_ask_at_once(void **state) {
    (void)state;
    enum { THREADS = 6 };
    struct peer p;
    char url[URL_SPACE];
    pthread_t threads[THREADS];
    peer_listen(&p);
    assert_int_equal(pthread_create(&p.thread, NULL, serve_many, &p), 0);
    struct crowd crowd = {.client = new_client((struct client_config){0}),
                          .url = peer_url(&p, "/", url)};
    atomic_init(&crowd.answers, 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &crowd), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    client_free(crowd.client);
    shutdown(p.fd, SHUT_RDWR);
    pthread_join(p.thread, NULL);
    close(p.fd);
    assert_int_equal(atomic_load(&crowd.answers), THREADS * 8);
    assert_true(p.connections <= THREADS); /* they were used again */
}

/* ---- TLS ---- */

struct tls_peer {
    char folder[64];
    pid_t pid;
    int out;
    int port;
};

static void run(const char *command) {
    assert_int_equal(system(command), 0);
}

/* openssl's own server, with a certificate that only its own file vouches for. */
static void tls_start(struct tls_peer *t) {
    char command[512], line[256];
    int ends[2];
    snprintf(t->folder, sizeof t->folder, "/tmp/taihu-client-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    snprintf(command, sizeof command,
             "cd %s && openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem "
             "-days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost >/dev/null 2>&1",
             t->folder);
    run(command);
    assert_int_equal(pipe(ends), 0);
    t->pid = fork();
    if (t->pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        if (chdir(t->folder) == 0) {
            execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert",
                   "cert.pem", "-key", "key.pem", (char *)NULL);
        }
        _exit(127);
    }
    close(ends[1]);
    t->out = ends[0];
    FILE *f = fdopen(ends[0], "r");
    assert_non_null(f);
    while (t->port == 0 && fgets(line, sizeof line, f) != NULL) {
        sscanf(line, "ACCEPT 127.0.0.1:%d", &t->port);
    }
    assert_true(t->port > 0);
}

static void tls_end(struct tls_peer *t) {
    char command[128];
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
    close(t->out);
    snprintf(command, sizeof command, "rm -rf %s", t->folder);
    run(command);
}

static void certificates_are_verified(void **state) {
    (void)state;
    static const char *const hosts[] = {"localhost", "127.0.0.1"};
    struct tls_peer t = {0};
    char url[URL_SPACE], ca[96];
    tls_start(&t);
    snprintf(ca, sizeof ca, "%s/cert.pem", t.folder);
    snprintf(url, sizeof url, "https://localhost:%d/", t.port);
    struct client_config config = {.hosts = hosts, .host_count = 2};
    struct client *c = new_client(config);
    assert_refused(c, url, E_IO, "certificate");
    client_free(c);
    config.ca_file = ca;
    c = new_client(config);
    struct asked x = get(c, url);
    assert_int_equal(x.code, OK);
    assert_int_equal(x.response.status, 200);
    arena_fini(&x.arena);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", t.port); /* not the certificate's name */
    assert_refused(c, url, E_IO, "certificate");
    client_free(c);
    tls_end(&t);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_and_reads),
        cmocka_unit_test(keeps_connections_and_no_cookies),
        cmocka_unit_test(heeds_no_environment),
        cmocka_unit_test(caps_body_and_headers),
        cmocka_unit_test(ends_within_its_time),
        cmocka_unit_test(stops_what_is_under_way),
        cmocka_unit_test(says_what_failed),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(refuses_bad_headers),
        cmocka_unit_test(asks_only_hosts_that_are_named),
        cmocka_unit_test(strangers_only_at_public_addresses),
        cmocka_unit_test(networks_are_allowed_by_address),
        cmocka_unit_test(knows_public_addresses),
        cmocka_unit_test(refuses_bad_entries),
        cmocka_unit_test(redirects_are_off),
        cmocka_unit_test(redirects_are_counted_and_held_against_the_rules),
        cmocka_unit_test(many_threads_ask_at_once),
        cmocka_unit_test(certificates_are_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
