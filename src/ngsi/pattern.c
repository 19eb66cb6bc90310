/* pattern: see pattern.h. */
#include "ngsi/pattern.h"

#include <string.h>

static bool is_repeat(char c) {
    return c == '*' || c == '+' || c == '?';
}

/* The ] of a set that begins at `s`, where a ] that stands first is one of it; its last byte where
 * there is none. */
static const char *behind_set(const char *s) {
    s += 1 + (s[1] == '^');
    s += *s == ']';
    s += strcspn(s, "]");
    return *s == '\0' ? s - 1 : s;
}

static enum code check(const char *s, const char *what, struct err *err) {
    if (strlen(s) > PATTERN_MAX) {
        return err_set(err, E_LIMIT, "cannot take %s: it has more than %d bytes", what,
                       PATTERN_MAX);
    }
    for (const char *at = s; *at != '\0'; at++) {
        bool back = *at == '\\' && at[1] >= '0' && at[1] <= '9';
        if (back || *at == '{') {
            return err_set(err, E_INPUT, "cannot take %s \"%.80s\": \\1 and {n} are not taken",
                           what, s);
        }
        bool plain = *at != '\\' && *at != '[';
        at = *at == '[' ? behind_set(at) : at + (*at == '\\' && at[1] != '\0');
        if (plain && is_repeat(*at) && is_repeat(at[1])) {
            return err_set(err, E_INPUT, "cannot take %s \"%.80s\": %c%c repeats a repetition",
                           what, s, *at, at[1]);
        }
    }
    return OK;
}

enum code pattern_compile(const char *s, const char *what, regex_t *to, struct err *err) {
    char why[80];
    enum code code = check(s, what, err);
    int failed = code == OK ? regcomp(to, s, REG_EXTENDED | REG_NOSUB) : 0;
    if (failed != 0) {
        regerror(failed, to, why, sizeof why);
        code = err_set(err, E_INPUT, "cannot take %s \"%.80s\": %s", what, s, why);
    }
    return code;
}

bool pattern_finds(const regex_t *pattern, const char *s, size_t n) {
    regmatch_t all = {.rm_so = 0, .rm_eo = (regoff_t)n};
    return regexec(pattern, s, 0, &all, REG_STARTEND) == 0;
}
