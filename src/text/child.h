/* child: a helper program run on outside bytes, where it can do little harm: bytes in by stdin,
 * bytes out by stdout, an empty environment, no new privileges, no file written, bounds on its
 * time, memory and output, and its whole process group killed when they are passed. Linux. */
#ifndef TAIHU_TEXT_CHILD_H
#define TAIHU_TEXT_CHILD_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct child_limits {
    int wall_ms;
    int cpu_s;
    size_t memory;     /* bytes of address space */
    size_t output_max; /* bytes of stdout; what it says on stderr is cut at 4 KB */
};

/* How it ended, where it was not stopped by us. */
struct child_end {
    int status; /* of exit(); -1 when a signal ended it */
    int signal; /* 0 when it exited */
};

/* Runs argv[0], an absolute path, with `in` on a seekable stdin; adds what it writes to `out` and
 * `words`. E_IO: it cannot be started. E_LIMIT: it took too long or wrote too much. */
enum code child_run(const char *const argv[], const struct child_limits *limits, const char *in,
                    size_t n, struct buf *out, struct buf *words, struct child_end *end,
                    struct err *err);

#endif
