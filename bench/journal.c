/* journal: how many journal lines a second the store takes, beside what SQLite does at best with
 * the same rows, in one run on one disk:
 *
 *   journal FOLDER     makes its databases in FOLDER, which is on the disk that is meant
 *
 * single: one caller after the other, a commit for each line. 64 waiting: as many threads, each
 * waiting for its line, which share commits. Beside them a bare loop of the same INSERT, committed
 * one by one and 64 by 64: no hash, no chain, no queue. Each round is taken in turn and the median
 * of three counts. */
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "store/journal.h"
#include "store/store.h"

enum { ROUNDS = 3, WAITING = 64, ROUND_MS = 700 };

static const char PAYLOAD[] = "{\"value\":\"13.5\",\"unit\":\"%\",\"as_of\":\"2021-06-30\"}";

static int64_t now_ms(void *clock) {
    struct timespec t;
    (void)clock;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void die(const char *what, const char *why) {
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

/* ---- the store ---- */

struct writer {
    struct store *store;
    int64_t until_ms;
    int64_t lines; /* out */
    pthread_t thread;
};

static enum code add(struct tx *tx, void *data, struct err *err) {
    struct journal_entry line = {"u/17", "task/2021/t35", "task.progress", PAYLOAD};
    (void)data;
    return journal_add(tx, &line, NULL, err);
}

static void *write_lines(void *data) {
    struct writer *w = data;
    struct err err = ERR_INIT;
    while (now_ms(NULL) < w->until_ms) {
        if (store_write(w->store, STORE_CHANGE, add, NULL, &err) != OK) {
            die("store", err.msg);
        }
        w->lines++;
    }
    return NULL;
}

/* Lines a second. */
static double run_store(struct store *store, size_t threads) {
    struct writer w[WAITING] = {0};
    int64_t start = now_ms(NULL);
    int64_t lines = 0;
    for (size_t i = 0; i < threads; i++) {
        w[i].store = store;
        w[i].until_ms = start + ROUND_MS;
        if (pthread_create(&w[i].thread, NULL, write_lines, &w[i]) != 0) {
            die("store", "no thread");
        }
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(w[i].thread, NULL);
        lines += w[i].lines;
    }
    return (double)lines * 1000 / (double)(now_ms(NULL) - start);
}

/* ---- SQLite alone ---- */

static void must(sqlite3 *db, int rc) {
    if (rc != SQLITE_OK && rc != SQLITE_DONE) {
        die("sqlite", sqlite3_errmsg(db));
    }
}

static void step(sqlite3 *db, sqlite3_stmt *stmt) {
    sqlite3_step(stmt);
    must(db, sqlite3_reset(stmt));
}

static sqlite3 *open_bare(const char *path) {
    sqlite3 *db;
    must(NULL, sqlite3_open(path, &db));
    must(db, sqlite3_exec(db,
                          "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                          "CREATE TABLE line (seq INTEGER PRIMARY KEY, time_ms INTEGER, actor TEXT,"
                          " subject TEXT, kind TEXT, payload TEXT, prev BLOB, hash BLOB) STRICT",
                          NULL, NULL, NULL));
    return db;
}

static double run_bare(sqlite3 *db, int batch) {
    static const unsigned char hash[JOURNAL_HASH];
    sqlite3_stmt *begin;
    sqlite3_stmt *commit;
    sqlite3_stmt *insert;
    must(db, sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, NULL));
    must(db, sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL));
    must(db, sqlite3_prepare_v2(db,
                                "INSERT INTO line (time_ms, actor, subject, kind, payload, prev,"
                                " hash) VALUES (?1, 'u/17', 'task/2021/t35', 'task.progress', ?2,"
                                " ?3, ?3)",
                                -1, &insert, NULL));
    int64_t start = now_ms(NULL);
    int64_t lines = 0;
    while (now_ms(NULL) < start + ROUND_MS) {
        step(db, begin);
        for (int i = 0; i < batch; i++, lines++) {
            sqlite3_bind_int64(insert, 1, now_ms(NULL));
            sqlite3_bind_text(insert, 2, PAYLOAD, -1, SQLITE_STATIC);
            sqlite3_bind_blob(insert, 3, hash, sizeof hash, SQLITE_STATIC);
            step(db, insert);
        }
        step(db, commit);
    }
    sqlite3_finalize(insert);
    sqlite3_finalize(commit);
    sqlite3_finalize(begin);
    return (double)lines * 1000 / (double)(now_ms(NULL) - start);
}

/* ---- the table ---- */

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v) {
    qsort(v, ROUNDS, sizeof *v, compare);
    return v[ROUNDS / 2];
}

static void print(const char *what, double *ours, double *bare) {
    double a = median(ours);
    double b = median(bare);
    printf("%-36s %12.0f %12.0f %8.2f\n", what, a, b, a / b);
}

static struct store *open_store(const char *path) {
    struct err err = ERR_INIT;
    struct store *s;
    struct store_config config = {.path = path, .mode = STORE_WRITE, .now_ms = now_ms};
    if (store_open(&config, &s, &err) != OK) {
        die("store", err.msg);
    }
    return s;
}

int main(int argc, char **argv) {
    struct buf ours = BUF_INIT;
    struct buf bare = BUF_INIT;
    struct store_stats before;
    struct store_stats after;
    double single[ROUNDS], many[ROUNDS], bare_single[ROUNDS], bare_many[ROUNDS];
    if (argc != 2) {
        die("usage", "journal FOLDER");
    }
    buf_addf(&ours, "%s/journal.db", argv[1]);
    buf_addf(&bare, "%s/bare.db", argv[1]);
    struct store *s = open_store(ours.data);
    sqlite3 *db = open_bare(bare.data);
    uint64_t jobs = 0, commits = 0;
    for (int i = 0; i < ROUNDS; i++) {
        single[i] = run_store(s, 1);
        bare_single[i] = run_bare(db, 1);
        store_stats(s, &before);
        many[i] = run_store(s, WAITING);
        store_stats(s, &after);
        bare_many[i] = run_bare(db, WAITING);
        jobs += after.jobs - before.jobs;
        commits += after.commits - before.commits;
    }
    printf("%-36s %12s %12s %8s\n", "journal", "lines/s", "bare SQLite", "ratio");
    print("single", single, bare_single);
    print("64 waiting, beside 64 in a commit", many, bare_many);
    printf("%-36s %12.1f\n", "lines that share a commit then", (double)jobs / (double)commits);
    sqlite3_close(db);
    store_close(s);
    buf_fini(&ours);
    buf_fini(&bare);
    return 0;
}
