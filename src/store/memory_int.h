/* memory_int: the memories of one store, which its connections share. */
#ifndef TAIHU_STORE_MEMORY_INT_H
#define TAIHU_STORE_MEMORY_INT_H

#include <stddef.h>

#include "store/memory.h"
#include "store/store.h"

struct memory {
    const struct memory_kind *kind;
    void *data;
};

struct memories {
    struct memory all[MEMORY_KINDS];
    size_t count;
};

/* One of each kind that the schemas name. */
void memories_make(struct memories *m, const struct store_config *config);
void memories_free(struct memories *m);

/* In a transaction of its own, before the writer begins. */
enum code memories_recover(struct tx *tx, int64_t now_ms, struct err *err);

/* See memory.h. */
void memory_end_job(struct tx *tx, bool kept);
enum code memory_close(struct tx *tx, struct err *err);
void memory_end(struct tx *tx, bool on_disk);
bool memory_waits(const struct tx *tx);

/* In a transaction of its own: some of what waits becomes rows. Nothing is lost where that fails.
 */
enum code memory_rest(struct tx *tx, int64_t now_ms, struct err *err);
void memory_enter(struct tx *tx);
void memory_leave(struct tx *tx);

#endif
