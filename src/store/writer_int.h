/* writer_int: the one thread that writes, and the queue in front of it. */
#ifndef TAIHU_STORE_WRITER_INT_H
#define TAIHU_STORE_WRITER_INT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/signer_int.h"
#include "store/store.h"
#include "store/tx_int.h"

struct writer;

/* Starts the thread. Takes `tx` and `signer`, which are freed with it, only on OK. */
enum code writer_new(const struct store_config *config, struct tx *tx, struct signer *signer,
                     struct writer **out, struct err *err);

/* See store_write(). */
enum code writer_run(struct writer *w, enum store_kind kind, store_job *job, void *data,
                     struct err *err);

/* See store_submit(). */
enum code writer_submit(struct writer *w, enum store_kind kind, const struct store_handed *handed,
                        struct err *err);

/* See store_stop(). */
enum code writer_stop(struct writer *w, struct err *err);

/* Takes NULL; the thread has been stopped. */
void writer_free(struct writer *w);

int64_t writer_wait(struct writer *w, int64_t after, int timeout_ms);
int64_t writer_length(struct writer *w);
void writer_stats(struct writer *w, struct store_stats *out);

#endif
