/* found: see found.h. */
#include "plan/found.h"

#include <string.h>

#include "base/mem.h"

struct found *found_append(struct found_list *list) {
    list->items = mem_reserve(list->items, &list->cap, list->count + 1, sizeof *list->items);
    struct found *f = &list->items[list->count++];
    memset(f, 0, sizeof *f);
    return f;
}
