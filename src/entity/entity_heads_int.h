/* entity_heads_int: finding and keeping heads, for entity_list_db.c. */
#ifndef TAIHU_ENTITY_ENTITY_HEADS_INT_H
#define TAIHU_ENTITY_ENTITY_HEADS_INT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "entity/entity_heads.h"

struct head {
    const char *id; /* NULL: not known, or there is no such entity */
    int64_t created_ms, modified_ms;
    int64_t *types; /* numbers of names, in the order of the rows */
    size_t type_count;
    const char **scopes;
    size_t scope_count;
};

/* Heads as they are in snapshots whose last line this is: out[i] of numbers[i], in `a`, with id
 * NULL where it is not known. */
void heads_find(struct entity_heads *h, int64_t line, const int64_t *numbers, size_t count,
                struct arena *a, struct head *out);

/* Keeps those that have an id; they take the place of others. */
void heads_put(struct entity_heads *h, int64_t line, const int64_t *numbers, size_t count,
               const struct head *all);

/* The name of a number, in `a`; NULL: not known. What is put must be committed. */
const char *heads_find_name(struct entity_heads *h, int64_t number, struct arena *a);
void heads_put_name(struct entity_heads *h, int64_t number, const char *iri);

#endif
