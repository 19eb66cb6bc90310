/* indicator: cuts the thing measured out of the words before or behind a number. Within plan/ only.
 */
#ifndef TAIHU_PLAN_INDICATOR_H
#define TAIHU_PLAN_INDICATOR_H

#include <stdbool.h>

#include "plan/words.h"
#include "text/source.h"

/* The words before a number, taken apart from the number backwards and from the front forwards. */
struct lead {
    struct run noun;           /* what is left: the thing, or empty */
    uint16_t tails;            /* a bit 1 << enum tail for each bound cut from the end */
    const struct lexeme *verb; /* the verb that governs the number, or NULL */
    bool verb_at_end;          /* the verb stood right before the number: 集聚200个… */
    bool listed;               /* the words end with 等: the thing follows the number */
};

/* Takes `run` apart. `goes_on`: the run goes on a list, 、大学生10万人, and holds no verb of its
 * own behind its first word. */
void lead_read(const struct source *s, const struct words *w, struct run run, bool goes_on,
               struct lead *out);

/* The noun that begins at `from` and ends before `to`: cut at a further number's 、, at a verb that
 * tells what the thing does, at 的目标 and the like. */
struct run noun_behind(const struct source *s, const struct words *w, uint32_t from, uint32_t to);

/* Whether the words at `at` say what a thing does or undergoes, so that no noun begins there. */
bool noun_ends_at(const struct source *s, const struct words *w, uint32_t at, uint32_t end);

/* The parts of a noun phrase at its top-level 、 和 与 及, at most `max`; their number. */
int noun_items(const struct source *s, struct run noun, struct run *items, int max);

#endif
