/* model_int: how a model comes into its set; for model_read.c. */
#ifndef TAIHU_NGSI_MODEL_INT_H
#define TAIHU_NGSI_MODEL_INT_H

#include "base/arena.h"
#include "ngsi/model.h"

/* An open end of a span, or less this: the largest that a decimal holds. */
#define MODEL_OPEN INT64_C(999999999999999999)

/* Where all that a model points to lives. */
struct arena *model_set_arena(struct model_set *set);

/* Adds an empty model; its members are set by the caller. */
struct model *model_set_add(struct model_set *set);

/* Gives a model one more whole name of its type, an attribute one more of its own. E_INPUT: that
 * name is taken. */
enum code model_set_name(struct model_set *set, const struct model *model, const char *type,
                         struct err *err);
enum code model_set_name_attribute(struct model_set *set, const struct model_attribute *a,
                                   const char *name, struct err *err);

#endif
