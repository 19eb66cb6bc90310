/* plan_load: a plan and the documents that look back on it, all in memory at once. */
#ifndef TAIHU_CLI_PLAN_LOAD_H
#define TAIHU_CLI_PLAN_LOAD_H

#include "base/arena.h"
#include "cli/cli_int.h"
#include "plan/reading.h"
#include "plan/verdict.h"

struct plan_load {
    struct reading plan;
    struct reading *outcomes;
    size_t outcome_count;
    struct judgement *judgements; /* none where there is no outcome document */
    size_t judgement_count;
};

/* Reads the operands, PLAN [OUTCOME...], and judges. All of *out lives in `a`. Any document that
 * fails is an error of the whole: a verdict without it could say "not reported" of what it reports.
 */
enum code plan_load(const struct cli_args *args, struct arena *a, struct plan_load *out,
                    struct err *err);

#endif
