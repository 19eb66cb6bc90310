/* fuzz_docx: any bytes as a Word document. What begins as a zip goes the whole way; all else is
 * taken for the XML within, so that the fuzzer need not learn to pack:
 *
 *   document.xml NUL numbering.xml NUL styles.xml                                             */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/docx.h"
#include "text/docx_int.h"

enum { MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct part {
    const char *bytes;
    size_t n;
};

static enum code part_read(void *from, char *to, size_t n, size_t *got, struct err *err) {
    (void)err;
    struct part *part = from;
    *got = n < part->n ? n : part->n;
    memcpy(to, part->bytes, *got);
    part->bytes += *got;
    part->n -= *got;
    return OK;
}

/* Cuts what stands before the next NUL off `rest`. */
static struct part cut(struct part *rest) {
    const char *nul = rest->n == 0 ? NULL : memchr(rest->bytes, 0, rest->n);
    struct part part = {rest->bytes, nul == NULL ? rest->n : (size_t)(nul - rest->bytes)};
    size_t used = nul == NULL ? part.n : part.n + 1;
    rest->bytes += used;
    rest->n -= used;
    return part;
}

static enum code parse_parts(const char *bytes, size_t n, struct buf *text, struct err *err) {
    struct part rest = {bytes, n};
    struct part document = cut(&rest), numbering = cut(&rest), styles = cut(&rest);
    struct docx_numbers *numbers = docx_numbers_new();
    struct xml_source src = {&numbering, part_read};
    struct err ignored = ERR_INIT;
    (void)docx_numbers_parse(numbers, &src, &ignored);
    src.from = &styles;
    ignored = (struct err)ERR_INIT;
    (void)docx_styles_parse(numbers, &src, &ignored);
    docx_numbers_settle(numbers);
    src.from = &document;
    enum code code = docx_body_parse(numbers, &src, MAX, text, err);
    docx_numbers_free(numbers);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *bytes = (const char *)data;
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    enum code code = size >= 2 && memcmp(bytes, "PK", 2) == 0
                         ? docx_parse(bytes, size, MAX, &text, &title, &err)
                         : parse_parts(bytes, size, &text, &err);
    if (code != OK) {
        assert(err.code == code && err.msg[0] != '\0');
    } else if (text.len > 0) {
        assert(text.len <= MAX);
        assert(utf8_check(text.data, text.len) == text.len);
        assert(memchr(text.data, 0, text.len) == NULL);
        assert(strstr(text.data, "\n\n") == NULL);
    }
    buf_fini(&text);
    buf_fini(&title);
    return 0;
}
