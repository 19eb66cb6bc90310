/* What waits to become rows is seen as if it were rows: the same random jobs are run on two stores,
 * of which one makes rows of all at once, and snapshots of both are the same behind each; also
 * over restarts, and over a crash, for which the files are copied while they are written. */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "entity/entity_history.h"
#include "entity/entity_list.h"
#include "entity/entity_store.h"
#include "ngsi/entity_read.h"
#include "ngsi/model_read.h"
#include "store/fixture.h"
#include "store/memory.h"

static const struct schema *const schemas[] = {&entity_schema};
static const struct entity_context no_context = {NULL, 0};

#define CORE "https://uri.etsi.org/ngsi-ld/default-context/"

static const char MODEL[] =
    "{\"name\":\"T\",\"source\":\"this test\",\"namespaces\":[\"" CORE "\"],\"late_s\":36000,"
    "\"attributes\":[{\"name\":\"n\",\"kind\":\"Property\",\"value\":\"number\",\"unit\":\"GQ\","
    "\"gross\":{\"fail\":[-100,1000],\"suspect\":[-50,50],\"source\":\"x\"},"
    "\"spike\":{\"suspect\":25,\"fail\":40,\"source\":\"x\"},"
    "\"flat\":{\"suspect\":3,\"tolerance\":0.1,\"source\":\"x\"}}]}";

enum {
    ENTITIES = 3,
    ROUNDS = 1500,
    MOMENTS = 40, /* seconds, or hours, apart */
};

/* ---- one of the two stores ---- */

struct side {
    struct fixture f;
    struct model_set *models;
    bool eager; /* all becomes rows with each job */
};

static struct model_set *models(void) {
    struct model_set *set = model_set_new();
    assert_int_equal(model_parse(set, MODEL, strlen(MODEL), NULL), OK);
    return set;
}

static void side_init(struct side *s, bool eager) {
    s->eager = eager;
    s->models = models();
    fixture_init(&s->f);
    s->f.config.schemas = schemas;
    fixture_open(&s->f);
}

static void side_fini(struct side *s) {
    fixture_fini(&s->f);
    model_set_free(s->models);
}

/* ---- jobs ---- */

enum what { OBSERVE, CHANGE, DELETE, FORGET, FORGET_ONE, REMEMBER, PLACE };

struct deed {
    enum what what;
    enum entity_deed deed;
    const char *json;
    const char *id;
    int64_t moment_ms;
};

struct job {
    struct side *side;
    const struct deed *deeds;
    size_t count;
    bool fails;
};

static enum code read_entity(const char *json, enum entity_need need, struct arena *a,
                             struct entity *e, struct err *err) {
    const struct json_value *v;
    const struct entity_how how = {&no_context, ENTITY_NORMALIZED, need};
    assert_int_equal(json_read(json, strlen(json), a, &v, err), OK);
    return entity_read(v, &how, a, e, err);
}

/* One instance, by the name that a history gives it. */
static enum code forget_one(struct tx *tx, const struct deed *d, struct arena *a, struct err *err) {
    struct entity_history h;
    char name[ENTITY_INSTANCE_MAX];
    const struct entity_history_query query = {
        .stretch = {ENTITY_BETWEEN, {d->moment_ms, d->moment_ms + 1}}};
    enum code code = entity_history_load(tx, d->id, &query, a, &h, err);
    if (code != OK || h.count == 0) {
        return code;
    }
    const struct entity_series *s = &h.series[0];
    entity_instance_text(s, s->instances[0].observed_ms, name);
    return entity_history_delete_instance(tx, d->id, s->name, name, err);
}

static enum code apply(struct tx *tx, struct side *s, const struct deed *d, struct arena *a,
                       struct err *err) {
    const struct entity_job doing = {.tx = tx, .arena = a, .models = s->models};
    struct entity e = {.id = d->id};
    struct entity_outcome out;
    bool made;
    bool whole = d->deed == ENTITY_PUT || d->deed == ENTITY_PUT_APPEND;
    enum code code = OK;
    switch (d->what) {
    case FORGET:
        return entity_history_delete(tx, d->id, err);
    case FORGET_ONE:
        return forget_one(tx, d, a, err);
    case REMEMBER:
        code = read_entity(d->json, ENTITY_WHOLE, a, &e, err);
        return code == OK ? entity_history_add(tx, &e, false, &made, err) : code;
    case DELETE:
        return entity_apply(&doing, ENTITY_DELETE, &e, &out, err);
    case OBSERVE:
    case CHANGE:
    case PLACE:
        break;
    }
    code = read_entity(d->json, whole ? ENTITY_WHOLE : ENTITY_FRAGMENT, a, &e, err);
    return code == OK ? entity_apply(&doing, d->deed, &e, &out, err) : code;
}

static enum code run(struct tx *tx, void *data, struct err *err) {
    static const char *const ids[] = {"urn:x:0"};
    static const struct entity_note note = {"u/1", "changed", ids, 1, "{}", 2};
    struct job *j = data;
    struct arena a = ARENA_INIT;
    struct err own = ERR_INIT;
    for (size_t i = 0; i < j->count; i++) {
        (void)apply(tx, j->side, &j->deeds[i], &a, &own); /* refused by both, or by none */
    }
    enum code code = j->side->eager ? memory_flush(tx, err) : OK;
    code = code == OK ? entity_note(tx, &note, err) : code;
    arena_fini(&a);
    return code == OK && j->fails ? err_set(err, E_INPUT, "it fails") : code;
}

/* ---- what is there ---- */

static void put_attribute(struct buf *to, const struct entity_attribute *x) {
    buf_addf(to, " %s=%s %s %s %" PRId64 " %" PRId64 " %" PRIu32 " %zu%s;", x->name, x->value,
             x->unit == NULL ? "" : x->unit, x->dataset == NULL ? "" : x->dataset,
             x->observed ? x->observed_ms : -1, x->modified_ms, x->quality, x->sub_count,
             x->zeros ? " zeros" : "");
}

static void put_state(struct buf *to, struct tx *tx, const char *id, struct arena *a) {
    struct entity e;
    enum code code = entity_load(tx, id, a, &e, NULL);
    buf_addf(to, "%s: %d", id, code);
    for (size_t i = 0; code == OK && i < e.count; i++) {
        put_attribute(to, &e.attributes[i]);
    }
    if (code == OK) {
        buf_addf(to, " %" PRId64 "\n", e.modified_ms);
    }
}

static void put_history(struct buf *to, struct tx *tx, const char *id, int64_t last,
                        struct arena *a) {
    struct entity_history h = {.count = 0};
    const struct entity_history_query query = {
        .stretch = {ENTITY_ALWAYS, {-ENTITY_EVER_MS, ENTITY_EVER_MS}}, .last = last};
    enum code code = entity_history_load(tx, id, &query, a, &h, NULL);
    buf_addf(to, "%s history %d:", id, code);
    for (size_t i = 0; i < h.count; i++) {
        for (size_t k = 0; k < h.series[i].count; k++) {
            struct entity_attribute x = h.series[i].instances[k];
            x.modified_ms = 0;
            put_attribute(to, &x);
        }
    }
    buf_addc(to, '\n');
}

static void put_list(struct buf *to, struct tx *tx, struct arena *a) {
    const struct entity_query query = {.limit = 10};
    struct entity_page page;
    assert_int_equal(entity_list(tx, &query, a, &page, NULL), OK);
    for (size_t i = 0; i < page.count; i++) {
        buf_addf(to, "listed %s", page.entities[i].id);
        for (size_t k = 0; k < page.entities[i].count; k++) {
            put_attribute(to, &page.entities[i].attributes[k]);
        }
    }
}

static const char *ids[ENTITIES] = {"urn:x:0", "urn:x:1", "urn:x:2"};

static void put_all(struct buf *to, struct side *s, struct arena *a) {
    struct tx *tx = fixture_read(&s->f);
    buf_clear(to);
    for (size_t i = 0; i < ENTITIES; i++) {
        put_state(to, tx, ids[i], a);
        put_history(to, tx, ids[i], 0, a);
        put_history(to, tx, ids[i], 3, a);
    }
    put_list(to, tx, a);
    store_read_end(tx);
}

/* ---- chance: always the same (Knuth's MMIX generator) ---- */

static uint64_t dice(uint64_t *seed, uint64_t sides) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 33) % sides;
}

static int64_t moment(uint64_t *seed) {
    int64_t step = dice(seed, 4) == 0 ? 3600000 : 1000;
    return INT64_C(1612666800000) - 3600000 + (int64_t)dice(seed, MOMENTS) * step / 8;
}

static struct deed choose(uint64_t *seed, struct arena *a) {
    static const enum what kinds[] = {OBSERVE, OBSERVE,    OBSERVE,    OBSERVE, OBSERVE, OBSERVE,
                                      OBSERVE, OBSERVE,    PLACE,      CHANGE,  CHANGE,  DELETE,
                                      FORGET,  FORGET_ONE, FORGET_ONE, REMEMBER};
    static const enum entity_deed deeds[] = {ENTITY_APPEND, ENTITY_UPDATE, ENTITY_PUT_APPEND};
    static const char *const more[] = {"", ",\"unitCode\":\"GQ\"",
                                       ",\"accuracy\":{\"type\":\"Property\",\"value\":1}"};
    struct deed d = {kinds[dice(seed, sizeof kinds / sizeof kinds[0])], deeds[dice(seed, 3)], NULL,
                     ids[dice(seed, ENTITIES)], moment(seed)};
    char at[ENTITY_TIME_MAX];
    char text[512];
    const char *name = dice(seed, 3) == 0 ? "free" : "n";
    entity_time_text(d.moment_ms, at);
    int n = snprintf(text, sizeof text, "{\"id\":\"%s\",\"type\":\"T\",", d.id);
    if (d.what == PLACE) {
        snprintf(text + n, sizeof text - (size_t)n,
                 "\"place\":{\"type\":\"GeoProperty\",\"value\":{\"type\":\"Point\","
                 "\"coordinates\":[%d,31]},\"observedAt\":\"%s\"}}",
                 (int)dice(seed, 90), at);
    } else if (d.what == CHANGE) {
        snprintf(text + n, sizeof text - (size_t)n, "\"%s\":{\"type\":\"Property\",\"value\":%d}}",
                 name, (int)dice(seed, 90));
    } else {
        snprintf(text + n, sizeof text - (size_t)n,
                 "\"%s\":{\"type\":\"Property\",\"value\":%d,\"observedAt\":\"%s\"%s}}", name,
                 (int)dice(seed, 90), at, more[dice(seed, 3)]);
    }
    d.json = arena_dup(a, text, strlen(text));
    return d;
}

/* ---- restarts ---- */

static void reopen(struct side *s) {
    fixture_close(&s->f);
    fixture_open(&s->f);
}

static void copy_file(const char *from, const char *to) {
    static char bytes[1 << 16];
    ssize_t n;
    int in = open(from, O_RDONLY);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(in >= 0 && out >= 0);
    while ((n = read(in, bytes, sizeof bytes)) > 0) {
        assert_int_equal(write(out, bytes, (size_t)n), n);
    }
    close(in);
    close(out);
}

static enum code copy_files(struct tx *tx, void *data, struct err *err) {
    struct side *s = data;
    char from[128];
    char to[128];
    (void)tx;
    (void)err;
    snprintf(to, sizeof to, "%s-copy", s->f.path);
    copy_file(s->f.path, to);
    snprintf(from, sizeof from, "%s-wal", s->f.path);
    snprintf(to, sizeof to, "%s-copy-wal", s->f.path);
    copy_file(from, to);
    return OK;
}

/* As the files are while nobody closed them: the writer copies them itself, so it writes nothing
 * meanwhile. */
static void crash(struct side *s) {
    char from[128];
    char to[128];
    assert_int_equal(store_write(s->f.store, STORE_HOUSEKEEPING, copy_files, s, &s->f.err), OK);
    fixture_close(&s->f);
    snprintf(from, sizeof from, "%s-copy", s->f.path);
    assert_int_equal(rename(from, s->f.path), 0);
    snprintf(from, sizeof from, "%s-copy-wal", s->f.path);
    snprintf(to, sizeof to, "%s-wal", s->f.path);
    assert_int_equal(rename(from, to), 0);
    snprintf(to, sizeof to, "%s.checkpoints", s->f.path); /* it has one more, signed at the end */
    unlink(to);
    fixture_open(&s->f);
}

/* ---- the test ---- */

static void do_both(struct side *sides, const struct deed *deeds, size_t count, bool fails) {
    for (size_t i = 0; i < 2; i++) {
        struct job job = {&sides[i], deeds, count, fails};
        enum code code = store_write(sides[i].f.store, STORE_CHANGE, run, &job, &sides[i].f.err);
        assert_int_equal(code, fails ? E_INPUT : OK);
        sides[i].f.err = (struct err)ERR_INIT;
    }
}

static void what_waits_is_seen_as_rows(void **state) {
    (void)state;
    struct side sides[2];
    struct arena a = ARENA_INIT;
    struct buf waiting = BUF_INIT;
    struct buf eager = BUF_INIT;
    uint64_t seed = 4;
    side_init(&sides[0], false);
    side_init(&sides[1], true);
    for (int i = 0; i < ROUNDS; i++) {
        struct deed deeds[4];
        size_t count = 1 + dice(&seed, 4);
        for (size_t k = 0; k < count; k++) {
            deeds[k] = choose(&seed, &a);
        }
        sides[0].f.now += 10;
        sides[1].f.now = sides[0].f.now;
        do_both(sides, deeds, count, dice(&seed, 10) == 0);
        if (dice(&seed, 40) == 0) {
            reopen(&sides[0]);
        } else if (dice(&seed, 40) == 0) {
            crash(&sides[0]);
        }
        put_all(&waiting, &sides[0], &a);
        put_all(&eager, &sides[1], &a);
        if (strcmp(waiting.data, eager.data) != 0) {
            for (size_t k = 0; k < count; k++) {
                print_message("%d %s %s\n", deeds[k].what, deeds[k].id, deeds[k].json);
            }
            print_message("waiting\n%s\neager\n%s\n", waiting.data, eager.data);
            fail_msg("round %d", i);
        }
        arena_reset(&a);
    }
    buf_fini(&waiting);
    buf_fini(&eager);
    arena_fini(&a);
    side_fini(&sides[0]);
    side_fini(&sides[1]);
}

/* ---- snapshots while it is written ---- */

enum { VALUES = 3000, READERS = 2 };

struct reading {
    struct side *side;
    atomic_bool *over;
    int looks;
    const char *wrong;
};

static enum code observe_next(struct tx *tx, void *data, struct err *err) {
    const int *i = data;
    struct arena a = ARENA_INIT;
    struct entity e;
    struct entity_outcome out;
    char at[ENTITY_TIME_MAX];
    char text[256];
    const struct entity_job doing = {.tx = tx, .arena = &a};
    entity_time_text(INT64_C(1612600000000) + *i * INT64_C(60000), at);
    snprintf(text, sizeof text,
             "{\"id\":\"urn:x:0\",\"type\":\"U\",\"n\":{\"type\":\"Property\",\"value\":%d,"
             "\"observedAt\":\"%s\"}}",
             *i, at);
    enum code code = read_entity(text, ENTITY_WHOLE, &a, &e, err);
    code = code == OK ? entity_apply(&doing, ENTITY_PUT_APPEND, &e, &out, err) : code;
    code = code == OK && *i % 700 == 0 ? memory_flush(tx, err) : code;
    arena_fini(&a);
    return code;
}

/* The state is the last of the history, and the history has all up to it. */
static const char *look_once(struct side *s, int *last) {
    struct arena a = ARENA_INIT;
    struct entity e;
    struct entity_history h;
    struct tx *tx;
    const char *wrong = NULL;
    const struct entity_history_query query = {
        .stretch = {ENTITY_ALWAYS, {-ENTITY_EVER_MS, ENTITY_EVER_MS}}};
    struct err err = ERR_INIT;
    if (store_read(s->f.store, &tx, &err) != OK) {
        return "no snapshot";
    }
    if (entity_load(tx, "urn:x:0", &a, &e, &err) != OK ||
        entity_history_load(tx, "urn:x:0", &query, &a, &h, &err) != OK) {
        wrong = "not read";
    } else {
        int value = atoi(e.attributes[0].value);
        size_t count = h.series[0].count;
        wrong = value < *last            ? "a value went back"
                : count != (size_t)value ? "the history has more or less than the state"
                : atoi(h.series[0].instances[count - 1].value) != value ? "another is the last"
                                                                        : NULL;
        *last = value;
    }
    store_read_end(tx);
    arena_fini(&a);
    return wrong;
}

static void *look(void *data) {
    struct reading *r = data;
    int last = 0;
    while (r->wrong == NULL && (!atomic_load(r->over) || r->looks == 0)) {
        r->wrong = look_once(r->side, &last);
        r->looks++;
    }
    return NULL;
}

static void snapshots_are_whole_while_it_is_written(void **state) {
    (void)state;
    struct side s;
    atomic_bool over = false;
    struct reading readings[READERS];
    pthread_t threads[READERS];
    side_init(&s, false);
    for (int i = 1; i <= VALUES; i++) {
        s.f.now += 20; /* portions are sealed by their age */
        assert_int_equal(store_write(s.f.store, STORE_HOUSEKEEPING, observe_next, &i, &s.f.err),
                         OK);
        for (size_t k = 0; i == 1 && k < READERS; k++) {
            readings[k] = (struct reading){&s, &over, 0, NULL};
            assert_int_equal(pthread_create(&threads[k], NULL, look, &readings[k]), 0);
        }
    }
    atomic_store(&over, true);
    for (size_t k = 0; k < READERS; k++) {
        pthread_join(threads[k], NULL);
        assert_null(readings[k].wrong);
        assert_true(readings[k].looks > 0);
    }
    side_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_seen_as_rows),
        cmocka_unit_test(snapshots_are_whole_while_it_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
