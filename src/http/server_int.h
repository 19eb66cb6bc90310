/* server: what the files of this room share of it. */
#ifndef TAIHU_HTTP_SERVER_INT_H
#define TAIHU_HTTP_SERVER_INT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "http/conn_int.h"
#include "http/count_int.h"
#include "http/listen_int.h"
#include "http/server.h"
#include "http/stream_int.h"
#include "http/worker_int.h"

struct MHD_Daemon;

struct server {
    struct server_config config; /* defaults filled in */
    struct count count;
    struct conns conns;
    struct workers workers;
    struct streams streams;
    struct listener listener;
    struct MHD_Daemon *mhd;
    atomic_bool stopping; /* answers say that the connection closes */
    bool stopped;
};

#endif
