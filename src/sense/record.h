/* record: the rows of a CSV, or the features of a GeoJSON, as a map wants them: a value for each
 * column that it uses. Which column of the file that is follows from the header, or from the names
 * that the map gives where there is none; of a feature it is the property of that name, and "@id"
 * is the feature's own id. */
#ifndef TAIHU_SENSE_RECORD_H
#define TAIHU_SENSE_RECORD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "sense/import.h"
#include "sense/input.h"
#include "sense/map.h"

struct record {
    int64_t row;  /* from 1, without the header */
    int64_t line; /* on which it begins */
    struct map_record values;
    const struct import_field *fields; /* as they stood; a feature is one */
    size_t field_count;                /* 0 at the end, and of a row that cannot be read */
    const char *why;                   /* what is wrong with it; NULL: nothing */
};

struct records;

enum code records_new(const struct input *input, const struct map *map, struct records **out,
                      struct err *err);
void records_free(struct records *r); /* takes NULL */

/* The next one lives in `a`. *more is false behind the last. E_INPUT: the file is none, or has not
 * the columns; E_IO: it cannot be read. A row that is wrong by itself is OK, and has a `why`. */
enum code records_next(struct records *r, struct arena *a, struct record *out, bool *more,
                       struct err *err);

int64_t records_bytes(const struct records *r);

#endif
