/* source: a UTF-8 text beside its folded view.
 *
 *   utf8:  增 長 ７ ％ ，     bytes as written, what spans count
 *   ch:    增 长 7  %  ，     one UTF-16 unit for each character, as the grammar reads it
 *   at:    0  3  6  9  12 15 the byte offset of each character; at[n] is the end
 *
 * Blanks that strayed between ideographs and digits are not in the view.
 * A character outside the basic plane is one unit, SOURCE_OTHER. Positions in ch are "places"; they
 * become bytes by at[]. */
#ifndef TAIHU_TEXT_SOURCE_H
#define TAIHU_TEXT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

#include "base/arena.h"

enum { SOURCE_OTHER = 0xFFFD };

struct source {
    const char *utf8;
    const char16_t *ch;
    const uint32_t *at;
    uint32_t n;
};

/* A run of places [from, to). */
struct run {
    uint32_t from;
    uint32_t to;
};

/* Folds `len` bytes of valid UTF-8, less than 4 GiB. The view lives in `a` and points at `utf8`. */
void source_fold(const char *utf8, size_t len, struct arena *a, struct source *out);

/* The byte offset at which a run ends, blanks behind it left out. */
uint32_t source_end(const struct source *s, struct run r);

/* The bytes of a run as a NUL-ended copy. */
char *source_text(const struct source *s, struct run r, struct arena *a);

/* Cuts blanks (and stars, the bold marks of Markdown) from both ends. */
struct run source_trim(const struct source *s, struct run r);

/* Whether the run begins with, or holds, the word (NUL-ended UTF-16, folded). */
bool source_starts(const struct source *s, struct run r, const char16_t *word);
bool source_ends(const struct source *s, struct run r, const char16_t *word);

/* The place of the word in the run, or UINT32_MAX. */
uint32_t source_find(const struct source *s, struct run r, const char16_t *word);

/* Whether the run ends with any of the NULL-ended list. */
bool source_ends_any(const struct source *s, struct run r, const char16_t *const *words);

/* Whether any of the NULL-ended list stands in the run. */
bool source_has_any(const struct source *s, struct run r, const char16_t *const *words);

/* The length of a NUL-ended UTF-16 word. */
uint32_t word_len(const char16_t *word);

/* Whether `set`, NUL-ended, has `c`. */
static inline bool is_one_of16(char16_t c, const char16_t *set) {
    while (*set != 0 && *set != c) {
        set++;
    }
    return *set != 0;
}

static inline bool is_digit16(char16_t c) {
    return c >= u'0' && c <= u'9';
}

static inline bool is_letter16(char16_t c) {
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

static inline bool is_ideograph16(char16_t c) {
    return c >= 0x3400 && c < 0xA000;
}

#endif
