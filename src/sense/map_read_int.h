/* map_read_int: what the files that read a map share. A map on its way, and its members: each
 * function takes the member of that name of `v`, where it is there, and says what is wrong with it
 * by r->err. */
#ifndef TAIHU_SENSE_MAP_READ_INT_H
#define TAIHU_SENSE_MAP_READ_INT_H

#include "sense/map_int.h"

enum {
    TEXT_MAX = 4096, /* bytes of a template */
    NAME_MAX_LEN = 512,
};

/* A map on its way. */
struct map_reading {
    struct map *map;
    struct arena *a;
    struct entity_context context;
    struct err *err;
    const struct map_time *time; /* of the entity that is read, for the zone of its cases */
    int depth;                   /* of attributes of attributes */
};

/* Puts where it is before the words of an error: what is returned goes up from there. */
enum code map_at(struct map_reading *r, enum code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* E_INPUT: the member is not what is wanted. */
enum code map_wrong(struct map_reading *r, const char *member, const char *want);

/* The number of the column that is named, MAP_NONE where none is. */
enum code map_take_column(struct map_reading *r, const struct json_value *v, const char *member,
                          int *out);

/* A text or a list of texts; NULL and 0 where there is none. */
enum code map_take_texts(struct map_reading *r, const struct json_value *v, const char *member,
                         const char ***out, size_t *count);

/* Which one of the words it is, a list that ends with NULL; *out stays where there is none. */
enum code map_take_word(struct map_reading *r, const struct json_value *v, const char *member,
                        const char *const *words, int *out);

enum code map_take_template(struct map_reading *r, const struct json_value *v, const char *member,
                            struct map_template *out);

/* "when" and "unless". */
enum code map_take_conditions(struct map_reading *r, const struct json_value *v,
                              struct map_conditions *out);

/* "format" and "zone". */
enum code map_take_format(struct map_reading *r, const struct json_value *v,
                          struct moment_format *to);

/* All of a "time". */
enum code map_read_time(struct map_reading *r, const struct json_value *v, struct map_time *to);

/* "factor", "offset", "places"; *converts is set where one is there. */
enum code map_take_conversion(struct map_reading *r, const struct json_value *v,
                              struct amount_conversion *to, bool *converts);

enum code map_take_cases(struct map_reading *r, const struct json_value *v,
                         struct map_attribute *to);

/* A list of attributes. */
enum code map_read_attributes(struct map_reading *r, const struct json_value *list,
                              const struct map_attribute **out, size_t *count);

#endif
