/* verdict: what became of last year's targets, by what later documents report.
 *
 * For each target of a plan: the outcome statement that speaks of the same thing in the same year,
 * and what follows: met, missed, not_comparable (it is spoken of, but not in a way that decides),
 * not_reported. A met or missed must be certain from the words and the number; doubt says so. */
#ifndef TAIHU_PLAN_VERDICT_H
#define TAIHU_PLAN_VERDICT_H

#include "plan/reading.h"

enum verdict {
    VERDICT_MET,
    VERDICT_MISSED,
    VERDICT_NOT_COMPARABLE,
    VERDICT_NOT_REPORTED,
    VERDICTS,
};

struct judgement {
    const struct figure *target;
    enum verdict verdict;
    const struct reading *where;  /* the document the outcome stands in, or NULL */
    const struct figure *outcome; /* in `where`, or NULL */
    const char *why;              /* the reason in words, UTF-8 Chinese */
    const char *why_en;           /* the same in English */
};

/* One judgement for each target of `plan` for its own year, in order, into out[0..*count).
 * `out` comes from `a`. The outcome readings are looked at in the order given. */
void plan_reconcile(const struct reading *plan, const struct reading *outcomes,
                    size_t outcome_count, struct arena *a, struct judgement **out, size_t *count);

/* "met", "missed", "not_comparable", "not_reported". */
const char *verdict_name(enum verdict v);

#endif
