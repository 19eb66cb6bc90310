/* quality: is an observation to be trusted? The tests of QARTOD (Quality Assurance of Real-Time
 * Oceanographic Data, manuals of the US Integrated Ocean Observing System) on one series of
 * numbers, one observation at a time:
 *
 *   gross range     fail outside one closed span, suspect outside a narrower one
 *   spike           the value against the one before and the one behind it
 *   rate of change  the step from the value before, by time
 *   flat line       the last so many values within a tolerance
 *   gap             the time since the observation before
 *
 * The manuals leave open what the borders do and what stands without a neighbour. Here all is as in
 * the public test vectors of ioos_qc (tests/ngsi/test_quality.c), and the gap test, which has
 * none, as written below.
 *
 * Exact: values and thresholds are decimals and fractions, differences are taken in integers of 128
 * bits, and nothing overflows. A border itself never raises a flag: "more than" is meant, and for
 * the flat line "less than the tolerance".
 *
 * Memory is constant, its size follows from the rules. One state is one thread's at a time; rules
 * are only read. No clock: times are those of the observations. */
#ifndef TAIHU_NGSI_QUALITY_H
#define TAIHU_NGSI_QUALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decimal.h"
#include "base/err.h"
#include "base/fraction.h"

/* The numbers are QARTOD's own (Manual for the Use of Real-Time Oceanographic Data Quality Control
 * Flags, version 1.2). */
enum quality_flag {
    QUALITY_GOOD = 1,
    QUALITY_NOT_EVALUATED = 2, /* the test has no threshold, or not the neighbours it needs */
    QUALITY_SUSPECT = 3,
    QUALITY_FAIL = 4,
    QUALITY_MISSING = 9, /* there is no value */
};

enum quality_test {
    QUALITY_GROSS,
    QUALITY_SPIKE,
    QUALITY_RATE,
    QUALITY_FLAT,
    QUALITY_GAP,
    QUALITY_TESTS
};

/* "good", "not evaluated", "suspect", "fail", "missing". */
const char *quality_flag_word(enum quality_flag flag);

/* "gross", "spike", "rate", "flat", "gap". */
const char *quality_test_word(enum quality_test test);

/* ---- rules ---- */

/* The most observations a flat line looks at. */
enum { QUALITY_FLAT_MAX = 1440 };

/* A closed span of values, in the unit of the series; is_set false: none. */
struct quality_span {
    struct decimal low;
    struct decimal high;
    bool is_set;
};

/* A difference of values, 0 or more, in the unit of the series. */
struct quality_step {
    struct decimal most;
    bool is_set;
};

/* A change of the value for each second, 0 or more: 5 in a quarter of an hour is 5/900. */
struct quality_slope {
    struct fraction per_s;
    bool is_set;
};

enum quality_spike_method {
    QUALITY_SPIKE_AVERAGE,      /* |value - mean of its two neighbours| */
    QUALITY_SPIKE_DIFFERENTIAL, /* the smaller step to a neighbour, where it turns; 0 where not */
};

/* All zeros: no test. A threshold of suspect or of fail may stand alone. */
struct quality_rules {
    struct quality_span gross_fail;
    struct quality_span gross_suspect; /* inside gross_fail */
    enum quality_spike_method spike_method;
    struct quality_step spike_suspect;
    struct quality_step spike_fail;
    struct quality_slope rate_suspect;
    struct quality_slope rate_fail;
    int flat_suspect; /* how many observations, this one counted: 2 to QUALITY_FLAT_MAX; 0: none */
    int flat_fail;
    struct decimal flat_tolerance; /* highest less lowest, more than 0 where a count is set */
    int64_t gap_suspect_ms;        /* more than 0; 0: none */
    int64_t gap_fail_ms;
};

/* Whether the rules can be used. E_INPUT names what is wrong: a span upside down, one of suspect
 * that leaves that of fail, a threshold of fail below that of suspect, a number out of its range.
 */
enum code quality_check(const struct quality_rules *rules, struct err *err);

/* ---- a series ---- */

struct quality_observation {
    int64_t time_ms; /* when it was observed: UTC, since 1970 */
    struct decimal value;
    bool is_missing; /* reported without a value; `value` is not looked at */
};

/* A flag for each test. */
struct quality_flags {
    uint8_t of[QUALITY_TESTS];
};

enum quality_order {
    QUALITY_NEXT,      /* later than all before */
    QUALITY_DUPLICATE, /* of the time of the latest, whatever its value */
    QUALITY_LATE,      /* earlier than the latest */
};

struct quality_answer {
    enum quality_order order;
    struct quality_flags flags;  /* of this observation; its spike waits for the next */
    bool settles;                /* the spike of the observation before is known now: */
    int64_t before_ms;           /* its time, */
    struct quality_flags before; /* and all its flags */
};

/* The state of a series, opaque. Memory is the caller's: quality_size() bytes, aligned as malloc()
 * and an arena do; there is nothing to free. */
struct quality;

/* Of rules that quality_check() found good. */
size_t quality_size(const struct quality_rules *rules);

void quality_init(struct quality *q, const struct quality_rules *rules);

/* Judges the next observation, by the rules of quality_init().
 *
 * - A missing one has 9 in every test. It parts neighbours (the spike and the rate of those beside
 *   it have nothing to be held against) and counts as an observation of a flat line, without a
 *   value. The gap goes on from the last that had a value.
 * - Without a neighbour a spike is not evaluated (2), and so is the gap of the first. The rate of
 *   the first, of one behind a missing one, and a flat line that is not full yet, are good (1): so
 *   ioos_qc has it.
 * - A flat line is flagged where two of its observations have values: one alone is no line. It is
 *   looked back along as far as the larger of its two counts.
 * - A duplicate or late one is judged by its gross range alone, the rest is not evaluated, and the
 *   series goes on as if it had not come: what was said of others stays true. */
struct quality_answer quality_feed(struct quality *q, const struct quality_rules *rules,
                                   const struct quality_observation *seen);

/* Whether `seen` is the latest observation once more, with its moment and its value: then its flags
 * as far as they are known. */
bool quality_is_latest(const struct quality *q, const struct quality_observation *seen,
                       struct quality_flags *out);

/* The latest observation was given another value, which quality_feed() judged as a duplicate: so
 * its spike stays as that said, and the next one settles nothing. */
void quality_correct(struct quality *q);

/* The worst flag: fail, then suspect, good, not evaluated, missing, as ioos_qc puts them together.
 * So a test that could not be made does not take "good" from those that were. */
enum quality_flag quality_worst(const struct quality_flags *flags);

/* ---- kept ---- */

/* Flags in one number, never 0: four bits for each test, the first test lowest. */
uint32_t quality_pack(const struct quality_flags *flags);

/* Back. False: it is none that quality_pack() made; 0, for what was not judged, is none either. */
bool quality_unpack(uint32_t packed, struct quality_flags *out);

/* A state in bytes, the same on every machine (quality.c draws them): QUALITY_KEPT, and
 * QUALITY_KEPT_SLOT for each observation that the flat line looks back at. */
enum { QUALITY_KEPT = 48, QUALITY_KEPT_SLOT = 9 };

/* Writes the state to `to`, which has room for all; returns how many bytes it took. */
size_t quality_save(const struct quality *q, unsigned char *to);

/* Takes it up again after quality_init(). The rules may have changed since: where the flat line
 * looks back along another number of observations, it begins anew. False: these are not bytes of
 * quality_save(), and the state is as after quality_init(). */
bool quality_load(struct quality *q, const struct quality_rules *rules, const void *bytes,
                  size_t n);

#endif
