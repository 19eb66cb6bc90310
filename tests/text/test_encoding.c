/* test_encoding: what bytes are taken for, and what is said of those that are nothing. The other
 * encodings' bytes are made by iconv(3) from the same sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <iconv.h>

#include "text/encoding.h"

static const char sentence[] =
    "一般公共预算收入增长5%，其中税收收入增长7%；城镇新增就业13.5万人。\n"
    "重点抓好以下九个方面工作：最需要开展的是……\n";

enum { MAX = 1 << 20 };

/* `text` in another encoding, at most 4,000 bytes of it. */
static size_t convert(const char *encoding, const char *text, char *to) {
    iconv_t cd = iconv_open(encoding, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    char *from = (char *)(uintptr_t)text;
    char *put = to;
    size_t left = strlen(text), room = 4000;
    assert_int_equal(iconv(cd, &from, &left, &put, &room), 0);
    iconv_close(cd);
    return 4000 - room;
}

static void expect_text(const char *bytes, size_t n, const char *want) {
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(encoding_parse_text(bytes, n, MAX, &text, &err), OK);
    assert_string_equal(text.data, want);
    assert_int_equal(text.len, strlen(want));
    buf_fini(&text);
}

static void expect_error(const char *bytes, size_t n, const char *words) {
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(encoding_parse_text(bytes, n, MAX, &text, &err), E_INPUT);
    assert_string_equal(err.msg, words);
    buf_fini(&text);
}

static void utf8_is_kept_byte_for_byte(void **state) {
    (void)state;
    expect_text(sentence, strlen(sentence), sentence);
    expect_text("a\r\nb\t c\r\n\f", 10, "a\r\nb\t c\r\n\f");
}

static void the_mark_is_dropped(void **state) {
    (void)state;
    expect_text("\xEF\xBB\xBF太湖", 9, "太湖");
    expect_text("\xEF\xBB\xBF\xEF\xBB\xBF太湖", 12, "太湖");
}

static void gb18030_gbk_and_gb2312_are_decoded(void **state) {
    (void)state;
    char bytes[4096];
    static const char *const names[] = {"GB2312", "GBK", "GB18030"};
    for (size_t i = 0; i < 3; i++) {
        expect_text(bytes, convert(names[i], sentence, bytes), sentence);
    }
    const char *rare = "㐀𠀀镕堃"; /* four bytes each in GB18030, or in GBK only */
    expect_text(bytes, convert("GB18030", rare, bytes), rare);
}

static void short_gbk_that_is_partly_well_formed_utf8_is_gbk(void **state) {
    (void)state;
    expect_text("\xC1\xAA\xCD\xA8", 4, "联通");
}

static void utf16_with_a_mark(void **state) {
    (void)state;
    char bytes[4096];
    memcpy(bytes, "\xFF\xFE", 2);
    expect_text(bytes, 2 + convert("UTF-16LE", sentence, bytes + 2), sentence);
    memcpy(bytes, "\xFE\xFF", 2);
    expect_text(bytes, 2 + convert("UTF-16BE", sentence, bytes + 2), sentence);
}

static void utf16_without_a_mark(void **state) {
    (void)state;
    static const char *const names[] = {"UTF-16LE", "UTF-16BE"};
    static const char *const texts[] = {sentence, "plain ascii, in 16 bits\n", "一一一最需开言",
                                        "Ngo RSg 2021"};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++) {
            char bytes[4096];
            expect_text(bytes, convert(names[i], texts[j], bytes), texts[j]);
        }
    }
}

static void one_bad_byte_is_named(void **state) {
    (void)state;
    char bytes[256];
    strcpy(bytes, sentence);
    bytes[33] = '\xFF'; /* the second byte of the character that begins at 32 */
    expect_error(bytes, strlen(bytes), "damaged utf-8: byte 0xef at offset 32 begins no character");
    expect_error("太湖\xFF", 7, "damaged utf-8: byte 0xff at offset 6 begins no character");
    expect_error("\xEF\xBB\xBF太\xFF", 7,
                 "damaged utf-8: byte 0xff at offset 6 begins no character");
}

static void text_cut_within_a_character_is_damaged(void **state) {
    (void)state;
    expect_error(sentence, strlen(sentence) - 2,
                 "damaged utf-8: byte 0xe2 at offset 159 begins no character");
}

static void what_no_encoding_knows_is_named(void **state) {
    (void)state;
    char bytes[4096];
    size_t n = convert("GBK", "太湖之滨", bytes);
    bytes[n] = '\xFF';
    expect_error(bytes, n + 1,
                 "cannot decode text: byte 0xff at offset 8 begins no character of gb18030, and "
                 "it is not utf-8");
}

static void half_a_surrogate_pair_is_damaged(void **state) {
    (void)state;
    expect_error("\xFF\xFE\x2A\x59\x00\xD8\x56\x6E", 8,
                 "damaged utf-16le: half a character at offset 4");
    expect_error("\xFF\xFE\x2A\x59\x56", 5, "damaged utf-16le: half a character at offset 4");
}

static void binary_is_refused_with_the_offset(void **state) {
    (void)state;
    expect_error("ab\0cd", 5, "not text but binary: byte 0x00 at offset 2");
    expect_error("太湖\x01", 7, "not text but binary: control character 0x01 at offset 6");
    expect_error("\xEF\xBB\xBF\x1B[0m", 7,
                 "not text but binary: control character 0x1b at offset 3");
    expect_error("\xCC\xAB\x7F", 3, "not text but binary: control character 0x7f at offset 2");
    expect_error("\xFF\xFE\x2A\x59\0\0", 6, "not text but binary: U+0000 at offset 4");
    expect_error("\xFF\xFE\x2A\x59\x08\0", 6,
                 "not text but binary: control character 0x08 at offset 4");
}

static void nothing_is_refused(void **state) {
    (void)state;
    expect_error("", 0, "empty: 0 bytes");
    expect_error(" \r\n\t\n", 5, "no text: 5 bytes of blanks");
    expect_error("\xEF\xBB\xBF", 3, "no text: 3 bytes of blanks");
    expect_error("\xFF\xFE", 2, "no text: 2 bytes of blanks");
    expect_error("　\xC2\xA0\n", 6, "no text: 6 bytes of blanks");
}

static void the_size_is_bounded(void **state) {
    (void)state;
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(encoding_parse_text("太湖", 6, 5, &text, &err), E_LIMIT);
    assert_string_equal(err.msg, "text of more than the 5 bytes that are taken");
    err = (struct err)ERR_INIT;
    assert_int_equal(encoding_parse_text("\xCC\xAB\xBA\xFE", 4, 5, &text, &err), E_LIMIT);
    buf_clear(&text);
    assert_int_equal(encoding_parse_text("\xCC\xAB\xBA\xFE", 4, 6, &text, NULL), OK);
    buf_fini(&text);
}

static void big5_needs_a_label(void **state) {
    (void)state;
    char bytes[4096];
    size_t n = convert("BIG5", "無錫市政府", bytes);
    struct buf text = BUF_INIT;
    assert_int_equal(encoding_decode(bytes, n, ENCODING_BIG5, MAX, &text, NULL), OK);
    assert_string_equal(text.data, "無錫市政府");
    buf_fini(&text);
}

static void a_label_gives_way_to_well_formed_utf8(void **state) {
    (void)state;
    struct buf text = BUF_INIT;
    assert_int_equal(
        encoding_decode(sentence, strlen(sentence), ENCODING_GB18030, MAX, &text, NULL), OK);
    assert_string_equal(text.data, sentence);
    buf_fini(&text);
}

static void labels_are_known_in_any_case(void **state) {
    (void)state;
    assert_int_equal(encoding_of_label("GB2312", 6), ENCODING_GB18030);
    assert_int_equal(encoding_of_label("gbk;", 3), ENCODING_GB18030);
    assert_int_equal(encoding_of_label("UTF-8", 5), ENCODING_UTF8);
    assert_int_equal(encoding_of_label("Big5", 4), ENCODING_BIG5);
    assert_int_equal(encoding_of_label("latin1", 6), ENCODING_NONE);
    assert_int_equal(encoding_of_label("", 0), ENCODING_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_kept_byte_for_byte),
        cmocka_unit_test(the_mark_is_dropped),
        cmocka_unit_test(gb18030_gbk_and_gb2312_are_decoded),
        cmocka_unit_test(short_gbk_that_is_partly_well_formed_utf8_is_gbk),
        cmocka_unit_test(utf16_with_a_mark),
        cmocka_unit_test(utf16_without_a_mark),
        cmocka_unit_test(one_bad_byte_is_named),
        cmocka_unit_test(text_cut_within_a_character_is_damaged),
        cmocka_unit_test(what_no_encoding_knows_is_named),
        cmocka_unit_test(half_a_surrogate_pair_is_damaged),
        cmocka_unit_test(binary_is_refused_with_the_offset),
        cmocka_unit_test(nothing_is_refused),
        cmocka_unit_test(the_size_is_bounded),
        cmocka_unit_test(big5_needs_a_label),
        cmocka_unit_test(a_label_gives_way_to_well_formed_utf8),
        cmocka_unit_test(labels_are_known_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
