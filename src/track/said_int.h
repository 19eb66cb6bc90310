/* said_int: words that a person wrote into a form: that there are some, and not too many. They are
 * UTF-8, which was checked where they came in. */
#ifndef TAIHU_TRACK_SAID_INT_H
#define TAIHU_TRACK_SAID_INT_H

#include <stddef.h>

#include "base/err.h"

enum { SAID_MAX = 2000 }; /* characters: two screens of a form */

/* `what` names them in the message: "the demand". NULL says nothing, as do blanks alone. E_INPUT:
 * fewer characters than `min`, 0 or 1; E_LIMIT: more than SAID_MAX. */
enum code said_check(const char *what, const char *text, size_t min, struct err *err);

#endif
