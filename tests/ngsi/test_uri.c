/* Which texts are URIs: each character at each place, held against the rule written out. */
#include "ngsi/entity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* RFC 3986, section 3.1 and appendix A: a scheme, and never these. */
static bool is_uri(const char *s) {
    size_t n = strspn(s, LETTERS "0123456789+-.");
    bool right = s[0] != '\0' && strchr(LETTERS, s[0]) != NULL && s[n] == ':' && s[n + 1] != '\0';
    for (size_t i = 0; s[i] != '\0' && right; i++) {
        unsigned char c = (unsigned char)s[i];
        right = c > 0x20 && c != 0x7f && strchr("\"<>\\^`{|}", c) == NULL;
    }
    return right;
}

static void every_ascii_character_at_every_place(void **state) {
    (void)state;
    static const char whole[] = "urn:x:AirQuality";
    for (size_t at = 0; at < sizeof whole - 1; at++) {
        for (int c = 1; c < 0x80; c++) {
            char text[sizeof whole];
            memcpy(text, whole, sizeof whole);
            text[at] = (char)c;
            if (entity_is_uri(text) != is_uri(text)) {
                fail_msg("byte 0x%02x at %zu of \"%s\"", (unsigned)c, at, whole);
            }
        }
    }
}

static void what_lies_beyond_ascii(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool uri;
    } samples[] = {
        {"urn:太湖", true},
        {"urn:x:太湖:1", true},
        {"urn:\U0001F600", true},
        {"太湖:x", false},            /* no scheme */
        {"urn:a\u200Bb", false},      /* nobody sees it */
        {"urn:太\u3000湖", false},    /* a space */
        {"urn:\u202Ea", false},       /* turns the text */
        {"urn:a\xEF\xBF\xBF", false}, /* U+FFFF */
        {"urn:a\xF0\x9F\xBF\xBE", false},
        {"urn:\x80", false},
        {"urn:a\xE5\xA4", false}, /* cut */
        {"urn:a\xE5\xA4"
         "b",
         false},
        {"urn:\xC0\x80", false},
        {"urn:\xED\xA0\x80", false},
        {"urn:太 湖", false},
        {"urn:太<", false},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        if (entity_is_uri(samples[i].text) != samples[i].uri) {
            fail_msg("\"%s\"", samples[i].text);
        }
    }
}

static void every_byte_behind_every_length(void **state) {
    (void)state;
    for (size_t n = 0; n < 20; n++) {
        for (int c = 0x80; c < 0x100; c++) { /* alone it is no character */
            char text[64];
            snprintf(text, sizeof text, "urn:%.*s%c", (int)n, "aaaaaaaaaaaaaaaaaaaa", c);
            assert_false(entity_is_uri(text));
        }
    }
}

static void no_longer_than_allowed(void **state) {
    (void)state;
    char text[ENTITY_URI_MAX + 2];
    memset(text, 'a', sizeof text);
    text[1] = ':';
    text[ENTITY_URI_MAX + 1] = '\0';
    assert_false(entity_is_uri(text));
    text[ENTITY_URI_MAX] = '\0';
    assert_true(entity_is_uri(text));
    assert_false(entity_is_uri(""));
    assert_false(entity_is_uri("urn:"));
    assert_false(entity_is_uri("urn"));
    assert_false(entity_is_uri(":a"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ascii_character_at_every_place),
        cmocka_unit_test(what_lies_beyond_ascii),
        cmocka_unit_test(every_byte_behind_every_length),
        cmocka_unit_test(no_longer_than_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
