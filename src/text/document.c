/* document: see document.h. Looks at the first bytes, hands over to the reader of the format, and
 * moves what came of it into the caller's arena. */
#include "text/document.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "text/docx.h"
#include "text/encoding.h"
#include "text/html.h"
#include "text/pdf.h"

/* Readers of PDF look for its header in the first 1,024 bytes (ISO 32000-1, annex H.3.4.1); a page
 * may have comments before its first tag. */
enum { SNIFF_WITHIN = 1024 };

/* What is known and not read, by its first bytes. */
static const struct {
    const char *magic;
    size_t n;
    const char *what;
} strangers[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8,
     "an old Word file (.doc) or a docx with a password; save it as docx without one"},
    {"{\\rtf", 5, "an RTF file; save it as docx"},
    {"\x89PNG", 4, "a picture (PNG)"},
    {"\xFF\xD8\xFF", 3, "a picture (JPEG)"},
    {"GIF8", 4, "a picture (GIF)"},
    {"II*\0", 4, "a picture (TIFF)"},
    {"MM\0*", 4, "a picture (TIFF)"},
    {"Rar!", 4, "an archive (RAR)"},
    {"7z\xBC\xAF\x27\x1C", 6, "an archive (7z)"},
    {"\x1F\x8B", 2, "an archive (gzip)"},
    {"%!PS", 4, "a PostScript file"},
    {"\x7F"
     "ELF",
     4, "a program"},
    {"MZ\x90", 3, "a program"},
};

static const struct {
    const char *ending;
    enum document_format format;
} endings[] = {
    {".txt", DOCUMENT_TEXT},  {".md", DOCUMENT_TEXT},    {".html", DOCUMENT_HTML},
    {".htm", DOCUMENT_HTML},  {".shtml", DOCUMENT_HTML}, {".xhtml", DOCUMENT_HTML},
    {".docx", DOCUMENT_DOCX}, {".pdf", DOCUMENT_PDF},
};

/* "text", "html", "docx", "pdf". */
static const char *format_name(enum document_format f) {
    static const char *const names[] = {"text", "html", "docx", "pdf"};
    return names[f];
}

static bool begins(const char *bytes, size_t n, const char *magic, size_t len) {
    return n >= len && memcmp(bytes, magic, len) == 0;
}

static enum document_format format_of_name(const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t len = strlen(endings[i].ending);
        if (n >= len && strcasecmp(name + n - len, endings[i].ending) == 0) {
            return endings[i].format;
        }
    }
    return DOCUMENT_TEXT;
}

/* Copies what is ASCII at the start of the file, in lower case, so that a page in UTF-16 is looked
 * at like any other. Returns the bytes copied. */
static size_t ascii_head(const char *bytes, size_t n, char to[SNIFF_WITHIN + 1]) {
    size_t len = 0;
    for (size_t i = 0; i < n && len < SNIFF_WITHIN; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c > 0 && c < 0x80) {
            to[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
    }
    to[len] = '\0';
    return len;
}

/* Steps over blanks, comments and <?xml …?>. */
static const char *skip_prologue(const char *s) {
    for (;;) {
        s += strspn(s, " \t\r\n\f");
        const char *close = NULL;
        if (strncmp(s, "<!--", 4) == 0) {
            close = strstr(s, "-->");
            close = close == NULL ? NULL : close + 3;
        } else if (strncmp(s, "<?", 2) == 0) {
            close = strstr(s, "?>");
            close = close == NULL ? NULL : close + 2;
        }
        if (close == NULL) {
            return s;
        }
        s = close;
    }
}

static bool looks_html(const char *bytes, size_t n) {
    static const char *const tags[] = {"<!doctype html", "<html", "<head", "<body", "<meta "};
    char head[SNIFF_WITHIN + 1];
    ascii_head(bytes, n, head);
    const char *s = skip_prologue(head);
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (strncmp(s, tags[i], strlen(tags[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool looks_pdf(const char *bytes, size_t n, enum document_format named) {
    size_t within = n < SNIFF_WITHIN ? n : SNIFF_WITHIN;
    return begins(bytes, n, "%PDF-", 5) ||
           (named == DOCUMENT_PDF && memmem(bytes, within, "%PDF-", 5) != NULL);
}

static enum code refuse_stranger(const char *bytes, size_t n, struct err *err) {
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        if (begins(bytes, n, strangers[i].magic, strangers[i].n)) {
            return err_set(err, E_INPUT, "not a document that is read but %s", strangers[i].what);
        }
    }
    return OK;
}

static enum code sniff(const char *name, const char *bytes, size_t n, enum document_format *out,
                       struct err *err) {
    enum document_format named = format_of_name(name);
    enum document_format found = named;
    if (n == 0) {
        return err_set(err, E_INPUT, "empty: 0 bytes");
    }
    if (begins(bytes, n, "PK\x03\x04", 4) || begins(bytes, n, "PK\x05\x06", 4)) {
        found = DOCUMENT_DOCX;
    } else if (looks_pdf(bytes, n, named)) {
        found = DOCUMENT_PDF;
    } else if (refuse_stranger(bytes, n, err) != OK) {
        return E_INPUT;
    } else if (looks_html(bytes, n)) {
        found = DOCUMENT_HTML;
    } else if (named == DOCUMENT_DOCX || named == DOCUMENT_PDF) {
        return err_set(err, E_INPUT, "damaged: named %s, but its first bytes are no %s's",
                       format_name(named), format_name(named));
    }
    *out = found;
    return OK;
}

static enum code read_as(enum document_format format, const char *bytes, size_t n, struct buf *text,
                         struct buf *title, struct err *err) {
    switch (format) {
    case DOCUMENT_TEXT:
        return encoding_parse_text(bytes, n, DOCUMENT_TEXT_MAX, text, err);
    case DOCUMENT_HTML:
        return html_parse(bytes, n, DOCUMENT_TEXT_MAX, text, title, err);
    case DOCUMENT_DOCX:
        return docx_parse(bytes, n, DOCUMENT_TEXT_MAX, text, title, err);
    case DOCUMENT_PDF:
        return pdf_parse(bytes, n, DOCUMENT_TEXT_MAX, text, err);
    }
    abort(); /* no other format is ever found */
}

enum code document_parse(const char *name, const char *bytes, size_t n, struct arena *a,
                         struct document *out, struct err *err) {
    struct buf text = BUF_INIT;
    struct buf title = BUF_INIT;
    enum document_format format = DOCUMENT_TEXT;
    enum code code = sniff(name, bytes, n, &format, err);
    if (code == OK) {
        code = read_as(format, bytes, n, &text, &title, err);
    }
    if (code == OK) {
        assert(text.len > 0 && text.len <= DOCUMENT_TEXT_MAX);
        assert(utf8_check(text.data, text.len) == text.len);
        *out = (struct document){
            .format = format,
            .name = arena_dup(a, name, strlen(name)),
            .title = title.len > 0 ? arena_dup(a, title.data, title.len) : NULL,
            .text = arena_dup(a, text.data, text.len),
            .len = text.len,
        };
    }
    buf_fini(&text);
    buf_fini(&title);
    return code;
}

enum code document_load(const char *path, struct arena *a, struct document *out, struct err *err) {
    struct buf bytes = BUF_INIT;
    enum code code = file_load(path, DOCUMENT_FILE_MAX, &bytes, err);
    if (code == OK) {
        code = document_parse(path, bytes.data, bytes.len, a, out, err);
    }
    buf_fini(&bytes);
    return code;
}
