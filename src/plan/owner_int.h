/* owner_int: what owner.c, its lexicon of duties and its reader of stated owners share. */
#ifndef TAIHU_PLAN_OWNER_INT_H
#define TAIHU_PLAN_OWNER_INT_H

#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

#include "base/arena.h"
#include "plan/reading.h"
#include "text/source.h"

enum {
    OWNERS_MAX = 4,    /* stated owners of a task */
    PROPOSALS_MAX = 3, /* proposed ones */
};

/* How much a word says about who answers for it. */
enum duty_weight {
    DUTY_SURE = 6,   /* names the body's own work: nobody else's */
    DUTY_LIKELY = 3, /* mostly this body's */
    DUTY_HINT = 1,   /* this body's among others' */
};

/* A body of a city government, and what it answers for, words apart by blanks, folded. */
struct duty {
    const char *name;
    const char16_t *sure;
    const char16_t *likely;
    const char16_t *hint;
};

extern const struct duty owner_duties[];
extern const size_t owner_duty_count;

/* The owners that the document states for the task, at most OWNERS_MAX; 0 where it is silent. */
uint32_t owner_stated(const struct source *s, struct run task, struct arena *a,
                      struct responsible out[OWNERS_MAX]);

#endif
