/* test_sentence: where sentences and clauses end, and where marks end nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/folded.h"
#include "text/sentence.h"

typedef bool next_fn(const struct source *, struct run, uint32_t *, struct run *);

/* Splits `text` and joins the pieces with "/". */
static void expect(next_fn *next, const char *text, const char *pieces) {
    struct arena a = ARENA_INIT;
    struct buf got = BUF_INIT;
    struct source s = fold(text, &a);
    struct run r;
    uint32_t at = 0;
    buf_adds(&got, "");
    while (next(&s, whole(&s), &at, &r)) {
        buf_addf(&got, "%s%s", got.len == 0 ? "" : "/", source_text(&s, r, &a));
        assert_true(r.from < r.to && r.to <= at && at <= s.n);
    }
    assert_int_equal(at, s.n);
    if (strcmp(got.data, pieces) != 0) {
        fail_msg("\"%s\": expected \"%s\", got \"%s\"", text, pieces, got.data);
    }
    buf_fini(&got);
    arena_fini(&a);
}

static void sentences_end_at_stops(void **state) {
    (void)state;
    expect(sentence_next, "建成10家。完成5项；开工吗？开工！", "建成10家/完成5项/开工吗/开工");
    expect(sentence_next, "建成10家，完成5项：一是", "建成10家，完成5项：一是");
    expect(sentence_next, "第一行\n第二行", "第一行/第二行");
    expect(sentence_next, "增长13.5%。", "增长13.5%");
    expect(sentence_next, "甲;乙?丙!", "甲/乙/丙");
    expect(sentence_next, "沒有句號", "沒有句號");
}

static void empty_sentences_are_passed_over(void **state) {
    (void)state;
    expect(sentence_next, "", "");
    expect(sentence_next, "。。；\n \n", "");
    expect(sentence_next, "。。甲。 。乙", "甲/乙");
    expect(sentence_next, " ** 甲 ** 。", "甲");
}

static void clauses_end_at_commas_and_colons_too(void **state) {
    (void)state;
    expect(clause_next, "建成10家，完成5项：开工。试点、推广", "建成10家/完成5项/开工/试点、推广");
    expect(clause_next, "投资1,200亿元，增长5%", "投资1,200亿元/增长5%");
    expect(clause_next, "比例3:1，达到", "比例3:1/达到");
}

static void marks_inside_quotes_end_nothing(void **state) {
    (void)state;
    expect(sentence_next, "推进“放管服；一件事。”改革。完成", "推进“放管服；一件事。”改革/完成");
    expect(sentence_next, "出台《办法；细则》。完成", "出台《办法；细则》/完成");
    expect(clause_next, "新建（含改建，扩建）5座，完成", "新建（含改建，扩建）5座/完成");
    expect(clause_next, "落实【甲，乙】，完成", "落实【甲，乙】/完成");
    expect(clause_next, "「一，二」，三", "「一，二」/三");
    expect(clause_next, "(一,（二,三）,四),五", "(一,（二,三）,四)/五");
}

static void a_quote_that_never_closes_is_no_quote(void **state) {
    (void)state;
    struct buf text = BUF_INIT;
    expect(sentence_next, "推进“放管服；改革。完成", "推进“放管服/改革/完成");
    expect(sentence_next, "推进“放管服\n改革”；完成", "推进“放管服/改革”/完成");
    buf_adds(&text, "“");
    for (int i = 0; i < QUOTE_MAX; i++) {
        buf_adds(&text, "长");
    }
    buf_adds(&text, "；”");
    struct arena a = ARENA_INIT;
    struct source s = fold(text.data, &a);
    struct run r;
    uint32_t at = 0;
    assert_int_equal(quote_end(&s, 0, s.n), 0);
    assert_true(sentence_next(&s, whole(&s), &at, &r));
    assert_int_equal(r.to, QUOTE_MAX + 1);
    arena_fini(&a);
    buf_fini(&text);
}

static void quotes_close_at_their_own_mark(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct source s = fold("“甲（乙”丙）（丁（戊）己）", &a);
    assert_int_equal(quote_end(&s, 0, s.n), 4);
    assert_int_equal(quote_end(&s, 2, s.n), 6);
    assert_int_equal(quote_end(&s, 7, s.n), 13);
    assert_int_equal(quote_end(&s, 7, 12), 7);  /* closes behind the end */
    assert_int_equal(quote_end(&s, 1, s.n), 1); /* opens nothing */
    arena_fini(&a);
}

/* Only the run is looked at, and the place moves behind the mark. */
static void the_run_bounds_the_search(void **state) {
    (void)state;
    struct arena a = ARENA_INIT;
    struct source s = fold("甲。乙丙。丁", &a);
    struct run r;
    uint32_t at = 2;
    assert_true(sentence_next(&s, (struct run){2, 4}, &at, &r));
    assert_int_equal(r.from, 2);
    assert_int_equal(r.to, 4);
    assert_int_equal(at, 4);
    assert_false(sentence_next(&s, (struct run){2, 4}, &at, &r));
    arena_fini(&a);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_end_at_stops),
        cmocka_unit_test(empty_sentences_are_passed_over),
        cmocka_unit_test(clauses_end_at_commas_and_colons_too),
        cmocka_unit_test(marks_inside_quotes_end_nothing),
        cmocka_unit_test(a_quote_that_never_closes_is_no_quote),
        cmocka_unit_test(quotes_close_at_their_own_mark),
        cmocka_unit_test(the_run_bounds_the_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
