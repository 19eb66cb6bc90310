/* test_document: which reader a file goes to, by its bytes and its name, and what none takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "text/document.h"

#include "docx_build.h"

static void expect(const char *name, const char *bytes, size_t n, enum document_format format,
                   const char *text, const char *title) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct document doc;
    enum code code = document_parse(name, bytes, n, &a, &doc, &err);
    assert_string_equal(err.msg, "");
    assert_int_equal(code, OK);
    assert_int_equal(doc.format, format);
    assert_string_equal(doc.name, name);
    assert_string_equal(doc.text, text);
    assert_int_equal(doc.len, strlen(text));
    if (title == NULL) {
        assert_null(doc.title);
    } else {
        assert_string_equal(doc.title, title);
    }
    arena_fini(&a);
}

static void expect_error(const char *name, const char *bytes, size_t n, enum code want,
                         const char *words) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct document doc = {.name = "untouched"};
    assert_int_equal(document_parse(name, bytes, n, &a, &doc, &err), want);
    assert_string_equal(err.msg, words);
    assert_string_equal(doc.name, "untouched");
    arena_fini(&a);
}

static void text_files(void **state) {
    (void)state;
    expect("plan.txt", "太湖\r\n", 8, DOCUMENT_TEXT, "太湖\r\n", NULL);
    expect("plan", "\xCC\xAB\xBA\xFE", 4, DOCUMENT_TEXT, "太湖", NULL);
    expect("plan.txt", "a < b", 5, DOCUMENT_TEXT, "a < b", NULL);
    expect("plan.txt", "<meta", 5, DOCUMENT_TEXT, "<meta", NULL);
}

static void pages_are_known_by_their_bytes(void **state) {
    (void)state;
    static const char *const pages[] = {
        "<!DOCTYPE html><title>t</title><p>太湖",
        "<HTML><title>t</title><p>太湖",
        "\xEF\xBB\xBF\n <!-- saved --> <html><title>t</title><p>太湖",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C\"><html><title>t</title>太湖",
    };
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        expect("page.txt", pages[i], strlen(pages[i]), DOCUMENT_HTML, "太湖", "t");
    }
    static const char wide[] = "\xFF\xFE<\0h\0t\0m\0l\0>\0\x2A\x59";
    expect("page", wide, sizeof wide - 1, DOCUMENT_HTML, "太", NULL);
}

static void pages_are_known_by_their_name(void **state) {
    (void)state;
    expect("a/page.HTM", "<p>太湖", 9, DOCUMENT_HTML, "太湖", NULL);
    expect("page.html", "太湖<br>x", 11, DOCUMENT_HTML, "太湖\nx", NULL);
}

static void word_documents(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    docx_build_parts(DOCX_BODY(DOCX_P("太湖")), NULL, NULL,
                     "<c xmlns:dc=\"d\"><dc:title>题</dc:title></c>", &file);
    expect("plan.docx", file.data, file.len, DOCUMENT_DOCX, "太湖", "题");
    expect("misnamed.pdf", file.data, file.len, DOCUMENT_DOCX, "太湖", "题");
    buf_fini(&file);
}

static void pdfs(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct document doc;
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/data/report.pdf", TAIHU_SOURCE_DIR);
    assert_int_equal(document_load(path, &a, &doc, &err), OK);
    assert_int_equal(doc.format, DOCUMENT_PDF);
    assert_non_null(strstr(doc.text, "完成技改投资308.7亿元"));
    arena_fini(&a);
}

static void what_is_not_read_is_named(void **state) {
    (void)state;
    expect_error("old.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", 12, E_INPUT,
                 "not a document that is read but an old Word file (.doc) or a docx with a "
                 "password; save it as docx without one");
    expect_error("a.txt", "{\\rtf1\\ansi}", 12, E_INPUT,
                 "not a document that is read but an RTF file; save it as docx");
    expect_error("a.pdf", "\x89PNG\r\n", 6, E_INPUT,
                 "not a document that is read but a picture (PNG)");
    expect_error("a.txt", "\x1F\x8B\x08", 3, E_INPUT,
                 "not a document that is read but an archive (gzip)");
}

static void names_that_promise_too_much(void **state) {
    (void)state;
    expect_error("a.docx", "太湖", 6, E_INPUT,
                 "damaged: named docx, but its first bytes are no docx's");
    expect_error("a.PDF", "太湖", 6, E_INPUT,
                 "damaged: named pdf, but its first bytes are no pdf's");
    expect_error("a.docx", "PK\3\4", 4, E_INPUT,
                 "truncated or damaged docx: no zip directory at the end of its 4 bytes");
    expect_error("a.pdf", "junk%PDF-1.4", 12, E_INPUT,
                 "truncated pdf: no %%EOF at the end of its 12 bytes");
}

static void nothing_and_binary(void **state) {
    (void)state;
    static const char *const names[] = {"a.txt", "a.html", "a.docx", "a.pdf", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        expect_error(names[i], "", 0, E_INPUT, "empty: 0 bytes");
    }
    expect_error("a.txt", "太\0", 4, E_INPUT, "not text but binary: byte 0x00 at offset 3");
    expect_error("a.txt", " \n", 2, E_INPUT, "no text: 2 bytes of blanks");
}

static void every_kind_of_bytes_has_an_answer(void **state) {
    (void)state;
    static const char *const names[] = {"a.txt", "a.html", "a.docx"};
    for (int first = 0; first < 256; first++) {
        for (size_t i = 0; i < 3; i++) {
            struct arena a = ARENA_INIT;
            struct err err = ERR_INIT;
            struct document doc;
            char bytes[] = {(char)first, (char)(255 - first), '<', 'p', '>', '1'};
            enum code code = document_parse(names[i], bytes, sizeof bytes, &a, &doc, &err);
            assert_true(code == OK ? doc.len > 0 : err.msg[0] != '\0');
            arena_fini(&a);
        }
    }
}

/* A file of `n` bytes, all of them holes, that is there while `check` runs. */
static void with_file(long long n, void (*check)(const char *path)) {
    char path[] = "/tmp/taihu-test-doc-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, n), 0);
    close(fd);
    check(path);
    unlink(path);
}

static void check_huge(const char *path) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct document doc;
    assert_int_equal(document_load(path, &a, &doc, &err), E_LIMIT);
    assert_non_null(strstr(err.msg, "1073741824 bytes, more than the 67108864 that are taken"));
    assert_int_equal(a.total, 0);
    arena_fini(&a);
}

static void a_huge_file_is_not_read(void **state) {
    (void)state;
    with_file(1024ll * 1024 * 1024, check_huge);
}

static void files_that_cannot_be_read(void **state) {
    (void)state;
    static const char *const paths[] = {"/nonexistent/plan.txt", "/tmp", "/dev/zero"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err err = ERR_INIT;
        struct document doc;
        assert_int_equal(document_load(paths[i], &a, &doc, &err), E_IO);
        assert_non_null(strstr(err.msg, paths[i]));
        arena_fini(&a);
    }
}

static void long_text_is_refused(void **state) {
    (void)state;
    size_t n = DOCUMENT_TEXT_MAX + 1;
    char *bytes = malloc(n);
    memset(bytes, 'a', n);
    expect_error("a.txt", bytes, n, E_LIMIT, "text of more than the 8388608 bytes that are taken");
    expect_error("a.html", bytes, n, E_LIMIT, "html with more than 8388608 bytes of text");
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_files),
        cmocka_unit_test(pages_are_known_by_their_bytes),
        cmocka_unit_test(pages_are_known_by_their_name),
        cmocka_unit_test(word_documents),
        cmocka_unit_test(pdfs),
        cmocka_unit_test(what_is_not_read_is_named),
        cmocka_unit_test(names_that_promise_too_much),
        cmocka_unit_test(nothing_and_binary),
        cmocka_unit_test(every_kind_of_bytes_has_an_answer),
        cmocka_unit_test(a_huge_file_is_not_read),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(long_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
