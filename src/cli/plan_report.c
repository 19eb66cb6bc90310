/* plan_report: `taihu plan report PLAN [OUTCOME...] -o FILE.html`: the page. */
#include <stdio.h>

#include "cli/cli_int.h"
#include "cli/plan_load.h"
#include "cli/sink.h"
#include "plan/report.h"

enum code cli_plan_report(const struct cli_args *args, struct err *err) {
    struct arena a = ARENA_INIT;
    struct plan_load all;
    struct sink out;
    const char *path = args->value[CLI_OUTPUT];
    enum code code = plan_load(args, &a, &all, err);
    if (code != OK) {
        goto out;
    }
    code = sink_open(&out, path, err);
    if (code != OK) {
        goto out;
    }
    report_write(&all.plan, all.outcomes, all.outcome_count, all.judgements, all.judgement_count,
                 sink_buf(&out));
    code = sink_close(&out, err);
    if (code == OK) {
        fprintf(stderr, "taihu: wrote %s\n", path);
    }
out:
    arena_fini(&a);
    return code;
}
