/* route: a pattern such as "/api/plans/{plan}/tasks/{n}" held against a path. The table of routes
 * is the caller's: each row has whatever else it needs, and the caller asks row by row. */
#ifndef TAIHU_HTTP_ROUTE_H
#define TAIHU_HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { ROUTE_PARAMS_MAX = 4 };

struct route_param {
    const char *name; /* points into the pattern */
    size_t name_len;
    const char *value; /* in the arena, not empty */
};

struct route_params {
    struct route_param all[ROUTE_PARAMS_MAX];
    size_t count;
};

/* Whether the path is of this pattern. A {name} stands for one whole segment that is not empty, in
 * which %2F and %25 are decoded: a value may have a / in it. The
 * pattern is a constant of ours: more than ROUTE_PARAMS_MAX names abort. `*out` is written only on
 * true. */
bool route_matches(const char *pattern, const char *path, struct arena *a,
                   struct route_params *out);

/* The value of the parameter; aborts where the pattern has none of that name. */
const char *route_param(const struct route_params *params, const char *name);

#endif
