/* route: see route.h. */
#include "http/route.h"

#include <assert.h>
#include <string.h>

/* The segment with %2F and %25, which is what a path has left encoded, decoded. */
static const char *decode(const char *path, size_t len, struct arena *a) {
    char *to = arena_dup(a, path, len);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        bool escape = path[i] == '%' && len - i >= 3;
        to[n++] = !escape ? path[i] : memcmp(path + i, "%2F", 3) == 0 ? '/' : '%';
        i += escape ? 2 : 0;
    }
    to[n] = '\0';
    return to;
}

/* One segment of each; false where they differ. */
static bool match_segment(const char *pattern, size_t n, const char *path, size_t len,
                          struct arena *a, struct route_params *to) {
    if (n < 2 || pattern[0] != '{') {
        return n == len && memcmp(pattern, path, n) == 0;
    }
    if (len == 0) {
        return false;
    }
    assert(pattern[n - 1] == '}' && to->count < ROUTE_PARAMS_MAX);
    to->all[to->count++] = (struct route_param){pattern + 1, n - 2, decode(path, len, a)};
    return true;
}

bool route_matches(const char *pattern, const char *path, struct arena *a,
                   struct route_params *out) {
    struct route_params found = {.count = 0};
    while (*pattern == '/' && *path == '/') {
        size_t n = strcspn(++pattern, "/");
        size_t len = strcspn(++path, "/");
        if (!match_segment(pattern, n, path, len, a, &found)) {
            return false;
        }
        pattern += n;
        path += len;
    }
    if (*pattern != '\0' || *path != '\0') {
        return false;
    }
    *out = found;
    return true;
}

const char *route_param(const struct route_params *params, const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; i < params->count; i++) {
        const struct route_param *p = &params->all[i];
        if (p->name_len == n && memcmp(p->name, name, n) == 0) {
            return p->value;
        }
    }
    assert(!"a parameter that the pattern does not have");
    return NULL;
}
