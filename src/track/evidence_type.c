/* evidence_type: what a file is, by its bytes, and what it may be called: see evidence.h. */
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "track/evidence_int.h"
#include "track/plain_int.h"

static const struct {
    const char *name;
    const char *mime;
    const char *endings[3]; /* the first is given to a name that has none of them */
} types[EVIDENCE_TYPES] = {
    [EVIDENCE_PDF] = {"pdf", "application/pdf", {".pdf"}},
    [EVIDENCE_PNG] = {"png", "image/png", {".png"}},
    [EVIDENCE_JPEG] = {"jpeg", "image/jpeg", {".jpg", ".jpeg"}},
    [EVIDENCE_DOCX] = {"docx",
                       "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                       {".docx"}},
    [EVIDENCE_XLSX] = {"xlsx",
                       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                       {".xlsx"}},
    [EVIDENCE_CSV] = {"csv", "text/csv; charset=utf-8", {".csv"}},
    [EVIDENCE_TXT] = {"txt", "text/plain; charset=utf-8", {".txt"}},
};

const char *evidence_type_name(enum evidence_type type) {
    return types[type].name;
}

const char *evidence_type_mime(enum evidence_type type) {
    return types[type].mime;
}

/* ---- by magic bytes ---- */

/* What begins so and is of no use here is named in the refusal. */
static const struct magic {
    const char *bytes;
    size_t len;
    int type;          /* or -1 */
    const char *looks; /* for -1 */
} magics[] = {
    {"%PDF-", 5, EVIDENCE_PDF, NULL},
    {"\x89PNG\r\n\x1a\n", 8, EVIDENCE_PNG, NULL},
    {"\xff\xd8\xff", 3, EVIDENCE_JPEG, NULL},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, -1, "an old Office file (.doc, .xls)"},
    {"GIF8", 4, -1, "a GIF image"},
    {"RIFF", 4, -1, "a WebP, AVI or WAV file"},
    {"BM", 2, -1, "a BMP image"},
    {"MZ", 2, -1, "a Windows program"},
    {"\x7f"
     "ELF",
     4, -1, "a Linux program"},
    {"Rar!", 4, -1, "a RAR archive"},
    {"7z\xbc\xaf\x27\x1c", 6, -1, "a 7z archive"},
    {"\x1f\x8b", 2, -1, "a gzip archive"},
};

static const struct magic *magic_of(const char *bytes, size_t n) {
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (n >= magics[i].len && memcmp(bytes, magics[i].bytes, magics[i].len) == 0) {
            return &magics[i];
        }
    }
    return NULL;
}

static enum code refuse(const char *looks, struct err *err) {
    return err_set(err, E_INPUT,
                   "cannot take this file: it looks like %s; pdf, png, jpeg, docx, xlsx, csv and "
                   "txt are taken",
                   looks);
}

/* ---- zip ---- */

static bool has_member(zip_t *zip, const char *name) {
    return zip_name_locate(zip, name, ZIP_FL_NOCASE) >= 0;
}

static enum code office_type(zip_t *zip, enum evidence_type *out, struct err *err) {
    bool word = has_member(zip, "word/document.xml");
    bool sheet = has_member(zip, "xl/workbook.xml");
    if (has_member(zip, "word/vbaProject.bin") || has_member(zip, "xl/vbaProject.bin")) {
        return refuse("an Office file with macros", err);
    }
    if (!has_member(zip, "[Content_Types].xml") || word == sheet) {
        return refuse("a zip archive", err);
    }
    *out = word ? EVIDENCE_DOCX : EVIDENCE_XLSX;
    return OK;
}

/* Only the list of members is read: nothing is unpacked. */
static enum code zip_type(const void *bytes, size_t n, enum evidence_type *out, struct err *err) {
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &e);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &e);
    zip_error_fini(&e);
    if (zip == NULL) {
        zip_source_free(source);
        return refuse("a damaged zip archive", err);
    }
    enum code code = office_type(zip, out, err);
    zip_discard(zip);
    return code;
}

/* ---- text ---- */

/* Where text begins: behind a byte order mark and blanks. */
static size_t text_start(const char *s, size_t n) {
    size_t at = n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < n && (s[at] == ' ' || (s[at] >= '\t' && s[at] <= '\r'))) {
        at++;
    }
    return at;
}

/* "<" and a letter, "!", "?" or "/": HTML, SVG or another XML. */
static bool is_markup(const char *s, size_t n) {
    size_t at = text_start(s, n);
    if (at + 1 >= n || s[at] != '<') {
        return false;
    }
    char c = s[at + 1];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '!' || c == '?' || c == '/';
}

static bool ends_with(const char *name, const char *ending) {
    size_t n = strlen(name);
    size_t m = strlen(ending);
    return n >= m && strcasecmp(name + n - m, ending) == 0;
}

static enum code text_type(const char *name, const char *bytes, size_t n, enum evidence_type *out,
                           struct err *err) {
    if (memchr(bytes, '\0', n) != NULL) {
        return refuse("binary data", err);
    }
    if (utf8_check(bytes, n) != n) {
        return refuse("binary data, or text that is not UTF-8", err);
    }
    if (is_markup(bytes, n)) {
        return refuse("HTML, SVG or XML", err);
    }
    *out = name != NULL && ends_with(name, ".csv") ? EVIDENCE_CSV : EVIDENCE_TXT;
    return OK;
}

enum code evidence_type_of(const char *name, const void *bytes, size_t n, enum evidence_type *out,
                           struct err *err) {
    const struct magic *magic = magic_of(bytes, n);
    if (magic != NULL && magic->type >= 0) {
        *out = (enum evidence_type)magic->type;
        return OK;
    }
    if (n >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0) {
        return zip_type(bytes, n, out, err);
    }
    /* "BM" and "MZ" begin words too: text is text */
    enum code code = text_type(name, bytes, n, out, magic == NULL ? err : NULL);
    return code != OK && magic != NULL ? refuse(magic->looks, err) : code;
}

/* ---- the name ---- */

static const char *last_component(const char *name) {
    for (const char *p = name; *p != '\0'; p++) {
        if (*p == '/' || *p == '\\') {
            name = p + 1;
        }
    }
    return name;
}

/* Adds what may stand in a name; bytes that are no UTF-8 are left out. */
static void add_plain(struct buf *to, const char *s, size_t max) {
    size_t left = strlen(s);
    while (left > 0) {
        uint32_t c = 0;
        size_t n = utf8_decode(s, left, &c);
        bool dot = to->len == 0 && (c == '.' || c == ' ');
        if (n > 0 && !dot && !plain_is_control(c)) {
            if (to->len + n > max) {
                return;
            }
            buf_add(to, s, n);
        }
        s += n == 0 ? 1 : n;
        left -= n == 0 ? 1 : n;
    }
}

static bool has_ending(const char *name, enum evidence_type type) {
    for (size_t i = 0; i < 3 && types[type].endings[i] != NULL; i++) {
        if (ends_with(name, types[type].endings[i])) {
            return true;
        }
    }
    return false;
}

const char *evidence_clean_name(const char *name, enum evidence_type type, struct arena *a) {
    enum { ENDING_MAX = 5 };
    struct buf b = BUF_INIT;
    add_plain(&b, name == NULL ? "" : last_component(name), EVIDENCE_NAME_MAX - ENDING_MAX);
    if (b.len == 0) {
        buf_adds(&b, "file");
    }
    if (!has_ending(b.data, type)) { /* it has none, or was cut */
        buf_adds(&b, types[type].endings[0]);
    }
    const char *clean = arena_dup(a, b.data, b.len);
    buf_fini(&b);
    return clean;
}
