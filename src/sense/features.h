/* features: the features of a GeoJSON FeatureCollection (RFC 7946) of any size, one at a time, in
 * constant memory. UTF-8, with or without a byte order mark.
 *
 * Only the outermost object and its list "features" are read here, by brackets and strings; each
 * feature is then one text for json_read(), with its limits (1 MiB, 100,000 values: some 30,000
 * positions). One that is over them, or no JSON, is bad by itself and the next follows.
 *
 * "crs", which the GeoJSON of 2008 had and some programs still write, is taken where it says WGS 84
 * or what is the same within a metre: CRS84, EPSG 4326, 4258, 4490 (CGCS2000). */
#ifndef TAIHU_SENSE_FEATURES_H
#define TAIHU_SENSE_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sense/input.h"

/* Good until the next features_next(). */
struct feature {
    int64_t number; /* from 1 */
    int64_t line;
    const char *text; /* JSON; NULL at the end */
    size_t len;
};

struct features;

void features_new(const struct input *input, struct features **out);
void features_free(struct features *f); /* takes NULL */

/* E_LIMIT: this feature is too large, the next call goes on. E_INPUT: the file is no
 * FeatureCollection, or ends within; E_IO: it cannot be read: that was the last call. */
enum code features_next(struct features *f, struct feature *out, struct err *err);

int64_t features_bytes(const struct features *f);

#endif
