/* target: the request target of RFC 9112 section 3.2 in origin form, "/path?name=value&name",
 * percent-decoded. */
#ifndef TAIHU_HTTP_TARGET_H
#define TAIHU_HTTP_TARGET_H

#include "base/arena.h"
#include "base/err.h"
#include "http/http.h"

enum { TARGET_QUERY_MAX = 64 }; /* parameters; our longest list takes 8 */

/* Fills path, query and query_count of `r`, in `a`. In the query '+' is a blank, as forms send it.
 * In the path %2F and %25 stay
 * as they are, so that a / is always a separator: route_matches() decodes them within a segment.
 * E_INPUT: no path, a broken %XX, what is not UTF-8, a NUL. E_LIMIT: too many parameters. */
enum code target_parse(const char *raw, struct arena *a, struct http_request *r, struct err *err);

#endif
