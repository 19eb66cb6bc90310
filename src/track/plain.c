/* plain: see plain_int.h. */
#include "track/plain_int.h"

#include <stdint.h>
#include <string.h>

#include "text/utf8.h"

bool plain_is_control(unsigned c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

enum code plain_check(const struct plain_rule *rule, const char *text, struct err *err) {
    const char *s = text == NULL ? "" : text;
    size_t left = strlen(s);
    size_t count = 0;
    for (size_t n; left > 0; s += n, left -= n, count++) {
        uint32_t c = 0;
        n = utf8_decode(s, left, &c);
        if (n == 0) {
            return err_set(err, E_INPUT, "%s is no UTF-8 at character %zu", rule->what, count + 1);
        }
        if (plain_is_control(c) && !(rule->lines && (c == '\n' || c == '\t' || c == '\r'))) {
            return err_set(err, E_INPUT, "%s has the control character U+%04X at character %zu",
                           rule->what, (unsigned)c, count + 1);
        }
    }
    if (count < rule->min) {
        return err_set(err, E_INPUT, "%s has %zu characters, at least %zu are wanted", rule->what,
                       count, rule->min);
    }
    if (count > rule->max) {
        return err_set(err, E_LIMIT, "%s has %zu characters, at most %zu are taken", rule->what,
                       count, rule->max);
    }
    return OK;
}
