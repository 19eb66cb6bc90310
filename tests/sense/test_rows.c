/* Rows of delimited files as people have them: line breaks in quotes, damaged bytes, encodings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka.h needs those above */
#include <cmocka.h>

#include "base/buf.h"
#include "sense/rows.h"

/* All rows as "number@line:a|b" lines, bad ones as "number@line!why". `step` bytes are read at a
 * time. */
static void read_all(struct rows_config config, const char *bytes, size_t n, size_t step,
                     struct buf *to) {
    struct input_bytes in = {bytes, n, step};
    struct rows *r = NULL;
    struct err err = ERR_INIT;
    config.input = (struct input){input_read_bytes, &in};
    assert_int_equal(rows_new(&config, &r, &err), OK);
    buf_add(to, "", 0);
    for (;;) {
        struct rows_row row;
        struct err why = ERR_INIT;
        enum code code = rows_next(r, &row, &why);
        if (code == OK && row.count == 0) {
            break;
        }
        buf_addf(to, "%d@%d%c", (int)row.number, (int)row.line, code == OK ? ':' : '!');
        for (size_t i = 0; code == OK && i < row.count; i++) {
            assert_int_equal(strlen(row.fields[i].text), row.fields[i].len);
            buf_addf(to, "%s%s", i > 0 ? "|" : "", row.fields[i].text);
        }
        buf_addf(to, "%s\n", why.msg);
        assert_true(to->len < 100000);
    }
    assert_int_equal(rows_bytes(r), (int64_t)n);
    rows_free(r);
}

static const struct rows_config plain = {.delimiter = ',', .quote = '"'};

/* The same whatever pieces the file comes in. */
static void expect_rows(struct rows_config config, const char *bytes, size_t n, const char *want) {
    static const size_t steps[] = {1, 2, 3, 7, 1 << 20};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct buf got = BUF_INIT;
        read_all(config, bytes, n, steps[i], &got);
        assert_string_equal(got.data, want);
        buf_fini(&got);
    }
}

static void expect(const char *bytes, const char *want) {
    struct rows_config config = plain;
    config.encoding = ENCODING_UTF8;
    expect_rows(config, bytes, strlen(bytes), want);
    expect_rows(plain, bytes, strlen(bytes), want);
}

static void rows_are_cut(void **state) {
    (void)state;
    expect("", "");
    expect("a,b\n1,2\n", "1@1:a|b\n2@2:1|2\n");
    expect("a,b\r\n1,2", "1@1:a|b\n2@2:1|2\n");
    expect("\xEF\xBB\xBF"
           "a,b\n",
           "1@1:a|b\n");
    expect("a,\n,b\n,", "1@1:a|\n2@2:|b\n3@3:|\n");
    expect("a\n\n\r\nb\n", "1@1:a\n2@4:b\n");
    expect("\"a,b\",\"c\"\"d\"\n", "1@1:a,b|c\"d\n");
    expect("x,\"a\n\nb\"\ny,\"\"\n", "1@1:x|a\n\nb\n2@4:y|\n");
    expect("x,\"a\r\nb\"\r\nc,d\r\n", "1@1:x|a\r\nb\n2@3:c|d\n");
}

static void other_marks(void **state) {
    struct rows_config config = {.delimiter = ';', .quote = '\'', .encoding = ENCODING_UTF8};
    (void)state;
    expect_rows(config, "a;'b;c';\"d\n", 11, "1@1:a|b;c|\"d\n");
    config.quote = '\0';
    expect_rows(config, "a;'b';5\"\n", 9, "1@1:a|'b'|5\"\n");
    config.skip = 2;
    expect_rows(config, "Report,\n\"of\na;b\n", 16, "1@3:a|b\n");
    expect_rows(config, "one line", 8, "");
}

/* A row that is bad is told of, and the next ones are read. */
static void bad_rows(void **state) {
    struct rows_config config = plain;
    (void)state;
    config.encoding = ENCODING_UTF8;
    expect(
        "a,b\n1\"2,3\n4,5\n",
        "1@1:a|b\n2@2!cannot read field 1 of the row: a quote inside a field that has none at its "
        "start\n3@3:4|5\n");
    expect("a,\"b\"c\nd,e\n",
           "1@1!cannot read field 2 of the row: more behind a closing quote\n2@2:d|e\n");
    expect("a,b\rc,d\ne,f\n",
           "1@1!cannot read field 3 of the row: a carriage return without a line "
           "feed\n2@2:e|f\n");
    expect("a,\"b\nc,d\ne,f\n", "1@1!cannot read field 2 of the row: a quote that is never "
                                "closed\n2@2:c|d\n3@3:e|f\n");
    expect_rows(config, "a,b\0c\nd,e\n", 10,
                "1@1!cannot read field 2 of the row: a NUL byte\n2@2:d|e\n");
    /* the end of that row is known: its second line is no row */
    expect_rows(config, "a,\"b\0\nc\",d\ne,f\n", 15,
                "1@1!cannot read field 2 of the row: a NUL byte\n2@3:e|f\n");
    expect_rows(config, "a,\xFFz\nd,\xE4\xB8\ne,f", 13,
                "1@1!cannot read field 2 of the row: a byte that is no character of the file's "
                "encoding\n2@2!cannot read field 2 of the row: a byte that is no character of the "
                "file's encoding\n3@3:e|f\n");
}

static void encodings(void **state) {
    static const char gbk[] = "\xC3\xFB,\xCE\xDE\xCE\xFD\n1,2\n"; /* 名,无锡 */
    static const char want[] = "1@1:名|无锡\n2@2:1|2\n";
    static const char wide[] = "\xFF\xFE\x0D\x54,\0\xE0\x65\x21\x95\n\0001\0,\0002\0\n\0";
    struct rows_config config = plain;
    (void)state;
    expect_rows(config, gbk, sizeof gbk - 1, want);
    config.encoding = ENCODING_GB18030;
    expect_rows(config, gbk, sizeof gbk - 1, want);
    expect_rows(config, "\xEF\xBB\xBF名\n", 7, "1@1:名\n"); /* a mark is right */
    expect_rows(config, "a,\xFF\nb,c\n", 8,
                "1@1!cannot read field 2 of the row: a byte that is no character of the file's "
                "encoding\n2@2:b|c\n");
    config.encoding = ENCODING_UTF16LE;
    expect_rows(config, wide + 2, sizeof wide - 3, want);
    config.encoding = ENCODING_NONE;
    expect_rows(config, wide, sizeof wide - 1, want);
}

/* What no memory should be asked for. */
static void caps(void **state) {
    size_t n = 3 << 20;
    char *bytes = malloc(n + 16);
    struct buf got = BUF_INIT;
    struct rows_config config = plain;
    (void)state;
    assert_non_null(bytes);
    config.encoding = ENCODING_UTF8;
    memset(bytes, 'x', n);
    memcpy(bytes + n, "\na,b\n", 5);
    read_all(config, bytes, n + 5, 1 << 16, &got);
    assert_string_equal(got.data,
                        "1@1!cannot read field 1 of the row: a row of more than 1 MiB\n2@2:a|b\n");
    memset(bytes, ',', 2000);
    memcpy(bytes + 2000, "\na,b\n", 5);
    buf_clear(&got);
    read_all(config, bytes, 2005, 1 << 16, &got);
    assert_string_equal(got.data,
                        "1@1!cannot read field 1025 of the row: more than 1024 fields\n2@2:a|b\n");
    buf_fini(&got);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_cut), cmocka_unit_test(other_marks), cmocka_unit_test(bad_rows),
        cmocka_unit_test(encodings),    cmocka_unit_test(caps),
    };
    return cmocka_run_group_tests_name("sense/rows", tests, NULL, NULL);
}
