/* entity_tally: what many values come to, by the aggregation methods of ETSI GS CIM 009 v1.8.1,
 * section 4.5.19. What a method means follows from what the values are:
 *
 *                     totalCount   sum avg      min max        stddev
 *                     distinctCount                            sumsq
 *   numbers           how many     exact        exact          exact, by n - 1
 *   true and false    how many     as 1 and 0   as 1 and 0     as 1 and 0
 *   texts             how many                  by code point
 *   lists             how many     their sizes  their sizes
 *   objects, URIs     how many
 *
 * Where values of different rows meet in one period, or a number is too large to be held exactly
 * (wide.h), they are counted and no more. Numbers are told apart by what they are worth, all else
 * by its JSON text. A mean and a deviation are rounded as wide.h says; nothing else is.
 *
 * A method that says nothing of these values has no answer, and neither has the deviation of one.
 */
#ifndef TAIHU_NGSI_ENTITY_TALLY_H
#define TAIHU_NGSI_ENTITY_TALLY_H

#include "base/arena.h"
#include "base/err.h"
#include "ngsi/entity.h"

enum entity_method {
    ENTITY_TOTAL_COUNT,
    ENTITY_DISTINCT_COUNT,
    ENTITY_SUM,
    ENTITY_AVERAGE,
    ENTITY_MINIMUM,
    ENTITY_MAXIMUM,
    ENTITY_DEVIATION,
    ENTITY_SUM_OF_SQUARES,
    ENTITY_METHODS
};

/* "totalCount", "distinctCount", "sum", "avg", "min", "max", "stddev", "sumsq". */
const char *entity_method_name(enum entity_method method);

/* Adds the methods that `n` bytes name, apart by ',', to a set of bits. E_INPUT: one is none. */
enum code entity_methods_parse(const char *s, size_t n, unsigned *methods, struct err *err);

struct entity_tally;

/* For a set of methods; it lives in `a`, which grows with each distinct value where those are to be
 * counted. */
struct entity_tally *entity_tally_new(unsigned methods, struct arena *a);

/* The next period begins. */
void entity_tally_clear(struct entity_tally *t);

void entity_tally_add(struct entity_tally *t, enum entity_kind kind, const char *json);

/* The answer as JSON, in `a` of entity_tally_new(); NULL for none. */
const char *entity_tally_answer(const struct entity_tally *t, enum entity_method method);

#endif
