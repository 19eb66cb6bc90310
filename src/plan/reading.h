/* reading: what a plan document says, each item tied to the bytes it was read from.
 *
 * The way: struct document (text/) -> folded view (text/source) -> outline: sections, areas,
 * measures, tasks -> figures: the numbers that are promises (targets) or results (outcomes) -> this
 * record. Everything lives in the arena that reader_read() was given. Shapes as in
 * docs/reading.schema.json. */
#ifndef TAIHU_PLAN_READING_H
#define TAIHU_PLAN_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/err.h"
#include "text/document.h"

/* Bytes [from, to) of document.text. An absent span is {0, 0}. */
struct span {
    uint32_t from;
    uint32_t to;
};

enum section_role {
    SECTION_PREAMBLE,
    SECTION_REVIEW,
    SECTION_LONG_TERM,
    SECTION_PLAN,
    SECTION_SELF_GOVERNMENT,
    SECTION_ANNEX,
    SECTION_CLOSING,
    SECTION_ROLES,
};

struct section {
    enum section_role role;
    struct span title; /* absent where the part has no heading */
    struct span span;  /* heading and body */
};

struct area {
    int no;            /* 1, 2, ... in document order */
    struct span title; /* without number and closing marks */
    struct span span;
    uint32_t measure_from, measure_to; /* reading.measures [from, to) */
};

struct measure {
    struct span title;
    struct span span;
    uint32_t task_from, task_to; /* reading.tasks [from, to) */
};

struct responsible {
    const char *name; /* UTF-8, as written, or the lexicon's name of the body */
    enum { PART_NONE, PART_LEAD, PART_SUPPORT } role;
    enum { OWNER_DOCUMENT, OWNER_PROPOSED } source;
    struct decimal confidence; /* 0 to 1; 1 where the document states it */
};

struct task {
    char id[24];      /* "3.1.2": area.measure.task */
    struct span text; /* the sentence without its closing mark */
    struct span *actions;
    uint32_t action_count;
    struct responsible *responsible;
    uint32_t responsible_count;
    char deadline[11]; /* "2021-06-30", or "" where the text is silent */
};

enum comparator { COMPARATOR_NONE, COMPARATOR_EQ, COMPARATOR_GE, COMPARATOR_LE, COMPARATOR_ABOUT };

enum figure_kind {
    KIND_NONE,
    KIND_GROWTH_RATE,
    KIND_REDUCTION,
    KIND_LEVEL,
    KIND_NEW,
    KIND_COMPLETE,
    KIND_RATIO,
    KIND_COUNT,
    KIND_RANK,
    KIND_QUALITATIVE,
    KIND_OTHER,
    KINDS,
};

/* A target or an outcome: one number with its own unit and its own thing measured. */
struct figure {
    char id[24];           /* "t1", "o1", in document order */
    struct span text;      /* the clause */
    struct span indicator; /* what is measured */
    struct span number;    /* number and unit as they stand; absent if qualitative */
    bool has_value;
    bool has_max; /* a range: value to value_max */
    struct decimal value;
    struct decimal value_max;
    const char *unit; /* UTF-8 as written, with 万 and 亿; NULL if qualitative */
    bool has_base;    /* value and unit scaled: 13.5 万人 is 135000 人 */
    struct decimal base_value;
    const char *base_unit;
    enum comparator comparator;
    enum figure_kind kind;
    bool overall;        /* in the paragraph of the year's main expected targets */
    bool spelled;        /* the number is not in digits */
    const char *horizon; /* targets: NULL is the plan year; else "2025", "十四五", ... */
    const char *period;  /* outcomes: "2020", "five-year", ...; NULL for targets */
    int area;            /* area.no, or 0 for none */
    int32_t task;        /* index into reading.tasks, or -1 */
};

struct reading {
    struct document doc;
    struct span title; /* absent: then doc.title or NULL */
    const char *title_text;
    const char *issuer;   /* NULL where the document does not say */
    const char *index_no; /* NULL likewise */
    char issued[11];      /* "2021-02-18" or "" */
    int year;             /* the plan year, 0 where it is not said */
    struct section *sections;
    size_t section_count;
    struct area *areas;
    size_t area_count;
    struct measure *measures;
    size_t measure_count;
    struct task *tasks;
    size_t task_count;
    struct figure *targets;
    size_t target_count;
    struct figure *outcomes;
    size_t outcome_count;
};

/* The names the JSON uses: "review", "ge", "growth_rate"; NULL for COMPARATOR_NONE, KIND_NONE. */
const char *section_role_name(enum section_role role);
const char *comparator_name(enum comparator c);
const char *figure_kind_name(enum figure_kind k);

#endif
