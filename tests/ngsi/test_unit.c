/* Units: their codes, and exact factors between those of one quantity. */
#include "ngsi/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct fraction of(const char *text) {
    struct decimal d;
    assert_true(decimal_parse_signed(text, strlen(text), &d));
    return fraction_of_decimal(d);
}

static void values_are_converted_exactly(void **state) {
    (void)state;
    static const struct {
        const char *value, *from, *to, *num, *den; /* num / den */
    } rows[] = {
        {"1.5", "GP", "GQ", "1500", "1"},     {"810", "GQ", "GP", "0.81", "1"},
        {"1", "M1", "GP", "1000", "1"},       {"0", "CEL", "KEL", "273.15", "1"},
        {"-40", "FAH", "CEL", "-40", "1"},    {"32", "FAH", "CEL", "0", "1"},
        {"100", "CEL", "FAH", "212", "1"},    {"1", "FAH", "KEL", "46067", "180"},
        {"85", "P1", "C62", "0.85", "1"},     {"1", "KMH", "MTS", "5", "18"},
        {"1", "KNT", "KMH", "1.852", "1"},    {"1013.25", "A97", "KPA", "101.325", "1"},
        {"1", "INH", "MMT", "25.4", "1"},     {"3", "FOT", "MTR", "0.9144", "1"},
        {"1", "SMI", "KMT", "1.609344", "1"}, {"1", "DAY", "HUR", "24", "1"},
        {"1", "KWH", "JOU", "3600000", "1"},  {"2.5", "GQ", "GQ", "2.5", "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = ERR_INIT;
        struct fraction got;
        struct fraction want;
        assert_int_equal(entity_unit_convert(entity_unit_find(rows[i].from),
                                             entity_unit_find(rows[i].to), of(rows[i].value), &got,
                                             &err),
                         OK);
        assert_true(fraction_div(of(rows[i].num), of(rows[i].den), &want));
        if (fraction_cmp(got, want) != 0) {
            fail_msg("%s %s in %s", rows[i].value, rows[i].from, rows[i].to);
        }
    }
}

static void what_measures_another_thing_is_not_converted(void **state) {
    (void)state;
    struct err err = ERR_INIT;
    struct fraction got;
    assert_null(entity_unit_find("gq"));
    assert_null(entity_unit_find(""));
    assert_int_equal(entity_unit_convert(entity_unit_find("59"), entity_unit_find("GQ"),
                                         fraction_of(1), &got, &err),
                     E_INPUT);
    assert_string_equal(err.msg, "cannot convert 59 (ppm, a ratio) to GQ (µg/m³, a density)");
}

/* Each code once; the units of a quantity go into each other and back. */
static void the_table_is_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < entity_unit_count(); i++) {
        const struct entity_unit *u = entity_unit_at(i);
        assert_ptr_equal(entity_unit_find(u->code), u);
        assert_true(u->num > 0 && u->den > 0 && u->name[0] != '\0' && u->symbol[0] != '\0');
        for (size_t k = 0; k < entity_unit_count(); k++) {
            const struct entity_unit *other = entity_unit_at(k);
            struct fraction there;
            struct fraction back;
            if (strcmp(u->quantity, other->quantity) == 0) {
                assert_int_equal(entity_unit_convert(u, other, of("12.34"), &there, NULL), OK);
                assert_int_equal(entity_unit_convert(other, u, there, &back, NULL), OK);
                assert_int_equal(fraction_cmp(back, of("12.34")), 0);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_converted_exactly),
        cmocka_unit_test(what_measures_another_thing_is_not_converted),
        cmocka_unit_test(the_table_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
