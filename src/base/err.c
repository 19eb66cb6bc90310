/* err: see err.h. The words live in a fixed buffer, so that saying "no memory" needs none. */
#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Leaves out bytes that begin no whole character: halves of what a precision cut, as "%.60s" in the
 * middle of the words, or the buffer at their end. */
static void keep_whole(char *s) {
    size_t n = strlen(s);
    char *to = s;
    while (n > 0) {
        size_t good = utf8_check(s, n);
        size_t used = good < n ? good + 1 : n;
        memmove(to, s, good);
        to += good;
        s += used;
        n -= used;
    }
    *to = '\0';
}

enum code err_set(struct err *e, enum code code, const char *fmt, ...) {
    if (e == NULL || e->code != OK) {
        return code;
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    keep_whole(e->msg);
    e->code = code;
    return code;
}

void err_clear(struct err *e) {
    e->code = OK;
    e->msg[0] = '\0';
}

void err_prefix(struct err *e, const char *prefix) {
    if (e == NULL || e->code == OK) {
        return;
    }
    char was[ERR_MSG_MAX];
    memcpy(was, e->msg, sizeof was);
    snprintf(e->msg, sizeof e->msg, "%.200s: %.300s", prefix, was);
    keep_whole(e->msg);
}

int err_exit_status(enum code code) {
    switch (code) {
    case OK:
        return 0;
    case E_USAGE:
        return 2;
    case E_INPUT:
    case E_LIMIT:
    case E_IO:
    case E_BUSY:
    case E_ABSENT:
    case E_DENIED:
    case E_CONFLICT:
    case E_DAMAGED:
        return 1;
    }
    return 1;
}

void err_print(const struct err *e) {
    fprintf(stderr, "taihu: %s\n", e->msg);
}
