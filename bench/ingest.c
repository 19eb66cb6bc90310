/* ingest: observations without HTTP.
 *
 *   ingest bare FOLDER N      what SQLite does at best with the rows that a point makes, N points
 * to a commit: prints {"points": a second} ingest growth FOLDER R    how the cost of an
 * observation, of a retrieve and of a day's history grows until there are R rows (0: 20 million)
 *
 * Makes its database in FOLDER, which is on the disk that is meant.
 *
 * bare: one thread, a row for each observation and the tables of entity_db.c, two statements
 * prepared once: the observation, the value of the attribute. No JSON, no names, no queue. growth:
 * 2,000 stations that report each 15 minutes, so that the last day has as many rows at 200,000 rows
 * (25 hours) as at 20 million (104 days); written by entity_apply() in jobs of 1,000, as a batch
 * is. */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mono.h"
#include "entity/entity_history.h"
#include "entity/entity_store.h"
#include "store/query.h"
#include "store/store.h"

enum {
    STATIONS = 2000,
    BARE_STATIONS = 10000, /* as bench/ingest.mjs has */
    JOB = 1000,
    STEP_MS = 900000,
    BARE_MS = 2000,
    WINDOW = 200000, /* observations that are timed together */
    ROWS = 20000000,
    LOOKS = 2000, /* reads that are timed together */
    DAY_MS = 86400000,
    HOUR_MS = 3600000,
};

#define START_MS INT64_C(1767225600000) /* 2026-01-01 */
#define PM25 "https://uri.etsi.org/ngsi-ld/default-context/pm25"

static int64_t now_ms(void *clock) {
    (void)clock;
    return START_MS;
}

static void die(const char *what, const char *why) {
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static void check(enum code code, const char *what, const struct err *err) {
    if (code != OK) {
        die(what, err->msg);
    }
}

/* ---- the store ---- */

static struct store *open_store(const char *folder, struct buf *path) {
    static const struct schema *const schemas[] = {&entity_schema};
    struct store *s;
    struct err err = ERR_INIT;
    buf_addf(path, "%s/ingest.db", folder);
    const struct store_config config = {.path = path->data,
                                        .mode = STORE_WRITE,
                                        .schemas = schemas,
                                        .schema_count = 1,
                                        .now_ms = now_ms};
    check(store_open(&config, &s, &err), "store", &err);
    return s;
}

/* One job: the stations from `first` on report at a moment. */
struct report {
    size_t first, count;
    int64_t observed_ms;
    enum entity_deed deed;
};

static enum code apply(const struct entity_job *job, const struct report *r, size_t station,
                       struct err *err) {
    static const char *types[] = {
        "https://uri.etsi.org/ngsi-ld/default-context/AirQualityObserved"};
    char id[64];
    char value[16];
    struct entity_attribute x = {.name = PM25,
                                 .kind = ENTITY_PROPERTY,
                                 .kind_said = true,
                                 .value = value,
                                 .observed = true,
                                 .observed_ms = r->observed_ms,
                                 .unit = "GQ"};
    struct entity e = {.id = id, .types = types, .type_count = 1, .attributes = &x, .count = 1};
    struct entity_outcome outcome;
    snprintf(id, sizeof id, "urn:ngsi-ld:AirQualityObserved:s%07zu", station);
    snprintf(value, sizeof value, "%zu.%zu", 20 + station % 50,
             (size_t)(r->observed_ms / STEP_MS % 10));
    return entity_apply(job, r->deed, &e, &outcome, err);
}

static enum code run_report(struct tx *tx, void *data, struct err *err) {
    const struct report *r = data;
    struct arena a = ARENA_INIT;
    const struct entity_job job = {.tx = tx, .arena = &a};
    enum code code = OK;
    for (size_t i = 0; i < r->count && code == OK; i++) {
        code = apply(&job, r, r->first + i, err);
    }
    arena_fini(&a);
    return code;
}

static void write_report(struct store *s, struct report *r) {
    struct err err = ERR_INIT;
    check(store_write(s, STORE_HOUSEKEEPING, run_report, r, &err), "write", &err);
}

static void create(struct store *s, size_t stations) {
    for (size_t i = 0; i < stations; i += JOB) {
        write_report(s, &(struct report){i, JOB, START_MS - STEP_MS, ENTITY_CREATE});
    }
}

/* ---- SQLite alone ---- */

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        die("sqlite", sqlite3_errmsg(db));
    }
    return stmt;
}

static void step(sqlite3 *db, sqlite3_stmt *stmt) {
    if (sqlite3_step(stmt) != SQLITE_DONE) {
        die("sqlite", sqlite3_errmsg(db));
    }
    sqlite3_reset(stmt);
}

/* The rows that the stations' attributes have. */
static size_t list_numbers(sqlite3 *db, sqlite3_int64 *to, sqlite3_int64 *name) {
    sqlite3_stmt *q = prepare(db, "SELECT entity, name FROM entity_attribute ORDER BY entity");
    size_t n = 0;
    while (sqlite3_step(q) == SQLITE_ROW && n < BARE_STATIONS) {
        to[n++] = sqlite3_column_int64(q, 0);
        *name = sqlite3_column_int64(q, 1);
    }
    sqlite3_finalize(q);
    return n;
}

/* A row for each observation, as it is written without chunks. */
static void make_rows(sqlite3 *db) {
    static const char sql[] =
        "CREATE TABLE bench_observation ("
        "  bucket INTEGER, entity INTEGER, attribute INTEGER, dataset INTEGER,"
        "  observed_ms INTEGER, kind INTEGER, value TEXT, unit TEXT, extra TEXT,"
        "  quality INTEGER NOT NULL DEFAULT 0,"
        "  PRIMARY KEY (bucket, entity, attribute, dataset, observed_ms)"
        ") STRICT, WITHOUT ROWID";
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        die("sqlite", sqlite3_errmsg(db));
    }
}

static double bare_points(sqlite3 *db, size_t batch) {
    static sqlite3_int64 number[BARE_STATIONS];
    sqlite3_int64 name = 0;
    size_t stations = list_numbers(db, number, &name);
    sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE");
    sqlite3_stmt *commit = prepare(db, "COMMIT");
    sqlite3_stmt *observe =
        prepare(db, "INSERT INTO bench_observation"
                    " (bucket, entity, attribute, dataset, observed_ms, kind, value, unit)"
                    " VALUES (?1, ?2, ?3, 0, ?4, 0, ?5, 'GQ')");
    sqlite3_stmt *put = prepare(db, "UPDATE entity_attribute SET json = ?3, observed_ms = ?4,"
                                    " modified_ms = ?4 WHERE entity = ?1 AND name = ?2"
                                    " AND dataset = 0");
    int64_t start = mono_ms();
    int64_t points = 0;
    while (mono_ms() - start < BARE_MS) {
        step(db, begin);
        for (size_t i = 0; i < batch; i++, points++) {
            size_t at = (size_t)points % stations;
            int64_t ms = START_MS + points / (int64_t)stations * 2;
            char json[128];
            char value[16];
            snprintf(value, sizeof value, "%zu.%zu", 20 + at % 50, at % 10);
            snprintf(json, sizeof json,
                     "{\"type\":\"Property\",\"value\":%s,\"unitCode\":\"GQ\","
                     "\"observedAt\":\"2026-03-01T00:00:00.%03dZ\"}",
                     value, (int)(ms % 1000));
            sqlite3_bind_int64(observe, 1, ms / HOUR_MS);
            sqlite3_bind_int64(observe, 2, number[at]);
            sqlite3_bind_int64(observe, 3, name);
            sqlite3_bind_int64(observe, 4, ms);
            sqlite3_bind_text(observe, 5, value, -1, SQLITE_STATIC);
            step(db, observe);
            sqlite3_bind_int64(put, 1, number[at]);
            sqlite3_bind_int64(put, 2, name);
            sqlite3_bind_text(put, 3, json, -1, SQLITE_STATIC);
            sqlite3_bind_int64(put, 4, ms);
            step(db, put);
        }
        step(db, commit);
    }
    double s = (double)(mono_ms() - start) / 1000;
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
    sqlite3_finalize(observe);
    sqlite3_finalize(put);
    return (double)points / s;
}

static void run_bare(const char *folder, size_t batch) {
    struct buf path = BUF_INIT;
    struct store *s = open_store(folder, &path);
    sqlite3 *db;
    create(s, BARE_STATIONS);
    store_close(s);
    if (sqlite3_open(path.data, &db) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK) {
        die("sqlite", sqlite3_errmsg(db));
    }
    make_rows(db);
    printf("{\"points\": %.0f}\n", bare_points(db, batch));
    sqlite3_close(db);
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", ".key", ".checkpoints"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        struct buf name = BUF_INIT;
        buf_addf(&name, "%s%s", path.data, suffixes[i]);
        remove(name.data);
        buf_fini(&name);
    }
    buf_fini(&path);
}

/* ---- growth ---- */

/* Microseconds each. */
struct cost {
    double write, retrieve, history;
    size_t rows; /* of a day's history */
};

/* All stations report, round after round, until there are WINDOW more rows. */
static double time_writes(struct store *s, int64_t *round) {
    int64_t start = mono_us();
    for (size_t done = 0; done < WINDOW; done += STATIONS, ++*round) {
        for (size_t i = 0; i < STATIONS; i += JOB) {
            write_report(s, &(struct report){i, JOB, START_MS + *round * STEP_MS, ENTITY_APPEND});
        }
    }
    return (double)(mono_us() - start) / WINDOW;
}

static double time_reads(struct store *s, int64_t round, bool history, size_t *rows) {
    struct err err = ERR_INIT;
    int64_t start = mono_us();
    int64_t end = START_MS + round * STEP_MS;
    for (size_t i = 0; i < LOOKS; i++) {
        struct tx *tx;
        struct arena a = ARENA_INIT;
        struct entity e;
        const char *attributes[] = {PM25};
        const struct entity_history_query query = {.stretch = {ENTITY_BETWEEN, {end - DAY_MS, end}},
                                                   .attributes = attributes,
                                                   .attribute_count = 1};
        struct entity_history h = {.instances = 0};
        char id[64];
        snprintf(id, sizeof id, "urn:ngsi-ld:AirQualityObserved:s%07zu", i * 7919 % STATIONS);
        check(store_read(s, &tx, &err), "read", &err);
        check(history ? entity_history_load(tx, id, &query, &a, &h, &err)
                      : entity_load(tx, id, &a, &e, &err),
              "read", &err);
        store_read_end(tx);
        *rows = h.instances;
        arena_fini(&a);
    }
    return (double)(mono_us() - start) / LOOKS;
}

static struct cost look(struct store *s, int64_t *round) {
    struct cost c = {.write = time_writes(s, round)};
    size_t unused = 0;
    c.retrieve = time_reads(s, *round, false, &unused);
    c.history = time_reads(s, *round, true, &c.rows);
    return c;
}

static void print(int64_t rows, const struct cost *c) {
    printf("%10" PRId64
           " rows  %8.2f us an observation  %8.2f us a retrieve  %8.2f us a day of %zu\n",
           rows, c->write, c->retrieve, c->history, c->rows);
    fflush(stdout);
}

static void judge(const char *what, double first, double last) {
    printf("%-14s %.2f times the first, wanted at most 1.3: %s\n", what, last / first,
           last / first <= 1.3 ? "yes" : "NO");
}

static void run_growth(const char *folder, int64_t rows) {
    struct buf path = BUF_INIT;
    struct store *s = open_store(folder, &path);
    struct cost first;
    struct cost last;
    int64_t round = 0;
    create(s, STATIONS);
    first = look(s, &round);
    print(round * STATIONS, &first);
    int64_t told = 1000000;
    while ((round + WINDOW / STATIONS) * STATIONS < rows) {
        double us = time_writes(s, &round);
        if (round * STATIONS >= told) {
            printf("%10" PRId64 " rows  %8.2f us an observation\n", round * STATIONS, us);
            fflush(stdout);
            told *= 2;
        }
    }
    last = look(s, &round);
    print(round * STATIONS, &last);
    judge("observation", first.write, last.write);
    judge("retrieve", first.retrieve, last.retrieve);
    judge("day's history", first.history, last.history);
    store_close(s);
    buf_fini(&path);
}

int main(int argc, char **argv) {
    long n = argc == 4 ? strtol(argv[3], NULL, 10) : -1;
    if (n < 0 || n > 1000000000) {
        die("usage", "ingest bare FOLDER POINTS, or ingest growth FOLDER ROWS");
    }
    if (strcmp(argv[1], "bare") == 0 && n > 0) {
        run_bare(argv[2], (size_t)n);
    } else {
        run_growth(argv[2], n == 0 ? ROWS : n);
    }
    return 0;
}
