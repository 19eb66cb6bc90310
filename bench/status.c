/* status: how long the state of a whole plan takes to load, as the board asks for it:
 *
 *   status FOLDER DATA PLAN.txt     makes its database in FOLDER; DATA is data/
 *
 * Every task and target gets owners and REPORTS reports; every third a drawn path. Then the state
 * is loaded ROUNDS times, each in a snapshot of its own, and the median counts. Beside it, what the
 * parts take. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/file.h"
#include "plan/reader.h"
#include "store/journal.h"
#include "store/store.h"
#include "text/document.h"
#include "track/evidence.h"
#include "track/status.h"

enum { REPORTS = 6, ROUNDS = 200 };

static const struct schema *const schemas[] = {&kept_schema,     &charge_schema, &evidence_schema,
                                               &progress_schema, &path_schema,   &setting_schema};

static void check(enum code code, const struct err *err) {
    if (code != OK) {
        fprintf(stderr, "bench: %s\n", err->msg);
        exit(1);
    }
}

/* 6 July 2021, 10:00 in Beijing: after it nothing happens. */
static int64_t fixed_now(void *clock) {
    (void)clock;
    return date_start_ms(date_to_day((struct date){2021, 7, 6}), DATE_BEIJING_OFFSET_S) +
           10 * 3600 * 1000;
}

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- a plan with all that is said of it ---- */

struct filling {
    struct kept_set set;
    int64_t plan;
};

static enum code fill_item(struct tx *tx, const struct item *item, struct err *err) {
    static const struct charge charges[] = {{"wuxi.finance", "无锡市财政局", CHARGE_LEAD},
                                            {NULL, "市工信局", CHARGE_SUPPORT}};
    static const struct path_point points[] = {{2021, 3, {1, 0}}, {2021, 6, {2, 0}}};
    struct arena a = ARENA_INIT;
    struct charge_request charge = {*item, 0, "u/7", charges, 2, NULL};
    struct path_request path = {*item, 0, "u/7", points, 2};
    struct progress_added added;
    struct goal goal;
    int64_t line = 0;
    enum code code = item_version(tx, item, &charge.seen, err);
    if (code == OK) {
        code = charge_put(tx, &charge, &path.seen, err);
    }
    line = path.seen;
    if (code == OK && item->number % 3 == 0) {
        code = path_draw(tx, &path, &line, err);
    }
    if (code == OK) {
        code = goal_find(tx, item, &a, &goal, err);
    }
    for (int i = 0; code == OK && i < REPORTS; i++) {
        struct progress_request r = {.item = *item,
                                     .seen = line,
                                     .actor = "u/7",
                                     .value = decimal_of(i + 1),
                                     .unit = goal.unit,
                                     .as_of = date_to_day((struct date){2021, 1 + i, 28}),
                                     .note = "按月报告，已与牵头单位核对"};
        code = progress_add(tx, &r, &added, err);
        line = added.line;
    }
    arena_fini(&a);
    return code;
}

static enum code fill(struct tx *tx, void *data, struct err *err) {
    const struct filling *f = data;
    enum code code = OK;
    for (size_t i = 0; code == OK && i < f->set.task_count; i++) {
        code = fill_item(tx, &(struct item){f->plan, KEPT_TASK, f->set.tasks[i].number}, err);
    }
    for (size_t i = 0; code == OK && i < f->set.target_count; i++) {
        code = fill_item(tx, &(struct item){f->plan, KEPT_TARGET, f->set.targets[i].number}, err);
    }
    return code;
}

static int64_t load_plan(struct store *s, const char *path, struct arena *a) {
    struct err err = ERR_INIT;
    struct document doc;
    struct reading reading;
    struct kept_answer answer;
    struct reader *reader = reader_new();
    check(document_load(path, a, &doc, &err), &err);
    check(reader_read(reader, &doc, a, &reading, &err), &err);
    struct kept_request request = {.reading = &reading, .actor = "u/7"};
    check(kept_load(s, &request, a, &answer, &err), &err);
    reader_free(reader);
    struct filling f = {answer.set, answer.plan};
    check(store_write(s, STORE_CHANGE, fill, &f, &err), &err);
    return answer.plan;
}

/* ---- the measure ---- */

static int by_size(const void *x, const void *y) {
    double p = *(const double *)x;
    double q = *(const double *)y;
    return (p > q) - (p < q);
}

typedef void measured(struct tx *tx, const struct status_request *r, struct arena *a,
                      struct err *err);

static void whole(struct tx *tx, const struct status_request *r, struct arena *a, struct err *err) {
    struct status s;
    check(status_load(tx, r, a, &s, err), err);
}

static void plan_alone(struct tx *tx, const struct status_request *r, struct arena *a,
                       struct err *err) {
    struct kept_document d;
    struct kept_set set;
    check(kept_find(tx, r->plan, r->line, a, &d, &set, err), err);
}

static void reports_alone(struct tx *tx, const struct status_request *r, struct arena *a,
                          struct err *err) {
    struct progress_report *all;
    size_t count;
    check(progress_current(tx, r->plan, r->day, r->line, a, &all, &count, err), err);
}

static void charges_alone(struct tx *tx, const struct status_request *r, struct arena *a,
                          struct err *err) {
    struct charge_set *all;
    size_t count;
    check(charge_list(tx, r->plan, r->line, a, &all, &count, err), err);
}

static void versions_alone(struct tx *tx, const struct status_request *r, struct arena *a,
                           struct err *err) {
    struct journal_last *all;
    size_t count;
    check(journal_last_of_each(tx, "plan/1/", r->line, a, &all, &count, err), err);
}

static void measure(struct store *s, const char *name, measured *what,
                    const struct status_request *r) {
    static double us[ROUNDS];
    struct arena a = ARENA_INIT;
    for (int i = 0; i < ROUNDS; i++) {
        struct err err = ERR_INIT;
        struct tx *tx = NULL;
        double start = now_us();
        check(store_read(s, &tx, &err), &err);
        what(tx, r, &a, &err);
        store_read_end(tx);
        us[i] = now_us() - start;
        arena_reset(&a);
    }
    arena_fini(&a);
    qsort(us, ROUNDS, sizeof us[0], by_size);
    printf("%-20s median %7.0f us, nine in ten under %7.0f us\n", name, us[ROUNDS / 2],
           us[ROUNDS * 9 / 10]);
}

int main(int argc, char **argv) {
    struct err err = ERR_INIT;
    struct arena a = ARENA_INIT;
    struct store *s = NULL;
    char path[512];
    if (argc != 4) {
        fprintf(stderr, "usage: status FOLDER DATA PLAN.txt\n");
        return 2;
    }
    snprintf(path, sizeof path, "%s/status.db", argv[1]);
    struct store_config config = {.path = path,
                                  .mode = STORE_WRITE,
                                  .schemas = schemas,
                                  .schema_count = sizeof schemas / sizeof schemas[0],
                                  .now_ms = fixed_now};
    struct calendar *calendar = calendar_new();
    check(calendar_load(calendar, argv[2], &err), &err);
    check(store_open(&config, &s, &err), &err);
    struct status_request r = {.plan = load_plan(s, argv[3], &a),
                               .day = date_to_day((struct date){2021, 7, 6}),
                               .line = INT64_MAX,
                               .calendar = calendar};
    measure(s, "status_load()", whole, &r);
    measure(s, "  kept_find()", plan_alone, &r);
    measure(s, "  progress_current()", reports_alone, &r);
    measure(s, "  charge_list()", charges_alone, &r);
    measure(s, "  versions", versions_alone, &r);
    store_close(s);
    calendar_free(calendar);
    arena_fini(&a);
    return 0;
}
