/* fuzz_evidence: any bytes and any name -> the type of a file and what it is called.
 *
 * Held: what is taken is of the type its bytes say; text has no NUL and begins with no markup; the
 * name is UTF-8 of at most EVIDENCE_NAME_MAX bytes without a path, control characters or a leading
 * dot. The name is what stands before the first line feed. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "track/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const char *name) {
    size_t n = strlen(name);
    assert(n > 0 && n <= EVIDENCE_NAME_MAX && utf8_check(name, n) == n);
    assert(name[0] != '.' && strchr(name, '/') == NULL && strchr(name, '\\') == NULL);
    for (size_t i = 0; i < n; i++) {
        assert((unsigned char)name[i] >= 0x20 && name[i] != 0x7f);
    }
}

static void check_file(const struct evidence_file *f) {
    const char *s = f->bytes;
    check_name(f->name);
    if (f->type == EVIDENCE_CSV || f->type == EVIDENCE_TXT) {
        assert(memchr(s, '\0', f->size) == NULL && utf8_check(s, f->size) == f->size);
        assert(!(f->size > 1 && s[0] == '<' && (s[1] == '!' || s[1] == 'h' || s[1] == 's')));
    }
    assert(f->type != EVIDENCE_PDF || memcmp(s, "%PDF-", 5) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena a = ARENA_INIT;
    struct err err = ERR_INIT;
    struct evidence_file file;
    const uint8_t *end = memchr(data, '\n', size);
    size_t n = end == NULL ? 0 : (size_t)(end - data);
    const uint8_t *bytes = end == NULL ? data : end + 1;
    const char *name = end == NULL ? NULL : arena_dup(&a, (const char *)data, n);
    enum code code = evidence_parse(name, bytes, size - (size_t)(bytes - data), &a, &file, &err);
    assert(code == err.code);
    if (code == OK) {
        check_file(&file);
    }
    arena_fini(&a);
    return 0;
}
