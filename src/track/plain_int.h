/* plain: the rules for words that people type: how long, and no control characters. They are valid
 * UTF-8 (checked at the edge). */
#ifndef TAIHU_TRACK_PLAIN_INT_H
#define TAIHU_TRACK_PLAIN_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct plain_rule {
    const char *what; /* "a note", for messages */
    size_t min;       /* characters */
    size_t max;
    bool lines; /* line feeds and tabs may stand in it */
};

/* NULL counts as "". E_INPUT, E_LIMIT: it is not so. */
enum code plain_check(const struct plain_rule *rule, const char *text, struct err *err);

/* A control character, or one that turns the direction of the text around it (Unicode bidi
 * overrides, embeddings and isolates): with these a name shows as another. */
bool plain_is_control(unsigned c);

#endif
