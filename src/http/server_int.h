/* server: what the files of this room share of it. */
#ifndef TAIHU_HTTP_SERVER_INT_H
#define TAIHU_HTTP_SERVER_INT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/conn_int.h"
#include "http/count_int.h"
#include "http/listen_int.h"
#include "http/server.h"
#include "http/stream_int.h"
#include "http/worker_int.h"

struct MHD_Daemon;

/* Requests that a handler has: a server that stops waits until there are none. */
struct in_hand {
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t none;
    size_t count;
};

struct server {
    struct server_config config; /* defaults filled in */
    struct count count;
    struct conns conns;
    struct workers workers;
    struct in_hand in_hand;
    struct streams streams;
    struct listener listener;
    struct MHD_Daemon *mhd;
    atomic_bool stopping; /* answers say that the connection closes */
    bool stopped;
};

#endif
