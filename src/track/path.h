/* path: how far an item is to be, month by month, where somebody drew it; without it the working
 * days that have passed say so (light.h).
 *
 *   value   a point is the value due at the end of its month; before the first point it rises from
 *     │  ─  0 at the plan year's start; behind the last it stays; between two it goes straight, by
 *     │ /   calendar days. It need not rise all the way.
 *     └──── day
 *
 * Values are in the item's unit (goal.h). A path is drawn and cleared as a whole; one holds from
 * its journal line until the next one's. Lines, with the item's subject:
 *
 *   path.drawn    {"points": [{"month": "2021-03", "value": "25"}]}
 *   path.cleared  {} */
#ifndef TAIHU_TRACK_PATH_H
#define TAIHU_TRACK_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/fraction.h"
#include "store/schema.h"
#include "store/tx.h"
#include "track/item.h"

extern const struct schema path_schema;

enum {
    PATH_POINTS_MAX = 240, /* months of twenty years: longer than any horizon */
    PATH_MONTH_TEXT = 8,   /* "2021-03" and a NUL */
};

struct path_point {
    int year;
    int month; /* 1 to 12 */
    struct decimal value;
};

struct path {
    struct item item;
    int64_t line; /* that drew it */
    const struct path_point *points;
    size_t count; /* at least 1 */
};

/* Reads exactly "2021-03" into year and month. E_INPUT quotes what stands there. */
enum code path_parse_month(const char *s, size_t n, struct path_point *out, struct err *err);

/* Writes "2021-03" and a NUL; returns `to`. */
char *path_month_text(const struct path_point *p, char to[PATH_MONTH_TEXT]);

/* The value due at the end of `day`. False when the numbers are too large to say. */
bool path_expected(const struct path *path, int plan_year, int32_t day, struct fraction *out);

struct path_request {
    struct item item;
    int64_t seen; /* the item's version that was looked at */
    const char *actor;
    const struct path_point *points;
    size_t count;
};

/* Draws, within a write job; the line's number goes to *line. E_INPUT: months do not ascend or lie
 * outside the plan year's January to the month in which the item is due, or a value is below 0 or,
 * for a share, above 100; E_LIMIT: too many points; E_ABSENT, E_CONFLICT as item_check(). */
enum code path_draw(struct tx *tx, const struct path_request *request, int64_t *line,
                    struct err *err);

/* Back to the default; of the request only item, seen and actor are looked at. E_ABSENT: none is
 * drawn. */
enum code path_clear(struct tx *tx, const struct path_request *request, int64_t *line,
                     struct err *err);

/* The path of an item just after journal line `as_of` (INT64_MAX is now), in `a`. */
enum code path_find(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                    struct path *out, bool *found, struct err *err);

/* Those of all items of a plan, targets first, by number. */
enum code path_list(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a, struct path **out,
                    size_t *count, struct err *err);

#endif
