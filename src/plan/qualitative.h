/* qualitative: main expected targets without a number: 外贸进出口稳中提质. Within plan/ only. */
#ifndef TAIHU_PLAN_QUALITATIVE_H
#define TAIHU_PLAN_QUALITATIVE_H

#include "plan/figure.h"

/* Appends the targets that a clause of the paragraph of main targets makes without a number. */
void qualitative_read(struct figure_scope *sc, struct run clause, struct found_list *to);

#endif
