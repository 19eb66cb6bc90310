/* sentence: sentences and clauses of Chinese prose. Marks inside quotes and brackets do not end
 * anything, unless the quote is longer than QUOTE_MAX: then it was never closed. */
#ifndef TAIHU_TEXT_SENTENCE_H
#define TAIHU_TEXT_SENTENCE_H

#include "text/source.h"

enum { QUOTE_MAX = 120 };

/* Whether `c` ends a sentence: 。 ； ！ ？ or a line feed. */
bool sentence_ends(char16_t c);

/* The next sentence at or behind *at: up to 。 ； ！ ？ or a line feed, the mark itself left out,
 * blanks trimmed. Moves *at behind the mark. False at the end of the run. */
bool sentence_next(const struct source *s, struct run within, uint32_t *at, struct run *out);

/* The next clause: as a sentence, and up to ， and ： too. */
bool clause_next(const struct source *s, struct run within, uint32_t *at, struct run *out);

/* Where the quote or bracket that opens at `at` closes (the place of the closing mark), or `at`
 * when it does not within QUOTE_MAX places or `end`. */
uint32_t quote_end(const struct source *s, uint32_t at, uint32_t end);

#endif
