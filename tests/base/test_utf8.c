/* test_utf8: well-formed and ill-formed sequences, at every place in a run of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static size_t check(const char *s) {
    return utf8_check(s, strlen(s));
}

static void well_formed_text_passes(void **state) {
    (void)state;
    static const char *const good[] = {
        "",
        "a",
        "无锡市2021年政府工作重点",
        "plain ascii, longer than eight bytes",
        "\xC2\x80",         /* U+0080, the first of two bytes */
        "\xDF\xBF",         /* U+07FF */
        "\xE0\xA0\x80",     /* U+0800, the first of three */
        "\xED\x9F\xBF",     /* U+D7FF, before the surrogates */
        "\xEE\x80\x80",     /* U+E000, behind them */
        "\xEF\xBF\xBF",     /* U+FFFF */
        "\xF0\x90\x80\x80", /* U+10000, the first of four */
        "\xF4\x8F\xBF\xBF", /* U+10FFFF, the last of all */
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(check(good[i]), strlen(good[i]));
    }
}

static void ill_formed_sequences_are_found_where_they_begin(void **state) {
    (void)state;
    static const char *const bad[] = {
        "\x80", /* a continuation alone */
        "\xBF",
        "\xC0\x80", /* overlong NUL */
        "\xC1\xBF", /* overlong */
        "\xC2",     /* cut short */
        "\xC2\x41",
        "\xE0\x9F\xBF", /* overlong, three bytes */
        "\xE4\xB8",     /* half of 中 */
        "\xE4\xB8\x41",
        "\xED\xA0\x80",     /* U+D800, a surrogate */
        "\xED\xBF\xBF",     /* U+DFFF */
        "\xF0\x8F\xBF\xBF", /* overlong, four bytes */
        "\xF0\x9F\x98",     /* cut short */
        "\xF4\x90\x80\x80", /* U+110000 */
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
    };
    static const char *const before[] = {"", "a", "1234567", "12345678", "太湖", "12345678太a"};
    static const char *const after[] = {"", "a", "12345678", "湖", "湖12345678"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (size_t j = 0; j < sizeof before / sizeof before[0]; j++) {
            for (size_t k = 0; k < sizeof after / sizeof after[0]; k++) {
                char text[64];
                strcpy(text, before[j]);
                strcat(text, bad[i]);
                strcat(text, after[k]);
                assert_int_equal(check(text), strlen(before[j]));
            }
        }
    }
}

static void every_character_goes_round(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        char s[UTF8_MAX];
        uint32_t back = UINT32_MAX;
        size_t n = utf8_encode(c, s);
        if (utf8_decode(s, n, &back) != n || back != c || utf8_check(s, n) != n ||
            utf8_decode(s, n - 1, &back) != 0) {
            fail_msg("U+%04X does not come back", c);
        }
    }
}

static void decode_leaves_the_result_alone_on_bad_bytes(void **state) {
    (void)state;
    uint32_t c = 7;
    assert_int_equal(utf8_decode("\xED\xA0\x80", 3, &c), 0);
    assert_int_equal(utf8_decode("", 0, &c), 0);
    assert_int_equal(c, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_passes),
        cmocka_unit_test(ill_formed_sequences_are_found_where_they_begin),
        cmocka_unit_test(every_character_goes_round),
        cmocka_unit_test(decode_leaves_the_result_alone_on_bad_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
