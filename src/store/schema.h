/* schema: the tables of a room, as the numbered steps that made them what they are.
 *
 * A room that keeps tables hands one constant `struct schema` to store_open(). Steps are only ever
 * added at the end: one that has been applied somewhere is never edited, and an edited one is
 * refused by its hash. Each is applied in one transaction, which also adds a journal line. */
#ifndef TAIHU_STORE_SCHEMA_H
#define TAIHU_STORE_SCHEMA_H

#include <stddef.h>

struct memory_kind;

struct migration {
    int number;      /* 1, 2, 3 ... in this order, without a gap */
    const char *sql; /* statements, each ended by a semicolon; no BEGIN or COMMIT */
};

struct schema {
    const char *room; /* "city"; its tables begin with a name of the room, never with store_ */
    const struct migration *migrations;
    size_t count;
    const struct memory_kind *memory; /* memory.h; NULL: the room keeps none */
};

#endif
