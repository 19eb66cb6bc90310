/* The slip: every act in every state, terms across holidays, who comes too late, and what a slip
 * was like at any line before. */
#include "track/slip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "track/desk.h"

static const struct schema *const schemas[] = {&kept_schema, &slip_schema};

static const char plan_text[] =
    "2021年政府工作报告\n各位代表：\n现在，我代表某市人民政府，向大会报告工作。\n"
    "一、2021年重点工作\n今年主要预期目标是：地区生产总值增长6.5%以上，城镇新增就业13.5万人。\n"
    "（一）着力推进创新\n提升企业能力。上半年新增高新技术企业100家以上。\n"
    "（二）着力改善民生\n6月底前开工两条新线。新建公园5个。\n";

struct office {
    struct desk d;
    struct calendar *calendar;
};

static void office_init(struct office *o) {
    desk_init(&o->d, schemas, 2);
    o->calendar = calendar_new();
    assert_int_equal(calendar_load(o->calendar, TAIHU_SOURCE_DIR "/data", &o->d.f.err), OK);
    desk_set_day(&o->d, "2021-04-23");
    assert_int_equal(desk_keep(&o->d, plan_text), 1);
}

static void office_fini(struct office *o) {
    calendar_free(o->calendar);
    desk_fini(&o->d);
}

/* ---- acts as jobs ---- */

struct issue {
    const struct calendar *calendar;
    struct slip_request request;
    int64_t slip, line;
};

static enum code run_issue(struct tx *tx, void *data, struct err *err) {
    struct issue *i = data;
    return slip_issue(tx, i->calendar, &i->request, &i->slip, &i->line, err);
}

static struct issue issue_for(const struct office *o, enum kept_sort sort, int64_t number) {
    return (struct issue){.calendar = o->calendar,
                          .request = {.actor = "u/7",
                                      .item = {1, sort, number},
                                      .organisation = "wuxi.finance",
                                      .name = "市财政局",
                                      .demand = "请说明进度滞后的原因，并报送整改措施。",
                                      .days = 5,
                                      .why = "进度落后31.0个百分点",
                                      .why_en = "31.0 points behind"}};
}

static enum code try_issue(struct office *o, struct issue *i) {
    return fixture_write(&o->d.f, run_issue, i);
}

static struct issue issued(struct office *o, enum kept_sort sort, int64_t number) {
    struct issue i = issue_for(o, sort, number);
    if (try_issue(o, &i) != OK) {
        fail_msg("%s", o->d.f.err.msg);
    }
    return i;
}

struct change {
    const struct calendar *calendar;
    struct slip_change change;
    int64_t line;
};

static enum code run_change(struct tx *tx, void *data, struct err *err) {
    struct change *c = data;
    return slip_add_step(tx, c->calendar, &c->change, &c->line, err);
}

static enum code try_change(struct office *o, struct slip_change change, int64_t *line) {
    struct change c = {.calendar = o->calendar, .change = change};
    enum code code = fixture_write(&o->d.f, run_change, &c);
    if (code == OK) {
        *line = c.line;
    }
    return code;
}

static struct slip_change act_on(int64_t slip, int64_t seen, enum slip_act act) {
    return (struct slip_change){
        .act = act, .actor = "u/8", .slip = slip, .seen = seen, .text = "已整改"};
}

static struct slip find_at(struct office *o, int64_t slip, int64_t as_of) {
    struct slip out;
    struct tx *tx = fixture_read(&o->d.f);
    if (slip_find(tx, slip, as_of, &o->d.arena, &out, &o->d.f.err) != OK) {
        fail_msg("%s", o->d.f.err.msg);
    }
    store_read_end(tx);
    return out;
}

static struct slip find_now(struct office *o, int64_t slip) {
    return find_at(o, slip, INT64_MAX);
}

/* The act is done and gives the new version. */
static int64_t done(struct office *o, int64_t slip, enum slip_act act) {
    int64_t line;
    if (try_change(o, act_on(slip, find_now(o, slip).version, act), &line) != OK) {
        fail_msg("%s", o->d.f.err.msg);
    }
    return line;
}

/* ---- issuing ---- */

static void it_issues_a_slip_with_one_line(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    int64_t before = desk_lines(&o.d);
    struct issue i = issued(&o, KEPT_TASK, 2);
    assert_int_equal(desk_lines(&o.d), before + 1);
    assert_int_equal(i.line, before + 1);
    assert_last_line(&o.d, "slip/1", "slip.issued",
                     "{\"slip\":1,\"item\":\"plan/1/task/2\",\"organisation\":\"wuxi.finance\"");
    assert_last_line(&o.d, "slip/1", "slip.issued", "\"days\":5,\"due\":\"2021-04-29\"");
    struct slip s = find_now(&o, i.slip);
    assert_int_equal(s.slip, i.slip);
    assert_int_equal(s.item.plan, 1);
    assert_int_equal(s.item.sort, KEPT_TASK);
    assert_int_equal(s.item.number, 2);
    assert_string_equal(s.organisation, "wuxi.finance");
    assert_string_equal(s.name, "市财政局");
    assert_string_equal(s.demand, i.request.demand);
    assert_string_equal(s.why, i.request.why);
    assert_string_equal(s.why_en, i.request.why_en);
    assert_int_equal(s.state, SLIP_OPEN);
    assert_int_equal(s.issued_ms, o.d.f.now);
    assert_int_equal(s.version, i.line);
    assert_day(s.due, "2021-04-29");
    assert_int_equal(s.step_count, 1);
    assert_int_equal(s.steps[0].act, SLIP_ISSUE);
    assert_string_equal(s.steps[0].actor, "u/7");
    assert_int_equal(s.steps[0].days, 5);
    office_fini(&o);
}

/* A text of `n` characters of three bytes each. */
static const char *characters(struct desk *d, size_t n) {
    char *text = arena_alloc(&d->arena, 3 * n + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + 3 * i, "进", 3);
    }
    text[3 * n] = '\0';
    return text;
}

static void it_refuses_a_slip_that_is_not_whole(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    int64_t before = desk_lines(&o.d);
    const struct issue good = issue_for(&o, KEPT_TASK, 1);
    struct {
        struct issue i;
        enum code code;
        const char *says;
    } bad[] = {
        {good, E_INPUT, "term of 0 working days"},
        {good, E_INPUT, "term of 61 working days"},
        {good, E_INPUT, "term of -1 working days"},
        {good, E_INPUT, "the demand says nothing"},
        {good, E_INPUT, "the demand says nothing"},
        {good, E_LIMIT, "the demand has 2001 characters"},
        {good, E_INPUT, "the slip's organisation"},
        {good, E_INPUT, "the organisation's name"},
        {good, E_INPUT, "the reason"},
        {good, E_INPUT, "the reason in English"},
        {good, E_INPUT, "the organisation's name has the control character U+000A"},
        {good, E_INPUT, "the demand has the control character U+202E"},
        {good, E_ABSENT, "plan 1 has no task 99"},
        {good, E_ABSENT, "plan 2 has no task 1"},
    };
    bad[0].i.request.days = 0;
    bad[1].i.request.days = 61;
    bad[2].i.request.days = -1;
    bad[3].i.request.demand = NULL;
    bad[4].i.request.demand = " \t\r\n ";
    bad[5].i.request.demand = characters(&o.d, 2001);
    bad[6].i.request.organisation = "";
    bad[7].i.request.name = "";
    bad[8].i.request.why = "";
    bad[9].i.request.why_en = NULL;
    bad[10].i.request.name = "市财政局\n";
    bad[11].i.request.demand = "请\u202e办";
    bad[12].i.request.item.number = 99;
    bad[13].i.request.item.plan = 2;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(try_issue(&o, &bad[i].i), bad[i].code);
        assert_says(&o.d.f, bad[i].says);
    }
    assert_int_equal(desk_lines(&o.d), before);
    struct issue longest = good;
    longest.request.demand = characters(&o.d, 2000);
    longest.request.days = 60;
    assert_int_equal(try_issue(&o, &longest), OK);
    office_fini(&o);
}

/* One that is not settled stands in the way of another, of this item alone. */
static void it_takes_one_unsettled_slip_for_an_item(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct issue first = issued(&o, KEPT_TASK, 1);
    struct issue second = issue_for(&o, KEPT_TASK, 1);
    assert_int_equal(try_issue(&o, &second), E_CONFLICT);
    assert_says(&o.d.f, "task 1 of plan 1: its slip 1 is open");
    issued(&o, KEPT_TASK, 2);
    issued(&o, KEPT_TARGET, 1);
    done(&o, first.slip, SLIP_ANSWER);
    assert_int_equal(try_issue(&o, &second), E_CONFLICT);
    assert_says(&o.d.f, "its slip 1 is answered");
    done(&o, first.slip, SLIP_ACCEPT);
    assert_int_equal(try_issue(&o, &second), OK);
    done(&o, second.slip, SLIP_WITHDRAW);
    struct issue third = issued(&o, KEPT_TASK, 1);
    assert_int_equal(third.slip, 5);
    office_fini(&o);
}

/* ---- terms ---- */

/* Start, working days, due day, across the holidays and made-up days of 2021 and into 2022. */
static void it_counts_working_days(void **state) {
    (void)state;
    static const struct {
        const char *from;
        int days;
        const char *due;
    } terms[] = {
        {"2021-02-10", 1, "2021-02-18"},  {"2021-02-10", 5, "2021-02-23"},
        {"2021-02-05", 1, "2021-02-07"},  {"2021-04-30", 1, "2021-05-06"},
        {"2021-04-23", 5, "2021-04-29"},  {"2021-09-17", 1, "2021-09-18"},
        {"2021-09-30", 1, "2021-10-08"},  {"2021-09-24", 20, "2021-10-27"},
        {"2021-01-29", 20, "2021-03-03"}, {"2021-06-11", 3, "2021-06-17"},
        {"2021-03-31", 10, "2021-04-15"}, {"2021-12-20", 10, "2022-01-04"},
    };
    struct office o;
    office_init(&o);
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        desk_set_day(&o.d, terms[i].from);
        struct issue x = issue_for(&o, KEPT_TASK, 1);
        x.request.days = terms[i].days;
        assert_int_equal(try_issue(&o, &x), OK);
        struct slip s = find_now(&o, x.slip);
        assert_day(s.due, terms[i].due);
        assert_false(slip_is_overdue(&s, s.due)); /* its last day is its own */
        assert_true(slip_is_overdue(&s, s.due + 1));
        done(&o, x.slip, SLIP_WITHDRAW);
    }
    office_fini(&o);
}

/* The day is Beijing's: 16:30 UTC is the next one there. */
static void it_counts_from_the_day_in_beijing(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    o.d.f.now = date_start_ms(day_of("2021-04-29"), 0) + (INT64_C(16) * 60 + 30) * 60 * 1000;
    struct issue i = issue_for(&o, KEPT_TASK, 1);
    i.request.days = 1;
    assert_int_equal(try_issue(&o, &i), OK);
    assert_day(find_now(&o, i.slip).due, "2021-05-06"); /* from 30 April; from the 29th: the 30th */
    office_fini(&o);
}

static void it_refuses_a_year_that_is_not_loaded(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    desk_set_day(&o.d, "2026-12-30");
    int64_t before = desk_lines(&o.d);
    struct issue i = issue_for(&o, KEPT_TASK, 1);
    assert_int_equal(try_issue(&o, &i), E_INPUT);
    assert_says(&o.d.f, "2027");
    assert_int_equal(desk_lines(&o.d), before);
    office_fini(&o);
}

/* ---- every act in every state ---- */

/* Brings a new slip of the item into the state. */
static int64_t slip_in(struct office *o, enum slip_state state) {
    int64_t slip = issued(o, KEPT_TASK, 1).slip;
    if (state == SLIP_ANSWERED || state == SLIP_CLOSED) {
        done(o, slip, SLIP_ANSWER);
    }
    if (state == SLIP_CLOSED) {
        done(o, slip, SLIP_ACCEPT);
    }
    if (state == SLIP_WITHDRAWN) {
        done(o, slip, SLIP_WITHDRAW);
    }
    assert_int_equal(find_now(o, slip).state, state);
    return slip;
}

static void it_lets_each_state_go_only_where_it_may(void **state) {
    (void)state;
    enum { NO = SLIP_STATES };
    static const int becomes[SLIP_STATES][SLIP_ACTS] = {
        /* issue, answer, accept, return, withdraw */
        [SLIP_OPEN] = {NO, SLIP_ANSWERED, NO, NO, SLIP_WITHDRAWN},
        [SLIP_ANSWERED] = {NO, NO, SLIP_CLOSED, SLIP_OPEN, SLIP_WITHDRAWN},
        [SLIP_CLOSED] = {NO, NO, NO, NO, NO},
        [SLIP_WITHDRAWN] = {NO, NO, NO, NO, NO},
    };
    static const char *const kinds[SLIP_ACTS] = {"slip.issued", "slip.answered", "slip.accepted",
                                                 "slip.returned", "slip.withdrawn"};
    struct office o;
    office_init(&o);
    for (int from = 0; from < SLIP_STATES; from++) {
        for (int act = SLIP_ANSWER; act < SLIP_ACTS; act++) {
            int64_t slip = slip_in(&o, (enum slip_state)from);
            int64_t before = desk_lines(&o.d);
            int64_t line = 0;
            struct slip_change c = act_on(slip, before, (enum slip_act)act);
            enum code code = try_change(&o, c, &line);
            if (becomes[from][act] == NO) {
                assert_says(&o.d.f, slip_state_name((enum slip_state)from));
            }
            struct slip s = find_now(&o, slip);
            if (becomes[from][act] == NO) {
                assert_int_equal(code, E_INPUT);
                assert_int_equal(s.state, from);
                assert_int_equal(desk_lines(&o.d), before);
            } else {
                char subject[SLIP_SUBJECT_MAX];
                assert_int_equal(code, OK);
                assert_int_equal(line, before + 1);
                assert_int_equal(s.state, becomes[from][act]);
                assert_int_equal(s.version, line);
                assert_last_line(&o.d, slip_subject(slip, subject), kinds[act],
                                 "\"item\":\"plan/1/task/1\",\"text\":\"已整改\"");
            }
            if (s.state == SLIP_OPEN || s.state == SLIP_ANSWERED) {
                done(&o, slip, SLIP_WITHDRAW);
            }
        }
    }
    office_fini(&o);
}

static void it_refuses_who_saw_an_earlier_version(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    int64_t line;
    struct issue i = issued(&o, KEPT_TASK, 1);
    done(&o, i.slip, SLIP_ANSWER);
    int64_t before = desk_lines(&o.d);
    for (int act = SLIP_ANSWER; act < SLIP_ACTS; act++) {
        enum code code = try_change(&o, act_on(i.slip, i.line, (enum slip_act)act), &line);
        assert_int_equal(code, E_CONFLICT);
        code = try_change(&o, act_on(i.slip, 0, (enum slip_act)act), &line);
        assert_int_equal(code, E_CONFLICT);
    }
    assert_int_equal(try_change(&o, act_on(99, before, SLIP_ACCEPT), &line), E_ABSENT);
    assert_int_equal(desk_lines(&o.d), before);
    office_fini(&o);
}

/* ---- answers ---- */

static void it_keeps_an_answer_with_its_files(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    int64_t line;
    unsigned char files[SLIP_FILES_MAX + 1][SHA256_BYTES];
    for (size_t i = 0; i < SLIP_FILES_MAX + 1; i++) {
        memset(files[i], (int)i, sizeof files[i]);
    }
    struct issue i = issued(&o, KEPT_TARGET, 1);
    struct slip_change c = act_on(i.slip, i.line, SLIP_ANSWER);
    c.files = (const unsigned char(*)[SHA256_BYTES])files;
    c.file_count = SLIP_FILES_MAX + 1;
    assert_int_equal(try_change(&o, c, &line), E_LIMIT);
    c.file_count = SLIP_FILES_MAX;
    c.text = "";
    assert_int_equal(try_change(&o, c, &line), E_INPUT);
    c.text = characters(&o.d, 2001);
    assert_int_equal(try_change(&o, c, &line), E_LIMIT);
    c.text = "附件为证";
    assert_int_equal(try_change(&o, c, &line), OK);
    assert_last_line(
        &o.d, "slip/1", "slip.answered",
        "\"files\":[\"0000000000000000000000000000000000000000000000000000000000000000\""
        ",\"0101");
    struct slip s = find_now(&o, i.slip);
    assert_int_equal(s.step_count, 2);
    assert_string_equal(s.steps[1].text, "附件为证");
    assert_int_equal(s.steps[1].file_count, SLIP_FILES_MAX);
    assert_memory_equal(s.steps[1].files, files, SLIP_FILES_MAX * sizeof *files);
    assert_int_equal(s.steps[0].file_count, 0);
    office_fini(&o);
}

/* Only who accepts may be silent. */
static void it_wants_a_reason(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    int64_t line;
    struct issue i = issued(&o, KEPT_TASK, 1);
    int64_t seen = done(&o, i.slip, SLIP_ANSWER);
    struct slip_change c = act_on(i.slip, seen, SLIP_RETURN);
    c.text = NULL;
    assert_int_equal(try_change(&o, c, &line), E_INPUT);
    c.act = SLIP_WITHDRAW;
    assert_int_equal(try_change(&o, c, &line), E_INPUT);
    c.act = SLIP_ACCEPT;
    assert_int_equal(try_change(&o, c, &line), OK);
    assert_string_equal(find_now(&o, i.slip).steps[2].text, "");
    office_fini(&o);
}

/* ---- sent back, overdue ---- */

static void it_keeps_the_due_day_or_gives_a_new_term(void **state) {
    (void)state;
    struct office o;
    office_init(&o); /* 23 April 2021: due on the 29th */
    int64_t line;
    struct issue i = issued(&o, KEPT_TASK, 1);
    desk_set_day(&o.d, "2021-04-30");
    done(&o, i.slip, SLIP_ANSWER); /* late, but answered */
    struct slip s = find_now(&o, i.slip);
    assert_false(slip_is_overdue(&s, day_of("2021-04-30")));
    int64_t kept = done(&o, i.slip, SLIP_RETURN);
    assert_last_line(&o.d, "slip/1", "slip.returned", "\"days\":null,\"due\":\"2021-04-29\"");
    s = find_now(&o, i.slip);
    assert_day(s.due, "2021-04-29");
    assert_true(slip_is_overdue(&s, day_of("2021-04-30")));
    int64_t seen = done(&o, i.slip, SLIP_ANSWER);
    struct slip_change c = act_on(i.slip, seen, SLIP_RETURN);
    c.days = 61;
    assert_int_equal(try_change(&o, c, &line), E_INPUT);
    c.days = -1;
    assert_int_equal(try_change(&o, c, &line), E_INPUT);
    c.days = 1;
    assert_int_equal(try_change(&o, c, &line), OK);
    assert_last_line(&o.d, "slip/1", "slip.returned", "\"days\":1,\"due\":\"2021-05-06\"");
    s = find_now(&o, i.slip);
    assert_day(s.due, "2021-05-06");
    assert_false(slip_is_overdue(&s, day_of("2021-05-06")));
    s = find_at(&o, i.slip, kept);
    assert_day(s.due, "2021-04-29");
    office_fini(&o);
}

static void it_is_overdue_only_while_open(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    for (int x = 0; x < SLIP_STATES; x++) {
        int64_t slip = slip_in(&o, (enum slip_state)x);
        struct slip s = find_now(&o, slip);
        assert_int_equal(slip_is_overdue(&s, s.due + 100), x == SLIP_OPEN);
        if (x == SLIP_OPEN || x == SLIP_ANSWERED) {
            done(&o, slip, SLIP_WITHDRAW);
        }
    }
    office_fini(&o);
}

static void it_tells_what_was_so_at_each_line(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct issue i = issued(&o, KEPT_TASK, 1);
    static const enum slip_act acts[] = {SLIP_ANSWER, SLIP_RETURN, SLIP_ANSWER, SLIP_ACCEPT};
    static const enum slip_state states[] = {SLIP_OPEN, SLIP_ANSWERED, SLIP_OPEN, SLIP_ANSWERED,
                                             SLIP_CLOSED};
    int64_t lines[5] = {i.line};
    for (size_t k = 0; k < 4; k++) {
        lines[k + 1] = done(&o, i.slip, acts[k]);
    }
    for (size_t k = 0; k < 5; k++) {
        struct slip s = find_at(&o, i.slip, lines[k]);
        assert_int_equal(s.state, states[k]);
        assert_int_equal(s.version, lines[k]);
        assert_int_equal(s.step_count, k + 1);
    }
    struct slip none;
    struct tx *tx = fixture_read(&o.d.f);
    assert_int_equal(slip_find(tx, i.slip, i.line - 1, &o.d.arena, &none, NULL), E_ABSENT);
    assert_int_equal(slip_find(tx, 9, INT64_MAX, &o.d.arena, &none, NULL), E_ABSENT);
    store_read_end(tx);
    office_fini(&o);
}

/* ---- lists ---- */

/* The IDs a filter finds, as "1 2 ". */
static const char *ids(struct office *o, struct slip_filter filter, char to[64]) {
    struct slip *all;
    size_t count;
    size_t n = 0;
    struct tx *tx = fixture_read(&o->d.f);
    assert_int_equal(slip_list(tx, &filter, &o->d.arena, &all, &count, &o->d.f.err), OK);
    store_read_end(tx);
    to[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        assert_null(all[i].steps);
        n += (size_t)snprintf(to + n, 64 - n, "%lld ", (long long)all[i].slip);
    }
    return to;
}

static void it_lists_by_plan_state_and_organisation(void **state) {
    (void)state;
    struct office o;
    char got[64];
    office_init(&o);
    struct issue first = issued(&o, KEPT_TASK, 1);
    struct issue second = issue_for(&o, KEPT_TASK, 2);
    second.request.organisation = "wuxi.education";
    assert_int_equal(try_issue(&o, &second), OK);
    issued(&o, KEPT_TARGET, 1);
    int64_t three = desk_lines(&o.d);
    done(&o, first.slip, SLIP_ANSWER);
    done(&o, second.slip, SLIP_WITHDRAW);
    const char *both[] = {"wuxi.education", "wuxi.finance"};
    assert_string_equal(ids(&o, (struct slip_filter){0}, got), "1 2 3 ");
    assert_string_equal(ids(&o, (struct slip_filter){.plan = 1}, got), "1 2 3 ");
    assert_string_equal(ids(&o, (struct slip_filter){.plan = 2}, got), "");
    assert_string_equal(ids(&o, (struct slip_filter){.states = SLIP_UNSETTLED}, got), "1 3 ");
    assert_string_equal(ids(&o, (struct slip_filter){.plan = 1, .states = SLIP_SETTLED}, got),
                        "2 ");
    assert_string_equal(
        ids(&o, (struct slip_filter){.states = SLIP_UNSETTLED, .as_of = three}, got), "1 2 3 ");
    assert_string_equal(ids(&o, (struct slip_filter){.as_of = three - 1}, got), "1 2 ");
    assert_string_equal(
        ids(&o, (struct slip_filter){.organisations = both, .organisation_count = 1}, got), "2 ");
    assert_string_equal(
        ids(&o, (struct slip_filter){.organisations = both, .organisation_count = 2}, got),
        "1 2 3 ");
    assert_string_equal(
        ids(&o, (struct slip_filter){.organisations = both, .organisation_count = 0}, got), "");
    assert_string_equal(ids(&o, (struct slip_filter){.limit = 2}, got), "1 2 ");
    assert_string_equal(ids(&o, (struct slip_filter){.limit = 2, .after = 2}, got), "3 ");
    office_fini(&o);
}

static void it_lists_all_that_an_item_had(void **state) {
    (void)state;
    struct office o;
    office_init(&o);
    struct slip *all;
    size_t count;
    struct issue first = issued(&o, KEPT_TASK, 1);
    done(&o, first.slip, SLIP_WITHDRAW);
    issued(&o, KEPT_TARGET, 1);
    issued(&o, KEPT_TASK, 1);
    struct item item = {1, KEPT_TASK, 1};
    struct tx *tx = fixture_read(&o.d.f);
    assert_int_equal(slip_list_of_item(tx, &item, INT64_MAX, &o.d.arena, &all, &count, &o.d.f.err),
                     OK);
    assert_int_equal(count, 2);
    assert_int_equal(all[0].slip, 1);
    assert_int_equal(all[0].state, SLIP_WITHDRAWN);
    assert_int_equal(all[1].slip, 3);
    assert_int_equal(slip_list_of_item(tx, &item, first.line, &o.d.arena, &all, &count, &o.d.f.err),
                     OK);
    assert_int_equal(count, 1);
    assert_int_equal(all[0].state, SLIP_OPEN);
    store_read_end(tx);
    office_fini(&o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_issues_a_slip_with_one_line),
        cmocka_unit_test(it_refuses_a_slip_that_is_not_whole),
        cmocka_unit_test(it_takes_one_unsettled_slip_for_an_item),
        cmocka_unit_test(it_counts_working_days),
        cmocka_unit_test(it_counts_from_the_day_in_beijing),
        cmocka_unit_test(it_refuses_a_year_that_is_not_loaded),
        cmocka_unit_test(it_lets_each_state_go_only_where_it_may),
        cmocka_unit_test(it_refuses_who_saw_an_earlier_version),
        cmocka_unit_test(it_keeps_an_answer_with_its_files),
        cmocka_unit_test(it_wants_a_reason),
        cmocka_unit_test(it_keeps_the_due_day_or_gives_a_new_term),
        cmocka_unit_test(it_is_overdue_only_while_open),
        cmocka_unit_test(it_tells_what_was_so_at_each_line),
        cmocka_unit_test(it_lists_by_plan_state_and_organisation),
        cmocka_unit_test(it_lists_all_that_an_item_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
