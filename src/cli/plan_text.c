/* plan_text: `taihu plan text FILE`: the document's UTF-8 text, byte for byte what spans count. */
#include "cli/cli_int.h"
#include "cli/sink.h"
#include "text/document.h"

enum code cli_plan_text(const struct cli_args *args, struct err *err) {
    struct arena a = ARENA_INIT;
    struct document doc;
    struct sink out;
    enum code code = document_load(args->operands[0], &a, &doc, err);
    if (code != OK) {
        err_prefix(err, args->operands[0]);
        goto out;
    }
    code = sink_open(&out, args->value[CLI_OUTPUT], err);
    if (code == OK) {
        buf_add(sink_buf(&out), doc.text, doc.len);
        code = sink_close(&out, err);
    }
out:
    arena_fini(&a);
    return code;
}
