/* memory: see memory.h. */
#include "store/memory.h"

#include <assert.h>
#include <string.h>

#include "store/memory_int.h"
#include "store/tx_int.h"

void memories_make(struct memories *m, const struct store_config *config) {
    m->count = 0;
    for (size_t i = 0; i < config->schema_count; i++) {
        const struct memory_kind *kind = config->schemas[i]->memory;
        if (kind != NULL) {
            assert(m->count < MEMORY_KINDS);
            m->all[m->count++] = (struct memory){kind, kind->make()};
        }
    }
}

void memories_free(struct memories *m) {
    for (size_t i = 0; i < m->count; i++) {
        m->all[i].kind->free(m->all[i].data);
    }
    m->count = 0;
}

/* Where the memory of that kind stands in the list; the count where there is none. */
static size_t find(const struct tx *tx, const struct memory_kind *kind) {
    size_t i = 0;
    while (i < tx->memories->count && tx->memories->all[i].kind != kind) {
        i++;
    }
    return i;
}

void *memory_of(struct tx *tx, const struct memory_kind *kind) {
    size_t i = find(tx, kind);
    return i < tx->memories->count ? tx->memories->all[i].data : NULL;
}

struct memory_view *memory_view_of(struct tx *tx, const struct memory_kind *kind) {
    size_t i = find(tx, kind);
    assert(!tx->writes && i < tx->memories->count);
    return &tx->view[i];
}

/* ---- the writer's ---- */

int64_t memory_begin(const struct tx *tx) {
    return sqlite3_total_changes64(tx->db);
}

void memory_changed(struct tx *tx, int64_t begun) {
    tx->flushed += sqlite3_total_changes64(tx->db) - begun;
}

typedef enum code step(struct tx *tx, void *memory, struct err *err);

/* The step of kind number i that each of the four below runs. */
static enum code run_all(struct tx *tx, step *(*of)(const struct memory_kind *), struct err *err) {
    enum code code = OK;
    int64_t begun = memory_begin(tx);
    for (size_t i = 0; i < tx->memories->count && code == OK; i++) {
        const struct memory *m = &tx->memories->all[i];
        step *run = of(m->kind);
        code = run == NULL ? OK : run(tx, m->data, err);
    }
    memory_changed(tx, begun);
    return code;
}

static step *recover_of(const struct memory_kind *kind) {
    return kind->recover;
}

static step *flush_of(const struct memory_kind *kind) {
    return kind->flush;
}

static step *close_of(const struct memory_kind *kind) {
    return kind->close;
}

static step *rest_of(const struct memory_kind *kind) {
    return kind->rest;
}

enum code memory_flush(struct tx *tx, struct err *err) {
    return tx->writes ? run_all(tx, flush_of, err) : OK;
}

enum code memory_close(struct tx *tx, struct err *err) {
    return run_all(tx, close_of, err);
}

/* The step in a transaction of its own. */
static enum code run_alone(struct tx *tx, step *(*of)(const struct memory_kind *), int64_t now_ms,
                           struct err *err) {
    enum code code = tx_begin(tx, TX_BEGIN_WRITE, now_ms, err);
    if (code == OK) {
        code = run_all(tx, of, err);
    }
    if (code == OK) {
        code = memory_close(tx, err);
    }
    if (code == OK) {
        code = tx_step(tx, TX_COMMIT, err);
    }
    memory_end(tx, code == OK);
    tx_rollback(tx);
    return code;
}

enum code memories_recover(struct tx *tx, int64_t now_ms, struct err *err) {
    return tx->memories->count == 0 ? OK : run_alone(tx, recover_of, now_ms, err);
}

enum code memory_rest(struct tx *tx, int64_t now_ms, struct err *err) {
    return run_alone(tx, rest_of, now_ms, err);
}

bool memory_waits(const struct tx *tx) {
    for (size_t i = 0; i < tx->memories->count; i++) {
        const struct memory *m = &tx->memories->all[i];
        if (m->kind->waits != NULL && m->kind->waits(m->data)) {
            return true;
        }
    }
    return false;
}

void memory_end_job(struct tx *tx, bool kept) {
    for (size_t i = 0; i < tx->memories->count; i++) {
        const struct memory *m = &tx->memories->all[i];
        (kept ? m->kind->keep : m->kind->undo)(m->data);
    }
}

void memory_end(struct tx *tx, bool on_disk) {
    for (size_t i = 0; i < tx->memories->count; i++) {
        tx->memories->all[i].kind->end(tx->memories->all[i].data, on_disk);
    }
}

/* ---- snapshots ---- */

void memory_enter(struct tx *tx) {
    memset(tx->view, 0, sizeof tx->view);
    for (size_t i = 0; i < tx->memories->count; i++) {
        const struct memory *m = &tx->memories->all[i];
        if (m->kind->enter != NULL) {
            m->kind->enter(m->data, &tx->view[i]);
        }
    }
}

void memory_leave(struct tx *tx) {
    for (size_t i = 0; i < tx->memories->count; i++) {
        const struct memory *m = &tx->memories->all[i];
        if (m->kind->leave != NULL) {
            m->kind->leave(m->data, &tx->view[i]);
        }
    }
}
