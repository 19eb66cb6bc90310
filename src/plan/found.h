/* found: figures as they are found, in places of the source, before they become bytes. Within plan/
 * only. */
#ifndef TAIHU_PLAN_FOUND_H
#define TAIHU_PLAN_FOUND_H

#include "plan/reading.h"
#include "text/quantity.h"
#include "text/source.h"

/* A figure in places of the source; reader.c turns it into bytes and text. */
struct found {
    struct run clause;
    struct run indicator;
    struct run number; /* numeral and unit as they stand */
    struct quantity quantity;
    bool qualitative;
    enum comparator comparator;
    enum figure_kind kind;
    bool overall;
    const char *horizon;
    const char *period;
    int area;
    int32_t task;
};

struct found_list {
    struct found *items;
    size_t count;
    size_t cap;
};

/* A cleared item at the end of the list. */
struct found *found_append(struct found_list *list);

#endif
