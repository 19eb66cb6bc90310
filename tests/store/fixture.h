/* fixture: a store in a folder of its own, with one table, a clock that the test turns, and raw
 * access past the store. Include behind cmocka.h. */
#ifndef TAIHU_TESTS_STORE_FIXTURE_H
#define TAIHU_TESTS_STORE_FIXTURE_H

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/journal.h"
#include "store/query.h"
#include "store/store.h"

static const struct migration note_migrations[] = {
    {1, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, more BLOB) STRICT;"},
};
static const struct schema note_schema = {"note", note_migrations, 1, NULL};
static const struct schema *const note_schemas[] = {&note_schema};

static const char SQL_ADD_NOTE[] = "INSERT INTO note (text) VALUES (?1)";
static const char SQL_COUNT_NOTES[] = "SELECT count(*) FROM note";

struct fixture {
    char folder[64];
    char path[96];
    _Atomic int64_t now;
    struct store_config config;
    struct store *store;
    struct err err;
};

static inline int64_t fixture_now(void *clock) {
    struct fixture *f = clock;
    return f->now;
}

/* A folder, nothing opened yet; the test may change `config`. */
static inline void fixture_init(struct fixture *f) {
    memset(f, 0, sizeof *f);
    /* in memory where that can be: an fsync there takes no time, and none is tested by taking it */
    snprintf(f->folder, sizeof f->folder, "%s/taihu-store-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/t.db", f->folder);
    f->now = 1612666800000; /* 2021-02-07T03:00:00Z */
    f->config = (struct store_config){.path = f->path,
                                      .mode = STORE_WRITE,
                                      .schemas = note_schemas,
                                      .schema_count = 1,
                                      .now_ms = fixture_now,
                                      .clock = f};
}

static inline enum code fixture_try(struct fixture *f) {
    f->err = (struct err)ERR_INIT;
    return store_open(&f->config, &f->store, &f->err);
}

static inline void fixture_open(struct fixture *f) {
    if (fixture_try(f) != OK) {
        fail_msg("%s", f->err.msg);
    }
}

static inline void fixture_close(struct fixture *f) {
    store_close(f->store);
    f->store = NULL;
}

static inline void fixture_fini(struct fixture *f) {
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".key", ".checkpoints"};
    char path[128];
    fixture_close(f);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(f->folder), 0);
}

/* A note and its line. */
static inline enum code add_note(struct tx *tx, void *text, struct err *err) {
    struct journal_entry line = {"u/1", text, "note.added", "{\"a\":[1,2]}"};
    struct query *q = query_open(tx, SQL_ADD_NOTE);
    query_text(q, 1, text);
    enum code code = query_run(q, err);
    return code == OK ? journal_add(tx, &line, NULL, err) : code;
}

static inline enum code fixture_write(struct fixture *f, store_job *job, void *data) {
    f->err = (struct err)ERR_INIT;
    return store_write(f->store, STORE_CHANGE, job, data, &f->err);
}

static inline void fixture_add(struct fixture *f, const char *text) {
    char copy[64];
    snprintf(copy, sizeof copy, "%s", text);
    if (fixture_write(f, add_note, copy) != OK) {
        fail_msg("%s", f->err.msg);
    }
}

static inline void fixture_add_many(struct fixture *f, const char *prefix, int n) {
    char text[64];
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%s-%d", prefix, i);
        fixture_add(f, text);
    }
}

static inline int64_t count_notes(struct tx *tx) {
    struct err err = ERR_INIT;
    struct query *q = query_open(tx, SQL_COUNT_NOTES);
    int64_t n = query_row(q) ? query_get_int(q, 0) : -1;
    assert_int_equal(query_close(q, &err), OK);
    return n;
}

static inline struct tx *fixture_read(struct fixture *f) {
    struct tx *tx = NULL;
    f->err = (struct err)ERR_INIT;
    if (store_read(f->store, &tx, &f->err) != OK) {
        fail_msg("%s", f->err.msg);
    }
    return tx;
}

static inline int64_t fixture_notes(struct fixture *f) {
    struct tx *tx = fixture_read(f);
    int64_t n = count_notes(tx);
    store_read_end(tx);
    return n;
}

static inline enum code fixture_verify(struct fixture *f, struct journal_report *report) {
    f->err = (struct err)ERR_INIT;
    return journal_verify(f->store, report, &f->err);
}

/* Past the store, as somebody with the file and sqlite3(1) would. */
static inline sqlite3 *raw_open(const char *path) {
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static inline void raw_exec(sqlite3 *db, const char *sql) {
    char *words = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &words) != SQLITE_OK) {
        fail_msg("%s: %s", sql, words);
    }
}

static inline void raw_change(const char *path, const char *sql) {
    sqlite3 *db = raw_open(path);
    raw_exec(db, "PRAGMA synchronous = OFF");
    raw_exec(db, sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline void assert_says(const struct fixture *f, const char *words) {
    if (strstr(f->err.msg, words) == NULL) {
        fail_msg("expected \"%s\" in \"%s\"", words, f->err.msg);
    }
}

#endif
