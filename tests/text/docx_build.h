/* docx_build: makes docx files in memory, for tests. */
#ifndef TAIHU_TESTS_TEXT_DOCX_BUILD_H
#define TAIHU_TESTS_TEXT_DOCX_BUILD_H

#include <string.h>

#include <zip.h>

#include "base/buf.h"

#define DOCX_NS "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define DOCX_BODY(xml)                                                                             \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:document " DOCX_NS            \
    "><w:body>" xml "</w:body></w:document>"
#define DOCX_P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"

struct docx_member {
    const char *name;
    const char *bytes;
    size_t n;
};

/* Adds a zip of the members to `to`; members without a name are left out. */
static inline void docx_build(const struct docx_member *members, size_t count, struct buf *to) {
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *src = zip_source_buffer_create(NULL, 0, 0, &e);
    assert_non_null(src);
    zip_source_keep(src);
    zip_t *zip = zip_open_from_source(src, ZIP_TRUNCATE, &e);
    assert_non_null(zip);
    for (size_t i = 0; i < count; i++) {
        if (members[i].name != NULL) {
            zip_source_t *m = zip_source_buffer(zip, members[i].bytes, members[i].n, 0);
            assert_true(zip_file_add(zip, members[i].name, m, ZIP_FL_ENC_UTF_8) >= 0);
        }
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t st;
    assert_int_equal(zip_source_stat(src, &st), 0);
    assert_int_equal(zip_source_open(src), 0);
    char *room = buf_room(to, st.size);
    assert_int_equal(zip_source_read(src, room, st.size), st.size);
    to->len += st.size;
    zip_source_close(src);
    zip_source_free(src);
    zip_error_fini(&e);
}

/* The four members that are read, as strings; NULL leaves one out. */
static inline void docx_build_parts(const char *document, const char *numbering, const char *styles,
                                    const char *core, struct buf *to) {
    const struct docx_member members[] = {
        {"[Content_Types].xml", "<Types/>", 8},
        {document ? "word/document.xml" : NULL, document, document ? strlen(document) : 0},
        {numbering ? "word/numbering.xml" : NULL, numbering, numbering ? strlen(numbering) : 0},
        {styles ? "word/styles.xml" : NULL, styles, styles ? strlen(styles) : 0},
        {core ? "docProps/core.xml" : NULL, core, core ? strlen(core) : 0},
    };
    docx_build(members, sizeof members / sizeof members[0], to);
}

#endif
