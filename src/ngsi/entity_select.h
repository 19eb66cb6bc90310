/* entity_select: which entities by their types and by their scopes (CIM 009 sections 4.17, 4.19).
 *
 *   types     Building,Vehicle    Building|Vehicle    (Building;Tower),Vehicle    *
 *   scopes    /Madrid/Gardens     /Madrid/+           /Madrid/#                   (/a;/b)|/c
 *
 * ',' and '|' both mean or, ';' means and and binds more tightly. "+" stands for one level of a
 * scope, "#" at the end for any number of them, also none; the '/' at the beginning may be missing.
 * "*" is any type. Plain trees in an arena: nothing to free, any thread may read. */
#ifndef TAIHU_NGSI_ENTITY_SELECT_H
#define TAIHU_NGSI_ENTITY_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity_context.h"

enum {
    ENTITY_SELECT_MAX = 64,   /* names in one expression */
    ENTITY_SELECT_DEPTH = 16, /* brackets within brackets */
};

struct entity_types;
struct entity_scopes;

/* E_INPUT quotes the place; E_LIMIT: too many names or brackets. */
enum code entity_types_parse(const char *text, const struct entity_context *context,
                             struct arena *a, const struct entity_types **out, struct err *err);
enum code entity_scopes_parse(const char *text, struct arena *a, const struct entity_scopes **out,
                              struct err *err);

bool entity_types_match(const struct entity_types *t, const char *const *types, size_t count);
bool entity_scopes_match(const struct entity_scopes *s, const char *const *scopes, size_t count);

/* The types in the expression, whole names: what matches has one of them. 0 for "*": any. */
size_t entity_types_names(const struct entity_types *t, const char *const **out);

/* Whether having one of those types is all it asks. */
bool entity_types_are_plain(const struct entity_types *t);

#endif
