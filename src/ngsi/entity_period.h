/* entity_period: which stretch of time is asked for, and how it is cut into periods (ETSI GS CIM
 * 009 v1.8.1, sections 4.11 and 4.5.19).
 *
 *   timerel   from         until
 *   before                 timeAt      exclusive
 *   after     timeAt                   inclusive
 *   between   timeAt       endTimeAt   the first inclusive, the second exclusive
 *
 *   aggrPeriodDuration   P1Y2M10DT2H30M, P2W, PT0.5S; a zero, as PT0S, is all of the stretch */
#ifndef TAIHU_NGSI_ENTITY_PERIOD_H
#define TAIHU_NGSI_ENTITY_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Before and behind all moments that can be written. */
#define ENTITY_EVER_MS ((int64_t)1 << 53)

struct entity_span {
    int64_t from_ms, to_ms; /* from, and until just before */
};

enum entity_relation { ENTITY_ALWAYS, ENTITY_BEFORE, ENTITY_AFTER, ENTITY_BETWEEN };

struct entity_stretch {
    enum entity_relation relation;
    struct entity_span span; /* an open end is at -ENTITY_EVER_MS or ENTITY_EVER_MS */
};

/* The parameters as they were sent; NULL for one that was not. */
struct entity_stretch_words {
    const char *timerel, *time_at, *end_time_at;
};

/* E_INPUT: a word that is none, a moment that is none, one that is missing or is not wanted. */
enum code entity_stretch_parse(const struct entity_stretch_words *w, struct entity_stretch *out,
                               struct err *err);

/* ---- periods ---- */

struct entity_duration {
    int32_t months;
    int64_t ms; /* both 0: all of it */
};

/* E_INPUT: it is no duration. E_LIMIT: it is one of more than 10,000 years. */
enum code entity_duration_parse(const char *s, struct entity_duration *out, struct err *err);

/* Periods from `origin_ms` on, one behind the other: the one that holds `at_ms`, which is not
 * before the origin. The nth begins n durations behind the origin, so P1M from a 31st begins on
 * 28 February and then on 31 March. A duration of zero is one period until `end_ms`. */
struct entity_span entity_period_of(const struct entity_duration *d, int64_t origin_ms,
                                    int64_t end_ms, int64_t at_ms);

#endif
