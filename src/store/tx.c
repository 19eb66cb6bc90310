/* tx: see tx.h and tx_int.h. What every connection holds to stands in the two tables of settings
 * below. */
#include "store/tx.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/tx_int.h"

/* "TAHU": in the file's header at byte 68, so that file(1) and we know whose it is. */
#define APPLICATION_ID 0x54414855

/* While another process recovers the file after a crash, nobody gets in; that takes moments. */
enum { BUSY_MS = 5000 };

/* ---- errors ---- */

static const struct failure {
    int primary; /* SQLite's result code without its extension */
    enum code code;
    const char *words; /* NULL: SQLite's own say more */
} failures[] = {
    {SQLITE_FULL, E_IO, "the disk is full"},
    {SQLITE_IOERR, E_IO, "the disk failed"},
    {SQLITE_READONLY, E_IO, "the file or its disk is read-only"},
    {SQLITE_CANTOPEN, E_IO, "it cannot be opened"},
    {SQLITE_PERM, E_IO, "not permitted"},
    {SQLITE_BUSY, E_IO, "another program holds it"},
    {SQLITE_CORRUPT, E_IO, "the database is damaged"},
    {SQLITE_NOTADB, E_INPUT, "it is not a database"},
    {SQLITE_CONSTRAINT, E_INPUT, NULL},
    {SQLITE_MISMATCH, E_INPUT, NULL},
    {SQLITE_TOOBIG, E_LIMIT, "a value is too large"},
};

static bool no_room(int system) {
    return system == ENOSPC || system == EDQUOT || system == EFBIG;
}

static const struct failure *failure_of(int rc, int system) {
    static const struct failure other = {SQLITE_ERROR, E_IO, NULL};
    int primary = rc & 0xff;
    if (primary == SQLITE_IOERR && no_room(system)) {
        primary = SQLITE_FULL; /* SQLite says so of ENOSPC only */
    }
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        if (failures[i].primary == primary) {
            return &failures[i];
        }
    }
    return &other;
}

enum code tx_fail(const struct tx *tx, const char *what, int rc, struct err *err) {
    assert(rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE);
    /* What SQLite remembers itself is lost on the way out of a commit. */
    int system = tx->system != 0 || tx->db == NULL ? tx->system : sqlite3_system_errno(tx->db);
    const struct failure *f = failure_of(rc, system);
    const char *words = tx->db == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(tx->db);
    bool machine = f->primary == SQLITE_IOERR || f->primary == SQLITE_CANTOPEN;
    if (f->words == NULL) {
        return err_set(err, f->code, "%s %s: %s", what, tx->path, words);
    }
    if (machine && system != 0) {
        return err_set(err, f->code, "%s %s: %s: %s", what, tx->path, f->words, strerror(system));
    }
    return err_set(err, f->code, "%s %s: %s", what, tx->path, f->words);
}

/* ---- what a statement may do ---- */

static bool is_ours(const char *table) {
    return strncmp(table, "journal", 7) == 0 || strncmp(table, "store_", 6) == 0 ||
           strncmp(table, "sqlite_", 7) == 0;
}

/* Asked by SQLite for each thing that a statement it prepares would do. Statements of the rooms
 * above read and change rows of their own tables, and nothing else: no line can appear in the
 * journal, and no transaction end, behind the store's back. */
static int authorize(void *data, int action, const char *a, const char *b, const char *database,
                     const char *trigger) {
    const struct tx *tx = data;
    (void)b;
    (void)database;
    (void)trigger;
    if (tx->trusted) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_UPDATE:
        /* R*Trees and JSON tables ask it of themselves when they are first met; from anybody else
         * SQLite refuses it, as writable_schema is off and the connection is defensive. */
        if (a != NULL && strcmp(a, "sqlite_master") == 0) {
            return SQLITE_OK;
        }
        return a != NULL && is_ours(a) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_DELETE:
        return a != NULL && is_ours(a) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA: /* full-text tables ask it of themselves */
        return a != NULL && strcmp(a, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

/* ---- opening ---- */

static const struct {
    int setting;
    int value;
} guards[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},      /* no writing to SQLite's own tables */
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, /* the file's views call no function with effects */
    {SQLITE_DBCONFIG_DQS_DML, 0},        /* "x" is a name, never a text by mistake */
    {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
};

static const struct {
    const char *sql;
    bool write; /* for the writer's connection only */
} pragmas[] = {
    {"PRAGMA journal_mode = WAL", true},
    {"PRAGMA synchronous = FULL", true},            /* with WAL: one fdatasync for each commit */
    {"PRAGMA journal_size_limit = 67108864", true}, /* a -wal that once grew shrinks to 64 MB */
    {"PRAGMA wal_autocheckpoint = 8000", true}, /* 32 MB: a page that is written often moves once */
    {"PRAGMA cache_size = -8192", true},        /* KB: what is written now, see bench/ingest.mjs */
    {"PRAGMA cell_size_check = ON", false},     /* a damaged page is said, not followed */
    {"PRAGMA temp_store = MEMORY", false},
};

static const char *const steps[TX_STEPS] = {
    [TX_BEGIN_READ] = "BEGIN",     [TX_BEGIN_WRITE] = "BEGIN IMMEDIATE", [TX_COMMIT] = "COMMIT",
    [TX_ROLLBACK] = "ROLLBACK",    [TX_SAVE] = "SAVEPOINT job",          [TX_KEEP] = "RELEASE job",
    [TX_UNDO] = "ROLLBACK TO job",
};

static int open_database(struct tx *tx, const struct tx_config *config) {
    /* No mutex: one thread at a time uses a connection. */
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (config->write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    int rc = sqlite3_open_v2(config->path, &tx->db, flags, config->vfs);
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof guards / sizeof guards[0]; i++) {
        rc = sqlite3_db_config(tx->db, guards[i].setting, guards[i].value, NULL);
    }
    if (rc == SQLITE_OK) {
        sqlite3_limit(tx->db, SQLITE_LIMIT_ATTACHED, 0);
        rc = sqlite3_busy_timeout(tx->db, BUSY_MS);
    }
    return rc;
}

/* The first column of the first row, 0 where there is none. */
static int ask(struct tx *tx, const char *sql, int64_t *answer) {
    sqlite3_stmt *stmt = NULL;
    *answer = 0;
    int rc = sqlite3_prepare_v2(tx->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        *answer = sqlite3_column_int64(stmt, 0);
    }
    int end = sqlite3_finalize(stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? end : rc;
}

/* Before anything is written: a database of another application stays as it is. */
static enum code identify(struct tx *tx, bool write, bool *fresh, struct err *err) {
    int64_t id;
    int64_t objects;
    int rc = ask(tx, "PRAGMA application_id", &id);
    if (rc == SQLITE_OK) {
        rc = ask(tx, "SELECT count(*) FROM sqlite_schema", &objects);
    }
    if (rc != SQLITE_OK) {
        return tx_fail(tx, "cannot open", rc, err);
    }
    *fresh = id == 0 && objects == 0;
    if (id != APPLICATION_ID && !*fresh) {
        return err_set(err, E_INPUT,
                       "cannot open %s: a database of another application (its id is %lld)",
                       tx->path, (long long)id);
    }
    if (*fresh && !write) {
        return err_set(err, E_INPUT, "cannot open %s: nothing was ever stored in it", tx->path);
    }
    if (write && sqlite3_db_readonly(tx->db, "main") == 1) {
        return err_set(err, E_IO, "cannot write %s: the file or its disk is read-only", tx->path);
    }
    return OK;
}

/* A file system that cannot share memory keeps SQLite out of WAL, and SQLite says nothing. */
static enum code check_wal(struct tx *tx, struct err *err) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(tx->db, "PRAGMA journal_mode", -1, &stmt, NULL);
    bool wal = rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW &&
               sqlite3_stricmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
    sqlite3_finalize(stmt);
    return wal ? OK
               : err_set(err, E_IO,
                         "cannot open %s: its file system cannot keep a -wal file beside it",
                         tx->path);
}

static enum code settle(struct tx *tx, bool write, struct err *err) {
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof pragmas / sizeof pragmas[0]; i++) {
        if (write || !pragmas[i].write) {
            rc = sqlite3_exec(tx->db, pragmas[i].sql, NULL, NULL, NULL);
        }
    }
    for (size_t i = 0; rc == SQLITE_OK && i < TX_STEPS; i++) {
        rc =
            sqlite3_prepare_v3(tx->db, steps[i], -1, SQLITE_PREPARE_PERSISTENT, &tx->step[i], NULL);
    }
    if (rc != SQLITE_OK) {
        return tx_fail(tx, "cannot open", rc, err);
    }
    enum code code = write ? check_wal(tx, err) : OK;
    sqlite3_set_authorizer(tx->db, authorize, tx);
    return code;
}

enum code tx_open(const struct tx_config *config, struct tx **out, bool *fresh, struct err *err) {
    struct tx *tx = mem_alloc(sizeof *tx);
    memset(tx, 0, sizeof *tx);
    tx->path = config->path;
    tx->writes = config->write;
    tx->memories = config->memories;
    int rc = open_database(tx, config);
    enum code code = rc == SQLITE_OK ? OK : tx_fail(tx, "cannot open", rc, err);
    if (code == OK) {
        code = identify(tx, config->write, fresh, err);
    }
    if (code == OK) {
        code = settle(tx, config->write, err);
    }
    if (code != OK) {
        tx_close(tx);
        return code;
    }
    *out = tx;
    return OK;
}

void tx_close(struct tx *tx) {
    if (tx == NULL) {
        return;
    }
    tx_rollback(tx);
    for (size_t i = 0; i < TX_BUCKETS; i++) {
        query_free_all(tx->query[i]);
    }
    for (size_t i = 0; i < TX_STEPS; i++) {
        sqlite3_finalize(tx->step[i]);
    }
    int rc = sqlite3_close(tx->db);
    assert(rc == SQLITE_OK); /* else a statement was leaked */
    free(tx);
}

/* ---- steps ---- */

int tx_run(struct tx *tx, sqlite3_stmt *stmt, bool trusted) {
    tx->trusted = trusted; /* a step prepares anew when the schema has changed */
    errno = 0;
    int rc = sqlite3_step(stmt);
    tx->system = rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : errno;
    tx->trusted = false;
    return rc;
}

enum code tx_step(struct tx *tx, enum tx_step step, struct err *err) {
    static const char *const what[TX_STEPS] = {
        [TX_BEGIN_READ] = "cannot read",
        [TX_BEGIN_WRITE] = "cannot write",
        [TX_COMMIT] = "cannot commit to",
        [TX_ROLLBACK] = "cannot roll back",
        [TX_SAVE] = "cannot write",
        [TX_KEEP] = "cannot write",
        [TX_UNDO] = "cannot undo a change of",
    };
    int rc = tx_run(tx, tx->step[step], true);
    if (rc == SQLITE_DONE) {
        sqlite3_reset(tx->step[step]);
        return OK;
    }
    enum code code = tx_fail(tx, what[step], rc, err);
    sqlite3_reset(tx->step[step]);
    return code;
}

enum code tx_begin(struct tx *tx, enum tx_step step, int64_t now_ms, struct err *err) {
    assert(!tx_is_open(tx) && tx->open_queries == 0);
    enum code code = tx_step(tx, step, err);
    if (code == OK) {
        tx->now_ms = now_ms;
        tx->wants_checkpoint = false;
        code = journal_head_load(tx, err); /* a first read: from here on the snapshot is fixed */
    }
    if (code != OK) {
        tx_rollback(tx);
    }
    return code;
}

void tx_rollback(struct tx *tx) {
    if (tx->db != NULL && tx_is_open(tx)) {
        /* Its failure leaves nothing to do: SQLite then holds the file for damaged, and says so. */
        (void)tx_step(tx, TX_ROLLBACK, NULL);
    }
}

bool tx_is_open(const struct tx *tx) {
    return sqlite3_get_autocommit(tx->db) == 0;
}

enum code tx_exec(struct tx *tx, const char *sql, struct err *err) {
    tx->trusted = true;
    int rc = sqlite3_exec(tx->db, sql, NULL, NULL, NULL);
    tx->trusted = false;
    return rc == SQLITE_OK ? OK : tx_fail(tx, "cannot change the schema of", rc, err);
}

int64_t tx_now_ms(const struct tx *tx) {
    return tx->now_ms;
}

bool tx_writes(const struct tx *tx) {
    return tx->writes;
}
