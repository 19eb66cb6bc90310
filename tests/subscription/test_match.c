/* Whom a change is for: every filter, what is in memory against what is kept, numbers, the cap. */
#include "subscription/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "subscription/desk.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters),
        cmocka_unit_test(what_is_kept),
        cmocka_unit_test(broken_snapshots_are_refused),
        cmocka_unit_test(undone_jobs),
        cmocka_unit_test(done_is_forgotten),
        cmocka_unit_test(the_oldest_go_at_the_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
