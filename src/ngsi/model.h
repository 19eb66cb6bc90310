/* model: types that are declared: what attributes a type has, of which kind and in which unit, what
 * a value of it can be, and by which rules of quality.h it is judged. Files declare them
 * (model_read.h); a type that none declares takes everything, unjudged, as NGSI-LD wants it.
 *
 *   type IRI ──► model ──► attribute IRI ──► kind, value, unit, range, rules
 *
 * What a declared type does with an attribute that is written:
 *
 *   it is not declared             kept, or refused where the model says so
 *   kind, value, words, unit       another one is refused; nothing is converted; an attribute
 *                                  without unitCode is in the unit that is declared
 *   outside `range`                refused: it cannot be a value of this attribute
 *   observedAt ahead of the clock  by more than future_ms: refused
 *   observedAt behind the latest   by more than late_ms: refused; else it is history, and the state
 *                                  stays as it is
 *   a number with rules            judged, never refused: a sensor's fault is to be seen
 *
 * A set does not change once loaded; threads may then share it. All of it lives as long as the set.
 * No clock, no SQL: the rows are the caller's. */
#ifndef TAIHU_NGSI_MODEL_H
#define TAIHU_NGSI_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ngsi/entity.h"
#include "ngsi/quality.h"
#include "ngsi/unit.h"

enum model_value { MODEL_ANY, MODEL_NUMBER, MODEL_WHOLE, MODEL_TEXT, MODEL_BOOL };

enum {
    MODEL_FLAT_MAX = 96, /* observations a flat line looks at: a day of quarters of an hour */
    MODEL_SERIES_MAX = QUALITY_KEPT + MODEL_FLAT_MAX * QUALITY_KEPT_SLOT,
};

struct model;

struct model_attribute {
    const struct model *model;
    const char *name; /* "pm25" */
    enum entity_kind kind;
    enum model_value value;   /* of a Property */
    const char *const *words; /* the texts it may be; NULL: any */
    size_t word_count;
    const struct entity_unit *unit; /* NULL: none is declared, and any is taken */
    bool unit_needed;               /* it must be said */
    struct quality_span range;      /* of a number */
    bool is_judged;                 /* a test has a threshold */
    struct quality_rules rules;
    const char *range_source; /* where the numbers come from; NULL where there are none */
    const char *sources[QUALITY_TESTS];
};

struct model {
    const char *name;   /* "AirQualityObserved" */
    const char *source; /* of names and kinds */
    const char *const *types;
    size_t type_count;
    bool refuses_unknown;
    int64_t future_ms; /* less than 0: any moment is taken */
    int64_t late_ms;   /* likewise */
    const struct model_attribute *attributes;
    size_t count;
};

/* ---- the set ---- */

struct model_set;

struct model_set *model_set_new(void);
void model_set_free(struct model_set *set); /* takes NULL */

size_t model_count(const struct model_set *set);
const struct model *model_at(const struct model_set *set, size_t i);

/* By the short name; NULL: it is not declared. */
const struct model *model_named(const struct model_set *set, const char *name);

/* By whole names: one look at a table each; NULL where there is none. `set` may be NULL. */
const struct model *model_find(const struct model_set *set, const char *type);
const struct model_attribute *model_find_attribute(const struct model_set *set,
                                                   const struct model *model, const char *name);

/* ---- writing ---- */

/* Those of an entity's types that are declared; zeros at first. */
struct model_types {
    const struct model_set *set;
    const struct model *all[2 * ENTITY_TYPES_MAX]; /* what it has and what it gets */
    size_t count;
};

/* Adds those of `types`. */
void model_types_add(struct model_types *to, const char *const *types, size_t count);

/* Who speaks for an attribute: the first model that declares it; else, with `attribute` NULL, one
 * that refuses it, or any. model NULL: none does. */
struct model_claim {
    const struct model *model;
    const struct model_attribute *attribute;
};

struct model_claim model_claim(const struct model_types *types, const char *name);

/* Whether a whole attribute may be written now. E_INPUT says what it is and should be. */
enum code model_check(const struct model_claim *claim, const struct entity_attribute *x,
                      int64_t now_ms, struct err *err);

/* Whether it comes too late behind the latest that was observed of its instance. E_INPUT. */
enum code model_check_late(const struct model_claim *claim, const struct entity_attribute *x,
                           int64_t latest_ms, struct err *err);

/* What is to be kept of an observation. */
struct model_verdict {
    enum quality_order order;
    uint32_t quality; /* its flags (quality_pack) */
    bool settles;     /* those of the observation at before_ms are: */
    int64_t before_ms;
    uint32_t before;
    size_t series_len; /* the state of the series from now on */
    unsigned char series[MODEL_SERIES_MAX];
};

/* Judges an observed attribute that model_check() passed, whose claim's attribute is_judged, by the
 * state that was kept of its series; 0 bytes: it begins, and so it does where the bytes are none of
 * ours. The latest observation once more, the same moment and value, has the flags that it has. */
void model_judge(const struct model_attribute *a, const void *series, size_t n,
                 const struct entity_attribute *x, struct model_verdict *out);

/* Whether an end of a span is beyond all numbers: it was declared as open. */
bool model_is_open(struct decimal end);

/* The decimal that a JSON number is, with an exponent too. To nine places behind the point, and to
 * eighteen digits in all, half away from zero; *exact says whether nothing was lost. False: it is
 * no number, or larger than that. */
bool model_number(const char *json, struct decimal *out, bool *exact);

/* "any", "number", "whole number", "text", "boolean". */
const char *model_value_word(enum model_value value);

#endif
