/* etag: entity tags as If-Match and If-None-Match list them (RFC 9110 section 8.8.3, 13.1). */
#ifndef TAIHU_HTTP_ETAG_H
#define TAIHU_HTTP_ETAG_H

#include <stdbool.h>

enum etag_match {
    ETAG_STRONG, /* If-Match: W/"x" is like nothing */
    ETAG_WEAK,   /* If-None-Match: W/"x" is like "x" */
};

/* Whether a header's list holds `tag`, which is given without its quotes; "*" holds all. A list
 * that is broken holds what stood before the break. False when header is NULL. */
bool etag_matches(const char *header, const char *tag, enum etag_match how);

#endif
