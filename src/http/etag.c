/* etag: see etag.h. */
#include "http/etag.h"

#include <stddef.h>
#include <string.h>

bool etag_matches(const char *header, const char *tag, enum etag_match how) {
    size_t n = strlen(tag);
    const char *p = header == NULL ? "" : header + strspn(header, " \t");
    if (strcmp(p, "*") == 0) {
        return true;
    }
    while (*p != '\0') {
        p += strspn(p, " \t,");
        bool weak = strncmp(p, "W/", 2) == 0;
        p += weak ? 2 : 0;
        if (*p != '"') {
            return false;
        }
        size_t len = strcspn(++p, "\"");
        if (p[len] == '\0') {
            return false;
        }
        if (len == n && memcmp(p, tag, n) == 0 && !(weak && how == ETAG_STRONG)) {
            return true;
        }
        p += len + 1;
    }
    return false;
}
