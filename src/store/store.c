/* store: see store.h. Opening and closing, and the readers' connections; what writes is in
 * writer.c. */
#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/memory_int.h"
#include "store/schema_int.h"
#include "store/signer_int.h"
#include "store/store_int.h"
#include "store/tx_int.h"
#include "store/writer_int.h"

/* Connections kept open for the next reader; each holds a few file descriptors and its statements.
 */
enum { IDLE_MAX = 16 };

struct store {
    struct store_config config; /* its path is ours */
    struct buf path;
    int lock_fd;           /* of PATH.lock; -1 when it only reads */
    struct writer *writer; /* NULL when it only reads */
    struct memories memories;

    pthread_mutex_t lock; /* guards all below */
    struct tx *idle;
    size_t idle_count;
    size_t snapshots; /* given out now */
};

/* ---- opening ---- */

void store_prepare(void) {
    int rc = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    assert(rc == SQLITE_OK); /* else SQLite was in use before */
    (void)rc;
}

/* One process writes. SQLite would let several take turns; but the writer is then not the only one
 * to move the -wal file's content into the database, and with several doing so SQLite before 3.51.3
 * could lose a transaction (sqlite.org/wal.html, "the WAL-reset bug"). The kernel lets go of the
 * lock when the process ends, however it ends. */
static enum code take_lock(struct store *s, struct err *err) {
    struct buf name = BUF_INIT;
    enum code code = OK;
    buf_addf(&name, "%s.lock", s->config.path);
    s->lock_fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (s->lock_fd < 0) {
        code = err_set(err, E_IO, "cannot create %s: %s", name.data, strerror(errno));
    } else if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        code =
            errno == EWOULDBLOCK
                ? err_set(err, E_IO, "cannot write %s: another taihu is writing it", s->config.path)
                : err_set(err, E_IO, "cannot lock %s: %s", name.data, strerror(errno));
    }
    buf_fini(&name);
    return code;
}

/* The database holds what not every account of the machine may read, as hashes of passwords: where
 * it is made, it is for its owner alone, and SQLite gives the -wal and -shm files its mode. */
static enum code make_file(const struct store *s, struct err *err) {
    int fd = open(s->config.path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EROFS && errno != EACCES && errno != EISDIR) {
        return err_set(err, E_IO, "cannot create %s: %s", s->config.path, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return OK; /* what is there and cannot be written, SQLite says better */
}

static enum code open_connection(struct store *s, bool write, struct tx **out, bool *fresh,
                                 struct err *err) {
    struct tx_config config = {s->config.path, s->config.vfs, write, &s->memories};
    return tx_open(&config, out, fresh, err);
}

/* The file as the writer needs it: ours, at the newest schema, its proofs in order. */
static enum code prepare(struct store *s, struct tx *tx, bool fresh, struct signer **signer,
                         struct err *err) {
    enum code code = fresh ? schema_begin(tx, err) : OK;
    if (code == OK) {
        code = schema_apply(tx, &s->config, err);
    }
    if (code == OK) {
        code = signer_open(s->config.path, signer, err);
    }
    if (code == OK) {
        code = signer_settle(*signer, tx, s->config.now_ms(s->config.clock), err);
    }
    if (code == OK) {
        code = memories_recover(tx, s->config.now_ms(s->config.clock), err);
    }
    return code;
}

static enum code open_write(struct store *s, struct err *err) {
    assert(s->config.now_ms != NULL);
    struct tx *tx = NULL;
    struct signer *signer = NULL;
    bool fresh = false;
    memories_make(&s->memories, &s->config);
    enum code code = take_lock(s, err);
    if (code == OK) {
        code = make_file(s, err);
    }
    if (code == OK) {
        code = open_connection(s, true, &tx, &fresh, err);
    }
    if (code == OK) {
        code = prepare(s, tx, fresh, &signer, err);
    }
    if (code == OK) {
        code = writer_new(&s->config, tx, signer, &s->writer, err);
    }
    if (code != OK) {
        signer_close(signer);
        tx_close(tx);
    }
    return code;
}

static void put_idle(struct store *s, struct tx *tx) {
    pthread_mutex_lock(&s->lock);
    bool keep = s->idle_count < IDLE_MAX;
    if (keep) {
        tx->next = s->idle;
        s->idle = tx;
        s->idle_count++;
    }
    pthread_mutex_unlock(&s->lock);
    if (!keep) {
        tx_close(tx);
    }
}

static enum code open_read(struct store *s, struct err *err) {
    struct tx *tx = NULL;
    bool fresh;
    enum code code = open_connection(s, false, &tx, &fresh, err);
    if (code == OK) {
        tx->store = s;
        code = schema_check(tx, &s->config, err);
    }
    if (code == OK) {
        put_idle(s, tx);
    } else {
        tx_close(tx);
    }
    return code;
}

enum code store_open(const struct store_config *config, struct store **out, struct err *err) {
    struct store *s = mem_alloc(sizeof *s);
    memset(s, 0, sizeof *s);
    s->config = *config;
    s->lock_fd = -1;
    buf_adds(&s->path, config->path);
    s->config.path = s->path.data;
    pthread_mutex_init(&s->lock, NULL);
    enum code code = config->mode == STORE_WRITE ? open_write(s, err) : open_read(s, err);
    if (code != OK) {
        store_close(s);
        return code;
    }
    *out = s;
    return OK;
}

enum code store_stop(struct store *s, struct err *err) {
    return s->writer == NULL ? OK : writer_stop(s->writer, err);
}

void store_close(struct store *s) {
    if (s == NULL) {
        return;
    }
    assert(s->snapshots == 0);
    (void)store_stop(s, NULL); /* who wants to know how it ended has called it before */
    while (s->idle != NULL) {
        struct tx *tx = s->idle;
        s->idle = tx->next;
        tx_close(tx);
    }
    writer_free(s->writer);
    memories_free(&s->memories);
    if (s->lock_fd >= 0) {
        close(s->lock_fd);
    }
    pthread_mutex_destroy(&s->lock);
    buf_fini(&s->path);
    free(s);
}

const char *store_path(const struct store *s) {
    return s->config.path;
}

/* ---- writing ---- */

enum code store_write(struct store *s, enum store_kind kind, store_job *job, void *data,
                      struct err *err) {
    assert(s->writer != NULL);
    return writer_run(s->writer, kind, job, data, err);
}

enum code store_submit(struct store *s, enum store_kind kind, const struct store_handed *handed,
                       struct err *err) {
    assert(s->writer != NULL);
    return writer_submit(s->writer, kind, handed, err);
}

int64_t store_wait(struct store *s, int64_t after, int timeout_ms) {
    assert(s->writer != NULL);
    return writer_wait(s->writer, after, timeout_ms);
}

int64_t store_length(struct store *s) {
    assert(s->writer != NULL);
    return writer_length(s->writer);
}

void store_stats(struct store *s, struct store_stats *out) {
    assert(s->writer != NULL);
    writer_stats(s->writer, out);
}

/* ---- reading ---- */

static struct tx *take_idle(struct store *s) {
    pthread_mutex_lock(&s->lock);
    struct tx *tx = s->idle;
    if (tx != NULL) {
        s->idle = tx->next;
        s->idle_count--;
    }
    pthread_mutex_unlock(&s->lock);
    return tx;
}

static void count_snapshot(struct store *s, int by) {
    pthread_mutex_lock(&s->lock);
    s->snapshots = (size_t)((int64_t)s->snapshots + by);
    pthread_mutex_unlock(&s->lock);
}

enum code store_read(struct store *s, struct tx **out, struct err *err) {
    bool fresh;
    int64_t now = s->config.now_ms == NULL ? 0 : s->config.now_ms(s->config.clock);
    struct tx *tx = take_idle(s);
    enum code code = tx != NULL ? OK : open_connection(s, false, &tx, &fresh, err);
    if (code == OK) {
        tx->store = s;
        memory_enter(tx); /* before its rows are fixed: it may then be shown more, never less */
        code = tx_begin(tx, TX_BEGIN_READ, now, err);
        if (code != OK) {
            memory_leave(tx);
        }
    }
    if (code != OK) {
        tx_close(tx);
        return code;
    }
    count_snapshot(s, 1);
    *out = tx;
    return OK;
}

void store_read_end(struct tx *tx) {
    if (tx == NULL) {
        return;
    }
    struct store *s = tx->store;
    assert(s != NULL && tx->open_queries == 0);
    tx_rollback(tx);
    memory_leave(tx);
    put_idle(s, tx);
    count_snapshot(s, -1);
}
