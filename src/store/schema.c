/* schema: see schema.h. The store's own tables, and how those of all rooms come about. */
#include "store/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "store/schema_int.h"
#include "store/sha256.h"

/* The number is "TAHU", as in tx.c. The table is never changed: every version must read it. */
static const char SQL_BEGIN[] = "PRAGMA application_id = 1413564501;"
                                "CREATE TABLE store_migration ("
                                "  room TEXT NOT NULL,"
                                "  number INTEGER NOT NULL,"
                                "  sha256 BLOB NOT NULL," /* of the step's SQL */
                                "  time_ms INTEGER NOT NULL,"
                                "  PRIMARY KEY (room, number)"
                                ") STRICT, WITHOUT ROWID;";

static const struct migration own_migrations[] = {
    {1, "CREATE TABLE journal ("
        "  seq INTEGER PRIMARY KEY,"
        "  time_ms INTEGER NOT NULL,"
        "  actor TEXT NOT NULL,"
        "  subject TEXT NOT NULL,"
        "  kind TEXT NOT NULL,"
        "  payload TEXT NOT NULL,"
        "  prev BLOB NOT NULL CHECK (length(prev) = 32),"
        "  hash BLOB NOT NULL CHECK (length(hash) = 32)"
        ") STRICT;"
        "CREATE TABLE journal_key ("
        "  public BLOB PRIMARY KEY CHECK (length(public) = 32),"
        "  line INTEGER NOT NULL REFERENCES journal (seq)" /* that made it known */
        ") STRICT, WITHOUT ROWID;"
        "CREATE TABLE journal_checkpoint ("
        "  seq INTEGER PRIMARY KEY,"
        "  time_ms INTEGER NOT NULL,"
        "  hash BLOB NOT NULL CHECK (length(hash) = 32),"
        "  public BLOB NOT NULL CHECK (length(public) = 32),"
        "  signature BLOB NOT NULL CHECK (length(signature) = 64)"
        ") STRICT;"
        "CREATE TABLE journal_cursor ("
        "  consumer TEXT PRIMARY KEY,"
        "  seq INTEGER NOT NULL,"
        "  time_ms INTEGER NOT NULL"
        ") STRICT, WITHOUT ROWID;"},
};

/* What became of one subject, without walking the whole chain. No step: an index is no state, and a
 * database that is only read does without. */
static const char SQL_INDEX[] =
    "CREATE INDEX IF NOT EXISTS journal_subject ON journal (subject, seq);";

static const struct schema own = {"store", own_migrations,
                                  sizeof own_migrations / sizeof own_migrations[0], NULL};

static const char SQL_APPLIED[] = "SELECT room, number, sha256 FROM store_migration"
                                  " ORDER BY room, number";
static const char SQL_HIGHEST[] = "SELECT max(number) FROM store_migration WHERE room = ?1";
static const char SQL_NOTE[] = "INSERT INTO store_migration (room, number, sha256, time_ms)"
                               " VALUES (?1, ?2, ?3, ?4)";

/* Room number i of all that are known: the store's own, then the others'. */
static const struct schema *schema_at(const struct store_config *config, size_t i) {
    return i == 0 ? &own : i <= config->schema_count ? config->schemas[i - 1] : NULL;
}

static const struct schema *schema_find(const struct store_config *config, const char *room) {
    const struct schema *s;
    for (size_t i = 0; (s = schema_at(config, i)) != NULL; i++) {
        if (strcmp(s->room, room) == 0) {
            return s;
        }
    }
    return NULL;
}

static void hash_of(const char *sql, unsigned char to[SHA256_BYTES]) {
    sha256_of(sql, strlen(sql), to);
}

/* ---- what has been applied ---- */

/* The row of a step, against the step we know. A reader may meet rooms it knows nothing of. */
static enum code check_row(struct tx *tx, const struct store_config *config, struct query *q,
                           struct err *err) {
    const char *room = query_get_text(q, 0);
    int64_t number = query_get_int(q, 1);
    const struct schema *s = schema_find(config, room);
    if (s == NULL) {
        return config->mode == STORE_READ
                   ? OK
                   : err_set(err, E_INPUT,
                             "cannot open %s: a newer version wrote it (with the room \"%s\")",
                             tx->path, room);
    }
    if (number > (int64_t)s->count) {
        return err_set(err, E_INPUT,
                       "cannot open %s: a newer version wrote it (\"%s\" is at %" PRId64
                       ", this version knows %zu)",
                       tx->path, room, number, s->count);
    }
    unsigned char hash[SHA256_BYTES];
    hash_of(number < 1 ? "" : s->migrations[number - 1].sql, hash);
    if (query_get_len(q, 2) != sizeof hash ||
        memcmp(query_get_blob(q, 2), hash, sizeof hash) != 0) {
        return err_set(err, E_INPUT,
                       "cannot open %s: step %" PRId64 " of \"%s\" was another when it was applied",
                       tx->path, number, room);
    }
    return OK;
}

static enum code check_applied(struct tx *tx, const struct store_config *config, struct err *err) {
    enum code code = OK;
    struct query *q = query_open(tx, SQL_APPLIED);
    while (code == OK && query_row(q)) {
        code = check_row(tx, config, q, err);
    }
    enum code end = query_close(q, err);
    return code == OK ? end : code;
}

static enum code load_highest(struct tx *tx, const char *room, int64_t *out, struct err *err) {
    struct query *q = query_open(tx, SQL_HIGHEST);
    query_text(q, 1, room);
    return query_number(q, out, err);
}

/* ---- applying ---- */

enum code schema_begin(struct tx *tx, struct err *err) {
    enum code code = tx_step(tx, TX_BEGIN_WRITE, err);
    if (code == OK) {
        code = tx_exec(tx, SQL_BEGIN, err);
    }
    if (code == OK) {
        code = tx_step(tx, TX_COMMIT, err);
    }
    tx_rollback(tx);
    return code;
}

static enum code note(struct tx *tx, const char *room, const struct migration *m, struct err *err) {
    unsigned char hash[SHA256_BYTES];
    hash_of(m->sql, hash);
    struct query *q = query_open_trusted(tx, SQL_NOTE);
    query_text(q, 1, room);
    query_int(q, 2, m->number);
    query_blob(q, 3, hash, sizeof hash);
    query_int(q, 4, tx->now_ms);
    return query_run(q, err);
}

/* The step, its row and its line, all or nothing. */
static enum code apply_within(struct tx *tx, const char *room, const struct migration *m,
                              struct err *err) {
    char payload[64];
    char subject[JOURNAL_NAME_MAX];
    snprintf(subject, sizeof subject, "schema/%s", room);
    snprintf(payload, sizeof payload, "{\"number\":%d}", m->number);
    struct journal_entry line = {"system", subject, "store.migrated", payload};
    enum code code = tx_exec(tx, m->sql, err);
    if (code == OK) {
        code = note(tx, room, m, err);
    }
    if (code == OK) {
        code = journal_head_load(tx, err); /* here and not before: step 1 makes the journal */
    }
    if (code == OK) {
        code = journal_add(tx, &line, NULL, err);
    }
    return code == OK ? tx_step(tx, TX_COMMIT, err) : code;
}

static enum code apply(struct tx *tx, const char *room, const struct migration *m, int64_t now_ms,
                       struct err *err) {
    enum code code = tx_step(tx, TX_BEGIN_WRITE, err);
    if (code == OK) {
        tx->now_ms = now_ms;
        code = apply_within(tx, room, m, err);
    }
    tx_rollback(tx);
    return code;
}

/* Number of the last step that was applied, in a snapshot of its own. */
static enum code applied(struct tx *tx, const struct store_config *config, const char *room,
                         int64_t *out, struct err *err) {
    enum code code = tx_step(tx, TX_BEGIN_READ, err);
    if (code == OK) {
        code = check_applied(tx, config, err);
    }
    if (code == OK) {
        code = load_highest(tx, room, out, err);
    }
    tx_rollback(tx);
    return code;
}

enum code schema_apply(struct tx *tx, const struct store_config *config, struct err *err) {
    const struct schema *s;
    for (size_t i = 0; (s = schema_at(config, i)) != NULL; i++) {
        int64_t at = 0;
        enum code code = applied(tx, config, s->room, &at, err);
        for (; code == OK && at < (int64_t)s->count; at++) {
            assert(s->migrations[at].number == at + 1);
            code = apply(tx, s->room, &s->migrations[at], config->now_ms(config->clock), err);
        }
        if (code != OK) {
            return code;
        }
    }
    return tx_exec(tx, SQL_INDEX, err);
}

enum code schema_check(struct tx *tx, const struct store_config *config, struct err *err) {
    const struct schema *s;
    for (size_t i = 0; (s = schema_at(config, i)) != NULL; i++) {
        int64_t at = 0;
        enum code code = applied(tx, config, s->room, &at, err);
        if (code != OK) {
            return code;
        }
        if (at < (int64_t)s->count) {
            return err_set(err, E_INPUT,
                           "cannot read %s: an older version wrote it (\"%s\" is at %" PRId64
                           " of %zu); a program that writes will bring it up",
                           tx->path, s->room, at, s->count);
        }
    }
    return OK;
}
