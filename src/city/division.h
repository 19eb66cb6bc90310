/* division: the places a city is made of, as a tree: city, districts, towns and streets,
 * communities. Each has the code of GB/T 2260 (six digits: province, city, county), continued by
 * GB/T 10114 (three: town) and three more (community), so that the front of a code is its parent's.
 *
 * A set does not change once loaded; threads may then share it. Divisions live as long as their
 * set. */
#ifndef TAIHU_CITY_DIVISION_H
#define TAIHU_CITY_DIVISION_H

#include <stddef.h>

#include "base/err.h"

enum division_level { DIVISION_CITY, DIVISION_DISTRICT, DIVISION_TOWN, DIVISION_COMMUNITY };

/* What a division is, by the digits of its own level. Sources: GB/T 2260 (districts), GB/T 10114 as
 * standards give it (towns), the statistics bureau's rules for communities. */
enum division_kind {
    DIVISION_CITY_PREFECTURE, /* 地级市: digits 5 and 6 are 00 */
    DIVISION_CITY_DISTRICT,   /* 市辖区: 01 to 20 */
    DIVISION_COUNTY,          /* 县: 21 to 80 */
    DIVISION_COUNTY_CITY,     /* 县级市: 81 to 99 */
    DIVISION_STREET,          /* 街道: 001 to 099 */
    DIVISION_TOWN_PROPER,     /* 镇: 100 to 199 */
    DIVISION_TOWNSHIP,        /* 乡: 200 to 399 */
    DIVISION_ZONE,            /* 政企合一, development zones and the like: 400 to 599 */
    DIVISION_RESIDENTS,       /* 居民委员会: 001 to 199 */
    DIVISION_VILLAGERS,       /* 村民委员会: 200 to 399 */
    DIVISION_LIKE_COMMUNITY,  /* like one of the two: 400 to 599 */
    DIVISION_OTHER,           /* a number outside all of these */
};

struct division {
    const char *code; /* 6 digits for a city or district, 9 for a town, 12 for a community */
    const char *name; /* "锡山区" */
    enum division_level level;
    enum division_kind kind;
    const struct division *parent;      /* NULL for a city */
    const struct division *first_child; /* by code; NULL where there is none */
    const struct division *next;        /* the next of the same parent; NULL behind the last */
    size_t child_count;
};

/* "district", "town", ...: the level's word in English. */
const char *division_level_word(enum division_level level);

/* "街道", ...: the kind's word. */
const char *division_kind_word(enum division_kind kind);

struct division_set;

struct division_set *division_set_new(void);
void division_set_free(struct division_set *set);

/* Adds the rows of a CSV with the columns code,name, in ascending order of the code (so that
 * parents come first). E_INPUT: malformed, out of order or twice, or a parent that is not there.
 * Meant for one call: after an error the set is only fit to be freed. */
enum code division_parse(struct division_set *set, const char *csv, size_t n, struct err *err);

/* The same of DIR/division/CITY.csv. */
enum code division_load(struct division_set *set, const char *dir, const char *city,
                        struct err *err);

/* All divisions, by ascending code. */
size_t division_count(const struct division_set *set);
const struct division *division_at(const struct division_set *set, size_t i);

/* By code: 6, 9 or 12 digits; 12 may end in zeros as the statistics bureau writes them
 * (320205000000 is 320205). NULL where there is none. */
const struct division *division_find_code(const struct division_set *set, const char *code,
                                          size_t n);

/* By name, with or without what it ends in (市 区 街道 镇 社区居委会 ...), alone or behind the
 * names of those above it (无锡市梁溪区惠山街道, 梁溪惠山). Writes at most `cap` of them by code,
 * and returns how many there are: several where a name is ambiguous. Looks through the whole set.
 */
size_t division_find_name(const struct division_set *set, const char *name, size_t n,
                          const struct division **out, size_t cap);

enum { GRID_DIGITS = 15 };

/* A cell of the grid that city management works in (GB/T 30428.1): 6 + 3 + 3 digits as above, and a
 * number within the community. */
struct grid_cell {
    const struct division *district;
    const struct division *town;
    const struct division *community; /* NULL where the set does not list it: communities are
                                       * joined and split faster than lists are published */
    int sequence;                     /* 1 to 999 */
};

/* Reads a grid code. E_INPUT says what is wrong with it: not 15 digits, a district or town that is
 * none of the set, community 000, sequence 000. */
enum code division_parse_grid(const struct division_set *set, const char *code, size_t n,
                              struct grid_cell *out, struct err *err);

#endif
