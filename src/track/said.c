/* said: see said_int.h. */
#include "track/said_int.h"

#include <stdbool.h>
#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Characters, not bytes; 0 where all are blanks. */
static size_t count_characters(const char *text) {
    size_t n = 0;
    bool blank = true;
    for (const char *p = text; *p != '\0'; p++) {
        n += ((unsigned char)*p & 0xC0) != 0x80; /* all but the bytes that go on */
        blank = blank && is_blank(*p);
    }
    return blank ? 0 : n;
}

enum code said_check(const char *what, const char *text, size_t min, struct err *err) {
    size_t n = text == NULL ? 0 : count_characters(text);
    if (n < min) {
        return err_set(err, E_INPUT, "cannot keep %s: it says nothing", what);
    }
    if (n > SAID_MAX) {
        return err_set(err, E_LIMIT, "cannot keep %s of %zu characters: at most %d are taken", what,
                       n, SAID_MAX);
    }
    return OK;
}
