/* entity_row: an attribute out of the JSON that its row has: what entity_write_attribute() wrote.
 * Queries read rows by the hundred thousand, so what stands in most of them is taken where it
 * stands, without a tree of JSON; a row that has anything else goes through json_read() and
 * entity_read_attribute(). Both give the same (fuzz/fuzz_row.c, tests/entity/test_list.c), but for
 * the row itself, which the quick way keeps beside: most leaves as it stands there. */
#ifndef TAIHU_NGSI_ENTITY_ROW_H
#define TAIHU_NGSI_ENTITY_ROW_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity.h"

/* `json` has a NUL behind its n bytes, lives as long as `a`, and is written into; *to points to
 * parts of it. Its name and times are the caller's to set. */
enum code entity_row_read(char *json, size_t n, struct arena *a, struct entity_attribute *to,
                          struct err *err);

#endif
