/* memory: see memory.h. */
#include "store/memory.h"

#include <assert.h>

#include "store/memory_int.h"

void *memory_of(struct tx *tx, const struct memory_kind *kind) {
    if (!tx->writes) {
        return NULL;
    }
    for (size_t i = 0; i < tx->memory_count; i++) {
        if (tx->memory[i].kind == kind) {
            return tx->memory[i].data;
        }
    }
    assert(tx->memory_count < MEMORY_KINDS);
    tx->memory[tx->memory_count] = (struct memory){kind, kind->make()};
    return tx->memory[tx->memory_count++].data;
}

enum code memory_flush(struct tx *tx, struct err *err) {
    enum code code = OK;
    int64_t before = sqlite3_total_changes64(tx->db);
    for (size_t i = 0; i < tx->memory_count && code == OK; i++) {
        code = tx->memory[i].kind->flush(tx, tx->memory[i].data, err);
    }
    tx->flushed += sqlite3_total_changes64(tx->db) - before;
    return code;
}

void memory_end_job(struct tx *tx, bool kept) {
    for (size_t i = 0; i < tx->memory_count; i++) {
        const struct memory *m = &tx->memory[i];
        (kept ? m->kind->keep : m->kind->undo)(m->data);
    }
}

void memory_end(struct tx *tx, bool on_disk) {
    for (size_t i = 0; i < tx->memory_count; i++) {
        tx->memory[i].kind->end(tx->memory[i].data, on_disk);
    }
}

void memory_free_all(struct tx *tx) {
    for (size_t i = 0; i < tx->memory_count; i++) {
        tx->memory[i].kind->free(tx->memory[i].data);
    }
    tx->memory_count = 0;
}
