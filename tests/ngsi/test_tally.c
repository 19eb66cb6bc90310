/* Aggregation methods over values of every sort: CIM 009, 4.5.19. The figures are reckoned by hand.
 */
#include "ngsi/entity_tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ALL = (1 << ENTITY_METHODS) - 1 };

/* Values end with a line feed; answers are in the order of the methods, "-" for none. */
static void expect_of(struct entity_tally *t, enum entity_kind kind, const char *values,
                      const char *const answers[ENTITY_METHODS]) {
    char value[256];
    while (*values != '\0') {
        size_t n = strcspn(values, "\n");
        assert_true(n < sizeof value);
        memcpy(value, values, n);
        value[n] = '\0';
        entity_tally_add(t, kind, value);
        values += n + 1;
    }
    for (enum entity_method m = 0; m < ENTITY_METHODS; m++) {
        const char *answer = entity_tally_answer(t, m);
        assert_string_equal(answer == NULL ? "-" : answer, answers[m]);
    }
}

static void expect(enum entity_kind kind, const char *values,
                   const char *const answers[ENTITY_METHODS]) {
    struct arena a = ARENA_INIT;
    expect_of(entity_tally_new(ALL, &a), kind, values, answers);
    arena_fini(&a);
}

#define EXPECT(kind, values, ...)                                                                  \
    expect(kind, values, (const char *const[ENTITY_METHODS]){__VA_ARGS__})

static void numbers_are_reckoned(void **state) {
    (void)state;
    EXPECT(ENTITY_PROPERTY, "120\n80\n100\n", "3", "3", "300", "100", "80", "120", "20", "30800");
    EXPECT(ENTITY_PROPERTY, "0.1\n0.2\n", "2", "2", "0.3", "0.15", "0.1", "0.2",
           "0.07071067811865475", "0.05");
    EXPECT(ENTITY_PROPERTY, "35\n35.0\n3.5e1\n", "3", "1", "105", "35", "35", "35", "0", "3675");
    EXPECT(ENTITY_PROPERTY, "-4\n", "1", "1", "-4", "-4", "-4", "-4", "-", "16");
    EXPECT(ENTITY_PROPERTY, "1\n0\n0\n", "3", "2", "1", "0.3333333333333333", "0", "1",
           "0.5773502691896258", "1");
}

static void truths_are_ones_and_zeros(void **state) {
    (void)state;
    EXPECT(ENTITY_PROPERTY, "true\nfalse\ntrue\ntrue\n", "4", "2", "3", "0.75", "0", "1", "0.5",
           "3");
}

static void texts_have_an_order(void **state) {
    (void)state;
    EXPECT(ENTITY_PROPERTY, "\"b\"\n\"a!\"\n\"a\"\n\"b\"\n", "4", "3", "-", "-", "\"a\"", "\"b\"",
           "-", "-");
    EXPECT(ENTITY_PROPERTY, "\"\"\n\"a\\nz\"\n\"a\\\"\"\n\"a\\u0001\"\n", "4", "4", "-", "-",
           "\"\"", "\"a\\\"\"", "-", "-");
    EXPECT(ENTITY_PROPERTY, "\"\xe5\xa4\xaa\"\n\"z\"\n", "2", "2", "-", "-", "\"z\"",
           "\"\xe5\xa4\xaa\"", "-", "-");
}

static void lists_have_a_size(void **state) {
    (void)state;
    EXPECT(ENTITY_PROPERTY, "[1,2,3]\n[]\n[\"a,b\",[1,2],{\"c\":1,\"d\":\"\\\"]\"}]\n", "3", "3",
           "6", "2", "0", "3", "-", "-");
    EXPECT(ENTITY_LIST, "[1]\n[1,2]\n", "2", "2", "3", "1.5", "1", "2", "-", "-");
}

static void others_are_counted(void **state) {
    (void)state;
    EXPECT(ENTITY_PROPERTY, "{\"a\":1}\n{\"a\":1}\n", "2", "1", "-", "-", "-", "-", "-", "-");
    EXPECT(ENTITY_RELATIONSHIP, "\"urn:a\"\n\"urn:b\"\n", "2", "2", "-", "-", "-", "-", "-", "-");
    EXPECT(ENTITY_PROPERTY, "1\n\"a\"\n2\n", "3", "3", "-", "-", "-", "-", "-", "-");
    EXPECT(ENTITY_PROPERTY, "1\n1e300\n2\n", "3", "3", "-", "-", "-", "-", "-", "-");
    EXPECT(ENTITY_PROPERTY, "", "0", "0", "-", "-", "-", "-", "-", "-");
}

static void it_begins_anew(void **state) {
    struct arena a = ARENA_INIT;
    struct entity_tally *t = entity_tally_new(ALL, &a);
    (void)state;
    expect_of(t, ENTITY_PROPERTY, "1\n2\n\"a\"\n",
              (const char *const[]){"3", "3", "-", "-", "-", "-", "-", "-"});
    entity_tally_clear(t);
    expect_of(t, ENTITY_PROPERTY, "5\n5\n",
              (const char *const[]){"2", "1", "10", "5", "5", "5", "0", "50"});
    arena_fini(&a);
}

static void many_are_told_apart(void **state) {
    struct arena a = ARENA_INIT;
    struct entity_tally *t = entity_tally_new(1U << ENTITY_DISTINCT_COUNT, &a);
    char text[16];
    (void)state;
    for (int i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "%d.50", i % 1000);
        entity_tally_add(t, ENTITY_PROPERTY, text);
    }
    assert_string_equal(entity_tally_answer(t, ENTITY_DISTINCT_COUNT), "1000");
    arena_fini(&a);
}

static void methods_have_names(void **state) {
    unsigned set = 0;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(entity_methods_parse("avg,stddev", 10, &set, &err), OK);
    assert_int_equal(set, 1 << ENTITY_AVERAGE | 1 << ENTITY_DEVIATION);
    assert_int_equal(entity_methods_parse("min", 3, &set, &err), OK);
    assert_int_equal(set, 1 << ENTITY_AVERAGE | 1 << ENTITY_DEVIATION | 1 << ENTITY_MINIMUM);
    assert_int_equal(entity_methods_parse("max,median", 10, &set, &err), E_INPUT);
    assert_non_null(strstr(err.msg, "aggrMethods \"median\""));
    assert_int_equal(set, 1 << ENTITY_AVERAGE | 1 << ENTITY_DEVIATION | 1 << ENTITY_MINIMUM);
    assert_int_equal(entity_methods_parse("", 0, &set, NULL), E_INPUT);
    assert_int_equal(entity_methods_parse("avg,", 4, &set, NULL), E_INPUT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_reckoned), cmocka_unit_test(truths_are_ones_and_zeros),
        cmocka_unit_test(texts_have_an_order),  cmocka_unit_test(lists_have_a_size),
        cmocka_unit_test(others_are_counted),   cmocka_unit_test(it_begins_anew),
        cmocka_unit_test(many_are_told_apart),  cmocka_unit_test(methods_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
