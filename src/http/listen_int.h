/* listen: the socket that the server listens on, and the thread that accepts. */
#ifndef TAIHU_HTTP_LISTEN_INT_H
#define TAIHU_HTTP_LISTEN_INT_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

struct listener {
    /* Takes an accepted socket, which is its to close. */
    void (*accepted)(void *ctx, int fd, const struct sockaddr *peer, socklen_t len);
    void (*exhausted)(void *ctx); /* the process has no descriptor for another one */
    void *ctx;

    int fd;
    int stop[2]; /* a pipe whose end wakes the thread */
    uint16_t port;
    pthread_t thread;
};

/* Binds; accepts nothing yet. The three members above are set. */
enum code listener_open(struct listener *l, const char *address, uint16_t port, struct err *err);
enum code listener_start(struct listener *l, struct err *err);

/* Ends the thread; who was not accepted yet is refused by the system. */
void listener_stop(struct listener *l);
void listener_close(struct listener *l); /* one that was not started, or is stopped */

/* The limit of open files, once the soft one is raised to the hard one. */
size_t listener_raise_limit(void);

#endif
