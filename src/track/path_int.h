/* path_int: the statements of path_db.c, as path.c calls them. */
#ifndef TAIHU_TRACK_PATH_INT_H
#define TAIHU_TRACK_PATH_INT_H

#include "track/path.h"

/* Ends the path that is valid, as of line `line`. */
enum code path_db_end(struct tx *tx, const struct item *item, int64_t line, struct err *err);

enum code path_db_add(struct tx *tx, const struct path_request *r, int64_t line, struct err *err);

#endif
