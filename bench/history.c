/* history: what it takes to read the history of one series out of few rows and out of many:
 *
 *   history FOLDER [SERIES]     makes two databases in FOLDER; SERIES: of the larger, 2283
 *
 * Each has a year of hours, of FEW series and of SERIES: 2283 are 20 million observations. The same
 * questions are asked of both, of series in turn, each in a snapshot of its own; the median counts.
 * All pages are warm: it is the walk through the rows that is measured, not the disk. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "entity/entity_history.h"
#include "store/store.h"

enum { HOURS = 8760, ATTRIBUTES = 6, FEW = 24, MANY = 2283, ROUNDS = 200, HOURS_A_JOB = 24 };

#define HOUR_MS INT64_C(3600000)
#define START_MS INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

static const struct schema *const schemas[] = {&entity_schema};

static void check(enum code code, const struct err *err) {
    if (code != OK) {
        fprintf(stderr, "bench: %s\n", err->msg);
        exit(1);
    }
}

/* The moment just behind the year: nothing is measured by it. */
static int64_t fixed_now(void *clock) {
    (void)clock;
    return START_MS + HOURS * HOUR_MS;
}

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- filling ---- */

static const char *const names[ATTRIBUTES] = {"urn:bench:pm25", "urn:bench:pm10", "urn:bench:no2",
                                              "urn:bench:so2",  "urn:bench:co",   "urn:bench:o3"};

struct filling {
    int entities;
    int hour; /* the first of this job */
};

static void name_entity(int i, char to[64]) {
    snprintf(to, 64, "urn:ngsi-ld:AirQualityObserved:%d", i);
}

static enum code fill(struct tx *tx, void *data, struct err *err) {
    const struct filling *f = data;
    const char *types[] = {"urn:bench:AirQualityObserved"};
    enum code code = OK;
    for (int h = f->hour; h < f->hour + HOURS_A_JOB && code == OK; h++) {
        for (int i = 0; i < f->entities && code == OK; i++) {
            char id[64];
            char values[ATTRIBUTES][16];
            struct entity_attribute all[ATTRIBUTES];
            bool made;
            name_entity(i, id);
            for (int k = 0; k < ATTRIBUTES; k++) {
                snprintf(values[k], sizeof values[k], "%d.%d", (h * 7 + i + k) % 90, h % 10);
                all[k] = (struct entity_attribute){.name = names[k],
                                                   .value = values[k],
                                                   .observed = true,
                                                   .observed_ms = START_MS + h * HOUR_MS};
            }
            struct entity e = {.id = id,
                               .types = types,
                               .type_count = h == 0,
                               .attributes = all,
                               .count = ATTRIBUTES};
            code = entity_history_add(tx, &e, false, &made, err);
        }
    }
    return code;
}

static struct store *make(const char *folder, const char *name, int entities) {
    char path[1024];
    struct err err = ERR_INIT;
    struct store *s = NULL;
    snprintf(path, sizeof path, "%s/%s.db", folder, name);
    struct store_config config = {.path = path,
                                  .mode = STORE_WRITE,
                                  .schemas = schemas,
                                  .schema_count = sizeof schemas / sizeof schemas[0],
                                  .now_ms = fixed_now};
    check(store_open(&config, &s, &err), &err);
    double start = now_ms();
    for (int h = 0; h < HOURS; h += HOURS_A_JOB) {
        struct filling f = {entities, h};
        check(store_write(s, STORE_HOUSEKEEPING, fill, &f, &err), &err);
    }
    printf("%-34s %9d observations, filled in %.0f s\n", name, entities * ATTRIBUTES * HOURS,
           (now_ms() - start) / 1e3);
    return s;
}

/* ---- asking ---- */

struct question {
    const char *about;
    struct entity_history_query query;
};

static int by_time(const void *left, const void *right) {
    double a = *(const double *)left;
    double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The median of ROUNDS, in ms; *rows: instances that one answer is made of. */
static double ask(struct store *s, const struct question *q, int entities, size_t *rows) {
    double took[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        struct err err = ERR_INIT;
        struct arena a = ARENA_INIT;
        struct tx *tx = NULL;
        struct entity_history h;
        char id[64];
        name_entity(i * 37 % entities, id);
        double start = now_ms();
        check(store_read(s, &tx, &err), &err);
        check(entity_history_load(tx, id, &q->query, &a, &h, &err), &err);
        store_read_end(tx);
        took[i] = now_ms() - start;
        *rows = h.instances;
        arena_fini(&a);
    }
    qsort(took, ROUNDS, sizeof took[0], by_time);
    return took[ROUNDS / 2];
}

int main(int argc, char **argv) {
    static const char *one[] = {"urn:bench:no2"};
    const struct entity_stretch ever = {ENTITY_ALWAYS, {-ENTITY_EVER_MS, ENTITY_EVER_MS}};
    const struct entity_stretch day = {ENTITY_BETWEEN,
                                       {START_MS + 5000 * HOUR_MS, START_MS + 5024 * HOUR_MS}};
    const struct question questions[] = {
        {"24 h of one attribute", {.stretch = day, .attributes = one, .attribute_count = 1}},
        {"24 h of all six", {.stretch = day}},
        {"the last 500 of one",
         {.stretch = ever, .last = 500, .attributes = one, .attribute_count = 1}},
        {"a year of one attribute", {.stretch = ever, .attributes = one, .attribute_count = 1}},
        {"a year of one, by the day",
         {.stretch = ever,
          .attributes = one,
          .attribute_count = 1,
          .methods = 1U << ENTITY_AVERAGE | 1U << ENTITY_MAXIMUM,
          .period = {0, 24 * HOUR_MS}}},
    };
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: history FOLDER [SERIES]\n");
        return 2;
    }
    int many = (argc == 3 ? atoi(argv[2]) : MANY) / ATTRIBUTES;
    struct store *small = make(argv[1], "few", FEW / ATTRIBUTES);
    struct store *large = make(argv[1], "many", many);
    printf("%-34s %9s %9s %9s %7s\n", "median of 200, ms", "rows", "few", "many", "ratio");
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        size_t rows;
        (void)ask(small, &questions[i], FEW / ATTRIBUTES, &rows);
        (void)ask(large, &questions[i], many, &rows);
        double a = ask(small, &questions[i], FEW / ATTRIBUTES, &rows);
        double b = ask(large, &questions[i], many, &rows);
        printf("%-34s %9zu %9.3f %9.3f %7.2f\n", questions[i].about, rows, a, b, b / a);
    }
    store_close(small);
    store_close(large);
    return 0;
}
