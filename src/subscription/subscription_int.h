/* subscription_int: what reading and writing share: words, and what parts an expression of types.
 */
#ifndef TAIHU_SUBSCRIPTION_SUBSCRIPTION_INT_H
#define TAIHU_SUBSCRIPTION_SUBSCRIPTION_INT_H

#include "subscription/subscription.h"

struct subscription_word {
    const char *name; /* NULL: the end of the list */
    unsigned value;
};

extern const struct subscription_word subscription_triggers[];
extern const struct subscription_word subscription_accepts[];
extern const struct subscription_word subscription_forms[];

/* CIM 009 section 4.17: what stands between the names of an expression of types. */
#define SUBSCRIPTION_TYPE_SIGNS ",|;() "

#endif
