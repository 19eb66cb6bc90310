/* chain: see chain_int.h. */
#include "store/chain_int.h"

#include <string.h>

#include "store/sha256.h"

static const char FORMAT[] = "taihu-journal-1";

static void add_number(struct buf *b, uint64_t v, size_t bytes) {
    while (bytes-- > 0) {
        buf_addc(b, (char)(unsigned char)(v >> (8 * bytes)));
    }
}

static void add_text(struct buf *b, const char *s) {
    size_t n = strlen(s);
    add_number(b, n, 4);
    buf_add(b, s, n);
}

void chain_hash(const struct journal_line *line, struct buf *scratch,
                unsigned char to[JOURNAL_HASH]) {
    buf_clear(scratch);
    buf_add(scratch, FORMAT, sizeof FORMAT - 1);
    add_number(scratch, (uint64_t)line->seq, 8);
    add_number(scratch, (uint64_t)line->time_ms, 8);
    add_text(scratch, line->actor);
    add_text(scratch, line->subject);
    add_text(scratch, line->kind);
    add_text(scratch, line->payload);
    buf_add(scratch, (const char *)line->prev, sizeof line->prev);
    sha256_of(scratch->data, scratch->len, to);
}
