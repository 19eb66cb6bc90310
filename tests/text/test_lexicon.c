/* test_lexicon: the longest word wins, at the front and at the end, in tables of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/lexicon.h"

enum { GROW, GROW_TO, RISE, REACH };

/* Shorter and longer words mixed, so that order in the table says nothing. */
static const struct lexeme table[] = {
    LEXEME(u"增", RISE),       LEXEME(u"增长到", GROW_TO), LEXEME(u"增长", GROW),
    LEXEME(u"达到", REACH),    LEXEME(u"到", REACH),       LEXEME(u"达", REACH),
    LEXEME(u"同比增长", GROW),
};

static size_t length(const char16_t *s) {
    size_t n = 0;
    while (s[n] != 0) {
        n++;
    }
    return n;
}

/* The length and tag of what was found, as length * 10 + tag; -1 for nothing. */
static int answer(const struct lexeme *w) {
    return w == NULL ? -1 : w->len * 10 + w->tag;
}

static int prefix(const struct lexicon *lex, const char16_t *s) {
    return answer(lexicon_prefix(lex, s, length(s)));
}

static int suffix(const struct lexicon *lex, const char16_t *s) {
    return answer(lexicon_suffix(lex, s, length(s)));
}

static struct lexicon *make(void) {
    return lexicon_new(table, sizeof table / sizeof table[0]);
}

static void the_longest_prefix_wins(void **state) {
    (void)state;
    struct lexicon *lex = make();
    assert_int_equal(prefix(lex, u"增长到5%"), 30 + GROW_TO);
    assert_int_equal(prefix(lex, u"增长5%"), 20 + GROW);
    assert_int_equal(prefix(lex, u"增5%"), 10 + RISE);
    assert_int_equal(prefix(lex, u"下降5%"), -1);
    assert_int_equal(prefix(lex, u"达到"), 20 + REACH);
    assert_int_equal(prefix(lex, u"同比"), -1);
    lexicon_free(lex);
}

static void the_longest_suffix_wins(void **state) {
    (void)state;
    struct lexicon *lex = make();
    assert_int_equal(suffix(lex, u"投资同比增长"), 40 + GROW);
    assert_int_equal(suffix(lex, u"投资增长"), 20 + GROW);
    assert_int_equal(suffix(lex, u"投资增长到"), 30 + GROW_TO);
    assert_int_equal(suffix(lex, u"投资达到"), 20 + REACH);
    assert_int_equal(suffix(lex, u"投资"), -1);
    lexicon_free(lex);
}

static void no_word_reaches_beyond_the_text(void **state) {
    (void)state;
    struct lexicon *lex = make();
    assert_int_equal(answer(lexicon_prefix(lex, u"增长到", 2)), 20 + GROW);
    assert_int_equal(answer(lexicon_prefix(lex, u"增长到", 1)), 10 + RISE);
    assert_null(lexicon_prefix(lex, u"增长到", 0));
    assert_null(lexicon_suffix(lex, u"增长到", 0));
    lexicon_free(lex);
}

static void an_empty_lexicon_finds_nothing(void **state) {
    (void)state;
    struct lexicon *lex = lexicon_new(table, 0);
    assert_null(lexicon_prefix(lex, u"增长", 2));
    assert_null(lexicon_suffix(lex, u"增长", 2));
    lexicon_free(lex);
    lexicon_free(NULL);
}

/* 20,000 words of two units, more than there are heads: chains hold words of other first units. */
static void a_large_table_keeps_its_words_apart(void **state) {
    (void)state;
    enum { WORDS = 20000 };
    char16_t *text = calloc(WORDS * 2, sizeof *text);
    struct lexeme *items = calloc(WORDS, sizeof *items);
    assert_non_null(text);
    assert_non_null(items);
    for (size_t i = 0; i < WORDS; i++) {
        text[i * 2] = (char16_t)(0x4E00 + i);
        text[i * 2 + 1] = (char16_t)(0x9FFF - i);
        items[i] = (struct lexeme){text + i * 2, 2, (uint16_t)i};
    }
    struct lexicon *lex = lexicon_new(items, WORDS);
    for (size_t i = 0; i < WORDS; i++) {
        assert_ptr_equal(lexicon_prefix(lex, text + i * 2, 2), &items[i]);
        assert_ptr_equal(lexicon_suffix(lex, text + i * 2, 2), &items[i]);
        char16_t other[2] = {text[i * 2], u'x'};
        assert_null(lexicon_prefix(lex, other, 2));
    }
    lexicon_free(lex);
    free(items);
    free(text);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_prefix_wins),
        cmocka_unit_test(the_longest_suffix_wins),
        cmocka_unit_test(no_word_reaches_beyond_the_text),
        cmocka_unit_test(an_empty_lexicon_finds_nothing),
        cmocka_unit_test(a_large_table_keeps_its_words_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
