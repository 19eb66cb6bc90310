/* context_use: how often each JSON-LD context was used since the server started, and when last: the
 * numberOfHits and lastUsage of CIM 009 section 5.13. Not kept on disk: a count in every request
 * would be a write in every request. All threads may call. */
#ifndef TAIHU_API_CONTEXT_USE_H
#define TAIHU_API_CONTEXT_USE_H

#include <stdint.h>

struct context_uses;

struct context_use {
    int64_t count;
    int64_t last_ms; /* 0: never */
};

struct context_uses *context_uses_new(void);
void context_uses_free(struct context_uses *uses); /* takes NULL */

/* Counts a use of the context with this id. Of more than CONTEXT_USES_MAX ids those that were used
 * longest ago are forgotten. */
enum { CONTEXT_USES_MAX = 1000 };
void context_use_add(struct context_uses *uses, const char *id, int64_t now_ms);

struct context_use context_use_get(struct context_uses *uses, const char *id);

#endif
