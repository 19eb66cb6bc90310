/* Owners as stated by documents in their several styles, and as proposed from the lexicon. */
#include "plan/owner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "plan/owner_int.h"

/* Finds the owners of `task` within `text`, as "name/role, name/role" with "!" for a stated one. */
static void describe(const char *text, const char *task, struct buf *out) {
    static const char *const roles[] = {
        [PART_NONE] = "", [PART_LEAD] = "/lead", [PART_SUPPORT] = "/support"};
    struct arena a = ARENA_INIT;
    struct owner_index *index = owner_index_new();
    struct source s;
    struct responsible *found;
    uint32_t n;
    size_t from = (size_t)(strstr(text, task) - text);
    struct run run = {0, 0};
    source_fold(text, strlen(text), &a, &s);
    while (s.at[run.from] < from) {
        run.from++;
    }
    run.to = run.from;
    while (s.at[run.to] < from + strlen(task)) {
        run.to++;
    }
    owner_find(index, &s, run, &a, &found, &n);
    buf_clear(out);
    buf_adds(out, "");
    for (uint32_t i = 0; i < n; i++) {
        buf_addf(out, "%s%s%s%s", i == 0 ? "" : ", ", found[i].source == OWNER_DOCUMENT ? "!" : "",
                 found[i].name, roles[found[i].role]);
    }
    owner_index_free(index);
    arena_fini(&a);
}

static void expect(const char *text, const char *task, const char *owners) {
    struct buf got = BUF_INIT;
    describe(text, task, &got);
    if (strcmp(got.data, owners) != 0) {
        fail_msg("%s: expected \"%s\", got \"%s\"", text, owners, got.data);
    }
    buf_fini(&got);
}

static void expect_alone(const char *task, const char *owners) {
    expect(task, task, owners);
}

static void labels_in_brackets(void **state) {
    (void)state;
    expect_alone("加快建设（责任单位：市发展改革委、市财政局）", "!市发展改革委, !市财政局");
    expect_alone("推进改革(牵头单位:市教育局;配合单位:市财政局、各县（市、区）人民政府)",
                 "!市教育局/lead, !市财政局/support, !各县（市、区）人民政府/support");
    expect_alone("推进改革（责任领导：张三；牵头单位：市水利局）", "!市水利局/lead");
    expect_alone("推進改革（牽頭單位：市財政局）", "!市財政局/lead");
}

static void a_bracket_behind_the_sentence(void **state) {
    (void)state;
    expect("加快建设。（责任单位：市商务局）下一句。", "加快建设", "!市商务局");
    expect("加快建设。下一句（责任单位：市商务局）。", "加快建设", "");
}

static void lines_behind_the_paragraph(void **state) {
    (void)state;
    static const char text[] =
        "1．新建学校。实行改造。\n\n牵头单位：市教育体育局\n\n"
        "责任单位：各县（市）区人民政府、开发（度假）区管委会\n\n2．改造小区。\n";
    expect(text, "新建学校", "!市教育体育局/lead, !各县（市）区人民政府, !开发（度假）区管委会");
    expect(text, "实行改造", "!市教育体育局/lead, !各县（市）区人民政府, !开发（度假）区管委会");
    expect(text, "改造小区", "");
}

static void verbs(void **state) {
    (void)state;
    expect_alone("由市交通运输局牵头推进高速公路建设", "!市交通运输局/lead");
    expect_alone("（市发展和改革委员会牵头，市财政局和市审计局配合）",
                 "!市发展和改革委员会/lead, !市财政局/support, !市审计局/support");
    expect_alone("（市公安局、市司法局按职责分工负责）", "!市公安局, !市司法局");
}

static void who_is_no_body_is_not_taken(void **state) {
    (void)state;
    expect_alone("由各有关部门按职责分工负责", "");
    expect_alone("由市有关委办局负责", "");
    expect_alone("坚持市领导牵头包抓", "");
    expect_alone("支持单位牵头组建联合体", "");
}

static void at_most_four_are_taken(void **state) {
    (void)state;
    expect_alone("（责任单位：市教育局、市公安局、市民政局、市司法局、市财政局）",
                 "!市教育局, !市公安局, !市民政局, !市司法局");
}

static void the_words_of_a_task_propose(void **state) {
    (void)state;
    expect_alone("新增幼儿园10所，提高义务教育水平", "市教育局/lead");
    expect_alone("新建高速公路，推进铁路建设", "市交通运输局/lead");
    expect_alone("实施財政預算績效管理", "市财政局/lead");
    expect_alone("", "");
    expect_alone("以更大力度做好各项工作", "");
}

static void equals_share_the_work(void **state) {
    (void)state;
    expect_alone("改造幼儿园和医院", "市教育局/lead, 市卫生健康委员会/support");
}

static void little_beside_much_is_left_out(void **state) {
    (void)state;
    expect_alone("推进高速公路、铁路、地铁、机场、港口建设，改造医院", "市交通运输局/lead");
}

/* Words that hold another word and mean something else. */
static void a_longer_word_hides_a_shorter(void **state) {
    (void)state;
    expect_alone("努力做好市政府工作", "");
    expect_alone("对标世界银行标准", "");
}

static struct decimal first_confidence(const char *task) {
    struct arena a = ARENA_INIT;
    struct owner_index *index = owner_index_new();
    struct source s;
    struct responsible *found;
    uint32_t n;
    source_fold(task, strlen(task), &a, &s);
    owner_find(index, &s, (struct run){0, s.n}, &a, &found, &n);
    assert_true(n > 0);
    struct decimal c = found[0].confidence;
    owner_index_free(index);
    arena_fini(&a);
    return c;
}

static void confidence_follows_the_evidence(void **state) {
    (void)state;
    struct decimal one = first_confidence("新增幼儿园");
    struct decimal two = first_confidence("新增幼儿园，提高义务教育");
    struct decimal rival = first_confidence("新增幼儿园和医院");
    struct decimal best = {95, 2};
    struct decimal least = {1, 1};
    assert_true(decimal_cmp(two, one) > 0);
    assert_true(decimal_cmp(rival, one) < 0);
    assert_true(decimal_cmp(two, best) <= 0);
    assert_true(decimal_cmp(rival, least) >= 0);
    assert_int_equal(decimal_cmp(first_confidence("（责任单位：市财政局）"), decimal_of(1)), 0);
}

/* The lexicon itself: no word of one unit, every body with something to answer for. */
static void check_words(const char16_t *list) {
    size_t run = 0;
    for (const char16_t *c = list;; c++) {
        if (*c == u' ' || *c == 0) {
            assert_true(run >= 2 || (run == 0 && c == list));
            run = 0;
        } else {
            run++;
        }
        if (*c == 0) {
            break;
        }
    }
}

static void the_lexicon_is_well_formed(void **state) {
    (void)state;
    assert_true(owner_duty_count >= 45);
    for (size_t i = 0; i < owner_duty_count; i++) {
        assert_true(owner_duties[i].sure[0] != 0);
        check_words(owner_duties[i].sure);
        check_words(owner_duties[i].likely);
        check_words(owner_duties[i].hint);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_in_brackets),
        cmocka_unit_test(a_bracket_behind_the_sentence),
        cmocka_unit_test(lines_behind_the_paragraph),
        cmocka_unit_test(verbs),
        cmocka_unit_test(who_is_no_body_is_not_taken),
        cmocka_unit_test(at_most_four_are_taken),
        cmocka_unit_test(the_words_of_a_task_propose),
        cmocka_unit_test(equals_share_the_work),
        cmocka_unit_test(little_beside_much_is_left_out),
        cmocka_unit_test(a_longer_word_hides_a_shorter),
        cmocka_unit_test(confidence_follows_the_evidence),
        cmocka_unit_test(the_lexicon_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
