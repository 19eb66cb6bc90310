/* setting_int: the statements of setting_db.c, as setting.c calls them. */
#ifndef TAIHU_TRACK_SETTING_INT_H
#define TAIHU_TRACK_SETTING_INT_H

#include "track/setting.h"

/* Ends the value that holds and adds another, as of line `line`. */
enum code setting_db_set(struct tx *tx, enum setting which, struct decimal value, int64_t line,
                         struct err *err);

#endif
