/* blob: bytes that never change again and that many answers share: the board of a plan is written
 * once and sent to all who look at it. Freed with the last holder; any thread may hold or drop. */
#ifndef TAIHU_HTTP_BLOB_H
#define TAIHU_HTTP_BLOB_H

#include <stddef.h>

#include "base/buf.h"

struct blob;

/* Takes what `b` holds and leaves it empty. The caller is the first holder. */
struct blob *blob_take(struct buf *b);

struct blob *blob_hold(struct blob *b); /* one holder more; returns `b` */
void blob_drop(struct blob *b);         /* takes NULL */

const char *blob_data(const struct blob *b);
size_t blob_len(const struct blob *b);

#endif
