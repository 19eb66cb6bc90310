/* entity_q_int: the tree that entity_q.c reads and entity_q_match.c holds entities against. */
#ifndef TAIHU_NGSI_ENTITY_Q_INT_H
#define TAIHU_NGSI_ENTITY_Q_INT_H

#include <regex.h>
#include <stdint.h>

#include "ngsi/entity_q.h"

/* What a path may end with that is no attribute. */
enum q_word { Q_NO_WORD, Q_OBSERVED, Q_CREATED, Q_MODIFIED, Q_UNIT, Q_DATASET };

struct q_path {
    const char *names[ENTITY_Q_PATH_MAX]; /* whole names; none: the word is the entity's own */
    size_t count;
    enum q_word word;
    const char *inner[ENTITY_Q_PATH_MAX]; /* members of the value, as [a.b] has them */
    size_t inner_count;
    bool any_language; /* [*] */
};

enum q_kind { Q_NUMBER, Q_BOOL, Q_TEXT, Q_MOMENT, Q_DAY, Q_CLOCK };

struct q_value {
    enum q_kind kind;
    const char *text; /* what was written, without quotes */
    size_t len;
    bool truth;
    bool has_moment; /* it is one by its form, also in quotes */
    int64_t moment_ms;
};

enum q_op { Q_EXISTS, Q_ABSENT, Q_EQ, Q_NE, Q_GT, Q_GE, Q_LT, Q_LE, Q_LIKE, Q_UNLIKE };

enum q_sort { Q_TERM, Q_BOTH, Q_EITHER };

struct q_node {
    enum q_sort sort;
    const struct q_node *a, *b; /* of Q_BOTH, Q_EITHER */
    struct q_path path;
    enum q_op op;
    struct q_value *values; /* of a list; two for a range */
    size_t count;
    bool range;
    regex_t pattern; /* of Q_LIKE, Q_UNLIKE */
    struct q_node *next;
};

struct entity_q {
    const struct q_node *root;
    struct q_node *terms; /* all of them, by `next` */
};

#endif
