/* Words of errors: the first win, and they are UTF-8 whatever was cut to fit. */
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

static void the_first_error_wins(void **state) {
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(err_set(&err, E_INPUT, "one %d", 1), E_INPUT);
    assert_int_equal(err_set(&err, E_IO, "two"), E_IO);
    assert_string_equal(err.msg, "one 1");
    err_prefix(&err, "a.csv");
    assert_string_equal(err.msg, "a.csv: one 1");
    assert_int_equal(err_set(NULL, E_BUSY, "three"), E_BUSY);
}

static void half_characters_are_left_out(void **state) {
    static const struct {
        const char *format, *text, *want;
    } cases[] = {
        {"\"%.4s\" is wrong", "滨湖", "\"滨\" is wrong"},
        {"%.5s", "滨湖", "滨"},
        {"%.6s", "滨湖", "滨湖"},
        {"%.1s|", "湖", "|"},
        {"%s", "a\xff\xfe b", "a b"},
        {"%s\xe6", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = ERR_INIT;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)err_set(&err, E_INPUT, cases[i].format, cases[i].text);
#pragma GCC diagnostic pop
        assert_string_equal(err.msg, cases[i].want);
    }
}

static void what_is_too_long_ends_with_a_character(void **state) {
    char text[3 * ERR_MSG_MAX + 1] = "";
    struct err err = ERR_INIT;
    (void)state;
    for (int i = 0; i < ERR_MSG_MAX; i++) {
        memcpy(text + 3 * i, "湖", 4);
    }
    (void)err_set(&err, E_INPUT, "%s", text);
    assert_int_equal(strlen(err.msg), (ERR_MSG_MAX - 1) / 3 * 3);
    err_prefix(&err, text);
    assert_int_equal(strlen(err.msg), 200 / 3 * 3 + 2 + 300 / 3 * 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_error_wins),
        cmocka_unit_test(half_characters_are_left_out),
        cmocka_unit_test(what_is_too_long_ends_with_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
