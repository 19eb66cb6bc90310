/* series: one indicator over many years: what each kept plan promised for its own year, and what
 * later documents reported of that year.
 *
 *   kept texts ─► read again ─► keys (plan/verdict_key.h) ─► lines: place + key ─► points by year
 *
 *   地区生产总值（增长）   2021  target 7%    outcome 8.8%
 *                          2022  target 6%以上  outcome 3%左右
 *
 * Plans of one city (place_int.h) are together, those of several apart.
 *
 * Of several targets for one year: one of the main expected targets before others, then that of the
 * plan that was kept first, then the first in the text. Of several outcomes: that of the later
 * year's document, then likewise. Results of several years are left out, and what
 * plan/verdict_key.h gives no key. */
#ifndef TAIHU_TRACK_SERIES_H
#define TAIHU_TRACK_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "plan/reader.h"
#include "store/tx.h"

enum { SERIES_KEY_MAX = 16 + 1 };

/* The lines of all kept plans, made when first asked for, and anew whenever another set of texts is
 * kept: some milliseconds for each text. Of one store; any threads may share it, and wait for each
 * other. `reader` is borrowed. */
struct series;

struct series *series_new(const struct reader *reader);
void series_free(struct series *s); /* takes NULL */

struct series_line {
    char key[SERIES_KEY_MAX]; /* hexadecimal; the same as long as words and place are */
    const char *name;         /* "地区生产总值（增长）" */
    const char *place;        /* "无锡市" */
    int first;                /* years, both included */
    int last;
    size_t years; /* how many have a point */
};

/* A target or an outcome. Numbers are exact, as decimal text; NULL stands for none, and plan 0 for
 * no figure at all. */
struct series_figure {
    int64_t plan;     /* the document it stands in */
    int64_t number;   /* of a target; 0 where another version of this program kept the plan and
                         read this target otherwise, and for an outcome */
    const char *text; /* the clause */
    struct span span;
    const char *value; /* as written, with its unit: "1.4" "万亿元" */
    const char *value_max;
    const char *unit;
    const char *base_value; /* scaled, so that years compare: "1400000000000" "元" */
    const char *base_unit;
    const char *comparator; /* "ge", as comparator_name() */
    const char *kind;       /* "growth_rate", as figure_kind_name() */
};

struct series_point {
    int year;
    struct series_figure target;
    struct series_figure outcome;
};

/* In a snapshot or job; what comes out lives in `a`. E_INPUT: a kept text cannot be read again. */

/* The lines whose name has the words in it, in any of their usual forms (GDP, 地區生產總值); all
 * where `words` is NULL or empty. By place, then how many years they have, most first. */
enum code series_list(struct tx *tx, struct series *s, const char *words, struct arena *a,
                      struct series_line **out, size_t *count, struct err *err);

/* One line and its points by year. E_ABSENT: no kept plan speaks of it. */
enum code series_find(struct tx *tx, struct series *s, const char *key, struct arena *a,
                      struct series_line *line, struct series_point **points, size_t *count,
                      struct err *err);

#endif
