/* cookie: finds one cookie in a Cookie header (RFC 6265 section 4.2). */
#ifndef TAIHU_HTTP_COOKIE_H
#define TAIHU_HTTP_COOKIE_H

#include <stddef.h>

/* Where the value of the first cookie of that name stands in `header`: its bytes through *len, as
 * they were set, quotes included. NULL when there is none, or header is NULL. */
const char *cookie_find(const char *header, const char *name, size_t *len);

#endif
