/* The short way through JSON against yajl's: what either takes and what tree it makes of it, for
 * every short text of some alphabets, every byte at every place in a word, and at each limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json_read_int.h"
#include "base/utf8.h"

static bool is_same_text(const char *a, const char *b) {
    return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static bool is_same(const struct json_value *a, const struct json_value *b) {
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->kind == b->kind && a->truth == b->truth && is_same_text(a->name, b->name) &&
           is_same_text(a->text, b->text) && a->len == b->len && a->count == b->count &&
           is_same(a->first, b->first) && is_same(a->next, b->next);
}

/* Both ways with one text, without escapes and blanks that only yajl takes. */
static void compare(const char *text, size_t n, struct arena *a) {
    const struct json_value *slow = NULL;
    struct err err = ERR_INIT;
    const struct json_value *fast = json_plain(text, n, a);
    enum code code = json_yajl(text, n, a, &slow, &err);
    if ((code == OK) != (fast != NULL)) {
        fail_msg("\"%.*s\" is %s, yajl says \"%s\"", (int)n, text, fast == NULL ? "left" : "taken",
                 err.msg);
    }
    if (!is_same(fast, slow)) {
        fail_msg("\"%.*s\" becomes another tree", (int)n, text);
    }
    arena_reset(a);
}

/* Each row of `size` of these words, blanks between them where `apart` says so. */
static void compare_all(const char *const *words, size_t count, size_t size, const char *apart) {
    struct arena a = ARENA_INIT;
    struct buf text = BUF_INIT;
    size_t all = 1;
    for (size_t i = 0; i < size; i++) {
        all *= count;
    }
    for (size_t row = 0; row < all; row++) {
        buf_clear(&text);
        for (size_t i = 0, rest = row; i < size; i++, rest /= count) {
            buf_adds(&text, words[rest % count]);
            buf_adds(&text, apart);
        }
        compare(text.data, text.len, &a);
    }
    buf_fini(&text);
    arena_fini(&a);
}

static void every_short_number(void **state) {
    static const char *const parts[] = {"-", "+", ".", "0", "1", "9", "e", "E", " "};
    (void)state;
    for (size_t size = 1; size <= 5; size++) {
        compare_all(parts, sizeof parts / sizeof parts[0], size, "");
    }
}

static void every_short_structure(void **state) {
    static const char *const parts[] = {"{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "-1"};
    (void)state;
    for (size_t size = 1; size <= 5; size++) {
        compare_all(parts, sizeof parts / sizeof parts[0], size, "");
    }
    compare_all(parts, sizeof parts / sizeof parts[0], 4, "\r\n\t ");
}

static void every_word(void **state) {
    static const char *const parts[] = {"null", "true", "false", "nul", "tru",
                                        "x",    "[",    "]",     ",",   "\"\""};
    (void)state;
    for (size_t size = 1; size <= 4; size++) {
        compare_all(parts, sizeof parts / sizeof parts[0], size, "");
    }
}

/* A text of `n` letters with the byte at `at`, as a value and as a name. */
static void compare_byte(size_t n, size_t at, int byte, struct arena *a) {
    char text[64];
    memset(text, 'a', sizeof text);
    memcpy(text, "{\"", 2);
    text[2 + at] = (char)byte;
    memcpy(text + 2 + n, "\":1}", 4);
    if (utf8_check(text, n + 6) == n + 6) {
        compare(text, n + 6, a);
        memcpy(text, "[\"", 2);
        memcpy(text + 2 + n, "\"]", 2);
        compare(text, n + 4, a);
        compare(text, n + 2, a); /* it does not end */
    }
}

static void every_byte_at_every_place(void **state) {
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t n = 1; n <= 20; n++) {
        for (size_t at = 0; at < n; at++) {
            for (int byte = 0; byte < 0x80; byte++) {
                if (byte != '\\') {
                    compare_byte(n, at, byte, &a);
                }
            }
        }
    }
    arena_fini(&a);
}

static void wide_characters_at_every_place(void **state) {
    static const char *const wide[] = {"é", "湖", "\U0001F600", "\xEF\xBF\xBF"};
    struct arena a = ARENA_INIT;
    struct buf text = BUF_INIT;
    (void)state;
    for (size_t n = 0; n <= 17; n++) {
        for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
            buf_clear(&text);
            buf_addf(&text, "{\"%.*s%s\":\"%s%.*s\"}", (int)n, "aaaaaaaaaaaaaaaaa", wide[i],
                     wide[i], (int)n, "bbbbbbbbbbbbbbbbb");
            compare(text.data, text.len, &a);
        }
    }
    buf_fini(&text);
    arena_fini(&a);
}

/* ---- limits ---- */

static void repeat(struct buf *b, const char *s, size_t n) {
    while (n-- > 0) {
        buf_adds(b, s);
    }
}

static void at_each_limit(void **state) {
    struct arena a = ARENA_INIT;
    struct buf b = BUF_INIT;
    (void)state;
    for (size_t n = JSON_READ_DEPTH_MAX - 1; n <= JSON_READ_DEPTH_MAX + 1; n++) {
        buf_clear(&b);
        repeat(&b, "[", n);
        repeat(&b, "]", n);
        compare(b.data, b.len, &a);
    }
    for (size_t n = JSON_NUMBER_MAX - 1; n <= JSON_NUMBER_MAX + 1; n++) {
        buf_clear(&b);
        repeat(&b, "9", n);
        compare(b.data, b.len, &a);
    }
    for (size_t n = JSON_VALUES_MAX - 2; n <= JSON_VALUES_MAX; n++) {
        buf_clear(&b);
        buf_adds(&b, "[0");
        repeat(&b, ",0", n - 1);
        buf_adds(&b, "]");
        compare(b.data, b.len, &a);
    }
    buf_fini(&b);
    arena_fini(&a);
}

/* {"0":0,"1":1,...}; the last has the name of the one at `twice`. */
static void add_members(struct buf *b, size_t n, size_t twice) {
    buf_addc(b, '{');
    for (size_t i = 0; i < n; i++) {
        buf_addf(b, "%s\"%zu\":%zu", i == 0 ? "" : ",", i + 1 == n ? twice : i, i);
    }
    buf_addc(b, '}');
}

static void many_members_and_names_that_stand_twice(void **state) {
    struct arena a = ARENA_INIT;
    struct buf b = BUF_INIT;
    (void)state;
    for (size_t n = 1; n <= 64; n++) {
        for (size_t twice = 0; twice < n; twice++) {
            buf_clear(&b);
            add_members(&b, n, twice);
            compare(b.data, b.len, &a);
        }
    }
    buf_clear(&b);
    add_members(&b, 65, 64);
    assert_null(json_plain(b.data, b.len, &a)); /* sorting them is left to the other */
    buf_fini(&b);
    arena_fini(&a);
}

static void what_only_yajl_reads_is_left(void **state) {
    static const char *const left[] = {"[\"\\n\"]", "{\"\\u0061\":1}", "[\v1]", "[1\f]", "\"\\"};
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        assert_null(json_plain(left[i], strlen(left[i]), &a));
    }
    assert_null(json_plain("1\0", 2, &a));
    assert_null(json_plain("[1]\0 ", 5, &a));
    assert_null(json_plain("", 0, &a));
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_number),
        cmocka_unit_test(every_short_structure),
        cmocka_unit_test(every_word),
        cmocka_unit_test(every_byte_at_every_place),
        cmocka_unit_test(wide_characters_at_every_place),
        cmocka_unit_test(at_each_limit),
        cmocka_unit_test(many_members_and_names_that_stand_twice),
        cmocka_unit_test(what_only_yajl_reads_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
