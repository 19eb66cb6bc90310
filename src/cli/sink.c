/* sink: see sink.h. */
#include "cli/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Large enough that the cost of a write() is lost in it, small enough to stay in the cache. */
enum { BLOCK = 256 * 1024 };

static const char *name_of(const struct sink *s) {
    return s->path == NULL ? "stdout" : s->path;
}

static enum code open_file(struct sink *s, struct err *err) {
    struct stat st;
    bool special = lstat(s->path, &st) == 0 && !S_ISREG(st.st_mode);
    if (!special) {
        buf_addf(&s->temp, "%s.new.%ld", s->path, (long)getpid());
    }
    const char *name = special ? s->path : s->temp.data;
    s->fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (s->fd < 0) {
        enum code code = err_set(err, E_IO, "cannot create %s: %s", s->path, strerror(errno));
        buf_fini(&s->temp);
        return code;
    }
    return OK;
}

enum code sink_open(struct sink *s, const char *path, struct err *err) {
    *s = (struct sink){STDOUT_FILENO, path, BUF_INIT, BUF_INIT};
    return path == NULL ? OK : open_file(s, err);
}

struct buf *sink_buf(struct sink *s) {
    return &s->waiting;
}

bool sink_is_terminal(const struct sink *s) {
    return isatty(s->fd) == 1;
}

/* A pipe that another program made non-blocking says EAGAIN when it is full: wait for room. */
static bool may_retry(int fd) {
    if (errno == EINTR) {
        return true;
    }
    if (errno != EAGAIN) {
        return false;
    }
    struct pollfd p = {fd, POLLOUT, 0};
    return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

enum code sink_flush(struct sink *s, struct err *err) {
    const char *data = s->waiting.data;
    size_t left = s->waiting.len;
    while (left > 0) {
        ssize_t put = write(s->fd, data, left);
        if (put < 0 && may_retry(s->fd)) {
            continue;
        }
        if (put < 0) {
            return err_set(err, E_IO, "cannot write %s: %s", name_of(s), strerror(errno));
        }
        data += put;
        left -= (size_t)put;
    }
    buf_clear(&s->waiting);
    return OK;
}

enum code sink_push(struct sink *s, struct err *err) {
    return s->waiting.len < BLOCK ? OK : sink_flush(s, err);
}

static void forget(struct sink *s) {
    buf_fini(&s->waiting);
    buf_fini(&s->temp);
    s->fd = -1;
}

void sink_drop(struct sink *s) {
    if (s->path != NULL) {
        close(s->fd);
    }
    if (s->temp.len > 0) {
        unlink(s->temp.data);
    }
    forget(s);
}

/* On disk before it gets its name, as file_save() does it. */
static enum code settle(struct sink *s, struct err *err) {
    if (s->temp.len > 0 && fsync(s->fd) != 0) {
        return err_set(err, E_IO, "cannot sync %s: %s", s->path, strerror(errno));
    }
    if (s->temp.len > 0 && rename(s->temp.data, s->path) != 0) {
        return err_set(err, E_IO, "cannot rename to %s: %s", s->path, strerror(errno));
    }
    return OK;
}

enum code sink_close(struct sink *s, struct err *err) {
    enum code code = sink_flush(s, err);
    if (code == OK && s->path != NULL) {
        code = settle(s, err);
    }
    if (code != OK) {
        sink_drop(s);
        return code;
    }
    /* stdout too: a full network disk may say so only now */
    if (close(s->fd) != 0) {
        code = err_set(err, E_IO, "cannot close %s: %s", name_of(s), strerror(errno));
    }
    forget(s);
    return code;
}
