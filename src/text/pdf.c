/* pdf: see pdf.h. pdftotext's exit statuses (its manual page): 0 all well, 1 cannot open the PDF,
 * 2 cannot open the output, 3 its permissions forbid, 99 other. What went wrong stands on its
 * stderr in words, which are few and old; those that matter are looked for. */
#include "text/pdf.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "text/child.h"
#include "text/pdf_int.h"
#include "text/reflow.h"

/* The end of a PDF is looked for this near the end of the file: Adobe's readers take 1,024 bytes,
 * mail gateways and signatures add more. */
enum { TRAILER_WITHIN = 4096 };

/* A report of 40 pages takes 0.3 s and 60 MB; a plan of 300 pages with maps some 5 s. */
static const struct child_limits usual_limits = {
    .wall_ms = 60 * 1000,
    .cpu_s = 60,
    .memory = 1024u * 1024 * 1024,
    .output_max = 16 * 1024 * 1024,
};

static const char *const usual_programs[] = {"/usr/bin/pdftotext", "/usr/local/bin/pdftotext",
                                             "/bin/pdftotext", NULL};

static const char *find_program(const char *const programs[]) {
    for (; *programs != NULL; programs++) {
        if (access(*programs, X_OK) == 0) {
            return *programs;
        }
    }
    return NULL;
}

/* A file cut short is often repaired by the reader, with pages missing and no word of it. */
static bool has_trailer(const char *bytes, size_t n) {
    size_t within = n < TRAILER_WITHIN ? n : TRAILER_WITHIN;
    return memmem(bytes + n - within, within, "%%EOF", 5) != NULL;
}

static bool says(const struct buf *words, const char *what) {
    return words->data != NULL && strstr(words->data, what) != NULL;
}

/* What a failed run means. */
static enum code refuse(const struct child_end *end, const struct buf *words,
                        const struct child_limits *limits, struct err *err) {
    if (says(words, "Incorrect password")) {
        return err_set(err, E_INPUT, "encrypted pdf: it needs a password");
    }
    if (end->signal != 0) {
        return err_set(err, E_LIMIT,
                       "cannot read pdf: pdftotext was ended by signal %d, within %d s and %zu MB",
                       end->signal, limits->cpu_s, limits->memory / (1024 * 1024));
    }
    if (end->status == 3) {
        return err_set(err, E_INPUT, "pdf forbids that its text is copied");
    }
    if (says(words, "xref") || says(words, "trailer") || says(words, "not be a PDF")) {
        return err_set(err, E_INPUT, "damaged pdf: its cross-reference table cannot be read");
    }
    size_t n = words->data == NULL ? 0 : strcspn(words->data, "\n");
    if (n == 0 || utf8_check(words->data, n) != n) {
        return err_set(err, E_INPUT, "cannot read pdf: pdftotext ended with status %d",
                       end->status);
    }
    return err_set(err, E_INPUT, "cannot read pdf: %.*s", (int)n, words->data);
}

/* Old Chinese PDFs name character maps that they do not carry; without them the text is lost and
 * the status is 0 all the same. */
static bool lacks_maps(const struct buf *words) {
    return says(words, "Missing language pack") || says(words, "CMap file for");
}

static bool is_blank_text(const struct buf *b) {
    return b->data == NULL || strspn(b->data, " \t\r\n\f") == b->len;
}

static size_t count_pages(const struct buf *b) {
    size_t pages = 0;
    for (size_t i = 0; i < b->len; i++) {
        pages += b->data[i] == '\f';
    }
    return pages;
}

static enum code judge_text(const struct buf *out, const struct buf *words, struct err *err) {
    if (lacks_maps(words)) {
        return err_set(err, E_IO,
                       "cannot read pdf: it needs character maps that are not installed; install "
                       "the package poppler-data");
    }
    if (is_blank_text(out)) {
        return err_set(err, E_INPUT, "pdf has no text layer: %zu scanned pages", count_pages(out));
    }
    size_t bad = utf8_check(out->data, out->len);
    if (bad < out->len || memchr(out->data, 0, out->len) != NULL) {
        return err_set(err, E_INPUT, "cannot read pdf: pdftotext gave bytes that are no text");
    }
    return OK;
}

static enum code extract(const char *program, const struct child_limits *limits, const char *bytes,
                         size_t n, struct buf *out, struct err *err) {
    const char *const argv[] = {program, "-layout", "-enc", "UTF-8", "-eol",
                                "unix",  "-",       "-",    NULL};
    struct buf words = BUF_INIT;
    struct child_end end;
    enum code code = child_run(argv, limits, bytes, n, out, &words, &end, err);
    if (code != OK) {
        err_prefix(err, "cannot read pdf");
    } else if (end.status != 0) {
        code = refuse(&end, &words, limits, err);
    } else {
        code = judge_text(out, &words, err);
    }
    buf_fini(&words);
    return code;
}

enum code pdf_parse_by(const char *const programs[], const struct child_limits *limits,
                       const char *bytes, size_t n, size_t max, struct buf *text, struct err *err) {
    if (!has_trailer(bytes, n)) {
        return err_set(err, E_INPUT, "truncated pdf: no %%%%EOF at the end of its %zu bytes", n);
    }
    const char *program = find_program(programs);
    if (program == NULL) {
        return err_set(err, E_IO,
                       "cannot read pdf: pdftotext is not installed; install the package "
                       "poppler-utils");
    }
    struct buf out = BUF_INIT;
    size_t before = text->len;
    enum code code = extract(program, limits, bytes, n, &out, err);
    if (code == OK) {
        code = reflow_text(out.data, out.len, text, err);
    }
    if (code == OK && text->len - before > max) {
        code = err_set(err, E_LIMIT, "pdf with more than %zu bytes of text", max);
    }
    if (code == OK && text->len == before) {
        code =
            err_set(err, E_INPUT, "pdf has no text but page numbers: %zu pages", count_pages(&out));
    }
    buf_fini(&out);
    return code;
}

enum code pdf_parse(const char *bytes, size_t n, size_t max, struct buf *text, struct err *err) {
    return pdf_parse_by(usual_programs, &usual_limits, bytes, n, max, text, err);
}
