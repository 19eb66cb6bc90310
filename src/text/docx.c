/* docx: see docx.h. Opens the zip from memory and feeds its members to the parsers piece by piece,
 * counting what they unfold to; no member is ever whole in memory. */
#include "text/docx.h"

#include <string.h>
#include <zip.h>

#include "text/docx_int.h"
#include "text/lines.h"
#include "text/xml.h"

/* A member of 8 MB of text has at most some 60 MB of markup. Deflate reaches 1,032:1; text with
 * Word's markup packs 8 to 40:1, so that 200:1 over more than a megabyte is made to hurt. */
enum { MEMBER_MAX = 64 * 1024 * 1024, RATIO_MAX = 200, RATIO_FROM = 1024 * 1024, TITLE_MAX = 1024 };

/* A document with a thousand pictures has a thousand members; libzip keeps 300 bytes of each. */
enum { MEMBERS_MAX = 20 * 1000 };

/* One member being unfolded. */
struct member {
    const char *name;
    zip_file_t *file;
    zip_uint64_t packed;
    size_t unfolded;
};

/* What else comes in a zip, known by a member it has. */
static const struct {
    const char *member;
    const char *what;
} strangers[] = {
    {"xl/workbook.xml", "a spreadsheet (xlsx)"},
    {"ppt/presentation.xml", "a presentation (pptx)"},
    {"OFD.xml", "an OFD file"},
    {"content.xml", "an OpenDocument file"},
    {"META-INF/container.xml", "an EPUB book"},
};

static enum code refuse_zip(int zip_code, size_t n, struct err *err) {
    if (zip_code == ZIP_ER_NOZIP || zip_code == ZIP_ER_INCONS) {
        return err_set(err, E_INPUT,
                       "truncated or damaged docx: no zip directory at the end of its %zu bytes",
                       n);
    }
    zip_error_t e;
    zip_error_init_with_code(&e, zip_code);
    enum code code = err_set(err, E_INPUT, "cannot open docx as a zip: %s", zip_error_strerror(&e));
    zip_error_fini(&e);
    return code;
}

/* Whether the zip's directory could have more than MEMBERS_MAX entries, by their signature; what
 * the directory says of its own length is not to be trusted. */
static bool has_many_members(const char *bytes, size_t n) {
    const char *end = bytes + n;
    for (int count = 0; count <= MEMBERS_MAX; count++) {
        bytes = memmem(bytes, (size_t)(end - bytes), "PK\x01\x02", 4);
        if (bytes == NULL) {
            return false;
        }
        bytes += 4;
    }
    return true;
}

static enum code open_zip(const char *bytes, size_t n, zip_t **out, struct err *err) {
    zip_error_t e;
    zip_error_init(&e);
    enum code code = OK;
    zip_source_t *src = zip_source_buffer_create(bytes, n, 0, &e);
    *out = src == NULL ? NULL : zip_open_from_source(src, ZIP_RDONLY, &e);
    if (*out == NULL) {
        code = refuse_zip(zip_error_code_zip(&e), n, err);
        zip_source_free(src);
    }
    zip_error_fini(&e);
    return code;
}

/* Says what a zip without a Word document is. */
static enum code refuse_stranger(zip_t *zip, struct err *err) {
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        if (zip_name_locate(zip, strangers[i].member, 0) >= 0) {
            return err_set(err, E_INPUT, "not a docx but %s", strangers[i].what);
        }
    }
    return err_set(err, E_INPUT, "a zip but not a docx: it has no word/document.xml");
}

/* An xml_source: what is counted is what came out, whatever the zip says of itself. */
static enum code member_read(void *from, char *to, size_t n, size_t *got, struct err *err) {
    struct member *m = from;
    zip_int64_t done = zip_fread(m->file, to, n);
    if (done < 0) {
        return err_set(err, E_INPUT, "damaged zip behind byte %zu: %s", m->unfolded,
                       zip_error_strerror(zip_file_get_error(m->file)));
    }
    *got = (size_t)done;
    m->unfolded += *got;
    if (m->unfolded > MEMBER_MAX) {
        return err_set(err, E_LIMIT, "unfolds to more than %d bytes", MEMBER_MAX);
    }
    if (m->unfolded > RATIO_FROM && m->unfolded / RATIO_MAX > m->packed) {
        return err_set(err, E_LIMIT, "%llu bytes unfold to more than %d times as many",
                       (unsigned long long)m->packed, RATIO_MAX);
    }
    return OK;
}

static enum code open_member(zip_t *zip, const char *name, struct member *m, struct err *err) {
    zip_stat_t st;
    zip_stat_init(&st);
    if (zip_stat(zip, name, 0, &st) != 0 || (st.valid & ZIP_STAT_COMP_SIZE) == 0) {
        return err_set(err, E_INPUT, "damaged zip: %s", zip_strerror(zip));
    }
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && st.encryption_method != ZIP_EM_NONE) {
        return err_set(err, E_INPUT, "encrypted: it needs a password");
    }
    *m = (struct member){name, zip_fopen(zip, name, 0), st.comp_size, 0};
    if (m->file == NULL) {
        return err_set(err, E_INPUT, "damaged zip: %s", zip_strerror(zip));
    }
    return OK;
}

/* Parses the member `name` with `parse`; a member that is not there is OK. */
static enum code parse_member(zip_t *zip, const char *name,
                              enum code (*parse)(void *ctx, const struct xml_source *src,
                                                 struct err *err),
                              void *ctx, struct err *err) {
    if (zip_name_locate(zip, name, 0) < 0) {
        return OK;
    }
    struct member m = {0};
    enum code code = open_member(zip, name, &m, err);
    if (code == OK) {
        struct xml_source src = {&m, member_read};
        code = parse(ctx, &src, err);
        zip_fclose(m.file);
    }
    if (code != OK) {
        err_prefix(err, name);
    }
    return code;
}

/* --- the members --- */

struct job {
    struct docx_numbers *numbers;
    struct buf *text;
    size_t max;
    struct lines title;
    bool in_title;
};

static enum code parse_styles(void *ctx, const struct xml_source *src, struct err *err) {
    struct job *job = ctx;
    return docx_styles_parse(job->numbers, src, err);
}

static enum code parse_numbers(void *ctx, const struct xml_source *src, struct err *err) {
    struct job *job = ctx;
    return docx_numbers_parse(job->numbers, src, err);
}

static enum code parse_body(void *ctx, const struct xml_source *src, struct err *err) {
    struct job *job = ctx;
    docx_numbers_settle(job->numbers);
    return docx_body_parse(job->numbers, src, job->max, job->text, err);
}

static enum code on_core_start(void *ctx, const struct xml_element *e, struct err *err) {
    (void)err;
    struct job *job = ctx;
    job->in_title = strcmp(e->name, "title") == 0;
    return OK;
}

static enum code on_core_end(void *ctx, const char *name, struct err *err) {
    (void)name, (void)err;
    struct job *job = ctx;
    job->in_title = false;
    return OK;
}

static void on_core_text(void *ctx, const char *s, size_t n) {
    struct job *job = ctx;
    if (job->in_title) {
        lines_text(&job->title, s, n);
    }
}

static enum code parse_core(void *ctx, const struct xml_source *src, struct err *err) {
    static const struct xml_handler handler = {on_core_start, on_core_end, on_core_text, NULL};
    return xml_parse(src, &handler, ctx, err);
}

static enum code parse_members(zip_t *zip, struct job *job, struct err *err) {
    static const struct {
        const char *name;
        enum code (*parse)(void *ctx, const struct xml_source *src, struct err *err);
    } members[] = {
        {"word/styles.xml", parse_styles},
        {"word/numbering.xml", parse_numbers},
        {"docProps/core.xml", parse_core},
        {"word/document.xml", parse_body},
    };
    enum code code = OK;
    for (size_t i = 0; code == OK && i < sizeof members / sizeof members[0]; i++) {
        code = parse_member(zip, members[i].name, members[i].parse, job, err);
    }
    return code;
}

enum code docx_parse(const char *bytes, size_t n, size_t max, struct buf *text, struct buf *title,
                     struct err *err) {
    zip_t *zip = NULL;
    size_t before = text->len;
    struct job job = {.numbers = docx_numbers_new(), .text = text, .max = max};
    lines_init(&job.title, title, TITLE_MAX);
    enum code code = OK;
    if (has_many_members(bytes, n)) {
        code = err_set(err, E_LIMIT, "docx of more than %d members", MEMBERS_MAX);
    }
    if (code == OK) {
        code = open_zip(bytes, n, &zip, err);
    }
    if (code == OK && zip_name_locate(zip, "word/document.xml", 0) < 0) {
        code = refuse_stranger(zip, err);
    }
    if (code == OK) {
        code = parse_members(zip, &job, err);
    }
    if (code == OK && text->len == before) {
        code = err_set(err, E_INPUT, "docx without text");
    }
    if (zip != NULL) {
        zip_discard(zip);
    }
    docx_numbers_free(job.numbers);
    return code;
}
