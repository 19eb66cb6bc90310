/* Filters of topics: the examples of MQTT 5.0, section 4.7, and levels that have names. */
#include "sense/topic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

static bool matches(const char *filter, const char *topic) {
    struct arena a = ARENA_INIT;
    struct topic_filter f;
    struct err err = ERR_INIT;
    if (topic_parse(filter, &a, &f, &err) != OK) {
        fail_msg("%s: %s", filter, err.msg);
    }
    bool is = topic_matches(&f, topic);
    arena_fini(&a);
    return is;
}

static void matches_as_the_standard_says(void **state) {
    static const struct {
        const char *filter, *topic;
        bool want;
    } cases[] = {
        {"sport/tennis/player1/#", "sport/tennis/player1", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/ranking", true},
        {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
        {"sport/tennis/player1/#", "sport/tennis/player10", false},
        {"sport/#", "sport", true},
        {"#", "a", true},
        {"#", "a/b/c", true},
        {"#", "/", true},
        {"sport/tennis/+", "sport/tennis/player1", true},
        {"sport/tennis/+", "sport/tennis/player1/ranking", false},
        {"sport/+", "sport", false},
        {"sport/+", "sport/", true},
        {"+/+", "/finance", true},
        {"/+", "/finance", true},
        {"+", "/finance", false},
        {"+", "finance", true},
        {"+/tennis/#", "sport/tennis/x/y", true},
        {"#", "$SYS/broker", false},
        {"+/monitor/Clients", "$SYS/monitor/Clients", false},
        {"$SYS/#", "$SYS/", true},
        {"$SYS/monitor/+", "$SYS/monitor/Clients", true},
        {"ACCOUNTS", "Accounts", false},
        {"/finance", "finance", false},
        {"a/b", "a/b/", false},
        {"a//b", "a//b", true},
        {"a/+/b", "a//b", true},
        {"空气/+/小时", "空气/滨湖/小时", true},
        {"air/{station}/hourly", "air/binhu/hourly", true},
        {"air/{station}/hourly", "air/binhu/daily", false},
        {"{any}/x", "$SYS/x", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (matches(cases[i].filter, cases[i].topic) != cases[i].want) {
            fail_msg("%s %s", cases[i].filter, cases[i].topic);
        }
    }
}

static void levels_have_names(void **state) {
    struct arena a = ARENA_INIT;
    struct topic_filter f;
    (void)state;
    assert_int_equal(topic_parse("air/{district}/{station}/#", &a, &f, NULL), OK);
    assert_string_equal(f.subscription, "air/+/+/#");
    assert_int_equal(topic_named(&f, "district"), 1);
    assert_int_equal(topic_named(&f, "station"), 2);
    assert_int_equal(topic_named(&f, "air"), -1);
    assert_int_equal(topic_named(&f, ""), -1);
    assert_string_equal(topic_at("air/滨湖/7/x", 1, &a), "滨湖");
    assert_string_equal(topic_at("air/滨湖/7", 2, &a), "7");
    assert_string_equal(topic_at("air//7", 1, &a), "");
    assert_string_equal(topic_at("air", 1, &a), "");
    arena_fini(&a);
}

static void what_is_no_filter_is_refused(void **state) {
    static const char *const wrong[] = {"",      "a/#/b", "a#",           "a+/b",   "a/b+",
                                        "a/{x",  "a/x}",  "a/{}",         "a{x}",   "{x}/{x}",
                                        "a/{+}", "a/{#}", "$share/g/a/b", "a/{x}y", "a/{{x}}"};
    char many[3 * TOPIC_LEVELS_MAX];
    char longer[TOPIC_FILTER_MAX + 2];
    struct arena a = ARENA_INIT;
    struct topic_filter f;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct err err = ERR_INIT;
        if (topic_parse(wrong[i], &a, &f, &err) != E_INPUT || err.msg[0] == '\0') {
            fail_msg("%s", wrong[i]);
        }
    }
    memset(many, '/', sizeof many);
    many[TOPIC_LEVELS_MAX] = '\0'; /* a level more than slashes */
    assert_int_equal(topic_parse(many, &a, &f, NULL), E_INPUT);
    many[TOPIC_LEVELS_MAX - 1] = '\0';
    assert_int_equal(topic_parse(many, &a, &f, NULL), OK);
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(topic_parse(longer, &a, &f, NULL), E_INPUT);
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_as_the_standard_says),
        cmocka_unit_test(levels_have_names),
        cmocka_unit_test(what_is_no_filter_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
