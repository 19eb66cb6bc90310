/* store_int: what the rest of this room asks of a store. */
#ifndef TAIHU_STORE_STORE_INT_H
#define TAIHU_STORE_STORE_INT_H

#include "store/store.h"

/* Of the database file; lives as long as the store. */
const char *store_path(const struct store *s);

#endif
