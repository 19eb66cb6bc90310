/* Histories by their rows: borders, the last N over empty hours, pages, periods, several datasets,
 * and what is kept of entities that are gone. */
#include "entity/entity_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "entity/entity_store.h"
#include "entity/town.h"

#define ID "urn:ngsi-ld:Meter:1"
#define V "urn:x:v"
#define W "urn:x:w"
#define HOUR INT64_C(3600000)
#define T0 INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

/* ---- adding ---- */

struct adding {
    const struct entity *e;
    bool must_be, made;
};

static enum code add(struct tx *tx, void *data, struct err *err) {
    struct adding *a = data;
    return entity_history_add(tx, a->e, a->must_be, &a->made, err);
}

static struct entity_attribute seen(const char *name, const char *value, int64_t at_ms) {
    return (struct entity_attribute){
        .name = name, .kind_said = true, .value = value, .observed = true, .observed_ms = at_ms};
}

static bool put(struct town *t, const char *id, struct entity_attribute *all, size_t count) {
    const char *types[] = {"urn:x:Meter"};
    struct entity e = {
        .id = id, .types = types, .type_count = 1, .attributes = all, .count = count};
    struct adding a = {&e, false, false};
    assert_int_equal(store_write(t->f.store, STORE_HOUSEKEEPING, add, &a, &t->f.err), OK);
    return a.made;
}

/* `count` values of V, one each `step`, named by their number. */
static void put_run(struct town *t, const char *id, int64_t from_ms, int64_t step, int count) {
    struct entity_attribute *all = arena_alloc(&t->arena, (size_t)count * sizeof *all);
    for (int i = 0; i < count; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        all[i] = seen(V, arena_dup(&t->arena, text, strlen(text)), from_ms + i * step);
    }
    (void)put(t, id, all, (size_t)count);
}

/* ---- reading ---- */

static const struct entity_stretch ever = {ENTITY_ALWAYS, {-ENTITY_EVER_MS, ENTITY_EVER_MS}};

static enum code load(struct town *t, const char *id, const struct entity_history_query *query,
                      struct entity_history *h) {
    struct tx *tx = NULL;
    t->f.err = (struct err)ERR_INIT;
    assert_int_equal(store_read(t->f.store, &tx, &t->f.err), OK);
    enum code code = entity_history_load(tx, id, query, &t->arena, h, &t->f.err);
    store_read_end(tx);
    return code;
}

static struct entity_history must(struct town *t, const struct entity_history_query *query) {
    struct entity_history h;
    if (load(t, ID, query, &h) != OK) {
        fail_msg("%s", t->f.err.msg);
    }
    return h;
}

/* "3 4 5" of the series. */
static void expect(const struct entity_history *h, size_t series, const char *values) {
    char text[512] = "";
    assert_true(series < h->count);
    for (size_t i = 0; i < h->series[series].count; i++) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s", i == 0 ? "" : " ",
                 h->series[series].instances[i].value);
    }
    assert_string_equal(text, values);
}

static void a_stretch_has_its_borders(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    put_run(&t, ID, T0 - 2 * HOUR, HOUR / 2, 8);
    struct entity_history_query q = {.stretch = {ENTITY_BETWEEN, {T0, T0 + HOUR}}};
    struct entity_history h = must(&t, &q);
    expect(&h, 0, "4 5");
    assert_int_equal(h.held.from_ms, T0);
    assert_int_equal(h.held.to_ms, T0 + HOUR / 2);
    q.stretch = (struct entity_stretch){ENTITY_BEFORE, {-ENTITY_EVER_MS, T0 - HOUR / 2}};
    h = must(&t, &q);
    expect(&h, 0, "0 1 2");
    q.stretch = (struct entity_stretch){ENTITY_AFTER, {T0 + HOUR + 1, ENTITY_EVER_MS}};
    h = must(&t, &q);
    expect(&h, 0, "7");
    q.stretch.span.from_ms = T0 + 100 * HOUR;
    h = must(&t, &q);
    assert_int_equal(h.count, 0);
    assert_string_equal(h.types[0], "urn:x:Meter");
    town_fini(&t);
}

static void before_1970_is_in_order_too(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    put_run(&t, ID, -3 * HOUR - 1, HOUR, 6);
    struct entity_history_query q = {.stretch = ever};
    struct entity_history h = must(&t, &q);
    expect(&h, 0, "0 1 2 3 4 5");
    q.last = 3;
    h = must(&t, &q);
    expect(&h, 0, "3 4 5");
    town_fini(&t);
}

/* A year without anything lies between: hours that nobody observed in are not walked over, which no
 * test can see; that they do not matter, this one does. */
static void the_last_are_found_far_back(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    put_run(&t, ID, T0, 600000, 9);
    put_run(&t, "urn:ngsi-ld:Meter:2", T0 + 8760 * HOUR, HOUR, 3);
    struct entity_attribute late[] = {seen(W, "true", T0 + 9000 * HOUR)};
    (void)put(&t, ID, late, 1);
    const char *both[] = {V, W};
    struct entity_history_query q = {
        .stretch = ever, .last = 4, .attributes = both, .attribute_count = 2};
    struct entity_history h = must(&t, &q);
    assert_int_equal(h.count, 2);
    expect(&h, 0, "5 6 7 8");
    expect(&h, 1, "true");
    assert_false(h.more);
    q.stretch = (struct entity_stretch){ENTITY_BEFORE, {-ENTITY_EVER_MS, T0 + 5 * 600000}};
    h = must(&t, &q);
    expect(&h, 0, "1 2 3 4");
    town_fini(&t);
}

static void datasets_are_one_attribute(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    struct entity_attribute all[] = {seen(V, "1", T0), seen(V, "2", T0 + 1), seen(V, "3", T0 + 2),
                                     seen(V, "4", T0 + 2)};
    all[1].dataset = all[3].dataset = "urn:set:a";
    assert_true(put(&t, ID, all, 4));
    struct entity_history_query q = {.stretch = ever};
    struct entity_history h = must(&t, &q);
    assert_int_equal(h.count, 2);
    assert_null(h.series[0].dataset);
    expect(&h, 0, "1 3");
    assert_string_equal(h.series[1].dataset, "urn:set:a");
    expect(&h, 1, "2 4");
    const char *plain[] = {"@none"};
    q.datasets = plain;
    q.dataset_count = 1;
    h = must(&t, &q);
    assert_int_equal(h.count, 1);
    expect(&h, 0, "1 3");
    plain[0] = "urn:set:unheard";
    h = must(&t, &q);
    assert_int_equal(h.count, 0);
    town_fini(&t);
}

static void the_last_that_came_counts(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    struct entity_attribute one[] = {seen(V, "1", T0)};
    struct entity_attribute two[] = {seen(V, "\"two\"", T0)};
    assert_true(put(&t, ID, one, 1));
    assert_false(put(&t, ID, two, 1));
    struct entity_history_query q = {.stretch = ever};
    struct entity_history h = must(&t, &q);
    expect(&h, 0, "\"two\"");
    town_fini(&t);
}

static void a_page_ends_at_a_moment(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    put_run(&t, ID, T0, HOUR / 4, 20);
    struct entity_attribute beside[] = {seen(W, "100", T0 + 6 * (HOUR / 4)),
                                        seen(W, "101", T0 + 19 * (HOUR / 4))};
    (void)put(&t, ID, beside, 2);
    struct entity_history_query q = {.stretch = ever, .limit = 7};
    struct entity_history h = must(&t, &q);
    assert_true(h.more);
    /* The seventh of all shares its moment with the eighth: both are there. */
    expect(&h, 0, "0 1 2 3 4 5 6");
    expect(&h, 1, "100");
    assert_int_equal(h.held.to_ms, T0 + 6 * (HOUR / 4));
    q.last = 20;
    h = must(&t, &q);
    assert_true(h.more);
    expect(&h, 0, "14 15 16 17 18 19");
    expect(&h, 1, "101");
    assert_int_equal(h.held.from_ms, T0 + 14 * (HOUR / 4));
    q.limit = 22;
    h = must(&t, &q);
    assert_false(h.more);
    town_fini(&t);
}

static void expect_tally(const struct entity_history *h, size_t at, enum entity_method m,
                         int64_t from_ms, const char *answer) {
    assert_true(at < h->series[0].period_count);
    const struct entity_tallied *p = &h->series[0].periods[at];
    assert_int_equal(p->span.from_ms, from_ms);
    assert_string_equal(p->answers[m] == NULL ? "-" : p->answers[m], answer);
}

static void periods_have_answers(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    put_run(&t, ID, T0 + HOUR / 4, HOUR / 4, 8); /* 00:15 to 02:00 */
    struct entity_history_query q = {
        .stretch = ever, .methods = 1U << ENTITY_SUM | 1U << ENTITY_AVERAGE, .period = {0, HOUR}};
    struct entity_history h = must(&t, &q);
    assert_int_equal(h.series[0].period_count, 2); /* from the first instance on */
    expect_tally(&h, 0, ENTITY_SUM, T0 + HOUR / 4, "6");
    expect_tally(&h, 1, ENTITY_AVERAGE, T0 + HOUR / 4 + HOUR, "5.5");
    expect_tally(&h, 1, ENTITY_MAXIMUM, T0 + HOUR / 4 + HOUR, "-");
    q.stretch = (struct entity_stretch){ENTITY_AFTER, {T0, ENTITY_EVER_MS}};
    h = must(&t, &q);
    assert_int_equal(h.series[0].period_count, 3); /* from timeAt on */
    expect_tally(&h, 0, ENTITY_SUM, T0, "3");
    expect_tally(&h, 1, ENTITY_SUM, T0 + HOUR, "18");
    expect_tally(&h, 2, ENTITY_SUM, T0 + 2 * HOUR, "7");
    q.last = 2;
    h = must(&t, &q);
    assert_int_equal(h.series[0].period_count, 2);
    expect_tally(&h, 0, ENTITY_SUM, T0 + HOUR, "6");
    q = (struct entity_history_query){.stretch = {ENTITY_BETWEEN, {T0, T0 + HOUR}},
                                      .methods = 1U << ENTITY_TOTAL_COUNT};
    h = must(&t, &q);
    assert_int_equal(h.series[0].period_count, 1);
    expect_tally(&h, 0, ENTITY_TOTAL_COUNT, T0, "3");
    assert_int_equal(h.series[0].periods[0].span.to_ms, T0 + HOUR);
    /* An open end is now, or behind what is ahead of now. */
    q.stretch = (struct entity_stretch){ENTITY_AFTER, {T0, ENTITY_EVER_MS}};
    h = must(&t, &q);
    assert_int_equal(h.series[0].periods[0].span.to_ms, T0 + 2 * HOUR + 1);
    t.f.now = T0 + 1000 * HOUR;
    h = must(&t, &q);
    assert_int_equal(h.series[0].periods[0].span.to_ms, T0 + 1000 * HOUR);
    town_fini(&t);
}

/* ---- who is gone ---- */

struct deed {
    struct arena *arena;
    enum entity_deed what;
    const struct entity *e;
};

static enum code apply(struct tx *tx, void *data, struct err *err) {
    const struct deed *d = data;
    struct entity_job job = {.tx = tx, .arena = d->arena};
    struct entity_outcome outcome;
    return entity_apply(&job, d->what, d->e, &outcome, err);
}

static void who_is_deleted_has_a_history(void **state) {
    struct town t;
    struct entity_history h;
    struct entity_history_query q = {.stretch = ever};
    const char *types[] = {"urn:x:Meter", "urn:x:Device"};
    struct entity_attribute all[] = {seen(V, "1", T0), {.name = W, .value = "2"}};
    struct entity e = {.id = ID, .types = types, .type_count = 2, .attributes = all, .count = 2};
    (void)state;
    town_init(&t);
    assert_int_equal(load(&t, ID, &q, &h), E_ABSENT);
    struct deed create = {&t.arena, ENTITY_CREATE, &e};
    struct deed delete = {&t.arena, ENTITY_DELETE, &e};
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, apply, &create, &t.f.err), OK);
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, apply, &delete, &t.f.err), OK);
    h = must(&t, &q);
    assert_int_equal(h.type_count, 2);
    assert_int_equal(h.count, 1);
    expect(&h, 0, "1");
    const char *other[] = {W};
    q.attributes = other;
    q.attribute_count = 1;
    assert_int_equal(load(&t, ID, &q, &h), E_ABSENT);
    town_fini(&t);
}

/* ---- many ---- */

static struct entity_history_page list(struct town *t, const struct entity_history_filter *f,
                                       const struct entity_history_query *q) {
    struct entity_history_page page;
    struct tx *tx = NULL;
    t->f.err = (struct err)ERR_INIT;
    assert_int_equal(store_read(t->f.store, &tx, &t->f.err), OK);
    if (entity_history_list(tx, f, q, &t->arena, &page, &t->f.err) != OK) {
        fail_msg("%s", t->f.err.msg);
    }
    store_read_end(tx);
    return page;
}

static void a_page_of_many_ends_alike(void **state) {
    struct town t;
    (void)state;
    town_init(&t);
    for (int i = 1; i <= 5; i++) {
        char id[32];
        snprintf(id, sizeof id, "urn:ngsi-ld:Meter:%d", i);
        put_run(&t, id, T0, HOUR, 10);
    }
    struct entity_history_filter f = {.limit = 3, .total = true};
    struct entity_history_query q = {.stretch = {ENTITY_AFTER, {T0 + HOUR, ENTITY_EVER_MS}},
                                     .limit = 12};
    struct entity_history_page page = list(&t, &f, &q);
    assert_int_equal(page.count, 3);
    assert_int_equal(page.total, 5);
    assert_true(page.more && page.cut);
    for (size_t i = 0; i < page.count; i++) {
        expect(&page.all[i], 0, "1 2 3 4"); /* 12 in all */
    }
    assert_int_equal(page.held.to_ms, T0 + 4 * HOUR);
    f.offset = 4;
    q.limit = 0;
    page = list(&t, &f, &q);
    assert_int_equal(page.count, 1);
    assert_false(page.more || page.cut);
    assert_string_equal(page.all[0].id, "urn:ngsi-ld:Meter:5");
    f = (struct entity_history_filter){.limit = 5};
    q.last = 6;
    q.limit = 10;
    page = list(&t, &f, &q);
    assert_true(page.cut);
    expect(&page.all[0], 0, "8 9");
    expect(&page.all[4], 0, "8 9");
    assert_int_equal(page.held.from_ms, T0 + 8 * HOUR);
    /* One whose instances are all behind the end has its place, and nothing in it. */
    put_run(&t, "urn:ngsi-ld:Meter:6", T0 + 100 * HOUR, HOUR, 2);
    f = (struct entity_history_filter){.limit = 9, .total = true};
    q.last = 0;
    page = list(&t, &f, &q);
    assert_int_equal(page.count, 6);
    assert_int_equal(page.total, 6);
    expect(&page.all[0], 0, "1 2");
    expect(&page.all[5], 0, "");
    town_fini(&t);
}

/* ---- refusals ---- */

static void without_a_moment_nothing_is_kept(void **state) {
    struct town t;
    struct entity_history h;
    struct entity_history_query q = {.stretch = ever};
    struct entity_attribute all[] = {seen(V, "1", T0), {.name = W, .value = "2"}};
    struct entity e = {.id = ID, .attributes = all, .count = 2};
    struct adding a = {&e, false, false};
    (void)state;
    town_init(&t);
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, add, &a, &t.f.err), E_INPUT);
    assert_non_null(strstr(t.f.err.msg, "observedAt"));
    assert_int_equal(load(&t, ID, &q, &h), E_ABSENT);
    e.count = 1;
    a.must_be = true;
    t.f.err = (struct err)ERR_INIT;
    assert_int_equal(store_write(t.f.store, STORE_HOUSEKEEPING, add, &a, &t.f.err), E_ABSENT);
    town_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stretch_has_its_borders),
        cmocka_unit_test(before_1970_is_in_order_too),
        cmocka_unit_test(the_last_are_found_far_back),
        cmocka_unit_test(datasets_are_one_attribute),
        cmocka_unit_test(the_last_that_came_counts),
        cmocka_unit_test(a_page_ends_at_a_moment),
        cmocka_unit_test(periods_have_answers),
        cmocka_unit_test(who_is_deleted_has_a_history),
        cmocka_unit_test(a_page_of_many_ends_alike),
        cmocka_unit_test(without_a_moment_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
