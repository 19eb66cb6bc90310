/* Whom a change is for: every filter, what is in memory against what is kept, numbers, the cap. */
#include "subscription/match.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/gate.h"
#include "subscription/desk.h"
#include "subscription/filter.h"

#define BUS "\"entities\":[{\"type\":\"Bus\"}]"

static void create(struct desk *d, const char *id, int speed) {
    char json[256];
    snprintf(
        json, sizeof json,
        "{\"id\":\"urn:x:%s\",\"type\":\"Bus\",\"speed\":{\"type\":\"Property\",\"value\":%d}}", id,
        speed);
    desk_apply(d, ENTITY_CREATE, json);
}

static void set(struct desk *d, const char *id, const char *name, int value) {
    char json[256];
    snprintf(json, sizeof json, "{\"id\":\"urn:x:%s\",\"%s\":{\"type\":\"Property\",\"value\":%d}}",
             id, name, value);
    desk_apply(d, ENTITY_APPEND, json);
}

static void remove_one(struct desk *d, const char *id) {
    char json[128];
    snprintf(json, sizeof json, "{\"id\":\"urn:x:%s\"}", id);
    desk_apply(d, ENTITY_DELETE, json);
}

/* Each row: members of a subscription, and how many of five changes it is due: bus a is made
 * (speed 10), bus b is made (speed 60), b gets fuel, a gets speed 20, a is deleted. */
static void filters(void **state) {
    (void)state;
    static const struct {
        const char *members;
        int due;
    } rows[] = {
        {BUS, 4},
        {"\"entities\":[{\"type\":\"Tram\"}]", 0},
        {"\"entities\":[{\"type\":\"Tram|Bus\"}]", 4},
        {"\"entities\":[{\"type\":\"Tram;Bus\"}]", 0},
        {"\"entities\":[{\"type\":\"*\"}]", 4},
        {"\"entities\":[{\"type\":\"Bus\",\"id\":\"urn:x:a\"}]", 2},
        {"\"entities\":[{\"type\":\"Bus\",\"idPattern\":\"a$\"}]", 2},
        {"\"entities\":[{\"type\":\"Bus\",\"idPattern\":\"a$\"},{\"type\":\"Bus\",\"id\":\"urn:x:"
         "b\"}]",
         4},
        {BUS ",\"watchedAttributes\":[\"fuel\"]", 1},
        {"\"watchedAttributes\":[\"fuel\"]", 1},
        {"\"watchedAttributes\":[\"speed\"]", 3},
        {BUS ",\"watchedAttributes\":[\"none\"]", 0},
        {BUS ",\"notificationTrigger\":[\"entityCreated\"]", 2},
        {BUS ",\"notificationTrigger\":[\"entityDeleted\"]", 1},
        {BUS ",\"notificationTrigger\":[\"entityUpdated\"]", 2},
        {BUS ",\"notificationTrigger\":[\"attributeCreated\"]", 3},
        {BUS ",\"notificationTrigger\":[\"attributeUpdated\"]", 1},
        {BUS ",\"notificationTrigger\":[\"attributeDeleted\"]", 1},
        {BUS ",\"notificationTrigger\":[\"attributeDeleted\"],\"watchedAttributes\":[\"fuel\"]", 0},
        {BUS ",\"notificationTrigger\":[\"entityDeleted\"],\"watchedAttributes\":[\"speed\"]", 1},
        {BUS ",\"q\":\"speed>50\"", 2},
        {BUS ",\"q\":\"speed%3E50\"", 2},
        {BUS ",\"q\":\"fuel\"", 1},
        {BUS ",\"isActive\":false", 0},
        {BUS ",\"expiresAt\":\"2000-01-01T00:00:00Z\"", 0},
        {BUS ",\"expiresAt\":\"2099-01-01T00:00:00Z\"", 4},
        {BUS ",\"timeInterval\":5", 0},
        {BUS ",\"datasetId\":[\"@none\"]", 4},
        {BUS ",\"datasetId\":[\"urn:d:1\"]", 0},
        {BUS ",\"scopeQ\":\"/a\"", 0},
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct desk d;
    int64_t numbers[ROWS];
    desk_init(&d, 0);
    for (size_t i = 0; i < ROWS; i++) {
        numbers[i] = desk_subscribe(&d, rows[i].members);
    }
    create(&d, "a", 10);
    create(&d, "b", 60);
    set(&d, "b", "fuel", 1);
    set(&d, "a", "speed", 20);
    remove_one(&d, "a");
    for (size_t i = 0; i < ROWS; i++) {
        if (desk_due(&d, numbers[i]) != rows[i].due) {
            fail_msg("%s: %d are due, not %d", rows[i].members, (int)desk_due(&d, numbers[i]),
                     rows[i].due);
        }
    }
    desk_fini(&d);
}

/* A place whose rings cross: of a database of before they were refused it is taken as it stands. */
static void kept_rings_may_cross(void **state) {
    (void)state;
    struct desk d;
    struct filter f = FILTER_INIT;
    struct err err = ERR_INIT;
    desk_init(&d, 0);
    struct desk_wish w = desk_read_wish(
        &d, BUS ",\"geoQ\":{\"georel\":\"within\",\"geometry\":\"Polygon\",\"coordinates\":"
                "[[[0,0],[10,10],[10,0],[0,10],[0,0]]]}");
    assert_int_equal(filter_compile(&w.kept.s, FILTER_SENT, &d.arena, &f, &err), E_INPUT);
    assert_string_equal(err.msg, "cannot take Polygon: its edges cross or overlap at 5, 5");
    filter_fini(&f);
    assert_int_equal(filter_compile(&w.kept.s, FILTER_KEPT, &d.arena, &f, &err), OK);
    const char *types[] = {ENTITY_DEFAULT "Bus"};
    struct entity_attribute place = {.name = "https://uri.etsi.org/ngsi-ld/location",
                                     .kind = ENTITY_GEO,
                                     .value = "{\"type\":\"Point\",\"coordinates\":[1,2]}"};
    struct entity e = {
        .id = "urn:x:a", .types = types, .type_count = 1, .attributes = &place, .count = 1};
    assert_true(filter_takes(&f, &e));
    place.value = "{\"type\":\"Point\",\"coordinates\":[2,1]}"; /* between the two wings */
    assert_false(filter_takes(&f, &e));
    filter_fini(&f);
    desk_fini(&d);
}

/* A change is kept once, with what was before; numbers follow the journal. */
static void what_is_kept(void **state) {
    (void)state;
    struct desk d;
    struct outbox_item *items, *others;
    struct snapshot s;
    struct err err = ERR_INIT;
    desk_init(&d, 0);
    int64_t one = desk_subscribe(&d, BUS);
    int64_t other = desk_subscribe(&d, BUS);
    create(&d, "a", 10);
    set(&d, "a", "speed", 20);
    assert_int_equal(desk_items(&d, one, &items), 2);
    assert_int_equal(desk_items(&d, other, &others), 2);
    assert_int_equal(items[0].seq, others[0].seq);
    assert_int_equal((items[0].seq >> OUTBOX_LINE_BITS) + 1, items[1].seq >> OUTBOX_LINE_BITS);
    assert_int_equal(items[1].seq >> OUTBOX_LINE_BITS, d.told_line);
    assert_int_equal(snapshot_read(items[1].snapshot, items[1].len, &d.arena, &s, &err), OK);
    assert_string_equal(s.entity.id, "urn:x:a");
    assert_string_equal(s.entity.types[0], V "Bus");
    assert_string_equal(s.entity.attributes[0].name, V "speed");
    assert_string_equal(s.entity.attributes[0].value, "20");
    assert_int_equal(s.event, ENTITY_UPDATED);
    assert_int_equal(s.touched_count, 1);
    assert_int_equal(s.touched[0].event, ENTITY_UPDATED);
    assert_string_equal(s.touched[0].was->value, "10");
    desk_fini(&d);
}

static void broken_snapshots_are_refused(void **state) {
    (void)state;
    struct desk d;
    struct outbox_item *items;
    desk_init(&d, 0);
    int64_t one = desk_subscribe(&d, BUS);
    create(&d, "a", 10);
    assert_int_equal(desk_items(&d, one, &items), 1);
    for (size_t n = 0; n < items[0].len; n++) {
        struct snapshot s;
        struct err err = ERR_INIT;
        assert_int_not_equal(snapshot_read(items[0].snapshot, n, &d.arena, &s, &err), OK);
    }
    desk_fini(&d);
}

/* What a job that was undone said of subscriptions is not believed, nor what it made due. */
static void undone_jobs(void **state) {
    (void)state;
    struct desk d;
    desk_init(&d, 0);
    struct desk_wish w = desk_read_wish(&d, BUS);
    w.fails = true;
    assert_int_equal(fixture_write(&d.f, desk_wish_job, &w), E_INPUT);
    create(&d, "a", 1);
    int64_t kept = desk_subscribe(&d, BUS);
    assert_int_not_equal(kept, w.kept.number); /* no number is given twice */
    struct desk_deed deed = desk_read_deed(&d, ENTITY_CREATE,
                                           "{\"id\":\"urn:x:b\",\"type\":\"Bus\","
                                           "\"speed\":{\"value\":1}}");
    deed.fails = true;
    assert_int_equal(fixture_write(&d.f, desk_deed_job, &deed), E_INPUT);
    assert_int_equal(desk_due(&d, kept), 0);
    create(&d, "b", 2);
    assert_int_equal(desk_due(&d, kept), 1);
    desk_unsubscribe(&d, kept);
    create(&d, "c", 2);
    assert_int_equal(desk_due(&d, kept), 0);
    desk_fini(&d);
}

/* What is done is forgotten, and a change with the last who waited for it. */
static enum code done_job(struct tx *tx, void *data, struct err *err) {
    const int64_t *x = data;
    return outbox_done(tx, x[0], x[1], err);
}

static int64_t count_changes(struct desk *d) {
    static const char sql[] = "SELECT count(*) FROM subscription_change";
    struct tx *tx = fixture_read(&d->f);
    int64_t n = -1;
    assert_int_equal(query_number(query_open(tx, sql), &n, NULL), OK);
    store_read_end(tx);
    return n;
}

static void done_is_forgotten(void **state) {
    (void)state;
    struct desk d;
    struct outbox_item *items;
    desk_init(&d, 0);
    int64_t one = desk_subscribe(&d, BUS);
    int64_t other = desk_subscribe(&d, BUS);
    create(&d, "a", 1);
    create(&d, "b", 1);
    assert_int_equal(desk_items(&d, one, &items), 2);
    int64_t first[2] = {one, items[0].seq};
    assert_int_equal(store_write(d.f.store, STORE_HOUSEKEEPING, done_job, first, NULL), OK);
    assert_int_equal(desk_due(&d, one), 1);
    assert_int_equal(desk_due(&d, other), 2);
    assert_int_equal(count_changes(&d), 2);
    desk_unsubscribe(&d, other);
    assert_int_equal(count_changes(&d), 1);
    int64_t all[2] = {one, items[1].seq};
    assert_int_equal(store_write(d.f.store, STORE_HOUSEKEEPING, done_job, all, NULL), OK);
    assert_int_equal(count_changes(&d), 0);
    desk_fini(&d);
}

static void the_oldest_go_at_the_cap(void **state) {
    (void)state;
    struct desk d;
    struct outbox_item *items;
    struct subscription_kept k;
    char id[16];
    desk_init(&d, 20);
    int64_t one = desk_subscribe(&d, BUS);
    for (int i = 0; i < 25; i++) {
        snprintf(id, sizeof id, "n%d", i);
        create(&d, id, i);
    }
    /* at 20 two go, and room is made for two: so at 20, 22 and 24 */
    assert_int_equal(desk_due(&d, one), 19);
    struct tx *tx = fixture_read(&d.f);
    assert_int_equal(subscription_load_number(tx, one, &d.arena, &k, NULL), OK);
    store_read_end(tx);
    assert_int_equal(k.progress.dropped, 6);
    assert_int_equal(k.progress.waiting, 19);
    desk_items(&d, one, &items);
    struct snapshot s;
    assert_int_equal(snapshot_read(items[0].snapshot, items[0].len, &d.arena, &s, NULL), OK);
    assert_string_equal(s.entity.id, "urn:x:n6");
    desk_fini(&d);
}

/* ---- values that only were observed ---- */

/* A value of an attribute of urn:x:`id`, in the minute of the same number. */
static struct desk_deed value(struct desk *d, const char *id, const char *type, const char *name,
                              int n) {
    char json[256];
    snprintf(json, sizeof json,
             "{\"id\":\"urn:x:%s\",\"type\":\"%s\",\"%s\":{\"type\":\"Property\",\"value\":%d,"
             "\"observedAt\":\"2026-03-01T00:%02d:00Z\"}}",
             id, type, name, n, n);
    return desk_read_deed(d, ENTITY_APPEND, json);
}

static void observe(struct desk *d, const char *id, const char *type, const char *name, int n) {
    struct desk_deed deed = value(d, id, type, name, n);
    if (fixture_write(&d->f, desk_brief_job, &deed) != OK) {
        fail_msg("%s", d->f.err.msg);
    }
}

static int64_t lines(struct desk *d) {
    return store_length(d->f.store);
}

/* Bus a and tram t with speed and fuel, at minute 0. */
static void begin_observing(struct desk *d) {
    static const char *const all[] = {"a\",\"type\":\"Bus", "t\",\"type\":\"Tram"};
    char json[512];
    desk_init(d, 0);
    for (size_t i = 0; i < 2; i++) {
        snprintf(json, sizeof json,
                 "{\"id\":\"urn:x:%s\","
                 "\"speed\":{\"type\":\"Property\",\"value\":0,\"observedAt\":"
                 "\"2026-03-01T00:00:00Z\"},"
                 "\"fuel\":{\"type\":\"Property\",\"value\":0,\"observedAt\":"
                 "\"2026-03-01T00:00:00Z\"}}",
                 all[i]);
        desk_apply(d, ENTITY_CREATE, json);
    }
}

/* Each row: a subscription, and whether it means a value of speed of bus a. */
static void only_what_is_meant_adds_a_line(void **state) {
    (void)state;
    static const struct {
        const char *members;
        bool meant;
    } rows[] = {
        {BUS, true},
        {"\"entities\":[{\"type\":\"*\"}]", true},
        {"\"entities\":[{\"type\":\"Tram\"}]", false},
        {"\"entities\":[{\"type\":\"Tram\"}],\"watchedAttributes\":[\"speed\"]", false},
        {BUS ",\"watchedAttributes\":[\"fuel\"]", false},
        {BUS ",\"watchedAttributes\":[\"fuel\",\"speed\"]", true},
        {"\"watchedAttributes\":[\"speed\"]", true},
        {"\"watchedAttributes\":[\"fuel\"]", false},
        {"\"entities\":[{\"type\":\"Bus\",\"id\":\"urn:x:a\"}]", true},
        {"\"entities\":[{\"type\":\"Bus\",\"id\":\"urn:x:b\"}]", false},
        {"\"entities\":[{\"type\":\"Bus\",\"id\":\"urn:x:a\"}],\"watchedAttributes\":[\"fuel\"]",
         false},
        {BUS ",\"notificationTrigger\":[\"entityCreated\",\"entityDeleted\"]", false},
        {BUS ",\"notificationTrigger\":[\"attributeCreated\"]", false},
        {BUS ",\"notificationTrigger\":[\"entityUpdated\"]", true},
        {BUS ",\"datasetId\":[\"urn:d:1\"]", false},
        {BUS ",\"datasetId\":[\"@none\"]", true},
        {BUS ",\"isActive\":false", false},
        {BUS ",\"expiresAt\":\"2000-01-01T00:00:00Z\"", false},
        {BUS ",\"timeInterval\":5", false},
    };
    struct desk d;
    begin_observing(&d);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t number = desk_subscribe(&d, rows[i].members);
        int64_t before = lines(&d);
        observe(&d, "a", "Bus", "speed", (int)i + 1);
        if (lines(&d) - before != rows[i].meant || desk_due(&d, number) != rows[i].meant) {
            fail_msg("%s: %d lines, %d due", rows[i].members, (int)(lines(&d) - before),
                     (int)desk_due(&d, number));
        }
        desk_unsubscribe(&d, number);
    }
    desk_fini(&d);
}

/* A value that comes without the entity's type is meant by that type all the same. */
static void types_that_were_not_sent(void **state) {
    (void)state;
    struct desk d;
    begin_observing(&d);
    int64_t one = desk_subscribe(&d, BUS ",\"watchedAttributes\":[\"speed\"]");
    struct desk_deed deed = value(&d, "a", "Bus", "speed", 1);
    deed.entity.type_count = 0;
    assert_int_equal(fixture_write(&d.f, desk_brief_job, &deed), OK);
    assert_int_equal(desk_due(&d, one), 1);
    deed = value(&d, "t", "Tram", "speed", 1);
    deed.entity.type_count = 0;
    int64_t before = lines(&d);
    assert_int_equal(fixture_write(&d.f, desk_brief_job, &deed), OK);
    assert_int_equal(desk_due(&d, one), 1);
    assert_int_equal(lines(&d), before);
    desk_fini(&d);
}

/* Values of speed that one is told of, with what was before: "0>1 1>2". */
static void expect_told(struct desk *d, int64_t number, const char *fuel, const char *want) {
    struct outbox_item *items;
    struct buf got = BUF_INIT;
    size_t count = desk_items(d, number, &items);
    buf_add(&got, "", 0);
    for (size_t i = 0; i < count; i++) {
        struct snapshot s;
        assert_int_equal(snapshot_read(items[i].snapshot, items[i].len, &d->arena, &s, NULL), OK);
        buf_addf(&got, "%s%s>%s", i > 0 ? " " : "", s.touched[0].was->value,
                 entity_find(&s.entity, V "speed")->value);
        if (i + 1 == count) {
            assert_string_equal(entity_find(&s.entity, V "fuel")->value, fuel);
        }
    }
    assert_string_equal(got.data, want);
    buf_fini(&got);
}

/* What waits becomes rows before rows are looked at. Of two changes in one job both show the entity
 * as the job left it, each with what was before. */
static void what_is_told_sees_what_waits(void **state) {
    (void)state;
    struct desk d;
    begin_observing(&d);
    int64_t one = desk_subscribe(&d, BUS ",\"watchedAttributes\":[\"speed\"]");
    struct desk_deed all[] = {value(&d, "a", "Bus", "fuel", 1), value(&d, "t", "Tram", "speed", 1),
                              value(&d, "a", "Bus", "speed", 1), value(&d, "a", "Bus", "fuel", 2),
                              value(&d, "a", "Bus", "speed", 2)};
    for (size_t i = 0; i + 1 < sizeof all / sizeof all[0]; i++) {
        all[i].next = &all[i + 1];
    }
    int64_t before = lines(&d);
    assert_int_equal(fixture_write(&d.f, desk_brief_job, all), OK);
    assert_int_equal(lines(&d), before + 1);
    expect_told(&d, one, "2", "0>2 1>2");
    desk_fini(&d);
}

struct task {
    atomic_int *done;
    store_job *job;
    void *data;
};

static enum code run(struct tx *tx, void *data, struct err *err) {
    const struct task *t = data;
    return t->job(tx, t->data, err);
}

static void done(void *data, enum code code, const struct err *err) {
    const struct task *t = data;
    (void)code;
    (void)err;
    atomic_fetch_add(t->done, 1);
}

/* All of them in one transaction. */
static void do_together(struct desk *d, struct task *tasks, int count) {
    struct gate gate = {false, false};
    atomic_int ended = 0;
    struct task first = {&ended, gate_hold, &gate};
    struct store_handed held = {run, done, &first};
    assert_int_equal(store_submit(d->f.store, STORE_HOUSEKEEPING, &held, NULL), OK);
    while (!atomic_load(&gate.entered)) {
        sched_yield();
    }
    for (int i = 0; i < count; i++) {
        struct store_handed handed = {run, done, &tasks[i]};
        tasks[i].done = &ended;
        assert_int_equal(store_submit(d->f.store, STORE_CHANGE, &handed, NULL), OK);
    }
    atomic_store(&gate.open, true);
    while (atomic_load(&ended) <= count) {
        sched_yield();
    }
}

/* Jobs of one transaction: values aside, the subscription, and what it means, in turn; one of them
 * is undone. */
static void jobs_of_one_transaction(void **state) {
    (void)state;
    struct desk d;
    begin_observing(&d);
    struct desk_wish wish = desk_read_wish(&d, BUS ",\"watchedAttributes\":[\"speed\"]");
    struct desk_deed deeds[] = {value(&d, "a", "Bus", "speed", 1), value(&d, "a", "Bus", "fuel", 1),
                                value(&d, "a", "Bus", "speed", 2), value(&d, "a", "Bus", "fuel", 2),
                                value(&d, "a", "Bus", "speed", 3), value(&d, "a", "Bus", "fuel", 3),
                                value(&d, "a", "Bus", "speed", 4)};
    enum { DEEDS = sizeof deeds / sizeof deeds[0] };
    struct task tasks[DEEDS + 1] = {{NULL, desk_brief_job, &deeds[0]},
                                    {NULL, desk_wish_job, &wish}};
    for (int i = 1; i < DEEDS; i++) {
        tasks[i + 1] = (struct task){NULL, desk_brief_job, &deeds[i]};
    }
    deeds[4].fails = true; /* what it flushed waits again */
    int64_t before = lines(&d);
    do_together(&d, tasks, DEEDS + 1);
    assert_int_equal(lines(&d), before + 3); /* the subscription, and speed 2 and 4 */
    expect_told(&d, wish.kept.number, "3", "1>2 2>4");
    desk_fini(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters),
        cmocka_unit_test(kept_rings_may_cross),
        cmocka_unit_test(what_is_kept),
        cmocka_unit_test(broken_snapshots_are_refused),
        cmocka_unit_test(undone_jobs),
        cmocka_unit_test(done_is_forgotten),
        cmocka_unit_test(the_oldest_go_at_the_cap),
        cmocka_unit_test(only_what_is_meant_adds_a_line),
        cmocka_unit_test(types_that_were_not_sent),
        cmocka_unit_test(what_is_told_sees_what_waits),
        cmocka_unit_test(jobs_of_one_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
