/* charge: who is in charge of an item. A plan names or suggests bodies (kept_task.responsible);
 * here the office says who it is: one whole set for an item, led by at least one.
 *
 * A set is valid from the journal line that brought it until the line of the next one; nothing of
 * it is changed. Whether an organisation exists is the caller's check.
 *
 * Lines, with the item's subject:
 *
 *   owner.confirmed  the set is what the plan proposed: the same names in the same roles, whatever
 *                    their order; a name that stands without a role in the plan may have either. A
 *                    target is proposed what its task is.
 *   owner.changed    it is another
 *
 * payload {"owners": [{"organisation": code or null, "name", "role": "lead" | "support"}], "note"}
 */
#ifndef TAIHU_TRACK_CHARGE_H
#define TAIHU_TRACK_CHARGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/schema.h"
#include "store/tx.h"
#include "track/item.h"

extern const struct schema charge_schema;

enum {
    CHARGE_MAX = 20,        /* entries of a set */
    CHARGE_NAME_MAX = 100,  /* characters of a name or code */
    CHARGE_NOTE_MAX = 2000, /* characters */
};

enum charge_role { CHARGE_LEAD, CHARGE_SUPPORT };

/* "lead", "support". */
const char *charge_role_name(enum charge_role role);

struct charge {
    const char *organisation; /* its code, or NULL for a body that is in no table */
    const char *name;
    enum charge_role role;
};

struct charge_set {
    struct item item;
    int64_t line; /* that brought it */
    const struct charge *charges;
    size_t count;
};

struct charge_request {
    struct item item;
    int64_t seen; /* the item's version that was looked at */
    const char *actor;
    const struct charge *charges;
    size_t count;
    const char *note; /* or NULL */
};

/* Sets who is in charge, within a write job; the line's number goes to *line. E_INPUT, E_LIMIT: the
 * set is not as above, or an entry stands twice; E_ABSENT, E_CONFLICT as item_check(). */
enum code charge_put(struct tx *tx, const struct charge_request *request, int64_t *line,
                     struct err *err);

/* The set of an item just after journal line `as_of` (INT64_MAX is now), in `a`. *found is false
 * where nobody was confirmed. */
enum code charge_find(struct tx *tx, const struct item *item, int64_t as_of, struct arena *a,
                      struct charge_set *out, bool *found, struct err *err);

/* The sets of all items of a plan, targets first, by number. */
enum code charge_list(struct tx *tx, int64_t plan, int64_t as_of, struct arena *a,
                      struct charge_set **out, size_t *count, struct err *err);

#endif
