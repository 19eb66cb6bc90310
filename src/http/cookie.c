/* cookie: see cookie.h. */
#include "http/cookie.h"

#include <string.h>

const char *cookie_find(const char *header, const char *name, size_t *len) {
    size_t n = strlen(name);
    for (const char *p = header; p != NULL && *p != '\0';) {
        p += strspn(p, " \t;");
        size_t pair = strcspn(p, ";");
        if (pair > n && p[n] == '=' && memcmp(p, name, n) == 0) {
            size_t end = pair;
            while (end > n + 1 && (p[end - 1] == ' ' || p[end - 1] == '\t')) {
                end--;
            }
            *len = end - n - 1;
            return p + n + 1;
        }
        p += pair;
    }
    return NULL;
}
