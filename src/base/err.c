/* err: see err.h. The words live in a fixed buffer, so that saying "no memory" needs none. */
#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Cuts a half character at the end of what snprintf cut short. */
static void trim_utf8(char *s) {
    size_t n = strlen(s);
    size_t tail = 0;
    while (tail < n && tail < 3 && ((unsigned char)s[n - 1 - tail] & 0xC0) == 0x80) {
        tail++;
    }
    if (tail == n) {
        return;
    }
    unsigned char lead = (unsigned char)s[n - 1 - tail];
    size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (tail < want) {
        s[n - 1 - tail] = '\0';
    }
}

enum code err_set(struct err *e, enum code code, const char *fmt, ...) {
    if (e == NULL || e->code != OK) {
        return code;
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    trim_utf8(e->msg);
    e->code = code;
    return code;
}

void err_prefix(struct err *e, const char *prefix) {
    if (e == NULL || e->code == OK) {
        return;
    }
    char was[ERR_MSG_MAX];
    memcpy(was, e->msg, sizeof was);
    snprintf(e->msg, sizeof e->msg, "%.200s: %.300s", prefix, was);
    trim_utf8(e->msg);
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
        return 1;
    }
    return 1;
}

void err_print(const struct err *e) {
    fprintf(stderr, "taihu: %s\n", e->msg);
}
