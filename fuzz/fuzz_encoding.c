/* fuzz_encoding: any bytes -> an error in words, or valid UTF-8 with something in it. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/encoding.h"

enum { MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    enum code code = encoding_parse_text((const char *)data, size, MAX, &text, &err);
    if (code == OK) {
        assert(text.len > 0 && text.len <= MAX);
        assert(utf8_check(text.data, text.len) == text.len);
        assert(memchr(text.data, 0, text.len) == NULL);
    } else {
        assert(err.code == code && err.msg[0] != '\0');
    }
    buf_clear(&text);
    code = encoding_decode((const char *)data, size, ENCODING_BIG5, MAX, &text, NULL);
    assert(code != OK || utf8_check(text.data, text.len) == text.len);
    buf_fini(&text);
    return 0;
}
