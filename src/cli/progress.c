/* progress: see progress.h. */
#include "cli/progress.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "plan/column.h"

enum {
    REDRAW_MS = 100,   /* ten times a second: more than that nobody can read */
    PATIENCE_MS = 500, /* work done sooner needs no line */
    LINE_CELLS = 78,   /* under a terminal's usual 80, so that the line never wraps */
};

void progress_init(struct progress *p, int fd, uint64_t now_ms) {
    *p = (struct progress){.fd = fd, .start_ms = now_ms, .drawn_ms = now_ms};
    p->on = fd >= 0 && isatty(fd) == 1;
}

/* A terminal that is gone does not matter: the work goes on. */
static void put(int fd, const struct buf *b) {
    (void)!write(fd, b->data, b->len);
}

static void draw(const struct progress *p, const char *name, uint64_t now_ms) {
    struct buf line = BUF_INIT;
    struct buf out = BUF_INIT;
    uint64_t ms = now_ms - p->start_ms;
    uint64_t kb = p->bytes / 1000;
    uint64_t rate = ms == 0 ? 0 : p->bytes / ms; /* bytes a ms are kB a second */
    buf_addf(&line,
             "%" PRIu64 " documents, %" PRIu64 ".%" PRIu64 " MB, %" PRIu64 ".%" PRIu64 " MB/s: ",
             p->documents, kb / 1000, kb / 100 % 10, rate / 1000, rate / 100 % 10);
    buf_adds(&line, name);
    buf_addc(&out, '\r');
    column_put(&out, line.data, line.len, LINE_CELLS);
    put(p->fd, &out);
    buf_fini(&out);
    buf_fini(&line);
}

void progress_show(struct progress *p, const char *name, uint64_t now_ms) {
    if (!p->on || now_ms - p->start_ms < PATIENCE_MS || now_ms - p->drawn_ms < REDRAW_MS) {
        return;
    }
    draw(p, name, now_ms);
    p->drawn_ms = now_ms;
    p->shown = true;
}

void progress_count(struct progress *p, uint64_t bytes) {
    p->documents++;
    p->bytes += bytes;
}

void progress_clear(struct progress *p) {
    if (!p->shown) {
        return;
    }
    struct buf out = BUF_INIT;
    buf_addc(&out, '\r');
    column_put(&out, "", 0, LINE_CELLS);
    buf_addc(&out, '\r');
    put(p->fd, &out);
    buf_fini(&out);
    p->shown = false;
}
