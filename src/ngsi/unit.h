/* unit: units of what is measured, by their codes of UN/ECE Recommendation 20, which are NGSI-LD's
 * unitCode (ETSI GS CIM 009, 4.5.2). Those that a city's sensors use: the list is not the whole
 * recommendation. Factors are exact: where the recommendation rounds (a knot is 0,514 444 m/s
 * there), the unit's definition counts.
 *
 * Converting is for whoever maps foreign data and says so; nothing that is sent is ever converted
 * by itself. */
#ifndef TAIHU_NGSI_UNIT_H
#define TAIHU_NGSI_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fraction.h"

/* value in the base unit of its quantity = (value + shift) * num / den */
struct entity_unit {
    const char *code;     /* "GQ" */
    const char *name;     /* "microgram per cubic metre" */
    const char *symbol;   /* "µg/m³" */
    const char *quantity; /* "density": units of one quantity are converted into each other */
    int64_t num, den;
    struct decimal shift;
};

/* NULL: none of that code is known here. */
const struct entity_unit *entity_unit_find(const char *code);

size_t entity_unit_count(void);
const struct entity_unit *entity_unit_at(size_t i);

/* `value` of one unit in the other, exactly. E_INPUT: they measure different things. E_LIMIT: it
 * does not fit. */
enum code entity_unit_convert(const struct entity_unit *from, const struct entity_unit *to,
                              struct fraction value, struct fraction *out, struct err *err);

#endif
