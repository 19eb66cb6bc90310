/* version: `taihu version`. */
#include "cli/cli_int.h"
#include "cli/sink.h"

static const char VERSION[] = "0.1.0"; /* semantic versioning; 0: formats may still change */

enum code cli_version(const struct cli_args *args, struct err *err) {
    (void)args;
    struct sink out;
    enum code code = sink_open(&out, NULL, err);
    if (code != OK) {
        return code;
    }
    buf_addf(sink_buf(&out), "taihu %s\n", VERSION);
    return sink_close(&out, err);
}
