/* plan_keep: `taihu plan load|list`: plans that a database keeps.
 *
 * What `load` prints:
 *
 *   loaded: 2021年政府工作重点, 无锡市发展和改革委员会, 2021
 *   9 areas, 35 measures, 219 tasks, 49 targets
 *   journal line 4
 *
 * or "unchanged: " or "revised: " or "correction: " instead of "loaded: ", the last two followed by
 *
 *   changed target t1 (number 1)
 *     - 地区生产总值增长7% [eq 7 %, growth_rate, overall]
 *     + 地区生产总值增长8% [eq 8 %, growth_rate, overall]
 *   1 change */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/date.h"
#include "cli/cli_int.h"
#include "cli/clock.h"
#include "cli/plan_load.h"
#include "cli/sink.h"
#include "store/store.h"
#include "track/kept.h"

static enum code open_store(const struct cli_args *args, enum store_mode mode, struct store **out,
                            struct err *err) {
    struct store_config config = {.path = args->value[CLI_DB],
                                  .mode = mode,
                                  .schemas = api_schemas,
                                  .schema_count = api_schema_count,
                                  .now_ms = clock_now_ms};
    return store_open(&config, out, err);
}

/* Text of a document on one line: a line feed or a tab, or what a terminal would obey, becomes a
 * blank. NULL is "-". */
static void put_text(struct buf *to, const char *s) {
    for (const char *p = s == NULL ? "-" : s; *p != '\0'; p++) {
        buf_addc(to, (unsigned char)*p < ' ' || *p == 0x7f ? ' ' : *p);
    }
}

/* ---- load ---- */

static void put_side(struct buf *to, char sign, const struct kept_item *item) {
    if (item == NULL) {
        return;
    }
    buf_addf(to, "  %c ", sign);
    put_text(to, item->text);
    if (item->facts[0] != '\0') {
        buf_adds(to, " [");
        put_text(to, item->facts);
        buf_addc(to, ']');
    }
    buf_addc(to, '\n');
}

static void put_change(struct buf *to, const struct kept_change *c) {
    const struct kept_item *item = c->now == NULL ? c->old : c->now;
    buf_addf(to, "%s %s", kept_change_name(c), kept_sort_name(item->sort));
    if (item->id[0] != '\0') {
        buf_addf(to, " %s", item->id);
    }
    if (item->sort != KEPT_DOCUMENT) {
        buf_addf(to, " (number %" PRId64 ")", item->number);
    }
    buf_addc(to, '\n');
    put_side(to, '-', c->old);
    put_side(to, '+', c->now);
}

static void put_head(struct buf *to, const char *word, const struct reading *r) {
    buf_addf(to, "%s: ", word);
    put_text(to, r->title_text);
    buf_adds(to, ", ");
    put_text(to, r->issuer);
    buf_addf(to, ", %d\n", r->year);
    buf_addf(to, "%zu areas, %zu measures, %zu tasks, %zu targets\n", r->area_count,
             r->measure_count, r->task_count, r->target_count);
}

static void put_answer(struct buf *to, const struct reading *r, const struct kept_answer *answer) {
    static const char *const words[] = {[KEPT_LOADED] = "loaded",
                                        [KEPT_SAME] = "unchanged",
                                        [KEPT_CORRECTED] = "correction",
                                        [KEPT_REVISED] = "revised"};
    bool corrects = answer->result == KEPT_CORRECTED || answer->result == KEPT_REVISED;
    put_head(to, words[answer->result], r);
    for (size_t i = 0; i < answer->change_count; i++) {
        put_change(to, &answer->changes[i]);
    }
    if (corrects) {
        buf_addf(to, "%zu change%s\n", answer->change_count, answer->change_count == 1 ? "" : "s");
    }
    if (answer->result != KEPT_CORRECTED) {
        buf_addf(to, "journal line %" PRId64 "\n", answer->line);
    }
}

static enum code print_answer(const struct reading *r, const struct kept_answer *answer,
                              struct err *err) {
    struct sink out;
    enum code code = sink_open(&out, NULL, err);
    if (code == OK) {
        put_answer(sink_buf(&out), r, answer);
        code = sink_close(&out, err);
    }
    return code;
}

static enum code keep(const struct cli_args *args, const struct reading *r, struct arena *a,
                      struct kept_answer *out, struct err *err) {
    const char *confirm = args->value[CLI_CONFIRM];
    struct kept_request request = {.reading = r,
                                   .actor = "system",
                                   .confirmed = confirm != NULL && strcmp(confirm, "yes") == 0};
    struct store *s = NULL;
    enum code code = open_store(args, STORE_WRITE, &s, err);
    if (code == OK && (code = kept_load(s, &request, a, out, err)) != OK) {
        err_prefix(err, args->operands[0]);
    }
    if (code == OK) {
        code = store_stop(s, err);
    }
    store_close(s);
    return code;
}

enum code cli_plan_load(const struct cli_args *args, struct err *err) {
    struct arena a = ARENA_INIT;
    struct plan_load all;
    struct kept_answer answer;
    enum code code = plan_load(args, &a, &all, err);
    if (code == OK) {
        code = keep(args, &all.plan, &a, &answer, err);
    }
    if (code == OK) {
        code = print_answer(&all.plan, &answer, err);
    }
    if (code == OK && answer.result == KEPT_CORRECTED) {
        code = err_set(err, E_INPUT,
                       "%s: not written: it corrects plan %" PRId64 " as of journal line %" PRId64
                       "; to write it, add --confirm yes",
                       args->operands[0], answer.plan, answer.line);
    }
    arena_fini(&a);
    return code;
}

/* ---- list ---- */

static void put_plan(struct buf *to, const struct kept_plan *p) {
    buf_addf(to, "%d\t", p->document.year);
    put_text(to, p->document.title);
    buf_addc(to, '\t');
    put_text(to, p->document.issuer);
    buf_addf(to, "\t%zu\t%zu\t%zu\t%zu\t", p->areas, p->measures, p->tasks, p->targets);
    char time[DATE_TIME_TEXT_MAX];
    buf_addf(to, "%s\t%" PRId64 "\n", date_time_text(p->document.time_ms, time), p->document.from);
}

static enum code load_list(const struct cli_args *args, struct arena *a, struct kept_plan **plans,
                           size_t *count, struct err *err) {
    struct store *s = NULL;
    struct tx *tx = NULL;
    enum code code = open_store(args, STORE_READ, &s, err);
    if (code == OK) {
        code = store_read(s, &tx, err);
    }
    if (code == OK) {
        code = kept_list(tx, a, plans, count, err);
        store_read_end(tx);
    }
    store_close(s);
    return code;
}

enum code cli_plan_list(const struct cli_args *args, struct err *err) {
    struct arena a = ARENA_INIT;
    struct kept_plan *plans;
    size_t count;
    struct sink out;
    enum code code = load_list(args, &a, &plans, &count, err);
    if (code == OK) {
        code = sink_open(&out, NULL, err);
    }
    if (code == OK) {
        for (size_t i = 0; i < count; i++) {
            put_plan(sink_buf(&out), &plans[i]);
        }
        code = sink_close(&out, err);
    }
    arena_fini(&a);
    return code;
}
