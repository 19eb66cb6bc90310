/* Intake: batches of messages become one job; what spoils one is found out alone; a disk that fails
 * keeps nothing and buries nothing; dead letters are counted, and bounded. */
#include "sense/intake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

#include "entity/entity_history.h"
#include "entity/entity_store.h"
#include "ngsi/model_read.h"
#include "sense/dead.h"
#include "store/broken_vfs.h"
#include "store/fixture.h"
#include "store/journal.h"

static const struct schema *const schemas[] = {&entity_schema, &dead_schema};

#define N "https://uri.etsi.org/ngsi-ld/default-context/n"

static const char TABLE[] =
    "{\"topics\": [{\"topic\": \"m/{id}\", \"id\": \"urn:m:{id}\", \"type\": \"M\", \"time\":"
    " {\"text\": \"{t}\", \"format\": \"%s\"}, \"when\": {\"no\": \"\"}, \"attributes\": [{"
    "\"name\": \"n\", \"column\": \"n\", \"kind\": \"number\"}]},"
    " {\"topic\": \"ld\", \"payload\": \"ngsi-ld\"}]}";

struct bench {
    struct fixture f;
    struct broken broken;
    struct arena arena;
    struct payload_table table;
    struct model_set *models;
    struct intake *in;
    struct intake_kept kept;
    struct err err;
};

static int set_up(void **state) {
    static struct bench b;
    memset(&b, 0, sizeof b);
    broken_init(&b.broken, "intake");
    fixture_init(&b.f);
    b.f.config.schemas = schemas;
    b.f.config.schema_count = 2;
    b.f.config.vfs = "intake";
    fixture_open(&b.f);
    b.models = model_set_new();
    assert_int_equal(model_load(b.models, TAIHU_SOURCE_DIR "/data", &b.err), OK);
    assert_int_equal(payload_parse(TABLE, sizeof TABLE - 1, &b.arena, &b.table, &b.err), OK);
    struct intake_config config = {b.f.store, &b.table, b.models, NULL, "mqtt"};
    b.in = intake_new(&config);
    *state = &b;
    return 0;
}

static int tear_down(void **state) {
    struct bench *b = *state;
    intake_free(b->in);
    model_set_free(b->models);
    arena_fini(&b->arena);
    fixture_fini(&b->f);
    broken_fini(&b->broken);
    return 0;
}

static void add(struct bench *b, const char *topic, const char *payload) {
    struct payload_message m = {topic, payload, strlen(payload), b->f.now};
    intake_add(b->in, &m);
}

static void add_reading(struct bench *b, int station, int n) {
    char topic[32];
    char payload[64];
    snprintf(topic, sizeof topic, "m/%d", station);
    snprintf(payload, sizeof payload, "{\"n\": %d, \"t\": %d}", n, n);
    add(b, topic, payload);
}

static enum code keep(struct bench *b) {
    b->err = (struct err)ERR_INIT;
    return intake_keep(b->in, &b->kept, &b->err);
}

static void keep_all(struct bench *b, size_t taken, size_t dead) {
    if (keep(b) != OK) {
        fail_msg("%s", b->err.msg);
    }
    assert_int_equal(b->kept.taken, taken);
    assert_int_equal(b->kept.dead, dead);
    assert_int_equal(intake_count(b->in), 0);
}

static int64_t lines(struct bench *b) {
    struct tx *tx = fixture_read(&b->f);
    int64_t n = journal_head(tx)->seq;
    store_read_end(tx);
    return n;
}

static size_t observations(struct bench *b, const char *id) {
    struct tx *tx = fixture_read(&b->f);
    const char *attributes[] = {N};
    const struct entity_history_query query = {.stretch = {ENTITY_BETWEEN, {0, ENTITY_EVER_MS}},
                                               .attributes = attributes,
                                               .attribute_count = 1};
    struct entity_history h = {.instances = 0};
    enum code code = entity_history_load(tx, id, &query, &b->arena, &h, &b->err);
    assert_true(code == OK || code == E_ABSENT);
    store_read_end(tx);
    return h.instances;
}

static bool is_there(struct bench *b, const char *id) {
    struct tx *tx = fixture_read(&b->f);
    struct entity e;
    enum code code = entity_load(tx, id, &b->arena, &e, &b->err);
    store_read_end(tx);
    return code == OK;
}

static size_t letters(struct bench *b, struct dead_letter **out, int64_t *total) {
    struct tx *tx = fixture_read(&b->f);
    struct dead_page page = {0, DEAD_LIST_MAX};
    size_t count = 0;
    assert_int_equal(dead_list(tx, page, &b->arena, out, &count, total, &b->err), OK);
    store_read_end(tx);
    return count;
}

static void a_batch_is_one_commit_and_one_line(void **state) {
    struct bench *b = *state;
    struct store_stats before, after;
    int64_t line = lines(b);
    store_stats(b->f.store, &before);
    for (int i = 0; i < 600; i++) {
        add_reading(b, i % 3, i);
    }
    keep_all(b, 600, 0);
    store_stats(b->f.store, &after);
    assert_int_equal(after.commits, before.commits + 1);
    assert_int_equal(lines(b), line + 1);
    assert_int_equal(observations(b, "urn:m:1"), 200);
    add_reading(b, 1, 600);
    keep_all(b, 1, 0);
    assert_int_equal(lines(b), line + 1); /* observations alone need none */
    add_reading(b, 1, 601);
    add(b, "m/1", "junk");
    keep_all(b, 1, 1);
    assert_int_equal(lines(b), line + 2);
    assert_int_equal(observations(b, "urn:m:1"), 202);
}

static void what_comes_again_is_there_once(void **state) {
    struct bench *b = *state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 50; i++) {
            add_reading(b, 1, i);
            add_reading(b, 1, i);
        }
        keep_all(b, 100, 0);
    }
    assert_int_equal(observations(b, "urn:m:1"), 50);
}

static void what_says_nothing_writes_nothing(void **state) {
    struct bench *b = *state;
    int64_t line = lines(b);
    struct store_stats before, after;
    store_stats(b->f.store, &before);
    add(b, "m/1", "{\"no\": \"thing\"}");
    keep_all(b, 1, 0);
    keep_all(b, 0, 0);
    store_stats(b->f.store, &after);
    assert_int_equal(after.jobs, before.jobs);
    assert_int_equal(lines(b), line);
}

static void junk_is_buried_beside_the_rest(void **state) {
    struct bench *b = *state;
    struct dead_letter *found;
    int64_t total;
    int64_t line = lines(b);
    add(b, "m/1", "junk");
    add_reading(b, 1, 1);
    add(b, "m/1", "junk");
    b->f.now += 1000;
    keep_all(b, 1, 2);
    assert_int_equal(lines(b), line + 1);
    add(b, "other", "{}");
    add(b, "m/1", "junk");
    b->f.now += 1000;
    keep_all(b, 0, 2);
    assert_int_equal(lines(b), line + 1); /* the city's state is as it was */
    assert_int_equal(letters(b, &found, &total), 2);
    size_t junk = strcmp(found[0].topic, "m/1") == 0 ? 0 : 1;
    assert_int_equal(found[junk].times, 3);
    assert_int_equal(found[junk].last_ms - found[junk].first_ms, 1000);
    assert_memory_equal(found[junk].payload, "junk", 4);
    assert_int_equal(found[junk].size, 4);
    assert_string_equal(found[1 - junk].why, "no line of the table is for this topic");
}

#define AIR(unit)                                                                                  \
    "{\"id\": \"urn:a:1\", \"type\": \"AirQualityObserved\", \"pm25\": {\"value\": 1, "            \
    "\"unitCode\": \"" unit "\"}}"

static void what_a_declared_type_refuses_is_buried(void **state) {
    struct bench *b = *state;
    struct dead_letter *found;
    int64_t total;
    int64_t line = lines(b);
    add(b, "ld", AIR("CEL")); /* the only one: the job is one without a line */
    keep_all(b, 0, 1);
    assert_int_equal(lines(b), line);
    add_reading(b, 1, 1);
    add(b, "ld", AIR("CEL"));
    add_reading(b, 1, 2);
    keep_all(b, 2, 1);
    assert_int_equal(letters(b, &found, &total), 1);
    assert_int_equal(found[0].times, 2);
    assert_non_null(strstr(found[0].why, "CEL"));
    assert_false(is_there(b, "urn:a:1"));
    add(b, "ld", AIR("GQ"));
    keep_all(b, 1, 0);
    assert_true(is_there(b, "urn:a:1"));
}

static void of_a_message_all_is_kept_or_nothing(void **state) {
    struct bench *b = *state;
    for (int i = 0; i < 20; i++) {
        add_reading(b, 1, i);
        if (i % 7 == 3) {
            add(b, "ld", "[{\"id\": \"urn:half:1\", \"type\": \"H\", \"v\": 1}," AIR("CEL") "]");
        }
    }
    keep_all(b, 20, 3);
    assert_int_equal(observations(b, "urn:m:1"), 20);
    assert_false(is_there(b, "urn:half:1"));
    assert_false(is_there(b, "urn:a:1"));
}

static void a_disk_that_fails_buries_nothing(void **state) {
    struct bench *b = *state;
    struct dead_letter *found;
    int64_t total;
    for (int n = 1; n <= 3; n++) {
        add_reading(b, 1, n);
        add(b, "m/1", "junk");
        broken_set(&b->broken, n == 1 ? BROKEN_SYNC : BROKEN_WRITE, 1, true, SQLITE_FULL);
        for (int k = 0; k < 3; k++) {
            assert_int_equal(keep(b), E_IO);
            assert_int_equal(b->kept.taken + b->kept.dead, 0);
            assert_int_equal(intake_count(b->in), 2);
        }
        assert_int_equal(observations(b, "urn:m:1"), n - 1);
        broken_set(&b->broken, BROKEN_NOTHING, 0, false, 0);
        keep_all(b, 1, 1);
        assert_int_equal(observations(b, "urn:m:1"), n);
        assert_int_equal(letters(b, &found, &total), 1);
        assert_int_equal(found[0].times, n);
    }
}

static void a_batch_is_full_at_its_bounds(void **state) {
    struct bench *b = *state;
    for (int i = 0; i < INTAKE_MESSAGES_MAX; i++) {
        assert_false(intake_is_full(b->in));
        add_reading(b, i % 9, i);
    }
    assert_true(intake_is_full(b->in));
    add_reading(b, 9, 1); /* one more does no harm */
    keep_all(b, INTAKE_MESSAGES_MAX + 1, 0);
    assert_false(intake_is_full(b->in));
    static char large[1 << 20];
    memset(large, ' ', sizeof large - 1);
    memcpy(large, "{}", 2);
    int n = 0;
    while (!intake_is_full(b->in)) {
        add(b, "m/1", large);
        n++;
    }
    assert_in_range(n, 2, 16);
    keep_all(b, 0, (size_t)n);
}

static void dead_letters_are_bounded(void **state) {
    struct bench *b = *state;
    struct dead_letter *found;
    int64_t total;
    char payload[32];
    for (int i = 0; i < DEAD_MAX + 500; i++) {
        snprintf(payload, sizeof payload, "junk %d", i);
        add(b, "m/1", payload);
        if (intake_is_full(b->in) || i == DEAD_MAX + 499) {
            b->f.now += 1;
            assert_int_equal(keep(b), OK);
        }
    }
    size_t count = letters(b, &found, &total);
    assert_int_equal(total, DEAD_MAX);
    assert_int_equal(count, DEAD_LIST_MAX);
    /* the last 500 came alone, after all others */
    for (size_t i = 0; i < 500; i++) {
        assert_true(strtol(found[i].payload + 5, NULL, 10) >= DEAD_MAX);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_batch_is_one_commit_and_one_line),
        CASE(what_comes_again_is_there_once),
        CASE(what_says_nothing_writes_nothing),
        CASE(junk_is_buried_beside_the_rest),
        CASE(what_a_declared_type_refuses_is_buried),
        CASE(of_a_message_all_is_kept_or_nothing),
        CASE(a_disk_that_fails_buries_nothing),
        CASE(a_batch_is_full_at_its_bounds),
        CASE(dead_letters_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
