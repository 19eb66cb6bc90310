/* fuzz_html: any bytes as a page -> an error in words, or lines as lines.h promises them. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/html.h"

enum { MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf text = BUF_INIT, title = BUF_INIT;
    struct err err = ERR_INIT;
    enum code code = html_parse((const char *)data, size, MAX, &text, &title, &err);
    if (code == OK) {
        assert(text.len > 0 && text.len <= MAX);
        assert(utf8_check(text.data, text.len) == text.len);
        assert(memchr(text.data, 0, text.len) == NULL);
        assert(strstr(text.data, "\n\n") == NULL && strstr(text.data, "  ") == NULL);
        assert(text.data[0] != '\n' && text.data[0] != ' ');
        assert(text.data[text.len - 1] != '\n' && text.data[text.len - 1] != ' ');
    } else {
        assert(err.code == code && err.msg[0] != '\0');
    }
    buf_fini(&text);
    buf_fini(&title);
    return 0;
}
