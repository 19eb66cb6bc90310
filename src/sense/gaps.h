/* gaps: which steps of a series are not there: hours that a file has no row for, counted while its
 * rows go by in any order. A bit for each step from an entity's first to its last; beyond
 * GAPS_BYTES_MAX in all nothing more is counted, and that is said. */
#ifndef TAIHU_SENSE_GAPS_H
#define TAIHU_SENSE_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GAPS_BYTES_MAX = 64 << 20,
    GAPS_SPAN_MAX = 1 << 22, /* steps from first to last: 478 years of hours */
};

struct gaps;

struct gaps *gaps_new(void);
void gaps_free(struct gaps *g); /* takes NULL */

/* A row of this entity at that time; a step is `every_s` long and begins at its multiples. */
void gaps_add(struct gaps *g, const char *id, int64_t time_ms, int64_t every_s);

struct gaps_report {
    int64_t entities;
    int64_t steps;    /* from first to last, of all of them */
    int64_t missing;  /* of these */
    int64_t repeated; /* rows for a step that had one */
    int64_t every_s;
    bool cut;        /* there was more than is counted */
    const char *id;  /* of the longest gap; NULL: there is none */
    int64_t from_ms; /* its first missing step */
    int64_t length;  /* in steps */
};

/* What it points to lives as long as `g`. */
void gaps_look(const struct gaps *g, struct gaps_report *out);

#endif
