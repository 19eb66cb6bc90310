/* blob: see blob.h. */
#include "http/blob.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

struct blob {
    atomic_int holders;
    struct buf bytes;
};

struct blob *blob_take(struct buf *b) {
    struct blob *blob = mem_alloc(sizeof *blob);
    atomic_init(&blob->holders, 1);
    blob->bytes = *b;
    *b = (struct buf)BUF_INIT;
    return blob;
}

struct blob *blob_hold(struct blob *b) {
    int was = atomic_fetch_add_explicit(&b->holders, 1, memory_order_relaxed);
    assert(was > 0);
    return b;
}

void blob_drop(struct blob *b) {
    /* What another holder did with the bytes comes before they are freed. */
    if (b != NULL && atomic_fetch_sub_explicit(&b->holders, 1, memory_order_acq_rel) == 1) {
        buf_fini(&b->bytes);
        free(b);
    }
}

const char *blob_data(const struct blob *b) {
    return b->bytes.data == NULL ? "" : b->bytes.data;
}

size_t blob_len(const struct blob *b) {
    return b->bytes.len;
}
