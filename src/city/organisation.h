/* organisation: the bodies that answer for a city's plan: the city government and its departments,
 * the governments of its districts. A tree, like the divisions they serve.
 *
 * Chinese documents name a body in many ways. Each form that a text may use is made from the file's
 * names, for 无锡市发展和改革委员会 (short 市发改委):
 *
 *   full   无锡市发展和改革委员会 无锡市发改委    stands anywhere
 *   city   市发展和改革委员会 市发改委            not behind another city's name: 江阴市公安局
 *   bare   发展和改革委员会 发改委                in text only right behind another body in a list:
 *                                                市教育局、财政局; each level has a 财政局
 *
 * A set does not change once loaded; threads may then share it. Organisations live as long as their
 * set. */
#ifndef TAIHU_CITY_ORGANISATION_H
#define TAIHU_CITY_ORGANISATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum organisation_level { ORGANISATION_CITY, ORGANISATION_DISTRICT, ORGANISATION_TOWN };

struct organisation {
    const char *code;     /* our own, "wuxi.finance": no official code */
    const char *name;     /* "无锡市财政局" */
    const char *shorts;   /* short names as the file gives them, apart by blanks */
    const char *division; /* code of the division it serves */
    const char *seen;     /* where the name was seen published; "" where it is the usual one only */
    int since;            /* the year it began under this name; 0 where not known */
    int until;            /* the year it ended; 0 while it lasts */
    enum organisation_level level;
    const struct organisation *parent; /* NULL for the city government */
    const struct organisation *first_child;
    const struct organisation *next; /* the next of the same parent, in the file's order */
    size_t child_count;
};

/* "city", "district", "town". */
const char *organisation_level_word(enum organisation_level level);

struct organisation_set;

struct organisation_set *organisation_set_new(void);
void organisation_set_free(struct organisation_set *set);

/* Adds the rows of a CSV (data/organisation/README.md draws it). The first is the government of the
 * city, 某某市人民政府. E_INPUT: malformed, a parent that does not stand before, a form that is
 * another's already. Meant for one call: after an error the set is only fit to be freed. */
enum code organisation_parse(struct organisation_set *set, const char *csv, size_t n,
                             struct err *err);

/* The same of DIR/organisation/CITY.csv. */
enum code organisation_load(struct organisation_set *set, const char *dir, const char *city,
                            struct err *err);

/* All, in the file's order. */
size_t organisation_count(const struct organisation_set *set);
const struct organisation *organisation_at(const struct organisation_set *set, size_t i);

/* By our code, or by any form of its name, bare ones too. NULL where there is none. */
const struct organisation *organisation_find_code(const struct organisation_set *set,
                                                  const char *code);
const struct organisation *organisation_find_name(const struct organisation_set *set,
                                                  const char *name, size_t n);

/* A body named in text: text[from..to). */
struct organisation_hit {
    const struct organisation *body;
    size_t from;
    size_t to;
};

/* Finds the next body named in text[0..n), UTF-8 in simplified characters. A search begins with
 * *hit zeroed and goes on from what it holds; false when there is no more. The longest form counts.
 */
bool organisation_scan(const struct organisation_set *set, const char *text, size_t n,
                       struct organisation_hit *hit);

#endif
