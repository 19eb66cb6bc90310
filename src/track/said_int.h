/* said_int: what a person wrote into a form: words that say something, and not too many. */
#ifndef TAIHU_TRACK_SAID_INT_H
#define TAIHU_TRACK_SAID_INT_H

#include "track/plain_int.h"

enum { SAID_MAX = 2000 }; /* characters: two screens of a form */

/* Whether text of several lines keeps the rules of plain_int.h and is of `min`, 0 or 1, to SAID_MAX
 * characters; blanks alone say nothing. `what` names it in the message: "the demand". E_INPUT,
 * E_LIMIT as plain_check(). */
enum code said_check(const char *what, const char *text, size_t min, struct err *err);

/* The same for a name, which is one line. */
enum code said_check_name(const char *what, const char *text, struct err *err);

#endif
