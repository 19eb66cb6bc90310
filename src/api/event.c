/* event: changes as server-sent events (WHATWG HTML, "Server-sent events"), one for each line of
 * the journal that tells of a plan:
 *
 *   id: 4711
 *   event: change
 *   data: {"line":4711,"time":"...","subject":"plan/1/task/12",
 *          "kind":"owner.changed","actor":"u/3","actor_name":"..."}
 *
 * What changed is asked for again by whoever may see it: an event tells no value. A stream goes on
 * behind Last-Event-ID where the browser brings one, else from now. It ends when whoever opened it
 * may no longer have it: that is looked at with each batch. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_int.h"
#include "base/mem.h"
#include "store/journal.h"

enum { BATCH = 200, EVENTS_BYTES = 16 * 1024 };

/* Whose stream it is: the cookie or token it came with, which is asked again with each batch. */
struct listener {
    enum subject_how how;
    enum role role; /* of who is not signed in */
    char secret[TOKEN_TEXT_MAX];
};

static enum code load_head(struct call *c, struct tx *tx, void *data, struct err *err) {
    int64_t *head = data;
    (void)c;
    (void)err;
    *head = journal_head(tx)->seq;
    return OK;
}

/* Where to begin; a number beyond the journal is that of another database: from now. */
static enum code find_cursor(struct call *c, int64_t *cursor, struct err *err) {
    const char *last = http_header(c->request, "Last-Event-ID");
    int64_t head = 0;
    enum code code = call_read(c, load_head, &head, err);
    *cursor = head;
    if (code == OK && last != NULL) {
        (void)json_whole(last, (struct json_range){0, head}, cursor, NULL);
    }
    return code;
}

enum code api_event_stream(struct call *c, struct err *err) {
    int64_t cursor = 0;
    enum code code = find_cursor(c, &cursor, err);
    if (code != OK) {
        return code;
    }
    struct listener *l = mem_alloc(sizeof *l);
    *l = (struct listener){.how = c->who.how, .role = c->who.role};
    if (c->who.how != SUBJECT_ANONYMOUS) {
        snprintf(l->secret, sizeof l->secret, "%s", c->secret);
    }
    c->response->type = "text/event-stream";
    c->response->stream =
        (struct http_stream){.wanted = true, .data = l, .free = free, .cursor = cursor};
    return OK;
}

int64_t api_wait(void *ctx, int64_t after, int timeout_ms) {
    struct api *api = ctx;
    return store_wait(api->store, after, timeout_ms);
}

static bool is_told(const struct journal_line *line) {
    return strncmp(line->subject, "plan/", 5) == 0 || strncmp(line->subject, "slip/", 5) == 0 ||
           strcmp(line->subject, "settings") == 0;
}

static void put_event(struct tx *tx, struct arena *a, struct buf *to,
                      const struct journal_line *line) {
    struct json_out j;
    buf_addf(to, "id: %" PRId64 "\nevent: change\ndata: ", line->seq);
    json_init(&j, to, 0);
    json_obj(&j);
    json_put_int(&j, "line", line->seq);
    call_put_time(&j, "time", line->time_ms);
    json_put_str(&j, "subject", line->subject);
    json_put_str(&j, "kind", line->kind);
    json_put_str(&j, "actor", line->actor);
    json_put_str(&j, "actor_name", api_actor_name(tx, line->actor, a));
    json_obj_end(&j);
    buf_adds(to, "\n\n");
}

static enum code check(struct tx *tx, const struct listener *l, struct arena *a) {
    struct subject who = access_anonymous(l->role);
    enum code code = OK;
    if (l->how == SUBJECT_SESSION) {
        code = access_by_cookie(tx, l->secret, a, &who, NULL);
    } else if (l->how == SUBJECT_TOKEN) {
        code = access_by_token(tx, l->secret, a, &who, NULL);
    }
    return code == OK && access_may(&who, ACTION_EVENTS_READ) == GRANT_NONE ? E_DENIED : code;
}

static enum code produce(struct tx *tx, struct listener *l, int64_t *cursor, struct buf *to) {
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    enum code code = check(tx, l, &batch.arena);
    if (code == OK) {
        code = journal_list(tx, *cursor, BATCH, &batch, NULL);
    }
    for (size_t i = 0; code == OK && i < batch.count && to->len < EVENTS_BYTES; i++) {
        if (is_told(&batch.line[i])) {
            put_event(tx, &batch.arena, to, &batch.line[i]);
        }
        *cursor = batch.line[i].seq;
    }
    journal_batch_fini(&batch);
    return code;
}

bool api_produce(void *ctx, void *stream, int64_t *cursor, struct buf *to) {
    struct api *api = ctx;
    struct tx *tx = NULL;
    enum code code = store_read(api->store, &tx, NULL);
    if (code == OK) {
        code = produce(tx, stream, cursor, to);
        store_read_end(tx);
    }
    return code == OK;
}
