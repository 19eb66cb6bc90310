/* Payloads: what a table makes of messages, and what it refuses, in words. */
#include "sense/payload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

#include "base/buf.h"

#define DEFAULT "https://uri.etsi.org/ngsi-ld/default-context/"
#define AT 1714521600123 /* 2024-05-01T00:00:00.123Z */

static const char TABLE[] =
    "{\"about\": \"a test\", \"client\": \"t1\", \"topics\": ["
    "{\"topic\": \"air/{station}/hourly\", \"missing\": [\"-9999\"],"
    " \"id\": \"urn:x:{station}\", \"type\": \"Air\","
    " \"time\": {\"text\": \"{t}\", \"format\": \"%s\", \"else\": \"arrival\"},"
    " \"attributes\": [{\"name\": \"pm25\", \"column\": \"v.PM2.5\", \"kind\": \"number\","
    " \"unitCode\": \"GQ\", \"factor\": 1000}, {\"name\": \"on\", \"column\": \"on\", \"kind\":"
    " \"boolean\"}, {\"name\": \"raw\", \"column\": \"raw\", \"kind\": \"json\"}, {\"name\":"
    " \"from\", \"column\": \"$topic\", \"kind\": \"text\", \"observed\": false}]},"
    "{\"topic\": \"now/{id}\", \"entities\": [{\"id\": \"urn:a:{id}\", \"type\": \"A\","
    " \"time\": \"arrival\", \"attributes\": [{\"name\": \"v\", \"column\": \"v\", \"kind\":"
    " \"number\"}]}, {\"id\": \"urn:b:{id}\", \"type\": \"B\", \"when\": {\"both\": \"true\"},"
    " \"attributes\": [{\"name\": \"v\", \"column\": \"v\", \"kind\": \"number\"}]}]},"
    "{\"topic\": \"strict/{id}\", \"id\": \"urn:s:{id}\", \"type\": \"S\", \"time\": {\"text\":"
    " \"{t}\", \"format\": \"%s\"}, \"attributes\": [{\"name\": \"v\", \"column\": \"v\","
    " \"kind\": \"number\"}]},"
    "{\"topic\": \"ld/needed\", \"payload\": \"ngsi-ld\", \"time\": \"needed\"},"
    "{\"topic\": \"ld/arrival\", \"payload\": \"ngsi-ld\", \"time\": \"arrival\","
    " \"@context\": {\"v\": \"urn:own:v\"}},"
    "{\"topic\": \"ld/of/{id}\", \"payload\": \"ngsi-ld\", \"id\": \"urn:d:{id}\", \"type\":"
    " \"D\"},"
    "{\"topic\": \"ld/#\", \"payload\": \"ngsi-ld\"}]}";

struct bench {
    struct arena a;
    struct payload_table table;
    struct payload_result result;
    struct err err;
};

static int set_up(void **state) {
    static struct bench b;
    b = (struct bench){.err = ERR_INIT};
    if (payload_parse(TABLE, sizeof TABLE - 1, &b.a, &b.table, &b.err) != OK) {
        fail_msg("%s", b.err.msg);
    }
    *state = &b;
    return 0;
}

static int tear_down(void **state) {
    struct bench *b = *state;
    arena_fini(&b->a);
    return 0;
}

static enum code take(struct bench *b, const char *topic, const char *payload) {
    struct payload_message m = {topic, payload, strlen(payload), AT};
    b->err = (struct err)ERR_INIT;
    return payload_read(&b->table, &m, &b->a, &b->result, &b->err);
}

static const struct entity *taken(struct bench *b, const char *topic, const char *payload) {
    if (take(b, topic, payload) != OK) {
        fail_msg("%s: %s", payload, b->err.msg);
    }
    assert_int_equal(b->result.count, 1);
    return &b->result.entities[0];
}

static void refused(struct bench *b, const char *topic, const char *payload, const char *words) {
    enum code code = take(b, topic, payload);
    assert_true(code == E_INPUT || code == E_LIMIT);
    if (strstr(b->err.msg, words) == NULL) {
        fail_msg("\"%s\" not in \"%s\"", words, b->err.msg);
    }
}

static void a_table_says_what_is_subscribed(void **state) {
    struct bench *b = *state;
    assert_string_equal(b->table.client, "t1");
    assert_int_equal(b->table.count, 7);
    assert_string_equal(payload_filter(&b->table, 0)->subscription, "air/+/hourly");
    assert_string_equal(payload_filter(&b->table, 6)->subscription, "ld/#");
}

static void a_flat_object_is_a_row(void **state) {
    const struct entity *e = taken(*state, "air/7 a/hourly",
                                   "{\"t\": 1714521600, \"v\": {\"PM2.5\": 0.0355}, \"on\": true,"
                                   " \"raw\": {\"a\": [1, null]}, \"other\": 9}");
    assert_string_equal(e->id, "urn:x:7%20a");
    assert_string_equal(e->types[0], DEFAULT "Air");
    assert_int_equal(e->count, 4);
    assert_string_equal(e->attributes[0].name, DEFAULT "pm25");
    assert_string_equal(e->attributes[0].value, "35.5");
    assert_string_equal(e->attributes[0].unit, "GQ");
    assert_true(e->attributes[0].observed && e->attributes[0].observed_ms == 1714521600000);
    assert_string_equal(e->attributes[1].value, "true");
    assert_string_equal(e->attributes[2].value, "{\"a\":[1,null]}");
    assert_string_equal(e->attributes[3].value, "\"air/7 a/hourly\"");
    assert_false(e->attributes[3].observed);
}

static void numbers_may_be_texts_and_values_missing(void **state) {
    const struct entity *e =
        taken(*state, "air/7/hourly", "{\"t\": \"1714521600\", \"v\": {\"PM2.5\": \"0.01\"}}");
    assert_string_equal(e->attributes[0].value, "10");
    e = taken(*state, "air/7/hourly", "{\"t\": 1, \"v.PM2.5\": -9999, \"on\": null}");
    assert_int_equal(e->count, 1);
    assert_string_equal(e->attributes[0].name, DEFAULT "from");
}

static void the_moment_of_arrival_stands_in_where_it_may(void **state) {
    static const char *const without[] = {"{\"on\": 1}", "{\"on\": 1, \"t\": null}",
                                          "{\"on\": 1, \"t\": \"\"}"};
    for (size_t i = 0; i < 3; i++) {
        const struct entity *e = taken(*state, "air/7/hourly", without[i]);
        assert_true(e->attributes[0].observed && e->attributes[0].observed_ms == AT);
    }
    refused(*state, "air/7/hourly", "{\"on\": 1, \"t\": \"noon\"}", "\"t\" is \"noon\"");
    refused(*state, "strict/7", "{\"v\": 1}", "\"t\": it is needed for the time");
}

static void a_line_may_be_of_several_entities(void **state) {
    struct bench *b = *state;
    assert_int_equal(take(b, "now/1", "[{\"v\": 1}, {\"v\": 2, \"both\": true}]"), OK);
    assert_int_equal(b->result.count, 3);
    assert_string_equal(b->result.entities[2].id, "urn:b:1");
    assert_true(b->result.entities[1].attributes[0].observed_ms == AT);
    assert_false(b->result.entities[2].attributes[0].observed);
    assert_int_equal(take(b, "now/1", "[]"), OK);
    assert_int_equal(b->result.count, 0);
}

static void entities_have_the_names_of_their_line(void **state) {
    const struct entity *e = taken(*state, "ld/x",
                                   "{\"id\": \"urn:t:1\", \"type\": \"T\", \"v\": {\"type\": "
                                   "\"Property\", \"value\": 1.50, \"unitCode\": \"CEL\"}}");
    assert_string_equal(e->attributes[0].value, "1.50");
    assert_false(e->attributes[0].observed);
    e = taken(*state, "ld/arrival", "{\"id\": \"urn:t:1\", \"type\": \"T\", \"v\": 2}");
    assert_string_equal(e->attributes[0].name, "urn:own:v");
    assert_true(e->attributes[0].observed && e->attributes[0].observed_ms == AT);
    e = taken(*state, "ld/arrival",
              "{\"id\": \"urn:t:1\", \"type\": \"T\", \"v\": 2, \"@context\": {\"v\": "
              "\"urn:other:v\"}}");
    assert_string_equal(e->attributes[0].name, "urn:other:v");
}

static void a_topic_may_name_the_entity(void **state) {
    const struct entity *e = taken(*state, "ld/of/7", "{\"v\": 2}");
    assert_string_equal(e->id, "urn:d:7");
    assert_string_equal(e->types[0], DEFAULT "D");
    e = taken(*state, "ld/of/7", "{\"id\": \"urn:d:7\", \"type\": \"E\", \"v\": 2}");
    assert_string_equal(e->types[0], DEFAULT "E");
    refused(*state, "ld/of/7", "{\"id\": \"urn:d:8\", \"v\": 2}", "not that of its topic");
    refused(*state, "ld/of/", "{\"v\": 2}", "id");
}

static void what_cannot_be_taken_is_refused_in_words(void **state) {
    struct bench *b = *state;
    refused(b, "unknown", "{}", "no line of the table is for this topic");
    refused(b, "ld/x", "", "byte");
    refused(b, "ld/x", "{\"id\": \"urn:t:1\"", "byte");
    refused(b, "ld/x", "7", "it is a number, not an object");
    refused(b, "ld/x", "[{\"id\": \"urn:t:1\", \"type\": \"T\"}, 7]", "item 1: it is a number");
    refused(b, "ld/x", "{\"type\": \"T\", \"v\": 1}", "id");
    refused(b, "ld/needed", "{\"id\": \"urn:t:1\", \"type\": \"T\", \"v\": 1}", "observedAt");
    refused(b, "ld/x", "{\"id\": \"urn:t:1\", \"type\": \"T\", \"@context\": \"https://a.b/c\"}",
            "https://a.b/c");
    refused(b, "strict/1", "{\"t\": 1, \"v\": \"12 V\"}", "\"v\" is \"12 V\"");
    refused(b, "strict/1", "{\"t\": 1, \"v\": [1]}", "\"v\" is \"[1]\"");
}

static void more_than_a_batch_is_refused(void **state) {
    struct bench *b = *state;
    struct buf list = BUF_INIT;
    buf_addc(&list, '[');
    for (int i = 0; i < PAYLOAD_RECORDS_MAX; i++) {
        buf_addf(&list, "%s{\"v\": %d}", i == 0 ? "" : ",", i);
    }
    buf_addc(&list, ']');
    assert_int_equal(take(b, "now/1", list.data), OK);
    assert_int_equal(b->result.count, PAYLOAD_RECORDS_MAX);
    list.data[list.len - 1] = ',';
    buf_adds(&list, "{}]");
    refused(b, "now/1", list.data, "more than 1000 items");
    buf_fini(&list);
}

static void a_table_that_is_wrong_is_refused(void **state) {
#define LINE "{\"topics\": [{\"topic\": \"a/{x}\", "
#define ENTITY "\"id\": \"urn:x:{x}\", \"type\": \"T\", \"attributes\": []"
    static const struct {
        const char *table, *words;
    } cases[] = {
        {"[]", "an object"},
        {"{\"topics\": []}", "no topics"},
        {"{\"topics\": [{}]}", "topics[0]: "},
        {"{\"topics\": [{\"topic\": \"a/#/b\"}]}", "topics[0]: # stands at the end"},
        {LINE ENTITY ", \"payload\": \"xml\"}]}", "neither flat nor ngsi-ld"},
        {LINE "\"type\": \"T\", \"attributes\": []}]}", "topics[0]: entities[0]: "},
        {LINE ENTITY ", \"time\": \"now\"}]}", "time"},
        {LINE ENTITY ", \"time\": {\"text\": \"{t}\", \"format\": \"%s\", \"else\": \"now\"}}]}",
         "\"else\" of its time is not \"arrival\""},
        {LINE ENTITY ", \"colour\": 1}]}", "colour"},
        {LINE ENTITY ", \"entities\": [{" ENTITY "}]}]}", "id"},
        {LINE "\"entities\": 7}]}", "entities"},
        {LINE "\"payload\": \"ngsi-ld\", \"id\": \"urn:x:{x}\"}]}", "both \"id\" and \"type\""},
        {LINE "\"payload\": \"ngsi-ld\", \"id\": \"urn:x:{y}\", \"type\": \"T\"}]}",
         "no level named \"y\""},
        {LINE "\"payload\": \"ngsi-ld\", \"time\": \"now\"}]}", "neither"},
        {LINE "\"payload\": \"ngsi-ld\", \"@context\": \"https://a.b/c\"}]}", "https://a.b/c"},
        {LINE "\"payload\": \"ngsi-ld\", \"attributes\": []}]}", "attributes"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena a = ARENA_INIT;
        struct payload_table table;
        struct err err = ERR_INIT;
        enum code code = payload_parse(cases[i].table, strlen(cases[i].table), &a, &table, &err);
        if (code == OK || strstr(err.msg, cases[i].words) == NULL) {
            fail_msg("%s: \"%s\"", cases[i].table, err.msg);
        }
        arena_fini(&a);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_table_says_what_is_subscribed),
        CASE(a_flat_object_is_a_row),
        CASE(numbers_may_be_texts_and_values_missing),
        CASE(the_moment_of_arrival_stands_in_where_it_may),
        CASE(a_line_may_be_of_several_entities),
        CASE(entities_have_the_names_of_their_line),
        CASE(a_topic_may_name_the_entity),
        CASE(what_cannot_be_taken_is_refused_in_words),
        CASE(more_than_a_batch_is_refused),
        cmocka_unit_test(a_table_that_is_wrong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
