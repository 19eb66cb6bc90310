/* JSON from outside: what is read, what is refused and at which byte, members of a request. */
#include "base/json_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"

/* Writes a tree back, numbers as they were written. */
static void write_value(struct buf *b, const struct json_value *v) {
    struct json_out j;
    switch (v->kind) {
    case JSON_NULL:
        buf_adds(b, "null");
        break;
    case JSON_BOOL:
        buf_adds(b, v->truth ? "true" : "false");
        break;
    case JSON_NUMBER:
        buf_adds(b, v->text);
        break;
    case JSON_STRING:
        json_init(&j, b, 0);
        json_strn(&j, v->text, v->len);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        buf_addc(b, v->kind == JSON_ARRAY ? '[' : '{');
        for (const struct json_value *m = v->first; m != NULL; m = m->next) {
            buf_adds(b, m == v->first ? "" : ",");
            if (v->kind == JSON_OBJECT) {
                buf_addf(b, "\"%s\":", m->name);
            } else {
                assert_null(m->name);
            }
            write_value(b, m);
        }
        buf_addc(b, v->kind == JSON_ARRAY ? ']' : '}');
        break;
    }
}

static void values_come_back(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *want;
    } samples[] = {
        {"null", "null"},
        {" true ", "true"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"1", "1"},
        {"[-0, 13.50, 1e400, 123456789012345678901234567890]",
         "[-0,13.50,1e400,123456789012345678901234567890]"},
        {"{\"a\":[1,{\"b\":null}],\"c\":{\"a\":false}}",
         "{\"a\":[1,{\"b\":null}],\"c\":{\"a\":false}}"},
        {"\"\\u592a\\u6e56 \\ud83d\\ude00 \\\"\\\\\\/\\n\"",
         "\"\u592a\u6e56 \U0001F600 \\\"\\\\/\\n\""},
        {"\"太湖\"", "\"太湖\""},
        {"\"\\\\u0000\"", "\"\\\\u0000\""}, /* a backslash, then u0000 */
        {"{\"\":1}", "{\"\":1}"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct arena a = ARENA_INIT;
        struct buf out = BUF_INIT;
        struct err err = ERR_INIT;
        const struct json_value *v;
        const char *text = samples[i].text;
        if (json_read(text, strlen(text), &a, &v, &err) != OK) {
            fail_msg("%s: %s", text, err.msg);
        }
        write_value(&out, v);
        assert_string_equal(out.data, samples[i].want);
        buf_fini(&out);
        arena_fini(&a);
    }
}

static void refuse(const char *text, size_t n, enum code want, const char *words) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v = NULL;
    enum code code = json_read(text, n, &a, &v, &err);
    if (code != want || strstr(err.msg, words) == NULL) {
        fail_msg("\"%.80s\": %d, \"%s\" instead of \"%s\"", text, code, err.msg, words);
    }
    assert_null(v);
    arena_fini(&a);
}

static void faults_name_the_byte(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } samples[] = {
        {"", "at byte 0: premature EOF"},
        {"  ", "at byte 2: premature EOF"},
        {"[1", "at byte 2: premature EOF"},
        {"[1,]", "at byte "},
        {"{\"a\":1,}", "at byte "},
        {"{a:1}", "at byte "},
        {"[1] 2", "trailing garbage"},
        {"1 2", "trailing garbage"},
        {"null null", "trailing garbage"},
        {"01", "at byte "},
        {"1.", "at byte "},
        {"+1", "at byte "},
        {"NaN", "at byte "},
        {"/* a */ 1", "at byte "},
        {"'a'", "at byte "},
        {"\"a\nb\"", "at byte "},
        {"\"a", "premature EOF"},
        {"\"\\x\"", "at byte "},
        {"\"\\u12\"", "at byte "},
        {"\xEF\xBB\xBF{}", "at byte "},
        {"[\"\x80\"]", "at byte 2: not UTF-8"},
        {"\"\xED\xA0\x80\"", "at byte 1: not UTF-8"},
        {"\"\xC0\x80\"", "at byte 1: not UTF-8"},
        {"\"ab\\u0000\"", "at byte 3: \\u0000"},
        {"\"\\ud800\"", "at byte 1: half of a surrogate pair"},
        {"\"\\ud800\\ud800\"", "at byte 1: half of a surrogate pair"},
        {"\"x\\udc00\"", "at byte 2: half of a surrogate pair"},
        {"{\"a\":1,\"b\":2,\"a\":3}", "\"a\" stands twice"},
        {"{\"a\":1,\"\\u0061\":3}", "\"a\" stands twice"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        refuse(samples[i].text, strlen(samples[i].text), E_INPUT, samples[i].words);
    }
    refuse("\"a\0b\"", 5, E_INPUT, "at byte ");
    refuse("1\0", 2, E_INPUT, "at byte ");
}

static void repeat(struct buf *b, const char *s, size_t n) {
    while (n-- > 0) {
        buf_adds(b, s);
    }
}

static void sizes_are_capped(void **state) {
    (void)state;
    struct buf b = BUF_INIT;
    struct arena a = ARENA_INIT;
    const struct json_value *v;
    repeat(&b, "[", JSON_READ_DEPTH_MAX);
    repeat(&b, "]", JSON_READ_DEPTH_MAX);
    assert_int_equal(json_read(b.data, b.len, &a, &v, NULL), OK);
    buf_clear(&b);
    repeat(&b, "[", JSON_READ_DEPTH_MAX + 1);
    refuse(b.data, b.len, E_LIMIT, "too many levels");
    buf_clear(&b);
    buf_adds(&b, "[0");
    repeat(&b, ",0", JSON_VALUES_MAX);
    buf_adds(&b, "]");
    refuse(b.data, b.len, E_LIMIT, "too many values");
    buf_clear(&b);
    repeat(&b, "9", JSON_NUMBER_MAX + 1);
    refuse(b.data, b.len, E_LIMIT, "too many digits");
    buf_clear(&b);
    repeat(&b, " ", JSON_INPUT_MAX + 1);
    refuse(b.data, b.len, E_LIMIT, "at most 1048576");
    buf_clear(&b);
    buf_adds(&b, "{\"m\":0");
    for (int i = 0; i < JSON_MEMBERS_MAX; i++) {
        buf_addf(&b, ",\"%d\":0", i);
    }
    refuse(b.data, b.len, E_LIMIT, "too many members");
    buf_fini(&b);
    arena_fini(&a);
}

/* ---- members ---- */

static const char REQUEST[] = "{\"name\":\"太湖\",\"empty\":\"\",\"none\":null,\"days\":30,"
                              "\"half\":1.5,\"far\":99999999999999999999,\"on\":true,"
                              "\"files\":[\"a\",\"b\"]}";

static const struct json_value *read_request(struct arena *a) {
    const struct json_value *v = NULL;
    assert_int_equal(json_read(REQUEST, sizeof REQUEST - 1, a, &v, NULL), OK);
    return v;
}

static void expect(enum code code, enum code want, struct err *err, const char *words) {
    assert_int_equal(code, want);
    if (strstr(err->msg, words) == NULL) {
        fail_msg("expected \"%s\" in \"%s\"", words, err->msg);
    }
    *err = (struct err)ERR_INIT;
}

static void texts_are_taken(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v = read_request(&a);
    const char *text = "was";
    expect(json_need_text(v, "name", 6, &text, &err), OK, &err, "");
    assert_string_equal(text, "太湖");
    expect(json_need_text(v, "name", 5, &text, &err), E_LIMIT, &err,
           "\"name\" holds 6 bytes; at most 5");
    expect(json_need_text(v, "absent", 9, &text, &err), E_INPUT, &err, "\"absent\" is missing");
    expect(json_need_text(v, "none", 9, &text, &err), E_INPUT, &err, "\"none\" is missing");
    expect(json_need_text(v, "empty", 9, &text, &err), E_INPUT, &err, "\"empty\" is empty");
    expect(json_need_text(v, "days", 9, &text, &err), E_INPUT, &err,
           "\"days\" must be a text, not a number");
    assert_string_equal(text, "太湖");
    expect(json_take_text(v, "absent", 9, &text, &err), OK, &err, "");
    assert_string_equal(text, "太湖");
    expect(json_take_text(v, "empty", 9, &text, &err), OK, &err, "");
    assert_string_equal(text, "");
    arena_fini(&a);
}

static void numbers_and_truths_are_taken(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v = read_request(&a);
    int64_t n = 7;
    bool on = false;
    expect(json_take_int(v, "absent", (struct json_range){0, 9}, &n, &err), OK, &err, "");
    assert_int_equal(n, 7);
    expect(json_need_int(v, "days", (struct json_range){1, 30}, &n, &err), OK, &err, "");
    assert_int_equal(n, 30);
    expect(json_need_int(v, "days", (struct json_range){1, 29}, &n, &err), E_INPUT, &err,
           "\"days\": 30 is not within 1 to 29");
    expect(json_need_int(v, "half", (struct json_range){0, 9}, &n, &err), E_INPUT, &err,
           "not a whole number");
    expect(json_need_int(v, "far", (struct json_range){0, INT64_MAX}, &n, &err), E_INPUT, &err,
           "is not within");
    expect(json_need_int(v, "name", (struct json_range){0, 9}, &n, &err), E_INPUT, &err,
           "must be a number, not a text");
    expect(json_need_bool(v, "absent", &on, &err), E_INPUT, &err, "\"absent\" is missing");
    expect(json_need_bool(v, "on", &on, &err), OK, &err, "");
    assert_true(on);
    expect(json_take_bool(v, "days", &on, &err), E_INPUT, &err, "must be true or false");
    expect(json_whole("-12", (struct json_range){-12, 0}, &n, &err), OK, &err, "");
    assert_int_equal(n, -12);
    expect(json_whole("-", (struct json_range){-12, 0}, &n, &err), E_INPUT, &err, "\"-\"");
    expect(json_whole("", (struct json_range){-12, 0}, &n, &err), E_INPUT, &err, "\"\"");
    arena_fini(&a);
}

static void lists_and_names_are_checked(void **state) {
    (void)state;
    static const char *const all[] = {"name", "empty", "none",  "days", "half",
                                      "far",  "on",    "files", NULL};
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct json_value *v = read_request(&a);
    const struct json_value *list = NULL;
    expect(json_take_array(v, "none", 2, &list, &err), OK, &err, "");
    assert_null(list);
    expect(json_need_array(v, "files", 2, &list, &err), OK, &err, "");
    assert_string_equal(list->first->next->text, "b");
    expect(json_need_array(v, "files", 1, &list, &err), E_LIMIT, &err, "holds 2 items");
    expect(json_need_array(v, "name", 1, &list, &err), E_INPUT, &err, "must be a list");
    expect(json_check_members(v, all, &err), OK, &err, "");
    expect(json_check_members(v, all + 1, &err), E_INPUT, &err, "\"name\" is not known here");
    expect(json_check_members(list, all, &err), E_INPUT, &err, "an object is expected, not a list");
    assert_null(json_member(list, "name"));
    assert_null(json_member(NULL, "name"));
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(faults_name_the_byte),
        cmocka_unit_test(sizes_are_capped),
        cmocka_unit_test(texts_are_taken),
        cmocka_unit_test(numbers_and_truths_are_taken),
        cmocka_unit_test(lists_and_names_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
