/* plan_load: see plan_load.h. */
#include "cli/plan_load.h"

#include "plan/reader.h"
#include "text/document.h"

static enum code load_one(const struct reader *reader, const char *path, struct arena *a,
                          struct reading *out, struct err *err) {
    struct document doc;
    enum code code = document_load(path, a, &doc, err);
    if (code == OK) {
        code = reader_read(reader, &doc, a, out, err);
    }
    err_prefix(err, path);
    return code;
}

enum code plan_load(const struct cli_args *args, struct arena *a, struct plan_load *out,
                    struct err *err) {
    struct plan_load all = {.outcome_count = args->operand_count - 1};
    struct reader *reader = reader_new();
    enum code code = load_one(reader, args->operands[0], a, &all.plan, err);
    all.outcomes = arena_zero(a, (all.outcome_count + 1) * sizeof *all.outcomes);
    for (size_t i = 0; i < all.outcome_count && code == OK; i++) {
        code = load_one(reader, args->operands[i + 1], a, &all.outcomes[i], err);
    }
    if (code == OK && all.outcome_count > 0) {
        plan_reconcile(&all.plan, all.outcomes, all.outcome_count, a, &all.judgements,
                       &all.judgement_count);
    }
    if (code == OK) {
        *out = all;
    }
    reader_free(reader);
    return code;
}
