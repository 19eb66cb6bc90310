/* said: see said_int.h. */
#include "track/said_int.h"

#include <string.h>

static enum code check(const struct plain_rule *rule, const char *text, struct err *err) {
    const char *s = text == NULL ? "" : text;
    if (rule->min > 0 && s[strspn(s, " \t\r\n")] == '\0') {
        return err_set(err, E_INPUT, "%s says nothing", rule->what);
    }
    return plain_check(rule, s, err);
}

enum code said_check(const char *what, const char *text, size_t min, struct err *err) {
    struct plain_rule rule = {what, min, SAID_MAX, true};
    return check(&rule, text, err);
}

enum code said_check_name(const char *what, const char *text, struct err *err) {
    struct plain_rule rule = {what, 1, SAID_MAX, false};
    return check(&rule, text, err);
}
