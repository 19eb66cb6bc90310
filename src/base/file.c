/* file: see file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 256 * 1024 };

/* Reads until the end or one byte over `max`. */
static enum code read_all(int fd, const char *path, size_t max, struct buf *to, struct err *err) {
    for (;;) {
        size_t room = max - to->len + 1;
        size_t step = room < READ_STEP ? room : READ_STEP;
        ssize_t got = read(fd, buf_room(to, step), step);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return err_set(err, E_IO, "cannot read %s: %s", path, strerror(errno));
        }
        if (got == 0) {
            return OK;
        }
        to->len += (size_t)got;
        to->data[to->len] = '\0';
        if (to->len > max) {
            return err_set(err, E_LIMIT, "cannot read %s: more than %zu bytes", path, max);
        }
    }
}

enum code file_load(const char *path, size_t max, struct buf *to, struct err *err) {
    buf_clear(to);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return err_set(err, E_IO, "cannot open %s: %s", path, strerror(errno));
    }
    enum code code;
    struct stat st;
    if (fstat(fd, &st) != 0) {
        code = err_set(err, E_IO, "cannot stat %s: %s", path, strerror(errno));
    } else if (!S_ISREG(st.st_mode)) {
        code = err_set(err, E_IO, "cannot read %s: not a regular file", path);
    } else if ((unsigned long long)st.st_size > max) {
        code = err_set(err, E_LIMIT, "cannot read %s: %lld bytes, more than the %zu that are taken",
                       path, (long long)st.st_size, max);
    } else {
        code = read_all(fd, path, max, to, err);
    }
    close(fd);
    return code;
}

static enum code write_all(int fd, const char *path, const char *data, size_t n, struct err *err) {
    while (n > 0) {
        ssize_t put = write(fd, data, n);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return err_set(err, E_IO, "cannot write %s: %s", path, strerror(errno));
        }
        data += put;
        n -= (size_t)put;
    }
    if (fsync(fd) != 0) {
        return err_set(err, E_IO, "cannot sync %s: %s", path, strerror(errno));
    }
    return OK;
}

enum code file_save(const char *path, const char *data, size_t n, struct err *err) {
    struct buf tmp = BUF_INIT;
    buf_addf(&tmp, "%s.new.%ld", path, (long)getpid());
    enum code code;
    int fd = open(tmp.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        code = err_set(err, E_IO, "cannot create %s: %s", path, strerror(errno));
        goto out;
    }
    code = write_all(fd, path, data, n, err);
    if (close(fd) != 0 && code == OK) {
        code = err_set(err, E_IO, "cannot close %s: %s", path, strerror(errno));
    }
    if (code == OK && rename(tmp.data, path) != 0) {
        code = err_set(err, E_IO, "cannot rename to %s: %s", path, strerror(errno));
    }
    if (code != OK) {
        unlink(tmp.data);
    }
out:
    buf_fini(&tmp);
    return code;
}
