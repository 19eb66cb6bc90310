/* child: see child.h. Between fork(2) and execve(2) only plain system calls are made, so that a
 * thread may call this. The input lies in a memory file, so that nothing of it reaches a disk. */
#include "text/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mono.h"

enum { WORDS_MAX = 4096, STEP = 64 * 1024, FILES_MAX = 32, EXEC_FAILED = 127 };

struct child {
    pid_t pid;
    int pidfd; /* readable once it ended; -1 when closed, as the others */
    int in;    /* the memory file */
    int out, out_far;
    int words, words_far;
};

static void close_fd(int *fd) {
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

/* Writes all of `in` and goes back to its start. */
static enum code fill(int fd, const char *in, size_t n, struct err *err) {
    while (n > 0) {
        ssize_t put = write(fd, in, n);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return err_set(err, E_IO, "cannot write to a memory file: %s", strerror(errno));
        }
        in += put;
        n -= (size_t)put;
    }
    if (lseek(fd, 0, SEEK_SET) < 0) {
        return err_set(err, E_IO, "cannot rewind a memory file: %s", strerror(errno));
    }
    return OK;
}

/* Opens the memory file and the pipes; what was opened before a failure is closed by the caller. */
static enum code open_ends(struct child *c, const char *in, size_t n, struct err *err) {
    int out[2], words[2];
    c->in = memfd_create("input", MFD_CLOEXEC);
    if (c->in < 0) {
        return err_set(err, E_IO, "cannot make a memory file: %s", strerror(errno));
    }
    if (pipe2(out, O_CLOEXEC) != 0) {
        return err_set(err, E_IO, "cannot make a pipe: %s", strerror(errno));
    }
    c->out = out[0];
    c->out_far = out[1];
    if (pipe2(words, O_CLOEXEC) != 0) {
        return err_set(err, E_IO, "cannot make a pipe: %s", strerror(errno));
    }
    c->words = words[0];
    c->words_far = words[1];
    return fill(c->in, in, n, err);
}

static int limit(__rlimit_resource_t what, size_t value) {
    struct rlimit l = {value, value};
    return setrlimit(what, &l);
}

/* In the child: gives everything up, then becomes the program. Its own group, so that what it
 * starts can be killed with it; no file to write (pipes are none); no core of a document that may
 * be private; dead when the thread that started it dies. */
static _Noreturn void become(const struct child *c, const char *const argv[],
                             const struct child_limits *l) {
    char *const nothing[] = {NULL};
    if (setpgid(0, 0) == 0 && dup2(c->in, 0) == 0 && dup2(c->out_far, 1) == 1 &&
        dup2(c->words_far, 2) == 2 && close_range(3, ~0U, 0) == 0 && chdir("/") == 0 &&
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
        limit(RLIMIT_CPU, (size_t)l->cpu_s) == 0 && limit(RLIMIT_AS, l->memory) == 0 &&
        limit(RLIMIT_FSIZE, 0) == 0 && limit(RLIMIT_NOFILE, FILES_MAX) == 0 &&
        limit(RLIMIT_CORE, 0) == 0) {
        execve(argv[0], (char *const *)(uintptr_t)argv, nothing);
    }
    _exit(EXEC_FAILED);
}

static enum code start(struct child *c, const char *const argv[], const struct child_limits *l,
                       struct err *err) {
    c->pid = fork();
    if (c->pid < 0) {
        return err_set(err, E_IO, "cannot start %s: %s", argv[0], strerror(errno));
    }
    if (c->pid == 0) {
        become(c, argv, l);
    }
    c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
    setpgid(c->pid, c->pid); /* as the child does: whoever comes first */
    close_fd(&c->in);
    close_fd(&c->out_far);
    close_fd(&c->words_far);
    return OK;
}

/* Takes what one pipe holds; closes it at its end. Bytes over `max` are read and dropped. */
static enum code drain(int *fd, struct buf *to, size_t max, struct err *err) {
    ssize_t got = read(*fd, buf_room(to, STEP), STEP);
    if (got < 0 && errno != EINTR) {
        return err_set(err, E_IO, "cannot read from a pipe: %s", strerror(errno));
    }
    if (got == 0) {
        close_fd(fd);
    }
    if (got > 0) {
        size_t room = max - to->len;
        to->len += (size_t)got < room ? (size_t)got : room;
        to->data[to->len] = '\0';
    }
    return OK;
}

/* Takes what poll(2) found. An end closed here is -1, which poll(2) passes over. */
static enum code listen_once(struct child *c, const struct pollfd fds[3], size_t output_max,
                             struct buf *out, struct buf *words, struct err *err) {
    enum code code = OK;
    if (fds[0].revents != 0) {
        code = drain(&c->out, out, output_max + 1, err);
    }
    if (code == OK && out->len > output_max) {
        code = err_set(err, E_LIMIT, "gives more than %zu bytes of text", output_max);
    }
    if (code == OK && fds[1].revents != 0) {
        code = drain(&c->words, words, WORDS_MAX, err);
    }
    if (fds[2].revents != 0) {
        close_fd(&c->pidfd);
    }
    return code;
}

/* Listens until both pipes are at their ends and the child has ended. */
static enum code listen_to(struct child *c, const struct child_limits *l, struct buf *out,
                           struct buf *words, struct err *err) {
    int64_t deadline = mono_ms() + l->wall_ms;
    enum code code = OK;
    while (code == OK && (c->out >= 0 || c->words >= 0 || c->pidfd >= 0)) {
        struct pollfd fds[3] = {{c->out, POLLIN, 0}, {c->words, POLLIN, 0}, {c->pidfd, POLLIN, 0}};
        int64_t left = deadline - mono_ms();
        int ready = left > 0 ? poll(fds, 3, (int)left) : 0;
        if (ready < 0 && errno != EINTR) {
            code = err_set(err, E_IO, "cannot wait for a pipe: %s", strerror(errno));
        } else if (ready == 0) {
            code = err_set(err, E_LIMIT, "took longer than %d ms", l->wall_ms);
        } else if (ready > 0) {
            code = listen_once(c, fds, l->output_max, out, words, err);
        }
    }
    return code;
}

/* Ends what is left of the group and takes the child's status. Not before the child was waited for
 * is its number free for others, so the kill meets no stranger. */
static void reap(struct child *c, struct child_end *end) {
    int status = 0;
    siginfo_t info;
    while (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {
    }
    end->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

enum code child_run(const char *const argv[], const struct child_limits *limits, const char *in,
                    size_t n, struct buf *out, struct buf *words, struct child_end *end,
                    struct err *err) {
    struct child c = {-1, -1, -1, -1, -1, -1, -1};
    struct child_end ended = {-1, 0};
    enum code code = open_ends(&c, in, n, err);
    if (code == OK) {
        code = start(&c, argv, limits, err);
    }
    if (code == OK) {
        code = listen_to(&c, limits, out, words, err);
        if (code != OK) {
            kill(-c.pid, SIGKILL);
        }
        reap(&c, &ended);
    }
    if (code == OK && ended.status == EXEC_FAILED) {
        code = err_set(err, E_IO, "cannot start %s", argv[0]);
    }
    close_fd(&c.pidfd);
    close_fd(&c.in);
    close_fd(&c.out);
    close_fd(&c.out_far);
    close_fd(&c.words);
    close_fd(&c.words_far);
    if (code == OK) {
        *end = ended;
    }
    return code;
}
