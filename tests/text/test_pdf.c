/* test_pdf: real PDFs through pdftotext, and programs that misbehave in its place. The PDFs in
 * tests/data/ were made with a word processor; report.pdf has three small pages with a running
 * head, page numbers, paragraphs over page ends and a table; encrypted.pdf is the same with a
 * password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "text/pdf.h"
#include "text/pdf_int.h"

enum { MAX = 8 * 1024 * 1024 };

static const struct child_limits limits = {
    .wall_ms = 20000, .cpu_s = 20, .memory = 512u * 1024 * 1024, .output_max = 100000};

static const char any_pdf[] = "%PDF-1.4\n%%EOF\n";

static void load(const char *name, struct buf *to) {
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/data/%s", TAIHU_SOURCE_DIR, name);
    assert_int_equal(file_load(path, MAX, to, NULL), OK);
}

static void expect_error(const char *bytes, size_t n, enum code want, const char *words) {
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(pdf_parse(bytes, n, MAX, &text, &err), want);
    assert_string_equal(err.msg, words);
    buf_fini(&text);
}

static void a_report_becomes_paragraphs(void **state) {
    (void)state;
    struct buf file = BUF_INIT, text = BUF_INIT;
    struct err err = ERR_INIT;
    load("report.pdf", &file);
    enum code code = pdf_parse(file.data, file.len, MAX, &text, &err);
    assert_string_equal(err.msg, "");
    assert_int_equal(code, OK);
    assert_string_equal(
        text.data,
        "2021年，全市经济发展主要目标是：生产总值增长7%；新增就业13.5万人；完成技改投资308."
        "7亿元。\n"
        "一、发展产业\n"
        "加快产业发展。全年新增产业投资100亿元，新增人才1万人，完成技改投资20亿元，发展生产，增加就"
        "业，"
        "全市产业增长10%以上。加快全年目标完成。\n"
        "完成目标。全市新增投资5亿元。\n"
        "（一）加快就业\n"
        "全年新增就业2万人，完成就业投资3亿元，主要目标是全市就业增长5%，人才就业增长8%。\n"
        "目标 | 投资 | 完成\n"
        "就业 | 3亿元 | 2万人");
    buf_fini(&file);
    buf_fini(&text);
}

static void the_text_is_bounded(void **state) {
    (void)state;
    struct buf file = BUF_INIT, text = BUF_INIT;
    struct err err = ERR_INIT;
    load("report.pdf", &file);
    assert_int_equal(pdf_parse(file.data, file.len, 100, &text, &err), E_LIMIT);
    assert_string_equal(err.msg, "pdf with more than 100 bytes of text");
    buf_fini(&file);
    buf_fini(&text);
}

static void an_encrypted_pdf_is_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    load("encrypted.pdf", &file);
    expect_error(file.data, file.len, E_INPUT, "encrypted pdf: it needs a password");
    buf_fini(&file);
}

static void a_truncated_pdf_is_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    load("report.pdf", &file);
    expect_error(file.data, 9000, E_INPUT, "truncated pdf: no %%EOF at the end of its 9000 bytes");
    buf_fini(&file);
}

static void a_damaged_pdf_is_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    load("report.pdf", &file);
    memset(file.data + 100, 'x', file.len - 200);
    expect_error(file.data, file.len, E_INPUT,
                 "damaged pdf: its cross-reference table cannot be read");
    buf_fini(&file);
    expect_error(any_pdf, strlen(any_pdf), E_INPUT,
                 "damaged pdf: its cross-reference table cannot be read");
}

/* A PDF of `pages` pages with nothing on them but a black square, as a scanner's are. */
static void build_scanned(int pages, struct buf *to) {
    size_t offsets[16];
    int objects = 0;
    buf_adds(to, "%PDF-1.4\n");
    offsets[++objects] = to->len;
    buf_adds(to, "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
    offsets[++objects] = to->len;
    buf_addf(to, "2 0 obj\n<</Type/Pages/Count %d/Kids[", pages);
    for (int i = 0; i < pages; i++) {
        buf_addf(to, "%d 0 R ", i + 4);
    }
    buf_adds(to, "]>>\nendobj\n");
    offsets[++objects] = to->len;
    buf_adds(to, "3 0 obj\n<</Length 16>>stream\n0 0 500 700 re f\nendstream\nendobj\n");
    for (int i = 0; i < pages; i++) {
        offsets[++objects] = to->len;
        buf_addf(to,
                 "%d 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>\n"
                 "endobj\n",
                 objects);
    }
    size_t table = to->len;
    buf_addf(to, "xref\n0 %d\n0000000000 65535 f \n", objects + 1);
    for (int i = 1; i <= objects; i++) {
        buf_addf(to, "%010zu 00000 n \n", offsets[i]);
    }
    buf_addf(to, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", objects + 1, table);
}

static void a_scanned_pdf_is_refused(void **state) {
    (void)state;
    struct buf file = BUF_INIT;
    build_scanned(3, &file);
    expect_error(file.data, file.len, E_INPUT, "pdf has no text layer: 3 scanned pages");
    buf_fini(&file);
}

static void a_missing_program_is_named(void **state) {
    (void)state;
    static const char *const programs[] = {"/nonexistent/pdftotext", NULL};
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    assert_int_equal(pdf_parse_by(programs, &limits, any_pdf, strlen(any_pdf), MAX, &text, &err),
                     E_IO);
    assert_string_equal(err.msg, "cannot read pdf: pdftotext is not installed; install the "
                                 "package poppler-utils");
    buf_fini(&text);
}

/* --- programs in its place --- */

struct stand_in {
    char dir[64];
    char path[96];
    struct buf text;
    struct err err;
};

/* Runs a shell script in place of pdftotext. */
static enum code run_script(struct stand_in *s, const char *script, const struct child_limits *l) {
    strcpy(s->dir, "/tmp/taihu-test-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    snprintf(s->path, sizeof s->path, "%s/pdftotext", s->dir);
    assert_int_equal(file_save(s->path, script, strlen(script), NULL), OK);
    assert_int_equal(chmod(s->path, 0700), 0);
    const char *const programs[] = {"/nonexistent", s->path, NULL};
    s->text = (struct buf)BUF_INIT;
    s->err = (struct err)ERR_INIT;
    enum code code = pdf_parse_by(programs, l, any_pdf, strlen(any_pdf), MAX, &s->text, &s->err);
    unlink(s->path);
    rmdir(s->dir);
    return code;
}

static void expect_script(const char *script, const struct child_limits *l, enum code want,
                          const char *words) {
    struct stand_in s;
    assert_int_equal(run_script(&s, script, l), want);
    assert_string_equal(want == OK ? s.text.data : s.err.msg, words);
    buf_fini(&s.text);
}

static void the_bytes_come_on_stdin(void **state) {
    (void)state;
    expect_script("#!/bin/sh\nwhile read line; do echo \"$line\"; done\n", &limits, OK,
                  "%PDF-1.4\n%%EOF");
}

static void the_environment_is_empty(void **state) {
    (void)state;
    setenv("TAIHU_SECRET", "x", 1);
    expect_script("#!/bin/sh\necho \"a${TAIHU_SECRET}b${HOME}c\"\n", &limits, OK, "abc");
}

static void no_file_is_written(void **state) {
    (void)state;
    char path[] = "/tmp/taihu-test-file-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct buf script = BUF_INIT;
    buf_addf(&script, "#!/bin/sh\ntrap '' XFSZ\necho x > %s\necho done\n", path);
    struct stand_in s;
    run_script(&s, script.data, &limits);
    struct stat st;
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_size, 0);
    assert_string_equal(s.text.data, "done");
    close(fd);
    unlink(path);
    buf_fini(&script);
    buf_fini(&s.text);
}

static void a_program_that_hangs_is_ended(void **state) {
    (void)state;
    struct child_limits short_time = limits;
    short_time.wall_ms = 50;
    expect_script("#!/bin/sh\nwhile :; do :; done\n", &short_time, E_LIMIT,
                  "cannot read pdf: took longer than 50 ms");
    /* one that closes its pipes and goes on, and one that leaves a process behind */
    expect_script("#!/bin/sh\nexec >&- 2>&-\nwhile :; do :; done\n", &short_time, E_LIMIT,
                  "cannot read pdf: took longer than 50 ms");
    expect_script("#!/bin/sh\n(while :; do :; done) &\n", &short_time, E_LIMIT,
                  "cannot read pdf: took longer than 50 ms");
}

static void the_processor_time_is_bounded(void **state) {
    (void)state;
    struct child_limits short_time = limits;
    short_time.cpu_s = 0;
    expect_script("#!/bin/sh\nwhile :; do :; done\n", &short_time, E_LIMIT,
                  "cannot read pdf: pdftotext was ended by signal 9, within 0 s and 512 MB");
}

static void the_output_is_bounded(void **state) {
    (void)state;
    expect_script("#!/bin/sh\nwhile :; do echo 0123456789012345678901234567890123456789; done\n",
                  &limits, E_LIMIT, "cannot read pdf: gives more than 100000 bytes of text");
}

static void a_flood_of_complaints_does_no_harm(void **state) {
    (void)state;
    expect_script("#!/bin/sh\ni=0\nwhile [ $i -lt 20000 ]; do echo complaint >&2; i=$((i+1)); "
                  "done\necho text\n",
                  &limits, OK, "text");
}

static void statuses_become_messages(void **state) {
    (void)state;
    expect_script("#!/bin/sh\nexit 3\n", &limits, E_INPUT, "pdf forbids that its text is copied");
    expect_script("#!/bin/sh\nexit 99\n", &limits, E_INPUT,
                  "cannot read pdf: pdftotext ended with status 99");
    expect_script("#!/bin/sh\necho 'Some Error: strange' >&2\nexit 1\n", &limits, E_INPUT,
                  "cannot read pdf: Some Error: strange");
    expect_script("#!/bin/sh\nkill -SEGV $$\n", &limits, E_LIMIT,
                  "cannot read pdf: pdftotext was ended by signal 11, within 20 s and 512 MB");
    expect_script("#!/bin/sh\necho \"Syntax Error: Missing language pack for 'Adobe-GB1' mapping\" "
                  ">&2\necho half\n",
                  &limits, E_IO,
                  "cannot read pdf: it needs character maps that are not installed; install the "
                  "package poppler-data");
    expect_script("#!/bin/sh\nprintf '\\377\\376'\n", &limits, E_INPUT,
                  "cannot read pdf: pdftotext gave bytes that are no text");
    expect_script("#!/bin/sh\nprintf '  - 1 -\\n\\f  - 2 -\\n\\f'\n", &limits, E_INPUT,
                  "pdf has no text but page numbers: 2 pages");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_becomes_paragraphs),
        cmocka_unit_test(the_text_is_bounded),
        cmocka_unit_test(an_encrypted_pdf_is_refused),
        cmocka_unit_test(a_truncated_pdf_is_refused),
        cmocka_unit_test(a_damaged_pdf_is_refused),
        cmocka_unit_test(a_scanned_pdf_is_refused),
        cmocka_unit_test(a_missing_program_is_named),
        cmocka_unit_test(the_bytes_come_on_stdin),
        cmocka_unit_test(the_environment_is_empty),
        cmocka_unit_test(no_file_is_written),
        cmocka_unit_test(a_program_that_hangs_is_ended),
        cmocka_unit_test(the_processor_time_is_bounded),
        cmocka_unit_test(the_output_is_bounded),
        cmocka_unit_test(a_flood_of_complaints_does_no_harm),
        cmocka_unit_test(statuses_become_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
