/* reading: the names of its enums, as docs/reading.schema.json spells them. See reading.h. */
#include "plan/reading.h"

#include <assert.h>

const char *section_role_name(enum section_role role) {
    static const char *const names[SECTION_ROLES] = {
        [SECTION_PREAMBLE] = "preamble",
        [SECTION_REVIEW] = "review",
        [SECTION_LONG_TERM] = "long_term",
        [SECTION_PLAN] = "plan",
        [SECTION_SELF_GOVERNMENT] = "self_government",
        [SECTION_ANNEX] = "annex",
        [SECTION_CLOSING] = "closing",
    };
    assert((unsigned)role < SECTION_ROLES);
    return names[role];
}

const char *comparator_name(enum comparator c) {
    static const char *const names[] = {
        [COMPARATOR_NONE] = NULL, [COMPARATOR_EQ] = "eq",       [COMPARATOR_GE] = "ge",
        [COMPARATOR_LE] = "le",   [COMPARATOR_ABOUT] = "about",
    };
    assert((unsigned)c < sizeof names / sizeof names[0]);
    return names[c];
}

const char *figure_kind_name(enum figure_kind k) {
    static const char *const names[KINDS] = {
        [KIND_NONE] = NULL,
        [KIND_GROWTH_RATE] = "growth_rate",
        [KIND_REDUCTION] = "reduction",
        [KIND_LEVEL] = "level",
        [KIND_NEW] = "new",
        [KIND_COMPLETE] = "complete",
        [KIND_RATIO] = "ratio",
        [KIND_COUNT] = "count",
        [KIND_RANK] = "rank",
        [KIND_QUALITATIVE] = "qualitative",
        [KIND_OTHER] = "other",
    };
    assert((unsigned)k < KINDS);
    return names[k];
}
