/* Files: what is taken and by which bytes, what names become, that the same bytes are kept once. */
#include "track/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <zip.h>

#include "base/buf.h"
#include "track/office.h"

static enum code look(const char *name, const void *bytes, size_t n, struct arena *a,
                      struct evidence_file *out, struct err *err) {
    *err = (struct err)ERR_INIT;
    return evidence_parse(name, bytes, n, a, out, err);
}

static void expect_type(const char *name, const void *bytes, size_t n, const char *type) {
    struct arena a = ARENA_INIT;
    struct err err;
    struct evidence_file f;
    if (look(name, bytes, n, &a, &f, &err) != OK) {
        fail_msg("%s: %s", name, err.msg);
    }
    assert_string_equal(evidence_type_name(f.type), type);
    arena_fini(&a);
}

static void expect_refused(const char *name, const void *bytes, size_t n, const char *words) {
    struct arena a = ARENA_INIT;
    struct err err;
    struct evidence_file f;
    assert_int_equal(look(name, bytes, n, &a, &f, &err), E_INPUT);
    if (strstr(err.msg, words) == NULL) {
        fail_msg("expected \"%s\" in \"%s\"", words, err.msg);
    }
    arena_fini(&a);
}

#define BYTES(s) s, sizeof(s) - 1

/* A zip with empty members of these names. */
static struct buf zip_of(const char *const *members) {
    struct buf out = BUF_INIT;
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_t *zip = zip_open_from_source(to, ZIP_TRUNCATE, &e);
    assert_non_null(zip);
    zip_source_keep(to);
    for (; *members != NULL; members++) {
        zip_source_t *s = zip_source_buffer(zip, "<a/>", 4, 0);
        assert_true(zip_file_add(zip, *members, s, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(to), 0);
    char block[4096];
    for (zip_int64_t n; (n = zip_source_read(to, block, sizeof block)) > 0;) {
        buf_add(&out, block, (size_t)n);
    }
    zip_source_close(to);
    zip_source_free(to);
    zip_error_fini(&e);
    return out;
}

static void types_are_told_by_bytes(void **state) {
    (void)state;
    expect_type("a.exe", BYTES("%PDF-1.7\n"), "pdf");
    expect_type("a", BYTES("\x89PNG\r\n\x1a\n...."), "png");
    expect_type("a", BYTES("\xff\xd8\xff\xe0 JFIF"), "jpeg");
    expect_type("表.csv", BYTES("区,数\n江阴,3\n"), "csv");
    expect_type("A.CSV", BYTES("a\n"), "csv");
    expect_type("a.txt", BYTES("\xef\xbb\xbf已完成"), "txt");
    expect_type(NULL, BYTES("BMW is a word, <b> is not at the start"), "txt");
    expect_type("a.html", BYTES("1 < 2"), "txt");
    expect_type("a.txt", BYTES("< 2"), "txt");
}

static void all_else_is_named_and_refused(void **state) {
    (void)state;
    expect_refused("a.pdf", BYTES("<!DOCTYPE html><script>"), "HTML, SVG or XML");
    expect_refused("a.txt", BYTES("\xef\xbb\xbf \r\n\t<svg onload=x>"), "HTML, SVG or XML");
    expect_refused("a.csv", BYTES("<?xml version='1.0'?>"), "HTML, SVG or XML");
    expect_refused("a.png", BYTES("<html>"), "HTML, SVG or XML");
    expect_refused("a.gif", BYTES("GIF89a\x01\0\xff"), "a GIF image");
    expect_refused("a.doc", BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."), "an old Office file");
    expect_refused("a.txt", BYTES("MZ\x90\0\3"), "a Windows program");
    expect_refused("a.txt", BYTES("a\0b"), "binary data");
    expect_refused("a.txt", BYTES("\xce\xde\xce\xfd"), "not UTF-8"); /* GBK */
    expect_refused("a.docx", BYTES("PK\3\4 and no more"), "a damaged zip archive");
    expect_refused("a.txt", "", 0, "empty");
}

static void office_files_are_told_by_their_members(void **state) {
    (void)state;
    static const char *const word[] = {"[Content_Types].xml", "word/document.xml", NULL};
    static const char *const sheet[] = {"[Content_Types].xml", "xl/workbook.xml", NULL};
    static const char *const macro[] = {"[Content_Types].xml", "word/document.xml",
                                        "word/vbaProject.bin", NULL};
    static const char *const other[] = {"a.txt", NULL};
    struct buf b = zip_of(word);
    expect_type("a.zip", b.data, b.len, "docx");
    buf_fini(&b);
    b = zip_of(sheet);
    expect_type("a.docx", b.data, b.len, "xlsx");
    expect_refused("a.xlsx", b.data, b.len / 2, "zip");
    buf_fini(&b);
    b = zip_of(macro);
    expect_refused("a.docx", b.data, b.len, "macros");
    buf_fini(&b);
    b = zip_of(other);
    expect_refused("a.docx", b.data, b.len, "a zip archive");
    buf_fini(&b);
}

static void too_large_is_refused(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct err err;
    struct evidence_file f;
    char *bytes = malloc(EVIDENCE_SIZE_MAX + 1);
    assert_non_null(bytes);
    memset(bytes, 'x', EVIDENCE_SIZE_MAX + 1);
    assert_int_equal(look("a.txt", bytes, EVIDENCE_SIZE_MAX, &a, &f, &err), OK);
    assert_int_equal(look("a.txt", bytes, EVIDENCE_SIZE_MAX + 1, &a, &f, &err), E_LIMIT);
    free(bytes);
    arena_fini(&a);
}

static void names_are_plain(void **state) {
    (void)state;
    static const struct {
        const char *name, *clean;
    } cases[] = {
        {"报告.pdf", "报告.pdf"},
        {"../../etc/passwd", "passwd.pdf"},
        {"../../x", "x.pdf"},
        {"C:\\temp\\a.PDF", "a.PDF"},
        {"..", "file.pdf"},
        {"", "file.pdf"},
        {NULL, "file.pdf"},
        {"a/", "file.pdf"},
        {".hidden.pdf", "hidden.pdf"},
        {". . .x.pdf", "x.pdf"},
        {"a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"},
        {"a\x7f\xc2\x85.pdf", "a.pdf"},
        {"exe\xe2\x80\xae"
         "fdp.pdf",
         "exefdp.pdf"}, /* turned around for the eye */
        {"bad\xff\xfe.pdf", "bad.pdf"},
        {"virus.exe", "virus.exe.pdf"},
    };
    struct arena a = ARENA_INIT;
    struct err err;
    struct evidence_file f;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(look(cases[i].name, BYTES("%PDF-1.4"), &a, &f, &err), OK);
        assert_string_equal(f.name, cases[i].clean);
    }
    struct buf name = BUF_INIT;
    for (int i = 0; i < 200; i++) {
        buf_adds(&name, "字");
    }
    buf_adds(&name, ".pdf");
    assert_int_equal(look(name.data, BYTES("%PDF-1.4"), &a, &f, &err), OK);
    assert_in_range(strlen(f.name), 190, EVIDENCE_NAME_MAX);
    assert_string_equal(f.name + strlen(f.name) - 7, "字.pdf");
    buf_fini(&name);
    arena_fini(&a);
}

/* ---- keeping ---- */

struct adding {
    struct evidence_file file;
    const char *actor;
    struct arena *arena;
    struct evidence out;
};

static enum code add_job(struct tx *tx, void *data, struct err *err) {
    struct adding *x = data;
    return evidence_add(tx, &x->file, x->actor, x->arena, &x->out, err);
}

static struct evidence add(struct office *o, const char *name, const char *actor) {
    struct adding x = {.actor = actor, .arena = &o->arena};
    assert_int_equal(look(name, BYTES("%PDF-1.4 proof"), &o->arena, &x.file, &o->f.err), OK);
    if (fixture_write(&o->f, add_job, &x) != OK) {
        fail_msg("%s", o->f.err.msg);
    }
    return x.out;
}

static void the_same_bytes_are_kept_once(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    int64_t before = office_lines(&o);
    struct evidence first = add(&o, "a.pdf", "u/7");
    office_expect_line(&o, "file/41047511265df5e9b90e0a1ac183f776c3a642232bb34a17907b5f2cfc9d498e",
                       "evidence.added", "{\"name\":\"a.pdf\",\"type\":\"pdf\",\"size\":14}");
    struct evidence again = add(&o, "b.pdf", "u/8");
    assert_int_equal(office_lines(&o), before + 1);
    assert_string_equal(again.name, "a.pdf");
    assert_string_equal(again.actor, "u/7");
    assert_int_equal(again.line, first.line);
    office_fini(&o);
}

static void it_gives_back_the_bytes(void **state) {
    (void)state;
    struct office o;
    struct evidence e;
    const void *bytes = NULL;
    office_init(&o);
    struct evidence kept = add(&o, "a.pdf", "u/7");
    struct tx *tx = fixture_read(&o.f);
    assert_int_equal(evidence_load(tx, kept.sha256, &o.arena, &e, &bytes, &o.f.err), OK);
    assert_int_equal(e.size, 14);
    assert_memory_equal(bytes, "%PDF-1.4 proof", 14);
    assert_string_equal(evidence_type_mime(e.type), "application/pdf");
    kept.sha256[0] ^= 1;
    assert_int_equal(evidence_find(tx, kept.sha256, &o.arena, &e, &o.f.err), E_ABSENT);
    store_read_end(tx);
    office_fini(&o);
}

static void a_report_names_its_files(void **state) {
    (void)state;
    struct office o;
    struct progress_report *all = NULL;
    size_t count = 0;
    office_init(&o);
    struct evidence kept = add(&o, "a.pdf", "u/7");
    struct item item = office_item(&o, KEPT_TASK, "公园");
    office_report(&o, &item, "1", "%", "2021-01-31", 0);
    struct progress_request r = office_request(&o, &item, "10", "%", "2021-02-01");
    unsigned char files[2][SHA256_BYTES];
    memcpy(files[0], kept.sha256, SHA256_BYTES);
    memcpy(files[1], kept.sha256, SHA256_BYTES);
    r.files = (const unsigned char(*)[SHA256_BYTES])files;
    r.file_count = 2;
    assert_int_equal(office_try_report(&o, &r), E_INPUT);
    assert_says(&o.f, "named twice");
    r.file_count = 1;
    assert_int_equal(office_try_report(&o, &r), OK);
    office_report(&o, &item, "20", "%", "2021-02-02", 0);
    struct tx *tx = fixture_read(&o.f);
    assert_int_equal(progress_list(tx, &item, INT64_MAX, &o.arena, &all, &count, &o.f.err), OK);
    store_read_end(tx);
    assert_int_equal(count, 3);
    assert_int_equal(all[0].file_count, 0);
    assert_int_equal(all[1].file_count, 1);
    assert_memory_equal(all[1].files[0], kept.sha256, SHA256_BYTES);
    assert_int_equal(all[2].file_count, 0);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_told_by_bytes),
        cmocka_unit_test(all_else_is_named_and_refused),
        cmocka_unit_test(office_files_are_told_by_their_members),
        cmocka_unit_test(too_large_is_refused),
        cmocka_unit_test(names_are_plain),
        cmocka_unit_test(the_same_bytes_are_kept_once),
        cmocka_unit_test(it_gives_back_the_bytes),
        cmocka_unit_test(a_report_names_its_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
