/* chain_int: the hash of a journal line, as journal.h draws it. */
#ifndef TAIHU_STORE_CHAIN_INT_H
#define TAIHU_STORE_CHAIN_INT_H

#include "base/buf.h"
#include "store/journal.h"

/* Over all of `line` but its hash. `scratch` is overwritten: kept between calls, it spares memory.
 */
void chain_hash(const struct journal_line *line, struct buf *scratch,
                unsigned char to[JOURNAL_HASH]);

#endif
