/* listen: see listen_int.h. */
#include "http/listen_int.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    BACKLOG = 1024, /* the kernel takes less where net.core.somaxconn is less */
    TIRED_MS = 10,  /* without descriptors: let the I/O threads close some */
    BURST = 64,     /* accepted before the stop is looked at again */
};

size_t listener_raise_limit(void) {
    struct rlimit limit = {1024, 1024};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur > 1 << 20 ? 1 << 20 : (size_t)limit.rlim_cur;
}

static int bind_to(const struct addrinfo *ai) {
    const int on = 1;
    const int off = 0;
    int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (ai->ai_family == AF_INET6) { /* "::" takes IPv4 too */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static uint16_t bound_port(int fd) {
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof at;
    getsockname(fd, (struct sockaddr *)&at, &len);
    return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                          : ((struct sockaddr_in *)&at)->sin_port);
}

enum code listener_open(struct listener *l, const char *address, uint16_t port, struct err *err) {
    const struct addrinfo want = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                  .ai_socktype = SOCK_STREAM};
    struct addrinfo *ai;
    char service[8];
    snprintf(service, sizeof service, "%u", port);
    if (getaddrinfo(address, service, &want, &ai) != 0) {
        return err_set(err, E_USAGE, "cannot listen on \"%.100s\": not an IP address", address);
    }
    l->fd = bind_to(ai);
    freeaddrinfo(ai);
    if (l->fd < 0) {
        return err_set(err, E_IO, "cannot listen on %s port %u: %s", address, port,
                       strerror(errno));
    }
    if (pipe2(l->stop, O_CLOEXEC) != 0) {
        int why = errno;
        close(l->fd);
        return err_set(err, E_IO, "cannot listen on %s: %s", address, strerror(why));
    }
    l->port = bound_port(l->fd);
    return OK;
}

/* What waits, but not for ever: one that floods must not hide the stop. */
static void accept_some(struct listener *l) {
    for (int i = 0; i < BURST; i++) {
        struct sockaddr_storage peer;
        socklen_t len = sizeof peer;
        int fd = accept4(l->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            l->accepted(l->ctx, fd, (struct sockaddr *)&peer, len);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            l->exhausted(l->ctx);
            poll(NULL, 0, TIRED_MS);
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return; /* none is left */
        }
    }
}

static void *run(void *data) {
    struct listener *l = data;
    struct pollfd on[] = {{.fd = l->fd, .events = POLLIN}, {.fd = l->stop[0], .events = POLLIN}};
    while (on[1].revents == 0) {
        if (poll(on, 2, -1) > 0 && on[0].revents != 0) {
            accept_some(l);
        }
    }
    return NULL;
}

enum code listener_start(struct listener *l, struct err *err) {
    int rc = pthread_create(&l->thread, NULL, run, l);
    return rc == 0 ? OK
                   : err_set(err, E_IO, "cannot start the thread that accepts: %s", strerror(rc));
}

void listener_stop(struct listener *l) {
    close(l->stop[1]);
    l->stop[1] = -1;
    pthread_join(l->thread, NULL);
    close(l->fd);
    l->fd = -1;
}

void listener_close(struct listener *l) {
    if (l->fd >= 0) {
        close(l->fd);
    }
    close(l->stop[0]);
    if (l->stop[1] >= 0) {
        close(l->stop[1]);
    }
}
