/* call: see call.h. What is kept for Idempotency-Key is in answer.c. */
#include "api/call.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "api/api_int.h"
#include "base/date.h"
#include "http/etag.h"
#include "store/hex.h"

enum {
    TAG_MAX = 80,
    /* Bytes of bodies larger than SERVER_DIRECT_MAX that are handed over at a time, all together. A
     * tree takes some six times its body: 8 MB. It is 60 batches of 100 values. */
    HANDED_MAX = 1 << 20,
};

/* ---- what is asked ---- */

enum code call_number(const struct call *c, const char *name, int64_t *out, struct err *err) {
    const char *text = route_param(&c->params, name);
    struct json_range range = {1, INT64_MAX};
    int64_t n;
    if (json_whole(text, range, &n, NULL) != OK) {
        return err_set(err, E_ABSENT, "there is no %s \"%.40s\"", name, text);
    }
    *out = n;
    return OK;
}

const char *call_query(const struct call *c, const char *name) {
    return http_query(c->request, name);
}

enum code call_query_int(const struct call *c, const char *name, struct json_range range,
                         int64_t *out, struct err *err) {
    const char *text = call_query(c, name);
    if (text == NULL) {
        return OK;
    }
    enum code code = json_whole(text, range, out, err);
    if (code != OK) {
        err_prefix(err, name);
    }
    return code;
}

static enum code parse_day(const char *name, const char *text, int32_t *out, struct err *err) {
    enum code code = date_parse(text, strlen(text), out, err);
    if (code != OK) {
        err_prefix(err, name);
    }
    return code;
}

enum code call_query_day(const struct call *c, const char *name, int32_t *out, struct err *err) {
    const char *text = call_query(c, name);
    return text == NULL ? OK : parse_day(name, text, out, err);
}

enum code call_query_word(const struct call *c, const char *name, const char *words, int *which,
                          struct err *err) {
    const char *text = call_query(c, name);
    if (text == NULL) {
        return OK;
    }
    int at = 0;
    for (const char *word = words;; at++) {
        size_t n = strcspn(word, "|");
        if (strlen(text) == n && memcmp(text, word, n) == 0) {
            *which = at;
            return OK;
        }
        if (word[n] == '\0') {
            return err_set(err, E_INPUT, "cannot take %s \"%.40s\": it is one of %s", name, text,
                           words);
        }
        word += n + 1;
    }
}

enum code call_body(struct call *c, const char *const *names, const struct json_value **out,
                    struct err *err) {
    const struct json_value *v;
    enum code code = json_read(c->request->body, c->request->body_len, c->arena, &v, err);
    c->malformed = code == E_INPUT;
    if (code == OK) {
        code = json_check_members(v, names, err);
    }
    if (code == OK) {
        *out = v;
    }
    return code;
}

enum code call_need_day(const struct json_value *object, const char *name, int32_t *out,
                        struct err *err) {
    const char *text;
    enum code code = json_need_text(object, name, 64, &text, err);
    return code == OK ? parse_day(name, text, out, err) : code;
}

int64_t call_seen(const struct call *c) {
    const char *header = http_header(c->request, "If-Match");
    size_t n = header == NULL ? 0 : strlen(header);
    char digits[24];
    int64_t version;
    if (n < 3 || n - 2 >= sizeof digits || header[0] != '"' || header[n - 1] != '"') {
        return -1;
    }
    memcpy(digits, header + 1, n - 2);
    digits[n - 2] = '\0';
    return json_whole(digits, (struct json_range){0, INT64_MAX}, &version, NULL) == OK ? version
                                                                                       : -1;
}

int32_t call_today(const struct call *c) {
    int32_t day = 0;
    enum code code = date_of_moment(c->request->now_ms, DATE_BEIJING_OFFSET_S, &day, NULL);
    assert(code == OK); /* the machine's clock stands within the years 1 to 9999 */
    return day;
}

/* ---- what is answered ---- */

struct json_out *call_json(struct call *c) {
    buf_clear(&c->response->body);
    c->response->type = "application/json";
    json_init(&c->json, &c->response->body, 0);
    return &c->json;
}

struct json_out *call_list(struct call *c) {
    struct json_out *j = call_json(c);
    json_obj(j);
    json_key(j, "items");
    json_arr(j);
    return j;
}

void call_list_end(struct call *c) {
    json_arr_end(&c->json);
    json_obj_end(&c->json);
}

void call_set_version(struct call *c, int64_t version) {
    char tag[TAG_MAX];
    snprintf(tag, sizeof tag, "\"%" PRId64 "\"", version);
    http_set_header(c->response, "ETag", tag);
}

bool call_not_modified(struct call *c, const char *tag) {
    char quoted[TAG_MAX + 8];
    assert(strlen(tag) < TAG_MAX);
    snprintf(quoted, sizeof quoted, "W/\"%s\"", tag);
    http_set_header(c->response, "ETag", quoted);
    http_set_header(c->response, "Cache-Control", "private, no-cache");
    if (!etag_matches(http_header(c->request, "If-None-Match"), tag, ETAG_WEAK)) {
        return false;
    }
    c->response->status = 304;
    return true;
}

enum code call_problem(struct call *c, int status, const char *name, const char *detail) {
    struct problem p = {.status = status, .name = name, .detail = detail};
    problem_set(c->response, &p);
    return OK;
}

void call_put_changed(struct call *c, int64_t line, int64_t id) {
    struct json_out *j = call_json(c);
    json_obj(j);
    json_put_int(j, "version", line);
    json_put_int(j, "line", line);
    call_put_number_or_null(j, "id", id);
    json_obj_end(j);
    call_set_version(c, line);
}

void call_put_time(struct json_out *j, const char *key, int64_t time_ms) {
    char text[DATE_TIME_TEXT_MAX];
    json_put_str(j, key, date_time_text(time_ms, text));
}

void call_put_day(struct json_out *j, const char *key, int32_t day) {
    char text[DATE_TEXT_MAX];
    json_put_str(j, key, date_text(day, text));
}

void call_put_digest(struct json_out *j, const char *key, const unsigned char *sha256) {
    char hex[2 * SHA256_BYTES + 1];
    json_put_str(j, key, hex_text(sha256, SHA256_BYTES, hex));
}

void call_put_number_or_null(struct json_out *j, const char *key, int64_t v) {
    json_key(j, key);
    if (v == 0) {
        json_null(j);
    } else {
        json_int(j, v);
    }
}

/* ---- reading and writing ---- */

enum code call_read(struct call *c, call_reader *read, void *data, struct err *err) {
    struct tx *tx = NULL;
    enum code code = store_read(c->api->store, &tx, err);
    if (code == OK) {
        code = read(c, tx, data, err);
        store_read_end(tx);
    }
    return code;
}

struct change {
    struct call *call;
    call_reader *run;
    void *data;
};

static enum code run_change(struct tx *tx, void *data, struct err *err) {
    struct change *change = data;
    struct call *c = change->call;
    bool found = false;
    enum code code = answer_find(c, tx, &found, err);
    if (code != OK || found) {
        return code;
    }
    code = change->run(c, tx, change->data, err);
    return code == OK ? answer_keep(c, tx, err) : code;
}

enum code call_change(struct call *c, call_reader *change, void *data, struct err *err) {
    struct change job = {c, change, data};
    return store_write(c->api->store, STORE_CHANGE, run_change, &job, err);
}

/* What a body takes of HANDED_MAX: a small one, which needs no worker, nothing. */
static size_t weight(const struct call *c) {
    size_t n = c->request->body_len;
    return n > SERVER_DIRECT_MAX ? n : 0;
}

/* Whether there is room for another that nobody waits for; it is taken then. */
static bool take_room(struct call *c) {
    size_t n = weight(c);
    bool room = atomic_fetch_add(&c->api->handed, n) + n <= HANDED_MAX || n == 0;
    if (!room) {
        atomic_fetch_sub(&c->api->handed, n);
    }
    return room;
}

/* On the writer's thread. */
static void change_done(void *data, enum code code, const struct err *err) {
    const struct change *change = data;
    struct call *c = change->call;
    atomic_fetch_sub(&c->api->handed, weight(c));
    if (code != OK) {
        api_answer_failure(c, code, err);
    }
    server_finish(c->request);
}

/* Who is stale is noted once the change is made, which waits for the disk: so does the change. So
 * do large bodies beyond those that are handed over: there are no more of them than workers. */
enum code call_change_later(struct call *c, call_reader *change, void *data, struct err *err) {
    bool *handed = c->handed;
    if (c->who.stale || !take_room(c)) {
        return call_change(c, change, data, err);
    }
    struct change *job = arena_alloc(c->arena, sizeof *job);
    *job = (struct change){c, change, data};
    struct store_handed way = {run_change, change_done, job};
    *handed = true; /* before: from the moment it is queued, the call is the writer's */
    enum code code = store_submit(c->api->store, STORE_CHANGE, &way, err);
    if (code != OK) {
        *handed = false;
        atomic_fetch_sub(&c->api->handed, weight(c));
    }
    return code;
}
