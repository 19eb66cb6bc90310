/* lexicon: a table of words, found by the longest that a text begins or ends with.
 *
 * The words are a static array in the room that owns them; a lexicon is an index over it, made once
 * and then only read, so threads may share it. */
#ifndef TAIHU_TEXT_LEXICON_H
#define TAIHU_TEXT_LEXICON_H

#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

struct lexeme {
    const char16_t *text; /* folded: simplified, half-width digits, Chinese marks */
    uint16_t len;         /* units */
    uint16_t tag;         /* what the owner makes of it */
};

/* A row of a table: LEXEME(u"增长", VERB_GROWTH). */
#define LEXEME(word, tag)                                                                          \
    { word, sizeof(word) / sizeof(char16_t) - 1, tag }

struct lexicon;

/* `items` must outlive the lexicon; at most 65,534 of them, none empty. */
struct lexicon *lexicon_new(const struct lexeme *items, size_t n);
void lexicon_free(struct lexicon *lex);

/* The longest word that s[0..n) begins with, or NULL. */
const struct lexeme *lexicon_prefix(const struct lexicon *lex, const char16_t *s, size_t n);

/* The longest word that s[0..n) ends with, or NULL. */
const struct lexeme *lexicon_suffix(const struct lexicon *lex, const char16_t *s, size_t n);

#endif
