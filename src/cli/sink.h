/* sink: where a subcommand's data goes: stdout, or a file that appears whole or not at all. Written
 * in large blocks. Not for sharing between threads. */
#ifndef TAIHU_CLI_SINK_H
#define TAIHU_CLI_SINK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct sink {
    int fd;
    const char *path;   /* borrowed; NULL for stdout */
    struct buf temp;    /* the name it has until it is whole; empty where it has no other */
    struct buf waiting; /* not written yet */
};

/* Opens `path`, or stdout for NULL. A file is written beside its place and moved there by
 * sink_close(); a device, a pipe or a symbolic link (/dev/stdout is one) is written as it is. Pair
 * an OK with one close or drop. */
enum code sink_open(struct sink *s, const char *path, struct err *err);

/* Append here, then sink_push(). */
struct buf *sink_buf(struct sink *s);

/* Writes what waits when it is a block or more. E_IO names what failed; then sink_drop(). */
enum code sink_push(struct sink *s, struct err *err);

/* Writes all that waits, whatever its size. */
enum code sink_flush(struct sink *s, struct err *err);

/* Writes the rest and puts the file in its place. The sink is done, also on failure. */
enum code sink_close(struct sink *s, struct err *err);

/* Gives up: what waits is lost, the place keeps the file it had. */
void sink_drop(struct sink *s);

/* Whether a person is looking at it. */
bool sink_is_terminal(const struct sink *s);

#endif
