/* Observations that wait for the end of the transaction: each is there once, whatever becomes of
 * the jobs beside it; nothing is remembered of a job that was undone; which jobs need a line. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "entity/entity_history.h"
#include "entity/entity_store.h"
#include "entity/town.h"
#include "ngsi/entity_read.h"
#include "store/gate.h"
#include "store/memory.h"

static const struct entity_context no_context = {NULL, 0};

#define ID "urn:ngsi-ld:Air:1"
#define OTHER "urn:ngsi-ld:Air:2"
#define PM25 "https://uri.etsi.org/ngsi-ld/default-context/pm25"
#define SEEN(id, value, at)                                                                        \
    "{\"id\":\"" id "\",\"type\":\"Air\",\"pm25\":{\"type\":\"Property\",\"value\":" value         \
    ",\"observedAt\":\"2026-03-01T" at "Z\"}}"

/* ---- jobs: deeds one after the other ---- */

enum { STEPS = 4 };

struct step {
    enum entity_deed deed;
    const char *json; /* NULL: no more */
    const char *sees; /* what a look at pm25 within the job finds behind it; NULL: none is taken */
};

struct job {
    struct town *town;
    struct step step[STEPS];
    bool fails; /* in the end, of itself */
    bool only;  /* out: it brought observations only */
    enum code code;
    atomic_bool told;
};

static enum code look(struct tx *tx, struct town *t, const struct entity *e, const char *value,
                      struct err *err) {
    struct entity now;
    enum code code = entity_load(tx, e->id, &t->arena, &now, err);
    if (code == OK) {
        assert_string_equal(entity_find(&now, PM25)->value, value);
    }
    return code;
}

static enum code take(struct tx *tx, struct town *t, const struct step *s, struct err *err) {
    const struct json_value *v;
    const struct entity_how how = {&no_context, ENTITY_NORMALIZED, ENTITY_FRAGMENT};
    const struct entity_job doing = {.tx = tx, .arena = &t->arena};
    struct entity e;
    struct entity_outcome out;
    assert_int_equal(json_read(s->json, strlen(s->json), &t->arena, &v, err), OK);
    assert_int_equal(entity_read(v, &how, &t->arena, &e, err), OK);
    enum code code = entity_apply(&doing, s->deed, &e, &out, err);
    return code == OK && s->sees != NULL ? look(tx, t, &e, s->sees, err) : code;
}

static enum code run(struct tx *tx, void *data, struct err *err) {
    static const char *const ids[] = {ID};
    static const struct entity_note note = {"u/1", "changed", ids, 1, "{}", 2};
    struct job *j = data;
    enum code code = OK;
    for (size_t i = 0; i < STEPS && j->step[i].json != NULL && code == OK; i++) {
        code = take(tx, j->town, &j->step[i], err);
    }
    j->only = entity_only_observed(tx);
    if (code == OK && !j->only) {
        code = entity_note(tx, &note, err);
    }
    return code == OK && j->fails ? err_set(err, E_INPUT, "it fails") : code;
}

static enum code do_job(struct town *t, struct job *j) {
    j->town = t;
    return fixture_write(&t->f, run, j);
}

static enum code do_one(struct town *t, enum entity_deed deed, const char *json) {
    struct job j = {.step = {{deed, json, NULL}}};
    return do_job(t, &j);
}

static void done(void *data, enum code code, const struct err *err) {
    struct job *j = data;
    (void)err;
    j->code = code;
    atomic_store(&j->told, true);
}

static void ignore(void *data, enum code code, const struct err *err) {
    (void)data;
    (void)code;
    (void)err;
}

/* All of them in one transaction. */
static void do_together(struct town *t, struct job *jobs, size_t count) {
    struct gate gate = {false, false};
    struct store_handed held = {gate_hold, ignore, &gate};
    assert_int_equal(store_submit(t->f.store, STORE_HOUSEKEEPING, &held, &t->f.err), OK);
    while (!atomic_load(&gate.entered)) {
        sched_yield();
    }
    for (size_t i = 0; i < count; i++) {
        struct store_handed handed = {run, done, &jobs[i]};
        jobs[i].town = t;
        assert_int_equal(store_submit(t->f.store, STORE_CHANGE, &handed, &t->f.err), OK);
    }
    atomic_store(&gate.open, true);
    while (!atomic_load(&jobs[count - 1].told)) {
        sched_yield();
    }
}

/* ---- what is there ---- */

/* The values that were observed on the day, by their moments, apart by blanks. */
static const char *history(struct town *t, const char *id) {
    const int64_t day = 1772323200000; /* 2026-03-01 */
    const char *attributes[] = {PM25};
    const struct entity_history_query query = {.stretch = {ENTITY_BETWEEN, {day, day + 86400000}},
                                               .attributes = attributes,
                                               .attribute_count = 1};
    struct entity_history h = {.id = NULL};
    struct buf to = BUF_INIT;
    struct tx *tx = fixture_read(&t->f);
    enum code code = entity_history_load(tx, id, &query, &t->arena, &h, &t->f.err);
    store_read_end(tx);
    assert_true(code == OK || code == E_ABSENT);
    for (size_t i = 0; h.count > 0 && i < h.series[0].count; i++) {
        buf_addf(&to, "%s%s", i == 0 ? "" : " ", h.series[0].instances[i].value);
    }
    const char *said = arena_dup(&t->arena, to.len == 0 ? "" : to.data, to.len);
    buf_fini(&to);
    return said;
}

static const char *state_of(struct town *t, const char *id) {
    struct entity e;
    struct tx *tx = fixture_read(&t->f);
    enum code code = entity_load(tx, id, &t->arena, &e, &t->f.err);
    store_read_end(tx);
    return code == OK ? entity_find(&e, PM25)->value : "none";
}

static int64_t lines(struct town *t) {
    return store_length(t->f.store);
}

static void begin(struct town *t) {
    town_init(t);
    assert_int_equal(do_one(t, ENTITY_CREATE, SEEN(ID, "1", "01:00:00")), OK);
}

/* ---- tests ---- */

static void observations_add_no_line_and_all_else_does(void **state) {
    (void)state;
    static const struct {
        const char *json;
        bool line;
    } cases[] = {
        {SEEN(ID, "2", "02:00:00"), false},
        {SEEN(ID, "2", "02:00:00"), false},                   /* again */
        {SEEN(ID, "0", "00:00:00"), false},                   /* late */
        {"{\"id\":\"" ID "\",\"pm25\":{\"value\":3}}", true}, /* no moment */
        {"{\"id\":\"" ID "\",\"type\":\"Thing\",\"pm25\":"    /* a type it has not */
         "{\"value\":4,\"observedAt\":\"2026-03-01T04:00:00Z\"}}",
         true},
        {"{\"id\":\"" ID "\",\"no2\":" /* an attribute it has not */
         "{\"value\":4,\"observedAt\":\"2026-03-01T04:00:00Z\"}}",
         true},
        {"{\"id\":\"" ID "\",\"no2\":" /* now it has */
         "{\"value\":5,\"observedAt\":\"2026-03-01T05:00:00Z\"}}",
         false},
        {"{\"id\":\"" ID "\",\"no2\":" /* another kind */
         "{\"object\":\"urn:x:1\",\"observedAt\":\"2026-03-01T05:00:00Z\"}}",
         true},
        {"{\"id\":\"" ID "\",\"pm25\":{\"value\":6,\"observedAt\":\"2026-03-01T06:00:00Z\","
         "\"accuracy\":{\"value\":1}}}",
         false},
    };
    struct town t;
    begin(&t);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t before = lines(&t);
        assert_int_equal(do_one(&t, ENTITY_APPEND, cases[i].json), OK);
        assert_int_equal(lines(&t) - before, cases[i].line);
    }
    assert_string_equal(history(&t, ID), "0 1 2 4 6");
    assert_string_equal(state_of(&t, ID), "6");
    town_fini(&t);
}

static void one_moment_is_one_row_and_the_last_value_counts(void **state) {
    (void)state;
    struct town t;
    struct job jobs[3] = {{.step = {{ENTITY_APPEND, SEEN(ID, "2", "02:00:00"), NULL},
                                    {ENTITY_APPEND, SEEN(ID, "3", "03:00:00"), NULL}}},
                          {.step = {{ENTITY_APPEND, SEEN(ID, "3", "03:00:00"), NULL}}},
                          {.step = {{ENTITY_APPEND, SEEN(ID, "9", "02:00:00"), NULL}}}};
    begin(&t);
    do_together(&t, jobs, 3);
    assert_string_equal(history(&t, ID), "1 9 3");
    assert_string_equal(state_of(&t, ID), "9"); /* no type declares it: who writes last is right */
    town_fini(&t);
}

static void a_job_sees_what_waits(void **state) {
    (void)state;
    struct town t;
    struct job jobs[2] = {{.step = {{ENTITY_APPEND, SEEN(ID, "2", "02:00:00"), NULL}}},
                          {.step = {{ENTITY_APPEND, SEEN(ID, "3", "03:00:00"), "3"},
                                    {ENTITY_APPEND, SEEN(ID, "4", "04:00:00"), "4"}}}};
    begin(&t);
    do_together(&t, jobs, 2);
    assert_int_equal(jobs[1].code, OK);
    assert_true(jobs[1].only);
    assert_string_equal(history(&t, ID), "1 2 3 4");
    town_fini(&t);
}

/* The second flushes what the first left waiting, and fails: the first's is there all the same. */
static void an_undone_job_takes_nothing_of_others_with_it(void **state) {
    (void)state;
    struct town t;
    struct job jobs[3] = {{.step = {{ENTITY_APPEND, SEEN(ID, "2", "02:00:00"), NULL}}},
                          {.step = {{ENTITY_APPEND, SEEN(ID, "3", "03:00:00"), "3"},
                                    {ENTITY_DELETE, SEEN(ID, "0", "00:00:00"), NULL}},
                           .fails = true},
                          {.step = {{ENTITY_APPEND, SEEN(ID, "4", "04:00:00"), "4"}}}};
    begin(&t);
    do_together(&t, jobs, 3);
    assert_int_equal(jobs[0].code, OK);
    assert_int_equal(jobs[1].code, E_INPUT);
    assert_int_equal(jobs[2].code, OK);
    assert_string_equal(history(&t, ID), "1 2 4");
    assert_string_equal(state_of(&t, ID), "4");
    town_fini(&t);
}

/* The numbers of an undone job go to others. */
static void nothing_is_remembered_of_an_undone_job(void **state) {
    (void)state;
    struct town t;
    struct job jobs[3] = {{.step = {{ENTITY_CREATE, SEEN(ID, "1", "01:00:00"), NULL},
                                    {ENTITY_APPEND, SEEN(ID, "2", "02:00:00"), NULL}},
                           .fails = true},
                          {.step = {{ENTITY_CREATE, SEEN(OTHER, "5", "05:00:00"), NULL}}},
                          {.step = {{ENTITY_APPEND, SEEN(ID, "3", "03:00:00"), NULL}}}};
    town_init(&t);
    do_together(&t, jobs, 3);
    assert_int_equal(jobs[0].code, E_INPUT);
    assert_int_equal(jobs[1].code, OK);
    assert_int_equal(jobs[2].code, E_ABSENT);
    assert_string_equal(history(&t, ID), "");
    assert_string_equal(history(&t, OTHER), "5");
    assert_string_equal(state_of(&t, ID), "none");
    town_fini(&t);
}

static void what_is_deleted_is_not_remembered(void **state) {
    (void)state;
    struct town t;
    begin(&t);
    assert_int_equal(do_one(&t, ENTITY_UPDATE, SEEN(ID, "2", "02:00:00")), OK);
    assert_int_equal(do_one(&t, ENTITY_DELETE, SEEN(ID, "2", "02:00:00")), OK);
    assert_int_equal(do_one(&t, ENTITY_UPDATE, SEEN(ID, "3", "03:00:00")), E_ABSENT);
    assert_int_equal(do_one(&t, ENTITY_CREATE, SEEN(ID, "4", "04:00:00")), OK);
    assert_int_equal(do_one(&t, ENTITY_UPDATE, SEEN(ID, "5", "05:00:00")), OK);
    assert_string_equal(history(&t, ID), "1 2 4 5");
    assert_string_equal(state_of(&t, ID), "5");
    town_fini(&t);
}

/* Two names that lie at one place, one after the other. */
static enum code write_two(struct tx *tx, void *data, struct err *err) {
    struct town *t = data;
    const struct entity_job doing = {.tx = tx, .arena = &t->arena};
    char name[] = PM25;
    struct entity_attribute x = {.name = name, .kind_said = true, .value = "2", .observed = true};
    const struct entity e = {.id = ID, .attributes = &x, .count = 1};
    struct entity_outcome out;
    x.observed_ms = INT64_C(1772330400000); /* 2026-03-01T02:00:00Z */
    enum code code = entity_apply(&doing, ENTITY_UPDATE, &e, &out, err);
    memcpy(strstr(name, "pm25"), "pm10", 4);
    x.value = "9";
    code = code == OK ? entity_apply(&doing, ENTITY_UPDATE, &e, &out, err) : code;
    assert_true(entity_only_observed(tx));
    return code;
}

static void a_name_is_known_by_its_text_not_by_its_place(void **state) {
    (void)state;
    struct town t;
    struct entity e;
    begin(&t);
    assert_int_equal(do_one(&t, ENTITY_APPEND,
                            "{\"id\":\"" ID "\",\"pm10\":{\"value\":8,"
                            "\"observedAt\":\"2026-03-01T01:00:00Z\"}}"),
                     OK);
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, write_two, &t, &t.f.err), OK);
    assert_string_equal(state_of(&t, ID), "2");
    struct tx *tx = fixture_read(&t.f);
    assert_int_equal(entity_load(tx, ID, &t.arena, &e, &t.f.err), OK);
    store_read_end(tx);
    assert_string_equal(entity_find(&e, ENTITY_DEFAULT "pm10")->value, "9");
    town_fini(&t);
}

static const char SQL_DAMAGE[] = "UPDATE entity_chunk SET body = 'x'";
static const char SQL_ASIDE[] = "SELECT count(*) FROM entity_aside WHERE why LIKE '%damaged%'"
                                " OR why LIKE '%cannot read a chunk%'";

static enum code flush_all(struct tx *tx, void *data, struct err *err) {
    (void)data;
    return memory_flush(tx, err);
}

static enum code damage(struct tx *tx, void *data, struct err *err) {
    (void)data;
    enum code code = memory_flush(tx, err);
    return code == OK ? query_run(query_open(tx, SQL_DAMAGE), err) : code;
}

/* What lies damaged in the history of one entity holds up nobody, it itself included. */
static void damage_of_one_holds_up_nobody(void **state) {
    (void)state;
    struct town t;
    int64_t aside = 0;
    begin(&t);
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, damage, NULL, &t.f.err), OK);
    assert_int_equal(do_one(&t, ENTITY_CREATE, SEEN(OTHER, "7", "01:00:00")), OK);
    assert_int_equal(do_one(&t, ENTITY_UPDATE, SEEN(ID, "2", "01:00:01")), OK);
    assert_int_equal(do_one(&t, ENTITY_UPDATE, SEEN(OTHER, "8", "02:00:00")), OK);
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, flush_all, NULL, &t.f.err), OK);
    assert_int_equal(do_one(&t, ENTITY_UPDATE, SEEN(ID, "3", "03:00:00")), OK);
    assert_string_equal(state_of(&t, ID), "3");
    assert_string_equal(history(&t, OTHER), "7 8");
    struct tx *tx = fixture_read(&t.f);
    assert_int_equal(query_number(query_open(tx, SQL_ASIDE), &aside, &t.f.err), OK);
    store_read_end(tx);
    assert_int_equal(aside, 1); /* 01:00:01; 03:00:00 has an hour of its own */
    town_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observations_add_no_line_and_all_else_does),
        cmocka_unit_test(one_moment_is_one_row_and_the_last_value_counts),
        cmocka_unit_test(a_job_sees_what_waits),
        cmocka_unit_test(an_undone_job_takes_nothing_of_others_with_it),
        cmocka_unit_test(nothing_is_remembered_of_an_undone_job),
        cmocka_unit_test(what_is_deleted_is_not_remembered),
        cmocka_unit_test(a_name_is_known_by_its_text_not_by_its_place),
        cmocka_unit_test(damage_of_one_holds_up_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
