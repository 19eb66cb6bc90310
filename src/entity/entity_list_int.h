/* entity_list_int: what entity_list.c asks of the database (entity_list_db.c). */
#ifndef TAIHU_ENTITY_ENTITY_LIST_INT_H
#define TAIHU_ENTITY_ENTITY_LIST_INT_H

#include "base/buf.h"
#include "entity/entity_list.h"
#include "ngsi/sphere.h"

/* Numbers of entities or names. */
struct list_numbers {
    int64_t *all;
    size_t count;
};

/* The numbers of whole names; those that nobody has used have none. In `a`. */
enum code list_db_numbers(struct tx *tx, const char *const *names, size_t count, struct arena *a,
                          struct list_numbers *out, struct err *err);

/* ---- candidates, in the order of their numbers ---- */

enum list_source { LIST_ALL, LIST_IDS, LIST_TYPES, LIST_ATTRIBUTES, LIST_PLACES };

/* An entity, and the box around all its geometries: a little more, as floats have it. */
struct list_place {
    int64_t entity;
    struct {
        float min_lon, max_lon, min_lat, max_lat;
    } box;
};

/* In the order of their numbers as far as they are taken (entity_place_db.c): a heap of those with
 * the least, and behind it the rest in any order. */
struct list_places {
    struct list_place *all; /* freed with it */
    size_t cap;
    struct list_place *heap, *rest;
    size_t count, rest_count;
};

struct list_cursor {
    enum list_source source;
    struct list_numbers names;          /* of the types or attributes */
    struct list_places places;          /* of LIST_PLACES; freed with the cursor */
    const struct entity_region *region; /* the same: places that it cannot mean are left out */
    struct query *q;
    bool done;
};

/* LIST_IDS is given the ids. */
void list_db_open(struct tx *tx, struct list_cursor *c, const char *const *ids, size_t id_count,
                  struct arena *a);

/* The next of them, `max` at most; 0 at the end. */
size_t list_db_next(struct list_cursor *c, int64_t *to, size_t max);
enum code list_db_close(struct list_cursor *c, struct err *err);

/* Whose box meets this one; *many: there are more than `max`, and *out is empty. E_IO: besides what
 * the store says, the tree is damaged. */
enum code list_db_places(struct tx *tx, struct sphere_box box, size_t max, struct list_places *out,
                         bool *many, struct err *err);

/* Takes out the one with the least number; false: there is none left. */
bool list_places_next(struct list_places *p, struct list_place *out);
void list_places_free(struct list_places *p);

/* ---- reading many ---- */

/* Whole names by their numbers, kept while a request lasts. */
struct list_names {
    struct tx *tx;
    struct entity_heads *heads; /* NULL: none */
    int64_t line;               /* the journal's last one in this snapshot */
    struct arena *arena;        /* in which they live */
    struct {
        int64_t number;
        const char *iri;
    } slots[256]; /* by the lowest bits; a later name takes the place of an earlier */
};

enum list_part {
    LIST_STATE = 1 << 0, /* id and times */
    LIST_TYPES_OF = 1 << 1,
    LIST_SCOPES_OF = 1 << 2,
    LIST_SOME = 1 << 3, /* attributes of these names */
    LIST_EVERY = 1 << 4 /* all attributes */
};

struct list_want {
    unsigned parts;
    struct list_numbers names; /* of LIST_SOME; beside LIST_EVERY they are counted */
};

/* Entities one after the other; who has enough of them stops. */
struct list_reader {
    struct list_names *names;
    struct list_numbers numbers;
    const struct list_want *want;
    struct arena *arena;
    struct head *heads; /* of the numbers (entity_heads_int.h) */
    size_t at;          /* the next number */
    struct query *q;    /* rows of attributes; NULL: none is open */
    bool has_row;
    int64_t row_of;        /* the row's entity */
    struct list_row *rows; /* of the entity that is being read; freed with it */
    size_t cap;
    struct buf text;
    size_t taken, wanted; /* rows that were read, and those of them that have a name of `want` */
};

/* Parts of the entities with these numbers, which rise; what they point to lives in `a`. Where
 * there are heads, the first three parts come together. list_db_end() is due whatever comes back.
 */
enum code list_db_begin(struct list_names *names, struct list_numbers numbers,
                        const struct list_want *want, struct arena *a, struct list_reader *out,
                        struct err *err);

/* The next of them, as often as there are numbers. */
enum code list_db_read(struct list_reader *l, struct entity *to, struct err *err);
enum code list_db_end(struct list_reader *l, struct err *err);

#endif
