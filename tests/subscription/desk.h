/* desk: a store with entities and subscriptions for one test, and the jobs that change them.
 * Include behind cmocka.h. */
#ifndef TAIHU_TESTS_SUBSCRIPTION_DESK_H
#define TAIHU_TESTS_SUBSCRIPTION_DESK_H

#include <string.h>

#include "base/json_read.h"
#include "entity/entity_store.h"
#include "ngsi/entity_read.h"
#include "store/fixture.h"
#include "subscription/match.h"
#include "subscription/outbox.h"
#include "subscription/snapshot.h"
#include "subscription/subscription_store.h"

#define V "https://uri.etsi.org/ngsi-ld/default-context/"

static const struct schema *const desk_schemas[] = {&entity_schema, &subscription_schema};
static const struct entity_context desk_context = {.count = 0};

struct desk {
    struct fixture f;
    struct arena arena;
    struct match *match;
    int64_t told_line; /* what match_config.added was called with last */
};

static inline void desk_added(void *data, int64_t line) {
    ((struct desk *)data)->told_line = line;
}

static inline void desk_init(struct desk *d, int64_t waiting_max) {
    memset(d, 0, sizeof *d);
    fixture_init(&d->f);
    d->f.config.schemas = desk_schemas;
    d->f.config.schema_count = 2;
    fixture_open(&d->f);
    struct match_config config = {.waiting_max = waiting_max, .added = desk_added, .data = d};
    d->match = match_new(&config);
}

static inline void desk_fini(struct desk *d) {
    match_free(d->match);
    arena_fini(&d->arena);
    fixture_fini(&d->f);
}

static inline const struct json_value *desk_json(struct desk *d, const char *text) {
    const struct json_value *v = NULL;
    struct err err = ERR_INIT;
    if (json_read(text, strlen(text), &d->arena, &v, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    return v;
}

/* ---- subscriptions ---- */

struct desk_wish {
    struct desk *desk;
    struct subscription_kept kept;
    int64_t remove; /* a number; 0: it is made */
    bool fails;     /* the job ends with an error, and is undone */
};

static inline enum code desk_note(struct tx *tx, const char *what, const char *id,
                                  struct err *err) {
    struct subscription_note note = {.actor = "u/1", .what = what, .id = id};
    return subscription_note(tx, &note, err);
}

static inline enum code desk_wish_job(struct tx *tx, void *data, struct err *err) {
    struct desk_wish *w = data;
    struct subscription_kept *k = &w->kept;
    int64_t stamp = 0;
    enum code code = match_stamp(w->desk->match, tx, &stamp, err);
    if (code == OK && w->remove != 0) {
        code = subscription_load_number(tx, w->remove, &w->desk->arena, k, err);
        code = code == OK ? subscription_remove(tx, k, err) : code;
    } else if (code == OK) {
        k->stamp = stamp;
        k->number = stamp;
        code = subscription_check(&k->s, 0, tx_now_ms(tx), err);
        code = code == OK ? subscription_add(tx, k, err) : code;
    }
    code = code == OK ? desk_note(tx, "created", k->s.id, err) : code;
    return code == OK && w->fails ? err_set(err, E_INPUT, "as the test wants it") : code;
}

static inline struct desk_wish desk_read_wish(struct desk *d, const char *members) {
    struct desk_wish w = {.desk = d};
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    static int count;
    buf_addf(&text,
             "{\"id\":\"urn:s:%d\",\"type\":\"Subscription\",%s,"
             "\"notification\":{\"endpoint\":{\"uri\":\"http://127.0.0.1:1/\"}}}",
             count++, members);
    if (subscription_read(desk_json(d, text.data), &desk_context, &d->arena, &w.kept.s, NULL,
                          &err) != OK) {
        fail_msg("%s", err.msg);
    }
    buf_fini(&text);
    return w;
}

/* Makes a subscription of these members, told at 127.0.0.1:1; returns its number. */
static inline int64_t desk_subscribe(struct desk *d, const char *members) {
    struct desk_wish w = desk_read_wish(d, members);
    if (fixture_write(&d->f, desk_wish_job, &w) != OK) {
        fail_msg("%s", d->f.err.msg);
    }
    return w.kept.number;
}

static inline void desk_unsubscribe(struct desk *d, int64_t number) {
    struct desk_wish w = {.desk = d, .remove = number};
    assert_int_equal(fixture_write(&d->f, desk_wish_job, &w), OK);
}

/* ---- changes ---- */

struct desk_deed {
    struct desk *desk;
    enum entity_deed deed;
    struct entity entity;
    const struct desk_deed *next; /* of the same job; NULL: the last */
    bool fails;
};

static inline enum code desk_deed_job(struct tx *tx, void *data, struct err *err) {
    struct desk_deed *d = data;
    struct entity_changes changes = {NULL, NULL};
    struct entity_outcome outcome;
    const struct entity_job job = {.tx = tx, .arena = &d->desk->arena, .changes = &changes};
    struct entity_note note = {"u/1", "changed", &d->entity.id, 1, "{}", 2};
    enum code code = entity_apply(&job, d->deed, &d->entity, &outcome, err);
    code = code == OK ? entity_note(tx, &note, err) : code;
    code = code == OK ? match_changes(d->desk->match, tx, &changes, err) : code;
    return code == OK && d->fails ? err_set(err, E_INPUT, "as the test wants it") : code;
}

/* The same as a server does it: values that nobody could be told of add no line. */
static inline enum code desk_brief_job(struct tx *tx, void *data, struct err *err) {
    struct desk_deed *d = data;
    struct match *m = d->desk->match;
    struct entity_changes changes;
    struct entity_outcome outcome;
    const struct entity_job job =
        match_job(m, (struct entity_job){.tx = tx, .arena = &d->desk->arena, .changes = &changes});
    struct entity_note note = {"u/1", "changed", &d->entity.id, 1, "{}", 2};
    enum code code = OK;
    for (const struct desk_deed *x = d; x != NULL && code == OK; x = x->next) {
        code = entity_apply(&job, x->deed, &x->entity, &outcome, err);
    }
    if (code == OK && !entity_only_observed(tx)) {
        code = match_note(m, tx, &note, &changes, err);
    }
    return code == OK && d->fails ? err_set(err, E_INPUT, "as the test wants it") : code;
}

static inline struct desk_deed desk_read_deed(struct desk *d, enum entity_deed deed,
                                              const char *json) {
    struct desk_deed out = {.desk = d, .deed = deed};
    struct entity_how how = {&desk_context, ENTITY_NORMALIZED,
                             deed == ENTITY_MERGE ? ENTITY_PATCH : ENTITY_FRAGMENT};
    struct err err = ERR_INIT;
    if (entity_read(desk_json(d, json), &how, &d->arena, &out.entity, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    return out;
}

static inline void desk_apply(struct desk *d, enum entity_deed deed, const char *json) {
    struct desk_deed job = desk_read_deed(d, deed, json);
    if (fixture_write(&d->f, desk_deed_job, &job) != OK) {
        fail_msg("%s", d->f.err.msg);
    }
}

/* ---- what is due ---- */

static inline int64_t desk_due(struct desk *d, int64_t number) {
    struct tx *tx = fixture_read(&d->f);
    int64_t n = -1;
    assert_int_equal(outbox_count(tx, number, &n, NULL), OK);
    store_read_end(tx);
    return n;
}

static inline size_t desk_items(struct desk *d, int64_t number, struct outbox_item **out) {
    struct tx *tx = fixture_read(&d->f);
    struct outbox_bounds bounds = {1000, 1 << 20};
    size_t count = 0;
    assert_int_equal(outbox_list(tx, number, bounds, &d->arena, out, &count, NULL), OK);
    store_read_end(tx);
    return count;
}

#endif
