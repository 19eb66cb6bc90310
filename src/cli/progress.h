/* progress: one line on a terminal that says how far long work has come:
 *
 *   1,204 documents, 63.1 MB, 24.8 MB/s: cities/无锡市/2021.txt
 *
 * Redrawn in place at most ten times a second, and not before the work has lasted half a second.
 * Where stderr is not a terminal nothing is ever written. */
#ifndef TAIHU_CLI_PROGRESS_H
#define TAIHU_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    int fd;
    bool on;    /* fd is a terminal */
    bool shown; /* a line stands there now */
    uint64_t start_ms;
    uint64_t drawn_ms;
    uint64_t documents;
    uint64_t bytes;
};

/* `fd` is stderr's, or -1 for no progress. Times come from any clock that does not run backwards.
 */
void progress_init(struct progress *p, int fd, uint64_t now_ms);

/* A document begins: draws the line when it is time. */
void progress_show(struct progress *p, const char *name, uint64_t now_ms);

/* A document of `bytes` is done. */
void progress_count(struct progress *p, uint64_t bytes);

/* Takes the line away: before anything else is written to the terminal, and at the end. */
void progress_clear(struct progress *p);

#endif
