/* plan_reconcile: `taihu plan reconcile PLAN OUTCOME...`: the scoreboard. */
#include <string.h>

#include "cli/cli_int.h"
#include "cli/plan_load.h"
#include "cli/sink.h"
#include "plan/write.h"

enum code cli_plan_reconcile(const struct cli_args *args, struct err *err) {
    struct arena a = ARENA_INIT;
    struct plan_load all;
    struct sink out;
    enum code code = plan_load(args, &a, &all, err);
    if (code != OK) {
        goto out;
    }
    code = sink_open(&out, args->value[CLI_OUTPUT], err);
    if (code != OK) {
        goto out;
    }
    const char *format = args->value[CLI_FORMAT];
    if (format == NULL) {
        format = sink_is_terminal(&out) ? "table" : "json";
    }
    if (strcmp(format, "table") == 0) {
        write_judgements_table(&all.plan, all.judgements, all.judgement_count, sink_buf(&out));
    } else {
        write_judgements_json(&all.plan, all.judgements, all.judgement_count, 2, sink_buf(&out));
        buf_addc(sink_buf(&out), '\n');
    }
    code = sink_close(&out, err);
out:
    arena_fini(&a);
    return code;
}
