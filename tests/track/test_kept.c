/* Keeping a plan: what is there after a load, a load again, a correction with and without consent,
 * and a job that fails. */
#include "track/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "plan/reader.h"
#include "store/fixture.h"

static const struct schema *const kept_schemas[] = {&kept_schema};

#define HEAD                                                                                                        \
    "2021年政府工作报告\n各位代表：\n现在，我代表某市人民政府，向大会报告工作。\n" \
    "一、2021年重点工作\n"
#define GOALS "今年主要预期目标是：地区生产总值增长6.5%以上，城镇新增就业13.5万人。\n"
#define FIRST                                                                                      \
    "（一）着力推进创新\n"                                                                \
    "提升企业能力。上半年新增高新技术企业100家以上；完成投资13.05亿元（责任单位：市工信局）。\n"
#define SECOND "（二）着力改善民生\n6月底前开工两条新线。新建公园5个。\n"
static const char first_text[] = HEAD GOALS FIRST SECOND;
static const char other_number[] =
    HEAD "今年主要预期目标是：地区生产总值增长7%以上，城镇新增就业13.5万人。\n" FIRST SECOND;
#define THIRD "（三）着力保障安全\n推进安全生产。排查隐患300处。\n"
static const char three_areas[] = HEAD GOALS FIRST SECOND THIRD;
static const char other_blanks[] = HEAD GOALS "\n" FIRST SECOND;

struct city {
    struct fixture f;
    struct arena arena;
    struct reader *reader;
};

static void city_init(struct city *c) {
    fixture_init(&c->f);
    c->f.config.schemas = kept_schemas;
    c->arena = (struct arena)ARENA_INIT;
    c->reader = reader_new();
    fixture_open(&c->f);
}

static void city_fini(struct city *c) {
    reader_free(c->reader);
    arena_fini(&c->arena);
    fixture_fini(&c->f);
}

static struct reading read_text(struct city *c, const char *text) {
    struct document doc = {DOCUMENT_TEXT, "report.txt", NULL, text, strlen(text)};
    struct reading r;
    struct err err = ERR_INIT;
    if (reader_read(c->reader, &doc, &c->arena, &r, &err) != OK) {
        fail_msg("%s", err.msg);
    }
    return r;
}

static enum code try_load(struct city *c, const struct kept_request *request,
                          struct kept_answer *out) {
    c->f.err = (struct err)ERR_INIT;
    return kept_load(c->f.store, request, &c->arena, out, &c->f.err);
}

static struct kept_answer load(struct city *c, const char *text, bool confirmed) {
    struct reading *r = arena_alloc(&c->arena, sizeof *r);
    struct kept_answer answer;
    *r = read_text(c, text);
    struct kept_request request = {.reading = r, .actor = "u/1", .confirmed = confirmed};
    if (try_load(c, &request, &answer) != OK) {
        fail_msg("%s", c->f.err.msg);
    }
    return answer;
}

static int64_t lines(struct city *c) {
    struct tx *tx = fixture_read(&c->f);
    int64_t seq = journal_head(tx)->seq;
    store_read_end(tx);
    return seq;
}

static size_t plans(struct city *c) {
    struct tx *tx = fixture_read(&c->f);
    struct kept_plan *all;
    size_t count;
    assert_int_equal(kept_list(tx, &c->arena, &all, &count, &c->f.err), OK);
    store_read_end(tx);
    return count;
}

static struct kept_set find(struct city *c, int64_t plan, int64_t as_of,
                            struct kept_document *document) {
    struct kept_set set;
    struct tx *tx = fixture_read(&c->f);
    if (kept_find(tx, plan, as_of, &c->arena, document, &set, &c->f.err) != OK) {
        fail_msg("%s", c->f.err.msg);
    }
    store_read_end(tx);
    return set;
}

static struct journal_line last_line(struct city *c, struct journal_batch *batch) {
    int64_t last = lines(c);
    struct tx *tx = fixture_read(&c->f);
    assert_int_equal(journal_list(tx, last - 1, 1, batch, &c->f.err), OK);
    store_read_end(tx);
    assert_int_equal(batch->count, 1);
    return batch->line[0];
}

static void assert_line(struct city *c, const char *kind, const char *words) {
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    struct journal_line line = last_line(c, &batch);
    assert_string_equal(line.kind, kind);
    assert_string_equal(line.subject, "plan/1");
    assert_string_equal(line.actor, "u/1");
    if (strstr(line.payload, words) == NULL) {
        fail_msg("expected %s in %s", words, line.payload);
    }
    journal_batch_fini(&batch);
}

static void assert_intact(struct city *c) {
    struct journal_report report;
    if (fixture_verify(&c->f, &report) != OK) {
        fail_msg("%s", c->f.err.msg);
    }
}

/* How many rows, whatever their validity, a statement past the store counts. */
static int64_t raw_count(struct city *c, const char *sql) {
    sqlite3 *db = raw_open(c->f.path);
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return n;
}

/* ---- loading ---- */

static void it_loads_a_plan_with_one_line(void **state) {
    (void)state;
    struct city c;
    city_init(&c);
    int64_t before = lines(&c);
    assert_int_equal(plans(&c), 0);
    struct kept_answer answer = load(&c, first_text, false);
    assert_int_equal(answer.result, KEPT_LOADED);
    assert_int_equal(answer.line, before + 1);
    assert_int_equal(lines(&c), before + 1);
    assert_int_equal(plans(&c), 1);
    assert_line(&c, "plan.loaded", "\"year\":2021");
    assert_line(&c, "plan.loaded", "\"areas\":2");
    assert_intact(&c);
    city_fini(&c);
}

static void it_changes_nothing_the_second_time(void **state) {
    (void)state;
    struct city c;
    city_init(&c);
    struct kept_answer first = load(&c, first_text, false);
    int64_t before = lines(&c);
    int64_t rows = raw_count(&c, "SELECT count(*) FROM plan_target");
    for (int confirmed = 0; confirmed < 2; confirmed++) {
        struct kept_answer again = load(&c, first_text, confirmed);
        assert_int_equal(again.result, KEPT_SAME);
        assert_int_equal(again.line, first.line);
        assert_int_equal(again.plan, first.plan);
        assert_int_equal(lines(&c), before);
        assert_int_equal(raw_count(&c, "SELECT count(*) FROM plan_target"), rows);
    }
    city_fini(&c);
}

static void assert_text(const char *got, const char *want) {
    if (want == NULL) {
        assert_null(got);
    } else {
        assert_non_null(got);
        assert_string_equal(got, want);
    }
}

static void assert_number(const char *got, bool has, struct decimal want) {
    char text[DECIMAL_TEXT_MAX];
    assert_text(got, has ? decimal_text(want, text) : NULL);
}

static void assert_quote(const struct reading *r, const char *got, struct span s) {
    assert_int_equal(strlen(got), s.to - s.from);
    assert_memory_equal(got, r->doc.text + s.from, s.to - s.from);
}

static void assert_target(const struct reading *r, const struct kept_target *t,
                          const struct figure *x) {
    assert_string_equal(t->id, x->id);
    assert_memory_equal(&t->span, &x->text, sizeof t->span);
    assert_quote(r, t->text, x->text);
    assert_quote(r, t->indicator, x->indicator);
    assert_memory_equal(&t->number_span, &x->number, sizeof t->number_span);
    assert_number(t->value, x->has_value, x->value);
    assert_number(t->value_max, x->has_max, x->value_max);
    assert_text(t->unit, x->unit);
    assert_number(t->base_value, x->has_base, x->base_value);
    assert_text(t->base_unit, x->has_base ? x->base_unit : NULL);
    assert_text(t->comparator, comparator_name(x->comparator));
    assert_text(t->kind, figure_kind_name(x->kind));
    assert_int_equal(t->overall, x->overall);
    assert_int_equal(t->spelled, x->spelled);
    assert_text(t->horizon, x->horizon);
}

static void it_gives_back_what_it_was_given(void **state) {
    (void)state;
    struct city c;
    struct kept_document d;
    city_init(&c);
    struct reading r = read_text(&c, first_text);
    struct kept_answer answer = load(&c, first_text, false);
    struct kept_set set = find(&c, answer.plan, INT64_MAX, &d);
    assert_string_equal(d.text, first_text);
    assert_string_equal(d.issuer, "某市人民政府");
    assert_int_equal(d.len, sizeof first_text - 1);
    assert_int_equal(d.time_ms, c.f.now);
    assert_int_equal(set.area_count, r.area_count);
    assert_int_equal(set.measure_count, r.measure_count);
    assert_int_equal(set.task_count, r.task_count);
    assert_int_equal(set.target_count, r.target_count);
    assert_true(r.target_count >= 4);
    for (size_t i = 0; i < set.target_count; i++) {
        const struct figure *x = &r.targets[i];
        assert_target(&r, &set.targets[i], x);
        assert_int_equal(set.targets[i].task, x->task < 0 ? 0 : x->task + 1);
        assert_int_equal(set.targets[i].area, x->area);
    }
    for (size_t i = 0; i < set.task_count; i++) {
        const struct task *x = &r.tasks[i];
        assert_string_equal(set.tasks[i].id, x->id);
        assert_quote(&r, set.tasks[i].text, x->text);
        assert_text(set.tasks[i].deadline, x->deadline[0] == '\0' ? NULL : x->deadline);
        assert_int_equal(set.tasks[i].action_count, x->action_count);
        assert_memory_equal(set.tasks[i].actions, x->actions, x->action_count * sizeof *x->actions);
        assert_int_equal(set.tasks[i].responsible_count, x->responsible_count);
        for (size_t k = 0; k < x->responsible_count; k++) {
            const struct responsible *who = &set.tasks[i].responsible[k];
            assert_string_equal(who->name, x->responsible[k].name);
            assert_int_equal(who->role, x->responsible[k].role);
            assert_int_equal(who->source, x->responsible[k].source);
            assert_int_equal(decimal_cmp(who->confidence, x->responsible[k].confidence), 0);
        }
    }
    city_fini(&c);
}

static void it_keeps_decimals_as_they_stand(void **state) {
    (void)state;
    struct city c;
    city_init(&c);
    load(&c, first_text, false);
    assert_int_equal(raw_count(&c, "SELECT count(*) FROM plan_target WHERE value IN"
                                   " ('6.5', '13.5', '13.05') AND typeof(value) = 'text'"),
                     3);
    assert_int_equal(raw_count(&c, "SELECT count(*) FROM plan_target WHERE base_value IN"
                                   " ('135000', '1305000000')"),
                     2);
    city_fini(&c);
}

/* ---- correcting ---- */

static void it_shows_a_correction_and_writes_nothing(void **state) {
    (void)state;
    struct city c;
    struct kept_document d;
    city_init(&c);
    load(&c, first_text, false);
    int64_t before = lines(&c);
    struct kept_answer answer = load(&c, other_number, false);
    assert_int_equal(answer.result, KEPT_CORRECTED);
    assert_int_equal(answer.line, before);
    assert_int_equal(answer.change_count, 1);
    const struct kept_change *change = &answer.changes[0];
    assert_string_equal(kept_change_name(change), "changed");
    assert_int_equal(change->now->sort, KEPT_TARGET);
    assert_int_equal(change->now->number, 1);
    assert_non_null(strstr(change->old->facts, "ge 6.5 %"));
    assert_non_null(strstr(change->now->facts, "ge 7 %"));
    assert_int_equal(lines(&c), before);
    find(&c, answer.plan, INT64_MAX, &d);
    assert_string_equal(d.text, first_text);
    city_fini(&c);
}

static void it_supersedes_what_was_and_keeps_it(void **state) {
    (void)state;
    struct city c;
    struct kept_document d;
    city_init(&c);
    struct kept_answer first = load(&c, first_text, false);
    struct kept_answer second = load(&c, other_number, true);
    assert_int_equal(second.result, KEPT_REVISED);
    assert_int_equal(second.line, first.line + 1);
    assert_int_equal(second.plan, first.plan);
    assert_line(&c, "plan.revised", "\"change\":\"changed\",\"of\":\"target\",\"number\":1");
    struct kept_set now = find(&c, first.plan, INT64_MAX, &d);
    assert_string_equal(d.text, other_number);
    assert_string_equal(now.targets[0].value, "7");
    struct kept_set then = find(&c, first.plan, first.line, &d);
    assert_string_equal(d.text, first_text);
    assert_string_equal(then.targets[0].value, "6.5");
    assert_int_equal(then.target_count, now.target_count);
    for (size_t i = 0; i < now.target_count; i++) {
        assert_int_equal(then.targets[i].number, now.targets[i].number);
    }
    assert_int_equal(raw_count(&c, "SELECT count(*) FROM plan_document WHERE valid_to IS NULL"), 1);
    assert_int_equal(raw_count(&c, "SELECT count(*) FROM plan_target WHERE valid_to IS NOT NULL"),
                     (int64_t)then.target_count);
    assert_int_equal(plans(&c), 1);
    assert_intact(&c);
    city_fini(&c);
}

static void a_correction_of_blanks_alone_has_no_changes(void **state) {
    (void)state;
    struct city c;
    city_init(&c);
    load(&c, first_text, false);
    struct kept_answer answer = load(&c, other_blanks, false);
    assert_int_equal(answer.result, KEPT_CORRECTED);
    assert_int_equal(answer.change_count, 0);
    city_fini(&c);
}

static void a_number_is_never_given_twice(void **state) {
    (void)state;
    struct city c;
    city_init(&c);
    struct kept_answer first = load(&c, three_areas, false);
    struct kept_answer less = load(&c, first_text, true);
    assert_int_equal(less.set.area_count, 2);
    assert_true(less.change_count > 1);
    for (size_t i = 0; i < less.change_count; i++) {
        assert_string_equal(kept_change_name(&less.changes[i]), "removed");
    }
    struct kept_answer more = load(&c, three_areas, true);
    assert_int_equal(more.set.area_count, 3);
    assert_int_equal(more.set.areas[0].number, 1);
    assert_int_equal(more.set.areas[2].number, 4);
    assert_int_equal(more.change_count, less.change_count);
    assert_string_equal(kept_change_name(&more.changes[0]), "added");
    size_t last = first.set.target_count - 1;
    assert_true(more.set.targets[last].number > first.set.targets[last].number);
    assert_int_equal(more.set.measures[more.set.measure_count - 1].area, 4);
    assert_intact(&c);
    city_fini(&c);
}

static void another_year_is_another_plan(void **state) {
    (void)state;
    struct city c;
    city_init(&c);
    struct reading r = read_text(&c, first_text);
    struct kept_request request = {.reading = &r, .actor = "u/1", .confirmed = false};
    struct kept_answer answer;
    load(&c, first_text, false);
    r.year = 2022;
    assert_int_equal(try_load(&c, &request, &answer), OK);
    assert_int_equal(answer.result, KEPT_LOADED);
    r.issuer = NULL; /* then the title tells it */
    assert_int_equal(try_load(&c, &request, &answer), OK);
    assert_int_equal(answer.result, KEPT_LOADED);
    assert_int_equal(plans(&c), 3);
    city_fini(&c);
}

/* ---- refusing and failing ---- */

static void it_refuses_a_plan_that_does_not_say_which(void **state) {
    (void)state;
    struct city c;
    city_init(&c);
    struct reading r = read_text(&c, first_text);
    struct kept_request request = {.reading = &r, .actor = "u/1", .confirmed = false};
    struct kept_answer answer;
    r.issuer = r.title_text = NULL;
    assert_int_equal(try_load(&c, &request, &answer), E_INPUT);
    assert_says(&c.f, "neither who issued it nor its title");
    r = read_text(&c, first_text);
    r.year = 0;
    assert_int_equal(try_load(&c, &request, &answer), E_INPUT);
    assert_says(&c.f, "does not say its year");
    assert_int_equal(plans(&c), 0);
    city_fini(&c);
}

static void a_plan_that_is_not_there_is_an_error(void **state) {
    (void)state;
    struct city c;
    struct kept_document d;
    struct kept_set set;
    city_init(&c);
    struct kept_answer answer = load(&c, first_text, false);
    struct tx *tx = fixture_read(&c.f);
    assert_int_equal(kept_find(tx, answer.plan, answer.line - 1, &c.arena, &d, &set, &c.f.err),
                     E_ABSENT);
    assert_says(&c.f, "it is not kept");
    store_read_end(tx);
    city_fini(&c);
}

/* As somebody's database that refuses the third target. */
static void break_targets(struct city *c) {
    fixture_close(&c->f);
    raw_change(c->f.path, "CREATE TRIGGER broken BEFORE INSERT ON plan_target"
                          " WHEN NEW.number = 3 BEGIN SELECT RAISE(ABORT, 'broken'); END");
    fixture_open(&c->f);
}

static void a_job_that_fails_leaves_nothing(void **state) {
    (void)state;
    static const char *const tables[] = {
        "SELECT count(*) FROM plan_kept", "SELECT count(*) FROM plan_document",
        "SELECT count(*) FROM plan_area", "SELECT count(*) FROM plan_task",
        "SELECT count(*) FROM plan_responsible"};
    struct city c;
    city_init(&c);
    break_targets(&c);
    int64_t before = lines(&c);
    struct reading r = read_text(&c, first_text);
    struct kept_request request = {.reading = &r, .actor = "u/1", .confirmed = false};
    struct kept_answer answer;
    assert_int_not_equal(try_load(&c, &request, &answer), OK);
    assert_int_equal(lines(&c), before);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        assert_int_equal(raw_count(&c, tables[i]), 0);
    }
    assert_intact(&c);
    city_fini(&c);
}

static void a_correction_that_fails_leaves_what_was(void **state) {
    (void)state;
    struct city c;
    struct kept_document d;
    city_init(&c);
    struct kept_answer first = load(&c, first_text, false);
    break_targets(&c);
    int64_t before = lines(&c);
    struct reading r = read_text(&c, other_number);
    struct kept_request request = {.reading = &r, .actor = "u/1", .confirmed = true};
    struct kept_answer answer;
    assert_int_not_equal(try_load(&c, &request, &answer), OK);
    assert_int_equal(lines(&c), before);
    struct kept_set set = find(&c, first.plan, INT64_MAX, &d);
    assert_string_equal(d.text, first_text);
    assert_int_equal(set.target_count, first.set.target_count);
    assert_int_equal(raw_count(&c, "SELECT count(*) FROM plan_target WHERE valid_to IS NOT NULL"),
                     0);
    assert_intact(&c);
    city_fini(&c);
}

/* A whole new text: its changes pass what a line may hold. */
static void a_line_holds_as_many_changes_as_fit(void **state) {
    (void)state;
    enum { TASKS = 3000 };
    struct city c;
    struct buf b = BUF_INIT;
    city_init(&c);
    load(&c, first_text, false);
    buf_adds(&b, HEAD GOALS "（一）着力推进创新\n提升企业能力。");
    for (int i = 0; i < TASKS; i++) {
        buf_addf(&b, "推动第%d组新的企业在全市各个园区里面持续提升能力和水平并取得成效。", i);
    }
    buf_adds(&b, "\n" SECOND);
    struct kept_answer answer = load(&c, b.data, true);
    assert_int_equal(answer.result, KEPT_REVISED);
    assert_true(answer.change_count > TASKS);
    assert_line(&c, "plan.revised", "\"left_out\":");
    struct journal_batch batch = JOURNAL_BATCH_INIT;
    assert_null(strstr(last_line(&c, &batch).payload, "\"left_out\":0}"));
    journal_batch_fini(&batch);
    buf_fini(&b);
    city_fini(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_loads_a_plan_with_one_line),
        cmocka_unit_test(it_changes_nothing_the_second_time),
        cmocka_unit_test(it_gives_back_what_it_was_given),
        cmocka_unit_test(it_keeps_decimals_as_they_stand),
        cmocka_unit_test(it_shows_a_correction_and_writes_nothing),
        cmocka_unit_test(it_supersedes_what_was_and_keeps_it),
        cmocka_unit_test(a_correction_of_blanks_alone_has_no_changes),
        cmocka_unit_test(a_number_is_never_given_twice),
        cmocka_unit_test(another_year_is_another_plan),
        cmocka_unit_test(it_refuses_a_plan_that_does_not_say_which),
        cmocka_unit_test(a_plan_that_is_not_there_is_an_error),
        cmocka_unit_test(a_job_that_fails_leaves_nothing),
        cmocka_unit_test(a_correction_that_fails_leaves_what_was),
        cmocka_unit_test(a_line_holds_as_many_changes_as_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
