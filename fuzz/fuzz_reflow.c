/* fuzz_reflow: any valid UTF-8 as what pdftotext wrote -> paragraphs no longer than promised. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/reflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *s = (const char *)data;
    if (utf8_check(s, size) != size || memchr(s, 0, size) != NULL) {
        return 0;
    }
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    assert(reflow_text(s, size, &text, &err) == OK);
    if (text.len > 0) {
        assert(text.len <= size * 2);
        assert(utf8_check(text.data, text.len) == text.len);
        assert(strstr(text.data, "\n\n") == NULL && strchr(text.data, '\f') == NULL);
        assert(text.data[0] != '\n' && text.data[text.len - 1] != '\n');
    }
    buf_fini(&text);
    return 0;
}
