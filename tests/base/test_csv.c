/* CSV as RFC 4180 has it, what else is taken, and what is refused with its line and column. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Writes rows back as "a|b;c|d;", so that a table can hold what is expected. */
static enum code flatten(const char *data, size_t n, struct buf *out, struct err *err) {
    struct csv c;
    enum code code;
    csv_init(&c, data, n);
    while ((code = csv_next(&c, err)) == OK && c.count > 0) {
        for (size_t i = 0; i < c.count; i++) {
            buf_adds(out, i > 0 ? "|" : "");
            buf_add(out, csv_field(&c, i), csv_field_len(&c, i));
        }
        buf_addc(out, ';');
    }
    csv_fini(&c);
    return code;
}

static void rows_and_fields(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *rows;
    } samples[] = {
        {"", ""},
        {"a,b\nc,d\n", "a|b;c|d;"},
        {"a,b\r\nc,d", "a|b;c|d;"},
        {"\xEF\xBB\xBF"
         "a,b\n",
         "a|b;"},
        {"\xEF\xBB\xBF", ""},
        {"a,\n", "a|;"},
        {"a,", "a|;"},
        {",", "|;"},
        {"\n", ";"},
        {"a\n\nb\n", "a;;b;"},
        {"\"a,b\",c\n", "a,b|c;"},
        {"\"a\"\"b\"\n", "a\"b;"},
        {"\"\"\n", ";"},
        {"\"\"\"\"\n", "\";"},
        {"\"a\nb\",c\n", "a\nb|c;"},
        {"\"a\r\nb\",c\r\n", "a\r\nb|c;"},
        {"\"a\rb\"\n", "a\rb;"},
        {" a , b \n", " a | b ;"},
        {"无锡,\"太湖\"\n", "无锡|太湖;"},
        {"a,b\nc\n", "a|b;c;"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct buf out = BUF_INIT;
        struct err err = ERR_INIT;
        buf_adds(&out, "");
        assert_int_equal(flatten(samples[i].text, strlen(samples[i].text), &out, &err), OK);
        assert_string_equal(out.data == NULL ? "" : out.data, samples[i].rows);
        buf_fini(&out);
    }
}

static void faults_name_line_and_column(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } samples[] = {
        {"a,b\nc,d\"e\n", "line 2, column 4: a quote inside a field"},
        {"无锡,b\"\n", "line 1, column 5: a quote inside a field"},
        {"a\n\"b\"c\n", "line 2, column 4: more behind a closing quote"},
        {"a,\"b\nc\nd", "line 1, column 3: a quote that is never closed"},
        {"x\n\"a\nb\"\",", "line 2, column 1: a quote that is never closed"},
        {"\"a\nb\"c\n", "line 2, column 3: more behind a closing quote"},
        {"a\rb\n", "line 1, column 2: a carriage return without a line feed"},
        {"a\r", "line 1, column 2: a carriage return without a line feed"},
        {"\"a\" ,b\n", "line 1, column 4: more behind a closing quote"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct buf out = BUF_INIT;
        struct err err = ERR_INIT;
        assert_int_equal(flatten(samples[i].text, strlen(samples[i].text), &out, &err), E_INPUT);
        if (strstr(err.msg, samples[i].words) == NULL) {
            fail_msg("expected \"%s\" in \"%s\"", samples[i].words, err.msg);
        }
        buf_fini(&out);
    }
}

static void a_nul_byte_is_refused(void **state) {
    (void)state;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(flatten("a\0b\n", 4, &out, &err), E_INPUT);
    assert_non_null(strstr(err.msg, "line 1, column 2: a NUL byte"));
    memset(&err, 0, sizeof err);
    assert_int_equal(flatten("\"a\0\"\n", 5, &out, &err), E_INPUT);
    assert_non_null(strstr(err.msg, "line 1, column 3: a NUL byte"));
    buf_fini(&out);
}

/* A row of n bytes `c`, within quotes or not. */
static enum code read_long(size_t n, char c, bool quoted, struct err *err) {
    struct buf text = BUF_INIT;
    struct csv reader;
    buf_adds(&text, quoted ? "\"" : "");
    for (size_t i = 0; i < n; i++) {
        buf_addc(&text, c);
    }
    buf_adds(&text, quoted ? "\"\n" : "\n");
    csv_init(&reader, text.data, text.len);
    enum code code = csv_next(&reader, err);
    if (code != OK) {
        assert_int_equal(reader.count, 0);
        assert_int_equal(csv_next(&reader, NULL), OK);
        assert_int_equal(reader.count, 0);
    }
    csv_fini(&reader);
    buf_fini(&text);
    return code;
}

static void rows_are_capped(void **state) {
    (void)state;
    struct err err = ERR_INIT;
    assert_int_equal(read_long(CSV_ROW_MAX, 'x', false, &err), OK);
    assert_int_equal(read_long(CSV_ROW_MAX, 'x', true, &err), OK);
    assert_int_equal(read_long(CSV_ROW_MAX + 1, 'x', false, NULL), E_LIMIT);
    assert_int_equal(read_long(CSV_ROW_MAX + 1, 'x', true, NULL), E_LIMIT);
    assert_int_equal(read_long(CSV_FIELDS_MAX - 1, ',', false, &err), OK);
    assert_int_equal(read_long(CSV_FIELDS_MAX, ',', false, &err), E_LIMIT);
    assert_non_null(strstr(err.msg, "1024 fields"));
}

/* A field that fills the row leaves no room for the next, quoted or not. */
static void a_full_row_takes_no_more(void **state) {
    (void)state;
    static const char *const next[] = {"x\n", "\"x\"\n"};
    for (size_t i = 0; i < 2; i++) {
        struct buf text = BUF_INIT;
        struct csv c;
        for (size_t n = 0; n < CSV_ROW_MAX; n++) {
            buf_addc(&text, 'x');
        }
        buf_addf(&text, ",%s", next[i]);
        csv_init(&c, text.data, text.len);
        assert_int_equal(csv_next(&c, NULL), E_LIMIT);
        csv_fini(&c);
        buf_fini(&text);
    }
}

static void rows_know_their_line(void **state) {
    (void)state;
    static const char text[] = "a\n\"b\nb\"\nc\n";
    static const size_t lines[] = {1, 2, 4};
    struct csv c;
    csv_init(&c, text, sizeof text - 1);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(csv_next(&c, NULL), OK);
        assert_int_equal(c.count, 1);
        assert_int_equal(c.line, lines[i]);
    }
    csv_fini(&c);
}

static void check_header(const char *text, enum code want, const char *words) {
    static const char *const names[] = {"code", "name"};
    struct csv c;
    struct err err = ERR_INIT;
    csv_init(&c, text, strlen(text));
    assert_int_equal(csv_header(&c, names, 2, &err), want);
    assert_non_null(strstr(err.msg, words));
    csv_fini(&c);
}

static void the_header_is_exact(void **state) {
    (void)state;
    check_header("code,name\n", OK, "");
    check_header("code,Name\n", E_INPUT, "column 2 is \"Name\", not \"name\"");
    check_header("name,code\n", E_INPUT, "column 1 is \"name\", not \"code\"");
    check_header("code\n", E_INPUT, "1 columns, not 2");
    check_header("code,name,more\n", E_INPUT, "3 columns, not 2");
    check_header("", E_INPUT, "0 columns, not 2");
    check_header("\"code\n", E_INPUT, "never closed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_fields),          cmocka_unit_test(faults_name_line_and_column),
        cmocka_unit_test(a_nul_byte_is_refused),    cmocka_unit_test(rows_are_capped),
        cmocka_unit_test(a_full_row_takes_no_more), cmocka_unit_test(rows_know_their_line),
        cmocka_unit_test(the_header_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
